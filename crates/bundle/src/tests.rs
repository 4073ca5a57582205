//! The checker as a whole: its fixtures, and random builds counted a second time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::json;
use tollgate_check::fixture::{self, FolderTree};
use tollgate_check::{Facts, Tool};
use tollgate_input::Root;
use tollgate_model::{Cause, Status};

use super::*;

fn context<T>(root: &Path, jobs: usize, look: impl FnOnce(&Context<'_>) -> T) -> T {
    let root = Root::new(root).unwrap();
    let tree = FolderTree::new(root.clone());
    look(&Context::new(&root, &tree, Facts { jobs, ..Facts::plain() }))
}

fn run(root: &Path, options: serde_json::Value) -> Result<Report, CheckError> {
    context(root, 1, |ctx| Bundle.run(ctx, options))
}

#[test]
fn fixtures_give_what_they_say() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/bundle");
    let ran = fixture::run(&Bundle, Path::new(folder)).unwrap_or_else(|failed| panic!("{failed}"));
    assert!(ran >= 16, "only {ran} cases");
}

#[test]
fn flags_and_section_are_one() {
    let command = Bundle.augment(clap::Command::new("bundle"));
    let args = ["bundle", "--dir", "web", "--encoding", "gzip", "--exclude", "a", "--exclude", "b"];
    let given = Bundle.options(&command.clone().get_matches_from(args)).unwrap();
    assert_eq!(given, json!({"dir": "web", "encoding": "gzip", "exclude": ["a", "b"]}));
    assert_eq!(Bundle.options(&command.get_matches_from(["bundle"])).unwrap(), json!({}));
    let defaults = Tool::defaults(&Bundle, json!({})).unwrap();
    assert_eq!(
        defaults,
        json!({"dir": null, "encoding": "raw", "exclude": ["**/*.map"], "manifest": null, "files": []})
    );
}

#[test]
fn an_empty_folder_is_no_evidence() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("dist/assets")).unwrap();
    let report = run(dir.path(), json!({"dir": "dist"})).unwrap();
    assert_eq!((report.status, report.problems[0].cause), (Status::Empty, Cause::NoEvidence));
    assert_eq!(report.problems[0].message, "dist: is empty; build first, or name the folder with `dir`");
    assert!(report.metrics.is_empty());
    assert!(!context(dir.path(), 1, |ctx| Tool::discovers(&Bundle, ctx, json!({}))).unwrap());
}

#[cfg(unix)]
#[test]
fn what_was_not_seen_makes_the_report_incomplete() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("dist")).unwrap();
    fs::write(dir.path().join("dist/a.js"), "let a;").unwrap();
    for n in 0..120 {
        std::os::unix::fs::symlink("/etc/hostname", dir.path().join(format!("dist/{n:03}.js"))).unwrap();
    }
    let report = run(dir.path(), json!({"dir": "dist"})).unwrap();
    assert_eq!(report.status, Status::Incomplete);
    assert_eq!(report.problems.len(), 101);
    assert!(report.problems.iter().any(|p| p.message == "dist: 20 more such problems"));
    assert!(report.metrics.iter().any(|m| m.name == "bundle.total" && m.value == 6.0));
}

#[test]
fn a_large_build_is_measured_by_size_alone_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("dist")).unwrap();
    let file = fs::File::create(dir.path().join("dist/app.wasm")).unwrap();
    file.set_len(measure::UNASKED_BYTES + 1).unwrap();
    let report = run(dir.path(), json!({})).unwrap();
    assert_eq!(report.status, Status::Complete);
    assert!(!report.metrics.iter().any(|m| m.name == "bundle.gzip"));
    assert!(report.notes.iter().any(|n| n.starts_with("gzip is not measured: the build weighs more than 64 MB")));
}

/// What a second, plain implementation makes of the files that were written.
fn recount(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    let mut add = |series: String, value: usize| *sums.entry(series).or_insert(0) += value as u64;
    for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with(".map")) {
        let kind = match &path[path.rfind('.').unwrap() + 1..] {
            "js" => "js",
            "CSS" => "css",
            "png" => "image",
            "woff2" => "font",
            _ => "other",
        };
        for name in ["bundle.raw", "bundle.size"] {
            add(format!("{name}{{type=\"{kind}\"}}"), bytes.len());
            add(format!("{name}{{path=\"{path}\"}}"), bytes.len());
        }
        add("bundle.raw".to_owned(), bytes.len());
        add("bundle.total".to_owned(), bytes.len());
        add("bundle.count".to_owned(), 1);
        add(format!("bundle.count{{type=\"{kind}\"}}"), 1);
    }
    sums
}

fn builds() -> impl Strategy<Value = BTreeMap<String, Vec<u8>>> {
    let path = "([ab]{1,2}/){0,3}[a-c]{1,2}\\.(js|CSS|png|woff2|txt|js\\.map)";
    let content = (proptest::collection::vec(any::<u8>(), 0..40), 1_usize..60).prop_map(|(part, n)| part.repeat(n));
    proptest::collection::btree_map(path, content, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_second_count_agrees_and_threads_change_nothing(files in builds()) {
        let dir = tempfile::tempdir().unwrap();
        for (path, bytes) in &files {
            let path = dir.path().join("dist").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let report = run(dir.path(), json!({"dir": "dist"})).unwrap();
        let text = serde_json::to_string(&report).unwrap();
        for jobs in [2, 4] {
            let again = context(dir.path(), jobs, |ctx| Bundle.run(ctx, json!({"dir": "dist"}))).unwrap();
            prop_assert_eq!(&serde_json::to_string(&again).unwrap(), &text);
        }
        let expected = recount(&files);
        if expected.get("bundle.total").copied().unwrap_or(0) == 0 {
            prop_assert_eq!(report.status, Status::Empty);
            return Ok(());
        }
        prop_assert_eq!(report.status, Status::Complete);
        let (gzip, rest): (Vec<_>, Vec<_>) = report.metrics.iter().partition(|m| m.name == "bundle.gzip");
        let actual: BTreeMap<String, u64> = rest.into_iter().map(|m| (m.series(), m.value as u64)).collect();
        prop_assert_eq!(&actual, &expected);
        let sum = |label: Option<&str>| -> f64 {
            let ours = gzip.iter().filter(|m| m.labels.keys().next().map(String::as_str) == label);
            ours.map(|m| m.value).sum()
        };
        prop_assert_eq!(sum(None), sum(Some("path")));
        prop_assert_eq!(sum(None), sum(Some("type")));
        prop_assert_eq!(Some(&report.evidence[0].bytes), expected.get("bundle.total"));
    }
}
