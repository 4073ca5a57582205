//! What a change would demand less than its base: its own policy against the base's.
//!
//! A change is judged by the policy of the base branch; what its own policy would relax is listed, so that nothing
//! becomes milder unseen (DESIGN, "Whose policy"). The rule for everything here: what is as strict or stricter is not
//! listed; what is milder is; and what cannot be told is listed with a sentence that says so.
//!
//! [`relaxations`] compares what decides and what silences. Its promise, for any reports of one tree: where a gate
//! fails by the base's policy and passes by the head's, something is listed; likewise where it is unknown, or warns, and
//! passes by the head's. The limits of that promise are stated here:
//!
//! - where there is no base to compare with ([`Change::NotYet`]), a condition on findings that loses its `rule` may
//!   come to be about the change, and then warns; but without a base there is no policy of the base either;
//! - a condition that only warns, or only observes, and that cannot be told from its limit is unknown; a stricter limit
//!   can turn that into a failure that warns.
//! - a condition on an instance that nobody configured is unknown in every run; without its `target` it can pass.
//!
//! What a change adds to the list of silenced findings is the matter of [`agreed`](crate::agreed). [`shrinking`]
//! compares what was looked at. A base's number is taken as never negative.

mod clauses;
mod gates;
mod implies;
mod incidents;
mod measured;
mod scopes;
mod shrink;
mod silenced;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tollgate_model::{Date, Milder};

use crate::policy::Policy;
#[cfg(doc)]
use crate::scope::Change;

pub use shrink::shrinking;

/// One thing that the change would relax.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relaxation {
    /// The gate it concerns; none for all gates.
    pub gate: Option<String>,
    /// One plain sentence: what would be, and what is.
    pub text: String,
    /// Where the change makes it.
    pub by: By,
    /// Code owners of that place whom the forge asks, so that tollgate need not insist.
    pub owners: Vec<String>,
}

/// Where a change relaxes something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// In the policy's own file.
    Policy,
    /// In this file, named from the root.
    File(String),
    /// In none: what this checker looked at is less.
    Evidence(String),
}

impl Relaxation {
    /// Of one gate, by the policy's file.
    pub fn of_gate(gate: &str, text: impl Into<String>) -> Self {
        Self { gate: Some(gate.to_owned()), ..Self::of_all(text) }
    }

    /// Of all gates, by the policy's file.
    pub fn of_all(text: impl Into<String>) -> Self {
        Self { gate: None, text: text.into(), by: By::Policy, owners: Vec::new() }
    }

    /// The same by something else.
    #[must_use]
    pub fn made_by(self, by: By) -> Self {
        Self { by, ..self }
    }
}

/// A checker, its instance or nothing, and an option of it.
pub type OptionKey = (String, String, String);

/// What decides and what silences, of one tree.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Gates and scopes.
    pub policy: &'a Policy,
    /// Options that decide what counts, with which way they are milder and what they are set to: lists of patterns or ids, paths,
    /// texts, numbers, booleans.
    pub options: &'a BTreeMap<OptionKey, (Milder, Value)>,
    /// Files whose lines silence findings (`.gitleaksignore`): text by path.
    pub allow_files: &'a BTreeMap<String, String>,
    /// Configured checkers and sources, with the names of their instances where there are several.
    pub configured: &'a BTreeSet<(String, Option<String>)>,
    /// `[[sources]]` by name: an object with `files`, and what must be there under keys that begin with `requir`.
    pub sources: &'a BTreeMap<String, Value>,
}

/// What `head` demands less than `base`, as of `today`; empty where it demands as much or more. Sorted.
pub fn relaxations(base: &Side<'_>, head: &Side<'_>, today: Date) -> Vec<Relaxation> {
    let mut all = gates::relaxed(base.policy, head.policy, today);
    all.extend(scopes::of_instances(base, head));
    all.extend(silenced::options(base.options, head.options));
    all.extend(silenced::allow_files(base.allow_files, head.allow_files));
    all.extend(measured::configured(base.configured, head.configured));
    all.extend(measured::sources(base.sources, head.sources));
    all.sort();
    all.dedup();
    all
}

/// A checker or source, as people name an instance of it.
fn named(checker: &str, instance: Option<&str>) -> String {
    match instance {
        Some(instance) => format!("{checker} ({instance})"),
        None => checker.to_owned(),
    }
}

/// The first few of `items` in backticks, and how many more there are.
pub fn few<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 3;
    const LONGEST: usize = 80;
    let cut = |item: &str| {
        let shown: String = item.chars().take(LONGEST).flat_map(char::escape_debug).collect();
        let more = if item.chars().nth(LONGEST).is_some() { "…" } else { "" };
        format!("`{shown}{more}`")
    };
    let mut items = items.into_iter();
    let mut text = items.by_ref().take(MOST).map(cut).collect::<Vec<String>>().join(", ");
    match items.count() {
        0 => {}
        n => text.push_str(&format!(" and {n} more")),
    }
    text
}

#[cfg(test)]
mod tests;
