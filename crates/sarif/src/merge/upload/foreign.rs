//! Foreign runs on their way to the host.

use std::cmp::Reverse;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::State;

use super::Limits;
use super::facts::Facts;
use super::files::{Files, Packed, pack};
use super::kept::{Kept, Worst, largest};
use super::left::Left;
use super::result::Found;
use super::rules;
use super::writer::Writer;
use crate::merge::log::{self, Log};
use crate::merge::names::Name;
use crate::merge::{ForeignLog, MergeError};

/// The rule of results that name none.
const NAMELESS: &str = "unnamed-rule";

/// A result's rule: its id in the upload, and the listed rule that describes it.
pub(super) type Ruled = (String, Option<usize>);

/// One run, and which of its results go to the host.
pub(super) struct Run<'a> {
    pub(super) facts: Facts,
    pub(super) name: &'a Name,
    pub(super) tool: &'a str,
    /// Its tool looks for secrets.
    pub(super) secret: bool,
    /// Its snippets are the values.
    pub(super) quotes: bool,
    /// The place of its first result in the file.
    pub(super) first: u64,
    /// The worst first.
    pub(super) kept: Vec<Kept<Ruled>>,
    left: Left,
    who: String,
}

/// Adds the runs of `log`.
///
/// # Errors
/// What reading, or the files, say.
pub(super) fn add(
    log: &ForeignLog<'_>,
    look: &Log,
    called: &[Name],
    limits: &Limits,
    files: &mut Files<'_>,
    said: &mut Vec<String>,
) -> Result<(), MergeError> {
    let mut runs = runs(log, look, called, limits)?;
    choose(log, &mut runs, limits)?;
    let mut failed = None;
    let walked = each(log, |reader, place| {
        let Some(run) = runs.get_mut(place) else { return Err(changed(reader)) };
        if run.facts.results.is_none() {
            said.push(format!("{}: a run without `results` says nothing, not uploaded", run.who));
            return Ok(());
        }
        let Some((count, packed)) = fit(log, reader, run, place, limits)? else {
            said.push(format!("{}: a file of the host's size has no room for it, nothing uploaded", run.who));
            return Ok(());
        };
        files.add(&packed.bytes).map_err(|error| {
            let stand_in = InputError::io(log.source, &error);
            failed = Some(error);
            stand_in
        })?;
        run.left.too_large = (run.kept.len() - count) as u64;
        run.left.and(&packed.counted).sentences(&run.who, said);
        Ok(())
    });
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(walked?),
    }
}

/// Calls `visit` at every run, with its place.
fn each(
    log: &ForeignLog<'_>,
    mut visit: impl FnMut(&mut Reader, usize) -> Result<(), InputError>,
) -> Result<(), InputError> {
    let (mut reader, mut place) = (log::open(log)?, 0);
    reader.object(|reader, key| {
        if key != "runs" {
            return Ok(());
        }
        reader.null_or(|reader| {
            reader.array(|reader| {
                visit(reader, place)?;
                place += 1;
                Ok(())
            })
        })?;
        Ok(())
    })?;
    reader.end()
}

#[cold]
fn changed(reader: &Reader) -> InputError {
    reader.malformed("the file changed while it was read; have it written before")
}

fn runs<'a>(
    log: &ForeignLog<'_>,
    look: &'a Log,
    called: &'a [Name],
    limits: &Limits,
) -> Result<Vec<Run<'a>>, InputError> {
    let (mut runs, mut first) = (Vec::new(), 0);
    each(log, |reader, place| {
        let (Some(run), Some(name)) = (look.runs.get(place), called.get(place)) else { return Err(changed(reader)) };
        let facts = Facts::read(reader, limits)?;
        let who = match look.runs.len() {
            1 => log.source.to_owned(),
            _ => format!("{}, {}", log.source, name.category),
        };
        let results = facts.results.unwrap_or_default();
        let (kept, left) = (Vec::new(), Left::default());
        let (secret, quotes) = (run.secret(), run.quotes());
        runs.push(Run { facts, name, tool: &run.tool, secret, quotes, first, kept, left, who });
        first += results;
        Ok(())
    })?;
    Ok(runs)
}

/// Finds the worst results of each run.
fn choose(log: &ForeignLog<'_>, runs: &mut [Run<'_>], limits: &Limits) -> Result<(), InputError> {
    each(log, |reader, place| {
        let Some(run) = runs.get_mut(place) else { return Err(changed(reader)) };
        let (mut worst, mut ordinal) = (Worst::new(limits.results), run.first);
        results(reader, |reader| {
            let place = ordinal;
            ordinal += 1;
            if reader.kind()? != Kind::Object {
                run.left.malformed += 1;
                return Ok(());
            }
            let found = Found::read(reader, false, limits)?;
            let mark = (log.mark)(place);
            match (found.kind.as_deref(), found.state.as_deref(), mark.state) {
                _ if found.suppressed || mark.suppressed.is_some() => run.left.suppressed += 1,
                (_, Some("absent"), None) | (_, _, Some(State::Absent)) => run.left.absent += 1,
                (Some("pass" | "notApplicable"), _, _) => run.left.passed += 1,
                _ => worst.add(ranked(&run.facts, &found, place)),
            }
            Ok(())
        })?;
        run.left.over = worst.over;
        run.kept = worst.sorted();
        Ok(())
    })
}

fn ranked(facts: &Facts, found: &Found, place: u64) -> Kept<Ruled> {
    let listed = facts.rule(&found.rule);
    let rule = listed.and_then(|place| facts.rules.get(place));
    let id = found.rule.id.clone().or(rule.map(|rule| rule.id.clone())).unwrap_or_else(|| NAMELESS.to_owned());
    let severity = rule.map_or(0, rules::Rule::severity);
    Kept { level: facts.level(found, listed), severity, ordinal: Reverse(place), more: (id, listed) }
}

/// Calls `visit` at every result of the run that is next.
pub(super) fn results(
    reader: &mut Reader,
    mut visit: impl FnMut(&mut Reader) -> Result<(), InputError>,
) -> Result<(), InputError> {
    reader.object(|reader, key| match key {
        "results" if reader.kind()? == Kind::Array => reader.array(&mut visit),
        _ => Ok(()),
    })
}

/// The run that is next, compressed, with as many results as fit; if not all do, the file is read again for each try.
fn fit(
    log: &ForeignLog<'_>,
    reader: &mut Reader,
    run: &Run<'_>,
    place: usize,
    limits: &Limits,
) -> Result<Option<(usize, Packed<Left>)>, InputError> {
    let whole = run.kept.len();
    if let Some(packed) = pack(limits.room(), |out| Writer::new(log, run, whole, true, limits).write(reader, out))? {
        return Ok(Some((whole, packed)));
    }
    let again = |count: usize, all: bool| {
        let mut packed = None;
        each(log, |reader, other| {
            if other == place {
                packed = pack(limits.room(), |out| Writer::new(log, run, count, all, limits).write(reader, out))?;
            }
            Ok(())
        })?;
        Ok(packed)
    };
    match largest(whole.saturating_sub(1), |count| again(count, true))? {
        None => largest(whole, |count| again(count, false)),
        found => Ok(found),
    }
}
