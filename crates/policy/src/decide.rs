//! All gates against the evidence.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_model::{Date, Decision, Finding, GateDecision, Reason, Report, Status, Verdict, format};

use crate::base::BaseReports;
use crate::catalog::Catalog;
use crate::evaluate;
use crate::policy::{Clause, Gate, Policy};
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
    /// What the base's own run said, of all checkers.
    pub record: BaseReports<'a>,
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
    /// Checkers that were meant to run, with the names of their instances where there are several.
    pub configured: &'a BTreeSet<(String, Option<String>)>,
    /// Options that nobody set for any instance, as the configuration spells them: `coverage.tests`.
    pub unset: &'a BTreeSet<String>,
    /// The day of the decision.
    pub today: Date,
    /// Arguments that repeat where this run looked, each with a blank before it: ` --root apps/api`. None where looking
    /// again would show no more.
    pub again: Option<&'a str>,
}

impl Input<'_> {
    /// Whether `checker` was meant to run.
    pub(crate) fn is_configured(&self, checker: &str) -> bool {
        self.configured.iter().any(|(name, _)| name == checker)
    }

    /// An instance (of those that are `meant`) that was to run on this change and left no report, as people name it.
    pub(crate) fn silent(&self, meant: impl Fn(&str, Option<&str>) -> bool) -> Option<String> {
        let mut silent = self.configured.iter().filter(|(checker, instance)| {
            let instance = instance.as_deref();
            let reported = |r: &Report| r.checker == *checker && r.instance.as_deref() == instance;
            meant(checker, instance)
                && !self.reports.iter().any(reported)
                && self.policy.excludes(checker, instance, self.change, self.event).is_none()
        });
        silent.next().map(|(checker, instance)| match instance {
            Some(instance) => format!("{checker} ({instance})"),
            None => checker.clone(),
        })
    }
}

/// What stands between a series and why it is unknown.
pub(crate) const UNKNOWN: &str = " is not known: ";

/// Judges every gate. The order of gates, conditions and reports changes nothing.
pub fn decide(input: &Input<'_>) -> Decision {
    let mut gates: Vec<GateDecision> = input.policy.gates.iter().map(|gate| judge(input, gate)).collect();
    worst_gates_first(&mut gates);
    let unfinished = unfinished(input, &gates);
    let verdict = match worst(&gates) {
        // Not one gate was judged: nothing was examined.
        None => Verdict::Unknown,
        Some(_) if !unfinished.is_empty() => Verdict::Unknown,
        Some(worst) => worst,
    };
    Decision { verdict, gates, unfinished, warnings: warnings(input), relaxations: Vec::new() }
}

fn judge(input: &Input<'_>, gate: &Gate) -> GateDecision {
    let needs_left_out =
        |clause: &Clause| input.left_out.iter().any(|checker| input.catalog.rests_on(&clause.condition, checker));
    let judged = !gate.clauses.iter().any(needs_left_out);
    let mut reasons: Vec<Reason> = gate
        .clauses
        .iter()
        .filter(|clause| !needs_left_out(clause))
        .map(|clause| evaluate::reason(input, gate, clause))
        .collect();
    worst_reasons_first(&mut reasons);
    say_once(&mut reasons);
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

/// The worst verdict of those that were judged.
pub(crate) fn worst(gates: &[GateDecision]) -> Option<Verdict> {
    gates.iter().filter(|gate| gate.judged).map(|gate| gate.verdict).max()
}

/// Judged ones first, the worst of them at the top.
pub(crate) fn worst_gates_first(gates: &mut [GateDecision]) {
    gates.sort_by(|a, b| (!a.judged, b.verdict, &a.name).cmp(&(!b.judged, a.verdict, &b.name)));
}

/// Those that apply first, the worst of them at the top.
pub(crate) fn worst_reasons_first(reasons: &mut [Reason]) {
    reasons.sort_by(|a, b| {
        (b.verdict, !a.applies, &a.condition, &a.text).cmp(&(a.verdict, !b.applies, &b.condition, &b.text))
    });
}

/// What several conditions are unknown for is said at the first of them.
fn say_once(reasons: &mut [Reason]) {
    let mut said: BTreeSet<String> = BTreeSet::new();
    for reason in reasons.iter_mut() {
        let Some((what, because)) = reason.text.split_once(UNKNOWN) else { continue };
        if !said.insert(because.to_owned()) {
            reason.text = format!("{what} is not known, for the same reason");
        }
    }
}

/// Checkers with a problem, those left aside that do not concern this change: gates ask about them, and none of what they ask
/// applies.
fn unfinished(input: &Input<'_>, gates: &[GateDecision]) -> Vec<String> {
    let alone = |checker: &str| input.reports.iter().filter(|r| r.checker == checker).count() == 1;
    let spared = |checker: &str| {
        let mut asked =
            gates.iter().flat_map(|gate| &gate.reasons).filter(|r| r.checker.as_deref() == Some(checker)).peekable();
        alone(checker) && asked.peek().is_some() && asked.all(|reason| !reason.applies)
    };
    let troubled = |r: &&Report| (r.status != Status::Complete || !r.problems.is_empty()) && !spared(&r.checker);
    let reported = input.reports.iter().filter(troubled).map(|r| r.checker.clone());
    let checkers = input.configured.iter().map(|(checker, _)| checker);
    let silent = checkers.filter(|checker| input.silent(|name, _| name == checker.as_str()).is_some()).cloned();
    reported.chain(silent).collect::<BTreeSet<String>>().into_iter().collect()
}

/// How many findings about the evidence are told; the others are in the report, as all are.
const MOST_DOUBTS: usize = 5;

/// What reports say against their own evidence. No condition need ask for it, and a pass that rests on it is to say so.
fn doubts(reports: &[Report]) -> Vec<String> {
    let mut doubts = Vec::new();
    for report in reports {
        let rules: Vec<&str> =
            report.rules.iter().filter(|rule| rule.of_evidence).map(|rule| rule.id.as_str()).collect();
        let told = |finding: &&Finding| finding.counts() && !finding.discreet && rules.contains(&finding.rule.as_str());
        doubts.extend(report.findings.iter().filter(told).map(|finding| finding.message.clone()));
    }
    let more = doubts.len().saturating_sub(MOST_DOUBTS);
    doubts.truncate(MOST_DOUBTS);
    doubts.extend((more > 0).then(|| format!("{} like these", format::things(more as u64, "more doubt"))));
    doubts
}

fn warnings(input: &Input<'_>) -> Vec<String> {
    let clauses = || input.policy.gates.iter().flat_map(|g| &g.clauses);
    let named = |checker: &str| clauses().any(|c| input.catalog.rests_on(&c.condition, checker));
    let checkers: BTreeSet<&str> = input.configured.iter().map(|(checker, _)| checker.as_str()).collect();
    let idle = checkers.into_iter().filter(|checker| !named(checker));
    let idle = idle.map(|checker| format!("{checker} is configured, but no gate names its metrics"));
    doubts(input.reports).into_iter().chain(idle).collect()
}

#[cfg(test)]
mod tests;
