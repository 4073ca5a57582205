//! What a gate that only observes would do.

use tollgate_model::{Decision, GateDecision, Metric, Op, Reason, Unit, Verdict, format};

use crate::condition::{Condition, Limit};

/// What stands in the reason of a condition that would block.
pub(crate) const WOULD_BLOCK: &str = "would block from";

/// Most conditions whose limit a line says could be tighter.
const MOST: usize = 3;

/// Points of a percentage, and percent of any other limit, that are room to spare.
const ROOM: [f64; 2] = [5.0, 10.0];

/// A stricter limit that all of `kept`, the number now and at the base, hold to, where the one that is written leaves room to
/// spare.
pub(crate) fn tighter(condition: &Condition, kept: [&Metric; 2]) -> Option<String> {
    let Limit::Quantity(limit) = &condition.limit else { return None };
    let up = match condition.op {
        Op::Le => true,
        Op::Ge => false,
        Op::Eq | Op::Ne | Op::Gt | Op::Lt => return None,
    };
    let [low, high] = [f64::min, f64::max].map(|of: fn(f64, f64) -> f64| {
        let [now, before] = kept.map(|metric| metric.interval.map_or(metric.value, |[low, high]| of(low, high)));
        of(now, before)
    });
    let (worst, written) = (if up { high } else { low }, limit.value());
    let room = if limit.unit == Unit::Percent { ROOM[0] } else { written * ROOM[1] / 100.0 };
    let spare = if up { written - worst } else { worst - written };
    (room > 0.0 && spare >= room).then(|| limit.nearer(worst, up)).flatten().map(|nearer| nearer.to_string())
}

/// For each gate that only observes: how many of its conditions hold now, which would block from its day on, and which limits
/// could be tighter.
pub fn adoption(decision: &Decision) -> Vec<String> {
    decision.gates.iter().filter(|gate| gate.judged).filter_map(of_gate).collect()
}

fn of_gate(gate: &GateDecision) -> Option<String> {
    let day = gate.observed_until.as_ref()?;
    let applying: Vec<&Reason> = gate.reasons.iter().filter(|reason| reason.applies).collect();
    if applying.is_empty() {
        return None;
    }
    let holding = applying.iter().filter(|reason| reason.verdict == Verdict::Pass).count();
    let blocking: Vec<&str> = applying
        .iter()
        .filter(|reason| reason.text.contains(WOULD_BLOCK))
        .map(|reason| reason.condition.as_str())
        .collect();
    let of = format::things(applying.len() as u64, "condition");
    let name = &gate.name;
    let said = match blocking.is_empty() {
        true => format!("{name} observes until {day}: {holding} of {of} hold, and nothing would block"),
        false => format!("{name} observes until {day}: {holding} of {of} hold; would block: {}", blocking.join(", ")),
    };
    let tighter = applying.iter().filter_map(|reason| {
        let nearer = reason.tighter.as_ref()?;
        Some(format!("{} could say {nearer}", reason.condition))
    });
    let tighter: Vec<String> = tighter.take(MOST).collect();
    Some(match tighter.is_empty() {
        true => said,
        false => format!("{said}; held with room to spare, here and at the base: {}", tighter.join(", ")),
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
            more_places: 0,
            next: None,
            labels: Labels::new(),
            own_run: false,
            tighter: (text == "b is 100").then(|| "90".to_owned()),
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
            reason("b >= 1", Verdict::Pass, "b is 100", true),
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
        let expected = "Tests observes until 2027-01-15: 1 of 2 conditions hold; would block: a >= 1; held with room to \
                        spare, here and at the base: b >= 1 could say 90";
        assert_eq!(said, [expected]);
    }

    #[test]
    fn a_limit_is_tighter_where_head_and_base_leave_room() {
        let bytes = |now: u64, before: u64| [Metric::bytes("x.n", now), Metric::bytes("x.n", before)];
        let share = |now: u64, before: u64| [now, before].map(|n| Metric::ratio("x.n", n, 1000).unwrap());
        for (condition, kept, nearer) in [
            ("x.n <= 600 KB", bytes(300_000, 412_345), Some("420 KB")),
            ("x.n <= 600 KB", bytes(300_000, 545_000), None),
            ("x.n <= 600 KB", bytes(700_000, 300_000), None),
            ("x.n >= 80%", share(917, 905), Some("90%")),
            ("x.n >= 80%", share(917, 849), None),
            ("x.n == 0 B", bytes(0, 0), None),
            ("x.n <= 0 B", bytes(0, 0), None),
            ("x.n <= base", bytes(0, 0), None),
        ] {
            let [now, before] = &kept;
            let found = tighter(&Condition::parse(condition).unwrap(), [now, before]);
            assert_eq!(found.as_deref(), nearer, "{condition}");
        }
        let uncertain = Metric::bytes("x.n", 100).within(50.0, 570.0);
        let limit = Condition::parse("x.n <= 600 B").unwrap();
        assert_eq!(tighter(&limit, [&uncertain, &Metric::bytes("x.n", 10)]), None);
    }
}
