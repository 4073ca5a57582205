//! `workflows/broad-permissions`: a token that may do more than the job needs.

use tollgate_input::Span;
use tollgate_model::{Confidence, format};

use super::outsider::{CODE, Run, Truth};
use super::standing::Ways;
use super::{Seen, short};
use crate::model::{Granted, Permissions, Workflow};

const RULE: &str = "workflows/broad-permissions";

/// Events that outsiders start and whose token is as strong as that of a push.
const EVENTS: &[&str] = &["pull_request_target", "issue_comment"];

/// What `workflow` grants.
pub(crate) fn look(workflow: &Workflow) -> Vec<Seen> {
    let mut found = Vec::new();
    found.extend(workflow.permissions.as_ref().and_then(|p| write_all(p, "every job", "workflow")));
    for job in &workflow.jobs {
        let id = short(&job.id.text);
        found.extend(job.permissions.as_ref().and_then(|p| write_all(p, &format!("the job {id}"), &id)));
    }
    found.extend(unstated(workflow));
    found
}

fn write_all(permissions: &Permissions, whom: &str, context: &str) -> Option<Seen> {
    let message = format!(
        "`write-all` lets {whom} change code, releases, packages and settings of checks. Every action and every script \
         it runs can use that; list the scopes that are needed instead."
    );
    matches!(permissions.granted, Granted::WriteAll).then(|| Seen {
        rule: RULE,
        confidence: Confidence::High,
        message,
        place: permissions.span,
        related: Vec::new(),
        context: format!("write-all {context}"),
    })
}

/// Jobs that outsiders start, of a workflow that says nothing of permissions.
fn unstated(workflow: &Workflow) -> Option<Seen> {
    if workflow.permissions.is_some() {
        return None;
    }
    let trigger = workflow.triggers.iter().find(|t| EVENTS.contains(&t.event.text.as_str()))?;
    let event = trigger.event.text.as_str();
    let run = Run { event, theirs: CODE };
    let mut ways = Ways::of(workflow);
    let open: Vec<_> = workflow
        .jobs
        .iter()
        .filter(|job| job.permissions.is_none() && ways.to(job, trigger, run) != Truth::Never)
        .collect();
    let names: Vec<String> = open.iter().take(3).map(|job| short(&job.id.text)).collect();
    let jobs = if open.len() == 1 { "job" } else { "jobs" };
    let message = format!(
        "No `permissions` for the {jobs} {}, and outsiders start this workflow by `{event}`. The token then has \
         what the repository's settings give, which can be write access to everything; state `permissions` at the top, \
         at best `contents: read`, and add per job what it needs.",
        format::few(&names, open.len())
    );
    let places: Vec<Span> = open.iter().map(|job| job.id.span).collect();
    (!open.is_empty()).then(|| Seen {
        rule: RULE,
        confidence: Confidence::Medium,
        message,
        place: trigger.event.span,
        related: places,
        context: format!("unstated {event}"),
    })
}
