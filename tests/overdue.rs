//! Findings that the base has had for longer than their class allows.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::support::{Sandbox, Tests, gate};

pub(crate) fn tests() -> Tests {
    vec![
        ("what_is_known_for_too_long_fails", what_is_known_for_too_long_fails),
        ("days_are_kept_from_run_to_run", days_are_kept_from_run_to_run),
        ("a_longer_time_relaxes_the_policy", a_longer_time_relaxes_the_policy),
        ("a_written_condition_on_relaxations_is_about_all", a_written_condition_on_relaxations_is_about_all),
    ]
}

const POLICY: &str = "[[sources]]\nname = \"audit\"\nfiles = \"out/audit.sarif\"\n\
    [gates.Security]\nconditions = [\"findings.overdue == 0\"]\n";

const DAY: u64 = 86_400;

/// What a tool says of each of these rules, with the severity of each.
fn report(found: &[(&str, &str)]) -> String {
    let result = |(rule, severity): &(&str, &str)| {
        json!({
            "ruleId": rule, "level": "error", "message": {"text": format!("{rule} is there")},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/a.ts"}, "region": {"startLine": 1}}}],
            "partialFingerprints": {"id": rule}, "properties": {"security-severity": severity},
        })
    };
    let rule = |(rule, severity): &(&str, &str)| json!({"id": rule, "properties": {"security-severity": severity}});
    json!({"version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": "audit", "rules": found.iter().map(rule).collect::<Vec<_>>()}},
        "results": found.iter().map(result).collect::<Vec<_>>(),
    }]})
    .to_string()
}

fn sandbox(policy: &str, found: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("src/a.ts", "a\n")]);
    sandbox.write("out/audit.sarif", report(found));
    sandbox
}

/// Lets the run at `path` be one of so many days ago.
fn aged(sandbox: &Sandbox, path: &str, days: u64) {
    let mut run = sandbox.json(path);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time after 1970").as_secs();
    run["timing"]["started_unix"] = json!(now - days * DAY);
    sandbox.write(path, run.to_string());
}

fn check(sandbox: &Sandbox, code: i32) -> Value {
    let arguments = ["check", "--base-run", "out/base.json", "--json", "out/run.json", "--format", "json"];
    sandbox.tollgate(&arguments).exits(code).json()
}

fn what_is_known_for_too_long_fails() {
    let sandbox = sandbox(POLICY, &[("high", "7.5"), ("low", "2.0")]);
    sandbox.tollgate(&["check"]).exits(0).says(&["warn", "findings.overdue has no base yet"]);
    sandbox.tollgate(&["check", "--json", "out/base.json"]).exits(0);
    for (days, code) in [(0, 0), (7, 0), (8, 1), (40, 1)] {
        aged(&sandbox, "out/base.json", days);
        check(&sandbox, code);
    }
    let outcome = sandbox.tollgate(&["check", "--base-run", "out/base.json"]).exits(1);
    outcome.says(&[
        "findings.overdue is 1: not 0; the worst is P1 high (high is there), first seen",
        "33 days overdue",
        "tollgate suppress",
    ]);
    aged(&sandbox, "out/base.json", 400);
    let run = check(&sandbox, 1);
    assert!(gate(&run, "Security")["reasons"][0]["text"].as_str().is_some_and(|text| text.contains("is 2")));
    // What is new is not overdue, however bad; what is gone is not either.
    sandbox.write("out/audit.sarif", report(&[("critical", "9.8")]));
    check(&sandbox, 0);
    // Critical ones may not stay at all.
    sandbox.tollgate(&["check", "--json", "out/base.json"]).exits(0);
    let run = check(&sandbox, 1);
    assert!(gate(&run, "Security")["reasons"][0]["text"].as_str().is_some_and(|text| text.contains("P0 critical")));
    // Nor is a run of the future a record.
    for second in [u64::MAX, 1_000_000_000_000_000, 4_000_000_000] {
        let mut base = sandbox.json("out/base.json");
        base["timing"]["started_unix"] = json!(second);
        sandbox.write("out/future.json", base.to_string());
        sandbox.tollgate(&["check", "--base-run", "out/future.json"]).exits(3).says(&["and today is"]);
    }
    // A run that does not say when it was made proves nothing.
    sandbox.write("out/audit.sarif", report(&[("low", "2.0")]));
    sandbox.tollgate(&["check", "--json", "out/base.json"]).exits(0);
    let mut base = sandbox.json("out/base.json");
    base.as_object_mut().expect("an object").remove("timing");
    sandbox.write("out/base.json", base.to_string());
    sandbox.tollgate(&["check", "--base-run", "out/base.json"]).exits(3).says(&["does not say on which day"]);
}

fn days_are_kept_from_run_to_run() {
    let sandbox = sandbox(POLICY, &[("high", "7.5")]);
    sandbox.tollgate(&["check", "--json", "out/base.json"]).exits(0);
    aged(&sandbox, "out/base.json", 30);
    // Every run of the base takes over the days of the one before.
    for _ in 0..2 {
        let run = check(&sandbox, 1);
        assert_eq!(run["reports"][0]["findings"][0]["state"], "unchanged");
        sandbox.write("out/base.json", sandbox.read("out/run.json"));
    }
    // So does a committed one, of whose time only the day is kept.
    sandbox.tollgate(&["check", "--base-run", "out/base.json", "--write-base"]).exits(1);
    let committed = sandbox.json(".tollgate/base.json");
    assert_eq!(committed["timing"]["started_unix"].as_u64().map(|second| second % DAY), Some(0));
    sandbox.commit("base");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.tollgate(&["check"]).exits(1).says(&["23 days overdue"]);
    // A report that says of itself since when is not believed.
    let mut run = sandbox.tollgate(&["check", "--format", "json"]).exits(1).json();
    run["reports"][0]["findings"][0]["first_seen"] = json!("2999-01-01");
    run["reports"][0]["findings"][0]["state"] = json!("new");
    sandbox.write("out/handed/run.json", run.to_string());
    sandbox.tollgate(&["decide", "out/handed/run.json"]).exits(1).says(&["23 days overdue"]);
}

fn a_longer_time_relaxes_the_policy() {
    let sandbox = sandbox(POLICY, &[]);
    sandbox.tollgate(&["check", "--json", "out/base.json"]).exits(0);
    let longer = format!("[incidents]\nhigh = {{ days = 60 }}\n{POLICY}");
    sandbox.write("tollgate.toml", longer);
    let outcome = sandbox.tollgate(&["check", "--base-run", "out/base.json"]).exits(1);
    outcome
        .says(&["This change relaxes the policy", "a high finding would be overdue after 60 days; it is after 7 days"]);
    sandbox.write("tollgate.toml", format!("[incidents]\nhigh = {{ days = 3 }}\n{POLICY}"));
    sandbox.tollgate(&["check", "--base-run", "out/base.json"]).exits(0);
}

fn a_written_condition_on_relaxations_is_about_all() {
    let policy = "[[sources]]\nname = \"audit\"\nfiles = \"out/audit.sarif\"\n\
        [gates.Security]\nconditions = [\"audit.findings == 0\"]\n\
        [gates.Policy]\nconditions = [\"policy.relaxations == 0\"]\n";
    let sandbox = sandbox(policy, &[]);
    sandbox.tollgate(&["check"]).exits(0).says(&["Policy", "pass"]);
    sandbox.write("tollgate.toml", policy.replace("audit.findings == 0", "audit.findings <= 1"));
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(1).json();
    for name in ["Security", "Policy"] {
        assert_eq!(gate(&run, name)["verdict"], "fail", "{name}");
    }
    assert_eq!(gate(&run, "Policy")["reasons"].as_array().map(Vec::len), Some(1), "it is told once");
    sandbox.tollgate(&["explain", "Policy"]).exits(0).says(&["What this change relaxes", "in any gate"]);
}
