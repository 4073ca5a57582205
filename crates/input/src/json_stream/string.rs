//! Strings and keys, and the words `true`, `false` and `null`.

use std::borrow::Cow;

use super::{Reader, scan};
use crate::InputError;

/// Longest key, bytes: of objects within objects, each may have to be held.
const KEY: usize = 1 << 16;
/// A string up to this long, bytes, is taken whole even where only its beginning is kept.
const NEAR: usize = 1 << 14;

/// A string that is whole in the window and was passed over: its bytes are the last ones before the quote that is the
/// last byte passed over.
#[derive(Clone, Copy)]
pub(super) struct Text {
    length: usize,
    escaped: bool,
}

impl Reader {
    /// Passes over the string here.
    #[inline]
    pub(super) fn text(&mut self) -> Result<Text, InputError> {
        let inner = self.rest().get(1..).unwrap_or_default();
        let length = scan::plain(inner);
        if inner.get(length) == Some(&b'"') {
            self.at += length + 2;
            return Ok(Text { length, escaped: false });
        }
        match self.far_text(length, usize::MAX)? {
            Some(text) => Ok(text),
            None => Err(self.cut_short("a string")),
        }
    }

    /// The same for a string that is not long; none for a longer one, which is not passed over.
    #[inline]
    pub(super) fn near_text(&mut self) -> Result<Option<Text>, InputError> {
        let inner = self.rest().get(1..).unwrap_or_default();
        let length = scan::plain(inner);
        if inner.get(length) == Some(&b'"') {
            self.at += length + 2;
            return Ok(Some(Text { length, escaped: false }));
        }
        self.far_text(length, NEAR)
    }

    /// Passes over the string here, of which `length` bytes were looked at; none, and nothing is passed over, where
    /// more than `longest` bytes of it are in the window and its end is not.
    fn far_text(&mut self, mut length: usize, longest: usize) -> Result<Option<Text>, InputError> {
        let mut escaped = false;
        loop {
            let inner = self.rest().get(1..).unwrap_or_default();
            match inner.get(length).copied() {
                Some(b'"') => {
                    self.at += length + 2;
                    return Ok(Some(Text { length, escaped }));
                }
                Some(b'\\') => {
                    escaped = true;
                    length += self.escape(1 + length)?;
                }
                Some(_) => return Err(self.control(1 + length)),
                None if length > longest => return Ok(None),
                None if self.refill()? => {}
                None => return Err(self.cut_short("a string")),
            }
            length += scan::plain(self.rest().get(1 + length..).unwrap_or_default());
        }
    }

    /// Looks at the escape `ahead`, and gives its length.
    pub(super) fn escape(&mut self, ahead: usize) -> Result<usize, InputError> {
        let whole = self.ensure(ahead + 2)?;
        let length = match self.rest().get(ahead + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => return Ok(2),
            Some(b'u') => 6,
            Some(_) => {
                return Err(self.wrong(ahead, "no escape of JSON follows the `\\`; expected one of `\"\\/bfnrtu`"));
            }
            None => return Err(self.cut_short("a string")),
        };
        let whole = whole && self.ensure(ahead + length)?;
        let digits = self.rest().get(ahead + 2..).unwrap_or_default();
        if digits.iter().take(4).all(u8::is_ascii_hexdigit) {
            return if whole { Ok(length) } else { Err(self.cut_short("a string")) };
        }
        Err(self.wrong(ahead, "expected four hexadecimal digits after `\\u`"))
    }

    /// The string that was passed over last, without its escapes.
    #[inline]
    pub(super) fn decoded(&self, text: Text) -> Cow<'_, str> {
        let bytes = self.raw(text);
        if text.escaped {
            let mut value = String::with_capacity(bytes.len());
            unescape(bytes, &mut value);
            return Cow::Owned(value);
        }
        String::from_utf8_lossy(bytes)
    }

    #[inline]
    fn raw(&self, text: Text) -> &[u8] {
        let end = self.at.saturating_sub(1);
        self.window.bytes().get(end.saturating_sub(text.length)..end).unwrap_or_default()
    }

    /// Passes over the key here, and puts it into `key`.
    #[inline]
    pub(super) fn key(&mut self, key: &mut String) -> Result<(), InputError> {
        let text = self.text()?;
        key.clear();
        if text.length > KEY {
            return Err(self.wrong(0, format!("a key here is longer than {KEY} bytes, the bound")));
        }
        match str::from_utf8(self.raw(text)) {
            Ok(plain) if !text.escaped => key.push_str(plain),
            _ => unescape(self.raw(text), key),
        }
        Ok(())
    }

    /// Passes over the string here, of any length, piece by piece.
    pub(super) fn skip_string(&mut self) -> Result<(), InputError> {
        self.at += 1;
        loop {
            self.at += scan::plain(self.rest());
            match self.rest().first().copied() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.at += self.escape(0)?,
                Some(_) => return Err(self.control(0)),
                None if self.refill()? => {}
                None => return Err(self.cut_short("a string")),
            }
        }
    }

    /// Passes over the string here, of any length, and gives enough of its beginning to cut `most` bytes from.
    pub(super) fn far_prefix(&mut self, most: usize) -> Result<String, InputError> {
        // The longest escape is six bytes for one, and what is cut in the middle is not among the first `most` bytes.
        let enough = most.saturating_mul(6).saturating_add(12);
        let mut raw = Vec::new();
        self.at += 1;
        loop {
            let plain = scan::plain(self.rest());
            let room = enough.saturating_sub(raw.len());
            raw.extend_from_slice(self.rest().get(..plain.min(room)).unwrap_or_default());
            self.at += plain;
            match self.rest().first().copied() {
                Some(b'"') => {
                    self.at += 1;
                    break;
                }
                Some(b'\\') => {
                    let length = self.escape(0)?;
                    if raw.len() < enough {
                        raw.extend_from_slice(self.rest().get(..length).unwrap_or_default());
                    }
                    self.at += length;
                }
                Some(_) => return Err(self.control(0)),
                None if self.refill()? => {}
                None => return Err(self.cut_short("a string")),
            }
        }
        let mut value = String::with_capacity(raw.len());
        unescape(&raw, &mut value);
        Ok(value)
    }

    /// Passes over `word`, which must stand here.
    pub(super) fn word(&mut self, word: &str) -> Result<(), InputError> {
        let whole = self.ensure(word.len())?;
        if self.rest().starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        if !whole && word.as_bytes().starts_with(self.rest()) {
            return Err(self.cut_short(&format!("the word `{word}`")));
        }
        Err(self.unexpected("a value"))
    }
}

/// The first `most` bytes of `text`, cut between characters, and whether more followed.
pub(super) fn cut(mut text: Cow<'_, str>, most: usize) -> (Cow<'_, str>, bool) {
    if text.len() <= most {
        return (text, false);
    }
    let end = text.floor_char_boundary(most);
    match &mut text {
        Cow::Borrowed(text) => *text = &text[..end],
        Cow::Owned(text) => text.truncate(end),
    }
    (text, true)
}

/// Puts what `bytes` stand for into `value`. The escapes were checked.
fn unescape(mut bytes: &[u8], value: &mut String) {
    loop {
        let plain = memchr::memchr(b'\\', bytes).unwrap_or(bytes.len());
        let (before, rest) = bytes.split_at(plain);
        value.push_str(&String::from_utf8_lossy(before));
        let [_, code, rest @ ..] = rest else { return };
        bytes = rest;
        value.push(match code {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => unicode(&mut bytes),
            other => char::from(*other),
        });
    }
}

/// The character of the four digits here and, where they are half of a pair, of the escape that follows.
fn unicode(bytes: &mut &[u8]) -> char {
    let first = hex(bytes);
    *bytes = bytes.get(4..).unwrap_or_default();
    if let (0xD800..=0xDBFF, Some(rest)) = (first, bytes.strip_prefix(b"\\u")) {
        let second = hex(rest);
        if let 0xDC00..=0xDFFF = second {
            *bytes = rest.get(4..).unwrap_or_default();
            let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
    }
    char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The value of four hexadecimal digits.
fn hex(digits: &[u8]) -> u32 {
    digits.iter().take(4).fold(0, |value, digit| value << 4 | char::from(*digit).to_digit(16).unwrap_or_default())
}
