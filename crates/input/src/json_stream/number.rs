//! Numbers of a stream.

use std::fmt;

use super::scan::{self, NoNumber};
use super::{Reader, State};
use crate::InputError;

/// The words that stand for numbers, as Python's `json` and JavaScript write them.
const WORDS: [(&str, f64); 3] = [("NaN", f64::NAN), ("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)];

/// A number, as exact as the types it can be asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(Repr);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Repr {
    Whole(u64),
    /// A whole number from -1 down.
    Negative(i64),
    /// Minus zero, a number with a fraction or an exponent, or one that no integer holds, rounded to the nearest.
    Float(f64),
    /// `NaN`, `Infinity`, `-Infinity`.
    Word(f64),
    /// Finite, and too large for a double.
    Huge,
}

impl Number {
    /// The value, if it is written as a whole number that fits: `1.0` and `1e3` are not.
    #[inline]
    pub fn as_u64(self) -> Option<u64> {
        match self.0 {
            Repr::Whole(value) => Some(value),
            _ => None,
        }
    }

    /// The value, if it is written as a whole number that fits: `1.0` and `1e3` are not.
    #[inline]
    pub fn as_i64(self) -> Option<i64> {
        match self.0 {
            Repr::Whole(value) => i64::try_from(value).ok(),
            Repr::Negative(value) => Some(value),
            _ => None,
        }
    }

    /// The nearest double, which is not finite for `NaN`, `Infinity` and `-Infinity`; none for a finite number that is
    /// too large for one.
    pub fn as_f64(self) -> Option<f64> {
        match self.0 {
            Repr::Whole(value) => Some(value as f64),
            Repr::Negative(value) => Some(value as f64),
            Repr::Float(value) | Repr::Word(value) => Some(value),
            Repr::Huge => None,
        }
    }

    /// `text` must be a number of JSON.
    fn of(text: &str) -> Self {
        if let Ok(value) = text.parse() {
            return Self(Repr::Whole(value));
        }
        match text.parse() {
            Ok(0) | Err(_) => {}
            Ok(value) => return Self(Repr::Negative(value)),
        }
        let float = text.parse().ok().filter(|value: &f64| value.is_finite());
        Self(float.map_or(Repr::Huge, Repr::Float))
    }
}

impl From<u64> for Number {
    #[inline]
    fn from(value: u64) -> Self {
        Self(Repr::Whole(value))
    }
}

/// For messages.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Whole(value) => value.fmt(f),
            Repr::Negative(value) => value.fmt(f),
            Repr::Float(value) | Repr::Word(value) => value.fmt(f),
            Repr::Huge => f.write_str("a number too large for a double"),
        }
    }
}

impl Reader {
    /// Takes a number of any length.
    pub(super) fn any_number(&mut self) -> Result<Number, InputError> {
        let (length, word) = self.find_number()?;
        let text = self.rest().get(..length).unwrap_or_default();
        let number = match (word, str::from_utf8(text)) {
            (Some(value), _) => Number(Repr::Word(value)),
            (None, text) => Number::of(text.unwrap_or_default()),
        };
        self.at += length;
        self.state = State::Taken;
        Ok(number)
    }

    /// The length of the number that begins here, which is whole in the window, and its value if it is a word.
    pub(super) fn find_number(&mut self) -> Result<(usize, Option<f64>), InputError> {
        match self.peek()? {
            b'0'..=b'9' => {}
            b'-' | b'N' | b'I' => {
                for (word, value) in WORDS {
                    self.ensure(word.len())?;
                    if self.rest().starts_with(word.as_bytes()) {
                        return Ok((word.len(), Some(value)));
                    }
                }
                if self.rest().first() != Some(&b'-') {
                    return Err(self.unexpected("a value"));
                }
            }
            _ => return Err(self.wrong_kind("a number")),
        }
        loop {
            let found = scan::number(self.rest());
            match found {
                Ok(length) if length < self.rest().len() => return Ok((length, None)),
                Err(NoNumber::ZeroFirst) => return Err(self.wrong(0, "a number may not begin with 0; remove the 0")),
                Err(NoNumber::Expected(at, expected)) => {
                    self.at += at;
                    return Err(self.unexpected(expected));
                }
                // It ends where the window ends, so it may go on.
                _ if self.refill()? => {}
                Ok(length) => return Ok((length, None)),
                Err(NoNumber::Cut) => return Err(self.cut_short("a number")),
            }
        }
    }
}
