//! The documented limits of code scanning's ingestion.

use std::collections::BTreeSet;

use serde_json::Value;

/// Whether a text is a commit's full name: 40 or 64 hexadecimal digits.
pub(crate) fn is_sha(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Why ingestion refuses a file as a whole; empty when it takes it.
pub(crate) fn flaws(log: &Value) -> Vec<String> {
    let mut flaws = Vec::new();
    let mut most = |at: &str, what: &str, list: &Value, most: usize| {
        if let Some(count) = list.as_array().map(Vec::len).filter(|count| *count > most) {
            flaws.push(format!("{at}: {count} {what}, at most {most}"));
        }
    };
    most("the file", "runs", &log["runs"], 20);
    for (i, run) in items(&log["runs"]).iter().enumerate() {
        let at = format!("run {i}");
        most(&at, "results", &run["results"], 25_000);
        most(&at, "extensions", &run["tool"]["extensions"], 100);
        for tool in std::iter::once(&run["tool"]["driver"]).chain(items(&run["tool"]["extensions"])) {
            most(&at, "rules", &tool["rules"], 25_000);
            for (j, rule) in items(&tool["rules"]).iter().enumerate() {
                most(&format!("run {i}, rule {j}"), "tags", &rule["properties"]["tags"], 20);
            }
        }
        for (j, result) in items(&run["results"]).iter().enumerate() {
            let at = format!("run {i}, result {j}");
            most(&at, "locations", &result["locations"], 1_000);
            let flows = items(&result["codeFlows"]).iter().flat_map(|flow| items(&flow["threadFlows"]));
            for flow in flows {
                most(&at, "places in a flow", &flow["locations"], 10_000);
            }
        }
    }
    for (i, run) in items(&log["runs"]).iter().enumerate() {
        for (j, result) in items(&run["results"]).iter().enumerate() {
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            if place["uri"].as_str().is_none_or(str::is_empty) && !place["index"].is_u64() {
                flaws.push(format!("run {i}, result {j}: locationFromSarifResult: expected artifact location"));
            }
        }
    }
    let mut seen = BTreeSet::new();
    for (i, run) in items(&log["runs"]).iter().enumerate() {
        if run["tool"]["driver"]["name"].as_str().is_none_or(str::is_empty) {
            flaws.push(format!("run {i}: the tool has no name"));
        }
        if !seen.insert(category(run)) {
            flaws.push(format!("run {i}: a second run with the same tool and category"));
        }
    }
    flaws
}

/// What ingestion takes, and does not understand as it was meant.
pub(crate) fn mistakes(log: &Value) -> Vec<String> {
    let mut mistakes = Vec::new();
    for (i, run) in items(&log["runs"]).iter().enumerate() {
        for (j, result) in items(&run["results"]).iter().enumerate() {
            if !items(&result["suppressions"]).is_empty() {
                mistakes.push(format!("run {i}, result {j}: suppressions are not honoured, it would be shown as open"));
            }
        }
    }
    mistakes
}

/// What runs are told apart by: the tool, and the category up to its last slash.
fn category(run: &Value) -> Vec<String> {
    let driver = &run["tool"]["driver"];
    let id = run["automationDetails"]["id"].as_str().unwrap_or_default();
    let category = id.rsplit_once('/').map_or("", |(category, _)| category);
    let tool = ["name", "fullName", "version", "semanticVersion", "guid"].map(|key| driver[key].as_str().unwrap_or(""));
    std::iter::once(category).chain(tool).map(str::to_owned).collect()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
