//! What Coveralls JSON says.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::formats::testing::{counts, lines, read};
use crate::reading::Reading;

fn report(files: Value) -> Reading {
    let text = json!({"service_name": "test", "git": {"head": {"id": "0"}}, "source_files": files}).to_string();
    read("coveralls.json", "Coveralls JSON", text.as_bytes()).unwrap()
}

#[test]
fn items_are_lines_and_fours_are_branches() {
    let branches = json!([2, 0, 0, 1, 2, 0, 1, 0, 3, 1, 0, 0, 2, 0, 1, 5]);
    let mut reading = report(json!([{"coverage": [null, 1, 0, "2", null], "branches": branches, "name": "a.c"}]));
    assert_eq!((reading.sums().branches, reading.malformed.count), ((2, 3), 0));
    assert_eq!(lines(&mut reading, "a.c"), [(2, true), (3, false), (4, true)]);
}

#[test]
fn a_file_listed_twice_is_one() {
    let mut reading = report(json!([
        {"name": "a.c", "coverage": [0, 1, null], "branches": [1, 0, 0, 0]},
        {"name": "b.c", "coverage": null, "branches": null},
        {"name": "a.c", "coverage": [1, 0, 0], "branches": [1, 0, 0, 2]},
    ]));
    let files = counts(&mut reading);
    assert_eq!(files[0].1[..2], [(2, 3), (1, 1)]);
    assert_eq!(files[1].1[..2], [(0, 0), (0, 0)]);
}

#[test]
fn oddities_are_told_and_nonsense_is_malformed() {
    let reading =
        report(json!([{"name": "a.c", "coverage": [-1, 1.5, "undefined", "ignored"], "branches": [0, 0, 0, 1]}]));
    let odd = reading.oddities;
    assert_eq!((odd.negative, odd.undefined, odd.line_zero, reading.malformed.count), (1, 1, 1, 0));
    assert_eq!((reading.sums().lines, reading.sums().branches), ((1, 3), (0, 0)));
    for (file, message) in [
        (json!({"name": "a.c", "coverage": ["x"]}), "the count of a line is no number"),
        (json!({"name": "a.c", "coverage": [[1]]}), "the count of a line is no number"),
        (json!({"name": "a.c", "branches": [1, 0, 0]}), "the last branch is not told by four numbers"),
        (json!({"name": "a.c", "branches": [1, null, 0, 1]}), "a branch is not told by four numbers"),
        (json!({"name": "a.c", "branches": [1.5, 0, 0, 1]}), "the line of a branch is no line number"),
        (json!({"name": "a.c", "branches": [4294967296_u64, 0, 0, 1]}), "the line of a branch is no line number"),
        (json!({"coverage": [1]}), "a file without its path: no `name`"),
        (json!({"name": 7, "coverage": [1]}), "the path of a file is missing or empty"),
    ] {
        let reading = report(json!([file, {"name": "b.c", "coverage": [1]}]));
        assert_eq!((reading.malformed.first.as_ref().unwrap().1.as_str(), reading.malformed.count), (message, 1));
        assert_eq!(reading.sums().lines, (1, 1));
    }
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(
        files in prop::collection::vec((0_u8..4, prop::collection::vec(prop::option::of(0_u32..3), 0..40),
            prop::collection::vec((1_u32..20, 0_u32..3, 0_u32..3, 0_u32..2), 0..20)), 1..8),
    ) {
        let mut lines: BTreeMap<(u8, usize), bool> = BTreeMap::new();
        let (mut branches, mut hit) = (BTreeSet::new(), BTreeSet::new());
        let mut written = Vec::new();
        for (file, coverage, fours) in &files {
            written.push(json!({"name": file.to_string(), "coverage": coverage,
                "branches": fours.iter().flat_map(|(l, b, n, c)| [l, b, n, c]).collect::<Vec<_>>()}));
            for (at, count) in coverage.iter().enumerate().filter_map(|(at, count)| count.map(|count| (at, count))) {
                *lines.entry((*file, at)).or_default() |= count > 0;
            }
            for (line, block, branch, count) in fours {
                branches.insert((file, line, block, branch));
                if *count > 0 {
                    hit.insert((file, line, block, branch));
                }
            }
        }
        let sums = report(json!(written)).sums();
        let hit_lines = lines.values().filter(|hit| **hit).count() as u64;
        prop_assert_eq!(sums.lines, (hit_lines, lines.len() as u64));
        prop_assert_eq!(sums.branches, (hit.len() as u64, branches.len() as u64));
    }
}
