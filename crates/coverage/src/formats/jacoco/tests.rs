//! What JaCoCo reports say, checked by hand and against the model they were written from.

mod damage;
mod model;

use crate::file_coverage::Counts;
use crate::formats::testing;
use crate::reading::{PathStyle, Reading};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><!DOCTYPE report PUBLIC \
                    \"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\">";

fn try_read(bytes: &[u8]) -> Result<Reading, String> {
    testing::read("jacoco.xml", "JaCoCo XML", bytes)
}

/// Reads what stands in a report.
fn read(body: &str) -> Reading {
    try_read(
        format!("{HEAD}<report name=\"r\"><sessioninfo id=\"s\" start=\"1\" dump=\"2\"/>{body}</report>").as_bytes(),
    )
    .unwrap()
}

/// Reads what stands in a source file `p/F.java`.
fn of_file(lines: &str) -> Reading {
    read(&format!("<package name=\"p\"><sourcefile name=\"F.java\">{lines}</sourcefile></package>"))
}

/// Each file with its lines, branches and functions.
fn counts(body: &str) -> Vec<(String, [Counts; 3])> {
    let counts = testing::counts(&mut read(body));
    counts.into_iter().map(|(path, [lines, branches, functions, _])| (path, [lines, branches, functions])).collect()
}

fn paths(body: &str) -> Vec<String> {
    counts(body).into_iter().map(|(path, _)| path).collect()
}

const LINE: &str = "<line nr=\"1\" mi=\"0\" ci=\"1\" mb=\"0\" cb=\"0\"/>";

#[test]
fn lines_branches_and_methods() {
    let body = "<package name=\"p/q\">\
        <class name=\"p/q/F\" sourcefilename=\"F.java\">\
        <method name=\"&lt;init>\" desc=\"()V\" line=\"3\"><counter type=\"INSTRUCTION\" missed=\"0\" covered=\"3\"/>\
        <counter type=\"METHOD\" missed=\"0\" covered=\"1\"/></method>\
        <method name=\"f\" desc=\"(I)V\"><counter type=\"METHOD\" missed=\"1\" covered=\"0\"/></method>\
        <counter type=\"METHOD\" missed=\"9\" covered=\"9\"/></class>\
        <class name=\"p/q/F$1\" sourcefilename=\"F.java\"><method name=\"f\" desc=\"(I)V\">\
        <counter type=\"METHOD\" missed=\"0\" covered=\"1\"/></method></class>\
        <class name=\"p/q/G\" sourcefilename=\"G.java\"/>\
        <sourcefile name=\"F.java\"><line nr=\"3\" mi=\"0\" ci=\"3\" mb=\"0\" cb=\"0\"/>\
        <line nr=\"4\" mi=\"2\" ci=\"1\" mb=\"1\" cb=\"3\"/><line nr=\"5\" mi=\"2\" ci=\"0\" mb=\"2\" cb=\"0\"/>\
        <counter type=\"LINE\" missed=\"1\" covered=\"2\"/><counter type=\"BRANCH\" missed=\"3\" covered=\"3\"/>\
        <counter type=\"METHOD\" missed=\"1\" covered=\"2\"/></sourcefile><sourcefile name=\"G.java\"/>\
        <counter type=\"LINE\" missed=\"1\" covered=\"2\"/></package>\
        <counter type=\"LINE\" missed=\"1\" covered=\"2\"/><counter type=\"METHOD\" missed=\"1\" covered=\"2\"/>";
    let expected = [("p/q/F.java".to_owned(), [(2, 3), (3, 6), (2, 3)]), ("p/q/G.java".to_owned(), [(0, 0); 3])];
    assert_eq!(counts(body), expected);
    let mut reading = read(body);
    assert_eq!((reading.style, reading.disagreements.count, reading.oddities.unknown), (PathStyle::Package, 0, 0));
    assert!(reading.notes.is_empty());
    assert!(reading.take_files().iter().all(|(_, file)| !file.is_unlisted()));
}

#[test]
fn groups_are_modules() {
    let file = format!("<package name=\"p\"><sourcefile name=\"F.java\">{LINE}</sourcefile></package>");
    let bare = format!("<package name=\"\"><sourcefile name=\"F.java\">{LINE}</sourcefile></package>");
    for (body, expected) in [
        (file.clone(), vec!["p/F.java"]),
        (bare.clone(), vec!["F.java"]),
        (
            format!("<group name=\"a\">{file}</group><group name=\"b\">{file}{bare}</group>"),
            vec!["a:p/F.java", "b:F.java", "b:p/F.java"],
        ),
        (
            format!("<group name=\"a\"><group name=\"b\">{file}</group>{file}</group>{file}"),
            vec!["a/b:p/F.java", "a:p/F.java", "p/F.java"],
        ),
        // Names of projects in Gradle, which hold the colon that ends a module here.
        (format!("<group name=\":app:core\">{file}</group>"), vec!["app/core:p/F.java"]),
        (format!("<group name=\"\">{file}</group>"), vec!["p/F.java"]),
        // A package in pieces.
        (format!("{file}{file}"), vec!["p/F.java"]),
    ] {
        assert_eq!(paths(&body), expected, "{body}");
    }
}

#[test]
fn counters_of_groups_and_packages_are_not_those_of_the_report() {
    let counter = |missed: u32| format!("<counter type=\"LINE\" missed=\"{missed}\" covered=\"1\"/>");
    let file =
        format!("<sourcefile name=\"F.java\">{LINE}<counter type=\"METHOD\" missed=\"0\" covered=\"0\"/></sourcefile>");
    let body = |report: u32| {
        let (group, report) = (counter(7), counter(report));
        format!("<group name=\"a\"><package name=\"p\">{file}</package>{group}</group>{report}")
    };
    assert_eq!(read(&body(0)).disagreements.count, 0);
    let worst = read(&body(9)).disagreements.worst;
    let worst: Vec<_> = worst.iter().map(|d| (d.path.as_str(), d.total, d.declared, d.counted)).collect();
    assert_eq!(worst, [("the whole report", "LINE missed + covered", 10, 1)]);
}

#[test]
fn lines_of_gcovr_do_not_tell_whether_they_were_hit() {
    let body = "<package name=\"src.lib\"><sourcefile name=\"a.cpp\"><line nr=\"1\"/><line nr=\"2\" mb=\"1\" cb=\"3\"/>\
        <line nr=\"3\"/><counter type=\"LINE\" missed=\"1\" covered=\"7\"/><counter type=\"BRANCH\" missed=\"1\" \
        covered=\"3\"/><counter type=\"METHOD\" missed=\"1\" covered=\"2\"/></sourcefile></package>\
        <package name=\"\"><sourcefile name=\"m.cpp\"><line nr=\"1\"/><counter type=\"LINE\" missed=\"0\" covered=\"1\"/>\
        </sourcefile></package>";
    let expected =
        [("m.cpp".to_owned(), [(1, 1), (0, 0), (0, 0)]), ("src/lib/a.cpp".to_owned(), [(7, 8), (3, 4), (2, 3)])];
    assert_eq!(counts(body), expected);
    let reading = read(body);
    assert!(reading.is_totals_only() && reading.disagreements.count == 0 && reading.malformed.count == 0);
    assert!(reading.notes.len() == 1 && reading.notes[0].starts_with("2 files whose lines do not tell"));
    for (missed, disagreements) in [(1, 0), (0, 1)] {
        let root = format!("{body}<counter type=\"LINE\" missed=\"{missed}\" covered=\"8\"/>");
        assert_eq!(read(&root).disagreements.count, disagreements, "{missed}");
    }
}

#[test]
fn lines_in_classes_are_those_of_the_file_that_the_class_names() {
    // gcovr 5.2 to 8.3.
    let body = "<package name=\"src.lib\"><class name=\"a_cpp\" sourcefilename=\"./src/lib/a.cpp\"><lines><line nr=\"1\"/>\
        <line nr=\"2\" mb=\"1\" cb=\"3\"/></lines><counter type=\"LINE\" missed=\"1\" covered=\"7\"/><counter type=\"BRANCH\" \
        missed=\"1\" covered=\"3\"/></class><class name=\"b_cpp\" sourcefilename=\"src/lib/b.cpp\"><lines><line nr=\"1\"/></lines>\
        <counter type=\"LINE\" missed=\"2\" covered=\"0\"/></class><counter type=\"LINE\" missed=\"3\" covered=\"7\"/></package>";
    let expected = [
        ("src/lib/a.cpp".to_owned(), [(7, 8), (3, 4), (0, 0)]),
        ("src/lib/b.cpp".to_owned(), [(0, 2), (0, 0), (0, 0)]),
    ];
    assert_eq!(counts(body), expected);
    let reading = read(body);
    assert!(reading.is_totals_only() && reading.malformed.count == 0, "{:?}", reading.malformed.first);
}

#[test]
fn lines_that_tell_half_are_damage() {
    let told = of_file(
        "<line nr=\"1\" mi=\"0\" ci=\"1\"/><line nr=\"2\"/><counter type=\"LINE\" missed=\"0\" covered=\"2\"/>",
    );
    assert!(told.malformed.first.is_some_and(|(_, message)| message.starts_with("some lines of this sourcefile")));
    let alone = of_file("<line nr=\"1\"/>");
    assert!(alone.malformed.first.is_some_and(|(_, message)| message.contains("no counter of lines")));
    let half = of_file("<line nr=\"1\" mi=\"2\"/><line nr=\"2\" ci=\"2\"/>");
    assert!(half.malformed.first.as_ref().is_some_and(|(_, message)| message.contains("mi without ci")));
    assert_eq!((half.malformed.count, half.sums().lines), (1, (1, 1)));
}

#[test]
fn lines_without_instructions_are_no_lines_unless_they_branch() {
    let line = |nr, branches| format!("<line nr=\"{nr}\" mi=\"0\" ci=\"0\" {branches}/>");
    let (none, missed, taken) = (line(1, ""), line(2, "mb=\"2\" cb=\"0\""), line(3, "mb=\"1\" cb=\"1\""));
    let lines = testing::lines(&mut of_file(&format!("{none}{missed}{taken}")), "p/F.java");
    assert_eq!(lines, [(2, false), (3, true)]);
}

#[test]
fn classes_that_name_no_source_file_lie_where_their_name_says() {
    let class = |name: &str| {
        format!(
            "<class name=\"{name}\"><method name=\"f\" desc=\"()V\"><counter type=\"METHOD\" missed=\"0\" covered=\"1\"/>\
                 </method></class>"
        )
    };
    let source = |name: &str| format!("<sourcefile name=\"{name}\">{LINE}</sourcefile>");
    let (a, kotlin) = (source("A.java"), source("tools.kt"));
    let outer = [class("p/A"), class("p/A$B$C"), class("p/Other"), class("p/toolsKt")].concat();
    let two = format!("<package name=\"p\">{outer}{a}{kotlin}</package>");
    assert_eq!(counts(&two).iter().map(|(_, [.., functions])| functions.1).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(read(&two).notes, ["1 method of classes whose source file is not told, not counted"]);
    let one = format!("<package name=\"p\">{outer}{a}</package>");
    assert_eq!(counts(&one)[0].1[2], (4, 4));
    assert!(read(&one).notes.is_empty());
    // The report counts them too.
    let declared = format!("{two}<counter type=\"METHOD\" missed=\"0\" covered=\"4\"/>");
    assert_eq!(read(&declared).disagreements.count, 0);
}

#[test]
fn kover_counts_no_methods_in_methods_and_adds_up_classes() {
    let class = |name: &str, covered: u32| {
        format!(
            "<class name=\"{name}\" sourcefilename=\"Main.kt\"><method name=\"f\" desc=\"()V\">\
                 <counter type=\"INSTRUCTION\" missed=\"0\" covered=\"0\"/>\
                 <counter type=\"LINE\" missed=\"1\" covered=\"{covered}\"/></method></class>"
        )
    };
    let source =
        format!("<sourcefile name=\"Main.kt\">{LINE}<counter type=\"LINE\" missed=\"0\" covered=\"1\"/></sourcefile>");
    // Two classes share the line.
    let counter =
        "<counter type=\"LINE\" missed=\"0\" covered=\"2\"/><counter type=\"METHOD\" missed=\"1\" covered=\"1\"/>";
    let body =
        format!("<package name=\"p\">{}{}{source}{counter}</package>{counter}", class("p/A", 1), class("p/B", 0));
    assert_eq!(counts(&body), [("p/Main.kt".to_owned(), [(1, 1), (0, 0), (1, 2)])]);
    assert_eq!(read(&body).disagreements.count, 0);
    // The default package is called like a class.
    assert_eq!(paths(&format!("<package name=\"MainKt\">{}{source}</package>", class("MainKt", 1))), ["Main.kt"]);
    let none = "<package name=\"p\"><class name=\"p/F\" sourcefilename=\"F.kt\"><method name=\"f\"/></class></package>";
    assert_eq!((counts(none)[0].1[2], read(none).oddities.undefined), ((0, 1), 1));
}

#[test]
fn pester_repeats_folders() {
    for (package, name, expected) in [
        ("top/sub/deep", "sub/deep/f.ps1", "top/sub/deep/f.ps1"),
        ("sub", "sub/f.ps1", "sub/f.ps1"),
        ("top/ansub", "sub/f.ps1", "top/ansub/sub/f.ps1"),
        ("My.Module", "f.ps1", "My.Module/f.ps1"),
    ] {
        let body = format!("<package name=\"{package}\"><sourcefile name=\"{name}\">{LINE}</sourcefile></package>");
        assert_eq!(paths(&body), [expected]);
    }
}

#[test]
fn what_is_listed_twice_is_one() {
    let file = |ci: u32, cb: u32| {
        format!(
            "<package name=\"p\"><class name=\"p/F\" sourcefilename=\"F.java\"><method name=\"f\" desc=\"()V\">\
                 <counter type=\"METHOD\" missed=\"0\" covered=\"{ci}\"/></method></class><sourcefile name=\"F.java\">\
                 <line nr=\"7\" mi=\"1\" ci=\"{ci}\" mb=\"2\" cb=\"{cb}\"/></sourcefile></package>"
        )
    };
    let expected = [("p/F.java".to_owned(), [(1, 1), (1, 3), (1, 1)])];
    assert_eq!(counts(&[file(0, 0), file(1, 1)].concat()), expected);
    assert_eq!(counts(&[file(1, 1), file(0, 0)].concat()), expected);
    let mut reading = of_file("<line nr=\"1\" mi=\"1\" ci=\"0\"/><line nr=\"1\" mi=\"0\" ci=\"3\"/>");
    assert_eq!(testing::lines(&mut reading, "p/F.java"), [(1, true)]);
}

#[test]
fn files_that_should_list_lines_and_do_not_are_told() {
    let counter = |all: u32| format!("<counter type=\"LINE\" missed=\"0\" covered=\"{all}\"/>");
    let (some, none) = (counter(2), counter(0));
    for (body, unlisted) in [
        (format!("<sourcefile name=\"F.java\">{some}</sourcefile>"), true),
        (format!("<sourcefile name=\"F.java\">{none}</sourcefile>{some}"), false),
        (format!("<sourcefile name=\"F.java\"/>{some}"), true),
        (format!("<sourcefile name=\"F.java\"/>{none}"), false),
        (format!("<sourcefile name=\"F.java\">{LINE}</sourcefile>{some}"), false),
    ] {
        let files = read(&format!("<package name=\"p\">{body}</package>")).take_files();
        assert_eq!(files[0].1.is_unlisted(), unlisted, "{body}");
        assert!(files[0].1.line_counts().1 < 2, "declared totals are not used");
    }
}

#[test]
fn declared_totals_are_compared() {
    let counters = "<counter type=\"LINE\" missed=\"0\" covered=\"5\"/><counter type=\"METHOD\" missed=\"0\" covered=\"0\"/>\
                    <counter type=\"CLASS\" missed=\"x\" covered=\"0\"/>";
    let reading = of_file(&format!("{LINE}{counters}"));
    let worst = &reading.disagreements.worst[0];
    assert_eq!((worst.path.as_str(), worst.declared, worst.counted), ("p/F.java", 5, 1));
    assert_eq!((reading.disagreements.count, reading.sums().lines), (1, (1, 1)));
}
