//! `tollgate init`: what it writes is judged by `tollgate check` as it stands.

use std::fs;

use serde_json::Value;

use crate::secrets;
use crate::support::{Sandbox, Tests, gate, lcov};

pub(crate) fn tests() -> Tests {
    vec![
        ("what_holds_is_enforced_and_checked", what_holds_is_enforced_and_checked),
        ("what_does_not_hold_warns_and_may_not_get_worse", what_does_not_hold_warns),
        ("what_is_not_there_waits_for_the_workflow", what_is_not_there_waits_for_the_workflow),
        ("projects_of_each_kind_pass_at_once", projects_of_each_kind_pass_at_once),
        ("files_that_are_there_are_left_as_they_are", files_that_are_there_are_left),
        ("force_replaces_and_adds", force_replaces_and_adds),
        ("a_dry_run_writes_nothing", a_dry_run_writes_nothing),
        ("a_folder_without_a_repository_is_refused", a_folder_without_a_repository_is_refused),
        ("a_folder_below_the_top_gets_its_policy_alone", a_folder_below_the_top_gets_its_policy_alone),
        ("a_new_secret_blocks_from_the_first_day", a_new_secret_blocks_from_the_first_day),
        ("its_own_workflow_is_an_honest_one", its_own_workflow_is_an_honest_one),
        ("hostile_names_break_out_of_nothing", hostile_names_break_out_of_nothing),
        ("every_line_fits_a_terminal", every_line_fits_a_terminal),
    ]
}

const MANIFEST: &str = r#"{"private": true, "scripts": {"test": "jest", "build": "vite build"},
  "jest": {"coverageThreshold": {"global": {"lines": 75}}}}"#;

const IGNORED: &str = "/coverage\n/dist\n/test-results.json\n/junit.xml\n";

/// A package of JavaScript whose reports are not part of it.
fn package() -> Sandbox {
    let files = [
        ("package.json", MANIFEST),
        ("package-lock.json", "{}"),
        ("src/a.js", "a;\nb;\nc;\nd;\n"),
        ("src/a.test.js", "t;\n"),
        (".github/workflows/ci.yml", "on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: npm test\n"),
    ];
    let sandbox = Sandbox::repository(&files);
    sandbox.write(".gitignore", IGNORED);
    sandbox.commit("ignore");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox
}

/// Its reports: so many of four lines covered.
fn measured(sandbox: &Sandbox, hits: [u32; 4]) {
    sandbox.write("coverage/lcov.info", lcov("src/a.js", &hits));
    sandbox.write(
        "test-results.json",
        r#"{"numTotalTests":1,"testResults":[{"name":"src/a.test.js","status":"passed",
        "assertionResults":[{"status":"passed","title":"t","fullName":"t","ancestorTitles":[]}]}]}"#,
    );
    sandbox.write("dist/app.js", "app");
}

fn condition<'a>(run: &'a Value, name: &str, condition: &str) -> &'a Value {
    let reasons = gate(run, name)["reasons"].as_array().expect("reasons");
    reasons.iter().find(|r| r["condition"] == condition).unwrap_or_else(|| panic!("no {condition}: {reasons:#?}"))
}

fn what_holds_is_enforced_and_checked() {
    let sandbox = package();
    measured(&sandbox, [1, 1, 1, 1]);
    let said = sandbox.tollgate(&["init"]).exits(0);
    let said = said.says(&[
        "Holds today",
        "coverage.lines >= 75%: 100 % (4 of 4) in coverage/lcov.info",
        "asked in package.json",
        "bundle.total <= 600 KB: 3 B in dist",
        "tests.failed == 0: 0",
        "package.json: jest coverageThreshold: coverage.lines 75%",
        "tollgate check: pass Performance, Quality, Security, Tests (exit code 0)",
        "require these checks: tollgate / Security, tollgate / Quality",
        "written: tollgate.toml, .github/workflows/tollgate.yml, .github/CODEOWNERS",
    ]);
    assert!(!said.flat().contains("observe"), "{}", said.stdout);
    let policy = sandbox.read("tollgate.toml");
    assert!(!policy.contains("mode = ") && !policy.contains("\non = "), "{policy}");
    sandbox.tollgate(&["check"]).exits(0).says(&["4 gates"]);
    // From now on it blocks.
    sandbox.commit("policy");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    measured(&sandbox, [1, 1, 0, 0]);
    sandbox.tollgate(&["check"]).exits(1).says(&["Tests", "coverage.lines is 50 %"]);
}

fn what_does_not_hold_warns() {
    let sandbox = package();
    measured(&sandbox, [1, 1, 0, 0]);
    let said = sandbox.tollgate(&["init"]).exits(0);
    said.says(&[
        "Not yet",
        "coverage.lines >= 75%: 50 % (2 of 4)",
        "Tests observes until",
        "keeps the numbers of the base branch",
    ]);
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(0).json();
    assert_eq!(gate(&run, "Tests")["verdict"], "warn");
    assert!(gate(&run, "Tests")["observed_until"].is_string());
    assert_eq!(condition(&run, "Tests", "coverage.lines >= 75%")["verdict"], "warn");
    assert_eq!(condition(&run, "Tests", "coverage.lines >= base")["verdict"], "warn");
    assert_eq!(gate(&run, "Performance")["verdict"], "pass");
    assert!(gate(&run, "Performance")["observed_until"].is_null());
    sandbox.tollgate(&["check", "--write-base"]).exits(0);
    sandbox.commit("policy and base");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(0).json();
    assert_eq!(condition(&run, "Tests", "coverage.lines >= base")["verdict"], "pass");
    measured(&sandbox, [1, 0, 0, 0]);
    sandbox.tollgate(&["check"]).exits(0).says(&["would block: coverage.lines >= base"]);
}

fn what_is_not_there_waits_for_the_workflow() {
    let sandbox = package();
    let said = sandbox.tollgate(&["init"]).exits(0);
    said.says(&["Not measured here", "coverage/lcov.info does not lie here", "in workflows alone Performance, Tests"]);
    let workflow = sandbox.read(".github/workflows/tollgate.yml");
    for line in ["npm ci", "npm run test -- --coverage --json --outputFile=test-results.json || status=$?", "dist"] {
        assert!(workflow.contains(line), "{line}: {workflow}");
    }
    assert!(workflow.lines().count() <= 40);
    sandbox.tollgate(&["check"]).exits(0).says(&["this is a local run"]);
    sandbox.commit("policy");
    // What a workflow does not find is unknown, whoever observes.
    let as_workflow = ["check", "--event", "pull_request", "--base", "HEAD~1"];
    sandbox.tollgate(&as_workflow).exits(3).says(&["coverage/lcov.info: no file matches"]);
    measured(&sandbox, [1, 1, 1, 1]);
    sandbox.tollgate(&as_workflow).exits(0);
    measured(&sandbox, [1, 0, 0, 0]);
    sandbox.tollgate(&as_workflow).exits(0).says(&["would block from"]);
}

fn projects_of_each_kind_pass_at_once() {
    let next = r#"{"private": true, "scripts": {"build": "next build"}}"#;
    let vitest = r#"{"scripts": {"test": "vitest run"}, "devDependencies": {"@vitest/coverage-v8": "1"}}"#;
    let kinds: [(&[(&str, &str)], &str); 7] = [
        (&[("Cargo.toml", "[workspace]\nmembers = []\n")], "Cargo workspace"),
        (&[("pyproject.toml", "[project]\nname = \"x\"\n"), ("tests/test_a.py", "")], "Python project (pip)"),
        (&[("go.mod", "module x\n"), ("a_test.go", "package x\n")], "Go module"),
        (&[("package.json", next), ("yarn.lock", "")], "yarn package"),
        (&[("package.json", vitest), ("a.test.ts", "")], "npm package"),
        (
            &[
                ("package.json", r#"{"private": true}"#),
                ("pnpm-workspace.yaml", "packages: [\"apps/*\"]\n"),
                ("pnpm-lock.yaml", ""),
                ("apps/a/package.json", vitest),
                ("apps/a/a.test.ts", ""),
                ("apps/b/package.json", next),
            ],
            "pnpm workspace, 2 packages",
        ),
        (&[("README.md", "# x\n")], "no package that is known"),
    ];
    for (files, kind) in kinds {
        let sandbox = Sandbox::repository(files);
        sandbox.tollgate(&["init"]).exits(0).says(&[kind, "(exit code 0)"]);
        sandbox.tollgate(&["check"]).exits(0);
    }
}

fn files_that_are_there_are_left() {
    let sandbox = package();
    sandbox.write(".github/CODEOWNERS", "* @org/all\n/docs/ @kim\n/.github/\n");
    sandbox.write(".github/workflows/tollgate.yml", "on: push\njobs: {}\n");
    let said = sandbox.tollgate(&["init"]).exits(0);
    said.says(&[
        ".github/workflows/tollgate.yml is there and was left as it is",
        ".github/CODEOWNERS was left as it is; add:",
        "/tollgate.toml @org/all",
        "written: tollgate.toml",
    ]);
    assert_eq!(sandbox.read(".github/CODEOWNERS"), "* @org/all\n/docs/ @kim\n/.github/\n");
    assert_eq!(sandbox.read(".github/workflows/tollgate.yml"), "on: push\njobs: {}\n");
    let policy = sandbox.read("tollgate.toml");
    let again = sandbox.tollgate(&["init"]).exits(2);
    again.complains(&["tollgate.toml is there already and was left as it is; --force replaces it"]);
    assert_eq!(sandbox.read("tollgate.toml"), policy);
}

fn force_replaces_and_adds() {
    let sandbox = package();
    sandbox.write("tollgate.toml", "nonsense");
    sandbox.write(".github/workflows/tollgate.yml", "old");
    sandbox.write("CODEOWNERS", "/src/ @kim");
    sandbox.tollgate(&["init", "--force", "--owner", "@org/team", "--workflow", "composite"]).exits(0);
    assert!(sandbox.read("tollgate.toml").contains("[gates.Security]"));
    assert!(sandbox.read(".github/workflows/tollgate.yml").contains("name: ${{ matrix.gate }}"));
    let owners = sandbox.read("CODEOWNERS");
    assert!(owners.starts_with("/src/ @kim\n\n#") && owners.ends_with("/.github/ @org/team\n"), "{owners}");
    assert!(!sandbox.join(".github/CODEOWNERS").exists());
    sandbox.tollgate(&["check"]).exits(0);
    // All have an owner now.
    sandbox.tollgate(&["init", "--force"]).exits(0);
    assert_eq!(sandbox.read("CODEOWNERS"), owners);
    sandbox.tollgate(&["init", "--force", "--owner", "kim\n* @x"]).exits(2).complains(&["@user or @org/team"]);
}

fn a_dry_run_writes_nothing() {
    let sandbox = package();
    let said = sandbox.tollgate(&["init", "--dry-run", "--workflow", "composite"]).exits(0);
    said.says(&[
        "would be written: tollgate.toml, .github/workflows/tollgate.yml, .github/CODEOWNERS",
        "[gates.Security]",
        "measure: runs-on: ubuntu-24.04",
        "# /tollgate.toml @OWNER",
        "require these checks: Security, Quality, Performance, Tests",
    ]);
    assert_eq!(sandbox.git(&["status", "--porcelain", "--ignored"]), "");
}

fn a_folder_without_a_repository_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("package.json", MANIFEST);
    sandbox.tollgate(&["init"]).exits(2).complains(&["lies in no git repository", "git init"]);
    sandbox.tollgate(&["init", "--root", "none"]).exits(2).complains(&["--root", "none"]);
    assert_eq!(fs::read_dir(sandbox.path()).expect("a folder").count(), 1);
}

fn a_folder_below_the_top_gets_its_policy_alone() {
    let sandbox = Sandbox::repository(&[("apps/api/package.json", MANIFEST), ("apps/api/src/a.test.js", "")]);
    let said = sandbox.tollgate(&["init", "--root", "apps/api"]).exits(0);
    said.says(&["written: apps/api/tollgate.toml", "belong to the top of the repository"]);
    assert!(!sandbox.join(".github").exists() && !sandbox.join("tollgate.toml").exists());
    sandbox.tollgate(&["check", "--root", "apps/api"]).exits(0);
}

fn a_new_secret_blocks_from_the_first_day() {
    let sandbox = package();
    let token = secrets::token();
    sandbox.write("src/config.js", format!("const token = \"{token}\";\n"));
    let said = sandbox.tollgate(&["init"]).exits(0).says(&["blocks all the same", "fail Security", "(exit code 1)"]);
    assert!(!said.stdout.contains(&token));
    sandbox.tollgate(&["check"]).exits(1).says(&["fail", "Security"]);
    assert!(!sandbox.read("tollgate.toml").contains(&token));
}

fn its_own_workflow_is_an_honest_one() {
    for kind in ["reusable", "composite"] {
        let sandbox = package();
        sandbox.tollgate(&["init", "--workflow", kind]).exits(0);
        let report = sandbox.tollgate(&["workflows", "--format", "json"]).exits(0).json();
        let of = |name: &str| {
            let metrics = report["metrics"].as_array().expect("metrics");
            metrics.iter().find(|m| m["name"] == name && m["labels"].as_object().is_none_or(|l| l.is_empty())).cloned()
        };
        assert_eq!(of("workflows.ineffective").expect("a number")["value"], 0.0, "{kind}");
        let findings = report["findings"].as_array().expect("findings");
        let ours = findings.iter().filter(|f| f["location"]["path"] == ".github/workflows/tollgate.yml");
        let rules: Vec<&str> = ours.filter_map(|f| f["rule"].as_str()).collect();
        assert!(rules.iter().all(|rule| *rule == "workflows/unpinned-action"), "{kind}: {rules:?}");
    }
}

fn hostile_names_break_out_of_nothing() {
    let sandbox = package();
    let folder = "x\"]\n[gates.Evil]\nconditions = ['${{ github.token }}']\n\u{1b}[31m";
    sandbox.write(&format!("{folder}/coverage/lcov.info"), lcov("src/a.js", &[1, 1, 1, 1]));
    sandbox.write(&format!("apps/{folder}/dist/app.js"), "app");
    measured(&sandbox, [1, 1, 1, 1]);
    let said = sandbox.tollgate(&["init"]).exits(0);
    assert!(!said.stdout.contains('\u{1b}') && !said.stdout.contains("\n[gates.Evil]"), "{}", said.stdout);
    said.says(&["its name has characters that do not belong there"]);
    let workflow = sandbox.read(".github/workflows/tollgate.yml");
    assert!(!workflow.contains("Evil") && !workflow.contains("github.token"), "{workflow}");
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(0).json();
    let names: Vec<&str> =
        run["decision"]["gates"].as_array().expect("gates").iter().filter_map(|g| g["name"].as_str()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(!names.contains(&"Evil"));
}

fn every_line_fits_a_terminal() {
    let sandbox = package();
    let long = "a-folder-of-a-name-that-goes-on-for-quite-a-while/and-another-one-in-it";
    sandbox.write(&format!("{long}/coverage/lcov.info"), lcov("src/a.js", &[1, 1, 0, 0]));
    measured(&sandbox, [1, 1, 0, 0]);
    let said = sandbox.tollgate(&["init"]).exits(0);
    let wide: Vec<&str> =
        said.stdout.lines().filter(|line| line.chars().count() > 80 && !line.contains(long)).collect();
    assert!(wide.is_empty(), "{wide:#?}");
}
