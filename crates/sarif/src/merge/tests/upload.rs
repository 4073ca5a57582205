//! The copy for the host.

use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_model::{Location, Severity, State, Suppression};

use super::random::any_log;
use super::{File, file, none, uploaded};
use crate::merge::{ForeignLog, Limits, Mark, fuzz_merge};
use crate::tests::samples::{any_report, finding, report, rule};

fn log(runs: Value) -> File {
    file("s", json!({"version": "2.1.0", "runs": runs}).to_string())
}

/// The one file of one log, and what is said.
fn one(runs: Value, limits: &Limits) -> (Value, Vec<String>) {
    let (files, said) = uploaded(&[], &[log(runs)], &none, limits).unwrap();
    assert_eq!(files.len(), 1);
    (files[0].clone(), said)
}

fn ids(log: &Value) -> Vec<&str> {
    log["runs"][0]["results"].as_array().unwrap().iter().map(|result| result["ruleId"].as_str().unwrap()).collect()
}

#[test]
fn a_bare_run_is_made_whole() {
    let (log, said) = one(
        json!([{
            "tool": {"driver": {"name": "T", "rules": [{"id": "d"}]},
                     "extensions": [{"name": "ext",
                                     "rules": [{"id": "e", "defaultConfiguration": {"level": "error"}}]}]},
            "originalUriBaseIds": {"R": {"uri": "file:///w/"}},
            "results": [
                {"message": {"id": "m", "arguments": ["x"]}, "ruleId": "e/sub",
                 "locations": [{"physicalLocation": {"artifactLocation": {"uri": "file:///w/a%20b.c"},
                                "region": {"startLine": 0, "endLine": 3, "startColumn": 4, "endColumn": 2}}}]},
                {"message": {"text": "nowhere"}, "rule": {"index": 0, "toolComponent": {"index": 0}}},
                {"message": {"text": "unknown"}, "level": "loud",
                 "locations": [{"physicalLocation": {"artifactLocation": {"uri": "https://example.org/x"}}}]},
            ],
        }]),
        &Limits::default(),
    );
    let run = &log["runs"][0];
    let rules: Vec<_> = run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    assert_eq!(rules, ["d", "e", "e/sub", "unnamed-rule"]);
    assert_eq!(run["automationDetails"]["id"], "tollgate/s/");
    let results = &run["results"];
    assert_eq!(results[0]["level"], "error");
    assert_eq!(results[0]["message"]["text"], "A match of the rule e/sub.");
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"],
        json!({"artifactLocation": {"uri": "a%20b.c"},
               "region": {"startLine": 1, "startColumn": 4, "endLine": 3, "endColumn": 2}})
    );
    assert_eq!((&results[1]["ruleId"], &results[1]["level"]), (&json!("e"), &json!("error")));
    assert_eq!(results[1]["locations"][0]["message"]["text"], crate::WHOLE_SUBJECT);
    assert_eq!(results[2]["level"], "warning");
    let said_of = &results[2]["locations"][0]["message"]["text"];
    assert_eq!(said_of, "The finding is about https://example.org/x, outside the repository.");
    assert_eq!(said, ["s: results whose place is not in the repository, uploaded with another in its stead: 2"]);
}

#[test]
fn only_what_counts_goes_up() {
    let silence = Suppression { reason: "x".to_owned(), owner: None, expires: None };
    let mark = |place: u64| Mark {
        state: (place == 1).then_some(State::Absent),
        suppressed: (place == 2).then_some(&silence),
    };
    let result = |id: &str, key: &str, value: Value| json!({"ruleId": id, key: value, "message": {"text": "x"}});
    let files = [log(json!([{"tool": {"driver": {"name": "T"}}, "results": [
        result("a", "kind", json!("open")),
        result("b", "baselineState", json!("new")),
        result("c", "level", json!("error")),
        result("d", "suppressions", json!([{"kind": "inSource"}])),
        result("e", "suppressions", json!([{"status": "rejected"}])),
        result("f", "suppressions", json!([])),
        result("g", "baselineState", json!("absent")),
        result("h", "kind", json!("pass")),
        "i",
    ]}, {"tool": {"driver": {"name": "U"}}, "results": null}]))];
    let (made, said) = uploaded(&[], &files, &mark, &Limits::default()).unwrap();
    assert_eq!(ids(&made[0]), ["a", "e", "f"]);
    assert_eq!(made[0]["runs"].as_array().unwrap().len(), 1);
    assert_eq!(
        said,
        [
            "s, tollgate/s/: suppressed results, not uploaded: 2",
            "s, tollgate/s/: results that only the base has, not uploaded: 2",
            "s, tollgate/s/: results that say that a rule is met or does not apply, not uploaded: 1",
            "s, tollgate/s/: results that are no objects, not uploaded: 1",
            "s, tollgate/s/: results whose place is not in the repository, uploaded with another in its stead: 3",
            "s, tollgate/s/: a run without `results` says nothing, not uploaded",
        ]
    );
    let left = super::with(&files, &none, |logs| {
        let logs: Vec<_> = logs.iter().map(|log| ForeignLog { upload: false, ..*log }).collect();
        crate::merge::upload(&[], &logs, &Limits::default(), &mut |_| unreachable!())
    });
    assert_eq!(left.unwrap(), Vec::<String>::new());
}

#[test]
fn the_worst_are_kept_in_the_order_of_the_file() {
    let rule = |id: &str, severity: &str| json!({"id": id, "properties": {"security-severity": severity}});
    let result = |id: &str, level: &str| json!({"ruleId": id, "level": level, "message": {"text": "x"}});
    let limits = Limits { results: 3, rules: 2, ..Limits::default() };
    let (log, said) = one(
        json!([{
            "results": [result("low", "note"), result("low", "error"), result("low", "warning"),
                        result("high", "warning"), result("high", "error"), result("low", "warning")],
            "tool": {"driver": {"name": "T", "rules": [{"id": "idle"}, rule("low", "2.0"), rule("high", "9.8")]}},
        }]),
        &limits,
    );
    let kept: Vec<_> =
        log["runs"][0]["results"].as_array().unwrap().iter().map(|r| (&r["ruleId"], &r["level"])).collect();
    let expected = [("low", "error"), ("high", "warning"), ("high", "error")].map(|(a, b)| (json!(a), json!(b)));
    assert_eq!(kept, expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    assert!(
        said.contains(&"s: results over the host's limit of a run, the mildest, not uploaded: 3".to_owned()),
        "{said:?}"
    );
    assert!(said.contains(&"s: rules over the host's limits, not uploaded: 1".to_owned()), "{said:?}");
}

#[test]
fn parts_of_results_and_rules_are_cut() {
    let place = json!({"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": {"startLine": 1}}});
    let step = json!({"location": place});
    let tags: Vec<String> = (0..12).map(|i| format!("t{i}")).chain(["security".to_owned()]).collect();
    let (log, said) = one(
        json!([{
            "tool": {"driver": {"name": "T", "rules": [{"id": "r", "name": "n".repeat(300),
                     "properties": {"tags": tags},
                     "shortDescription": {"text": "s".repeat(2000)}, "fullDescription": {"text": "f".repeat(1024)}}]}},
            "results": [{"ruleId": "r", "message": {"text": "x"}, "locations": vec![place.clone(); 130],
                         "codeFlows": [{"threadFlows": [{"locations": vec![step.clone(); 600]}]},
                                       {"threadFlows": [{"locations": vec![step; 500]}]}]}],
        }]),
        &Limits::default(),
    );
    let (rule, result) = (&log["runs"][0]["tool"]["driver"]["rules"][0], &log["runs"][0]["results"][0]);
    assert_eq!(rule["name"].as_str().unwrap().chars().count(), 255);
    assert_eq!(rule["shortDescription"]["text"].as_str().unwrap().chars().count(), 1024);
    let tags = rule["properties"]["tags"].as_array().unwrap();
    assert!(tags.len() == 10 && tags.contains(&json!("security")));
    assert_eq!(result["locations"].as_array().unwrap().len(), 100);
    let steps = |i: usize| result["codeFlows"][i]["threadFlows"][0]["locations"].as_array().unwrap().len();
    assert_eq!((steps(0), steps(1)), (600, 400));
    assert_eq!(
        said,
        [
            "s: locations over the host's limit of a result, not uploaded: 30",
            "s: steps of code flows over the host's limit or outside the repository, not uploaded: 100",
            "s: tags over the host's limit of a rule, not uploaded: 3",
            "s: texts of rules cut to the host's limits: 2",
        ]
    );
}

/// Text that does not compress.
fn noise(seed: &mut u64, length: usize) -> String {
    (0..length)
        .map(|_| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'!' + (*seed >> 58) as u8)
        })
        .collect()
}

#[test]
fn runs_are_split_over_files_and_one_that_is_too_large_is_trimmed() {
    let mut seed = 7;
    let mut run = |name: &str, results: usize| {
        let results: Vec<Value> = (0..results)
            .map(|i| {
                let level = if i % 10 == 0 { "error" } else { "note" };
                json!({"ruleId": "r", "level": level, "message": {"text": noise(&mut seed, 200)}})
            })
            .collect();
        json!({"tool": {"driver": {"name": name}}, "results": results})
    };
    let mut runs: Vec<Value> = (0..5).map(|i| run(&format!("small {i}"), 8)).collect();
    runs.push(run("large", 200));
    let limits = Limits { bytes: 8_000, runs: 3, ..Limits::default() };
    let (files, said) = uploaded(&[], &[log(json!(runs))], &none, &limits).unwrap();
    let counts: Vec<usize> = files.iter().map(|file| file["runs"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [3, 2, 1]);
    let kept = files[2]["runs"][0]["results"].as_array().unwrap();
    let errors = kept.iter().filter(|result| result["level"] == "error").count();
    assert_eq!(errors, 20);
    assert!((30..60).contains(&kept.len()), "{}", kept.len());
    let expected = format!("not uploaded: {}", 200 - kept.len());
    assert!(said.iter().any(|said| said.contains("has no room") && said.ends_with(&expected)), "{said:?}");

    let rules: Vec<Value> = (0..100).map(|i| json!({"id": format!("r{i}"), "name": noise(&mut seed, 200)})).collect();
    let heavy = json!([{"tool": {"driver": {"name": "T", "rules": rules}}, "results": [{"ruleId": "r7"}]}]);
    let (log, said) = one(heavy, &limits);
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(), 1);
    assert!(said.contains(&"s: rules over the host's limits, not uploaded: 99".to_owned()), "{said:?}");
    let tiny = Limits { bytes: 250, ..Limits::default() };
    let (files, said) = uploaded(&[], &[log_of_one()], &none, &tiny).unwrap();
    assert!(files.is_empty());
    assert_eq!(said, ["s: a file of the host's size has no room for it, nothing uploaded"]);
}

fn log_of_one() -> File {
    log(json!([{"results": [{"ruleId": "r"}]}]))
}

#[test]
fn secrets_do_not_go_up() {
    let secret = concat!("AKIA", "IOSFODNN7", "EXAMPLE");
    let result = json!({"ruleId": "aws", "message": {"text": secret, "markdown": secret},
        "partialFingerprints": {"author": "Ann", "primaryLocationLineHash": "ann@example.org"},
        "locations": [{"message": {"text": secret}, "physicalLocation": {"artifactLocation": {"uri": "a.env"},
                       "region": {"startLine": 3, "snippet": {"text": secret}}}}]});
    let (log, said) =
        one(json!([{"tool": {"driver": {"name": "gitleaks"}}, "results": [result, result]}]), &Limits::default());
    let text = log.to_string();
    assert!(!text.contains("AKIA") && !text.contains("nn@"), "{text}");
    let hash = |i: usize| log["runs"][0]["results"][i]["partialFingerprints"]["primaryLocationLineHash"].to_string();
    assert_ne!(hash(0), hash(1));
    assert_eq!(said, ["s: texts that may show a secret, redacted in the upload: 2"]);
}

#[test]
fn of_our_own_reports_only_security_goes_up() {
    let mut own = report("demo");
    let mut danger = rule("demo/danger");
    danger.tags = vec!["security".to_owned()];
    own.rules.push(danger);
    let at = |rule: &str, line: u32| finding(rule, Some(Location::lines("a.ts", line, line)));
    own.findings = (1..7).map(|line| at("demo/danger", line)).collect();
    own.findings[0].suppressed = Some(Suppression { reason: "x".to_owned(), owner: None, expires: None });
    own.findings[1].state = Some(State::Absent);
    own.findings[3].severity = Some(Severity::High);
    own.findings[5].severity = Some(Severity::Low);
    own.findings.extend([at("demo/x", 7), at("demo/gone", 8)]);
    let limits = Limits { results: 2, ..Limits::default() };
    let (files, said) = uploaded(&[&own, &report("style")], &[], &none, &limits).unwrap();
    assert_eq!(files.len(), 1);
    let run = &files[0]["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 1);
    let lines: Vec<_> = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [4, 6]);
    assert_eq!(
        said,
        [
            "demo: suppressed results, not uploaded: 1",
            "demo: results that only the base has, not uploaded: 1",
            "demo: results of rules that the report does not list, not uploaded: 1",
            "demo: results over the host's limit of a run, the mildest, not uploaded: 2",
            "style: no rule is tagged `security`, nothing uploaded",
        ]
    );
}

#[test]
fn a_folder_that_is_full_is_told() {
    let error = super::with(&[log_of_one()], &none, |logs| {
        crate::merge::upload(&[], logs, &Limits::default(), &mut |_| Err(std::io::ErrorKind::StorageFull.into()))
    });
    assert!(error.unwrap_err().to_string().starts_with("the merged file cannot be written"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_file_is_refused(logs in prop::collection::vec(any_log(), 0..4), own in any_report(), small in any::<bool>()) {
        let files: Vec<File> =
            logs.iter().enumerate().map(|(i, log)| file(&format!("s{i}"), log.to_string())).collect();
        let limits = match small {
            true => Limits { runs: 2, results: 3, locations: 1, steps: 2, tags: 2, bytes: 3_000, ..Limits::default() },
            false => Limits::default(),
        };
        let mark = |place: u64| Mark { state: (place % 4 == 3).then_some(State::Absent), suppressed: None };
        let (made, _) = uploaded(&[&own], &files, &mark, &limits).unwrap();
        let (again, _) = uploaded(&[&own], &files, &mark, &limits).unwrap();
        prop_assert_eq!(made, again);
    }

    #[test]
    fn no_bytes_bring_it_down(log in any_log(), at in any::<prop::sample::Index>(), bytes in any::<[u8; 2]>()) {
        let mut text = log.to_string().into_bytes();
        let at = at.index(text.len());
        text.splice(at..at + 1, bytes);
        fuzz_merge(&text);
        fuzz_merge(&bytes);
    }
}
