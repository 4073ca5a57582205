//! Reports that lie there already.

use super::files::{Files, is_of_others, join, parent};
use super::{Found, Input, Named};

/// Where reports of tests lie, below the root and each package.
const TESTS: [&str; 12] = [
    "junit.xml",
    "test-results.xml",
    "test-report.xml",
    "reports/junit.xml",
    "reports/test-results.xml",
    "test-results/junit.xml",
    "test-results/results.xml",
    "test-reports/junit.xml",
    "coverage/junit.xml",
    "test-results.json",
    "reports/jest.json",
    "go-test.json",
];

/// Takes reports that lie there in place of those that are only expected of the same package.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    for path in tollgate_coverage::usual_reports(files.root()) {
        if files.tracks(&path) && (is_of_others(&path) || is_in_tests(&path)) {
            found.named.push(Named::new(&path, "is committed among test data, and was not taken for a report"));
            continue;
        }
        lying(&mut found.coverage, &path);
    }
    let mut packages: Vec<String> =
        found.coverage.iter().chain(&found.tests).map(|input| input.package.clone()).collect();
    packages.push(String::new());
    packages.sort();
    packages.dedup();
    for package in packages {
        let present = TESTS.iter().map(|name| join(&package, name)).filter(|path| files.lies(path));
        let is_report = |path: &String| files.head(path).is_some_and(|head| is_of_tests(&head));
        let Some(path) = present.into_iter().find(is_report) else { continue };
        if !found.tests.iter().any(|input| input.there && input.package == package) {
            found.tests.retain(|input| input.package != package);
            found.tests.push(Input { path, package, there: true, by: FOUND.to_owned() });
        }
    }
}

/// What stands for who wrote a report that was found.
const FOUND: &str = "it lies there";

/// Takes the report at `path` in place of one that is expected in the same folder.
fn lying(inputs: &mut Vec<Input>, path: &str) {
    let folder = parent(path);
    let written = |input: &Input| !input.path.is_empty() && parent(&input.path) == folder;
    match inputs.iter_mut().find(|input| written(input)) {
        Some(input) if input.path == path => input.there = true,
        Some(input) if !input.there => {
            input.path = path.to_owned();
            input.there = true;
        }
        Some(_) => {}
        None => inputs.push(Input {
            path: path.to_owned(),
            package: parent(folder).to_owned(),
            there: true,
            by: FOUND.to_owned(),
        }),
    }
}

fn is_in_tests(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "test" | "tests" | "__tests__"))
}

/// Whether a report that begins with `head` is one of tests.
fn is_of_tests(head: &str) -> bool {
    let jest = head.contains("\"numTotalTests\"") || head.contains("\"numFailedTestSuites\"");
    let go = head.contains("\"Action\":");
    head.contains("<testsuite") || jest || go
}
