//! Finding reports: patterns to files.

use std::collections::BTreeSet;
use std::fs;

use globset::GlobBuilder;
use tollgate_input::{Entry, InputError, Root};
use tollgate_model::{Cause, Problem, format};

use crate::CheckError;

/// How many entries of folders one search looks at.
const MOST_ENTRIES: u64 = 200_000;

/// Folders that hold what others wrote. A pattern may name one; searching does not enter them.
const SKIPPED: &[&str] = &[".git", ".hg", ".svn", ".venv", ".tox", ".tollgate", "node_modules", "venv", "target"];

/// What a search found.
#[derive(Debug, Default)]
pub struct Found {
    /// Files, relative to the root, each once, in order.
    pub files: BTreeSet<String>,
    /// Patterns that match no file, and what the search could not look at.
    pub problems: Vec<Problem>,
}

/// The files below `root` that `patterns` match, which the option `key` holds. A pattern without signs may name a file that lies in
/// a folder that is not searched.
///
/// # Errors
/// A pattern that is none.
pub fn search(root: &Root, key: &str, patterns: &[String]) -> Result<Found, CheckError> {
    let mut found = Found::default();
    for pattern in patterns {
        let before = found.files.len();
        let clean = pattern.replace('\\', "/");
        let (folder, rest) = literal_part(&clean);
        let any = if rest.is_empty() {
            add_literal(root, folder, &mut found.files)
        } else {
            let glob = GlobBuilder::new(clean.strip_prefix("./").unwrap_or(&clean)).literal_separator(true).build();
            let glob = glob.map_err(|e| CheckError::option(key, e.to_string()))?.compile_matcher();
            let mut any = false;
            let named = |name: &str| clean.split('/').any(|part| part == name);
            walk(root, folder.trim_end_matches('/'), named, &mut found.problems, |path, kind| {
                if kind == Kind::File && glob.is_match(path) && is_file(root, path) {
                    any = true;
                    found.files.insert(path.to_owned());
                }
            });
            any
        };
        if !any && found.files.len() == before {
            let message = format!("{pattern}: no file matches; run what writes it before this check, or correct {key}");
            found.problems.push(Problem::new(Cause::Missing, message));
        }
    }
    Ok(found)
}

/// Whether a regular file lies at `path`.
pub fn is_file(root: &Root, path: &str) -> bool {
    matches!(root.entry(path), Ok(Entry::File(_)))
}

/// The folders before the first component with a sign of a pattern, and the rest.
fn literal_part(pattern: &str) -> (&str, &str) {
    match pattern.find(['*', '?', '[', '{']) {
        None => (pattern, ""),
        Some(at) => pattern.split_at(pattern[..at].rfind('/').map_or(0, |slash| slash + 1)),
    }
}

/// Adds a path without pattern. What is there and cannot be read is added too: reading it says why.
fn add_literal(root: &Root, path: &str, reports: &mut BTreeSet<String>) -> bool {
    match root.entry(path) {
        Err(InputError::Missing { .. }) => false,
        _ => {
            reports.insert(root.relative(path).unwrap_or_else(|| path.to_owned()));
            true
        }
    }
}

/// What a walk meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file, a link, or whatever else is no folder.
    File,
    /// A folder.
    Folder,
    /// A folder that is not entered.
    Skipped,
}

/// Looks through `folder` and all below it, also folders that are usually skipped where `named` says that the user names
/// them; symbolic links to folders are not followed.
pub fn walk(
    root: &Root,
    folder: &str,
    named: impl Fn(&str) -> bool,
    problems: &mut Vec<Problem>,
    mut each: impl FnMut(&str, Kind),
) {
    let Ok(start) = root.resolve(if folder.is_empty() { "." } else { folder }) else { return };
    let Some(start) = start.to_str().and_then(|path| root.relative(path)) else { return };
    let mut folders = vec![if start == "." { String::new() } else { start }];
    let mut left = MOST_ENTRIES;
    while let Some(folder) = folders.pop() {
        let Ok(listing) = fs::read_dir(root.path().join(&folder)) else {
            let message = format!("{folder}: cannot be listed, so it was not searched for reports");
            problems.push(Problem::new(Cause::NoPermission, message).at(&folder));
            continue;
        };
        let mut entries: Vec<_> = listing.flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            if left == 0 {
                let most = format::count(MOST_ENTRIES);
                let words = "the search for reports stopped after";
                let message = format!("{words} {most} files and folders; name the reports one by one");
                problems.push(Problem::new(Cause::Unfinished, message));
                return;
            }
            left -= 1;
            let name = entry.file_name();
            let (Some(name), Ok(kind)) = (name.to_str(), entry.file_type()) else { continue };
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if !kind.is_dir() {
                each(&path, Kind::File);
            } else if SKIPPED.contains(&name) && !named(name) {
                each(&path, Kind::Skipped);
            } else {
                each(&path, Kind::Folder);
                folders.push(path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_pattern_must_match() {
        let dir = tempfile::tempdir().unwrap();
        for file in ["a/x.info", "node_modules/y/z.info"] {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let patterns = ["./a/*.info", "b.info", "c/**/*.info", "node_modules/y/*"].map(str::to_owned);
        let found = search(&Root::new(dir.path()).unwrap(), "coverage.reports", &patterns).unwrap();
        assert_eq!(Vec::from_iter(found.files), ["a/x.info", "node_modules/y/z.info"]);
        let named: Vec<_> = found.problems.iter().map(|p| p.message.split(':').next().unwrap()).collect();
        assert_eq!(named, ["b.info", "c/**/*.info"]);
    }
}
