//! Results of tests: `tests.run`, `tests.failed`, `tests.skipped`, `tests.flaky`.

use tollgate_check::{CheckError, Context};
use tollgate_ingest::results::{self, Failure, Results};
use tollgate_model::{Cause, Cell, Column, Exhibit, Metric, MetricSpec, Problem, Report, Unit, format};

use crate::exhibits::table;
use crate::measure::open;
use crate::search::search;
use crate::stale::Staleness;

/// The option that names the reports.
const KEY: &str = "coverage.tests";

/// The longest value that is read in one piece, bytes: the output of a test.
const LONGEST: usize = 16 << 20;

/// How many failed tests are listed.
const ROWS: usize = 50;

/// The numbers of all reports together.
pub(crate) const METRICS: [MetricSpec; 4] = [
    spec("tests.run", "Tests that ran: passed or failed"),
    spec("tests.failed", "Tests that failed in the end, and what failed beside tests: a suite, a build, a whole run"),
    spec("tests.skipped", "Tests that did not run"),
    spec("tests.flaky", "Tests that passed only after they had failed"),
];

const fn spec(name: &'static str, about: &'static str) -> MetricSpec {
    MetricSpec::new(name, Unit::Count, about).counting("test").needs_option(KEY)
}

/// Reads the results that `patterns` name, if any; adds numbers, problems and the table of failed tests.
///
/// # Errors
/// A pattern that is none; when the tree cannot be read.
pub(crate) fn check(
    ctx: &Context<'_>,
    patterns: &[String],
    report: &mut Report,
) -> Result<Option<Exhibit>, CheckError> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let found = search(ctx, KEY, patterns)?;
    report.problems.extend(found.problems);
    let mut all = Results::default();
    let mut read = 0_u64;
    let staleness = Staleness::new(ctx);
    for path in &found.reports {
        match read_one(ctx, path) {
            Ok(one) => {
                read += 1;
                if one.run + one.skipped == 0 {
                    let message = format!("{path}: holds no test; run the tests again, and see that they are found");
                    report.problems.push(Problem::new(Cause::NoEvidence, message).at(path));
                }
                let doubts = one.doubts.iter().map(|doubt| format!("{path}: {doubt}"));
                report.problems.extend(doubts.map(|doubt| Problem::new(Cause::Unreadable, doubt).at(path)));
                report.notes.extend(one.notes.iter().map(|note| format!("{path}: {note}")));
                report.findings.extend(staleness.of_results(path)?);
                add(&mut all, one);
            }
            Err(problem) => report.problems.push(problem),
        }
    }
    if read == 0 {
        return Ok(None);
    }
    if all.run == 0 && all.skipped > 0 {
        let skipped = format::things(all.skipped, "test");
        let message = format!("no test ran: {skipped} in {} skipped", format::things(read, "report"));
        report.problems.push(Problem::new(Cause::NoEvidence, message));
    }
    let places = all.failures.iter().map(|failure| failure.name.clone());
    let values = [all.run, all.failed, all.skipped, all.flaky];
    let mut metrics: Vec<Metric> =
        METRICS.iter().zip(values).map(|(spec, value)| Metric::count(spec.name, value)).collect();
    let failed_tests = metrics[1].clone().places(places);
    let more = all.failed.saturating_sub(failed_tests.places.len() as u64);
    metrics[1] = failed_tests.and_more(more);
    report.metrics.extend(metrics);
    Ok(failed(&all))
}

fn read_one(ctx: &Context<'_>, path: &str) -> Result<Results, Problem> {
    let window = open(ctx, path, LONGEST).map_err(|error| error.problem())?;
    let (results, _, digest) = results::read(window).map_err(|error| error.problem())?;
    ctx.record("file", path, digest, Some(results.run + results.skipped));
    Ok(results)
}

fn add(all: &mut Results, one: Results) {
    all.run += one.run;
    all.failed += one.failed;
    all.skipped += one.skipped;
    all.flaky += one.flaky;
    all.failures.extend(one.failures.into_iter().take(ROWS.saturating_sub(all.failures.len())));
}

/// The failed tests.
fn failed(all: &Results) -> Option<Exhibit> {
    let row = |failure: &Failure| {
        let place = match (&failure.file, failure.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            (file, _) => file.clone().unwrap_or_default(),
        };
        vec![Cell::Text(failure.name.clone()), Cell::Text(place), Cell::Text(failure.message.clone())]
    };
    let rows = all.failures.iter().map(row).collect();
    let columns = vec![Column::text("Test"), Column::text("Where"), Column::text("What it says")];
    table("tests", "Failed tests", columns, rows, all.failed)
}
