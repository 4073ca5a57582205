//! The checker's face.

use std::sync::LazyLock;

use tollgate_check::{CheckError, Checker, Context, Globs, LimitFlag, Needs};
use tollgate_model::{Cause, MetricSpec, Op, Problem, Report, Rule, Status, Unit, Word, format};

use crate::measure::{Measured, measure, some_names};
use crate::options::Options;
use crate::search::search;
use crate::tally::{self, KINDS};
use crate::{exhibits, patch};

pub(crate) static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| tollgate_rules::parse(include_str!(concat!(env!("OUT_DIR"), "/rules.json"))));

const METRICS: &[MetricSpec] = &[
    MetricSpec::new("coverage.lines", Unit::Percent, "Coverable lines that were hit")
        .labels(&["path"])
        .counting("line"),
    MetricSpec::new("coverage.branches", Unit::Percent, "Branches that were taken")
        .labels(&["path"])
        .counting("branch"),
    MetricSpec::new("coverage.functions", Unit::Percent, "Functions that were called")
        .labels(&["path"])
        .counting("function"),
    MetricSpec::new("coverage.patch", Unit::Percent, "Coverable lines added or changed since the base that were hit")
        .labels(&["path"])
        .of_change()
        .counting("line"),
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

    fn needs(&self) -> Needs {
        Needs::Output
    }

    fn limits(&self) -> &'static [LimitFlag] {
        LIMITS
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[("coverage.lines >= 80%", false)]
    }

    fn defaults(&self, options: Options) -> Options {
        options.with_defaults()
    }

    fn discovers(&self, ctx: &Context<'_>, options: &Options) -> bool {
        search(ctx, options).is_ok_and(|found| !found.reports.is_empty())
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        let exclude = Globs::new("coverage.exclude", &options.exclude)?;
        let found = search(ctx, options)?;
        let mut report = ctx.report(Self::NAME, Self::VERSION, Word::OwnRun);
        report.problems = found.problems;
        let measured = measure(ctx, found.reports.iter().map(String::as_str), &exclude, &mut report)?;
        describe(&measured, &mut report);
        project(ctx, options, &measured, &mut report);
        let mut patch = None;
        if let Ok(changes) = ctx.changes() {
            let found = patch::examine(ctx, changes, &measured, &exclude, &mut report)?;
            let asked = tally::asked(ctx, options);
            let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
            found.report(changes, &asked, &exclude, &mut report);
            patch = Some(found);
        }
        report.exhibits = exhibits::all(&measured, patch.as_ref());
        report.metrics.sort_by(|a, b| (&a.name, &a.labels).cmp(&(&b.name, &b.labels)));
        report.metrics.dedup_by(|a, b| a.name == b.name && a.labels == b.labels);
        report.status = if measured.reports == 0 {
            Status::Empty
        } else if report.problems.is_empty() {
            Status::Complete
        } else {
            Status::Incomplete
        };
        Ok(report)
    }
}

/// Notes what was left out, and says so when nothing is left.
fn describe(measured: &Measured, report: &mut Report) {
    if measured.excluded > 0 {
        let what = format::things(measured.excluded, "file");
        report.notes.push(format!("{what} of reports left out by coverage.exclude"));
    }
    if measured.unmatched_count > 0 {
        let what = format::things(measured.unmatched_count, "path");
        let names: Vec<&str> = measured.unmatched.iter().map(|(_, path)| path.as_str()).collect();
        report.notes.push(format!(
            "{what} of reports without a file here, not counted: {}",
            some_names(&names, measured.unmatched_count)
        ));
    }
}

/// Adds the figures of the project and of its folders.
fn project(ctx: &Context<'_>, options: &Options, measured: &Measured, report: &mut Report) {
    let files = &measured.files;
    let asked = tally::asked(ctx, options);
    let folders = tally::folders(files.iter().map(|(path, _)| path.as_str()));
    for kind in KINDS {
        report.metrics.extend(kind.metric(files));
        for path in asked.iter().map(String::as_str).chain(folders.iter().copied()) {
            let metric = kind.metric(tally::below(files, |(path, _)| path, path));
            report.metrics.extend(metric.map(|metric| metric.label("path", path)));
        }
    }
    for path in &options.paths {
        if measured.reports > 0 && tally::below(files, |(file, _)| file, path).is_empty() {
            let message = format!("{path}: no report names a file there; correct coverage.paths, or run its tests too");
            report.problems.push(Problem::new(Cause::Missing, message).at(path));
        }
    }
}

#[cfg(test)]
mod tests;
