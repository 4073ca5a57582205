//! Text that never outgrows its share.

use tollgate_model::format;

/// Room for the sentence that counts what was left out.
const SENTENCE: usize = 120;

/// Collects whole items while they fit; from the first that does not, all are counted instead.
pub(super) struct Bounded {
    text: String,
    limit: usize,
    left_out: u64,
}

impl Bounded {
    /// Room for `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { text: String::new(), limit: limit.saturating_sub(SENTENCE), left_out: 0 }
    }

    /// Takes all of `item` or counts it.
    pub(super) fn push(&mut self, item: &str) {
        if self.is_full() || self.text.len() + item.len() > self.limit {
            self.count_one();
        } else {
            self.text.push_str(item);
        }
    }

    /// Whether an item did not fit: from now on they are counted only.
    pub(super) fn is_full(&self) -> bool {
        self.left_out > 0
    }

    /// Counts an item that need not be made, because none fits any more.
    pub(super) fn count_one(&mut self) {
        self.left_out += 1;
    }

    /// Whether nothing was given to it.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.left_out == 0
    }

    /// What was taken, then, apart from it, how many `what` were not; `end` after all of it.
    pub(super) fn finish(mut self, what: &str, end: &str) -> String {
        if self.is_empty() {
            return self.text;
        }
        if self.left_out > 0 {
            let more = format::things(self.left_out, &format!("more {what}"));
            self.text.push_str(&format!("\n… {more}, left out here; `run.json` has all.\n"));
        }
        self.text.push_str(end);
        self.text
    }
}
