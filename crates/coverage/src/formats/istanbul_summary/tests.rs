use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::formats::testing::{self, counts};

fn read(text: impl AsRef<[u8]>) -> Result<Reading, String> {
    testing::read("coverage-summary.json", FORMAT.name, text.as_ref())
}

/// Totals as Istanbul writes them: lines, branches, functions and statements.
fn written(counts: [Counts; 4]) -> Value {
    let one = |(covered, total): Counts| json!({"total": total, "covered": covered, "skipped": 0, "pct": "Unknown"});
    let [lines, branches, functions, statements] = counts.map(one);
    json!({"lines": lines, "functions": functions, "statements": statements, "branches": branches, "branchesTrue": one((9, 9))})
}

const A: [Counts; 4] = [(7, 9), (1, 4), (2, 3), (8, 11)];
const B: [Counts; 4] = [(1, 1), (0, 0), (0, 1), (1, 2)];

#[test]
fn totals_are_taken_and_their_sum_is_compared() {
    let sum = [(8, 10), (1, 4), (2, 4), (9, 13)];
    let text = json!({"total": written(sum), "/w/a.js": written(A), "/w/b.js": written(B)}).to_string();
    for text in [text.clone(), format!("\u{feff}{}", text.replace(',', ",\r\n"))] {
        let mut reading = read(text).unwrap();
        assert!(reading.is_totals_only() && reading.notes[0].contains("no line of a change can be judged"));
        assert_eq!((reading.disagreements.count, &reading.malformed.first), (0, &None));
        assert_eq!(counts(&mut reading), [("/w/a.js".to_owned(), A), ("/w/b.js".to_owned(), B)]);
    }
    let wrong = [(8, 10), (1, 4), (2, 4), (9, 90)];
    let reading =
        read(json!({"total": written(wrong), "/w/a.js": written(A), "/w/b.js": written(B)}).to_string()).unwrap();
    let worst = &reading.disagreements.worst[0];
    assert_eq!(
        (worst.path.as_str(), worst.total, worst.declared, worst.counted),
        ("the whole report", "statements.total", 90, 13)
    );
}

#[test]
fn totals_of_other_formats_are_not_claimed() {
    let kind = json!({"covered": 7, "missed": 2, "total": 9, "percent": 77.77});
    for other in [
        json!({"total": {"lines": kind, "branches": kind}, "coverage": {"a.rb": {}}}),
        json!({"total": {"lines": {"pct": 7}}}),
        json!({"lines": {"total": 9, "covered": 7, "pct": 77.77}, "branches": {"pct": 100}}),
    ] {
        assert!(!detect(&Sniff::new(other.to_string().as_bytes())), "{other}");
    }
}

#[test]
fn a_total_without_files_is_refused() {
    let error = read(json!({"total": written(A)}).to_string()).unwrap_err();
    assert!(error.contains("names none of them") && error.contains("use coverage-final.json"), "{error}");
    let error = read(json!({"total": written([(0, 0); 4])}).to_string()).unwrap_err();
    assert!(error.contains("names no file"), "{error}");
}

#[test]
fn records_that_make_no_sense_are_named() {
    let good = json!({"total": 2, "covered": 1, "pct": 50});
    for (lines, malformed) in [
        (json!({"total": 2, "covered": 3}), true),
        (json!({"total": 2}), true),
        (json!({"total": -2, "covered": -3}), true),
        (json!({"total": 2.5, "covered": 1}), true),
        (json!({"total": 3_000_000_000_u64, "covered": 1}), true),
        (json!(5), true),
        (json!({"total": 2, "covered": 1, "skipped": 7, "pct": null}), false),
    ] {
        let text =
            json!({"a.js": {"statements": good, "functions": good, "lines": lines, "branches": good}}).to_string();
        let reading = read(&text).unwrap();
        assert_eq!(reading.malformed.first.is_some(), malformed, "{text}");
        assert_eq!(reading.sums().statements, (1, 2));
    }
    for (first, message) in [
        ("\"a\\u0007.js\": {}", "the path of a file has control characters"),
        ("\"\": {}", "the path of a file is missing or empty"),
        ("\"a.js\": 7", "what is said of a file is no object"),
    ] {
        let mut reading = read(format!("{{\"b.js\": {}, {first}}}", written(B))).unwrap();
        assert_eq!(reading.malformed.first.as_ref().unwrap().1, message);
        assert_eq!(counts(&mut reading), [("b.js".to_owned(), B)]);
    }
}

#[test]
fn damage_is_an_error() {
    let text = json!({"a.js": written(A), "b.js": written(B)}).to_string();
    for end in text.find("functions").unwrap() + 20..text.len() {
        assert!(read(&text[..end]).is_err(), "{end}");
    }
    assert!(read(format!("{text}]")).is_err());
    assert!(read(text.replace("\"covered\":7", "\"covered\":99999999999999999999999")).unwrap().malformed.count > 0);
}

proptest! {
    #[test]
    fn what_is_written_is_read(files in prop::collection::vec(prop::array::uniform4((0_u64..50, 0_u64..50)), 1..5)) {
        let files: Vec<[Counts; 4]> = files.into_iter().map(|file| file.map(|(hit, missed)| (hit, hit + missed))).collect();
        let map: Map<_, _> = files.iter().enumerate().map(|(at, file)| (format!("{at}.js"), written(*file))).collect();
        let expected: Vec<_> = files.iter().enumerate().map(|(at, file)| (format!("{at}.js"), *file)).collect();
        prop_assert_eq!(counts(&mut read(Value::from(map).to_string()).unwrap()), expected);
    }

    #[test]
    fn any_bytes_come_back(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = json!({"total": written(A), "a.js": written(A)}).to_string().into_bytes();
        edits.iter().for_each(|(at, byte)| { let at = at.index(bytes.len()); bytes[at] = *byte; });
        crate::fuzz(FORMAT.name, &bytes);
    }
}
