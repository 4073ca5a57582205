//! The events of `go test -json`.

use super::*;

/// Events, each as `action package test`; a word in capitals at the front is no event and stands as it is.
fn events(script: &str) -> String {
    let event = |line: &str| match line.split_whitespace().collect::<Vec<_>>()[..] {
        _ if line.starts_with(|c: char| c.is_uppercase() || c == '{') => line.replace('~', "\t"),
        [action, package] => format!(r#"{{"Time":"t","Action":"{action}","Package":"{package}"}}"#),
        [action, package, test] => format!(r#"{{"Action":"{action}","Package":"{package}","Test":"{test}"}}"#),
        _ => String::new(),
    };
    script.split("; ").map(|line| event(line) + "\n").collect()
}

#[test]
fn what_happened_to_each_test() {
    let cases: &[(&str, &str, Numbers, &[&str])] = &[
        (
            "subtests count",
            "start p; run p A; run p A/s; pass p A/s; pass p A; run p B; skip p B; pass p",
            (2, 0, 1, 0),
            &[],
        ),
        ("a test and its subtest", "run p A; run p A/s; fail p A/s; fail p A; fail p", (2, 2, 0, 0), &["p A/s", "p A"]),
        ("nothing to test", "start p; skip p", (0, 0, 0, 0), &[]),
        ("a package that failed alone", "start p; run p A; pass p A; fail p", (2, 1, 0, 0), &["p: "]),
        ("a panic", "run p A; fail p", (1, 1, 0, 0), &["p A: was started and did not end"]),
        ("an end that is hidden", "run p A; run p B; pass p B; pass p", (2, 1, 0, 0), &["p A: was started"]),
        ("a benchmark that measures", "run p BenchmarkX; pass p", (0, 0, 0, 0), &[]),
        ("cut short within a test", "start p; run p A", (1, 1, 0, 0), &["p A: was started"]),
        ("cut short within a package", "start p; run p A; pass p A", (2, 1, 0, 0), &["p: was started and did not end"]),
        (
            "-count, not forgiven",
            "run p A; fail p A; run p A; pass p A; run p B; pass p B; fail p",
            (3, 1, 0, 0),
            &["p A"],
        ),
        ("started twice", "run p A; run p A; pass p A; pass p", (2, 1, 0, 0), &["p A: was started again"]),
        ("not built", "FAIL~p/c [build failed]; run p A; pass p A; pass p", (2, 1, 0, 0), &["p/c: build failed"]),
        ("not built, alone", "FAIL~p/c [setup failed]", (1, 1, 0, 0), &["p/c: setup failed"]),
        (
            "not built, Go 1.24",
            r#"{"ImportPath":"p","Action":"build-output","Output":"x"}; {"ImportPath":"p","Action":"build-fail"}; start p; {"Action":"fail","Package":"p","FailedBuild":"p"}"#,
            (1, 1, 0, 0),
            &["p: build failed"],
        ),
        (
            "a build that failed without its package",
            r#"{"ImportPath":"p","Action":"build-fail"}"#,
            (1, 1, 0, 0),
            &["the run: a build"],
        ),
        (
            "FAIL alone",
            "run p A; pass p A; pass p; FAIL",
            (2, 1, 0, 0),
            &["the run: go printed FAIL", "1 line passed over"],
        ),
        ("other lines", "Some words; start p; run p A; pass p A; pass p", (1, 0, 0, 0), &["1 line passed over"]),
        (
            "a line that makes no sense",
            "start p; {\"Action; run p A; pass p A; pass p",
            (1, 0, 0, 0),
            &["1 line begins like an event"],
        ),
    ];
    for (about, script, expected, words) in cases {
        check("go test JSON", &[(about, &events(script), *expected, words)]);
    }
}

#[test]
fn tests_that_are_run_again() {
    let first =
        "run p A; fail p A; run p B; run p B/s; fail p B/s; run p B/t; pass p B/t; fail p B; run p C; pass p C; fail p";
    let cases: &[(&str, &str, Numbers, usize)] = &[
        (
            "the failed ones alone",
            "run p A; pass p A; pass p; run p B; run p B/s; pass p B/s; pass p B; pass p",
            (5, 0, 0, 3),
            0,
        ),
        (
            "with all of their root",
            "run p B; run p B/s; pass p B/s; run p B/t; pass p B/t; pass p B; pass p",
            (5, 1, 0, 2),
            0,
        ),
        ("failed again", "run p A; fail p A; fail p; run p A; fail p A; fail p", (5, 3, 0, 0), 0),
        ("passed and failed again", "run p A; pass p A; pass p; run p A; fail p A; fail p", (5, 3, 0, 0), 0),
        ("everything", "run p A; pass p A; run p C; pass p C; pass p", (6, 3, 0, 0), 1),
        ("skipped", "run p A; skip p A; pass p", (5, 3, 0, 0), 0),
        ("the package fails", "run p A; pass p A; fail p", (6, 3, 0, 1), 0),
        ("twice at once", "run p A; pass p A; run p A; pass p A; pass p", (6, 3, 0, 0), 1),
    ];
    for (about, again, expected, notes) in cases {
        let results = results(events(&format!("{first}; {again}")));
        assert_eq!(numbers(&results), *expected, "{about}: {results:?}");
        assert_eq!(
            (results.failures.len() as u64, results.notes.len()),
            (results.failed, *notes),
            "{about}: {results:?}"
        );
    }
    // Of a package with nothing else nobody knows whether everything was run again.
    let alone = results(events("run p A; fail p A; fail p; run p A; pass p A; pass p"));
    assert_eq!((numbers(&alone), alone.notes.len()), ((1, 1, 0, 0), 1));
}

#[test]
fn a_cut_event_and_what_was_said() {
    let cut = events("start p; run p A; pass p A; pass p") + r#"{"Action":"fa"#;
    check("go test JSON", &[("cut", &cut, (2, 1, 0, 0), &["the run: the report is cut short"])]);
    let said = |output: &str| {
        let text = format!(r#"{{"Action":"output","Package":"p","Test":"A","Output":{output:?}}}"#);
        results(events(&format!("run p A; {text}; fail p A; fail p"))).failures[0].message.clone()
    };
    assert_eq!(said("    a_test.go:4: bad 3\n"), "a_test.go:4: bad 3");
    assert_eq!(said("=== RUN   A\n"), "");
    assert_eq!(said("panic: boom\n"), "panic: boom");
}

#[test]
fn more_failures_than_are_named() {
    let mut text = String::new();
    for i in 0..1_500 {
        text += &events(&format!("run p T{i}; fail p T{i}"));
    }
    let all = text + &events("run p Z; pass p Z; fail p; run p T3; pass p T3; run p T1400; pass p T1400; pass p");
    let results = results(all);
    assert_eq!(numbers(&results), (1_501, 1_498, 0, 2));
    assert_eq!(results.failures.len(), 1_000);
    assert_eq!(results.unnamed(), 498);
}
