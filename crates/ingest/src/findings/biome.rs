//! The JSON of Biome (`--reporter=json`).
//!
//! `summary` (`changed`, `unchanged`, `errors`, `warnings`, `infos`, `skipped`, `diagnosticsNotPrinted`), `diagnostics`
//! (`category`, `severity`, `description` or `message`, `location`), `command`. Biome calls the format unstable: a
//! place is `{path: {file}, span: [from, to], sourceCode}` with offsets in bytes, and `{path, start{line, column},
//! end}` in later versions.

#[cfg(test)]
mod tests;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Location, Problem, ToolInfo, format};

use super::doubts::{Doubts, Lines};
use super::{Format, Grade, json};

const GRADES: &[Grade] = &[
    Grade::new("fatal", Level::Error, None),
    Grade::new("error", Level::Error, None),
    Grade::new("warning", Level::Warning, None),
    Grade::new("warn", Level::Warning, None),
    Grade::new("information", Level::Note, None),
    Grade::new("info", Level::Note, None),
    Grade::new("hint", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "biome",
    name: "Biome",
    writers: "`biome ci --reporter=json --max-diagnostics=none` (or `lint`, `check`)",
    about: "Biome prints 20 diagnostics unless `--max-diagnostics` says otherwise; what it did not print makes the \
            source incomplete, and so does a file that it could not parse.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| sniff.is_object(&["summary", "diagnostics"]) || sniff.is_object(&["summary", "command"]),
    read,
};

/// Categories of diagnostics that say that something was not looked at.
const UNSEEN: &[&str] = &["parse", "internalError", "files/missingHandler", "configuration", "project"];

/// What the summary declares.
#[derive(Default)]
struct Summary {
    files: Option<u64>,
    errors: Option<u64>,
    warnings: Option<u64>,
    infos: Option<u64>,
    not_printed: u64,
}

#[derive(Default)]
struct Diagnostic {
    category: String,
    severity: String,
    description: String,
    message: String,
    place: String,
    lines: Lines,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts, mut names) = (Reader::new(window), Doubts::default(), Fingerprinter::default());
    let tools = vec![ToolInfo { name: "Biome".to_owned(), version: String::new() }];
    let mut foreign = Foreign { tools, ..Foreign::default() };
    let (mut summary, mut listed, mut counts) = (None, false, [0; 3]);
    reader.object(|reader, key| match key {
        "summary" => {
            summary = Some(self::summary(reader, &doubts)?);
            Ok(())
        }
        "diagnostics" => {
            listed = true;
            doubts.list(reader, key, |reader| {
                let diagnostic = diagnostic(reader, &doubts)?;
                let grade = doubts.grade(GRADES, &diagnostic.severity);
                counts[grade.0 as usize] += 1;
                found(&mut foreign, &mut names, diagnostic, grade.0);
                Ok(())
            })
        }
        _ => Ok(()),
    })?;
    reader.end()?;
    if !listed {
        doubts.missing("diagnostics");
    }
    match summary {
        None => doubts.missing("summary"),
        Some(summary) => compare(&summary, counts, &mut foreign, &doubts),
    }
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn compare(summary: &Summary, [notes, warnings, errors]: [u64; 3], foreign: &mut Foreign, doubts: &Doubts) {
    for (name, value) in [("changed", summary.files), ("errors", summary.errors), ("warnings", summary.warnings)] {
        if value.is_none() {
            doubts.missing(name);
        }
    }
    if summary.not_printed > 0 {
        let count = format::things(summary.not_printed, "diagnostic");
        let what = format!("{count} not printed; run Biome with `--max-diagnostics=none`");
        foreign.problems.push(Problem::new(Cause::Unfinished, what));
    } else {
        doubts.compare("`errors`", summary.errors, errors);
        doubts.compare("`warnings`", summary.warnings, warnings);
        doubts.compare("`infos`", summary.infos, notes);
    }
    if summary.files == Some(0) {
        let what = "no file was looked at; see `files.includes` in biome.json";
        foreign.problems.push(Problem::new(Cause::NoEvidence, what));
    }
    foreign.inputs = summary.files.map(|files| Inputs::new(files, "file"));
}

fn found(foreign: &mut Foreign, names: &mut Fingerprinter, diagnostic: Diagnostic, level: Level) {
    let Diagnostic { category, description, message, place, lines, .. } = diagnostic;
    let message = if description.is_empty() { message } else { description };
    let within = |name: &str| category.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if UNSEEN.iter().any(|name| within(name)) {
        let what = format!("Biome could not look at it ({category}): {}", crate::text::line(&message));
        let problem = Problem::new(Cause::Unfinished, what);
        foreign.problems.push(if place.is_empty() { problem } else { problem.at(place.clone()) });
    }
    let rule = if category.is_empty() { "unknown" } else { &category };
    let location = (!place.is_empty()).then(|| Location { path: place, region: lines.region() });
    foreign.findings.push(json::finding(names, rule, (level, None), message, location));
}

fn summary(reader: &mut Reader, doubts: &Doubts) -> Result<Summary, InputError> {
    let (mut summary, mut changed, mut unchanged) = (Summary::default(), None, None);
    doubts.object(reader, "summary", |reader, key| {
        match key {
            "changed" => changed = doubts.count(reader, key)?,
            "unchanged" => unchanged = doubts.count(reader, key)?,
            "errors" => summary.errors = doubts.count(reader, key)?,
            "warnings" => summary.warnings = doubts.count(reader, key)?,
            "infos" => summary.infos = doubts.count(reader, key)?,
            "diagnosticsNotPrinted" => summary.not_printed = doubts.count(reader, key)?.unwrap_or_default(),
            _ => {}
        }
        Ok(())
    })?;
    summary.files = changed.zip(unchanged).map(|(changed, unchanged): (u64, u64)| changed.saturating_add(unchanged));
    Ok(summary)
}

fn diagnostic(reader: &mut Reader, doubts: &Doubts) -> Result<Diagnostic, InputError> {
    let mut found = Diagnostic::default();
    doubts.object(reader, "diagnostics", |reader, key| {
        match key {
            "category" => found.category = doubts.word_or_none(reader, key)?.unwrap_or_default(),
            "severity" => found.severity = doubts.word(reader, key)?,
            "description" => found.description = doubts.text_or_none(reader, key)?.unwrap_or_default(),
            "message" if reader.kind()? == Kind::String => found.message = doubts.text(reader, key)?,
            "message" => doubts.list(reader, key, |reader| {
                json::object(reader, |reader, key| {
                    if key == "content" {
                        found.message += &doubts.text(reader, key)?;
                    }
                    Ok(())
                })
            })?,
            "location" if reader.kind()? == Kind::Null => {}
            "location" => (found.place, found.lines) = location(reader, doubts)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn location(reader: &mut Reader, doubts: &Doubts) -> Result<(String, Lines), InputError> {
    let (mut place, mut lines) = (String::new(), Lines::default());
    let (mut span, mut source) = (Vec::new(), String::new());
    doubts.object(reader, "location", |reader, key| {
        match key {
            "path" => place = json::path(&path(reader, doubts)?),
            "start" => (lines.line, lines.column) = position(reader, doubts, key)?,
            "end" => (lines.end_line, lines.end_column) = position(reader, doubts, key)?,
            "span" if reader.kind()? == Kind::Null => {}
            "span" => doubts.list(reader, key, |reader| {
                span.extend(doubts.count(reader, "span")?);
                Ok(())
            })?,
            // Whole, because lines are counted in it.
            "sourceCode" if reader.kind()? == Kind::String => source = reader.string()?.into_owned(),
            _ => {}
        }
        Ok(())
    })?;
    if let ([from, to, ..], false) = (span.as_slice(), source.is_empty()) {
        (lines.line, lines.column) = line_of(&source, *from);
        (lines.end_line, lines.end_column) = line_of(&source, *to);
    }
    Ok((place, lines))
}

/// A path, or the object that holds it.
fn path(reader: &mut Reader, doubts: &Doubts) -> Result<String, InputError> {
    match reader.kind()? {
        Kind::Null => Ok(String::new()),
        Kind::Object => {
            let mut file = String::new();
            reader.object(|reader, key| {
                if key == "file" {
                    file = doubts.text(reader, key)?;
                }
                Ok(())
            })?;
            Ok(file)
        }
        _ => doubts.text(reader, "path"),
    }
}

fn position(reader: &mut Reader, doubts: &Doubts, what: &str) -> Result<(Option<u32>, Option<u32>), InputError> {
    let (mut line, mut column) = (None, None);
    doubts.object(reader, what, |reader, key| {
        match key {
            "line" => line = doubts.ordinal(reader, key)?,
            "column" => column = doubts.ordinal(reader, key)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok((line, column))
}

/// Line and column, from 1, of a byte of `source`; none beyond its end.
fn line_of(source: &str, offset: u64) -> (Option<u32>, Option<u32>) {
    let before = usize::try_from(offset).ok().and_then(|offset| source.as_bytes().get(..offset));
    let Some(before) = before else { return (None, None) };
    let ends = memchr::memchr_iter(b'\n', before).count() as u64;
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let characters = String::from_utf8_lossy(line).chars().count() as u64;
    (json::ordinal(Some(ends + 1)), json::ordinal(Some(characters + 1)))
}
