//! What the formats of .NET tools share: ranges of lines, places that repeat within a function, and what was not examined.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher as _};

use tollgate_input::xml::Value;
use tollgate_model::format;

use crate::file_coverage::FileCoverage;
use crate::lines::LineGatherer;
use crate::marks::{MarkGatherer, Scheme};
use crate::numbers::{Line, line_number, number};
use crate::oddities::Oddities;
use crate::statements::StatementGatherer;

/// The most lines of one range. No statement has more; one that claims to would cost time and memory without end.
const LONGEST_SPAN: u32 = 100_000;

/// The most lines that the ranges of a report span together.
const MOST_LINES: u64 = 200_000_000;

/// The lines by which symbol files mark code that no source line stands for.
const HIDDEN: [u32; 2] = [0xFE_EFEE, 0xF0_0F00];

/// The longest name that is kept whole, bytes.
const LONGEST_NAME: usize = 1 << 16;

/// How many places of one function are told apart when they repeat.
const MOST_PLACES: usize = 1_000_000;

/// How many reasons for passing something over are named, and their longest, characters.
const REASONS: usize = 8;
const LONGEST_REASON: usize = 60;

/// What is gathered of one file.
pub(super) struct Gathered {
    pub(super) lines: LineGatherer,
    pub(super) branches: MarkGatherer,
    pub(super) functions: MarkGatherer,
    pub(super) statements: StatementGatherer,
}

impl Gathered {
    /// Nothing yet, of things that are named as `scheme` does.
    pub(super) fn new(scheme: Scheme) -> Self {
        Self {
            lines: LineGatherer::default(),
            branches: MarkGatherer::new(scheme),
            functions: MarkGatherer::new(scheme),
            statements: StatementGatherer::new(scheme),
        }
    }

    /// Notes a statement called `name` that spans the lines from the first to the second of `span`.
    pub(super) fn statement(&mut self, span: (u32, u32), name: impl Hash, hit: bool) {
        (span.0..=span.1).for_each(|line| self.lines.add(line, hit));
        self.statements.add(name, 1, hit);
    }

    /// All of it.
    pub(super) fn finish(mut self) -> FileCoverage {
        let coverage = FileCoverage::new(self.lines.take(), self.branches.take(), self.functions.take());
        coverage.with_statements(self.statements.take())
    }
}

/// Reads ranges of lines, and sees that they stay in bounds.
#[derive(Debug)]
pub(super) struct Spans {
    /// How many lines more ranges may span.
    left: u64,
}

impl Default for Spans {
    fn default() -> Self {
        Self { left: MOST_LINES }
    }
}

impl Spans {
    /// First and last line of a range; none where it stands for no source line. Without an end it is one line.
    ///
    /// # Errors
    /// `expected` where a number is none, or what else is wrong with the range.
    pub(super) fn read(
        &mut self,
        oddities: &mut Oddities,
        [start, end]: [Option<Value<'_>>; 2],
        expected: &'static str,
    ) -> Result<Option<(u32, u32)>, &'static str> {
        let start = start.and_then(line).ok_or(expected)?;
        let end = end.map_or(Some(Line::Undefined), line).ok_or(expected)?;
        let Some(start) = oddities.line(start) else { return Ok(None) };
        let end = if let Line::At(end) = end { end } else { start };
        self.bounded(start, end).map(Some)
    }

    /// The range, if it is in bounds, and those before it with it.
    fn bounded(&mut self, start: u32, end: u32) -> Result<(u32, u32), &'static str> {
        let more = end.checked_sub(start).ok_or("a range ends before it begins")?;
        if more >= LONGEST_SPAN {
            return Err("a range spans more than 100,000 lines");
        }
        let over = "the ranges up to here span more than 200,000,000 lines, the bound";
        self.left = self.left.checked_sub(u64::from(more) + 1).ok_or(over)?;
        Ok((start, end))
    }
}

/// A line number as .NET tools write it: the marks of hidden code are none.
pub(super) fn line(value: Value<'_>) -> Option<Line> {
    match line_number(value.raw())? {
        Line::At(line) if HIDDEN.contains(&line) => Some(Line::Undefined),
        line => Some(line),
    }
}

/// A number in an attribute, if it has one.
pub(super) fn count(value: Option<Value<'_>>) -> Option<u64> {
    number(value?.raw())
}

/// Adds a piece of text to a name, as far as names are kept.
pub(super) fn extend(name: &mut String, piece: &str) {
    if name.len() < LONGEST_NAME {
        name.push_str(piece);
    }
}

/// Numbers things of a function that stand at the same place, so that each keeps its name from build to build.
#[derive(Debug, Default)]
pub(super) struct Ordinals(HashMap<u64, u32>);

impl Ordinals {
    /// How many things at `place` were numbered before.
    pub(super) fn next(&mut self, place: impl Hash) -> u32 {
        if self.0.len() >= MOST_PLACES {
            self.clear();
        }
        let next = self.0.entry(hash(place)).or_default();
        let ordinal = *next;
        *next = next.saturating_add(1);
        ordinal
    }

    /// Begins another function.
    pub(super) fn clear(&mut self) {
        // Clearing takes as long as the room is large, however little is in it.
        if self.0.capacity() > 1 << 12 {
            self.0 = HashMap::new();
        } else {
            self.0.clear();
        }
    }
}

/// A number that stands for `value` in names.
pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Modules that were not examined, by reason.
#[derive(Debug, Default)]
pub(super) struct Skipped {
    all: u64,
    reasons: BTreeMap<String, u64>,
}

impl Skipped {
    /// Notes one.
    pub(super) fn add(&mut self, reason: &str) {
        self.all += 1;
        let reason: String = reason.chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect();
        let known = !reason.is_empty() && (self.reasons.len() < REASONS || self.reasons.contains_key(&reason));
        *self.reasons.entry(if known { reason } else { "another reason".to_owned() }).or_default() += 1;
    }

    /// How many, and why: `4 modules were not examined (Filter 3, MissingPdb 1)`. None when there is none.
    pub(super) fn text(&self) -> Option<String> {
        let reasons: Vec<String> =
            self.reasons.iter().map(|(reason, count)| format!("{reason} {}", format::count(*count))).collect();
        let were = if self.all == 1 { "was" } else { "were" };
        let all = format::things(self.all, "module");
        (self.all > 0).then(|| format!("{all} {were} not examined ({})", reasons.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_stay_in_bounds_one_by_one_and_together() {
        let mut spans = Spans::default();
        assert_eq!(spans.bounded(7, 7), Ok((7, 7)));
        assert!(spans.bounded(7, 6).is_err() && spans.bounded(1, LONGEST_SPAN + 1).is_err());
        let wide = (0..3000).map_while(|_| spans.bounded(1, LONGEST_SPAN).ok()).count();
        assert_eq!(wide, 1999);
        assert_eq!(spans.bounded(1, LONGEST_SPAN - 1), Ok((1, LONGEST_SPAN - 1)));
        assert!(spans.bounded(1, 1).is_err_and(|message| message.contains("200,000,000")));
    }

    #[test]
    fn things_at_one_place_are_numbered() {
        let mut ordinals = Ordinals::default();
        let numbers: Vec<u32> = [(1, 2), (1, 2), (1, 3), (1, 2)].into_iter().map(|at| ordinals.next(at)).collect();
        assert_eq!(numbers, [0, 1, 0, 2]);
        ordinals.clear();
        assert_eq!(ordinals.next((1, 2)), 0);
    }

    #[test]
    fn reasons_are_counted_within_bounds() {
        let mut skipped = Skipped::default();
        assert_eq!(skipped.text(), None);
        skipped.add("Filter");
        assert_eq!(skipped.text().as_deref(), Some("1 module was not examined (Filter 1)"));
        ["MissingPdb", "Filter", "\u{1b}", ""].iter().for_each(|reason| skipped.add(reason));
        let text = "5 modules were not examined (Filter 2, MissingPdb 1, another reason 2)";
        assert_eq!(skipped.text().as_deref(), Some(text));
        (0..1000).for_each(|i| skipped.add(&format!("{i}{}", "x".repeat(1000))));
        assert!(skipped.reasons.len() <= REASONS + 1 && skipped.text().is_some_and(|text| text.len() < 1000));
    }
}
