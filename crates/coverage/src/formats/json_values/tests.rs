//! What every reader of a JSON report must stand, tried on one small report of each format.

use proptest::prelude::*;

use crate::file_coverage::Counts;
use crate::formats::testing::{counts, read};
use crate::reading::Reading;

/// Name of a format, a report of it about `src/a.c`, and its lines, branches and functions.
const REPORTS: [(&str, &str, [Counts; 3]); 9] = [
    (
        "gcovr JSON",
        r#"{"gcovr/format_version": "0.14", "files": [{"file": "src/a.c", "lines": [
            {"line_number": 3, "function_name": "f", "count": 2, "branches": [{"count": 0}, {"count": 1}]},
            {"line_number": 4, "function_name": "f", "count": 0, "branches": []}],
            "functions": [{"name": "f", "lineno": 3, "execution_count": 2}]}]}"#,
        [(1, 2), (1, 2), (1, 1)],
    ),
    (
        "gcov JSON",
        r#"{"gcc_version": "12.2.0", "files": [{"lines": [
            {"branches": [{"count": 0}, {"count": 1}], "count": 2, "line_number": 3, "unexecuted_block": false},
            {"branches": [], "count": 0, "line_number": 4, "unexecuted_block": true}],
            "functions": [{"blocks": 2, "blocks_executed": 2, "execution_count": 2, "name": "f"}], "file": "src/a.c"}],
            "format_version": "1", "current_working_directory": "/build", "data_file": "a.gcda"}"#,
        [(1, 2), (1, 2), (1, 1)],
    ),
    (
        "gcovr summary",
        r#"{"root": ".", "gcovr/summary_format_version": "0.6", "files": [{"filename": "src/a.c", "line_total": 2,
            "line_covered": 1, "branch_total": 2, "branch_covered": 1, "function_total": 1, "function_covered": 1}],
            "line_total": 2, "line_covered": 1}"#,
        [(1, 2), (1, 2), (1, 1)],
    ),
    (
        "Coveralls JSON",
        r#"{"service_name": "x", "source_files": [{"name": "src/a.c", "source_digest": "0", "coverage": [null, 1, 0],
            "branches": [2, 0, 0, 1, 2, 0, 1, 0]}]}"#,
        [(1, 2), (1, 2), (0, 0)],
    ),
    ("Codecov JSON", r#"{"coverage": {"src/a.c": {"3": "1/2", "4": 0}}}"#, [(1, 2), (1, 2), (0, 0)]),
    (
        "SimpleCov",
        r#"{"RSpec": {"coverage": {"src/a.c": {"lines": [null, 1, 0], "branches": {"[:if, 0, 2, 0, 3, 9]":
            {"[:then, 1, 2, 3, 2, 9]": 1, "[:else, 2, 3, 3, 3, 9]": 0}}, "methods": {"[\"A\", :f, 2, 0, 3, 9]": 1}}},
            "timestamp": 1}}"#,
        [(1, 2), (1, 2), (1, 1)],
    ),
    ("SimpleCov", r#"{"RSpec": {"coverage": {"src/a.c": [null, 1, 0]}, "timestamp": 1}}"#, [(1, 2), (0, 0), (0, 0)]),
    (
        "SimpleCov",
        r#"{"meta": {"simplecov_version": "0.22.0", "root": "/build"}, "coverage": {"src/a.c": {"lines": [null, 1, 0],
            "branches": [{"type": "then", "start_line": 2, "end_line": 2, "coverage": 1},
            {"type": "else", "start_line": 3, "end_line": 3, "coverage": 0}],
            "methods": [{"name": "A#f", "start_line": 2, "end_line": 3, "coverage": 1}]}}, "groups": {}}"#,
        [(1, 2), (1, 2), (1, 1)],
    ),
    (
        "SimpleCov",
        r#"{"timestamp": 1, "command_name": "RSpec", "files": [{"filename": "src/a.c", "covered_percent": 50.0,
            "coverage": {"lines": [null, 1, 0]}}], "metrics": {}}"#,
        [(1, 2), (0, 0), (0, 0)],
    ),
];

fn try_read(name: &str, bytes: &[u8]) -> Result<Reading, String> {
    read("r.json", name, bytes)
}

/// The only file, with its lines, branches and functions.
fn only(name: &str, bytes: &[u8]) -> (String, [Counts; 3]) {
    let mut reading = try_read(name, bytes).unwrap();
    assert_eq!((reading.malformed.count, reading.disagreements.count), (0, 0), "{name}");
    let mut files = counts(&mut reading);
    assert_eq!(files.len(), 1, "{name}");
    let (path, [lines, branches, functions, _]) = files.remove(0);
    (path, [lines, branches, functions])
}

#[test]
fn each_is_told_apart_and_counted() {
    for (name, text, expected) in REPORTS {
        let expected = ("src/a.c".to_owned(), expected);
        assert_eq!(only(name, text.as_bytes()), expected, "{name}");
        let crlf = format!("\u{FEFF}{}\r\n", text.replace('\n', "\r\n"));
        assert_eq!(only(name, crlf.as_bytes()), expected, "{name}");
        let dense = text.replace(char::is_whitespace, "");
        // Ruby's arrays are read without white space as well.
        assert_eq!(only(name, dense.as_bytes()), expected, "{name}");
    }
}

#[test]
fn one_that_was_cut_short_is_refused_wherever_it_was_cut() {
    for (name, text, _) in REPORTS {
        let from = text.find("src/a.c").unwrap_or(0);
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let cut = &text.as_bytes()[..end];
            // Before the first file it may look like nothing that is known.
            let known = crate::formats::detect(cut).is_ok();
            let read = if known { try_read(name, cut).map(|_| ()) } else { Err(String::new()) };
            assert!(read.is_err(), "{name}: {end}");
            let cut_short = read.is_err_and(|message| message.contains("cut short"));
            assert!(cut_short || !known, "{name}: {end}");
            assert!(known || end <= from + 500, "{name}: {end}");
        }
        let message = try_read(name, format!("{text} x").as_bytes()).map(|_| ()).unwrap_err();
        assert!(message.contains("expected the end of the file, found `x`"), "{message}");
    }
}

#[test]
fn paths_of_every_kind() {
    for (name, text, expected) in REPORTS {
        for (written, path) in [
            ("src/\\u00e4 b.c", "src/ä b.c"),
            ("C:\\\\src\\\\a.c", "C:\\src\\a.c"),
            ("../../etc/passwd", "../../etc/passwd"),
        ] {
            assert_eq!(only(name, text.replace("src/a.c", written).as_bytes()), (path.to_owned(), expected));
        }
        let mut bytes = text.as_bytes().to_vec();
        let at = text.find("a.c").unwrap();
        bytes[at] = 0xFF;
        assert_eq!(only(name, &bytes).0, "src/\u{FFFD}.c");
        for (written, word) in [("src/\\u0007.c", "control characters"), ("", "missing or empty")] {
            let reading = try_read(name, text.replace("src/a.c", written).as_bytes()).unwrap();
            assert_eq!((reading.len(), reading.malformed.count), (0, 1), "{name}");
            assert!(reading.malformed.first.unwrap().1.contains(word), "{name}");
        }
    }
}

#[test]
fn bounds_hold() {
    for (name, text, expected) in REPORTS {
        let long = "x".repeat(10_000_000);
        let passed_over = format!("{}, \"zzz\": \"{long}\"}}", text.trim_end_matches('}').to_owned() + &closing(text));
        assert_eq!(only(name, passed_over.as_bytes()).1, expected, "{name}");
        let long_path = text.replace("src/a.c", &long[..2_000_000]);
        let message = try_read(name, long_path.as_bytes()).map(|_| ()).unwrap_err();
        assert!(message.contains("longer than") || message.contains("JSON of no known kind"), "{name}: {message}");
        let deep = format!("{}, \"zzz\": {}", text.trim_end_matches('}').to_owned() + &closing(text), "[".repeat(300));
        let message = try_read(name, deep.as_bytes()).map(|_| ()).unwrap_err();
        assert!(message.contains("nested more than 256 levels"), "{name}: {message}");
    }
}

/// The braces at the end of `text`, without the outermost.
fn closing(text: &str) -> String {
    "}".repeat(text.len() - text.trim_end_matches('}').len() - 1)
}

#[test]
fn a_report_of_no_file_is_no_evidence() {
    for (name, text) in [
        ("gcovr JSON", r#"{"gcovr/format_version": "0.14", "files": []}"#),
        ("gcov JSON", r#"{"gcc_version": "12", "files": []}"#),
        ("gcovr summary", r#"{"gcovr/summary_format_version": "0.6", "files": []}"#),
        ("Coveralls JSON", r#"{"source_files": []}"#),
        ("Codecov JSON", r#"{"coverage": {}}"#),
        ("SimpleCov", r#"{"RSpec": {"coverage": {}, "timestamp": 1}}"#),
        ("SimpleCov", r#"{"meta": {"simplecov_version": "0.22.0"}, "coverage": {}}"#),
    ] {
        let message = try_read(name, text.as_bytes()).map(|_| ()).unwrap_err();
        assert!(message.contains("names no file"), "{name}: {message}");
    }
}

#[test]
fn another_structure_is_refused_by_line() {
    for (name, text, message) in [
        ("gcovr JSON", "{\"gcovr/format_version\": 1,\n\"files\": {}}", "r.json:2: expected an array, found an object"),
        ("gcovr JSON", "{\"gcovr/format_version\": 1}", "r.json:1: expected an array called files"),
        ("gcov JSON", "{\"gcc_version\": \"12\"}", "r.json:1: expected an array called files"),
        ("gcov JSON", "{\"gcc_version\": \"12\", \"files\": [7]}", "expected an object, found a number"),
        ("gcovr summary", "{\"gcovr/summary_format_version\": 1}", "without files; write the report with gcovr --json"),
        ("Coveralls JSON", "{\"source_files\": {}}", "expected an array, found an object"),
        ("Codecov JSON", "{\"coverage\": {\"a.rs\": {\"1\": 1}, \"b.rs\": 7}}", "expected an object, found a number"),
        ("SimpleCov", "{\"R\": {\"coverage\": {\"a.rb\": [1], \"b.rb\": 7}}}", "expected an object, found a number"),
    ] {
        let said = try_read(name, text.as_bytes()).map(|_| ()).unwrap_err();
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn what_only_looks_alike_is_not_claimed() {
    for text in [
        r#"{"coverage": 85.5}"#,
        r#"{"coverage": {"lines": 80, "branches": 70}}"#,
        r#"{"scripts": {"coverage": "nyc", "test": "jest"}}"#,
        r#"{"jest": {"coverage": {"threshold": {"lines": 80}}}}"#,
        r#"{"files": [{"filename": "a"}]}"#,
        r#"{"files": ["a", "b"]}"#,
        r#"["mode: set"]"#,
    ] {
        let said = crate::formats::detect(text.as_bytes());
        assert!(said.is_err_and(|message| message.contains("no known kind") || message.contains("no coverage report")));
    }
}

proptest! {
    #[test]
    fn damage_comes_back(report in 0..REPORTS.len(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = REPORTS[report].1.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        crate::fuzz(REPORTS[report].0, &bytes);
    }

    #[test]
    fn odd_values_come_back(
        report in 0..REPORTS.len(), at in any::<prop::sample::Index>(),
        value in prop::sample::select(vec![
            "null", "-1", "1e999", "-1e999", "NaN", "1.5", "99999999999999999999", "\"x\"", "[]", "{}", "true", "\"1/0\"", "[[1]]",
        ]),
    ) {
        let text = REPORTS[report].1;
        let numbers: Vec<_> = text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let at = numbers[at.index(numbers.len())];
        crate::fuzz(REPORTS[report].0, [&text[..at], value, &text[at + 1..]].concat().as_bytes());
    }
}
