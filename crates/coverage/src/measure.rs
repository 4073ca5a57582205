//! All reports together: what is known about each file of the tree.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use tollgate_check::paths::is_in;
use tollgate_check::{CheckError, Context};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Problem, Report, format};

use crate::declared;
use crate::file_coverage::FileCoverage;
use crate::formats::{self, FORMATS, FormatAt};
use crate::oddities::Malformed;
use crate::paths::{LISTED, Paths, some_names};
use crate::reading::{Reading, shown};
use crate::resolve::{Mappings, Place, Resolver, Written, package_of};
use crate::scope::Scope;
use crate::stale::Staleness;
use crate::tally::File;

/// The largest report that is read, bytes.
const LARGEST: u64 = 2 << 30;

/// The longest line or value that is read in one piece, bytes. Names of instantiated templates run to tens of thousands.
const LONGEST: usize = 1 << 20;

/// What is known about the files of the tree.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Files that count, by path.
    pub(crate) files: Vec<File>,
    /// Paths of reports that match no file, as `(report, path)`; some of them.
    pub(crate) unmatched: Vec<(String, String)>,
    /// How many there are.
    pub(crate) unmatched_count: u64,
    /// How many files were named and do not count.
    pub(crate) excluded: u64,
    /// The reports that were read.
    pub(crate) reports: Vec<ReportRead>,
}

impl Measured {
    /// What is known about the file at `path`.
    pub(crate) fn file(&self, path: &str) -> Option<&FileCoverage> {
        let found = self.files.binary_search_by(|(file, _)| file.as_str().cmp(path));
        found.ok().map(|at| &self.files[at].1)
    }

    /// Whether a report names a file in `folder`.
    pub(crate) fn has_file_in(&self, folder: &str) -> bool {
        let first = self.files.partition_point(|(file, _)| file.as_str() < folder);
        let mut near =
            self.files[first..].iter().map(|(file, _)| file.as_str()).take_while(|file| file.starts_with(folder));
        near.any(|file| is_in(file, folder))
    }

    /// A note on the paths of reports that match no file; none where all do.
    pub(crate) fn without_a_file(&self) -> Option<String> {
        let names: Vec<&str> = self.unmatched.iter().map(|(_, path)| path.as_str()).collect();
        let (what, names) = (format::things(self.unmatched_count, "path"), some_names(&names, self.unmatched_count));
        (self.unmatched_count > 0).then(|| format!("{what} of reports without a file here, not counted: {names}"))
    }
}

/// One report that was read, for the table of reports.
#[derive(Debug)]
pub(crate) struct ReportRead {
    /// Its path.
    pub(crate) path: String,
    /// Name of its format.
    pub(crate) format: &'static str,
    /// How many files it names, and how many of them are files here, left-out ones included.
    pub(crate) named: u64,
    /// See `named`.
    pub(crate) matched: u64,
    /// What its paths matched by, each with how many.
    pub(crate) ways: Vec<(String, u64)>,
    /// Whether it lists no line.
    pub(crate) totals_only: bool,
}

/// Reads `reports`; one that is bad becomes a problem of `report`, and the others count.
///
/// # Errors
/// When the tree cannot be read.
pub(crate) fn measure<'a>(
    ctx: &Context<'_>,
    reports: impl Iterator<Item = &'a str>,
    scope: &Scope,
    mappings: Mappings,
    report: &mut Report,
) -> Result<Measured, CheckError> {
    let mut measured = Measured::default();
    let mut resolver = Resolver::new(ctx, mappings);
    let staleness = Staleness::new(ctx);
    let mut by_format: BTreeMap<FormatAt, Shards> = BTreeMap::new();
    for path in reports {
        match read(ctx, path) {
            Ok((format, reading)) => {
                let shards = by_format.entry(format).or_default();
                let mut one = Adding { ctx, path, scope, staleness: &staleness, measured: &mut measured, report };
                one.add(format, reading, &mut resolver, &mut shards.files)?;
                shards.settle();
            }
            Err(problem) => report.problems.push(problem),
        }
    }
    // Reports of one format name branches alike, so they are united before they meet those of others.
    let mut of_formats = by_format.into_values().map(|shards| shards.files);
    measured.files = of_formats.next().unwrap_or_default();
    unite(&mut measured.files);
    for mut files in of_formats {
        unite(&mut files);
        measured.files.append(&mut files);
        unite(&mut measured.files);
    }
    Ok(measured)
}

/// What the reports of one format say.
#[derive(Default)]
struct Shards {
    files: Vec<File>,
    /// How many files there may be before those of one path are put together.
    room: usize,
}

impl Shards {
    /// Many shards of one project hold no more than the project.
    fn settle(&mut self) {
        if self.files.len() > self.room {
            unite(&mut self.files);
            self.room = self.files.len() * 2;
        }
    }
}

/// Puts together what is said of one file, in order of the paths.
fn unite(files: &mut Vec<File>) {
    if files.is_sorted_by(|(a, _), (b, _)| a < b) {
        return;
    }
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    files.dedup_by(|(path, coverage), (kept, all)| {
        let same = path == kept;
        if same {
            all.merge(coverage);
        }
        same
    });
}

/// Reads the report at `path` and records it.
fn read(ctx: &Context<'_>, path: &str) -> Result<(FormatAt, Reading), Problem> {
    let window = open(ctx, path, LONGEST).map_err(|error| error.problem())?;
    let (format, reading, digest) = read_window(window)?;
    ctx.record("file", path, digest, Some(reading.len() as u64));
    Ok((format, reading))
}

/// The report at `path`, of which one line or value has at most `longest` bytes.
pub(crate) fn open(ctx: &Context<'_>, path: &str, longest: usize) -> Result<Window, InputError> {
    ctx.root().window(path, LARGEST, longest)
}

/// Reads a report of any format: which one it is, what it says, and the digest of all of it.
pub(crate) fn read_window(mut window: Window) -> Result<(FormatAt, Reading, Digest), Problem> {
    let path = window.path().to_owned();
    let format = loop {
        let message = match formats::detect(window.bytes()) {
            Ok(format) => break format,
            Err(message) => message,
        };
        // Comments, or a value that is not counted, may stand before what tells.
        if !window.more().unwrap_or(false) {
            let empty = window.bytes().trim_ascii().is_empty();
            let cause = if empty { Cause::NoEvidence } else { Cause::Unreadable };
            return Err(Problem::new(cause, format!("{path}: {message}")).at(&path));
        }
    };
    let (reading, digest) = (FORMATS[format].read)(window).map_err(|error| error.problem())?;
    if reading.is_empty() && reading.malformed.count == 0 {
        let message = format!("{path}: {} that names no file; run the tests with coverage again", FORMATS[format].name);
        return Err(Problem::new(Cause::NoEvidence, message).at(&path));
    }
    Ok((format, reading, digest))
}

/// What one report adds.
struct Adding<'a, 'b, 'c> {
    ctx: &'a Context<'c>,
    path: &'a str,
    scope: &'a Scope,
    staleness: &'a Staleness<'b, 'c>,
    measured: &'a mut Measured,
    report: &'a mut Report,
}

impl Adding<'_, '_, '_> {
    fn add(
        &mut self,
        format: FormatAt,
        mut reading: Reading,
        resolver: &mut Resolver<'_, '_>,
        files: &mut Vec<File>,
    ) -> Result<(), CheckError> {
        let path = self.path;
        self.report.findings.extend(declared::finding(path, &reading.disagreements, reading.len() as u64));
        self.report.notes.extend(reading.oddities.note().map(|note| format!("{path}: {note}")));
        self.report.notes.extend(reading.notes.iter().map(|note| format!("{path}: {note}")));

        let totals_only = reading.is_totals_only();
        let mut named = reading.take_files();
        for (name, _) in &mut named {
            if let Cow::Owned(turned) = forward(name) {
                *name = turned;
            }
        }
        let names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
        let written = Written { report: path, paths: &names, style: reading.style, roots: &reading.roots };
        let resolved = resolver.resolve(&written)?;
        let mut paths = Paths { format, keys: self.scope.keys(), ..Paths::default() };
        let mut read = ReportRead {
            path: path.to_owned(),
            format: FORMATS[format].name,
            named: named.len() as u64,
            matched: 0,
            ways: resolved.ways,
            totals_only,
        };
        let mut places = resolved.places.into_iter();
        let package = if self.staleness.renames().is_empty() { "" } else { package_of(self.ctx, path)? };
        // In place: there may be a great many.
        named.retain_mut(|(name, coverage)| {
            let place = places.next().unwrap_or(Place::Nowhere);
            read.matched += u64::from(place.is_file());
            if let Place::File(file) = place {
                *name = file;
            } else if place != Place::Same && !self.scope.excludes(name) {
                let new = match place {
                    Place::Outside | Place::Nowhere => self.staleness.new_name(package, name),
                    _ => None,
                };
                match place {
                    Place::Outside if new.is_none() => paths.outside.add(name),
                    Place::Beside => paths.beside.add(name),
                    Place::Several(which) => paths.several.add(&format!("{name} ({})", which.join(" or "))),
                    _ => {
                        paths.lost += coverage.line_counts().1;
                        paths.nowhere.add(name);
                        paths.renamed.extend(new.map(|new| (shown(name), new.to_owned())));
                    }
                }
                return false;
            }
            if !self.scope.counts(name) {
                paths.excluded += 1;
                return false;
            }
            paths.counted += 1;
            if coverage.is_unlisted() {
                paths.unlisted.add(name);
            }
            paths.lines += coverage.line_counts().1;
            paths.statements |= coverage.statement_counts().1 > 0;
            true
        });
        if !paths.renamed.is_empty() {
            let known: BTreeSet<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
            paths.renamed.retain(|(_, new)| !known.contains(new.as_str()));
        }
        self.report.findings.extend(self.staleness.of_coverage(path, &named)?);
        if files.is_empty() {
            *files = named;
        } else {
            files.append(&mut named);
        }
        self.measured.reports.push(read);
        self.close(&reading.malformed, paths);
        Ok(())
    }

    /// Says what became of the paths.
    fn close(&mut self, broken: &Malformed, paths: Paths) {
        let (path, report, measured) = (self.path, &mut *self.report, &mut *self.measured);
        let problems = broken.problem().into_iter().chain(paths.problems());
        report.problems.extend(problems.map(|(cause, text)| Problem::new(cause, format!("{path}{text}")).at(path)));
        if paths.beside.count > 0 {
            let files = format::things(paths.beside.count, "file");
            report.notes.push(format!("{path}: {files} of the repository beside the checked folder, not counted"));
        }
        measured.excluded += paths.excluded;
        measured.unmatched_count += paths.nowhere.count;
        let room = LISTED.saturating_sub(measured.unmatched.len());
        measured.unmatched.extend(paths.nowhere.some.into_iter().take(room).map(|name| (path.to_owned(), name)));
    }
}

/// A report's path with forward slashes.
fn forward(path: &str) -> Cow<'_, str> {
    if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}
