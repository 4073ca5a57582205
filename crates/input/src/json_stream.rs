//! JSON (RFC 8259) as a stream, for reports that are too large to hold.
//!
//! A [`Reader`] is asked for one value after another, in the order of the file, and holds a [`Window`] of it:
//!
//! ```
//! use std::io::Cursor;
//! use tollgate_input::{Source, Window, json_stream::Reader};
//!
//! let text = br#"{"total": {"lines": 7}, "source": "passed over"}"#;
//! let source = Source::new("report.json", Box::new(Cursor::new(text)), 1 << 30);
//! let mut reader = Reader::new(Window::new(source, 1 << 20)?);
//! let mut lines = None;
//! reader.object(|reader, key| match key {
//!     "total" => reader.object(|reader, key| {
//!         if key == "lines" {
//!             lines = reader.number()?.as_u64();
//!         }
//!         Ok(())
//!     }),
//!     _ => Ok(()),
//! })?;
//! reader.end()?;
//! assert_eq!(lines, Some(7));
//! # Ok::<(), tollgate_input::InputError>(())
//! ```
//!
//! What is passed over is checked like what is read, and costs no memory. Three things are read that RFC 8259 does not
//! have: bytes that are no UTF-8 and lone halves of surrogate pairs become U+FFFD in strings that are asked for, and
//! `NaN`, `Infinity` and `-Infinity`, which Python writes, are numbers. Trailing commas, comments and control
//! characters are refused. A key that occurs twice is handed over twice.
//!
//! Memory is bounded: a string or number that is asked for is not longer than the window's bound (or 128 KiB, if that
//! is more), a key not longer than 64 KiB, and objects and arrays are nested not more than 256 levels deep. Of a string
//! that may be longer, the beginning can be [asked for](Reader::string_prefix).

mod copy;
mod messages;
mod number;
mod scan;
mod skip;
mod string;
#[cfg(test)]
mod tests;
mod walk;

use std::borrow::Cow;

use crate::{Digest, InputError, Window};

pub use number::Number;

/// How deep objects and arrays may be nested, together.
const DEPTH: usize = 256;

/// What kind of value stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number, `NaN`, `Infinity` or `-Infinity`.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`
    Null,
}

/// What may be asked of a reader now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A value stands here and was not taken.
    Value,
    /// The value was taken.
    Taken,
    /// An error was reported after which the place in the file means nothing.
    Broken,
}

/// Where the last key or value begins.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// So many bytes after the first of the window.
    Ahead(usize),
    /// No longer in the window; it was on this line.
    Line(u64),
}

/// A JSON text of which one value after another is taken.
///
/// A value that is not of the kind asked for is an error, and is not taken: it may be asked for as another kind. After
/// any other error nothing more is read.
#[derive(Debug)]
pub struct Reader {
    window: Window,
    /// How many bytes of the window were read.
    at: usize,
    state: State,
    last: Place,
    /// The brackets that close what is open, the innermost last.
    open: Vec<u8>,
    /// Strings for keys, reused.
    keys: Vec<String>,
}

impl Reader {
    /// Reads the text that begins with the window.
    pub fn new(window: Window) -> Self {
        let open = Vec::with_capacity(DEPTH);
        Self { window, at: 0, state: State::Value, last: Place::Ahead(0), open, keys: Vec::new() }
    }

    /// The kind of the next value, which is not taken.
    ///
    /// # Errors
    /// No value stands there; what reading said.
    #[inline]
    pub fn kind(&mut self) -> Result<Kind, InputError> {
        match self.begin()? {
            b'{' => Ok(Kind::Object),
            b'[' => Ok(Kind::Array),
            b'"' => Ok(Kind::String),
            b'-' | b'0'..=b'9' | b'N' | b'I' => Ok(Kind::Number),
            b't' | b'f' => Ok(Kind::Bool),
            b'n' => Ok(Kind::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Takes an object: `each` is called with every key and takes its value, or leaves it to be passed over.
    ///
    /// # Errors
    /// Another kind of value, text that is no JSON, what `each` or reading said.
    #[inline]
    pub fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, &str) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        if self.begin()? != b'{' {
            return Err(self.wrong_kind("an object"));
        }
        self.enter(b'}')?;
        let mut key = self.keys.pop().unwrap_or_default();
        let mut first = true;
        while self.member(first, &mut key)? {
            first = false;
            each(self, &key).inspect_err(|_| self.state = State::Broken)?;
            self.settle()?;
        }
        self.keys.push(key);
        Ok(())
    }

    /// Takes an array: `each` is called at every item and takes it, or leaves it to be passed over.
    ///
    /// # Errors
    /// Another kind of value, text that is no JSON, what `each` or reading said.
    #[inline]
    pub fn array(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), InputError>) -> Result<(), InputError> {
        if self.begin()? != b'[' {
            return Err(self.wrong_kind("an array"));
        }
        self.enter(b']')?;
        let mut first = true;
        while self.item(first)? {
            first = false;
            each(self).inspect_err(|_| self.state = State::Broken)?;
            self.settle()?;
        }
        Ok(())
    }

    /// Takes a string, borrowed from the window where it has no escape and is UTF-8.
    ///
    /// # Errors
    /// Another kind of value, text that is no JSON, a string longer than the window's bound, what reading said.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'_, str>, InputError> {
        if self.begin()? != b'"' {
            return Err(self.wrong_kind("a string"));
        }
        let text = self.text()?;
        self.state = State::Taken;
        Ok(self.decoded(text))
    }

    /// Takes a string of any length, and keeps its first `most` bytes, cut between characters; and whether more
    /// followed. It is borrowed from the window where it is not long, has no escape and is UTF-8.
    ///
    /// # Errors
    /// Another kind of value, text that is no JSON, what reading said.
    #[inline]
    pub fn string_prefix(&mut self, most: usize) -> Result<(Cow<'_, str>, bool), InputError> {
        if self.begin()? != b'"' {
            return Err(self.wrong_kind("a string"));
        }
        match self.near_text()? {
            Some(text) => {
                self.state = State::Taken;
                Ok(string::cut(self.decoded(text), most))
            }
            None => {
                let kept = self.far_prefix(most)?;
                self.state = State::Taken;
                Ok(string::cut(Cow::Owned(kept), most))
            }
        }
    }

    /// Takes a number.
    ///
    /// # Errors
    /// Another kind of value, text that is no JSON, a number longer than the window's bound, what reading said.
    #[inline]
    pub fn number(&mut self) -> Result<Number, InputError> {
        self.begin()?;
        if let Some((value, length)) = scan::count(self.rest()) {
            self.at += length;
            self.state = State::Taken;
            return Ok(Number::from(value));
        }
        self.any_number()
    }

    /// Takes `true` or `false`.
    ///
    /// # Errors
    /// Another kind of value, text that is no JSON, what reading said.
    pub fn bool(&mut self) -> Result<bool, InputError> {
        match self.kind()? {
            Kind::Bool => {
                let value = self.rest().first() == Some(&b't');
                self.word(if value { "true" } else { "false" })?;
                self.state = State::Taken;
                Ok(value)
            }
            _ => Err(self.wrong_kind("`true` or `false`")),
        }
    }

    /// Takes `null`, which gives none, or else what `read` takes.
    ///
    /// # Errors
    /// Text that is no JSON, what `read` or reading said.
    #[inline]
    pub fn null_or<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, InputError>,
    ) -> Result<Option<T>, InputError> {
        if self.begin()? != b'n' {
            return read(self).map(Some);
        }
        self.word("null")?;
        self.state = State::Taken;
        Ok(None)
    }

    /// Sees that nothing is left but white space. A text of which nothing was taken is passed over.
    ///
    /// # Errors
    /// Text that is no JSON, or none; what reading said.
    pub fn end(&mut self) -> Result<(), InputError> {
        self.settle()?;
        if self.peek()? == 0 && self.rest().is_empty() { Ok(()) } else { Err(self.unexpected("the end of the file")) }
    }

    /// The line, from 1, of the key or value that was looked at or taken last; of an object or array that was taken,
    /// its end.
    pub fn line(&self) -> u64 {
        match self.last {
            Place::Ahead(ahead) => self.window.line(ahead),
            Place::Line(line) => line,
        }
    }

    /// The path the text is known as.
    pub fn path(&self) -> &str {
        self.window.path()
    }

    /// The digest of everything that was read; of the whole after [`end`](Self::end).
    pub fn digest(&self) -> Digest {
        self.window.digest()
    }

    /// The error that says `message` of the [`line`](Self::line).
    pub fn malformed(&self, message: impl Into<String>) -> InputError {
        InputError::malformed(self.path(), Some(self.line()), message)
    }
}
