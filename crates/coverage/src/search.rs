//! Finding reports: patterns to files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use globset::GlobBuilder;
use tollgate_check::{CheckError, Context};
use tollgate_input::{Entry, InputError};
use tollgate_model::{Cause, Problem, format};

use crate::options::{BUILD_FOLDERS, USUAL_FOLDERS, USUAL_NAMES};

/// How many entries of folders one search looks at.
const MOST_ENTRIES: u64 = 200_000;

/// Folders that hold what others wrote. A pattern may name one; searching does not enter them.
const SKIPPED: &[&str] = &[".git", ".hg", ".svn", ".venv", ".tox", ".tollgate", "node_modules", "venv", "target"];

/// Where each run makes a folder of its own.
const RUNS: &str = "TestResults";

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Reports, relative to the root, each once, in order.
    pub(crate) reports: BTreeSet<String>,
    /// Patterns that match no file, and what the search could not look at.
    pub(crate) problems: Vec<Problem>,
    /// Reports that lie beside one that is read and tell of the same run.
    pub(crate) passed_over: u64,
}

/// The files that `patterns` match, which the option `key` holds.
///
/// # Errors
/// A pattern that is none.
pub(crate) fn search(ctx: &Context<'_>, key: &str, patterns: &[String]) -> Result<Found, CheckError> {
    let mut found = Found::default();
    for pattern in patterns {
        let before = found.reports.len();
        let clean = pattern.replace('\\', "/");
        let (folder, rest) = literal_part(&clean);
        let any = if rest.is_empty() {
            add_literal(ctx, folder, &mut found.reports)
        } else {
            let glob = GlobBuilder::new(clean.strip_prefix("./").unwrap_or(&clean)).literal_separator(true).build();
            let glob = glob.map_err(|e| CheckError::option(key, e.to_string()))?.compile_matcher();
            let mut any = false;
            let named = |name: &str| clean.split('/').any(|part| part == name);
            walk(ctx, folder.trim_end_matches('/'), named, &mut found.problems, |path, kind| {
                if kind == Kind::File && glob.is_match(path) && is_file(ctx, path) {
                    any = true;
                    found.reports.insert(path.to_owned());
                }
            });
            any
        };
        if !any && found.reports.len() == before {
            let message = format!("{pattern}: no file matches; run the tests before this check, or correct {key}");
            found.problems.push(Problem::new(Cause::Missing, message));
        }
    }
    Ok(found)
}

/// The reports that lie where they usually do.
pub(crate) fn search_usual_places(ctx: &Context<'_>) -> Found {
    let mut found = Found::default();
    let mut folders = vec![String::new()];
    walk(
        ctx,
        "",
        |_| false,
        &mut found.problems,
        |path, kind| {
            let mut parts = path.rsplit('/');
            let (name, parent) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            if kind == Kind::Folder && (USUAL_FOLDERS.contains(&name) || USUAL_FOLDERS.contains(&parent)) {
                folders.push(path.to_owned());
            }
            let built = BUILD_FOLDERS.iter().filter(|folder| folder.split('/').next() == Some(name));
            let above = path.strip_suffix(name).unwrap_or("");
            folders.extend(built.filter(|_| kind != Kind::File).map(|folder| format!("{above}{folder}")));
        },
    );
    let mut runs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for folder in folders {
        let path = |name: &&str| if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") };
        for names in USUAL_NAMES {
            let mut present = names.iter().map(path).filter(|path| is_file(ctx, path));
            let Some(report) = present.next() else { continue };
            found.passed_over += present.count() as u64;
            if let Some((above, _)) = folder.rsplit_once('/')
                && above.rsplit('/').next() == Some(RUNS)
            {
                runs.entry(above.to_owned()).or_default().push(report.clone());
            }
            found.reports.insert(report);
        }
    }
    for (folder, reports) in runs.iter().filter(|(_, reports)| reports.len() > 1) {
        let message = format!(
            "{folder}: holds {}, perhaps of older runs: {}; delete the old ones, or name those that count with --report",
            format::things(reports.len() as u64, "report"),
            reports.iter().take(2).map(String::as_str).collect::<Vec<_>>().join(", ")
        );
        found.problems.push(Problem::new(Cause::Unreadable, message).at(folder));
    }
    if found.reports.is_empty() {
        let message = "no coverage report found in the root, in coverage/ or TestResults/ of any folder, or where build \
                       tools leave one (lcov.info, coverage.xml, jacoco.xml, coverage.out and others); run the tests with \
                       coverage, or name the report with --report";
        found.problems.push(Problem::new(Cause::Missing, message));
    }
    found
}

fn is_file(ctx: &Context<'_>, path: &str) -> bool {
    matches!(ctx.root().entry(path), Ok(Entry::File(_)))
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

/// What a walk meets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    /// A folder that is not entered.
    Skipped,
}

/// Looks through `folder` and all below it, also folders that are usually skipped where `named` says that the user names
/// them; symbolic links to folders are not followed.
fn walk(
    ctx: &Context<'_>,
    folder: &str,
    named: impl Fn(&str) -> bool,
    problems: &mut Vec<Problem>,
    mut each: impl FnMut(&str, Kind),
) {
    let root = ctx.root();
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
                let words = "the search for coverage reports stopped after";
                let message = format!("{words} {most} files and folders; name the reports with --report");
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
        let ctx = crate::context(&root, &tree);
        if patterns.is_empty() {
            return search_usual_places(&ctx);
        }
        let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
        search(&ctx, "coverage.reports", &patterns).unwrap()
    }

    #[test]
    fn usual_places_are_searched() {
        let files = [
            "coverage/lcov.info",
            "coverage/clover.xml",
            "coverage/web/coverage-final.json",
            "coverage/web/lcov.info",
            "apps/api/coverage/lcov.info",
            "node_modules/x/coverage/lcov.info",
            "a.info",
            "lib/target/site/jacoco/jacoco.xml",
            "app/build/reports/kover/report.xml",
            "t/TestResults/1f/coverage.cobertura.xml",
            "src/lcov.info",
            "coverage.xml",
        ];
        let found = found(&files, &[]);
        let expected = [
            "app/build/reports/kover/report.xml",
            "apps/api/coverage/lcov.info",
            "coverage.xml",
            "coverage/lcov.info",
            "coverage/web/coverage-final.json",
            "lib/target/site/jacoco/jacoco.xml",
            "t/TestResults/1f/coverage.cobertura.xml",
        ];
        assert_eq!(Vec::from_iter(found.reports), expected);
        assert_eq!(found.passed_over, 2);
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
        assert!(found.problems[0].message.starts_with("no coverage report found in the root, in coverage/"));
    }
}
