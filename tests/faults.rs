//! A checker that goes wrong is incomplete, and the others are judged all the same.

use std::time::{Duration, Instant};

use crate::support::{Sandbox, Tests, gate};

pub(crate) fn tests() -> Tests {
    vec![
        ("each_fault_is_contained", each_fault_is_contained),
        ("a_deadline_ends_the_checker_and_what_it_started", a_deadline_ends_the_checker_and_what_it_started),
        ("a_checker_may_refuse_an_option", a_checker_may_refuse_an_option),
        ("exclusive_checkers_run_last", exclusive_checkers_run_last),
        ("an_interrupt_leaves_nothing_half_written", an_interrupt_leaves_nothing_half_written),
    ]
}

fn sandbox(fault: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let toml = format!(
        "[faulty]\nfault = \"{fault}\"\n\
         [gates.Faulty]\nconditions = [\"faulty.n == 1\"]\n\
         [gates.Steady]\nconditions = [\"steady.n == 1\"]\n"
    );
    sandbox.write("tollgate.toml", toml);
    sandbox
}

fn each_fault_is_contained() {
    for (fault, word) in [
        ("stack", "overflowed its stack"),
        ("abort", "signal 6"),
        ("kill", "signal 9"),
        ("panic", "on purpose"),
        ("nonsense", "could not be read"),
        ("quit", "could not be read"),
        ("no-evidence", "cites nothing that it saw"),
        ("problem", "input.txt: not found; make one"),
    ] {
        let run = sandbox(fault).faulty(&["check", "--format", "json"]).exits(3).json();
        assert_eq!(gate(&run, "Faulty")["verdict"], "unknown", "{fault}");
        assert_eq!(gate(&run, "Steady")["verdict"], "pass", "{fault}");
        let reports = run["reports"].as_array().expect("reports");
        let report = reports.iter().find(|r| r["checker"] == "faulty").expect("a report");
        assert_eq!(report["status"], "incomplete", "{fault}");
        let message = report["problems"][0]["message"].as_str().expect("a message");
        assert!(message.contains(word), "{fault}: {message}");
    }
    sandbox("none").faulty(&["check"]).exits(0);
}

fn a_deadline_ends_the_checker_and_what_it_started() {
    let sandbox = sandbox("hang");
    let started = Instant::now();
    let outcome = sandbox.faulty(&["check", "--deadline", "1 s"]).exits(3);
    outcome.says(&["deadline of 1 s", "pass Steady"]);
    assert!(started.elapsed() < Duration::from_secs(60));
    assert_ended(&sandbox.read("grandchild"));
}

/// Asserts that a process ends soon, if it has not yet.
fn assert_ended(grandchild: &str) {
    assert!(std::path::Path::new("/proc/self/stat").exists(), "this test reads /proc");
    let state = || std::fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_default();
    // Whoever adopts the ended process may take a moment to bury it: until then it is a zombie.
    let gone = || state().is_empty() || state().contains(") Z ");
    let until = Instant::now() + Duration::from_secs(10);
    while !gone() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(gone(), "process {grandchild} still runs: {}", state());
}

fn a_checker_may_refuse_an_option() {
    sandbox("option").faulty(&["check"]).exits(2).complains(&["faulty.fault: makes no sense"]);
}

fn exclusive_checkers_run_last() {
    let sandbox = Sandbox::new();
    sandbox.write("tollgate.toml", "[gates.G]\nconditions = [\"alone.after == 1\", \"busy.n == 1\"]\n");
    sandbox.faulty(&["check", "--jobs", "4"]).exits(0);
}

fn an_interrupt_leaves_nothing_half_written() {
    let sandbox = sandbox("hang");
    sandbox.write("out/run.json", "old");
    let program = std::env::current_exe().expect("this program");
    let mut child = crate::support::scrubbed(std::process::Command::new(program))
        .current_dir(sandbox.path())
        .env(crate::support::FAULTY, "1")
        .args(["check", "--out", "out"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    let until = Instant::now() + Duration::from_secs(20);
    while !sandbox.join("grandchild").exists() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill").success());
    let status = child.wait().expect("an end");
    assert_eq!(status.code(), Some(130));
    let left: Vec<_> =
        std::fs::read_dir(sandbox.join("out")).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["run.json"]);
    assert_eq!(sandbox.read("out/run.json"), "old");
    assert_ended(&sandbox.read("grandchild"));
}
