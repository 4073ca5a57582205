//! Finding reports: where they usually lie.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_check::search::{Kind, is_file, search as search_patterns, walk};
use tollgate_check::{CheckError, Context};
use tollgate_input::Root;
use tollgate_model::{Cause, Problem, format};

use crate::options::{BUILD_FOLDERS, USUAL_FOLDERS, USUAL_NAMES};

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
    let found = search_patterns(ctx.root(), key, patterns)?;
    Ok(Found { reports: found.files, problems: found.problems, passed_over: 0 })
}

/// The reports that lie where they usually do.
pub(crate) fn search_usual_places(root: &Root) -> Found {
    let mut found = Found::default();
    let mut folders = vec![String::new()];
    walk(
        root,
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
            let mut present = names.iter().map(path).filter(|path| is_file(root, path));
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn found(files: &[&str]) -> Found {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let root = Root::new(dir.path()).unwrap();
        search_usual_places(&root)
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
        let found = found(&files);
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
    fn nothing_found_is_said_once() {
        let found = found(&["src/a.ts"]);
        assert_eq!(found.problems.len(), 1);
        assert!(found.problems[0].message.starts_with("no coverage report found in the root, in coverage/"));
    }
}
