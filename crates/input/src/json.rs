//! JSON (RFC 8259), strictly, with positions.
//!
//! What people add to JSON (comments, trailing commas, single quotes, `NaN`) is refused by name. A lone half of a
//! surrogate pair becomes U+FFFD; numbers are kept as they are written. There is no recursion: depth costs no stack.

mod lexer;
#[cfg(test)]
mod tests;

use crate::builder::Builder;
use crate::document::{Node, Value};
use crate::{InputError, Limits};
use lexer::{Lexer, Wrong};

/// The document in `text`, which is the file `path`. Bytes become text by [`utf8`](crate::utf8) first.
///
/// Fails with [`InputError::Malformed`] at the line and column that is not JSON or over the limits, and with
/// [`InputError::TooLarge`].
pub fn parse(path: &str, text: &str, limits: Limits) -> Result<Node, InputError> {
    let builder = Builder::new(path, text, limits)?;
    Reader { lexer: Lexer::new(text), builder }.document()
}

/// What may come next within a list or mapping.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// What belongs inside (a value, or a key with its value) or, just behind the bracket, the end.
    FirstOrEnd,
    /// What belongs inside, since a comma came before.
    Another,
    /// A comma or the end.
    CommaOrEnd,
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    builder: Builder<'a>,
}

impl Reader<'_> {
    fn document(mut self) -> Result<Node, InputError> {
        self.lexer.blank();
        let mut next = self.value()?;
        while let Some(mapping) = self.builder.in_mapping() {
            next = self.step(mapping, next)?;
        }
        self.lexer.blank();
        match self.builder.take() {
            Some(root) if self.lexer.peek().is_none() => Ok(root),
            _ => self.wrong(self.lexer.unexpected("the end of the file")),
        }
    }

    /// One step inside the innermost list or mapping.
    fn step(&mut self, mapping: bool, next: Next) -> Result<Next, InputError> {
        self.lexer.blank();
        let (end, expected) = if mapping { (b'}', "`,` or `}`") } else { (b']', "`,` or `]`") };
        match (self.lexer.peek(), next) {
            (Some(byte), Next::FirstOrEnd | Next::CommaOrEnd) if byte == end => {
                self.lexer.at += 1;
                self.builder.close(self.lexer.at);
                Ok(Next::CommaOrEnd)
            }
            (Some(b','), Next::CommaOrEnd) => {
                let comma = self.lexer.at;
                self.lexer.at += 1;
                self.lexer.blank();
                match self.lexer.peek() {
                    Some(b'}' | b']') => self.wrong(Wrong::new(comma, "a trailing comma is not JSON; remove it")),
                    _ => Ok(Next::Another),
                }
            }
            (_, Next::CommaOrEnd) => self.wrong(self.lexer.unexpected(expected)),
            _ if mapping => self.member(),
            _ => self.value(),
        }
    }

    /// A key, its colon, and its value as far as [`Self::value`] reads.
    fn member(&mut self) -> Result<Next, InputError> {
        if self.lexer.peek() != Some(b'"') {
            return self.wrong(self.lexer.unexpected("a key in double quotes"));
        }
        self.value()?;
        self.lexer.blank();
        if self.lexer.peek() != Some(b':') {
            return self.wrong(self.lexer.unexpected("`:` after the key"));
        }
        self.lexer.at += 1;
        self.lexer.blank();
        self.value()
    }

    /// A value; of a list or mapping only the beginning.
    fn value(&mut self) -> Result<Next, InputError> {
        let start = self.lexer.at;
        let value = match self.lexer.peek() {
            Some(byte @ (b'{' | b'[')) => {
                self.lexer.at += 1;
                self.builder.open(byte == b'{', start)?;
                return Ok(Next::FirstOrEnd);
            }
            Some(b'"') => self.lexer.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.lexer.number().map(Value::Number),
            _ => self.lexer.word(),
        };
        let value = value.or_else(|wrong| self.wrong(wrong))?;
        self.builder.scalar(Node::new(start, self.lexer.at, value))?;
        Ok(Next::CommaOrEnd)
    }

    fn wrong<T>(&self, wrong: Wrong) -> Result<T, InputError> {
        Err(self.builder.error(wrong.at, wrong.message))
    }
}
