//! The way through the text: white space, brackets, commas, colons.

use super::{DEPTH, Place, Reader, State, scan};
use crate::InputError;

impl Reader {
    /// What was read into the window and not looked at.
    #[inline]
    pub(super) fn rest(&self) -> &[u8] {
        self.window.bytes().get(self.at..).unwrap_or_default()
    }

    /// Reads on, and drops what was looked at; false when there is nothing more.
    pub(super) fn refill(&mut self) -> Result<bool, InputError> {
        if let Place::Ahead(ahead) = self.last {
            // The line is lost when the bytes are dropped.
            self.last = if ahead < self.at { Place::Line(self.window.line(ahead)) } else { Place::Ahead(0) };
        }
        self.window.consume(self.at);
        self.at = 0;
        self.window.more().inspect_err(|_| self.state = State::Broken)
    }

    /// Reads on until `count` bytes are there; false when there are fewer.
    #[inline]
    pub(super) fn ensure(&mut self, count: usize) -> Result<bool, InputError> {
        while self.rest().len() < count {
            if !self.refill()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The next byte that is no white space, which is not taken; 0 at the end (and at a NUL, which is never right).
    #[inline]
    pub(super) fn peek(&mut self) -> Result<u8, InputError> {
        match self.rest().first() {
            Some(&byte) if byte > b' ' => Ok(byte),
            _ => self.peek_far(),
        }
    }

    fn peek_far(&mut self) -> Result<u8, InputError> {
        loop {
            self.at += scan::blank(self.rest());
            match self.rest().first().copied() {
                Some(byte) => return Ok(byte),
                None if self.refill()? => {}
                None => return Ok(0),
            }
        }
    }

    /// Goes to the value that is to be taken or looked at, and gives its first byte.
    #[inline]
    pub(super) fn begin(&mut self) -> Result<u8, InputError> {
        if self.state != State::Value {
            return Err(self.no_value());
        }
        let byte = self.peek()?;
        self.last = Place::Ahead(self.at);
        Ok(byte)
    }

    /// Passes over a value that was left.
    #[inline]
    pub(super) fn settle(&mut self) -> Result<(), InputError> {
        match self.state {
            State::Taken => Ok(()),
            State::Value => self.skip(),
            State::Broken => Err(self.no_value()),
        }
    }

    /// Passes over the bracket here, which `close` closes.
    #[inline]
    pub(super) fn enter(&mut self, close: u8) -> Result<(), InputError> {
        if self.open.len() >= DEPTH {
            return Err(self.wrong(0, format!("objects and arrays are nested more than {DEPTH} levels deep")));
        }
        self.open.push(close);
        self.at += 1;
        Ok(())
    }

    /// Passes over the bracket here, which closes what was opened last.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.last = Place::Ahead(self.at);
        self.open.pop();
        self.at += 1;
        self.state = State::Taken;
    }

    /// Goes to the next value of an object, and puts its key into `key`; false behind the object.
    pub(super) fn member(&mut self, first: bool, key: &mut String) -> Result<bool, InputError> {
        if !self.another(first, b'}')? {
            return Ok(false);
        }
        if self.rest().first() != Some(&b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        self.last = Place::Ahead(self.at);
        self.key(key)?;
        self.colon()?;
        self.state = State::Value;
        Ok(true)
    }

    /// Goes to the next value of an array; false behind the array.
    pub(super) fn item(&mut self, first: bool) -> Result<bool, InputError> {
        let another = self.another(first, b']')?;
        if another {
            self.state = State::Value;
        }
        Ok(another)
    }

    /// Goes to what comes next before `close`, behind a comma unless it is the first; false behind `close`.
    #[inline]
    pub(super) fn another(&mut self, first: bool, close: u8) -> Result<bool, InputError> {
        let byte = self.peek()?;
        if byte == close {
            self.leave();
            return Ok(false);
        }
        if first {
            return Ok(true);
        }
        if byte != b',' {
            return Err(self.unexpected(if close == b'}' { "`,` or `}`" } else { "`,` or `]`" }));
        }
        self.at += 1;
        if self.peek()? == close {
            return Err(self.wrong(0, "a comma before the closing bracket is not JSON; remove it"));
        }
        Ok(true)
    }

    /// Passes over the colon behind a key.
    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), InputError> {
        if self.peek()? != b':' {
            return Err(self.unexpected("`:` after the key"));
        }
        self.at += 1;
        Ok(())
    }
}
