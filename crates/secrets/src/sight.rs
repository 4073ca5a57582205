//! What was seen in one text: values and where they stand, the text itself forgotten.

use tollgate_model::{Confidence, Region};

use crate::engine::detector::Look;
use crate::engine::hit::Hit;
use crate::engine::scan::Kept;
use crate::engine::set::Set;

/// Longest line that is kept for lists of exceptions, in bytes.
const LONGEST_LINE: usize = 600;

/// One value that looks like a credential, and where it stands in its text.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) detector: usize,
    pub(crate) confidence: Confidence,
    pub(crate) verified: bool,
    /// Whether it stands without quotes.
    pub(crate) bare: bool,
    /// Whether it had to be decoded.
    pub(crate) encoded: bool,
    /// The value. It leaves this crate only as a digest.
    pub(crate) value: Box<[u8]>,
    pub(crate) region: Region,
    /// The lines it stands on, at most `LONGEST_LINE` bytes around it.
    pub(crate) line: Box<[u8]>,
}

impl std::fmt::Debug for Sight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sight").field("detector", &self.detector).field("region", &self.region).finish_non_exhaustive()
    }
}

/// What is to be told of a text: of hits that overlap the one that says most.
pub(crate) fn sights(set: &Set, text: &[u8], kept: &Kept) -> Vec<Sight> {
    let mut best: Vec<&Hit> = Vec::new();
    let wanted = |hit: &&Hit| !set.detectors[hit.detector].silent && has_near(set, text, kept, hit);
    let mut order: Vec<&Hit> = kept.hits.iter().filter(wanted).collect();
    order.sort_by(|a, b| rank(set, b).cmp(&rank(set, a)).then_with(|| a.order(b)));
    for hit in order {
        let same = |other: &&Hit| match (&hit.decoded, &other.decoded) {
            // Several values may stand in one encoded piece.
            (Some(value), Some(known)) if hit.span == other.span => memchr::memmem::find(known, value).is_some(),
            _ => hit.span.start < other.span.end && other.span.start < hit.span.end,
        };
        if !best.iter().any(same) {
            best.push(hit);
        }
    }
    best.sort_by(|a, b| a.order(b));
    let mut lines = Lines { text, at: 0, number: 1 };
    best.into_iter().map(|hit| sight(text, &mut lines, hit)).collect()
}

/// Whether everything stands near a hit that must.
fn has_near(set: &Set, text: &[u8], kept: &Kept, hit: &Hit) -> bool {
    let lines = |a: usize, b: usize| {
        let between = text.get(a.min(b)..a.max(b)).unwrap_or_default();
        memchr::memchr_iter(b'\n', between).count() as u64
    };
    let column = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        at - memchr::memrchr(b'\n', before).map_or(0, |end| end + 1)
    };
    set.detectors[hit.detector].near.iter().all(|near| {
        kept.hits.iter().filter(|other| other.detector == near.detector).any(|other| {
            let (a, b) = (hit.span.start, other.span.start);
            near.lines.is_none_or(|most| lines(a, b) <= u64::from(most))
                && near.columns.is_none_or(|most| column(a).abs_diff(column(b)) as u64 <= u64::from(most))
        })
    })
}

/// How much a hit says: how sure it is, then how specific.
fn rank(set: &Set, hit: &Hit) -> (Confidence, bool, bool, usize) {
    let detector = &set.detectors[hit.detector];
    let look = matches!(detector.look, Look::Expression(..));
    (hit.confidence, hit.verified, look && !detector.generic, hit.span.len())
}

fn sight(text: &[u8], lines: &mut Lines<'_>, hit: &Hit) -> Sight {
    let (start_line, start) = lines.of(hit.span.start);
    let last = hit.span.end.saturating_sub(1).max(hit.span.start);
    let more = memchr::memchr_iter(b'\n', text.get(hit.span.start..last).unwrap_or_default()).count();
    let end_line = start_line.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
    let begin = text.get(..last).and_then(|before| memchr::memrchr(b'\n', before)).map_or(0, |at| at + 1);
    let column = |from: usize, to: usize| {
        let units: usize =
            String::from_utf8_lossy(text.get(from..to).unwrap_or_default()).chars().map(char::len_utf16).sum();
        u32::try_from(units + 1).ok()
    };
    // Columns in a line of megabytes are counted by nobody.
    let near = hit.span.start - start <= 1 << 16 && hit.span.len() <= 1 << 16;
    let region = Region {
        start_line,
        end_line,
        start_column: if near { column(start, hit.span.start) } else { None },
        end_column: if near { column(begin.max(start), hit.span.end) } else { None },
    };
    let from = start.max(hit.span.start.saturating_sub(LONGEST_LINE / 2));
    let end =
        text[hit.span.end.min(text.len())..].iter().take(LONGEST_LINE / 2).take_while(|byte| **byte != b'\n').count();
    let line = text.get(from..(hit.span.end + end).min(from + LONGEST_LINE).min(text.len())).unwrap_or_default();
    Sight {
        detector: hit.detector,
        confidence: hit.confidence,
        verified: hit.verified,
        bare: hit.bare,
        encoded: hit.decoded.is_some(),
        value: hit.value(text).into(),
        region,
        line: line.into(),
    }
}

/// Counts lines on the way through a text.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    number: u32,
}

impl Lines<'_> {
    /// The line that holds `offset`, from 1, and where it begins. Offsets must not go back.
    fn of(&mut self, offset: usize) -> (u32, usize) {
        let offset = offset.min(self.text.len());
        if offset > self.at {
            let more = memchr::memchr_iter(b'\n', &self.text[self.at..offset]).count();
            self.number = self.number.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
            self.at = offset;
        }
        (self.number, memchr::memrchr(b'\n', &self.text[..offset]).map_or(0, |at| at + 1))
    }
}
