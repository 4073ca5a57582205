//! The whole checker: every rule on its examples, fixtures, the empty folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tollgate_check::fixture::FolderTree;
use tollgate_check::{Context, Facts, Tool as _};
use tollgate_input::Root;
use tollgate_model::{Report, Status};

use super::{Owasp, RULES};

/// Files in one text, each behind a line `==> path <==`; the first may do without, and then is called `first`.
fn lay(text: &str, first: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut path = first.to_owned();
    for line in text.trim_start_matches('\n').split_inclusive('\n') {
        match line.trim_end().strip_prefix("==> ").and_then(|rest| rest.strip_suffix(" <==")) {
            Some(named) => path = named.to_owned(),
            None => files.entry(path.clone()).or_default().push_str(line),
        }
    }
    files
}

fn report_with(files: &BTreeMap<String, String>, options: serde_json::Value) -> Report {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let place = dir.path().join(path);
        fs::create_dir_all(place.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(place, text).unwrap();
    }
    let root = Root::new(dir.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = Context::new(&root, &tree, Facts::plain());
    Owasp.run(&ctx, options).unwrap()
}

/// How every item stands.
fn verdicts(report: &Report) -> BTreeMap<&str, &'static str> {
    let items = report.checklists.iter().flat_map(|list| &list.items);
    items.map(|item| (item.id.as_str(), item.verdict.word())).collect()
}

#[test]
fn every_rule_finds_its_examples_and_nothing_in_what_looks_alike() {
    let mut wrong = Vec::new();
    for rule in RULES.iter() {
        assert!(!rule.counter_examples.is_empty(), "{} is tried on one side alone", rule.id);
        for (examples, expected) in [(&rule.examples, true), (&rule.counter_examples, false)] {
            for example in examples {
                let first = if example.about.starts_with("Python") { "src/example.py" } else { "src/example.ts" };
                let report = report_with(&lay(&example.text, first), serde_json::json!({}));
                let of: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
                if of.contains(&rule.id.as_str()) != expected {
                    wrong.push(format!("{}: {}: {of:?} {:?}", rule.id, example.about, report.problems));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixtures_give_what_they_say() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/owasp");
    let ran = tollgate_check::fixture::run(&Owasp, Path::new(folder)).unwrap_or_else(|failed| panic!("{failed}"));
    assert!(ran > 0, "no case in {folder}");
}

#[test]
fn nothing_examined_is_no_pass() {
    let report = report_with(&BTreeMap::from([("README.md".to_owned(), "# x\n".to_owned())]), serde_json::json!({}));
    assert_eq!(report.status, Status::Empty);
    assert!(verdicts(&report).values().all(|verdict| *verdict == "not-evidenced"), "{:?}", verdicts(&report));
    assert_eq!(verdicts(&report).len(), 20);
}

/// What the table of evidence says of a slot.
fn slot(report: &Report, name: &str) -> String {
    let exhibit = report.exhibits.iter().find(|exhibit| exhibit.id == "evidence").unwrap();
    let tollgate_model::ExhibitData::Table { rows, .. } = &exhibit.data else { panic!("{exhibit:?}") };
    let text = |cell: &tollgate_model::Cell| match cell {
        tollgate_model::Cell::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    let row = rows.iter().find(|row| text(&row[0]) == name).unwrap_or_else(|| panic!("{name}"));
    format!("{}: {}", text(&row[1]), text(&row[2]))
}

#[test]
fn what_is_there_and_not_in_force_is_not_evidence() {
    let fixtures = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/owasp"));
    let required: std::collections::BTreeSet<&String> =
        super::items::all().iter().flat_map(|item| &item.required).collect();
    for slot_name in required {
        let root =
            Root::new(&fixtures.join(format!("idle-{slot_name}/input"))).unwrap_or_else(|e| panic!("{slot_name}: {e}"));
        let tree = FolderTree::new(root.clone());
        let ctx = Context::new(&root, &tree, Facts::plain());
        let report = Owasp.run(&ctx, serde_json::json!({})).unwrap();
        assert_ne!(report.status, Status::Empty, "{slot_name}");
        let said = slot(&report, slot_name);
        assert!(!said.starts_with("shown"), "{slot_name}: {said}");
        let needs = |item: &&super::items::Item| item.required.contains(slot_name);
        for item in super::items::all().iter().filter(needs) {
            assert_ne!(verdicts(&report)[item.id.as_str()], "pass", "{slot_name}: {}", item.id);
        }
    }
}
