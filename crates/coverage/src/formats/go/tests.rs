//! What Go's profiles say, checked by hand and against a second, slow way of counting.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::file_coverage::Counts;
use crate::formats::testing::{self, counts, lines};
use crate::reading::{PathStyle, Reading};

fn try_read(bytes: &[u8]) -> Result<Reading, String> {
    testing::read("cover.out", "Go", bytes)
}

fn read(text: &str) -> Reading {
    try_read(text.as_bytes()).unwrap()
}

/// Lines and statements of the only file.
fn only(text: &str) -> [Counts; 2] {
    let mut reading = read(text);
    assert_eq!(reading.malformed.count, 0, "{:?}", reading.malformed);
    let files = counts(&mut reading);
    let [(_, [lines, (0, 0), (0, 0), statements])] = files.as_slice() else { panic!("{files:?}") };
    [*lines, *statements]
}

#[test]
fn lines_are_derived_from_blocks() {
    for (block, hit) in [
        ("3.10,3.20 1 1", vec![(3, true)]),
        ("3.10,5.2 2 0", vec![(3, false), (4, false)]),
        ("3.10,5.1 2 0", vec![(3, false), (4, false)]),
        ("3.10,5.3 2 7", vec![(3, true), (4, true), (5, true)]),
        ("3.1,3.2 1 1", vec![(3, true)]),
        ("26.15,26.16 0 1", vec![(26, true)]),
        // An empty default clause.
        ("17.11,17.11 0 0", vec![]),
        ("3.10,4.2 18446744073709551616 0", vec![]),
    ] {
        let mut reading = read(&format!("mode: count\na/b.go:{block}\n"));
        assert_eq!(lines(&mut reading, "a/b.go"), hit, "{block}");
        assert_eq!(reading.style, PathStyle::Go);
    }
}

#[test]
fn a_line_is_hit_if_any_block_of_it_is() {
    let text = "mode: set\na.go:1.1,3.9 2 1\na.go:3.9,5.2 3 0\na.go:5.2,5.9 1 1\n";
    assert_eq!(lines(&mut read(text), "a.go"), [(1, true), (2, true), (3, true), (4, false), (5, true)]);
    assert_eq!(only(text), [(4, 5), (3, 6)]);
}

#[test]
fn a_block_listed_again_is_the_same_block() {
    let once = "mode: atomic\na.go:1.1,3.2 2 0\na.go:5.1,6.9 3 4\n";
    let again = "mode: set\na.go:5.1,6.9 3 0\na.go:1.1,3.2 2 1\n";
    for text in [format!("{once}{again}"), format!("{again}{once}"), format!("{once}{again}{again}{once}")] {
        assert_eq!(only(&text), [(4, 4), (5, 5)]);
    }
    // Only all four numbers together name a block.
    assert_eq!(only("mode: set\na.go:1.1,3.2 2 0\na.go:1.1,3.3 2 1\n")[1], (2, 4));
    let reading = read("mode: set\na.go:1.1,3.2 2 0\na.go:1.1,3.2 5 1\n");
    assert_eq!(reading.sums().statements, (5, 5));
    assert!(reading.notes[0].contains("another number of statements"));
}

#[test]
fn paths_of_every_kind() {
    let text = "mode: set\nexample.org/m/a b.go:1.1,2.9 1 1\nC:/x:y/a.go:1.1,1.9 1 0\ngithub.com\\x\\a.go:1.1,1.9 1 1\n\
                ./a.go:1.1,1.2 1 1\nC:\\a.go:4.1,4.9 2 1\nexample.org/m/a b.go:7.1,7.9 1 0\n";
    let names: Vec<_> = counts(&mut read(text)).into_iter().map(|(path, [lines, .., st])| (path, lines, st)).collect();
    let names: Vec<_> = names.iter().map(|(path, lines, statements)| (path.as_str(), *lines, *statements)).collect();
    let expected = [
        ("./a.go", (1, 1), (1, 1)),
        ("C:/x:y/a.go", (0, 1), (0, 1)),
        ("C:\\a.go", (1, 1), (2, 2)),
        ("example.org/m/a b.go", (2, 3), (1, 2)),
        ("github.com\\x\\a.go", (1, 1), (1, 1)),
    ];
    assert_eq!(names, expected);
    assert_eq!(counts(&mut try_read(b"mode: set\n\xFF.go:1.1,1.9 1 1\n").unwrap())[0].0, "\u{FFFD}.go");
}

#[test]
fn a_profile_is_told_by_its_first_line() {
    for text in ["mode: set\r\na.go:1.1,1.9 1 1\r\n", "\u{FEFF}mode: count\na.go:1.1,1.9 1 1", "\n\na.go:1.1,1.9 1 1\n"]
    {
        assert_eq!(only(text), [(1, 1), (1, 1)]);
    }
    for text in ["mode: dark\na.go:1.1,1.9 1 1\n", "a.go:1: f 100.0%\n", "a.c:1.1,1.9 1 1\n"] {
        assert!(try_read(text.as_bytes()).is_err_and(|message| message.contains("no coverage report")), "{text}");
    }
    assert!(try_read(b"mode: set\n").is_err_and(|message| message.contains("names no file")));
}

#[test]
fn odd_numbers_are_counted_or_skipped_and_told() {
    let text = "mode: set\na.go:1.1,1.9 1 -3\na.go:0.0,0.0 1 1\na.go:2.1,2.9 1 99999999999999999999\na.go:3.1,3.9 1 1e3\n\
                mode: none\na.go:4.1,4.9 1 NaN\na.go:5.1,5.99999999999999999999 1 1\n";
    assert_eq!(only(text), [(3, 5), (3, 5)]);
    let odd = read(text).oddities;
    assert_eq!((odd.negative, odd.line_zero, odd.unknown, odd.undefined), (1, 1, 1, 1));
}

#[test]
fn senseless_blocks_are_named_by_line() {
    let bad = [
        "a.go",
        "a.go:1.1,2.2 1",
        "a.go:1,2 1 1",
        "a.go:1.1,2.2 x 1",
        "a.go:1.1,2.2 1 x",
        "a.go:x.1,2.2 1 1",
        "a.go:1.-1,2.2 1 1",
        ":1.1,2.2 1 1",
        "a.go:2.1,1.9 1 1",
        "a.go:2.5,2.4 1 1",
        "a\u{7}.go:1.1,2.2 1 1",
        "a.go:1.1,100001.9 1 1",
        "a.go:1.1,2147483647.9 1 0",
        "a.go:1.1,4294967296.9 1 0",
        "a.go:1.1,2.9 100001 1",
        "a.go:1.1,2.9 18446744073709551616 1",
        "a.go:7: f 100.0%",
    ];
    for text in bad {
        let reading = read(&format!("mode: set\nb.go:1.1,1.9 1 1\n{text}\nb.go:2.1,2.9 1 1\n"));
        assert_eq!(reading.malformed.first.as_ref().map(|(line, _)| *line), Some(3), "{text}");
        assert_eq!(reading.sums().statements, (2, 2), "{text}");
    }
    assert_eq!(only("mode: set\na.go:1.1,100000.9 1 1\n")[0], (100_000, 100_000));
}

#[test]
fn a_profile_that_was_cut_short_is_refused() {
    let text = "mode: set\na.go:1.1,1.9 1 1\na.go:2.1,2.9 1 1";
    assert_eq!(only(text)[1], (2, 2));
    for cut in ["a.go", "a.go:3.1,4", "a.go:3.1,4.9", "a.go:3.1,4.9 1"] {
        let message = try_read(format!("{text}\n{cut}").as_bytes()).map(|_| ()).unwrap_err();
        assert!(message.starts_with("cover.out:4: the report was cut short"), "{message}");
    }
}

#[test]
fn bounds_hold() {
    let long = [b"mode: set\na.go:1.1,1.9 1 1\n".to_vec(), vec![b'x'; 10_000_000]].concat();
    let message = try_read(&long).map(|_| ()).unwrap_err();
    assert!(message.starts_with("cover.out:3: a line or value here is longer than"), "{message}");

    let huge: String = (1..=2100).map(|i| format!("a.go:{i}.1,{}.9 1 0\n", i + 99_999)).collect();
    let message = try_read(format!("mode: set\n{huge}").as_bytes()).map(|_| ()).unwrap_err();
    assert!(message.contains("more than 200 million lines together"), "{message}");
    // The same blocks again are the same lines.
    let again: String = (0..100_000).map(|i| format!("f{}.go:1.1,5000.9 1 0\n", i % 2)).collect();
    assert_eq!(read(&format!("mode: set\n{again}")).sums().lines, (0, 10_000));
}

type Block = (u8, u32, u32, u32, u32, u32, bool);

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let block = (0_u8..3, 1_u32..40, 1_u32..4, 0_u32..4, 1_u32..5, 0_u32..4, any::<bool>());
    prop::collection::vec(block, 0..80)
}

/// A profile; the number of statements follows from the place, as it does in Go.
fn write(blocks: &[Block], repeated: bool) -> String {
    let mut text = "mode: count\n".to_owned();
    for (file, line, column, length, width, count, mode) in blocks {
        let (end, end_column) = (line + length, if *length == 0 { column + width } else { *width });
        let statements = (line + length) % 4;
        text += &format!("m/f {file}.go:{line}.{column},{end}.{end_column} {statements} {count}\n");
        if *mode && repeated {
            text += "mode: count\n";
        }
    }
    text
}

/// Lines with whether they were hit, and places with their statements and whether they were run.
type Maps = (BTreeMap<u32, bool>, BTreeMap<String, (u64, bool)>);

/// Lines and statements of each file, block by block in maps.
fn expected(text: &str) -> BTreeMap<String, [Counts; 2]> {
    let mut all: BTreeMap<String, Maps> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with("mode:")) {
        let (path, rest) = line.split_once(':').unwrap();
        let fields: Vec<u32> = rest.split(['.', ',', ' ']).map(|field| field.parse().unwrap()).collect();
        let [start, _, end, end_column, statements, count] = fields[..] else { panic!("{line}") };
        let (lines, places) = all.entry(path.to_owned()).or_default();
        for line in (start..=end).filter(|line| *line == start || *line < end || end_column > 2) {
            *lines.entry(line).or_default() |= count > 0;
        }
        let place = places.entry(rest.split(' ').next().unwrap().to_owned()).or_insert((u64::from(statements), false));
        place.1 |= count > 0;
    }
    let sums = |(lines, places): Maps| {
        let hit = lines.values().filter(|hit| **hit).count() as u64;
        let run = places.values().filter(|(_, hit)| *hit).map(|(weight, _)| weight).sum();
        [(hit, lines.len() as u64), (run, places.values().map(|(weight, _)| weight).sum())]
    };
    all.into_iter().map(|(path, found)| (path, sums(found))).collect()
}

fn counted(text: &str) -> BTreeMap<String, [Counts; 2]> {
    counts(&mut read(text)).into_iter().map(|(path, [lines, _, _, statements])| (path, [lines, statements])).collect()
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(blocks in blocks().prop_filter("a file", |blocks| !blocks.is_empty()), repeated in any::<bool>()) {
        let text = write(&blocks, repeated);
        prop_assert_eq!(counted(&text), expected(&text));
        let twice = [blocks.clone(), blocks.iter().rev().copied().collect()].concat();
        prop_assert_eq!(counted(&write(&twice, repeated)), expected(&text));
    }

    #[test]
    fn any_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        crate::fuzz("Go", &[b"mode: set\n".to_vec(), bytes].concat());
    }

    #[test]
    fn any_text_of_the_right_letters_comes_back(text in "([ab.go/:\\\\ ]{0,8}[-0-9.,: e]{0,20}\n){0,30}") {
        crate::fuzz("Go", format!("mode: set\n{text}").as_bytes());
    }
}
