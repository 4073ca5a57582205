//! Findings that may stay for longer.

use tollgate_model::{Severity, format};

use super::Relaxation;
use crate::condition::Subject;
use crate::incidents::Incidents;
use crate::policy::Gate;

/// What `head` lets stay for longer, or puts into another class, where `gate` has a condition on what is overdue.
pub(super) fn relaxed(gate: &Gate, base: &Incidents, head: &Incidents) -> Vec<Relaxation> {
    let asks = gate.clauses.iter().any(|clause| matches!(clause.condition.subject, Subject::Overdue(_)));
    let told = |severity: &Severity| {
        let (is, would) = (base.of(*severity), head.of(*severity));
        let days = |days: u16| match days {
            0 => "at once".to_owned(),
            days => format!("after {}", format::things(u64::from(days), "day")),
        };
        if would.days > is.days {
            return Some(format!(
                "a {severity} finding would be overdue {}; it is {}",
                days(would.days),
                days(is.days)
            ));
        }
        let elsewhere = would.class != is.class;
        elsewhere.then(|| format!("a {severity} finding would be a {}; it is a {}", would.class, is.class))
    };
    let texts = Severity::ALL.iter().rev().filter(|_| asks).filter_map(told);
    texts.map(|text| Relaxation::of_gate(&gate.name, text)).collect()
}
