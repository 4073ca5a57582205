use proptest::prelude::*;
use serde_json::{Value, json};

use super::lines::Segment;
use super::*;
use crate::file_coverage::Counts;
use crate::formats::testing::{self, counts};

fn read(text: impl AsRef<[u8]>) -> Result<Reading, String> {
    testing::read("coverage.json", FORMAT.name, text.as_ref())
}

fn report(files: Value, functions: Value) -> String {
    json!({"data": [{"files": files, "functions": functions, "totals": {"lines": {"count": 99}}}], "type": TYPE, "version": "2.0.1"})
        .to_string()
}

/// Lines of a file that has these segments.
fn lines(segments: Value) -> Vec<(u32, bool)> {
    let text = report(json!([{"filename": "a.rs", "segments": segments}]), json!([]));
    let mut reading = read(&text).unwrap();
    assert_eq!(reading.malformed.first, None, "{text}");
    testing::lines(&mut reading, "a.rs")
}

#[test]
fn lines_follow_from_segments_as_llvm_has_it() {
    for (segments, expected) in [
        // A function over several lines, and nothing between functions.
        (json!([[2, 1, 5, true, true, false], [4, 2, 0, false, false, false]]), vec![(2, true), (3, true), (4, true)]),
        // An arm that was not run makes its own lines missed, not those that it begins or ends in.
        (
            json!([
                [1, 1, 9, true, true, false],
                [2, 8, 0, true, true, false],
                [4, 3, 9, true, false, false],
                [5, 2, 0, false, false, false]
            ]),
            vec![(1, true), (2, true), (3, false), (4, false), (5, true)],
        ),
        // A region that begins in a line counts although a missed one wraps into it.
        (
            json!([
                [1, 1, 0, true, true, false],
                [2, 4, 7, true, true, false],
                [2, 9, 0, true, false, false],
                [3, 2, 0, false, false, false]
            ]),
            vec![(1, false), (2, true), (3, false)],
        ),
        // A gap does not make a line hit, and what comes back behind an arm does not either.
        (
            json!([
                [1, 1, 0, true, true, false],
                [2, 3, 5, true, false, true],
                [3, 1, 0, true, false, false],
                [3, 5, 0, false, false, false]
            ]),
            vec![(1, false), (2, false), (3, true)],
        ),
        (
            json!([[1, 1, 0, false, false, false], [2, 1, 5, true, true, true], [2, 4, 0, false, false, false]]),
            vec![(2, false)],
        ),
        // A line whose first segment begins a skipped region cannot be covered, unless a region with a count begins in it.
        (
            json!([
                [1, 1, 1, true, true, false],
                [2, 1, 0, false, true, false],
                [4, 1, 1, true, false, false],
                [5, 1, 0, false, false, false]
            ]),
            vec![(1, true), (5, true)],
        ),
        (
            json!([
                [1, 1, 1, true, true, false],
                [2, 1, 0, false, true, false],
                [2, 3, 1, true, true, false],
                [3, 1, 0, false, false, false]
            ]),
            vec![(1, true), (2, true), (3, true)],
        ),
        // The oldest versions have no gaps, and numbers for flags.
        (json!([[2, 1, 5, 1, 1], [4, 2, 0, 0, 0]]), vec![(2, true), (3, true), (4, true)]),
        (json!([]), vec![]),
    ] {
        assert_eq!(lines(segments.clone()), expected, "{segments}");
    }
}

#[test]
fn branches_have_two_arms_and_instantiations_share_them() {
    let text = report(
        json!([{
            "filename": "a.cpp", "segments": [],
            "branches": [[5, 7, 5, 12, 0, 1, 0, 0, 4], [5, 7, 5, 12, 1, 0, 1, 0, 4], [9, 3, 9, 5, 0, 0, 0, 0, 4]],
            "expansions": [
                {"branches": [[2, 16, 2, 23, 3, 0, 1, 0, 4], [2, 16, 2, 23, 0, 0, 2, 0, 4]], "filenames": ["a.cpp", "a.cpp"],
                 "source_region": [11, 8, 11, 12, 1, 0, 1, 1], "target_regions": [[2, 1, 2, 30, 1, 1, 0, 0]]},
                {"branches": [[2, 16, 2, 23, 1, 1, 1, 0, 4]], "source_region": [12, 8, 12, 12, 1, 0, 1, 1]},
                {"branches": [], "filenames": ["a.cpp"]},
            ],
        }]),
        json!([]),
    );
    let mut reading = read(text).unwrap();
    assert_eq!(reading.malformed.first, None);
    let branches: Vec<_> = reading.take_files()[0].1.branches.lines().collect();
    assert_eq!(branches, [(5, 2, 2), (9, 0, 2), (11, 1, 4), (12, 2, 2)]);
}

#[test]
fn functions_are_where_they_begin() {
    let function = |file: &str, name: &str, line: u32, count: u64| {
        json!({"count": count, "name": name, "filenames": [file, "macro.h"],
            "regions": [[3, 1, 3, 9, 1, 1, 0, 0], [line, 5, line + 3, 2, count, 0, 0, 0], [line + 1, 1, line + 2, 1, 0, 0, 0, 0]], "branches": []})
    };
    let files = |declared: u64| {
        let summary = json!({"functions": {"count": declared, "covered": 1}, "lines": {"count": 70, "covered": 60}});
        json!([{"filename": "a.rs", "segments": [[1, 1, 1, true, true, false]], "summary": summary},
               {"filename": "b.rs", "segments": [[1, 1, 1, true, true, false]]}])
    };
    let mut functions =
        vec![function("a.rs", "pick<u8>", 4, 0), function("a.rs", "pick<u16>", 4, 3), function("a.rs", "other", 9, 0)];
    functions.push(function("b.rs", "f", 4, 1));
    functions.push(function("elsewhere.rs", "f", 4, 1));
    functions.rotate_left(1);
    // The first region here lies in a macro's file, so the function is not placed by it.
    functions.iter_mut().for_each(|function| function["regions"].as_array_mut().unwrap().rotate_left(1));
    let mut reading = read(report(files(2), json!(functions))).unwrap();
    assert_eq!((&reading.malformed.first, reading.disagreements.count), (&None, 0));
    let found: Vec<_> = counts(&mut reading).into_iter().map(|(path, counts)| (path, counts[2])).collect();
    assert_eq!(found, [("a.rs".to_owned(), (1, 2)), ("b.rs".to_owned(), (1, 1))]);
    // Before the files, and with a total that is wrong.
    let text = json!({"data": [{"functions": functions, "files": files(7)}]}).to_string();
    let text = text.replacen("\"files\"", "\"zfiles\"", 1).replacen("\"zfiles\"", "\"files\"", 1);
    let reading = read(&text).unwrap();
    let worst = &reading.disagreements.worst[0];
    assert_eq!((worst.path.as_str(), worst.total, worst.declared, worst.counted), ("a.rs", "functions.count", 7, 2));
    // A report without functions declares nothing that can be compared.
    let reading = read(json!({"data": [{"files": files(7)}]}).to_string()).unwrap();
    assert_eq!(reading.disagreements.count, 0);
}

#[test]
fn a_summary_alone_is_taken_as_it_is() {
    let counts_of = |count: u64, covered: u64| json!({"count": count, "covered": covered, "percent": 1.5});
    let summary = json!({"lines": counts_of(9, 7), "functions": counts_of(3, 1), "branches": counts_of(4, 4), "regions": counts_of(8, 8)});
    let mut reading = read(report(json!([{"filename": "a.rs", "summary": summary}]), json!([]))).unwrap();
    assert!(reading.is_totals_only() && reading.notes[0].contains("-summary-only"));
    assert_eq!(counts(&mut reading)[0].1, [(7, 9), (4, 4), (1, 3), (0, 0)]);
    // Here totals are all there is, so those of all files are compared with the sum: `report` declares 99 lines and not how many
    // were hit, which says nothing.
    assert_eq!(reading.disagreements.count, 0);
    let totals = |lines: Value| {
        let data = json!([{"files": [{"filename": "a.rs", "summary": summary}], "totals": {"lines": lines, "functions": counts_of(3, 1)}}]);
        let reading = read(json!({"data": data, "type": TYPE}).to_string()).unwrap();
        reading.disagreements.worst.first().map(|worst| (worst.total, worst.declared, worst.counted))
    };
    assert_eq!((totals(counts_of(9, 7)), totals(counts_of(30, 30))), (None, Some(("lines.covered", 30, 7))));
    // One that lists no segments of the lines it declares is damaged.
    let mut reading =
        read(report(json!([{"filename": "a.rs", "segments": [], "summary": summary}]), json!([]))).unwrap();
    assert!(reading.take_files()[0].1.is_unlisted());
    let wrong = json!({"lines": counts_of(9, 10), "functions": {"count": "x"}, "branches": 4});
    let mut reading = read(report(json!([{"filename": "a.rs", "summary": wrong}]), json!([]))).unwrap();
    assert_eq!(counts(&mut reading)[0].1, [(0, 0); 4]);
}

#[test]
fn records_that_make_no_sense_are_named() {
    let good = json!({"filename": "b.rs", "segments": [[1, 1, 1, true, true, false]]});
    for (file, message) in [
        (json!({"segments": []}), "a file has no filename"),
        (json!({"filename": 5, "segments": []}), "the path of a file is missing or empty"),
        (json!({"filename": "a\u{7}.rs", "segments": []}), "the path of a file has control characters"),
        (json!({"filename": "a.rs", "segments": [7]}), "a segment needs a line"),
        (json!({"filename": "a.rs", "segments": [[1, 1, 1, true]]}), "a segment needs a line"),
        (json!({"filename": "a.rs", "segments": [[1, 1, 1, true, "x", false]]}), "a segment needs a line"),
        (
            json!({"filename": "a.rs", "segments": [[3_000_000_000_u64, 1, 1, true, true, false]]}),
            "a segment needs a line",
        ),
        (
            json!({"filename": "a.rs", "segments": [[3, 1, 1, true, true, false], [2, 1, 0, false, false, false]]}),
            "segments are not in the order",
        ),
        (
            json!({"filename": "a.rs", "segments": [[1, 1, 1, true, true, false], [200_000, 1, 0, false, false, false]]}),
            "a segment spans more than",
        ),
        (json!({"filename": "a.rs", "segments": [], "branches": [[1, 2, 3, 4, 5]]}), "a branch needs two places"),
        (json!({"filename": "a.rs", "segments": [], "branches": [{}]}), "a branch needs two places"),
        (
            json!({"filename": "a.rs", "segments": [], "expansions": [{"branches": [[2, 1, 2, 3, 3, 0, 1, 0, 4]]}]}),
            "an expansion with branches has no",
        ),
    ] {
        let mut reading = read(report(json!([file, good]), json!([]))).unwrap();
        let (_, found) = reading.malformed.first.clone().unwrap_or_default();
        assert!(found.starts_with(message), "{file}: {found}");
        assert_eq!(testing::lines(&mut reading, "b.rs"), [(1, true)]);
    }
    let reading = read(report(json!([good]), json!([{"count": 1, "filenames": ["b.rs"], "regions": []}, {}]))).unwrap();
    assert_eq!(reading.malformed.count, 2);
    let odd = json!([{"filename": "a.rs", "segments": [[0, 1, 1, true, true, false], [2, 1, -4, true, true, false], [2, 5, null, true, true, false]]}]);
    let reading = read(report(odd, json!([]))).unwrap();
    assert_eq!((reading.oddities.line_zero, reading.oddities.negative, reading.oddities.undefined), (1, 1, 1));
}

#[test]
fn damage_is_an_error() {
    let text = report(json!([{"filename": "a.rs", "segments": [[1, 1, 1, true, true, false]]}]), json!([]));
    for end in text.find("segments").unwrap() + 20..text.len() {
        assert!(read(&text[..end]).is_err(), "{end}");
    }
    // So many lines cannot be.
    let span: Vec<Value> = (0..2001_u32).map(|i| json!([i * 99_999 + 1, 1, 1, true, true, false])).collect();
    for (text, message) in [
        (format!("{text}{{}}"), "expected the end of the file"),
        (text.replace(TYPE, "llvm.coverage.json.import"), "this type is not `llvm.coverage.json.export`"),
        (format!("{{\"type\": \"{TYPE}\", \"version\": \"2\"}}"), "has no data"),
        (text.replace("\"segments\":[", "\"segments\":[["), "expected"),
        (
            report(json!([{"filename": "a.rs", "segments": span}, {"filename": "b.rs", "segments": span}]), json!([])),
            "200,000,000 lines",
        ),
    ] {
        let error = read(&text).map(|_| ()).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}

/// The rule as it is written down, line by line.
fn by_the_rule(segments: &[Segment]) -> Vec<(u32, bool)> {
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return Vec::new() };
    let line = |line: u32| {
        let own: Vec<_> = segments.iter().filter(|s| s.line == line).collect();
        let wrapped = segments.iter().rfind(|s| s.line < line).copied();
        let skipped = own.first().is_some_and(|s| s.begins && !s.has_count);
        let begins = own.iter().any(|s| s.begins && s.has_count);
        let mapped = begins || !skipped && wrapped.is_some_and(|s| s.has_count);
        let hit = wrapped.is_some_and(|s| s.hit) || own.iter().any(|s| s.begins && s.has_count && !s.gap && s.hit);
        mapped.then_some((line, hit))
    };
    (first.line..=last.line).filter_map(line).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        segments in prop::collection::vec((0_u32..4, any::<[bool; 4]>()), 0..30),
        branches in prop::collection::btree_map((1_u32..20, 1_u32..9), any::<[bool; 2]>(), 0..10),
        functions in prop::collection::vec((1_u32..12, any::<bool>()), 0..12),
    ) {
        let mut line = 1;
        let segments: Vec<Segment> = segments.into_iter().map(|(further, [has_count, hit, begins, gap])| {
            line += further;
            Segment { line, has_count, hit: hit && has_count, begins, gap: gap && !begins }
        }).collect();
        let written: Vec<_> = segments.iter().map(|s| json!([s.line, 1, u32::from(s.hit), s.has_count, s.begins, s.gap])).collect();
        let arms: Vec<_> = branches.iter().map(|((line, column), [on, off])| {
            json!([line, column, line, column + 2, u32::from(*on), u32::from(*off), 0, 0, 4])
        }).collect();
        let named: Vec<_> = functions.iter().map(|(line, hit)| {
            json!({"name": "f", "count": u32::from(*hit), "filenames": ["a.rs"], "regions": [[line, 1, line, 9, 1, 0, 0, 0]]})
        }).collect();
        let text = report(json!([{"filename": "a.rs", "segments": written, "branches": arms}]), json!(named));
        let expected = by_the_rule(&segments);
        prop_assert_eq!(testing::lines(&mut read(&text).unwrap(), "a.rs"), expected.clone());
        let sum = |hits: &[bool]| -> Counts { (hits.iter().filter(|hit| **hit).count() as u64, hits.len() as u64) };
        let mut by_line = std::collections::BTreeMap::new();
        functions.iter().for_each(|(line, hit)| *by_line.entry(line).or_insert(false) |= hit);
        prop_assert_eq!(counts(&mut read(&text).unwrap())[0].1, [
            sum(&expected.iter().map(|(_, hit)| *hit).collect::<Vec<_>>()),
            sum(branches.values().flatten().copied().collect::<Vec<_>>().as_slice()),
            sum(&by_line.values().copied().collect::<Vec<_>>()),
            (0, 0),
        ]);
    }

    #[test]
    fn any_bytes_come_back(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let files = json!([{"filename": "a.rs", "segments": [[1, 1, 1, true, true, false], [90, 1, 0, false, false, false]], "branches": [[5, 7, 5, 12, 0, 1, 0, 0, 4]]}]);
        let mut bytes = report(files, json!([{"count": 1, "filenames": ["a.rs"], "regions": [[1, 1, 2, 3, 1, 0, 0, 0]]}])).into_bytes();
        edits.iter().for_each(|(at, byte)| { let at = at.index(bytes.len()); bytes[at] = *byte; });
        crate::fuzz(FORMAT.name, &bytes);
    }
}
