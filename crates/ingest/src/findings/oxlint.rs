//! The JSON of oxlint (`--format json`).
//!
//! `diagnostics` (`message`, `code`, `severity`, `help`, `url`, `filename`, `labels[].span{offset, length, line,
//! column}`), `number_of_files`, `number_of_rules`, `threads_count`, `start_time`. A diagnostic without a code says
//! that a file could not be parsed.

use memchr::memmem::find;
use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Location, Problem, ToolInfo};

use super::doubts::{Doubts, Lines};
use super::json::{finding, path};
use super::{Format, Grade};

const GRADES: &[Grade] = &[
    Grade::new("error", Level::Error, None),
    Grade::new("warning", Level::Warning, None),
    Grade::new("advice", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "oxlint",
    name: "oxlint",
    writers: "`oxlint --format json`",
    about: "A file that could not be parsed makes the source incomplete; so does a run that looked at no file.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| {
        let keyed = |key: &[u8]| find(sniff.head, key).is_some();
        // The numbers follow the diagnostics, and may lie beyond the beginning.
        let begins = sniff.is_object(&["diagnostics"]) && !sniff.has_keys(&["summary"]);
        begins && (sniff.has_keys(&["number_of_files"]) || keyed(b"\"labels\":") && keyed(b"\"filename\":"))
    },
    read,
};

#[derive(Default)]
struct Diagnostic {
    code: String,
    severity: String,
    message: String,
    place: String,
    lines: Option<Lines>,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts, mut names) = (Reader::new(window), Doubts::default(), Fingerprinter::default());
    let tools = vec![ToolInfo { name: "oxlint".to_owned(), version: String::new() }];
    let mut foreign = Foreign { tools, ..Foreign::default() };
    let mut files = None;
    reader.object(|reader, key| match key {
        "diagnostics" => doubts.list(reader, key, |reader| {
            let found = diagnostic(reader, &doubts)?;
            if found.code.is_empty() {
                let what = format!("oxlint could not parse it: {}", crate::text::line(&found.message));
                foreign.problems.push(Problem::new(Cause::Unfinished, what).at(found.place.clone()));
            }
            let rule = if found.code.is_empty() { "parse-error" } else { &found.code };
            let grade = doubts.grade(GRADES, &found.severity);
            let region = found.lines.unwrap_or_default().region();
            let location = Location { path: found.place, region };
            foreign.findings.push(finding(&mut names, rule, grade, found.message, Some(location)));
            Ok(())
        }),
        "number_of_files" => {
            files = doubts.count(reader, key)?;
            Ok(())
        }
        _ => Ok(()),
    })?;
    reader.end()?;
    match files {
        None => doubts.missing("number_of_files"),
        Some(0) => {
            let what = "no file was looked at; see the paths and ignore patterns";
            foreign.problems.push(Problem::new(Cause::NoEvidence, what));
        }
        Some(_) => {}
    }
    foreign.inputs = files.map(|files| Inputs::new(files, "file"));
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn diagnostic(reader: &mut Reader, doubts: &Doubts) -> Result<Diagnostic, InputError> {
    let mut found = Diagnostic::default();
    doubts.object(reader, "diagnostics", |reader, key| {
        match key {
            "code" => found.code = doubts.word_or_none(reader, key)?.unwrap_or_default(),
            "severity" => found.severity = doubts.word(reader, key)?,
            "message" => found.message = doubts.text(reader, key)?,
            "filename" => found.place = path(&doubts.text(reader, key)?),
            "labels" => doubts.list(reader, key, |reader| {
                let lines = label(reader, doubts)?;
                found.lines.get_or_insert(lines);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn label(reader: &mut Reader, doubts: &Doubts) -> Result<Lines, InputError> {
    let mut lines = Lines::default();
    doubts.object(reader, "labels", |reader, key| match key {
        "span" => doubts.object(reader, key, |reader, key| {
            match key {
                "line" => lines.line = doubts.ordinal(reader, key)?,
                "column" => lines.column = doubts.ordinal(reader, key)?,
                _ => {}
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use tollgate_model::{Cause, Level};

    use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
    use crate::findings::tests::said;

    const SAMPLE: &str = r#"{"diagnostics": [
        {"message": "`debugger` statement is not allowed", "code": "eslint(no-debugger)", "severity": "error",
          "causes": [],
         "url": "https://oxc.rs/docs/guide/usage/linter/rules/eslint/no-debugger.html", "help": "Remove it",
         "filename": "src/a.js", "labels": [{"label": "here", "span": {"offset": 38, "length": 9, "line": 5,
           "column": 1}},
           {"span": {"offset": 99, "length": 1, "line": 9, "column": 2}}], "related": []},
        {"message": "Unexpected var", "code": "eslint(no-var)", "severity": "warning", "causes": [],
          "filename": "src/a.js",
         "labels": [], "related": []}],
        "number_of_files": 12, "number_of_rules": 87, "threads_count": 2, "start_time": 0.03}"#;

    #[test]
    fn diagnostics() {
        let (foreign, format) = said(SAMPLE).unwrap();
        assert_eq!((format, foreign.inputs.clone().unwrap().count, foreign.problems.len()), ("oxlint", 12, 0));
        let found: Vec<_> = foreign
            .findings
            .iter()
            .map(|f| (f.rule.as_str(), f.level, f.location.as_ref().unwrap().to_string()))
            .collect();
        let expected = [
            ("eslint(no-debugger)", Level::Error, "src/a.js:5".to_owned()),
            ("eslint(no-var)", Level::Warning, "src/a.js".to_owned()),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_not_seen_is_a_problem() {
        let clean = r#"{"diagnostics": [], "number_of_files": 3, "number_of_rules": 87}"#;
        let (foreign, _) = said(clean).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
        let (foreign, _) = said(&clean.replace("3,", "0,")).unwrap();
        assert_eq!(foreign.problems[0].cause, Cause::NoEvidence);
        let (foreign, _) = said(&SAMPLE.replace("\"code\": \"eslint(no-var)\", ", "")).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems[0].cause), (2, Cause::Unfinished));
        let (foreign, _) = said(&SAMPLE.replace("\"number_of_files\": 12,", "")).unwrap();
        assert!(foreign.problems[0].message.contains("`number_of_files` is missing"), "{:?}", foreign.problems);
    }

    #[test]
    fn damage_is_noticed() {
        notices_wrong_kinds(SAMPLE, &[]);
        notices_a_cut(SAMPLE);
    }
}
