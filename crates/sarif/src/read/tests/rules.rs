//! Which rule a result is of, and how loud, bad and sure that makes it.

use tollgate_model::{Confidence, Level, Severity};

use super::*;

/// A run with rules in the driver and in an extension.
fn with_rules(results: Value) -> Log {
    run(json!({
        "results": results,
        "tool": {
            "driver": {"name": "T", "rules": [
                {"id": "A", "guid": "AAAA", "defaultConfiguration": {"level": "error"}},
                {"id": "B", "defaultConfiguration": {"level": "note"}},
                {"id": "N", "defaultConfiguration": {"level": "none"}},
                {"id": "D"},
            ]},
            "extensions": [{"name": "ext", "guid": "EEEE", "rules": [
                {"id": "X", "defaultConfiguration": {"level": "error"}},
                {"id": "B", "defaultConfiguration": {"level": "error"}},
            ]}],
        },
    }))
}

#[test]
fn rules_are_found_in_every_way() {
    for (result, rule, level) in [
        (json!({"ruleId": "A"}), "A", Level::Error),
        (json!({"ruleIndex": 1}), "B", Level::Note),
        (json!({"ruleId": "B", "ruleIndex": 1}), "B", Level::Note),
        (json!({"ruleId": "B", "ruleIndex": 0}), "B", Level::Note),
        (json!({"ruleId": "A", "ruleIndex": 99}), "A", Level::Error),
        (json!({"ruleId": "A", "ruleIndex": -1}), "A", Level::Error),
        (json!({"ruleId": "A", "ruleIndex": "1"}), "A", Level::Error),
        (json!({"rule": {"id": "A"}}), "A", Level::Error),
        (json!({"rule": {"index": 1}}), "B", Level::Note),
        (json!({"rule": {"guid": "aaaa"}}), "A", Level::Error),
        (json!({"ruleId": "X"}), "X", Level::Error),
        (json!({"rule": {"index": 0, "toolComponent": {"index": 0}}}), "X", Level::Error),
        (json!({"ruleId": "B", "rule": {"index": 1, "toolComponent": {"name": "ext"}}}), "B", Level::Error),
        (json!({"rule": {"id": "B", "toolComponent": {"guid": "eeee"}}}), "B", Level::Error),
        (json!({"ruleId": "A/sub/deep", "ruleIndex": 0}), "A/sub/deep", Level::Error),
        (json!({"ruleId": "A/sub"}), "A/sub", Level::Error),
        (json!({"ruleId": "AB"}), "AB", Level::Warning),
        (json!({"ruleId": "/"}), "/", Level::Warning),
        (json!({"ruleId": "unknown", "ruleIndex": 1}), "unknown", Level::Note),
        (json!({"ruleId": "N"}), "N", Level::Note),
        (json!({"ruleId": "D"}), "D", Level::Warning),
        (json!({"ruleId": 7}), "t", Level::Warning),
        (json!({}), "t", Level::Warning),
    ] {
        let log = with_rules(json!([result]));
        let found = &log.foreign.findings[0];
        assert_eq!((found.rule.as_str(), found.level), (rule, level), "{result}");
    }
}

#[test]
fn levels_come_from_the_result_the_invocation_and_the_rule() {
    let none = |n| super::super::Levels { none: n, ..Default::default() };
    let log = with_rules(json!([
        {"ruleId": "A", "level": "note"},
        {"ruleId": "A", "level": "none"},
        {"ruleId": "A", "level": "ERROR"},
        {"ruleId": "A", "level": "shout"},
        {"ruleId": "A", "level": 3},
        {"ruleId": "A", "kind": "pass"},
        {"ruleId": "A", "kind": "open", "level": "error"},
        {"ruleId": "A", "kind": "strange"},
        {"ruleId": "N"},
    ]));
    let levels: Vec<Level> = log.foreign.findings.iter().map(|finding| finding.level).collect();
    let error = Level::Error;
    assert_eq!(levels, [Level::Note, Level::Note, error, error, error, error, Level::Note]);
    assert_eq!(log.ordinals, [0, 1, 2, 3, 4, 7, 8]);
    assert_eq!((log.results, log.runs[0].results), (9, 9));
    assert_eq!(log.runs[0].levels, super::super::Levels { note: 1, error: 5, ..none(3) });
    assert_eq!(
        log.foreign.notes,
        [
            "1 result of kind open: no findings",
            "1 result of kind pass: no findings",
            "1 result of these with a level that SARIF allows only for findings",
            "1 result with a level that SARIF does not have (`shout`): the level of the rule, else warning, counts",
        ]
    );
}

#[test]
fn an_invocation_overrides_rules() {
    let set = |id: Value, level: &str| json!({"descriptor": id, "configuration": {"level": level}});
    let first = json!({"executionSuccessful": true, "ruleConfigurationOverrides": [
        set(json!({"index": 0}), "note"), set(json!({"id": "free"}), "error"), set(json!({"id": "Q"}), "loud"), 7,
    ]});
    let level = |invocations: Value, result: Value| {
        let rules = json!([{"id": "Q", "defaultConfiguration": {"level": "error"}}]);
        let tool = json!({"driver": {"name": "T", "rules": rules}});
        let log = run(json!({"results": [result], "invocations": invocations, "tool": tool}));
        log.foreign.findings[0].level
    };
    let one = json!([first]);
    let two = json!([first, {"executionSuccessful": true}]);
    assert_eq!(level(one.clone(), json!({"ruleId": "Q"})), Level::Note, "the only invocation");
    assert_eq!(level(one.clone(), json!({"ruleId": "Q/sub"})), Level::Note);
    assert_eq!(level(one.clone(), json!({"ruleId": "free"})), Level::Error);
    assert_eq!(level(one.clone(), json!({"ruleId": "Q", "level": "warning"})), Level::Warning);
    assert_eq!(level(one, json!({"ruleId": "Q", "provenance": {"invocationIndex": 7}})), Level::Error);
    assert_eq!(level(two.clone(), json!({"ruleId": "Q"})), Level::Error, "which of two is not said");
    assert_eq!(level(two.clone(), json!({"ruleId": "Q", "provenance": {"invocationIndex": 0}})), Level::Note);
    assert_eq!(level(two, json!({"ruleId": "Q", "provenance": {"invocationIndex": 1}})), Level::Error);
}

#[test]
fn severity_and_confidence_come_from_property_bags() {
    let of = |rule: Value, result: Value| {
        let tool = json!({"driver": {"name": "T", "rules": [{"id": "A", "properties": rule}]}});
        let log = run(json!({"tool": tool, "results": [{"ruleId": "A", "properties": result}]}));
        let found = &log.foreign.findings[0];
        (found.severity, found.confidence)
    };
    for (said, severity) in [
        (json!("9.0"), Some(Severity::Critical)),
        (json!(10), Some(Severity::Critical)),
        (json!("8.95"), Some(Severity::High)),
        (json!(7.0), Some(Severity::High)),
        (json!(" 4.0 "), Some(Severity::Medium)),
        (json!("0.1"), Some(Severity::Low)),
        (json!("0.0"), None),
        (json!("10.1"), None),
        (json!("NaN"), None),
        (json!("-1"), None),
        (json!("high"), None),
        (json!([9]), None),
    ] {
        assert_eq!(of(json!({"security-severity": said}), json!({})), (severity, Confidence::High), "{said}");
    }
    assert_eq!(of(json!({"problem.severity": "error"}), json!({})).0, Some(Severity::High));
    assert_eq!(
        of(json!({"problem.severity": "recommendation", "security-severity": "9.9"}), json!(1)).0,
        Some(Severity::Critical)
    );
    for (precision, confidence) in [
        ("very-high", Confidence::High),
        ("medium", Confidence::Medium),
        ("LOW", Confidence::Low),
        ("?", Confidence::High),
    ] {
        assert_eq!(of(json!({"precision": precision}), json!({})).1, confidence);
    }
    let bandit = json!({"issue_confidence": "LOW", "issue_severity": "MEDIUM"});
    assert_eq!(of(json!({"precision": "high"}), bandit), (Some(Severity::Medium), Confidence::Low));
    let zizmor = json!({"zizmor/confidence": "Medium", "zizmor/severity": "High", "zizmor/persona": "Regular"});
    assert_eq!(of(json!({}), zizmor), (Some(Severity::High), Confidence::Medium));
}

#[test]
fn rules_are_described_once_and_within_bounds() {
    let rules: Vec<Value> = (0..10)
        .map(|i| {
            json!({
                "id": format!("R{i}"), "name": "n\u{1b}[0mn", "shortDescription": {"text": " It\nis. "},
                "fullDescription": {"markdown": "Why."}, "help": {"text": "How."}, "helpUri": "https://example.com/r",
                "properties": {"tags": ["security", 7, "x"], "precision": "low"}, "unknown": {"deep": [1]},
            })
        })
        .chain([
            json!(null),
            json!({"id": "R1"}),
            json!({"helpUri": "javascript:x"}),
            json!({"id": "Z", "helpUri": "javascript:x"}),
        ])
        .collect();
    let text = json!({"version": "2.1.0", "runs": [
        {"tool": {"driver": {"name": "T", "rules": rules}}, "results": [{"ruleId": "R9"}, {"ruleId": "R5/s"}]},
        {"tool": {"driver": {"name": "T", "rules": rules}}, "results": [{"ruleId": "R8"}]},
    ]})
    .to_string();
    let ids = |log: &Log| log.foreign.rules.iter().map(|rule| rule.id.clone()).collect::<Vec<_>>();
    let log = read_text(&text);
    assert_eq!(ids(&log).len(), 11);
    let rule = &log.foreign.rules[0];
    assert_eq!((rule.title.as_str(), rule.why.as_str(), rule.mend.as_str()), ("It is.", "Why.", "How."));
    assert_eq!(
        (rule.references.join(" "), rule.tags.join(" ")),
        ("https://example.com/r".to_owned(), "security x".to_owned())
    );
    assert_eq!((log.foreign.rules[10].title.as_str(), log.foreign.rules[10].references.len()), ("Z", 0));
    let few = read_within(text.as_bytes(), &Bounds { other_rules: 2, ..Bounds::default() }).unwrap();
    assert_eq!(ids(&few), ["R0", "R1", "R5", "R9", "R8"]);
    let left_out = |note: &String| note.ends_with("rules without findings not listed");
    assert!(few.foreign.notes.iter().any(left_out), "{:?}", few.foreign.notes);
    let short = read_within(text.as_bytes(), &Bounds { rule_text: 5, ..Bounds::default() }).unwrap();
    assert_eq!(short.foreign.rules[0].title, "nn");
    assert!(short.foreign.notes.iter().any(|note| note.contains("of rules left out")), "{:?}", short.foreign.notes);
    let none = read_within(text.as_bytes(), &Bounds { rules: 3, ..Bounds::default() }).unwrap();
    assert_eq!(problems(&none)[0].0, Cause::Unreadable);
    assert!(problems(&none)[0].1.contains("11 of its rules are too many"), "{:?}", problems(&none));
}
