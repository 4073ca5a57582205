//! Gates and their reasons.

use tollgate_model::{GateDecision, Reason, Run, Verdict, format};

use super::Page;
use crate::words;

/// How many conditions of one gate that do not hold are shown in full.
const REASONS: usize = 10;
/// How many places of one condition are shown.
const PLACES: usize = 5;

pub(super) fn all(page: &mut Page, run: &Run) {
    let mut after_short = false;
    for gate in run.decision.gates.iter().filter(|gate| gate.judged) {
        let short = page.verbosity <= 0 && gate.verdict == Verdict::Pass;
        if !(short && after_short) {
            page.blank();
        }
        after_short = short;
        match short {
            true => holds(page, gate),
            false => open(page, run, gate),
        }
        for sentence in words::sparing(gate) {
            page.say("  - ", 6, &sentence);
        }
    }
    if !after_short && run.decision.gates.iter().any(|gate| !gate.judged) {
        page.blank();
    }
    not_judged(page, run);
}

/// A gate that holds, in one line.
fn holds(page: &mut Page, gate: &GateDecision) {
    let what = match words::holding(gate) {
        0 => "does not apply".to_owned(),
        count => words::conditions_hold(count, false),
    };
    page.signed(0, gate.verdict, &words::signed(gate.verdict), 4, &format!("{}: {what}", gate.name));
}

/// A gate with its conditions.
fn open(page: &mut Page, run: &Run, gate: &GateDecision) {
    let observed = match &gate.observed_until {
        Some(day) => format!(" (adopting: a failure blocks from {day})"),
        None => String::new(),
    };
    page.signed(0, gate.verdict, &words::signed(gate.verdict), 4, &format!("{}{observed}", gate.name));
    let shown = if page.verbosity > 0 { usize::MAX } else { REASONS };
    let mut told = None;
    for one in words::open(gate).take(shown) {
        let next = words::next(run, one);
        reason(page, one, next.as_deref().filter(|_| next != told));
        told = next;
    }
    if let more @ 1.. = words::open(gate).count().saturating_sub(shown) {
        page.say("  ", 4, &format!("… {} (-v shows all)", format::things(more as u64, "more condition")));
    }
    let holding = words::holding(gate);
    if page.verbosity > 0 {
        for reason in gate.reasons.iter().filter(|reason| reason.applies && reason.verdict == Verdict::Pass) {
            page.signed(2, Verdict::Pass, words::sign(Verdict::Pass), 6, &reason.text);
        }
    } else if holding > 0 {
        page.signed(2, Verdict::Pass, words::sign(Verdict::Pass), 4, &words::conditions_hold(holding, true));
    }
}

/// Number and distance, places, next step; a step that the condition before has told already is left out.
fn reason(page: &mut Page, reason: &Reason, next: Option<&str>) {
    page.signed(2, reason.verdict, words::sign(reason.verdict), 4, &reason.text);
    for place in reason.places.iter().take(PLACES) {
        page.say("      ", 8, place);
    }
    if let more @ 1.. = words::more_places(reason, PLACES) {
        page.say("      ", 8, &format!("… {}", format::things(more, "more place")));
    }
    if let Some(next) = next {
        page.say("    next: ", 10, next);
    }
}

pub(super) fn not_judged(page: &mut Page, run: &Run) {
    for gate in run.decision.gates.iter().filter(|gate| !gate.judged) {
        let why = gate.reasons.first().map(|reason| format!(": {}", reason.text)).unwrap_or_default();
        page.say("- ", 4, &format!("not judged  {}{why}", gate.name));
    }
}
