//! Documents by chance.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

const WORDS: &[&str] = &[
    "version",
    "runs",
    "tool",
    "driver",
    "extensions",
    "rules",
    "name",
    "id",
    "index",
    "guid",
    "results",
    "ruleId",
    "ruleIndex",
    "rule",
    "toolComponent",
    "level",
    "kind",
    "message",
    "text",
    "markdown",
    "arguments",
    "locations",
    "physicalLocation",
    "artifactLocation",
    "uri",
    "uriBaseId",
    "originalUriBaseIds",
    "artifacts",
    "location",
    "region",
    "startLine",
    "endLine",
    "startColumn",
    "endColumn",
    "snippet",
    "relatedLocations",
    "partialFingerprints",
    "primaryLocationLineHash",
    "fingerprints",
    "suppressions",
    "status",
    "justification",
    "properties",
    "expiryUtc",
    "baselineState",
    "invocations",
    "executionSuccessful",
    "toolExecutionNotifications",
    "ruleConfigurationOverrides",
    "descriptor",
    "configuration",
    "provenance",
    "invocationIndex",
    "messageStrings",
    "defaultConfiguration",
    "tags",
    "automationDetails",
    "versionControlProvenance",
    "revisionId",
    "externalPropertyFileReferences",
];

fn value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        select(vec![
            "2.1.0",
            "error",
            "none",
            "pass",
            "A",
            "A/b",
            "../a",
            "a/b.ts",
            "file:///a/b",
            "C:\\a",
            "accepted",
            "absent",
            "2027-01-01T00:00:00Z",
            "secret",
            "{0}",
            "%41%",
            "x@y.z",
            "v1:00000000000000000000000000000000",
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        4 => text.prop_map(Value::from),
        2 => (-1..4_i64).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from);
        let key = select(WORDS).prop_map(str::to_owned);
        let map = prop::collection::vec((key, inner), 0..6).prop_map(|pairs| pairs.into_iter().collect::<Value>());
        prop_oneof![1 => list, 2 => map]
    })
}

/// A document with most of what is read.
fn whole() -> Value {
    let place = json!({"physicalLocation": {"artifactLocation": {"uri": "src/a.ts", "uriBaseId": "S", "index": 0},
        "region": {"startLine": 3, "endLine": 4, "startColumn": 1, "snippet": {"text": "x"}}}, "message": {"text": "here"}});
    json!({"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [{
        "tool": {
            "driver": {"name": "T", "version": "1", "globalMessageStrings": {"g": {"text": "g {0}"}}, "rules": [
                {"id": "A", "guid": "g", "name": "n", "shortDescription": {"text": "s"}, "fullDescription": {"text": "f"},
                 "help": {"text": "h"}, "helpUri": "https://example.com", "defaultConfiguration": {"level": "error"},
                 "messageStrings": {"m": {"text": "{0}"}},
                 "properties": {"tags": ["security"], "precision": "high", "security-severity": "9.1"}}]},
            "extensions": [{"name": "e", "rules": [{"id": "B"}]}],
        },
        "invocations": [{"executionSuccessful": true, "exitCode": 0, "endTimeUtc": "2026-01-01T00:00:00Z",
            "toolExecutionNotifications": [{"level": "note", "message": {"text": "n"}}],
            "ruleConfigurationOverrides": [{"descriptor": {"id": "A"}, "configuration": {"level": "note"}}]}],
        "originalUriBaseIds": {"S": {"uri": "apps/", "uriBaseId": "R"}, "R": {"uri": "file:///r/"}},
        "artifacts": [{"location": {"uri": "a"}}],
        "automationDetails": {"id": "x/"},
        "versionControlProvenance": [{"revisionId": "abcdef0", "mappedTo": {"uriBaseId": "R"}}],
        "results": [
            {"ruleId": "A/b", "ruleIndex": 0, "level": "warning", "message": {"text": "m"}, "locations": [place],
             "relatedLocations": [place], "partialFingerprints": {"primaryLocationLineHash": "h"}, "baselineState": "new",
             "suppressions": [{"kind": "external", "status": "accepted", "justification": "j",
                "properties": {"expiryUtc": "2027-01-01T00:00:00Z", "owner": "o"}}], "properties": {"confidence": "low"}},
            {"rule": {"id": "B", "index": 0, "toolComponent": {"index": 0}}, "message": {"id": "g", "arguments": ["a"]},
             "kind": "fail", "provenance": {"invocationIndex": 0}, "fingerprints": {"0": "f"}},
        ],
    }]})
}

/// Puts `value` in place of one of the values within `at`.
fn spoil(at: &mut Value, pick: &mut impl FnMut(usize) -> usize, value: Value) {
    let children: Vec<&mut Value> = match at {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => Vec::new(),
    };
    let count = children.len();
    match children.into_iter().nth(pick(count + 1)) {
        Some(child) => spoil(child, pick, value),
        None => *at = value,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_values_bring_it_down(spoilt in prop::collection::vec((prop::collection::vec(any::<Index>(), 12), value()), 1..4)) {
        let mut log = whole();
        for (picks, value) in spoilt {
            let mut picks = picks.into_iter();
            spoil(&mut log, &mut |count| picks.next().map_or(count - 1, |pick| pick.index(count)), value);
        }
        super::super::fuzz_read(log.to_string().as_bytes());
    }

    #[test]
    fn no_bytes_bring_it_down(changes in prop::collection::vec((any::<Index>(), prop::option::of(any::<u8>())), 1..6), wide: bool) {
        let text = whole().to_string();
        let mut bytes: Vec<u8> = match wide {
            true => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            false => text.into_bytes(),
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            match byte {
                Some(byte) => bytes[at] = byte,
                None => _ = bytes.remove(at),
            }
        }
        super::super::fuzz_read(&bytes);
        prop_assert!(bytes.is_empty() || read_bytes(&bytes[..bytes.len() - 1]).is_err() || wide);
    }
}

#[test]
fn the_whole_is_read() {
    let log = read_text(&whole().to_string());
    assert_eq!(problems(&log), []);
    let said: Vec<String> = log
        .foreign
        .findings
        .iter()
        .map(|f| format!("{} {} {} {} {:?}", f.rule, f.level, f.message, f.fingerprint.as_str(), f.location))
        .collect();
    let place = "Some(Location { path: \"apps/src/a.ts\", region: Some(Region { start_line: 3, end_line: 4, \
                 start_column: Some(1), end_column: None }) })";
    assert_eq!(said, [format!("A/b warning m A/b:h {place}"), "B warning g a B:f None".to_owned()]);
}
