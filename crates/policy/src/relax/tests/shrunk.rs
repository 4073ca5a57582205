//! What was looked at less.

use tollgate_model::{Evidence, Metric, NotApplicable, Report, Status, Subject, Word};

use super::super::shrinking;
use crate::scope::Change;

fn report(checker: &str, metrics: Vec<Metric>) -> Report {
    let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::OwnRun };
    Report { metrics, status: Status::Complete, ..Report::new(checker, "1.0.0", subject) }
}

fn evidence(kind: &str, path: &str, items: Option<u64>) -> Evidence {
    Evidence { kind: kind.to_owned(), path: path.to_owned(), blake3: String::new(), bytes: 1, items }
}

fn inputs(count: usize, items: u64) -> Report {
    let all = (0..count).map(|n| evidence("file", &n.to_string(), (n == 0).then_some(items))).collect();
    Report { evidence: all, ..report("x", vec![]) }
}

fn touching(files: usize) -> Change {
    Change::Known((0..files).map(|n| format!("{n}.ts")).collect())
}

fn said(base: &Report, head: &Report, change: &Change) -> Vec<String> {
    let all = shrinking(std::slice::from_ref(base), std::slice::from_ref(head), change);
    assert!(all.iter().all(|r| r.gate.is_none()));
    all.into_iter().map(|r| r.text).collect()
}

#[test]
fn inputs_and_items_shrink_by_no_more_than_the_files_touched() {
    for (head, files, expected) in [
        (inputs(5, 40), 0, vec![]),
        (inputs(6, 50), 0, vec![]),
        (inputs(3, 40), 2, vec![]),
        (
            inputs(3, 40),
            1,
            vec!["x looked at less: the number of inputs is 3, at the base 5, without 3, 4; the change touches 1 file"],
        ),
    ] {
        assert_eq!(said(&inputs(5, 40), &head, &touching(files)), expected);
    }
    // Of items 20 for each file, and 1 %.
    assert_eq!(said(&inputs(5, 4_000), &inputs(5, 3_920), &touching(2)), [""; 0]);
    let text =
        "x looked at less: the number of items in all inputs is 3,919, at the base 4,000; the change touches 2 files";
    assert_eq!(said(&inputs(5, 4_000), &inputs(5, 3_919), &touching(2)), [text]);
}

#[test]
fn a_report_of_a_package_is_missed_whatever_else_is_touched() {
    let of = |packages: &[&str]| Report {
        evidence: packages
            .iter()
            .map(|p| evidence("file", &format!("packages/{p}/coverage/lcov.info"), None))
            .collect(),
        ..report("coverage", vec![])
    };
    let change = |files: &[&str]| Change::Known(files.iter().map(|&file| file.to_owned()).collect());
    let (base, head) = (of(&["a", "b", "ui"]), of(&["a", "b"]));
    let said = |files: &[&str]| said(&base, &head, &change(files)).concat();
    assert!(
        said(&["README.md", "docs/a.md", "packages/a/src/x.ts"]).contains("without packages/ui/coverage/lcov.info")
    );
    assert_eq!(said(&["packages/ui/package.json"]), "");
}

#[test]
fn counts_and_shares_shrink_by_their_rule() {
    let count = |name: &str, n| report("x", vec![Metric::count(name, n)]);
    let share = |name: &str, all| report("x", vec![Metric::ratio(name, 1, all).unwrap()]);
    for (base, head, files, is_said) in [
        (count("x.files", 10), count("x.files", 9), 1, false),
        (count("x.files", 10), count("x.files", 8), 1, true),
        (count("x.inputs", 10), count("x.inputs", 8), 1, true),
        (count("x.reports", 10), count("x.reports", 8), 1, true),
        (count("x.routes", 10), count("x.routes", 8), 1, true),
        (count("x.run", 1_000), count("x.run", 970), 1, false),
        (count("x.run", 1_000), count("x.run", 969), 1, true),
        (count("x.skipped", 10), count("x.skipped", 0), 0, false),
        (report("x", vec![Metric::bytes("x.files", 10)]), report("x", vec![]), 0, false),
        (share("x.lines", 1_000), share("x.lines", 970), 1, false),
        (share("x.lines", 1_000), share("x.lines", 969), 1, true),
        (share("x.lines", 1_000), share("x.lines", 2_000), 0, false),
        (share("x.lines", 1_000), report("x", vec![]), 3, true),
        (share("x.patch", 1_000), share("x.patch", 1), 0, false),
    ] {
        let all = said(&base, &head, &touching(files));
        assert_eq!(all.len(), usize::from(is_said), "{:?} {:?}: {all:?}", base.metrics, head.metrics);
    }
    assert_eq!(
        said(&share("x.lines", 12_000), &share("x.lines", 900), &touching(2)),
        ["x looked at less: x.lines is out of 900, at the base out of 12,000; the change touches 2 files"]
    );
}

#[test]
fn series_and_instances_are_compared_each_by_its_name() {
    let web = |n| Report {
        instance: Some("web".to_owned()),
        ..report(
            "y",
            vec![Metric::count("y.files", n).label("target", "web"), Metric::count("y.files", 9).label("type", "js")],
        )
    };
    let text = "y (web) looked at less: y.files{target=\"web\"} is 2, at the base 8; the change touches 1 file";
    assert_eq!(said(&web(8), &web(2), &touching(1)), [text]);
    let docs = Report { instance: Some("docs".to_owned()), ..web(1) };
    assert_eq!(said(&web(8), &docs, &touching(0)), [""; 0], "a report that is missing is the judge's to say");
    // The share of a folder is part of the whole's.
    let folder = |n| report("x", vec![Metric::ratio("x.lines", 1, n).unwrap().label("path", "src")]);
    assert_eq!(said(&folder(1_000), &folder(1), &touching(0)), [""; 0]);
}

#[test]
fn nothing_left_to_see_is_listed_once() {
    let base = inputs(3, 9);
    let empty = Report { status: Status::Empty, ..inputs(0, 0) };
    let text = "x had nothing to look at; at the base it had";
    assert_eq!(said(&base, &empty, &touching(50)), [text]);
    assert_eq!(said(&empty, &empty, &touching(0)), [""; 0]);
    assert_eq!(said(&empty, &base, &touching(0)), [""; 0]);
}

#[test]
fn without_a_change_all_or_nothing_is_said() {
    let unknown = Change::Unknown("shallow clone".to_owned());
    let text = "x looked at less: the number of inputs is 4, at the base 5, without 4; nobody could tell what the change touches";
    assert_eq!(said(&inputs(5, 40), &inputs(4, 40), &unknown), [text]);
    assert_eq!(said(&inputs(5, 40), &inputs(0, 0), &Change::NotYet("new".to_owned())), [""; 0]);
    assert_eq!(said(&inputs(5, 40), &inputs(5, 40), &unknown), [""; 0]);
}

#[test]
fn what_is_about_a_change_or_excused_is_left_aside() {
    let diff = |items| Report { evidence: vec![evidence("diff", ".", Some(items))], ..report("x", vec![]) };
    assert_eq!(said(&diff(90), &diff(1), &touching(0)), [""; 0]);
    let base = report("x", vec![Metric::count("x.files", 9)]);
    let because = "there are none".to_owned();
    let excused = NotApplicable { what: "x.files".to_owned(), because };
    let head = Report { not_applicable: vec![excused], ..report("x", vec![]) };
    assert_eq!(said(&base, &head, &touching(0)), [""; 0]);
}

#[test]
fn absurd_numbers_are_compared_without_harm() {
    let with = |value| report("x", vec![Metric { value, ..Metric::count("x.files", 0) }, Metric::count("x.files", 1)]);
    for odd in [f64::NAN, f64::INFINITY, -5.0] {
        assert_eq!(said(&with(10.0), &with(odd), &touching(0)).len(), usize::from(odd != f64::INFINITY), "{odd}");
    }
    let huge = Report { evidence: vec![evidence("file", "a", Some(u64::MAX)); 2], ..report("x", vec![]) };
    assert_eq!(said(&huge, &huge, &touching(0)), [""; 0]);
}
