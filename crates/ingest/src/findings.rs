//! What linters, audits and scanners found, in formats of their own.
//!
//! Three answers are kept apart: something was found, nothing was found, and the tool could not look. A document that tells
//! of an error (a registry that did not answer, a database that is empty) is read, and says so as a problem; it never counts
//! as zero findings.

mod axe;
mod biome;
mod checkstyle;
mod combine;
mod doubts;
mod eslint;
mod golangci;
mod html_validate;
mod json;
mod lighthouse;
mod lighthouse_ci;
mod oxlint;
mod pa11y;
mod page;
mod ruff;
mod sniff;
mod stylelint;
mod tested;
mod zap;

#[cfg(test)]
mod probe;
#[cfg(test)]
mod tests;

use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Foreign, Level, MetricSpec, Severity};

pub use combine::combine;
use sniff::Sniff;
pub use tested::{TESTED, of_results};

/// A format that is read.
#[derive(Debug)]
pub struct Format {
    /// Its name, as people write it.
    pub name: &'static str,
    /// How a report of it is made.
    pub writers: &'static str,
    /// What a user of its numbers must know, in a sentence or two.
    pub about: &'static str,
    /// What the tool's own words for bad become, worst first: one row per word.
    pub grades: &'static [Grade],
    /// Numbers beside the count of findings. Names are what follows the source's name.
    pub metrics: &'static [MetricSpec],
    /// Whether a report that begins like this is one.
    detect: fn(&Sniff<'_>) -> bool,
    /// Reads a report to its end.
    read: fn(Window) -> Result<(Foreign, Digest), InputError>,
}

/// What a tool's word for how bad something is becomes here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grade {
    /// The word, as the report writes it; numbers as text.
    pub word: &'static str,
    /// How loudly it is shown.
    pub level: Level,
    /// How much damage it can do; none where the tool does not mean that.
    pub severity: Option<Severity>,
}

impl Grade {
    /// A row of a table.
    const fn new(word: &'static str, level: Level, severity: Option<Severity>) -> Self {
        Self { word, level, severity }
    }

    /// The row of `word`, whatever its case; none where the table has none.
    fn of(grades: &[Self], word: &str) -> Option<Self> {
        grades.iter().copied().find(|grade| grade.word.eq_ignore_ascii_case(word))
    }
}

/// Every format that is read. A new one is a file beside `eslint.rs` and a line here.
pub const FORMATS: &[Format] = &[
    html_validate::FORMAT,
    eslint::FORMAT,
    stylelint::FORMAT,
    biome::FORMAT,
    oxlint::FORMAT,
    ruff::FORMAT,
    golangci::FORMAT,
    checkstyle::FORMAT,
    axe::FORMAT,
    pa11y::ONE,
    pa11y::MANY,
    lighthouse::FORMAT,
    lighthouse_ci::MANIFEST,
    lighthouse_ci::ASSERTIONS,
    zap::FORMAT,
];

/// Reads the findings in `window`, whatever their format.
///
/// # Errors
/// No known format, with what it looks like; a report that is cut short or damaged; what reading said.
pub fn read(window: Window) -> Result<(Foreign, &'static Format, Digest), InputError> {
    let sniff = Sniff::new(window.bytes());
    let Some(format) = FORMATS.iter().find(|format| (format.detect)(&sniff)) else {
        return Err(InputError::malformed(window.path(), None, sniff.refusal()));
    };
    let (foreign, digest) = (format.read)(window)?;
    Ok((foreign, format, digest))
}

/// Whether a report that begins with `head` is in one of the formats.
pub fn knows(head: &[u8]) -> bool {
    let sniff = Sniff::new(head);
    FORMATS.iter().any(|format| (format.detect)(&sniff))
}
