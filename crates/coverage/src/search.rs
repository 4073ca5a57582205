//! Finding reports: where they usually lie.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use tollgate_check::search::{Kind, is_file, search as search_patterns, walk};
use tollgate_check::{CheckError, Context};
use tollgate_input::Root;
use tollgate_model::{Cause, Problem, format};

use crate::options::{BUILD_FOLDERS, USUAL_FOLDERS, USUAL_NAMES};

/// Folders of what others wrote, or what tests are given: a report there is not of this code.
const OTHERS: [&str; 6] = ["vendor", "third_party", "fixtures", "__fixtures__", "testdata", "test-fixtures"];

/// How much older than the newest a report of the same run may be.
const ONE_RUN: Duration = Duration::from_secs(600);

/// Where each run makes a folder of its own.
const RUNS: &str = "TestResults";

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Reports, relative to the root, each once, in order.
    pub(crate) reports: BTreeSet<String>,
    /// Patterns that match no file, and what the search could not look at.
    pub(crate) problems: Vec<Problem>,
    /// Reports that lie beside one of `reports` and should tell of the same run.
    pub(crate) beside: Vec<String>,
}

/// The files that `patterns` match, which the option `key` holds.
///
/// # Errors
/// A pattern that is none.
pub(crate) fn search(ctx: &Context<'_>, key: &str, patterns: &[String]) -> Result<Found, CheckError> {
    let found = search_patterns(ctx.root(), key, patterns)?;
    Ok(Found { reports: found.files, problems: found.problems, beside: Vec::new() })
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
            if path.split('/').any(|part| OTHERS.contains(&part)) {
                return;
            }
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
            let present: Vec<String> = names.iter().map(path).filter(|path| is_file(root, path)).collect();
            let Some(report) = newest(root, &present) else { continue };
            found.beside.extend(present.iter().filter(|path| **path != report).cloned());
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

/// Of reports that one tool writes in one run, in order of what they tell: the first of those that the last run wrote.
fn newest(root: &Root, present: &[String]) -> Option<String> {
    let written = |path: &String| fs::metadata(root.path().join(path)).and_then(|meta| meta.modified()).ok();
    let last = present.iter().filter_map(written).max();
    let of_last_run = |path: &&String| match (last, written(path)) {
        (Some(last), Some(written)) => last.duration_since(written).is_ok_and(|age| age <= ONE_RUN),
        _ => true,
    };
    present.iter().find(of_last_run).cloned()
}

#[cfg(test)]
mod tests {

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
        assert_eq!(found.beside, ["coverage/clover.xml", "coverage/web/lcov.info"]);
        assert!(found.problems.is_empty());
    }

    #[test]
    fn what_others_wrote_and_what_an_earlier_run_left_is_not_read() {
        let others = ["vendor/p/coverage/lcov.info", "test/fixtures/coverage/lcov.info", "a/testdata/lcov.info"];
        assert!(found(&others).reports.is_empty());
        let dir = tempfile::tempdir().unwrap();
        let root = Root::new(dir.path()).unwrap();
        let names = ["coverage-final.json".to_owned(), "lcov.info".to_owned()];
        for (age, expected) in [(0, &names[0]), (300, &names[0]), (86_400, &names[1])] {
            for name in &names {
                fs::write(dir.path().join(name), "x").unwrap();
            }
            let older = fs::File::options().write(true).open(dir.path().join(&names[0])).unwrap();
            older.set_modified(std::time::SystemTime::now() - Duration::from_secs(age)).unwrap();
            assert_eq!(newest(&root, &names).as_ref(), Some(expected), "{age}");
        }
    }

    #[test]
    fn nothing_found_is_said_once() {
        let found = found(&["src/a.ts"]);
        assert_eq!(found.problems.len(), 1);
        assert!(found.problems[0].message.starts_with("no coverage report found in the root, in coverage/"));
    }
}
