//! Input that is not as it should be: a clear message, exit 3, the other checkers' results delivered.

use crate::support::{Sandbox, Tests, gate, lcov};

pub(crate) fn tests() -> Tests {
    vec![
        ("each_bad_report_is_unknown_and_named", each_bad_report_is_unknown_and_named),
        ("an_unreadable_build_is_unknown", an_unreadable_build_is_unknown),
        ("a_budget_that_matches_nothing_is_unknown", a_budget_that_matches_nothing_is_unknown),
        ("nothing_to_look_at_is_unknown", nothing_to_look_at_is_unknown),
        ("a_damaged_event_makes_the_change_unknown", a_damaged_event_makes_the_change_unknown),
        ("a_shallow_clone_is_told_how_to_get_its_history", a_shallow_clone_is_told_how_to_get_its_history),
        ("hostile_names_do_not_reach_the_terminal", hostile_names_do_not_reach_the_terminal),
        ("source_that_cannot_be_read_is_not_covered", source_that_cannot_be_read_is_not_covered),
    ]
}

const POLICY: &str = r#"
[coverage]
reports = ["out/lcov.info"]
[bundle]
dir = "out/dist"
[gates.Tests]
conditions = ["coverage.lines >= 50%"]
[gates.Performance]
conditions = ["bundle.total <= 1 KB"]
"#;

/// A repository with a policy, a build within its budget, and one source file of three lines.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::repository(&[("tollgate.toml", POLICY), ("src/a.ts", "a;\nb;\nc;\n")]);
    sandbox.write("out/dist/app.js", "x();\n");
    sandbox
}

fn each_bad_report_is_unknown_and_named() {
    let junk: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let long = format!("SF:{}\nDA:1,1\nend_of_record\n", "a".repeat(10 << 20));
    let cases: Vec<(&str, Option<Vec<u8>>, &str)> = vec![
        ("missing", None, "out/lcov.info"),
        ("empty", Some(Vec::new()), "out/lcov.info"),
        ("junk", Some(junk), "out/lcov.info"),
        ("a 10 MB line", Some(long.into_bytes()), "out/lcov.info:1"),
        ("outside the root", Some(lcov("../../etc/passwd", &[1]).into_bytes()), "../../etc/passwd"),
        ("nothing matches", Some(lcov("src/other.ts", &[1]).into_bytes()), "src/other.ts"),
        ("cut short", Some(b"SF:src/a.ts\nDA:1,1\nDA:2".to_vec()), "out/lcov.info"),
        ("damaged", Some(b"SF:src/a.ts\nDA:1,1\n?DA:2,0\nend_of_record\n".to_vec()), "out/lcov.info:3"),
        ("no line", Some(b"SF:src/a.ts\nend_of_record\n".to_vec()), "names no line"),
        ("another format", Some(b"<?xml version=\"1.0\"?><coverage line-rate=\"1\"/>".to_vec()), "Cobertura"),
    ];
    for (name, report, word) in cases {
        let sandbox = sandbox();
        if let Some(report) = report {
            sandbox.write("out/lcov.info", report);
        }
        let run = sandbox.tollgate(&["check", "--format", "json"]).exits(3).json();
        assert_eq!(gate(&run, "Tests")["verdict"], "unknown", "{name}");
        assert_eq!(gate(&run, "Performance")["verdict"], "pass", "{name}");
        let said = run["reports"][1]["problems"].to_string();
        assert!(said.contains(word), "{name}: {said}");
        let text = sandbox.tollgate(&["check"]).exits(3).flat();
        assert!(text.contains("unknown Tests"), "{name}: {text}");
    }
    let odd = sandbox();
    odd.write("out/lcov.info", "SF:src/a.ts\nDA:1,-5\nDA:2,99999999999999999999999999\nDA:3,1e3\nend_of_record\n");
    let run = odd.tollgate(&["check", "--format", "json"]).exits(0).json();
    let reason = &gate(&run, "Tests")["reasons"][0]["text"];
    assert!(reason.as_str().is_some_and(|t| t.contains("2 of 3")), "negative is not hit, huge is: {reason}");
}

fn an_unreadable_build_is_unknown() {
    let sandbox = sandbox();
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1]));
    sandbox.remove("out/dist/app.js");
    let outcome = sandbox.tollgate(&["check"]).exits(3);
    outcome.says(&["unknown Performance", "pass Tests", "out/dist"]);
    std::fs::remove_dir(sandbox.join("out/dist")).expect("the folder");
    sandbox.tollgate(&["check"]).exits(3).says(&["unknown Performance", "out/dist: not found"]);
}

fn a_budget_that_matches_nothing_is_unknown() {
    let sandbox = sandbox();
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1]));
    sandbox
        .write("tollgate.toml", POLICY.replace("bundle.total <= 1 KB\"", "bundle.size{type=\\\"font\\\"} <= 1 KB\""));
    sandbox.tollgate(&["check"]).exits(3).says(&["bundle.size{type=\"font\"} matched nothing"]);
}

fn nothing_to_look_at_is_unknown() {
    let sandbox = Sandbox::repository(&[("README.md", "# x\n")]);
    let outcome = sandbox.tollgate(&["check"]).exits(0);
    outcome.says(&["pass", "secrets", "[coverage]", "[bundle]"]);
    Sandbox::new().tollgate(&["check"]).exits(3);
}

fn a_damaged_event_makes_the_change_unknown() {
    let sandbox = sandbox();
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1]));
    sandbox.write("tollgate.toml", POLICY.replace("coverage.lines >= 50%", "coverage.patch >= 50%"));
    sandbox.write("out/event.json", "{\"pull_request\": ");
    let path = sandbox.join("out/event.json").display().to_string();
    let variables = [("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_EVENT_PATH", path.as_str())];
    let outcome = sandbox.tollgate_with(&["check"], &variables).exits(3);
    outcome.says(&["unknown Tests", "--base REV"]);
}

fn a_shallow_clone_is_told_how_to_get_its_history() {
    let origin = sandbox();
    for n in 0..3 {
        origin.write("src/b.ts", format!("{n};\n"));
        origin.commit("more");
    }
    let first = origin.git(&["rev-list", "--max-parents=0", "HEAD"]);
    let clone = Sandbox::new();
    let url = format!("file://{}", origin.path().display());
    clone.git(&["clone", "-q", "--depth", "1", &url, "."]);
    clone.write("out/dist/app.js", "x();\n");
    clone.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1]));
    clone.write("tollgate.toml", POLICY.replace("coverage.lines >= 50%", "coverage.patch >= 50%"));
    let outcome = clone.tollgate(&["check", "--base", &first]).exits(3);
    outcome.says(&["fetch-depth: 0"]);
    origin.tollgate(&["check", "--base", "no-such-branch"]).exits(2).complains(&["no-such-branch"]);
}

fn hostile_names_do_not_reach_the_terminal() {
    let sandbox = sandbox();
    let hostile = "src/\u{1b}[31m<img src=x onerror=alert(1)>|`@everyone`.ts";
    sandbox.write("out/lcov.info", lcov(hostile, &[1]) + &lcov("src/a.ts", &[0, 0, 1]));
    for format in ["text", "markdown", "github"] {
        // Control characters in a path are damage, and the path is shown, made harmless.
        let outcome = sandbox.tollgate(&["check", "-v", "--format", format]).exits(3);
        assert!(outcome.stdout.contains("control characters"), "{format}: {}", outcome.stdout);
        assert!(!outcome.stdout.contains('\u{1b}'), "{format}");
        if format == "markdown" {
            assert!(!outcome.stdout.contains("<img") && !outcome.stdout.contains("@everyone"), "{}", outcome.stdout);
        }
    }
}

fn source_that_cannot_be_read_is_not_covered() {
    let policy = POLICY.replace("coverage.lines >= 50%", "coverage.patch >= 50%");
    for (path, text, attributes) in [
        ("src/a.ts", "a;\nnew;\nb;\nc;\n", "*.ts -diff\n"),
        ("src/a.ts", "// \0\na;\nnew;\nb;\nc;\n", ""),
        ("src/new.py", "x = 1\n", ""),
    ] {
        let sandbox = sandbox();
        sandbox.write("tollgate.toml", &policy);
        sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1]));
        sandbox.write(path, text);
        sandbox.write(".gitattributes", attributes);
        sandbox.tollgate(&["check"]).exits(3).says(&["unknown Tests", path]);
    }
}
