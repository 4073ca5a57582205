//! Real manifests, and what Chromium downloaded of these builds.
//!
//! The samples are builds of the applications in `xtask/browser/apps`, reduced: some routes are left out, and of scripts only
//! what imports is kept. The lists of files are measured: `cargo xtask browser` wrote them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::read;
use crate::account::{Account, Start};

const NOT_FOUND: &str = "/_not-found";

struct Sample {
    name: &'static str,
    text: &'static str,
    bundler: &'static str,
}

macro_rules! samples {
    ($($name:literal is $bundler:literal),* $(,)?) => {
        &[$(Sample { name: $name, text: include_str!(concat!($name, ".json")), bundler: $bundler }),*]
    };
}

const SAMPLES: &[Sample] = samples![
    "next-13-webpack" is "Next.js (webpack)",
    "next-14-webpack" is "Next.js (webpack)",
    "next-15-webpack" is "Next.js 15 (webpack)",
    "next-15-turbopack" is "Next.js 15 (Turbopack)",
    "next-16-turbopack-placed" is "Next.js 16 (Turbopack)",
    "next-16-webpack" is "Next.js 16 (webpack)",
    "plain-14-webpack" is "Next.js (webpack)",
    "plain-16-turbopack" is "Next.js 16 (Turbopack)",
    "pages-13-webpack" is "Next.js (webpack)",
];

impl Sample {
    fn account(&self) -> Account {
        let sample: Value = serde_json::from_str(self.text).unwrap();
        let files = sample["files"].as_object().unwrap();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str().unwrap())).collect();
        read(&files).unwrap().unwrap()
    }

    /// Route -> what was downloaded at first, and after pressing every button.
    fn measured(&self) -> BTreeMap<String, [BTreeSet<String>; 2]> {
        let sample: Value = serde_json::from_str(self.text).unwrap();
        let list = |files: &Value| serde_json::from_value(files.clone()).unwrap();
        let routes = sample["browser"].as_object().unwrap();
        routes.iter().map(|(route, files)| (route.clone(), [list(&files["first"]), list(&files["later"])])).collect()
    }
}

fn account(name: &str) -> Account {
    SAMPLES.iter().find(|sample| sample.name == name).unwrap().account()
}

#[test]
fn a_first_visit_downloads_what_the_reader_says() {
    for sample in SAMPLES {
        let (account, measured) = (sample.account(), sample.measured());
        assert_eq!(account.bundler, sample.bundler, "{}", sample.name);
        assert_eq!(account.problems, [], "{}", sample.name);
        let routes: BTreeSet<&str> = account.loads.iter().map(|load| load.name.as_str()).collect();
        assert_eq!(routes, measured.keys().map(String::as_str).collect(), "{}", sample.name);
        assert_eq!(routes.len(), account.loads.len(), "{}: a route twice", sample.name);
        for load in &account.loads {
            let [first, later] = &measured[&load.name];
            assert_eq!(load.start, Start::Route);
            // What this page shows at once by `next/dynamic` is the one thing that no manifest tells.
            let early: BTreeSet<String> = if load.name == "/at-once" { &load.lazy & first } else { BTreeSet::new() };
            assert_eq!(early.is_empty(), load.name != "/at-once");
            assert_eq!(&(&load.initial | &early), first, "{} {}", sample.name, load.name);
            assert!(later.is_subset(&load.lazy), "{} {}: {later:?}", sample.name, load.name);
            assert!(load.initial.is_disjoint(&load.lazy), "{} {}", sample.name, load.name);
        }
    }
}

#[test]
fn what_comes_later_is_no_more_than_is_imported() {
    for sample in SAMPLES.iter().filter(|sample| sample.name.ends_with("webpack")) {
        let measured = sample.measured();
        for load in sample.account().loads.iter().filter(|load| load.name != "/at-once") {
            assert_eq!(load.lazy, measured[&load.name][1], "{} {}", sample.name, load.name);
        }
    }
}

#[test]
fn what_was_left_out_is_said() {
    let notes = account("next-16-turbopack-placed").notes;
    assert_eq!(notes.len(), 4, "{notes:?}");
    assert!(notes[1].starts_with("1 intercepting route left out"), "{notes:?}");
    assert!(notes[2].contains("under /shop,"), "{notes:?}");
    assert!(notes[3].contains("its 2 locales,"), "{notes:?}");
    assert_eq!(account("plain-14-webpack").notes.len(), 1);
}

#[test]
fn pages_without_a_router_of_their_own_have_their_route() {
    let loads = account("plain-16-turbopack").loads;
    assert!(loads.iter().any(|load| load.name == NOT_FOUND));
    assert!(!loads.iter().any(|load| load.name.contains("error")));
}

#[test]
fn a_file_that_is_gone_is_missed_by_whichever_manifest_names_it() {
    for name in ["next-15-webpack", "next-15-turbopack", "next-16-webpack"] {
        let sample = SAMPLES.iter().find(|sample| sample.name == name).unwrap();
        let value: Value = serde_json::from_str(sample.text).unwrap();
        let files: Vec<(&str, &str)> = value["files"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str().unwrap()))
            .collect();
        let read_by_us = |path: &str| {
            path.ends_with("client-reference-manifest.js")
                || ["build-manifest.json", "app-build-manifest.json", "react-loadable-manifest.json"].contains(&path)
        };
        let manifests: Vec<&str> = files.iter().filter(|(path, _)| read_by_us(path)).map(|(_, text)| *text).collect();
        let named = |path: &str| manifests.iter().any(|text| text.contains(&format!("{path}\"")));
        let gone: Vec<&str> =
            files.iter().map(|(path, _)| *path).filter(|path| path.starts_with("static/") && named(path)).collect();
        assert!(gone.len() > 10, "{name}: {gone:?}");
        for gone in gone {
            let left: Vec<(&str, &str)> = files.iter().copied().filter(|(path, _)| *path != gone).collect();
            let problems = read(&left).unwrap().unwrap().problems;
            assert!(
                problems.iter().any(|problem| problem.message.contains(gone)),
                "{name} without {gone}: {problems:?}"
            );
        }
    }
}
