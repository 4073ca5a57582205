//! Assignments: a name, an operator and a value, as source code, configuration files and command lines write them.
//!
//! `API_KEY=v`, `"apiKey": "v"`, `api_key => 'v'`, `<api-key>v</api-key>`, `<add key="ApiKey" value="v"/>`, `--api-key v`,
//! `const apiKey: string = "v"`, `setApiKey("v")`, and each of them inside a string with its quotes escaped.

use std::ops::Range;

/// Longest name that is looked at, in bytes to each side of the word in it.
const LONGEST_NAME: usize = 60;
/// Most blanks beside an operator.
const MOST_BLANKS: usize = 16;

/// A value and the name that it is given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assigned {
    /// Letters, digits, `_`, `-` and `.`.
    pub(crate) name: Range<usize>,
    /// Where the value begins.
    pub(crate) value: usize,
    /// The quote it stands in.
    pub(crate) quote: Option<u8>,
    /// Whether that quote is escaped, as inside another string.
    pub(crate) escaped: bool,
}

/// The assignment to the name that the word `word` of `text` is a part of.
pub(crate) fn assignment(text: &[u8], word: Range<usize>) -> Option<Assigned> {
    let left = text[word.start.saturating_sub(LONGEST_NAME)..word.start].iter().rev();
    let start = word.start - left.take_while(|byte| is_name(**byte)).count();
    let right = text[word.end..text.len().min(word.end + LONGEST_NAME)].iter();
    let end = word.end + right.take_while(|byte| is_name(**byte)).count();
    let mut walk = Walk { text, at: end };
    let closed = walk.quotes(b"\"'`])");
    // `[name](value)` is a link.
    if text[end..walk.at] == *b"]" && walk.peek(0) == Some(b'(') {
        return None;
    }
    let spaced = walk.blanks();
    // `--token v`, and a word that holds the operator itself: `Authorization: Bot v`.
    let by_command = text[start] == b'-' || start > 0 && text[start - 1] == b'-' || text[word.clone()].contains(&b':');
    let before = walk.at;
    match walk.operator() {
        Operator::None if by_command && spaced => walk.at = before,
        Operator::None => return None,
        // `f(name, value)` is no assignment; `("name", "value")` is.
        Operator::Comma if !closed || !is_argument(text, start) => return None,
        Operator::Comma | Operator::Sign => {}
    }
    walk.blanks();
    let opened = walk.at;
    // The prefix of a string in Python, Rust or C#: b"…", r'…', @"…".
    if matches!(walk.peek(0), Some(b'b' | b'r' | b'f' | b'u' | b'@' | b'L'))
        && matches!(walk.peek(1), Some(b'"' | b'\''))
    {
        walk.at += 1;
    }
    walk.quotes(b"\"'`(");
    let open = &text[opened..walk.at];
    let quote = open.iter().rev().copied().find(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    Some(Assigned { name: start..end, value: walk.at, quote, escaped: open.contains(&b'\\') })
}

/// Whether the quoted name at `start` is the first argument of a call; in a list it is one of many.
fn is_argument(text: &[u8], start: usize) -> bool {
    let mut before = text[..start].iter().rev().skip_while(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b' '));
    before.next() == Some(&b'(')
}

pub(crate) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

enum Operator {
    None,
    Comma,
    Sign,
}

struct Walk<'t> {
    text: &'t [u8],
    at: usize,
}

impl Walk<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    /// Up to three of these, each perhaps behind a backslash.
    fn quotes(&mut self, these: &[u8]) -> bool {
        let mut any = false;
        for _ in 0..3 {
            let escaped = usize::from(self.peek(0) == Some(b'\\'));
            if self.peek(escaped).is_none_or(|byte| !these.contains(&byte)) {
                break;
            }
            self.at += escaped + 1;
            any = true;
        }
        any
    }

    fn blanks(&mut self) -> bool {
        let many = self.text[self.at.min(self.text.len())..]
            .iter()
            .take(MOST_BLANKS)
            .take_while(|byte| matches!(byte, b' ' | b'\t'));
        let many = many.count();
        self.at += many;
        many > 0
    }

    fn operator(&mut self) -> Operator {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let takes = |sign: &[u8]| rest.starts_with(sign);
        for sign in [&b"==="[..], b"||=", b"?:=", b"=>", b":=", b"?=", b"+=", b"=="] {
            if takes(sign) {
                self.at += sign.len();
                return Operator::Sign;
            }
        }
        match rest.first() {
            // A type between name and value: `: string = "…"`, `: &str = "…"`.
            Some(b':') => {
                self.at += 1;
                self.skip_type();
                Operator::Sign
            }
            Some(b'=' | b'>' | b'(') => {
                self.at += 1;
                Operator::Sign
            }
            Some(b',') => {
                self.at += 1;
                Operator::Comma
            }
            // The value of an XML attribute that stands beside the name.
            Some(b'v' | b'V') if rest.len() > 6 && rest[..5].eq_ignore_ascii_case(b"value") => {
                self.at += 5;
                self.blanks();
                if self.peek(0) != Some(b'=') {
                    return Operator::None;
                }
                self.at += 1;
                Operator::Sign
            }
            _ => Operator::None,
        }
    }

    fn skip_type(&mut self) {
        let before = self.at;
        self.blanks();
        let is_type = |byte: &&u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'&' | b'<' | b'>' | b'[' | b']' | b'.' | b'|' | b'?' | b'\'')
        };
        let letters = self.text[self.at..].iter().take(40).take_while(is_type).count();
        self.at += letters;
        self.blanks();
        if letters > 0 && self.peek(0) == Some(b'=') && self.peek(1) != Some(b'=') {
            self.at += 1;
        } else {
            self.at = before;
        }
    }
}

/// Where a value ends that has no pattern of its own: at its closing quote, else at what cannot be part of it. None where the quote
/// does not close within `most` bytes on the line.
pub(crate) fn end_of_value(text: &[u8], assigned: &Assigned, most: usize) -> Option<usize> {
    let from = assigned.value;
    let rest = &text[from..text.len().min(from + most + 1)];
    let length = match assigned.quote {
        Some(quote) => {
            let at = rest.iter().position(|byte| *byte == quote || matches!(byte, b'\n' | b'\r'))?;
            if rest[at] != quote {
                return None;
            }
            at - usize::from(assigned.escaped && at > 0 && rest[at - 1] == b'\\')
        }
        None => {
            let ends = |byte: &u8| {
                byte.is_ascii_whitespace()
                    || matches!(
                        byte,
                        b'"' | b'\''
                            | b'`'
                            | b','
                            | b';'
                            | b'<'
                            | b'>'
                            | b')'
                            | b']'
                            | b'}'
                            | b'('
                            | b'{'
                            | b'['
                            | b'|'
                            | b'&'
                            | b'\\'
                    )
            };
            rest.iter().position(ends).unwrap_or(rest.len())
        }
    };
    (length > 0 && length <= most).then_some(from + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name and value of the assignment to the name with `key` in it.
    fn read(text: &str) -> Option<(&str, &str)> {
        let word = text.find("key")?;
        let assigned = assignment(text.as_bytes(), word..word + 3)?;
        let end = end_of_value(text.as_bytes(), &assigned, 100)?;
        Some((&text[assigned.name], &text[assigned.value..end]))
    }

    #[test]
    fn a_link_is_no_assignment() {
        let of = |text: &str| text.find("api_key").and_then(|at| assignment(text.as_bytes(), at..at + 7));
        assert_eq!(of("[api_key](docs/api_key.md)"), None);
        assert!(of("settings['api_key']('v1')").is_some());
    }

    #[test]
    fn assignments_are_read_in_every_dress() {
        let same = [
            "api_key=v1",
            "api_key = 'v1'",
            "\"api_key\": \"v1\"",
            "\"api_key\" => \"v1\"",
            "api_key := `v1`",
            "export api_key=v1\n",
            "<api_key>v1</api_key>",
            "<add key=\"api_key\" value=\"v1\"/>".trim_start_matches("<add key=\""),
            "api_key: v1 # note",
            "\\\"api_key\\\":\\\"v1\\\"",
            "api_key: string = 'v1';",
            "api_key: &str = \"v1\";",
            "api_key(\"v1\")",
            "[\"api_key\"] = \"v1\"",
            "(\"api_key\", \"v1\")",
            "api_key == 'v1'",
            "api_key=b'v1'",
            "api_key || 'x'; api_key = 'v1'".split("; ").nth(1).unwrap_or_default(),
        ];
        for text in same {
            assert_eq!(read(text), Some(("api_key", "v1")), "{text}");
        }
        assert_eq!(read("--api-key v1"), Some(("--api-key", "v1")));
        assert_eq!(read("--key=v1"), Some(("--key", "v1")));
        for text in [
            "the key is",
            "key",
            "f(key, value)",
            "[\"a\", \"key\", \"value\"]",
            "key = \"unclosed\n\"",
            "key=",
            "keys {",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
