//! Handing values on as they stand, whatever their size.

use std::io::Write;

use super::{Reader, State, scan};
use crate::InputError;

/// Longest escape, `\uXXXX`, bytes.
const ESCAPE: usize = 6;

/// Where the text goes, and from where on the window was not handed on. Whatever may read on drops what was looked at,
/// so it comes behind [`Reader::hand_on`].
struct Copy<'o> {
    out: &'o mut dyn Write,
    from: usize,
}

impl Reader {
    /// Writes the next value to `out` as it stands, without the white space between its parts; it is checked like one
    /// that is passed over, and a string may have any length.
    ///
    /// What is written is JSON by RFC 8259 where what was read is not: bytes that are no UTF-8 become U+FFFD, as in
    /// [`string`](Self::string), and `NaN`, `Infinity` and `-Infinity` become `null`.
    ///
    /// # Errors
    /// Text that is no JSON, a number longer than the window's bound, what reading or writing said. After an error
    /// `out` may have got a part of the value.
    pub fn copy(&mut self, out: &mut dyn Write) -> Result<(), InputError> {
        self.begin()?;
        let outside = self.open.len();
        let copy = &mut Copy { out, from: self.at };
        loop {
            let mut first = self.copy_start(copy)?;
            // Behind a value, or behind the bracket that opens one.
            loop {
                if self.open.len() == outside {
                    self.hand_on(copy)?;
                    self.state = State::Taken;
                    return Ok(());
                }
                let close = self.open.last().copied().unwrap_or_default();
                if self.copy_another(first, close, copy)? {
                    if close == b'}' {
                        self.copy_key(copy)?;
                    }
                    break;
                }
                first = false;
            }
        }
    }

    /// Copies a value, or the bracket that opens one: true.
    #[inline]
    fn copy_start(&mut self, copy: &mut Copy<'_>) -> Result<bool, InputError> {
        match self.gap(copy)? {
            b'"' => self.copy_string(copy)?,
            b'0'..=b'9' | b'-' | b'N' | b'I' => self.copy_number(copy)?,
            b'{' => {
                self.enter(b'}')?;
                return Ok(true);
            }
            b'[' => {
                self.enter(b']')?;
                return Ok(true);
            }
            b't' => self.copy_word("true", copy)?,
            b'f' => self.copy_word("false", copy)?,
            b'n' => self.copy_word("null", copy)?,
            _ => {
                self.hand_on(copy)?;
                return Err(self.unexpected("a value"));
            }
        }
        Ok(false)
    }

    fn copy_key(&mut self, copy: &mut Copy<'_>) -> Result<(), InputError> {
        if self.gap(copy)? != b'"' {
            return Err(self.unexpected("a key in double quotes"));
        }
        self.copy_string(copy)?;
        if self.gap(copy)? != b':' {
            return Err(self.unexpected("`:` after the key"));
        }
        self.at += 1;
        Ok(())
    }

    /// Like [`another`](Self::another).
    #[inline]
    fn copy_another(&mut self, first: bool, close: u8, copy: &mut Copy<'_>) -> Result<bool, InputError> {
        let byte = self.gap(copy)?;
        if byte == close || first || byte != b',' {
            // A byte that is no white space stands here: nothing is read on, except for a message.
            return self.another(first, close);
        }
        self.at += 1;
        if self.gap(copy)? == close {
            return Err(self.wrong(0, "a comma before the closing bracket is not JSON; remove it"));
        }
        Ok(true)
    }

    /// The string here, piece by piece.
    #[inline]
    fn copy_string(&mut self, copy: &mut Copy<'_>) -> Result<(), InputError> {
        self.at += 1;
        loop {
            self.at += scan::plain(self.rest());
            match self.rest().first().copied() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    if self.rest().len() < ESCAPE {
                        self.hand_on(copy)?;
                        self.ensure(ESCAPE)?;
                        copy.from = self.at;
                    }
                    self.at += self.escape(0)?;
                }
                Some(_) => return Err(self.control(0)),
                None => {
                    // A character may be cut at the end of the window: its beginning waits for the rest.
                    self.at -= unfinished(self.window.bytes().get(copy.from..self.at).unwrap_or_default());
                    self.hand_on(copy)?;
                    let more = self.refill()?;
                    copy.from = self.at;
                    if !more {
                        return Err(self.cut_short("a string"));
                    }
                }
            }
        }
    }

    #[inline]
    fn copy_number(&mut self, copy: &mut Copy<'_>) -> Result<(), InputError> {
        let length = match scan::count(self.rest()) {
            Some((_, length)) => length,
            None => match scan::number(self.rest()) {
                Ok(length) if length < self.rest().len() => length,
                _ => return self.copy_far_number(copy),
            },
        };
        self.at += length;
        Ok(())
    }

    /// A number that may go on behind the window, a word that stands for one, or none.
    fn copy_far_number(&mut self, copy: &mut Copy<'_>) -> Result<(), InputError> {
        self.hand_on(copy)?;
        let (length, word) = self.find_number()?;
        copy.from = self.at;
        self.at += length;
        if word.is_some() {
            copy.from = self.at;
            self.written(copy.out.write_all(b"null"))?;
        }
        Ok(())
    }

    #[inline]
    fn copy_word(&mut self, word: &str, copy: &mut Copy<'_>) -> Result<(), InputError> {
        if self.rest().len() < word.len() {
            self.hand_on(copy)?;
            self.ensure(word.len())?;
            copy.from = self.at;
        }
        self.word(word)
    }

    /// Goes to the next byte that is no white space, and gives it; 0 at the end.
    #[inline]
    fn gap(&mut self, copy: &mut Copy<'_>) -> Result<u8, InputError> {
        match self.rest().first() {
            Some(&byte) if byte > b' ' => Ok(byte),
            _ => {
                self.hand_on(copy)?;
                let byte = self.peek()?;
                copy.from = self.at;
                Ok(byte)
            }
        }
    }

    /// Writes what was looked at and not yet written.
    fn hand_on(&mut self, copy: &mut Copy<'_>) -> Result<(), InputError> {
        let bytes = self.window.bytes().get(copy.from..self.at).unwrap_or_default();
        copy.from = self.at;
        let written = match str::from_utf8(bytes) {
            Ok(_) => copy.out.write_all(bytes),
            Err(_) => copy.out.write_all(String::from_utf8_lossy(bytes).as_bytes()),
        };
        self.written(written)
    }

    fn written(&mut self, result: std::io::Result<()>) -> Result<(), InputError> {
        result.map_err(|error| {
            self.state = State::Broken;
            let message = format!("what was read cannot be written elsewhere: {error}");
            InputError::Io { path: self.path().to_owned(), message }
        })
    }
}

/// How many bytes at the end are the beginning of a character whose rest is not there.
fn unfinished(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let Some(lead) = bytes.iter().skip(tail).rposition(|byte| byte & 0xC0 != 0x80) else { return 0 };
    let last = bytes.get(tail + lead..).unwrap_or_default();
    match str::from_utf8(last) {
        Err(error) if error.error_len().is_none() => last.len(),
        _ => 0,
    }
}
