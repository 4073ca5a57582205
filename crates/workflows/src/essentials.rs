//! The essentials of pipeline security: five rules over a workflow as it is written.
//!
//! Each is narrow on purpose. What it names can be used by somebody outside the repository (or, for secrets, is handed
//! out by the workflow itself); where a condition of the file keeps outsiders away, the confidence drops or nothing is
//! said. Auditors of workflows know many more weaknesses, and their SARIF can be merged beside this.

mod artifacts;
mod checkout;
mod commands;
mod env;
mod events;
mod flows;
mod injection;
mod outsider;
mod permissions;
mod pins;
mod place;
mod standing;
#[cfg(test)]
mod tests;

use tollgate_input::{LineIndex, Span};
use tollgate_model::Confidence;

use crate::model::{Action, Workflow};

pub(crate) use place::span_in;

/// One workflow file and what is known around it.
pub(crate) struct File<'a> {
    /// The workflow.
    pub(crate) workflow: &'a Workflow,
    /// The text it was read from.
    pub(crate) source: &'a str,
    /// The lines of that text.
    pub(crate) lines: &'a LineIndex<'a>,
    /// The workflows of the repository, this one or not: they tell what starts a `workflow_run`.
    pub(crate) siblings: &'a [Workflow],
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The rule's id.
    pub(crate) rule: &'static str,
    /// How sure it is.
    pub(crate) confidence: Confidence,
    /// What is wrong, who can use it, and what to do.
    pub(crate) message: String,
    /// Where, in the workflow's file.
    pub(crate) place: Span,
    /// Further places in the same file.
    pub(crate) related: Vec<Span>,
    /// What names the finding from run to run.
    pub(crate) context: String,
}

/// What the five rules find in `file`, in the order of the file. Actions of the owners
/// `trusted` are not foreign.
pub(crate) fn look(file: &File<'_>, trusted: &[String]) -> Vec<Seen> {
    let mut found = pins::look(file.workflow, trusted);
    found.extend(checkout::look(file));
    found.extend(injection::look(file));
    found.extend(permissions::look(file.workflow));
    found.extend(artifacts::look(file));
    found.sort_by(|a, b| (a.place.start, a.rule, &a.context).cmp(&(b.place.start, b.rule, &b.context)));
    found
}

/// What is found in a local action: the names of foreign actions, since its events are those of its callers.
pub(crate) fn look_at_action(action: &Action, trusted: &[String]) -> Vec<Seen> {
    let mut found = pins::look_at_action(action, trusted);
    found.sort_by_key(|seen| seen.place.start);
    found
}

/// The most characters of a name from the file that a message repeats.
const LONGEST_NAME: usize = 80;

/// A name from the file as a message repeats it.
fn short(name: &str) -> String {
    let name = name.trim();
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}
