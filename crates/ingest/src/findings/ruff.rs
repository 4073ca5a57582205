//! The JSON of Ruff (`--output-format json`).
//!
//! A list of `{code, filename, location{row, column}, end_location, message, url, fix, noqa_row, cell}`, with
//! `severity` since that is written. Where the syntax is wrong, `code` is `null`, or `invalid-syntax`, and the file was
//! not checked further.

use std::collections::BTreeMap;

use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Level, Location, Problem, ToolInfo};

use super::doubts::{Doubts, Lines};
use super::json::{finding, path, rule};
use super::{Format, Grade};

const GRADES: &[Grade] = &[
    Grade::new("fatal", Level::Error, None),
    Grade::new("error", Level::Error, None),
    Grade::new("warning", Level::Warning, None),
    Grade::new("info", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "ruff",
    name: "Ruff",
    writers: "`ruff check --output-format json`",
    about: "Ruff does not grade: what it writes without a severity is an error. A file whose syntax is wrong makes \
            the source incomplete. Where nothing was found the report is an empty list, which does not say who wrote \
            it.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| sniff.is_list(&["code", "filename", "location"]) || sniff.is_list(&["filename", "noqa_row"]),
    read,
};

/// Codes of wrong syntax; older versions write the last.
const BROKEN: &[&str] = &["", "invalid-syntax", "syntax-error", "E999"];

#[derive(Default)]
struct Diagnostic {
    code: Option<String>,
    path: Option<String>,
    message: Option<String>,
    severity: Option<String>,
    url: Option<String>,
    lines: Lines,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts, mut names) = (Reader::new(window), Doubts::default(), Fingerprinter::default());
    let tools = vec![ToolInfo { name: "Ruff".to_owned(), version: String::new() }];
    let mut foreign = Foreign { tools, ..Foreign::default() };
    let mut rules = BTreeMap::new();
    reader.array(|reader| {
        let found = diagnostic(reader, &doubts)?;
        for (name, there) in [("filename", found.path.is_some()), ("message", found.message.is_some())] {
            if !there {
                doubts.missing(name);
            }
        }
        let code = found.code.unwrap_or_default();
        let (place, message) = (found.path.unwrap_or_default(), found.message.unwrap_or_default());
        if BROKEN.contains(&code.as_str()) {
            let what = format!("Ruff could not parse it: {}", crate::text::line(&message));
            foreign.problems.push(Problem::new(Cause::Unfinished, what).at(place.clone()));
        }
        let name = if code.is_empty() { "invalid-syntax" } else { &code };
        let grade = doubts.grade(GRADES, found.severity.as_deref().unwrap_or("error"));
        if found.url.is_some() && !rules.contains_key(name) {
            rules.insert(name.to_owned(), rule(name, name, grade.0, None, found.url));
        }
        let location = Location { path: place, region: found.lines.region() };
        foreign.findings.push(finding(&mut names, name, grade, message, Some(location)));
        Ok(())
    })?;
    reader.end()?;
    foreign.rules = rules.into_values().collect();
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn diagnostic(reader: &mut Reader, doubts: &Doubts) -> Result<Diagnostic, InputError> {
    let mut found = Diagnostic::default();
    doubts.object(reader, "a diagnostic", |reader, key| {
        match key {
            "code" => found.code = doubts.word_or_none(reader, key)?,
            "filename" => found.path = Some(path(&doubts.text(reader, key)?)),
            "message" => found.message = Some(doubts.text(reader, key)?),
            "severity" => found.severity = doubts.word_or_none(reader, key)?,
            "url" => found.url = doubts.text_or_none(reader, key)?,
            "location" => (found.lines.line, found.lines.column) = place(reader, doubts, key)?,
            "end_location" => (found.lines.end_line, found.lines.end_column) = place(reader, doubts, key)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn place(reader: &mut Reader, doubts: &Doubts, what: &str) -> Result<(Option<u32>, Option<u32>), InputError> {
    let (mut row, mut column) = (None, None);
    doubts.object(reader, what, |reader, key| {
        match key {
            "row" => row = doubts.ordinal(reader, key)?,
            "column" => column = doubts.ordinal(reader, key)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok((row, column))
}

#[cfg(test)]
mod tests {
    use tollgate_model::{Cause, Level};

    use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
    use crate::findings::tests::said;

    const SAMPLE: &str = r#"[{"cell": null, "code": "F401", "end_location": {"column": 10, "row": 1},
        "filename": "/w/app/main.py", "fix": {"applicability": "safe", "edits": [], "message": "Remove"},
        "location": {"column": 8, "row": 1}, "message": "`os` imported but unused", "noqa_row": 1,
        "url": "https://docs.astral.sh/ruff/rules/unused-import"},
        {"cell": null, "code": "E501", "end_location": {"column": 95, "row": 3}, "filename": "/w/app/main.py",
          "fix": null,
        "location": {"column": 89, "row": 3}, "message": "Line too long (94 > 88)", "noqa_row": 3,
          "severity": "warning",
        "url": "https://docs.astral.sh/ruff/rules/line-too-long"}]"#;

    #[test]
    fn diagnostics() {
        let (foreign, format) = said(SAMPLE).unwrap();
        assert_eq!((format, foreign.problems.len(), foreign.rules.len()), ("Ruff", 0, 2));
        let found: Vec<_> = foreign
            .findings
            .iter()
            .map(|f| (f.rule.as_str(), f.level, f.location.as_ref().unwrap().to_string()))
            .collect();
        let expected = [
            ("F401", Level::Error, "/w/app/main.py:1".to_owned()),
            ("E501", Level::Warning, "/w/app/main.py:3".to_owned()),
        ];
        assert_eq!(found, expected);
        let region = foreign.findings[0].location.as_ref().unwrap().region.unwrap();
        assert_eq!((region.start_column, region.end_column), (Some(8), Some(10)));
    }

    #[test]
    fn wrong_syntax_is_a_problem_too() {
        for code in ["null", "\"invalid-syntax\"", "\"E999\""] {
            let (foreign, _) = said(&SAMPLE.replace("\"F401\"", code)).unwrap();
            assert_eq!((foreign.findings.len(), foreign.problems.len()), (2, 1), "{code}");
            assert_eq!(foreign.problems[0].cause, Cause::Unfinished, "{code}");
        }
        let error = said("[]").unwrap_err().to_string();
        assert!(error.contains("does not say who wrote it"), "{error}");
    }

    #[test]
    fn damage_is_noticed() {
        notices_wrong_kinds(SAMPLE, &[]);
        notices_a_cut(SAMPLE);
    }
}
