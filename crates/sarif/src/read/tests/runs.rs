//! What runs say of themselves, and when they are no evidence.

use super::super::RunSaid;
use super::*;

#[test]
fn keys_of_a_run_stand_in_any_order() {
    let keys = [
        r#""results": [{"ruleIndex": 0, "locations": [{"physicalLocation": {"artifactLocation": {"index": 0}}}]}]"#,
        r#""tool": {"driver": {"rules": [{"id": "A"}], "semanticVersion": "1.2.0", "name": "T"}}"#,
        r#""invocations": [{"ruleConfigurationOverrides": [{"descriptor": {"id": "A"}, "configuration": {"level": "error"}}]}]"#,
        r#""artifacts": [{"location": {"uri": "a.ts", "uriBaseId": "B"}}]"#,
        r#""originalUriBaseIds": {"B": {"uri": "src/"}}"#,
    ];
    let first = read_text(&format!(r#"{{"version": "2.1.0", "runs": [{{{}}}]}}"#, keys.join(", ")));
    let found = &first.foreign.findings[0];
    assert_eq!((found.rule.as_str(), found.level.word()), ("A", "error"));
    assert_eq!(found.location.as_ref().unwrap().path, "src/a.ts");
    for turn in 1..keys.len() {
        let mut keys = keys;
        keys.rotate_left(turn);
        let text = format!(r#"{{"runs": [{{{}}}], "version": "2.1.0"}}"#, keys.join(", "));
        assert_eq!(read_text(&text), first, "{text}");
    }
}

#[test]
fn runs_say_who_wrote_them_when_and_of_what() {
    let commit = "0123456789abcdef0123456789ABCDEF01234567";
    let log = runs(json!([
        {
            "tool": {"driver": {"name": "T", "semanticVersion": "2.0.0", "version": "2"}},
            "automationDetails": {"id": "ci/web/"},
            "versionControlProvenance": [{"revisionId": commit}, {"revisionId": "ffffffffff"}],
            "invocations": [
                {"executionSuccessful": true, "exitCode": 1, "endTimeUtc": "2026-11-26T10:00:00Z"},
                {"executionSuccessful": true, "exitCode": 0, "endTimeUtc": "2026-11-26T11:00:00Z"},
            ],
            "results": [{}, {"kind": "pass"}],
        },
        {
            "tool": {"driver": {"name": "U", "version": 3}},
            "versionControlProvenance": [{"revisionId": "fedcba9"}],
            "invocations": [{"executionSuccessful": true, "endTimeUtc": "2026-11-26T12:00:00Z"}],
            "results": [{}],
        },
        {"tool": {"driver": {"name": "T", "version": "2"}}, "versionControlProvenance": [{"revisionId": "HEAD"}], "results": []},
    ]));
    let tools: Vec<(&str, &str)> =
        log.foreign.tools.iter().map(|tool| (tool.name.as_str(), tool.version.as_str())).collect();
    assert_eq!(tools, [("T", "2"), ("U", "3")]);
    assert_eq!(log.foreign.commit, Some(commit.to_ascii_lowercase()));
    assert_eq!(log.foreign.written, Some(1_795_690_800));
    assert_eq!(log.ordinals, [0, 2]);
    assert_eq!((log.results, log.foreign.findings.len()), (3, 2));
    let levels = super::super::Levels { none: 1, warning: 1, ..Default::default() };
    let first = RunSaid {
        name: "T".to_owned(),
        version: "2".to_owned(),
        category: Some("ci/web/".to_owned()),
        results: 2,
        levels,
        successful: true,
    };
    assert_eq!(log.runs[0], first);
    assert_eq!(problems(&log), []);
    assert_eq!(
        log.foreign.notes,
        [
            "T ended with exit code 1".to_owned(),
            format!("U is about commit fedcba9, other runs of the file about {}", commit.to_ascii_lowercase()),
            "1 result of kind pass: no findings".to_owned(),
        ]
    );
}

#[test]
fn what_is_no_evidence_is_a_problem() {
    let driver = json!({"driver": {"name": "T"}});
    for (text, cause, message) in [
        (json!({"version": "2.1.0", "runs": []}), Cause::NoEvidence, "no runs"),
        (json!({"version": "2.1.0", "runs": null}), Cause::NoEvidence, "no runs"),
        (json!({"version": "2.1.0"}), Cause::NoEvidence, "no runs"),
        (json!({"version": "2.1.0", "runs": [{"tool": driver}]}), Cause::NoEvidence, "T: it has no `results`"),
        (json!({"version": "2.1.0", "runs": [{"tool": driver, "results": null}]}), Cause::NoEvidence, "no `results`"),
        (
            json!({"version": "2.1.0", "runs": [{"tool": driver, "results": {}}]}),
            Cause::Unreadable,
            "`results` is an object",
        ),
        (json!({"version": "2.1.0", "runs": [{"tool": driver, "results": "[]"}]}), Cause::Unreadable, "is a string"),
        (
            json!({"version": "2.1.0", "runs": [{"tool": driver, "results": [7, null]}]}),
            Cause::Unreadable,
            "2 of its `results`",
        ),
        (json!({"version": "2.1.0", "runs": [7]}), Cause::Unreadable, "run 1 is no object"),
        (
            json!({"version": "2.1.0", "runs": [
                {"tool": driver, "externalPropertyFileReferences": {"results": [{"location": {"uri": "x"}}]}},
            ]}),
            Cause::Unreadable,
            "T: its results are in another file",
        ),
        (
            json!({"version": "2.1.0", "inlineExternalProperties": [{"results": [{}]}], "runs": [{"tool": driver, "results": []}]}),
            Cause::Unreadable,
            "inlineExternalProperties",
        ),
        (
            json!({"version": "2.1.0", "runs": [
                {"tool": driver, "results": [], "externalPropertyFileReferences": {"invocations": [{}]}},
            ]}),
            Cause::Unreadable,
            "T: `invocations` is in another file",
        ),
    ] {
        let log = read_text(&text.to_string());
        assert_eq!(log.foreign.findings, []);
        let problems = problems(&log);
        assert!(
            problems.len() == 1 && problems[0].0 == cause && problems[0].1.contains(message),
            "{text}: {problems:?}"
        );
    }
    let quiet = run(
        json!({"results": [], "externalPropertyFileReferences": {"taxonomies": [{}], "results": [], "artifacts": [{}]}}),
    );
    assert_eq!(problems(&quiet), []);
    assert_eq!(quiet.foreign.notes, ["T: `artifacts` is in another file, which is not read"]);
}

#[test]
fn runs_that_did_not_end_well_are_unfinished() {
    let error = |text: &str| json!({"level": "error", "message": {"text": text}});
    for (invocation, messages) in [
        (json!({"executionSuccessful": true}), vec![]),
        (json!({}), vec![]),
        (json!({"executionSuccessful": "true"}), vec!["did not end well"]),
        (json!({"executionSuccessful": [true]}), vec!["did not end well"]),
        (
            json!({"executionSuccessful": false, "exitCode": 2}),
            vec!["did not end well (`executionSuccessful`, exit code 2)"],
        ),
        (json!({"executionSuccessful": "no"}), vec!["did not end well"]),
        (json!({"executionSuccessful": 0}), vec!["did not end well"]),
        (json!({"executionSuccessful": null}), vec!["did not end well"]),
        (
            json!({"toolExecutionNotifications": [error("a\u{7}\nb"), {"level": "warning"}, {}]}),
            vec!["T reported an error: a b"],
        ),
        (json!({"toolConfigurationNotifications": [error("x"), error("y")]}), vec!["error: x", "error: y"]),
        (json!({"toolExecutionNotifications": [{"level": "error", "descriptor": {"id": "E1"}}]}), vec!["error: E1"]),
        (
            json!({"toolExecutionNotifications": [{"level": "error", "exception": {"message": "boom"}}, {"level": "ERROR"}]}),
            vec!["error: boom", "error: an error without a message"],
        ),
        (json!({"exitSignalName": "SIGSEGV"}), vec!["the signal SIGSEGV ended it"]),
        (json!({"processStartFailureMessage": "no such file"}), vec!["could not be started: no such file"]),
    ] {
        let log = run(json!({"results": [{}], "invocations": [invocation]}));
        let said = problems(&log);
        assert_eq!(said.len(), messages.len(), "{invocation}: {said:?}");
        for ((cause, said), message) in said.iter().zip(messages) {
            assert!(*cause == Cause::Unfinished && said.contains(message), "{invocation}: {said}");
        }
        assert_eq!(log.runs[0].successful, !said.iter().any(|(_, said)| said.contains("end well")));
        assert_eq!(log.foreign.findings.len(), 1, "what it found is kept");
    }
    let many: Vec<Value> = (0..50).map(|i| error(&format!("e{i}"))).collect();
    let log = run(json!({"results": [], "invocations": [{"toolExecutionNotifications": many}]}));
    assert_eq!(problems(&log).len(), 21);
    assert_eq!(problems(&log)[20].1, "T reported 30 more errors");
}

#[test]
fn of_a_success_said_twice_the_worse_counts() {
    for (first, then, ended) in
        [("true", "true", true), ("false", "true", false), ("true", "false", false), ("null", "true", false)]
    {
        let said = format!(r#"{{"executionSuccessful": {first}, "executionSuccessful": {then}}}"#);
        let once = |word| format!(r#"[{{"executionSuccessful": {word}}}]"#);
        let twice = format!(r#"{}, "invocations": {}"#, once(first), once(then));
        for invocations in [format!("[{said}]"), twice] {
            let text = format!(
                r#"{{"version": "2.1.0", "runs": [{{"tool": {{"driver": {{"name": "T"}}}}, "results": [],
                    "invocations": {invocations}}}]}}"#
            );
            let log = read_text(&text);
            assert_eq!(log.runs[0].successful, ended, "{invocations}");
            assert_eq!(problems(&log).len(), usize::from(!ended), "{invocations}");
        }
    }
}

#[test]
fn what_is_too_much_is_counted_and_said() {
    let text = json!({"version": "2.1.0", "runs": [
        {"tool": {"driver": {"name": "T"}}, "results": [{}, {}]}, {"tool": {"driver": {"name": "T"}}, "results": [{}, {}, {}]},
    ]})
    .to_string();
    let log = read_within(text.as_bytes(), &Bounds { findings: 3, ..Bounds::default() }).unwrap();
    assert_eq!((log.results, log.foreign.findings.len(), log.ordinals.as_slice()), (5, 3, [0, 1, 2].as_slice()));
    assert_eq!(problems(&log), [(Cause::Unfinished, "2 findings are too many, and were left out; 3 were read")]);
    let log = read_within(text.as_bytes(), &Bounds { texts: 60, ..Bounds::default() }).unwrap();
    assert_eq!((log.results, log.runs[1].levels.warning, log.foreign.findings.len()), (5, 3, 1));
    assert_eq!(problems(&log), [(Cause::Unfinished, "4 findings are too many, and were left out; 1 were read")]);
    let empty: Vec<Value> = (0..300).map(|i| json!({"tool": {"driver": {"name": format!("T{i}")}}})).collect();
    let log = runs(json!(empty));
    assert_eq!((log.runs.len(), problems(&log).len()), (300, 201));
    assert_eq!(problems(&log)[200].1, "100 more problems like these");
    let many = refusal(&format!(r#"{{"version": "2.1.0", "runs": [{}{{}}]}}"#, "{},".repeat(10_000)));
    assert!(many.contains("more than 10000 runs"), "{many}");
}
