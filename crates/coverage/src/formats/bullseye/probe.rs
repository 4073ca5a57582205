//! One probe.

use tollgate_input::xml::Element;

use crate::formats::dotnet::{count, hash};
use crate::numbers::{Line, line_number};

const EXPECTED: &str = "a probe needs a line, a kind and an event, as in line=\"12\" kind=\"decision\" event=\"true\"";

/// What a probe says.
pub(super) struct Probe {
    pub(super) line: Line,
    /// Stands for its column, its sequence number there and its kind.
    pub(super) place: u64,
    pub(super) outcomes: Outcomes,
}

/// What can come of what a probe measures, and what did.
pub(super) enum Outcomes {
    /// Nothing: the expression is constant.
    Constant,
    /// A function was called.
    Entered(bool),
    /// Something was entered: a label, a block, the body of a loop.
    One(bool),
    /// A decision or condition was true, and it was false.
    Two { yes: bool, no: bool },
}

impl Probe {
    /// Reads a probe; none if its kind is not known.
    ///
    /// # Errors
    /// What it should have.
    pub(super) fn of(element: &Element<'_>) -> Result<Option<Self>, &'static str> {
        let kind = element.attribute("kind").ok_or(EXPECTED)?.raw();
        let event = element.attribute("event").ok_or(EXPECTED)?.raw();
        let line = line_number(element.attribute("line").ok_or(EXPECTED)?.raw()).ok_or(EXPECTED)?;
        let (yes, no) = match event {
            b"none" => (false, false),
            b"true" => (true, false),
            b"false" => (false, true),
            b"full" => (true, true),
            _ => return Err(EXPECTED),
        };
        let outcomes = match kind {
            b"constant" => Outcomes::Constant,
            b"function" => Outcomes::Entered(yes && no),
            b"decision" | b"condition" => Outcomes::Two { yes, no },
            b"switch-label" | b"try" | b"catch" | b"for-range-body" => Outcomes::One(yes && no),
            _ => return Ok(None),
        };
        let [column, nth] = ["column", "col_seq"].map(|name| count(element.attribute(name)).unwrap_or(0));
        Ok(Some(Self { line, place: hash((column, nth, kind)), outcomes }))
    }

    /// Whether its line was reached.
    pub(super) fn hit(&self) -> bool {
        match self.outcomes {
            Outcomes::Constant => false,
            Outcomes::Entered(hit) | Outcomes::One(hit) => hit,
            Outcomes::Two { yes, no } => yes || no,
        }
    }
}
