//! What a run looked at less than the base's.

use tollgate_model::Report;
use tollgate_policy::{By, Catalog, Change, Gate, Relaxation, shrinking};

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
    let each = |one: Relaxation| {
        let rests = |gate: &&Gate| {
            let By::Evidence(checker) = &one.by else { return true };
            gate.clauses.iter().any(|clause| catalog.rests_on(&clause.condition, checker))
        };
        let of = |gate: &Gate| Relaxation { gate: Some(gate.name.clone()), ..one.clone() };
        plan.policy.gates.iter().filter(rests).map(of).collect::<Vec<_>>()
    };
    shrinking(before, reports, change).into_iter().flat_map(each).collect()
}
