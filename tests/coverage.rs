//! Coverage of a working copy as time goes by, and of several applications in one repository.

use std::fs::File;
use std::time::{Duration, SystemTime};

use crate::support::{Sandbox, Tests, gate, lcov};

pub(crate) fn tests() -> Tests {
    vec![
        ("a_report_of_before_the_edit_is_told", a_report_of_before_the_edit_is_told),
        ("results_of_before_the_edit_are_told", results_of_before_the_edit_are_told),
        ("instances_are_about_files_of_their_own", instances_are_about_files_of_their_own),
        ("an_instance_cannot_be_narrowed_by_the_change", an_instance_cannot_be_narrowed_by_the_change),
        ("a_report_of_another_tool_in_the_same_folder_is_read", a_report_of_another_tool_is_read),
        ("a_renamed_file_keeps_its_floor", a_renamed_file_keeps_its_floor),
        ("a_floor_that_the_change_lowers_is_told", a_floor_that_the_change_lowers_is_told),
        ("floors_of_other_instances_stay", floors_of_other_instances_stay),
        ("a_report_of_before_a_rename_is_unknown", a_report_of_before_a_rename_is_unknown),
        ("files_beside_the_checked_folder_do_not_count", files_beside_the_checked_folder_do_not_count),
        ("a_folder_of_its_own_figure_is_judged_by_the_policy", a_folder_of_its_own_figure_is_judged),
        ("a_lost_report_is_missed_where_no_condition_names_the_base", a_lost_report_is_missed),
        ("what_no_report_tells_is_said", what_no_report_tells_is_said),
        ("a_script_without_extension_is_source", a_script_without_extension_is_source),
    ]
}

/// Sets when `path` was last written, in seconds after the report.
fn written(sandbox: &Sandbox, path: &str, seconds: i64) {
    let now = SystemTime::now() - Duration::from_secs(1_000_000);
    let later = now + Duration::from_secs(seconds.unsigned_abs());
    let at = if seconds < 0 { now - Duration::from_secs(seconds.unsigned_abs()) } else { later };
    let file = File::options().append(true).open(sandbox.join(path));
    file.and_then(|file| file.set_modified(at)).expect("a time");
}

/// The tests ran, then a function was appended: the report knows none of its lines, so that all new lines it knows are hit.
fn a_report_of_before_the_edit_is_told() {
    const POLICY: &str =
        "[coverage]\nreports = [\"out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.patch >= 80%\"]\n";
    const STRICT: &str = "[gates.Fresh]\nconditions = ['coverage.findings{rule=\"coverage/stale-report\"} == 0']\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", &format!("{POLICY}{STRICT}")), ("src/a.ts", "one();\n")]);
    sandbox.write("src/a.ts", "one();\ntwo();\nthree();\n");
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1]));
    for (path, seconds) in [("tollgate.toml", -500), ("out/lcov.info", 0), ("src/a.ts", -60)] {
        written(&sandbox, path, seconds);
    }
    sandbox.tollgate(&["check"]).exits(0);
    written(&sandbox, "src/a.ts", 300);
    for committed in [false, true] {
        if committed {
            sandbox.commit("edit");
        }
        let outcome = sandbox.tollgate(&["check"]).exits(1);
        let message =
            "src/a.ts was changed 5 min after out/lcov.info was written, which measures it: lines may be others";
        outcome.says(&["pass Tests", "fail Fresh", &format!("note: {message}")]);
    }
    // A checkout that came after the report wrote every file anew.
    written(&sandbox, "tollgate.toml", 300);
    written(&sandbox, ".gitignore", 300);
    sandbox.tollgate(&["check"]).exits(0);
    // The tests ran again.
    written(&sandbox, "out/lcov.info", 301);
    written(&sandbox, "tollgate.toml", -500);
    sandbox.tollgate(&["check"]).exits(0);
}

fn results_of_before_the_edit_are_told() {
    let policy = "[coverage]\ntests = [\"out/junit.xml\"]\n[gates.Tests]\nconditions = [\"tests.failed == 0\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("src/a.ts", "one();\n")]);
    sandbox.write("src/a.ts", "one();\ntwo();\n");
    sandbox.write("out/junit.xml", "<testsuite><testcase classname='a' name='b'/></testsuite>");
    for (path, seconds) in [("tollgate.toml", -500), ("out/junit.xml", 0), ("src/a.ts", 7200)] {
        written(&sandbox, path, seconds);
    }
    let note = "note: src/a.ts was changed 2 h after out/junit.xml was written, which may test it: tests may end otherwise now";
    sandbox.tollgate(&["check"]).exits(0).says(&["pass", note]);
    sandbox.tollgate(&["check", "--format", "markdown"]).exits(0).says(&["src/a.ts was changed 2 h after"]);
    written(&sandbox, "src/a.ts", -60);
    let quiet = sandbox.tollgate(&["check"]).exits(0);
    assert!(!quiet.stdout.contains("note"), "{}", quiet.stdout);
}

/// Two applications with an instance each, whose gate asks for four of five new lines. `more` stands in each section.
fn applications(api: &str, web: &str) -> Sandbox {
    let section = |name: &str, more: &str| {
        format!("[[coverage]]\nname = \"{name}\"\nreports = [\"apps/{name}/coverage/lcov.info\"]\n{more}\n")
    };
    let gates = "[gates.Tests]\nconditions = [\"coverage.patch >= 80%\"]\n";
    let policy = format!("{}{}{gates}", section("api", api), section("web", web));
    let sandbox = Sandbox::repository(&[
        ("tollgate.toml", &policy),
        (".gitignore", "coverage\n"),
        ("apps/api/src/a.ts", "one();\n"),
        ("apps/web/src/b.ts", "one();\n"),
    ]);
    sandbox.write("apps/api/coverage/lcov.info", lcov("apps/api/src/a.ts", &[1]));
    sandbox.write("apps/web/coverage/lcov.info", lcov("apps/web/src/b.ts", &[1, 1, 0]));
    sandbox
}

const API: &str = "include = [\"apps/api\"]";
const WEB: &str = "include = [\"apps/web\"]";

fn instances_are_about_files_of_their_own() {
    let change = |sandbox: &Sandbox| sandbox.write("apps/web/src/b.ts", "one();\ntwo();\nthree();\n");
    // Nobody said that b.ts is none of api's business.
    let sandbox = applications("", "");
    change(&sandbox);
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(3).json();
    let notes = run["reports"][0]["notes"].to_string();
    assert!(
        notes.contains("say with coverage.include or coverage.exclude which files the reports are about"),
        "{notes}"
    );
    let sandbox = applications(API, WEB);
    change(&sandbox);
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(1).json();
    assert_eq!(gate(&run, "Tests")["verdict"], "fail");
    let told: Vec<String> =
        run["reports"].as_array().expect("reports").iter().map(|r| r["metrics"].to_string()).collect();
    assert!(!told[0].contains("coverage.patch") && told[1].contains("\"coverage.patch\""), "{told:?}");
    let untouched = run["reports"][0]["not_applicable"].to_string();
    assert!(untouched.contains("no coverable line in coverage.include among 1 changed file"), "{untouched}");
    sandbox.tollgate(&["check"]).says(&["coverage.patch{target=\"web\"} is 50 % (1 of 2)"]);
    sandbox.write("apps/web/coverage/lcov.info", lcov("apps/web/src/b.ts", &[1, 1, 1]));
    sandbox.tollgate(&["check"]).exits(0);
    // A new file of api that its report does not name is unknown, and web has no part in that.
    sandbox.write("apps/api/src/new.ts", "new();\n");
    sandbox.tollgate(&["check"]).exits(3).says(&["coverage.patch{target=\"api\"}", "apps/api/src/new.ts"]);
}

fn an_instance_cannot_be_narrowed_by_the_change() {
    let sandbox = applications(API, WEB);
    sandbox.write("apps/web/src/b.ts", "one();\ntwo();\nthree();\n");
    let narrower = sandbox.read("tollgate.toml").replace("apps/web\"]", "apps/web/lib\"]");
    sandbox.write("tollgate.toml", narrower);
    sandbox.tollgate(&["check"]).exits(1).says(&["coverage.patch{target=\"web\"} is 50 % (1 of 2)", "include"]);
}

fn floors_of_other_instances_stay() {
    let sandbox = applications(API, WEB);
    sandbox.tollgate(&["coverage", "ratchet", "--target", "api"]).exits(0);
    sandbox.tollgate(&["coverage", "ratchet", "--target", "web"]).exits(0);
    let floors = sandbox.read(".tollgate/ratchet.toml");
    assert!(
        floors.contains("\"apps/api/src/a.ts\" = \"1/1\"") && floors.contains("\"apps/web/src/b.ts\" = \"2/3\""),
        "{floors}"
    );
    sandbox.tollgate(&["check"]).exits(0);
}

fn a_report_of_another_tool_is_read() {
    let sandbox =
        Sandbox::repository(&[(".gitignore", "coverage\n"), ("js/a.ts", "a\nb\n"), ("app/User.php", "c\nd\n")]);
    sandbox.write("coverage/lcov.info", lcov("js/a.ts", &[1, 1]));
    let clover = |path: &str| {
        let lines = "<line num=\"1\" type=\"stmt\" count=\"0\"/><line num=\"2\" type=\"stmt\" count=\"0\"/>";
        format!(
            "<coverage generated=\"1\"><project timestamp=\"1\"><file name=\"{path}\">{lines}</file></project></coverage>"
        )
    };
    sandbox.write("coverage/clover.xml", clover("js/a.ts"));
    sandbox
        .tollgate(&["coverage", "-v"])
        .exits(0)
        .says(&["100 % (2 of 2)", "1 more report of the same files beside those read"]);
    sandbox.write("coverage/clover.xml", clover("/var/www/app/User.php"));
    sandbox.tollgate(&["coverage", "--min-lines", "80"]).exits(1).says(&["50 % (2 of 4)"]);
}

fn a_renamed_file_keeps_its_floor() {
    let text: String = (1..=9).map(|line| format!("line{line}();\n")).collect();
    let floors = "[coverage]\n\"src/i.ts\" = \"1/2\"\n";
    let sandbox = Sandbox::repository(&[("src/i.ts", &text), (".tollgate/ratchet.toml", floors)]);
    sandbox.git(&["mv", "src/i.ts", "src/j.ts"]);
    sandbox.write("out/lcov.info", lcov("src/j.ts", &[0, 0]));
    sandbox.tollgate(&["coverage", "ratchet", "--report", "out/lcov.info"]).exits(0);
    let floors = sandbox.read(".tollgate/ratchet.toml");
    assert!(floors.contains("\"src/j.ts\" = \"1/2\"") && !floors.contains("src/i.ts"), "{floors}");
}

fn a_floor_that_the_change_lowers_is_told() {
    let floors = |a: &str| format!("[coverage]\n{a}\"src/b.ts\" = \"1/2\"\n");
    let policy =
        "[coverage]\nreports = [\"out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.below_floor == 0\"]\n";
    let sandbox = Sandbox::repository(&[
        ("tollgate.toml", policy),
        ("src/a.ts", "a\nb\n"),
        ("src/b.ts", "a\nb\n"),
        (".tollgate/ratchet.toml", &floors("\"src/a.ts\" = \"2/2\"\n")),
    ]);
    let both = |a: u32| lcov("src/a.ts", &[1, a]) + &lcov("src/b.ts", &[1, 1]);
    sandbox.write("out/lcov.info", both(1));
    let quiet = sandbox.tollgate(&["check"]).exits(0);
    assert!(!quiet.stdout.contains("floor of"), "{}", quiet.stdout);
    for (line, words) in [
        ("\"src/a.ts\" = \"1/2\"\n", "note: The change lowers the floor of src/a.ts from 2 of 2 lines to 1 of 2;"),
        ("", "note: The change takes away the floor of src/a.ts, 2 of 2 lines;"),
    ] {
        sandbox.write(".tollgate/ratchet.toml", floors(line));
        sandbox.tollgate(&["check"]).exits(0).says(&["pass", words]);
    }
    sandbox.write("out/lcov.info", both(0));
    sandbox.tollgate(&["check"]).exits(1).says(&["fail", "note: The change takes away"]);
    sandbox.remove("src/a.ts");
    sandbox.write("out/lcov.info", lcov("src/b.ts", &[1, 1]));
    let quiet = sandbox.tollgate(&["check"]).exits(0);
    assert!(!quiet.stdout.contains("floor of"), "{}", quiet.stdout);
}

fn a_report_of_before_a_rename_is_unknown() {
    let policy = "[coverage]\nreports = [\"out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n";
    let files = [("src/a.ts", "a;\nb;\n"), ("src/b.ts", "a;\nb;\n"), ("src/c.ts", "a;\n"), ("tollgate.toml", policy)];
    let sandbox = Sandbox::repository(&files);
    let report = |b: &str| {
        let [a, c] = ["a", "c"].map(|name| b.replace(b.rsplit('/').next().unwrap_or(b), &format!("{name}.ts")));
        [lcov(&a, &[1, 1]), lcov(b, &[0, 0]), lcov(&c, &[1])].concat()
    };
    sandbox.write("out/lcov.info", report("src/b.ts"));
    sandbox.tollgate(&["check"]).exits(1);
    sandbox.git(&["mv", "src/b.ts", "src/bee.ts"]);
    sandbox.tollgate(&["check"]).exits(3).says(&["was written before src/b.ts became src/bee.ts"]);
    // The same from another folder, and in a package of its own.
    sandbox.write("out/lcov.info", report("/app/src/b.ts"));
    sandbox.tollgate(&["check"]).exits(3).says(&["was written before /app/src/b.ts became src/bee.ts"]);
    // The tests ran again, beside a report of before.
    sandbox.write("out/lcov.info", report("src/b.ts") + &report("src/bee.ts"));
    sandbox.tollgate(&["check"]).exits(1).says(&["60 % (3 of 5)"]);
    // Who deletes a file takes its lines away.
    sandbox.write("out/lcov.info", report("src/b.ts"));
    sandbox.git(&["rm", "-qf", "src/bee.ts"]);
    sandbox.tollgate(&["check"]).exits(0);
}

fn files_beside_the_checked_folder_do_not_count() {
    let files = [("apps/api/src/a.ts", "a;\nb;\n"), ("apps/api/src/own.ts", "a;\n"), ("apps/web/src/a.ts", "a;\nb;\n")];
    let sandbox = Sandbox::repository(&files);
    let top = sandbox.path().to_str().expect("UTF-8").to_owned();
    let check = |report: String, code: i32| {
        sandbox.write("apps/api/out/r.info", report);
        sandbox
            .tollgate(&["coverage", "--root", "apps/api", "--report", "out/r.info", "--min-lines", "50", "-v"])
            .exits(code)
    };
    for web in
        [format!("{top}/apps/web/src/a.ts"), "/ci/build/apps/web/src/a.ts".to_owned(), "apps/web/src/a.ts".to_owned()]
    {
        check(lcov(&web, &[1, 1]), 3).says(&["is about files beside the checked folder alone"]);
    }
    for (api, web) in [("/ci/apps/api/src", "/ci/apps/web/src"), ("apps/api/src", "apps/web/src")] {
        let report = [lcov(&format!("{api}/a.ts"), &[1, 0]), lcov(&format!("{web}/a.ts"), &[0, 0])].concat();
        check(report, 0).says(&["50 % (1 of 2)", "1 file of the repository beside the checked folder, not counted"]);
    }
    // However they are written, and with the same name at the top.
    let own = |path: &str| lcov(path, &[1, 0]) + &lcov("apps/api/src/own.ts", &[1]);
    for path in ["./apps/api/src/a.ts", "apps//api/src/a.ts", "apps/web/../api/src/a.ts"] {
        check(own(path), 0).says(&["66.66 % (2 of 3)"]);
    }
    sandbox.write("src/a.ts", "a;\nb;\n");
    for top in ["/app", top.as_str()] {
        let report = lcov(&format!("{top}/apps/api/src/a.ts"), &[1, 0]) + &lcov(&format!("{top}/src/a.ts"), &[0, 0]);
        check(report, 0).says(&["50 % (1 of 2)", "1 file of the repository beside the checked folder, not counted"]);
    }
    check(lcov("src/a.ts", &[1, 0]) + &lcov("../web/src/a.ts", &[0, 0]), 0).says(&["50 % (1 of 2)", "1 file of the"]);
    // An output in the folder is nobody's, and a path that leads out of the repository names nothing in it.
    sandbox.write("apps/api/.gitignore", "/out\n");
    sandbox.write("apps/api/out/gen.ts", "a;\n");
    let report = own("apps/api/src/a.ts") + &lcov("apps/api/out/gen.ts", &[0]) + &lcov("apps/../../x.ts", &[0]);
    check(report, 3).says(&["1 path outside the checked folder", "not counted: apps/api/out/gen.ts"]);
    // From the folder itself, or a container that has it alone, whatever the top has of the same name.
    sandbox.write("src/gen.ts", "a;\n");
    sandbox.write("src/own.ts", "a;\n");
    check(lcov("src/a.ts", &[1, 0]) + &lcov("src/own.ts", &[1]) + &lcov("src/gen.ts", &[0]), 0)
        .says(&["66.66 % (2 of 3)"]);
    for beginning in ["src", "/app/src", "./src"] {
        let report = [lcov(&format!("{beginning}/a.ts"), &[1, 0]), lcov(&format!("{beginning}/own.ts"), &[1])].concat();
        check(report, 0).says(&["66.66 % (2 of 3)"]);
    }
}

fn a_folder_of_its_own_figure_is_judged() {
    let policy =
        "[coverage]\nreports = [\"api/out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("api/src/a.ts", "a;\nb;\n"), ("web/b.ts", "a;\n")]);
    sandbox.write("api/out/lcov.info", lcov("src/a.ts", &[1, 0]));
    sandbox
        .tollgate(&["coverage", "--path", "api", "-v"])
        .exits(1)
        .says(&["Tests", "coverage.lines{path=\"api\"} 50 %"]);
}

fn a_lost_report_is_missed() {
    let policy = "[coverage]\nreports = [\"out/*.info\"]\n[gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("src/a.ts", "a;\n"), ("README.md", "a\n")]);
    for shard in 0..4 {
        sandbox.write(&format!("src/s{shard}.ts"), "a;\n".repeat(50));
        sandbox.write(&format!("out/{shard}.info"), lcov(&format!("src/s{shard}.ts"), &[1; 50]));
    }
    sandbox.commit("shards");
    sandbox
        .tollgate(&["check", "--write-base"])
        .exits(0)
        .complains(&[".tollgate/base.json holds the numbers of this run"]);
    sandbox.commit("base");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.write("README.md", "b\n");
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.remove("out/2.info");
    // Told where nothing rests on it, and held against the gates that do.
    let told = "coverage looked at less: coverage.lines is out of 150, at the base out of 200";
    sandbox.tollgate(&["check"]).exits(0).says(&["note: coverage looked at less", told]);
    let compared = policy.replace("coverage.lines >= 80%", "coverage.lines >= base")
        + "[workflows]\n[gates.Other]\nconditions = [\"workflows.ineffective == 0\"]\n";
    sandbox.write("tollgate.toml", &compared);
    sandbox.write(
        ".github/workflows/a.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: npx tsc --noEmit\n",
    );
    sandbox.commit("policy");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let outcome = sandbox.tollgate(&["check"]).exits(1);
    outcome.says(&["run again what left the missing reports", told, "1 of 2 gates fails (Tests)"]);
}

fn what_no_report_tells_is_said() {
    let policy =
        "[coverage]\nreports = [\"out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.branches >= 80%\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("src/a.ts", "a;\n")]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1]));
    let outcome = sandbox.tollgate(&["check"]).exits(3);
    outcome
        .says(&["out/lcov.info (LCOV) tells nothing of branches", "have branches counted where the report is written"]);
    // Before there is a base, nothing is new.
    let new = policy.replace("coverage.branches >= 80%", "coverage.lines{files='new'} >= 80%");
    let first = Sandbox::new();
    first.git(&["init", "-q", "-b", "main"]);
    first.write(
        "tollgate.toml",
        new.replace("[\"coverage", "['coverage").replace("80%\"]", "80%']").replace("'new'", "\"new\""),
    );
    first.write("src/a.ts", "a;\n");
    first.write("out/lcov.info", lcov("src/a.ts", &[1]));
    first.tollgate(&["check"]).exits(0).says(&["coverage.lines{files=\"new\"} has no base yet"]);
    let text = first.read("tollgate.toml");
    first.write("tollgate.toml", text.replace("\"new\"", "\"changed\""));
    first.tollgate(&["check"]).exits(2).complains(&["files is new or old, not `changed`"]);
}

fn a_script_without_extension_is_source() {
    let sandbox = Sandbox::repository(&[("src/a.py", "a\n"), ("LICENSE", "a\n")]);
    sandbox.write("out/lcov.info", lcov("src/a.py", &[1]));
    let run = || sandbox.tollgate(&["coverage", "--report", "out/lcov.info", "--min-patch", "80", "--base", "HEAD"]);
    sandbox.write("LICENSE", "b\n");
    sandbox.write("bin/deploy", "#!/bin/sh\nls\n");
    run().exits(0);
    sandbox.write("bin/tool", "#!/usr/bin/env python3\nprint(1)\n");
    run().exits(3).says(&["bin/tool: no report lists its lines"]);
}
