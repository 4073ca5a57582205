//! What the contexts of expressions hold while a job runs.

use std::collections::BTreeMap;

use super::job::{JobState, Needs};
use super::{Bench, to_abstract};
use crate::expr::{Abstract, Scope, StatusFunction, Taint, Value};
use crate::machine::value::{GIVEN, RESULT};
use crate::model::{Job, Pairs};

/// The contexts as a step sees them.
pub(super) struct JobScope<'s> {
    pub(super) bench: &'s Bench<'s>,
    pub(super) job: &'s Job,
    pub(super) state: &'s JobState,
    pub(super) needs: &'s Needs,
    /// `env`: the innermost last.
    pub(super) env: &'s [&'s Pairs],
    /// `inputs` of a local action; none in a workflow.
    pub(super) inputs: Option<&'s BTreeMap<String, Abstract>>,
}

impl Scope for JobScope<'_> {
    fn context(&self, path: &[String]) -> Abstract {
        let lower: Vec<String> = path.iter().map(|part| part.to_lowercase()).collect();
        let parts: Vec<&str> = lower.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["env", name] => self.variable(path.get(1).map_or(*name, String::as_str)),
            ["steps", "*", property @ ("outcome" | "conclusion")] => {
                let of = |result: &super::job::StepResult| {
                    to_abstract(if *property == "outcome" { &result.outcome } else { &result.conclusion })
                };
                let all: Vec<Abstract> = self.state.steps.values().map(of).collect();
                let taint = all.iter().fold(Taint::NONE, |sum, one| sum.union(one.whole_taint()));
                Abstract { value: Value::List(all.into_iter().map(|one| one.value).collect()), taint }
            }
            ["steps", id, "outputs", name] => match self.state.steps.get(*id) {
                // A step that did not run, or that said nothing, gives the empty text.
                Some(result) => match result.outputs.get(*name).or_else(|| result.outputs.get(path[3].as_str())) {
                    Some(value) => to_abstract(value),
                    None => match result.outputs.get("*") {
                        Some(any) => Abstract::unknown(any.taint),
                        None => Abstract::known(Value::text("")),
                    },
                },
                None => Abstract::unknown(RESULT),
            },
            ["steps", id, "outcome"] => self
                .state
                .steps
                .get(*id)
                .map_or(Abstract::known(Value::text("")), |result| to_abstract(&result.outcome)),
            ["steps", id, "conclusion"] => self
                .state
                .steps
                .get(*id)
                .map_or(Abstract::known(Value::text("")), |result| to_abstract(&result.conclusion)),
            ["steps", ..] => {
                Abstract::unknown(self.state.steps.values().fold(RESULT, |all, result| all.union(result.outcome.taint)))
            }
            ["needs", "*", "result"] => {
                let results: Vec<Abstract> = self.job.needs.iter().map(|need| self.result(&need.text)).collect();
                let taint = results.iter().fold(RESULT, |all, result| all.union(result.taint));
                Abstract { value: Value::List(results.into_iter().map(|result| result.value).collect()), taint }
            }
            ["needs", _, "result"] => self.result(&path[1]),
            ["needs", job, "outputs", name] => {
                let key = ((*job).to_owned(), (*name).to_owned());
                self.needs.outputs.get(&key).cloned().unwrap_or(Abstract::unknown(RESULT))
            }
            // There is nothing else to a job that is needed.
            ["needs", _, other] if *other != "outputs" => Abstract::known(Value::Null),
            ["needs", ..] => {
                let all = self.needs.results.values().chain(self.needs.outputs.values());
                Abstract::unknown(all.fold(RESULT, |all, value| all.union(value.taint)))
            }
            ["matrix", name] => {
                let values = self.job.matrix.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
                match values {
                    Some((_, values)) if values.len() == 1 && self.job.include.is_empty() => {
                        Abstract::known(Value::text(&values[0]))
                    }
                    _ => Abstract::unknown(GIVEN),
                }
            }
            ["github", "event_name"] => {
                let events = self.bench.events();
                match (events.len(), events.first()) {
                    (1, Some(event)) if *event != "workflow_call" => Abstract::known(Value::text(event)),
                    _ => Abstract::unknown(GIVEN),
                }
            }
            ["github", "workspace"] => Abstract::known(Value::text("/github/workspace")),
            ["inputs", name] => match self.inputs {
                Some(inputs) => inputs.get(*name).cloned().unwrap_or(Abstract::known(Value::text(""))),
                None => Abstract::unknown(GIVEN),
            },
            ["runner", "os"] => match self.job.runs_on.as_slice() {
                [label] if label.text.starts_with("ubuntu") => Abstract::known(Value::text("Linux")),
                [label] if label.text.starts_with("macos") => Abstract::known(Value::text("macOS")),
                [label] if label.text.starts_with("windows") => Abstract::known(Value::text("Windows")),
                _ => Abstract::unknown(GIVEN),
            },
            _ => Abstract::unknown(GIVEN),
        }
    }

    fn status(&self, function: StatusFunction) -> Abstract {
        // Paths that have failed are not followed.
        match function {
            StatusFunction::Success | StatusFunction::Always => Abstract::known(Value::Bool(true)),
            StatusFunction::Failure | StatusFunction::Cancelled => Abstract::known(Value::Bool(false)),
        }
    }
}

impl JobScope<'_> {
    fn result(&self, job: &str) -> Abstract {
        self.needs.results.get(&job.to_lowercase()).cloned().unwrap_or(Abstract::unknown(RESULT))
    }

    /// `env.NAME`: what was handed on, else the innermost `env`.
    fn variable(&self, name: &str) -> Abstract {
        if let Some(value) = self.state.shell.exported.get(name) {
            return to_abstract(value);
        }
        for (depth, env) in self.env.iter().enumerate().rev() {
            if let Some((_, value)) = env.iter().rev().find(|(own, _)| own.text == name) {
                let outer = JobScope { env: &self.env[..depth], ..*self };
                return crate::expr::interpolate(&value.text, &outer);
            }
        }
        if self.bench.world.is_handed_on(name) {
            return Abstract::known(Value::text(""));
        }
        Abstract::unknown(Taint(GIVEN.0))
    }
}
