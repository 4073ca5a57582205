use std::fs;
use std::path::Path;

use tollgate_check::Facts;
use tollgate_check::fixture::{FixedChanges, FolderTree};
use tollgate_input::Root;
use tollgate_model::Word;

use super::*;
use crate::lines::LineGatherer;
use crate::marks::{MarkGatherer, Marks};
use crate::options::Options;

fn change(path: &str, added: &[(u32, u32)]) -> ChangedFile {
    ChangedFile {
        path: path.to_owned(),
        kind: ChangeKind::Modified,
        old_path: None,
        binary: false,
        link: false,
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
    report_of(changes, files, 0, false)
}

/// The same where fewer than `smallest` lines have no figure, and where another report is `missing`.
fn report_of(changes: Vec<ChangedFile>, files: &[(&str, FileCoverage)], smallest: u64, missing: bool) -> Report {
    let dir = tempfile::tempdir().unwrap();
    report_in(dir.path(), changes, files, smallest, missing)
}

fn report_in(
    folder: &Path,
    changes: Vec<ChangedFile>,
    files: &[(&str, FileCoverage)],
    smallest: u64,
    missing: bool,
) -> Report {
    let text: String = (1..=100).map(|line| format!("line {line}\n")).collect();
    for path in changes.iter().map(|c| c.path.as_str()).chain(files.iter().map(|(path, _)| *path)) {
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        fs::write(folder.join(path), &text).unwrap();
    }
    let root = Root::new(folder).unwrap();
    let tree = FolderTree::new(root.clone());
    let changes = FixedChanges::new("b", changes);
    let facts = Facts { changes: Ok(&changes), ..Facts::plain() };
    let ctx = Context::new(&root, &tree, facts);
    let scope = Scope::without(&["*.test.ts"]);
    let mut measured = Measured::default();
    for (path, coverage) in files {
        measured.files.push(((*path).to_owned(), coverage.clone()));
    }
    let mut report = ctx.report("coverage", "1", Word::OwnRun);
    report.problems.extend(missing.then(|| Problem::new(Cause::Missing, "no such report")));
    let options = Options::default();
    let chooser = Chooser::new(&options, Some(&changes)).unwrap();
    let asked = chooser.asked(&ctx, &options);
    let untested = Globs::new("k", &[] as &[&str]).unwrap();
    let spared = Spared { scope: &scope, untested: &untested, smallest };
    let patch = examine(&ctx, &changes, &measured, &spared, &mut report).unwrap();
    patch.report(&changes, &chooser, &asked, &measured, &spared, &mut report);
    report
}

#[test]
fn what_no_report_names_widens_the_figure() {
    let known = [("a.ts", covered(&[(1, true), (2, false), (3, true)]))];
    let report = report(vec![change("a.ts", &[(1, 3)]), change("b.js", &[(1, 1)]), change("c.md", &[(1, 9)])], &known);
    let metric = &report.metrics[0];
    assert_eq!((metric.numerator, metric.denominator), (Some(2), Some(3)));
    assert_eq!(metric.interval, Some([50.0, 75.0]));
    assert_eq!(metric.places, ["b.js: no report lists its lines", "a.ts:2"]);
    assert!(report.problems.is_empty() && report.not_applicable.is_empty());
    assert!(report.notes[0].contains("b.js"), "{:?}", report.notes);
}

#[test]
fn nothing_known_is_anything_and_nothing_to_know_does_not_apply() {
    let known = [("a.ts", covered(&[(1, true)]))];
    let unknown = report(vec![change("b.ts", &[(1, 2)])], &known);
    // Any part of its two lines may be covered: no limit is known to hold, nor to be missed.
    assert_eq!(unknown.metrics[0].interval, Some([0.0, 100.0]));
    assert!(unknown.problems.is_empty() && unknown.not_applicable.is_empty());
    assert!(unknown.notes[0].contains("b.ts"));

    let other = report(vec![change("x.py", &[(1, 2)])], &known);
    assert!(other.not_applicable.is_empty() && other.notes[0].contains("x.py"));
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
        not_applicable(&changes, &Scope::without(&["*.test.ts"]), &Sources::default(), false)
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

#[test]
fn a_small_patch_has_no_figure_where_every_report_was_read() {
    let known = [("a.ts", covered(&[(1, true), (2, false)]))];
    let small = |changes, missing| report_of(changes, &known, 10, missing);
    let whole = small(vec![change("a.ts", &[(1, 2)])], false);
    assert!(whole.metrics.is_empty());
    assert!(whole.not_applicable[0].because.starts_with("2 new coverable lines, fewer than the 10"));
    let untold = small(vec![change("a.ts", &[(1, 2)]), change("b.ts", &[(1, 1)])], false);
    assert!(untold.not_applicable[0].because.starts_with("3 new lines, fewer than the 10"));
    let partial = small(vec![change("a.ts", &[(1, 2)])], true);
    assert!(partial.not_applicable.is_empty());
    assert_eq!((partial.metrics[0].numerator, partial.metrics[0].denominator), (Some(1), Some(2)));
}

#[test]
fn a_folder_that_reports_know_is_source_whatever_it_is_called() {
    let known = [("b.ts", covered(&[(1, true)])), ("packages/build/src/a.ts", covered(&[(1, true)]))];
    let untold = |path: &str| {
        let report = report(vec![change(path, &[(1, 1)]), change("b.ts", &[(1, 1)])], &known);
        report.metrics[0].interval.is_some()
    };
    assert!(untold("packages/build/src/new.ts"));
    assert!(!untold("packages/builder/build/new.ts") && !untold("tests/helper.ts") && untold("src/test/helper.ts"));
}

#[test]
fn outputs_are_spared_and_named_and_sources_are_not() {
    let known = [("a.gleam", covered(&[(1, true)]))];
    let changed = ["dist/x.js", "src/build/y.ts", "z.gleam", "dist/readme.md"];
    let mut changes: Vec<_> = changed.iter().map(|path| change(path, &[(1, 1)])).collect();
    changes.push(change("a.gleam", &[(1, 1)]));
    let report = report(changes, &known);
    assert_eq!(
        report.notes[0],
        "1 changed file in folders of tests, builds or vendors, or minified, not taken for untested source: dist/x.js"
    );
    assert_eq!(
        report.metrics[0].places,
        ["src/build/y.ts: no report lists its lines", "z.gleam: no report lists its lines"]
    );
}

#[test]
fn links_are_no_source() {
    let dir = tempfile::tempdir().unwrap();
    let known = [("a.ts", covered(&[(1, true)]))];
    let link = ChangedFile { link: true, ..change("b.ts", &[(1, 1)]) };
    let report = report_in(dir.path(), vec![change("a.ts", &[(1, 1)]), link], &known, 0, false);
    assert_eq!((report.metrics[0].numerator, report.metrics[0].interval), (Some(1), None));
    assert!(report.notes.is_empty() && report.problems.is_empty());
}

#[test]
fn branches_beyond_the_end_are_those_of_another_version() {
    let with_branch = |line: u32| {
        let mut gatherer = MarkGatherer::new(1);
        gatherer.add(line, "b", true);
        let FileCoverage { lines, .. } = covered(&[(1, true)]);
        report(
            vec![change("a.ts", &[(1, 1)])],
            &[("a.ts", FileCoverage::new(lines, gatherer.take(), Marks::default()))],
        )
    };
    assert_eq!(with_branch(100).problems, []);
    assert!(with_branch(400).problems[0].message.contains("knows line 400, the file has 100 lines"));
}
