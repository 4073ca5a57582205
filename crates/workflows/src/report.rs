//! Puts what was found into a report.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use tollgate_check::{Checker as _, Context};
use tollgate_model::{
    Cause, Cell, Column, Confidence, Exhibit, ExhibitData, Finding, Fingerprinter, Headline, Location, Metric, Problem,
    Region, Report, Status, Unit, Word, format,
};

use crate::judge::{Check, Class};
use crate::machine::site::Link;
use crate::options::Options;
use crate::survey::{Found, Survey};
use crate::{RULES, Workflows};

/// How many rows a table has.
const MOST_ROWS: usize = 300;

/// How many findings are told.
const MOST_FINDINGS: usize = 2_000;

/// The metrics.
pub(crate) const METRICS: &[tollgate_model::MetricSpec] = &[
    tollgate_model::MetricSpec::new(
        "workflows.checks",
        Unit::Count,
        "Checks found in workflows and hooks, in all and by class",
    )
    .labels(&["class"])
    .counting("check"),
    tollgate_model::MetricSpec::new(
        "workflows.ineffective",
        Unit::Count,
        "Checks that surely cannot tell good from bad (confidence high)",
    )
    .counting("check"),
    tollgate_model::MetricSpec::new("workflows.effective", Unit::Percent, "Checks that can tell good from bad, of all")
        .counting("check"),
];

/// The report about `survey`; `before` is what the base holds, where the change touches what was read.
pub(crate) fn report(ctx: &Context<'_>, options: &Options, survey: Survey, before: Option<&Survey>) -> Report {
    let mut report = ctx.report(Workflows::NAME, Workflows::VERSION, Word::Tree);
    report.problems.clone_from(&survey.problems);
    let nothing = survey.workflows + survey.hooks == 0;
    report.status = if nothing {
        let looked = options.files.join(", ");
        let message = format!(
            "no workflow matches {looked} and no git hook lies in .husky or .githooks; name yours with workflows.files"
        );
        report.problems.push(Problem::new(Cause::NoEvidence, message));
        Status::Empty
    } else if report.problems.is_empty() {
        Status::Complete
    } else {
        Status::Incomplete
    };
    if nothing {
        return report;
    }
    report.metrics = metrics(&survey);
    report.findings = findings(&survey, options);
    let cut = report.findings.len().saturating_sub(MOST_FINDINGS);
    if cut > 0 {
        report.findings.truncate(MOST_FINDINGS);
        report.notes.push(format!("{} left out", format::things(cut as u64, "more finding")));
    }
    report.headline = Some(headline(&survey, before, options));
    report.notes.extend(notes(&survey));
    report.exhibits = vec![by_class(&survey), inventory(&survey)];
    report
}

fn count(survey: &Survey, class: Class) -> u64 {
    survey.checks.iter().filter(|check| check.class == class).count() as u64
}

fn ineffective(survey: &Survey) -> impl Iterator<Item = &Check> {
    survey.checks.iter().filter(|check| check.class != Class::Effective && check.confidence == Confidence::High)
}

fn metrics(survey: &Survey) -> Vec<Metric> {
    let mut all = vec![Metric::count("workflows.checks", survey.checks.len() as u64)];
    for class in Class::ALL {
        let of_class: Vec<&Check> = survey.checks.iter().filter(|check| check.class == class).collect();
        let metric = Metric::count("workflows.checks", of_class.len() as u64).label("class", class.word());
        let places = if class == Class::Effective { Vec::new() } else { places(of_class.into_iter()) };
        all.push(metric.places(places));
    }
    let count = ineffective(survey).count() as u64;
    all.push(Metric::count("workflows.ineffective", count).places(places(ineffective(survey))));
    all.extend(Metric::ratio("workflows.effective", self::count(survey, Class::Effective), survey.checks.len() as u64));
    all
}

fn places<'c>(checks: impl Iterator<Item = &'c Check>) -> Vec<String> {
    let mut all: Vec<&Check> = checks.collect();
    all.sort_by(|a, b| in_order(a, b));
    let name = |check: &&Check| format!("{}:{} {}", check.place.file, check.place.line, check.class.word());
    let mut named: Vec<String> = all.iter().map(name).collect();
    named.dedup();
    named
}

/// What is told first: by rank, then by place.
fn in_order(a: &Check, b: &Check) -> Ordering {
    let place = |check: &Check| (Rc::clone(&check.place.file), check.place.line);
    rank(a).cmp(&rank(b)).then_with(|| place(a).cmp(&place(b)))
}

/// What claims most and does least comes first.
fn rank(check: &Check) -> (u8, std::cmp::Reverse<Confidence>) {
    let class = match check.class {
        Class::PrintsOnly => 0,
        Class::NeverRuns => 1,
        Class::ResultIgnored => 2,
        Class::PassesWithoutInput => 3,
        Class::CannotPass => 4,
        Class::Effective => 5,
    };
    (class, std::cmp::Reverse(check.confidence))
}

/// `13 of 66 checks can tell good from bad (14 workflows, 1 hook)`.
fn summary(survey: &Survey) -> String {
    let good = count(survey, Class::Effective);
    let total = survey.checks.len() as u64;
    let mut where_ = Vec::new();
    if survey.workflows > 0 {
        where_.push(format::things(survey.workflows as u64, "workflow"));
    }
    if survey.hooks > 0 {
        where_.push(format::things(survey.hooks as u64, "hook"));
    }
    let where_ = where_.join(", ");
    match total {
        0 => format!("no check was found in {where_}"),
        1 if good == 1 => format!("the one check can tell good from bad ({where_})"),
        1 => format!("the one check cannot tell good from bad ({where_})"),
        _ if good == total => format!("all {total} checks can tell good from bad ({where_})"),
        _ => format!("{good} of {total} checks can tell good from bad ({where_})"),
    }
}

fn headline(survey: &Survey, before: Option<&Survey>, options: &Options) -> Headline {
    let text = summary(survey);
    let mut details = Vec::new();
    let counts: Vec<String> = Class::ALL
        .into_iter()
        .filter(|class| *class != Class::Effective)
        .map(|class| (class, count(survey, class)))
        .filter(|(_, count)| *count > 0)
        .map(|(class, count)| format!("{} {}", format::count(count), class.word()))
        .collect();
    if !counts.is_empty() {
        details.push(counts.join(", "));
    }
    if options.explain == Some(true) {
        details.extend(survey.checks.iter().filter(|check| check.class != Class::Effective).flat_map(explained));
        let beside = survey.found.iter().filter(|found| found.class.is_some());
        details.extend(
            beside.map(|found| {
                format!("{} {}:{}: {}", class_of(found), found.path, found.region.start_line, found.message)
            }),
        );
    } else {
        details.extend(reasons(survey));
    }
    let before_text = before.map(summary);
    let news = before_text.as_ref().is_some_and(|before| *before != text);
    let text = match before_text {
        Some(before) if news => format!("{text}; before this change: {before}"),
        _ => text,
    };
    Headline { text, details, news }
}

/// How many reasons stand on a terminal where nobody asked for all.
const MOST_REASONS: usize = 8;

/// How many of them are of lower confidence.
const MOST_UNSURE: usize = 3;

/// Why the worst checks are what they are, a line each, and what shows the rest.
fn reasons(survey: &Survey) -> Vec<String> {
    // What is wrong with a whole file is told once, below.
    let mut checks: Vec<&Check> = ineffective(survey).filter(|check| check.rule.is_some()).collect();
    checks.sort_by(|a, b| in_order(a, b));
    // Of each class some, rather than all of one.
    let of_class = |class: Class| checks.iter().filter(move |check| check.class == class).take(2);
    let chosen: Vec<&&Check> = Class::ALL.into_iter().flat_map(of_class).take(MOST_REASONS).collect();
    let mut lines: Vec<String> =
        chosen.iter().map(|check| format!("{}: {}", place(&check.place), check.message)).collect();
    let told = chosen.len();
    let beside: Vec<&Found> =
        survey.found.iter().filter(|found| found.class.is_some() && found.confidence == Confidence::High).collect();
    let room = MOST_REASONS.saturating_sub(lines.len()).max(2);
    lines.extend(
        beside.iter().take(room).map(|found| format!("{}:{}: {}", found.path, found.region.start_line, found.message)),
    );
    let unsure: Vec<&Check> =
        survey.checks.iter().filter(|check| check.rule.is_some() && check.confidence != Confidence::High).collect();
    let room_left = MOST_REASONS.saturating_sub(lines.len()).min(MOST_UNSURE);
    let said =
        |check: &&&Check| format!("{}: {} ({} confidence)", place(&check.place), check.message, check.confidence);
    lines.extend(unsure.iter().take(room_left).map(|check| said(&check)));
    let more =
        checks.len().saturating_sub(told) + beside.len().saturating_sub(room) + unsure.len().saturating_sub(room_left);
    if more > 0 {
        lines.push(format!("… and {} more; `--explain` shows all, with the chain to each", format::count(more as u64)));
    }
    lines
}

fn class_of(found: &Found) -> &'static str {
    found.class.map_or("", Class::word)
}

/// A check and the chain that leads to it.
fn explained(check: &Check) -> Vec<String> {
    let mut lines = vec![format!("{} {}: {}", check.class.word(), place(&check.place), check.message)];
    let mut chain: Vec<&Link> = check.chain.iter().collect();
    if let Some(cause) = check.cause.as_ref().filter(|cause| !cause.text.is_empty() && !chain.contains(cause)) {
        chain.push(cause);
    }
    for (depth, link) in chain.iter().enumerate() {
        let arrow = if depth == 0 { "" } else { "-> " };
        lines.push(format!("  {}{arrow}{}  {}", "  ".repeat(depth.min(6)), place(link), link.text));
    }
    lines
}

fn place(link: &Link) -> String {
    format!("{}:{}", link.file, link.line)
}

fn findings(survey: &Survey, options: &Options) -> Vec<Finding> {
    let mut names = Fingerprinter::default();
    let mut all = Vec::new();
    for check in &survey.checks {
        let Some(rule) = check.rule else { continue };
        let path = check.place.file.to_string();
        let context = format!("{} {} {}", check.job, check.step, check.place.text);
        let fingerprint = names.next(rule, &path, &context);
        let mut message = check.message.clone();
        if options.explain == Some(true) && check.chain.len() > 1 {
            let chain: Vec<String> = check.chain.iter().map(place).collect();
            message.push_str(&format!(" Reached by {}", chain.join(" -> ")));
        }
        let location = Location { path, region: Some(Region::lines(check.place.line, check.place.line)) };
        let mut finding = Finding::of(&RULES, rule, message, location, fingerprint);
        finding.confidence = check.confidence;
        let further = check.chain.iter().skip(1).chain(&check.cause);
        for link in further.filter(|link| **link != check.place && !link.file.is_empty()) {
            let location = Location { path: link.file.to_string(), region: Some(Region::lines(link.line, link.line)) };
            if !finding.related.contains(&location) {
                finding.related.push(location);
            }
        }
        finding.properties = BTreeMap::from([
            ("class".to_owned(), check.class.word().into()),
            ("job".to_owned(), check.job.clone().into()),
            ("step".to_owned(), check.step.clone().into()),
            ("tool".to_owned(), check.tool.clone().into()),
        ]);
        all.push(finding);
    }
    all.extend(survey.found.iter().map(|found| other(found, &mut names)));
    all.sort_by(|a, b| (std::cmp::Reverse(a.level), &a.location).cmp(&(std::cmp::Reverse(b.level), &b.location)));
    all
}

fn other(found: &Found, names: &mut Fingerprinter) -> Finding {
    let fingerprint = names.next(found.rule, &found.path, &found.context);
    let location = Location { path: found.path.clone(), region: Some(found.region) };
    let mut finding = Finding::of(&RULES, found.rule, found.message.clone(), location, fingerprint);
    finding.confidence = found.confidence;
    finding.related =
        found.related.iter().map(|(path, region)| Location { path: path.clone(), region: Some(*region) }).collect();
    if found.confidence == Confidence::Low {
        finding.level = tollgate_model::Level::Note;
    }
    if let Some(class) = found.class {
        finding.properties.insert("class".to_owned(), class.word().into());
    }
    finding
}

fn notes(survey: &Survey) -> Vec<String> {
    let mut notes = Vec::new();
    let unsure = survey
        .checks
        .iter()
        .filter(|check| check.class != Class::Effective && check.confidence != Confidence::High)
        .count();
    if unsure > 0 {
        let verb = if unsure == 1 { "does" } else { "do" };
        notes.push(format!(
            "{} of lower confidence {verb} not count in workflows.ineffective",
            format::things(unsure as u64, "check")
        ));
    }
    for check in survey.checks.iter().filter(|check| !check.uncovered.is_empty()).take(10) {
        let shown: Vec<&str> = check.uncovered.iter().take(4).map(String::as_str).collect();
        notes.push(format!(
            "{} ({}) covers {}; not: {}",
            place(&check.place),
            check.tool,
            format::things(check.covers.len() as u64, "package"),
            format::few(&shown, check.uncovered.len())
        ));
    }
    notes
}

fn by_class(survey: &Survey) -> Exhibit {
    let rows = Class::ALL
        .into_iter()
        .map(|class| vec![Cell::Text(class.word().to_owned()), Cell::Count(count(survey, class))])
        .collect();
    let columns = vec![Column::text("Class"), Column::number("Checks")];
    Exhibit {
        id: "classes".to_owned(),
        title: "Checks by class".to_owned(),
        data: ExhibitData::Table { columns, rows, omitted: 0 },
    }
}

fn inventory(survey: &Survey) -> Exhibit {
    let mut checks: Vec<&Check> = survey.checks.iter().collect();
    checks.sort_by(|a, b| in_order(a, b));
    let omitted = checks.len().saturating_sub(MOST_ROWS) as u64;
    let rows = checks
        .into_iter()
        .take(MOST_ROWS)
        .map(|check| {
            let class = match check.confidence {
                Confidence::High => check.class.word().to_owned(),
                other if check.class != Class::Effective => format!("{} ({other})", check.class.word()),
                _ => check.class.word().to_owned(),
            };
            let file = check.place.file.strip_prefix(".github/workflows/").unwrap_or(&check.place.file);
            vec![
                Cell::Text(class),
                Cell::Text(format!("{file}:{}", check.place.line)),
                Cell::Text(if check.kind == "other" {
                    check.tool.clone()
                } else {
                    format!("{} ({})", check.tool, check.kind)
                }),
                Cell::Text(check.step.clone()),
            ]
        })
        .collect();
    let columns = vec![Column::text("Class"), Column::text("Where"), Column::text("Tool"), Column::text("Step")];
    Exhibit {
        id: "checks".to_owned(),
        title: "Every check".to_owned(),
        data: ExhibitData::Table { columns, rows, omitted },
    }
}
