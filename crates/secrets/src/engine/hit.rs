//! One thing that looks like a credential.

use std::cmp::Ordering;
use std::ops::Range;

use tollgate_model::Confidence;

/// One thing that looks like a credential, by where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Where the value stands; of a decoded one, what it was decoded from.
    pub(crate) span: Range<usize>,
    /// Which detector.
    pub(crate) detector: usize,
    /// The bytes that decided, with some to spare: where all of them stand again, so does the hit.
    pub(crate) seen: Range<usize>,
    /// The value, where it had to be decoded.
    pub(crate) decoded: Option<Box<[u8]>>,
    /// Whether it is a value without quotes, which in source code is a name.
    pub(crate) bare: bool,
    /// Whether its inner structure was verified.
    pub(crate) verified: bool,
    /// How sure it is.
    pub(crate) confidence: Confidence,
}

impl Hit {
    /// The value, out of the text that was scanned.
    pub(crate) fn value<'a>(&'a self, text: &'a [u8]) -> &'a [u8] {
        match &self.decoded {
            Some(decoded) => decoded,
            None => text.get(self.span.clone()).unwrap_or_default(),
        }
    }

    /// By place, then by detector.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        let key = |hit: &Self| (hit.span.start, hit.span.end, hit.detector);
        key(self).cmp(&key(other)).then_with(|| self.decoded.cmp(&other.decoded))
    }

    /// The same somewhere else: `by` bytes on, or back.
    pub(crate) fn moved(&self, by: isize) -> Self {
        let shift = |range: &Range<usize>| range.start.saturating_add_signed(by)..range.end.saturating_add_signed(by);
        Self { span: shift(&self.span), seen: shift(&self.seen), ..self.clone() }
    }
}
