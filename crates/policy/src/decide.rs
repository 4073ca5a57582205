//! All gates against the evidence.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_model::{Decision, GateDecision, Reason, Report, Status, Verdict};

use crate::base::BaseReports;
use crate::catalog::Catalog;
use crate::date::Date;
use crate::evaluate;
use crate::policy::{Gate, Policy};
use crate::scope::Change;

/// Everything a decision depends on.
pub struct Input<'a> {
    /// What must hold.
    pub policy: &'a Policy,
    /// What conditions may name.
    pub catalog: &'a Catalog,
    /// What the checkers say.
    pub reports: &'a [Report],
    /// What they said at the base, by checker.
    pub base: &'a dyn Fn(&str) -> BaseReports<'a>,
    /// What the change touches.
    pub change: &'a Change,
    /// The event that caused this run: `pull_request`, `push`, …; `local` outside a workflow.
    pub event: &'a str,
    /// How steps of the workflow ended, by id; none outside a workflow.
    pub steps: Option<&'a BTreeMap<String, String>>,
    /// How jobs of the workflow ended, by name; none outside a workflow.
    pub needs: Option<&'a BTreeMap<String, String>>,
    /// Checkers that somebody asked to leave out: gates that need them are not judged.
    pub left_out: &'a BTreeSet<String>,
    /// Checkers that were meant to run.
    pub configured: &'a BTreeSet<String>,
    /// The day of the decision.
    pub today: Date,
    /// Arguments that repeat where this run looked, each with a blank before it: ` --root apps/api`.
    pub again: &'a str,
}

/// Judges every gate. The order of gates, conditions and reports changes nothing.
pub fn decide(input: &Input<'_>) -> Decision {
    let mut gates: Vec<GateDecision> = input.policy.gates.iter().map(|gate| judge(input, gate)).collect();
    gates.sort_by(|a, b| (!a.judged, b.verdict, &a.name).cmp(&(!b.judged, a.verdict, &b.name)));
    let unfinished = unfinished(input);
    let worst = gates.iter().filter(|g| g.judged).map(|g| g.verdict).max();
    let verdict = match worst {
        // Not one gate was judged: nothing was examined.
        None => Verdict::Unknown,
        Some(_) if !unfinished.is_empty() => Verdict::Unknown,
        Some(worst) => worst,
    };
    Decision { verdict, gates, unfinished, warnings: warnings(input) }
}

fn judge(input: &Input<'_>, gate: &Gate) -> GateDecision {
    let needs_left_out = |owner: Option<&str>| owner.is_some_and(|owner| input.left_out.contains(owner));
    let judged = !gate.clauses.iter().any(|c| needs_left_out(c.condition.owner()));
    let mut reasons: Vec<Reason> = gate
        .clauses
        .iter()
        .filter(|c| !needs_left_out(c.condition.owner()))
        .map(|clause| evaluate::reason(input, gate, clause))
        .collect();
    reasons.sort_by(|a, b| {
        (b.verdict, !a.applies, &a.condition, &a.text).cmp(&(a.verdict, !b.applies, &b.condition, &b.text))
    });
    let applying = reasons.iter().filter(|r| r.applies).map(|r| r.verdict).max();
    GateDecision {
        name: gate.name.clone(),
        // A gate without conditions is refused before anything runs; should one come here, it proves nothing.
        verdict: if gate.clauses.is_empty() { Verdict::Unknown } else { applying.unwrap_or(Verdict::Pass) },
        judged,
        applies: applying.is_some(),
        observed_until: gate.adopt.filter(|a| a.observes(input.today)).map(|a| a.enforce_from.to_string()),
        reasons,
    }
}

/// Checkers with a problem, those left aside that do not concern this change.
fn unfinished(input: &Input<'_>) -> Vec<String> {
    let concerns = |checker: &str| {
        let scope = input.policy.checker_scopes.get(checker);
        scope.and_then(|s| s.excludes(input.change, input.event)).is_none()
    };
    let troubled = |r: &&Report| r.status != Status::Complete || !r.problems.is_empty();
    let reported = input.reports.iter().filter(troubled).map(|r| r.checker.clone());
    let silent = input.configured.iter().filter(|c| !input.reports.iter().any(|r| r.checker == **c)).cloned();
    let all: BTreeSet<String> = reported.chain(silent).filter(|checker| concerns(checker)).collect();
    all.into_iter().collect()
}

fn warnings(input: &Input<'_>) -> Vec<String> {
    let clauses = || input.policy.gates.iter().flat_map(|g| &g.clauses);
    let named = |checker: &str| clauses().any(|c| c.condition.owner() == Some(checker));
    let idle = input.configured.iter().filter(|checker| !named(checker));
    idle.map(|checker| format!("{checker} is configured, but no gate names its metrics")).collect()
}

#[cfg(test)]
mod tests;
