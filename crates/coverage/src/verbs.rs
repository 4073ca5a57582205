//! What coverage does beside checking: `merge` and `ratchet`.

use clap::Args;
use tollgate_check::{AnyVerb, CheckError, Context, NewFile, Outcome, Verb};
use tollgate_model::{Cause, Problem, Report, Word, format};

use crate::checker::{Coverage, read_all};
use crate::export::{Target, listed};
use crate::floors::{self, FILE, Floors};
use crate::measure::Measured;
use crate::options::Options;
use crate::scope::Scope;

/// Every verb.
pub(crate) const VERBS: &[&dyn AnyVerb<Coverage>] = &[&Merge, &Ratchet];

/// Writes one report of all.
struct Merge;

/// Arguments of `merge`.
#[derive(Args)]
struct MergeArguments {
    /// Format of the report that is written
    #[arg(long, value_enum)]
    to: Target,

    /// File to write, relative to the root; standard output without
    #[arg(long, value_name = "FILE")]
    output: Option<String>,
}

impl Verb<Coverage> for Merge {
    const NAME: &'static str = "merge";
    const ABOUT: &'static str = "Write all reports together as one LCOV or Cobertura report";

    type Arguments = MergeArguments;

    fn run(&self, ctx: &Context<'_>, options: &Options, arguments: &MergeArguments) -> Result<Outcome, CheckError> {
        let (measured, mut outcome) = read(ctx, options)?;
        if !outcome.problems.is_empty() {
            return Ok(outcome);
        }
        if let Some(output) = &arguments.output
            && let Some(read) = measured.reports.iter().find(|read| is_same(ctx, output, &read.path))
        {
            let message = format!("{output}: is the report {}, which is read; name another file", read.path);
            return Err(CheckError::option("--output", message));
        }
        let unlisted = measured.files.iter().filter(|(_, coverage)| coverage.is_totals_only()).count() as u64;
        if unlisted > 0 {
            let what = format::things(unlisted, "file");
            outcome.notes.push(format!("{what} left out, of which reports tell totals and no lines"));
        }
        let listed = listed(&measured.files).count() as u64;
        if listed == 0 {
            let message = "no line that can be covered is known, so there is nothing to write; run the tests with a report \
                           that lists lines";
            outcome.problems.push(Problem::new(Cause::NoEvidence, message));
            return Ok(outcome);
        }
        outcome.notes.extend(measured.without_a_file());
        let bytes = arguments.to.write(&measured.files).into_bytes();
        match &arguments.output {
            Some(path) => {
                let files = format::things(listed, "file");
                outcome.notes.push(format!("{path}: {files} of {}", reports(&measured)));
                outcome.files.push(NewFile { path: path.clone(), bytes });
            }
            None => outcome.text = bytes,
        }
        Ok(outcome)
    }
}

/// Raises the floors of files.
struct Ratchet;

/// Arguments of `ratchet`: none.
#[derive(Args)]
struct RatchetArguments {}

impl Verb<Coverage> for Ratchet {
    const NAME: &'static str = "ratchet";
    const ABOUT: &'static str = "Raise each file's floor in .tollgate/ratchet.toml to what is covered now";

    type Arguments = RatchetArguments;

    fn run(&self, ctx: &Context<'_>, options: &Options, _: &RatchetArguments) -> Result<Outcome, CheckError> {
        let (measured, mut outcome) = read(ctx, options)?;
        let before = match floors::here(ctx) {
            Ok(floors) => floors.unwrap_or_default(),
            Err(problem) => {
                outcome.problems.push(problem);
                Floors::new()
            }
        };
        if !outcome.problems.is_empty() {
            return Ok(outcome);
        }
        let scope = Scope::new(options)?;
        let mut after = Floors::new();
        let mut excluded = 0;
        for (path, floor) in &before {
            if scope.excludes(path) {
                excluded += 1;
            } else if floors::is_there(ctx, path) {
                after.insert(path.clone(), *floor);
            }
        }
        // A renamed file keeps its floor.
        for change in ctx.changes().map(|changes| changes.files()).unwrap_or_default() {
            let old = change.old_path.as_ref().and_then(|old| before.get(old));
            if let (Some(floor), false) = (old, scope.excludes(&change.path)) {
                floors::raise(&mut after, change.path.clone(), *floor);
            }
        }
        let gone = before.keys().filter(|path| !after.contains_key(*path)).count() - excluded;
        let mut below = 0_u64;
        for (path, coverage) in &measured.files {
            let counts = coverage.line_counts();
            if counts.1 > 0 {
                below += u64::from(after.get(path).is_some_and(|floor| floors::is_less(counts, *floor)));
                floors::raise(&mut after, path.clone(), counts);
            }
        }
        let new = after.keys().filter(|path| !before.contains_key(*path)).count();
        let raised = after.iter().filter(|(path, floor)| before.get(*path).is_some_and(|old| old != *floor)).count();
        let unchanged = after.len() - new - raised;
        let counts = [
            (new, "new"),
            (raised, "raised"),
            (unchanged, "unchanged"),
            (gone, "of removed files taken out"),
            (excluded, "of excluded files taken out"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        let counts = counts.collect::<Vec<_>>().join(", ");
        outcome.notes.push(format!("{FILE}: {}: {counts}", format::things(after.len() as u64, "floor")));
        if below > 0 {
            let files = format::things(below, "file");
            outcome.notes.push(format!("{files} below their floor, which stays; `tollgate coverage` names them"));
        }
        if after != before {
            outcome.files.push(NewFile { path: FILE.to_owned(), bytes: floors::write(&after).into_bytes() });
        }
        Ok(outcome)
    }
}

/// Reads every report; a problem where one of them, or a part of one, could not be read.
fn read(ctx: &Context<'_>, options: &Options) -> Result<(Measured, Outcome), CheckError> {
    let scope = Scope::new(options)?;
    let mut report: Report = ctx.report("coverage", env!("CARGO_PKG_VERSION"), Word::OwnRun);
    let measured = read_all(ctx, options, &scope, &mut report)?;
    let mut problems = report.problems;
    if problems.is_empty() && measured.files.is_empty() {
        let message = "no report names a file that counts; run the tests with coverage again";
        problems.push(Problem::new(Cause::NoEvidence, message));
    }
    Ok((measured, Outcome { notes: report.notes, problems, ..Outcome::default() }))
}

/// Whether two paths are of one file, by their words or, where both exist, by what they lead to.
fn is_same(ctx: &Context<'_>, a: &str, b: &str) -> bool {
    let root = ctx.root();
    let words = root.relative(a).is_some_and(|a| root.relative(b) == Some(a));
    words || root.resolve(a).is_ok_and(|a| root.resolve(b).is_ok_and(|b| a == b))
}

fn reports(measured: &Measured) -> String {
    format::things(measured.reports.len() as u64, "report")
}

#[cfg(test)]
mod tests;
