//! What Bullseye's reports say, checked by hand and against a second, slow way of counting.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::file_coverage::Counts;
use crate::formats::testing;
use crate::reading::Reading;

const NAME: &str = "Bullseye XML";

fn try_read(text: &str) -> Result<Reading, String> {
    testing::read("bullseye.xml", NAME, text.as_bytes())
}

fn report(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<!-- BullseyeCoverage 9 -->\n<BullseyeCoverage name=\"t.cov\" dir=\"C:\\w\" version=\"6\" \
         xmlns=\"https://www.bullseye.com/covxml\">\n{body}\n</BullseyeCoverage>\n"
    )
}

fn probe(line: u32, column: u32, kind: &str, event: &str) -> String {
    format!("<probe line=\"{line}\" column=\"{column}\" kind=\"{kind}\" event=\"{event}\"/>\n")
}

fn function(name: &str, probes: &str) -> String {
    format!("<fn name=\"{name}\" fn_total=\"9\">\n{probes}</fn>\n")
}

fn src(name: &str, totals: &str, functions: &str) -> String {
    format!("<src name=\"{name}\" mtime=\"1\" {totals}>\n{functions}</src>\n")
}

fn only(probes: &str) -> [Counts; 4] {
    let text = report(&src("a.c", "", &function("f()", probes)));
    let files = testing::counts(&mut try_read(&text).unwrap());
    assert_eq!(files.len(), 1, "{text}");
    files[0].1
}

#[test]
fn probes_of_every_kind() {
    let called = probe(1, 1, "function", "full");
    for (text, counts) in [
        (called.clone(), [(1, 1), (0, 0), (1, 1)]),
        (probe(1, 1, "function", "none"), [(0, 1), (0, 0), (0, 1)]),
        (called.clone() + &probe(3, 0, "decision", "none"), [(1, 2), (0, 2), (1, 1)]),
        (called.clone() + &probe(3, 0, "decision", "true"), [(2, 2), (1, 2), (1, 1)]),
        (called.clone() + &probe(3, 0, "decision", "false"), [(2, 2), (1, 2), (1, 1)]),
        (called.clone() + &probe(3, 0, "condition", "full"), [(2, 2), (2, 2), (1, 1)]),
        (called.clone() + &probe(3, 0, "switch-label", "full"), [(2, 2), (1, 1), (1, 1)]),
        (called.clone() + &probe(3, 0, "try", "none"), [(1, 2), (0, 1), (1, 1)]),
        (called.clone() + &probe(3, 0, "catch", "none"), [(1, 2), (0, 1), (1, 1)]),
        (called.clone() + &probe(3, 0, "for-range-body", "full"), [(2, 2), (1, 1), (1, 1)]),
        (called.clone() + &probe(3, 0, "constant", "none"), [(1, 1), (0, 0), (1, 1)]),
        (
            called.clone() + "<block line=\"8\" entered=\"1\"/><block line=\"9\" entered=\"0\"/>",
            [(2, 3), (0, 0), (1, 1)],
        ),
        // A decision and its conditions stand in one line, also at one column.
        (
            called.clone()
                + &probe(3, 0, "decision", "true")
                + &probe(3, 0, "condition", "full")
                + &probe(3, 0, "condition", "none"),
            [(2, 2), (3, 6), (1, 1)],
        ),
        // Excluded as a function, its probes count all the same.
        (probe(3, 0, "decision", "true"), [(1, 1), (1, 2), (0, 0)]),
    ] {
        assert_eq!(only(&text)[..3], counts, "{text}");
    }
}

#[test]
fn unknown_kinds_are_skipped_and_told() {
    let text = probe(1, 1, "function", "full") + &probe(2, 1, "loop", "full") + &probe(0, 1, "decision", "full");
    let reading = try_read(&report(&src("a.c", "", &function("f()", &text)))).unwrap();
    let odd = reading.oddities;
    assert_eq!((odd.unknown, odd.line_zero, reading.malformed.count), (1, 1, 0));
}

#[test]
fn paths_are_made_of_folders() {
    let file = |name: &str| src(name, "", &function("f()", &probe(1, 1, "function", "full")));
    let body = format!(
        "{}<folder name=\"..\"><folder name=\"inc\">{}</folder>{}</folder><folder name=\"c:\"><folder name=\"x/\">{}</folder>\
         </folder><folder name=\"/\"><folder name=\"usr\">{}</folder></folder><folder name=\"\">{}</folder>",
        file("top.c"),
        file("a.h"),
        file("b.c"),
        file("d.c"),
        file("e.c"),
        file("D:\\y\\g.c")
    );
    let mut reading = try_read(&report(&body)).unwrap();
    assert_eq!(reading.roots, ["C:\\w"]);
    let paths: Vec<String> = reading.take_files().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["../b.c", "../inc/a.h", "/usr/e.c", "D:\\y\\g.c", "c:/x/d.c", "top.c"]);
}

#[test]
fn a_file_listed_twice_is_one() {
    let of =
        |event| src("a.c", "", &function("f()", &(probe(1, 1, "function", event) + &probe(2, 1, "decision", event))));
    let mut reading = try_read(&report(&format!("{}{}", of("none"), of("full")))).unwrap();
    assert_eq!(testing::counts(&mut reading)[0].1[..3], [(2, 2), (2, 2), (1, 1)]);
}

#[test]
fn totals_are_compared_and_never_used() {
    let body = function("f()", &(probe(1, 1, "function", "full") + &probe(2, 1, "decision", "true")));
    let of = |totals: &str, body: &str| try_read(&report(&src("a.c", totals, body))).unwrap();
    let right = "fn_total=\"1\" fn_cov=\"1\" cd_total=\"2\" cd_cov=\"1\" d_total=\"7\" d_cov=\"7\"";
    assert_eq!(of(right, &body).disagreements.count, 0);
    let worst = of(&right.replace("cd_total=\"2\"", "cd_total=\"20\""), &body).disagreements.worst;
    assert_eq!(
        (worst[0].path.as_str(), worst[0].total, worst[0].declared, worst[0].counted),
        ("a.c", "cd_total", 20, 2)
    );
    for (totals, unlisted) in [(right, true), ("fn_total=\"0\"", false)] {
        assert_eq!(of(totals, "").take_files()[0].1.is_unlisted(), unlisted, "{totals}");
    }
}

#[test]
fn records_that_make_no_sense_are_named_by_line() {
    let good = probe(5, 1, "decision", "true");
    for (text, word) in [
        (good.replace(" line=\"5\"", ""), "a probe needs"),
        (good.replace("\"5\"", "\"five\""), "a probe needs"),
        (good.replace("\"5\"", "\"99999999999999999999\""), "a probe needs"),
        (good.replace(" kind=\"decision\"", ""), "a probe needs"),
        (good.replace(" event=\"true\"", ""), "a probe needs"),
        (good.replace("\"true\"", "\"1\""), "a probe needs"),
        ("<block line=\"1\"/>\n".to_owned(), "a block needs"),
        ("<block line=\"1\" entered=\"yes\"/>\n".to_owned(), "a block needs"),
        ("<block entered=\"1\"/>\n".to_owned(), "a block needs"),
    ] {
        let body = probe(1, 1, "function", "full") + &text;
        let mut reading = try_read(&report(&src("a.c", "", &function("f()", &body)))).unwrap();
        let (line, message) = reading.malformed.first.clone().unwrap();
        assert!(message.contains(word) && line == 7, "{text}: {message} in line {line}");
        assert_eq!(testing::counts(&mut reading)[0].1[..3], [(1, 1), (0, 0), (1, 1)]);
    }
    let outside = report(&format!("{good}<block line=\"1\" entered=\"1\"/>{}", src("a.c", "", &good)));
    assert_eq!(try_read(&outside).unwrap().malformed.count, 3);
}

#[test]
fn names_that_are_no_good_are_named_once() {
    let file = |name: &str| src(name, "", &function("f()", &probe(1, 1, "function", "full")));
    let long = "x".repeat(4000);
    for (body, count, files) in [
        (file("a&#10;b.c"), 1, 0),
        (file(""), 1, 0),
        ("<src/>".to_owned(), 1, 0),
        (format!("<folder name=\"a&#27;\"><folder name=\"b\">{}</folder></folder>{}", file("a.c"), file("b.c")), 2, 1),
        (
            format!("<folder name=\"{long}\"><folder name=\"{long}\">{}</folder></folder>{}", file("a.c"), file("b.c")),
            2,
            1,
        ),
    ] {
        let reading = try_read(&report(&body)).unwrap();
        assert_eq!((reading.malformed.count, reading.len() as u64), (count, files), "{body:.200}");
    }
}

#[test]
fn paths_that_folders_make_stay_in_bounds() {
    let file = "<src name=\"a.c\"/>".repeat(70_000);
    let reading = try_read(&report(&format!("<folder name=\"{}\">{file}</folder>", "x".repeat(4000)))).unwrap();
    assert_eq!(reading.len(), 1);
    assert!(reading.malformed.count > 0 && reading.malformed.count < 70_000);
}

#[test]
fn damage_is_refused() {
    let body = function("f()", &(probe(1, 1, "function", "full") + &probe(2, 1, "decision", "true")));
    testing::damaged_xml(
        NAME,
        "BullseyeCoverage",
        &report(&format!("<folder name=\"d\">{}</folder>", src("a.c", "", &body))),
    );
}

const KINDS: [&str; 5] = ["decision", "condition", "switch-label", "catch", "constant"];
const EVENTS: [&str; 4] = ["none", "true", "false", "full"];

type Functions = Vec<(u32, bool, Vec<(u32, usize, usize)>)>;

fn files() -> impl Strategy<Value = Vec<Functions>> {
    let probes = prop::collection::vec((1_u32..40, 0..KINDS.len(), 0..EVENTS.len()), 0..10);
    prop::collection::vec(prop::collection::vec((1_u32..40, any::<bool>(), probes), 1..6), 1..4)
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(files in files()) {
        let mut body = String::new();
        let mut expected: BTreeMap<String, [Counts; 4]> = BTreeMap::new();
        for (i, functions) in files.iter().enumerate() {
            let (mut all, mut hit) = (BTreeSet::new(), BTreeSet::new());
            let (mut branches, mut called, mut inner) = ((0, 0), (0, 0), String::new());
            for (j, (line, full, probes)) in functions.iter().enumerate() {
                let mut text = probe(*line, 1, "function", if *full { "full" } else { "none" });
                all.insert(*line);
                hit.extend(full.then_some(*line));
                called = (called.0 + u64::from(*full), called.1 + 1);
                for (line, kind, event) in probes {
                    text += &probe(*line, 2, KINDS[*kind], EVENTS[*event]);
                    let (taken, of) = match *kind {
                        0 | 1 => ([0, 1, 1, 2][*event], 2),
                        2 | 3 => (u64::from(*event == 3), 1),
                        _ => continue,
                    };
                    all.insert(*line);
                    hit.extend((taken > 0).then_some(*line));
                    branches = (branches.0 + taken, branches.1 + of);
                }
                inner += &function(&format!("f{j}()"), &text);
            }
            body += &format!("<folder name=\"d{i}\">{}</folder>", src("a.c", "", &inner));
            let lines = (hit.len() as u64, all.len() as u64);
            expected.insert(format!("d{i}/a.c"), [lines, branches, called, (0, 0)]);
        }
        let expected: Vec<_> = expected.into_iter().collect();
        prop_assert_eq!(testing::counts(&mut try_read(&report(&body)).unwrap()), expected.clone());
        prop_assert_eq!(testing::counts(&mut try_read(&report(&format!("{body}{body}"))).unwrap()), expected);
    }

    #[test]
    fn any_attributes_come_back(line in "[-0-9a-z.]{0,12}", column in "[-0-9]{0,12}", event in "(none|true|full|[a-z]{0,4})") {
        let text = format!("<probe line=\"{line}\" column=\"{column}\" kind=\"decision\" event=\"{event}\"/>");
        let _comes_back = try_read(&report(&src("a.c", "", &function("f()", &text)))).map(|mut reading| reading.take_files());
    }
}
