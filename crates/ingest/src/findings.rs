//! What linters, audits and scanners found, in formats of their own.
//!
//! Three answers are kept apart: something was found, nothing was found, and the tool could not look. A document that tells
//! of an error (a registry that did not answer, a database that is empty) is read, and says so as a problem; it never counts
//! as zero findings.

mod audit;
mod axe;
mod biome;
mod cargo_audit;
mod checkstyle;
mod combine;
mod cvss;
mod dependabot;
mod doubts;
mod eslint;
mod gitleaks;
mod golangci;
mod grype;
mod html_validate;
mod json;
mod lighthouse;
mod lighthouse_ci;
mod npm;
mod osv;
mod oxlint;
mod pa11y;
mod page;
mod pip_audit;
mod ruff;
mod sniff;
mod stylelint;
mod tested;
mod trivy;
mod yarn1;
mod yarn4;
mod zap;

#[cfg(test)]
mod probe;
#[cfg(test)]
mod tests;

use tollgate_digest::Digester;
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Foreign, Level, MetricSpec, Severity};

pub use combine::combine;
use sniff::Sniff;
pub use tested::{TESTED, of_results};

/// A format that is read.
#[derive(Debug)]
pub struct Format {
    /// What a source calls it in the configuration: `gitleaks`.
    pub id: &'static str,
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
    npm::FORMAT,
    npm::ADVISORIES,
    yarn1::FORMAT,
    yarn4::FORMAT,
    cargo_audit::FORMAT,
    pip_audit::FORMAT,
    osv::FORMAT,
    trivy::FORMAT,
    grype::FORMAT,
    gitleaks::FORMAT,
    dependabot::FORMAT,
];

/// Readers that name the values they come upon, by the id of the format: those of scanners for secrets.
const NAMING: &[(&str, NamingReader)] = &[(gitleaks::FORMAT.id, gitleaks::read_named)];

/// Reads a report to its end, and names the values in it.
type NamingReader = fn(Window, Option<&Digester>) -> Result<(Foreign, Digest), InputError>;

impl Format {
    fn read(&self, window: Window, digester: Option<&Digester>) -> Result<(Foreign, Digest), InputError> {
        match NAMING.iter().find(|(id, _)| *id == self.id) {
            Some((_, read)) => read(window, digester),
            None => (self.read)(window),
        }
    }
}

/// Reads the findings in `window`, whatever their format. Values that scanners for secrets quote are named by `digester`.
///
/// # Errors
/// No known format, with what it looks like; a report that is cut short or damaged; what reading said.
pub fn read(window: Window, digester: Option<&Digester>) -> Result<(Foreign, &'static Format, Digest), InputError> {
    let sniff = Sniff::new(window.bytes());
    let Some(format) = FORMATS.iter().find(|format| (format.detect)(&sniff)) else {
        return Err(InputError::malformed(window.path(), None, sniff.refusal()));
    };
    let (foreign, digest) = format.read(window, digester)?;
    Ok((foreign, format, digest))
}

/// Reads the findings in `window` as the format whose id is `id`: an empty list, which does not say who wrote it, is then
/// read as well.
///
/// # Errors
/// No format of this id; a report of another format; what [`read`] says.
pub fn read_as(
    window: Window,
    id: &str,
    digester: Option<&Digester>,
) -> Result<(Foreign, &'static Format, Digest), InputError> {
    let Some(format) = FORMATS.iter().find(|format| format.id.eq_ignore_ascii_case(id)) else {
        let ids: Vec<&str> = FORMATS.iter().map(|format| format.id).collect();
        let id = crate::text::name(id);
        let message = format!("no format is called `{id}`; the source may name one of: {}", ids.join(", "));
        return Err(InputError::malformed(window.path(), None, message));
    };
    let sniff = Sniff::new(window.bytes());
    if !(format.detect)(&sniff) && !sniff.is_empty_list() {
        let message = match FORMATS.iter().find(|other| (other.detect)(&sniff)) {
            Some(other) => {
                format!("is a report of {}, not of {}; name `{}` in the source", other.name, format.name, other.id)
            }
            None => format!("is no report of {}: {}", format.name, sniff.refusal()),
        };
        return Err(InputError::malformed(window.path(), None, message));
    }
    let (foreign, digest) = format.read(window, digester)?;
    Ok((foreign, format, digest))
}

/// Whether a report that begins with `head` is in one of the formats.
pub fn knows(head: &[u8]) -> bool {
    let sniff = Sniff::new(head);
    FORMATS.iter().any(|format| (format.detect)(&sniff))
}
