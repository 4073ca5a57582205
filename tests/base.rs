//! What the base was: its own run for what is measured, its tree for what needs only a tree.

use serde_json::json;

use crate::support::{Sandbox, Tests, gate, lcov};

pub(crate) fn tests() -> Tests {
    vec![
        ("a_measured_number_is_compared_with_the_bases_run", a_measured_number_is_compared),
        ("what_got_worse_since_the_base_is_named", what_got_worse_is_named),
        ("a_base_run_that_the_change_deletes_is_told", a_base_run_that_the_change_deletes_is_told),
        ("who_deletes_covered_code_misses_no_more_lines", who_deletes_covered_code_misses_no_more),
        ("a_tree_checker_is_run_on_the_bases_tree", a_tree_checker_is_run_on_the_bases_tree),
        ("a_damaged_base_is_unknown", a_damaged_base_is_unknown),
        ("a_pushed_branch_is_not_its_own_base", a_pushed_branch_is_not_its_own_base),
        ("a_page_of_documentation_needs_no_report", a_page_of_documentation_needs_no_report),
        ("an_event_that_names_no_base_is_unknown", an_event_that_names_no_base_is_unknown),
        ("a_push_that_creates_a_branch_has_the_default_branch", a_push_that_creates_a_branch),
        ("a_base_holds_what_its_change_did_not_concern", a_base_holds_what_its_change_did_not_concern),
        ("a_run_that_is_unknown_is_no_base", a_run_that_is_unknown_is_no_base),
        ("another_encoding_is_another_number", another_encoding_is_another_number),
        ("what_a_tree_says_of_the_base_is_not_counted_twice", what_a_tree_says_is_not_counted_twice),
    ]
}

const POLICY: &str = "[coverage]\nreports = [\"out/lcov.info\"]\n\
    [gates.Tests]\nconditions = [\"coverage.lines >= base\"]\n";

fn a_measured_number_is_compared() {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\nb;\nc;\nd;\n"), ("tollgate.toml", POLICY)]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1, 0]));
    sandbox.tollgate(&["check"]).exits(0).says(&["warn", "no base yet"]);
    sandbox.tollgate(&["check", "--write-base", "--json", "out/run.json"]).exits(0);
    let base = sandbox.json(".tollgate/base.json");
    let second = base["timing"]["started_unix"].as_u64().expect("when it was made");
    assert_eq!((second % 86_400, &base["timing"]["elapsed_ms"]), (0, &json!(0)), "of its time only the day is kept");
    // The base must be the base's: one that only the change has does not count.
    sandbox.tollgate(&["check"]).exits(0).says(&["no base yet"]);
    sandbox.commit("base");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.tollgate(&["check"]).exits(0).says(&["pass"]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 0, 0]));
    sandbox.tollgate(&["check"]).exits(1).says(&["50 % (2 of 4): 1 line short of the base (75 %)"]);
    sandbox.tollgate(&["check", "--base-run", "out/run.json"]).exits(1);
}

fn what_got_worse_is_named() {
    let sandbox = Sandbox::repository(&[
        ("src/bad.ts", "a;\nb;\nc;\n"),
        ("src/old.ts", "a;\nb;\nc;\nd;\n"),
        ("src/same.ts", "a;\nb;\n"),
        ("tollgate.toml", POLICY),
    ]);
    let report = |bad: [u32; 3], moved: &str, same: [u32; 2]| {
        [lcov("src/bad.ts", &bad), lcov(moved, &[0, 1, 1, 1]), lcov("src/same.ts", &same)].concat()
    };
    sandbox.write("out/lcov.info", report([0, 0, 0], "src/old.ts", [1, 1]));
    sandbox.tollgate(&["check", "--write-base"]).exits(0);
    sandbox.commit("base");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.git(&["mv", "src/old.ts", "src/new.ts"]);
    sandbox.write("src/fresh.ts", "a;\n");
    sandbox.write("out/lcov.info", report([0, 0, 1], "src/new.ts", [0, 0]) + &lcov("src/fresh.ts", &[0]));
    let outcome = sandbox.tollgate(&["check", "--json", "out/run.json"]).exits(1);
    let outcome =
        outcome.says(&["40 % (4 of 10)", "src/same.ts: 2 lines more than at the base", "src/fresh.ts: 1 line more"]);
    let said = outcome.flat();
    assert!(!said.contains("src/bad.ts") && !said.contains("src/new.ts"), "{said}");
    let run = sandbox.json("out/run.json");
    let shown = run["reports"][0]["exhibits"].as_array().expect("exhibits");
    let rows = |id: &str| {
        let exhibit = shown.iter().find(|exhibit| exhibit["id"] == id).expect("a table");
        exhibit["data"]["rows"].clone()
    };
    let (text, count) = (|text: &str| json!({ "text": text }), |count: u64| json!({ "count": count }));
    let total = json!([text("coverage.lines"), { "ratio": [5, 9] }, { "ratio": [4, 10] }, text("-15.55")]);
    assert_eq!(rows("base"), json!([total]));
    let files = json!([
        [text("src/same.ts"), count(0), count(2), text("no")],
        [text("src/fresh.ts"), "empty", count(1), text("yes")],
        [text("src/bad.ts"), count(3), count(2), text("no")],
    ]);
    assert_eq!(rows("base-files"), files);
    let origin = run["subject"]["base_origin"].as_str().expect("words");
    assert!(origin.contains("its numbers: .tollgate/base.json of the base, of commit "), "{origin}");
    // A condition that a number decides is about the files that miss most.
    sandbox.write("tollgate.toml", POLICY.replace(">= base", ">= 80%"));
    let outcome = sandbox.tollgate(&["check", "--config", "tollgate.toml", "--base", "HEAD"]).exits(1);
    outcome.says(&["src/bad.ts: 2 lines"]);
}

fn a_base_run_that_the_change_deletes_is_told() {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\n"), ("tollgate.toml", POLICY)]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1]));
    sandbox.tollgate(&["check", "--write-base"]).exits(0);
    sandbox.commit("base");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.remove(".tollgate/base.json");
    sandbox.tollgate(&["check"]).exits(1).says(&["relaxes the policy", "Tests: .tollgate/base.json would be gone"]);
}

fn who_deletes_covered_code_misses_no_more() {
    let policy = POLICY.replace("coverage.lines >= base", "coverage.missed <= base");
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\nb;\nc;\nd;\n"), ("tollgate.toml", &policy)]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1, 0]));
    sandbox.tollgate(&["check", "--write-base"]).exits(0);
    sandbox.commit("base");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.write("src/a.ts", "c;\nd;\n");
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 0]));
    sandbox.tollgate(&["check"]).exits(0).says(&["pass"]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[0, 0]));
    sandbox
        .tollgate(&["check"])
        .exits(1)
        .says(&["coverage.missed is 2: 1 over the base", "src/a.ts: 1 line more than at the base"]);
}

fn a_tree_checker_is_run_on_the_bases_tree() {
    let policy = "[gates.Files]\nconditions = [\"trees.files <= base + 1\"]\n\
        [gates.Empty]\nconditions = ['trees.findings{state=\"new\"} == 0']\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("old.txt", "")]);
    let run = sandbox.faulty(&["check", "--format", "json"]).exits(0).json();
    assert_eq!(run["reports"][0]["findings"][0]["state"], "unchanged");
    sandbox.write("new.txt", "");
    let run = sandbox.faulty(&["check", "--format", "json"]).exits(1).json();
    assert_eq!(gate(&run, "Empty")["verdict"], "fail");
    assert_eq!(gate(&run, "Files")["verdict"], "pass");
    sandbox.remove("old.txt");
    let states = |run: &serde_json::Value| -> Vec<String> {
        let findings = run["reports"][0]["findings"].as_array().expect("findings");
        findings.iter().map(|f| f["state"].as_str().expect("a state").to_owned()).collect()
    };
    // What moved with its file is not new.
    assert_eq!(states(&sandbox.faulty(&["check", "--format", "json"]).exits(0).json()), ["unchanged"]);
    sandbox.remove("new.txt");
    assert_eq!(states(&sandbox.faulty(&["check", "--format", "json"]).exits(0).json()), ["absent"]);
    sandbox.write("new.txt", "");
    sandbox.write("old.txt", "");
    sandbox.write("third.txt", "x");
    sandbox.write("fourth.txt", "x");
    let run = sandbox.faulty(&["check", "--format", "json"]).exits(1).json();
    assert_eq!(gate(&run, "Files")["verdict"], "fail");
}

fn what_a_tree_says_is_not_counted_twice() {
    let gate = "[gates.Files]\nconditions = [\"trees.files <= base\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", &format!("[trees]\n{gate}")), ("old.txt", "")]);
    sandbox.write("out/.keep", "");
    sandbox.faulty(&["check", "--json", "out/run.json"]).exits(0);
    // The same checker under a name of its own, and a file more.
    sandbox.write("tollgate.toml", format!("[[trees]]\nname = \"a\"\n{gate}"));
    sandbox.commit("named");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.write("new.txt", "");
    sandbox.faulty(&["check"]).exits(1);
    sandbox.faulty(&["check", "--base-run", "out/run.json"]).exits(1);
}

fn a_damaged_base_is_unknown() {
    let files = [("src/a.ts", "a;\n"), ("tollgate.toml", POLICY), (".tollgate/base.json", "{\"schema\":")];
    let sandbox = Sandbox::repository(&files);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1]));
    sandbox.tollgate(&["check"]).exits(3).says(&["a base that could not be read", ".tollgate/base.json"]);
    sandbox.tollgate(&["check", "--base-run", "out/none.json"]).exits(3).says(&["out/none.json"]);
}

const PATCH: &str = "[coverage]\nreports = [\"out/lcov.info\"]\n\
    [gates.Tests]\nconditions = [\"coverage.patch >= 80%\"]\n";

/// A branch whose one new line is not covered, pushed to where it is pushed to.
fn pushed_feature() -> Sandbox {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\n"), ("tollgate.toml", PATCH)]);
    sandbox.git(&["checkout", "-q", "-b", "feature"]);
    sandbox.write("src/a.ts", "a;\nb;\n");
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 0]));
    sandbox.commit("uncovered");
    sandbox.git(&["update-ref", "refs/remotes/origin/feature", "HEAD"]);
    sandbox.git(&["config", "branch.feature.remote", "origin"]);
    sandbox.git(&["config", "branch.feature.merge", "refs/heads/feature"]);
    sandbox
}

fn a_page_of_documentation_needs_no_report() {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\n"), ("README.md", "a\n"), ("tollgate.toml", PATCH)]);
    sandbox.write("README.md", "b\n");
    sandbox.tollgate(&["check"]).exits(0).says(&["pass", "coverage.patch >= 80% does not apply"]);
    let page = sandbox.tollgate(&["check", "--format", "markdown"]).exits(0).stdout;
    assert!(!page.contains("To get there"), "{page}");
    // Who asks about the project needs one, whatever the change.
    sandbox.tollgate(&["coverage", "--min-lines", "80"]).exits(3).says(&["out/lcov.info: no file matches"]);
    sandbox.write("src/a.ts", "b;\n");
    sandbox.tollgate(&["check"]).exits(3).says(&["coverage.patch is not known"]);
}

fn a_pushed_branch_is_not_its_own_base() {
    let sandbox = pushed_feature();
    sandbox.tollgate(&["check"]).exits(1).says(&["coverage.patch is 0 % (0 of 1)"]);
    // Where nothing but the branch itself was fetched, nobody can tell.
    sandbox.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    sandbox.git(&["branch", "-q", "-D", "main"]);
    sandbox.tollgate(&["check"]).exits(3).says(&["--base REV"]);
}

fn an_event_that_names_no_base_is_unknown() {
    let sandbox = pushed_feature();
    let zeros = "0".repeat(40);
    for (event, payload) in [
        ("pull_request", None),
        ("pull_request", Some("{}".to_owned())),
        ("pull_request", Some("{\"pull_request\": {\"base\": {\"sha\": \"abc\"}}}".to_owned())),
        ("pull_request", Some(format!("{{\"pull_request\": {{\"base\": {{\"sha\": \"{zeros}\"}}}}}}"))),
        ("push", None),
        ("merge_group", Some("[]".to_owned())),
    ] {
        let path = sandbox.join("out/event.json").display().to_string();
        let mut variables = vec![("GITHUB_EVENT_NAME", event)];
        if let Some(payload) = &payload {
            sandbox.write("out/event.json", payload);
            variables.push(("GITHUB_EVENT_PATH", &path));
        }
        let outcome = sandbox.tollgate_with(&["check"], &variables);
        assert_eq!(outcome.code, 3, "{event} {payload:?}: {}", outcome.stdout);
        let named = sandbox.tollgate_with(&["check", "--base", "main"], &variables);
        assert_eq!(named.code, 1, "{event} {payload:?}: {}", named.stdout);
    }
}

fn a_run_that_is_unknown_is_no_base() {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\n"), ("tollgate.toml", POLICY)]);
    sandbox.tollgate(&["check", "--write-base"]).exits(3).complains(&["nothing was written"]);
    assert!(!sandbox.join(".tollgate").exists());
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1]));
    sandbox.tollgate(&["check", "--json", "out/run.json"]).exits(0);
    for (key, value) in [("status", "incomplete".into()), ("status", "empty".into())] {
        let mut run = sandbox.json("out/run.json");
        run["reports"][0][key] = value;
        sandbox.write("out/damaged.json", run.to_string());
        sandbox
            .tollgate(&["check", "--base-run", "out/damaged.json"])
            .exits(if run["reports"][0]["status"] == "empty" { 0 } else { 3 });
    }
    let mut run = sandbox.json("out/run.json");
    run["reports"][0]["metrics"][0]["denominator"] = 0.into();
    sandbox.write("out/damaged.json", run.to_string());
    sandbox.tollgate(&["check", "--base-run", "out/damaged.json"]).exits(3).says(&["makes no sense"]);
}

fn another_encoding_is_another_number() {
    let policy = "[bundle]\ndir = \"out/dist\"\n[gates.Size]\nconditions = [\"bundle.total <= base\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy)]);
    sandbox.write("out/dist/a.js", "x();\n".repeat(100));
    sandbox.tollgate(&["check", "--json", "out/run.json"]).exits(0);
    sandbox.write("out/dist/a.js", "x();\n".repeat(1000));
    sandbox.tollgate(&["check", "--base-run", "out/run.json"]).exits(1);
    sandbox.write("tollgate.toml", policy.replace("[bundle]", "[bundle]\nencoding = \"gzip\""));
    // By itself, for as a change of the policy it would have to be approved.
    sandbox.commit("gzip");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.tollgate(&["check", "--base-run", "out/run.json"]).exits(0).says(&["warn", "encoding raw"]);
}

fn a_push_that_creates_a_branch() {
    let policy = "[coverage]\nreports = [\"out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.patch >= 80%\"]\n";
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\n"), ("tollgate.toml", policy)]);
    sandbox.write("src/a.ts", "a;\nb;\n");
    sandbox.commit("untested");
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 0]));
    let push = |branch: &str| {
        let before = "0".repeat(40);
        let payload =
            json!({"before": before, "ref": format!("refs/heads/{branch}"), "repository": {"default_branch": "main"}});
        sandbox.write("out/event.json", payload.to_string());
        let path = sandbox.join("out/event.json").display().to_string();
        let variables = [("GITHUB_EVENT_NAME", "push"), ("GITHUB_EVENT_PATH", path.as_str())];
        sandbox.tollgate_with(&["check", "-v"], &variables)
    };
    push("topic")
        .exits(1)
        .says(&["coverage.patch is 0 % (0 of 1)", "this push created the branch, compared with origin/main"]);
    push("main").exits(0).says(&["no base yet", "this push created the branch"]);
    sandbox.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    push("topic").exits(3).says(&["was not fetched"]);
}

fn a_base_holds_what_its_change_did_not_concern() {
    let policy = POLICY.replace("[coverage]\n", "[coverage]\nwhen = [\"src/**\"]\n");
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\nb;\nc;\nd;\n"), ("tollgate.toml", &policy)]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1, 0]));
    sandbox.tollgate(&["check", "--write-base"]).exits(0);
    sandbox.commit("base");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.write("README.md", "x");
    sandbox.tollgate(&["check"]).exits(0).says(&["none of 1 changed file matches"]);
    sandbox.write("src/a.ts", "a;\nb;\nc;\nd;\n\n");
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 0, 0]));
    sandbox.tollgate(&["check"]).exits(1).says(&["50 % (2 of 4): 1 line short of the base (75 %)"]);
    // Without a report there is nothing to write, and the change that it does not concern is not blocked.
    sandbox.remove("out/lcov.info");
    sandbox.git(&["checkout", "-q", "src/a.ts"]);
    sandbox.tollgate(&["check", "--write-base"]).exits(0);
    assert_eq!(sandbox.json(".tollgate/base.json")["reports"], json!([]));
}
