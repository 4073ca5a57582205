//! Puts what was seen into a report.

use std::fmt::Write as _;

use tollgate_check::{Checker as _, Context};
use tollgate_input::Digest;
use tollgate_model::{Cause, Problem, Report, Status, Word, format};

use crate::asset::Asset;
use crate::measure::{ENGINE, TOLERANCE, UNASKED_BYTES};
use crate::walk::Listing;
use crate::{Bundle, Encoding, exhibits, findings, numbers};
use tollgate_check::Globs;

/// How many problems are listed one by one.
const MOST_PROBLEMS: usize = 100;

/// How many names a note lists.
const MOST_NAMED: usize = 5;

/// What was seen of one build folder.
pub(crate) struct Measured<'a> {
    /// Relative to the root.
    pub(crate) dir: &'a str,
    /// What lies in it.
    pub(crate) listing: Listing,
    /// What `bundle.total` and `bundle.size` count.
    pub(crate) encoding: Encoding,
    /// Whether files were read.
    pub(crate) with_gzip: bool,
    /// What was left out.
    pub(crate) exclude: &'a Globs,
}

/// The report about `build`, its evidence recorded.
pub(crate) fn report(ctx: &Context<'_>, build: &Measured<'_>) -> Report {
    let mut report = ctx.report(Bundle::NAME, Bundle::VERSION, Word::OwnRun);
    let (dir, listing) = (build.dir, &build.listing);
    ctx.record("directory", dir, digest(&listing.assets), Some(listing.assets.len() as u64));
    report.problems = bounded(dir, listing.problems.clone());
    report.definition = format!("encoding {}", build.encoding.word());
    report.status = if !report.problems.is_empty() {
        Status::Incomplete
    } else if let Some(problem) = nothing(build) {
        report.problems.push(problem);
        Status::Empty
    } else {
        Status::Complete
    };
    let (found, left_out) = findings::findings(dir, listing);
    report.findings = found;
    report.notes = notes(build);
    report.notes.extend(left_out);
    if report.status != Status::Empty && !listing.assets.is_empty() {
        report.metrics = numbers::metrics(&listing.assets, build.encoding);
        report.exhibits = exhibits::exhibits(dir, &listing.assets, build.encoding);
    }
    report
}

/// Why there is nothing to measure, if so.
fn nothing(build: &Measured<'_>) -> Option<Problem> {
    let (dir, listing) = (build.dir, &build.listing);
    let why = match (listing.assets.len() as u64, listing.excluded.len() as u64) {
        (0, 0) => "is empty".to_owned(),
        (0, n) => format!("holds nothing but {} left out by `exclude`", format::things(n, "file")),
        (n, _) if listing.assets.iter().all(|asset| asset.raw == 0) => {
            format!("holds nothing but {} of 0 bytes", format::things(n, "file"))
        }
        _ => return None,
    };
    let message = format!("{dir}: {why}; build first, or name the folder with `dir`");
    Some(Problem::new(Cause::NoEvidence, message).at(dir))
}

fn notes(build: &Measured<'_>) -> Vec<String> {
    let listing = &build.listing;
    let mut notes = Vec::new();
    if listing.assets.iter().any(|asset| asset.raw > 0) {
        let (dir, encoding) = (build.dir, build.encoding.word());
        notes.push(format!("measured {dir}: bundle.total and bundle.size count {encoding} bytes"));
    }
    if listing.assets.iter().any(|asset| asset.gzip().is_some()) {
        notes.push(format!("gzip sizes are those of {ENGINE}; {TOLERANCE}"));
    }
    if !build.with_gzip {
        notes.push(format!(
            "gzip is not measured: the build weighs more than {} and no condition names bundle.gzip",
            format::short_bytes(UNASKED_BYTES)
        ));
    }
    if !listing.excluded.is_empty() {
        let size = format::short_bytes(listing.excluded.iter().map(|(_, size)| size).sum());
        let files = format::things(listing.excluded.len() as u64, "file");
        notes.push(format!("{files} ({size}) left out by `exclude`: {}", build.exclude.patterns().join(", ")));
    }
    if !listing.repeated.is_empty() {
        let links = format::things(listing.repeated.len() as u64, "symbolic link");
        notes.push(format!("{links} to what is counted under another path: {}", handful(&listing.repeated)));
    }
    if !listing.odd_names.is_empty() {
        let names = format::things(listing.odd_names.len() as u64, "name");
        notes.push(format!("{names} not in UTF-8, other bytes written \\xNN: {}", handful(&listing.odd_names)));
    }
    let files = listing.assets.len();
    if files > numbers::MOST_FILES {
        let (most, files) = (format::count(numbers::MOST_FILES as u64), format::count(files as u64));
        notes.push(format!("only the {most} largest of {files} files have a series of their own; totals count all"));
    }
    notes
}

fn handful(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `problems`, sorted, the rest of a long list in one.
fn bounded(dir: &str, mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    if more > 0 {
        problems.truncate(MOST_PROBLEMS);
        problems.push(Problem::new(Cause::Unfinished, format!("{dir}: {more} more such problems")).at(dir));
    }
    problems
}

/// Over path, size and, where the file was read, digest of each of `assets`, sorted by path.
fn digest(assets: &[Asset]) -> Digest {
    let mut text = String::new();
    for asset in assets {
        let content = asset.read.as_ref().map_or("-", |reading| reading.blake3.as_str());
        let _ = writeln!(text, "{}\0{}\0{content}", asset.path, asset.raw);
    }
    Digest { bytes: assets.iter().map(|asset| asset.raw).sum(), ..Digest::of(text.as_bytes()) }
}
