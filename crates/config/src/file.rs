//! The text of the file, and the mistakes found in it so far.

use std::cell::RefCell;
use std::ops::Range;

use tollgate_input::LineIndex;

use crate::error::{ConfigError, Mistakes};

/// The text of the file, and the mistakes found in it so far.
pub(crate) struct File<'a> {
    path: &'a str,
    pub(crate) text: &'a str,
    index: LineIndex<'a>,
    mistakes: RefCell<Vec<ConfigError>>,
}

impl<'a> File<'a> {
    pub(crate) fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text, index: LineIndex::new(text), mistakes: RefCell::default() }
    }

    /// `file:line:column` of a byte.
    pub(crate) fn place(&self, at: usize) -> String {
        let (line, column) = self.index.position(at);
        format!("{}:{line}:{column}", self.path)
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(&self, at: usize) -> u32 {
        self.index.position(at).0
    }

    /// Notes a mistake at a byte.
    pub(crate) fn mistake(&self, at: usize, message: impl Into<String>) {
        let (line, column) = self.index.position(at);
        let mistake = ConfigError { path: self.path.to_owned(), line, column, message: message.into() };
        self.mistakes.borrow_mut().push(mistake);
    }

    /// Where character `column` (from 1) of the string `value`, written at `span`, stands in the file. The start of the
    /// span, where escapes make that impossible to say.
    pub(crate) fn within(&self, span: &Range<usize>, value: &str, column: usize) -> usize {
        let raw = self.text.get(span.clone()).unwrap_or_default();
        let Some(start) = raw.find(value) else { return span.start };
        let offset = value.char_indices().nth(column.saturating_sub(1)).map_or(value.len(), |(at, _)| at);
        span.start + start + offset
    }

    /// `value`, unless mistakes were noted.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Mistakes> {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort();
        mistakes.dedup();
        if mistakes.is_empty() { Ok(value) } else { Err(Mistakes(mistakes)) }
    }
}
