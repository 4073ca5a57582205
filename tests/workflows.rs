//! The checker of workflows as people meet it: alone, in a policy, against a base.

use crate::support::{Sandbox, Tests, gate};

pub(crate) fn tests() -> Tests {
    vec![
        ("alone_it_fails_for_what_cannot_fail", alone_it_fails_for_what_cannot_fail),
        ("nothing_to_look_at_is_unknown", nothing_to_look_at_is_unknown),
        ("what_was_there_is_known_and_what_is_added_fails", what_was_there_is_known),
        ("the_comment_tells_the_headline_only_as_news", the_comment_tells_news_only),
        ("the_chain_is_explained_and_related_in_sarif", the_chain_is_explained),
        ("a_broken_file_does_not_hide_the_others", a_broken_file_does_not_hide_the_others),
        ("names_from_files_are_escaped", names_from_files_are_escaped),
        ("an_example_of_every_class_is_explained_by_its_rule", rules_are_explained),
    ]
}

const CI: &str = ".github/workflows/ci.yml";

fn workflow(steps: &str) -> String {
    format!("on: pull_request\npermissions: {{}}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n{steps}")
}

const GOOD: &str = "      - run: npx jest\n";
const LOST: &str = "      - run: npx eslint . || true\n";
const PRINTS: &str = "      - name: Security scan\n        run: echo \"✅ scan passed\"\n";

fn alone_it_fails_for_what_cannot_fail() {
    let sandbox = Sandbox::new();
    sandbox.write(CI, workflow(&[GOOD, LOST, PRINTS].concat()));
    let outcome = sandbox.tollgate(&["workflows"]).exits(1);
    outcome.says(&[
        "workflows.ineffective is 2",
        "1 of 3 checks can tell good from bad (1 workflow)",
        ".github/workflows/ci.yml:8 result-ignored",
        ".github/workflows/ci.yml:9 prints-only",
    ]);
    sandbox.tollgate(&["workflows", "--max-ineffective", "2"]).exits(0);
    sandbox.tollgate(&["workflows", "--min-effective", "50"]).exits(1).says(&["33.33 %"]);
    sandbox.write(CI, workflow(GOOD));
    sandbox.tollgate(&["workflows"]).exits(0).says(&["the one check can tell good from bad"]);
    sandbox.tollgate(&["check"]).exits(0).says(&["workflows"]);
}

fn nothing_to_look_at_is_unknown() {
    let sandbox = Sandbox::new();
    sandbox.write("README.md", "# A\n");
    sandbox.tollgate(&["workflows"]).exits(3).says(&["no workflow matches"]);
}

const POLICY: &str = "[workflows]\n[gates.Quality]\nconditions = [\"workflows.ineffective <= base\"]\n";

fn what_was_there_is_known() {
    let before = workflow(&[GOOD, LOST].concat());
    let sandbox = Sandbox::repository(&[(CI, &before), ("tollgate.toml", POLICY)]);
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.write(CI, workflow(&[GOOD, LOST, PRINTS].concat()));
    sandbox.commit("one more");
    let run = sandbox.tollgate(&["check", "--base", "HEAD~1", "--format", "json"]).exits(1).json();
    assert_eq!(gate(&run, "Quality")["verdict"], "fail");
    sandbox.write(CI, workflow(GOOD));
    sandbox.commit("mended");
    sandbox.tollgate(&["check", "--base", "HEAD~1"]).exits(0);
}

fn the_comment_tells_news_only() {
    let before = workflow(&[GOOD, LOST].concat());
    let sandbox = Sandbox::repository(&[(CI, &before), ("tollgate.toml", POLICY)]);
    sandbox.write("README.md", "# A\n");
    sandbox.commit("docs");
    sandbox.tollgate(&["check", "--base", "HEAD~1", "--out", "out"]).exits(0);
    assert!(!sandbox.read("out/summary.md").contains("can tell good from bad"), "nothing about it has changed");
    sandbox.write(CI, workflow(GOOD));
    sandbox.commit("mended");
    sandbox.tollgate(&["check", "--base", "HEAD~1", "--out", "out"]).exits(0);
    let comment = sandbox.read("out/summary.md");
    assert!(comment.contains("the one check can tell good from bad"), "{comment}");
    assert!(comment.contains("before this change: 1 of 2"), "{comment}");
}

fn the_chain_is_explained() {
    let sandbox = Sandbox::new();
    sandbox.write(CI, workflow("      - run: npm run check\n"));
    sandbox.write("package.json", "{\n  \"scripts\": {\n    \"check\": \"./scripts/check.sh\"\n  }\n}\n");
    sandbox.write("scripts/check.sh", "#!/bin/sh\neslint . || echo failed\n");
    let outcome = sandbox.tollgate(&["workflows", "--explain"]).exits(1);
    outcome.says(&[
        ".github/workflows/ci.yml:7 npm run check",
        "-> package.json:3 ./scripts/check.sh",
        "-> scripts/check.sh:2 eslint . || echo failed",
    ]);
    let sarif = sandbox.tollgate(&["workflows", "--format", "sarif"]).json();
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let result = results.iter().find(|one| one["ruleId"] == "workflows/result-ignored").expect("the finding");
    let related = result["relatedLocations"].as_array().expect("related locations");
    let places: Vec<String> = related
        .iter()
        .map(|one| &one["physicalLocation"])
        .map(|one| {
            format!("{}:{}", one["artifactLocation"]["uri"].as_str().unwrap_or_default(), one["region"]["startLine"])
        })
        .collect();
    assert_eq!(places, ["package.json:3", "scripts/check.sh:2"]);
    assert_eq!(result["properties"]["details"]["class"], "result-ignored");
}

fn a_broken_file_does_not_hide_the_others() {
    let sandbox = Sandbox::new();
    sandbox.write(CI, workflow(GOOD));
    sandbox.write(".github/workflows/tabs.yml", "on: push\njobs:\n\ta: {}\n");
    sandbox.write(".github/workflows/latin.yml", [b"name: caf\xE9\n".as_slice(), workflow(LOST).as_bytes()].concat());
    let report = sandbox.tollgate(&["workflows", "--format", "json"]).exits(1).json();
    let rules: Vec<&str> =
        report["findings"].as_array().expect("findings").iter().filter_map(|one| one["rule"].as_str()).collect();
    assert!(rules.contains(&"workflows/invalid-yaml") && rules.contains(&"workflows/result-ignored"), "{rules:?}");
    assert_eq!(report["status"], "complete");
}

fn names_from_files_are_escaped() {
    let sandbox = Sandbox::new();
    let step = "      - name: \"Lint \\e[31m<img src=x onerror=alert(1)> [a](javascript:b) `c`\"\n        run: eslint . || true\n";
    sandbox.write(CI, workflow(step));
    let text = sandbox.tollgate(&["workflows", "-v", "--explain"]).exits(1);
    assert!(!text.stdout.contains('\u{1b}'), "{}", text.stdout);
    let markdown = sandbox.tollgate(&["workflows", "--format", "markdown"]).exits(1);
    assert!(!markdown.stdout.contains("<img") && !markdown.stdout.contains("](javascript:"), "{}", markdown.stdout);
}

fn rules_are_explained() {
    let sandbox = Sandbox::new();
    for rule in ["prints-only", "result-ignored", "passes-on-nothing", "missing-script", "cannot-pass"] {
        sandbox.tollgate(&["explain", &format!("workflows/{rule}")]).exits(0).says(&[rule]);
    }
}
