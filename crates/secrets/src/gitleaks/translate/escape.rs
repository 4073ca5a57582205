//! What stands behind a backslash.

use super::{Fault, Reader};
use crate::gitleaks::translate::class;

impl Reader<'_> {
    /// After `\` outside a class.
    pub(super) fn escape(&mut self) -> Result<(), Fault> {
        match self.rest.chars().next() {
            Some('Q') => {
                self.rest = &self.rest[1..];
                let literal = self.until(r"\E").unwrap_or_else(|| std::mem::take(&mut self.rest));
                regex_syntax::escape_into(literal, &mut self.out);
            }
            Some('C') => {
                self.rest = &self.rest[1..];
                self.out.push_str("(?s:.)");
            }
            Some(kept @ ('b' | 'B' | 'A' | 'z' | 'd' | 'D' | 'w' | 'W')) => {
                self.rest = &self.rest[1..];
                self.out.extend(['\\', kept]);
            }
            _ => match class::shorthand(self)? {
                Some(items) if items.starts_with('[') => self.out.push_str(&items),
                Some(items) => self.out.push_str(&format!("[{items}]")),
                None => {
                    let c = self.escaped()?;
                    if c.is_ascii_control() {
                        self.out.push_str(&format!(r"\x{{{:X}}}", u32::from(c)));
                    } else {
                        regex_syntax::escape_into(c.encode_utf8(&mut [0; 4]), &mut self.out);
                    }
                }
            },
        }
        Ok(())
    }

    /// After `\`, inside a class and outside: one character.
    pub(super) fn escaped(&mut self) -> Result<char, Fault> {
        let Some(c) = self.next() else { return Err(Fault::new(r"\", "which escapes nothing")) };
        match c {
            'a' => Ok('\x07'),
            'f' => Ok('\x0c'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'v' => Ok('\x0b'),
            'x' => self.hex(),
            '1'..='7' if !self.rest.starts_with(|c: char| c.is_digit(8)) => {
                Err(Fault::new(format!("\\{c}"), "a back-reference, which Go has not"))
            }
            '0'..='7' => Ok(self.octal(c)),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok(c),
            c => Err(Fault::new(format!("\\{c}"), "an escape that Go has not")),
        }
    }

    /// After `\` and the digit `first`: up to two more.
    fn octal(&mut self, first: char) -> char {
        let more = self.rest.bytes().take(2).take_while(|b| (b'0'..=b'7').contains(b)).count();
        let (digits, rest) = self.rest.split_at(more);
        self.rest = rest;
        let value = digits.bytes().fold(u32::from(first) - 48, |value, digit| value * 8 + u32::from(digit - b'0'));
        char::from_u32(value).unwrap_or_default()
    }

    /// After `\x`: two digits, or any number in braces.
    fn hex(&mut self) -> Result<char, Fault> {
        let digits = if self.eat("{") {
            self.until("}").unwrap_or_default()
        } else {
            let (digits, rest) = self.rest.split_at_checked(2).unwrap_or(("", self.rest));
            self.rest = rest;
            digits
        };
        let value = Some(digits)
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|d| u32::from_str_radix(d, 16).ok());
        value.and_then(char::from_u32).ok_or_else(|| Fault::new(format!(r"\x{digits}"), "which is no character"))
    }
}
