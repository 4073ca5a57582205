//! Conditions of a gate that are gone, milder, only warn, or concern less.
//!
//! Every condition of the base needs one of the head, in the same gate, that demands at least as much. Where there is
//! none, the one that comes nearest says what the difference is.

use std::collections::BTreeMap;

use super::implies::implies;
use super::scopes::{covers_events, covers_files, words};
use crate::condition::{Condition, RELAXATIONS, Subject};
use crate::policy::{Clause, Gate};
use crate::quantity::Quantity;
use crate::scope::Scope;

/// `warn_at` of the head and of the base.
type Warns<'a> = (Option<&'a Quantity>, Option<&'a Quantity>);

/// What one condition demands less than another. The order is that in which they count when the nearest is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// Its gate concerns less.
    GateScope,
    /// It concerns less.
    Scope,
    /// It only warns.
    Warns,
    /// Its limit is milder, or it counts less.
    Milder,
    /// It demands something else.
    Other,
}

/// One sentence for each thing that the conditions of `head` demand less.
pub(super) fn relaxed(base: &Gate, head: &Gate, warns: Warns<'_>) -> Vec<String> {
    let mut alike: BTreeMap<&str, Vec<&Clause>> = BTreeMap::new();
    for clause in &head.clauses {
        alike.entry(measured(&clause.condition)).or_default().push(clause);
    }
    let pair = Pair { base, head, warns };
    let none = Vec::new();
    let texts = base
        .clauses
        .iter()
        .flat_map(|clause| pair.missing(clause, alike.get(measured(&clause.condition)).unwrap_or(&none)));
    texts.collect()
}

/// What a condition is about, without labels.
fn measured(condition: &Condition) -> &str {
    match &condition.subject {
        Subject::Metric(selector) | Subject::Overdue(selector) => &selector.metric,
        Subject::Relaxations => RELAXATIONS,
        Subject::Step(name) | Subject::Need(name) => name,
    }
}

/// The same gate on both sides.
struct Pair<'a> {
    base: &'a Gate,
    head: &'a Gate,
    warns: Warns<'a>,
}

impl Pair<'_> {
    /// What is missing of `clause`, where none of those that are `alike` demands as much.
    fn missing(&self, clause: &Clause, alike: &[&Clause]) -> Vec<String> {
        if alike.iter().any(|new| self.faults(clause, new).is_empty()) {
            return Vec::new();
        }
        let elsewhere = |new: &Clause| {
            new.condition != clause.condition && self.base.clauses.iter().any(|c| c.condition == new.condition)
        };
        let of_a_kind = |new: &&&Clause| match (&new.condition.subject, &clause.condition.subject) {
            (Subject::Metric(_), Subject::Metric(_)) | (Subject::Overdue(_), Subject::Overdue(_)) => true,
            (new, old) => new == old,
        };
        let candidates = alike.iter().filter(of_a_kind).filter(|new| !elsewhere(new));
        let nearest = candidates.min_by_key(|new| {
            let other = new.condition.subject != clause.condition.subject;
            let faults = self.faults(clause, new);
            (other, faults.last().copied(), faults.len(), new.condition.to_string(), words(&new.scope), !new.blocks)
        });
        match nearest {
            None => vec![format!("`{}` would be gone", clause.condition)],
            Some(new) => self.faults(clause, new).into_iter().map(|fault| self.said(fault, clause, new)).collect(),
        }
    }

    /// What `new` demands less than `old`, in order.
    fn faults(&self, old: &Clause, new: &Clause) -> Vec<Fault> {
        let before = [&self.base.scope, &old.scope];
        // What both gate and condition say holds, so each part has to be in the base's gate or in its condition.
        let kept = |scope: &Scope| {
            before.iter().any(|old| covers_files(scope, old)) && before.iter().any(|old| covers_events(scope, old))
        };
        let mut faults = Vec::new();
        if !kept(&self.head.scope) {
            faults.push(Fault::GateScope);
        }
        if !kept(&new.scope) {
            faults.push(Fault::Scope);
        }
        if old.blocks && !new.blocks {
            faults.push(Fault::Warns);
        }
        let (head_warns, base_warns) = self.warns;
        if !implies((&new.condition, head_warns), (&old.condition, base_warns)) {
            let milder = implies((&old.condition, base_warns), (&new.condition, head_warns));
            faults.push(if milder { Fault::Milder } else { Fault::Other });
        }
        faults
    }

    fn said(&self, fault: Fault, old: &Clause, new: &Clause) -> String {
        let (was, would) = (&old.condition, &new.condition);
        match fault {
            Fault::GateScope => {
                let (would, is) = (words(&self.head.scope), words(&self.base.scope));
                format!("the gate would concern only {would}; it concerns {is}")
            }
            Fault::Scope => {
                format!("`{was}` would concern only {}; it concerns {}", words(&new.scope), words(&old.scope))
            }
            Fault::Warns => format!("`{was}` would only warn; it blocks"),
            Fault::Milder => format!("`{was}` would become `{would}`, which is milder"),
            Fault::Other => format!("`{was}` would become `{would}`; whether that is milder cannot be told"),
        }
    }
}
