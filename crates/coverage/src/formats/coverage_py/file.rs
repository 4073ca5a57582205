//! One file of a coverage.py report.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::SCHEME;
use crate::file_coverage::{Counts, FileCoverage};
use crate::formats::json_values::{line, malformed, whole};
use crate::lines::LineGatherer;
use crate::marks::MarkGatherer;
use crate::reading::Reading;
use crate::statements::StatementGatherer;

/// Declared totals of a file or the report.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Summary {
    pub(super) covered_lines: Option<u64>,
    missing_lines: Option<u64>,
    covered_branches: Option<u64>,
    missing_branches: Option<u64>,
    /// Whether the branches themselves are listed.
    pub(super) lists_branches: bool,
}

/// `{"covered_lines": 7, "missing_lines": 2, …}`
pub(super) fn summary(reader: &mut Reader) -> Result<Summary, InputError> {
    let mut summary = Summary::default();
    reader.object(|reader, key| {
        let place = match key {
            "covered_lines" => &mut summary.covered_lines,
            "missing_lines" => &mut summary.missing_lines,
            "covered_branches" => &mut summary.covered_branches,
            "missing_branches" => &mut summary.missing_branches,
            _ => return Ok(()),
        };
        *place = whole(reader)?;
        Ok(())
    })?;
    Ok(summary)
}

impl Summary {
    /// How many branches are declared and not listed.
    pub(super) fn unlisted_branches(&self) -> u64 {
        let count = |count: Option<u64>| count.unwrap_or(0);
        if self.lists_branches { 0 } else { count(self.covered_branches).saturating_add(count(self.missing_branches)) }
    }

    /// Compares the totals with what was counted. Older versions list lines that are no statements, and branches that
    /// they do not take for possible, among the executed ones, so more of these than declared are no contradiction.
    pub(super) fn compare(self, of: &str, lines: Counts, branches: Counts, reading: &mut Reading) {
        let at_least = |declared: Option<u64>, counted: u64| declared.map(|declared| declared.max(counted));
        let [covered, missing] =
            [self.covered_branches, self.missing_branches].map(|n| n.filter(|_| self.lists_branches));
        reading.disagreements.compare(
            of,
            &[
                ("missing_lines", self.missing_lines, lines.1 - lines.0),
                ("covered_lines", at_least(self.covered_lines, lines.0), lines.0),
                ("missing_branches", missing, branches.1 - branches.0),
                ("covered_branches", at_least(covered, branches.0), branches.0),
            ],
        );
    }
}

/// Reads one file after another.
pub(super) struct FileReader {
    lines: LineGatherer,
    statements: StatementGatherer,
    branches: MarkGatherer,
    functions: MarkGatherer,
    /// As listed; what was executed may be excluded as well.
    executed: LineGatherer,
    excluded: LineGatherer,
}

impl FileReader {
    pub(super) fn new() -> Self {
        Self {
            lines: LineGatherer::default(),
            statements: StatementGatherer::new(SCHEME),
            branches: MarkGatherer::new(SCHEME),
            functions: MarkGatherer::new(SCHEME),
            executed: LineGatherer::default(),
            excluded: LineGatherer::default(),
        }
    }

    /// Takes a file: what it holds and what it declares. None where it lists no lines, which is noted.
    pub(super) fn read(
        &mut self,
        reader: &mut Reader,
        reading: &mut Reading,
    ) -> Result<Option<(FileCoverage, Summary)>, InputError> {
        let mut declared = Summary::default();
        let (mut lists, mut lists_branches) = (false, false);
        reader.object(|reader, key| {
            match key {
                "executed_lines" => {
                    lists = true;
                    line_numbers(reader, reading, |line| self.executed.add(line, true))?;
                }
                "missing_lines" => {
                    lists = true;
                    line_numbers(reader, reading, |line| self.add(line, false))?;
                }
                "excluded_lines" => line_numbers(reader, reading, |line| self.excluded.add(line, false))?,
                "executed_branches" | "missing_branches" => {
                    lists_branches = true;
                    self.branches(reader, reading, key == "executed_branches")?;
                }
                "functions" => self.functions(reader, reading)?,
                "summary" if reader.kind()? == Kind::Object => declared = summary(reader)?,
                _ => {}
            }
            Ok(())
        })?;
        let coverage = self.take();
        if !lists {
            malformed(reader, &mut reading.malformed, "what is said of a file has no executed_lines or missing_lines");
            return Ok(None);
        }
        declared.lists_branches = lists_branches;
        Ok(Some((coverage, declared)))
    }

    fn add(&mut self, line: u32, hit: bool) {
        self.lines.add(line, hit);
        self.statements.add(line, 1, hit);
    }

    fn take(&mut self) -> FileCoverage {
        let (executed, excluded) = (self.executed.take(), self.excluded.take());
        for (line, hit) in executed.iter_within(0, u32::MAX) {
            // Older versions list excluded lines that were executed.
            if excluded.counts_within(line, line).1 == 0 {
                self.add(line, hit);
            }
        }
        FileCoverage::new(self.lines.take(), self.branches.take(), self.functions.take())
            .with_statements(self.statements.take())
    }

    /// `[[6, 7], [43, -1]]`
    fn branches(&mut self, reader: &mut Reader, reading: &mut Reading, hit: bool) -> Result<(), InputError> {
        reader.array(|reader| match pair(reader)? {
            Some((from @ 1..=MOST_LINE, to)) => {
                self.branches.add(from as u32, to, hit);
                Ok(())
            }
            Some((..=0, _)) => {
                reading.oddities.line_zero += 1;
                Ok(())
            }
            _ => {
                malformed(
                    reader,
                    &mut reading.malformed,
                    "a branch needs two line numbers, as in [6, 7], or [6, -1] for an exit",
                );
                Ok(())
            }
        })
    }

    /// Functions by name, each with its lines. What is left of the file has no name; a function without statements
    /// cannot be hit.
    fn functions(&mut self, reader: &mut Reader, reading: &mut Reading) -> Result<(), InputError> {
        reader.object(|reader, name| {
            if name.is_empty() || reader.kind()? != Kind::Object {
                return Ok(());
            }
            let (mut executed, mut missing) = (false, false);
            reader.object(|reader, key| match key {
                "executed_lines" => line_numbers(reader, reading, |_| executed = true),
                "missing_lines" => line_numbers(reader, reading, |_| missing = true),
                _ => Ok(()),
            })?;
            if executed || missing {
                self.functions.add(0, name, executed);
            }
            Ok(())
        })
    }
}

/// The last line that a branch can lie in.
const MOST_LINE: i64 = i32::MAX as i64;

/// `[6, 7]`; none if it is anything else.
fn pair(reader: &mut Reader) -> Result<Option<(i64, i64)>, InputError> {
    if reader.kind()? != Kind::Array {
        return Ok(None);
    }
    let (mut numbers, mut count) = ([None; 2], 0_usize);
    reader.array(|reader| {
        if let Some(place) = numbers.get_mut(count)
            && reader.kind()? == Kind::Number
        {
            *place = reader.number()?.as_i64();
        }
        count += 1;
        Ok(())
    })?;
    Ok(match numbers {
        [Some(from), Some(to)] if count == 2 => Some((from, to)),
        _ => None,
    })
}

/// `[1, 2, 5]`
fn line_numbers(reader: &mut Reader, reading: &mut Reading, mut each: impl FnMut(u32)) -> Result<(), InputError> {
    reader.array(|reader| {
        match line(reader)? {
            Some(line) => {
                if let Some(line) = reading.oddities.line(line) {
                    each(line);
                }
            }
            None => malformed(reader, &mut reading.malformed, "a line number is no number, or too high"),
        }
        Ok(())
    })
}
