//! What checkers are given beside the tree: the day, the base's files; and metrics whose name is not their checker's.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::{Sandbox, Tests, gate};

pub(crate) fn tests() -> Tests {
    vec![
        ("the_day_is_todays", the_day_is_todays),
        ("the_bases_files_can_be_read", the_bases_files_can_be_read),
        ("a_metric_of_another_prefix_belongs_to_its_checker", a_metric_of_another_prefix_belongs_to_its_checker),
        ("a_metric_that_needs_an_option_names_it", a_metric_that_needs_an_option_names_it),
    ]
}

fn policy(section: &str, condition: &str) -> String {
    format!("[scribe]\n{section}\n[gates.G]\nconditions = ['{condition}']\n")
}

/// Days since 1970-01-01 UTC, by the clock.
fn days() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs() / 86_400
}

fn the_day_is_todays() {
    let sandbox = Sandbox::new();
    sandbox.write("tollgate.toml", policy("", "scribe.day >= 1"));
    let before = days();
    let run = sandbox.faulty(&["check", "--format", "json"]).exits(0).json();
    let day = run["reports"][0]["metrics"][0]["value"].as_f64().expect("a day") as u64;
    assert!((before..=days()).contains(&day), "{day}");
}

fn the_bases_files_can_be_read() {
    let sandbox = Sandbox::repository(&[
        ("tollgate.toml", &policy("", "scribe.kept == 5 B")),
        ("kept.txt", "12345"),
        ("app/tollgate.toml", &policy("", "scribe.kept == 2 B")),
        ("app/kept.txt", "ab"),
    ]);
    // What the change says now is not what the base said.
    sandbox.write("kept.txt", "1");
    sandbox.write("app/kept.txt", "abc");
    sandbox.faulty(&["check"]).exits(0).says(&["pass"]);
    sandbox.faulty(&["scribe"]).exits(0);
    sandbox.faulty(&["check", "--root", "app"]).exits(0);
    sandbox.remove("kept.txt");
    sandbox.commit("gone from now on");
    sandbox.faulty(&["check"]).exits(0).says(&["pass"]);
    sandbox.faulty(&["check", "--base", "HEAD"]).exits(3).says(&["scribe.kept reported no such number"]);
    // Too large to be read is a problem, not an absence.
    let large =
        Sandbox::repository(&[("tollgate.toml", &policy("", "scribe.day >= 1")), ("kept.txt", &"x".repeat(101))]);
    large.faulty(&["check"]).exits(3).says(&["kept.txt"]);
}

fn a_metric_of_another_prefix_belongs_to_its_checker() {
    let sandbox = Sandbox::new();
    let gates =
        "[gates.Pages]\nconditions = [\"pages.written >= 3\"]\n[gates.Steady]\nconditions = [\"steady.n == 1\"]\n";
    sandbox.write("tollgate.toml", format!("[scribe]\npages = 3\n{gates}"));
    let run = sandbox.faulty(&["check", "--format", "json"]).exits(0).json();
    let reason = &gate(&run, "Pages")["reasons"][0];
    assert_eq!((&reason["verdict"], &reason["checker"]), (&"pass".into(), &"scribe".into()));
    let notes = &run["reports"][0]["notes"];
    assert_eq!(notes, &serde_json::json!(["asked: pages.written"]), "the checker has its target");
    assert_eq!(run["decision"]["warnings"], serde_json::json!([]), "scribe is named by a gate");
    sandbox.faulty(&["check", "--only", "steady"]).exits(0).says(&["not judged Pages"]);
    sandbox.faulty(&["check", "--only", "scribe"]).exits(0).says(&["not judged Steady"]);
    sandbox.faulty(&["check", "--only", "steady", "--plan"]).exits(0).says(&["gate Pages (not judged)"]);
    let chosen = sandbox.faulty(&["check", "Pages", "--plan"]).exits(0).says(&["runs: scribe", "asked: pages.written"]);
    assert!(!chosen.stdout.contains("steady"), "{}", chosen.stdout);
    // Without a section the condition alone makes its checker run.
    sandbox.write("tollgate.toml", gates);
    sandbox.faulty(&["check", "--plan"]).exits(0).says(&["runs: scribe", "runs: steady"]);
    // Alone, the checker is judged by the conditions on its metrics.
    sandbox.write("tollgate.toml", format!("[scribe]\npages = 2\n{gates}"));
    sandbox.faulty(&["scribe"]).exits(1).says(&["pages.written is 2: 1 short of 3"]);
    sandbox.faulty(&["steady"]).exits(0);
    sandbox.write("tollgate.toml", gates.replace("pages.written", "page.written"));
    sandbox.faulty(&["check"]).exits(2).complains(&["tollgate.toml:2:16", "did you mean `pages`"]);
}

fn a_metric_that_needs_an_option_names_it() {
    let sandbox = Sandbox::new();
    sandbox.write("tollgate.toml", policy("", "pages.written >= 1"));
    let unset = sandbox.faulty(&["check"]).exits(3);
    unset.says(&[
        "pages.written is not known: scribe reports it only where scribe.pages is set",
        "set `pages` in [scribe]",
    ]);
    sandbox.faulty(&["scribe"]).exits(3).says(&["set `pages` in [scribe]"]);
    sandbox.faulty(&["scribe", "--pages", "1"]).exits(0);
    sandbox.write("tollgate.toml", policy("pages = 0", "pages.written >= 1"));
    sandbox.faulty(&["check"]).exits(1);
}
