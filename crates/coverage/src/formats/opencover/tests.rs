//! What OpenCover reports say, checked by hand and against a second, slow way of counting.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;

use crate::file_coverage::Counts;
use crate::formats::testing;
use crate::reading::Reading;

const NAME: &str = "OpenCover XML";

fn try_read(text: &str) -> Result<Reading, String> {
    testing::read("opencover.xml", NAME, text.as_bytes())
}

fn session(modules: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<CoverageSession>\n<Modules>\n{modules}</Modules>\n</CoverageSession>\n")
}

const FILES: &str =
    r#"<Files><File uid="1" fullPath="C:\w\a.cs"/><File uid="2" fullPath="C:\w\b &amp; c.cs"/></Files>"#;

fn module(summary: &str, methods: &str) -> String {
    format!(
        "<Module hash=\"1\">{summary}<FullName>C:\\w\\m.dll</FullName><ModuleName>m</ModuleName>{FILES}\n<Classes><Class>\
         <Summary numSequencePoints=\"99\"/><FullName>C</FullName><Methods>\n{methods}</Methods></Class></Classes>\
         <TrackedMethods><TrackedMethod uid=\"1\" name=\"T\"/></TrackedMethods></Module>\n"
    )
}

fn method(name: &str, visited: bool, points: &str) -> String {
    format!(
        "<Method visited=\"{visited}\"><Summary numSequencePoints=\"77\"/><Name>{name}</Name><FileRef uid=\"1\"/>\n{points}\
         <MethodPoint vc=\"9\" uspid=\"1\" sl=\"500\" el=\"500\"/></Method>\n"
    )
}

/// The counts of every file of a report of one module of one method with these points.
fn points(points: &str) -> Vec<(String, [Counts; 4])> {
    testing::counts(&mut try_read(&session(&module("", &method("M", false, points)))).unwrap())
}

fn a(counts: [Counts; 4]) -> Vec<(String, [Counts; 4])> {
    vec![("C:\\w\\a.cs".to_owned(), counts)]
}

#[test]
fn points_branches_and_methods() {
    let first = method(
        "First()",
        true,
        "<SequencePoint vc=\"2\" sl=\"10\" sc=\"1\" el=\"12\" ec=\"9\" fileid=\"1\"/>\
         <SequencePoint vc=\"0\" sl=\"12\" sc=\"10\" el=\"12\" ec=\"20\" fileid=\"1\"/>\
         <SequencePoint vc=\"0\" sl=\"14\" el=\"14\"><TrackedMethodRefs><TrackedMethodRef uid=\"1\" vc=\"1\"/>\
         </TrackedMethodRefs></SequencePoint>\
         <BranchPoint vc=\"1\" sl=\"10\" path=\"0\"/><BranchPoint vc=\"0\" sl=\"10\" path=\"1\"/>",
    );
    let second = method("Second()", false, "<SequencePoint vc=\"0\" sl=\"3\" el=\"3\" fileid=\"2\"/>");
    let added = method(".ctor()", true, "");
    let mut reading = try_read(&session(&module("", &format!("{first}{second}{added}")))).unwrap();
    let expected = [
        ("C:\\w\\a.cs".to_owned(), [(3, 4), (1, 2), (1, 1), (1, 3)]),
        ("C:\\w\\b & c.cs".to_owned(), [(0, 1), (0, 0), (0, 1), (0, 1)]),
    ];
    assert_eq!(testing::counts(&mut reading), expected);
    assert_eq!(reading.disagreements.count, 0, "what classes and methods declare is not compared");
}

#[test]
fn points_of_every_kind() {
    for (text, counts) in [
        ("<SequencePoint vc=\"1\" sl=\"5\"/>", [(1, 1), (0, 0), (1, 1), (1, 1)]),
        ("<SequencePoint vc=\"1\" sl=\"5\" el=\"0\"/>", [(1, 1), (0, 0), (1, 1), (1, 1)]),
        ("<SequencePoint vc=\"99999999999999999999999\" sl=\"5\" el=\"5\"/>", [(1, 1), (0, 0), (1, 1), (1, 1)]),
        ("<SequencePoint vc=\"-7\" sl=\"5\" el=\"5\"/>", [(0, 1), (0, 0), (0, 1), (0, 1)]),
        ("<SequencePoint vc=\"0.0\" sl=\"5\" el=\"5\"/>", [(0, 1), (0, 0), (0, 1), (0, 1)]),
        // Twice the same place in a method are two points, in two lines or in one.
        (
            "<SequencePoint vc=\"1\" sl=\"5\" sc=\"2\" el=\"5\" ec=\"3\"/><SequencePoint vc=\"0\" sl=\"5\" sc=\"2\" el=\"5\" ec=\"3\"/>",
            [(1, 1), (0, 0), (1, 1), (1, 2)],
        ),
        ("<SequencePoint vc=\"1\" sl=\"5\" el=\"5\"/><BranchPoint vc=\"x1\"/>", [(1, 1), (0, 0), (1, 1), (1, 1)]),
        ("<SequencePoint vc=\"1\" sl=\"5\" el=\"5\"/><BranchPoint vc=\"NaN\"/>", [(1, 1), (0, 1), (1, 1), (1, 1)]),
    ] {
        assert_eq!(points(text), a(counts), "{text}");
    }
}

#[test]
fn branches_without_a_line_lie_where_their_offset_does() {
    let text = "<SequencePoint vc=\"1\" offset=\"0\" sl=\"7\" el=\"7\"/><SequencePoint vc=\"1\" offset=\"20\" sl=\"9\" el=\"9\"/>\
                <BranchPoint vc=\"1\" offset=\"6\"/><BranchPoint vc=\"0\" offset=\"6\"/><BranchPoint vc=\"1\" offset=\"20\"/>\
                <BranchPoint vc=\"1\" offset=\"25\" sl=\"0\"/><BranchPoint vc=\"0\" offset=\"1\" sl=\"30\"/>";
    let mut reading = try_read(&session(&module("", &method("M", true, text)))).unwrap();
    let files = reading.take_files();
    assert_eq!(files[0].1.branches.lines().collect::<Vec<_>>(), [(7, 1, 2), (9, 2, 2), (30, 0, 1)]);
}

#[test]
fn hidden_and_absent_lines_are_passed_over() {
    let text = "<SequencePoint vc=\"1\" sl=\"16707566\" el=\"16707566\"/><SequencePoint vc=\"1\" sl=\"15732480\" el=\"15732480\"/>\
                <SequencePoint vc=\"1\" sl=\"0\" el=\"0\"/><SequencePoint vc=\"undefined\" sl=\"8\" el=\"8\"/>\
                <SequencePoint vc=\"1\" sl=\"5\" el=\"16707566\"/>";
    let mut reading = try_read(&session(&module("", &method("M", true, text)))).unwrap();
    assert_eq!((reading.oddities.undefined, reading.oddities.line_zero, reading.malformed.count), (3, 1, 0));
    assert_eq!(testing::counts(&mut reading), a([(1, 2), (0, 0), (1, 1), (1, 2)]));
}

#[test]
fn records_that_make_no_sense_are_named_by_line() {
    for (text, word) in [
        ("<SequencePoint/>", "vc="),
        ("<SequencePoint vc=\"1\"/>", "sl="),
        ("<SequencePoint vc=\"1\" sl=\"foo\" el=\"9\"/>", "sl="),
        ("<SequencePoint vc=\"1\" sl=\"9\" el=\"foo\"/>", "el="),
        ("<SequencePoint vc=\"1\" sl=\"9\" el=\"8\"/>", "ends before it begins"),
        ("<SequencePoint vc=\"1\" sl=\"1\" el=\"2000000000\"/>", "more than 100,000 lines"),
        ("<SequencePoint vc=\"1\" sl=\"1\" el=\"1\" fileid=\"7\"/>", "names no file"),
        ("<BranchPoint/>", "a BranchPoint needs visits"),
        ("<BranchPoint vc=\"1\" sl=\"x\"/>", "a BranchPoint needs visits"),
        ("<BranchPoint vc=\"1\" fileid=\"7\"/>", "names no file"),
    ] {
        let report = session(&module("", &method("M", false, text)));
        let reading = try_read(&report).unwrap();
        let (line, message) = reading.malformed.first.clone().unwrap();
        assert!(message.contains(word), "{text}: {message}");
        assert!(report.lines().nth(line as usize - 1).unwrap().contains(text), "{text} is not in line {line}");
        assert_eq!((reading.malformed.count, reading.len()), (1, 0));
    }
    let outside =
        session("<Module><SequencePoint vc=\"1\" sl=\"1\"/><BranchPoint vc=\"1\"/><File uid=\"x\"/></Module>");
    assert_eq!(try_read(&outside).unwrap().malformed.count, 3);
    let control =
        session(&module("", &method("M", false, "<SequencePoint vc=\"1\" sl=\"1\"/>"))).replace("a.cs", "a&#10;.cs");
    assert_eq!(try_read(&control).unwrap().malformed.count, 1, "what lies in a file without a name is not named again");
}

#[test]
fn what_was_skipped_is_said_and_not_counted() {
    let good = module("", &method("M", true, "<SequencePoint vc=\"1\" sl=\"5\" el=\"5\"/>"));
    let filtered = module("", &method("N", true, "<SequencePoint vc=\"0\" sl=\"6\"/>"))
        .replace("<Module ", "<Module skippedDueTo=\"Filter\" ");
    let missing = "<Module skippedDueTo=\"MissingPdb\"><Classes/></Module>";
    let inside = good.replace(
        "</Methods>",
        "<Method skippedDueTo=\"Attribute\"><FileRef uid=\"1\"/><SequencePoint vc=\"0\" sl=\"7\"/></Method></Methods>",
    );
    let mut reading = try_read(&session(&format!("{filtered}{inside}{missing}{missing}"))).unwrap();
    assert_eq!(reading.notes, ["3 modules were not examined (Filter 1, MissingPdb 2)"]);
    assert_eq!(testing::counts(&mut reading), a([(1, 1), (0, 0), (1, 1), (1, 1)]));
    let message = try_read(&session(&format!("{missing}{filtered}"))).unwrap_err();
    assert!(message.contains("2 modules were not examined (Filter 1, MissingPdb 1); check the filters"), "{message}");
    let message = try_read(&session("<Module/>")).unwrap_err();
    assert!(message.contains("names no file"), "{message}");
}

#[test]
fn numbers_of_files_are_those_of_the_last_module_that_gives_them() {
    let point = method("M", true, "<SequencePoint vc=\"1\" sl=\"5\" el=\"5\"/>");
    let other = module("", &point).replace("a.cs", "z.cs");
    let mut reading = try_read(&session(&format!("{}{other}", module("", &point)))).unwrap();
    let files: Vec<_> = testing::counts(&mut reading).into_iter().map(|(path, counts)| (path, counts[0])).collect();
    assert_eq!(files, [("C:\\w\\a.cs".to_owned(), (1, 1)), ("C:\\w\\z.cs".to_owned(), (1, 1))]);
}

#[test]
fn a_file_in_two_modules_is_one() {
    let of = |vc: u32| {
        module(
            "",
            &method("M", vc > 0, &format!("<SequencePoint vc=\"{vc}\" sl=\"5\"/><SequencePoint vc=\"0\" sl=\"6\"/>")),
        )
    };
    let mut reading = try_read(&session(&format!("{}{}", of(0), of(3)))).unwrap();
    assert_eq!(testing::counts(&mut reading), a([(1, 2), (0, 0), (1, 1), (1, 2)]));
}

#[test]
fn summaries_are_compared_and_never_used() {
    let points = "<SequencePoint vc=\"1\" sl=\"5\"/><SequencePoint vc=\"0\" sl=\"6\"/>\
                  <BranchPoint vc=\"1\" sl=\"5\"/><BranchPoint vc=\"0\" sl=\"5\"/>";
    let read = |summary: &str| try_read(&session(&module(summary, &method("M", true, points)))).unwrap();
    let summary = |branches: &str, points: u32| {
        format!(
            "<Summary numSequencePoints=\"{points}\" visitedSequencePoints=\"1\" {branches} numMethods=\"1\" \
             visitedMethods=\"1\" sequenceCoverage=\"100\"/>"
        )
    };
    for (branches, points, count) in [
        // With the entry of the method, as OpenCover counts, and without, as coverlet does.
        ("numBranchPoints=\"3\" visitedBranchPoints=\"2\"", 2, 0),
        ("numBranchPoints=\"2\" visitedBranchPoints=\"1\"", 2, 0),
        ("", 2, 0),
        ("numBranchPoints=\"4\"", 2, 1),
        ("", 3, 1),
    ] {
        assert_eq!(read(&summary(branches, points)).disagreements.count, count, "{branches} {points}");
    }
    let root = session(&module("", &method("M", true, points)))
        .replace("<Modules>", &format!("{}<Modules>", summary("numBranchPoints=\"40\"", 2)));
    let worst = try_read(&root).unwrap().disagreements.worst;
    assert_eq!(
        (worst[0].path.as_str(), worst[0].total, worst[0].declared),
        ("the whole report", "numBranchPoints", 40)
    );
    assert_eq!(worst[0].counted, 2);
}

#[test]
fn damage_is_refused() {
    let summary = "<Summary numSequencePoints=\"1\"/>";
    testing::damaged_xml(
        NAME,
        "CoverageSession",
        &session(&module(summary, &method("M", true, "<SequencePoint vc=\"1\" sl=\"5\"/>"))),
    );
    let bytes = session(&module("", &method("M", true, "<SequencePoint vc=\"1\" sl=\"5\"/>"))).into_bytes();
    let at = bytes.windows(4).position(|part| part == b"a.cs").unwrap();
    let invalid = [&bytes[..at], b"\xFF", &bytes[at..]].concat();
    let files = testing::read("opencover.xml", NAME, &invalid).unwrap().take_files();
    assert_eq!(files[0].0, "C:\\w\\\u{FFFD}a.cs");
}

/// A module as a tool knows it: methods, each with its file and its points (start, length, visits) and branches.
type Points = Vec<(u32, u32, u32)>;
type Branches = Vec<(u32, u32)>;
type Methods = Vec<(u32, Points, Branches)>;

fn modules() -> impl Strategy<Value = Vec<Methods>> {
    let points = prop::collection::vec((1_u32..60, 0_u32..5, 0_u32..3), 0..12);
    let branches = prop::collection::vec((1_u32..60, 0_u32..3), 0..6);
    let method = (1_u32..3, points, branches);
    prop::collection::vec(prop::collection::vec(method, 0..6), 1..4)
}

fn write(modules: &[Methods]) -> String {
    let mut text = String::new();
    for (m, methods) in modules.iter().enumerate() {
        let mut all = String::new();
        for (i, (file, points, branches)) in methods.iter().enumerate() {
            let mut inner = String::new();
            for (start, length, visits) in points {
                let end = start + length;
                let _ =
                    writeln!(inner, "<SequencePoint vc=\"{visits}\" sl=\"{start}\" el=\"{end}\" fileid=\"{file}\" />");
            }
            for (line, visits) in branches {
                let _ = writeln!(inner, "<BranchPoint vc=\"{visits}\" sl=\"{line}\" fileid=\"{file}\" />");
            }
            all += &method(&format!("{m}.{i}"), false, &inner);
        }
        text += &module("", &all);
    }
    session(&text)
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(modules in modules()) {
        let mut lines: BTreeMap<u32, [BTreeSet<u32>; 2]> = BTreeMap::new();
        let mut sums: BTreeMap<u32, [Counts; 3]> = BTreeMap::new();
        for (file, points, branches) in modules.iter().flatten() {
            let (set, sums) = (lines.entry(*file).or_default(), sums.entry(*file).or_default());
            for (start, length, visits) in points {
                set[1].extend(*start..=start + length);
                if *visits > 0 {
                    set[0].extend(*start..=start + length);
                }
            }
            let count = |all: Vec<u32>| (all.iter().filter(|v| **v > 0).count() as u64, all.len() as u64);
            let add = |to: &mut Counts, more: Counts| { to.0 += more.0; to.1 += more.1; };
            let (hit, all) = count(points.iter().map(|point| point.2).collect());
            add(&mut sums[2], (hit, all));
            add(&mut sums[0], count(branches.iter().map(|branch| branch.1).collect()));
            add(&mut sums[1], (u64::from(hit > 0), u64::from(all > 0)));
        }
        let expected: Vec<_> = sums
            .iter()
            .filter(|(_, [branches, _, points])| branches.1 + points.1 > 0)
            .map(|(file, [branches, methods, points])| {
                let name = if *file == 1 { "C:\\w\\a.cs" } else { "C:\\w\\b & c.cs" };
                let [hit, all] = &lines[file];
                (name.to_owned(), [(hit.len() as u64, all.len() as u64), *branches, *methods, *points])
            })
            .collect();
        prop_assert_eq!(try_read(&write(&modules)).map(|mut r| testing::counts(&mut r)).unwrap_or_default(), expected);
    }

    #[test]
    fn a_report_twice_is_the_report(modules in modules()) {
        let text = write(&modules);
        let twice = text.replace("<Modules>", &format!("<Modules>{}", text.split_once("<Modules>").unwrap().1.split_once("</Modules>").unwrap().0));
        let counts = |text: &str| try_read(text).map(|mut r| testing::counts(&mut r)).unwrap_or_default();
        prop_assert_eq!(counts(&twice), counts(&text));
    }

    #[test]
    fn any_attributes_come_back(sl in "[-0-9a-z.]{0,12}", el in "[-0-9]{0,12}", vc in "[-0-9e.]{0,6}", uid in "[-0-9]{0,3}") {
        let point = format!("<SequencePoint vc=\"{vc}\" sl=\"{sl}\" el=\"{el}\" fileid=\"{uid}\"/><BranchPoint vc=\"{vc}\" sl=\"{el}\"/>");
        let _comes_back = try_read(&session(&module("", &method("M", true, &point)))).map(|mut reading| reading.take_files());
    }
}
