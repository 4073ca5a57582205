//! What Lighthouse CI leaves in `.lighthouseci/`: the manifest of its runs, and the results of its assertions.
//!
//! - `manifest.json`: a list of `{url, isRepresentativeRun, htmlPath, jsonPath, summary{category: score}}`, an entry per
//!   run.
//! - `assertion-results.json`: a list of `{name, expected, actual, values, operator, passed, auditProperty, auditId,
//!   level, url}`; assertions that passed are in it only with `includePassedAssertions`. Where all passed it is an empty
//!   list, which does not say who wrote it.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Metric, Problem, ToolInfo};

use super::combine::spread;
use super::doubts::Doubts;
use super::{Format, Grade, json, lighthouse, page};

pub(super) const MANIFEST: Format = Format {
    id: "lighthouse-ci",
    name: "Lighthouse CI manifest",
    writers: "`lhci upload --target=filesystem` (manifest.json)",
    about: "Scores only. Several runs of one page become their median, and the interval from the least to the \
            greatest: a condition passes where the whole interval does. The reports beside it say more.",
    grades: &[],
    metrics: &[lighthouse::METRICS[0]],
    detect: |sniff| {
        sniff.is_list(&["url", "summary"])
            && (sniff.has_keys(&["isRepresentativeRun"]) || sniff.has_keys(&["jsonPath"]))
    },
    read: manifest,
};

const GRADES: &[Grade] = &[
    Grade::new("error", Level::Error, None),
    Grade::new("warn", Level::Warning, None),
    Grade::new("off", Level::Note, None),
];

pub(super) const ASSERTIONS: Format = Format {
    id: "lighthouse-ci-assertions",
    name: "Lighthouse CI assertions",
    writers: "`lhci assert` (assertion-results.json), with `includePassedAssertions`",
    about: "A finding is an assertion that failed. Without `includePassedAssertions` a run in which all passed leaves \
            an empty list, which is no evidence.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| {
        sniff.is_list(&["passed", "operator"]) && (sniff.has_keys(&["auditId"]) || sniff.has_keys(&["expected"]))
    },
    read: assertions,
};

fn start(noun: &str, count: u64) -> Foreign {
    let tools = vec![ToolInfo { name: "Lighthouse CI".to_owned(), version: String::new() }];
    Foreign { tools, inputs: Some(Inputs::new(count, noun)), ..Foreign::default() }
}

fn manifest(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts) = (Reader::new(window), Doubts::default());
    let (mut foreign, mut runs) = (start("run", 0), 0);
    let mut series: BTreeMap<String, Vec<Metric>> = BTreeMap::new();
    reader.array(|reader| {
        runs += 1;
        let (mut url, mut scores) = (String::new(), Vec::new());
        doubts.object(reader, "a run", |reader, key| match key {
            "url" => {
                url = doubts.text(reader, key)?;
                Ok(())
            }
            "summary" => doubts.object(reader, key, |reader, key| {
                scores.push((crate::text::name(key), doubts.decimal_or_none(reader, key)?));
                Ok(())
            }),
            _ => Ok(()),
        })?;
        if url.is_empty() {
            doubts.missing("url");
        }
        if scores.is_empty() {
            doubts.wrong(|| "`summary` has no scores".to_owned());
        }
        for (category, value) in scores {
            match value.map(|value| lighthouse::score(&category, &url, value)) {
                None => {
                    let what = format!("`{category}` of `{}` has no score in one of the runs", page::page(&url));
                    foreign.problems.push(Problem::new(Cause::NoEvidence, what));
                }
                Some(None) => doubts.wrong(|| format!("a score of `{category}` is not 0 to 1")),
                Some(Some(metric)) => series.entry(metric.series()).or_default().push(metric),
            }
        }
        Ok(())
    })?;
    reader.end()?;
    foreign.inputs = Some(Inputs::new(runs, "run"));
    foreign.metrics = series.into_values().filter_map(spread).collect();
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

/// An assertion.
#[derive(Default)]
struct Assertion {
    /// What is asserted: `minScore`, `maxNumericValue`, `auditRan`.
    name: String,
    audit: String,
    property: Vec<String>,
    expected: String,
    actual: String,
    operator: String,
    level: String,
    url: String,
    passed: Option<bool>,
}

fn assertions(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts) = (Reader::new(window), Doubts::default());
    let (mut foreign, mut all) = (start("assertion", 0), 0);
    let mut names = Fingerprinter::default();
    reader.array(|reader| {
        all += 1;
        let assertion = assertion(reader, &doubts)?;
        if assertion.passed == Some(true) {
            return Ok(());
        }
        let grade = doubts.grade(GRADES, &assertion.level);
        let rule = if assertion.audit.is_empty() { "assertion" } else { &assertion.audit };
        let what = [&assertion.property.join("."), &assertion.name].map(String::as_str).join(" ");
        let message = format!(
            "{} of `{}`: expected {} {}, was {}",
            what.trim(),
            page::page(&assertion.url),
            assertion.operator,
            assertion.expected,
            if assertion.actual.is_empty() { "not measured" } else { &assertion.actual }
        );
        foreign.findings.push(page::finding(&mut names, (rule, &assertion.url, &what), grade, message));
        Ok(())
    })?;
    reader.end()?;
    foreign.inputs = Some(Inputs::new(all, "assertion"));
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn assertion(reader: &mut Reader, doubts: &Doubts) -> Result<Assertion, InputError> {
    let mut assertion = Assertion::default();
    doubts.object(reader, "an assertion", |reader, key| {
        match key {
            "name" => assertion.name = doubts.word(reader, key)?,
            "auditId" => assertion.audit = doubts.word_or_none(reader, key)?.unwrap_or_default(),
            "auditProperty" => assertion.property = json::texts(reader)?,
            "expected" => assertion.expected = shown(reader)?,
            "actual" => assertion.actual = shown(reader)?,
            "operator" => assertion.operator = doubts.word(reader, key)?,
            "level" => assertion.level = doubts.word(reader, key)?,
            "url" => assertion.url = doubts.text_or_none(reader, key)?.unwrap_or_default(),
            "passed" => assertion.passed = doubts.flag(reader, key)?,
            _ => {}
        }
        Ok(())
    })?;
    if assertion.passed.is_none() {
        doubts.missing("passed");
    }
    Ok(assertion)
}

/// A value for a message; empty where there is none.
fn shown(reader: &mut Reader) -> Result<String, InputError> {
    match reader.kind()? {
        Kind::Bool => reader.bool().map(|value| value.to_string()),
        _ => Ok(json::word(reader)?.unwrap_or_default()),
    }
}
