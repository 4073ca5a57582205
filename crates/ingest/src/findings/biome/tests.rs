//! Reports of Biome.

use tollgate_model::{Cause, Level};

use super::line_of;
use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
use crate::findings::tests::said;

/// As versions up to 2.3 write it.
const OLD: &str = r#"{"summary": {"changed": 0, "unchanged": 2, "matches": 0, "duration": {"secs": 0, "nanos": 1},
  "errors": 1,
    "warnings": 1, "skipped": 0, "suggestedFixesSkipped": 0, "diagnosticsNotPrinted": 0}, "diagnostics": [
    {"category": "lint/suspicious/noDoubleEquals", "severity": "error", "description": "Use === instead of ==.",
     "message": [{"elements": [], "content": "Use "}, {"elements": ["Emphasis"], "content": "==="}],
     "advices": {"advices": []}, "verboseAdvices": {"advices": []},
     "location": {"path": {"file": "src/a.ts"}, "span": [15, 17], "sourceCode": "let é;\nif (a == b) {}\n"},
     "tags": ["fixable"], "source": null},
    {"category": "format", "severity": "warning", "description": "Differs",
      "location": {"path": {"file": "src/b.ts"}}}],
    "command": "lint"}"#;

/// As later versions write it.
const NEW: &str = r#"{"summary": {"changed": 0, "unchanged": 2, "duration": 2836113, "errors": 0, "warnings": 0,
  "infos": 1,
    "skipped": 0, "diagnosticsNotPrinted": 0}, "diagnostics": [
    {"severity": "info", "message": "Unnecessary literal.", "category": "lint/complexity/noUselessTernary",
     "location": {"path": "src/a.ts", "start": {"line": 3, "column": 5}, "end": {"line": 3, "column": 9}},
     "advices": []}], "command": "check"}"#;

#[test]
fn diagnostics_of_both_forms() {
    let (foreign, format) = said(OLD).unwrap();
    assert_eq!((format, foreign.inputs.clone().unwrap().count), ("Biome", 2));
    assert_eq!(foreign.problems, []);
    let first = &foreign.findings[0];
    assert_eq!((first.rule.as_str(), first.level), ("lint/suspicious/noDoubleEquals", Level::Error));
    let region = first.location.as_ref().unwrap().region.unwrap();
    assert_eq!((region.start_line, region.start_column, region.end_column), (2, Some(8), Some(10)));
    assert_eq!(foreign.findings[1].location.as_ref().unwrap().to_string(), "src/b.ts");

    let (foreign, _) = said(NEW).unwrap();
    assert_eq!(
        (foreign.findings[0].level, foreign.findings[0].message.as_str()),
        (Level::Note, "Unnecessary literal.")
    );
    assert_eq!(foreign.findings[0].location.as_ref().unwrap().to_string(), "src/a.ts:3");
}

#[test]
fn what_was_not_printed_or_not_seen_is_a_problem() {
    let clean = r#"{"summary": {"changed": 0, "unchanged": 3, "errors": 0, "warnings": 0, "diagnosticsNotPrinted": 0},
        "diagnostics": [], "command": "ci"}"#;
    let (foreign, _) = said(clean).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len(), foreign.inputs.unwrap().count), (0, 0, 3));
    let cases = [
        (
            "\"diagnosticsNotPrinted\": 0",
            "\"diagnosticsNotPrinted\": 7",
            Cause::Unfinished,
            "7 diagnostics not printed",
        ),
        ("\"errors\": 0", "\"errors\": 2", Cause::Unreadable, "declares `errors` 2, lists 0"),
        ("\"errors\": 0, ", "", Cause::Unreadable, "`errors` is missing"),
        ("\"unchanged\": 3", "\"unchanged\": 0", Cause::NoEvidence, "no file was looked at"),
        ("\"diagnostics\": [], ", "", Cause::Unreadable, "`diagnostics` is missing"),
    ];
    let clean = clean.replace("[],", "[], ");
    for (from, to, cause, words) in cases {
        let (foreign, _) = said(&clean.replace(from, to)).unwrap();
        assert_eq!(foreign.problems.len(), 1, "{to}: {:?}", foreign.problems);
        assert_eq!(foreign.problems[0].cause, cause, "{to}");
        assert!(foreign.problems[0].message.contains(words), "{:?}", foreign.problems);
    }
    for (category, unseen) in [("parse", 1), ("internalError/io", 1), ("parser", 0), ("lint/x/y", 0)] {
        let (foreign, _) = said(&OLD.replace("\"format\"", &format!("{category:?}"))).unwrap();
        assert_eq!(foreign.problems.len(), unseen, "{category}");
    }
}

#[test]
fn offsets_become_lines() {
    let text = "ab\né\r\n\nx";
    let cases = [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (5, (2, 2)), (7, (3, 1)), (8, (4, 1)), (9, (4, 2))];
    for (offset, (line, column)) in cases {
        assert_eq!(line_of(text, offset), (Some(line), Some(column)), "{offset}");
    }
    assert_eq!(line_of(text, 4).0, Some(2), "within a character");
    assert_eq!(line_of(text, 10), (None, None));
    assert_eq!(line_of(text, u64::MAX), (None, None));
}

#[test]
fn damage_is_noticed() {
    for sample in [OLD, NEW] {
        notices_wrong_kinds(sample, &[]);
        notices_a_cut(sample);
    }
}
