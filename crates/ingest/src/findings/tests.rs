//! What the readers make of reports.

use std::io::Cursor;

use tollgate_input::{InputError, Source, Window};
use tollgate_model::{Foreign, Level};

use super::{FORMATS, Grade, read};

/// Reads `text` and gives what it says with the name of its format.
pub(super) fn said(text: &str) -> Result<(Foreign, &'static str), InputError> {
    let source = Source::new("report.json", Box::new(Cursor::new(text.to_owned())), 1 << 30);
    let (foreign, format, _) = read(Window::new(source, 1 << 20)?)?;
    Ok((foreign, format.name))
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
