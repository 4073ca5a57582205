//! The JSON of Lighthouse (`--output json`): one run on one page.
//!
//! Read are `lighthouseVersion`, the addresses, `fetchTime`, `runtimeError`, `runWarnings`,
//! `environment.benchmarkIndex`, `configSettings` (`formFactor`, `throttlingMethod`), `audits` (`title`, `score`,
//! `scoreDisplayMode`, `numericValue`, `errorMessage`) and `categories` (`score`, `auditRefs`), as Lighthouse's
//! docs/understanding-results.md describes them. One run says little about speed: several of one page are put together
//! by [`combine`](super::combine()).

mod judge;
#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeMap;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Foreign, Level, Metric, MetricSpec, ToolInfo, Unit};

use super::doubts::Doubts;
use super::{Format, Grade, json};

/// The smallest `benchmarkIndex` of a machine whose timings are taken as they are.
///
/// Lighthouse's docs/throttling.md ("Benchmarking CPU Power") puts desktops at 1000 and more, and the mid-tier phones
/// that it imitates by slowing the machine down four times at 125 to 800. Below 500, a quarter is less than 125, the
/// index of the slowest phones: the timings are those of another class of device than the report says. Lighthouse
/// itself warns below 1000.
pub(super) const SLOWEST: f64 = 500.0;

/// Audits that measure, and the metrics they become.
const MEASURED: &[(&str, &str)] = &[
    ("largest-contentful-paint", "lcp"),
    ("first-contentful-paint", "fcp"),
    ("total-blocking-time", "tbt"),
    ("cumulative-layout-shift", "cls"),
    ("speed-index", "si"),
    ("interactive", "tti"),
    ("interaction-to-next-paint", "inp"),
];

const LABELS: &[&str] = &["url"];

pub(super) const METRICS: &[MetricSpec] = &[
    MetricSpec::new("score", Unit::Percent, "Lighthouse's score of a category, 0 to 100.").labels(&["category", "url"]),
    MetricSpec::new("lcp", Unit::Milliseconds, "Largest contentful paint.").labels(LABELS),
    MetricSpec::new("fcp", Unit::Milliseconds, "First contentful paint.").labels(LABELS),
    MetricSpec::new("tbt", Unit::Milliseconds, "Total blocking time.").labels(LABELS),
    MetricSpec::new("cls", Unit::Count, "Cumulative layout shift, which has no unit.").labels(LABELS),
    MetricSpec::new("si", Unit::Milliseconds, "Speed index.").labels(LABELS),
    MetricSpec::new("tti", Unit::Milliseconds, "Time to interactive.").labels(LABELS),
    MetricSpec::new("inp", Unit::Milliseconds, "Interaction to next paint, of a timespan run only.").labels(LABELS),
];

const GRADES: &[Grade] = &[Grade::new("binary", Level::Warning, None)];

pub(super) const FORMAT: Format = Format {
    id: "lighthouse",
    name: "Lighthouse",
    writers: "`lighthouse URL --output json`, Lighthouse CI's `lhr-*.json`",
    about: "A finding is an audit of accessibility, best practices or SEO that is answered by yes or no, and failed. \
            Scores and timings are metrics; several runs of one page become their median, and the interval from the \
            least to the greatest. A machine whose benchmark index is below 500 measures nothing that can be compared.",
    grades: GRADES,
    metrics: METRICS,
    detect: |sniff| sniff.is_object(&["lighthouseVersion"]),
    read,
};

/// An audit.
#[derive(Debug, Default)]
struct Audit {
    title: String,
    score: Option<f64>,
    mode: String,
    value: Option<f64>,
    error: String,
}

/// A category.
#[derive(Debug, Default)]
struct Category {
    id: String,
    score: Option<f64>,
    audits: Vec<String>,
}

/// A report, before it is judged.
#[derive(Debug, Default)]
struct Run {
    version: String,
    /// The addresses by their key.
    urls: BTreeMap<String, String>,
    written: Option<i64>,
    /// Code and message.
    error: Option<(String, String)>,
    warnings: Vec<String>,
    benchmark: Option<f64>,
    /// `formFactor` and `throttlingMethod`, which decide what timings and scores mean.
    settings: BTreeMap<String, String>,
    audits: BTreeMap<String, Audit>,
    categories: Vec<Category>,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let (mut run, doubts) = (Run::default(), Doubts::default());
    reader.object(|reader, key| {
        match key {
            "lighthouseVersion" => run.version = doubts.word(reader, key)?,
            "requestedUrl" | "finalUrl" | "finalDisplayedUrl" | "mainDocumentUrl" => {
                run.urls.extend(doubts.text_or_none(reader, key)?.map(|url| (key.to_owned(), url)));
            }
            "fetchTime" => run.written = tollgate_model::moment(&doubts.text(reader, key)?),
            "runtimeError" => run.error = error(reader, &doubts)?,
            "runWarnings" => run.warnings = json::texts(reader)?,
            "environment" => doubts.object(reader, key, |reader, key| {
                if key == "benchmarkIndex" {
                    run.benchmark = doubts.decimal_or_none(reader, key)?;
                }
                Ok(())
            })?,
            "configSettings" => doubts.object(reader, key, |reader, key| {
                if matches!(key, "formFactor" | "throttlingMethod") {
                    run.settings.insert(key.to_owned(), doubts.word(reader, key)?);
                }
                Ok(())
            })?,
            "audits" => doubts.object(reader, key, |reader, id| {
                if run.audits.insert(id.to_owned(), audit(reader, &doubts)?).is_some() {
                    doubts.wrong(|| format!("the audit `{}` stands there twice", crate::text::name(id)));
                }
                Ok(())
            })?,
            "categories" => doubts.object(reader, key, |reader, id| {
                run.categories.push(category(reader, id, &doubts)?);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    reader.end()?;
    let mut foreign = judge::judge(run, &doubts);
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn error(reader: &mut Reader, doubts: &Doubts) -> Result<Option<(String, String)>, InputError> {
    if reader.kind()? == Kind::Null {
        return Ok(None);
    }
    let (mut code, mut message) = (String::new(), String::new());
    doubts.object(reader, "runtimeError", |reader, key| {
        match key {
            "code" => code = doubts.word(reader, key)?,
            "message" => message = crate::text::line(&json::text(reader)?.unwrap_or_default()),
            _ => {}
        }
        Ok(())
    })?;
    Ok(Some((code, message)))
}

fn audit(reader: &mut Reader, doubts: &Doubts) -> Result<Audit, InputError> {
    let mut audit = Audit::default();
    doubts.object(reader, "audits", |reader, key| {
        match key {
            "title" => audit.title = doubts.text(reader, key)?,
            "score" => audit.score = doubts.decimal_or_none(reader, key)?,
            "scoreDisplayMode" => audit.mode = doubts.word(reader, key)?,
            "numericValue" => audit.value = doubts.decimal_or_none(reader, key)?,
            "errorMessage" => audit.error = crate::text::line(&json::text(reader)?.unwrap_or_default()),
            _ => {}
        }
        Ok(())
    })?;
    Ok(audit)
}

fn category(reader: &mut Reader, id: &str, doubts: &Doubts) -> Result<Category, InputError> {
    let mut category = Category { id: crate::text::name(id), ..Category::default() };
    doubts.object(reader, "categories", |reader, key| match key {
        "score" => {
            category.score = doubts.decimal_or_none(reader, key)?;
            Ok(())
        }
        "auditRefs" => doubts.list(reader, key, |reader| {
            let mut id = None;
            doubts.object(reader, "auditRefs", |reader, key| {
                if key == "id" {
                    id = Some(doubts.text(reader, key)?);
                }
                Ok(())
            })?;
            match id {
                Some(id) => category.audits.push(id),
                None => doubts.missing("id"),
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    Ok(category)
}

/// Lighthouse in this version.
fn tool(version: String) -> ToolInfo {
    ToolInfo { name: "Lighthouse".to_owned(), version }
}

/// A score of 0 to 1 as a percentage; none where it is no score.
pub(super) fn score(category: &str, url: &str, score: f64) -> Option<Metric> {
    let hundredths = (score * 100.0).round();
    let whole = (score * 100.0 - hundredths).abs() < 1e-6;
    let metric = match score {
        _ if !(0.0..=1.0).contains(&score) => return None,
        // Lighthouse rounds to hundredths, which as a ratio are exact.
        _ if whole => Metric::ratio("score", hundredths as u64, 100)?,
        _ => Metric { unit: Unit::Percent, value: score * 100.0, ..Metric::count("score", 0) },
    };
    Some(metric.label("category", category).label("url", super::page::address(url)))
}
