//! Start tags of an HTML text, as the HTML standard's section "Tokenization" finds them, in one pass.
//!
//! Comments and the text of elements that hold no tags (scripts, styles, titles, `noscript` where scripts run) are passed over,
//! and so is what `template` holds. Names are in lower case, character references in values are replaced. The tree is
//! not built: of SVG and MathML only that their elements are never text is known, and `<![CDATA[` is a comment up to the next `>`.

use std::borrow::Cow;

/// Elements whose content is text up to their end tag.
const TEXT_ELEMENTS: [&str; 9] =
    ["script", "style", "noscript", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

/// The character references that are replaced by name. With others, paths of files hardly occur.
const REFERENCES: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

/// How many attributes of one tag are kept.
const MOST_ATTRIBUTES: usize = 100;

/// A start tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tag {
    /// In lower case.
    pub(crate) name: String,
    /// Name in lower case and value, the first of each name.
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of the attribute called `name`; empty where it has none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Calls `each` with every start tag of `text` whose name is `wanted` and which is no part of a `template`.
pub(crate) fn tags(text: &str, wanted: &[&str], mut each: impl FnMut(Tag)) {
    let mut scanner = Scanner { text, at: 0 };
    let (mut templates, mut drawings) = (0_usize, 0_usize);
    while let Some(markup) = scanner.next_markup() {
        let Markup::Tag { name, is_end } = markup else { continue };
        let keep = !is_end && templates == 0 && wanted.contains(&name.as_str());
        let Some((attributes, is_empty)) = scanner.attributes(keep) else { return };
        match (name.as_str(), is_end) {
            ("template", false) => templates += 1,
            ("template", true) => templates = templates.saturating_sub(1),
            ("svg" | "math", false) if !is_empty => drawings += 1,
            ("svg" | "math", true) => drawings = drawings.saturating_sub(1),
            ("plaintext", false) => return,
            // Within drawings no element is text.
            (name, false) if drawings == 0 && TEXT_ELEMENTS.contains(&name) => scanner.skip_text(name),
            _ => {}
        }
        if keep {
            each(Tag { name, attributes });
        }
    }
}

/// What `<` begins.
enum Markup {
    /// A tag, its attributes not read yet.
    Tag { name: String, is_end: bool },
    /// A comment, a declaration, or nothing.
    Other,
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past the next `end`, or to the end of the text.
    fn skip_past(&mut self, end: &str) {
        self.at = self.rest().find(end).map_or(self.text.len(), |found| self.at + found + end.len());
    }

    /// Takes bytes up to one that `ends` says of.
    fn take_until(&mut self, ends: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().position(ends).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Goes to what the next `<` begins; none at the end of the text.
    fn next_markup(&mut self) -> Option<Markup> {
        self.at += self.rest().find('<')? + 1;
        let is_end = self.byte() == Some(b'/');
        let first = self.text.as_bytes().get(self.at + usize::from(is_end)).copied();
        match (is_end, first) {
            (_, Some(letter)) if letter.is_ascii_alphabetic() => {
                self.at += usize::from(is_end);
                let name = self.take_until(|byte| is_space(byte) || matches!(byte, b'/' | b'>'));
                return Some(Markup::Tag { name: name.to_ascii_lowercase(), is_end });
            }
            (false, Some(b'!')) if self.rest().starts_with("!--") => self.skip_comment(),
            (false, Some(b'!' | b'?')) | (true, Some(_)) => self.skip_past(">"),
            _ => {}
        }
        Some(Markup::Other)
    }

    /// Goes past the comment whose `!--` stands here.
    fn skip_comment(&mut self) {
        self.at += 3;
        for short in [">", "->"] {
            if self.rest().starts_with(short) {
                self.at += short.len();
                return;
            }
        }
        while let Some(dashes) = self.rest().find("--") {
            self.at += dashes;
            self.take_until(|byte| byte != b'-');
            for end in [">", "!>"] {
                if self.rest().starts_with(end) {
                    self.at += end.len();
                    return;
                }
            }
        }
        self.at = self.text.len();
    }

    /// Goes past a tag, its name read; its attributes are kept if asked for, and whether it ends with a slash. None
    /// when the text ends within it.
    fn attributes(&mut self, keep: bool) -> Option<(Vec<(String, String)>, bool)> {
        let mut attributes: Vec<(String, String)> = Vec::new();
        loop {
            let before = self.take_until(|byte| !is_space(byte) && byte != b'/');
            if self.byte()? == b'>' {
                self.at += 1;
                return Some((attributes, before.ends_with('/')));
            }
            let (name, value) = self.attribute()?;
            let name = name.to_ascii_lowercase();
            if keep && attributes.len() < MOST_ATTRIBUTES && !attributes.iter().any(|(known, _)| *known == name) {
                attributes.push((name, decoded(value).into_owned()));
            }
        }
    }

    /// Takes an attribute: its name, and its value as it is written.
    fn attribute(&mut self) -> Option<(&'a str, &'a str)> {
        let start = self.at;
        // An equals sign that begins a name is part of it.
        self.at += usize::from(self.byte()? == b'=');
        self.take_until(|byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='));
        let name = self.text.get(start..self.at)?;
        self.take_until(|byte| !is_space(byte));
        if self.byte()? != b'=' {
            return Some((name, ""));
        }
        self.at += 1;
        self.take_until(|byte| !is_space(byte));
        let value = match self.byte()? {
            quote @ (b'"' | b'\'') => {
                self.at += 1;
                let value = self.take_until(|byte| byte == quote);
                self.byte()?;
                self.at += 1;
                value
            }
            _ => self.take_until(|byte| is_space(byte) || byte == b'>'),
        };
        Some((name, value))
    }

    /// Goes to the end tag of the element `name`, whose start tag was read, or to the end of the text.
    fn skip_text(&mut self, name: &str) {
        let mut script = Script::Plain;
        loop {
            let Some(found) = self.rest().find(['<', '-']) else {
                self.at = self.text.len();
                return;
            };
            self.at += found;
            if begins_tag(self.rest(), "</", name) && script != Script::Inner {
                return;
            }
            let step = if name == "script" { script.step(self.rest()) } else { 1 };
            self.at += step;
        }
    }
}

/// How deep in a script's comment we are: an end tag within a comment within which a script began ends that script alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// In none.
    Plain,
    /// After `<!--`.
    Comment,
    /// After `<!--` and `<script`.
    Inner,
}

impl Script {
    /// Looks at what `<` or `-` begins here, and says how many bytes that is.
    fn step(&mut self, rest: &str) -> usize {
        let (next, length) = match *self {
            Self::Plain if rest.starts_with("<!--") => {
                // The two dashes may be those that end it.
                (Self::Comment, 2)
            }
            Self::Comment | Self::Inner if rest.starts_with("-->") => (Self::Plain, 3),
            Self::Comment if begins_tag(rest, "<", "script") => (Self::Inner, 7),
            Self::Inner if begins_tag(rest, "</", "script") => (Self::Comment, 8),
            other => (other, 1),
        };
        *self = next;
        length
    }
}

/// Whether `rest` begins with `open`, `name` in any case, and what ends a name.
fn begins_tag(rest: &str, open: &str, name: &str) -> bool {
    let Some(rest) = rest.strip_prefix(open) else { return false };
    let begins = rest.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
    begins && rest.as_bytes().get(name.len()).is_some_and(|byte| is_space(*byte) || matches!(byte, b'/' | b'>'))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0C' | b'\r')
}

/// `value` with its character references replaced.
fn decoded(value: &str) -> Cow<'_, str> {
    let Some(first) = value.find('&') else { return Cow::Borrowed(value) };
    let mut text = value[..first].to_owned();
    let mut rest = &value[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let (replaced, left) = reference(after).map_or((None, after), |(c, left)| (Some(c), left));
        text.push(replaced.unwrap_or('&'));
        let plain = left.find('&').unwrap_or(left.len());
        text.push_str(&left[..plain]);
        rest = &left[plain..];
    }
    Cow::Owned(text)
}

/// The character that the reference after `&` stands for, and what follows.
fn reference(after: &str) -> Option<(char, &str)> {
    if let Some(number) = after.strip_prefix('#') {
        let (radix, digits) = number.strip_prefix(['x', 'X']).map_or((10, number), |hex| (16, hex));
        let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let code = u32::from_str_radix(digits.get(..end).filter(|digits| !digits.is_empty())?, radix);
        let c = code.ok().filter(|code| *code != 0).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        let left = &digits[end..];
        return Some((c, left.strip_prefix(';').unwrap_or(left)));
    }
    REFERENCES.into_iter().find_map(|(name, c)| {
        let left = after.strip_prefix(name)?;
        let ends = left.strip_prefix(';');
        // Without its semicolon a reference is one only where nothing goes on that looks like a name or a parameter.
        let goes_on = left.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '=');
        let known = ends.is_some() || (name != "apos" && !goes_on);
        known.then(|| (c, ends.unwrap_or(left)))
    })
}

#[cfg(test)]
mod tests;
