//! A workflow on the bench: its jobs run without running anything, and each check is made to find something, to see
//! whether anything turns red.

mod actions;
mod job;
mod scope;
mod steps;
pub(crate) mod trials;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use tollgate_input::LineIndex;

pub(crate) use self::actions::{ActionCheck, ActionEnd};
use crate::expr::{self, Abstract};
use crate::machine::value::Value;
use crate::model::{Action, Job, Step, Text, Workflow};
use crate::world::World;

/// A YAML file that was read, with what its places mean.
pub(crate) struct Source<'a> {
    /// Relative to the root.
    pub(crate) path: &'a str,
    /// Its lines.
    pub(crate) index: LineIndex<'a>,
}

/// The local actions of the repository, by the folder that `uses` names.
pub(crate) type Actions<'a> = BTreeMap<String, (Action, Source<'a>)>;

/// Everything that stays the same while the jobs of one workflow run.
pub(crate) struct Bench<'a> {
    /// The repository.
    pub(crate) world: &'a World<'a>,
    /// The workflow.
    pub(crate) workflow: &'a Workflow,
    /// Its file.
    pub(crate) source: &'a Source<'a>,
    /// Local actions.
    pub(crate) actions: &'a Actions<'a>,
    /// Whether another workflow starts when this one has ended, and may judge what it left.
    pub(crate) followed: bool,
}

impl<'a> Bench<'a> {
    /// The line of the workflow where `text` stands.
    pub(crate) fn line(&self, text: &Text) -> u32 {
        self.source.index.position(text.span.start).0
    }

    /// The events that start the workflow.
    pub(crate) fn events(&self) -> BTreeSet<&str> {
        self.workflow.triggers.iter().map(|trigger| trigger.event.text.as_str()).collect()
    }

    /// Names that steps of `job` write to `$GITHUB_ENV`.
    pub(crate) fn handed_on(&self, job: &Job) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for text in job.steps.iter().filter_map(|step| step.run.as_ref()) {
            if !text.text.contains("GITHUB_ENV") {
                continue;
            }
            for word in text.text.split(|c: char| c.is_whitespace() || c == '"' || c == '\'') {
                if let Some((name, _)) = word.split_once('=') {
                    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                    if plain && text.text.contains(&format!("{name}=")) && writes_env(&text.text, name) {
                        names.insert(name.to_owned());
                    }
                }
            }
        }
        names
    }
}

/// Whether a line of `text` writes `name=` to the environment.
fn writes_env(text: &str, name: &str) -> bool {
    let assigned = format!("{name}=");
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().any(|line| line.contains(&assigned) && (line.contains("echo") || line.contains("printf")))
        && lines.iter().any(|line| line.contains("GITHUB_ENV"))
}

/// What the machine makes of a value of an expression.
pub(crate) fn to_value(value: &Abstract) -> Value {
    match value.value.to_text() {
        Some(text) if value.value.is_known() => Value::known(&text).tainted(value.taint),
        _ => Value::unknown(value.whole_taint()),
    }
}

/// What an expression makes of a value of the machine.
pub(crate) fn to_abstract(value: &Value) -> Abstract {
    match value.text() {
        Some(text) => Abstract { value: expr::Value::String(Rc::from(text)), taint: value.taint },
        None => Abstract::unknown(value.taint),
    }
}

/// What a step says that it is: its name; nothing where it has none.
pub(crate) fn claim(step: &Step) -> &str {
    step.name.as_ref().map_or("", |name| name.text.as_str())
}

/// What a step is called where people see it: its name, else its action, else the first line of its script.
pub(crate) fn step_name(step: &Step) -> String {
    let named = step.name.as_ref().or(step.uses.as_ref()).map(|text| text.text.clone());
    let first = || {
        step.run.as_ref().and_then(|run| {
            run.text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        })
    };
    crate::machine::site::shown(&named.or_else(|| first().map(str::to_owned)).unwrap_or_else(|| "step".to_owned()))
}
