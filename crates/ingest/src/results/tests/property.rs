//! Results that are made up, written in every format, and read back.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::results::tally::Outcome::{self, Failed, Flaky, Passed, Skipped};

fn outcomes() -> impl Strategy<Value = Vec<Outcome>> {
    prop::collection::vec(
        prop_oneof![4 => Just(Passed), 1 => Just(Failed), 1 => Just(Skipped), 1 => Just(Flaky)],
        0..40,
    )
}

fn pick(outcome: Outcome, words: [&str; 4]) -> &str {
    words[[Passed, Failed, Skipped, Flaky].iter().position(|o| *o == outcome).unwrap()]
}

fn junit(tests: &[Outcome]) -> String {
    let inner = ["", "<failure message='m'>x</failure>", "<skipped/>", "<flakyFailure/>"];
    let case = |(i, o): (usize, &Outcome)| format!("<testcase name='t{i}'>{}</testcase>", pick(*o, inner));
    let failed = tests.iter().filter(|o| **o == Failed).count();
    let cases: String = tests.iter().enumerate().map(case).collect();
    format!(
        "<testsuites><testsuite name='s' tests='{}' failures='{failed}'>{cases}</testsuite></testsuites>",
        tests.len()
    )
}

fn jest(tests: &[Outcome]) -> String {
    let test = |(i, o): (usize, &Outcome)| {
        let tries = if *o == Flaky { 2 } else { 1 };
        json!({"fullName": format!("t{i}"), "status": pick(*o, ["passed", "failed", "pending", "passed"]), "invocations": tries})
    };
    let all: Vec<Value> = tests.iter().enumerate().map(test).collect();
    json!({"numTotalTests": all.len(), "testResults": [{"assertionResults": all, "name": "f"}]}).to_string()
}

fn mocha(tests: &[Outcome]) -> String {
    let list = |wanted: &[Outcome]| -> Vec<Value> {
        let chosen = tests.iter().filter(|o| wanted.contains(o));
        chosen.map(|o| json!({"fullTitle": "t", "currentRetry": u8::from(*o == Flaky)})).collect()
    };
    json!({"stats": {}, "tests": [], "pending": list(&[Skipped]), "failures": list(&[Failed]), "passes": list(&[Passed, Flaky])})
        .to_string()
}

fn playwright(tests: &[Outcome]) -> String {
    let test = |o: &Outcome| json!({"status": pick(*o, ["expected", "unexpected", "skipped", "flaky"])});
    let all: Vec<Value> = tests.iter().map(test).collect();
    json!({"config": {}, "suites": [{"title": "f", "specs": [{"title": "s", "tests": all}]}]}).to_string()
}

fn nextest(tests: &[Outcome]) -> String {
    let mut text = "{\"type\":\"suite\",\"event\":\"started\"}\n".to_owned();
    for (i, o) in tests.iter().enumerate() {
        let (event, again) = (pick(*o, ["ok", "failed", "ignored", "ok"]), if *o == Flaky { "#2" } else { "" });
        text += &format!("{{\"type\":\"test\",\"event\":\"started\",\"name\":\"b$t{i}\"}}\n");
        text += &format!("{{\"type\":\"test\",\"event\":\"{event}\",\"name\":\"b$t{i}{again}\"}}\n");
    }
    text + "{\"type\":\"suite\",\"event\":\"ok\"}\n"
}

fn go(tests: &[Outcome]) -> String {
    let event = |action: &str, test: &str| json!({"Action": action, "Package": "p", "Test": test}).to_string() + "\n";
    let end = |failed: bool| json!({"Action": if failed { "fail" } else { "pass" }, "Package": "p"}).to_string() + "\n";
    // One that passes at first, so that a later run of failed tests is known for one.
    let mut text = event("run", "First") + &event("pass", "First");
    for (i, o) in tests.iter().enumerate() {
        text +=
            &(event("run", &format!("T{i}")) + &event(pick(*o, ["pass", "fail", "skip", "fail"]), &format!("T{i}")));
    }
    text += &end(tests.iter().any(|o| matches!(o, Failed | Flaky)));
    for i in (0..tests.len()).filter(|i| tests[*i] == Flaky) {
        text += &(event("run", &format!("T{i}")) + &event("pass", &format!("T{i}")) + &end(false));
    }
    text
}

proptest! {
    #[test]
    fn what_is_written_is_read(tests in outcomes()) {
        let count = |o: Outcome| tests.iter().filter(|t| **t == o).count() as u64;
        let expected = (tests.len() as u64 - count(Skipped), count(Failed), count(Skipped), count(Flaky));
        for text in [junit(&tests), jest(&tests), mocha(&tests), playwright(&tests), nextest(&tests)] {
            let found = results(&text);
            prop_assert_eq!(numbers(&found), expected, "{}", text);
            prop_assert!(found.notes.is_empty(), "{:?}", found.notes);
        }
        let (run, failed, skipped, flaky) = expected;
        prop_assert_eq!(numbers(&results(go(&tests))), (run + 1, failed, skipped, flaky));
    }

    #[test]
    fn a_failure_is_never_lost_by_cutting_lines(tests in outcomes(), keep in 0.0..1.0) {
        let text = go(&tests);
        let cut = &text[..(text.len() as f64 * keep) as usize];
        if let Ok((found, _)) = outcome(cut) {
            // The last record is whole without its line break.
            let ended = cut.trim_end().ends_with("\"Package\":\"p\"}");
            prop_assert!(ended || found.failed > 0, "{}", cut);
        }
    }
}
