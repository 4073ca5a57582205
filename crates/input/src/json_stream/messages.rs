//! What to say of a text that is not what was expected.

use super::{Kind, Reader, State};
use crate::InputError;

/// Longest piece of the text that a message shows, bytes.
const SHOWN: usize = 20;

impl Reader {
    /// The error that says `message` of the byte `ahead`. Nothing can be read after it.
    #[cold]
    pub(super) fn wrong(&mut self, ahead: usize, message: impl Into<String>) -> InputError {
        self.state = State::Broken;
        self.window.malformed(self.at.saturating_add(ahead), message)
    }

    /// The error that another kind of value stands here than was asked for. The value can be asked for again.
    #[cold]
    pub(super) fn wrong_kind(&mut self, expected: &str) -> InputError {
        let found = match self.kind() {
            Ok(Kind::Object) => "an object",
            Ok(Kind::Array) => "an array",
            Ok(Kind::String) => "a string",
            Ok(Kind::Number) => "a number",
            Ok(Kind::Bool) => "`true` or `false`",
            Ok(Kind::Null) => "`null`",
            Err(error) => return error,
        };
        self.malformed(format!("expected {expected}, found {found}"))
    }

    /// The error that `expected` is not what stands here.
    #[cold]
    pub(super) fn unexpected(&mut self, expected: &str) -> InputError {
        let whole = match self.ensure(SHOWN + 1) {
            Ok(whole) => whole,
            Err(error) => return error,
        };
        let rest = self.rest();
        if rest.is_empty() {
            return match self.open.is_empty() {
                true => self.wrong(0, format!("expected {expected}, found the end of the file")),
                false => self.cut_short(""),
            };
        }
        let bytes = rest.get(..SHOWN + 1).unwrap_or(rest);
        let utf16 = self.window.offset() == 0 && self.at == 0 && matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
        let text = String::from_utf8_lossy(bytes);
        let word = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        let message = match text.chars().next() {
            _ if utf16 => "the file is UTF-16; write it as UTF-8".to_owned(),
            Some('#') => "a comment is not JSON; remove it".to_owned(),
            Some('/') if text.starts_with("//") || text.starts_with("/*") => {
                "a comment is not JSON; remove it".to_owned()
            }
            Some(c) if c.is_control() || c == '\u{FEFF}' => {
                format!("expected {expected}, found U+{:04X}", u32::from(c))
            }
            Some(c) if word == 0 => format!("expected {expected}, found `{c}`"),
            _ if word < text.len() || !whole => format!("expected {expected}, found `{}`", &text[..word]),
            _ => format!("expected {expected}, found `{}…`", text.chars().take(SHOWN).collect::<String>()),
        };
        self.wrong(0, message)
    }

    /// The error that the text ends within `part`.
    #[cold]
    pub(super) fn cut_short(&mut self, part: &str) -> InputError {
        let around = match self.open.last() {
            Some(b'}') => "an object",
            Some(_) => "an array",
            None => "",
        };
        let within = if part.is_empty() || around.is_empty() { "" } else { " in " };
        let levels = match self.open.len() {
            0 | 1 => String::new(),
            levels => format!(", {levels} levels deep"),
        };
        let end = self.rest().len();
        let message = format!("the file is cut short within {part}{within}{around}{levels}; write it again");
        self.wrong(end, message)
    }

    /// The error for a control character `ahead`, within a string.
    #[cold]
    pub(super) fn control(&mut self, ahead: usize) -> InputError {
        match self.rest().get(ahead).copied() {
            Some(b'\n' | b'\r') => self.wrong(ahead, "the string does not end on its line; expected `\"`"),
            byte => {
                let byte = byte.unwrap_or_default();
                self.wrong(ahead, format!("the control character U+{byte:04X} in a string; write it \\u{byte:04x}"))
            }
        }
    }

    /// The error that a value is asked for where there is none (left), or after an error.
    #[cold]
    pub(super) fn no_value(&self) -> InputError {
        self.malformed(match self.state {
            State::Broken => "nothing can be read after an error",
            State::Taken | State::Value => "a value is asked for, and there is none that was not taken",
        })
    }
}
