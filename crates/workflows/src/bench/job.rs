//! Where a job stands between two steps.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::expr::{Abstract, Taint};
use crate::machine::state::{State, Table, settle_all};
use crate::machine::value::Value;

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StepResult {
    /// `outcome`: before `continue-on-error`.
    pub(crate) outcome: Value,
    /// `conclusion`: after it.
    pub(crate) conclusion: Value,
    /// `outputs`.
    pub(crate) outputs: Table<Value>,
}

/// Where a job stands between two steps, on one path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct JobState {
    /// Files, and what was handed on.
    pub(crate) shell: State,
    /// Steps that have an id.
    pub(crate) steps: Table<StepResult>,
}

impl JobState {
    /// The beginning of a job.
    pub(crate) fn new() -> Self {
        Self { shell: State::new(Some("")), steps: Table::default() }
    }

    /// Notes how a step ended.
    pub(crate) fn note(&mut self, id: Option<&str>, result: StepResult) {
        if let Some(id) = id {
            Rc::make_mut(&mut self.steps).insert(id.to_lowercase().into(), result);
        }
    }

    /// What is common to both.
    pub(super) fn join(&self, other: &Self) -> Self {
        let mut steps: BTreeMap<Rc<str>, StepResult> = (*self.steps).clone();
        for (id, result) in other.steps.iter() {
            let joined = steps.get(id).map(|mine| {
                let mut outputs: BTreeMap<Rc<str>, Value> = (*mine.outputs).clone();
                for (name, value) in result.outputs.iter() {
                    let value = outputs.get(name).map_or_else(|| Value::unknown(value.taint), |own| own.join(value));
                    outputs.insert(Rc::clone(name), value);
                }
                StepResult {
                    outcome: mine.outcome.join(&result.outcome),
                    conclusion: mine.conclusion.join(&result.conclusion),
                    outputs: Rc::new(outputs),
                }
            });
            steps.insert(Rc::clone(id), joined.unwrap_or_else(|| result.clone()));
        }
        Self { shell: self.shell.join(&other.shell), steps: Rc::new(steps) }
    }
}

/// Fewer states that together can do the same.
pub(super) fn settle(states: Vec<JobState>) -> Vec<JobState> {
    settle_all(states, 8, JobState::join)
}

/// What jobs before this one have left.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// `needs.<job>.result`, by job.
    pub(crate) results: BTreeMap<String, Abstract>,
    /// `needs.<job>.outputs`, by job and name.
    pub(crate) outputs: BTreeMap<(String, String), Abstract>,
    /// What files that are downloaded depend on.
    pub(crate) downloads: Taint,
}
