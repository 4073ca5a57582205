//! Our own reports on their way to the host.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use tollgate_model::{Finding, Level as Loud, Report, Rule, Severity, State};

use super::Limits;
use super::files::{Files, pack};
use super::kept::{Kept, Level, Worst, largest};
use super::left::Left;
use crate::convert;
use crate::merge::MergeError;
use crate::merge::names::Name;

/// Adds the run of `report`, or says that it has none for the host.
///
/// # Errors
/// What the files say.
pub(super) fn add(
    report: &Report,
    name: Name,
    limits: &Limits,
    files: &mut Files<'_>,
    said: &mut Vec<String>,
) -> Result<(), MergeError> {
    let who = match &report.instance {
        Some(instance) => format!("{} {instance}", report.checker),
        None => report.checker.clone(),
    };
    let security: Vec<&Rule> =
        report.rules.iter().filter(|rule| rule.tags.iter().any(|tag| tag == "security")).collect();
    if security.is_empty() {
        said.push(format!("{who}: no rule is tagged `security`, nothing uploaded"));
        return Ok(());
    }
    let listed: BTreeSet<&str> = report.rules.iter().map(|rule| rule.id.as_str()).collect();
    let wanted: BTreeSet<&str> = security.iter().map(|rule| rule.id.as_str()).collect();
    let (mut left, mut worst) = (Left::default(), Worst::new(limits.results));
    for (place, finding) in report.findings.iter().enumerate() {
        match () {
            () if !listed.contains(finding.rule.as_str()) => left.unlisted += 1,
            () if !wanted.contains(finding.rule.as_str()) => {}
            () if finding.suppressed.is_some() => left.suppressed += 1,
            () if finding.state == Some(State::Absent) => left.absent += 1,
            () => worst.add(kept(finding, place as u64)),
        }
    }
    left.over = worst.over;
    let kept = worst.sorted();
    let attempt = |count: usize, all: bool| {
        let mut places: Vec<u64> = kept.iter().take(count).map(|kept| kept.ordinal.0).collect();
        places.sort_unstable();
        let findings = places.iter().filter_map(|place| report.findings.get(usize::try_from(*place).ok()?));
        let part = part(report, &security, findings, limits, all);
        let mut run = convert::run(&part);
        run.automation_details.id.clone_from(&name.category);
        let rules = (security.len() - part.rules.len()) as u64;
        pack(limits.room(), |out| out.json(&run).map(|()| rules))
    };
    let mut found = largest(kept.len(), |count| attempt(count, true))?;
    if found.is_none() {
        found = largest(kept.len(), |count| attempt(count, false))?;
    }
    let Some((count, packed)) = found else {
        said.push(format!("{who}: a file of the host's size has no room for it, nothing uploaded"));
        return Ok(());
    };
    left.too_large = (kept.len() - count) as u64;
    left.rules = packed.counted;
    files.add(&packed.bytes)?;
    left.sentences(&who, said);
    Ok(())
}

fn kept(finding: &Finding, place: u64) -> Kept<()> {
    let level = match finding.level {
        Loud::Note => Level::Note,
        Loud::Warning => Level::Warning,
        Loud::Error => Level::Error,
    };
    let severity = match finding.severity {
        None => 0,
        Some(Severity::Low) => 300,
        Some(Severity::Medium) => 600,
        Some(Severity::High) => 800,
        Some(Severity::Critical) => 950,
    };
    Kept { level, severity, ordinal: Reverse(place), more: () }
}

/// The report with these findings, and with as many of the rules as there may be: those first that found something, and
/// `all` others.
fn part<'f>(
    report: &Report,
    rules: &[&Rule],
    findings: impl Iterator<Item = &'f Finding>,
    limits: &Limits,
    all: bool,
) -> Report {
    let cut = |finding: &Finding| {
        let mut finding = finding.clone();
        finding.related.truncate(limits.locations);
        finding
    };
    let findings: Vec<Finding> = findings.map(cut).collect();
    let used: BTreeSet<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    let mut room = if all { limits.rules.saturating_sub(used.len()) } else { 0 };
    let mut listed = Vec::new();
    for rule in rules {
        if used.contains(rule.id.as_str()) || room > 0 {
            room = room.saturating_sub(usize::from(!used.contains(rule.id.as_str())));
            listed.push(rule.bare());
        }
    }
    let mut part = Report::new(&report.checker, &report.tool.version, report.subject.clone());
    part.tool = report.tool.clone();
    part.instance.clone_from(&report.instance);
    part.status = report.status;
    part.problems.clone_from(&report.problems);
    part.rules = listed;
    part.findings = findings;
    part
}
