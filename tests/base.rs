//! What the base was: its own run for what is measured, its tree for what needs only a tree.

use crate::support::{Sandbox, Tests, gate, lcov};

pub(crate) fn tests() -> Tests {
    vec![
        ("a_measured_number_is_compared_with_the_bases_run", a_measured_number_is_compared),
        ("a_tree_checker_is_run_on_the_bases_tree", a_tree_checker_is_run_on_the_bases_tree),
        ("a_damaged_base_is_unknown", a_damaged_base_is_unknown),
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
    assert!(base.get("timing").is_none(), "a committed run has no clock values");
    // The base must be the base's: one that only the change has does not count.
    sandbox.tollgate(&["check"]).exits(0).says(&["no base yet"]);
    sandbox.commit("base");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.tollgate(&["check"]).exits(0).says(&["pass"]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 0, 0]));
    sandbox.tollgate(&["check"]).exits(1).says(&["50 % (2 of 4): 1 line short of the base (75 %)"]);
    sandbox.tollgate(&["check", "--base-run", "out/run.json"]).exits(1);
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
    let run = sandbox.faulty(&["check", "--format", "json"]).exits(1).json();
    let findings = run["reports"][0]["findings"].as_array().expect("findings");
    let states: Vec<_> = findings.iter().map(|f| f["state"].as_str().expect("a state")).collect();
    assert_eq!(states, ["new", "absent"]);
    sandbox.write("third.txt", "x");
    sandbox.write("fourth.txt", "x");
    let run = sandbox.faulty(&["check", "--format", "json"]).exits(1).json();
    assert_eq!(gate(&run, "Files")["verdict"], "fail");
}

fn a_damaged_base_is_unknown() {
    let files = [("src/a.ts", "a;\n"), ("tollgate.toml", POLICY), (".tollgate/base.json", "{\"schema\":")];
    let sandbox = Sandbox::repository(&files);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1]));
    sandbox.tollgate(&["check"]).exits(3).says(&["a base that could not be read", ".tollgate/base.json"]);
    sandbox.tollgate(&["check", "--base-run", "out/none.json"]).exits(3).says(&["out/none.json"]);
}
