//! The formats of coverage reports: one file each, told apart by content, never by name.

mod bullseye;
mod clover;
mod cobertura;
mod codecov;
mod coverage_key;
mod coverage_py;
mod coveralls;
mod dotcover;
mod dotnet;
mod elements;
mod events;
mod gcc;
mod gcov;
mod gcovr;
mod gcovr_summary;
mod go;
mod istanbul;
mod istanbul_summary;
mod jacoco;
mod json_values;
mod lcov;
mod llvm;
mod opencover;
mod simplecov;
mod sniff;
mod sonar;
#[cfg(test)]
pub(crate) mod testing;
mod visual_studio;

use tollgate_input::{Digest, InputError, Window};

pub(crate) use self::sniff::Sniff;
use crate::reading::Reading;

/// A format that is read.
pub struct Format {
    /// Its name, as people write it.
    pub name: &'static str,
    /// Tools that write it.
    pub writers: &'static str,
    /// What can be counted from it.
    pub figures: Figures,
    /// What a user of its figures must know, in a sentence or two.
    pub about: &'static str,
    /// Whether a report that begins like this is one.
    pub(crate) detect: fn(&Sniff<'_>) -> bool,
    /// Reads a report to its end.
    pub(crate) read: fn(Window) -> Result<(Reading, Digest), InputError>,
}

/// What can be counted from the reports of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Lines.
    pub lines: bool,
    /// Branches.
    pub branches: bool,
    /// Functions.
    pub functions: bool,
    /// Statements.
    pub statements: bool,
    /// Whether single lines are told, so that new lines can be judged; else there are totals alone.
    pub patch: bool,
}

impl Figures {
    /// Lines, branches and functions, line by line.
    pub(crate) const LINES_BRANCHES_FUNCTIONS: Self =
        Self { lines: true, branches: true, functions: true, statements: false, patch: true };
    /// All four, line by line.
    pub(crate) const ALL: Self = Self { statements: true, ..Self::LINES_BRANCHES_FUNCTIONS };
    /// Lines and branches, line by line.
    pub(crate) const LINES_BRANCHES: Self = Self { functions: false, ..Self::LINES_BRANCHES_FUNCTIONS };
}

/// Every format that is read. A new one is a file beside `lcov.rs` and a line here.
pub const FORMATS: &[Format] = &[
    lcov::FORMAT,
    cobertura::FORMAT,
    jacoco::FORMAT,
    clover::FORMAT,
    istanbul::FORMAT,
    istanbul_summary::FORMAT,
    coverage_py::FORMAT,
    llvm::FORMAT,
    go::FORMAT,
    simplecov::FORMAT,
    gcovr::FORMAT,
    gcovr_summary::FORMAT,
    gcov::FORMAT,
    opencover::FORMAT,
    dotcover::FORMAT,
    visual_studio::FORMAT,
    bullseye::FORMAT,
    sonar::FORMAT,
    coveralls::FORMAT,
    codecov::FORMAT,
];

/// What is known and not read: a name, and words of which one stands at the beginning of such a file.
const OTHERS: &[(&str, &[&str])] = &[
    ("an HTML page", &["<!DOCTYPE html", "<!doctype html", "<html"]),
    ("JUnit XML, which holds test results", &["<testsuites", "<testsuite"]),
    ("SARIF, which holds findings", &["sarif-2", "\"runs\""]),
    ("gcov's text, which has no path to a file", &["        -:    0:Source:"]),
];

/// What is binary and known: how it begins, its name, and what makes a report of it.
const BINARY: &[(&[u8], &str, &str)] = &[
    (b"\x1f\x8b", "compressed (gzip)", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)", "unpack it first"),
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"\x01\xc0\xc0", "JaCoCo's execution data", "have its report task write XML"),
    (b"SQLite format 3\0", "the data file of coverage.py", "run coverage json or coverage xml"),
    (b"\xfflprofr\x81", "LLVM's raw profile", "run llvm-profdata merge, then llvm-cov export"),
    (b"\x81rforpl\xff", "LLVM's raw profile", "run llvm-profdata merge, then llvm-cov export"),
    (b"\xfflprofi\x81", "LLVM's merged profile", "run llvm-cov export"),
    (b"adcg", "GCC's counters", "run gcovr or lcov"),
    (b"gcda", "GCC's counters", "run gcovr or lcov"),
    (b"oncg", "GCC's notes on a source file", "run gcovr or lcov"),
    (b"gcno", "GCC's notes on a source file", "run gcovr or lcov"),
];

/// Place of a format in [`FORMATS`].
pub(crate) type FormatAt = usize;

/// The format of a report that begins with `head`.
///
/// # Errors
/// What it looks like instead, as one sentence.
pub(crate) fn detect(head: &[u8]) -> Result<FormatAt, String> {
    if let Some((_, name, report)) = BINARY.iter().find(|(magic, ..)| head.starts_with(magic)) {
        return Err(format!("is {name}; {report}"));
    }
    let sniff = Sniff::new(head);
    FORMATS.iter().position(|format| (format.detect)(&sniff)).ok_or_else(|| refusal(&sniff))
}

fn refusal(sniff: &Sniff<'_>) -> String {
    let head = sniff.head;
    let read =
        "expected a coverage report: LCOV, Cobertura, JaCoCo, Clover, Istanbul, Go or another of docs/formats.md";
    let holds = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
    let broken = |what: &str| match sniff.broken() {
        Some(broken) => format!("{what} ({broken}); {read}"),
        None => format!("{what}; {read}"),
    };
    let other = OTHERS.iter().find(|(_, words)| words.iter().any(|word| holds(word)));
    match (other, sniff.root()) {
        _ if head.iter().all(u8::is_ascii_whitespace) => "is empty; run the tests with coverage again".to_owned(),
        _ if head.contains(&0) => format!("holds binary data; {read}"),
        (Some((name, _)), _) => format!("looks like {name}; {read}"),
        (None, Some(root)) => format!("is XML of no known kind, its first element being <{}>; {read}", root.name),
        (None, None) if head.trim_ascii_start().starts_with(b"<") => broken("looks like broken XML"),
        (None, None) if head.trim_ascii_start().starts_with(b"{") => broken("is JSON of no known kind"),
        (None, None) => format!("is no coverage report that is known; {read}"),
    }
}
