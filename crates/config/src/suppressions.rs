//! `.tollgate/suppressions.toml`: findings that do not count, each with the reason somebody gave.
//!
//! ```toml
//! suppress = [
//!   { fingerprint = "v1:0123456789abcdef0123456789abcdef", reason = "made by a generator", rule = "workflows/prints-only" },
//! ]
//! ```
//!
//! Blocks `[[suppress]]` say the same. The list is short lines on purpose: two branches that each add one rarely meet.

use std::collections::HashMap;

use tollgate_policy::{Date, Named, Silenced};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Mistakes;
use crate::file::File;
use crate::sections::unknown;

mod write;

pub use write::{NotAdded, add};

/// Where the list stands, relative to the checked folder.
pub const FILE: &str = ".tollgate/suppressions.toml";

/// How far ahead a last day may be, in days.
pub const LONGEST_DAYS: i64 = 366;

/// Name of the list in the file.
const LIST: &str = "suppress";

/// Keys of an entry, with what is expected of each.
const KEYS: [(&str, &str); 7] = [
    ("fingerprint", "a string, as reports show it"),
    ("reason", "a string"),
    ("accept", "true or false"),
    ("owner", "a string"),
    ("expires", "a day such as 2026-12-31, without quotes"),
    ("rule", "a string"),
    ("path", "a string"),
];

/// One finding, or several of one fingerprint, that are not to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name of the finding.
    pub fingerprint: String,
    /// Why it does not count. Never empty.
    pub reason: String,
    /// Whether it is accepted, which needs an owner and a last day, rather than said to be no finding.
    pub accepted: bool,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day it holds.
    pub expires: Option<Date>,
    /// The rule, for whoever reads the file.
    pub rule: Option<String>,
    /// The file it was found in, for whoever reads the file.
    pub path: Option<String>,
    /// Line of the list that it begins on, from 1.
    pub line: u32,
}

impl Entry {
    /// As policy takes it, read from the file at `path`.
    pub fn silenced(self, path: &str) -> Silenced {
        Silenced {
            named: Named::Fingerprint(self.fingerprint),
            reason: self.reason,
            accepted: self.accepted,
            owner: self.owner,
            expires: self.expires,
            rule: self.rule,
            place: format!("{path}:{}", self.line),
        }
    }
}

/// What is wrong with a last day on `today`, if something is.
pub fn too_far(expires: Date, today: Date) -> Option<String> {
    let far = expires.days() - today.days() > LONGEST_DAYS;
    far.then(|| format!("`expires` is at most {LONGEST_DAYS} days ahead; today is {today}"))
}

/// Reads `text`, known as `path`, on `today`. A last day that has passed is no mistake: the entry has expired.
///
/// # Errors
/// Every mistake in it.
pub fn read(path: &str, text: &str, today: Date) -> Result<Vec<Entry>, Mistakes> {
    let file = File::new(path, text);
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            file.mistake(error.span().map_or(0, |s| s.start), error.message().trim().replace('\n', ", "));
            return file.finish(Vec::new());
        }
    };
    for (key, _) in table.get_ref().iter().filter(|(key, _)| key.get_ref() != LIST) {
        file.mistake(key.span().start, unknown("key", key.get_ref(), &[LIST]));
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen: HashMap<String, u32> = HashMap::new();
    let Some(list) = table.get_ref().get(LIST) else { return file.finish(entries) };
    let Some(items) = list.get_ref().as_array() else {
        let message = format!("`{LIST}` is a list: {LIST} = [ {{ fingerprint = \"…\", reason = \"…\" }}, ]");
        file.mistake(list.span().start, message);
        return file.finish(entries);
    };
    for item in items.iter() {
        let Some((entry, at)) = entry(&file, item, today) else { continue };
        match seen.get(&entry.fingerprint) {
            Some(line) => {
                file.mistake(at, format!("this fingerprint stands on line {line} already; keep one of the two"))
            }
            None => drop(seen.insert(entry.fingerprint.clone(), entry.line)),
        }
        entries.push(entry);
    }
    file.finish(entries)
}

/// One entry, and where its fingerprint stands. None where it has none: then the mistake is noted.
fn entry(file: &File<'_>, item: &Spanned<DeValue<'_>>, today: Date) -> Option<(Entry, usize)> {
    let start = item.span().start;
    let Some(table) = item.get_ref().as_table() else {
        file.mistake(start, "an entry is { fingerprint = \"…\", reason = \"…\" }");
        return None;
    };
    let names: Vec<&str> = KEYS.iter().map(|(name, _)| *name).collect();
    for (key, _) in table.iter().filter(|(key, _)| !names.contains(&key.get_ref().as_ref())) {
        file.mistake(key.span().start, unknown(&format!("key in `{LIST}`:"), key.get_ref(), &names));
    }
    let fields = Fields { file, table };
    let text = |name| fields.get(name, |value| value.as_str().map(str::to_owned));
    let (fingerprint, reason, owner) = (text("fingerprint"), text("reason"), text("owner"));
    let accepted = fields.get("accept", DeValue::as_bool).is_some_and(|(accept, _)| accept);
    let expires = fields.get("expires", |value| Date::parse(&value.as_datetime()?.to_string()));
    let blank =
        |field: &Option<(String, usize)>| field.as_ref().filter(|(t, _)| t.trim().is_empty()).map(|(_, at)| *at);
    for (name, field) in [("fingerprint", &fingerprint), ("reason", &reason)] {
        if !table.contains_key(name) {
            file.mistake(start, format!("an entry needs `{name}`"));
        }
        if let Some(at) = blank(field) {
            let hint = if name == "reason" { "; say why it does not count" } else { "" };
            file.mistake(at, format!("`{name}` is empty{hint}"));
        }
    }
    if let Some(at) = blank(&owner) {
        file.mistake(at, "`owner` is empty; name who answers for it");
    }
    if accepted && !(table.contains_key("owner") && table.contains_key("expires")) {
        file.mistake(start, "what is accepted needs `owner` and `expires`: who answers for it, and its last day");
    }
    if let Some((message, at)) = expires.and_then(|(day, at)| Some((too_far(day, today)?, at))) {
        file.mistake(at, message);
    }
    let (fingerprint, at) = fingerprint?;
    let entry = Entry {
        fingerprint,
        reason: reason?.0,
        accepted,
        owner: owner.map(|(owner, _)| owner),
        expires: expires.map(|(day, _)| day),
        rule: text("rule").map(|(rule, _)| rule),
        path: text("path").map(|(path, _)| path),
        line: file.line(start),
    };
    Some((entry, at))
}

/// The fields of one entry.
struct Fields<'f, 'a> {
    file: &'f File<'a>,
    table: &'f DeTable<'a>,
}

impl<'a> Fields<'_, 'a> {
    /// What `read` makes of a field, and where it stands. Where it makes nothing of it, the mistake is noted.
    fn get<T>(&self, name: &str, read: impl Fn(&DeValue<'a>) -> Option<T>) -> Option<(T, usize)> {
        let value = self.table.get(name)?;
        let at = value.span().start;
        let found = read(value.get_ref());
        if found.is_none() {
            let expected = KEYS.iter().find(|(key, _)| *key == name).map_or("", |(_, expected)| expected);
            self.file.mistake(at, format!("`{name}` must be {expected}"));
        }
        Some((found?, at))
    }
}

#[cfg(test)]
mod tests;
