//! The writer against hand-made and random reports, judged by the oracle.

pub(crate) mod samples;

use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_model::{Cause, Location, NotApplicable, Problem, Region, Report, State, Status, Suppression};

use crate::oracle;
use samples::{any_report, finding, report, rule};

fn written(reports: &[Report]) -> Value {
    let mut bytes = Vec::new();
    crate::write(reports, &mut bytes).unwrap();
    assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 1, "compact, one newline at the end");
    serde_json::from_slice(&bytes).unwrap()
}

fn accepted(reports: &[Report]) -> Value {
    let log = written(reports);
    assert_eq!(oracle::check(&log), Vec::<String>::new());
    log
}

#[test]
fn a_clean_run_lists_its_rules() {
    let mut clean = report("coverage");
    clean.rules = vec![rule("coverage/z-last"), rule("coverage/a-first")];
    let log = accepted(&[clean]);
    let run = &log["runs"][0];
    assert_eq!(run["results"], json!([]));
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "tollgate-coverage");
    assert_eq!((&driver["version"], &driver["semanticVersion"]), (&json!("0.1.0"), &json!("0.1.0")));
    let ids: Vec<_> = driver["rules"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["coverage/a-first", "coverage/z-last"]);
    assert_eq!(run["automationDetails"]["id"], "tollgate/coverage/");
    assert_eq!(run["invocations"][0], json!({"executionSuccessful": true}));
    assert_eq!(run["properties"]["tollgate"], json!({"status": "complete", "word": "tree", "metrics": []}));
}

#[test]
fn a_rule_carries_what_the_host_shows() {
    let mut report = report("secrets");
    let mut rule = rule("secrets/aws-access-key");
    rule.tags = (0..12).map(|i| format!("t{i:02}")).chain(["security".to_owned()]).collect();
    rule.severity = Some(tollgate_model::Severity::Critical);
    rule.references = vec!["https://example.org/a".to_owned(), "https://example.org/b".to_owned()];
    rule.title = "t".repeat(2000);
    report.rules = vec![rule];
    let log = accepted(&[report]);
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["name"], "AwsAccessKey");
    assert_eq!(rule["properties"]["security-severity"], "9.5");
    assert_eq!(rule["properties"]["precision"], "high");
    assert_eq!(rule["properties"]["tags"][0], "security");
    assert_eq!(rule["properties"]["tags"].as_array().unwrap().len(), 10);
    assert_eq!(rule["helpUri"], "https://example.org/a");
    assert_eq!(rule["shortDescription"]["text"].as_str().unwrap().chars().count(), 1024);
    assert_eq!(rule["defaultConfiguration"]["level"], "warning");
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("### How to mend it"));
}

#[test]
fn severity_without_the_security_tag_stays_off_the_security_dashboard() {
    let mut report = report("demo");
    report.rules = vec![tollgate_model::Rule { severity: Some(tollgate_model::Severity::High), ..rule("demo/x") }];
    assert!(accepted(&[report])["runs"][0]["tool"]["driver"]["rules"][0]["properties"]["security-severity"].is_null());
}

#[test]
fn findings_keep_their_places() {
    let source = "one\n\tlet x = \"\u{1F600}\"; call()\r\nthree";
    let region = Region { start_line: 2, end_line: 2, start_column: Some(14), end_column: Some(20) };
    let mut report = report("demo");
    report.subject.root = "apps/api".to_owned();
    let mut first = finding("demo/x", Some(Location { path: "src/ü b.ts".to_owned(), region: Some(region) }));
    first.related = vec![Location::lines("src/ü b.ts", 1, 3), Location::file("src/ü b.ts")];
    report.findings = vec![first];
    let log = accepted(&[report]);
    let result = &log["runs"][0]["results"][0];
    assert_eq!(
        result["locations"][0]["physicalLocation"],
        json!({
            "artifactLocation": {"uri": "apps/api/src/%C3%BC%20b.ts", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 2, "startColumn": 14, "endLine": 2, "endColumn": 20},
        })
    );
    assert_eq!(result["relatedLocations"][0]["physicalLocation"]["region"], json!({"startLine": 1, "endLine": 3}));
    assert!(result["relatedLocations"][1]["physicalLocation"]["region"].is_null());
    assert_eq!(result["ruleIndex"], 0);
    let known = |path: &str| (path == "apps/api/src/ü b.ts").then(|| source.to_owned());
    assert_eq!(oracle::check_sources(&log, &known), Vec::<String>::new());
    let shorter = |_: &str| Some("one\nlet x = call()\n".to_owned());
    let complaints = oracle::check_sources(&log, &shorter);
    assert_eq!(
        complaints,
        [
            "/runs/0/results/0: line 2 of apps/api/src/ü b.ts has no column 20",
            "/runs/0/results/0: apps/api/src/ü b.ts has no line 3"
        ]
    );
}

#[test]
fn a_finding_without_a_place_is_given_one() {
    let mut report = report("demo");
    report.subject.root = "web".to_owned();
    report.findings = vec![finding("demo/x", None), finding("demo/x", Some(Location::lines("../../etc/passwd", 3, 4)))];
    let log = accepted(&[report]);
    for (result, message) in [
        (&log["runs"][0]["results"][0], crate::WHOLE_SUBJECT),
        (&log["runs"][0]["results"][1], "The finding is about ../../etc/passwd, outside the repository."),
    ] {
        let location = &result["locations"][0];
        assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "web/tollgate.toml");
        assert_eq!(location["physicalLocation"]["region"]["startLine"], 1);
        assert_eq!(location["message"]["text"], message);
    }
}

#[test]
fn states_and_silence_are_kept() {
    let mut report = report("demo");
    let mut first = finding("demo/x", Some(Location::lines("a", 1, 1)));
    first.state = Some(State::Unchanged);
    first.suppressed = Some(Suppression {
        reason: "test data".to_owned(),
        owner: Some("ann".to_owned()),
        expires: Some("2027-01-15".to_owned()),
    });
    first.properties.insert("tags".to_owned(), json!("not an array"));
    report.findings = vec![first];
    let log = accepted(&[report]);
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["baselineState"], "unchanged");
    assert_eq!(
        result["suppressions"],
        json!([{"kind": "external", "status": "accepted", "justification": "test data",
                "properties": {"owner": "ann", "expiryUtc": "2027-01-15T00:00:00.000Z"}}])
    );
    assert_eq!(result["properties"], json!({"confidence": "high", "details": {"tags": "not an array"}}));
}

#[test]
fn an_unfinished_checker_says_so() {
    for (status, problems, successful) in [
        (Status::Complete, 0, true),
        (Status::Complete, 1, true),
        (Status::Incomplete, 0, false),
        (Status::Incomplete, 1, false),
        (Status::Empty, 0, true),
        (Status::Empty, 1, false),
    ] {
        let mut report = report("demo");
        report.status = status;
        report.problems = vec![Problem::new(Cause::Missing, "x is not there").at("x/lcov.info"); problems];
        report.not_applicable = vec![NotApplicable { what: "demo.patch".to_owned(), because: "no line".to_owned() }];
        let log = accepted(&[report]);
        let invocation = &log["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], successful);
        let notifications = invocation["toolExecutionNotifications"].as_array().unwrap();
        assert_eq!(notifications.len(), problems + 1);
        let last = notifications.last().unwrap();
        assert_eq!((&last["level"], &last["descriptor"]["id"]), (&json!("note"), &json!("not-applicable")));
        if problems > 0 {
            assert_eq!(
                (&notifications[0]["level"], &notifications[0]["descriptor"]["id"]),
                (&json!("error"), &json!("missing"))
            );
        }
    }
}

#[test]
fn instances_are_categories() {
    let named = |name: &str| Report { instance: Some(name.to_owned()), ..report("bundle") };
    let log = accepted(&[named("web"), named("admin"), report("bundle")]);
    let ids: Vec<_> = (0..3).map(|i| log["runs"][i]["automationDetails"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["tollgate/bundle/web/", "tollgate/bundle/admin/", "tollgate/bundle/"]);
    let twice = written(&[named("web"), named("web")]);
    assert_eq!(
        oracle::check(&twice),
        ["/runs/1: a second run with the same tool and category: the whole file is refused"]
    );
}

#[test]
fn a_broken_writer_reaches_the_caller() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = crate::write(&[report("demo")], &mut Full).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
}

/// Every complaint the oracle knows is provoked by spoiling one good file at one place.
#[test]
fn the_oracle_sees_what_is_wrong() {
    let mut good = report("demo");
    good.findings = vec![finding("demo/x", Some(Location::lines("a.ts", 1, 2)))];
    let good = accepted(&[good]);
    let rule = "/runs/0/tool/driver/rules/0";
    let result = "/runs/0/results/0";
    let uri = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri";
    let region = "/runs/0/results/0/locations/0/physicalLocation/region";
    for (at, spoilt, complaint) in [
        ("/version".to_owned(), json!("2.0.0"), "2.1.0"),
        ("/$schema".to_owned(), json!(null), "$schema"),
        ("/runs".to_owned(), json!(null), "`runs` is missing"),
        ("/runs".to_owned(), json!(vec![good["runs"][0].clone(); 21]), "at most 20"),
        ("/runs/0/results".to_owned(), json!(null), "`results` is missing"),
        ("/runs/0/results".to_owned(), json!(vec![good["runs"][0]["results"][0].clone(); 25_001]), "at most 25000"),
        ("/runs/0/tool/driver/name".to_owned(), json!(""), "`name` is empty"),
        ("/runs/0/tool/driver/rules".to_owned(), json!(null), "`rules` is missing"),
        ("/runs/0/automationDetails/id".to_owned(), json!("tollgate"), "category"),
        ("/runs/0/invocations/0/executionSuccessful".to_owned(), json!("yes"), "executionSuccessful"),
        ("/runs/0/originalUriBaseIds".to_owned(), json!({}), "originalUriBaseIds"),
        (format!("{rule}/name"), json!("n".repeat(256)), "longer than 255"),
        (format!("{rule}/shortDescription/text"), json!("n".repeat(1025)), "longer than 1024"),
        (format!("{rule}/help/text"), json!(null), "`text` is missing"),
        (format!("{rule}/fullDescription/text"), json!("\u{1b}"), "control character"),
        (format!("{rule}/properties/tags"), json!(vec!["t"; 21]), "at most 20"),
        (format!("{rule}/properties/security-severity"), json!(8.0), "not a text"),
        (format!("{rule}/properties/security-severity"), json!("11"), "between"),
        (format!("{rule}/properties/precision"), json!("certain"), "precision"),
        (format!("{rule}/helpUri"), json!("docs/x.md"), "helpUri"),
        (format!("{rule}/id"), json!("demo/y"), "not among the driver's rules"),
        (format!("{result}/ruleIndex"), json!(1), "not the place"),
        (format!("{result}/level"), json!("loud"), "`level`"),
        (format!("{result}/baselineState"), json!("old"), "baselineState"),
        (format!("{result}/message/text"), json!(""), "empty"),
        (format!("{result}/partialFingerprints"), json!({}), "primaryLocationLineHash"),
        (format!("{result}/locations"), json!([]), "refuses the whole file"),
        (format!("{result}/locations"), json!([{}]), "refuses the whole file"),
        (uri.to_owned(), json!("/a.ts"), "relative"),
        (uri.to_owned(), json!("file:///a.ts"), "relative"),
        (uri.to_owned(), json!("a/../b.ts"), "segment"),
        (uri.to_owned(), json!("a/%2E%2e/b.ts"), "segment"),
        (uri.to_owned(), json!("a b.ts"), "percent-encoded"),
        (uri.to_owned(), json!("a%zz"), "percent-encoded"),
        (region.to_owned(), json!({}), "startLine"),
        (format!("{region}/startLine"), json!(0), "count from 1"),
        (format!("{region}/startLine"), json!(9), "ends before"),
        (region.to_owned(), json!({"startLine": 1, "startColumn": 5, "endColumn": 4}), "columns end before"),
    ] {
        let mut log = good.clone();
        let parent = at.rsplit_once('/').unwrap();
        match log.pointer_mut(&at) {
            Some(value) => *value = spoilt,
            None => log.pointer_mut(parent.0).unwrap()[parent.1] = spoilt,
        }
        let complaints = oracle::check(&log);
        assert!(complaints.iter().any(|c| c.contains(complaint)), "{at}: {complaint}: {complaints:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_report_makes_a_file_that_is_refused(reports in any_report()) {
        let log = written(&[reports]);
        prop_assert_eq!(oracle::check(&log), Vec::<String>::new());
    }

    #[test]
    fn the_same_report_gives_the_same_bytes(report in any_report()) {
        let again: Report = serde_json::from_value(serde_json::to_value(&report).unwrap()).unwrap();
        let bytes = |report: Report| { let mut out = Vec::new(); crate::write(&[report], &mut out).unwrap(); out };
        prop_assert_eq!(bytes(report), bytes(again));
    }

    #[test]
    fn regions_survive_a_recount(lines in proptest::collection::vec("[a-zü\u{1F600}\t ]{0,12}", 1..8), pick in any::<u32>()) {
        let text = lines.join("\n") + "\n";
        let line = pick as usize % lines.len();
        let columns = lines[line].encode_utf16().count() as u32;
        let region = Region {
            start_line: line as u32 + 1,
            end_line: line as u32 + 1,
            start_column: Some(1 + pick % (columns + 1)),
            end_column: Some(columns + 1),
        };
        let mut report = report("demo");
        report.findings = vec![finding("demo/x", Some(Location { path: "a".to_owned(), region: Some(region) }))];
        let log = written(&[report]);
        prop_assert_eq!(oracle::check_sources(&log, &|_: &str| Some(text.clone())), Vec::<String>::new());
        let cut = lines[..line].join("\n");
        prop_assert!(!oracle::check_sources(&log, &|_: &str| Some(cut.clone())).is_empty() || columns == 0);
    }
}
