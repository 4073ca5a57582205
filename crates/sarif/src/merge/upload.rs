//! The copy for a code-scanning host, under its limits.

mod facts;
mod files;
mod foreign;
mod kept;
mod left;
mod own;
mod place;
mod result;
mod rules;
mod shape;
mod writer;

use std::io::{self, Write};

use tollgate_model::Report;

use super::names::{Name, Names};
use super::{ForeignLog, MergeError, log};
use crate::convert;
use files::Files;

/// What a code-scanning host takes. The defaults are what GitHub documents (docs, `sarif-limits.md`; OpenAPI, "Upload
/// an analysis as SARIF data"). Where it refuses a file above one number and drops what is above a smaller one, the
/// smaller one stands here: 5,000 results a run of 25,000 that it takes, 100 locations of 1,000, 1,000 steps of code
/// flows of 10,000, 10 tags of 20.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Runs of a file.
    pub runs: usize,
    /// Results of a run.
    pub results: usize,
    /// Rules of a run. Those of its extensions count: they are written as the driver's.
    pub rules: usize,
    /// Locations of a result, and related ones.
    pub locations: usize,
    /// Steps of all code flows of a result.
    pub steps: usize,
    /// Tags of a rule.
    pub tags: usize,
    /// The name of a rule, UTF-16 code units.
    pub name: usize,
    /// The short and the full description of a rule, UTF-16 code units.
    pub description: usize,
    /// A file, compressed by gzip, bytes.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            runs: 20,
            results: 5_000,
            rules: 25_000,
            locations: 100,
            steps: 1_000,
            tags: 10,
            name: 255,
            description: 1_024,
            bytes: 10_000_000,
        }
    }
}

impl Limits {
    /// What compressed runs of one file may add up to: joined and compressed anew, they may be a little larger.
    fn room(&self) -> u64 {
        self.bytes.saturating_sub(self.bytes / 64).saturating_sub(200)
    }
}

/// See [`upload()`](super::upload()).
pub(super) fn write(
    reports: &[&Report],
    logs: &[ForeignLog<'_>],
    limits: &Limits,
    make: &mut dyn FnMut(usize) -> io::Result<Box<dyn Write>>,
) -> Result<Vec<String>, MergeError> {
    let (mut names, mut said, mut files) = (Names::default(), Vec::new(), Files::new(limits, make));
    for report in reports {
        let name = names.assign(&report.tool.name, Some(&convert::category(report)), "tollgate");
        own::add(report, name, limits, &mut files, &mut said)?;
    }
    for log in logs {
        let look = log::look(log)?;
        let assign = |run: &log::RunName| names.assign(&run.tool, run.id.as_deref(), log.source);
        let called: Vec<Name> = look.runs.iter().map(assign).collect();
        if log.upload {
            foreign::add(log, &look, &called, limits, &mut files, &mut said)?;
        }
    }
    files.close()?;
    Ok(said)
}
