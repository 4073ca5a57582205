//! `.gitleaksignore`: findings by the place where they stand.

use std::cmp::Ordering;

use crate::gitleaks::remark::{Kind, Remark, quote};

/// One finding that is to be ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// In full; without one, the entry holds for every commit and for the tree.
    pub(crate) commit: Option<String>,
    pub(crate) file: String,
    pub(crate) rule: String,
    /// The line of the finding.
    pub(crate) at_line: u32,
    /// The line of the entry itself.
    pub(crate) line: u32,
}

impl Entry {
    fn key(&self) -> (&str, u32, &str, Option<&str>) {
        (&self.file, self.at_line, &self.rule, self.commit.as_deref())
    }
}

/// A `.gitleaksignore`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ignore {
    /// The file's own name.
    pub(crate) name: String,
    /// In the order of the file.
    pub(crate) entries: Vec<Entry>,
    pub(crate) remarks: Vec<Remark>,
    /// Entries in the order of their keys.
    order: Vec<usize>,
}

impl Ignore {
    /// Reads `text`, which stands in the file called `name`.
    pub(crate) fn read(name: &str, text: &str) -> Self {
        let mut ignore = Self { name: name.to_owned(), ..Self::default() };
        for (number, line) in (1..=u32::MAX).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match entry(line, number) {
                Ok(entry) => ignore.entries.push(entry),
                Err(expected) => ignore.remarks.push(Remark::new(
                    Kind::MalformedIgnore,
                    name,
                    number,
                    format!("{} is no entry and ignores nothing: {expected}. Write `file:rule:line` or `commit:file:rule:line`.", quote(line)),
                )),
            }
        }
        let entries = &ignore.entries;
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by(|a, b| entries[*a].key().cmp(&entries[*b].key()));
        ignore.order = order;
        ignore
    }

    /// The entry that names the finding of one of `rule_ids` in line `line` of `file`, as an index; an entry without
    /// commit goes before one with.
    pub(crate) fn matches(&self, commit: Option<&str>, file: &str, rule_ids: &[&str], line: u32) -> Option<usize> {
        let lower = commit.map(str::to_ascii_lowercase);
        let commits = std::iter::once(None).chain(lower.as_deref().map(Some));
        commits
            .flat_map(|commit| rule_ids.iter().map(move |rule| (file, line, *rule, commit)))
            .find_map(|key| self.find(key))
    }

    fn find(&self, key: (&str, u32, &str, Option<&str>)) -> Option<usize> {
        let before = |index: &usize| self.entries[*index].key().cmp(&key) == Ordering::Less;
        let index = *self.order.get(self.order.partition_point(before))?;
        (self.entries[index].key() == key).then_some(index)
    }
}

/// The entry in `text`, else what is wrong with it.
fn entry(text: &str, line: u32) -> Result<Entry, &'static str> {
    let mut parts = text.splitn(5, ':');
    let mut next = || parts.next();
    let (commit, file, rule, at_line) = match (next(), next(), next(), next(), next()) {
        (Some(file), Some(rule), Some(at_line), None, None) => (None, file, rule, at_line),
        (Some(commit), Some(file), Some(rule), Some(at_line), None) => (Some(commit), file, rule, at_line),
        _ => return Err("it has not three or four parts"),
    };
    if commit == Some("") || file.is_empty() || rule.is_empty() {
        return Err("a part is empty");
    }
    let at_line = at_line.parse().map_err(|_| "its last part is no line number")?;
    let commit = commit.map(str::to_ascii_lowercase);
    Ok(Entry { commit, file: file.replace('\\', "/"), rule: rule.to_owned(), at_line, line })
}

#[cfg(test)]
mod tests;
