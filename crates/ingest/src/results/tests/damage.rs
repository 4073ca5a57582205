//! Reports that are cut short, hostile, or something else.

use super::*;

#[test]
fn what_is_something_else_is_refused_by_name() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"<coverage line-rate=\"1\"/>", "a coverage report"),
        (b"<test-run id=\"2\"></test-run>", "NUnit"),
        (b"<TestRun/>", "Visual Studio"),
        (b"<assemblies/>", "xUnit.net"),
        (b"<a\x1b[31m/>", "looks like broken XML"),
        (b"<foo/>", "<foo>"),
        (b"{\"runs\":[]}", "SARIF"),
        (b"{\"stats\":{},\"results\":[]}", "Mochawesome"),
        (b"{\"a\":1}", "JSON of no known kind"),
        (b"TAP version 13\nok 1\n", "TAP"),
        (b"SF:a.ts\n", "no report that is known"),
        (b"\xFF\xFE<\0t\0", "UTF-16"),
    ];
    for (text, words) in cases {
        let error = outcome(text).unwrap_err().to_string();
        assert!(error.starts_with("r: ") && error.contains(words) && error.contains("; "), "{error}");
    }
}

#[test]
fn a_document_that_is_cut_short_is_no_result() {
    let whole = [
        r#"<testsuites tests="1"><testsuite name="a"><testcase name="b"><failure>x</failure></testcase></testsuite></testsuites>"#,
        r#"{"numTotalTests":1,"testResults":[{"assertionResults":[{"title":"a","status":"passed"}],"status":"passed"}]}"#,
        r#"{"stats":{"failures":0},"tests":[],"pending":[],"failures":[],"passes":[{"fullTitle":"a"}]}"#,
        r#"{"config":{},"suites":[{"title":"a","specs":[{"title":"t","tests":[{"status":"expected"}]}]}],"stats":{}}"#,
        r#"{"exitcode":0,"summary":{"passed":1},"tests":[{"nodeid":"a","outcome":"passed"}]}"#,
    ];
    for text in whole {
        assert_eq!(results(text).run, 1, "{text}");
        for length in 0..text.len() {
            assert!(outcome(&text[..length]).is_err(), "{}", &text[..length]);
        }
    }
}

#[test]
fn size_and_depth_are_bounded() {
    let noise = "x".repeat(20 << 20);
    let text = format!(
        "<testsuite><testcase name=\"a\"><system-out>{noise}</system-out><failure>{noise}</failure></testcase></testsuite>"
    );
    let found = results(text);
    assert_eq!(numbers(&found), (1, 1, 0, 0));
    assert!(found.failures[0].message.chars().count() <= 301);

    let deep = "<testsuite>".repeat(10_000);
    assert!(outcome(&deep).unwrap_err().to_string().contains("nested deeper"));
    let deep = format!("{{\"config\":{{}},\"suites\":{}", "[{\"suites\":".repeat(5_000));
    assert!(outcome(&deep).unwrap_err().to_string().contains("levels deep"));
    let laughs = "<!DOCTYPE a [<!ENTITY b \"bb\">]><testsuite><testcase name=\"&b;\"/></testsuite>";
    assert!(outcome(laughs).is_err());

    let many: String =
        (0..5_000).map(|i| format!("<testcase name=\"t{i}\"><failure message=\"m\"/></testcase>")).collect();
    let found = results(format!("<testsuite>{many}</testsuite>"));
    assert_eq!((found.failed, found.failures.len(), found.unnamed()), (5_000, 1_000, 4_000));

    let suites: String = (0..100).map(|i| format!("<testsuite name=\"s{i}\" failures=\"1\"/>")).collect();
    let found = results(format!("<testsuites>{suites}</testsuites>"));
    assert_eq!((found.failed, found.notes.len()), (100, 6));
    assert!(found.notes[5].starts_with("95 more disagreements"), "{:?}", found.notes);
}

#[test]
fn nothing_reaches_a_terminal_unescaped() {
    let text = "<testsuite><testcase name=\"a\u{9b}31m\u{202e}b\"><failure message=\"\u{1b}[2Jx&#7;\"/></testcase></testsuite>";
    let found = results(text);
    assert_eq!((found.failures[0].name.as_str(), found.failures[0].message.as_str()), ("a31mb", "x"));
}

#[test]
fn the_fuzz_door_takes_damage() {
    let seeds = [
        "<testsuite failures='3'><testcase name='a'><failure>x</failure></testcase><error/></testsuite>",
        "{\"numTotalTests\":1,\"testResults\":[{\"assertionResults\":[{\"title\":\"a\",\"status\":\"failed\"}]}]}",
        "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"A\"}\n{\"Action\":\"fail\",\"Package\":\"p\",\"Test\":\"A\"}\n",
        "{\"type\":\"test\",\"event\":\"started\",\"name\":\"a$b#2\"}\n",
    ];
    for seed in seeds {
        for at in 0..seed.len() {
            for byte in [0, b'<', b'"', b'\n', b'{', 0xFF] {
                let mut bytes = seed.as_bytes().to_vec();
                bytes[at] = byte;
                crate::fuzz(&bytes);
            }
        }
    }
}
