//! What each checker said, folded.

use tollgate_model::{Finding, Reason, Report, Run, format};

use super::bounded::Bounded;
use super::{NAME, SENTENCE, places};
use crate::layout::safe;
use crate::{checklist, escape, exhibit, words};

/// Less room than this is not worth opening a part.
const SMALLEST: usize = 1_500;
/// The tags, the summary line and the headings around the items.
const FRAME: usize = 1_000;
/// How many findings and inputs of one report are listed.
const ITEMS: usize = 25;
/// How many conditions of one report are listed.
const CONDITIONS: usize = 100;

/// One folded part per report and one for the conditions that rest on none, within `room` bytes.
pub(super) fn all(run: &Run, room: usize) -> String {
    let mut room = room.saturating_sub(200);
    let mut text = String::new();
    let mut left_out = 0;
    for (i, report) in run.reports.iter().enumerate() {
        let share = room / (run.reports.len() - i + 1);
        if share < SMALLEST {
            left_out += 1;
            continue;
        }
        let part = part(run, report, share);
        room = room.saturating_sub(part.len());
        text.push_str(&part);
    }
    let others = reasons(run, None);
    if !others.is_empty() && room >= SMALLEST {
        let mut items = Bounded::new(room - FRAME);
        others.iter().for_each(|item| items.push(item));
        text.push_str(&folded("other conditions", &items.finish("item", "\n")));
    }
    if left_out > 0 {
        text.push_str(&format!("{} left out here; `run.json` has all.\n\n", format::things(left_out, "more checker")));
    }
    text
}

fn folded(summary: &str, inside: &str) -> String {
    format!("<details><summary>{summary}</summary>\n\n{inside}</details>\n\n")
}

fn part(run: &Run, report: &Report, room: usize) -> String {
    let name = escape::markdown(&safe(&words::name(report), NAME));
    let summary = format!("{name}: {}, {}", words::status(report), words::word(report));
    let mut items = Bounded::new(room - FRAME);
    for problem in &report.problems {
        items.push(&item("", &words::problem(problem)));
    }
    reasons(run, Some(report)).iter().for_each(|reason| items.push(reason));
    let told = |because: &str| {
        let gates = run.decision.gates.iter().filter(|gate| gate.judged);
        gates.flat_map(|gate| &gate.reasons).any(|reason| !reason.applies && reason.text.contains(because))
    };
    for not in report.not_applicable.iter().filter(|not| !told(&not.because)) {
        items.push(&item("", &format!("{} does not apply: {}", not.what, not.because)));
    }
    for note in &report.notes {
        items.push(&item("", note));
    }
    for checklist in &report.checklists {
        items.push(&format!("\n{}\n\n", checklist::markdown(checklist, &run.subject).trim_end()));
    }
    findings(report).iter().for_each(|finding| items.push(finding));
    for exhibit in &report.exhibits {
        items.push(&format!("\n{}\n\n", exhibit::markdown(exhibit).trim_end()));
    }
    evidence(report).iter().for_each(|evidence| items.push(evidence));
    folded(&summary, &items.finish("item", "\n").replace("\n\n\n", "\n\n"))
}

fn item(lead: &str, text: &str) -> String {
    format!("- {lead}{}\n", escape::sentence(&safe(text, SENTENCE)))
}

/// The reasons that rest on the word of this report, or on no report's; worst first.
fn reasons(run: &Run, report: Option<&Report>) -> Vec<String> {
    let gates = run.decision.gates.iter().filter(|gate| gate.judged);
    let mut reasons: Vec<&Reason> = gates.flat_map(|gate| &gate.reasons).filter(|one| concerns(one, report)).collect();
    reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.verdict), !reason.applies));
    let one = |reason: &&Reason| {
        let verdict = if reason.applies { words::signed(reason.verdict) } else { "does not apply".to_owned() };
        let condition = escape::code(&safe(&reason.condition, 200));
        let text = escape::sentence(&safe(&reason.text, SENTENCE));
        format!("- {verdict}: {condition}: {text}{}\n", places(reason))
    };
    let mut lines: Vec<String> = reasons.iter().take(CONDITIONS).map(one).collect();
    lines.extend(more(reasons.len(), CONDITIONS, "condition"));
    lines
}

/// A reason about one instance names it in the label `target`.
fn concerns(reason: &Reason, report: Option<&Report>) -> bool {
    match report {
        None => reason.checker.is_none(),
        Some(report) => {
            let instance = reason.labels.get("target").is_none_or(|target| Some(target) == report.instance.as_ref());
            reason.checker.as_ref() == Some(&report.checker) && instance
        }
    }
}

fn more(count: usize, shown: usize, what: &str) -> Option<String> {
    (count > shown).then(|| format!("- … {}\n", format::things((count - shown) as u64, &format!("more {what}"))))
}

fn findings(report: &Report) -> Vec<String> {
    let mut findings: Vec<&Finding> = report.findings.iter().filter(|finding| finding.counts()).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.level, finding.severity)));
    let mut lines: Vec<String> = findings
        .iter()
        .take(ITEMS)
        .map(|finding| {
            let place =
                finding.location.as_ref().map(|place| format!(" at {}", escape::code(&safe(&place.to_string(), 200))));
            let rule = escape::code(&safe(&finding.rule, 100));
            item(&format!("{} {rule}{}: ", finding.level, place.unwrap_or_default()), &finding.message)
        })
        .collect();
    lines.extend(more(findings.len(), ITEMS, "finding"));
    lines
}

fn evidence(report: &Report) -> Vec<String> {
    let mut lines: Vec<String> = report
        .evidence
        .iter()
        .take(ITEMS)
        .map(|input| {
            let items = input.items.map(|items| format!(", {}", format::things(items, "item"))).unwrap_or_default();
            let path = escape::code(&safe(&input.path, 200));
            let kind = escape::markdown(&safe(&input.kind, 40));
            let digest = escape::code(&words::short(&input.blake3));
            format!("- evidence: {kind} {path}, {}{items}, blake3 {digest}\n", format::short_bytes(input.bytes))
        })
        .collect();
    lines.extend(more(report.evidence.len(), ITEMS, "input"));
    lines
}
