use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::formats::testing::{self, counts};

fn read(text: impl AsRef<[u8]>) -> Result<Reading, String> {
    testing::read("coverage.json", FORMAT.name, text.as_ref())
}

/// A report with one file.
fn report(file: Value) -> String {
    json!({"meta": {"format": 3, "version": "7", "branch_coverage": true, "show_contexts": false}, "files": {"a.py": file}})
        .to_string()
}

/// Lines, branches, functions and statements of the only file.
fn only(text: &str) -> [Counts; 4] {
    let mut reading = read(text).unwrap();
    assert_eq!(reading.malformed.first, None, "{text}");
    let files = counts(&mut reading);
    assert_eq!(files.len(), 1);
    files[0].1
}

#[test]
fn a_file_with_branches_functions_and_contexts() {
    let text = report(json!({
        "executed_lines": [2, 5, 6, 7, 13], "missing_lines": [8, 9], "excluded_lines": [30],
        "executed_branches": [[6, 7], [22, 26]], "missing_branches": [[6, 8], [43, -1], [43, -40]],
        "contexts": {"2": ["one", ""], "5": ["two|run"]},
        "summary": {"covered_lines": 5, "num_statements": 7, "missing_lines": 2, "percent_covered": 63.1, "num_branches": 5,
            "covered_branches": 2, "missing_branches": 3},
        "functions": {
            "sign": {"executed_lines": [6], "missing_lines": [8], "start_line": 5, "executed_branches": [[6, 7]]},
            "Box.never": {"executed_lines": [], "missing_lines": [9], "summary": {"covered_lines": 0}},
            "Box.excluded": {"executed_lines": [], "missing_lines": [], "excluded_lines": [30]},
            "": {"executed_lines": [2, 5], "missing_lines": []},
        },
        "classes": {"Box": {"executed_lines": [77], "missing_lines": [78]}},
    }));
    for text in [text.clone(), format!("\u{feff}{}", text.replace(',', ",\r\n"))] {
        assert_eq!(only(&text), [(5, 7), (2, 5), (1, 2), (5, 7)]);
        let mut reading = read(text).unwrap();
        assert_eq!((reading.disagreements.count, reading.notes.len()), (0, 0));
        let branches: Vec<_> = reading.take_files()[0].1.branches.lines().collect();
        assert_eq!(branches, [(6, 1, 2), (22, 1, 1), (43, 0, 2)]);
    }
}

#[test]
fn old_versions_are_explained() {
    // No format, docstrings and excluded lines among what was executed, and branches that are only counted.
    let text = json!({"meta": {"version": "5.5", "show_contexts": true}, "files": {"a.py": {
        "executed_lines": [1, 2, 3, 4], "missing_lines": [9], "excluded_lines": [4],
        "summary": {"covered_lines": 2, "missing_lines": 1, "covered_branches": 1, "missing_branches": 3},
    }}, "totals": {"covered_lines": 2, "missing_lines": 1, "covered_branches": 1, "missing_branches": 3}});
    let mut reading = read(text.to_string()).unwrap();
    assert_eq!(reading.disagreements.count, 0);
    let [docstrings, branches] = &reading.notes[..] else { panic!("{:?}", reading.notes) };
    assert!(docstrings.starts_with("lists 1 line as executed that coverage.py does not count itself"), "{docstrings}");
    assert!(branches.starts_with("declares 4 branches without listing them"), "{branches}");
    assert_eq!(counts(&mut reading)[0].1, [(3, 4), (0, 0), (0, 0), (3, 4)]);
}

#[test]
fn declared_totals_are_compared() {
    for (summary, worst) in [
        (json!({"covered_lines": 9, "missing_lines": 1}), Some(("covered_lines", 9, 2))),
        (json!({"covered_lines": 2, "missing_lines": 0}), Some(("missing_lines", 0, 1))),
        (json!({"covered_branches": 3, "missing_branches": 1}), Some(("covered_branches", 3, 1))),
        (json!({"covered_branches": 1, "missing_branches": 5}), Some(("missing_branches", 5, 1))),
        (json!({"covered_branches": 0, "missing_branches": 1, "covered_lines": 2}), None),
        (json!({"covered_lines": "x", "missing_lines": -4}), None),
        (json!(7), None),
    ] {
        let file = json!({"executed_lines": [1, 2], "missing_lines": [3], "executed_branches": [[1, 2]],
            "missing_branches": [[1, -1]], "summary": summary});
        let reading = read(report(file)).unwrap();
        let found = reading.disagreements.worst.first().map(|d| (d.total, d.declared, d.counted));
        assert_eq!(found, worst, "{summary}");
    }
    let whole = json!({"totals": {"covered_lines": 1, "missing_lines": 8}, "files": {"a.py": {"executed_lines": [1], "missing_lines": [2]}}});
    let reading = read(whole.to_string()).unwrap();
    assert_eq!(reading.disagreements.worst[0].path, "the whole report");
}

#[test]
fn odd_records() {
    for (file, [negative, undefined, line_zero], malformed, lines) in [
        (json!({"executed_lines": [0, 1], "missing_lines": [-3]}), [0, 0, 2], None, (1, 1)),
        (json!({"executed_lines": [null, 1, "2"], "missing_lines": []}), [0, 1, 0], None, (2, 2)),
        (
            json!({"executed_lines": [1, 2_147_483_648_u64]}),
            [0; 3],
            Some("a line number is no number, or too high"),
            (1, 1),
        ),
        (json!({"executed_lines": [1, 2.5, [3]]}), [0; 3], Some("a line number is no number, or too high"), (1, 1)),
        (json!({"missing_lines": [1], "missing_branches": [[0, 1], [-4, 5]]}), [0, 0, 2], None, (0, 1)),
        (
            json!({"missing_lines": [1], "missing_branches": [[1, 2, 3]]}),
            [0; 3],
            Some("a branch needs two line numbers"),
            (0, 1),
        ),
        (
            json!({"missing_lines": [1], "missing_branches": [7]}),
            [0; 3],
            Some("a branch needs two line numbers"),
            (0, 1),
        ),
        (
            json!({"missing_lines": [1], "missing_branches": [[9_999_999_999_u64, 2]]}),
            [0; 3],
            Some("a branch needs"),
            (0, 1),
        ),
        (json!({"missing_lines": [5, 5], "executed_lines": [5]}), [0; 3], None, (1, 1)),
    ] {
        let mut reading = read(report(file.clone())).unwrap();
        let oddities = reading.oddities;
        assert_eq!(
            [oddities.negative, oddities.undefined, oddities.line_zero],
            [negative, undefined, line_zero],
            "{file}"
        );
        let found = reading.malformed.first.as_ref().map(|(_, message)| message.clone()).unwrap_or_default();
        assert!(
            found.is_empty() == malformed.is_none() && found.starts_with(malformed.unwrap_or("")),
            "{file}: {found}"
        );
        let [counted, _, _, statements] = counts(&mut reading)[0].1;
        assert_eq!((counted, statements), (lines, lines), "{file}");
    }
    for (first, message) in [
        ("\"a\\u001b.py\": {\"executed_lines\": []}", "the path of a file has control characters"),
        ("\"a.py\": [1]", "what is said of a file is no object"),
        ("\"a.py\": {\"summary\": {\"covered_lines\": 7}}", "what is said of a file has no executed_lines"),
    ] {
        let text = format!(
            "{{\"meta\": {{\"show_contexts\": false}}, \"files\": {{{first}, \"b.py\": {{\"missing_lines\": [1]}}}}}}"
        );
        let mut reading = read(text).unwrap();
        assert!(reading.malformed.first.as_ref().unwrap().1.starts_with(message), "{first}");
        assert_eq!(counts(&mut reading), [("b.py".to_owned(), [(0, 1), (0, 0), (0, 0), (0, 1)])]);
    }
}

#[test]
fn other_formats_are_not_claimed() {
    for other in [
        json!({"meta": {"simplecov_version": "1", "branch_coverage": true}, "coverage": {"a.rb": {"lines": [1]}}}),
        json!({"meta": {"show_context": true}, "files": {"a.py": {"lines": [1]}}}),
        json!({"executed_lines": [1], "missing_lines": []}),
    ] {
        assert!(!detect(&Sniff::new(other.to_string().as_bytes())), "{other}");
    }
    let bare = json!({"files": {"a.py": {"missing_lines": [1]}}});
    assert_eq!(only(&bare.to_string())[0], (0, 1));
}

#[test]
fn damage_is_an_error() {
    let text = report(json!({"executed_lines": [1], "missing_lines": [2], "missing_branches": [[1, -1]]}));
    for end in text.find("show_contexts").unwrap() + 20..text.len() {
        assert!(read(&text[..end]).is_err(), "{end}");
    }
    let long = "x".repeat(10 << 20);
    for (text, message) in [
        (format!("{text},"), "expected the end of the file"),
        (r#"{"meta": {"show_contexts": false}}"#.to_owned(), "has no files"),
        (r#"{"meta": {"show_contexts": false}, "files": []}"#.to_owned(), "expected an object"),
        (report(json!({"executed_lines": {}})), "expected an array"),
        (format!("{{\"meta\": {{\"show_contexts\": false}}, \"files\": {{\"{long}\": {{}}}}}}"), "longer than"),
    ] {
        let error = read(&text).map(|_| ()).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
    assert_eq!(only(&report(json!({"executed_lines": [1], "contexts": {"1": [long]}})))[0], (1, 1));
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        lines in prop::collection::btree_map(1_u32..200, any::<bool>(), 0..80),
        branches in prop::collection::btree_map((1_u32..50, -20_i32..50), any::<bool>(), 0..40),
        functions in prop::collection::btree_map("[a-z]{1,3}", (0_u32..3, 0_u32..3), 0..8),
        excluded in prop::collection::btree_set(300_u32..320, 0..5),
    ) {
        let of = |wanted: bool| lines.iter().filter(|(_, hit)| **hit == wanted).map(|(line, _)| *line).collect::<Vec<_>>();
        let arcs = |wanted: bool| branches.iter().filter(|(_, hit)| **hit == wanted).map(|(arc, _)| *arc).collect::<Vec<_>>();
        let listed = |count: u32| (1..=count).collect::<Vec<_>>();
        let regions: Map<_, _> = functions.iter().map(|(name, (hit, missed))| {
            (name.clone(), json!({"missing_lines": listed(*missed), "executed_lines": listed(*hit)}))
        }).collect();
        let both: BTreeSet<u32> = excluded.iter().copied().chain(of(true)).collect();
        let text = report(json!({
            "functions": regions, "missing_branches": arcs(false), "executed_branches": arcs(true),
            "excluded_lines": excluded, "missing_lines": of(false), "executed_lines": both,
        }));
        let known: BTreeMap<_, _> = functions.into_iter().filter(|(_, (hit, missed))| hit + missed > 0).collect();
        let counted = |hit: usize, all: usize| (hit as u64, all as u64);
        let expected_lines = counted(of(true).len(), lines.len());
        prop_assert_eq!(only(&text), [
            expected_lines,
            counted(arcs(true).len(), branches.len()),
            counted(known.values().filter(|(hit, _)| *hit > 0).count(), known.len()),
            expected_lines,
        ]);
    }

    #[test]
    fn any_bytes_come_back(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = report(json!({"executed_lines": [1, 2], "missing_branches": [[1, -1]], "functions": {"f": {"missing_lines": [1]}}})).into_bytes();
        edits.iter().for_each(|(at, byte)| { let at = at.index(bytes.len()); bytes[at] = *byte; });
        crate::fuzz(FORMAT.name, &bytes);
    }
}
