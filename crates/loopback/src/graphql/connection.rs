//! Lists that are given in pages, between cursors.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::resolve::{Failure, Node};

/// Most items that may be asked for at once.
const MOST: i64 = 100;

/// A page of a list.
#[derive(Clone)]
pub(super) struct Connection<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) info: PageInfo,
    pub(super) total: usize,
}

/// Where a page is in its list.
#[derive(Clone)]
pub(super) struct PageInfo {
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    pub(super) before: bool,
    pub(super) after: bool,
}

/// The page that `arguments` ask for, of at most `page` items; the keys of `items` rise and stay with them.
pub(super) fn page<'a>(
    name: &str,
    items: Vec<(u64, Node<'a>)>,
    arguments: &Map<String, Value>,
    page: usize,
) -> Result<Connection<'a>, Failure> {
    let number = |key: &str| arguments.get(key).and_then(Value::as_i64);
    let (first, last) = (number("first"), number("last"));
    let (count, word) = match (first, last) {
        (Some(count), None) => (count, "first"),
        (None, Some(count)) => (count, "last"),
        (None, None) => {
            let message =
                format!("You must provide a `first` or `last` value to properly paginate the `{name}` connection.");
            return Err(Failure::new("MISSING_PAGINATION_BOUNDARIES", message));
        }
        (Some(_), Some(_)) => {
            let message =
                format!("Passing both `first` and `last` to paginate the `{name}` connection is not supported.");
            return Err(Failure::new("INVALID_PAGINATION_BOUNDARIES", message));
        }
    };
    if count < 0 {
        let message = format!("`{word}` on the `{name}` connection cannot be less than zero.");
        return Err(Failure::new("INVALID_PAGINATION_BOUNDARIES", message));
    }
    if count > MOST {
        let message = format!(
            "Requesting {count} records on the `{name}` connection exceeds the `{word}` limit of {MOST} records."
        );
        return Err(Failure::new("EXCESSIVE_PAGINATION", message));
    }
    let total = items.len();
    let after = cursor(arguments, "after")?;
    let before = cursor(arguments, "before")?;
    let from = after.map_or(0, |cursor| items.partition_point(|(key, _)| *key <= cursor));
    let to = before.map_or(total, |cursor| items.partition_point(|(key, _)| *key < cursor)).max(from);
    let count = usize::try_from(count).unwrap_or_default().min(page.max(1)).min(to - from);
    let (from, to) = if first.is_some() { (from, from + count) } else { (to - count, to) };
    let shown: Vec<(u64, Node<'_>)> = items.into_iter().skip(from).take(count).collect();
    let info = PageInfo {
        start: shown.first().map(|(key, _)| written(*key)),
        end: shown.last().map(|(key, _)| written(*key)),
        before: from > 0,
        after: to < total,
    };
    Ok(Connection { nodes: shown.into_iter().map(|(_, node)| node).collect(), info, total })
}

fn written(key: u64) -> String {
    STANDARD.encode(format!("cursor:v2:{key}"))
}

fn cursor(arguments: &Map<String, Value>, name: &str) -> Result<Option<u64>, Failure> {
    let Some(text) = arguments.get(name).and_then(Value::as_str) else { return Ok(None) };
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match bytes.as_deref().and_then(|text| text.strip_prefix("cursor:v2:")).map(str::parse) {
        Some(Ok(key)) => Ok(Some(key)),
        _ => Err(Failure::new("INVALID_CURSOR_ARGUMENTS", format!("`{text}` does not appear to be a valid cursor."))),
    }
}
