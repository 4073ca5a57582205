//! What a gate that only observes would do.

use tollgate_model::{Decision, GateDecision, Reason, Verdict, format};

/// What stands in the reason of a condition that would block.
pub(crate) const WOULD_BLOCK: &str = "would block from";

/// For each gate that only observes: how many of its conditions hold now, and which would block from its day on.
pub fn adoption(decision: &Decision) -> Vec<String> {
    decision.gates.iter().filter(|gate| gate.judged).filter_map(of_gate).collect()
}

fn of_gate(gate: &GateDecision) -> Option<String> {
    let day = gate.observed_until.as_ref()?;
    let applying: Vec<&Reason> = gate.reasons.iter().filter(|reason| reason.applies).collect();
    let holding = applying.iter().filter(|reason| reason.verdict == Verdict::Pass).count();
    let blocking: Vec<&str> = applying
        .iter()
        .filter(|reason| reason.text.contains(WOULD_BLOCK))
        .map(|reason| reason.condition.as_str())
        .collect();
    let of = format::things(applying.len() as u64, "condition");
    let name = &gate.name;
    Some(match blocking.is_empty() {
        true => format!("{name} observes until {day}: {holding} of {of} hold, and nothing would block"),
        false => format!("{name} observes until {day}: {holding} of {of} hold; would block: {}", blocking.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use tollgate_model::Labels;

    use super::*;

    #[test]
    fn what_holds_and_what_would_block_is_counted() {
        let reason = |condition: &str, verdict, text: &str, applies| Reason {
            condition: condition.to_owned(),
            checker: None,
            verdict,
            applies,
            text: text.to_owned(),
            places: Vec::new(),
            next: None,
            labels: Labels::new(),
            own_run: false,
        };
        let gate = |observed: Option<&str>, reasons| GateDecision {
            name: "Tests".to_owned(),
            verdict: Verdict::Warn,
            judged: true,
            applies: true,
            observed_until: observed.map(str::to_owned),
            reasons,
        };
        let reasons = vec![
            reason("a >= 1", Verdict::Warn, "a is 0: 1 short of 1; would block from 2027-01-15", true),
            reason("b >= 1", Verdict::Pass, "b is 1", true),
            reason("c >= 1", Verdict::Pass, "no changed file", false),
        ];
        let decision = |gates| Decision {
            verdict: Verdict::Warn,
            gates,
            unfinished: Vec::new(),
            warnings: Vec::new(),
            relaxations: Vec::new(),
        };
        let said = adoption(&decision(vec![gate(Some("2027-01-15"), reasons.clone()), gate(None, reasons)]));
        assert_eq!(said, ["Tests observes until 2027-01-15: 1 of 2 conditions hold; would block: a >= 1"]);
    }
}
