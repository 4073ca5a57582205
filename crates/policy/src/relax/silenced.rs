//! Findings that would no longer count.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{By, OptionKey, Relaxation, few, named};

/// Options that silence more. A list silences more with each entry; of anything else that changed it cannot be told.
pub(super) fn options(base: &BTreeMap<OptionKey, Value>, head: &BTreeMap<OptionKey, Value>) -> Vec<Relaxation> {
    let keys: BTreeSet<&OptionKey> = base.keys().chain(head.keys()).collect();
    let told = |key: &OptionKey| {
        let (checker, instance, option) = key;
        let who = named(checker, (!instance.is_empty()).then_some(instance.as_str()));
        let (before, after) = (base.get(key), head.get(key));
        let text = match (list(before), list(after)) {
            (Some(old), Some(new)) => {
                let added = new.iter().filter(|entry| !old.contains(entry));
                let added: Vec<String> = added.map(|entry| plain(entry)).collect();
                let takes_back = |entry: &&Value| entry.as_str().is_some_and(|text| text.trim_start().starts_with('!'));
                match added.is_empty() {
                    _ if old != new && old.iter().chain(&new).any(takes_back) => {
                        format!("`{option}` of {who} would change where entries begin with `!`; {UNTOLD}")
                    }
                    true => return None,
                    false => {
                        format!("`{option}` of {who} would also have {}", few(added.iter().map(String::as_str)))
                    }
                }
            }
            _ if before == after => return None,
            _ => format!("`{option}` of {who} would be {}; it is {}; {UNTOLD}", shown(after), shown(before)),
        };
        Some(Relaxation::of_all(text))
    };
    keys.into_iter().filter_map(told).collect()
}

const UNTOLD: &str = "whether that is milder cannot be told";

/// The entries of a list; none at all where nothing is set. None where it is no list.
fn list(value: Option<&Value>) -> Option<Vec<&Value>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::Array(entries)) => Some(entries.iter().collect()),
        Some(_) => None,
    }
}

/// A text as it is, anything else as JSON.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "unset".to_owned(), |value| few([plain(value).as_str()]))
}

/// Files of exceptions that have more lines. Blank lines and comments do not count, nor does the order, save where a
/// line takes something back (`!`). A file in which lines hang together is listed for any change.
pub(super) fn allow_files(base: &BTreeMap<String, String>, head: &BTreeMap<String, String>) -> Vec<Relaxation> {
    let paths: BTreeSet<&String> = base.keys().chain(head.keys()).collect();
    let told = |path: &String| {
        let of = |side: &'_ BTreeMap<String, String>| side.get(path).cloned().unwrap_or_default();
        let (before, after) = (of(base), of(head));
        let (old, new) = (lines(&before), lines(&after));
        let known: BTreeSet<&str> = old.iter().copied().collect();
        let mut seen = BTreeSet::new();
        let added: Vec<&str> = new.iter().copied().filter(|line| !known.contains(line) && seen.insert(*line)).collect();
        let text = if old == new {
            return None;
        } else if hangs_together(path) {
            format!("{path} would change; {UNTOLD}")
        } else if old.iter().chain(&new).any(|line| line.starts_with('!')) {
            format!("{path} would change where lines begin with `!`; {UNTOLD}")
        } else if added.is_empty() {
            return None;
        } else if base.contains_key(path) {
            format!("{path} would also have {}", few(added))
        } else {
            format!("{path} would be there, with {}", few(added))
        };
        Some(Relaxation::of_all(text).made_by(By::File(path.clone())))
    };
    paths.into_iter().filter_map(told).collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// Whether a line of this file means nothing by itself.
fn hangs_together(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    matches!(
        ending.as_str(),
        "toml" | "json" | "jsonc" | "json5" | "yaml" | "yml" | "xml" | "js" | "cjs" | "mjs" | "ts"
    )
}
