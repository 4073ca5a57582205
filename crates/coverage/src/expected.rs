//! Folders that reports must name, so that a partial set of reports is not judged as a whole one.

use tollgate_check::{CheckError, Context, Globs};
use tollgate_model::{Cause, Date, Problem, Report, format};

use crate::measure::Measured;
use crate::options::Expected;
use crate::tally::below;

const KEY: &str = "coverage.expected";

/// Adds a problem for every folder that no report names and that should be; gives the folders that need not be.
///
/// # Errors
/// An entry that makes no sense.
pub(crate) fn check(
    ctx: &Context<'_>,
    expected: &[Expected],
    measured: &Measured,
    report: &mut Report,
) -> Result<Globs, CheckError> {
    let mut untested = Vec::new();
    for entry in expected {
        let path = &entry.path;
        let named = below(&measured.files, |(file, _)| file, path).len() as u64;
        let (reason, until) = match (&entry.none, &entry.until) {
            (None, Some(_)) => {
                return Err(option(format!("{path}: `until` says how long `none` holds; add `none = \"why\"`")));
            }
            (Some(reason), until) if !reason.trim().is_empty() => {
                (Some(reason), until.as_deref().map(|day| date(path, day)).transpose()?)
            }
            (Some(_), _) => return Err(option(format!("{path}: `none` needs a reason"))),
            (None, None) => (None, None),
        };
        let Some(reason) = reason else {
            if named == 0 {
                let message = format!(
                    "{path}: no report names a file there, and one is expected; run its tests with coverage, or say in {KEY} why it has none"
                );
                report.problems.push(Problem::new(Cause::Missing, message).at(path));
            }
            continue;
        };
        match until {
            Some(until) if until < ctx.today() && named == 0 => {
                let message = format!(
                    "{path}: was to have tests by {until} ({reason}), and no report names a file there; write them, or set another day in {KEY}"
                );
                report.problems.push(Problem::new(Cause::Missing, message).at(path));
            }
            _ if named > 0 => {
                report.notes.push(format!(
                    "{path}: {} in reports, though {KEY} says it has no tests; remove `none`",
                    format::things(named, "file")
                ));
            }
            _ => untested.push(path.clone()),
        }
    }
    if !untested.is_empty() {
        report.notes.push(format!("without tests, as {KEY} says: {}", untested.join(", ")));
    }
    Globs::new(KEY, &untested)
}

fn date(path: &str, day: &str) -> Result<Date, CheckError> {
    Date::parse(day).ok_or_else(|| option(format!("{path}: `until = \"{day}\"` is no day; write it like 2027-01-31")))
}

fn option(message: String) -> CheckError {
    CheckError::option(KEY, message)
}
