//! Floors of single files, which only rise: `.tollgate/ratchet.toml`.
//!
//! ```toml
//! [coverage]
//! "src/a.ts" = "17/20"
//! ```
//!
//! A file's floor is the part of its coverable lines that were hit when it was written. The floors of the base count as
//! well as those of the change, the higher of the two, so that a change cannot lower its own.

use std::collections::BTreeMap;

use tollgate_check::{Changes, CheckError, Context};
use tollgate_input::{Entry, InputError};
use tollgate_model::{Cause, Finding, Fingerprinter, Location, Metric, NotApplicable, Problem, Report, format};

use crate::checker::RULES;
use crate::file_coverage::Counts;
use crate::measure::Measured;
use crate::paths::some_names;
use crate::scope::Scope;
use crate::stale::renamed;

/// Where floors are kept, relative to the root.
pub(crate) const FILE: &str = ".tollgate/ratchet.toml";

/// The largest file of floors that is read, bytes.
const LARGEST: u64 = 64 << 20;

const RULE: &str = "coverage/below-floor";
const LOWERED: &str = "coverage/lowered-floor";
const METRIC: &str = "coverage.below_floor";

/// Floors by file.
pub(crate) type Floors = BTreeMap<String, Counts>;

/// Compares every file with its floor, if there are any. Files that do not count have none, and where no report
/// was read there is no figure.
///
/// # Errors
/// When the tree cannot be read.
pub(crate) fn check(
    ctx: &Context<'_>,
    changes: Option<&dyn Changes>,
    measured: &Measured,
    scope: &Scope,
    report: &mut Report,
) -> Result<(), CheckError> {
    let Holding { floors, lowered } = match all(ctx, changes) {
        Ok(Some(holding)) => holding,
        Ok(None) => {
            // Known only where the base has none either.
            let because = format!("there is no {FILE} yet, here or at the base; `tollgate coverage ratchet` writes it");
            let none = NotApplicable { what: METRIC.to_owned(), because };
            report.not_applicable.extend(changes.is_some().then_some(none));
            return Ok(());
        }
        Err(problem) => {
            report.problems.push(problem);
            return Ok(());
        }
    };
    let mut below = Vec::new();
    let mut excluded = 0;
    let mut unnamed = Vec::new();
    let mut fingerprints = Fingerprinter::default();
    for (path, floor) in &floors {
        if let Some(now) = lowered.get(path)
            && scope.counts(path)
            && is_there(ctx, path)
        {
            let (fingerprint, words) = (fingerprints.next(LOWERED, path, ""), lowering(path, *floor, *now));
            report.findings.push(Finding::of(&RULES, LOWERED, words, Location::file(FILE), fingerprint));
        }
        if !scope.counts(path) {
            // Others are another instance's, for all share the one file.
            excluded += u64::from(scope.excludes(path));
            continue;
        }
        let counts = measured.file(path).map(|coverage| coverage.line_counts()).filter(|(_, all)| *all > 0);
        match counts {
            Some(counts) if is_less(counts, *floor) => {
                let (fingerprint, words) = (fingerprints.next(RULE, path, "floor"), words(counts, *floor));
                below.push(format!("{path}: {words}"));
                report.findings.push(Finding::of(&RULES, RULE, words, Location::file(path), fingerprint));
            }
            Some(_) => {}
            None if is_there(ctx, path) => unnamed.push(path.as_str()),
            None => {}
        }
    }
    if excluded > 0 {
        let floors = format::things(excluded, "floor");
        report.notes.push(format!("{FILE}: {floors} of files left out by coverage.exclude passed over"));
    }
    if measured.reports.is_empty() {
        return Ok(());
    }
    if !unnamed.is_empty() {
        let count = unnamed.len() as u64;
        let (has, its, it) = if count == 1 { ("has", "its", "it") } else { ("have", "their", "them") };
        let message = format!(
            "{FILE}: no report names {} that {has} a floor: {}; run {its} tests with coverage too, or add {it} to \
             coverage.exclude",
            format::things(count, "file"),
            some_names(&unnamed, count)
        );
        report.problems.push(Problem::new(Cause::Missing, message).at(FILE));
    }
    let count = below.len() as u64;
    report.metrics.push(Metric::count(METRIC, count).places(below));
    Ok(())
}

/// Whether the file is there, committed or not.
pub(crate) fn is_there(ctx: &Context<'_>, path: &str) -> bool {
    matches!(ctx.root().entry(path), Ok(Entry::File(_)))
}

fn words((hit, all): Counts, (floor_hit, floor_all): Counts) -> String {
    // The least number of lines that reaches the floor.
    let needed = (u128::from(floor_hit) * u128::from(all)).div_ceil(u128::from(floor_all.max(1)));
    let short = u64::try_from(needed).unwrap_or(u64::MAX).saturating_sub(hit);
    format!(
        "{} of {} are covered, {} fewer than the file's floor of {} of {} asks for.",
        format::count(hit),
        format::things(all, "line"),
        format::count(short),
        format::count(floor_hit),
        format::count(floor_all)
    )
}

/// What the change makes of a floor of the base.
fn lowering(path: &str, (hit, all): Counts, now: Option<Counts>) -> String {
    let floor = format!("{} of {}", format::count(hit), format::things(all, "line"));
    let what = match now {
        None => format!("takes away the floor of {path}, {floor}"),
        Some((hit, all)) => {
            format!("lowers the floor of {path} from {floor} to {} of {}", format::count(hit), format::count(all))
        }
    };
    format!("The change {what}; it holds until that is merged")
}

/// The floors that hold.
struct Holding {
    /// The higher of the base's and the change's, under the names that files have now.
    floors: Floors,
    /// Those of the base that the change lowers, or takes away.
    lowered: BTreeMap<String, Option<Counts>>,
}

fn all(ctx: &Context<'_>, changes: Option<&dyn Changes>) -> Result<Option<Holding>, Problem> {
    let here = here(ctx)?;
    let alone = |floors: Option<Floors>| floors.map(|floors| Holding { floors, lowered: BTreeMap::new() });
    let Some(changes) = changes else { return Ok(alone(here)) };
    let base = changes.read_base(FILE, LARGEST).map_err(|error| error.problem())?;
    let Some(base) = base else { return Ok(alone(here)) };
    let base = parse(&format!("{FILE} of the base"), &base).map_err(|error| error.problem())?;
    let renamed = renamed(changes);
    let here = here.unwrap_or_default();
    let (mut floors, mut lowered) = (here.clone(), BTreeMap::new());
    for (old, floor) in base {
        let path = renamed.get(old.as_str()).map_or_else(|| old.clone(), |now| (*now).to_owned());
        let now = here.get(&path).or_else(|| here.get(&old)).copied();
        if now.is_none_or(|now| is_less(now, floor)) {
            lowered.insert(path.clone(), now);
        }
        raise(&mut floors, path, floor);
    }
    Ok(Some(Holding { floors, lowered }))
}

/// The floors of the working copy, if there are any.
pub(crate) fn here(ctx: &Context<'_>) -> Result<Option<Floors>, Problem> {
    match ctx.read(FILE, LARGEST) {
        Ok(bytes) => parse(FILE, &bytes).map(Some).map_err(|error| error.problem()),
        Err(InputError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.problem()),
    }
}

/// Sets the floor of `path`, unless it has a higher one.
pub(crate) fn raise(floors: &mut Floors, path: String, floor: Counts) {
    let known = floors.entry(path).or_insert(floor);
    if is_less(*known, floor) {
        *known = floor;
    }
}

/// Whether `a` is a smaller part than `b`; exact.
pub(crate) fn is_less(a: Counts, b: Counts) -> bool {
    u128::from(a.0) * u128::from(b.1) < u128::from(b.0) * u128::from(a.1)
}

fn parse(name: &str, bytes: &[u8]) -> Result<Floors, InputError> {
    let text = tollgate_input::utf8(bytes);
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
        InputError::malformed(name, line, format!("{}; mend that line, or restore the file from git", error.message()))
    })?;
    let wrong = |message: String| InputError::malformed(name, None, message);
    if let Some(other) = table.keys().find(|key| *key != "coverage") {
        return Err(wrong(format!(
            "unknown `{other}`; floors stand in [coverage], where `tollgate coverage ratchet` writes them"
        )));
    }
    let mut floors = Floors::new();
    let entries = match table.get("coverage") {
        Some(entries) => entries.as_table().ok_or_else(|| wrong("`coverage` is no table of floors".to_owned()))?,
        None => &toml::Table::new(),
    };
    for (path, value) in entries {
        let floor = value.as_str().and_then(floor).ok_or_else(|| {
            wrong(format!("the floor of {path} is {value}; expected covered of coverable lines, like \"17/20\""))
        })?;
        floors.insert(path.clone(), floor);
    }
    Ok(floors)
}

/// `17/20`: 17 of 20 lines.
fn floor(text: &str) -> Option<Counts> {
    let (hit, all) = text.split_once('/')?;
    let (hit, all): Counts = (hit.trim().parse().ok()?, all.trim().parse().ok()?);
    (all > 0 && hit <= all).then_some((hit, all))
}

/// The file of floors.
pub(crate) fn write(floors: &Floors) -> String {
    let mut text = String::from(
        "# The covered part of each file's lines, below which it may not fall. `tollgate coverage ratchet` raises it.\n\n\
         [coverage]\n",
    );
    let entry = |(path, (hit, all)): (&String, &Counts)| (path.clone(), toml::Value::String(format!("{hit}/{all}")));
    text.push_str(&floors.iter().map(entry).collect::<toml::Table>().to_string());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let floors: Floors =
            [("src/a.ts".to_owned(), (17, 20)), ("we\"ird\\\n.py".to_owned(), (0, 1)), ("é.rs".to_owned(), (3, 3))]
                .into();
        assert_eq!(parse("r", write(&floors).as_bytes()).unwrap(), floors);
    }

    #[test]
    fn senseless_floors_are_refused() {
        for (text, words) in [
            ("[coverage]\n\"a\" = \"3/2\"\n", "r: the floor of a is \"3/2\"; expected"),
            ("[coverage]\n\"a\" = \"0/0\"\n", "r: the floor of a"),
            ("[coverage]\n\"a\" = 7\n", "r: the floor of a is 7"),
            ("[coverage]\n\"a\" = \"1/2\"\n\"a\" = \"1/2\"\n", "r:3: duplicate key"),
            ("[coverage\n", "r:1: "),
            ("[covrage]\n\"a\" = \"1/2\"\n", "r: unknown `covrage`"),
            ("x = 1\n[coverage]\n\"a\" = \"1/2\"\n", "r: unknown `x`"),
            ("coverage = 1\n", "r: `coverage` is no table"),
        ] {
            let message = parse("r", text.as_bytes()).unwrap_err().to_string();
            assert!(message.starts_with(words), "{message}");
        }
    }

    #[test]
    fn floors_rise_and_never_fall() {
        let mut floors = Floors::new();
        for (floor, expected) in [((1, 2), (1, 2)), ((2, 4), (1, 2)), ((2, 3), (2, 3)), ((1, 3), (2, 3))] {
            raise(&mut floors, "a".to_owned(), floor);
            assert_eq!(floors["a"], expected);
        }
    }

    #[test]
    fn words_say_how_many_are_missing() {
        let words = words((15, 21), (17, 20));
        assert_eq!(words, "15 of 21 lines are covered, 3 fewer than the file's floor of 17 of 20 asks for.");
    }
}
