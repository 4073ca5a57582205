//! SARIF 2.1.0 of any tool as findings.
//!
//! Reading is lenient where the meaning is plain and strict where it is not. Keys may stand in any order, may be
//! missing, and may have values of the wrong kind; rules are found by id, by index, in extensions, and by the ids that
//! they are below. But a file of an older version is refused by name, text that is no JSON is refused, and a run that
//! has no `results`, that says it failed, or whose results lie elsewhere has a problem: it never counts as one that
//! found nothing.
//!
//! The file passes through a window and only what findings need is kept. Texts are one line each, without control
//! characters.

mod address;
mod building;
mod finish;
mod intern;
mod invocation;
mod json;
mod level;
mod log;
mod place;
mod result;
mod rules;
mod run;
mod suppression;
mod tally;
mod text;
mod time;

#[cfg(test)]
mod tests;

use std::io::Cursor;

use tollgate_digest::Digester;
use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, InputError, Source, Window};
use tollgate_model::Foreign;

pub use level::Levels;

/// How much of a file is kept. What is beyond is counted and said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Findings; what is beyond makes the file incomplete. 500,000 are what a code-scanning host takes: 20 runs of
    /// 25,000.
    pub findings: usize,
    /// Bytes of all texts and paths of findings; findings beyond make the file incomplete.
    pub texts: usize,
    /// Characters of a message.
    pub message: usize,
    /// Further places of a finding.
    pub related: usize,
    /// Rules of a run that are looked at; what is beyond makes the file incomplete.
    pub rules: usize,
    /// Bytes of all texts of a run's rules.
    pub rule_text: usize,
    /// Rules of the file that are listed though they found nothing.
    pub other_rules: usize,
    /// Artifacts of a run that results can name by index.
    pub artifacts: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            findings: 500_000,
            texts: 512 << 20,
            message: 4_000,
            related: 20,
            rules: 100_000,
            rule_text: 32 << 20,
            other_rules: 2_000,
            artifacts: 250_000,
        }
    }
}

/// What a SARIF file says, and where each finding stands in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// What was found, by which tools, and what is wrong.
    pub foreign: Foreign,
    /// For each finding the ordinal of its result among all results of the file, from 0.
    pub ordinals: Vec<u32>,
    /// How many results the file lists, findings or not.
    pub results: u64,
    /// Its runs, in order.
    pub runs: Vec<RunSaid>,
}

/// What a run says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunSaid {
    /// The name of its tool; empty where it has none.
    pub name: String,
    /// The version of its tool; empty where it has none.
    pub version: String,
    /// `automationDetails.id`.
    pub category: Option<String>,
    /// How many results it lists, findings or not.
    pub results: u64,
    /// How many results of each level.
    pub levels: Levels,
    /// Whether no invocation says that it failed.
    pub successful: bool,
}

/// Whether a file that begins with `head` says that it is SARIF, of whatever version: an object that has `runs`, or a
/// `$schema` of SARIF, or the version 2.1.0 and nothing that SARIF does not have. `head` may end anywhere, and may be
/// UTF-16.
pub fn knows(head: &[u8]) -> bool {
    let window = |bytes: &[u8]| {
        let source = Source::new("", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
        Window::new(source, bytes.len().max(1)).and_then(Window::recoded)
    };
    window(head).is_ok_and(|window| log::knows(&mut Reader::new(window)))
}

/// Reads the SARIF in `window`, in UTF-8 or UTF-16, to its end. Values that scanners for secrets quote are named by
/// `digester`.
///
/// # Errors
/// Another version of SARIF, by name; text that is no JSON or no SARIF; `runs`, or `results` of a run, that occurs
/// twice; what reading said.
pub fn read(window: Window, bounds: &Bounds, digester: Option<&Digester>) -> Result<(Log, Digest), InputError> {
    let mut reader = Reader::new(window.recoded()?);
    let log = log::read(&mut reader, bounds, digester)?;
    Ok((log, reader.digest()))
}

/// A door for fuzzing: reads `bytes` and sees that the parts agree with each other.
#[doc(hidden)]
pub fn fuzz_read(bytes: &[u8]) {
    let source = Source::new("fuzz", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
    let bounds = Bounds { findings: 1_000, ..Bounds::default() };
    let Ok((log, digest)) = Window::new(source, 1 << 20).and_then(|window| read(window, &bounds, None)) else { return };
    assert!(knows(bytes) || log.runs.is_empty(), "what was read is not known");
    assert_eq!(digest, Digest::of(bytes), "the digest is that of the whole");
    assert_eq!(log.ordinals.len(), log.foreign.findings.len(), "an ordinal for each finding");
    assert!(log.ordinals.is_sorted_by(|a, b| a < b), "ordinals grow");
    assert!(log.ordinals.iter().all(|ordinal| u64::from(*ordinal) < log.results), "ordinals are those of results");
    assert_eq!(log.results, log.runs.iter().map(|run| run.results).sum::<u64>(), "results are those of the runs");
    assert!(!log.runs.is_empty() || !log.foreign.problems.is_empty(), "a file without runs is no evidence");
    let plain = |text: &str| !text.chars().any(char::is_control);
    for finding in &log.foreign.findings {
        assert!(!finding.rule.is_empty() && !finding.message.is_empty(), "a finding says what it is: {finding:?}");
        assert!(plain(&finding.rule) && plain(&finding.message), "a control character is passed on: {finding:?}");
        for place in finding.location.iter().chain(&finding.related) {
            let leads_out = place.path.split('/').any(|segment| segment == "..") && !place.path.contains(':');
            assert!(plain(&place.path) && !place.path.is_empty() && !leads_out, "a path is wrong: {finding:?}");
            assert!(place.region.is_none_or(|r| 0 < r.start_line && r.start_line <= r.end_line), "{finding:?}");
        }
    }
}
