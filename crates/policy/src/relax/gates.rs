//! Gates that are gone, and what a gate lets pass.

use std::collections::BTreeMap;

use tollgate_model::Date;

use super::{Relaxation, clauses, incidents};
use crate::policy::{Gate, Policy, TooClose};
use crate::quantity::Quantity;

/// What the gates of `head` demand less. A gate is known by its name: a renamed one is gone, for protection rules ask
/// for names.
pub(super) fn relaxed(base: &Policy, head: &Policy, today: Date) -> Vec<Relaxation> {
    let mut left: BTreeMap<&str, std::collections::VecDeque<&Gate>> = BTreeMap::new();
    for gate in &head.gates {
        left.entry(&gate.name).or_default().push_back(gate);
    }
    let mut all = Vec::new();
    for gate in &base.gates {
        match left.get_mut(gate.name.as_str()).and_then(std::collections::VecDeque::pop_front) {
            Some(new) => {
                all.extend(compared(gate, new, today));
                all.extend(incidents::relaxed(gate, &base.incidents, &head.incidents));
            }
            None => all.push(Relaxation::of_gate(&gate.name, "the gate would be gone")),
        }
    }
    all
}

fn compared(base: &Gate, head: &Gate, today: Date) -> Vec<Relaxation> {
    let mut texts = Vec::new();
    for checker in head.optional.iter().filter(|checker| !base.optional.contains(checker)) {
        texts.push(format!("{checker} would be optional; it is required"));
    }
    if (base.too_close, head.too_close) == (TooClose::Unknown, TooClose::Warn) {
        texts.push("a number that cannot be told from its limit would be a warning; it is unknown".to_owned());
    }
    let later = warns_later(base, head);
    if later {
        let would = head.warn_at.as_ref().map_or_else(|| "at no share".to_owned(), |at| format!("at {}", at.words()));
        let is = base.warn_at.as_ref().map(Quantity::words).unwrap_or_default();
        texts.push(format!("it would warn {would} of a limit; it warns at {is}"));
    }
    texts.extend(observes_longer(base, head, today));
    // What the gate warns at is said once; its conditions are compared as if nothing had changed there.
    let warns = (if later { base.warn_at.as_ref() } else { head.warn_at.as_ref() }, base.warn_at.as_ref());
    texts.extend(clauses::relaxed(base, head, warns));
    texts.into_iter().map(|text| Relaxation::of_gate(&base.name, text)).collect()
}

/// Whether a value may come nearer to its limit before the gate warns.
fn warns_later(base: &Gate, head: &Gate) -> bool {
    match (&base.warn_at, &head.warn_at) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(base), Some(head)) => head.number > base.number,
    }
}

/// A gate that observes to a later day than it does. A day that has come is as good as none.
fn observes_longer(base: &Gate, head: &Gate, today: Date) -> Option<String> {
    let until = |gate: &Gate| gate.adopt.filter(|adopt| adopt.observes(today)).map(|adopt| adopt.enforce_from);
    let is = match (until(base), until(head)?) {
        (None, _) => "it blocks".to_owned(),
        (Some(is), would) if would > is => format!("it blocks from {is}"),
        (Some(_), _) => return None,
    };
    until(head).map(|would| format!("it would only observe until {would}; {is}"))
}
