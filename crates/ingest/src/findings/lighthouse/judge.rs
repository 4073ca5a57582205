//! What a run comes to.

use std::collections::BTreeSet;

use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Metric, Problem, Unit, format};

use super::{Audit, MEASURED, Run, SLOWEST, score, tool};
use crate::findings::doubts::Doubts;
use crate::findings::json;
use crate::findings::page::{self, address};

/// Categories whose audits are answered by yes or no.
const ANSWERED: &[&str] = &["accessibility", "best-practices", "seo"];

/// What `scoreDisplayMode` may say; `error` is a mode too, and is looked at before.
const MODES: &[&str] = &["binary", "numeric", "informative", "manual", "notApplicable", "metricSavings"];

/// How many warnings of a run are kept.
const MOST_WARNINGS: usize = 5;

pub(super) fn judge(run: Run, doubts: &Doubts) -> Foreign {
    let mut foreign = Foreign { tools: vec![tool(run.version.clone())], written: run.written, ..Foreign::default() };
    let keys = ["finalDisplayedUrl", "finalUrl", "mainDocumentUrl", "requestedUrl"];
    let url = keys.iter().find_map(|key| run.urls.get(*key)).map(String::as_str).unwrap_or_default();
    if url.is_empty() {
        doubts.missing("finalDisplayedUrl");
    }
    foreign.definition = definition(&run);
    foreign.inputs = Some(Inputs::new(u64::from(!run.audits.is_empty()), "page"));
    error(&run, &mut foreign);
    scores(&run, url, doubts, &mut foreign);
    timings(&run, url, doubts, &mut foreign);
    answers(&run, url, doubts, &mut foreign);
    for warning in run.warnings.iter().take(MOST_WARNINGS) {
        foreign.notes.push(format!("Lighthouse warns: {}", crate::text::line(warning)));
    }
    foreign
}

/// What makes two runs comparable: the major version, which changes how scores are weighed, and for what device it ran.
fn definition(run: &Run) -> String {
    let major = run.version.split('.').next().unwrap_or_default();
    let settings = run.settings.values().map(String::as_str);
    [format!("Lighthouse {major}").as_str()].into_iter().chain(settings).collect::<Vec<_>>().join(", ")
}

/// The run failed, or some of its audits did.
fn error(run: &Run, foreign: &mut Foreign) {
    if let Some((code, message)) = run.error.as_ref().filter(|(code, _)| code != "NO_ERROR") {
        let code = if code.is_empty() { "an error without a code" } else { code };
        let what = format!("Lighthouse did not come to its end: {code} {message}");
        foreign.problems.push(Problem::new(Cause::Unfinished, what.trim_end()));
    }
    if run.audits.is_empty() {
        let what = "no audit was run; see why Lighthouse did not load the page";
        foreign.problems.push(Problem::new(Cause::NoEvidence, what));
    }
    let failed: Vec<_> = run.audits.iter().filter(|(_, audit)| audit.mode == "error").collect();
    if let Some((id, audit)) = failed.first() {
        let count = format::things(failed.len() as u64, "audit");
        let id = crate::text::name(id);
        let what = format!("{count} could not be run, the first being `{id}`: {}", audit.error);
        foreign.problems.push(Problem::new(Cause::Unfinished, what));
    }
}

fn scores(run: &Run, url: &str, doubts: &Doubts, foreign: &mut Foreign) {
    for category in &run.categories {
        match category.score {
            None => {
                let what = format!("`{}` has no score: one of its audits could not be run", category.id);
                foreign.problems.push(Problem::new(Cause::NoEvidence, what));
            }
            Some(value) => match score(&category.id, url, value) {
                Some(metric) => foreign.metrics.push(metric),
                None => doubts.wrong(|| format!("the score of `{}` is {value}, not 0 to 1", category.id)),
            },
        }
    }
}

fn timings(run: &Run, url: &str, doubts: &Doubts, foreign: &mut Foreign) {
    let mut timed = run.categories.iter().any(|category| category.id == "performance");
    for (id, name) in MEASURED {
        let Some(audit) = run.audits.get(*id) else { continue };
        match (audit.value, audit.mode.as_str()) {
            (Some(value), _) if value >= 0.0 => {
                timed = true;
                let metric = Metric::milliseconds(*name, value).label("url", address(url));
                foreign.metrics.push(if *name == "cls" { Metric { unit: Unit::Count, ..metric } } else { metric });
            }
            // It says so itself.
            (None, "error" | "notApplicable") => {}
            _ => doubts.wrong(|| format!("the audit `{id}` has no number")),
        }
    }
    match run.benchmark {
        _ if !timed => {}
        None => doubts.missing("benchmarkIndex"),
        Some(index) if index < SLOWEST => {
            let (index, slowest) = (format::decimal(index), format::decimal(SLOWEST));
            let what = format!(
                "the machine is too slow to measure on: its benchmark index is {index}, below {slowest}; run \
                 Lighthouse on a faster one, or one with less to do"
            );
            foreign.problems.push(Problem::new(Cause::TooClose, what));
        }
        Some(_) => {}
    }
}

/// Findings for audits that are answered by yes or no, each once; where there are no categories, because single audits
/// were asked for, for all of these.
fn answers(run: &Run, url: &str, doubts: &Doubts, foreign: &mut Foreign) {
    let mut asked: Vec<(&str, &str)> = Vec::new();
    for category in &run.categories {
        if category.audits.is_empty() {
            doubts.wrong(|| format!("the category `{}` has no audits", category.id));
        }
        asked.extend(category.audits.iter().map(|id| (category.id.as_str(), id.as_str())));
    }
    if run.categories.is_empty() {
        asked.extend(run.audits.keys().map(|id| ("", id.as_str())));
    }
    let (mut names, mut seen) = (Fingerprinter::default(), BTreeSet::new());
    for (category, id) in asked {
        let Some(audit) = run.audits.get(id) else {
            doubts.wrong(|| format!("the audit `{}` is missing", crate::text::name(id)));
            continue;
        };
        if audit.mode != "error" && !MODES.contains(&audit.mode.as_str()) {
            doubts.wrong(|| format!("the audit `{}` has no known scoreDisplayMode", crate::text::name(id)));
        }
        if (category.is_empty() || ANSWERED.contains(&category)) && failed(id, audit, doubts) && seen.insert(id) {
            let (rule, title) = (crate::text::name(id), crate::text::line(&audit.title));
            let message = format!("{title}: `{}`", page::page(url));
            let grade = (Level::Warning, None);
            let mut found = page::finding(&mut names, (&rule, url, ""), grade, message);
            found.properties.insert("category".to_owned(), category.into());
            foreign.findings.push(found);
            foreign.rules.push(json::rule(&rule, &title, Level::Warning, None, None));
        }
    }
}

/// Whether an audit is answered by no.
fn failed(id: &str, audit: &Audit, doubts: &Doubts) -> bool {
    match (audit.mode.as_str(), audit.score) {
        ("binary", Some(0.0)) => true,
        ("binary", Some(1.0)) => false,
        ("binary", _) => {
            doubts.wrong(|| format!("the audit `{}` has no score of 0 or 1", crate::text::name(id)));
            false
        }
        _ => false,
    }
}
