//! The archive.

use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_model::{Location, State, Suppression};

use super::random::{any_log, shown};
use super::{File, archived, file, none};
use crate::merge::Mark;
use crate::tests::samples::{any_report, finding, report};

fn parsed(files: &[File]) -> (Value, Vec<String>) {
    let (text, said) = archived(&[], files, &none).unwrap();
    (serde_json::from_slice(&text).unwrap(), said)
}

fn error(text: impl Into<Vec<u8>>) -> String {
    archived(&[], &[file("a", text)], &none).unwrap_err().to_string()
}

#[test]
fn everything_passes_as_it_stands() {
    let text = "\u{FEFF}{ \"version\" : \"2.1.0\", \"runs\": [ {\n\"results\":[{\"properties\":{\"n\":[1e400,0.10,-0,\
                \"\\u00e9\\ud800\"]},\"vendor\":null,\"message\":{\"text\":\"x\"}}],\
                \"tool\":{\"driver\":{\"name\":\"T\"}} } ] }";
    let (out, said) = archived(&[], &[file("a", text)], &none).unwrap();
    let expected = "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\
                    \"results\":[{\"properties\":{\"n\":[1e400,0.10,-0,\"\\u00e9\\ud800\"]},\"vendor\":null,\
                    \"message\":{\"text\":\"x\"}}],\"tool\":{\"driver\":{\"name\":\"T\"}},\
                    \"automationDetails\":{\"id\":\"tollgate/a/\"}}]}\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn marks_replace_states_and_join_suppressions() {
    let text = json!({"version": "2.1.0", "runs": [
        {"results": [
            {"baselineState": "new", "suppressions": [{"kind": "inSource"}], "ruleId": "a"},
            {"suppressions": null, "ruleId": "b"},
            {"ruleId": "c"},
            7,
        ]},
        {"results": [{"ruleId": "d"}], "automationDetails": {"guid": "g"}},
    ]});
    let silence = Suppression { reason: "why".to_owned(), owner: None, expires: Some("2027-01-15".to_owned()) };
    let mark = |place: u64| Mark {
        state: (place != 2).then_some(State::Unchanged),
        suppressed: (place < 3).then_some(&silence),
    };
    let files = [file("a", text.to_string())];
    let (out, _) = archived(&[], &files, &mark).unwrap();
    let log: Value = serde_json::from_slice(&out).unwrap();
    let ours = json!({"kind": "external", "status": "accepted", "justification": "why",
                      "properties": {"expiryUtc": "2027-01-15T00:00:00.000Z"}});
    assert_eq!(
        log["runs"][0]["results"].to_string(),
        json!([
            {"baselineState": "unchanged", "suppressions": [{"kind": "inSource"}, ours], "ruleId": "a"},
            {"suppressions": [ours], "ruleId": "b", "baselineState": "unchanged"},
            {"ruleId": "c", "suppressions": [ours]},
            7,
        ])
        .to_string()
    );
    assert_eq!(log["runs"][1]["results"], json!([{"ruleId": "d", "baselineState": "unchanged"}]));
    assert_eq!(log["runs"][1]["automationDetails"].to_string(), r#"{"guid":"g","id":"tollgate/a/2/"}"#);
}

#[test]
fn runs_are_told_apart_by_their_files() {
    let run = |id: &str| json!({"tool": {"driver": {"name": "T"}}, "automationDetails": {"id": id}});
    let log = |runs: Value| json!({"version": "2.1.0", "runs": runs}).to_string();
    let files = [
        file("one", log(json!([run("x/1")]))),
        file("two", log(json!([run("x/2"), run("y/")]))),
        file("three", log(json!(null))),
    ];
    let mut own = report("demo");
    own.findings = vec![finding("demo/x", Some(Location::lines("a.ts", 1, 1)))];
    let (out, said) = archived(&[&own, &own], &files, &none).unwrap();
    let log: Value = serde_json::from_slice(&out).unwrap();
    let ids: Vec<_> = log["runs"].as_array().unwrap().iter().map(|run| &run["automationDetails"]["id"]).collect();
    assert_eq!(ids, ["tollgate/demo/", "tollgate/demo/tollgate/", "x/1", "x/two/2", "y/"]);
    assert_eq!(said[1..], ["two: another run of T has the category x/; this one is called x/two/"]);
    let alone: Value = serde_json::to_value(crate::convert::run(&own)).unwrap();
    assert_eq!(log["runs"][0], alone);
}

#[test]
fn what_stands_beside_the_runs_is_kept() {
    let text = r#"{"version":"2.1.0","x":1,"properties":{"a":1,"author":"ann"},
                   "inlineExternalProperties":[{"guid":"g"}],
                   "runs":[{"properties":{"b":2}},{}],"y":{"z":[]}}"#;
    let bare = r#"{"runs":[],"version":"2.1.0","properties":{},"inlineExternalProperties":[{"guid":"h"}]}"#;
    let (log, said) = parsed(&[file("a", text), file("b", bare)]);
    assert_eq!(
        log["runs"][0]["properties"].to_string(),
        r#"{"b":2,"tollgate:logProperties":{"a":1},"tollgate:logMembers":{"x":1,"y":{"z":[]}}}"#
    );
    assert_eq!(log["inlineExternalProperties"], json!([{"guid": "g"}, {"guid": "h"}]));
    assert_eq!(
        said,
        [
            "a: another run of unnamed tool has the category tollgate/a/; this one is called tollgate/a/2/",
            "a: values that name people, left out in the archive: 1",
            "b: properties of a log without runs are not in the archive",
        ]
    );
    for (run, expected) in [
        ("{}", r#"{"tollgate:logProperties":{"a":1}}"#),
        (r#"{"properties":null}"#, r#"{"tollgate:logProperties":{"a":1}}"#),
    ] {
        let text = format!(r#"{{"version":"2.1.0","runs":[{run}],"properties":{{"a":1}}}}"#);
        assert_eq!(parsed(&[file("a", text)]).0["runs"][0]["properties"].to_string(), expected);
    }
}

#[test]
fn secrets_and_people_do_not_pass() {
    let secret = concat!("AKIA", "IOSFODNN7", "EXAMPLE");
    let run = |tool: &str| {
        json!({
            "results": [{
                "message": {"text": format!("found {secret}"), "markdown": secret, "id": "m", "arguments": [secret, 1],
                            "properties": {"kept": 1}},
                "ruleId": "aws",
                "locations": [{
                    "message": {"text": secret},
                    "physicalLocation": {
                        "region": {"startLine": 3, "snippet": {"text": secret}},
                        "contextRegion": {"snippet": {"text": secret, "rendered": {"markdown": secret}}},
                        "artifactLocation": {"uri": "a.env"},
                    },
                }],
                "partialFingerprints": {"commitSha": "abc", "email": "x", "Author": "Ann", "by": "ann@example.org"},
                "fingerprints": {"v1": "Ann <ann@example.org>", "v2": "0123"},
                "properties": {"Match": secret, "rawV2": secret, "secret": {"is": secret}, "author": "Ann",
                               "deep": [{"commit_author": "Ann", "x": 1}], "raw": null},
            }],
            "artifacts": [{"contents": {"text": secret}, "location": {"uri": "a.env"}}],
            "tool": {"driver": {"name": tool, "properties": {"email": "team@example.org"}}},
        })
    };
    let log = json!({"version": "2.1.0", "runs": [run("Gitleaks"), run("ESLint")]}).to_string();
    let (log, said) = parsed(&[file("g", log)]);
    let redacted = log["runs"][0].to_string();
    assert!(!redacted.contains("AKIA") && !redacted.contains("Ann") && !redacted.contains("example.org"), "{redacted}");
    let result = &log["runs"][0]["results"][0];
    assert_eq!(
        result["message"].to_string(),
        "{\"text\":\"redacted\",\"markdown\":\"redacted\",\
        \"id\":\"m\",\"arguments\":[\"redacted\",\"redacted\"],\"properties\":{\"kept\":1}}"
    );
    assert_eq!(
        result["locations"][0]["physicalLocation"]["region"],
        json!({"startLine": 3, "snippet": {"text": "redacted"}})
    );
    assert_eq!(result["partialFingerprints"], json!({"commitSha": "abc"}));
    assert_eq!(result["fingerprints"], json!({"v2": "0123"}));
    assert_eq!(
        result["properties"],
        json!({"Match": "redacted", "rawV2": "redacted", "secret": "redacted",
               "deep": [{"x": 1}], "raw": null})
    );
    let other = &log["runs"][1]["results"][0];
    assert!(other["message"]["text"].as_str().unwrap().contains("AKIA"));
    assert_eq!(other["partialFingerprints"], json!({"commitSha": "abc"}));
    assert_eq!(
        said,
        [
            "g: texts that may show a secret, redacted in the archive: 11",
            "g: values that name people, left out in the archive: 14",
        ]
    );
}

#[test]
fn what_is_no_log_is_named() {
    for (text, expected) in [
        ("", "a.sarif:1: expected a value, found the end of the file"),
        ("[]", "a.sarif:1: expected an object, found an array"),
        ("{}", "a.sarif: no SARIF log: `version` is missing; expected \"2.1.0\""),
        ("{\"version\":\"2.1.0\"}", "a.sarif: a SARIF log without `runs`; have the tool write it again"),
        (
            "{\"version\":\"1.0.0\",\"runs\":[]}",
            "a.sarif: SARIF of version 1.0.0; expected 2.1.0: have the tool write that, or convert it",
        ),
        ("{\"version\":\"2.1.0\",\"runs\":7}", "a.sarif:1: expected an array, found a number"),
        ("{\"version\":\"2.1.0\",\n\"runs\":[7]}", "a.sarif:2: expected an object, found a number"),
        (
            "{\"version\":\"2.1.0\",\n\"runs\":[{\"results\":[{",
            "a.sarif:2: the file is cut short within an object, 5 levels deep; write it again",
        ),
        (
            "{\"version\":\"2.1.0\",\"runs\":[],}",
            "a.sarif:1: a comma before the closing bracket is not JSON; remove it",
        ),
    ] {
        assert_eq!(error(text), expected);
    }
    let many = format!("{{\"version\":\"2.1.0\",\"runs\":[{}{{}}]}}", "{},".repeat(10_000));
    assert!(error(many).contains("more than 10000 runs"));
    let long = format!(r#"{{"version":"2.1.0","runs":[{{"automationDetails":{{"id":"{}"}}}}]}}"#, "x".repeat(9_000));
    assert!(error(long).contains("longer than 8192 bytes"));
}

#[test]
fn a_writer_that_fails_and_a_file_that_changes_are_told_apart() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let padding = "x".repeat(200_000);
    let files = [file("a", json!({"version": "2.1.0", "runs": [{"x": padding}]}).to_string())];
    let error = super::with(&files, &none, |logs| crate::merge::archive(&[], logs, &mut Full)).unwrap_err();
    assert!(error.to_string().starts_with("the merged file cannot be written: "), "{error}");
    assert!(matches!(error, crate::merge::MergeError::Write(error) if error.kind() == std::io::ErrorKind::StorageFull));
}

/// What must come of a run, by the plain way: everything in memory.
fn expected(run: &Value, id: &Value, ordinal: &mut u64, mark: &dyn Fn(u64) -> Mark<'static>) -> Value {
    let mut run = run.clone();
    if let Some(results) = run.get_mut("results").and_then(Value::as_array_mut) {
        for result in results {
            let mark = mark(*ordinal);
            *ordinal += 1;
            let Some(result) = result.as_object_mut() else { continue };
            if let Some(state) = mark.state {
                result.insert("baselineState".to_owned(), state.word().into());
            }
        }
    }
    let members = run.as_object_mut().unwrap();
    match members.get_mut("automationDetails").and_then(Value::as_object_mut) {
        Some(details) => drop(details.insert("id".to_owned(), id.clone())),
        None => drop(members.insert("automationDetails".to_owned(), json!({"id": id}))),
    }
    run
}

fn marked(place: u64) -> Mark<'static> {
    Mark { state: (place % 2 == 1).then_some(State::New), suppressed: None }
}

fn texts(runs: &Value) -> Vec<String> {
    runs.as_array().unwrap().iter().map(Value::to_string).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_run_is_found_again(logs in prop::collection::vec((any_log(), any::<bool>()), 0..4), own in any_report()) {
        let files: Vec<File> = logs
            .iter()
            .enumerate()
            .map(|(i, (log, pretty))| file(&format!("s{i}"), shown(log, *pretty)))
            .collect();
        let (out, said) = archived(&[&own], &files, &marked).unwrap();
        let archive: Value = serde_json::from_slice(&out).unwrap();
        let mut runs = archive["runs"].as_array().unwrap().iter();
        prop_assert_eq!(runs.next(), Some(&serde_json::to_value(crate::convert::run(&own)).unwrap()));
        let (mut keys, mut lost) = (std::collections::BTreeSet::new(), 0);
        for (log, _) in &logs {
            let mut ordinal = 0;
            for run in log["runs"].as_array().unwrap() {
                let found = runs.next().unwrap();
                let id = &found["automationDetails"]["id"];
                let category = id.as_str().unwrap().rsplit_once('/').unwrap().0.to_owned();
                prop_assert!(keys.insert((run["tool"]["driver"]["name"].to_string(), category.clone())), "{category}");
                let before = run["automationDetails"]["id"].as_str();
                if let Some((wanted, own)) = before.and_then(|id| id.rsplit_once('/')) {
                    prop_assert!(category.starts_with(wanted) && id.as_str().unwrap().ends_with(&["/", own].concat()));
                    lost += usize::from(category != wanted && !wanted.is_empty());
                }
                prop_assert_eq!(expected(run, id, &mut ordinal, &marked).to_string(), found.to_string());
            }
        }
        prop_assert!(runs.next().is_none());
        prop_assert!(said.len() >= lost);
    }

    #[test]
    fn merging_in_steps_is_merging_at_once(logs in prop::collection::vec(any_log(), 3)) {
        let files: Vec<File> =
            logs.iter().zip(["a", "b", "c"]).map(|(log, source)| file(source, log.to_string())).collect();
        let (once, _) = archived(&[], &files, &none).unwrap();
        let (half, _) = archived(&[], &files[..2], &none).unwrap();
        let (steps, _) = archived(&[], &[file("ab", half), files[2].clone()], &none).unwrap();
        prop_assert_eq!(String::from_utf8(steps).unwrap(), String::from_utf8(once).unwrap());
    }

    #[test]
    fn the_order_of_files_is_the_order_of_runs(mut logs in prop::collection::vec(any_log(), 3)) {
        // Categories are taken in order, so they must differ here.
        for (i, log) in logs.iter_mut().enumerate() {
            for run in log["runs"].as_array_mut().unwrap() {
                run["tool"] = json!({"driver": {"name": format!("tool {i}")}});
            }
        }
        let files: Vec<File> =
            logs.iter().zip(["a", "b", "c"]).map(|(log, source)| file(source, log.to_string())).collect();
        let turned: Vec<File> = files.iter().rev().cloned().collect();
        let [mut one, mut other] = [parsed(&files).0, parsed(&turned).0].map(|log| texts(&log["runs"]));
        one.sort();
        other.sort();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_file_that_is_cut_short_is_an_error(log in any_log(), at in any::<prop::sample::Index>()) {
        let text = log.to_string();
        let cut = at.index(text.len());
        prop_assume!(text.is_char_boundary(cut));
        let error = archived(&[], &[file("a", &text.as_bytes()[..cut])], &none).unwrap_err().to_string();
        prop_assert!(error.starts_with("a.sarif:1: "), "{error}");
    }
}
