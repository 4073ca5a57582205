//! Jobs and steps whose condition no event that starts the workflow can meet.

use std::collections::BTreeSet;

use crate::bench::{Bench, step_name};
use crate::expr::{self, Abstract, Scope, StatusFunction, Value};
use crate::machine::site::Link;
use crate::machine::value::{GIVEN, RESULT};
use crate::model::{Job, Text, Trigger, Workflow};

/// A job or step that no event reaches.
#[derive(Clone, Debug)]
pub(crate) struct Unreachable {
    /// Which job of the workflow.
    pub(crate) job: usize,
    /// Which step of it; none where it is the whole job.
    pub(crate) step: Option<usize>,
    /// The condition.
    pub(crate) place: Link,
    /// Why, in a sentence.
    pub(crate) message: String,
}

/// What no event that starts the workflow reaches.
pub(crate) fn unreachable(bench: &Bench<'_>) -> Vec<Unreachable> {
    let workflow = bench.workflow;
    let mut found = Vec::new();
    let mut dead: BTreeSet<&str> = BTreeSet::new();
    for (at, job) in workflow.jobs.iter().enumerate() {
        let name = job.name.as_ref().unwrap_or(&job.id).text.clone();
        let handed_on = bench.handed_on(job);
        let reached: Vec<&Trigger> = match &job.condition {
            Some(condition) => workflow
                .triggers
                .iter()
                .filter(|trigger| may_hold(workflow, job, trigger, condition, &handed_on))
                .collect(),
            None => workflow.triggers.iter().collect(),
        };
        if let (Some(condition), true, false) = (&job.condition, reached.is_empty(), workflow.triggers.is_empty()) {
            dead.insert(&job.id.text);
            found.push(one(bench, at, None, condition, &format!("the job `{name}`")));
            continue;
        }
        for (index, step) in job.steps.iter().enumerate() {
            let Some(condition) = &step.condition else { continue };
            if !reached.is_empty()
                && !reached.iter().any(|trigger| may_hold(workflow, job, trigger, condition, &handed_on))
            {
                found.push(one(bench, at, Some(index), condition, &format!("the step `{}`", step_name(step))));
            }
        }
    }
    // What needs a job that never runs is skipped with it, unless it says that it runs all the same.
    for _ in 0..workflow.jobs.len().min(20) {
        let before = found.len();
        for (at, job) in workflow.jobs.iter().enumerate() {
            let always = job.condition.as_ref().is_some_and(|text| {
                text.text.contains("always()") || text.text.contains("failure()") || text.text.contains("cancelled()")
            });
            let Some(need) = job.needs.iter().find(|need| dead.contains(need.text.as_str())) else { continue };
            if always || dead.contains(job.id.text.as_str()) {
                continue;
            }
            dead.insert(&job.id.text);
            let place =
                Link { file: bench.source.path.into(), line: bench.line(need), text: need.text.as_str().into() };
            let message =
                format!("the job `{}` needs `{}`, which never runs, and is skipped with it", job.id.text, need.text);
            found.push(Unreachable { job: at, step: None, place, message });
        }
        if found.len() == before {
            break;
        }
    }
    found
}

fn one(bench: &Bench<'_>, job: usize, step: Option<usize>, condition: &Text, what: &str) -> Unreachable {
    let events: Vec<&str> = bench.events().into_iter().collect();
    let shown = crate::machine::site::shown(&condition.text);
    let place =
        Link { file: bench.source.path.into(), line: bench.line(condition), text: format!("if: {shown}").into() };
    let literal = condition.text.trim().trim_start_matches("${{").trim_end_matches("}}").trim() == "false";
    let message = if literal {
        format!("{what} is switched off by `if: {shown}`")
    } else {
        format!(
            "{what} runs only if `{shown}`, which is false for every event that starts this workflow ({})",
            events.join(", ")
        )
    };
    Unreachable { job, step, place, message }
}

/// Whether `condition` can hold for this event: with any of its actions, and any values of the matrix.
fn may_hold(workflow: &Workflow, job: &Job, trigger: &Trigger, condition: &Text, handed_on: &BTreeSet<String>) -> bool {
    let Ok(parsed) = expr::parse_condition(&condition.text) else { return true };
    let names = |context: &str| {
        parsed.references().iter().any(|path| path.first().is_some_and(|first| first.eq_ignore_ascii_case(context)))
    };
    let mut combinations =
        if job.has_matrix && names("matrix") { crate::contexts::combinations(job) } else { Vec::new() };
    let known = !combinations.is_empty();
    if !known {
        combinations.push(Vec::new());
    }
    let actions = actions(trigger);
    combinations.iter().any(|matrix| {
        actions.iter().any(|action| {
            let scope =
                EventScope { workflow, job, trigger, action: *action, matrix: known.then_some(matrix), handed_on };
            parsed.evaluate_condition(&scope).truth() != Some(false)
        })
    })
}

/// The actions with which an event of this trigger comes; none where they are not known.
fn actions(trigger: &Trigger) -> Vec<Option<&str>> {
    let listed: Vec<Option<&str>> = trigger.types.iter().map(|text| Some(text.text.as_str())).collect();
    match trigger.event.text.as_str() {
        _ if !listed.is_empty() => listed,
        "pull_request" | "pull_request_target" => ["opened", "synchronize", "reopened"].map(Some).to_vec(),
        _ => vec![None],
    }
}

/// What is known of a run by the event that started it.
struct EventScope<'s> {
    workflow: &'s Workflow,
    job: &'s Job,
    trigger: &'s Trigger,
    action: Option<&'s str>,
    /// One combination of the matrix, where all are known.
    matrix: Option<&'s Vec<(String, String)>>,
    /// Variables that steps hand on.
    handed_on: &'s BTreeSet<String>,
}

impl EventScope<'_> {
    fn event(&self) -> &str {
        &self.trigger.event.text
    }

    /// Events of which the payload is known to hold no pull request.
    fn without_pull_request(&self) -> bool {
        matches!(
            self.event(),
            "push" | "schedule" | "workflow_dispatch" | "merge_group" | "release" | "create" | "delete" | "issues"
        )
    }

    fn reference(&self) -> Abstract {
        match self.event() {
            "pull_request" | "pull_request_review" => Abstract::known(Value::text("refs/pull/0/merge")),
            "push" => {
                // A push by branches alone is no tag; by one branch it is that one.
                let branches = &self.trigger.branches;
                match branches.as_slice() {
                    [one] if !one.text.contains(['*', '?', '[', '!', '+']) && !self.tags() => {
                        Abstract::known(Value::text(&format!("refs/heads/{}", one.text)))
                    }
                    _ => Abstract::unknown(GIVEN),
                }
            }
            _ => Abstract::unknown(GIVEN),
        }
    }

    /// Whether the push event may be that of a tag. The reader keeps no tags, so only what lists branches alone is sure.
    fn tags(&self) -> bool {
        self.trigger.has_tags
    }
}

impl Scope for EventScope<'_> {
    fn context(&self, path: &[String]) -> Abstract {
        let lower: Vec<String> = path.iter().map(|part| part.to_lowercase()).collect();
        let parts: Vec<&str> = lower.iter().map(String::as_str).collect();
        let called = self.event() == "workflow_call";
        match parts.as_slice() {
            _ if called => Abstract::unknown(GIVEN),
            ["github", "event_name"] => Abstract::known(Value::text(self.event())),
            ["github", "ref"] => self.reference(),
            ["github", "head_ref" | "base_ref"] if self.without_pull_request() => Abstract::known(Value::text("")),
            ["github", "event", "pull_request", ..] if self.without_pull_request() => Abstract::known(Value::Null),
            ["github", "event", "inputs", ..] | ["inputs", ..]
                if self.event() != "workflow_dispatch" && !self.workflow_called() =>
            {
                Abstract::known(Value::Null)
            }
            ["github", "event", "action"] => match self.action {
                Some(action) => Abstract::known(Value::text(action)),
                None => Abstract::unknown(GIVEN),
            },
            ["matrix", name] => match self.matrix {
                Some(matrix) => match matrix.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
                    Some((_, value)) if !value.contains("${{") => Abstract::known(Value::text(value)),
                    // Only some entries of `include` may have it.
                    None if self.job.include.iter().flatten().any(|(own, _)| own.eq_ignore_ascii_case(name)) => {
                        Abstract::known(Value::Null)
                    }
                    Some(_) | None => Abstract::unknown(GIVEN),
                },
                None => Abstract::unknown(GIVEN),
            },
            ["env", _] => {
                let name = path[1].as_str();
                let tables = [&self.job.env, &self.workflow.env];
                let value = tables.into_iter().find_map(|table| table.iter().find(|(own, _)| own.text == name));
                match value {
                    Some((_, value)) if !value.text.contains("${{") && !self.handed_on.contains(name) => {
                        Abstract::known(Value::text(&value.text))
                    }
                    _ => Abstract::unknown(GIVEN),
                }
            }
            ["runner", "os"] => {
                let os = |label: &Text| match &label.text {
                    text if text.starts_with("ubuntu") => Some("Linux"),
                    text if text.starts_with("macos") => Some("macOS"),
                    text if text.starts_with("windows") => Some("Windows"),
                    _ => None,
                };
                match self.job.runs_on.as_slice() {
                    [label] => os(label).map_or(Abstract::unknown(GIVEN), |os| Abstract::known(Value::text(os))),
                    _ => Abstract::unknown(GIVEN),
                }
            }
            ["needs" | "steps", ..] => Abstract::unknown(RESULT),
            _ => Abstract::unknown(GIVEN),
        }
    }

    fn status(&self, function: StatusFunction) -> Abstract {
        match function {
            StatusFunction::Always => Abstract::known(Value::Bool(true)),
            _ => Abstract::unknown(RESULT),
        }
    }
}

impl EventScope<'_> {
    fn workflow_called(&self) -> bool {
        self.workflow.triggers.iter().any(|trigger| trigger.event.text == "workflow_call")
    }
}
