//! Many SARIF files as one, streamed: an archive that holds everything, and files for upload that a host takes whole.
//!
//! [`archive`] keeps runs apart, so that every index within them stays valid, and passes them through as they stand.
//! [`upload`] writes what a code-scanning host reads of them, under its limits ([`Limits`]); the archive has the rest.
//!
//! # Categories
//!
//! A host tells runs apart by tool and category, which is `automationDetails.id` (§3.17) up to the last slash. A run
//! without one gets `tollgate/<source>/`. Of several runs with the same tool and category the first keeps it, and the
//! others get `<source>/` behind it (then `<source>/2/` and so on); their own part of the id, behind the category,
//! stays. Both files name a run alike.
//!
//! # What does not pass
//!
//! - In runs whose tool looks for secrets: `snippet`, `contents` and `insertedContent`, the texts of messages of results,
//!   and properties called match, secret, raw, rawV2 or snippet. Where one of them is known to be the value itself, its
//!   keyed digest stands in its place ([`Digester`]); what was redacted before stays as it is.
//! - In all runs: authors' names and addresses in property bags and fingerprints, and fingerprints with an e-mail
//!   address.
//!
//! How many there were is said in the sentences that are returned.

mod archive;
mod fuzz;
mod log;
mod names;
mod out;
mod pass;
mod sensitive;
#[cfg(test)]
mod tests;
mod upload;

use std::io::{self, Write};

use tollgate_digest::Digester;
use tollgate_input::{InputError, Window};
use tollgate_model::{Report, State, Suppression};

pub use fuzz::fuzz_merge;
pub use upload::Limits;

/// What the archive says of one result beyond what its file says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark<'a> {
    /// How it relates to the base (`baselineState`, §3.27.24); replaces what the file says.
    pub state: Option<State>,
    /// Why it does not count (§3.35); joins what the file says.
    pub suppressed: Option<&'a Suppression>,
}

/// A SARIF file of another tool.
pub struct ForeignLog<'a> {
    /// What the user calls it; in categories and sentences.
    pub source: &'a str,
    /// Opens the file at its beginning, as UTF-8. It is read more than once.
    pub open: &'a dyn Fn() -> Result<Window, InputError>,
    /// The mark of a result, by its place among all results of the file, from 0.
    pub mark: &'a dyn Fn(u64) -> Mark<'a>,
    /// Whether its results go to the host.
    pub upload: bool,
    /// Names the values that are redacted.
    pub digester: Option<&'a Digester>,
}

/// Why files were not merged. What was written up to then is no whole file.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A file is not what it should be.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The system did not take what was written.
    #[error("the merged file cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// Writes one log: a run for each of `reports`, as [`write()`](crate::write()) makes it, then every run of every one of
/// `logs` with all that it holds, unknown properties too, in its order.
///
/// Of a foreign run only these change: results get their [`Mark`], a category is made unique, and what must not be
/// shown is redacted (see the sentences that are returned). What stands beside the runs of a foreign log is kept:
/// `inlineExternalProperties` are strung together; `properties` become `tollgate:logProperties`, and members that the
/// standard does not know `tollgate:logMembers`, in the properties of its first run. White space is dropped.
///
/// Where a log has no runs, its properties are left out, and that is said.
///
/// Memory does not grow with the files, but for the names of their runs. Every file is read twice, and up to three times
/// more where something stands beside its runs.
///
/// # Errors
/// A file that cannot be read, is cut short, is no JSON or no SARIF 2.1.0; what `out` answers. The caller should write
/// to a temporary file: after an error a part was written.
pub fn archive(reports: &[&Report], logs: &[ForeignLog<'_>], out: &mut dyn Write) -> Result<Vec<String>, MergeError> {
    archive::write(reports, logs, out)
}

/// Writes what a code-scanning host should get, to as many files as its limits ask for: `make` is called with the
/// number of each, from 1. Of `reports` that is the rules tagged `security` and their findings, of `logs` those with
/// `upload`; nothing suppressed, nothing that only the base has. Where nothing is left, no file is made.
///
/// Foreign runs are written anew with what the host reads: rules (those of extensions with the driver's), results with
/// level, text, places in the repository, code flows and one fingerprint. So a file passes
/// [`oracle::check`](crate::oracle::check) whatever the tool wrote. Of too many results the worst are kept: by level,
/// then by `security-severity` of the rule, then the first.
///
/// At most one log's rules and artifacts, one run's kept results and one compressed run are held at a time.
///
/// # Errors
/// As for [`archive`]; what `make` answers.
pub fn upload(
    reports: &[&Report],
    logs: &[ForeignLog<'_>],
    limits: &Limits,
    make: &mut dyn FnMut(usize) -> io::Result<Box<dyn Write>>,
) -> Result<Vec<String>, MergeError> {
    upload::write(reports, logs, limits, make)
}
