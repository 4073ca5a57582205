//! Puts what was seen into a report.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tollgate_check::{Checker as _, Context, Globs};
use tollgate_input::Digest;
use tollgate_model::{Cause, Problem, Report, Status, Word, format};

use crate::asset::Asset;
use crate::compare;
use crate::engine::{Engine, GZIP_TOLERANCE};
use crate::look::Seen;
use crate::need::UNASKED_BYTES;
use crate::options::Group;
use crate::run::{Base, Compared};
use crate::series::MOST_FILES;
use crate::{Bundle, Encoding, exhibits, findings, numbers};

/// How many problems are listed one by one.
const MOST_PROBLEMS: usize = 100;

/// How many names a note lists.
const MOST_NAMED: usize = 5;

/// What was seen of one build folder.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    /// The build.
    pub(crate) seen: &'a Seen,
    /// What metrics without an encoding in their name count.
    pub(crate) encoding: Encoding,
    /// What was left out.
    pub(crate) exclude: &'a Globs,
    /// The groups that the configuration names.
    pub(crate) groups: &'a [Group],
    /// By how much files grew against the base, by position.
    pub(crate) growth: &'a BTreeMap<usize, u64>,
}

/// The report about the build, its evidence recorded.
pub(crate) fn report(ctx: &Context<'_>, found: &Found<'_>) -> Report {
    let (dir, listing) = (found.seen.dir.as_str(), &found.seen.listing);
    ctx.record("directory", dir, digest(&listing.assets), Some(listing.assets.len() as u64));
    let mut report = bare(ctx, found);
    report.notes = notes(found);
    let (all, left_out) = findings::findings(dir, listing);
    report.findings = all;
    report.notes.extend(left_out);
    if !report.metrics.is_empty() {
        report.exhibits = exhibits::exhibits(dir, &listing.assets, found.seen.account.as_ref(), found.encoding);
    }
    report
}

/// The report about the base's build, `head` being this one's.
pub(crate) fn of_base(ctx: &Context<'_>, base: Base<'_>, head: &Found<'_>) -> Report {
    match base {
        Ok(seen) => {
            let found = Found { seen, growth: &BTreeMap::new(), ..*head };
            let mut report = bare(ctx, &found);
            report.findings = findings::findings(&head.seen.dir, &seen.listing).0;
            report
        }
        Err(problem) => {
            let mut report = ctx.report(Bundle::NAME, Bundle::VERSION, Word::OwnRun);
            report.definition = definition(head.encoding);
            report.problems = vec![problem.clone()];
            report
        }
    }
}

/// Status, problems and numbers.
fn bare(ctx: &Context<'_>, found: &Found<'_>) -> Report {
    let Seen { dir, listing, account, series, names } = found.seen;
    let mut report = ctx.report(Bundle::NAME, Bundle::VERSION, Word::OwnRun);
    let told = account.iter().flat_map(|account| account.problems.iter().cloned());
    report.problems = bounded(dir, listing.problems.iter().cloned().chain(told).chain(unmatched(found)).collect());
    report.definition = definition(found.encoding);
    report.status = if let Some(problem) = nothing(found) {
        report.problems.push(problem);
        Status::Empty
    } else if report.problems.is_empty() {
        Status::Complete
    } else {
        Status::Incomplete
    };
    if report.status != Status::Empty {
        report.metrics = numbers::metrics(&listing.assets, names, series, found.encoding, found.growth);
    }
    report
}

/// What the numbers mean.
pub(crate) fn definition(encoding: Encoding) -> String {
    match encoding.engine() {
        None => format!("encoding {}", encoding.word()),
        Some(engine) => format!("encoding {} ({})", encoding.word(), engine.name()),
    }
}

/// Adds what differs from the base, or why that cannot be told.
pub(crate) fn compared(report: &mut Report, compared: Compared, encoding: Encoding) {
    match compared {
        // What is not whole says nothing of what grew.
        Some(Ok(_)) if report.status != Status::Complete => {}
        Some(Ok(comparison)) => {
            report.headline = Some(compare::headline(&comparison, encoding));
            report.exhibits.splice(0..0, compare::exhibits(&comparison, encoding));
            if comparison.floor > 0 {
                let floor = format::short_bytes(comparison.floor);
                report.notes.push(format!("files below {floor} were not compared with the base one by one"));
            }
        }
        Some(Err(because)) => report.notes.push(format!("not compared with the base: {because}")),
        None => {}
    }
}

/// Why there is nothing to measure, if so.
fn nothing(found: &Found<'_>) -> Option<Problem> {
    let Seen { dir, listing, .. } = found.seen;
    let why = match (listing.assets.len() as u64, listing.excluded.len() as u64) {
        (0, _) if !listing.problems.is_empty() => return None,
        (0, 0) => "is empty".to_owned(),
        (0, n) => format!("holds nothing but {} left out by `exclude`", format::things(n, "file")),
        (n, _) if listing.assets.iter().all(|asset| asset.raw == 0) => {
            format!("holds nothing but {} of 0 bytes", format::things(n, "file"))
        }
        _ => return None,
    };
    let message = format!("{dir}: {why}; build first, or name the folder with `dir`");
    Some(Problem::new(Cause::NoEvidence, message).at(dir.as_str()))
}

/// Groups of the configuration that no file is in.
fn unmatched<'a>(found: &'a Found<'_>) -> impl Iterator<Item = Problem> + 'a {
    let dir = &found.seen.dir;
    let empty = found.groups.iter().filter(|group| group.members(&found.seen.listing.assets).is_empty());
    empty.map(move |group| {
        let (name, globs) = (&group.name, group.words());
        let message =
            format!("{dir}: bundle.files {name:?} matches no file ({globs}); name files of the build, or remove it");
        Problem::new(Cause::NoEvidence, message).at(dir.as_str())
    })
}

fn notes(found: &Found<'_>) -> Vec<String> {
    let Seen { dir, listing, account, names, .. } = found.seen;
    let mut notes = Vec::new();
    if listing.assets.iter().any(|asset| asset.raw > 0) {
        let loads = account.as_ref().map(|account| format!(", first loads are told by {}", account.bundler));
        notes.push(format!("measured {dir}: sizes count {} bytes{}", found.encoding.word(), loads.unwrap_or_default()));
    }
    notes.extend(account.iter().flat_map(|account| account.notes.iter().cloned()));
    let used = |engine: Engine| listing.assets.iter().any(|asset| asset.packed.contains_key(&engine));
    if used(Engine::Gzip) {
        notes.push(format!("gzip sizes are those of {}; {GZIP_TOLERANCE}", Engine::Gzip.name()));
    }
    if !used(Engine::Gzip) && found.encoding == Encoding::Raw && !listing.assets.is_empty() {
        let most = format::short_bytes(UNASKED_BYTES);
        notes.push(format!(
            "gzip was not measured: the build weighs more than {most} and no condition names bundle.gzip"
        ));
    }
    if used(Engine::Brotli) {
        notes.push(format!("brotli sizes are those of {}, byte for byte what Node gives", Engine::Brotli.name()));
    }
    let bounded = Engine::ALL.into_iter().filter(|engine| {
        listing.assets.iter().any(|asset| asset.packed.get(engine).is_some_and(|size| !size.is_exact()))
    });
    for engine in bounded {
        let word = engine.word();
        notes
            .push(format!("not everything was compressed with {word}: the size on the disk already meets every limit"));
    }
    if !listing.excluded.is_empty() {
        let size = format::short_bytes(listing.excluded.iter().map(|(_, size)| size).sum());
        let files = format::things(listing.excluded.len() as u64, "file");
        notes.push(format!("{files} ({size}) left out by `exclude`: {}", found.exclude.patterns().join(", ")));
    }
    if !listing.manifests.is_empty() {
        let names: Vec<String> = listing.manifests.iter().map(|(path, _)| path.clone()).collect();
        notes.push(format!("not counted, since no browser asks for it: {}", handful(&names)));
    }
    if !listing.repeated.is_empty() {
        let links = format::things(listing.repeated.len() as u64, "symbolic link");
        notes.push(format!("{links} to what is counted under another path: {}", handful(&listing.repeated)));
    }
    if !listing.odd_names.is_empty() {
        let odd = format::things(listing.odd_names.len() as u64, "name");
        notes.push(format!("{odd} not in UTF-8, other bytes written \\xNN: {}", handful(&listing.odd_names)));
    }
    if !names.shared.is_empty() {
        let files = format::things(names.shared.iter().map(|(_, count)| *count as u64).sum(), "file");
        let shared: Vec<String> = names.shared.iter().map(|(name, count)| format!("{name} ({count})")).collect();
        notes.push(format!(
            "{files} keep their hash as part of their name, which says too little without it: {}",
            handful(&shared)
        ));
    }
    let files = listing.assets.len();
    if files > MOST_FILES {
        let (most, files) = (format::count(MOST_FILES as u64), format::count(files as u64));
        notes.push(format!("only the {most} largest of {files} files have a series of their own; totals count all"));
    }
    notes
}

fn handful(names: &[String]) -> String {
    format::few(&names[..names.len().min(MOST_NAMED)], names.len())
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
        let content = asset.blake3.as_deref().unwrap_or("-");
        let _ = writeln!(text, "{}\0{}\0{content}", asset.path, asset.raw);
    }
    Digest { bytes: assets.iter().map(|asset| asset.raw).sum(), ..Digest::of(text.as_bytes()) }
}
