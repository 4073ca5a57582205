//! What gcovr's JSON says, by version and by oddity, and against a second way of counting.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::file_coverage::Counts;
use crate::formats::testing::{counts, read};
use crate::reading::Reading;

fn report(files: Value) -> Reading {
    let text = json!({"gcovr/format_version": "0.15", "files": files}).to_string();
    read("coverage.json", "gcovr JSON", text.as_bytes()).unwrap()
}

/// Lines, branches and functions of the only file, which has these lines and functions.
fn only(lines: Value, functions: Value) -> [Counts; 3] {
    let mut reading = report(json!([{"file": "a.cpp", "lines": lines, "functions": functions}]));
    assert_eq!(reading.malformed.count, 0, "{:?}", reading.malformed);
    let (_, [lines, branches, functions, _]) = counts(&mut reading).remove(0);
    [lines, branches, functions]
}

#[test]
fn old_versions_are_read() {
    // Keys were sorted, so that the version came last; 0.1 wrote it as a number.
    let line = r#"{"branches":[{"count":0,"fallthrough":true,"throw":false},{"count":3,"fallthrough":false,"throw":false}],"count":3,"line_number":4}"#;
    for text in [
        r#"{"files":[{"file":"a.c","lines":[LINE,{"branches":[],"count":0,"gcovr/noncode":true,"line_number":5}]}],"gcovr/format_version":0.1}"#,
        r#"{"files":[{"file":"a.c","lines":[LINE]}],"gcovr/format_version":"0.5"}"#,
        r#"{"files":[{"filename":"a.c","functions":[],"lines":[LINE]}]}"#,
    ] {
        let mut reading = read("c.json", "gcovr JSON", text.replace("LINE", line).as_bytes()).unwrap();
        let (path, [lines, branches, ..]) = counts(&mut reading).remove(0);
        assert_eq!((path.as_str(), lines, branches), ("a.c", (1, 1), (1, 2)));
    }
}

#[test]
fn a_large_report_of_an_old_version_is_told_by_its_functions() {
    let function = r#"{"execution_count":1,"lineno":8,"name":"f"},"#.repeat(5000);
    let text = format!(
        r#"{{"files":[{{"file":"a.c","functions":[{}],"lines":[]}}],"gcovr/format_version":"0.5"}}"#,
        function.trim_end_matches(',')
    );
    assert_eq!(counts(&mut read("c.json", "gcovr JSON", text.as_bytes()).unwrap())[0].1[2], (1, 1));
}

#[test]
fn instances_of_a_template_share_lines_and_have_their_own_branches() {
    let line = |function: &str, count: u32, branches: [u32; 2]| {
        let branch = |at: usize| json!({"branchno": at, "count": branches[at], "source_block_id": 2});
        json!({"line_number": 9, "function_name": function, "count": count, "branches": [branch(0), branch(1)]})
    };
    let lines = json!([line("f<int>", 0, [0, 0]), line("f<double>", 4, [4, 0])]);
    let functions = json!([
        {"demangled_name": "f<int>()", "name": "_Z1fIiEvv", "lineno": 5, "execution_count": 0},
        {"demangled_name": "f<double>()", "name": "_Z1fIdEvv", "lineno": 5, "execution_count": 4},
        {"name": "main", "lineno": 20, "execution_count": 1, "pos": ["20:1", "22:1"]},
    ]);
    assert_eq!(only(lines, functions), [(1, 1), (1, 4), (2, 3)]);
    // The same instance again, as files merged by hand have it.
    assert_eq!(only(json!([line("f", 0, [0, 0]), line("f", 1, [0, 1])]), json!([])), [(1, 1), (1, 2), (0, 0)]);
}

#[test]
fn branches_are_named_by_what_there_is() {
    let line = |branches: Value| json!([{"line_number": 1, "count": 1, "branches": branches}]);
    for (branches, expected) in [
        (json!([{"count": 1}, {"count": 0}]), (1, 2)),
        (json!([{"count": 1, "blockno": 0}, {"count": 0, "blockno": 0}]), (1, 2)),
        (json!([{"count": 1, "branchno": 0}, {"count": 0, "branchno": 0}]), (1, 1)),
        (
            json!([{"count": 1, "source_block_id": 2, "destination_block_id": 3}, {"count": 1, "source_block_id": 2,
            "destination_block_id": 4}, {"count": 0, "source_block_id": 2, "destination_block_id": 3}]),
            (2, 2),
        ),
        (json!([{"count": 1, "gcovr/excluded": true}, {"count": 0}]), (0, 1)),
    ] {
        assert_eq!(only(line(branches.clone()), json!([]))[1], expected, "{branches}");
    }
}

#[test]
fn what_is_excluded_does_not_count() {
    for key in ["gcovr/excluded", "gcovr/noncode"] {
        let lines = json!([
            {"line_number": 1, "count": 1, "branches": [{"count": 1}], key: false},
            {"line_number": 2, "count": 1, "branches": [{"count": 1}], key: true},
        ]);
        let functions = json!([{"name": "f", "execution_count": 1, key: true}, {"name": "g", "execution_count": 0}]);
        let functions = if key == "gcovr/noncode" { json!([]) } else { functions };
        assert_eq!(only(lines, functions.clone())[..2], [(1, 1), (1, 1)]);
        assert_eq!(only(json!([]), functions.clone())[2].1, u64::from(functions != json!([])));
    }
}

#[test]
fn odd_numbers_are_counted_or_skipped_and_told() {
    let lines = json!([
        {"line_number": 0, "count": 1, "branches": []}, {"line_number": -4, "count": 1, "branches": []},
        {"line_number": 1, "count": -1, "branches": [{"count": -2}, {"count": null}]},
        {"line_number": "2", "count": "3", "branches": []}, {"line_number": 3, "count": 1.5, "branches": []},
        {"line_number": 4, "count": 18446744073709551615_u64, "branches": []}, {"line_number": 5, "count": null},
    ]);
    let reading = report(json!([{"file": "a.c", "lines": lines}]));
    let odd = reading.oddities;
    assert_eq!((odd.line_zero, odd.negative, odd.undefined, reading.malformed.count), (2, 2, 2, 0));
    assert_eq!((reading.sums().lines, reading.sums().branches), ((3, 5), (0, 2)));
}

#[test]
fn senseless_records_are_not_counted() {
    for (lines, functions, message) in [
        (json!([{"count": 1}]), json!([]), "a line without a line number"),
        (json!([{"line_number": 1.5, "count": 1}]), json!([]), "a line without a line number"),
        (json!([{"line_number": 4294967296_u64, "count": 1}]), json!([]), "a line without a line number"),
        (json!([{"line_number": 1}]), json!([]), "a line without a count"),
        (json!([{"line_number": 1, "count": {}}]), json!([]), "a line without a count"),
        (json!([{"line_number": 1, "count": 1, "branches": [{"taken": 1}]}]), json!([]), "a branch without a count"),
        (json!([]), json!([{"execution_count": 1}]), "a function without a name"),
        (json!([]), json!([{"name": "f", "execution_count": "x"}]), "a function without an execution count"),
    ] {
        let reading = report(json!([{"file": "a.c", "lines": lines, "functions": functions}]));
        assert_eq!(reading.malformed.first.map(|(_, said)| said).as_deref(), Some(message));
        assert_eq!(reading.malformed.count, 1);
    }
    let reading = report(json!([{"lines": [{"line_number": 1, "count": 1}]}, {"file": "b.c", "lines": []}]));
    assert_eq!(reading.malformed.first.as_ref().unwrap().1, "a file without its path: no `file`");
    assert_eq!(reading.sums().lines, (0, 0));
    let reading = report(json!([{"file": "a.c"}, {"file": "b.c", "lines": []}]));
    assert_eq!(
        (reading.malformed.first.as_ref().unwrap().1.as_str(), reading.len()),
        ("a file without its `lines`", 1)
    );
    let many = vec![json!({"count": 0}); 100_001];
    let reading = report(json!([{"file": "a.c", "lines": [{"line_number": 1, "count": 1, "branches": many}]}]));
    assert_eq!(reading.malformed.first.unwrap().1, "a line of more than 100,000 branches");
}

/// File, line, function, counts of its branches, count, excluded.
type Record = (u8, u32, u8, Vec<u32>, u32, bool);

fn records() -> impl Strategy<Value = Vec<Record>> {
    let branches = prop::collection::vec(0_u32..3, 0..4);
    prop::collection::vec((0_u8..3, 1_u32..30, 0_u8..3, branches, 0_u32..3, prop::bool::weighted(0.1)), 1..60)
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(records in records()) {
        let mut files: BTreeMap<u8, Vec<Value>> = BTreeMap::new();
        let (mut all, mut hit) = (<[BTreeSet<String>; 2]>::default(), <[BTreeSet<String>; 2]>::default());
        for (file, line, function, branches, count, excluded) in &records {
            let written: Vec<_> = branches.iter().enumerate().map(|(i, count)| json!({"branchno": i, "count": count})).collect();
            files.entry(*file).or_default().push(json!({"branches": written, "gcovr/excluded": excluded, "count": count,
                "function_name": function.to_string(), "line_number": line}));
            let entries = branches.iter().enumerate().map(|(i, count)| (1, format!("{file}:{line}:{function}:{i}"), *count));
            for (kind, key, count) in entries.chain([(0, format!("{file}:{line}"), *count)]).filter(|_| !excluded) {
                all[kind].insert(key.clone());
                if count > 0 {
                    hit[kind].insert(key);
                }
            }
        }
        let files: Vec<_> = files.into_iter().map(|(file, lines)| json!({"file": format!("{file}.c"), "lines": lines})).collect();
        let sums = report(json!(files)).sums();
        let count = |kind: usize| (hit[kind].len() as u64, all[kind].len() as u64);
        prop_assert_eq!((sums.lines, sums.branches), (count(0), count(1)));
    }
}
