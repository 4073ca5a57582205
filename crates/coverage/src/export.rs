//! What all reports say together, written as one report of a common format.
//!
//! Hits are written as 1 or 0: whether, not how often. Branches are numbered within their line, those that were taken
//! first; functions are not written, for reports do not name them alike.

mod cobertura;
mod lcov;

use clap::ValueEnum;

use crate::tally::File;

/// A format that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// LCOV, version 1
    Lcov,
    /// Cobertura XML, as GitHub's and GitLab's coverage take it
    Cobertura,
}

impl Target {
    /// `files`, in order of their paths, as a report of this format. Files of which no line is known are left out.
    pub(crate) fn write(self, files: &[File]) -> String {
        match self {
            Self::Lcov => lcov::write(files),
            Self::Cobertura => cobertura::write(files),
        }
    }
}

/// Files of which lines are known: those that are written.
pub(crate) fn listed(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|(_, coverage)| coverage.lines.last().is_some())
}

#[cfg(test)]
mod tests;
