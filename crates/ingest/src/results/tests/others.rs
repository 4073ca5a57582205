//! libtest's events and pytest's JSON.

use super::*;

#[test]
fn libtest() {
    check(
        "libtest JSON",
        &[
            (
                "nextest: tries are numbered, the last one has an event",
                r#"{"type":"suite","event":"started","test_count":4}
{"type":"test","event":"started","name":"ex::ex$fl"}
{"type":"test","event":"ok","name":"ex::ex$fl#2","exec_time":0.01}
{"type":"test","event":"started","name":"ex::ex$bad"}
{"type":"test","event":"failed","name":"ex::ex$bad#2","stdout":"\nthread 'bad' panicked\n"}
{"type":"test","event":"started","name":"ex::ex$ign"}
{"type":"test","event":"ignored","name":"ex::ex$ign"}
{"type":"suite","event":"failed","passed":1,"failed":1,"ignored":1}
{"type":"suite","event":"started","test_count":1}
{"type":"test","event":"failed","name":"ex::ex$slow","reason":"time limit exceeded"}
{"type":"suite","event":"failed","passed":0,"failed":1}
"#,
                (3, 2, 1, 1),
                &["ex::ex$bad: thread 'bad' panicked", "ex::ex$slow: time limit exceeded"],
            ),
            (
                "libtest: a slow test goes on, a crash ends the suite, benchmarks",
                r#"Running unittests
{"type":"suite","event":"started","test_count":3}
{"type":"test","event":"started","name":"a#2"}
{"type":"test","event":"timeout","name":"a#2"}
{"type":"test","event":"ok","name":"a#2"}
{"type":"bench","name":"b","median":3,"deviation":1}
{"type":"test","event":"started","name":"c"}
"#,
                (3, 1, 0, 0),
                &["c: was started and did not end", "1 line passed over"],
            ),
            (
                "a suite that does not end, and more failures than are listed",
                r#"{"type":"suite","event":"started","test_count":3}
{"type":"suite","event":"failed","passed":0,"failed":2}
{"type":"suite","event":"started","test_count":3}
"#,
                (3, 3, 0, 0),
                &["declares failed 2, lists 0", "the run: the report is cut short", "2 unlisted"],
            ),
        ],
    );
}

#[test]
fn pytest() {
    check(
        "pytest-json-report",
        &[
            (
                "outcomes",
                r#"{"created":1,"exitcode":1,"summary":{"failed":1,"error":1,"total":6},"collectors":[{"nodeid":"","outcome":"passed"}],"tests":[
            {"nodeid":"t.py::a","lineno":4,"outcome":"failed","call":{"outcome":"failed","crash":{"message":"assert 0\nx"}}},
            {"nodeid":"t.py::b","lineno":0,"outcome":"error","setup":{"outcome":"failed","crash":{"message":"no"}}},
            {"nodeid":"t.py::c","outcome":"rerun","setup":{"outcome":"passed"},"call":{"outcome":"passed"}},
            {"nodeid":"t.py::d","outcome":"rerun","call":{"outcome":"passed"},"teardown":{"outcome":"failed"}},
            {"nodeid":"t.py::e","outcome":"xfailed"},{"nodeid":"t.py::f","outcome":"xpassed"}]}"#,
                (5, 3, 1, 1),
                &["t.py::a (t.py:5): assert 0", "t.py::b (t.py:1): no", "t.py::d"],
            ),
            (
                "what could not be collected",
                r#"{"exitcode":2,"summary":{"total":0},"collectors":[{"nodeid":"x.py","outcome":"failed","longrepr":"ImportError"}]}"#,
                (1, 1, 0, 0),
                &["x.py (x.py:0): ImportError"],
            ),
            ("an exit code", r#"{"exitcode":3,"summary":{},"tests":[]}"#, (1, 1, 0, 0), &["the run: pytest ended"]),
            ("no test", r#"{"exitcode":5,"summary":{},"tests":[]}"#, (0, 0, 0, 0), &[]),
        ],
    );
}
