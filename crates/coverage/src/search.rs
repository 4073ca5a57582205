//! Finding reports: patterns to files.

use std::collections::BTreeSet;
use std::fs;

use globset::{GlobBuilder, GlobMatcher};
use tollgate_check::{CheckError, Context};
use tollgate_input::{Entry, InputError};
use tollgate_model::{Cause, Problem, format};

use crate::options::Options;

/// How many entries of folders one search looks at.
const MOST_ENTRIES: u64 = 200_000;

/// Folders that hold what others wrote. A pattern may name one; searching does not enter them.
const SKIPPED: &[&str] = &[".git", ".hg", ".svn", ".venv", ".tox", ".tollgate", "node_modules", "venv", "target"];

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Reports, relative to the root, each once, in order.
    pub(crate) reports: BTreeSet<String>,
    /// Patterns that match no file, and what the search could not look at.
    pub(crate) problems: Vec<Problem>,
}

/// The files that the patterns of `options` match.
///
/// # Errors
/// A pattern that is none.
pub(crate) fn search(ctx: &Context<'_>, options: &Options) -> Result<Found, CheckError> {
    let mut found = Found::default();
    for pattern in &options.reports {
        let before = found.reports.len();
        let clean = pattern.replace('\\', "/");
        let (folder, rest) = literal_part(&clean);
        let any = if rest.is_empty() {
            add_literal(ctx, folder, &mut found.reports)
        } else {
            let glob = GlobBuilder::new(clean.strip_prefix("./").unwrap_or(&clean)).literal_separator(true).build();
            let glob = glob.map_err(|e| CheckError::option("coverage.reports", e.to_string()))?;
            let mut walk =
                Walk { ctx, glob: glob.compile_matcher(), left: MOST_ENTRIES, found: &mut found, any: false };
            walk.folder(folder.trim_end_matches('/'));
            walk.any
        };
        if !any && found.reports.len() == before && !options.searches_usual_places() {
            found.problems.push(missing(pattern));
        }
    }
    if found.reports.is_empty() && options.searches_usual_places() {
        let message = format!(
            "no coverage report found; looked for {}; run the tests with coverage written as LCOV, or name the report \
             with --report",
            options.reports.join(", ")
        );
        found.problems.push(Problem::new(Cause::Missing, message));
    }
    Ok(found)
}

fn missing(pattern: &str) -> Problem {
    let message = format!(
        "{pattern}: no file matches; run the tests with coverage written as LCOV before this check, or correct \
         coverage.reports"
    );
    Problem::new(Cause::Missing, message)
}

/// The folders before the first component with a sign of a pattern, and the rest.
fn literal_part(pattern: &str) -> (&str, &str) {
    match pattern.find(['*', '?', '[', '{']) {
        None => (pattern, ""),
        Some(at) => pattern.split_at(pattern[..at].rfind('/').map_or(0, |slash| slash + 1)),
    }
}

/// Adds a path without pattern. What is there and cannot be read is added too: reading it says why.
fn add_literal(ctx: &Context<'_>, path: &str, reports: &mut BTreeSet<String>) -> bool {
    match ctx.root().entry(path) {
        Err(InputError::Missing { .. }) => false,
        _ => {
            reports.insert(ctx.root().relative(path).unwrap_or_else(|| path.to_owned()));
            true
        }
    }
}

struct Walk<'a, 'b> {
    ctx: &'a Context<'b>,
    glob: GlobMatcher,
    left: u64,
    found: &'a mut Found,
    any: bool,
}

impl Walk<'_, '_> {
    /// Looks through `folder` and all below it; symbolic links to folders are not followed.
    fn folder(&mut self, folder: &str) {
        let root = self.ctx.root();
        let Ok(start) = root.resolve(if folder.is_empty() { "." } else { folder }) else { return };
        let Some(start) = start.to_str().and_then(|path| root.relative(path)) else { return };
        let mut folders = vec![if start == "." { String::new() } else { start }];
        while let Some(folder) = folders.pop() {
            let Ok(listing) = fs::read_dir(root.path().join(&folder)) else {
                let message = format!("{folder}: cannot be listed, so it was not searched for reports");
                self.found.problems.push(Problem::new(Cause::NoPermission, message).at(&folder));
                continue;
            };
            let mut entries: Vec<_> = listing.flatten().collect();
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                if self.left == 0 {
                    let most = format::count(MOST_ENTRIES);
                    let words = "the search for coverage reports stopped after";
                    let message = format!("{words} {most} files and folders; name the reports with --report");
                    self.found.problems.push(Problem::new(Cause::Unfinished, message));
                    return;
                }
                self.left -= 1;
                let name = entry.file_name();
                let (Some(name), Ok(kind)) = (name.to_str(), entry.file_type()) else { continue };
                let is_folder = kind.is_dir();
                if is_folder && SKIPPED.contains(&name) {
                    continue;
                }
                let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
                if is_folder {
                    folders.push(path);
                } else if self.glob.is_match(&path) && matches!(root.entry(&path), Ok(Entry::File(_))) {
                    self.any = true;
                    self.found.reports.insert(path);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tollgate_check::Facts;
    use tollgate_check::fixture::FolderTree;
    use tollgate_input::Root;

    use super::*;

    fn found(files: &[&str], patterns: &[&str]) -> Found {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let root = Root::new(dir.path()).unwrap();
        let tree = FolderTree::new(root.clone());
        let facts = Facts { changes: Err(String::new()), root_in_repository: ".".into(), targets: &[], jobs: 1 };
        let reports = patterns.iter().map(|p| (*p).to_owned()).collect();
        let options = Options { reports, ..Options::default() }.with_defaults();
        search(&Context::new(&root, &tree, facts), &options).unwrap()
    }

    #[test]
    fn usual_places_are_searched() {
        let files =
            ["coverage/lcov.info", "apps/api/coverage/lcov.info", "node_modules/x/coverage/lcov.info", "a.info"];
        let found = found(&files, &[]);
        assert_eq!(Vec::from_iter(found.reports), ["apps/api/coverage/lcov.info", "coverage/lcov.info"]);
        assert!(found.problems.is_empty());
    }

    #[test]
    fn every_named_pattern_must_match() {
        let found =
            found(&["a/x.info", "node_modules/y/z.info"], &["./a/*.info", "b.info", "c/**/*.info", "node_modules/y/*"]);
        assert_eq!(Vec::from_iter(found.reports), ["a/x.info", "node_modules/y/z.info"]);
        let named: Vec<_> = found.problems.iter().map(|p| p.message.split(':').next().unwrap()).collect();
        assert_eq!(named, ["b.info", "c/**/*.info"]);
    }

    #[test]
    fn nothing_found_is_said_once() {
        let found = found(&["src/a.ts"], &[]);
        assert_eq!(found.problems.len(), 1);
        assert!(found.problems[0].message.starts_with("no coverage report found; looked for lcov.info, "));
    }
}
