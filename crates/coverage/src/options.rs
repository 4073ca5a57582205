//! Flags and configuration of this checker.

use std::collections::BTreeMap;

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Names that reports usually have, by the tools that write them. Of the reports of one row in one folder only the first
/// is read, for they tell of the same run: the one that tells most of the figures, totals alone last.
pub(crate) const USUAL_NAMES: &[&[&str]] = &[
    &[
        "coverage-final.json",
        "lcov.info",
        "coverage.lcov",
        "lcov.dat",
        "cobertura-coverage.xml",
        "cobertura.xml",
        "clover.xml",
        "coverage-summary.json",
    ],
    &["coverage.xml", "coverage.json"],
    &["jacoco.xml", "jacocoTestReport.xml", "kover/report.xml"],
    &["coverage.opencover.xml", "coverage.cobertura.xml"],
    &[".resultset.json"],
    &["coverage.out", "cover.out"],
];

/// Folders that hold reports wherever they lie, in themselves or one folder below.
pub(crate) const USUAL_FOLDERS: &[&str] = &["coverage", "TestResults"];

/// Where build tools leave reports, below the folder of what they build.
pub(crate) const BUILD_FOLDERS: &[&str] = &[
    "target/llvm-cov",
    "target/coverage",
    "target/tarpaulin",
    "target/site/jacoco",
    "target/site/jacoco-aggregate",
    "target/site/cobertura",
    "build/reports/jacoco/test",
    "build/reports",
    "build/logs",
];

/// Files that usually do not count: tests, type declarations, stories, configuration.
pub(crate) const USUAL_EXCLUDE: &[&str] = &[
    "**/*.{test,spec,stories}.*",
    "**/{__tests__,__mocks__,__fixtures__}/**",
    "**/*.d.{ts,mts,cts}",
    "**/*.config.*",
    "**/.*rc.*",
    "**/*_test.{go,py,dart,rb,cc,cpp}",
    "**/*_spec.rb",
    "**/test_*.py",
    "**/conftest.py",
    "**/src/test/**",
    "**/*{Test,Tests}.{java,kt,cs,swift,php}",
];

/// Flags of the command line, and keys of the section `[coverage]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Reports to read, of any format: paths or patterns relative to the root. Each must match a file. Without any, the
    /// usual names are looked for in the root, in coverage/ of every folder, and where build tools leave them
    #[arg(long = "report", value_name = "GLOB")]
    pub reports: Vec<String>,

    /// Files that count, in totals or in a change, where not all do: patterns over paths relative to the root. A folder stands for all
    /// below it. For one of several instances: what the others are about is none of its business
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,

    /// Files that do not count, in totals or in a change: patterns over paths relative to the root; of what is no file
    /// here, over paths as the report writes them. A folder stands for all below it. Replaces the usual ones: tests, mocks, stories, type
    /// declarations, configuration files
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// Folders or files whose own figures are reported, beside the total. Each must hold a file of a report
    #[arg(long = "path", value_name = "DIR")]
    pub paths: Vec<String>,

    /// Results of tests, read into tests.run, tests.failed, tests.skipped and tests.flaky: paths or patterns of JUnit XML,
    /// JSON of Jest, Vitest, Mocha, Playwright or pytest, `go test -json`, libtest JSON. Each must match a file
    #[arg(long = "tests", value_name = "GLOB")]
    pub tests: Vec<String>,

    /// Fewest new coverable lines that a patch figure is given for; a change with fewer has none, and says so
    #[arg(long, value_name = "LINES")]
    pub smallest_patch: Option<u64>,

    /// What the paths of reports mean, where that cannot be found out: the first entry whose `from` a path begins with
    #[arg(skip)]
    pub map: Vec<PathMap>,

    /// Parts of the project with figures of their own (label `component`), each with patterns over its files
    #[arg(skip)]
    pub components: BTreeMap<String, Vec<String>>,

    /// Folders that must be named by a report, so that one that is missing is not taken for a drop
    #[arg(skip)]
    pub expected: Vec<Expected>,
}

/// What the beginning of a path in a report means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PathMap {
    /// Beginning of paths as reports write them: `/app`, `github.com/me/project`; empty for every relative path
    pub from: String,
    /// The folder it stands for, relative to the root; `.` for the root
    pub to: String,
    /// Only for reports that match this pattern
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// A folder that reports must name, or that has no tests yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The folder, relative to the root
    pub path: String,
    /// Why no report names it; until then nothing is expected of it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub none: Option<String>,
    /// The last day on which `none` holds: `2027-01-31`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl Options {
    /// The same with every default filled in.
    pub(crate) fn with_defaults(mut self) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        if self.exclude.is_empty() {
            self.exclude = owned(USUAL_EXCLUDE);
        }
        self
    }

    /// Whether nobody said where the reports lie.
    pub(crate) fn searches_usual_places(&self) -> bool {
        self.reports.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_check::Globs;

    #[test]
    fn defaults_fill_what_is_absent_and_only_once() {
        let filled = Options { exclude: vec!["gen".to_owned()], ..Options::default() }.with_defaults();
        assert!(filled.searches_usual_places());
        assert_eq!(filled.exclude, ["gen"]);
        assert_eq!(filled.clone().with_defaults(), filled);
    }

    #[test]
    fn tests_and_declarations_do_not_count_by_default() {
        let exclude = Globs::new("coverage.exclude", &Options::default().with_defaults().exclude).unwrap();
        for path in [
            "a.test.ts",
            "src/deep/b.spec.jsx",
            "src/__tests__/c.js",
            "types/d.d.ts",
            "jest.config.js",
            "apps/web/.eslintrc.cjs",
            "pkg/x_test.go",
            "tests/test_a.py",
            "conftest.py",
            "x/Button.stories.tsx",
            "app/src/test/java/A.java",
            "src/TankTests.cs",
        ] {
            assert!(exclude.matches(path), "{path}");
        }
        for path in ["src/a.ts", "src/test.ts", "src/contest.py", "src/config.ts", "latest.py", "src/testing/a.go"] {
            assert!(!exclude.matches(path), "{path}");
        }
    }
}
