//! Checkers and sources that would be gone or read less.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::silenced::plain;
use super::{Relaxation, few, named};

/// Instances that are configured no more.
pub(super) fn configured(
    base: &BTreeSet<(String, Option<String>)>,
    head: &BTreeSet<(String, Option<String>)>,
) -> Vec<Relaxation> {
    let gone = base.difference(head).map(|(checker, instance)| named(checker, instance.as_deref()));
    gone.map(|who| Relaxation::of_all(format!("{who} would no longer be configured"))).collect()
}

/// Sources that are gone, read other files, or need less to be there.
pub(super) fn sources(base: &BTreeMap<String, Value>, head: &BTreeMap<String, Value>) -> Vec<Relaxation> {
    let mut texts = Vec::new();
    for (name, before) in base {
        match (before, head.get(name)) {
            (_, None) => texts.push(format!("the source {name} would be gone")),
            (Value::Object(before), Some(Value::Object(after))) => texts.extend(source(name, before, after)),
            (before, Some(after)) if before != after => texts.push(other(name, "settings", before, after)),
            _ => {}
        }
    }
    texts.into_iter().map(Relaxation::of_all).collect()
}

fn source(name: &str, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let get = |side: &Map<String, Value>, key: &str| side.get(key).cloned().unwrap_or(Value::Null);
    let told = |key: &String| {
        let (old, new) = (get(before, key), get(after, key));
        if key == "files" {
            files(name, &old, &new)
        } else if key.starts_with("requir") {
            (!requires(&new, &old)).then(|| {
                let missing = missing(&old, &new);
                match missing.is_empty() {
                    true => other(name, key, &old, &new),
                    false => {
                        let missing = few(missing.iter().map(String::as_str));
                        format!("`{key}` of the source {name} would no longer have {missing}")
                    }
                }
            })
        } else {
            (old != new).then(|| other(name, key, &old, &new))
        }
    };
    keys.into_iter().filter_map(told).collect()
}

/// Other files than before. With more of them, one that is missing may be missed no longer.
fn files(name: &str, old: &Value, new: &Value) -> Option<String> {
    let (less, more) = (missing(old, new), missing(new, old));
    match (less.is_empty(), more.is_empty()) {
        (false, _) => {
            let less = few(less.iter().map(String::as_str));
            Some(format!("the source {name} would no longer read {less}"))
        }
        (true, false) => {
            let more = few(more.iter().map(String::as_str));
            Some(format!("the source {name} would also read {more}; whether that is milder cannot be told"))
        }
        (true, true) => None,
    }
}

/// Entries of one list (or the one entry that stands for a list) that another does not have.
fn missing(of: &Value, than: &Value) -> Vec<String> {
    let list = |value: &Value| match value {
        Value::Null => Vec::new(),
        Value::Array(entries) => entries.clone(),
        one => vec![one.clone()],
    };
    let than = list(than);
    list(of).iter().filter(|entry| !than.contains(entry)).map(plain).collect()
}

/// Whether what `new` requires holds all that `old` does.
fn requires(new: &Value, old: &Value) -> bool {
    match (new, old) {
        (_, Value::Null | Value::Bool(false)) => true,
        (Value::Array(_), Value::Array(_)) => missing(old, new).is_empty(),
        (Value::Object(new), Value::Object(old)) => {
            old.iter().all(|(key, old)| requires(new.get(key).unwrap_or(&Value::Null), old))
        }
        (new, old) => new == old,
    }
}

fn other(name: &str, key: &str, old: &Value, new: &Value) -> String {
    let (would, is) = (few([plain(new).as_str()]), few([plain(old).as_str()]));
    format!("`{key}` of the source {name} would be {would}; it is {is}; whether that is milder cannot be told")
}
