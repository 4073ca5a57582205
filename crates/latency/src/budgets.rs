//! Maps of budgets, such as `performance-budget.json`: names with response times.

use tollgate_input::{Limits, LineIndex, Node, Value, json};

use crate::duration;

/// Keys of maps that hold response times.
const MARKS: [&str; 3] = ["response_time", "latency", "responsetime"];

/// How deep maps are looked for.
const DEEPEST: usize = 32;

/// One budget.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BudgetEntry {
    /// What it is called.
    pub(crate) key: String,
    /// Milliseconds.
    pub(crate) limit_ms: f64,
    /// The line it stands on.
    pub(crate) line: u32,
}

/// The budgets of `text`, JSON known as `path`: those of the map at `pointer`, else of every map whose name tells of response times. What is
/// neither a number nor a duration, such as a description, is no budget.
///
/// # Errors
/// What cannot be read, or has none, in words.
pub(crate) fn read(path: &str, text: &str, pointer: Option<&str>) -> Result<Vec<BudgetEntry>, String> {
    let root = json::parse(path, text, Limits::default()).map_err(|e| e.to_string())?;
    let mut maps: Vec<(&Node, f64)> = Vec::new();
    match pointer {
        Some(pointer) => {
            let map = root.pointer(pointer).ok_or_else(|| format!("{path} has nothing at {pointer}"))?;
            let key = pointer.rsplit('/').next().unwrap_or_default();
            maps.push((map, scale(key)));
        }
        None => find(&root, &mut maps, 0),
    }
    let index = LineIndex::new(text);
    let mut entries = Vec::new();
    for (map, scale) in maps {
        for pair in map.entries() {
            let Some(limit_ms) = limit(&pair.value, scale) else { continue };
            let (line, _) = index.position(pair.key.span.start);
            entries.push(BudgetEntry { key: pair.key.name().unwrap_or_default().to_owned(), limit_ms, line });
        }
    }
    match entries.is_empty() {
        true => Err(format!(
            "{path} has no map of response times; name it with --pointer, such as /budgets/api/response_time_ms"
        )),
        false => Ok(entries),
    }
}

fn find<'n>(node: &'n Node, maps: &mut Vec<(&'n Node, f64)>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    for pair in node.entries() {
        let key = pair.key.name().unwrap_or_default().to_lowercase();
        match &pair.value.value {
            Value::Map(_) if MARKS.iter().any(|mark| key.contains(mark)) => maps.push((&pair.value, scale(&key))),
            Value::Map(_) => find(&pair.value, maps, depth + 1),
            _ => {}
        }
    }
}

/// Milliseconds in the unit that a name ends in.
fn scale(key: &str) -> f64 {
    let seconds = ["_s", "_sec", "_seconds"].iter().any(|ending| key.to_lowercase().ends_with(ending));
    if seconds { 1_000.0 } else { 1.0 }
}

fn limit(node: &Node, scale: f64) -> Option<f64> {
    match &node.value {
        Value::Number(number) => number.as_f64().map(|value| value * scale).filter(|ms| *ms > 0.0 && ms.is_finite()),
        Value::String(text) => {
            duration::milliseconds(text).filter(|_| text.contains(|c: char| c.is_ascii_alphabetic()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_of_response_times_are_found_and_descriptions_are_not_budgets() {
        let text = r#"{
  "budgets": {
    "api": { "targets": { "response_time_ms": {
      "description": "p95, 200 users",
      "health_check": 100,
      "reports": "1.5 s",
      "zero": 0
    } } },
    "bundle": { "js_kb": { "main": 500 } }
  }
}"#;
        let entry = |key: &str, limit_ms: f64, line| BudgetEntry { key: key.to_owned(), limit_ms, line };
        let all = vec![entry("health_check", 100.0, 5), entry("reports", 1_500.0, 6)];
        assert_eq!(read("b.json", text, None), Ok(all.clone()));
        assert_eq!(read("b.json", text, Some("/budgets/api/targets/response_time_ms")), Ok(all));
        assert!(read("b.json", text, Some("/nothing")).unwrap_err().contains("nothing at /nothing"));
        assert!(read("b.json", r#"{"a": 1}"#, None).unwrap_err().contains("--pointer"));
        assert!(read("b.json", "{", None).unwrap_err().contains("b.json"));
        let seconds = r#"{"latency_s": {"a": 2}}"#;
        assert_eq!(read("b.json", seconds, None).unwrap()[0].limit_ms, 2_000.0);
    }
}
