//! What checkers say: problems always, the rest when asked for.

use tollgate_model::{Finding, Level, Metric, Report, Run, State, Suppression, Verdict, format};

use super::Page;
use crate::layout::{shorten, width};
use crate::{checklist, escape, exhibit, words};

/// How many problems of one checker are shown before -v.
const PROBLEMS: usize = 10;
/// How many metrics, findings and inputs of one report are shown.
const ITEMS: usize = 100;

/// Problems under their checkers. Those that a reason above already told are not repeated.
pub(super) fn problems(page: &mut Page, run: &Run) {
    let shown = if page.verbosity > 0 { usize::MAX } else { PROBLEMS };
    for report in &run.reports {
        let count = words::untold(run, report).count();
        if count == 0 {
            continue;
        }
        page.blank();
        let head = format!("{} {}", words::name(report), words::status(report));
        page.signed(0, Verdict::Unknown, words::sign(Verdict::Unknown), 4, &head);
        for problem in words::untold(run, report).take(shown) {
            page.say("    ", 6, &words::problem(problem));
        }
        more(page, count, shown, "problem");
    }
}

/// Everything there is to see of each report.
pub(super) fn all(page: &mut Page, run: &Run) {
    for report in &run.reports {
        page.blank();
        let head = format!(
            "{} {}: {}, {}",
            words::name(report),
            report.tool.version,
            words::status(report),
            words::word(report)
        );
        page.say("", 4, &head);
        for note in &report.notes {
            page.say("  note: ", 8, note);
        }
        metrics(page, &report.metrics);
        findings(page, report);
        for checklist in &report.checklists {
            page.say("  ", 4, &format!("{} {}: {}", checklist.name, checklist.edition, checklist.counted()));
            for line in checklist::lines(checklist, page.columns - 4) {
                page.line(&format!("    {line}"));
            }
        }
        for exhibit in &report.exhibits {
            page.say("  ", 4, &exhibit.title);
            for line in exhibit::lines(exhibit, page.columns - 4) {
                page.line(&format!("    {line}"));
            }
        }
        evidence(page, report);
    }
}

fn metrics(page: &mut Page, metrics: &[Metric]) {
    let series = |metric: &Metric| escape::terminal(&metric.series()).into_owned();
    let room = page.columns.saturating_sub(32);
    let wide = metrics.iter().take(ITEMS).map(|metric| width(&series(metric))).max().unwrap_or(0).min(room);
    for metric in metrics.iter().take(ITEMS) {
        let value = metric.shown();
        page.line(&format!("    {:<wide$}  {value}", shorten(&series(metric), wide)));
    }
    more(page, metrics.len(), ITEMS, "metric");
}

fn findings(page: &mut Page, report: &Report) {
    let mut findings: Vec<&Finding> = report.findings.iter().filter(|finding| finding.counts()).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.level, finding.severity)));
    for finding in findings.iter().take(ITEMS) {
        let verdict = match finding.level {
            Level::Error => Verdict::Fail,
            Level::Warning => Verdict::Warn,
            Level::Note => Verdict::Pass,
        };
        let place = finding.location.as_ref().map(|place| format!("  {place}")).unwrap_or_default();
        page.signed(2, verdict, finding.level.word(), 6, &format!("{}{place}", finding.rule));
        page.say("      ", 6, &finding.message);
        let name = finding.fingerprint.as_str();
        // A secret's message names its digest.
        if !finding.discreet && !finding.message.contains(name) {
            page.say("      ", 6, &format!("fingerprint {name}"));
        }
    }
    more(page, findings.len(), ITEMS, "finding");
    silent(page, report);
}

/// What somebody decided not to count, with the reason.
fn silent(page: &mut Page, report: &Report) {
    let silent = report.findings.iter().filter(|finding| finding.state != Some(State::Absent));
    let silent: Vec<(&Finding, &Suppression)> = silent.filter_map(|f| Some((f, f.suppressed.as_ref()?))).collect();
    if silent.is_empty() {
        return;
    }
    page.say("  ", 4, &format!("{} not counted:", format::things(silent.len() as u64, "finding")));
    for (finding, suppression) in silent.iter().take(ITEMS) {
        let place = finding.location.as_ref().map(|place| format!("  {place}")).unwrap_or_default();
        let owner = suppression.owner.as_ref().map(|owner| format!(", {owner}")).unwrap_or_default();
        let until = suppression.expires.as_ref().map(|day| format!(", until {day}")).unwrap_or_default();
        page.say("    ", 6, &format!("{}{place}: {}{owner}{until}", finding.rule, suppression.reason));
    }
    more(page, silent.len(), ITEMS, "finding");
}

fn evidence(page: &mut Page, report: &Report) {
    if !report.evidence.is_empty() {
        page.line("  Evidence");
    }
    for item in report.evidence.iter().take(ITEMS) {
        let items = item.items.map(|items| format!(", {}", format::things(items, "item"))).unwrap_or_default();
        let size = format::short_bytes(item.bytes);
        let digest = words::short(&item.blake3);
        page.say("    ", 6, &format!("{} {}, {size}{items}, blake3 {digest}", item.kind, item.path));
    }
    more(page, report.evidence.len(), ITEMS, "input");
}

fn more(page: &mut Page, count: usize, shown: usize, what: &str) {
    if count > shown {
        page.say("    ", 6, &format!("… {}", format::things((count - shown) as u64, &format!("more {what}"))));
    }
}
