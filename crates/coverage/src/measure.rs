//! All reports together: what is known about each file of the tree.

use std::borrow::Cow;
use std::io::Cursor;

use tollgate_check::{CheckError, Context, Globs};
use tollgate_input::{InputError, Source};
use tollgate_model::{Cause, Finding, Fingerprinter, Location, Problem, Report, format};

use crate::blocks::Blocks;
use crate::checker::RULES;
use crate::declared;
use crate::formats;
use crate::reading::{FileCoverage, Malformed, Oddities, Reading, shown};
use crate::resolve::{Place, resolve};

/// The largest report that is read, bytes.
const LARGEST: u64 = 2 << 30;

/// The largest report in UTF-16 that is read, bytes; it is recoded in memory.
const LARGEST_UTF16: u64 = 64 << 20;

/// How many paths a message names.
const NAMED: usize = 3;

/// How many paths a table lists.
const LISTED: usize = 50;

/// What is known about the files of the tree.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Files that count, by path.
    pub(crate) files: Vec<(String, FileCoverage)>,
    /// Paths of reports that match no file, as `(report, path)`; some of them.
    pub(crate) unmatched: Vec<(String, String)>,
    /// How many there are.
    pub(crate) unmatched_count: u64,
    /// How many files were named and do not count.
    pub(crate) excluded: u64,
    /// How many reports were read.
    pub(crate) reports: u64,
}

impl Measured {
    /// What is known about the file at `path`.
    pub(crate) fn file(&self, path: &str) -> Option<&FileCoverage> {
        let found = self.files.binary_search_by(|(file, _)| file.as_str().cmp(path));
        found.ok().map(|at| &self.files[at].1)
    }
}

/// Reads `reports`; one that is bad becomes a problem of `report`, and the others count.
///
/// # Errors
/// When the tree cannot be read.
pub(crate) fn measure<'a>(
    ctx: &Context<'_>,
    reports: impl Iterator<Item = &'a str>,
    exclude: &Globs,
    report: &mut Report,
) -> Result<Measured, CheckError> {
    let mut measured = Measured::default();
    for path in reports {
        match read(ctx, path) {
            Ok(reading) => {
                measured.reports += 1;
                add(ctx, path, reading, exclude, &mut measured, report)?;
            }
            Err(problem) => report.problems.push(problem),
        }
    }
    let files = &mut measured.files;
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    files.dedup_by(|(path, coverage), (kept, all)| {
        let same = path == kept;
        if same {
            all.merge(coverage);
        }
        same
    });
    Ok(measured)
}

/// Reads the report at `path` and records it.
fn read(ctx: &Context<'_>, path: &str) -> Result<Reading, Problem> {
    let problem = |error: InputError| error.problem();
    let mut blocks = Blocks::new(ctx.open(path, LARGEST).map_err(problem)?).map_err(problem)?;
    let mut recoded = None;
    if matches!(blocks.head(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
        let (bytes, digest) = ctx.open(path, LARGEST_UTF16).and_then(Source::read_all).map_err(problem)?;
        let text = tollgate_input::utf8(&bytes).into_owned().into_bytes();
        blocks = Blocks::new(Source::new(path, Box::new(Cursor::new(text)), u64::MAX)).map_err(problem)?;
        recoded = Some(digest);
    }
    let reading = read_blocks(&mut blocks)?;
    ctx.record("file", path, recoded.unwrap_or_else(|| blocks.digest()), Some(reading.len() as u64));
    Ok(reading)
}

/// Reads a report of any format.
pub(crate) fn read_blocks(blocks: &mut Blocks) -> Result<Reading, Problem> {
    let format = formats::detect(blocks.head()).map_err(|message| {
        let empty = blocks.head().trim_ascii().is_empty();
        let cause = if empty { Cause::NoEvidence } else { Cause::Unreadable };
        Problem::new(cause, format!("{}: {message}", blocks.path())).at(blocks.path())
    })?;
    let reading = (format.read)(blocks).map_err(|error| error.problem())?;
    if reading.is_empty() {
        let message = format!("{}: names no file; run the tests with coverage again", blocks.path());
        return Err(Problem::new(Cause::NoEvidence, message).at(blocks.path()));
    }
    Ok(reading)
}

/// Adds what the report at `path` says.
fn add(
    ctx: &Context<'_>,
    path: &str,
    mut reading: Reading,
    exclude: &Globs,
    measured: &mut Measured,
    report: &mut Report,
) -> Result<(), CheckError> {
    report.findings.extend(declared::finding(path, &reading.disagreements, reading.len() as u64));
    report.notes.extend(oddities(path, reading.oddities));

    let (names, coverages): (Vec<String>, Vec<FileCoverage>) = reading
        .take_files()
        .into_iter()
        .map(|(name, coverage)| match forward(&name) {
            Cow::Borrowed(_) => (name, coverage),
            Cow::Owned(turned) => (turned, coverage),
        })
        .unzip();
    let places = resolve(ctx, path, &names)?;
    let changes = ctx.changes().ok();
    let changed = |file: &str| changes.and_then(|c| c.file(file)).is_some_and(|change| !change.added.is_empty());
    let mut paths = Paths::default();
    for ((name, coverage), place) in names.into_iter().zip(coverages).zip(places) {
        match place {
            Place::File(file) if exclude.matches(&file) => paths.excluded += 1,
            _ if exclude.matches(&name) => paths.excluded += 1,
            Place::File(file) => {
                paths.counted += 1;
                if coverage.totals_only {
                    paths.totals_only.add(&file);
                }
                paths.lines |= coverage.lines.last().is_some();
                paths.changed += u64::from(changed(&file));
                measured.files.push((file, coverage));
            }
            Place::Outside => paths.outside.add(&name),
            Place::Nowhere => paths.nowhere.add(&name),
        }
    }

    if paths.changed > 0 && changes.is_some_and(|c| c.file(path).is_none()) && ctx.tree().tracks(path)? {
        report.findings.push(stale(path, paths.changed));
    }
    let problems = malformed(&reading.malformed).into_iter().chain(paths.problems());
    report.problems.extend(problems.map(|(cause, text)| Problem::new(cause, format!("{path}{text}")).at(path)));
    measured.excluded += paths.excluded;
    measured.unmatched_count += paths.nowhere.count;
    let room = LISTED.saturating_sub(measured.unmatched.len());
    measured.unmatched.extend(paths.nowhere.some.into_iter().take(room).map(|name| (path.to_owned(), name)));
    Ok(())
}

/// The finding on a committed report that is the base's, though `changed` files that it measures are not.
fn stale(path: &str, changed: u64) -> Finding {
    const RULE: &str = "coverage/stale-report";
    let files = format::things(changed, "file");
    let message =
        format!("The report is the base's, though {files} that it measures changed; its lines may be others.");
    let fingerprint = Fingerprinter::default().next(RULE, path, "");
    Finding::of(&RULES, RULE, message, Location::file(path), fingerprint)
}

/// The problem of records that make no sense, without the report's path.
fn malformed(malformed: &Malformed) -> Option<(Cause, String)> {
    let (line, message) = malformed.first.as_ref()?;
    let more = match malformed.count {
        1 => "this record was not counted".to_owned(),
        count => format!("this and {} were not counted", format::things(count - 1, "other record")),
    };
    Some((Cause::Unreadable, format!(":{line}: {message}; {more}; write the report again")))
}

/// What became of the paths of one report.
#[derive(Default)]
struct Paths {
    counted: u64,
    excluded: u64,
    outside: Names,
    nowhere: Names,
    totals_only: Names,
    /// Whether any file that counts has a line that can be covered.
    lines: bool,
    /// How many files that count are touched by the change.
    changed: u64,
}

impl Paths {
    /// What is wrong with them, without the report's path.
    fn problems(&self) -> Vec<(Cause, String)> {
        let mut problems = Vec::new();
        if self.outside.count > 0 {
            let text = format!(
                ": {} outside the checked folder, matching no file in it: {}; correct the paths or add them to \
                 coverage.exclude",
                format::things(self.outside.count, "path"),
                self.outside.names()
            );
            problems.push((Cause::Unreadable, text));
        }
        if self.counted == 0 && self.excluded > 0 {
            problems.push((Cause::NoEvidence, ": every file it names is left out by coverage.exclude".to_owned()));
        } else if self.counted == 0 && self.nowhere.count > 0 {
            let text = format!(
                ": none of its {} is a file here: {}; was it written for another folder or commit?",
                format::things(self.nowhere.count, "path"),
                self.nowhere.names()
            );
            problems.push((Cause::NoEvidence, text));
        }
        if self.counted > 0 && !self.lines && self.totals_only.count == 0 {
            let text = ": names no line that can be covered; run the tests with coverage again".to_owned();
            problems.push((Cause::NoEvidence, text));
        }
        if self.totals_only.count > 0 {
            let text = format!(
                ": declares totals for {} without listing lines: {}; totals alone are not believed, so write the report \
                 with its line records (DA)",
                format::things(self.totals_only.count, "file"),
                self.totals_only.names()
            );
            problems.push((Cause::NoEvidence, text));
        }
        problems
    }
}

/// A report's path with forward slashes.
fn forward(path: &str) -> Cow<'_, str> {
    if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}

/// How many paths there are, and some of them.
#[derive(Default)]
struct Names {
    count: u64,
    some: Vec<String>,
}

impl Names {
    fn add(&mut self, path: &str) {
        self.count += 1;
        if self.some.len() < LISTED {
            self.some.push(shown(path));
        }
    }

    fn names(&self) -> String {
        some_names(&self.some, self.count)
    }
}

/// A few of `count` names for a message, and how many more there are.
pub(crate) fn some_names(names: &[impl AsRef<str>], count: u64) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    match count.saturating_sub(shown.len() as u64) {
        0 => shown.join(", "),
        more => format!("{} and {} more", shown.join(", "), format::count(more)),
    }
}

/// One note on what was passed over in the report at `path`.
fn oddities(path: &str, oddities: Oddities) -> Option<String> {
    let parts: Vec<String> = [
        (oddities.negative, "count", "below 0 taken for 0"),
        (oddities.undefined, "record", "with an undefined number not counted as hit"),
        (oddities.line_zero, "record", "about line 0 or below skipped"),
        (oddities.unknown, "line", "of unknown kind skipped"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, thing, what)| format!("{} {what}", format::things(count, thing)))
    .collect();
    (!parts.is_empty()).then(|| format!("{path}: {}", parts.join(", ")))
}
