//! JSON: as far as `fromJSON` and `toJSON` need it.

use super::value::{Taint, Value};

const MAX_DEPTH: usize = 32;

/// Reads a JSON text; none where it is not one. An object is a value that counts as true, and nothing more.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn take(&mut self, token: &str) -> Option<()> {
        self.space();
        self.rest().starts_with(token).then(|| self.at += token.len())
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.space();
        match self.rest().bytes().next()? {
            _ if depth > MAX_DEPTH => None,
            b'n' => self.take("null").map(|()| Value::Null),
            b't' => self.take("true").map(|()| Value::Bool(true)),
            b'f' => self.take("false").map(|()| Value::Bool(false)),
            b'"' => self.string().map(|text| Value::String(text.into())),
            b'[' => {
                let mut items = Vec::new();
                self.items("[", "]", |reader| reader.value(depth + 1).map(|item| items.push(item)))?;
                Some(Value::List(items.into()))
            }
            b'{' => {
                self.items("{", "}", |reader| {
                    reader.space();
                    reader.string()?;
                    reader.take(":")?;
                    reader.value(depth + 1).map(drop)
                })?;
                Some(Value::Partial { truth: true, taint: Taint::NONE })
            }
            _ => self.number(),
        }
    }

    fn items(&mut self, open: &str, close: &str, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(open)?;
        if self.take(close).is_some() {
            return Some(());
        }
        loop {
            item(self)?;
            if self.take(",").is_none() {
                return self.take(close);
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.text[self.at..].strip_prefix('"')?.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => text.push(match characters.next()? {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => escaped(&mut characters)?,
                    same @ ('"' | '\\' | '/') => same,
                    _ => return None,
                }),
                control if control < ' ' => return None,
                character => text.push(character),
            }
        }
        self.at = self.text.len() - characters.as_str().len();
        Some(text)
    }

    fn number(&mut self) -> Option<Value> {
        let rest = self.rest();
        let ends = |byte: u8| !byte.is_ascii_digit() && !b"+-.eE".contains(&byte);
        let word = &rest[..rest.bytes().position(ends).unwrap_or(rest.len())];
        let whole = word.trim_start_matches('-').split(['.', 'e', 'E']).next()?;
        let is_json = (whole == "0" || !whole.starts_with('0'))
            && !word.starts_with(['+', '.'])
            && !word.starts_with("-.")
            && !word.ends_with('.')
            && !word.contains(".e")
            && !word.contains(".E");
        let number = word.parse().ok().filter(|_| is_json)?;
        self.at += word.len();
        Some(Value::Number(number))
    }
}

/// A character written as `\uXXXX`, or as two of them.
fn escaped(characters: &mut std::str::Chars<'_>) -> Option<char> {
    let first = unit(characters)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    let escape = characters.next()? == '\\' && characters.next()? == 'u';
    let second = if escape { unit(characters)? } else { 0 };
    if !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
}

fn unit(characters: &mut std::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |unit, _| Some(unit * 16 + characters.next()?.to_digit(16)?))
}

/// Writes a value as JSON, two spaces to a level; none where it is not known.
pub(super) fn write(value: &Value) -> Option<String> {
    let mut out = String::new();
    write_at(value, 0, &mut out)?;
    Some(out)
}

fn write_at(value: &Value, level: usize, out: &mut String) -> Option<()> {
    if level > MAX_DEPTH || out.len() > super::MAX_LENGTH {
        return None;
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_text()?),
        Value::String(text) => write_string(text, out),
        Value::List(items) if items.is_empty() => out.push_str("[]"),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "\n" } else { ",\n" });
                out.push_str(&"  ".repeat(level + 1));
                write_at(item, level + 1, out)?;
            }
            out.push('\n');
            out.push_str(&"  ".repeat(level));
            out.push(']');
        }
        Value::Partial { .. } | Value::Unknown => return None,
    }
    Some(())
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..' ' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_json() {
        let list = |items: &[Value]| Value::List(items.into());
        let object = Value::Partial { truth: true, taint: Taint::NONE };
        let cases = [
            ("null", Value::Null),
            (" true ", Value::Bool(true)),
            ("-12.50e1", Value::Number(-125.0)),
            ("0", Value::Number(0.0)),
            ("0.5", Value::Number(0.5)),
            (r#""a\"\\\/\n\u00e9\ud83d\ude00é""#, Value::text("a\"\\/\né😀é")),
            ("[]", list(&[])),
            ("[ 1, [\"a\"] , {} ]", list(&[Value::Number(1.0), list(&[Value::text("a")]), object.clone()])),
            (r#"{"a": {"b": [1, 2]}, "c": null}"#, object),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn reads_nothing_else() {
        let cases = [
            "",
            "nul",
            "True",
            "'a'",
            "[1,]",
            "[1 2]",
            "{a: 1}",
            "{\"a\"}",
            "1 2",
            "01",
            "-",
            "+1",
            ".5",
            "1.",
            "1.e2",
            "-.5",
            "--1",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\t\"",
            "[",
            "{\"a\":",
        ];
        for text in cases {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)), None);
        assert_eq!(read(&format!("{}{}", "[".repeat(40), "]".repeat(40))), None);
    }

    #[test]
    fn writes_what_it_reads() {
        let text = "[\n  null,\n  [\n    1.5,\n    \"a\\\"\\u0001\\n\"\n  ],\n  [],\n  true\n]";
        assert_eq!(read(text).and_then(|value| write(&value)).as_deref(), Some(text));
        assert_eq!(write(&Value::List([Value::Unknown].into())), None);
    }
}
