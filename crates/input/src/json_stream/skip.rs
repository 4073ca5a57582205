//! Passing over values, whatever their size.

use super::{Reader, State, scan};
use crate::InputError;

impl Reader {
    /// Passes over a value, which is checked like one that is taken, but not held: a string may have any length. There
    /// is no recursion.
    ///
    /// # Errors
    /// Text that is no JSON, a number longer than the window's bound, what reading said.
    pub fn skip(&mut self) -> Result<(), InputError> {
        self.begin()?;
        let outside = self.open.len();
        loop {
            let mut first = self.skip_start()?;
            // Behind a value, or behind the bracket that opens one.
            loop {
                if self.open.len() == outside {
                    self.state = State::Taken;
                    return Ok(());
                }
                let close = self.open.last().copied().unwrap_or_default();
                if self.another(first, close)? {
                    if close == b'}' {
                        self.skip_key()?;
                    }
                    break;
                }
                first = false;
            }
        }
    }

    /// Passes over a value, or over the bracket that opens one: true.
    #[inline]
    fn skip_start(&mut self) -> Result<bool, InputError> {
        match self.peek()? {
            b'"' => self.skip_string()?,
            b'0'..=b'9' | b'-' | b'N' | b'I' => {
                let length = match scan::count(self.rest()) {
                    Some((_, length)) => length,
                    None => self.find_number()?.0,
                };
                self.at += length;
            }
            b'{' => {
                self.enter(b'}')?;
                return Ok(true);
            }
            b'[' => {
                self.enter(b']')?;
                return Ok(true);
            }
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            _ => return Err(self.unexpected("a value")),
        }
        Ok(false)
    }

    #[inline]
    fn skip_key(&mut self) -> Result<(), InputError> {
        if self.peek()? != b'"' {
            return Err(self.unexpected("a key in double quotes"));
        }
        self.skip_string()?;
        self.colon()
    }
}
