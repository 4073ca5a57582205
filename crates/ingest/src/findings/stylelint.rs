//! The JSON of stylelint (`--formatter json`).
//!
//! A list with an object per file: `source`, `warnings` (`line`, `column`, `endLine`, `endColumn`, `rule`, `severity`,
//! `text`), `parseErrors`, `invalidOptionWarnings`, `deprecations`, `errored`, `ignored` (stylelint,
//! docs/developer-guide/formatters.md). A file that could not be parsed, and an option that a rule does not know, leave
//! something unseen.

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Location, Problem, ToolInfo};

use super::doubts::{Doubts, Lines, note};
use super::json::{finding, path};
use super::{Format, Grade};

const GRADES: &[Grade] = &[Grade::new("error", Level::Error, None), Grade::new("warning", Level::Warning, None)];

pub(super) const FORMAT: Format = Format {
    id: "stylelint",
    name: "stylelint",
    writers: "`stylelint --formatter json --output-file FILE`; without a file, version 16 writes to standard error",
    about: "A file that could not be parsed, and a rule whose options are wrong, make the source incomplete. Files \
            that are ignored are not counted as looked at.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| sniff.is_list(&["source", "warnings"]) || sniff.is_list(&["source", "errored"]),
    read,
};

/// The rule of a file that could not be parsed.
const BROKEN: &str = "CssSyntaxError";

#[derive(Default)]
struct Warning {
    rule: String,
    severity: String,
    text: String,
    lines: Lines,
}

#[derive(Default)]
struct File {
    place: String,
    warnings: Option<Vec<Warning>>,
    broken: Vec<String>,
    options: Vec<String>,
    deprecations: Vec<String>,
    errored: Option<bool>,
    ignored: bool,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts) = (Reader::new(window), Doubts::default());
    let tools = vec![ToolInfo { name: "stylelint".to_owned(), version: String::new() }];
    let mut foreign = Foreign { tools, ..Foreign::default() };
    let mut files = 0;
    reader.array(|reader| {
        let file = file(reader, &doubts)?;
        files += u64::from(!file.ignored);
        judge(file, &mut foreign, &doubts);
        Ok(())
    })?;
    reader.end()?;
    if files == 0 {
        let what = "no file was looked at: all are ignored; see .stylelintignore";
        foreign.problems.push(Problem::new(Cause::NoEvidence, what));
    }
    foreign.inputs = Some(Inputs::new(files, "file"));
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn judge(file: File, foreign: &mut Foreign, doubts: &Doubts) {
    let place = file.place;
    let Some(warnings) = file.warnings else {
        doubts.missing("warnings");
        return;
    };
    let broken = warnings.iter().filter(|warning| warning.rule == BROKEN).map(|warning| &warning.text);
    for text in broken.chain(&file.broken) {
        let what = format!("stylelint could not parse it: {}", crate::text::line(text));
        foreign.problems.push(Problem::new(Cause::Unfinished, what).at(place.clone()));
    }
    for text in file.options {
        let what = format!("a rule did not run as it should: {}", crate::text::line(&text));
        // Each file says the same again.
        if foreign.problems.last().is_none_or(|last| last.message != what) {
            foreign.problems.push(Problem::new(Cause::Unfinished, what));
        }
    }
    file.deprecations.iter().for_each(|text| note(foreign, format!("stylelint says: {}", crate::text::line(text))));
    let errors = warnings.iter().any(|warning| doubts.grade(GRADES, &warning.severity).0 == Level::Error);
    match file.errored {
        None if !file.ignored => doubts.missing("errored"),
        Some(true) if !errors && file.broken.is_empty() => {
            doubts.wrong(|| format!("`errored` of {place} is true, and no error is listed"));
        }
        _ => {}
    }
    let mut names = Fingerprinter::default();
    for warning in warnings {
        let grade = doubts.grade(GRADES, &warning.severity);
        let rule = if warning.rule.is_empty() { "unknown" } else { &warning.rule };
        // The name of the rule, which stands at the end of each text.
        let text = warning.text.strip_suffix(&format!(" ({rule})")).unwrap_or(&warning.text).to_owned();
        let location = Location { path: place.clone(), region: warning.lines.region() };
        foreign.findings.push(finding(&mut names, rule, grade, text, Some(location)));
    }
}

fn file(reader: &mut Reader, doubts: &Doubts) -> Result<File, InputError> {
    let mut file = File::default();
    doubts.object(reader, "a file", |reader, key| {
        match key {
            "source" => file.place = path(&doubts.text_or_none(reader, key)?.unwrap_or_default()),
            "errored" => file.errored = doubts.flag(reader, key)?,
            "ignored" => file.ignored = doubts.flag(reader, key)? == Some(true),
            "parseErrors" => texts(reader, doubts, key, &mut file.broken)?,
            "invalidOptionWarnings" => texts(reader, doubts, key, &mut file.options)?,
            "deprecations" => texts(reader, doubts, key, &mut file.deprecations)?,
            "warnings" if doubts.is(reader, key, Kind::Array)? => {
                let all = file.warnings.get_or_insert_default();
                reader.array(|reader| {
                    all.push(warning(reader, doubts)?);
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(file)
}

/// The texts of a list of objects that have one each.
fn texts(reader: &mut Reader, doubts: &Doubts, what: &str, all: &mut Vec<String>) -> Result<(), InputError> {
    doubts.list(reader, what, |reader| {
        let mut text = String::new();
        doubts.object(reader, what, |reader, key| {
            if key == "text" {
                text = doubts.text(reader, key)?;
            }
            Ok(())
        })?;
        all.push(text);
        Ok(())
    })
}

fn warning(reader: &mut Reader, doubts: &Doubts) -> Result<Warning, InputError> {
    let mut warning = Warning::default();
    doubts.object(reader, "warnings", |reader, key| {
        match key {
            "rule" => warning.rule = doubts.word(reader, key)?,
            "severity" => warning.severity = doubts.word(reader, key)?,
            "text" => warning.text = doubts.text(reader, key)?,
            "line" => warning.lines.line = doubts.ordinal(reader, key)?,
            "column" => warning.lines.column = doubts.ordinal(reader, key)?,
            "endLine" => warning.lines.end_line = doubts.ordinal(reader, key)?,
            "endColumn" => warning.lines.end_column = doubts.ordinal(reader, key)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(warning)
}

#[cfg(test)]
mod tests {
    use tollgate_model::{Cause, Level};

    use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
    use crate::findings::tests::said;

    const SAMPLE: &str = r#"[{"source": "/w/src/a.css", "deprecations": [{"text": "Old rule"}],
      "invalidOptionWarnings": [],
        "parseErrors": [], "errored": true, "warnings": [
          {"line": 5, "column": 6, "endLine": 5, "endColumn": 8, "rule": "block-no-empty", "severity": "error",
           "text": "Unexpected empty block (block-no-empty)"},
          {"line": 2, "column": 9, "rule": "color-named", "severity": "warning", "text": "Unexpected named color"}]},
        {"source": "/w/src/b.css", "deprecations": [], "invalidOptionWarnings": [], "parseErrors": [], "errored": false,
         "warnings": []}]"#;

    #[test]
    fn files_with_warnings() {
        let (foreign, format) = said(SAMPLE).unwrap();
        assert_eq!((format, foreign.inputs.clone().unwrap().count), ("stylelint", 2));
        assert_eq!(foreign.problems, []);
        let found: Vec<_> = foreign.findings.iter().map(|f| (f.rule.as_str(), f.level, f.message.as_str())).collect();
        let expected = [
            ("block-no-empty", Level::Error, "Unexpected empty block"),
            ("color-named", Level::Warning, "Unexpected named color"),
        ];
        assert_eq!(found, expected);
        assert_eq!(foreign.findings[0].location.as_ref().unwrap().to_string(), "/w/src/a.css:5");
        assert_eq!(foreign.notes, ["stylelint says: Old rule"]);
    }

    #[test]
    fn what_was_not_seen_is_a_problem() {
        let clean = r#"[{"source": "a.css", "errored": false, "warnings": [],
            "parseErrors": [], "invalidOptionWarnings": []}]"#;
        let (foreign, _) = said(clean).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
        let cases = [
            ("\"parseErrors\": []", r#""parseErrors": [{"text": "Unknown word"}]"#, Cause::Unfinished),
            ("\"invalidOptionWarnings\": []", r#""invalidOptionWarnings": [{"text": "Bad"}]"#, Cause::Unfinished),
            ("\"errored\": false", "\"errored\": true", Cause::Unreadable),
            ("\"errored\": false, ", "", Cause::Unreadable),
            ("\"errored\": false", "\"errored\": false, \"ignored\": true", Cause::NoEvidence),
            ("\"warnings\": [],", "", Cause::Unreadable),
        ];
        for (from, to, cause) in cases {
            let (foreign, _) = said(&clean.replace(from, to)).unwrap();
            assert_eq!(foreign.problems.len(), 1, "{to}: {:?}", foreign.problems);
            assert_eq!(foreign.problems[0].cause, cause, "{to}");
        }
        let (foreign, _) = said(&SAMPLE.replace("\"block-no-empty\"", "\"CssSyntaxError\"")).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems[0].cause), (2, Cause::Unfinished));
    }

    #[test]
    fn damage_is_noticed() {
        notices_wrong_kinds(SAMPLE, &[]);
        notices_a_cut(SAMPLE);
    }
}
