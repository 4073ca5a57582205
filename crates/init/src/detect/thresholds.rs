//! Thresholds of coverage that test runners judge by themselves.

use serde_json::Value;

use super::files::{Files, join};
use super::literal::{Literal, value_of};
use super::node::Package;
use super::{Ask, Found, node_tests};
use crate::limit::Limit;

/// What thresholds are about, and the metric of the same meaning.
const KINDS: [(&str, &str); 4] = [
    ("lines", "coverage.lines"),
    ("branches", "coverage.branches"),
    ("functions", "coverage.functions"),
    ("statements", "coverage.statements"),
];

/// Adds what Jest, Vitest, c8 and nyc ask of the package, whose script is `script`.
pub(super) fn of_package(files: &Files<'_>, package: &Package, script: &str, found: &mut Found) {
    if let Some((place, text)) = node_tests::jest_text(files, package) {
        let global = value_of(&text, "coverageThreshold").and_then(|value| value.get("global").cloned());
        literal(&place, "jest coverageThreshold", global.as_ref(), found);
    }
    if let Some((place, text)) = node_tests::vitest_text(files, package) {
        literal(&place, "vitest thresholds", value_of(&text, "thresholds").as_ref(), found);
    }
    let nyc = package.manifest.get("nyc").map(|value| (package.path(), value.clone()));
    let rc = [".nycrc", ".nycrc.json", ".c8rc.json", ".c8rc"].map(|name| join(&package.folder, name));
    let rc = rc.into_iter().find_map(|path| files.json(&path).map(|value| (path, value)));
    for (place, value) in nyc.into_iter().chain(rc) {
        let judged = value.get("check-coverage").and_then(Value::as_bool) == Some(true);
        for (key, series) in KINDS {
            let limit = value.get(key).and_then(Value::as_f64);
            add(&place, "nyc check-coverage", series, limit, judged, found);
        }
    }
    let words: Vec<&str> = script.split_whitespace().collect();
    if words.contains(&"--check-coverage") {
        for (key, series) in KINDS {
            let flag = format!("--{key}");
            let after = words.iter().position(|word| *word == flag).and_then(|at| words.get(at + 1).copied());
            let equal = words.iter().find_map(|word| word.strip_prefix(&flag)?.strip_prefix('='));
            let limit = after.or(equal).and_then(|text| text.parse().ok());
            add(&package.path(), "--check-coverage", series, limit, true, found);
        }
    }
}

fn literal(place: &str, whose: &str, table: Option<&Literal>, found: &mut Found) {
    let Some(table) = table else { return };
    for (key, series) in KINDS {
        add(place, whose, series, table.get(key).and_then(Literal::number), true, found);
    }
    if table.get("100") == Some(&Literal::Bool(true)) {
        add(place, whose, "coverage.lines", Some(100.0), true, found);
    }
}

/// Negative thresholds count what may be missed, and have no percentage.
fn add(place: &str, whose: &str, series: &str, limit: Option<f64>, judged: bool, found: &mut Found) {
    let Some(limit) = limit.filter(|limit| *limit > 0.0).and_then(Limit::percent) else { return };
    let (series, place, whose) = (series.to_owned(), place.to_owned(), whose.to_owned());
    found.asks.push(Ask { series, limit, place, whose, judged });
}
