//! The JSON of pa11y (`--reporter json`) and of pa11y-ci (`--json`).
//!
//! pa11y writes a list of `{code, type, typeCode, message, context, selector, runner}`, pa11y-ci an object with `total`
//! pages, `passes`, `errors` and `results`, a list as pa11y's for each address. A page that could not be tested has
//! `{message}` instead, which pa11y-ci counts neither as passed nor as an error.

#[cfg(test)]
mod tests;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Metric, MetricSpec, Problem, ToolInfo, Unit};

use super::doubts::Doubts;
use super::{Format, Grade, page};

const GRADES: &[Grade] = &[
    Grade::new("error", Level::Error, None),
    Grade::new("warning", Level::Warning, None),
    Grade::new("notice", Level::Note, None),
];

pub(super) const ONE: Format = Format {
    id: "pa11y",
    name: "pa11y",
    writers: "`pa11y --reporter json URL`",
    about: "A finding is an element that breaks a rule. The report does not name its page, and that of a page without \
            fault is an empty list, which does not say who wrote it: pa11y-ci says both.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| sniff.is_list(&["code", "type", "message", "selector"]),
    read: read_one,
};

pub(super) const MANY: Format = Format {
    id: "pa11y-ci",
    name: "pa11y-ci",
    writers: "`pa11y-ci --json`, its `json` reporter",
    about: "A finding is an element that breaks a rule. Pages within their `threshold` are written without what was \
            found on them. A page that could not be tested makes the source incomplete.",
    grades: GRADES,
    metrics: &[
        MetricSpec::new("pages", Unit::Count, "Pages that were tested.").counting("page"),
        MetricSpec::new("passes", Unit::Count, "Pages without fault, or within their threshold.").counting("page"),
    ],
    detect: |sniff| sniff.is_object(&["total", "passes", "errors"]) || sniff.is_object(&["passes", "results"]),
    read: read_many,
};

/// What pa11y found on an element.
#[derive(Default)]
struct Issue {
    code: String,
    kind: Option<String>,
    message: String,
    selector: String,
}

fn start(name: &str) -> Foreign {
    Foreign { tools: vec![ToolInfo { name: name.to_owned(), version: String::new() }], ..Foreign::default() }
}

fn read_one(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts, mut names) = (Reader::new(window), Doubts::default(), Fingerprinter::default());
    let mut foreign = start("pa11y");
    reader.array(|reader| {
        let issue = issue(reader, &doubts)?;
        found(&mut foreign, &mut names, &doubts, "", issue);
        Ok(())
    })?;
    reader.end()?;
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn read_many(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts, mut names) = (Reader::new(window), Doubts::default(), Fingerprinter::default());
    let mut foreign = start("pa11y-ci");
    let (mut total, mut passes, mut errors) = (None, None, None);
    let (mut pages, mut tested, mut clean) = (0, 0, 0);
    reader.object(|reader, key| {
        match key {
            "total" => total = doubts.count(reader, key)?,
            "passes" => passes = doubts.count(reader, key)?,
            "errors" => errors = doubts.count(reader, key)?,
            "results" => doubts.object(reader, key, |reader, url| {
                pages += 1;
                let (mut issues, mut failed) = (0_u64, false);
                doubts.list(reader, "results", |reader| {
                    let issue = issue(reader, &doubts)?;
                    if issue.kind.is_none() && issue.code.is_empty() {
                        failed = true;
                        let why = crate::text::line(&issue.message);
                        let what = format!("`{}` could not be tested: {why}", crate::text::name(&page::address(url)));
                        foreign.problems.push(Problem::new(Cause::Unfinished, what));
                    } else {
                        issues += 1;
                        found(&mut foreign, &mut names, &doubts, url, issue);
                    }
                    Ok(())
                })?;
                tested += u64::from(!failed);
                clean += u64::from(!failed && issues == 0);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    reader.end()?;
    for (name, value) in [("total", total), ("passes", passes), ("errors", errors)] {
        if value.is_none() {
            doubts.missing(name);
        }
    }
    if pages == 0 {
        let what = "no page was tested; see which addresses pa11y-ci was given";
        foreign.problems.push(Problem::new(Cause::NoEvidence, what));
    }
    doubts.compare("`total` pages", total, pages);
    doubts.compare("`passes`", passes, clean);
    doubts.compare("`errors`", errors, foreign.findings.len() as u64);
    foreign.inputs = Some(Inputs::new(tested, "page"));
    foreign.metrics = vec![Metric::count("pages", tested), Metric::count("passes", clean)];
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn found(foreign: &mut Foreign, names: &mut Fingerprinter, doubts: &Doubts, url: &str, issue: Issue) {
    if issue.code.is_empty() {
        doubts.missing("code");
    }
    let rule = if issue.code.is_empty() { "unknown" } else { &issue.code };
    let grade = doubts.grade(GRADES, issue.kind.as_deref().unwrap_or_default());
    let place = match (issue.selector.as_str(), url) {
        ("", "") => String::new(),
        ("", url) => format!(" (`{}`)", page::page(url)),
        (selector, "") => format!(" (`{selector}`)"),
        (selector, url) => format!(" (`{selector}` on `{}`)", page::page(url)),
    };
    let message = format!("{}{place}", crate::text::name(&issue.message));
    let what = format!("{} {}", issue.selector, issue.message);
    let mut found = page::finding(names, (rule, url, &what), grade, message);
    found.properties.insert("target".to_owned(), issue.selector.into());
    foreign.findings.push(found);
}

fn issue(reader: &mut Reader, doubts: &Doubts) -> Result<Issue, InputError> {
    let mut issue = Issue::default();
    if !doubts.is(reader, "results", Kind::Object)? {
        return Ok(issue);
    }
    reader.object(|reader, key| {
        match key {
            "code" => issue.code = doubts.word_or_none(reader, key)?.unwrap_or_default(),
            "type" => issue.kind = Some(doubts.word(reader, key)?),
            "message" => issue.message = doubts.text(reader, key)?,
            "selector" => issue.selector = crate::text::name(&doubts.text_or_none(reader, key)?.unwrap_or_default()),
            _ => {}
        }
        Ok(())
    })?;
    Ok(issue)
}
