//! What SonarQube's generic coverage says, checked by hand and against a second, slow way of counting.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::file_coverage::Counts;
use crate::formats::{FORMATS, detect, testing};
use crate::reading::Reading;

fn try_read(bytes: &[u8]) -> Result<Reading, String> {
    testing::read("sonar.xml", "SonarQube generic XML", bytes)
}

fn read(text: &str) -> Reading {
    try_read(text.as_bytes()).unwrap()
}

fn report(files: &str) -> String {
    format!("<coverage version='1'>{files}</coverage>")
}

/// A report on the file `a.c` with these lines.
fn file(lines: &str) -> String {
    report(&format!("<file path='a.c'>{lines}</file>"))
}

/// Lines and branches of the only file.
fn only(text: &str) -> [Counts; 2] {
    let files = testing::counts(&mut read(text));
    assert_eq!(files.len(), 1, "{files:?}");
    let [lines, branches, functions, statements] = files[0].1;
    assert_eq!([functions, statements], [(0, 0); 2]);
    [lines, branches]
}

#[test]
fn lines_and_branches() {
    for (lines, expected) in [
        ("<lineToCover lineNumber='1' covered='true'/><lineToCover lineNumber='2' covered='false'/>", [(1, 2), (0, 0)]),
        ("<lineToCover covered='TRUE' lineNumber=' 1 '/>", [(1, 1), (0, 0)]),
        ("<lineToCover lineNumber='1' covered='true' branchesToCover='4' coveredBranches='3'/>", [(1, 1), (3, 4)]),
        ("<lineToCover lineNumber='1' covered='false' branchesToCover='4'/>", [(0, 1), (0, 4)]),
        ("<lineToCover lineNumber='1' covered='true' branchesToCover='0' coveredBranches='0'/>", [(1, 1), (0, 0)]),
        (
            "<lineToCover lineNumber='5' covered='false'/>\n<lineToCover lineNumber='5' covered='true'/>",
            [(1, 1), (0, 0)],
        ),
        (
            "<lineToCover lineNumber='0' covered='true'/><lineToCover lineNumber='undefined' covered='true'/>",
            [(0, 0); 2],
        ),
        ("", [(0, 0); 2]),
    ] {
        assert_eq!(only(&file(lines)), expected, "{lines}");
        assert_eq!(read(&file(lines)).malformed.count, 0);
    }
    let odd = read(&file("<lineToCover lineNumber='0' covered='true'/><other/>")).oddities;
    assert_eq!((odd.line_zero, odd.unknown), (1, 1));
}

#[test]
fn a_file_that_stands_twice_is_one() {
    let one = |covered: &str| format!("<file path='a.c'><lineToCover lineNumber='1' covered='{covered}'/></file>");
    assert_eq!(only(&report(&format!("{}{}", one("true"), one("false"))))[0], (1, 1));
}

#[test]
fn records_that_make_no_sense_are_named_by_line() {
    for (record, words) in [
        ("<lineToCover covered='true'/>", "lineToCover needs lineNumber"),
        ("<lineToCover lineNumber='1'/>", "lineToCover needs lineNumber"),
        ("<lineToCover lineNumber='1' covered='1'/>", "lineToCover needs lineNumber"),
        ("<lineToCover lineNumber='one' covered='true'/>", "lineToCover needs lineNumber"),
        ("<lineToCover lineNumber='99999999999' covered='true'/>", "lineToCover needs lineNumber"),
        ("<lineToCover lineNumber='1' covered='true' branchesToCover='1.5'/>", "needs whole numbers"),
        (
            "<lineToCover lineNumber='1' covered='true' branchesToCover='2' coveredBranches='-1'/>",
            "needs whole numbers",
        ),
        (
            "<lineToCover lineNumber='1' covered='true' branchesToCover='2' coveredBranches='3'/>",
            "more branches are taken",
        ),
        ("<lineToCover lineNumber='1' covered='true' coveredBranches='1'/>", "more branches are taken"),
        ("<lineToCover lineNumber='1' covered='true' branchesToCover='18446744073709551616'/>", "no more than 100,000"),
        ("<file path='b.c'/>", "a file stands within a file"),
    ] {
        let reading = read(&file(&format!("\n\n{record}\n")));
        let (line, message) = reading.malformed.first.clone().unwrap();
        assert!(reading.malformed.count == 1 && line == 3 && message.contains(words), "{record}: {line}: {message}");
    }
    for (inner, words) in [
        ("<file path='a.c'/><lineToCover lineNumber='1' covered='true'/>", "stands outside a file"),
        ("<file path=''><lineToCover lineNumber='1' covered='true'/></file>", "a file needs its path"),
        ("<file path='a&#9;b'/>", "a file needs its path"),
    ] {
        let (_, message) = read(&report(inner)).malformed.first.unwrap();
        assert!(message.contains(words), "{inner}: {message}");
    }
    let lines: String =
        (1..1000).map(|i| format!("<lineToCover lineNumber='{i}' covered='true' branchesToCover='100000'/>")).collect();
    assert!(read(&file(&lines)).sums().branches.1 < 2_000_000);
}

#[test]
fn damage_is_refused() {
    let whole = file("<lineToCover lineNumber='1' covered='true'/>");
    for end in (1..whole.len()).rev().take_while(|end| whole[..*end].contains("a.c'>")) {
        let message = try_read(&whole.as_bytes()[..end]).map(|_| ()).unwrap_err();
        assert!(message.contains("cut short"), "{message}");
    }
    for (text, words) in [
        (report(""), "names no file"),
        (whole.replace("version='1'", "version='2'"), "expected version=\"1\""),
        (whole.replace("</file>", ""), "`file`"),
        (whole.replace("a.c", "&b;"), "not expanded"),
        (whole.replace("a.c", &"x".repeat(2_000_000)), "longer than 1,048,576 bytes"),
        (whole.replace("'true'", "'true"), "`<` in the value"),
    ] {
        let message = try_read(text.as_bytes()).map(|_| ()).unwrap_err();
        assert!(message.starts_with("sonar.xml") && message.contains(words), "{message}");
    }
}

#[test]
fn encodings_and_line_ends() {
    let text = format!("<?xml version='1.0'?>\n{}", file("\n<lineToCover lineNumber='1' covered='true'/>\n"));
    for text in [text.clone(), text.replace('\n', "\r\n"), format!("\u{FEFF}{text}"), text.replace(" version='1'", "")]
    {
        assert_eq!(only(&text), [(1, 1), (0, 0)], "{text}");
    }
    let bytes: Vec<u8> = text.replace("a.c", "#").bytes().map(|byte| if byte == b'#' { 0xFF } else { byte }).collect();
    assert_eq!(try_read(&bytes).unwrap().take_files()[0].0, "\u{FFFD}");
}

#[test]
fn it_is_told_from_what_looks_like_it() {
    for text in [
        "<coverage version='1'><packages/></coverage>",
        "<coverage clover='4' generated='1'><project><file name='a' path='a'/></project></coverage>",
        "<coverage line-rate='1'/>",
        "<unitTest version='1'><file path='a'/></unitTest>",
        "<coverage/>",
        "<coverage version='4.1'/>",
    ] {
        let name = detect(text.as_bytes()).map(|format| FORMATS[format].name);
        assert_ne!(name, Ok("SonarQube generic XML"), "{text}");
    }
}

const FILES: [&str; 3] = ["a.c", "src/b & c.c", "C:\\d.cs"];

proptest! {
    #[test]
    fn a_slow_recount_agrees(
        files in prop::collection::vec(
            (0..FILES.len(), prop::collection::vec((1_u32..99, any::<bool>(), 0_u64..4, 0_u64..4), 0..40)), 1..6),
        space in prop::sample::select(vec!["", "\n  ", "<!-- -->"]),
    ) {
        let mut text = String::new();
        let mut lines: BTreeMap<&str, BTreeMap<u32, (bool, u64, u64)>> = BTreeMap::new();
        for (file, records) in &files {
            let known = lines.entry(FILES[*file]).or_default();
            text += &format!("{space}<file path=\"{}\">", FILES[*file].replace('&', "&amp;"));
            for (line, covered, a, b) in records {
                let (taken, all) = (*a.min(b), *a.max(b));
                let branches = format!(" branchesToCover=\"{all}\" coveredBranches=\"{taken}\"");
                let branches = if all > 0 { branches } else { String::new() };
                text += &format!("{space}<lineToCover lineNumber=\"{line}\" covered=\"{covered}\"{branches}/>");
                let entry = known.entry(*line).or_default();
                *entry = (entry.0 | covered, entry.1.max(taken), entry.2.max(all));
            }
            text += "</file>";
        }
        let count = |(path, lines): (&str, BTreeMap<u32, (bool, u64, u64)>)| {
            let hit = lines.values().filter(|(hit, ..)| *hit).count() as u64;
            let branches = lines.values().fold((0, 0), |sum, (_, taken, all)| (sum.0 + taken, sum.1 + all));
            (path.to_owned(), [(hit, lines.len() as u64), branches, (0, 0), (0, 0)])
        };
        let expected: Vec<_> = lines.into_iter().map(count).collect();
        prop_assert_eq!(testing::counts(&mut read(&report(&text))), expected);
    }

    #[test]
    fn any_change_comes_back(at in 0_usize..400, byte in any::<u8>(), cut in 0_usize..400) {
        let text = file("<lineToCover lineNumber='1' covered='true' branchesToCover='2' coveredBranches='1'/>");
        let mut bytes = text.into_bytes();
        let length = bytes.len();
        bytes[at % length] = byte;
        crate::fuzz("SonarQube generic XML", &bytes);
        crate::fuzz("SonarQube generic XML", &bytes[..cut % length]);
    }
}
