//! What a repository has: packages, reports that lie there or will, builds, limits that other tools judge.
//!
//! Nothing is run and nothing is believed: what a configuration says will be written is marked as not there yet.

mod budgets;
mod builds;
mod codecov;
mod files;
mod go;
mod literal;
mod named;
mod node;
mod node_tests;
mod python;
mod reports;
mod rust;
mod thresholds;

use tollgate_check::{Tree, TreeError};
use tollgate_input::Root;

use crate::limit::Limit;
use files::Files;
pub(crate) use files::is_plain;
pub(crate) use literal::value_of;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// What kinds of project: `pnpm workspace, 8 packages`.
    pub projects: Vec<String>,
    /// Coverage reports.
    pub coverage: Vec<Input>,
    /// Reports of tests.
    pub tests: Vec<Input>,
    /// Folders of built files that browsers load.
    pub builds: Vec<Input>,
    /// Limits that others ask for.
    pub asks: Vec<Ask>,
    /// What is there and of no use yet, or not usable as it is.
    pub named: Vec<Named>,
    /// What writes reports and builds.
    pub script: Script,
}

/// A report or a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Relative to the root.
    pub path: String,
    /// The package it belongs to, `""` for the root.
    pub package: String,
    /// Whether it lies there now.
    pub there: bool,
    /// What writes it, or that it was found.
    pub by: String,
}

/// A limit that another tool judges.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The series it is about, as conditions write it.
    pub series: String,
    /// The limit.
    pub limit: Limit,
    /// Where it stands.
    pub place: String,
    /// Whose it is: `jest coverageThreshold`.
    pub whose: String,
    /// Whether that tool fails by it, so that it is now judged twice.
    pub judged: bool,
}

/// Something that is named and not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The file.
    pub path: String,
    /// One sentence.
    pub about: String,
}

impl Named {
    pub(crate) fn new(path: impl Into<String>, about: impl Into<String>) -> Self {
        Self { path: path.into(), about: about.into() }
    }
}

/// The lines of a script that measures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// What prepares: where it fails, the rest is not run.
    pub install: Vec<String>,
    /// What measures: each is run, whatever became of the others.
    pub measure: Vec<String>,
}

/// Looks at `tree`, whose files lie below `root`.
///
/// # Errors
/// The tree cannot be listed.
pub fn detect(tree: &dyn Tree, root: &Root) -> Result<Found, TreeError> {
    let files = Files::new(tree, root)?;
    let mut found = Found::default();
    node::detect(&files, &mut found);
    rust::detect(&files, &mut found);
    python::detect(&files, &mut found);
    go::detect(&files, &mut found);
    reports::detect(&files, &mut found);
    builds::detect(&files, &mut found);
    codecov::detect(&files, &mut found);
    budgets::detect(&files, &mut found);
    named::detect(&files, &mut found);
    for inputs in [&mut found.coverage, &mut found.tests, &mut found.builds] {
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        inputs.dedup_by(|a, b| a.path == b.path);
    }
    found.named.dedup();
    Ok(found)
}

#[cfg(test)]
pub(crate) mod tests;
