//! Patch figures that diff-cover 11.0.1 gets wrong, one test each, in the order in which its faults are usually listed.

use serde_json::Value;

use crate::support::{Sandbox, Tests, lcov};

pub(crate) fn tests() -> Tests {
    vec![
        ("no_newline_at_the_end_shifts_nothing", no_newline_at_the_end_shifts_nothing),
        ("a_file_in_clover_is_no_other_of_that_name", a_file_in_clover_is_no_other_of_that_name),
        ("missed_in_one_report_and_absent_from_another_is_missed", missed_and_absent_is_missed),
        ("listed_twice_is_hit_if_either_is", listed_twice_is_hit_if_either_is),
        ("functions_and_branches_make_no_lines", functions_and_branches_make_no_lines),
        ("records_that_are_hard_to_read_are_read", records_that_are_hard_to_read_are_read),
        ("totals_of_gcovrs_jacoco_miss_no_line", totals_of_gcovrs_jacoco_miss_no_line),
        ("what_matches_nothing_does_not_pass", what_matches_nothing_does_not_pass),
        ("shares_are_exact", shares_are_exact),
        ("edits_that_are_not_committed_are_judged_as_such", edits_that_are_not_committed_are_judged_as_such),
    ]
}

/// A repository whose base has `files`, each with lines 1 to 3, and whose change appends lines 4 to 9 to each.
fn changed(files: &[&str]) -> Sandbox {
    let text = |last: u32| (1..=last).map(|line| format!("line{line}();\n")).collect::<String>();
    let base: Vec<(&str, String)> = files.iter().map(|file| (*file, text(3))).collect();
    let base: Vec<(&str, &str)> = base.iter().map(|(file, text)| (*file, text.as_str())).collect();
    let sandbox = Sandbox::repository(&base);
    for file in files {
        sandbox.write(file, text(9));
    }
    sandbox.commit("nine lines");
    sandbox
}

/// The report of the checker on the reports in `out`.
fn report(sandbox: &Sandbox) -> Value {
    sandbox.tollgate(&["coverage", "--report", "out/*", "--format", "json"]).json()
}

/// `coverage.patch`: how many new lines were hit, and how many can be.
fn patch(report: &Value) -> Option<(u64, u64)> {
    let metrics = report["metrics"].as_array().expect("metrics");
    let ours = |m: &&Value| m["name"] == "coverage.patch" && m["labels"].as_object().is_some_and(|l| l.is_empty());
    let metric = metrics.iter().find(ours)?;
    Some((metric["numerator"].as_u64().expect("a ratio"), metric["denominator"].as_u64().expect("a ratio")))
}

/// Lines of the findings on uncovered lines: path, first and last.
fn missed(report: &Value) -> Vec<(String, u64, u64)> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let missed = findings.filter(|f| f["rule"] == "coverage/uncovered-lines").map(|f| {
        let (location, region) = (&f["location"], &f["location"]["region"]);
        let line = |name: &str| region[name].as_u64().unwrap_or_default();
        (location["path"].as_str().unwrap_or_default().to_owned(), line("start_line"), line("end_line"))
    });
    missed.collect()
}

fn no_newline_at_the_end_shifts_nothing() {
    let sandbox = Sandbox::repository(&[("a.c", "one();\ntwo();")]);
    sandbox.write("a.c", "one();\ntwo();\nthree();\nfour();");
    sandbox.commit("still without");
    sandbox.write("out/lcov.info", lcov("a.c", &[1, 1, 0, 1]));
    let report = report(&sandbox);
    // Line 2 differs too: it ends with a line feed now.
    assert_eq!(patch(&report), Some((2, 3)));
    assert_eq!(missed(&report), [("a.c".to_owned(), 3, 3)]);
}

fn a_file_in_clover_is_no_other_of_that_name() {
    let sandbox = changed(&["a.c", "pkg/a.c"]);
    let file = |path: &str, count: u32| {
        let lines: String = (1..=9).map(|n| format!("<line num=\"{n}\" type=\"stmt\" count=\"{count}\"/>")).collect();
        format!("<file name=\"a.c\" path=\"{path}\">{lines}</file>")
    };
    let files = [file("a.c", 1), file("pkg/a.c", 0)].concat();
    let xml = format!("<coverage generated=\"1\"><project timestamp=\"1\">{files}</project></coverage>");
    sandbox.write("out/clover.xml", xml);
    let report = report(&sandbox);
    assert_eq!(patch(&report), Some((6, 12)));
    assert_eq!(missed(&report), [("pkg/a.c".to_owned(), 4, 9)]);
}

fn missed_and_absent_is_missed() {
    let sandbox = changed(&["a.c"]);
    sandbox.write("out/1.info", "SF:a.c\nDA:4,0\nDA:5,1\nend_of_record\n");
    sandbox.write("out/2.info", "SF:a.c\nDA:5,0\nDA:6,1\nend_of_record\n");
    let report = report(&sandbox);
    assert_eq!(patch(&report), Some((2, 3)));
    assert_eq!(missed(&report), [("a.c".to_owned(), 4, 4)]);
}

fn listed_twice_is_hit_if_either_is() {
    let sandbox = changed(&["a.c"]);
    sandbox.write("out/1.info", "SF:a.c\nDA:4,0\nDA:4,3\nDA:5,0\nend_of_record\nSF:a.c\nDA:5,0\nend_of_record\n");
    let line = |number: u32, hits: u32| format!("<line number=\"{number}\" hits=\"{hits}\"/>");
    let lines = [line(6, 0), line(6, 3), line(7, 0)].concat();
    let xml = format!(
        "<coverage><packages><package><classes><class filename=\"a.c\"><lines>{lines}</lines></class></classes></package>\
         </packages></coverage>"
    );
    sandbox.write("out/2.xml", xml);
    let report = report(&sandbox);
    assert_eq!(patch(&report), Some((2, 4)));
    assert_eq!(missed(&report), [("a.c".to_owned(), 5, 5), ("a.c".to_owned(), 7, 7)]);
}

fn functions_and_branches_make_no_lines() {
    let sandbox = changed(&["a.c"]);
    let records = "SF:a.c\nFN:4,main\nFNDA:0,main\nBRDA:5,0,0,0\nBRDA:6,0,0,7\nDA:6,0\nDA:7,2\nend_of_record\n";
    sandbox.write("out/lcov.info", records);
    let report = report(&sandbox);
    assert_eq!(patch(&report), Some((1, 2)));
    assert_eq!(missed(&report), [("a.c".to_owned(), 6, 6)]);
}

fn records_that_are_hard_to_read_are_read() {
    let sandbox = changed(&["a.c"]);
    let records = "# by hand\n\nTN:\nSF:a.c\nFN:4,void f<int, char>(int, char)\nFNDA:1e3,void f<int, char>(int, char)\n\
                   MCDC:4,1,t,1,0,a\nBRDA:4,0,f(a, b) == c,1\nDA:4,1e3\nDA:5,0\nMCF:1\nMCH:1\nend_of_record\n";
    sandbox.write("out/lcov.info", records);
    let report = report(&sandbox);
    assert_eq!(report["status"], "complete", "{report:#}");
    assert_eq!(patch(&report), Some((1, 2)));
}

fn totals_of_gcovrs_jacoco_miss_no_line() {
    let sandbox = changed(&["a.c"]);
    let lines: String = (1..=9).map(|n| format!("<line nr=\"{n}\"/>")).collect();
    let xml = format!(
        "<report name=\"\"><package name=\"\"><sourcefile name=\"a.c\">{lines}<counter type=\"LINE\" missed=\"2\" \
         covered=\"7\"/></sourcefile></package></report>"
    );
    sandbox.write("out/jacoco.xml", xml);
    let report = report(&sandbox);
    let lines = report["metrics"].as_array().expect("metrics").iter().find(|m| m["name"] == "coverage.lines");
    let lines = lines.expect("coverage.lines");
    assert_eq!((&lines["numerator"], &lines["denominator"]), (&7.into(), &9.into()));
    // Of the six new lines nothing is known: any part may be covered.
    assert_eq!((patch(&report), missed(&report).len()), (Some((0, 6)), 0));
    let patch = report["metrics"].as_array().expect("metrics").iter().find(|m| m["name"] == "coverage.patch");
    assert_eq!(patch.expect("coverage.patch")["interval"], serde_json::json!([0.0, 100.0]));
    let judged = sandbox.tollgate(&["coverage", "--report", "out/*", "--min-patch", "50"]).exits(3);
    judged.says(&["a.c"]);
}

fn what_matches_nothing_does_not_pass() {
    let gated = |sandbox: &Sandbox| sandbox.tollgate(&["coverage", "--report", "out/*", "--min-patch", "60"]);
    let missing = [0; 9];
    // A package's own paths, and a container's: matched, so they fail.
    let sandbox = changed(&["apps/api/src/a.ts"]);
    for path in ["src/a.ts", "/app/src/a.ts", "/app/apps/api/src/a.ts"] {
        sandbox.write("out/lcov.info", lcov(path, &missing));
        gated(&sandbox).exits(1).says(&["0 of 6"]);
    }
    // JaCoCo names no source root.
    let sandbox = changed(&["lib/src/main/java/org/x/A.java"]);
    let lines: String = (1..=9).map(|n| format!("<line nr=\"{n}\" mi=\"1\" ci=\"0\" mb=\"0\" cb=\"0\"/>")).collect();
    let file = format!("<sourcefile name=\"A.java\">{lines}</sourcefile>");
    sandbox.write("out/j.xml", format!("<report name=\"x\"><package name=\"org/x\">{file}</package></report>"));
    gated(&sandbox).exits(1).says(&["0 of 6"]);
    // A changed file that no report names, and a report about something else: nobody can tell.
    let sandbox = changed(&["a.ts", "b.ts"]);
    sandbox.write("out/lcov.info", lcov("a.ts", &[1; 9]));
    gated(&sandbox).exits(3).says(&["b.ts"]);
    sandbox.write("out/lcov.info", lcov("elsewhere/z.ts", &[1; 9]));
    gated(&sandbox).exits(3).says(&["elsewhere/z.ts"]);
}

fn shares_are_exact() {
    let sandbox = changed(&["a.c"]);
    sandbox.write("out/lcov.info", lcov("a.c", &[1, 1, 1, 1, 1, 1, 1, 0, 0]));
    let gated = |limit| sandbox.tollgate(&["coverage", "--report", "out/*", "--min-patch", limit]);
    gated("66.6").exits(0);
    gated("66.7").exits(1).says(&["4 of 6"]);
    gated("67").exits(1);
}

fn edits_that_are_not_committed_are_judged_as_such() {
    let sandbox = changed(&["a.c"]);
    sandbox.write("out/lcov.info", lcov("a.c", &[1; 9]));
    assert_eq!(patch(&report(&sandbox)), Some((6, 6)));
    // An edit after the tests ran: the report knows fewer lines than the file now has, and nothing else is said of them.
    sandbox.write("a.c", format!("{}later();\n", sandbox.read("a.c")));
    assert_eq!(patch(&report(&sandbox)), Some((6, 6)));
    // Lines taken away after the tests ran: the report knows lines that are not there.
    sandbox.write("a.c", "line1();\n");
    let report = report(&sandbox);
    assert_eq!((&report["status"], patch(&report)), (&"incomplete".into(), None));
}
