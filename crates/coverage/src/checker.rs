//! The checker's face.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use tollgate_check::{AnyVerb, CheckError, Checker, Context, Facts, LimitFlag, Needs};
use tollgate_model::{Cause, MetricSpec, Milder, Op, Problem, Report, Rule, Status, Unit, Unmeasured, Word, format};

use crate::against::Against;
use crate::file_coverage::{Counts, FileCoverage};
use crate::measure::{Measured, ReportRead, measure};
use crate::options::Options;
use crate::patch::{Patch, Spared};
use crate::paths::some_names;
use crate::resolve::Mappings;
use crate::scope::Scope;
use crate::search::{Found, search, search_usual_places};
use crate::selection::{Chooser, FILES, Selection};
use crate::tally::{self, KINDS, Kind};
use crate::verbs::VERBS;
use crate::{exhibits, expected, floors, patch, results};

pub(crate) static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| tollgate_rules::parse(include_str!(concat!(env!("OUT_DIR"), "/rules.json"))));

/// Labels of figures over files.
const LABELS: &[&str] = &["path", "component", "files"];

/// A figure over files, of which a condition may choose some.
const fn over_files(name: &'static str, unit: Unit, about: &'static str) -> MetricSpec {
    MetricSpec::new(name, unit, about).labels(LABELS).parted(FILES.0, FILES.1)
}

const METRICS: &[MetricSpec] = &[
    over_files("coverage.lines", Unit::Percent, "Coverable lines that were hit").counting("line"),
    over_files("coverage.branches", Unit::Percent, "Branches that were taken").counting("branch"),
    over_files("coverage.functions", Unit::Percent, "Functions that were called").counting("function"),
    over_files("coverage.statements", Unit::Percent, "Statements that were run, where the format tells of them")
        .counting("statement"),
    over_files("coverage.file", Unit::Percent, "Coverable lines that were hit in the file that is covered least")
        .counting("line"),
    over_files(tally::MISSED, Unit::Count, "Coverable lines that were not hit; who deletes covered code adds none")
        .counting("line"),
    over_files("coverage.patch", Unit::Percent, "Coverable lines added or changed since the base that were hit")
        .of_change()
        .counting("line"),
    MetricSpec::new("coverage.below_floor", Unit::Count, "Files below their floor in .tollgate/ratchet.toml"),
    results::METRICS[0],
    results::METRICS[1],
    results::METRICS[2],
    results::METRICS[3],
];

const LIMITS: &[LimitFlag] = &[
    at_least("min-lines", "coverage.lines", "Least part of the coverable lines that must be hit"),
    at_least("min-branches", "coverage.branches", "Least part of the branches that must be taken"),
    at_least("min-functions", "coverage.functions", "Least part of the functions that must be called"),
    at_least("min-patch", "coverage.patch", "Least part of the new coverable lines that must be hit"),
];

const fn at_least(flag: &'static str, metric: &'static str, help: &'static str) -> LimitFlag {
    LimitFlag { flag, value_name: "PERCENT", metric, op: Op::Ge, help }
}

/// Reads coverage reports: how much of the project, and of what a change adds, its tests have run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coverage;

impl Checker for Coverage {
    const NAME: &'static str = "coverage";
    const ABOUT: &'static str = "How much of the code, and of a change, its tests have run";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    type Options = Options;

    fn rules(&self) -> &'static [Rule] {
        &RULES
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        METRICS
    }

    fn silencing(&self) -> &'static [(&'static str, Milder)] {
        &[
            ("components", Milder::Any),
            ("exclude", Milder::More),
            ("expected", Milder::Fewer),
            ("include", Milder::Any),
            ("paths", Milder::Any),
            ("smallest_patch", Milder::Any),
        ]
    }

    fn folders(&self) -> &'static [&'static str] {
        &["expected", "paths"]
    }

    fn needs(&self) -> Needs {
        Needs::Output
    }

    fn shows_differences(&self, _: &Options) -> bool {
        true
    }

    fn limits(&self) -> &'static [LimitFlag] {
        LIMITS
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[("coverage.lines >= 80%", false)]
    }

    fn verbs(&self) -> &'static [&'static dyn AnyVerb<Self>] {
        VERBS
    }

    fn defaults(&self, options: Options) -> Options {
        options.with_defaults()
    }

    fn discovers(&self, ctx: &Context<'_>, options: &Options) -> bool {
        find(ctx, options).is_ok_and(|found| !found.reports.is_empty())
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        let scope = Scope::new(options)?;
        let changes = ctx.changes().ok();
        let chooser = Chooser::new(options, changes)?;
        let mut report = ctx.report(Self::NAME, Self::VERSION, Word::OwnRun);
        let measured = read_all(ctx, options, &scope, &mut report)?;
        describe(&measured, &scope, &mut report);
        let untested = expected::check(ctx, &options.expected, &measured, &mut report)?;
        let asked = chooser.asked(ctx, options);
        project(ctx, options, &chooser, &asked, &measured, &mut report);
        floors::check(ctx, changes, &measured, &scope, &mut report)?;
        let mut patch = None;
        if let Some(changes) = changes {
            let spared = Spared { scope: &scope, untested: &untested, smallest: options.smallest_patch.unwrap_or(0) };
            let found = patch::examine(ctx, changes, &measured, &spared, &mut report)?;
            found.report(changes, &chooser, &asked, &measured, &spared, &mut report);
            new_files(&asked, &chooser, &measured, &found, &mut report);
            patch = Some(found);
        }
        let failed = results::check(ctx, &options.tests, &mut report)?;
        report.metrics.sort_by(|a, b| (&a.name, &a.labels).cmp(&(&b.name, &b.labels)));
        report.metrics.dedup_by(|a, b| a.name == b.name && a.labels == b.labels);
        let against = Against::new(ctx, &measured);
        if let Some(against) = &against {
            against.name_places(ctx, &mut report.metrics);
        }
        let beside = against.map(|against| against.exhibits(&report.metrics)).unwrap_or_default();
        let tables = exhibits::all(ctx, &measured, patch.as_ref(), beside);
        report.exhibits = failed.into_iter().chain(tables).collect();
        report.status = if measured.reports.is_empty() && ctx.evidence().is_empty() {
            Status::Empty
        } else if report.problems.is_empty() {
            Status::Complete
        } else {
            Status::Incomplete
        };
        // The process ends with this report: a hundred thousand files are not taken apart for that.
        std::mem::forget(measured);
        Ok(report)
    }
}

/// The reports to read.
fn find(ctx: &Context<'_>, options: &Options) -> Result<Found, CheckError> {
    if options.searches_usual_places() {
        Ok(search_usual_places(ctx.root()))
    } else {
        search(ctx, "coverage.reports", &options.reports)
    }
}

/// Whether a condition names a metric that begins like this.
fn wants(ctx: &Context<'_>, metric: &str) -> bool {
    ctx.targets().iter().any(|target| target.metric.starts_with(metric))
}

/// Finds and reads every report.
pub(crate) fn read_all(
    ctx: &Context<'_>,
    options: &Options,
    scope: &Scope,
    report: &mut Report,
) -> Result<Measured, CheckError> {
    let mappings = || Mappings::new(&options.map);
    let mut found = find(ctx, options)?;
    let wanted = options.tests.is_empty() || wants(ctx, "coverage.");
    if wanted || !options.searches_usual_places() {
        report.problems.extend(found.problems);
    }
    if !found.beside.is_empty() {
        // What one tool leaves tells of the same files; what tells of others is another tool's.
        let aside = Context::new(ctx.root(), ctx.tree(), Facts::plain());
        let look = |reports: &[&str]| {
            let mut report = report.clone();
            measure(&aside, reports.iter().copied(), scope, mappings()?, &mut report)
        };
        let known = look(&found.reports.iter().map(String::as_str).collect::<Vec<_>>())?;
        let (mut others, mut same) = (Vec::new(), 0_u64);
        for path in std::mem::take(&mut found.beside) {
            match look(&[&path])?.files.iter().all(|(file, _)| known.file(file).is_some()) {
                true => same += 1,
                false => others.push(path),
            }
        }
        found.reports.extend(others);
        if same > 0 {
            let what = format::things(same, "more report");
            report.notes.push(format!("{what} of the same files beside those read, not read; name them with --report"));
        }
    }
    measure(ctx, found.reports.iter().map(String::as_str), scope, mappings()?, report)
}

/// Notes what was left out, and says so when nothing is left.
fn describe(measured: &Measured, scope: &Scope, report: &mut Report) {
    if measured.excluded > 0 {
        let what = format::things(measured.excluded, "file");
        report.notes.push(format!("{what} of reports left out by {}", scope.keys()));
    }
    report.notes.extend(measured.without_a_file());
}

/// That the reports tell nothing, with the names of some.
fn tells_nothing(reports: &[ReportRead]) -> String {
    let names: Vec<String> = reports.iter().map(|report| format!("{} ({})", report.path, report.format)).collect();
    let verb = if names.len() == 1 { "tells" } else { "tell" };
    format!("{} {verb} nothing", some_names(&names, names.len() as u64))
}

/// Adds the figures of the project and of its parts.
fn project(
    ctx: &Context<'_>,
    options: &Options,
    chooser: &Chooser<'_>,
    asked: &BTreeSet<Selection>,
    measured: &Measured,
    report: &mut Report,
) {
    let files = &measured.files;
    let folders = tally::folders(files, |(path, _)| path);
    let folders: Vec<Selection> = folders.into_iter().map(Selection::path).collect();
    // What nothing tells of has no part either.
    let told: Vec<&Kind> =
        KINDS.iter().filter(|kind| files.iter().any(|(_, file)| (kind.counts)(file).1 > 0)).collect();
    if !files.is_empty() {
        let lacking =
            KINDS.iter().filter(|kind| wants(ctx, kind.metric) && !told.iter().any(|t| t.metric == kind.metric));
        report.unmeasured.extend(lacking.map(|kind| Unmeasured {
            what: kind.metric.to_owned(),
            because: format!("{} of {}", tells_nothing(&measured.reports), kind.things),
            next: format!("have {} counted where the report is written, or take the condition out", kind.things),
        }));
    }
    let of = |counts: fn(&FileCoverage) -> Counts| files.iter().filter(|(_, file)| counts(file).1 > 0).count() as u64;
    let (statements, lines) = (of(FileCoverage::statement_counts), of(FileCoverage::line_counts));
    if statements > 0 && statements < lines {
        let files = format::things(lines, "file");
        report.notes.push(format!(
            "coverage.statements is of {} of {files}; no report tells of those of the others",
            format::count(statements)
        ));
    }
    let wants_missed = wants(ctx, tally::MISSED);
    for (at, selection) in asked.iter().chain(&folders).enumerate() {
        let chosen = || chooser.choose(files, |(path, _)| path, selection);
        let least = if at < asked.len() { tally::least(chosen()) } else { None };
        let missed = if wants_missed { tally::missed(chosen()) } else { None };
        let figures = told.iter().filter_map(|kind| kind.metric(chosen())).chain(least).chain(missed);
        report.metrics.extend(figures.map(|metric| selection.label(metric)));
    }
    for path in &options.paths {
        if !measured.reports.is_empty() && tally::below(files, |(file, _)| file, path).is_empty() {
            let message = format!("{path}: no report names a file there; correct coverage.paths, or run its tests too");
            report.problems.push(Problem::new(Cause::Missing, message).at(path));
        }
    }
}

/// Says that figures on new files do not apply where the change adds none, or none that holds what they count. What no
/// report tells of any file may be there all the same.
fn new_files(
    asked: &BTreeSet<Selection>,
    chooser: &Chooser<'_>,
    measured: &Measured,
    patch: &Patch,
    report: &mut Report,
) {
    if patch.unreported_new || !report.problems.is_empty() {
        return;
    }
    for selection in asked.iter().filter(|selection| selection.is_new() && chooser.knows(&measured.files, selection)) {
        let chosen = || chooser.choose(&measured.files, |(path, _)| path, selection);
        let none = chosen().next().is_none();
        for kind in KINDS {
            let because = if none {
                format!("no coverable line of this change lies {}", selection.words())
            } else if kind.metric(chosen()).is_none() && kind.metric(measured.files.iter()).is_some() {
                format!("no {} lies {}", kind.thing, selection.words())
            } else {
                continue;
            };
            let of_lines: &[&str] = if kind.metric == "coverage.lines" { &[tally::LEAST, tally::MISSED] } else { &[] };
            let names = [kind.metric].into_iter().chain(of_lines.iter().copied());
            report.not_applicable.extend(names.map(|name| selection.untouched(name, because.clone())));
        }
    }
}

#[cfg(test)]
mod tests;
