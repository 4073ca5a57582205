//! A comparison as tables and as one sentence.

use std::cmp::Reverse;

use tollgate_model::{Cell, Column, Exhibit, ExhibitData, Headline, format};

use super::{Comparison, Pair};
use crate::Encoding;
use crate::account::Start;

/// How many rows a table has.
const MOST_ROWS: usize = 50;

/// How many starts the sentence names.
const MOST_NAMED: usize = 3;

/// What differs: of routes and entries, then of files, the largest differences first. Without differences, nothing.
pub(crate) fn exhibits(comparison: &Comparison, encoding: Encoding) -> Vec<Exhibit> {
    let of = |start: Start| comparison.loads.iter().filter(move |(kind, _)| *kind == start).map(|(_, pair)| pair);
    let encoding = encoding.word();
    [
        table("route-changes", "Route", "route", &format!("first load, {encoding}"), of(Start::Route).collect()),
        table("entry-changes", "Entry", "entry", &format!("first load, {encoding}"), of(Start::Entry).collect()),
        table("file-changes", "File", "file", encoding, comparison.files.iter().collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn table(id: &str, head: &str, noun: &str, what: &str, pairs: Vec<&Pair>) -> Option<Exhibit> {
    let all = pairs.len() as u64;
    let mut changed: Vec<&Pair> = pairs.into_iter().filter(|pair| !pair.is_same()).collect();
    if changed.is_empty() {
        return None;
    }
    changed.sort_by_key(|pair| (Reverse(pair.change().unsigned_abs()), pair.name.as_str()));
    let same = match all - changed.len() as u64 {
        0 => String::new(),
        n => format!("; {} unchanged", format::things(n, noun)),
    };
    let title = format!("Against the base, {what}: {}{same}", counts(&changed));
    let columns = vec![
        Column::text(head),
        Column::number("Base"),
        Column::number("Now"),
        Column::number("Change"),
        Column::number("in %"),
    ];
    let rows = changed.iter().take(MOST_ROWS).map(|pair| row(pair)).collect();
    let omitted = changed.len().saturating_sub(MOST_ROWS) as u64;
    Some(Exhibit { id: id.to_owned(), title, data: ExhibitData::Table { columns, rows, omitted } })
}

/// `2 changed, 1 new, 1 gone`.
fn counts(pairs: &[&Pair]) -> String {
    let count = |is: fn(&Pair) -> bool| pairs.iter().filter(|pair| is(pair)).count();
    let new = count(|pair| pair.before.is_none());
    let gone = count(|pair| pair.after.is_none());
    let renamed = count(|pair| pair.was.is_some() && pair.before == pair.after);
    let changed = pairs.len() - new - gone - renamed;
    let words = [(changed, "changed"), (new, "new"), (gone, "gone"), (renamed, "renamed")];
    let words = words.iter().filter(|(count, _)| *count > 0);
    words.map(|(count, word)| format!("{} {word}", format::count(*count as u64))).collect::<Vec<_>>().join(", ")
}

fn row(pair: &Pair) -> Vec<Cell> {
    let size = |size: Option<u64>| size.map_or(Cell::Empty, Cell::Bytes);
    let name = match &pair.was {
        Some(was) => format!("{} (was {was})", pair.name),
        None => pair.name.clone(),
    };
    let percent = match (pair.before, pair.after) {
        (None, _) => "new".to_owned(),
        (_, None) => "gone".to_owned(),
        (Some(before), Some(_)) => percent(before, pair.change()),
    };
    vec![Cell::Text(name), size(pair.before), size(pair.after), Cell::BytesChange(pair.change()), Cell::Text(percent)]
}

/// `+3.2 %`, in tenths, towards zero; empty of nothing.
fn percent(before: u64, change: i64) -> String {
    if before == 0 {
        return String::new();
    }
    let tenths = i128::from(change) * 1000 / i128::from(before);
    let sign = if change < 0 { '-' } else { '+' };
    format!("{sign}{}.{} %", format::count((tenths.unsigned_abs() / 10) as u64), tenths.unsigned_abs() % 10)
}

/// One sentence for a person: by how much the build grew, and which first loads did the most.
pub(crate) fn headline(comparison: &Comparison, encoding: Encoding) -> Headline {
    let [before, after] = comparison.totals.map(Some);
    let total = Pair { name: String::new(), was: None, before, after, at: None };
    let size = format::short_bytes(total.after.unwrap_or(0));
    let word = encoding.word();
    let grown = match total.change() {
        0 => format!("{size} in all ({word}), as much as at the base"),
        change => format!("{size} in all ({word}), {} than at the base", more(total.before.unwrap_or(0), change)),
    };
    let mut loads: Vec<&Pair> = comparison.loads.iter().map(|(_, pair)| pair).filter(|pair| !pair.is_same()).collect();
    loads.sort_by_key(|pair| (Reverse(pair.change()), pair.name.as_str()));
    let named = loads.iter().take(MOST_NAMED).map(|pair| match (pair.before, pair.after) {
        (Some(before), Some(_)) => format!("{} {}", pair.name, grown_by(before, pair.change())),
        (None, after) => format!("{} new with {}", pair.name, format::short_bytes(after.unwrap_or(0))),
        (_, None) => format!("{} gone", pair.name),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let rest = match loads.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        n => format!(", and {} more", format::count(n as u64)),
    };
    let first = if loads.is_empty() { String::new() } else { format!("; first loads that changed: {named}{rest}") };
    let news = before != after || comparison.files.iter().any(|pair| !pair.is_same()) || !loads.is_empty();
    Headline { text: format!("{grown}{first}"), details: Vec::new(), news }
}

fn more(before: u64, change: i64) -> String {
    let word = if change < 0 { "less" } else { "more" };
    let share = percent(before, change);
    let share = share.trim_start_matches(['+', '-']);
    let share = if share.is_empty() { String::new() } else { format!(" ({share})") };
    format!("{}{share} {word}", format::short_bytes(change.unsigned_abs()))
}

fn grown_by(before: u64, change: i64) -> String {
    let sign = if change < 0 { '-' } else { '+' };
    let share = percent(before, change);
    let share = if share.is_empty() { String::new() } else { format!(" ({share})") };
    format!("{sign}{}{share}", format::short_bytes(change.unsigned_abs()))
}
