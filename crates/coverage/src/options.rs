//! Flags and configuration of this checker.

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where LCOV reports usually lie.
pub(crate) const USUAL_REPORTS: &[&str] = &[
    "lcov.info",
    "coverage.lcov",
    "coverage/lcov.info",
    "coverage/coverage.lcov",
    "target/llvm-cov/lcov.info",
    "target/coverage/lcov.info",
    "**/coverage/lcov.info",
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
    /// Reports to read: paths or patterns relative to the root. Each must match a file. Without any, the usual places
    /// are searched: lcov.info, coverage.lcov, coverage/ of every folder, target/llvm-cov/, target/coverage/
    #[arg(long = "report", value_name = "GLOB")]
    pub reports: Vec<String>,

    /// Files that do not count, in totals or in a change: patterns over paths relative to the root, or over paths as the
    /// report writes them. A folder stands for all below it. Replaces the usual ones: tests, mocks, stories, type
    /// declarations, configuration files
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// Folders or files whose own figures are reported, beside the total. Each must hold a file of a report
    #[arg(long = "path", value_name = "DIR")]
    pub paths: Vec<String>,
}

impl Options {
    /// The same with every default filled in.
    pub(crate) fn with_defaults(mut self) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        if self.reports.is_empty() {
            self.reports = owned(USUAL_REPORTS);
        }
        if self.exclude.is_empty() {
            self.exclude = owned(USUAL_EXCLUDE);
        }
        self
    }

    /// Whether nobody said where the reports lie.
    pub(crate) fn searches_usual_places(&self) -> bool {
        self.reports == USUAL_REPORTS
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
