//! Markdown: the comment on a pull request and `summary.md`.
//!
//! A headline, one table of gates, the steps to get there, then one folded part per checker. The whole is bounded: each
//! part has its share, whole rows and items are dropped from the end (the least important) and counted, so that no table
//! row is cut and every folded part is closed.

mod bounded;
mod details;

use tollgate_model::{GateDecision, Reason, Run, format};

use crate::layout::safe;
use crate::{escape, words};
use bounded::Bounded;

/// Upper bound of the text in bytes, so in characters too. A forge refuses comments of more than 65,536 characters.
pub const MARKDOWN_LIMIT: usize = 60_000;

const TABLE: usize = 18_000;
const STEPS: usize = 9_000;
const NOTES: usize = 3_000;
/// Longest sentence of a reason, before escaping.
const SENTENCE: usize = 400;
/// Longest name of a gate.
const NAME: usize = 80;
/// Places per step.
const PLACES: usize = 5;

/// The run as Markdown of less than [`MARKDOWN_LIMIT`] bytes.
pub fn markdown(run: &Run) -> String {
    let verdict = run.decision.verdict;
    let headline = safe(&words::headline(run, 160), 600);
    let mut text = format!("## {}: {}\n\n", words::signed(verdict), escape::markdown(&headline));
    text.push_str(&table(run));
    text.push_str(&relaxations(run));
    text.push_str(&headlines(run));
    text.push_str(&steps(run));
    text.push_str(&notes(run));
    let tail = tail(run);
    let room = MARKDOWN_LIMIT.saturating_sub(text.len() + tail.len());
    text.push_str(&details::all(run, room));
    text.push_str(&tail);
    text
}

fn table(run: &Run) -> String {
    if run.decision.gates.is_empty() {
        return String::new();
    }
    let mut rows = Bounded::new(TABLE);
    rows.push("| Verdict | Gate | Why |\n|---|---|---|\n");
    for gate in &run.decision.gates {
        let verdict = if gate.judged { words::signed(gate.verdict) } else { "not judged".to_owned() };
        let name = escape::markdown(&safe(&gate.name, NAME));
        rows.push(&format!("| {verdict} | {name} | {} |\n", escape::sentence(&why(gate))));
    }
    rows.finish("gate", "\n")
}

/// What checkers have to say first, where this change made it what it is.
fn headlines(run: &Run) -> String {
    let news = run.reports.iter().filter_map(|report| Some((report, report.headline.as_ref().filter(|one| one.news)?)));
    let mut lines = Bounded::new(NOTES);
    for (report, headline) in news {
        let name = escape::markdown(&safe(&words::name(report), NAME));
        lines.push(&format!("- {name}: {}\n", escape::sentence(&safe(&headline.text, SENTENCE))));
    }
    if lines.is_empty() { String::new() } else { lines.finish("line", "\n") }
}

/// What the change would relax, by name.
fn relaxations(run: &Run) -> String {
    let mut lines = Bounded::new(NOTES);
    for one in &run.decision.relaxations {
        lines.push(&format!("- {}\n", escape::sentence(&safe(&words::relaxed(one), SENTENCE))));
    }
    match lines.is_empty() {
        true => String::new(),
        false => format!("### {}\n\n{}", words::RELAXES, lines.finish("relaxation", "\n")),
    }
}

/// The worst reason, or what holds.
fn why(gate: &GateDecision) -> String {
    let open: Vec<&Reason> = words::open(gate).collect();
    let mut why = match (gate.judged, open.first(), words::holding(gate)) {
        (false, ..) => gate.reasons.first().map(|reason| reason.text.clone()).unwrap_or_default(),
        (true, Some(reason), _) => reason.text.clone(),
        (true, None, 0) => {
            let proof = gate.reasons.first().map(|reason| format!(": {}", reason.text));
            format!("does not apply{}", proof.unwrap_or_default())
        }
        (true, None, holding) => {
            let rest = gate.reasons.iter().filter(|reason| !reason.applies).count() as u64;
            let rest = (rest > 0).then(|| {
                format!(
                    "; {} not apply",
                    if rest == 1 { "1 does".to_owned() } else { format!("{} do", format::count(rest)) }
                )
            });
            format!("{}{}", words::conditions_hold(holding, false), rest.unwrap_or_default())
        }
    };
    why = safe(&why, SENTENCE);
    if gate.judged && open.len() > 1 {
        why.push_str(&format!(" (and {})", format::things(open.len() as u64 - 1, "more condition")));
    }
    if let Some(day) = gate.observed_until.as_ref().filter(|_| gate.judged) {
        why.push_str(&format!(" (adopting: a failure blocks from {})", safe(day, 20)));
    }
    why
}

fn steps(run: &Run) -> String {
    let mut steps = Bounded::new(STEPS);
    let mut seen = std::collections::BTreeSet::new();
    for gate in run.decision.gates.iter().filter(|gate| gate.judged) {
        for reason in words::open(gate) {
            if steps.is_full() {
                steps.count_one();
                continue;
            }
            let next = words::next(run, reason);
            if next.is_none() && reason.places.is_empty() {
                continue;
            }
            let next = next.unwrap_or_else(|| "look at".to_owned());
            let step = format!("{}{}", escape::sentence(&safe(&next, SENTENCE)), places(reason));
            if seen.insert(step.clone()) {
                steps.push(&format!("- {}: {step}\n", escape::markdown(&safe(&gate.name, NAME))));
            }
        }
    }
    for report in &run.reports {
        for problem in words::untold(run, report) {
            let text = safe(&words::problem(problem), SENTENCE);
            let name = safe(&words::name(report), NAME);
            steps.push(&format!("- {}: {}\n", escape::markdown(&name), escape::sentence(&text)));
        }
    }
    match steps.is_empty() {
        true => String::new(),
        false => format!("### To get there\n\n{}", steps.finish("step", "\n")),
    }
}

fn places(reason: &Reason) -> String {
    let shown: Vec<_> = reason.places.iter().take(PLACES).map(|place| escape::code(&safe(place, 200))).collect();
    match (shown.is_empty(), words::more_places(reason, PLACES)) {
        (true, _) => String::new(),
        (_, 0) => format!(" ({})", shown.join(", ")),
        (_, more) => format!(" ({} and {})", shown.join(", "), format::things(more, "more place")),
    }
}

fn notes(run: &Run) -> String {
    let mut notes = Bounded::new(NOTES);
    let warnings = run.decision.warnings.iter().map(|warning| format!("note: {warning}"));
    let not_examined = run.subject.not_examined.iter().map(|item| format!("not looked at: {item}"));
    for note in warnings.chain(not_examined) {
        notes.push(&format!("- {}\n", escape::sentence(&safe(&note, SENTENCE))));
    }
    match notes.is_empty() {
        true => String::new(),
        false => format!("### Notes\n\n{}", notes.finish("note", "\n")),
    }
}

fn tail(run: &Run) -> String {
    let subject = &run.subject;
    let rests_on = escape::markdown(&safe(&words::rests_on(run, 200), 400));
    let base = escape::markdown(&safe(&subject.base_origin, 300));
    let policy = escape::code(&safe(&subject.policy, 200));
    let tool = escape::markdown(&safe(&format!("{} {}", run.tool.name, run.tool.version), 100));
    format!("Rests on {rests_on}. Base: {base}. Policy: {policy}. {tool}\n")
}

#[cfg(test)]
mod tests;
