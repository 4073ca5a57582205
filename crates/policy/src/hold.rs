//! What relaxing the policy does to a decision.

use tollgate_model::{Decision, GateDecision, Labels, Reason, Relaxed, Verdict, format};

use crate::condition::RELAXATIONS;
use crate::decide::{worst, worst_gates_first, worst_reasons_first};
use crate::relax::{By, Relaxation};

/// The condition that every gate has without writing it, for what concerns it. One that writes it has it for all.
const CONDITION: &str = "policy.relaxations == 0";

/// Whether a reason is that of the condition as a gate writes it.
fn is_written(reason: &Reason) -> bool {
    reason.condition.trim_start().starts_with(RELAXATIONS)
}

/// Whether it is none of the policy: less was looked at.
fn of_evidence(one: &Relaxation) -> bool {
    matches!(one.by, By::Evidence(_))
}

/// Lists `relaxations` in `decision`, and puts the gates that they concern to fail; to warn, where somebody else than the author
/// `approved` them, where the forge asks the code owners of what makes them, and where a gate only observes. One that concerns
/// no gate by name concerns all.
pub fn hold(decision: &mut Decision, relaxations: &[Relaxation], approved: Option<&str>) {
    for gate in decision.gates.iter_mut().filter(|gate| gate.judged) {
        let all = gate.reasons.iter().any(|reason| is_written(reason) && reason.applies);
        let concerns = |one: &&Relaxation| {
            // What was looked at less is no matter of a gate that looks at nothing for this change.
            let looks = !of_evidence(one) || gate.applies;
            all || looks && one.gate.as_deref().is_none_or(|name| name == gate.name)
        };
        let ours = relaxations.iter().filter(concerns);
        let mut ours: Vec<&Relaxation> = ours.collect();
        // Those that nobody is asked about are the worst.
        ours.sort_by_key(|one| !one.owners.is_empty());
        if let Some(first) = ours.first() {
            gate.reasons.retain(|reason| !is_written(reason) || !reason.applies);
            add(gate, reason(first, ours.len(), gate.observed_until.is_some(), approved));
        }
    }
    let relaxed = |one: &Relaxation| Relaxed {
        gate: one.gate.clone(),
        text: format!("{}{}", one.text, asked(one, approved)),
        approved_by: approved.map(str::to_owned),
    };
    decision.relaxations = relaxations.iter().map(relaxed).collect();
    worst_gates_first(&mut decision.gates);
    decision.verdict = decision.verdict.max(worst(&decision.gates).unwrap_or(Verdict::Unknown));
}

/// Whose approval the forge asks for; nothing where somebody `approved` already, or it asks nobody.
fn asked(one: &Relaxation, approved: Option<&str>) -> String {
    const NAMED: usize = 3;
    if one.owners.is_empty() || approved.is_some() {
        return String::new();
    }
    let named: Vec<&str> = one.owners.iter().take(NAMED).map(String::as_str).collect();
    format!("; its code owners ({}) must approve it", format::few(&named, one.owners.len()))
}

/// Makes every judged gate unknown `because` nobody could tell by which policy it is to be judged.
pub fn withhold(decision: &mut Decision, because: &str) {
    for gate in decision.gates.iter_mut().filter(|gate| gate.judged) {
        let next = "check the change out with the history of its base (fetch-depth: 0)";
        let reason = Reason {
            verdict: Verdict::Unknown,
            text: because.to_owned(),
            next: Some(next.to_owned()),
            ..reason(&Relaxation::of_all(""), 1, false, None)
        };
        add(gate, reason);
    }
    decision.verdict = Verdict::Unknown;
}

fn reason(first: &Relaxation, count: usize, observes: bool, approved: Option<&str>) -> Reason {
    let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
    let (verdict, approval, next) = match approved {
        Some(by) => (Verdict::Warn, format!("; approved by {by}"), None),
        None if observes || !first.owners.is_empty() => (Verdict::Warn, asked(first, approved), None),
        None => {
            let next = if of_evidence(first) {
                "run again what left the missing reports, or somebody other than the author approves the head commit"
            } else {
                "somebody other than the author approves the head commit, or the change leaves the policy as it is"
            };
            (Verdict::Fail, String::new(), Some(next.to_owned()))
        }
    };
    // What was looked at less says so itself.
    let what = if of_evidence(first) { "" } else { "this change relaxes the policy: " };
    Reason {
        condition: CONDITION.to_owned(),
        checker: None,
        verdict,
        applies: true,
        text: format!("{what}{}{more}{approval}", first.text),
        places: Vec::new(),
        more_places: 0,
        next,
        labels: Labels::new(),
        own_run: false,
        tighter: None,
    }
}

pub(crate) fn add(gate: &mut GateDecision, reason: Reason) {
    gate.verdict = gate.verdict.max(reason.verdict);
    gate.applies = true;
    gate.reasons.push(reason);
    worst_reasons_first(&mut gate.reasons);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision() -> Decision {
        let gate = |name: &str, observed: Option<&str>| GateDecision {
            name: name.to_owned(),
            verdict: Verdict::Pass,
            judged: name != "Left",
            applies: true,
            observed_until: observed.map(str::to_owned),
            reasons: Vec::new(),
        };
        Decision {
            verdict: Verdict::Pass,
            gates: vec![gate("A", None), gate("B", Some("2027-01-01")), gate("Left", None)],
            unfinished: Vec::new(),
            warnings: Vec::new(),
            relaxations: Vec::new(),
        }
    }

    fn relaxation(gate: Option<&str>) -> Relaxation {
        let text = "the limit would be 70 %, and is 80 %";
        gate.map_or_else(|| Relaxation::of_all(text), |gate| Relaxation::of_gate(gate, text))
    }

    fn verdicts(decision: &Decision) -> Vec<(&str, Verdict)> {
        decision.gates.iter().map(|gate| (gate.name.as_str(), gate.verdict)).collect()
    }

    #[test]
    fn what_relaxes_a_gate_fails_it_until_somebody_approves() {
        let mut one = decision();
        hold(&mut one, &[relaxation(Some("A"))], None);
        assert_eq!(verdicts(&one), [("A", Verdict::Fail), ("B", Verdict::Pass), ("Left", Verdict::Pass)]);
        assert_eq!((one.verdict, one.relaxations.len()), (Verdict::Fail, 1));
        assert!(one.gates[0].reasons[0].text.contains("70 %") && one.gates[0].reasons[0].next.is_some());

        let mut approved = decision();
        hold(&mut approved, &[relaxation(Some("A"))], Some("jo"));
        assert_eq!((approved.gates[0].verdict, approved.verdict), (Verdict::Warn, Verdict::Warn));
        assert!(approved.gates[0].reasons[0].text.ends_with("approved by jo"));
    }

    #[test]
    fn what_relaxes_all_fails_all_but_those_that_observe_and_those_that_were_left_out() {
        let mut one = decision();
        hold(&mut one, &[relaxation(None), relaxation(None)], None);
        assert_eq!(verdicts(&one), [("A", Verdict::Fail), ("B", Verdict::Warn), ("Left", Verdict::Pass)]);
        assert!(one.gates[0].reasons[0].text.contains("and 1 more"));
    }

    #[test]
    fn what_code_owners_are_asked_about_warns_unless_something_else_is_relaxed() {
        let owned = |owners: &[&str]| Relaxation {
            owners: owners.iter().map(|owner| (*owner).to_owned()).collect(),
            ..relaxation(Some("A"))
        };
        let mut one = decision();
        hold(&mut one, &[owned(&["@jo", "@org/team"])], None);
        assert_eq!((one.gates[0].verdict, one.verdict), (Verdict::Warn, Verdict::Warn));
        assert!(one.gates[0].reasons[0].text.ends_with("80 %; its code owners (@jo, @org/team) must approve it"));
        assert!(one.relaxations[0].text.ends_with("must approve it"));
        let mut both = decision();
        let other = Relaxation::of_gate("A", "less was looked at").made_by(By::Evidence("x".to_owned()));
        hold(&mut both, &[owned(&["@a", "@b", "@c", "@d"]), other], None);
        assert_eq!(both.gates[0].verdict, Verdict::Fail);
        assert!(both.gates[0].reasons[0].text.ends_with("less was looked at (and 1 more)"));
        assert!(both.relaxations[0].text.contains("(@a, @b, @c and 1 more)"));
        let mut approved = decision();
        hold(&mut approved, &[owned(&["@jo"])], Some("jo"));
        assert!(approved.gates[0].reasons[0].text.ends_with("80 %; approved by jo"));
    }

    #[test]
    fn nothing_relaxed_is_nothing_changed_and_unknown_stays_unknown() {
        let mut one = decision();
        hold(&mut one, &[], None);
        assert_eq!(one, decision());
        let mut unknown = Decision { verdict: Verdict::Unknown, ..decision() };
        hold(&mut unknown, &[relaxation(Some("A"))], None);
        assert_eq!(unknown.verdict, Verdict::Unknown);
    }
}
