//! Reports as SARIF 2.1.0 logs.
//!
//! [`write()`] makes the archive: one run per report, every rule listed whether or not it found something, every finding
//! kept and marked (`baselineState`, `suppressions`). Results are streamed; only the rules of one run are held at a time.
//!
//! What a code-scanning host demands beyond the standard is met while writing, so that no file is refused:
//!
//! - **A finding without a place** gets one: line 1 of `tollgate.toml` in the checked folder, the file that says what is
//!   examined. Its location carries the message [`WHOLE_SUBJECT`]. GitHub refuses the *whole file* for one result
//!   without an artifact location, and it does not ask that the file exists. A place outside the repository is treated
//!   the same way, with the message naming it.
//! - **Texts** are cut at a character boundary with an ellipsis: rule names at 255, descriptions at 1,024, messages at
//!   8,192 UTF-16 code units (the last bound is ours; `run.json` has the whole text). Control characters become U+FFFD.
//! - **Tags**: `security` first, then the rule's order, at most 10 (more are dropped by the host).
//! - **Addresses** are relative to the repository's top, percent-encoded, without `.` and `..`.
//!
//! Limits on numbers (20 runs a file, 25,000 results a run) are not enforced on the archive; [`oracle::check`] reports
//! them.

mod checklist;
mod convert;
mod merge;
mod model;
pub mod oracle;
mod read;
mod rule;
mod scanners;
mod text;
mod uri;
mod value;

#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};

use tollgate_model::Report;

pub use convert::WHOLE_SUBJECT;
pub use merge::{ForeignLog, Limits, Mark, MergeError, archive, fuzz_merge, upload};
pub use read::{Bounds, Levels, Log, RunSaid, fuzz_read, knows, read};

/// Writes `reports` as one SARIF log, compact, in their order, with a newline at the end.
///
/// # Errors
/// What `out` answers.
pub fn write(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    serde_json::to_writer(&mut out, &model::Log::new(reports))?;
    out.write_all(b"\n")?;
    out.flush()
}
