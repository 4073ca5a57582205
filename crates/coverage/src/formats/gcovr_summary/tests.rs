//! What gcovr's summaries say: totals, which are taken only file by file.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::file_coverage::Counts;
use crate::formats::testing::{counts, read};
use crate::reading::Reading;

fn file(path: &str, totals: [Counts; 3]) -> Value {
    let [lines, branches, functions] = totals;
    json!({"filename": path, "line_covered": lines.0, "line_total": lines.1, "line_percent": null,
           "branch_covered": branches.0, "branch_total": branches.1, "function_covered": functions.0,
           "function_total": functions.1})
}

fn report(files: &[Value], line_total: u64) -> Reading {
    let text = json!({"root": ".", "gcovr/summary_format_version": "0.6", "files": files, "line_total": line_total});
    read("s.json", "gcovr summary", text.to_string().as_bytes()).unwrap()
}

#[test]
fn totals_of_files_are_told_as_such() {
    let mut reading = report(&[file("a.c", [(1, 2), (0, 0), (1, 1)]), file("b.c", [(0, 3), (1, 4), (0, 1)])], 5);
    assert!(reading.is_totals_only() && reading.notes[0].contains("no changed line can be judged"));
    assert_eq!(reading.disagreements.count, 0);
    let files = counts(&mut reading);
    assert_eq!(files[1], ("b.c".to_owned(), [(0, 3), (1, 4), (0, 1), (0, 0)]));
}

#[test]
fn old_summaries_have_no_functions() {
    let text = br#"{"branch_covered": 1, "branch_total": 2, "files": [{"branch_covered": 1, "branch_total": 2,
        "filename": "a.c", "line_covered": 1, "line_total": 2}], "gcovr/summary_format_version": "0.2"}"#;
    let mut reading = read("s.json", "gcovr summary", text).unwrap();
    assert_eq!(counts(&mut reading)[0].1, [(1, 2), (1, 2), (0, 0), (0, 0)]);
}

#[test]
fn totals_of_the_whole_are_compared() {
    let reading = report(&[file("a.c", [(1, 2), (0, 0), (0, 0)])], 9);
    let worst = &reading.disagreements.worst[0];
    assert_eq!(
        (worst.path.as_str(), worst.total, worst.declared, worst.counted),
        ("the whole report", "line_total", 9, 2)
    );
}

#[test]
fn totals_that_make_no_sense_do_not_count() {
    for (key, value) in [
        ("line_covered", json!(3)),
        ("line_covered", json!(-1)),
        ("line_total", json!(2.5)),
        ("line_total", json!(null)),
        ("line_total", json!(u64::MAX)),
        ("branch_covered", json!(1)),
        ("function_total", json!("x")),
    ] {
        let mut bad = file("a.c", [(1, 2), (0, 0), (0, 0)]);
        bad[key] = value.clone();
        let reading = report(&[bad, file("b.c", [(1, 1), (0, 0), (0, 0)])], 1);
        assert_eq!((reading.len(), reading.malformed.count), (1, 1), "{key} {value}");
    }
    let mut missing = file("a.c", [(1, 2), (0, 0), (0, 0)]);
    missing.as_object_mut().unwrap().remove("line_total");
    assert_eq!(report(&[missing, json!({"line_covered": 1, "line_total": 1})], 0).malformed.count, 2);
}

proptest! {
    #[test]
    fn sums_are_sums(totals in prop::collection::vec(prop::array::uniform3((0_u64..9, 0_u64..9)), 1..20)) {
        let counts = |(hit, missed): (u64, u64)| (hit, hit + missed);
        let files: Vec<_> = totals.iter().enumerate().map(|(i, t)| file(&format!("{i}.c"), t.map(counts))).collect();
        let sum = |kind: usize| totals.iter().map(|t| counts(t[kind])).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        let sums = report(&files, sum(0).1).sums();
        prop_assert_eq!([sums.lines, sums.branches, sums.functions], [sum(0), sum(1), sum(2)]);
    }
}
