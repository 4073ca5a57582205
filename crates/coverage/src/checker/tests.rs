//! What must hold of the whole checker, whatever reports say.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_check::fixture::FolderTree;
use tollgate_check::{Facts, Tool};
use tollgate_input::Root;

use super::*;

/// The report on a folder that holds these files.
fn check(files: &[(&str, &str)], options: Value) -> Report {
    let dir = tempfile::tempdir().unwrap();
    check_in(dir.path(), files, options)
}

fn check_in(folder: &Path, files: &[(&str, &str)], options: Value) -> Report {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let root = Root::new(folder).unwrap();
    let tree = FolderTree::new(root.clone());
    let facts = Facts::plain();
    Tool::run(&Coverage, &Context::new(&root, &tree, facts), options).unwrap()
}

const SOURCES: [&str; 3] = ["src/a.ts", "src/b/c.ts", "d.ts"];

/// Records about the sources, each a whole one.
fn records() -> impl Strategy<Value = Vec<String>> {
    let line = (1_u32..150, 0_u32..2).prop_map(|(line, count)| format!("DA:{line},{count}\n"));
    let branch = (1_u32..9, 0_u32..2, 0_u32..2).prop_map(|(l, b, count)| format!("BRDA:{l},0,{b},{count}\n"));
    let function = (0_u32..4, 0_u32..2).prop_map(|(name, count)| format!("FN:1,f{name}\nFNDA:{count},f{name}\n"));
    let entries = prop::collection::vec(prop_oneof![4 => line, 1 => branch, 1 => function], 1..40);
    let record = (prop::sample::select(SOURCES.to_vec()), entries)
        .prop_map(|(path, entries)| format!("TN:\nSF:{path}\n{}end_of_record\n", entries.concat()));
    prop::collection::vec(record, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn splitting_or_repeating_reports_changes_no_figure(records in records(), at in 0_usize..8) {
        let (whole, at) = (records.concat(), at.min(records.len()));
        let (left, right) = (records[..at].concat(), records[at..].concat());
        let expected = figures(&[&whole]);
        prop_assert_eq!(figures(&[&left, &right]), expected.clone());
        prop_assert_eq!(figures(&[&right, &whole, &left]), expected);
    }
}

/// The numbers that these reports give together; empty ones are left out.
fn figures(reports: &[&str]) -> Value {
    let names = ["1.info", "2.info", "3.info"];
    let mut files: Vec<(&str, &str)> = SOURCES.map(|path| (path, "x\n")).to_vec();
    files.extend(names.into_iter().zip(reports.iter().copied()).filter(|(_, text)| !text.is_empty()));
    serde_json::to_value(check(&files, json!({ "reports": ["*.info"] })).metrics).unwrap()
}

#[test]
fn floors_without_a_report_give_no_figure() {
    let floors = (".tollgate/ratchet.toml", "[coverage]\n\"src/a.ts\" = \"1/1\"\n");
    let report = "SF:src/a.ts\nDA:1,0\nend_of_record\n";
    let below = |files: &[(&str, &str)]| {
        let metrics = check(files, json!({})).metrics;
        metrics.into_iter().find(|metric| metric.name == "coverage.below_floor").map(|metric| metric.value)
    };
    assert_eq!(below(&[("src/a.ts", "x\n"), floors]), None);
    assert_eq!(below(&[("src/a.ts", "x\n"), floors, ("lcov.info", report)]), Some(1.0));
}

#[test]
fn absolute_paths_inside_the_root_are_its_files() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::new(dir.path()).unwrap();
    let absolute = root.path().join("src/a.ts");
    let text = format!("SF:{}\nDA:1,1\nend_of_record\n", absolute.display());
    let report = check_in(dir.path(), &[("src/a.ts", "x\n"), ("lcov.info", &text)], json!({}));
    assert_eq!(report.status, Status::Complete, "{:?}", report.problems);
    assert_eq!(report.metrics[0].denominator, Some(1));
}

#[test]
fn a_line_of_ten_megabytes_spoils_one_report_only() {
    let long = format!("SF:src/a.ts\nDA:1,1\nFN:1,{}\nend_of_record\n", "x".repeat(10_000_000));
    let good = "SF:src/a.ts\nDA:1,1\nDA:2,0\nend_of_record\n";
    let files = [("src/a.ts", "x\ny\n"), ("1.info", &long), ("2.info", good)];
    let report = check(&files, json!({ "reports": ["*.info"] }));
    assert_eq!(report.status, Status::Incomplete);
    assert!(
        report.problems[0].message.starts_with("1.info:3: a line or value here is longer than"),
        "{:?}",
        report.problems
    );
    assert_eq!(report.metrics[0].denominator, Some(2));
}

#[cfg(unix)]
#[test]
fn a_report_behind_a_link_to_the_outside_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("lcov.info"), "SF:a.ts\nDA:1,1\nend_of_record\n").unwrap();
    std::os::unix::fs::symlink(outside.path().join("lcov.info"), dir.path().join("lcov.info")).unwrap();
    let report = check_in(dir.path(), &[("a.ts", "x\n")], json!({ "reports": ["lcov.info"] }));
    assert!(report.problems[0].message.contains("outside the checked folder"), "{:?}", report.problems);
    assert!(report.metrics.is_empty() && report.evidence.is_empty());
}

#[test]
fn what_tells_may_stand_far_from_the_beginning() {
    let far = [
        ("1.info", format!("{}SF:a.js\nDA:1,1\nend_of_record\n", "# made by us\n".repeat(20_000))),
        (
            "2.json",
            format!(r#"{{"git": "{}", "source_files": [{{"name": "a.js", "coverage": [1]}}]}}"#, "x".repeat(300_000)),
        ),
    ];
    for (name, text) in &far {
        let report = check(&[("a.js", "x\n"), (name, text)], json!({ "reports": [name] }));
        assert_eq!((&report.problems, report.metrics.is_empty()), (&vec![], false), "{name}");
    }
    let broken = [
        (
            "1.xml",
            "<coverage\nline-rate=1><packages/></coverage>",
            "1.xml: looks like broken XML (line 2: expected the value",
        ),
        ("2.json", "{\"a.js\": {\"path\": ", "2.json: is JSON of no known kind (line 1: the file is cut short"),
    ];
    for (name, text, words) in broken {
        let report = check(&[("a.js", "x\n"), (name, text)], json!({ "reports": [name] }));
        assert!(report.problems[0].message.starts_with(words), "{}", report.problems[0].message);
    }
}

#[test]
fn lines_of_files_that_are_not_here_weigh_more_than_their_number() {
    let gone = |lines: usize| {
        format!(
            "SF:a.js\nDA:1,1\nDA:2,1\nend_of_record\nSF:gone.js\n{}end_of_record\n",
            (1..=lines).map(|n| format!("DA:{n},0\n")).collect::<String>()
        )
    };
    for (lines, doubt) in [(2, false), (3, true)] {
        let report = check(&[("a.js", "x\n"), ("lcov.info", &gone(lines))], json!({}));
        assert_eq!(
            report.problems.iter().any(|p| p.message.contains("3 of its 5 lines match no file here: gone.js")),
            doubt
        );
        assert_eq!(report.problems.len(), usize::from(doubt), "{:?}", report.problems);
    }
}

#[test]
fn a_path_that_several_packages_have_is_none_of_their_files() {
    let report = ("reports/lcov.info", "SF:src/index.ts\nDA:1,1\nend_of_record\n");
    let files = [("packages/a/src/index.ts", "x\n"), ("packages/b/src/index.ts", "x\n"), report];
    let report = check(&files, json!({ "reports": ["reports/lcov.info"] }));
    assert!(report.metrics.is_empty());
    let message = &report.problems[0].message;
    assert!(message.contains("1 path may be any of several files") && message.contains("coverage.map"), "{message}");
}
