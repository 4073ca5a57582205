//! The JSON of golangci-lint (`--output.json.path`, before version 2 `--out-format json`).
//!
//! `Issues` (`FromLinter`, `Text`, `Severity`, `Pos{Filename, Line, Column}`, `LineRange{From, To}`), `null` where
//! there are none, and `Report` with `Linters` (`Name`, `Enabled`), `Warnings` (`Tag`, `Text`) and `Error`.

use memchr::memmem::find;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Location, Problem, Severity, ToolInfo};

use super::doubts::{Doubts, Lines, note};
use super::json::{finding, path};
use super::{Format, Grade};

const GRADES: &[Grade] = &[
    Grade::new("high", Level::Error, Some(Severity::High)),
    Grade::new("error", Level::Error, None),
    Grade::new("", Level::Error, None),
    Grade::new("medium", Level::Warning, Some(Severity::Medium)),
    Grade::new("warning", Level::Warning, None),
    Grade::new("low", Level::Note, Some(Severity::Low)),
    Grade::new("info", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "golangci",
    name: "golangci-lint",
    writers: "`golangci-lint run --output.json.path FILE`",
    about: "Without `severity` in its configuration golangci-lint does not grade: all are errors. A package that does \
            not compile (`typecheck`), a linter that could not run and a run that failed make the source incomplete. \
            By default it leaves out findings beyond 50 of a linter and 3 of one text: set \
            `max-issues-per-linter` and `max-same-issues` to 0.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| {
        sniff.is_object(&["Issues"]) || sniff.is_object(&["Report"]) && find(sniff.head, b"\"Linters\"").is_some()
    },
    read,
};

/// The linter that stands for a package that does not compile.
const BROKEN: &str = "typecheck";

/// Words of a warning that say that a linter saw nothing.
const UNSEEN: &str = "can't run linter";

#[derive(Default)]
struct Issue {
    linter: String,
    text: String,
    severity: String,
    place: String,
    lines: Lines,
}

#[derive(Default)]
struct Run {
    enabled: u64,
    warnings: Vec<String>,
    error: String,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts, mut names) = (Reader::new(window), Doubts::default(), Fingerprinter::default());
    let tools = vec![ToolInfo { name: "golangci-lint".to_owned(), version: String::new() }];
    let mut foreign = Foreign { tools, ..Foreign::default() };
    let (mut listed, mut run) = (false, None);
    reader.object(|reader, key| match key {
        "Issues" => {
            listed = true;
            if reader.kind()? == Kind::Null {
                return Ok(());
            }
            doubts.list(reader, key, |reader| {
                let issue = issue(reader, &doubts)?;
                found(&mut foreign, &mut names, &doubts, issue);
                Ok(())
            })
        }
        "Report" if reader.kind()? == Kind::Null => Ok(()),
        "Report" => {
            run = Some(report(reader, &doubts)?);
            Ok(())
        }
        _ => Ok(()),
    })?;
    reader.end()?;
    if !listed {
        doubts.missing("Issues");
    }
    judge(&run.unwrap_or_default(), &mut foreign);
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn judge(run: &Run, foreign: &mut Foreign) {
    foreign.inputs = Some(Inputs::new(run.enabled, "linter"));
    if run.enabled == 0 && foreign.findings.is_empty() {
        let what = "the report names no linter that ran; see the configuration of golangci-lint";
        foreign.problems.push(Problem::new(Cause::NoEvidence, what));
    }
    if !run.error.is_empty() {
        let what = format!("golangci-lint did not come to its end: {}", run.error);
        foreign.problems.push(Problem::new(Cause::Unfinished, what));
    }
    for warning in &run.warnings {
        if warning.to_ascii_lowercase().contains(UNSEEN) {
            foreign.problems.push(Problem::new(Cause::Unfinished, warning.clone()));
        } else {
            note(foreign, format!("golangci-lint warns: {warning}"));
        }
    }
}

fn found(foreign: &mut Foreign, names: &mut Fingerprinter, doubts: &Doubts, issue: Issue) {
    if issue.linter == BROKEN {
        let what = format!("the package does not compile: {}", crate::text::line(&issue.text));
        foreign.problems.push(Problem::new(Cause::Unfinished, what).at(issue.place.clone()));
    }
    if issue.linter.is_empty() {
        doubts.missing("FromLinter");
    }
    let rule = if issue.linter.is_empty() { "unknown" } else { &issue.linter };
    let grade = doubts.grade(GRADES, &issue.severity);
    let location = Location { path: issue.place, region: issue.lines.region() };
    foreign.findings.push(finding(names, rule, grade, issue.text, Some(location)));
}

fn issue(reader: &mut Reader, doubts: &Doubts) -> Result<Issue, InputError> {
    let mut issue = Issue::default();
    doubts.object(reader, "Issues", |reader, key| match key {
        "FromLinter" => {
            issue.linter = doubts.word(reader, key)?;
            Ok(())
        }
        "Text" => {
            issue.text = doubts.text(reader, key)?;
            Ok(())
        }
        "Severity" => {
            issue.severity = doubts.word(reader, key)?;
            Ok(())
        }
        "Pos" => doubts.object(reader, key, |reader, key| {
            match key {
                "Filename" => issue.place = path(&doubts.text(reader, key)?),
                "Line" => issue.lines.line = doubts.ordinal(reader, key)?,
                "Column" => issue.lines.column = doubts.ordinal(reader, key)?,
                _ => {}
            }
            Ok(())
        }),
        "LineRange" if reader.kind()? == Kind::Null => Ok(()),
        "LineRange" => doubts.object(reader, key, |reader, key| {
            if key == "To" {
                issue.lines.end_line = doubts.ordinal(reader, key)?;
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    Ok(issue)
}

fn report(reader: &mut Reader, doubts: &Doubts) -> Result<Run, InputError> {
    let mut run = Run::default();
    doubts.object(reader, "Report", |reader, key| match key {
        "Error" => {
            run.error = crate::text::line(&doubts.text(reader, key)?);
            Ok(())
        }
        "Linters" | "Warnings" if reader.kind()? == Kind::Null => Ok(()),
        "Linters" => doubts.list(reader, key, |reader| {
            doubts.object(reader, "Linters", |reader, key| {
                if key == "Enabled" {
                    run.enabled += u64::from(doubts.flag(reader, key)? == Some(true));
                }
                Ok(())
            })
        }),
        "Warnings" => doubts.list(reader, key, |reader| {
            doubts.object(reader, "Warnings", |reader, key| {
                if key == "Text" {
                    run.warnings.push(crate::text::line(&doubts.text(reader, key)?));
                }
                Ok(())
            })
        }),
        _ => Ok(()),
    })?;
    Ok(run)
}

#[cfg(test)]
mod tests {
    use tollgate_model::{Cause, Level};

    use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
    use crate::findings::tests::said;

    const SAMPLE: &str = r#"{"Issues": [
        {"FromLinter": "errcheck", "Text": "Error return value of `f.Close` is not checked", "Severity": "",
         "SourceLines": ["\tf.Close()"], "Replacement": null, "Pos": {"Filename": "http/client.go", "Offset": 417,
           "Line": 27,
         "Column": 21}, "LineRange": {"From": 27, "To": 29}, "ExpectNoLint": false, "ExpectedNoLintLinter": ""},
        {"FromLinter": "revive", "Text": "exported: comment", "Severity": "warning", "SourceLines": null,
         "Pos": {"Filename": "http/server.go", "Offset": 1, "Line": 3, "Column": 0}}],
        "Report": {"Warnings": [{"Tag": "config", "Text": "The linter `golint` is deprecated"}],
          "Linters": [{"Name": "errcheck", "Enabled": true}, {"Name": "revive", "Enabled": true},
            {"Name": "asciicheck"}]}}"#;

    #[test]
    fn issues() {
        let (foreign, format) = said(SAMPLE).unwrap();
        assert_eq!((format, foreign.inputs.clone().unwrap().count, foreign.problems.len()), ("golangci-lint", 2, 0));
        let found: Vec<_> = foreign
            .findings
            .iter()
            .map(|f| (f.rule.as_str(), f.level, f.location.as_ref().unwrap().to_string()))
            .collect();
        let expected = [
            ("errcheck", Level::Error, "http/client.go:27-29".to_owned()),
            ("revive", Level::Warning, "http/server.go:3".to_owned()),
        ];
        assert_eq!(found, expected);
        assert_eq!(foreign.notes, ["golangci-lint warns: The linter `golint` is deprecated"]);
    }

    #[test]
    fn what_was_not_seen_is_a_problem() {
        for issues in ["null", "[]"] {
            let linters = r#"{"Linters": [{"Name": "errcheck", "Enabled": true}]}"#;
            let clean = format!(r#"{{"Issues": {issues}, "Report": {linters}}}"#);
            let (foreign, _) = said(&clean).unwrap();
            assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
            let cases = [
                (linters, r#"{"Linters": null}"#, Cause::NoEvidence),
                (linters, "null", Cause::NoEvidence),
                ("}]}", r#"}], "Error": "timeout"}"#, Cause::Unfinished),
                (
                    "}]}",
                    r#"}], "Warnings": [{"Tag": "runner", "Text": "Can't run linter gosec: x"}]}"#,
                    Cause::Unfinished,
                ),
            ];
            for (from, to, cause) in cases {
                let (foreign, _) = said(&clean.replace(from, to)).unwrap();
                assert_eq!(foreign.problems.len(), 1, "{to}: {:?}", foreign.problems);
                assert_eq!(foreign.problems[0].cause, cause, "{to}");
            }
        }
        let (foreign, _) = said(&SAMPLE.replace("\"errcheck\", \"Text\"", "\"typecheck\", \"Text\"")).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems[0].cause), (2, Cause::Unfinished));
    }

    #[test]
    fn damage_is_noticed() {
        // Go writes an empty list as `null`.
        notices_wrong_kinds(SAMPLE, &["/Issues"]);
        for other in ["7", "\"x\"", "{}"] {
            let (foreign, _) =
                said(&format!(r#"{{"Issues": {other}, "Report": {{"Linters": [{{"Enabled": true}}]}}}}"#)).unwrap();
            assert_eq!(foreign.problems[0].cause, Cause::Unreadable, "{other}");
        }
        notices_a_cut(SAMPLE);
    }
}
