//! Values and texts, and how they are decoded.

use std::borrow::Cow;

use super::text::reference;

/// How bytes beyond ASCII are meant. Markup is ASCII in each of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, which has US-ASCII as a part.
    #[default]
    Utf8,
    /// ISO-8859-1.
    Latin1,
    /// Windows-1252.
    Windows1252,
}

/// U+0080 to U+009F in Windows-1252; the five bytes without a meaning stay what they are.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

impl Encoding {
    /// The encoding that a declaration calls `name`. UTF-16 is recoded before a document comes here, so what its
    /// declaration says is no longer so.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match String::from_utf8_lossy(name).to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" | "utf-16le" | "utf-16be" | "utf16" => Some(Self::Utf8),
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" => Some(Self::Latin1),
            "windows-1252" | "cp1252" => Some(Self::Windows1252),
            _ => None,
        }
    }

    fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        let windows = self == Self::Windows1252;
        if self == Self::Utf8 || bytes.is_ascii() {
            return String::from_utf8_lossy(bytes);
        }
        let wide = |&byte: &u8| match byte {
            0x80..=0x9F if windows => WINDOWS.get(usize::from(byte & 0x1F)).copied().unwrap_or_default(),
            _ => char::from(byte),
        };
        bytes.iter().map(wide).collect()
    }
}

/// Where a value stands, which decides what in it has a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// References are replaced, white space becomes spaces.
    Attribute,
    /// References are replaced, ends of lines become line feeds.
    Text,
    /// Ends of lines become line feeds.
    Cdata,
}

impl Place {
    fn special(self, byte: u8) -> bool {
        match self {
            Self::Attribute => matches!(byte, b'&' | b'\t' | b'\n' | b'\r'),
            Self::Text => matches!(byte, b'&' | b'\r'),
            Self::Cdata => byte == b'\r',
        }
    }
}

/// The value of an attribute, or a piece of text.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    pub(super) raw: &'a [u8],
    pub(super) encoding: Encoding,
    pub(super) place: Place,
}

impl<'a> Value<'a> {
    /// The bytes as they stand in the document: encoded as it is, references not replaced.
    #[inline]
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The value as text: references replaced, ends of lines and (in an attribute) white space made one as XML 1.0
    /// says in sections 2.11 and 3.3.3, and what is not valid in the encoding made U+FFFD.
    pub fn text(&self) -> Cow<'a, str> {
        let special = |bytes: &[u8]| bytes.iter().position(|&byte| self.place.special(byte));
        let Some(mut found) = special(self.raw) else { return self.encoding.decode(self.raw) };
        let mut text = String::with_capacity(self.raw.len());
        let mut rest = self.raw;
        while let Some((before, from)) = rest.split_at_checked(found) {
            text.push_str(&self.encoding.decode(before));
            let (length, c) = match from {
                [b'&', ..] => reference(from, 0).unwrap_or((1, '&')),
                [b'\r', b'\n', ..] => (2, self.line_end()),
                [b'\r' | b'\n', ..] => (1, self.line_end()),
                [_, ..] => (1, ' '),
                [] => break,
            };
            text.push(c);
            rest = from.get(length..).unwrap_or_default();
            found = special(rest).unwrap_or(rest.len());
        }
        Cow::Owned(text)
    }

    fn line_end(&self) -> char {
        if self.place == Place::Attribute { ' ' } else { '\n' }
    }

    /// The value as a whole number: digits and nothing else, at most [`u64::MAX`].
    #[inline]
    pub fn number(&self) -> Option<u64> {
        let digit = |&byte: &u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
        let (first, rest) = self.raw.split_first()?;
        rest.iter().try_fold(digit(first)?, |sum, byte| sum.checked_mul(10)?.checked_add(digit(byte)?))
    }
}
