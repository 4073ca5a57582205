//! The characters as the YAML scanner asks for them, with a bound on how far it looks ahead.

use std::cell::Cell;

use saphyr_parser::{Input, StrInput};

/// How many characters the scanner may read before it says what it found.
///
/// It keeps everything in a `[` or `{` until it knows whether all of that is a key, and a token takes a hundred times
/// the memory of its text.
pub(crate) const LOOKAHEAD: usize = 1 << 20;

/// The characters of a text. When `left` of them are read and nobody refilled it, the text ends.
pub(crate) struct Metered<'a> {
    inner: StrInput<'a>,
    left: &'a Cell<usize>,
}

impl<'a> Metered<'a> {
    pub(crate) fn new(text: &'a str, left: &'a Cell<usize>) -> Self {
        Self { inner: StrInput::new(text), left }
    }

    fn spend(&mut self, count: usize) {
        let left = self.left.get().saturating_sub(count);
        self.left.set(left);
        if left == 0 {
            self.inner = StrInput::new("");
        }
    }
}

impl Input for Metered<'_> {
    fn lookahead(&mut self, count: usize) {
        self.inner.lookahead(count);
    }

    fn buflen(&self) -> usize {
        // Everything can be looked at without waiting.
        self.bufmaxlen()
    }

    fn bufmaxlen(&self) -> usize {
        // The scanner reserves this much for every plain scalar.
        16
    }

    fn raw_read_ch(&mut self) -> char {
        let read = self.inner.raw_read_ch();
        self.spend(1);
        read
    }

    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        let read = self.inner.raw_read_non_breakz_ch();
        self.spend(usize::from(read.is_some()));
        read
    }

    fn skip(&mut self) {
        self.inner.skip();
        self.spend(1);
    }

    fn skip_n(&mut self, count: usize) {
        self.inner.skip_n(count);
        self.spend(count);
    }

    fn peek(&self) -> char {
        self.inner.peek()
    }

    fn peek_nth(&self, n: usize) -> char {
        self.inner.peek_nth(n)
    }

    fn peek_opt(&self) -> Option<char> {
        self.inner.peek_opt()
    }
}
