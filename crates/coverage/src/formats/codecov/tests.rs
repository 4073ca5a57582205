//! What Codecov's JSON says.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::formats::testing::{lines, read};
use crate::reading::Reading;

fn report(coverage: &Value) -> Reading {
    let text = json!({"coverage": coverage, "messages": {"a.rs": {"1": "hello"}}}).to_string();
    read("codecov.json", "Codecov JSON", text.as_bytes()).unwrap()
}

#[test]
fn values_of_every_kind() {
    let mut reading = report(&json!({"a.rs": {
        "1": 0, "2": 3, "3": "1/2", "4": "0/3", "5": null, "6": "7", "7": true, "8": false, "9": -1, "10": "4/4", "11": "0",
    }}));
    assert_eq!((reading.sums().branches, reading.malformed.count), ((5, 9), 0));
    let expected = [(1, false), (2, true), (3, true), (4, false), (6, true), (7, true), (10, true), (11, false)];
    assert_eq!(lines(&mut reading, "a.rs"), expected);
}

#[test]
fn the_first_item_of_an_array_is_line_0() {
    let mut reading = report(&json!({"a.rs": [null, 1, 0, "1/2", null]}));
    assert_eq!((reading.oddities.line_zero, reading.sums().branches), (0, (1, 2)));
    assert_eq!(lines(&mut reading, "a.rs"), [(1, true), (2, false), (3, true)]);
    assert_eq!(report(&json!({"a.rs": [5, 1]})).oddities.line_zero, 1);
}

#[test]
fn files_without_lines_and_files_that_are_null() {
    let reading = report(&json!({"a.rs": {}, "b.rs": null, "c.rs": {"1": 1}}));
    assert_eq!((reading.len(), reading.sums().lines), (2, (1, 1)));
    assert_eq!(read("c.json", "Codecov JSON", br#"{"coverage": {"a.rs": {}}}"#).unwrap().len(), 1);
    let twice =
        read("c.json", "Codecov JSON", br#"{"coverage": {"a.rs": {"1": 0, "1": 1}, "a.rs": {"1": 0, "2": 0}}}"#);
    assert_eq!(twice.unwrap().sums().lines, (1, 2));
}

#[test]
fn oddities_are_told_and_nonsense_is_malformed() {
    let reading = report(&json!({"a.rs": {"0": 1, "1": -2, "2": "undefined", "3": 1.5}}));
    let odd = reading.oddities;
    assert_eq!((odd.line_zero, odd.negative, odd.undefined, reading.malformed.count), (1, 1, 1, 0));
    assert_eq!(reading.sums().lines, (1, 3));
    for (line, value) in [
        ("x", json!(1)),
        ("4294967296", json!(1)),
        ("2", json!("x")),
        ("2", json!("2/1")),
        ("2", json!("0/0")),
        ("2", json!("1/2/3")),
        ("2", json!("-1/2")),
        ("2", json!("1/100001")),
        ("2", json!("1/99999999999999999999")),
        ("2", json!({})),
    ] {
        let reading = report(&json!({"a.rs": {"1": 1, line: value}}));
        assert_eq!((reading.malformed.count, reading.sums().lines), (1, (1, 1)), "{line} {value}");
    }
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(
        files in prop::collection::btree_map("[a-z/]{1,6}[.]rs", prop::collection::btree_map(1_u32..90, (0_u32..4, 0_u32..4), 1..30), 1..6),
    ) {
        // Of b branches a were taken; none of none is a plain count.
        let value = |(a, b): (u32, u32)| if b == 0 { json!(a) } else { json!(format!("{}/{b}", a.min(b))) };
        let file = |lines: &BTreeMap<u32, (u32, u32)>| -> Map<String, Value> {
            lines.iter().map(|(line, counts)| (line.to_string(), value(*counts))).collect()
        };
        let written: Map<String, Value> = files.iter().map(|(path, lines)| (path.clone(), Value::Object(file(lines)))).collect();
        let all: Vec<_> = files.values().flat_map(BTreeMap::values).collect();
        let hit = all.iter().filter(|(a, _)| *a > 0).count() as u64;
        let branches = all.iter().map(|(a, b)| (u64::from(*a.min(b)), u64::from(*b))).fold((0, 0), |x, y| (x.0 + y.0, x.1 + y.1));
        let sums = report(&Value::Object(written)).sums();
        prop_assert_eq!((sums.lines, sums.branches), ((hit, all.len() as u64), branches));
    }
}
