use std::fs;

use tollgate_check::Facts;
use tollgate_check::fixture::{FixedChanges, FolderTree};
use tollgate_input::Root;
use tollgate_model::Word;

use super::*;
use crate::lines::LineGatherer;
use crate::marks::Marks;
use crate::options::Options;

fn change(path: &str, added: &[(u32, u32)]) -> ChangedFile {
    ChangedFile {
        path: path.to_owned(),
        kind: ChangeKind::Modified,
        old_path: None,
        binary: false,
        added: added.iter().map(|(start, end)| LineRange { start: *start, end: *end }).collect(),
        removed: 0,
    }
}

fn covered(lines: &[(u32, bool)]) -> FileCoverage {
    let mut gatherer = LineGatherer::default();
    lines.iter().for_each(|(line, hit)| gatherer.add(*line, *hit));
    FileCoverage::new(gatherer.take(), Marks::default(), Marks::default())
}

#[test]
fn runs_bridge_what_cannot_be_covered_and_nothing_else() {
    let coverage = covered(&[(1, false), (2, false), (5, false), (6, true), (7, false), (9, false), (20, false)]);
    let file = new_lines(&change("a.ts", &[(2, 7), (9, 9), (30, 40)]), &coverage);
    assert_eq!((file.covered, file.total), (1, 5));
    let runs: Vec<_> = file.missing.iter().map(|(run, count)| (run.start, run.end, *count)).collect();
    assert_eq!(runs, [(2, 5, 2), (7, 7, 1), (9, 9, 1)]);
}

/// The report on changes of files that each hold 100 numbered lines, with these lines covered.
fn report(changes: Vec<ChangedFile>, files: &[(&str, FileCoverage)]) -> Report {
    let dir = tempfile::tempdir().unwrap();
    let text: String = (1..=100).map(|line| format!("line {line}\n")).collect();
    for path in changes.iter().map(|c| c.path.as_str()).chain(files.iter().map(|(path, _)| *path)) {
        fs::create_dir_all(dir.path().join(path).parent().unwrap()).unwrap();
        fs::write(dir.path().join(path), &text).unwrap();
    }
    let root = Root::new(dir.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let changes = FixedChanges::new("b", changes);
    let facts = Facts { changes: Ok(&changes), ..Facts::plain() };
    let ctx = Context::new(&root, &tree, facts);
    let exclude = Globs::new("k", &["*.test.ts".to_owned()]).unwrap();
    let mut measured = Measured::default();
    for (path, coverage) in files {
        measured.files.push(((*path).to_owned(), coverage.clone()));
    }
    let mut report = ctx.report("coverage", "1", Word::OwnRun);
    let options = Options::default();
    let chooser = Chooser::new(&options, Some(&changes)).unwrap();
    let asked = chooser.asked(&ctx, &options);
    let untested = Globs::new("k", &[] as &[&str]).unwrap();
    let spared = Spared { exclude: &exclude, untested: &untested };
    let patch = examine(&ctx, &changes, &measured, &spared, &mut report).unwrap();
    patch.report(&changes, &chooser, &asked, &exclude, 0, &mut report);
    report
}

#[test]
fn what_no_report_names_widens_the_figure() {
    let known = [("a.ts", covered(&[(1, true), (2, false), (3, true)]))];
    let report = report(vec![change("a.ts", &[(1, 3)]), change("b.js", &[(1, 1)]), change("c.md", &[(1, 9)])], &known);
    let metric = &report.metrics[0];
    assert_eq!((metric.numerator, metric.denominator), (Some(2), Some(3)));
    assert_eq!(metric.interval, Some([50.0, 75.0]));
    assert_eq!(metric.places, ["b.js: in no report", "a.ts:2"]);
    assert!(report.problems.is_empty() && report.not_applicable.is_empty());
    assert!(report.notes[0].contains("b.js"), "{:?}", report.notes);
}

#[test]
fn nothing_known_is_a_problem_and_nothing_to_know_does_not_apply() {
    let known = [("a.ts", covered(&[(1, true)]))];
    let unknown = report(vec![change("b.ts", &[(1, 2)])], &known);
    assert!(unknown.metrics.is_empty() && unknown.not_applicable.is_empty());
    assert_eq!(unknown.problems[0].cause, Cause::NoEvidence);
    assert!(unknown.problems[0].message.contains("b.ts"));

    let other = report(vec![change("x.py", &[(1, 2)])], &known);
    assert!(other.not_applicable.is_empty() && other.problems[0].message.contains("x.py"));
    let hidden = report(vec![ChangedFile { binary: true, added: Vec::new(), ..change("a.ts", &[]) }], &known);
    assert!(hidden.not_applicable.is_empty() && hidden.problems[0].message.contains("binary to git"));

    for (changes, because) in [
        (vec![], "no file differs from the base"),
        (vec![change("c.md", &[(1, 9)])], "no coverable line among 1 changed file"),
        (vec![change("a.ts", &[(2, 9)]), change("a.test.ts", &[(1, 9)])], "no coverable line among 2 changed files"),
        (vec![change("dist/x.js", &[(1, 2)])], "no coverable line among 1 changed file"),
    ] {
        let report = report(changes, &known);
        assert!(report.metrics.is_empty() && report.problems.is_empty());
        assert_eq!(report.not_applicable[0].because, because);
    }
}

#[test]
fn without_reports_only_a_change_without_source_does_not_apply() {
    let proof = |path: &str| {
        let changes = FixedChanges::new("b", vec![change(path, &[(1, 1)])]);
        not_applicable(&changes, &Globs::new("k", &["*.test.ts".to_owned()]).unwrap(), false)
    };
    assert!(proof("a.md").is_some() && proof("a.test.ts").is_some());
    assert!(proof("a.ts").is_none() && proof("b.py").is_none());
}

#[test]
fn a_report_of_another_version_is_named() {
    let known = [("a.ts", covered(&[(1, false), (102, true)])), ("b.ts", covered(&[(1, false), (101, true)]))];
    let report = report(vec![change("a.ts", &[(1, 1)]), change("b.ts", &[(1, 1)])], &known);
    assert_eq!(report.problems.len(), 1);
    assert!(report.problems[0].message.starts_with("a.ts: a report knows line 102, the file has 100 lines"));
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].location, Some(Location::lines("b.ts", 1, 1)));
}

#[test]
fn findings_are_bounded_and_the_rest_counted() {
    let lines: Vec<_> = (1..=100).map(|line| (line, line % 2 == 0)).collect();
    let names: Vec<String> = (0..110).map(|i| format!("f{i:03}.ts")).collect();
    let known: Vec<_> = names.iter().map(|name| (name.as_str(), covered(&lines))).collect();
    let report = report(names.iter().map(|name| change(name, &[(1, 100)])).collect(), &known);
    assert_eq!(report.findings.len(), MOST_FINDINGS);
    assert_eq!(
        report.notes,
        ["500 more runs of new lines, uncovered or with branches not taken, not listed as findings"]
    );
}
