//! What a run looked at less than the base's.

use std::collections::BTreeSet;

use tollgate_model::Report;
use tollgate_policy::{Catalog, Change, Gate, Relaxation, shrinking};

use crate::base_run::BaseRun;
use crate::plan::Plan;

/// What was looked at less than at the base, in sentences, where nothing rests on it.
pub(crate) fn told(found: &BaseRun, reports: &[Report], change: &Change) -> Vec<String> {
    let BaseRun::Known(before, ..) = found else { return Vec::new() };
    shrinking(before, reports, change).into_iter().map(|one| one.text).collect()
}

/// What was looked at less than at the base, for each gate that rests on what looked.
pub(crate) fn shrunk(
    plan: &Plan<'_>,
    catalog: &Catalog,
    base_run: &BaseRun,
    reports: &[Report],
    change: &Change,
) -> Vec<Relaxation> {
    let BaseRun::Known(before, ..) = base_run else { return Vec::new() };
    let checkers: BTreeSet<&str> = before.iter().map(|report| report.checker.as_str()).collect();
    let of = |checker: &str| {
        let only = |reports: &[Report]| -> Vec<Report> {
            reports.iter().filter(|report| report.checker == checker).cloned().collect()
        };
        let rests = |gate: &&Gate| gate.clauses.iter().any(|c| catalog.rests_on(&c.condition, checker));
        let gates: Vec<&Gate> = plan.policy.gates.iter().filter(rests).collect();
        let told = shrinking(&only(before), &only(reports), change);
        let each = move |one: Relaxation| {
            gates.iter().map(|gate| Relaxation { gate: Some(gate.name.clone()), ..one.clone() }).collect::<Vec<_>>()
        };
        told.into_iter().flat_map(each).collect::<Vec<_>>()
    };
    checkers.into_iter().flat_map(of).collect()
}
