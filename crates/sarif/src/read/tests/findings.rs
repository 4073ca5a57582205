//! Messages, names, suppressions, states, and what may hold a secret.

use tollgate_model::{State, Suppression};

use super::*;

#[test]
fn messages_are_found_and_made_fit() {
    let message = |result: Value| {
        let tool = json!({"driver": {
            "name": "T",
            "globalMessageStrings": {"g": {"text": "Global {0}."}},
            "rules": [{"id": "A", "shortDescription": {"text": "Title."},
                "messageStrings": {"m": {"text": "'{0}' and {{{1}}}."}, "s": "plain {0}", "bad": 7}}],
        }});
        let log = run(json!({"tool": tool, "results": [result]}));
        log.foreign.findings[0].message.clone()
    };
    for (said, expected) in [
        (json!({"text": "One\r\n two\u{1b}[31m\u{7}\u{202e}."}), "One two."),
        (json!({"markdown": "*md*"}), "*md*"),
        (json!({"markdown": "*md*", "text": "plain"}), "plain"),
        (json!({"text": "a {0} {1}", "arguments": ["x"]}), "a x {1}"),
        (json!({"text": "a {0}"}), "a {0}"),
        (json!({"id": "m", "arguments": ["x", "y"]}), "'x' and {y}."),
        (json!({"id": "s", "arguments": [7]}), "plain"),
        (json!({"id": "g", "arguments": ["x"]}), "Global x."),
        (json!({"id": "unknown"}), "Title."),
        (json!({"id": "bad"}), "Title."),
        (json!({"text": "\u{1}\n"}), "Title."),
        (json!({}), "Title."),
        (json!("text"), "Title."),
    ] {
        assert_eq!(message(json!({"ruleId": "A", "message": said})), expected, "{said}");
    }
    assert_eq!(message(json!({"ruleId": "?"})), "The tool gave no message.");
}

#[test]
fn a_message_of_any_length_is_cut_and_said() {
    let long = "word ".repeat(400_000);
    let log = run(json!({"results": [{"message": {"text": long}, "ruleId": "r".repeat(100_000)}]}));
    let found = &log.foreign.findings[0];
    assert_eq!((found.message.chars().count(), found.rule.chars().count()), (4_000, 301));
    assert_eq!(log.foreign.notes, ["1 message cut at 4000 characters"]);
    let few = Bounds { message: 3, ..Bounds::default() };
    let text = json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "T"}}, "results": [{"message": {"text": "äöüß"}}]}]});
    assert_eq!(read_within(text.to_string().as_bytes(), &few).unwrap().foreign.findings[0].message, "äöü…");
}

#[test]
fn the_name_that_a_tool_gave_is_kept() {
    for (result, print) in [
        (json!({"partialFingerprints": {"a": "1", "primaryLocationLineHash": "h:1"}}), "R:h:1"),
        (json!({"partialFingerprints": {"b": "2", "a": "1"}, "fingerprints": {"0": "f"}}), "R:1"),
        (json!({"fingerprints": {"z/v1": "f", "y/v1": "e"}}), "R:e"),
        (json!({"fingerprints": {"0": "f"}, "partialFingerprints": {"b": "2"}}), "R:2"),
        (json!({"partialFingerprints": {"primaryLocationLineHash": ""}, "fingerprints": {"0": "f"}}), "R:f"),
        (json!({"partialFingerprints": {"a": "x".repeat(300)}, "fingerprints": {"0": "f"}}), "R:f"),
        (json!({"partialFingerprints": {"a": "me@example.com"}, "fingerprints": {"0": "f"}}), "R:f"),
        (json!({"partialFingerprints": {"commitSha": "abc", "author": "me"}, "fingerprints": {"0": "f"}}), "R:f"),
    ] {
        let mut result = result;
        result["ruleId"] = json!("R");
        assert_eq!(finding(result.clone()).fingerprint.as_str(), print, "{result}");
    }
}

#[test]
fn equal_names_are_numbered() {
    let named =
        |name: &str, rule: &str| json!({"ruleId": rule, "partialFingerprints": {"primaryLocationLineHash": name}});
    let log = run(
        json!({"results": [named("h", "A"), named("h", "A"), named("h#2", "A"), named("h", "B"), named("h", "A")]}),
    );
    let prints: Vec<&str> = log.foreign.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    assert_eq!(prints, ["A:h", "A:h#2", "A:h#2#2", "B:h", "A:h#3"]);
}

#[test]
fn a_name_is_made_of_rule_path_and_text() {
    let made = |rule: &str, path: &str, line: u32, snippet: Option<&str>, message: &str| {
        let mut region = json!({"startLine": line});
        if let Some(snippet) = snippet {
            region["snippet"] = json!({"text": snippet});
        }
        let place = json!({"physicalLocation": {"region": region, "artifactLocation": {"uri": path}}});
        finding(json!({"ruleId": rule, "message": {"text": message}, "locations": [place]})).fingerprint
    };
    let first = made("A", "a.ts", 1, Some("x = 1"), "m");
    assert!(first.as_str().starts_with("v1:"));
    assert_eq!(first, made("A", "./a.ts", 9, Some("  x =  1\n"), "other"));
    assert_ne!(first, made("A", "a.ts", 1, Some("x = 2"), "m"));
    assert_ne!(first, made("B", "a.ts", 1, Some("x = 1"), "m"));
    assert_ne!(first, made("A", "b.ts", 1, Some("x = 1"), "m"));
    assert_ne!(made("A", "a.ts", 1, None, "m"), made("A", "a.ts", 1, None, "n"));
    let twice = json!({"ruleId": "A", "message": {"text": "m"}});
    let log = run(json!({"results": [twice, twice]}));
    assert_ne!(log.foreign.findings[0].fingerprint, log.foreign.findings[1].fingerprint);
}

#[test]
fn only_accepted_suppressions_silence() {
    let suppressed = |list: Value| finding(json!({"suppressions": list})).suppressed;
    let reason = |text: &str| Some(Suppression { reason: text.to_owned(), owner: None, expires: None });
    for (list, expected) in [
        (json!([]), None),
        (json!(null), None),
        (json!({"status": "accepted"}), None),
        (json!([{"kind": "external", "status": "accepted", "justification": "ours"}]), reason("ours")),
        (json!([{"kind": "inSource"}]), reason("a comment in the source")),
        (json!([{"kind": "external"}]), reason("accepted, without a reason")),
        (json!([{"status": null, "justification": "x"}, {"justification": "y"}]), reason("x; y")),
        (json!([{"status": "underReview"}]), None),
        (json!([{"status": "rejected"}]), None),
        (json!([{"status": "accepted"}, {"status": "rejected"}]), None),
        (json!([{"status": "Accepted"}]), None),
        (json!([{"status": 1}]), None),
        (json!([{"status": "accepted"}, null]), None),
        (json!([{"properties": {"expiryUtc": "soon"}}]), None),
        (json!([{"properties": {"expiryUtc": 7}}]), None),
    ] {
        assert_eq!(suppressed(list.clone()), expected, "{list}");
    }
    let dated = suppressed(json!([
        {"justification": "j", "properties": {"expiryUtc": "2027-03-01T12:00:00.000Z", "alias": "ann"}},
        {"justification": "j", "properties": {"expiryUtc": "2027-01-31T23:30:00-05:00", "owner": "bob"}},
    ]));
    let expected =
        Suppression { reason: "j".to_owned(), owner: Some("ann".to_owned()), expires: Some("2027-02-01".to_owned()) };
    assert_eq!(dated, Some(expected));
    let log = run(json!({"results": [{"suppressions": [{"properties": {"expiryUtc": "soon"}}]}]}));
    assert_eq!(log.foreign.notes, ["1 result with a suppression whose `expiryUtc` is no date: not suppressed"]);
}

#[test]
fn states_are_those_of_the_baseline() {
    for (said, state) in [
        (json!("new"), Some(State::New)),
        (json!("unchanged"), Some(State::Unchanged)),
        (json!("updated"), Some(State::Unchanged)),
        (json!("absent"), Some(State::Absent)),
        (json!("old"), None),
        (json!(1), None),
        (json!(null), None),
    ] {
        assert_eq!(finding(json!({"baselineState": said})).state, state, "{said}");
    }
}

/// A value such as a scanner quotes; no secret of anybody.
const QUOTED: &str = concat!("gh", "p_", "0123456789abcdefghijABCDEFGHIJ012345");

fn secret_result(rule: &str, print: Value) -> Value {
    json!({
        "ruleId": rule,
        "message": {"text": format!("found '{QUOTED}'")},
        "partialFingerprints": print,
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": "a.env"}, "region": {"startLine": 3, "snippet": {"text": QUOTED}},
        }}],
    })
}

#[test]
fn nothing_of_a_secret_is_kept() {
    let described = json!([
        {"id": "plain", "shortDescription": {"text": "A token."}},
        {"id": "tagged", "properties": {"tags": ["Secret"]}},
        {"id": "no-eval"},
    ]);
    for (tool, rule, hidden) in [
        ("gitleaks", "plain", true),
        ("detect-secrets", "unknown", true),
        ("T", "tagged", true),
        ("T", "generic.secrets.x", true),
        ("T", "no-eval", false),
    ] {
        let prints = [json!({}), json!({"value": QUOTED}), json!({"author": "me@example.com", "commitSha": QUOTED})];
        for print in prints.into_iter().take(if hidden { 3 } else { 1 }) {
            let driver = json!({"name": tool, "rules": described});
            let log = run(json!({"tool": {"driver": driver}, "results": [secret_result(rule, print)]}));
            let found = &log.foreign.findings[0];
            assert_eq!(!format!("{log:?}").contains(QUOTED), hidden, "{tool} {rule}: {found:?}");
            assert_eq!(found.message.ends_with(" (its text was left out: it may hold the secret)"), hidden);
            assert_eq!(log.foreign.notes.iter().any(|note| note.contains("may hold a secret")), hidden);
            assert_eq!(found.location.as_ref().unwrap().to_string(), "a.env:3");
        }
    }
    let log = run(json!({
        "tool": {"driver": {"name": "gitleaks", "rules": described}}, "results": [secret_result("plain", json!({}))],
    }));
    assert!(log.foreign.findings[0].message.starts_with("A token. ("), "{:?}", log.foreign.findings[0]);
}

#[test]
fn another_secret_in_another_place_has_another_name() {
    let at = |line: u32, print: Value| {
        let mut result = secret_result("secret-x", print);
        result["locations"][0]["physicalLocation"]["region"]["startLine"] = json!(line);
        finding(result).fingerprint
    };
    assert_ne!(at(1, json!({})), at(2, json!({})));
    assert_eq!(at(1, json!({"hash": "00"})), at(2, json!({"hash": "00"})));
    assert_ne!(at(1, json!({"hash": "00"})), at(1, json!({"hash": "01"})));
}
