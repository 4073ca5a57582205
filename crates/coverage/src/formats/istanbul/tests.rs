use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::file_coverage::Counts;
use crate::formats::testing::{self, counts};

fn read(text: impl AsRef<[u8]>) -> Result<Reading, String> {
    testing::read("coverage-final.json", FORMAT.name, text.as_ref())
}

/// Lines, branches, functions and statements of the only file.
fn only(text: &str) -> [Counts; 4] {
    let mut reading = read(text).unwrap();
    assert_eq!(reading.malformed.first, None, "{text}");
    let files = counts(&mut reading);
    assert_eq!(files.len(), 1, "{text}");
    files[0].1
}

/// The six parts of a file with two statements in line 3, one in line 5, a function and an `if` without `else`.
const PARTS: [&str; 6] = [
    r#""statementMap": {"0": {"start": {"line": 3, "column": 2}, "end": {"line": 3, "column": 9}},
        "1": {"start": {"line": 3, "column": 10}, "end": {"line": 4, "column": null}},
        "2": {"start": {"line": 5, "column": 0}, "end": {"line": 5, "column": 4}}}"#,
    r#""fnMap": {"0": {"name": "go", "decl": {"start": {"line": 2, "column": 9}, "end": {"line": 2, "column": 11}},
        "loc": {"start": {"line": 2, "column": 14}, "end": {"line": 6, "column": 1}}, "line": 2}}"#,
    r#""branchMap": {"0": {"loc": {"start": {"line": 3, "column": 2}, "end": {"line": 4, "column": 3}}, "type": "if",
        "locations": [{"start": {"line": 3, "column": 2}, "end": {"line": 4, "column": 3}}, {"start": {}, "end": {}}]}}"#,
    r#""s": {"0": 0, "1": 4, "2": 0}"#,
    r#""f": {"0": 4}"#,
    r#""b": {"0": [4, 0]}"#,
];

const COUNTED: [Counts; 4] = [(1, 2), (1, 2), (1, 1), (1, 3)];

fn file(parts: &[&str]) -> String {
    format!("{{\"/w/a.js\": {{\"path\": \"/w/a.js\", {}, \"hash\": \"0a\"}}}}", parts.join(",\n"))
}

#[test]
fn parts_come_in_any_order() {
    fn permute(parts: &mut [&'static str], at: usize) {
        if at == parts.len() {
            let text = file(parts);
            assert_eq!(only(&text), COUNTED, "{text}");
            assert_eq!(only(&text.replace('\n', "\r\n")), COUNTED);
        }
        for i in at..parts.len() {
            parts.swap(at, i);
            permute(parts, at + 1);
            parts.swap(at, i);
        }
    }
    permute(&mut PARTS.clone(), 0);
}

#[test]
fn lines_are_those_in_which_statements_begin() {
    let mut reading = read(file(&PARTS)).unwrap();
    assert_eq!(testing::lines(&mut reading, "/w/a.js"), [(3, true), (5, false)]);
}

#[test]
fn shapes_of_the_whole() {
    let inner = PARTS.join(",");
    let tests = r#""numTotalTests": 1, "testResults": [{"a.js": 1}], "snapshot": {"added": 0}"#;
    let text = "x".repeat(2 << 20);
    for text in [
        format!("\u{feff}{{\"/w/a.js\": {{{inner}}}}}"),
        format!("{{\"/w/a.js\": {{\"data\": {{\"path\": \"/w/a.js\", {inner}}}}}}}"),
        format!("{{{tests}, \"coverageMap\": {{\"/w/a.js\": {{{inner}}}}}, \"success\": true}}"),
        format!("{{\"coverageMap\": {{\"/w/a.js\": {{{inner}}}}}, {tests}}}"),
        format!(
            "{{\"/w/a.js\": {{{inner}, \"inputSourceMap\": {{\"sourcesContent\": [\"{text}\"], \"mappings\": \"\"}}}}}}"
        ),
        format!("{{\"/w/a.js\": {{{inner}, \"bT\": {{\"0\": [1, 0]}}, \"all\": false, \"code\": [\"a\"]}}}}"),
    ] {
        assert_eq!(only(&text), COUNTED, "{}", &text[..60]);
    }
    for (text, message) in [
        ("{}", "Istanbul JSON that names no file"),
        (&format!("{{{tests}}}"), "holds test results of Jest or Vitest without coverage"),
        (&format!("{{{tests}, \"coverageMap\": null}}"), "run the tests with --coverage"),
        (&format!("{{{tests}, \"coverageMap\": {{}}}}"), "that names no file"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn odd_numbers_and_places() {
    let place = r#"{"start": {"line": 3, "column": 0}, "end": {"line": 3, "column": 1}}"#;
    for (place, hits, expected, [negative, undefined, line_zero]) in [
        (place, "1", [(1, 1), (1, 1)], [0, 0, 0]),
        (place, "184467440737095516150", [(1, 1), (1, 1)], [0, 0, 0]),
        (place, "1e3", [(1, 1), (1, 1)], [0, 0, 0]),
        (place, "0.0", [(0, 1), (0, 1)], [0, 0, 0]),
        (place, "-4", [(0, 1), (0, 1)], [1, 0, 0]),
        (place, "null", [(0, 1), (0, 1)], [0, 1, 0]),
        (place, "NaN", [(0, 1), (0, 1)], [0, 1, 0]),
        (place, "\"undefined\"", [(0, 1), (0, 1)], [0, 1, 0]),
        ("{}", "1", [(0, 0), (1, 1)], [0, 0, 0]),
        (r#"{"start": {}, "end": {}}"#, "0", [(0, 0), (0, 1)], [0, 0, 0]),
        (r#"{"start": null, "end": null}"#, "0", [(0, 0), (0, 1)], [0, 0, 0]),
        (r#"{"start": {"line": null, "column": null}}"#, "1", [(0, 0), (1, 1)], [0, 0, 0]),
        (r#"{"start": {"line": 0, "column": 0}}"#, "1", [(0, 0), (1, 1)], [0, 0, 1]),
        (r#"{"start": {"line": -2, "column": 0}}"#, "1", [(0, 0), (1, 1)], [0, 0, 1]),
        (
            r#"{"start": {"line": 3, "column": -1}, "end": {"line": 3, "column": Infinity}}"#,
            "1",
            [(1, 1), (1, 1)],
            [0; 3],
        ),
    ] {
        let text = format!("{{\"a.js\": {{\"statementMap\": {{\"0\": {place}}}, \"s\": {{\"0\": {hits}}}}}}}");
        let mut reading = read(&text).unwrap();
        assert_eq!(reading.malformed.first, None, "{text}");
        let oddities = reading.oddities;
        assert_eq!(
            [oddities.negative, oddities.undefined, oddities.line_zero],
            [negative, undefined, line_zero],
            "{text}"
        );
        let [lines, _, _, statements] = counts(&mut reading)[0].1;
        assert_eq!([lines, statements], expected, "{text}");
    }
}

#[test]
fn branches_and_functions_of_every_age() {
    let at = |line: u32| {
        format!("{{\"start\": {{\"line\": {line}, \"column\": 1}}, \"end\": {{\"line\": {line}, \"column\": 2}}}}")
    };
    for (place, line) in [
        (format!("{{\"line\": 4, \"type\": \"if\", \"locations\": [{}, {}]}}", at(7), at(8)), 4),
        (format!("{{\"type\": \"if\", \"locations\": [{}, {}]}}", at(7), at(8)), 7),
        (
            format!(
                "{{\"type\": \"if\", \"locations\": [{{}}, {}], \"loc\": {{\"start\": {{}}, \"end\": {{}}}}}}",
                at(8)
            ),
            8,
        ),
        (format!("{{\"type\": \"if\", \"loc\": {}, \"locations\": []}}", at(9)), 9),
        ("{\"type\": \"if\", \"locations\": []}".to_owned(), 0),
    ] {
        let text = format!("{{\"a.js\": {{\"branchMap\": {{\"1\": {place}}}, \"b\": {{\"1\": [0, 3, null]}}}}}}");
        let mut reading = read(&text).unwrap();
        assert_eq!((&reading.malformed.first, reading.oddities.undefined), (&None, 1), "{text}");
        let branches: Vec<_> = reading.take_files()[0].1.branches.lines().collect();
        assert_eq!(branches, [(line, 1, 3)], "{text}");
    }
    let functions = format!(
        "{{\"a.js\": {{\"fnMap\": {{\"1\": {{\"name\": \"f\", \"line\": 3, \"loc\": {}}}, \"2\": {{\"name\": \"g\", \"line\": 3}},
          \"3\": {{\"name\": \"g\"}}, \"4\": {{\"name\": \"g\"}}}}, \"f\": {{\"1\": 1, \"2\": 0, \"3\": 0, \"4\": 2}}}}}}",
        at(3)
    );
    assert_eq!(only(&functions), [(0, 0), (0, 0), (2, 4), (0, 0)]);
    assert_eq!(only(r#"{"a.js": {"branchMap": {"0": {"type": "if"}}, "b": {"0": []}}}"#), [(0, 0); 4]);
}

#[test]
fn reports_meet_by_place_and_not_by_id() {
    let at = |line: u32| json!({"start": {"line": line, "column": 0}, "end": {"line": line, "column": 5}});
    let one = json!({"a.js": {
        "statementMap": {"0": at(1), "1": at(2), "2": at(2)}, "s": {"0": 1, "1": 0, "2": 0},
        "fnMap": {"0": {"name": "f", "decl": at(1)}}, "f": {"0": 0},
        "branchMap": {"0": {"type": "if", "loc": at(1)}}, "b": {"0": [1, 0]},
    }});
    let other = json!({"a.js": {
        "statementMap": {"7": at(2), "9": at(3), "x": at(1)}, "s": {"x": 0, "9": 1, "7": 5},
        "fnMap": {"1": {"name": "f", "decl": at(1)}, "2": {"name": "g", "decl": at(1)}}, "f": {"2": 0, "1": 3},
        "branchMap": {"5": {"type": "if", "loc": at(1)}, "6": {"type": "cond-expr", "loc": at(1)}},
        "b": {"6": [0, 0], "5": [0, 2]},
    }});
    // The second statement of one place is a statement of its own.
    let expected = [(3, 3), (2, 4), (1, 2), (3, 4)];
    let mut coverage = read(one.to_string()).unwrap().take_files().remove(0).1;
    coverage.merge(&read(other.to_string()).unwrap().take_files()[0].1);
    assert_eq!(
        [coverage.line_counts(), coverage.branch_counts(), coverage.function_counts(), coverage.statement_counts()],
        expected
    );
    // The same file twice in one report.
    let (one, other) = (one.to_string(), other.to_string());
    assert_eq!(only(&format!("{},{}", &one[..one.len() - 1], &other[1..])), expected);
}

#[test]
fn records_that_make_no_sense_are_named() {
    let good = PARTS.join(",");
    for (file, message, lines) in [
        (r#""statementMap": {"0": {"start": {"line": 1}}}, "s": {}"#, "the ids of statementMap and s differ", (0, 0)),
        (r#""statementMap": {"0": {"start": {"line": 1}}}"#, "the ids of statementMap and s differ", (0, 0)),
        (r#""statementMap": {}, "s": {"0": 1}"#, "the ids of statementMap and s differ", (0, 0)),
        (r#""fnMap": {}, "f": {"0": 1}"#, "the ids of fnMap and f differ", (0, 0)),
        (r#""branchMap": {"0": {}, "1": {}}, "b": {"0": [1]}"#, "the ids of branchMap and b differ", (0, 0)),
        (r#""statementMap": {"0": 5}, "s": {}"#, "the place of a statement is no object", (0, 0)),
        (r#""fnMap": {"0": []}, "f": {}"#, "the place of a function is no object", (0, 0)),
        (r#""branchMap": {"0": null}, "b": {}"#, "the place of a branch is no object", (0, 0)),
        (r#""branchMap": {"0": {}}, "b": {"0": 5}"#, "the counts of a branch are no array", (0, 0)),
        (r#""statementMap": {"0": {"start": {"line": 1}}}, "s": {"0": true}"#, "a count is no number", (0, 0)),
        (
            r#""statementMap": {"0": {"start": {"line": 2147483648}}, "1": {"start": {"line": 2}}}, "s": {"0": 1, "1": 1}"#,
            "a line number is higher than any file has lines",
            (1, 1),
        ),
    ] {
        let text = format!("{{\"a.js\": {{\n{file}}},\n \"b.js\": {{{good}}}}}");
        let mut reading = read(&text).unwrap();
        let (line, said) = reading.malformed.first.clone().unwrap();
        assert!(said == message && (1..4).contains(&line), "{text}: {line} {said}");
        let files = counts(&mut reading);
        assert_eq!((files[0].1[0], files[1].1), (lines, COUNTED), "{text}");
    }
    for (first, message) in [
        ("\"a\\u0007.js\": {}", "the path of a file has control characters"),
        ("\"\": {}", "the path of a file is missing or empty"),
        ("\"a.js\": []", "what is said of a file is no object"),
        ("\"a.js\": {\"path\": \"a.js\"}", "has no statementMap, fnMap or branchMap"),
    ] {
        let mut reading = read(format!("{{\"b.js\": {{{good}}}, {first}}}")).unwrap();
        assert!(reading.malformed.first.as_ref().unwrap().1.contains(message), "{first}");
        assert_eq!(counts(&mut reading), [("b.js".to_owned(), COUNTED)]);
    }
}

#[test]
fn damage_is_an_error() {
    let whole = file(&PARTS);
    for end in (whole.find("statementMap").unwrap() + 20)..whole.len() {
        let error = read(&whole[..end]).unwrap_err();
        assert!(error.contains("cut short") || error.contains("expected"), "{end}: {error}");
    }
    for (text, message) in [
        (r#"{"a": {"statementMap": []}}"#, "expected an object"),
        (r#"{"a": {"statementMap": {}, "s": 5}}"#, "expected an object"),
        (&format!("{whole} x"), "expected the end of the file"),
        (&format!("{},\"{}\": {{}}}}", &whole[..whole.len() - 1], "p/".repeat(5 << 20)), "longer than"),
    ] {
        let error = read(text).map(|_| ()).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
    let many: String = (0..=1 << 20).map(|id| format!("\"{id}\":1,")).collect();
    let error =
        read(format!("{{\"a.js\": {{\"statementMap\": {{}}, \"s\": {{{many}\"x\": 1}}}}}}")).map(|_| ()).unwrap_err();
    assert!(error.contains("more than 1,048,576 statements"), "{error}");
}

#[test]
fn bytes_that_are_no_text_are_read_over() {
    let text = file(&PARTS).replace("go", "g\u{1}");
    let bytes: Vec<u8> = text.bytes().map(|byte| if byte == 1 { 0xFF } else { byte }).collect();
    assert_eq!(counts(&mut read(&bytes).unwrap())[0].1, COUNTED);
    let bytes: Vec<u8> =
        file(&PARTS).replace("/w/a", "/w/\u{1}").bytes().map(|b| if b == 1 { 0xFE } else { b }).collect();
    assert_eq!(counts(&mut read(&bytes).unwrap())[0].0, "/w/\u{fffd}.js");
}

#[derive(Clone, Debug)]
struct Model {
    statements: Vec<(Option<(u32, u32)>, u64)>,
    functions: Vec<(u32, u64)>,
    branches: Vec<(u32, Vec<u64>)>,
}

fn model() -> impl Strategy<Value = Model> {
    let hits = || prop_oneof![Just(0), 1_u64..5];
    let statements = prop::collection::vec((prop::option::weighted(0.9, (1_u32..60, 0_u32..4)), hits()), 0..40);
    let functions = prop::collection::vec((1_u32..20, hits()), 0..10);
    let branches = prop::collection::vec((1_u32..20, prop::collection::vec(hits(), 0..4)), 0..10);
    (statements, functions, branches).prop_map(|(statements, functions, branches)| Model {
        statements,
        functions,
        branches,
    })
}

impl Model {
    fn json(&self, wrapped: bool) -> Value {
        fn map(values: impl Iterator<Item = Value>) -> Map<String, Value> {
            values.enumerate().map(|(id, value)| (id.to_string(), value)).collect()
        }
        let at = |(line, column): (u32, u32)| json!({"start": {"line": line, "column": column}, "end": {"line": line, "column": null}});
        let file = json!({
            "statementMap": map(self.statements.iter().map(|(place, _)| place.map_or_else(|| json!({}), at))),
            "s": map(self.statements.iter().map(|(_, hits)| json!(hits))),
            "fnMap": map(self.functions.iter().map(|(line, _)| json!({"name": "(anonymous)", "decl": at((*line, 0))}))),
            "f": map(self.functions.iter().map(|(_, hits)| json!(hits))),
            "branchMap": map(self.branches.iter().map(|(line, _)| json!({"type": "if", "loc": at((*line, 0))}))),
            "b": map(self.branches.iter().map(|(_, arms)| json!(arms))),
        });
        if wrapped { json!({ "data": file }) } else { file }
    }

    fn counts(&self) -> [Counts; 4] {
        fn sum<'a>(hits: impl Iterator<Item = &'a u64>) -> Counts {
            hits.fold((0, 0), |(hit, all), count| (hit + u64::from(*count > 0), all + 1))
        }
        let mut lines: BTreeMap<u32, u64> = BTreeMap::new();
        for (place, hits) in &self.statements {
            if let Some((line, _)) = place {
                *lines.entry(*line).or_default() += hits;
            }
        }
        [
            sum(lines.values()),
            sum(self.branches.iter().flat_map(|(_, arms)| arms)),
            sum(self.functions.iter().map(|(_, hits)| hits)),
            sum(self.statements.iter().map(|(_, hits)| hits)),
        ]
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(files in prop::collection::vec((model(), any::<bool>()), 1..4), pretty in any::<bool>()) {
        let path = |at: usize| format!("src/file {at}.ts");
        let value: Map<_, _> = files.iter().enumerate().map(|(at, (file, wrapped))| (path(at), file.json(*wrapped))).collect();
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let mut reading = read(&text).unwrap();
        prop_assert_eq!(&reading.malformed.first, &None);
        let expected: Vec<_> = files.iter().enumerate().map(|(at, (file, _))| (path(at), file.counts())).collect();
        prop_assert_eq!(counts(&mut reading), expected);
    }

    #[test]
    fn any_bytes_come_back(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()) {
        let mut bytes = file(&PARTS).into_bytes();
        edits.iter().for_each(|(at, byte)| { let at = at.index(bytes.len()); bytes[at] = *byte; });
        crate::fuzz(FORMAT.name, &bytes);
        crate::fuzz(FORMAT.name, &bytes[..cut.index(bytes.len())]);
    }
}
