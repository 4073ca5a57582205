//! `check --reports`: what the change's own run reported is taken in, and can add reports and nothing else.

use std::fs;

use crate::support::{Sandbox, Tests, gate, lcov};

pub(crate) fn tests() -> Tests {
    let mut tests: Tests = vec![
        ("reports_are_taken_in", reports_are_taken_in),
        ("what_was_not_handed_over_tells_nothing", what_was_not_handed_over_tells_nothing),
        ("nothing_of_the_commit_is_replaced", nothing_of_the_commit_is_replaced),
        ("what_is_added_is_no_part_of_the_change", what_is_added_is_no_part_of_the_change),
        ("the_base_is_compared_with_the_commit", the_base_is_compared_with_the_commit),
        ("wrong_use_is_said", wrong_use_is_said),
        ("a_cancelled_job_leaves_nothing_proven", a_cancelled_job_leaves_nothing_proven),
    ];
    if cfg!(unix) {
        tests.push(("links_lead_nowhere", links_lead_nowhere));
    }
    tests
}

const POLICY: &str = "[coverage]\nreports = [\"out/lcov.info\"]\n[secrets]\n[gates.Tests]\n\
    conditions = [\"coverage.lines >= 80%\"]\n[gates.Security]\nconditions = [\"secrets.findings == 0\"]\n";

fn sandbox() -> Sandbox {
    Sandbox::repository(&[("tollgate.toml", POLICY), ("src/a.ts", &"let a = 1;\n".repeat(10))])
}

/// A folder outside the repository with these files.
fn uploaded(files: &[(&str, &str)]) -> Sandbox {
    let folder = Sandbox::new();
    for (path, text) in files {
        folder.write(path, text);
    }
    folder
}

fn check(sandbox: &Sandbox, reports: &Sandbox, more: &[&str]) -> crate::support::Outcome {
    let folder = reports.path().to_str().expect("UTF-8").to_owned();
    sandbox.tollgate(&[&["check", "--reports", &folder], more].concat())
}

fn good() -> String {
    lcov("src/a.ts", &[1; 10])
}

fn reports_are_taken_in() {
    let sandbox = sandbox();
    sandbox.tollgate(&["check"]).exits(3).says(&["out/lcov.info: no file matches"]);
    let reports = uploaded(&[("out/lcov.info", &good())]);
    let run = check(&sandbox, &reports, &["--format", "json"]).exits(0).json();
    let of = |checker: &str| {
        let reports = run["reports"].as_array().expect("reports");
        reports.iter().find(|r| r["checker"] == checker).expect("a report")["subject"].clone()
    };
    assert_eq!((&of("coverage")["word"], &of("secrets")["word"]), (&"own-run".into(), &"tree".into()));
    assert_eq!(of("secrets")["commit"], sandbox.head().as_str());
    assert_eq!(sandbox.read("out/lcov.info"), good());
    // Once more: they are there already.
    let run = check(&sandbox, &reports, &["--format", "json"]).exits(0).json();
    assert!(!run.to_string().contains("not taken"), "{run}");
    // A newer report beside an older one, which nobody committed: neither is judged.
    let other = uploaded(&[("out/lcov.info", &lcov("src/a.ts", &[0; 10]))]);
    check(&sandbox, &other, &[]).exits(2).complains(&["out/lcov.info: another one lies in the checked folder"]);
    assert_eq!(sandbox.read("out/lcov.info"), good());
    sandbox.remove("out/lcov.info");
    check(&sandbox, &other, &[]).exits(1);
}

fn what_was_not_handed_over_tells_nothing() {
    let sandbox = sandbox();
    sandbox.write("out/lcov.info", good());
    let nothing = uploaded(&[("README", "no report\n")]);
    let outcome = check(&sandbox, &nothing, &[]).exits(3);
    outcome
        .says(&["out/lcov.info: lies in the checked folder, but the commit does not have it", "did not hand it over"]);
    let reports = uploaded(&[("out/lcov.info", &good())]);
    check(&sandbox, &reports, &[]).exits(0);
    // A report that the commit has is the commit's own.
    sandbox.git(&["add", "-f", "out/lcov.info"]);
    sandbox.commit("a report");
    check(&sandbox, &nothing, &[]).exits(0);
    sandbox.write("out/lcov.info", good() + "\n");
    check(&sandbox, &nothing, &[])
        .exits(3)
        .says(&["out/lcov.info: lies in the checked folder, but it is not what the commit has"]);
}

fn nothing_of_the_commit_is_replaced() {
    let sandbox = sandbox();
    let tracked = sandbox.read("src/a.ts");
    let hostile = [
        ("out/lcov.info", good().as_str()),
        ("src/a.ts", "let evil = 1;\n"),
        ("tollgate.toml", "[gates.Tests]\nconditions = [\"coverage.lines >= 0%\"]\n"),
        (".GitHub/workflows/x.yml", "on: push\n"),
        (".git/hooks/pre-commit", "#!/bin/sh\n"),
        (".tollgate/suppressions.toml", "suppress = []\n"),
        ("apps/.gitignore", "*\n"),
    ]
    .map(|(path, text)| (path, text.to_owned()));
    let files: Vec<(&str, &str)> = hostile.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let reports = uploaded(&files);
    let outcome = check(&sandbox, &reports, &[]).exits(0);
    let outcome = outcome.says(&["not taken from the reports: src/a.ts: the commit has another one", "1 more"]);
    outcome.says(&[".tollgate is the commit's alone", ".git is the commit's alone"]);
    assert_eq!(sandbox.read("src/a.ts"), tracked);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    for path in [".git/hooks/pre-commit", ".GitHub", ".tollgate", "apps"] {
        assert!(!sandbox.join(path).exists(), "{path}");
    }
    // What is the same is no attempt.
    let same = uploaded(&[("out/lcov.info", &good()), ("src/a.ts", &tracked)]);
    assert!(!check(&sandbox, &same, &[]).exits(0).stdout.contains("not taken"));
    // A tracked file that is gone from the working copy is not put back by others.
    sandbox.remove("src/a.ts");
    check(&sandbox, &same, &[]).says(&["src/a.ts: the commit has it"]);
    assert!(!sandbox.join("src/a.ts").exists());
}

fn what_is_added_is_no_part_of_the_change() {
    let policy = POLICY.replace("coverage.lines >= 80%", "coverage.patch >= 80%");
    let sandbox = Sandbox::repository(&[("tollgate.toml", &policy), ("src/a.ts", "let a = 1;\n")]);
    sandbox.write("src/a.ts", "let a = 1;\n".repeat(10));
    sandbox.commit("ten lines, of which no test runs one");
    // A file that is in no commit, with ninety covered lines, would lift the share to 90 %.
    let secret = format!("let key = \"{}\";\n", crate::secrets::token());
    let extra = format!("{secret}{}", "let b = 1;\n".repeat(89));
    let records = format!("{}{}", lcov("src/a.ts", &[0; 10]), lcov("src/b.ts", &[1; 90]));
    let reports = uploaded(&[("out/lcov.info", &records), ("src/b.ts", &extra)]);
    // Most of what the report tells is of no file here, so it proves nothing.
    let run = check(&sandbox, &reports, &["--format", "json"])
        .exits(3)
        .says(&["90 of its 100 lines match no file here"])
        .json();
    assert_eq!(run["subject"]["changed_files"], 1);
    assert_eq!(gate(&run, "Tests")["verdict"], "fail", "{run}");
    assert_eq!(gate(&run, "Security")["verdict"], "pass", "what the artifact brings is not pushed by anybody");
    // Without --reports the working copy is what is checked: the same file, lying there, is seen.
    sandbox.write("src/b.ts", &extra);
    let run = sandbox.tollgate(&["check", "--format", "json"]).json();
    assert_eq!((&run["subject"]["changed_files"], &gate(&run, "Security")["verdict"]), (&2.into(), &"fail".into()));
}

fn the_base_is_compared_with_the_commit() {
    let sandbox = sandbox();
    std::fs::create_dir(sandbox.join("apps")).expect("a folder");
    sandbox.git(&["mv", "src", "apps/src"]);
    sandbox.git(&["mv", "tollgate.toml", "apps/tollgate.toml"]);
    sandbox.write("apps/tollgate.toml", POLICY.replace("80%", "70%"));
    sandbox.commit("moved, and milder");
    let reports = uploaded(&[("out/lcov.info", &good())]);
    check(&sandbox, &reports, &["--root", "apps"]).exits(1).says(&["relaxes the policy"]);
    // An edit that is in no commit relaxes nothing and counts nowhere.
    sandbox.git(&["reset", "-q", "--hard", "HEAD~1"]);
    sandbox.write("src/b.ts", "let b = 1;\n");
    let run = check(&sandbox, &reports, &["--format", "json"]).exits(0).json();
    assert_eq!(run["subject"]["changed_files"], 0);
}

fn wrong_use_is_said() {
    let sandbox = sandbox();
    sandbox.tollgate(&["check", "--reports", "nowhere"]).exits(2).complains(&["nowhere", "no such folder"]);
    let plain = Sandbox::new();
    plain.write("tollgate.toml", POLICY);
    plain.write("rep/x", "");
    plain.tollgate(&["check", "--reports", "rep"]).exits(2).complains(&["read from the commit", "there is none"]);
}

fn a_cancelled_job_leaves_nothing_proven() {
    let sandbox = sandbox();
    let reports = uploaded(&[("out/lcov.info", &good())]);
    let needs = |result: &str| format!("{{\"measure\": {{\"result\": \"{result}\", \"outputs\": {{}}}}}}");
    check(&sandbox, &reports, &["--needs", &needs("success")]).exits(0);
    let run = check(&sandbox, &reports, &["--needs", &needs("cancelled"), "--format", "json"]).exits(3).json();
    assert_eq!(
        (&gate(&run, "Tests")["verdict"], &gate(&run, "Security")["verdict"]),
        (&"unknown".into(), &"pass".into())
    );
    check(&sandbox, &reports, &["--needs", &needs("failure")]).exits(0).says(&["measure ended in failure"]);
}

fn links_lead_nowhere() {
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        let sandbox = sandbox();
        let outside = Sandbox::new();
        symlink(outside.path(), sandbox.join("cache")).expect("a link");
        sandbox.commit("a link of the commit");
        let reports = uploaded(&[("out/lcov.info", &good()), ("cache/x", "1"), ("src/a.ts/x", "1")]);
        outside.write("passwords", "hidden");
        symlink(outside.join("passwords"), reports.join("out/linked")).expect("a link");
        symlink(outside.path(), reports.join("folder")).expect("a link");
        let outcome = check(&sandbox, &reports, &[]).exits(0);
        outcome.says(&[
            "out/linked: neither a file nor a folder",
            "folder: neither",
            "cache/x: a part of its path is no folder",
        ]);
        assert!(fs::symlink_metadata(sandbox.join("out/linked")).is_err() && !outside.join("x").exists());
    }
}
