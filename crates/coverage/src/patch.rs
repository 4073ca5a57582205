//! Coverage of what a change adds.

use std::collections::BTreeSet;

use tollgate_check::{ChangeKind, ChangedFile, Changes, CheckError, Context, Globs, LineRange};
use tollgate_input::{LineIndex, utf8};
use tollgate_model::{Cause, Finding, Fingerprinter, Location, Metric, NotApplicable, Problem, Report, format};

use crate::checker::RULES;
use crate::file_coverage::FileCoverage;
use crate::measure::Measured;
use crate::paths::some_names;
use crate::scope::Scope;
use crate::selection::{Chooser, Selection};
use crate::source::{Sources, spared_folder};
use crate::tally;

const METRIC: &str = "coverage.patch";
const UNCOVERED: &str = "coverage/uncovered-lines";
const PARTIAL: &str = "coverage/partial-branches";

/// The largest source file that is read, bytes.
const LARGEST_SOURCE: u64 = 32 << 20;

/// How many findings are reported.
const MOST_FINDINGS: usize = 5000;

/// New lines of one changed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PatchFile {
    /// Its path.
    pub(crate) path: String,
    /// New lines that were hit.
    pub(crate) covered: u64,
    /// New lines that can be covered.
    pub(crate) total: u64,
    /// New lines of which no report says whether they can be covered.
    pub(crate) untold: u64,
    /// Runs of new lines that were not hit, each with how many lines of it can be covered.
    pub(crate) missing: Vec<(LineRange, u64)>,
}

/// What a change adds, as far as reports tell.
#[derive(Debug, Default)]
pub(crate) struct Patch {
    /// Changed files with new lines that can be covered, or might be; by path.
    pub(crate) files: Vec<PatchFile>,
    /// Added source files that no report names line by line.
    pub(crate) unreported_new: bool,
    /// Which files are source code.
    sources: Sources,
}

/// What of a change does not count.
pub(crate) struct Spared<'a> {
    /// Which files count.
    pub(crate) scope: &'a Scope,
    /// Folders that are known to have no tests, so that no report names their files.
    pub(crate) untested: &'a Globs,
    /// Fewest new lines that a figure is given for.
    pub(crate) smallest: u64,
}

/// Looks at every changed file and adds findings, and problems where a report does not fit the file.
pub(crate) fn examine(
    ctx: &Context<'_>,
    changes: &dyn Changes,
    measured: &Measured,
    spared: &Spared<'_>,
    report: &mut Report,
) -> Result<Patch, CheckError> {
    let sources = Sources::new(measured.files.iter().map(|(path, _)| path.as_str()));
    let mut patch = Patch { sources, ..Patch::default() };
    let (mut generated, mut elsewhere) = (Vec::new(), Vec::new());
    let of_others = |change: &&ChangedFile| !spared.scope.includes(&change.path) && has_new(change);
    elsewhere.extend(changes.files().iter().filter(of_others).map(|change| change.path.as_str()));
    elsewhere.retain(|path| patch.sources.contain(path) && !spared.scope.excludes(path) && !is_spared(path, measured));
    let mut findings = Findings::default();
    for change in changes.files().iter().filter(|change| is_here(change, spared.scope)) {
        let path = &change.path;
        let coverage = measured.file(path).filter(|coverage| !coverage.is_totals_only());
        // Where lines were only taken away, the report may still know them.
        if coverage.is_none() && !has_new(change) {
            continue;
        }
        if coverage.is_none() && (!is_source(ctx, path, &patch.sources) || spared.untested.matches(path)) {
            continue;
        }
        if coverage.is_none() && is_spared(path, measured) {
            generated.push(path.as_str());
            continue;
        }
        patch.unreported_new |= coverage.is_none() && change.kind == ChangeKind::Added;
        if change.binary {
            let message = format!(
                "{}: binary to git, by its content, its size or an attribute, so its new lines cannot be told; mend that, or \
                 add it to coverage.exclude",
                change.path
            );
            report.problems.push(Problem::new(Cause::NoEvidence, message).at(&change.path));
            continue;
        }
        let bytes = match ctx.tree().read(&change.path, LARGEST_SOURCE) {
            Ok(bytes) => bytes,
            Err(error) => {
                report.problems.push(error.problem());
                continue;
            }
        };
        let text = utf8(&bytes);
        let lines = LineIndex::new(&text);
        match coverage {
            Some(coverage) => match stale(change, coverage, &lines) {
                Some(problem) => report.problems.push(problem),
                None => {
                    let file = new_lines(change, coverage);
                    findings.add_lines(&file, &lines);
                    findings.add_branches(change, coverage, &lines);
                    patch.files.push(file);
                }
            },
            None => {
                let untold = added_text(change, &lines);
                patch.files.push(PatchFile { path: change.path.clone(), untold, ..PatchFile::default() });
            }
        }
    }
    patch.files.retain(|file| file.total + file.untold > 0);
    if !generated.is_empty() {
        let count = generated.len() as u64;
        report.notes.push(format!(
            "{} in folders of tests, builds or vendors, or minified, not taken for untested source: {}",
            format::things(count, "changed file"),
            some_names(&generated, count)
        ));
    }
    if !elsewhere.is_empty() {
        let count = elsewhere.len() as u64;
        let (files, names) = (format::things(count, "changed source file"), some_names(&elsewhere, count));
        report.notes.push(format!("{files} outside coverage.include: {names}"));
    }
    if findings.unlisted > 0 {
        let more = format::things(findings.unlisted, "more run");
        report.notes.push(format!("{more} of new lines, uncovered or with branches not taken, not listed as findings"));
    }
    report.findings.extend(findings.found);
    Ok(patch)
}

/// Whether tests could run the file at `path`: by its name, or by its first line where it has no extension.
fn is_source(ctx: &Context<'_>, path: &str, sources: &Sources) -> bool {
    let script = || ctx.tree().read(path, LARGEST_SOURCE).is_ok_and(|text| sources.contain_script(path, &text));
    sources.contain(path) || Sources::may_be_script(path) && script()
}

/// Findings on new lines.
#[derive(Default)]
struct Findings {
    found: Vec<Finding>,
    fingerprints: Fingerprinter,
    /// How many there are beyond [`MOST_FINDINGS`].
    unlisted: u64,
}

impl Findings {
    /// One for each run of lines that were not hit.
    fn add_lines(&mut self, file: &PatchFile, lines: &LineIndex<'_>) {
        for (run, count) in &file.missing {
            let (thing, is) = if *count == 1 { ("new line", "is") } else { ("new lines", "are") };
            let message = format!("{} {thing} {is} run by no test.", format::count(*count));
            self.add(UNCOVERED, &file.path, *run, message, lines);
        }
    }

    /// One for each line that was hit and of which a branch was not taken.
    fn add_branches(&mut self, change: &ChangedFile, coverage: &FileCoverage, lines: &LineIndex<'_>) {
        for (line, taken, all) in coverage.branches.lines().filter(|(line, ..)| change.adds(*line)) {
            let hit = coverage.lines.iter_within(line, line).any(|(_, hit)| hit);
            if hit && taken < all {
                let missed = all - taken;
                let (what, is) = match (missed, taken) {
                    (1, 0) => ("The branch".to_owned(), "is"),
                    (_, 0) => (format!("Each of the {}", format::things(all.into(), "branch")), "is"),
                    (1, _) => (format!("1 of the {}", format::things(all.into(), "branch")), "is"),
                    _ => (
                        format!("{} of the {}", format::count(missed.into()), format::things(all.into(), "branch")),
                        "are",
                    ),
                };
                let message = format!("{what} of this new line {is} taken by no test.");
                self.add(PARTIAL, &change.path, LineRange { start: line, end: line }, message, lines);
            }
        }
    }

    fn add(&mut self, rule: &str, path: &str, run: LineRange, message: String, lines: &LineIndex<'_>) {
        if self.found.len() >= MOST_FINDINGS {
            self.unlisted += 1;
            return;
        }
        let text: Vec<&str> = (run.start..=run.end).filter_map(|line| lines.line(line)).collect();
        let fingerprint = self.fingerprints.next(rule, path, &text.join("\n"));
        self.found.push(Finding::of(&RULES, rule, message, Location::lines(path, run.start, run.end), fingerprint));
    }
}

/// Whether a changed file is there, and counts. A link is no source code.
fn is_here(change: &ChangedFile, scope: &Scope) -> bool {
    change.kind != ChangeKind::Deleted && !change.link && scope.counts(&change.path)
}

/// Whether a changed file that no report names is no untested source, by its folder. A report that names another file of that folder
/// shows that it is.
fn is_spared(path: &str, measured: &Measured) -> bool {
    spared_folder(path).is_some_and(|folder| folder == path || !measured.has_file_in(folder))
}

/// Whether a changed file has new lines, or content that has none.
fn has_new(change: &ChangedFile) -> bool {
    change.binary || !change.added.is_empty()
}

/// Whether a changed file can have new lines that count.
fn concerns(change: &ChangedFile, scope: &Scope) -> bool {
    is_here(change, scope) && has_new(change)
}

/// The problem of a report that knows lines beyond the end of the file: it was written for another version of it.
fn stale(change: &ChangedFile, coverage: &FileCoverage, lines: &LineIndex<'_>) -> Option<Problem> {
    let last = coverage.lines.last().max(coverage.branches.last_line())?;
    // Editors count an empty line after the last line's end, and so do some tools.
    (last as usize > lines.len() + 1).then(|| {
        let message = format!(
            "{}: a report knows line {}, the file has {}; the report belongs to another version of the file, so run the \
             tests with coverage again",
            change.path,
            format::count(last.into()),
            format::things(lines.len() as u64, "line")
        );
        Problem::new(Cause::Unreadable, message).at(&change.path)
    })
}

/// Counts the new lines of a file that a report knows.
fn new_lines(change: &ChangedFile, coverage: &FileCoverage) -> PatchFile {
    let mut file = PatchFile { path: change.path.clone(), ..PatchFile::default() };
    for range in &change.added {
        let mut run: Option<(LineRange, u64)> = None;
        for (line, hit) in coverage.lines.iter_within(range.start, range.end) {
            file.total += 1;
            if hit {
                file.covered += 1;
                file.missing.extend(run.take());
            } else {
                let (run, count) = run.get_or_insert((LineRange { start: line, end: line }, 0));
                run.end = line;
                *count += 1;
            }
        }
        file.missing.extend(run);
    }
    file
}

/// How many new lines hold more than white space.
fn added_text(change: &ChangedFile, lines: &LineIndex<'_>) -> u64 {
    let last = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let within = change.added.iter().flat_map(|range| range.start..=range.end.min(last));
    within.filter(|line| lines.line(*line).is_some_and(|text| !text.trim().is_empty())).count() as u64
}

impl Patch {
    /// Adds the figures, or why there are none, to `report`. Of fewer than `smallest` new lines there is no figure,
    /// where every report was read.
    pub(crate) fn report(
        &self,
        changes: &dyn Changes,
        chooser: &Chooser<'_>,
        asked: &BTreeSet<Selection>,
        measured: &Measured,
        spared: &Spared<'_>,
        report: &mut Report,
    ) {
        let smallest = spared.smallest;
        self.name_untold(report);
        let whole = report.problems.is_empty();
        if self.files.is_empty() {
            report.not_applicable.extend(not_applicable(changes, spared.scope, &self.sources, whole));
        }
        let folders = tally::folders(&self.files, |file| &file.path);
        let folders = folders.into_iter().map(Selection::path);
        for selection in asked.iter().cloned().chain(folders) {
            let files: Vec<&PatchFile> = chooser.choose(&self.files, |file| &file.path, &selection).collect();
            let untold: u64 = files.iter().map(|file| file.untold).sum();
            let lines = files.iter().map(|file| file.total).sum::<u64>() + untold;
            // Where a report is missing, there may be more new lines than are known.
            if whole && !files.is_empty() && lines < smallest {
                let thing = if untold == 0 { "new coverable line" } else { "new line" };
                let because = format!(
                    "{}, fewer than the {} of coverage.smallest_patch",
                    format::things(lines, thing),
                    format::count(smallest)
                );
                report.not_applicable.push(selection.untouched(METRIC, because));
            } else if !files.is_empty() {
                report.metrics.extend(metric(&files).map(|metric| selection.label(metric)));
            } else if whole && !self.files.is_empty() && chooser.knows(&measured.files, &selection) {
                let because = format!("no coverable line of this change lies {}", selection.words());
                report.not_applicable.push(selection.untouched(METRIC, because));
            }
        }
    }

    /// Says which changed source files no report names.
    fn name_untold(&self, report: &mut Report) {
        let untold: Vec<&PatchFile> = self.files.iter().filter(|file| file.untold > 0).collect();
        if untold.is_empty() {
            return;
        }
        let names: Vec<&str> = untold.iter().map(|file| file.path.as_str()).collect();
        let lines = format::things(untold.iter().map(|file| file.untold).sum(), "new line");
        let message = format!(
            "no report tells of the lines of {} of this change ({lines}): {}; run their tests with coverage too, or say with \
             coverage.include or coverage.exclude which files the reports are about",
            format::things(names.len() as u64, "source file"),
            some_names(&names, names.len() as u64)
        );
        report.notes.push(message);
    }
}

/// The proof that no new line could be covered. Where reports could not be read (`whole` is false), only a change
/// without source code proves it.
fn not_applicable(changes: &dyn Changes, scope: &Scope, sources: &Sources, whole: bool) -> Option<NotApplicable> {
    let files = changes.files();
    let source = |change: &&ChangedFile| concerns(change, scope) && sources.contain(&change.path);
    if !whole && files.iter().any(|change| source(&change)) {
        return None;
    }
    let because = if files.is_empty() {
        "no file differs from the base".to_owned()
    } else {
        let within = if files.iter().all(|change| scope.includes(&change.path)) { "" } else { " in coverage.include" };
        format!("no coverable line{within} among {}", format::things(files.len() as u64, "changed file"))
    };
    Some(NotApplicable { what: METRIC.to_owned(), because })
}

/// The figure over `files`; none where no line can be covered. Of lines that no report tells of, any part may be.
fn metric(files: &[&PatchFile]) -> Option<Metric> {
    let sum = |count: fn(&PatchFile) -> u64| files.iter().copied().map(count).sum::<u64>();
    let (covered, total, untold) = (sum(|f| f.covered), sum(|f| f.total), sum(|f| f.untold));
    let mut runs: Vec<_> =
        files.iter().flat_map(|f| f.missing.iter().map(|(run, count)| (*count, &f.path, *run))).collect();
    runs.sort_by(|(a, ..), (b, ..)| b.cmp(a));
    let place = |(_, path, run): (u64, &String, LineRange)| Location::lines(path, run.start, run.end).to_string();
    let unnamed = files.iter().filter(|f| f.untold > 0).map(|f| format!("{}: no report lists its lines", f.path));
    let places = unnamed.chain(runs.into_iter().map(place));
    let known = if total > 0 { total } else { untold };
    let metric = Metric::ratio(METRIC, covered, known)?.places(places);
    if untold == 0 {
        return Some(metric);
    }
    let percent = |covered: u64| covered as f64 * 100.0 / (total + untold) as f64;
    Some(metric.within(percent(covered), percent(covered + untold)))
}

#[cfg(test)]
mod tests;
