//! Folders that moved within the checked one: what the base's policy says of their old names holds for the new ones.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tollgate_check::{ChangeKind, ChangedFile, Tool, Tree};
use tollgate_config::Config;
use tollgate_model::Report;
use tollgate_policy::{Catalog, Clause, Scope, Subject};

use crate::change::Difference;
use crate::former::relative;
use crate::session::Session;

/// Old names of folders, with the new ones. No folder is kept in part, and none was there before under its new name, so that
/// what a policy demands of the one is about the same files in the other.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    renamed: BTreeMap<String, String>,
    /// All files at the base and now, where a file is not where it was.
    before: BTreeSet<String>,
    now: BTreeSet<String>,
}

impl Moves {
    /// What the change moved, as far as git tells.
    pub(crate) fn of(session: &Session) -> Self {
        let Difference::Known(list) = session.difference() else { return Self::default() };
        if !list.files.iter().any(|file| file.old_path.is_some() || file.kind == ChangeKind::Deleted) {
            return Self::default();
        }
        let names = |tree: Box<dyn Tree>| Some(tree.files().ok()?.into_iter().map(|file| file.path).collect());
        let before = session.base_tree().and_then(Result::ok).and_then(names);
        let (Some(before), Some(now)) = (before, names(session.tree())) else { return Self::default() };
        let mut renamed = Self::candidates(&list.files);
        renamed.retain(|old, new| !has(&now, old) && !has(&before, new));
        Self { renamed, before, now }
    }

    /// Folders of which every file that was renamed went to the same place in one other folder.
    fn candidates(files: &[ChangedFile]) -> BTreeMap<String, String> {
        let renamed: Vec<(&str, &str)> =
            files.iter().filter_map(|file| Some((file.old_path.as_deref()?, file.path.as_str()))).collect();
        let mut moves: BTreeMap<String, String> = BTreeMap::new();
        for (old, new) in renamed.iter().filter_map(|(old, new)| parted(old, new)) {
            moves.insert(old.to_owned(), new.to_owned());
        }
        moves.retain(|old, new| {
            let below = renamed.iter().filter_map(|(from, to)| Some((inside(from, old)?, *to)));
            below.into_iter().all(|(rest, to)| inside(to, new) == Some(rest))
        });
        moves
    }

    /// What to say of them. `stale` is the change's own policy, where that still uses old names.
    pub(crate) fn notes(&self, stale: Option<&String>) -> Vec<String> {
        let note =
            |(old, new): (&String, &String)| format!("{old} is {new} now; what the policy says of it holds there");
        let mut notes: Vec<String> = self.renamed.iter().map(note).collect();
        if let (Some(name), false) = (stale, notes.is_empty()) {
            notes.push(format!("{name} still uses an old name, and will find nothing there once this is merged"));
        }
        notes
    }

    /// Lets `config` speak of folders by their new names. Of those that are gone, what lists folders asks for nothing.
    pub(crate) fn follow(&self, config: &mut Config, tools: &[&dyn Tool], catalog: &Catalog) {
        for tool in tools.iter().filter(|_| !self.before.is_empty()) {
            let sections = config.sections.get_mut(tool.name()).into_iter().flatten();
            let lists = sections
                .flat_map(|section| &mut section.options)
                .filter(|(key, _)| tool.folders().contains(&key.as_str()));
            for entries in lists.filter_map(|(_, value)| value.as_array_mut()) {
                let folder = |entry: &Value| entry.get("path").unwrap_or(entry).as_str().map(str::to_owned);
                entries.retain(|entry| !folder(entry).is_some_and(|folder| self.is_gone(&folder)));
            }
        }
        if self.renamed.is_empty() {
            return;
        }
        for gate in &mut config.policy.gates {
            gate.scope = self.scope(&gate.scope);
            gate.clauses.iter_mut().for_each(|clause| self.clause(clause, catalog));
        }
        for instance in &mut config.policy.instance_scopes {
            instance.scope = self.scope(&instance.scope);
        }
        for section in config.sections.values_mut().flatten() {
            section.options.values_mut().for_each(|value| self.value(value));
        }
        for source in &mut config.sources {
            source.scope = self.scope(&source.scope);
            source.files = source.files.iter().map(|pattern| self.path(pattern)).collect();
        }
    }

    /// Lets `reports`, the base's, speak of folders by their new names.
    pub(crate) fn rename(&self, reports: &mut [Report], catalog: &Catalog) {
        for report in reports.iter_mut().filter(|_| !self.renamed.is_empty()) {
            let paths = report.metrics.iter_mut().filter(|metric| !is_elsewhere(catalog, &metric.name));
            let paths = paths.filter_map(|metric| metric.labels.get_mut("path"));
            let places = report.findings.iter_mut().filter_map(|finding| finding.location.as_mut());
            paths.chain(places.map(|place| &mut place.path)).for_each(|path| *path = self.path(path));
        }
    }

    /// Whether the base has this folder, and there is none now that it was moved to.
    fn is_gone(&self, folder: &str) -> bool {
        let folder = folder.trim_end_matches('/');
        has(&self.before, folder) && !has(&self.now, folder) && !has(&self.now, &self.path(folder))
    }

    fn clause(&self, clause: &mut Clause, catalog: &Catalog) {
        clause.scope = self.scope(&clause.scope);
        let (Subject::Metric(selector) | Subject::Overdue(selector)) = &mut clause.condition.subject else { return };
        if is_elsewhere(catalog, &selector.metric) {
            return;
        }
        let Some(path) = selector.labels.get_mut("path") else { return };
        let moved = self.path(path);
        if moved != *path {
            *path = moved;
            clause.text = clause.condition.to_string();
        }
    }

    fn scope(&self, scope: &Scope) -> Scope {
        let when = scope.when().iter().map(|pattern| self.path(pattern)).collect();
        // A pattern with another folder before it is a pattern still.
        Scope::new(when, scope.on().to_vec()).unwrap_or_else(|_| scope.clone())
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.path(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.value(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A path or a pattern by its new name, which is that of the innermost folder that moved.
    fn path(&self, path: &str) -> String {
        let plain = path.strip_prefix("./").unwrap_or(path);
        let moved = self.renamed.iter().rev().find_map(|(old, new)| Some((inside(plain, old)?, new)));
        match moved {
            Some(("", new)) => new.clone(),
            Some((rest, new)) => format!("{new}/{rest}"),
            None => path.to_owned(),
        }
    }
}

/// Whether the paths of a metric are none of the checked folder's.
fn is_elsewhere(catalog: &Catalog, metric: &str) -> bool {
    catalog.metric(metric).is_some_and(|metric| metric.elsewhere)
}

/// The part of `path` below `folder`; empty for the folder itself.
fn inside<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if path == folder { Some("") } else { relative(path, folder) }
}

/// Two paths without what both end with; none where that is not even the name of the file, or all of one.
fn parted<'a>(old: &'a str, new: &'a str) -> Option<(&'a str, &'a str)> {
    let alike = old.rsplit('/').zip(new.rsplit('/')).take_while(|(old, new)| old == new);
    let length: usize = alike.map(|(part, _)| part.len() + 1).sum();
    let cut = |path: &'a str| path.get(..path.len().checked_sub(length)?).filter(|left| !left.is_empty());
    (length > 0).then(|| Some((cut(old)?, cut(new)?)))?
}

fn has(files: &BTreeSet<String>, folder: &str) -> bool {
    let below = format!("{folder}/");
    files.range(below.clone()..).next().is_some_and(|file| file.starts_with(&below))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(old: &str, new: &str) -> ChangedFile {
        ChangedFile {
            path: new.to_owned(),
            kind: ChangeKind::Renamed,
            old_path: Some(old.to_owned()),
            binary: false,
            link: false,
            added: Vec::new(),
            removed: 0,
        }
    }

    fn candidates(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let files: Vec<ChangedFile> = pairs.iter().map(|(old, new)| renamed(old, new)).collect();
        Moves::candidates(&files).into_iter().collect()
    }

    #[test]
    fn a_folder_moved_where_all_its_files_did() {
        let pair = |old: &str, new: &str| vec![(old.to_owned(), new.to_owned())];
        for (pairs, expected) in [
            (&[("a/b/c.ts", "a/d/c.ts"), ("a/b/e/f.ts", "a/d/e/f.ts")][..], pair("a/b", "a/d")),
            (&[("a/c.ts", "b/c.ts")][..], pair("a", "b")),
            (&[("a/c.ts", "x/y/c.ts")][..], pair("a", "x/y")),
            // A file under another name, a file of the top, a folder whose files parted.
            (&[("a/c.ts", "b/d.ts")][..], vec![]),
            (&[("c.ts", "b/c.ts")][..], vec![]),
            (&[("a/b/c.ts", "a/d/c.ts"), ("a/b/e.ts", "z/e.ts")][..], vec![]),
            (&[("a/b/c.ts", "a/d/c.ts"), ("a/b/s/e.ts", "lib/e.ts")][..], pair("a/b/s", "lib")),
        ] {
            assert_eq!(candidates(pairs), expected, "{pairs:?}");
        }
    }

    #[test]
    fn paths_follow_the_innermost_folder() {
        let pairs = [("a", "b"), ("a/x", "y/z")].map(|(old, new)| (old.to_owned(), new.to_owned()));
        let moves = Moves { renamed: BTreeMap::from(pairs), ..Moves::default() };
        for (path, expected) in [
            ("a", "b"),
            ("a/**", "b/**"),
            ("./a/c.ts", "b/c.ts"),
            ("a/x/c.ts", "y/z/c.ts"),
            ("ab/c.ts", "ab/c.ts"),
            ("**/a", "**/a"),
            ("80%", "80%"),
        ] {
            assert_eq!(moves.path(path), expected, "{path}");
        }
    }

    #[test]
    fn folders_are_found_by_what_lies_in_them() {
        let files = BTreeSet::from(["a-b/c".to_owned(), "a/b/c".to_owned()]);
        assert!(has(&files, "a") && has(&files, "a/b") && !has(&files, "a/b/c") && !has(&files, "b"));
    }
}
