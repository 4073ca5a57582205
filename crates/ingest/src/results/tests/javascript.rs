//! Jest, Vitest, Mocha, Playwright.

use super::*;

#[test]
fn jest_and_vitest() {
    check(
        "Jest JSON",
        &[
            (
                "Jest",
                r#"{"numFailedTestSuites":1,"numFailedTests":1,"numRuntimeErrorTestSuites":2,"numTotalTests":6,"success":false,
            "testResults":[{"assertionResults":[
              {"fullName":"g ok","status":"passed","invocations":1,"failureMessages":[]},
              {"fullName":"g bad","status":"failed","location":{"column":1,"line":7},"failureMessages":["\u001b[31mError: no\u001b[0m\n at x","2"]},
              {"fullName":"g sk","status":"pending","failureMessages":[]},{"fullName":"g td","status":"todo","failureMessages":[]},
              {"fullName":"g fl","status":"passed","invocations":2,"failureMessages":[]}],
              "message":"  ● g › bad","name":"/w/a.test.js","status":"failed"},
             {"assertionResults":[],"message":"  ● Test suite failed to run\n\n boom","name":"/w/b.test.js","status":"failed"},
             {"assertionResults":[{"fullName":"x","status":"passed"}],"message":"thrown after all","name":"/w/c.test.js","status":"failed"}],
            "wasInterrupted":false}"#,
                (6, 3, 2, 1),
                &[
                    "g bad (/w/a.test.js:7): Error: no",
                    "/w/b.test.js (/w/b.test.js:0): Test suite failed to run",
                    "/w/c.test.js (/w/c.test.js:0): thrown after all",
                ],
            ),
            (
                "Vitest keeps what a first try said",
                r#"{"numTotalTestSuites":1,"numTotalTests":2,"numFailedTests":0,"success":true,"testResults":[{"assertionResults":[
              {"fullName":"fl","status":"passed","failureMessages":["AssertionError"]},
              {"fullName":"sk","status":"skipped","failureMessages":[]}],"status":"passed","name":"a"}]}"#,
                (1, 0, 1, 1),
                &[],
            ),
            (
                "a run that failed without a failed test",
                r#"{"numTotalTests":1,"success":false,"testResults":[{"assertionResults":[{"title":"a","status":"passed"}],"status":"passed"}]}"#,
                (2, 1, 0, 0),
                &["the run: calls itself failed"],
            ),
            (
                "interrupted",
                r#"{"numTotalTests":0,"success":false,"testResults":[],"wasInterrupted":true}"#,
                (1, 1, 0, 0),
                &["the run: was interrupted"],
            ),
            (
                "declared beyond what is listed",
                r#"{"numTotalTests":9,"numFailedTests":2,"numRuntimeErrorTestSuites":1,"testResults":[{"assertionResults":[{"title":"a","status":"passed"}],"status":"passed"}]}"#,
                (4, 3, 0, 0),
                &[
                    "declares numFailedTests 2, lists 0",
                    "declares numRuntimeErrorTestSuites 1, lists 0",
                    "declares 9 tests and lists 3",
                    "2 unlisted",
                    "1 unlisted",
                    "declares numTotalTests 9, lists 1",
                ],
            ),
            (
                "a status that nobody knows is not passed",
                r#"{"numTotalTests":1,"testResults":[{"assertionResults":[{"title":"a","status":"great"}]}]}"#,
                (1, 1, 0, 0),
                &["a: has the status `great`"],
            ),
            ("no test", r#"{"numTotalTests":0,"success":true,"testResults":[]}"#, (0, 0, 0, 0), &[]),
        ],
    );
    let error = outcome(r#"{"numTotalTests":3,"success":true}"#).unwrap_err().to_string();
    assert!(error.contains("expected `testResults`"), "{error}");
}

#[test]
fn mocha() {
    check(
        "Mocha JSON",
        &[(
            "lists",
            r#"{"stats":{"suites":2,"tests":4,"passes":2,"pending":1,"failures":3},"tests":[{"fullTitle":"not counted twice"}],
        "pending":[{"fullTitle":"g p","currentRetry":0,"err":{}}],
        "failures":[{"fullTitle":"g bad","file":"/m/a.js","err":{"stack":"s","message":"no\nx"}},{"fullTitle":"h \"before all\" hook","err":{"message":"hook"}}],
        "passes":[{"fullTitle":"g ok","currentRetry":0},{"fullTitle":"g fl","currentRetry":1}]}"#,
            (5, 3, 1, 1),
            &["g bad (/m/a.js:0): no", "hook: hook", "declares failures 3, lists 2", "1 unlisted failure"],
        )],
    );
    assert!(outcome(r#"{"stats":{},"tests":[]}"#).is_err());
}

#[test]
fn playwright() {
    check(
        "Playwright JSON",
        &[(
            "suites within suites, projects, errors of the run",
            r#"{"config":{"version":"1"},"suites":[{"title":"a.spec.ts","file":"a.spec.ts","specs":[],"suites":[{"title":"g","specs":[
          {"title":"t","ok":false,"tests":[{"projectName":"c","results":[{"status":"failed","error":{"message":"no"}}],"status":"unexpected"},
             {"projectName":"f","results":[],"status":"expected"}],"file":"a.spec.ts","line":5},
          {"title":"u","tests":[{"results":[{"error":{"message":"once"}},{}],"status":"flaky"},{"status":"skipped"},{"status":"?"}],"file":"a.spec.ts","line":9}]}]}],
          "errors":[{"message":"no tests found"}],"stats":{"expected":1,"skipped":1,"unexpected":2,"flaky":1}}"#,
            (5, 3, 1, 1),
            &[
                "a.spec.ts > g > t (a.spec.ts:5): no",
                "a.spec.ts > g > u (a.spec.ts:9): has the status `?`",
                "the run: no tests found",
            ],
        )],
    );
}
