//! What LCOV reports say, checked by hand and against a second, slow way of counting.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::file_coverage::FileCoverage;
use crate::formats::testing;
use crate::reading::Reading;

fn try_read(bytes: &[u8]) -> Result<Reading, String> {
    testing::read("lcov.info", "LCOV", bytes)
}

fn read(text: &str) -> Reading {
    try_read(text.as_bytes()).unwrap()
}

type Counts = [(u64, u64); 3];

fn counts(file: &FileCoverage) -> Counts {
    [file.lines.counts(), file.branches.counts(), file.functions.counts()]
}

/// Lines, branches and functions of the only file.
fn only(text: &str) -> Counts {
    let files = read(text).take_files();
    assert_eq!(files.len(), 1, "{files:?}");
    counts(&files[0].1)
}

#[test]
fn records_of_version_1() {
    let text = "TN:unit\nSF:src/a.c\nVER:1\nFN:1,main\nFN:5,9,helper\nFNDA:1,main\nFNDA:0,helper\nFNF:2\nFNH:1\n\
                BRDA:2,0,0,1\nBRDA:2,0,1,-\nBRF:2\nBRH:1\nDA:1,1\nDA:2,3,abc\nDA:6,0\nLF:3\nLH:2\nend_of_record\n";
    assert_eq!(only(text), [(2, 3), (1, 2), (1, 2)]);
    assert_eq!(read(text).disagreements.count, 0);
}

#[test]
fn records_of_version_2() {
    let text = "SF:a.cpp\nFNL:0,3,9\nFNA:0,0,f<int>\nFNA:0,2,f<char, int>\nFNL:1,12\nFNA:1,0,g\nFNF:2\nFNH:1\n\
                BRDA:4,e0,0,1\nBRDA:4,0,f(a, b),0\nBRDA:4,0,!f(a, b),2\nBRDA:5,u0,0,0\nBRDA:6,fe1,0,NaN\nBRF:4\nBRH:2\n\
                MCDC:4,2,t,1,0,a\nMCF:2\nMCH:1\nDA:3,1\nLF:1\nLH:1\nend_of_record\n";
    assert_eq!(only(text), [(1, 1), (2, 4), (1, 2)]);
    assert_eq!(read(text).disagreements.count, 0);
    assert_eq!(read(text).oddities.undefined, 1);
}

#[test]
fn functions_of_both_versions_meet_in_counts() {
    let old = "SF:a\nFN:3,f\nFN:12,g\nFNDA:0,f\nFNDA:0,g\nDA:3,1\nend_of_record\n";
    let new = "SF:a\nFNL:0,3,9\nFNA:0,2,f\nFNL:1,12\nFNA:1,0,g\nDA:3,1\nend_of_record\n";
    assert_eq!(only(&format!("{old}{new}"))[2], (1, 2));
    assert_eq!(only(&format!("{new}{old}{new}"))[2], (1, 2));
}

#[test]
fn functions_of_one_name_in_two_lines() {
    let functions = |records: &str| only(&format!("SF:a\n{records}DA:1,1\nend_of_record\n"))[2];
    // As Node and Istanbul write them, and one after the other.
    assert_eq!(functions("FN:2,render\nFN:7,render\nFNDA:1,render\nFNDA:0,render\n"), (1, 2));
    assert_eq!(functions("FN:7,9,render\nFNDA:0,render\nFN:2,4,render\nFNDA:1,render\n"), (1, 2));
    assert_eq!(functions("FN:2,f\nFN:7,f\nFN:7,f\nFNDA:0,f\nFNDA:0,f\nFNDA:3,f\n"), (1, 2));
    // One count, and nobody can tell whose.
    assert_eq!(functions("FN:2,f\nFN:7,f\nFNDA:1,f\n"), (1, 1));
    assert_eq!(functions("FN:2,f\nFN:7,f\n"), (0, 1));
    assert_eq!(functions("FN:2,f\nFN:2,f\nFNDA:0,f\nFNDA:1,f\nFN:9,g\nFNDA:0,g\n"), (1, 2));
    // Two records unite them place by place.
    let record = |hits: [u32; 2]| {
        format!("SF:a\nFN:2,f\nFN:7,f\nFNDA:{},f\nFNDA:{},f\nDA:1,1\nend_of_record\n", hits[0], hits[1])
    };
    assert_eq!(only(&(record([1, 0]) + &record([0, 1])))[2], (2, 2));
    assert_eq!(only(&(record([1, 0]) + &record([1, 0])))[2], (1, 2));
}

#[test]
fn names_hold_commas() {
    let text =
        "SF:a\nFN:1,f(int, int)\nFN:2,9,f(char, 7)\nFNDA:1,f(int, int)\nFNDA:0,f(char, 7)\nDA:1,1\nend_of_record\n";
    assert_eq!(only(text)[2], (1, 2));
}

#[test]
fn whatever_is_listed_twice_is_one() {
    let once = "SF:a\nDA:1,0\nDA:2,1\nBRDA:1,0,0,-\nFN:1,f\nFNDA:0,f\nend_of_record\n";
    let again = "TN:other\nSF:a\nDA:1,3\nDA:1,0\nDA:4,0\nBRDA:1,0,0,2\nFNDA:1,f\nend_of_record\n";
    assert_eq!(only(&format!("{once}{again}")), [(2, 3), (1, 1), (1, 1)]);
    assert_eq!(only(&format!("{again}{once}")), [(2, 3), (1, 1), (1, 1)]);
}

#[test]
fn lines_are_only_what_da_says() {
    assert_eq!(only("SF:a\nFN:7,f\nBRDA:9,0,0,1\nDA:1,0\nend_of_record\n")[0], (0, 1));
}

#[test]
fn odd_numbers_are_counted_or_skipped_and_told() {
    let text = "SF:a\nDA:1,-5\nDA:2,1e3\nDA:3,undefined\nDA:undefined,1\nDA:4,=====\nDA:0,1\nDA:-1,1\n\
                DA:5,99999999999999999999999\nDA: 6 , 1 \nnewthing:1\n=====\nend_of_record\n";
    let mut reading = read(text);
    let odd = reading.oddities;
    assert_eq!((odd.negative, odd.undefined, odd.line_zero, odd.unknown), (1, 3, 2, 2));
    assert_eq!(reading.malformed.count, 0);
    assert_eq!(counts(&reading.take_files()[0].1)[0], (3, 6));
}

#[test]
fn senseless_records_are_named_by_line() {
    let reading = read(
        "DA:1,1\nSF:a\nDA:5\nDA:x,1\nDA:3,y\nDA:4294967296,1\nBRDA:1,0,1\nFN:1\nFNDA:f\nFNA:0\nFNL:1\nDA:1,1\n\
                        end_of_record\nSF:\nDA:1,1\nend_of_record\n",
    );
    assert_eq!(reading.malformed.count, 11);
    assert_eq!(reading.malformed.first, Some((1, "stands outside a record: no SF before it".to_owned())));
    assert_eq!(reading.len(), 1);
    assert_eq!(read("SF:a\nDA:5\nend_of_record").malformed.first.unwrap().0, 2);
}

#[test]
fn a_report_that_was_cut_short_is_refused() {
    for text in ["SF:a\nDA:1,1\n", "SF:a\nDA:1,1\nend_of_rec", "SF:a\nend_of_record\nTN:\nSF:b"] {
        let message = try_read(text.as_bytes()).map(|_| ()).unwrap_err();
        assert!(message.contains("no end_of_record: the report was cut short"), "{message}");
    }
    assert_eq!(read("SF:a\nDA:1,1\nSF:b\nDA:1,1\nend_of_record").len(), 2);
}

#[test]
fn a_line_that_is_no_record_is_damage() {
    for end in ["S", "Killed", "end_of_re", "Segmentation fault"] {
        let reading = read(&format!("SF:a\nDA:1,1\nend_of_record\n{end}"));
        assert_eq!(reading.malformed.first, Some((4, "is no LCOV record".to_owned())), "{end}");
    }
}

#[test]
fn junk_is_refused() {
    for (bytes, word) in [
        (&b""[..], "is empty"),
        (b"\x7fELF\0\0\0", "binary"),
        (b"TN:\n", "names no file"),
        (b"hello\nworld\n", "no coverage report"),
    ] {
        let message = try_read(bytes).map(|_| ()).unwrap_err();
        assert!(message.starts_with("lcov.info: ") && message.contains(word), "{message}");
    }
    let long = [b"SF:a\nDA:1,1\nSF:".to_vec(), vec![b'x'; 10_000_000], b"\nend_of_record\n".to_vec()].concat();
    let message = try_read(&long).map(|_| ()).unwrap_err();
    assert!(message.starts_with("lcov.info:3: a line or value here is longer than"), "{message}");
}

#[test]
fn encodings_and_line_ends() {
    let text = "TN:\nSF:src/a.ts\nDA:1,1\nDA:2,0\nFN:1,f\nFNDA:1,f\nend_of_record\n";
    let crlf = text.replace('\n', "\r\n");
    assert_eq!(only(&crlf), only(text));
    assert_eq!(only(&format!("\u{FEFF}{crlf}")), only(text));
    let files = try_read(b"SF:src/\xFF.c\nDA:1,1\nend_of_record\n").unwrap().take_files();
    assert_eq!(files[0].0, "src/\u{FFFD}.c");
    let spaced = read("SF: a b.c \nDA:1,1 \nend_of_record  ").take_files();
    assert_eq!((spaced[0].0.as_str(), counts(&spaced[0].1)[0]), ("a b.c", (1, 1)));
}

#[test]
fn declared_totals_are_compared_and_never_used() {
    let mut reading = read("SF:a\nDA:1,1\nLF:10\nLH:9\nend_of_record\nSF:b\nLF:7\nLH:7\nend_of_record\n");
    assert_eq!(reading.disagreements.count, 2);
    assert_eq!(reading.disagreements.worst[0].path, "a");
    let files = reading.take_files();
    assert_eq!(counts(&files[0].1)[0], (1, 1));
    assert!(!files[0].1.is_unlisted() && files[1].1.is_unlisted());
}

/// One record, as a test tool knows it.
#[derive(Clone, Debug)]
enum Entry {
    Line(u32, i32),
    Branch(u32, u32, String, Option<u32>),
    Function(String, u32),
    Noise(String),
}

fn entry() -> impl Strategy<Value = Entry> {
    let line = (1_u32..200, -1_i32..4).prop_map(|(line, count)| Entry::Line(line, count));
    let names = prop::sample::select(vec!["0", "1", "a, b", "x == 1", "!f(a,b)"]);
    let branch = (1_u32..20, 0_u32..3, names, prop::option::of(0_u32..3))
        .prop_map(|(line, block, name, taken)| Entry::Branch(line, block, name.to_owned(), taken));
    let names = prop::sample::select(vec!["main", "f(int, char)", "operator,", "(anonymous_1)"]);
    let function = (names, 0_u32..3).prop_map(|(name, count)| Entry::Function(name.to_owned(), count));
    let noise = prop::sample::select(vec!["", "# note: DA:1,1", "VER:abc", "LF:3", "ABC:1,2", "MCDC:1,2,t,1,0,x"]);
    prop_oneof![6 => line, 2 => branch, 1 => function, 1 => noise.prop_map(|text| Entry::Noise(text.to_owned()))]
}

fn records() -> impl Strategy<Value = Vec<(String, Vec<Entry>)>> {
    let path = prop::sample::select(vec!["a.ts", "src/b.ts", "src/c d.ts"]).prop_map(str::to_owned);
    prop::collection::vec((path, prop::collection::vec(entry(), 0..60)), 1..8)
}

fn write(records: &[(String, Vec<Entry>)], end: &str) -> String {
    let mut text = String::new();
    for (path, entries) in records {
        text += &format!("TN:{end}SF:{path}{end}");
        for entry in entries {
            text += &match entry {
                Entry::Line(line, count) => format!("DA:{line},{count}"),
                Entry::Branch(line, block, name, Some(taken)) => format!("BRDA:{line},{block},{name},{taken}"),
                Entry::Branch(line, block, name, None) => format!("BRDA:{line},{block},{name},-"),
                Entry::Function(name, count) => format!("FN:3,{name}{end}FNDA:{count},{name}"),
                Entry::Noise(text) => text.clone(),
            };
            text += end;
        }
        text += &format!("end_of_record{end}");
    }
    text
}

/// The counts of each file, from sets of everything and sets of what was hit.
fn expected(records: &[(String, Vec<Entry>)]) -> BTreeMap<String, Counts> {
    let mut all: BTreeMap<String, [BTreeSet<String>; 3]> = BTreeMap::new();
    let mut hit: BTreeMap<String, [BTreeSet<String>; 3]> = BTreeMap::new();
    for (path, entries) in records {
        let (all, hit) = (all.entry(path.clone()).or_default(), hit.entry(path.clone()).or_default());
        for entry in entries {
            let (kind, key, was_hit) = match entry {
                Entry::Line(line, count) => (0, line.to_string(), *count > 0),
                Entry::Branch(line, block, name, taken) => {
                    (1, format!("{line}/{block}/{name}"), taken.is_some_and(|taken| taken > 0))
                }
                Entry::Function(name, count) => (2, name.clone(), *count > 0),
                Entry::Noise(_) => continue,
            };
            all[kind].insert(key.clone());
            if was_hit {
                hit[kind].insert(key);
            }
        }
    }
    let count = |(path, all): (String, [BTreeSet<String>; 3])| {
        let counts = [0, 1, 2].map(|kind| (hit[&path][kind].len() as u64, all[kind].len() as u64));
        (path, counts)
    };
    all.into_iter().map(count).collect()
}

fn counted(text: &str) -> BTreeMap<String, Counts> {
    read(text).take_files().into_iter().map(|(path, file)| (path, counts(&file))).collect()
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(records in records(), crlf in any::<bool>()) {
        let text = write(&records, if crlf { "\r\n" } else { "\n" });
        prop_assert_eq!(counted(&text), expected(&records));
    }

    #[test]
    fn order_and_repetition_of_records_change_nothing(records in records()) {
        let mut twice = records.clone();
        twice.reverse();
        twice.extend(records.clone());
        prop_assert_eq!(counted(&write(&twice, "\n")), counted(&write(&records, "\n")));
    }

    #[test]
    fn any_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        crate::fuzz("LCOV", &bytes);
        crate::fuzz("LCOV", &[b"TN:\nSF:a\n".to_vec(), bytes].concat());
    }

    #[test]
    fn any_text_of_the_right_letters_comes_back(text in "((SF|DA|BRDA|FN|FNDA|FNL|FNA|LF|end_of_record)?[:,]?[-0-9a,efu.]{0,12}\n){0,40}") {
        crate::fuzz("LCOV", text.as_bytes());
        crate::fuzz("LCOV", format!("SF:a\n{text}").as_bytes());
    }
}

#[test]
fn instances_of_a_generic_function_of_rust_are_one() {
    let (a, b) = ("_RINvCs1_1a3keyReE", "_RINvCs1_1a3keyNtB2_1XE");
    let text = format!(
        "SF:a.rs\nFN:5,{a}\nFN:5,{b}\nFN:9,_RNvCs1_1a3one\nFNDA:0,{a}\nFNDA:2,{b}\nFNDA:0,_RNvCs1_1a3one\nFNF:2\nFNH:1\nDA:5,1\nend_of_record\n"
    );
    assert_eq!(only(&text)[2], (1, 2));
    assert_eq!(read(&text).disagreements.count, 0);
    // Functions of one line whose names are no symbols of Rust are several.
    assert_eq!(only("SF:a.js\nFN:5,f\nFN:5,g\nFNDA:1,f\nDA:5,1\nend_of_record\n")[2], (1, 2));
}
