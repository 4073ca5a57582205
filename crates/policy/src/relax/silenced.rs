//! Findings that would no longer count.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tollgate_model::Milder;

use super::{By, OptionKey, Relaxation, few, named};
use crate::quantity::Quantity;

type Options = BTreeMap<OptionKey, (Milder, Value)>;

/// Options by which less would count or be asked.
pub(super) fn options(base: &Options, head: &Options) -> Vec<Relaxation> {
    let keys: BTreeSet<&OptionKey> = base.keys().chain(head.keys()).collect();
    let told = |key: &OptionKey| {
        let (checker, instance, option) = key;
        let who = format!("`{option}` of {}", named(checker, (!instance.is_empty()).then_some(instance.as_str())));
        let (before, after) = (base.get(key), head.get(key));
        let milder = before.or(after).map_or(Milder::Any, |(milder, _)| *milder);
        let (before, after) = (before.map(|(_, value)| value), after.map(|(_, value)| value));
        option_is_milder(milder, &who, before, after).map(Relaxation::of_all)
    };
    keys.into_iter().filter_map(told).collect()
}

/// What an option would let pass, in words; nothing where it would be as strict or stricter.
fn option_is_milder(milder: Milder, who: &str, before: Option<&Value>, after: Option<&Value>) -> Option<String> {
    if milder == Milder::Higher {
        return limit_is_milder(who, before, after);
    }
    let untold = || Some(format!("{who} would be {}; it is {}; {UNTOLD}", shown(after), shown(before)));
    let (Some(old), Some(new)) = (list(before), list(after)) else {
        let is_on = |value: Option<&Value>| value.and_then(Value::as_bool).unwrap_or(false);
        return match milder {
            Milder::Fewer if is_on(after) && (before.is_none() || before.is_some_and(Value::is_boolean)) => None,
            Milder::Fewer if before.is_none_or(|value| value == &Value::Bool(false)) && !is_on(after) => None,
            _ if before == after => None,
            _ => untold(),
        };
    };
    let missing = |of: &[&Value], than: &[&Value]| -> Vec<String> {
        of.iter().filter(|entry| !than.contains(entry)).map(|entry| plain(entry)).collect()
    };
    let (added, gone) = (missing(&new, &old), missing(&old, &new));
    let takes_back = |entry: &&Value| entry.as_str().is_some_and(|text| text.trim_start().starts_with('!'));
    let some = |entries: &[String]| few(entries.iter().map(String::as_str));
    match milder {
        _ if old != new && old.iter().chain(&new).any(takes_back) => {
            Some(format!("{who} would change where entries begin with `!`; {UNTOLD}"))
        }
        Milder::More => (!added.is_empty()).then(|| format!("{who} would also have {}", some(&added))),
        Milder::Fewer => (!gone.is_empty()).then(|| format!("{who} would no longer have {}", some(&gone))),
        Milder::Any | Milder::Higher if !gone.is_empty() => {
            Some(format!("{who} would no longer have {}; {UNTOLD}", some(&gone)))
        }
        Milder::Any | Milder::Higher => {
            (!added.is_empty()).then(|| format!("{who} would also have {}; {UNTOLD}", some(&added)))
        }
    }
}

/// What a limit would let pass: none where there is none yet, or it would be as low or lower.
fn limit_is_milder(who: &str, before: Option<&Value>, after: Option<&Value>) -> Option<String> {
    let quantity = |value: Option<&Value>| value.and_then(Value::as_str).and_then(|text| Quantity::parse(text).ok());
    if before.is_none() || before == after {
        return None;
    }
    let was = format!("{who} would be {}; it is {}", shown(after), shown(before));
    match (quantity(before), quantity(after)) {
        (Some(old), Some(new)) if old.unit == new.unit => (new.value() > old.value()).then_some(was),
        (_, None) if after.is_none() => Some(was),
        _ => Some(format!("{was}; {UNTOLD}")),
    }
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

/// A text as it is, a table as its keys and values, anything else as JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) if !fields.is_empty() => {
            let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key} = {}", plain(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
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
