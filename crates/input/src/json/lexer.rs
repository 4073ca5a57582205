//! The pieces of JSON: strings, numbers, words, and what to say of anything else.

use crate::Number;
use crate::document::Value;

/// What is wrong, and where.
pub(crate) struct Wrong {
    pub(crate) at: usize,
    pub(crate) message: String,
}

impl Wrong {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// A text and how far it was read.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    pub(crate) at: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over blanks and line ends.
    pub(crate) fn blank(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.at - start
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The complaint that `expected` is not what comes next.
    pub(crate) fn unexpected(&self, expected: &str) -> Wrong {
        let rest = self.rest();
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let message = match rest.chars().next() {
            None => format!("expected {expected}, found the end of the file"),
            Some('/') if rest.starts_with("//") || rest.starts_with("/*") => "a comment is not JSON; remove it".into(),
            Some('#') => "a comment is not JSON; remove it".into(),
            Some('\'') => format!("expected {expected}, found `'`; JSON has double quotes only"),
            Some(c) if word == 0 => format!("expected {expected}, found {}", shown(c)),
            Some(_) => {
                let short: String = rest[..word].chars().take(20).collect();
                let dots = if short.len() < word { "…" } else { "" };
                format!("expected {expected}, found `{short}{dots}`")
            }
        };
        Wrong::new(self.at, message)
    }

    /// `true`, `false` or `null`.
    pub(crate) fn word(&mut self) -> Result<Value, Wrong> {
        let rest = self.rest();
        let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let value = match &rest[..length] {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            _ => return Err(self.unexpected("a value")),
        };
        self.at += length;
        Ok(value)
    }

    pub(crate) fn number(&mut self) -> Result<Number, Wrong> {
        let start = self.at;
        self.skip_one(b"-");
        let first = self.peek();
        let whole = self.digits("a digit")?;
        if first == Some(b'0') && whole > 1 {
            return Err(Wrong::new(start, "a number may not begin with 0; put it in quotes or remove the 0"));
        }
        if self.skip_one(b".") {
            self.digits("a digit after the decimal point")?;
        }
        if self.skip_one(b"eE") {
            self.skip_one(b"+-");
            self.digits("a digit in the exponent")?;
        }
        Ok(Number::new(&self.text[start..self.at]))
    }

    fn skip_one(&mut self, wanted: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| wanted.contains(&byte));
        self.at += usize::from(found);
        found
    }

    fn digits(&mut self, expected: &str) -> Result<usize, Wrong> {
        match self.skip(|byte| byte.is_ascii_digit()) {
            0 => Err(self.unexpected(expected)),
            count => Ok(count),
        }
    }

    /// The string that begins here, without its quotes and escapes.
    pub(crate) fn string(&mut self) -> Result<String, Wrong> {
        let start = self.at;
        self.at += 1;
        let mut value = String::new();
        loop {
            let plain = self.at;
            self.skip(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
            // Both ends lie beside ASCII, so between characters.
            value.push_str(&self.text[plain..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    value.shrink_to_fit();
                    return Ok(value);
                }
                Some(b'\\') => value.push(self.escape(start)?),
                Some(b'\n' | b'\r') => {
                    return Err(Wrong::new(start, "the string does not end on its line; expected `\"`"));
                }
                Some(byte) => {
                    let message = format!("the control character U+{byte:04X} in a string; write it \\u{byte:04x}");
                    return Err(Wrong::new(self.at, message));
                }
                None => return Err(Wrong::new(start, "the string does not end; expected `\"`")),
            }
        }
    }

    /// The character that the escape here stands for, in the string that begins at `string`.
    fn escape(&mut self, string: usize) -> Result<char, Wrong> {
        let start = self.at;
        let found = self.rest().chars().nth(1);
        self.at += 2;
        Ok(match found {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode(start),
            Some(c) => return Err(Wrong::new(start, format!("unknown escape: `\\` before {}", shown(c)))),
            None => return Err(Wrong::new(string, "the string does not end; expected `\"`")),
        })
    }

    /// The character of the four digits here and, where they are half of a pair, of the escape that follows.
    fn unicode(&mut self, start: usize) -> Result<char, Wrong> {
        let first = self.hex(start)?;
        if let (0xD800..=0xDBFF, Some(rest)) = (first, self.rest().strip_prefix("\\u")) {
            let second = rest.get(..4).and_then(hex).unwrap_or_default();
            if let (0xDC00..=0xDFFF, high) = (second, first - 0xD800) {
                self.at += 6;
                let code = 0x10000 + (high << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self, start: usize) -> Result<u32, Wrong> {
        let code = self.rest().get(..4).and_then(hex);
        self.at += 4;
        code.ok_or_else(|| Wrong::new(start, "expected four hexadecimal digits after `\\u`"))
    }
}

/// The value of hexadecimal digits; no sign.
fn hex(digits: &str) -> Option<u32> {
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// A character as messages show it.
fn shown(c: char) -> String {
    if c.is_control() || c == '\u{FEFF}' { format!("U+{:04X}", u32::from(c)) } else { format!("`{c}`") }
}
