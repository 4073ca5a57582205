//! Results of test runs.
//!
//! What counts: a test that ran passed or failed; a test that passed only after it had failed is flaky, but only where
//! the format itself says that both were tries of one test, for two tests may have one name. What failed beside the tests
//! (a suite that could not be loaded, a build, a run that was interrupted) counts as one failed test. A test that was
//! begun and not ended has failed. Where a report declares more failures than it lists, the larger number counts.

mod go;
mod jest;
pub(crate) mod json;
mod junit;
mod key;
mod libtest;
pub(crate) mod lines;
mod mocha;
mod playwright;
mod pytest;
mod sniff;
mod tally;

#[cfg(test)]
mod tests;

use tollgate_input::{Digest, InputError, Window};

use sniff::Sniff;

/// What a run of tests came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// How many tests ran: passed, flaky or failed.
    pub run: u64,
    /// How many of them failed in the end.
    pub failed: u64,
    /// How many did not run: skipped, disabled, pending, to be written, expected to fail where the format says no more.
    pub skipped: u64,
    /// How many of those that ran passed only after they had failed.
    pub flaky: u64,
    /// The first of the failures, at most [`MOST_FAILURES`], in the order of the report.
    pub failures: Vec<Failure>,
    /// Why the numbers may not be those of the whole run, in sentences without the report's path.
    pub doubts: Vec<String>,
    /// What a reader of the numbers must know, in sentences without the report's path: where declared and counted
    /// numbers disagree, what was passed over.
    pub notes: Vec<String>,
}

impl Results {
    /// How many failed tests [`failures`](Self::failures) does not name.
    pub fn unnamed(&self) -> u64 {
        self.failed.saturating_sub(self.failures.len() as u64)
    }
}

/// A test that failed. Its texts have no control characters, are one line each and at most 300 characters long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The test, as its tool calls it.
    pub name: String,
    /// The file it is in, as the report writes it: often absolute, on the machine that ran it.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
    /// The first line of what went wrong; empty where the report does not say.
    pub message: String,
}

/// How many failures are named.
pub const MOST_FAILURES: usize = 1_000;

/// A format that is read.
#[derive(Debug)]
pub struct Format {
    /// Its name, as people write it.
    pub name: &'static str,
    /// Tools that write it.
    pub writers: &'static str,
    /// What a user of its numbers must know, in a sentence or two.
    pub about: &'static str,
    /// Whether a report that begins like this is one.
    detect: fn(&Sniff<'_>) -> bool,
    /// Reads a report to its end.
    read: fn(Window) -> Result<(Results, Digest), InputError>,
}

/// Every format that is read. A new one is a file beside `junit.rs` and a line here.
pub const FORMATS: &[Format] =
    &[junit::FORMAT, jest::FORMAT, go::FORMAT, libtest::FORMAT, playwright::FORMAT, mocha::FORMAT, pytest::FORMAT];

/// Reads the results in `window`, whatever their format. They are in UTF-8, or in XML in what it declares.
///
/// # Errors
/// No known format, with what it looks like; a report that is cut short or damaged; what reading said.
pub fn read(window: Window) -> Result<(Results, &'static Format, Digest), InputError> {
    let sniff = Sniff::new(window.bytes());
    let Some(format) = FORMATS.iter().find(|format| (format.detect)(&sniff)) else {
        return Err(InputError::malformed(window.path(), None, sniff.refusal()));
    };
    let (results, digest) = (format.read)(window)?;
    Ok((results, format, digest))
}

/// Whether a report that begins with `head` is in one of the formats.
pub fn knows(head: &[u8]) -> bool {
    let sniff = Sniff::new(head);
    FORMATS.iter().any(|format| (format.detect)(&sniff))
}
