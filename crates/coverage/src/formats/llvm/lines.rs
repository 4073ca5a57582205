//! Lines from segments, by the rule of `LineCoverageStats` and `LineCoverageIterator` in LLVM's
//! `lib/ProfileData/Coverage/CoverageMapping.cpp`:
//!
//! A segment holds from its place to the next one's. The segment that is last in the lines before wraps into a line. A
//! line can be covered when a region with a count begins in it, or when a segment with a count wraps into it; the
//! latter not where its first segment begins a skipped region. It was hit when the wrapped segment was, or a region
//! that begins in it and is no gap.

use crate::lines::LineGatherer;

/// The longest segment that is followed line by line.
const LONGEST: u32 = 100_000;

/// How many lines the segments of one report may span.
const MOST: u64 = 200_000_000;

/// A change of the count within a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) line: u32,
    /// Whether its count is above 0.
    pub(super) hit: bool,
    pub(super) has_count: bool,
    /// Whether a region begins here.
    pub(super) begins: bool,
    /// Whether the region is what lies between two others.
    pub(super) gap: bool,
}

/// Why a segment was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Odd {
    /// It makes no sense.
    Record(&'static str),
    /// The report makes none.
    TooMuch(&'static str),
}

/// Makes lines of one segment after another.
#[derive(Debug, Default)]
pub(super) struct SegmentLines {
    /// The last segment in the lines before.
    wrapped: Option<Segment>,
    line: Option<Current>,
    /// How many lines were spanned in all files.
    spanned: u64,
}

/// The line that segments are added to.
#[derive(Debug)]
struct Current {
    number: u32,
    /// Whether its first segment begins a skipped region.
    skipped: bool,
    /// Whether any region with a count begins in it.
    counted: bool,
    /// Whether any of those that are no gaps was hit.
    hit: bool,
    last: Segment,
}

impl SegmentLines {
    /// Begins a file.
    pub(super) fn begin(&mut self) {
        (self.wrapped, self.line) = (None, None);
    }

    /// Adds the next segment.
    pub(super) fn add(&mut self, segment: Segment, lines: &mut LineGatherer) -> Result<(), Odd> {
        let mut odd = Ok(());
        match &mut self.line {
            Some(line) if segment.line < line.number => {
                return Err(Odd::Record("segments are not in the order of lines"));
            }
            Some(line) if segment.line == line.number => {
                line.add(segment);
                return Ok(());
            }
            Some(line) => {
                let before = line.number;
                self.end(lines);
                odd = self.span(before, segment.line, lines);
            }
            None => {}
        }
        let mut line = Current {
            number: segment.line,
            skipped: segment.begins && !segment.has_count,
            counted: false,
            hit: false,
            last: segment,
        };
        line.add(segment);
        self.line = Some(line);
        odd
    }

    /// Ends the line that segments were added to.
    pub(super) fn end(&mut self, lines: &mut LineGatherer) {
        let Some(line) = self.line.take() else { return };
        let wrapped = self.wrapped.unwrap_or_default();
        if line.counted || wrapped.has_count && !line.skipped {
            lines.add(line.number, wrapped.hit || line.hit);
        }
        self.wrapped = Some(line.last);
    }

    /// The lines between `before` and `next`, in which no segment begins.
    fn span(&mut self, before: u32, next: u32, lines: &mut LineGatherer) -> Result<(), Odd> {
        let Some(wrapped) = self.wrapped.filter(|wrapped| wrapped.has_count) else { return Ok(()) };
        let length = next - before - 1;
        if length > LONGEST {
            return Err(Odd::Record("a segment spans more than 100,000 lines"));
        }
        self.spanned += u64::from(length);
        if self.spanned > MOST {
            return Err(Odd::TooMuch("segments span more than 200,000,000 lines up to here; this is no real report"));
        }
        (before + 1..next).for_each(|line| lines.add(line, wrapped.hit));
        Ok(())
    }
}

impl Current {
    fn add(&mut self, segment: Segment) {
        let counted = segment.begins && segment.has_count;
        self.counted |= counted;
        self.hit |= counted && !segment.gap && segment.hit;
        self.last = segment;
    }
}
