//! The main job on the example project.

use crate::support::{Outcome, Sandbox, Tests, copy_shop, gate};

pub(crate) fn tests() -> Tests {
    vec![
        ("its_gates_hold", its_gates_hold),
        ("without_its_coverage_report_nothing_passes", without_its_coverage_report_nothing_passes),
        ("a_docs_only_change_passes_and_says_what_did_not_apply", a_docs_only_change_passes),
        ("uncovered_new_lines_fail_and_are_named", uncovered_new_lines_fail_and_are_named),
        ("without_a_build_nothing_passes", without_a_build_nothing_passes),
        ("every_format_of_the_same_run_has_the_same_exit_code", every_format_has_the_same_exit_code),
    ]
}

/// The shop as the first commit of a repository of its own.
fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    copy_shop(sandbox.path());
    sandbox.git(&["init", "-q", "-b", "main"]);
    sandbox.commit("shop");
    sandbox.git(&["remote", "add", "origin", "."]);
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox
}

fn check(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    sandbox.tollgate(&[&["check"], more].concat())
}

fn its_gates_hold() {
    let sandbox = shop();
    let outcome = check(&sandbox, &["--out", "out"]).exits(0);
    outcome.says(&["pass", "Tests", "Performance", "coverage.patch >= 80% does not apply"]);
    let run = sandbox.json("out/run.json");
    assert_eq!(run["schema"], "tollgate.run/1");
    for name in ["Tests", "Performance", "Security"] {
        assert_eq!(gate(&run, name)["verdict"], "pass");
    }
    let metrics = run["reports"][1]["metrics"].as_array().expect("metrics");
    let lines = metrics
        .iter()
        .find(|m| m["name"] == "coverage.lines" && m["labels"].as_object().is_some_and(|l| l.is_empty()))
        .expect("lines");
    assert_eq!((&lines["numerator"], &lines["denominator"]), recount(&sandbox), "recounted from the reports by hand");
    assert!(sandbox.read("out/summary.md").contains("Performance"));
    assert!(sandbox.json("out/report.sarif")["runs"].as_array().is_some_and(|runs| runs.len() == 6));
}

/// Lines hit and lines in all, by a second, simpler reading: no file of the shop stands in a report twice.
fn recount(sandbox: &Sandbox) -> (&'static serde_json::Value, &'static serde_json::Value) {
    let (mut hit, mut all) = (0, 0);
    for report in ["apps/api/coverage/lcov.info", "apps/web/coverage/lcov.info"] {
        for line in sandbox.read(report).lines().filter_map(|line| line.strip_prefix("DA:")) {
            all += 1;
            hit += u64::from(line.split(',').nth(1) != Some("0"));
        }
    }
    assert!(hit > 100 && all > hit);
    let leak = |n: u64| -> &'static serde_json::Value { Box::leak(Box::new(n.into())) };
    (leak(hit), leak(all))
}

fn without_its_coverage_report_nothing_passes() {
    let sandbox = shop();
    sandbox.remove("apps/api/coverage/lcov.info");
    let outcome = check(&sandbox, &["--format", "json"]).exits(3);
    let run = outcome.json();
    assert_eq!(gate(&run, "Tests")["verdict"], "unknown");
    assert_eq!(gate(&run, "Performance")["verdict"], "pass", "the others are judged all the same");
    check(&sandbox, &[]).exits(3).says(&["unknown Tests", "apps/api/coverage/lcov.info"]);
}

fn a_docs_only_change_passes() {
    let sandbox = shop();
    sandbox.write("README.md", "# Shop\n\nAnother text.\n");
    sandbox.commit("docs");
    let outcome = check(&sandbox, &["--base", "HEAD~1"]).exits(0);
    outcome.says(&["coverage.patch >= 80% does not apply: no coverable line among 1 changed file"]);
}

fn uncovered_new_lines_fail_and_are_named() {
    let sandbox = shop();
    // The report says that these lines of a covered file are not hit; touching them makes them new.
    let path = "apps/api/src/tools/issue-token.ts";
    let text = sandbox.read(path);
    let changed: String = text.lines().map(|line| format!("{line} \n")).collect();
    sandbox.write(path, changed);
    let outcome = check(&sandbox, &["--format", "json"]).exits(1);
    let run = outcome.json();
    assert_eq!(gate(&run, "Tests")["verdict"], "fail");
    let findings = run["reports"][1]["findings"].as_array().expect("findings");
    assert!(findings.iter().any(|f| f["rule"] == "coverage/uncovered-lines" && f["location"]["path"] == path));
    check(&sandbox, &[]).exits(1).says(&["fail Tests", "short of 80 %", path]);
}

fn without_a_build_nothing_passes() {
    let sandbox = shop();
    std::fs::remove_dir_all(sandbox.join("apps/web/dist")).expect("the build");
    let run = check(&sandbox, &["--format", "json"]).exits(3).json();
    assert_eq!(gate(&run, "Performance")["verdict"], "unknown");
    assert_eq!(gate(&run, "Tests")["verdict"], "pass");
}

fn every_format_has_the_same_exit_code() {
    let sandbox = shop();
    for (report, code) in [(true, 0), (false, 3)] {
        if !report {
            sandbox.remove("apps/api/coverage/lcov.info");
        }
        for format in ["text", "json", "sarif", "markdown", "github"] {
            check(&sandbox, &["--format", format]).exits(code);
        }
    }
}
