//! What was looked at less than at the base.
//!
//! A report that saw half as much as the base's can be complete all the same, and every condition may hold. So what
//! each instance of a checker looked at is compared with the base's report of it:
//!
//! - the number of inputs, and of the items that they held (files of a report, tests of results);
//! - numbers of things whose name ends with `.files`, `.inputs`, `.reports`, `.routes` or `.run`;
//! - out of how many things a percentage is, of series that have no label but `target`;
//! - whether there was anything to see at all.
//!
//! What is about a change is left aside, for the base's change was another one: a diff, a range of commits, and what
//! ends with `.patch`. So is what ends with `.file`, which is about the worst of many.
//!
//! A change explains that there is less: a file that it touches may be gone, and with it its lines. Of files, reports
//! and routes as many may be missing as it touches files, of inputs as many as it touches files of the packages that they
//! lie in: who edits a page of documentation takes no report away. Of items, of the things that a percentage is out of, and
//! of tests run, 20 for each file that it touches and 1 % of the base's. Where nobody could tell what the change
//! touches, nothing may be missing. Before there is a base, nothing is said. That a report is missing, or incomplete,
//! is the judge's to say.

use std::collections::BTreeMap;

use tollgate_model::{Evidence, Labels, Metric, Report, Status, Unit, format};

use super::{By, Relaxation, named};
use crate::catalog::TARGET;
use crate::scope::Change;

/// How many things of one file may be gone with it.
const PER_FILE: u64 = 20;

/// What part of all things may be gone whatever the change touches: one of this many.
const SHARE: u64 = 100;

/// What follows the name of a percentage where it stands for what it is out of.
const OUT_OF: &str = " (out of)";

/// What inputs hold, all together.
const ITEMS: &str = "the number of items in all inputs";

/// Endings of percentages that are about a change, or about the worst of many.
const OF_ONE: [&str; 2] = [".file", ".patch"];

/// How many inputs are named.
const NAMED: usize = 3;

/// Kinds of evidence that are about a change, and the kind that says that there is none.
const OF_A_CHANGE: &[&str] = &["diff", "range", "index", "nothing"];

/// How much less of something is explained by a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// One for each file.
    Files,
    /// Some for each file, and a share.
    Things,
}

/// What was looked at: how much of what, by its name.
type Seen = BTreeMap<String, (u64, Rule)>;

type ByInstance<'a> = BTreeMap<(&'a str, Option<&'a str>), Vec<&'a Report>>;

/// What was looked at less than at the base, by more than the change explains. Sorted.
pub fn shrinking(base: &[Report], head: &[Report], change: &Change) -> Vec<Relaxation> {
    let touched = match change {
        Change::NotYet(_) => return Vec::new(),
        Change::Known(files) => Some(files.as_slice()),
        Change::Unknown(_) => None,
    };
    let (before, after) = (by_instance(base), by_instance(head));
    let mut all = Vec::new();
    for (key, old) in &before {
        let Some(new) = after.get(key) else { continue };
        let texts = compared(old, new, touched);
        let by = || By::Evidence(key.0.to_owned());
        let told = |text| Relaxation::of_all(format!("{} {text}", named(key.0, key.1))).made_by(by());
        all.extend(texts.into_iter().map(told));
    }
    all.sort();
    all
}

fn by_instance(reports: &[Report]) -> ByInstance<'_> {
    let mut all = ByInstance::new();
    for report in reports {
        all.entry((&report.checker, report.instance.as_deref())).or_default().push(report);
    }
    all
}

fn compared(old: &[&Report], new: &[&Report], files: Option<&[String]>) -> Vec<String> {
    let touched = files.map(|files| files.len() as u64);
    let all_are = |reports: &[&Report], status| reports.iter().all(|r| r.status == status);
    if all_are(old, Status::Complete) && all_are(new, Status::Empty) {
        return vec!["had nothing to look at; at the base it had".to_owned()];
    }
    // It says itself what it lacks, and can let nothing pass.
    if new.iter().any(|report| report.status == Status::Incomplete) {
        return Vec::new();
    }
    let excused = |name: &str| new.iter().any(|r| r.not_applicable.iter().any(|n| n.what == name));
    let (before, after) = (seen(old), seen(new));
    let because = match touched {
        None => "nobody could tell what the change touches".to_owned(),
        Some(files) => format!("the change touches {}", format::things(files, "file")),
    };
    let mut texts: Vec<String> =
        fewer_inputs(old, new, files).map(|text| format!("{text}; {because}")).into_iter().collect();
    for (name, (had, rule)) in before {
        let metric = name.split([' ', '{']).next().unwrap_or_default();
        let now = match after.get(&name) {
            Some((now, _)) => *now,
            None if excused(metric) => continue,
            None => 0,
        };
        let explained = match (touched, rule) {
            (None, _) => 0,
            (Some(files), Rule::Files) => files,
            (Some(files), Rule::Things) => files.saturating_mul(PER_FILE).saturating_add(had / SHARE),
        };
        if had.saturating_sub(now) > explained {
            let (now, had) = (format::count(now), format::count(had));
            texts.push(match name.strip_suffix(OUT_OF) {
                Some(metric) => {
                    format!("looked at less: {metric} is out of {now}, at the base out of {had}; {because}")
                }
                None => format!("looked at less: {name} is {now}, at the base {had}; {because}"),
            });
        }
    }
    texts
}

/// That there are fewer inputs, by more than the files of the change that lie in their packages.
fn fewer_inputs(old: &[&Report], new: &[&Report], touched: Option<&[String]>) -> Option<String> {
    let (before, after) = (inputs(old), inputs(new));
    let lost: Vec<(&str, &str)> =
        before.iter().map(|(path, kind)| (*path, *kind)).filter(|(path, _)| !after.contains_key(path)).collect();
    // What is no file (an answer of a service) lies nowhere, so any file may have to do with it.
    let explains = |file: &&String| lost.iter().any(|(path, kind)| *kind != "file" || file.starts_with(package(path)));
    let explained = touched.unwrap_or_default().iter().filter(explains).count();
    (before.len().saturating_sub(after.len()) > explained).then(|| {
        let [now, had] = [after.len(), before.len()].map(|count| format::count(count as u64));
        let names: Vec<&str> = lost.iter().take(NAMED).map(|(path, _)| *path).collect();
        let without = format::few(&names, lost.len());
        format!("looked at less: the number of inputs is {now}, at the base {had}, without {without}")
    })
}

/// The folder that the folder of an input lies in, with a slash at its end: `packages/ui/` of
/// `packages/ui/coverage/lcov.info`. Empty for the root.
fn package(input: &str) -> &str {
    let above = |path: &str| path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
    let folder = &input[..above(input)];
    &folder[..above(folder)]
}

/// Paths of what all reports of one instance looked at, and of which kind each is.
fn inputs<'a>(reports: &[&'a Report]) -> BTreeMap<&'a str, &'a str> {
    let all = reports.iter().flat_map(|report| of_the_tree(report));
    all.map(|evidence| (evidence.path.as_str(), evidence.kind.as_str())).collect()
}

/// Evidence that is not about a change.
fn of_the_tree(report: &Report) -> impl Iterator<Item = &Evidence> {
    report.evidence.iter().filter(|evidence| !OF_A_CHANGE.contains(&evidence.kind.as_str()))
}

/// What all reports of one instance looked at.
fn seen(reports: &[&Report]) -> Seen {
    let mut all = Seen::new();
    let mut add = |name: String, count: u64, rule| {
        let entry = all.entry(name).or_insert((0, rule));
        entry.0 = entry.0.saturating_add(count);
    };
    for report in reports {
        for evidence in of_the_tree(report) {
            add(ITEMS.to_owned(), evidence.items.unwrap_or(0), Rule::Things);
        }
        for metric in &report.metrics {
            let name = metric.series();
            if let Some(rule) = counts(metric) {
                // A number that is none, or below zero, counts as nothing.
                add(name, metric.value as u64, rule);
            } else if let (Unit::Percent, Some(all)) = (metric.unit, metric.denominator)
                && own(&metric.labels) == 0
                && !OF_ONE.iter().any(|ending| metric.name.ends_with(ending))
            {
                add(format!("{name}{OUT_OF}"), all, Rule::Things);
            }
        }
    }
    all
}

/// How many labels a series has of its own.
fn own(labels: &Labels) -> usize {
    labels.keys().filter(|label| *label != TARGET).count()
}

/// By which rule a number of things that were looked at is compared; none of other numbers.
fn counts(metric: &Metric) -> Option<Rule> {
    let ending = metric.name.rsplit_once('.').map(|(_, ending)| ending)?;
    match ending {
        _ if metric.unit != Unit::Count => None,
        "files" | "inputs" | "reports" | "routes" => Some(Rule::Files),
        "run" => Some(Rule::Things),
        _ => None,
    }
}
