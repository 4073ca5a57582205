//! One more entry in the list, every other byte as it was.

use std::ops::Range;

use tollgate_model::toml_string;
use tollgate_policy::Date;
use toml::de::DeTable;

use super::{Entry, LIST, read};
use crate::error::Mistakes;

/// What a new list begins with.
const HEAD: &str =
    "# Findings that do not count, each with its reason. `tollgate suppress` adds a line; docs/silence.md says more.";

/// Why an entry was not added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdded {
    /// The list has mistakes, or would have them.
    #[error("{0}")]
    Mistakes(Mistakes),
    /// It has the fingerprint, on this line.
    #[error("the fingerprint stands on line {0} already")]
    Known(u32),
    /// The list is written in a way that an entry cannot be put into.
    #[error("the list is written in a way that no line can be put into; add the entry by hand")]
    Form,
}

/// `text`, known as `path`, with `new` added, which takes the place that sorting by fingerprint gives it; none for no file
/// yet. A list of blocks gets a block at its end. Returns the line it stands on too.
///
/// # Errors
/// The text has mistakes, has the fingerprint already, or is in no form that can be added to.
pub fn add(path: &str, text: Option<&str>, new: &Entry, today: Date) -> Result<(String, u32), NotAdded> {
    let old = text.unwrap_or_default();
    let before = read(path, old, today).map_err(NotAdded::Mistakes)?;
    if let Some(known) = before.iter().find(|entry| entry.fingerprint == new.fingerprint) {
        return Err(NotAdded::Known(known.line));
    }
    let newline = if old.contains("\r\n") { "\r\n" } else { "\n" };
    let edited = match text {
        None => format!("{HEAD}\n{LIST} = [\n  {},\n]\n", inline(new)),
        Some(text) => match list(text) {
            None => joined(text, &[format!("{LIST} = ["), format!("  {},", inline(new)), "]".to_owned()], newline),
            Some(list) if list.blocks => {
                let lines = [String::new(), format!("[[{LIST}]]")].into_iter().chain(fields(new));
                joined(text, &lines.collect::<Vec<String>>(), newline)
            }
            Some(list) => {
                let next = before.iter().position(|entry| entry.fingerprint > new.fingerprint);
                list.with(text, &inline(new), next, newline).ok_or(NotAdded::Form)?
            }
        },
    };
    // What was written must read as what was meant.
    let after = read(path, &edited, today).map_err(NotAdded::Mistakes)?;
    let line = after.iter().find(|entry| entry.fingerprint == new.fingerprint).map_or(0, |entry| entry.line);
    let plain = |entry: &Entry| Entry { line: 0, ..entry.clone() };
    let mut all: Vec<Entry> = before.iter().chain([new]).map(plain).collect();
    let mut found: Vec<Entry> = after.iter().map(plain).collect();
    all.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
    found.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
    if all == found { Ok((edited, line)) } else { Err(NotAdded::Form) }
}

/// `text` with `lines` at its end.
fn joined(text: &str, lines: &[String], newline: &str) -> String {
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
    let lines: String = lines.iter().map(|line| format!("{line}{newline}")).collect();
    format!("{text}{gap}{lines}")
}

/// `fingerprint = "…"` and so on.
fn fields(entry: &Entry) -> Vec<String> {
    let text = |name: &str, value: &str| format!("{name} = {}", toml_string(value));
    let some = |name: &str, value: &Option<String>| value.as_deref().map(|value| text(name, value));
    let mut fields = vec![text("fingerprint", &entry.fingerprint), text("reason", &entry.reason)];
    fields.extend(entry.accepted.then(|| "accept = true".to_owned()));
    fields.extend(some("owner", &entry.owner));
    fields.extend(entry.expires.map(|day| format!("expires = {day}")));
    fields.extend([some("rule", &entry.rule), some("path", &entry.path)].into_iter().flatten());
    fields
}

fn inline(entry: &Entry) -> String {
    format!("{{ {} }}", fields(entry).join(", "))
}

/// How the list is written.
struct List {
    /// Whether as `[[suppress]]`.
    blocks: bool,
    /// From `[` to `]`.
    span: Range<usize>,
    items: Vec<Range<usize>>,
}

fn list(text: &str) -> Option<List> {
    let table = DeTable::parse(text).ok()?;
    let value = table.get_ref().get(LIST)?;
    let items: Vec<Range<usize>> =
        value.get_ref().as_array().into_iter().flat_map(|items| items.iter()).map(|item| item.span()).collect();
    let blocks = items.first().is_some_and(|item| !text[item.clone()].starts_with('{'));
    Some(List { blocks, span: value.span(), items })
}

impl List {
    /// `text` with `entry` before the item `next`, or behind the last one.
    fn with(&self, text: &str, entry: &str, next: Option<usize>, newline: &str) -> Option<String> {
        let put = |at: usize, what: &str| Some(format!("{}{what}{}", text.get(..at)?, text.get(at..)?));
        if let Some(item) = next.and_then(|next| self.items.get(next)) {
            return match indent(text, item.start) {
                Some(indent) => put(above(text, item.start - indent.len()), &format!("{indent}{entry},{newline}")),
                None => put(item.start, &format!("{entry}, ")),
            };
        }
        let close = self.span.end.checked_sub(1).filter(|at| text[*at..].starts_with(']'))?;
        let last = self.items.last();
        let comma = last.and_then(|last| comma(text, last.end, close));
        let missing = last.filter(|_| comma.is_none()).map(|last| last.end);
        let own = indent(text, close);
        let item_indent = last.and_then(|last| indent(text, last.start)).unwrap_or("  ");
        let what = match (own, last) {
            (Some(_), _) => format!("{item_indent}{entry},{newline}"),
            (None, Some(_)) => format!("{} {entry}", if missing.is_some() { "," } else { "" }),
            (None, None) => format!("{newline}  {entry},{newline}"),
        };
        let at = match (own, last) {
            (Some(own), _) => close - own.len(),
            (None, Some(last)) => comma.map_or(last.end, |comma| comma + 1),
            (None, None) => close,
        };
        let edited = put(at, &what)?;
        // A comma that the last item lacks stands before whatever was put behind it.
        match missing.filter(|_| own.is_some()) {
            Some(end) => Some(format!("{},{}", edited.get(..end)?, edited.get(end..)?)),
            None => Some(edited),
        }
    }
}

/// What stands before `at` on its line, where that is only white space.
fn indent(text: &str, at: usize) -> Option<&str> {
    let line = text[..at].rfind('\n')? + 1;
    Some(&text[line..at]).filter(|before| before.chars().all(|c| c == ' ' || c == '\t'))
}

/// The start of the lines of comment directly above the line that starts at `line`: they belong to what stands there.
fn above(text: &str, mut line: usize) -> usize {
    while let Some(end) = line.checked_sub(1) {
        let start = text[..end].rfind('\n').map_or(0, |at| at + 1);
        if !text[start..end].trim_start().starts_with('#') {
            break;
        }
        line = start;
    }
    line
}

/// The comma between `from` and `to`, comments left aside.
fn comma(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut comment = false;
    text.get(from..to)?.char_indices().find_map(|(at, c)| {
        comment = (comment || c == '#') && c != '\n';
        (c == ',' && !comment).then_some(from + at)
    })
}

#[cfg(test)]
mod tests;
