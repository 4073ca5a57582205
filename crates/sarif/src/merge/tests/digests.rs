//! Values that are redacted, and named where they are known.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use tollgate_digest::{Digester, Key};

use super::*;

/// A value such as a scanner quotes; no secret of anybody.
const QUOTED: &str = concat!("gh", "p_", "0123456789abcdefghijABCDEFGHIJ012345");

fn key() -> Key {
    Key::new(Some(b"a salt of the repository"), None)
}

fn digester() -> Digester {
    Digester::new(|| Some(key()))
}

/// What takes the place of the value.
fn named() -> String {
    format!("redacted ({})", key().digest(QUOTED.as_bytes()))
}

/// The archive of `text`, whose values `digester` names.
fn archive(text: &[u8], digester: Option<&Digester>) -> Vec<u8> {
    let open = || Window::new(Source::new("s.sarif", Box::new(Cursor::new(text.to_vec())), u64::MAX), 1 << 20);
    let log = ForeignLog { source: "s", open: &open, mark: &|_| Mark::default(), upload: true, digester };
    let mut out = Vec::new();
    crate::archive(&[], &[log], &mut out).unwrap();
    out
}

/// The only file for upload of `text`.
fn upload(text: &[u8], digester: Option<&Digester>) -> Value {
    let open = || Window::new(Source::new("s.sarif", Box::new(Cursor::new(text.to_vec())), u64::MAX), 1 << 20);
    let log = ForeignLog { source: "s", open: &open, mark: &|_| Mark::default(), upload: true, digester };
    let made = Shared::default();
    crate::upload(&[], &[log], &Limits::default(), &mut |_| Ok(Box::new(made.clone()))).unwrap();
    let value: Value = serde_json::from_slice(&made.0.borrow()).unwrap();
    assert_eq!(oracle::check(&value), Vec::<String>::new());
    value
}

fn log(tool: &str, result: &Value) -> Vec<u8> {
    json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": tool}}, "results": [result]}]})
        .to_string()
        .into_bytes()
}

fn at(region: &Value) -> Value {
    json!({"ruleId": "r", "message": {"text": QUOTED}, "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": "a.env"}, "region": region, "contextRegion": {"snippet": {"text": QUOTED}},
    }}]})
}

#[test]
fn a_property_that_is_the_value_is_named() {
    let long = "x".repeat(1 << 15);
    let bag = json!({"Match": QUOTED, "Secret": QUOTED, "raw": [QUOTED, 1, null], "rawV2": QUOTED, "snippet": QUOTED,
        "deep": {"SECRET": QUOTED, "Raw": "ghp_***", "secret": long}});
    let result = json!({"ruleId": "r", "message": {"text": QUOTED}, "properties": bag});
    let once = archive(&log("trufflehog", &result), Some(&digester()));
    let read: Value = serde_json::from_slice(&once).unwrap();
    assert_eq!(
        read["runs"][0]["results"][0]["properties"],
        json!({"Match": "redacted", "Secret": named(), "raw": [named(), "redacted", null], "rawV2": "redacted",
            "snippet": "redacted", "deep": {"SECRET": named(), "Raw": "redacted", "secret": "redacted"}})
    );
    assert_eq!(read["runs"][0]["results"][0]["message"]["text"], "redacted");
    let text = upload(&log("trufflehog", &result), Some(&digester()))["runs"][0]["results"][0]["message"].clone();
    assert_eq!(text["text"], format!("A match of the rule r. What the tool says of it is {}.", named()));
}

#[test]
fn a_snippet_of_which_the_value_is_known_is_named() {
    let line = format!("token: \"{QUOTED}\"");
    for (tool, region, expected) in [
        ("gitleaks", json!({"startLine": 3, "snippet": {"text": QUOTED}}), true),
        ("gitleaks", json!({"snippet": {"text": QUOTED, "rendered": {"text": QUOTED}}, "startLine": 3}), true),
        ("ggshield", json!({"startLine": 3, "startColumn": 9, "endColumn": 49, "snippet": {"text": line}}), true),
        ("ggshield", json!({"startLine": 3, "startColumn": 9, "endColumn": 49, "snippet": {"text": QUOTED}}), true),
        ("ggshield", json!({"startLine": 3, "startColumn": 9, "endColumn": 48, "snippet": {"text": line}}), false),
        (
            "ggshield",
            json!({"startLine": 3, "endLine": 4, "startColumn": 9, "endColumn": 49, "snippet": {"text": line}}),
            false,
        ),
        ("ggshield", json!({"startLine": "3", "startColumn": null, "snippet": {"text": QUOTED}}), false),
        ("ggshield", json!({"startLine": 3, "snippet": QUOTED}), false),
    ] {
        let text = log(tool, &at(&region));
        let read: Value = serde_json::from_slice(&archive(&text, Some(&digester()))).unwrap();
        let place = &read["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        let shown = if expected { named() } else { "redacted".to_owned() };
        let mut redacted = region.clone();
        redacted["snippet"] = json!({"text": shown});
        assert_eq!(place["region"].to_string(), redacted.to_string(), "{tool}: {region}");
        assert_eq!(place["contextRegion"], json!({"snippet": {"text": "redacted"}}));
        let message = upload(&text, Some(&digester()))["runs"][0]["results"][0]["message"]["text"].to_string();
        assert_eq!(message.contains(&named()), expected, "{tool}: {region}: {message}");
        let nameless = archive(&text, None);
        assert!(!String::from_utf8_lossy(&nameless).contains("s1:"), "nobody to name it");
    }
}

proptest! {
    #[test]
    fn what_is_redacted_stays(
        keys in prop::collection::vec(
            select(vec!["Secret", "raw", "Match", "snippet", "region", "message", "text", "startColumn", "deep"]), 1..12,
        ),
        columns in (0_u32..60, 0_u32..60),
        tool in select(vec!["gitleaks", "trufflehog"]),
        prefix in "[ a-z\"=]{0,12}",
    ) {
        let line = format!("{prefix}{QUOTED}");
        let mut value = json!(line);
        for key in keys {
            value = match key {
                "region" => json!({"startLine": 1, "startColumn": columns.0, "endColumn": columns.1, "snippet": {"text": line}, "x": value}),
                "startColumn" => json!({"snippet": {"text": QUOTED}, "startColumn": columns.0, "Secret": value}),
                key => json!({key: value, "Raw": QUOTED}),
            };
        }
        let result = json!({"message": {"text": line}, "properties": value, "locations": [{"physicalLocation": {"region": {
            "startLine": 1, "startColumn": columns.0, "endColumn": columns.1, "snippet": {"text": line},
        }}}]});
        let result = json!({"runs": [{"tool": {"driver": {"name": tool}}, "results": [result]}], "version": "2.1.0"});
        let text = result.to_string().into_bytes();
        let once = archive(&text, Some(&digester()));
        prop_assert_eq!(&archive(&once, Some(&digester())), &once);
        prop_assert_eq!(&archive(&once, None), &once);
        // Properties that are none of a scanner's may show anything.
        let read: Value = serde_json::from_slice(&once).unwrap();
        let result = &read["runs"][0]["results"][0];
        let shown = format!("{}{}", result["message"], result["locations"]);
        prop_assert!(!shown.contains(QUOTED), "{}", shown);
    }
}
