//! What is written: equal bytes for equal input, valid where others read it, all or nothing.

use serde_json::Value;

use crate::support::{Sandbox, Tests, copy_shop, lcov};

pub(crate) fn tests() -> Tests {
    vec![
        ("neither_jobs_nor_order_change_a_byte", neither_jobs_nor_order_change_a_byte),
        ("sarif_keeps_its_rules_and_the_hosts_limits", sarif_keeps_its_rules_and_the_hosts_limits),
        ("regions_point_at_the_lines_they_mean", regions_point_at_the_lines_they_mean),
        ("fingerprints_survive_a_shift", fingerprints_survive_a_shift),
        ("what_cannot_be_written_is_said_and_nothing_is_left", what_cannot_be_written_is_said),
        ("text_fits_the_terminal", text_fits_the_terminal),
        ("the_command_to_run_next_asks_the_same", the_command_to_run_next_asks_the_same),
        ("links_and_pipes_are_written_through", links_and_pipes_are_written_through),
        ("results_are_no_part_of_the_change", results_are_no_part_of_the_change),
    ]
}

fn policy(reports: &str, conditions: &str) -> String {
    format!("[coverage]\nreports = [{reports}]\n[bundle]\ndir = \"out/dist\"\n[gates.G]\nconditions = [{conditions}]\n")
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a;\nb;\nc;\n"), ("src/b.ts", "d;\n")]);
    sandbox.write("out/1.info", lcov("src/a.ts", &[1, 0, 0]));
    sandbox.write("out/2.info", lcov("src/b.ts", &[1]) + &lcov("src/a.ts", &[0, 0, 1]));
    for n in 0..20 {
        sandbox.write(&format!("out/dist/{n}.js"), format!("x{n}();\n").repeat(n * 10 + 1));
    }
    sandbox
}

fn neither_jobs_nor_order_change_a_byte() {
    let sandbox = sandbox();
    let conditions = ["\"coverage.lines >= 80%\"", "\"bundle.total <= 1 MB\""];
    let mut seen: Option<Vec<String>> = None;
    for (turned, jobs) in [(false, "1"), (true, "1"), (false, "4"), (true, "4")] {
        let mut order = conditions;
        let mut reports = ["\"out/1.info\"", "\"out/2.info\""];
        if turned {
            order.reverse();
            reports.reverse();
        }
        // The same file name for each order, so that only the order differs.
        sandbox.write("out/policy.toml", policy(&reports.join(","), &order.join(",")));
        let outcome = sandbox.tollgate(&["check", "--config", "out/policy.toml", "--jobs", jobs, "--out", "out/run"]);
        let text = outcome.exits(1).stdout;
        let mut run = sandbox.json("out/run/run.json");
        let timing = run.as_object_mut().and_then(|r| r.remove("timing"));
        assert!(timing.is_some_and(|t| t["elapsed_ms"].is_u64()));
        let files = ["report.sarif", "summary.md"].map(|name| sandbox.read(&format!("out/run/{name}")));
        let now: Vec<String> = files.into_iter().chain([run.to_string(), text]).collect();
        match &seen {
            None => seen = Some(now),
            Some(before) => assert_eq!(*before, now, "turned {turned}, jobs {jobs}"),
        }
    }
}

fn oracle(log: &Value) {
    let complaints = tollgate_sarif::oracle::check(log);
    assert!(complaints.is_empty(), "{complaints:#?}");
}

fn sarif_keeps_its_rules_and_the_hosts_limits() {
    let sandbox = sandbox();
    sandbox.write("tollgate.toml", policy("\"out/1.info\"", "\"coverage.lines >= 1%\""));
    sandbox.tollgate(&["check", "--sarif", "out/a.sarif"]).exits(0);
    let log = sandbox.json("out/a.sarif");
    oracle(&log);
    for run in log["runs"].as_array().expect("runs") {
        assert!(
            run["tool"]["driver"]["rules"].as_array().is_some_and(|rules| rules.len() >= 2),
            "rules on a clean run"
        );
        assert_eq!(run["results"], serde_json::json!([]));
        assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    }
    sandbox.remove("out/1.info");
    sandbox.tollgate(&["check", "--sarif", "out/b.sarif"]).exits(3);
    let log = sandbox.json("out/b.sarif");
    oracle(&log);
    let coverage = &log["runs"][1];
    assert_eq!(coverage["invocations"][0]["executionSuccessful"], false);
}

/// A change whose second and third line are new and not covered.
fn uncovered() -> Sandbox {
    let sandbox = Sandbox::repository(&[
        ("src/é.ts", "a;\nd;\n"),
        ("tollgate.toml", &policy("\"out/1.info\"", "\"coverage.lines >= 1%\"")),
    ]);
    sandbox.write("out/dist/a.js", "x\n");
    sandbox.write("src/é.ts", "a;\nb;\nc;\nd;\n");
    sandbox.write("out/1.info", lcov("src/é.ts", &[1, 0, 0, 1]));
    sandbox
}

fn regions_point_at_the_lines_they_mean() {
    let sandbox = uncovered();
    sandbox.tollgate(&["check", "--sarif", "out/a.sarif"]).exits(0);
    let log = sandbox.json("out/a.sarif");
    oracle(&log);
    let sources = |path: &str| std::fs::read_to_string(sandbox.join(path)).ok();
    assert_eq!(tollgate_sarif::oracle::check_sources(&log, &sources), Vec::<String>::new());
    let location = &log["runs"][1]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "src/%C3%A9.ts");
    assert_eq!((&location["region"]["startLine"], &location["region"]["endLine"]), (&2.into(), &3.into()));
}

fn fingerprints_survive_a_shift() {
    let fingerprint = |sandbox: &Sandbox| {
        sandbox.tollgate(&["check", "--sarif", "out/a.sarif"]);
        let log = sandbox.json("out/a.sarif");
        let result = log["runs"][1]["results"][0].clone();
        (result["partialFingerprints"]["primaryLocationLineHash"].clone(), result["locations"].clone())
    };
    let sandbox = uncovered();
    let (before, place) = fingerprint(&sandbox);
    sandbox.write("src/é.ts", "// first\n\na;\nb;\nc;\nd;\n");
    sandbox.write("out/1.info", "SF:src/é.ts\nDA:3,1\nDA:4,0\nDA:5,0\nDA:6,1\nend_of_record\n");
    let (after, moved) = fingerprint(&sandbox);
    assert_eq!(before, after);
    assert_ne!(place, moved);
    assert!(before.is_string());
}

fn what_cannot_be_written_is_said() {
    let sandbox = sandbox();
    sandbox.write("tollgate.toml", policy("\"out/1.info\"", "\"coverage.lines >= 1%\""));
    let outcome = sandbox.tollgate(&["check", "--sarif", "out/a.sarif", "--json", "no/such/folder/run.json"]).exits(3);
    outcome.complains(&["no/such/folder/run.json"]);
    let left: Vec<_> =
        std::fs::read_dir(sandbox.join("out")).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert!(
        !left.iter().any(|n| n.to_string_lossy().contains("sarif") || n.to_string_lossy().starts_with('.')),
        "{left:?}"
    );
}

fn text_fits_the_terminal() {
    let sandbox = Sandbox::new();
    copy_shop(sandbox.path());
    for arguments in [&["check"][..], &["check", "-v"], &["coverage", "-v"], &["bundle", "-v"], &["check", "--help"]] {
        let text = sandbox.tollgate(arguments).stdout;
        let wide: Vec<_> = text.lines().filter(|line| line.chars().count() > 80 && line.trim().contains(' ')).collect();
        assert!(wide.is_empty(), "{arguments:?}: {wide:#?}");
    }
}

/// Whoever follows it is told the same, and more.
fn the_command_to_run_next_asks_the_same() {
    let sandbox = uncovered();
    let arguments = ["coverage", "--report", "out/*.info", "--exclude", "x y", "--min-lines", "100%"];
    let said = sandbox.tollgate(&arguments).exits(1).flat();
    let next = "next: tollgate coverage --report 'out/*.info' --exclude 'x y' --min-lines 100% -v";
    assert!(said.contains(next), "{said}");
    let again = [&arguments[..], &["-v"]].concat();
    let more = sandbox.tollgate(&again).exits(1).flat();
    assert!(more.contains("coverage.lines is") && !more.contains("next: tollgate coverage"), "{more}");
}

fn links_and_pipes_are_written_through() {
    let sandbox = sandbox();
    sandbox.write("tollgate.toml", policy("\"out/1.info\"", "\"coverage.lines >= 1%\""));
    sandbox.write("out/real.json", "old");
    std::os::unix::fs::symlink("real.json", sandbox.join("out/link.json")).expect("a link");
    sandbox.tollgate(&["check", "--json", "out/link.json"]).exits(0);
    assert!(sandbox.join("out/link.json").is_symlink());
    assert_eq!(sandbox.json("out/real.json")["schema"], "tollgate.run/1");
    let out = sandbox.tollgate(&["check", "-q", "--json", "/dev/stdout"]).exits(0);
    assert!(out.stdout.contains("tollgate.run/1"), "{}", out.stdout);
    sandbox.tollgate(&["check", "--json", "out/x", "--sarif", "out/x"]).exits(2).complains(&["--json and --sarif"]);
}

fn results_are_no_part_of_the_change() {
    let sandbox = sandbox();
    sandbox.write("tollgate.toml", policy("\"out/1.info\"", "\"coverage.lines >= 1%\""));
    sandbox.commit("policy");
    let run =
        |arguments: &[&str]| sandbox.tollgate(&[&["check", "--format", "json"], arguments].concat()).exits(0).json();
    assert_eq!(run(&["--out", "results"])["subject"]["uncommitted"], 0);
    assert_eq!(run(&["--out", "results"])["subject"]["uncommitted"], 0);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    run(&["--write-base"]);
    let status = sandbox.git(&["status", "--porcelain", "--untracked-files=all"]);
    assert_eq!(status, "?? .tollgate/.gitignore\n?? .tollgate/base.json");
}
