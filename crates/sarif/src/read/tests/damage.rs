//! What is refused, and why.

use super::*;

#[test]
fn other_versions_are_refused_by_name() {
    let old = r#"{"tool": {"name": "T"}, "results": [{"message": "x"}], "files": {}, "rules": {"A": {}}}"#;
    for (text, message) in [
        (format!(r#"{{"version": "1.0.0", "runs": [{old}]}}"#), "the file is SARIF 1.0.0, and 2.1.0 is what is read"),
        (format!(r#"{{"runs": [{old}], "version": "2.0.0"}}"#), "SARIF 2.0.0"),
        (format!(r#"{{"version": "2.0.0-csd.2.beta.2019-01-24", "runs": [{old}]}}"#), "SARIF 2.0.0-csd.2.beta"),
        (r#"{"version": "1.0.0", "version": "2.1.0", "runs": []}"#.to_owned(), "SARIF 1.0.0"),
        (r#"{"version": "2.2", "runs": []}"#.to_owned(), "SARIF 2.2"),
        (r#"{"version": 2, "runs": []}"#.to_owned(), "SARIF 2,"),
        (r#"{"version": [], "runs": []}"#.to_owned(), "SARIF unknown"),
        (format!(r#"{{"$schema": "http://json.schemastore.org/sarif-1.0.0", "runs": [{old}]}}"#), "SARIF 1.0.0"),
        (format!(r#"{{"runs": [{old}]}}"#), "SARIF 1.0 or 2.0"),
        (r#"{"runs": [{"results": []}]}"#.to_owned(), "neither its version nor the tool"),
        (r#"{"runs": []}"#.to_owned(), "neither its version nor the tool"),
        ("{}".to_owned(), "neither its version nor the tool"),
    ] {
        assert!(refusal(&text).contains(message), "{text}: {}", refusal(&text));
    }
    let tool = r#""tool": {"driver": {"name": "T"}}, "results": [{}]"#;
    let log = read_text(&format!(r#"{{"runs": [{{{tool}}}]}}"#));
    assert_eq!(log.foreign.notes, ["the file does not say its version; it was read as SARIF 2.1.0"]);
    for head in
        [r#""version": "2.1.0""#, r#""version": "2.1""#, r#""version": null, "$schema": "x/sarif-2.1.0-rtm.5.json""#]
    {
        let log = read_text(&format!(r#"{{{head}, "runs": [{{{tool}}}]}}"#));
        assert_eq!(log.foreign.findings.len(), 1, "{head}");
    }
}

#[test]
fn what_is_no_json_is_refused_by_line() {
    let good =
        "{\n\"version\": \"2.1.0\",\n\"runs\": [{\"tool\": {\"driver\": {\"name\": \"T\"}},\n\"results\": [{}]}]}";
    assert_eq!(read_text(good).foreign.findings.len(), 1);
    for (text, message) in [
        (good.replace("[{}]", "[{},]"), "r.sarif:4: a comma before the closing bracket"),
        (good.replace("{}", "{\"level\": \"error\",}"), "r.sarif:4: a comma before the closing bracket"),
        (good.replace("{}", "// none\n"), "r.sarif:4: a comment is not JSON"),
        (good.replace("[{}]", "[{\"message\": {\"text\": \"a\nb\"}}]"), "does not end on its line"),
        (format!("{good}x"), "r.sarif:4: expected the end of the file"),
        (format!("{good}{good}"), "expected the end of the file"),
        (good[..good.len() - 1].to_owned(), "cut short"),
        (good[..good.len() - 6].to_owned(), "cut short"),
        (String::new(), "r.sarif:1: expected a value"),
        ("null".to_owned(), "expected a SARIF log"),
        ("[]".to_owned(), "expected a SARIF log"),
        ("\u{0}\u{0}".to_owned(), "expected"),
        (r#"{"version": "2.1.0", "runs": {}}"#.to_owned(), "`runs` is not a list"),
        (r#"{"version": "2.1.0", "runs": [], "runs": []}"#.to_owned(), "a second `runs`"),
        (good.replace("\"results\"", "\"results\": [],\n\"results\""), "r.sarif:5: a second `results`"),
        (good.replace("{}", &"[".repeat(500)), "nested more than 256 levels"),
        (good.replace("{}", &"{\"codeFlows\":".repeat(500)), "nested more than 256 levels"),
    ] {
        assert!(refusal(&text).contains(message), "{text}: {}", refusal(&text));
    }
    for end in 0..good.len() {
        assert!(read_bytes(&good.as_bytes()[..end]).is_err(), "{end}");
    }
}

#[test]
fn of_scalars_that_occur_twice_the_last_counts() {
    let text = r#"{"version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": "S"}}, "tool": {"driver": {"name": "T", "name": "U"}},
        "results": [{"ruleId": "A", "ruleId": "B", "level": "note", "level": "error", "message": {"text": "x", "text": "y"}}]}]}"#;
    let log = read_text(text);
    let found = &log.foreign.findings[0];
    assert_eq!((log.runs[0].name.as_str(), found.rule.as_str(), found.level.word()), ("U", "B", "error"));
    assert_eq!(found.message, "y");
}

#[test]
fn values_of_the_wrong_kind_are_as_good_as_none() {
    let keys = [
        "ruleId",
        "ruleIndex",
        "rule",
        "level",
        "kind",
        "message",
        "locations",
        "relatedLocations",
        "analysisTarget",
        "partialFingerprints",
        "fingerprints",
        "baselineState",
        "suppressions",
        "provenance",
        "properties",
    ];
    let plain = finding(json!({}));
    for value in
        [json!(null), json!(true), json!(-1.5e300), json!("\u{0}"), json!([[], {}, "", 0]), json!({"": {"": []}})]
    {
        for key in keys {
            let found = finding(json!({key: value}));
            assert_eq!((found.rule, found.message), (plain.rule.clone(), plain.message.clone()), "{key}: {value}");
            assert_eq!((found.location, found.suppressed), (None, None), "{key}: {value}");
        }
        for key in
            ["tool", "invocations", "artifacts", "originalUriBaseIds", "automationDetails", "versionControlProvenance"]
        {
            let log = run(json!({key: value, "results": [{}]}));
            assert_eq!(log.foreign.findings.len(), 1, "{key}: {value}");
            assert!(!log.foreign.findings[0].rule.is_empty(), "{key}: {value}");
        }
    }
}
