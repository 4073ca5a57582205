//! Maps of budgets, such as `performance-budget.json`: names with response times.

use tollgate_input::{Limits, LineIndex, Node, Pair, Span, Value, json};

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

/// The budgets of a map, and what in it is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Budgets {
    pub(crate) entries: Vec<BudgetEntry>,
    /// Keys whose value is neither a number nor a duration, such as a description, with their lines.
    pub(crate) left_out: Vec<(String, u32)>,
}

/// The budgets of `text`, JSON known as `path`: what is at `pointer`, else every value and map whose name tells of response times. What lies in maps
/// within these is called by the names of both: `critical.health`.
///
/// # Errors
/// What cannot be read, or has none, in words.
pub(crate) fn read(path: &str, text: &str, pointer: Option<&str>) -> Result<Budgets, String> {
    let root = json::parse(path, text, Limits::default()).map_err(|e| e.to_string())?;
    let mut reader = Reader { index: LineIndex::new(text), found: Budgets::default() };
    match pointer {
        Some(pointer) => {
            let map = root.pointer(pointer).ok_or_else(|| format!("{path} has nothing at {pointer}"))?;
            let key = pointer.rsplit('/').next().unwrap_or_default();
            match map.entries() {
                [] => reader.take(key, map, map.span, scale(key), 0),
                entries => reader.take_all("", entries, scale(key), 0),
            }
        }
        None => reader.find(&root, 0),
    }
    match reader.found.entries.is_empty() {
        true => Err(format!(
            "{path} has no map of response times; name it with --pointer, such as /budgets/api/response_time_ms"
        )),
        false => Ok(reader.found),
    }
}

struct Reader<'t> {
    index: LineIndex<'t>,
    found: Budgets,
}

impl Reader<'_> {
    /// Takes everything whose name tells of response times.
    fn find(&mut self, node: &Node, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for pair in node.entries() {
            let key = pair.key.name().unwrap_or_default();
            let marked = MARKS.iter().any(|mark| key.to_lowercase().contains(mark));
            match &pair.value.value {
                Value::Map(entries) if marked => self.take_all("", entries, scale(key), depth + 1),
                Value::Map(_) => self.find(&pair.value, depth + 1),
                _ if marked => self.take(key, &pair.value, pair.key.span, scale(key), depth),
                _ => {}
            }
        }
    }

    fn take_all(&mut self, within: &str, entries: &[Pair], scale: f64, depth: usize) {
        for pair in entries {
            let name = pair.key.name().unwrap_or_default();
            let key = if within.is_empty() { name.to_owned() } else { format!("{within}.{name}") };
            self.take(&key, &pair.value, pair.key.span, scale, depth);
        }
    }

    fn take(&mut self, key: &str, value: &Node, at: Span, scale: f64, depth: usize) {
        let (line, _) = self.index.position(at.start);
        match (&value.value, limit(value, scale)) {
            (Value::Map(entries), _) if depth < DEEPEST => self.take_all(key, entries, scale, depth + 1),
            (_, Some(limit_ms)) => self.found.entries.push(BudgetEntry { key: key.to_owned(), limit_ms, line }),
            (_, None) => self.found.left_out.push((key.to_owned(), line)),
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
        let all = Budgets {
            entries: vec![entry("health_check", 100.0, 5), entry("reports", 1_500.0, 6)],
            left_out: vec![("description".to_owned(), 4), ("zero".to_owned(), 7)],
        };
        assert_eq!(read("b.json", text, None), Ok(all.clone()));
        assert_eq!(read("b.json", text, Some("/budgets/api/targets/response_time_ms")), Ok(all));
        let one = read("b.json", text, Some("/budgets/api/targets/response_time_ms/health_check")).unwrap();
        assert_eq!((one.entries.len(), one.entries[0].limit_ms), (1, 100.0));
        assert!(read("b.json", text, Some("/nothing")).unwrap_err().contains("nothing at /nothing"));
        assert!(read("b.json", r#"{"a": 1}"#, None).unwrap_err().contains("--pointer"));
        assert!(read("b.json", "{", None).unwrap_err().contains("b.json"));
        let seconds = r#"{"latency_s": {"a": 2}}"#;
        assert_eq!(read("b.json", seconds, None).unwrap().entries[0].limit_ms, 2_000.0);
    }

    #[test]
    fn maps_within_are_called_by_both_names_and_a_single_value_counts() {
        let text = r#"{"responseTime": 300, "latency": {"critical": {"health": 100, "why": ["x"]}, "reports": 900}}"#;
        let found = read("b.json", text, None).unwrap();
        let told: Vec<(&str, f64)> = found.entries.iter().map(|entry| (entry.key.as_str(), entry.limit_ms)).collect();
        assert_eq!(told, [("responseTime", 300.0), ("critical.health", 100.0), ("reports", 900.0)]);
        assert_eq!(found.left_out, [("critical.why".to_owned(), 1)]);
    }
}
