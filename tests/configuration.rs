//! Configuration: mistakes are exit 2 before anything runs, layers stack, the starter policy blocks nothing.

use crate::support::{Sandbox, Tests, gate, lcov};

pub(crate) fn tests() -> Tests {
    vec![
        ("mistakes_are_pointed_at_before_anything_runs", mistakes_are_pointed_at_before_anything_runs),
        ("flags_beat_the_environment_beats_the_file", flags_beat_the_environment_beats_the_file),
        ("a_misspelt_variable_is_told", a_misspelt_variable_is_told),
        ("the_starter_policy_shows_numbers_and_blocks_nothing", the_starter_policy_blocks_nothing),
        ("only_and_gates_choose", only_and_gates_choose),
        ("limit_flags_are_conditions", limit_flags_are_conditions),
        ("several_instances_are_told_apart", several_instances_are_told_apart),
        ("scopes_spare_what_is_not_concerned", scopes_spare_what_is_not_concerned),
        ("outcomes_of_the_workflow_are_asked_for", outcomes_of_the_workflow_are_asked_for),
        ("the_commands_that_print_print", the_commands_that_print_print),
        ("a_policy_that_vanished_is_told", a_policy_that_vanished_is_told),
        ("what_the_environment_sets_is_told", what_the_environment_sets_is_told),
    ]
}

const POLICY: &str = "[coverage]\nreports = [\"out/lcov.info\"]\n\
    [gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n";

/// One source file, half of it covered.
fn sandbox(policy: &str) -> Sandbox {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\nb;\n"), ("tollgate.toml", policy)]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 0]));
    sandbox
}

fn mistakes_are_pointed_at_before_anything_runs() {
    for (policy, place, word) in [
        ("[coverag]\n", "tollgate.toml:1:2", "did you mean `coverage`"),
        ("[coverage]\nreport = []\n", "tollgate.toml:2:1", "did you mean `reports`"),
        ("[gates.T]\nconditions = [\"coverage.lines >= 80 KB\"]\n", "tollgate.toml:2:16", "a percentage such as 80%"),
        ("[gates.T]\nconditions = [\"coverage.line >= 80%\"]\n", "tollgate.toml:2:16", "did you mean `coverage.lines`"),
        ("[gates.T]\nconditions = []\n", "tollgate.toml:1:8", "no condition"),
        ("[gates.T\n", "tollgate.toml:1:9", ""),
        ("[coverage]\n", "tollgate.toml", "names no gate"),
    ] {
        let sandbox = sandbox(policy);
        let outcome = sandbox.tollgate(&["check", "--out", "out/run"]).exits(2).complains(&[place, word]);
        assert_eq!(outcome.stdout, "");
        assert!(!sandbox.join("out/run").exists(), "nothing was written");
    }
    let sandbox = sandbox(POLICY);
    sandbox.tollgate(&["check", "--config", "none.toml"]).exits(2).complains(&["none.toml: not found"]);
    sandbox.tollgate(&["check", "--root", "none"]).exits(2).complains(&["none"]);
    sandbox.tollgate(&["check", "--frmat", "json"]).exits(2).complains(&["--format"]);
    sandbox.tollgate(&["coverage", "--min-lines", "80KB"]).exits(2).complains(&["--min-lines", "a percentage"]);
    for deadline in ["soon", "0 s", "80%", "99999999999999 days"] {
        sandbox.tollgate(&["check", "--deadline", deadline]).exits(2).complains(&["--deadline", "a duration"]);
    }
    sandbox.write("tollgate.toml", b"# caf\xe9\n[gates]\n");
    sandbox.tollgate(&["check"]).exits(2).complains(&["tollgate.toml:1", "UTF-8"]);
}

fn flags_beat_the_environment_beats_the_file() {
    let sandbox = sandbox(POLICY);
    let plain = sandbox.tollgate(&["check", "--print-config"]).exits(0);
    let gate = "[gates.\"Tests\"] # tollgate.toml:3:8";
    plain.says(&["reports = [\"out/lcov.info\"] # tollgate.toml:2:1", "# default", gate]);
    let variables = [("TOLLGATE_COVERAGE_REPORT", "out/other.info")];
    let by_variable = sandbox.tollgate_with(&["check", "--print-config"], &variables).exits(0);
    by_variable.says(&["reports = [\"out/other.info\"] # TOLLGATE_COVERAGE_REPORT"]);
    sandbox.tollgate_with(&["coverage"], &variables).exits(3).says(&["out/other.info"]);
    sandbox.tollgate_with(&["coverage", "--report", "out/lcov.info"], &variables).exits(1);
    let format = [("TOLLGATE_FORMAT", "json")];
    assert_eq!(sandbox.tollgate_with(&["check"], &format).json()["schema"], "tollgate.run/1");
}

fn a_misspelt_variable_is_told() {
    let sandbox = sandbox(POLICY);
    let outcome = sandbox.tollgate_with(&["check"], &[("TOLLGATE_BSAE", "main")]).exits(1);
    outcome.says(&["TOLLGATE_BSAE means nothing here; did you mean TOLLGATE_BASE?"]);
}

fn the_starter_policy_blocks_nothing() {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\nb;\n")]);
    sandbox.write("coverage/lcov.info", lcov("src/a.ts", &[1, 0]));
    let outcome = sandbox.tollgate(&["check"]).exits(0);
    outcome.says(&["coverage.lines is 50 % (1 of 2): 1 line short of 80 %", "[bundle]"]);
    let run = sandbox.tollgate(&["check", "--format", "json"]).json();
    assert_eq!(run["subject"]["policy"], "starter policy");
    assert_eq!(gate(&run, "coverage")["verdict"], "warn");
    sandbox.write("coverage/lcov.info", "junk");
    sandbox.tollgate(&["check"]).exits(3);
}

fn only_and_gates_choose() {
    let policy =
        format!("{POLICY}[bundle]\ndir = \"out/dist\"\n[gates.Size]\nconditions = [\"bundle.total <= 1 KB\"]\n");
    let sandbox = sandbox(&policy);
    sandbox.write("out/dist/a.js", "x\n");
    sandbox.tollgate(&["check"]).exits(1);
    let only = sandbox.tollgate(&["check", "--only", "bundle"]).exits(0);
    only.says(&["not judged Tests"]);
    sandbox.tollgate(&["check", "Size"]).exits(0);
    sandbox.tollgate(&["check", "--only", "bundel"]).exits(2).complains(&["did you mean `bundle`"]);
    sandbox.tollgate(&["check", "Sizes"]).exits(2).complains(&["did you mean `Size`"]);
    let plan = sandbox.tollgate(&["check", "--plan"]).exits(0);
    plan.says(&["runs: bundle", "runs: coverage", "gate Size (judged)"]);
}

fn limit_flags_are_conditions() {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\nb;\n")]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 0]));
    let coverage = |limit: &str| sandbox.tollgate(&["coverage", "--report", "out/lcov.info", "--min-lines", limit]);
    coverage("50").exits(0);
    coverage("50%").exits(0);
    coverage("50.01").exits(1).says(&["1 line short of 50.01 %"]);
}

fn several_instances_are_told_apart() {
    let policy = "[[bundle]]\nname = \"web\"\ndir = \"out/web\"\n[[bundle]]\nname = \"docs\"\ndir = \"out/docs\"\n\
        [gates.All]\nconditions = [\"bundle.total <= 10 B\"]\n\
        [gates.Docs]\nconditions = ['bundle.total{target=\"docs\"} <= 10 B']\n";
    let sandbox = sandbox(policy);
    sandbox.write("out/web/a.js", "12345678901234567890\n");
    sandbox.write("out/docs/a.js", "1\n");
    let run = sandbox.tollgate(&["check", "--format", "json", "--sarif", "out/a.sarif"]).exits(1).json();
    assert_eq!((&gate(&run, "All")["verdict"], &gate(&run, "Docs")["verdict"]), (&"fail".into(), &"pass".into()));
    let sarif = sandbox.json("out/a.sarif");
    let ids: Vec<_> = sarif["runs"].as_array().expect("runs").iter().map(|r| &r["automationDetails"]["id"]).collect();
    assert_eq!(ids, ["tollgate/bundle/docs/", "tollgate/bundle/web/"]);
    sandbox.tollgate(&["bundle", "--dir", "out/web"]).exits(2).complains(&["--target"]);
    sandbox.tollgate(&["bundle", "--target", "docs"]).exits(0);
}

fn scopes_spare_what_is_not_concerned() {
    let policy = "[coverage]\nreports = [\"out/none.info\"]\nwhen = [\"src/**\"]\n\
        [gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n";
    let sandbox = sandbox(policy);
    sandbox.write("docs/a.md", "x\n");
    let spared = sandbox.tollgate(&["check"]).exits(0);
    spared.says(&["coverage.lines >= 80% does not apply: none of 1 changed file matches src/**"]);
    sandbox.write("src/a.ts", "a;\nb;\nc;\n");
    sandbox.tollgate(&["check"]).exits(3);
}

fn outcomes_of_the_workflow_are_asked_for() {
    let sandbox = sandbox("[gates.T]\nconditions = [\"steps.test == success\"]\n");
    sandbox.tollgate(&["check"]).exits(0).says(&["does not apply"]);
    sandbox.tollgate(&["check", "--event", "push"]).exits(3);
    let step = |outcome: &str| format!("{{\"test\": {{\"outcome\": \"{outcome}\", \"conclusion\": \"success\"}}}}");
    sandbox.tollgate(&["check", "--event", "push", "--steps", &step("success")]).exits(0);
    sandbox.tollgate(&["check", "--event", "push", "--steps", &step("failure")]).exits(1);
    sandbox.tollgate(&["check", "--steps", "[]"]).exits(2).complains(&["toJSON(steps)"]);
}

fn the_commands_that_print_print() {
    let sandbox = Sandbox::new();
    for kind in ["report", "run", "config"] {
        let schema = sandbox.tollgate(&["schema", kind]).exits(0).json();
        assert!(schema["properties"].as_object().is_some_and(|p| !p.is_empty()), "{kind}");
    }
    sandbox.tollgate(&["explain", "coverage/uncovered-lines"]).exits(0).says(&["coverage/uncovered-lines"]);
    sandbox.tollgate(&["explain", "coverage/uncovered-line"]).exits(2).complains(&["did you mean"]);
    for shell in ["bash", "zsh", "fish"] {
        sandbox.tollgate(&["completions", shell]).exits(0).says(&["coverage"]);
    }
    sandbox.tollgate(&["--help"]).exits(0).says(&["check", "coverage", "bundle", "explain"]);
    sandbox.tollgate(&["--version"]).exits(0).says(&["tollgate 0."]);
    sandbox.tollgate(&[]).exits(2);
}

fn a_policy_that_vanished_is_told() {
    let sandbox = sandbox(POLICY);
    sandbox.remove("tollgate.toml");
    sandbox.tollgate(&["check"]).exits(2).complains(&["the base has one"]);
    let sub = Sandbox::repository(&[("tollgate.toml", POLICY), ("app/src/a.ts", "a;\n")]);
    sub.write("app/coverage/lcov.info", lcov("src/a.ts", &[1]));
    sub.tollgate(&["check", "--root", "app"]).exits(2).complains(&["no tollgate.toml in this folder", "with --root"]);
    let outcome = sub.tollgate(&["coverage", "--root", "app"]).exits(0);
    outcome.says(&["starter policy", "tollgate.toml was not used", "100 % (1 of 1)"]);
}

fn what_the_environment_sets_is_told() {
    let sandbox = sandbox(POLICY);
    let variables = [("TOLLGATE_COVERAGE_EXCLUDE", "src/**"), ("TOLLGATE_BASE", "")];
    sandbox.tollgate_with(&["check"], &variables).exits(3).says(&["set by the environment: TOLLGATE_COVERAGE_EXCLUDE"]);
    let limit = [("TOLLGATE_COVERAGE_MIN_LINES", "99"), ("TOLLGATE_QUIET", "0")];
    sandbox.tollgate_with(&["check"], &limit).says(&["TOLLGATE_COVERAGE_MIN_LINES limits `tollgate coverage` alone"]);
    sandbox
        .tollgate_with(&["coverage"], &limit)
        .exits(1)
        .says(&["coverage.lines is 50 % (1 of 2): 1 line short of 99 %"]);
    let plan = [("TOLLGATE_PLAN", "true")];
    sandbox.tollgate_with(&["check"], &plan).exits(1);
}
