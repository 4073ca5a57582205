//! The whole checker on repositories that are written down in a few lines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tollgate_check::fixture::FolderTree;
use tollgate_check::{Context, Facts, Tool as _};
use tollgate_input::Root;
use tollgate_model::{Finding, Report};

use super::{RULES, Workflows};

/// A repository in one text: a workflow alone, or files each behind a line `==> path <==`. The file `options.toml` holds the
/// checker's options.
pub(crate) fn lay(text: &str) -> (BTreeMap<String, String>, Value) {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut path = ".github/workflows/example.yml".to_owned();
    for line in text.trim_start_matches('\n').split_inclusive('\n') {
        if let Some(named) = line.trim_end().strip_prefix("==> ").and_then(|rest| rest.strip_suffix(" <==")) {
            path = named.to_owned();
            files.insert(path.clone(), String::new());
        } else {
            files.entry(path.clone()).or_default().push_str(line);
        }
    }
    let options = files.remove("options.toml").map_or(Value::Null, |text| {
        toml::from_str::<Value>(&text).unwrap_or_else(|error| panic!("options.toml: {error}"))
    });
    (files, if options.is_null() { Value::Object(Default::default()) } else { options })
}

/// The report about such a repository.
pub(crate) fn report(text: &str) -> Report {
    let (files, options) = lay(text);
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in &files {
        let place = dir.path().join(path);
        fs::create_dir_all(place.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(place, text).unwrap();
    }
    let root = Root::new(dir.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = Context::new(&root, &tree, Facts::plain());
    Workflows.run(&ctx, options).unwrap()
}

/// `class line tool` of every check, effective ones too.
pub(crate) fn checks(text: &str) -> Vec<String> {
    let report = report(text);
    let table = report.exhibits.iter().find(|exhibit| exhibit.id == "checks");
    let Some(tollgate_model::ExhibitData::Table { rows, .. }) = table.map(|exhibit| &exhibit.data) else {
        return Vec::new();
    };
    let cell = |row: &Vec<tollgate_model::Cell>, at: usize| match &row[at] {
        tollgate_model::Cell::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    let mut all: Vec<String> = rows
        .iter()
        .map(|row| {
            let place = cell(row, 1);
            let line = place.rsplit(':').next().unwrap_or_default().to_owned();
            format!("{} {line} {}", cell(row, 0), cell(row, 2))
        })
        .collect();
    all.sort_by_key(|row| row.split(' ').find_map(|word| word.parse::<u32>().ok()));
    all
}

/// The rules of the findings, pipeline security left out.
fn rules(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.as_str()).collect()
}

mod jobs;
mod scripts;

#[test]
fn every_example_of_every_rule_is_found_and_no_counter_example() {
    let mut failed = Vec::new();
    for rule in RULES.iter() {
        for example in &rule.examples {
            let found = report(&example.text).findings;
            if !found.iter().any(|finding| finding.rule == rule.id) {
                failed.push(format!("{}: not found: {}: only {:?}", rule.id, example.about, rules(&found)));
            }
        }
        for example in &rule.counter_examples {
            let found = report(&example.text).findings;
            if let Some(finding) = found.iter().find(|finding| finding.rule == rule.id) {
                failed.push(format!("{}: found: {}: {}", rule.id, example.about, finding.message));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn fixtures() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/workflows");
    let ran = tollgate_check::fixture::run(&Workflows, Path::new(folder)).unwrap_or_else(|failed| panic!("{failed}"));
    assert!(ran > 0, "no case in {folder}");
}

#[test]
fn every_rule_that_the_code_names_has_its_file() {
    let mut named = Vec::new();
    let folders = ["src", "src/judge", "src/survey", "src/essentials"];
    for folder in folders.map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                named.extend(
                    text.split('"')
                        .filter(|part| part.starts_with("workflows/") && !part.contains(' '))
                        .map(str::to_owned),
                );
            }
        }
    }
    named.sort();
    named.dedup();
    let have: Vec<&str> = RULES.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(named, have, "rules that the code names, and rule files");
}
