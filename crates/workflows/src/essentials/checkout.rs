//! `workflows/untrusted-checkout`: code of a pull request, run where secrets are.
//!
//! Fetching alone does no harm, so each finding is a pair: a step that fetches the code and one after it, in the same
//! job, that runs something of it.

mod fetch;
mod reach;
mod runs;
mod walk;

use self::fetch::Source;
use self::reach::Reach;
use self::walk::{Pair, pair};
use super::env::Variables;
use super::events::{Upstream, upstream};
use super::flows::read_in;
use super::outsider::{CODE, Run, Truth};
use super::standing::{Ways, triggers};
use super::{File, Seen, short};
use crate::model::{Granted, Job, Pairs, Trigger};

const RULE: &str = "workflows/untrusted-checkout";

/// Events that outsiders start and whose runs have secrets.
const EVENTS: &[&str] = &["pull_request_target", "issue_comment", "workflow_run"];

/// The jobs that fetch and run.
pub(crate) fn look(file: &File<'_>) -> Vec<Seen> {
    let mut ways = Ways::of(file.workflow);
    let triggers: Vec<_> = triggers(file.workflow)
        .into_iter()
        .filter(|trigger| EVENTS.contains(&trigger.event.text.as_str()))
        .filter(|trigger| trigger.event.text != "workflow_run" || upstream(file, trigger) != Upstream::Others)
        .collect();
    let known = Known { file, variables: Variables::of(&file.workflow.env), secrets: any_secret(&file.workflow.env) };
    let mut found = Vec::new();
    for job in &file.workflow.jobs {
        let in_job = triggers.iter().rev().filter_map(|trigger| in_job(&known, &mut ways, job, trigger));
        // Of several events the one in which an outsider comes furthest; of equal ones the first.
        found.extend(in_job.max_by_key(|seen| seen.confidence));
    }
    found
}

/// What holds for every job.
struct Known<'a> {
    file: &'a File<'a>,
    variables: Variables<'a>,
    /// The workflow's `env` has a secret.
    secrets: bool,
}

fn in_job<'a>(known: &Known<'a>, ways: &mut Ways<'a>, job: &'a Job, trigger: &'a Trigger) -> Option<Seen> {
    let file = known.file;
    let event = trigger.event.text.as_str();
    let run = Run { event, theirs: CODE };
    let pair = pair(file, &known.variables, job, run)?;
    let truth = ways.to(job, trigger, run).min(pair.truth);
    if truth == Truth::Never {
        return None;
    }
    let reach = match pair.fetched.source {
        Source::Refused => Reach::Refused,
        Source::Name => Reach::Name,
        Source::Code | Source::PerhapsRefused if truth == Truth::Guarded => Reach::Guarded,
        Source::PerhapsRefused => Reach::PerhapsRefused,
        Source::Code if event == "workflow_run" && upstream(file, trigger) == Upstream::Unknown => {
            Reach::PerhapsTrusted
        }
        Source::Code if !can_write(file, job) && !known.secrets && !has_secrets(job) => Reach::Reading,
        Source::Code => Reach::Everything,
    };
    Some(seen(file, job, event, pair, reach))
}

fn seen(file: &File<'_>, job: &Job, event: &str, pair: Pair, reach: Reach) -> Seen {
    let (line, _) = file.lines.position(pair.place.start);
    let ran = short(pair.ran.lines().next().unwrap_or_default());
    let what = match reach {
        Reach::Name => "checks out a branch by the name a pull request gives",
        _ => "checks out the code of a pull request",
    };
    let message = format!(
        "This job, started by `{event}`, {what} and then runs it in line {line} (`{ran}`). {} Run it under \
         `pull_request`, and hand results to a second workflow that runs nothing of them.",
        reach.words()
    );
    let context = format!("{} {} {ran}", job.id.text, pair.fetched.written);
    Seen {
        rule: RULE,
        confidence: reach.confidence(),
        message,
        place: pair.fetched.place,
        related: vec![pair.place],
        context,
    }
}

/// Whether the job's token may write something. What is not stated is up to the repository's settings.
fn can_write(file: &File<'_>, job: &Job) -> bool {
    match job.permissions.as_ref().or(file.workflow.permissions.as_ref()).map(|p| &p.granted) {
        Some(Granted::ReadAll) => false,
        Some(Granted::Scopes(scopes)) => scopes.iter().any(|(_, access)| access.text == "write"),
        Some(Granted::WriteAll) | None => true,
    }
}

/// Whether the job has a secret beside its token, or a runner of its own.
fn has_secrets(job: &Job) -> bool {
    let pairs = job.steps.iter().flat_map(|step| [&step.env, &step.with]).chain([&job.env]);
    let mut scripts = job.steps.iter().filter_map(|step| step.run.as_ref());
    job.runs_on.iter().any(|label| label.text.contains("self-hosted"))
        || pairs.into_iter().any(any_secret)
        || scripts.any(|text| holds_secret(&text.text))
}

fn any_secret(pairs: &Pairs) -> bool {
    pairs.iter().any(|(_, value)| holds_secret(&value.text))
}

fn holds_secret(text: &str) -> bool {
    let secret = |path: &String| path == "secrets" || (path.starts_with("secrets.") && path != "secrets.github_token");
    read_in(text).iter().any(secret)
}
