//! What the end of a job that measured says of its reports, where no gate asks for it.

use std::collections::BTreeMap;

use tollgate_model::{Decision, Labels, Reason, Verdict};

use crate::condition::Subject;
use crate::hold::add;
use crate::policy::Policy;

/// A job that was cancelled may have reported half of what it would have: gates that rest on the change's own run become unknown.
/// One that ended otherwise without success is named, unless a condition asks about it. `needs` are the results of jobs by name.
pub fn cut_short(decision: &mut Decision, policy: &Policy, needs: &BTreeMap<String, String>) {
    let clauses = || policy.gates.iter().flat_map(|gate| &gate.clauses);
    let asked = |job: &str| clauses().any(|c| matches!(&c.condition.subject, Subject::Need(name) if name == job));
    for (job, result) in needs.iter().filter(|(job, result)| *result != "success" && !asked(job)) {
        if result == "cancelled" {
            doubt(decision, job);
        } else {
            decision.warnings.push(format!(
                "the job {job} ended in {result}, and no gate asks about it: a condition `needs.{job} == success` would"
            ));
        }
    }
}

fn doubt(decision: &mut Decision, job: &str) {
    for gate in decision.gates.iter_mut().filter(|gate| gate.judged && gate.reasons.iter().any(|r| r.own_run)) {
        let reason = Reason {
            condition: format!("needs.{job} == success"),
            checker: None,
            verdict: Verdict::Unknown,
            applies: true,
            text: format!("the job {job} was cancelled, so what it reported may be half of it"),
            places: Vec::new(),
            more_places: 0,
            next: Some("run the workflow again".to_owned()),
            labels: Labels::new(),
            own_run: false,
            tighter: None,
        };
        add(gate, reason);
        decision.verdict = Verdict::Unknown;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Condition;
    use crate::policy::{Clause, Gate};
    use tollgate_model::GateDecision;

    fn judged(own_run: bool) -> Decision {
        let mut gate = GateDecision {
            name: "A".to_owned(),
            verdict: Verdict::Pass,
            judged: true,
            applies: true,
            observed_until: None,
            reasons: Vec::new(),
        };
        let reason = Reason {
            condition: "coverage.lines >= 80%".to_owned(),
            checker: None,
            verdict: Verdict::Pass,
            applies: true,
            text: String::new(),
            places: Vec::new(),
            more_places: 0,
            next: None,
            labels: Labels::new(),
            own_run,
            tighter: None,
        };
        add(&mut gate, reason);
        Decision {
            verdict: Verdict::Pass,
            gates: vec![gate],
            unfinished: Vec::new(),
            warnings: Vec::new(),
            relaxations: Vec::new(),
        }
    }

    fn policy(conditions: &[&str]) -> Policy {
        let clause = |text: &&str| Clause::new((*text).to_owned(), Condition::parse(text).unwrap(), true);
        Policy { gates: vec![Gate::new("A", conditions.iter().map(clause).collect())], ..Policy::default() }
    }

    #[test]
    fn what_a_cancelled_job_reported_is_not_proven() {
        for (result, own_run, conditions, verdict, warnings) in [
            ("cancelled", true, &[][..], Verdict::Unknown, 0),
            ("cancelled", false, &[], Verdict::Pass, 0),
            ("cancelled", true, &["needs.measure == success"], Verdict::Pass, 0),
            ("failure", true, &[], Verdict::Pass, 1),
            ("failure", true, &["needs.other == success"], Verdict::Pass, 1),
            ("failure", true, &["needs.measure == success"], Verdict::Pass, 0),
            ("success", true, &[], Verdict::Pass, 0),
        ] {
            let mut decision = judged(own_run);
            let needs = BTreeMap::from([("measure".to_owned(), result.to_owned())]);
            cut_short(&mut decision, &policy(conditions), &needs);
            let got = (decision.verdict, decision.gates[0].verdict, decision.warnings.len());
            assert_eq!(got, (verdict, verdict, warnings), "{result} {own_run} {conditions:?}");
        }
    }
}
