//! What is odd about a report and does not keep it from being read, and what makes no sense.

use tollgate_model::{Cause, format};

use crate::numbers::{Hits, Line};

/// What was passed over, each with how often it was met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Oddities {
    /// Counts below zero, taken for 0.
    pub(crate) negative: u64,
    /// Records whose line or count is `undefined`, `NaN` or `=====`: without a line skipped, without a count taken for missed.
    pub(crate) undefined: u64,
    /// Records about line 0 or below, skipped.
    pub(crate) line_zero: u64,
    /// Records of an unknown kind, skipped.
    pub(crate) unknown: u64,
}

impl Oddities {
    /// The line, if there is one; else what is wrong is counted.
    pub(crate) fn line(&mut self, line: Line) -> Option<u32> {
        match line {
            Line::At(line) => return Some(line),
            Line::Zero => self.line_zero += 1,
            Line::Undefined => self.undefined += 1,
        }
        None
    }

    /// Whether it was certainly hit; what is wrong is counted.
    pub(crate) fn hit(&mut self, hits: Hits) -> bool {
        match hits {
            Hits::Hit => return true,
            Hits::Miss => {}
            Hits::Negative => self.negative += 1,
            Hits::Undefined => self.undefined += 1,
        }
        false
    }

    /// What was passed over, without the report's path; none where nothing was.
    pub(crate) fn note(&self) -> Option<String> {
        let parts: Vec<String> = [
            (self.negative, "count", "below 0 taken for 0"),
            (self.undefined, "record", "with an undefined number not counted as hit"),
            (self.line_zero, "record", "about line 0 or below skipped"),
            (self.unknown, "line", "of unknown kind skipped"),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, thing, what)| format!("{} {what}", format::things(count, thing)))
        .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// Records of a known kind that make no sense.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// How many.
    pub(crate) count: u64,
    /// The first: its line in the report, and what is wrong with it.
    pub(crate) first: Option<(u64, String)>,
}

impl Malformed {
    /// Notes a record that makes no sense at `line` of the report. It is not counted, and the report is not complete.
    pub(crate) fn add(&mut self, line: u64, message: impl Into<String>) {
        self.count += 1;
        self.first.get_or_insert_with(|| (line, message.into()));
    }

    /// What is wrong, without the report's path; none where nothing is.
    pub(crate) fn problem(&self) -> Option<(Cause, String)> {
        let (line, message) = self.first.as_ref()?;
        let more = match self.count {
            1 => "this record was not counted".to_owned(),
            count => format!("this and {} were not counted", format::things(count - 1, "other record")),
        };
        Some((Cause::Unreadable, format!(":{line}: {message}; {more}; write the report again")))
    }
}
