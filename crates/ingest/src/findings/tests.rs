//! What the readers make of reports.

mod cargo_audit;
mod dependabot;
mod gitleaks;
mod grype;
mod hostile;
mod npm;
mod osv;
mod pip_audit;
mod trivy;
mod yarn;

use std::collections::BTreeSet;
use std::io::Cursor;

use tollgate_digest::Digester;
use tollgate_input::{InputError, Source, Window};
use tollgate_model::{Finding, Foreign, Level};

use super::{FORMATS, Grade, read, read_as};

/// Reads `text` and gives what it says with the name of its format.
pub(super) fn said(text: &str) -> Result<(Foreign, &'static str), InputError> {
    named(text, None)
}

/// The same, with its values named by `digester`.
pub(super) fn named(text: &str, digester: Option<&Digester>) -> Result<(Foreign, &'static str), InputError> {
    let source = Source::new("report.json", Box::new(Cursor::new(text.to_owned())), 1 << 30);
    let (foreign, format, _) = read(Window::new(source, 1 << 20)?, digester)?;
    Ok((foreign, format.name))
}

/// Reads `text` as the format whose id is `id`.
pub(super) fn said_by(id: &str, text: &str) -> Result<Foreign, InputError> {
    let source = Source::new("report.json", Box::new(Cursor::new(text.to_owned())), 1 << 30);
    Ok(read_as(Window::new(source, 1 << 20)?, id, None)?.0)
}

/// What is said of each finding: `rule | level severity | message`, with ` | suppressed` behind it.
pub(super) fn lines(foreign: &Foreign) -> Vec<String> {
    let line = |finding: &Finding| {
        let severity = finding.severity.map_or("none".to_owned(), |severity| format!("{severity:?}").to_lowercase());
        let suppressed = if finding.suppressed.is_some() { " | suppressed" } else { "" };
        let level = format!("{:?}", finding.level).to_lowercase();
        format!("{} | {level} {severity} | {}{suppressed}", finding.rule, finding.message)
    };
    foreign.findings.iter().map(line).collect()
}

/// The problems as text: `cause: message`.
pub(super) fn problems(foreign: &Foreign) -> Vec<String> {
    foreign.problems.iter().map(|problem| format!("{}: {}", problem.cause.word(), problem.message)).collect()
}

/// A property of a finding, as JSON.
pub(super) fn property(finding: &Finding, name: &str) -> String {
    finding.properties.get(name).map(ToString::to_string).unwrap_or_default()
}

/// Sees that reading `text` gives one problem, of this cause and with this in it, and no finding.
pub(super) fn one_problem(text: &str, cause: &str, part: &str) {
    let (foreign, _) = said(text).unwrap();
    let problems = problems(&foreign);
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    assert!(problems[0].starts_with(&format!("{cause}: ")) && problems[0].contains(part), "{text}: {problems:?}");
    assert!(foreign.findings.is_empty(), "{text}");
}

#[test]
fn ids_are_unique_and_plain() {
    let ids: BTreeSet<&str> = FORMATS.iter().map(|format| format.id).collect();
    let names: BTreeSet<&str> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!((ids.len(), names.len()), (FORMATS.len(), FORMATS.len()));
    for id in ids {
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{id}");
    }
}

#[test]
fn a_source_may_name_its_format() {
    let nothing = said_by("gitleaks", " []\n").unwrap();
    assert!(nothing.findings.is_empty() && nothing.problems.is_empty() && nothing.inputs.is_none());
    assert_eq!(said_by("GITLEAKS", "[]").unwrap(), nothing);
    assert!(said_by("dependabot", "[]").unwrap().problems.is_empty());
    assert_eq!(problems(&said_by("pip-audit", "[]").unwrap()).len(), 1, "no package was audited");
    for (id, text, expected) in [
        ("grype", "[]", "expected an object"),
        ("gitleaks", "", "is empty"),
        ("gitleaks", "{}", "is no report of gitleaks"),
        ("gitleaks", r#"[{"filePath": "a", "messages": []}]"#, "is a report of ESLint, not of gitleaks"),
        ("eslint\u{1b}[31m", "[]", "no format is called `eslint`"),
        ("npm", "[]", "npm-audit"),
    ] {
        let error = said_by(id, text).unwrap_err().to_string();
        assert!(error.contains(expected), "{id}: {error}");
    }
}

#[test]
fn tables_of_grades_have_each_word_once_and_the_worst_first() {
    for format in FORMATS {
        for (at, grade) in format.grades.iter().enumerate() {
            let first = format.grades.iter().position(|other| other.word.eq_ignore_ascii_case(grade.word));
            assert_eq!(first, Some(at), "{}: {}", format.name, grade.word);
        }
        let levels: Vec<Level> = format.grades.iter().map(|grade: &Grade| grade.level).collect();
        assert!(levels.is_sorted_by(|a, b| a >= b), "{}: the worst word comes first", format.name);
    }
}

#[test]
fn what_is_no_report_says_what_it_is() {
    for (text, expected) in [
        ("", "is empty"),
        ("[]", "empty list"),
        ("{\"a\": 1}", "its keys: a"),
        ("plain", "is no report that is known"),
        ("{\"filePath\": 1", "its keys: filePath"),
    ] {
        let error = said(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
    }
}

#[test]
fn eslint() {
    let text = r#"[{"filePath": "/w/src/a.ts", "messages": [
        {"ruleId": "no-var", "severity": 2, "message": "Unexpected var.", "line": 3, "column": 5, "endLine": 3, "endColumn": 9},
        {"ruleId": null, "fatal": true, "severity": 2, "message": "Parsing error: Unexpected token", "line": 9}],
        "suppressedMessages": [{"ruleId": "eqeqeq", "severity": 1, "message": "Expected '==='.", "line": 1,
            "suppressions": [{"kind": "directive", "justification": "legacy"}]}]},
        {"filePath": "/w/src/b.ts", "messages": []}]"#;
    let (foreign, format) = said(text).unwrap();
    assert_eq!((format, foreign.inputs.unwrap().count), ("ESLint", 2));
    let rules: Vec<(&str, Level, bool)> =
        foreign.findings.iter().map(|f| (f.rule.as_str(), f.level, f.suppressed.is_some())).collect();
    let expected =
        [("no-var", Level::Error, false), ("parse-error", Level::Error, false), ("eqeqeq", Level::Warning, true)];
    assert_eq!(rules, expected);
    assert_eq!(foreign.findings[0].location.as_ref().unwrap().to_string(), "/w/src/a.ts:3");
    assert_eq!(foreign.problems.len(), 1, "{:?}", foreign.problems);
    assert!(said(&text[..text.len() - 3]).is_err(), "cut short");
}
