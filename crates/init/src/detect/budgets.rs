//! Budgets of size: `performance-budget.json` and its like, Lighthouse's `budget.json`, size-limit.

use serde_json::Value;

use super::files::{Files, is_of_others, is_plain, join, normal};
use super::{Ask, Found, Named};
use crate::limit::Limit;

/// Names of files of budgets, anywhere in the project.
const NAMES: [&str; 5] =
    ["performance-budget.json", "performance-budgets.json", "perf-budget.json", "budget.json", "budgets.json"];

/// How deep a budget may lie in its file, and how many values are looked at.
const DEEPEST: usize = 12;
const MOST: usize = 5_000;

/// How many files of budgets are read.
const MOST_FILES: usize = 20;

/// Adds what budgets ask of builds.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    let named = |path: &&String| NAMES.contains(&path.rsplit('/').next().unwrap_or_default());
    for path in files.names().iter().filter(named).filter(|path| !is_of_others(path)).take(MOST_FILES) {
        let Some(json) = files.json(path) else {
            found.named.push(Named::new(path, "is not JSON, and was not used"));
            continue;
        };
        let before = found.asks.len();
        if json.is_array() {
            lighthouse(path, &json, found);
        } else {
            let mut left = MOST;
            plain(path, &json, 0, &mut left, &mut found.asks);
        }
        match found.asks.len() - before {
            0 => found.named.push(Named::new(path, "holds no budget of a build that could be read")),
            _ => found.named.push(Named::new(
                path,
                "budgets of times and of memory in it are not taken over: no checker measures them yet",
            )),
        }
    }
    size_limit(files, found);
}

/// The series that a word of a budget is about.
fn series(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "javascript" | "js" | "script" | "scripts" => "bundle.size{type=\"js\"}",
        "css" | "stylesheet" | "stylesheets" | "styles" => "bundle.size{type=\"css\"}",
        "image" | "images" => "bundle.size{type=\"image\"}",
        "font" | "fonts" => "bundle.size{type=\"font\"}",
        "document" | "html" => "bundle.size{type=\"html\"}",
        "total" | "total_initial_load" | "total_size" | "totalsize" | "bundle" => "bundle.total",
        _ => return None,
    })
}

/// `{"javascript": {"budget_kb": 500}}`, wherever it stands: a key that says what, and one that says how many of what.
fn plain(place: &str, value: &Value, depth: usize, left: &mut usize, asks: &mut Vec<Ask>) {
    let Value::Object(entries) = value else { return };
    for (key, inner) in entries {
        if depth >= DEEPEST || *left == 0 {
            return;
        }
        *left -= 1;
        if let (Some(series), Value::Object(fields)) = (series(key), inner)
            && let Some(limit) = fields.iter().find_map(|(name, value)| sized(name, value))
        {
            let whose = "budget (KB read as 1000 bytes)".to_owned();
            asks.push(Ask { series: series.to_owned(), limit, place: place.to_owned(), whose, judged: false });
        }
        plain(place, inner, depth + 1, left, asks);
    }
}

/// `"budget_kb": 500`, `"max": "500 KB"`.
fn sized(name: &str, value: &Value) -> Option<Limit> {
    const WORDS: [&str; 5] = ["budget", "max", "limit", "size", "maxsize"];
    let name = name.to_ascii_lowercase();
    let (word, unit) = match name.rsplit_once('_') {
        Some((word, "kb")) => (word, Some(1_000)),
        Some((word, "kib")) => (word, Some(1_024)),
        Some((word, "bytes")) => (word, Some(1)),
        Some((word, "mb")) => (word, Some(1_000_000)),
        _ => (name.as_str(), None),
    };
    if !WORDS.iter().any(|known| word.replace('_', "").starts_with(known)) {
        return None;
    }
    match (value, unit) {
        (Value::Number(number), Some(unit)) => Limit::bytes(number.as_f64()?, unit),
        (Value::String(text), None) => size(text),
        _ => None,
    }
}

/// `10 kB`, `1 MiB`, `500 B`, as size-limit writes them.
pub(super) fn size(text: &str) -> Option<Limit> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "b" => 1,
        "kb" => 1_000,
        "kib" => 1_024,
        "mb" => 1_000_000,
        "mib" => 1 << 20,
        _ => return None,
    };
    Limit::bytes(number.parse().ok()?, unit)
}

/// Lighthouse's file: `[{"resourceSizes": [{"resourceType": "script", "budget": 125}]}]`, in KiB of what a page loads.
fn lighthouse(place: &str, list: &Value, found: &mut Found) {
    for page in list.as_array().into_iter().flatten().take(50) {
        for entry in page.get("resourceSizes").and_then(Value::as_array).into_iter().flatten().take(50) {
            let Some(series) = entry.get("resourceType").and_then(Value::as_str).and_then(series) else { continue };
            let Some(limit) = entry.get("budget").and_then(Value::as_f64).and_then(|kib| Limit::bytes(kib, 1_024))
            else {
                continue;
            };
            let (series, place) = (series.to_owned(), place.to_owned());
            let whose = "Lighthouse budget (KiB of a page, asked of the build)".to_owned();
            found.asks.push(Ask { series, limit, place, whose, judged: false });
        }
    }
}

/// size-limit: files of a build, each by itself, after brotli unless it is told otherwise.
fn size_limit(files: &Files<'_>, found: &mut Found) {
    let folders: Vec<String> = found.builds.iter().map(|build| build.package.clone()).chain([String::new()]).collect();
    let mut seen = Vec::new();
    for folder in folders {
        let manifest = join(&folder, "package.json");
        let own = files.json(&manifest).and_then(|json| json.get("size-limit").cloned()).map(|list| (manifest, list));
        let file = join(&folder, ".size-limit.json");
        let list = own.or_else(|| files.json(&file).map(|list| (file, list)));
        if let Some(path) =
            files.first(&folder, &[".size-limit.js", ".size-limit.cjs", ".size-limit.mjs", ".size-limit.ts"])
        {
            found.named.push(Named::new(
                path,
                "size-limit is configured by a program, which is not run; its limits stay there",
            ));
        }
        let Some((place, list)) = list.filter(|(place, _)| !seen.contains(place)) else { continue };
        for entry in list.as_array().into_iter().flatten().take(100) {
            check(&folder, &place, entry, found);
        }
        seen.push(place);
    }
}

fn check(folder: &str, place: &str, entry: &Value, found: &mut Found) {
    let flag = |name: &str| entry.get(name).and_then(Value::as_bool);
    let path = entry.get("path").and_then(Value::as_str).unwrap_or("its files");
    let Some(limit) = entry.get("limit").and_then(Value::as_str).and_then(size) else {
        found.named.push(Named::new(place, "size-limit has a limit that is no size; it stays there"));
        return;
    };
    let metric = match (flag("gzip"), flag("brotli")) {
        (Some(true), _) => Some("bundle.gzip"),
        (_, Some(false)) => Some("bundle.raw"),
        _ => None,
    };
    let whole = normal(folder, path).filter(|whole| is_plain(whole));
    let inside = whole.as_deref().and_then(|whole| {
        found.builds.iter().find_map(|build| whole.strip_prefix(&build.path)?.strip_prefix('/').map(str::to_owned))
    });
    match (metric, inside) {
        (Some(metric), Some(inside)) => {
            let series = format!("{metric}{{path=\"{inside}\"}}");
            let whose = "size-limit".to_owned();
            found.asks.push(Ask { series, limit, place: place.to_owned(), whose, judged: true });
        }
        (None, _) => {
            let about = format!(
                "size-limit asks {limit} of {path} after brotli, which bundle does not measure; it stays there"
            );
            found.named.push(Named::new(place, about));
        }
        (Some(_), None) => {
            let about = format!("size-limit asks {limit} of {path}, which is no one file of a build; it stays there");
            found.named.push(Named::new(place, about));
        }
    }
}
