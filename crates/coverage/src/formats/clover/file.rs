//! One file: its lines, and which kind of conditions it has.
//!
//! `truecount` and `falsecount` of a condition mean three things:
//!
//! - With a `count` (Istanbul) the condition is a line, run so often, and the two say how many of its branches were taken
//!   and how many were not.
//! - Without one (Clover) they say how often each of two ways was gone. The line has a statement of its own.
//! - Without one, but where the file's metrics are those of ReportGenerator, they are again branches taken and not, and
//!   the condition stands in place of the statement.

use tollgate_input::xml::Element;

use super::metrics::{Counted, Metrics};
use crate::file_coverage::FileCoverage;
use crate::formats::elements::{self, Allowance};
use crate::lines::LineGatherer;
use crate::marks::{MarkGatherer, Scheme};
use crate::numbers::{hits, number};
use crate::oddities::Oddities;
use crate::statements::StatementGatherer;

/// How branches, functions and statements are named: by their line, and their place among those of the line.
const SCHEME: Scheme = 4;

/// A file that is being read.
pub(super) struct File {
    pub(super) path: String,
    pub(super) declared: Metrics,
    /// It lists a line.
    pub(super) listed: bool,
    /// Statements, each with its line and whether it was hit.
    statements: Vec<(u32, bool)>,
    /// Conditions that tell no count. What they mean is known at the end of the file.
    conditions: Vec<Condition>,
    /// Whether there are conditions that tell a count.
    counts: bool,
    /// How many methods it lists.
    methods: u64,
}

/// A condition that tells no count.
struct Condition {
    line: u32,
    yes: u64,
    no: u64,
}

/// What gathers the parts of a file, used for one after the other.
pub(super) struct Gatherers {
    lines: LineGatherer,
    branches: MarkGatherer,
    functions: MarkGatherer,
    statements: StatementGatherer,
    allowance: Allowance,
}

impl Default for Gatherers {
    fn default() -> Self {
        Self {
            lines: LineGatherer::default(),
            branches: MarkGatherer::new(SCHEME),
            functions: MarkGatherer::new(SCHEME),
            statements: StatementGatherer::new(SCHEME),
            allowance: Allowance::default(),
        }
    }
}

impl Gatherers {
    /// Notes that `line` has branches, of which so many were taken and so many not; they have no names.
    fn arms(&mut self, line: u32, taken: u64, missed: u64) -> Result<(), &'static str> {
        let (taken, all) = self.allowance.record(taken, taken.saturating_add(missed))?;
        (0..all).for_each(|arm| self.branches.add(line, ("arm", arm), arm < taken));
        Ok(())
    }
}

impl File {
    pub(super) fn new(path: String) -> Self {
        Self {
            path,
            declared: Metrics::default(),
            listed: false,
            statements: Vec::new(),
            conditions: Vec::new(),
            counts: false,
            methods: 0,
        }
    }

    pub(super) fn statement(&mut self, line: u32, hit: bool, to: &mut Gatherers) {
        to.lines.add(line, hit);
        self.statements.push((line, hit));
    }

    pub(super) fn method(&mut self, line: u32, hit: bool, element: &Element<'_>, to: &mut Gatherers) {
        let text = |name| element.attribute(name).map(|value| value.raw());
        to.lines.add(line, hit);
        to.functions.add(0, (line, text("signature").or_else(|| text("name"))), hit);
        self.methods += 1;
    }

    /// A condition in `line`, which was hit if that is told.
    pub(super) fn condition(
        &mut self,
        line: u32,
        hit: Option<bool>,
        element: &Element<'_>,
        oddities: &mut Oddities,
        to: &mut Gatherers,
    ) -> Result<(), &'static str> {
        let mut told = |name| {
            let value = element.attribute(name);
            let read = value.and_then(|value| Some((value.raw(), hits(value.raw())?)));
            let (raw, count) = read.ok_or("a condition needs truecount=\"1\" and falsecount=\"0\"")?;
            let hit = oddities.hit(count);
            Ok::<u64, &'static str>(number(raw).unwrap_or(hit.into()))
        };
        let (yes, no) = (told("truecount")?, told("falsecount")?);
        match hit {
            Some(hit) => {
                to.arms(line, yes, no)?;
                self.counts = true;
                self.statement(line, hit, to);
            }
            None => self.conditions.push(Condition { line, yes, no }),
        }
        Ok(())
    }

    /// What was gathered, and what of it compares with metrics.
    pub(super) fn finish(mut self, to: &mut Gatherers) -> (FileCoverage, Counted, Result<(), &'static str>) {
        let generated = self.declared.of_report_generator();
        let ways = !generated && !self.counts && !self.conditions.is_empty();
        let mut read = Ok(());
        let mut conditions = std::mem::take(&mut self.conditions);
        conditions.sort_by_key(|condition| condition.line);
        let mut place = Place::default();
        for Condition { line, yes, no } in conditions {
            let at = place.of(line);
            if generated {
                match to.arms(line, yes, no) {
                    Ok(()) => self.statement(line, yes > 0, to),
                    Err(message) => read = Err(message),
                }
            } else {
                to.lines.add(line, yes > 0 || no > 0);
                to.branches.add(line, (at, true), yes > 0);
                to.branches.add(line, (at, false), no > 0);
            }
        }
        self.statements.sort_by_key(|(line, _)| *line);
        let mut place = Place::default();
        for (line, hit) in self.statements {
            to.statements.add((line, place.of(line)), 1, hit);
        }
        let coverage = FileCoverage::new(to.lines.take(), to.branches.take(), to.functions.take())
            .with_statements(to.statements.take());
        let (statements, branches) = (coverage.statement_counts(), coverage.branch_counts());
        (coverage, Counted { statements, branches, methods: self.methods, ways, generated }, read)
    }
}

/// Numbers those of one line, line after line.
#[derive(Default)]
struct Place {
    line: u32,
    next: u32,
}

impl Place {
    fn of(&mut self, line: u32) -> u32 {
        let at = if self.line == line { self.next } else { 0 };
        *self = Self { line, next: at + 1 };
        at
    }
}

/// The path of a `file` element. Most tools give a whole path as `path` and the last part as `name`; some only `name`, and
/// in it the path.
pub(super) fn path(element: &Element<'_>) -> Option<String> {
    let told = |name| match element.attribute(name) {
        Some(value) if !value.text().trim().is_empty() => elements::path(Some(value)).map(Some),
        _ => Some(None),
    };
    let split = |path: &str| path.contains(['/', '\\']);
    match (told("path")?, told("name")?) {
        (Some(path), Some(name)) if path.ends_with(['/', '\\']) => Some(path + &name),
        (Some(path), Some(name)) if split(&name) && !split(&path) => Some(name),
        (path, name) => path.or(name),
    }
}
