//! Each rule of the reader; the window moves within most texts.

use std::io::Cursor;

use super::*;
use crate::Source;

mod copies;
mod properties;

/// A reader of `text` whose window is small at first.
fn small(text: impl AsRef<[u8]>, room: usize) -> Reader {
    let source = Source::new("r.json", Box::new(Cursor::new(text.as_ref().to_vec())), u64::MAX);
    Reader::new(Window::with_room(source, 1 << 20, room).unwrap())
}

fn reader(text: impl AsRef<[u8]>) -> Reader {
    small(text, 1 << 12)
}

/// Takes everything.
fn take(reader: &mut Reader) -> Result<(), InputError> {
    match reader.kind()? {
        Kind::Object => reader.object(|reader, _| take(reader)),
        Kind::Array => reader.array(take),
        Kind::String => reader.string().map(drop),
        Kind::Number => reader.number().map(drop),
        Kind::Bool => reader.bool().map(drop),
        Kind::Null => reader.null_or(|_| Ok(())).map(drop),
    }
}

/// The complaint about `text`, which is the same whether it is taken or passed over, and however the window moves.
fn complaint(text: impl AsRef<[u8]>) -> String {
    let text = text.as_ref();
    let say = |room, how: fn(&mut Reader) -> Result<(), InputError>| {
        let mut reader = small(text, room);
        let error = how(&mut reader).and_then(|()| reader.end()).expect_err(&text.escape_ascii().to_string());
        let message = error.to_string();
        message.strip_prefix("r.json:").unwrap_or(&message).to_owned()
    };
    let first = say(1 << 12, take);
    for room in [3, 5, 8, 33] {
        assert_eq!(say(room, take), first, "{}", text.escape_ascii());
        assert_eq!(say(room, Reader::skip), first, "{}", text.escape_ascii());
    }
    first
}

#[test]
fn an_object_is_handed_over_member_by_member() {
    let text = "\u{FEFF} {\"a\" : [1, {\"b\":null}],\r\n\t\"\\u0061\\n\":\"x\",\"left\":{\"deep\":[[]]},\"a\":true}\n ";
    for room in 3..80 {
        let mut reader = small(text, room);
        let mut seen = Vec::new();
        reader
            .object(|reader, key| {
                match (key, reader.kind()?) {
                    ("a", Kind::Array) => reader.array(|reader| {
                        match reader.kind()? {
                            Kind::Number => seen.push(format!("number {}", reader.number()?)),
                            kind => seen.push(format!("left {kind:?}")),
                        }
                        Ok(())
                    })?,
                    (_, Kind::String) => seen.push(format!("{key:?} {}", reader.string()?)),
                    (_, Kind::Bool) => seen.push(format!("{key:?} {}", reader.bool()?)),
                    (_, kind) => seen.push(format!("{key:?} {kind:?}")),
                }
                Ok(())
            })
            .unwrap();
        reader.end().unwrap();
        let expected = ["number 1", "left Object", "\"a\\n\" x", "\"left\" Object", "\"a\" true"];
        assert_eq!(seen, expected, "{room}");
        assert_eq!((reader.digest(), reader.path()), (Digest::of(text.as_bytes()), "r.json"));
    }
}

#[test]
fn strings_are_borrowed_where_they_can_be() {
    let cases: [(&[u8], &str, bool); 13] = [
        (b"\"\"", "", true),
        ("\"é\u{1F600} plain\u{7F}\"".as_bytes(), "é\u{1F600} plain\u{7F}", true),
        (br#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t", false),
        (br#""a\u00e9\u0000z""#, "aé\0z", false),
        (br#""\uD83D\uDE00""#, "\u{1F600}", false),
        (br#""\uDBFF\uDFFF\uD800\uDC00""#, "\u{10FFFF}\u{10000}", false),
        (br#""\ud800""#, "\u{FFFD}", false),
        (br#""\udc00x""#, "\u{FFFD}x", false),
        (br#""\ud800\ud800""#, "\u{FFFD}\u{FFFD}", false),
        (br#""\ud800\n""#, "\u{FFFD}\n", false),
        (br#""\ud800\ud83d\ude00""#, "\u{FFFD}\u{1F600}", false),
        (b"\"a\xFFb\"", "a\u{FFFD}b", false),
        (b"\"\xE9\\n\xC3\"", "\u{FFFD}\n\u{FFFD}", false),
    ];
    for (text, expected, borrowed) in cases {
        for room in [3, 5, 64] {
            let mut reader = small(text, room);
            let value = reader.string().unwrap();
            assert_eq!((&*value, matches!(value, Cow::Borrowed(_))), (expected, borrowed), "{}", text.escape_ascii());
            reader.end().unwrap();
        }
        let key = [b"{", text, b":0}"].concat();
        let mut seen = String::new();
        let collect = |_: &mut Reader, key: &str| {
            seen.push_str(key);
            Ok(())
        };
        reader(&key).object(collect).unwrap();
        assert_eq!(seen, expected);
    }
}

#[test]
fn numbers_are_exact_or_say_that_they_are_not() {
    let big = "123456789012345678901234567890";
    let cases = [
        ("0", Some(0), Some(0), Some(0.0)),
        ("-0", None, None, Some(-0.0)),
        ("-7", None, Some(-7), Some(-7.0)),
        (
            "123456789012345678",
            Some(123_456_789_012_345_678),
            Some(123_456_789_012_345_678),
            Some(1.2345678901234568e17),
        ),
        ("18446744073709551615", Some(u64::MAX), None, Some(18446744073709551615.0)),
        ("18446744073709551616", None, None, Some(18446744073709551616.0)),
        ("-9223372036854775808", None, Some(i64::MIN), Some(-9223372036854775808.0)),
        ("-9223372036854775809", None, None, Some(-9223372036854775808.0)),
        (big, None, None, Some(1.2345678901234568e29)),
        ("1.0", None, None, Some(1.0)),
        ("-1e3", None, None, Some(-1000.0)),
        ("83.33", None, None, Some(83.33)),
        ("2E3", None, None, Some(2000.0)),
        ("0.5E-1", None, None, Some(0.05)),
        ("1e999", None, None, None),
        ("1e-999", None, None, Some(0.0)),
        ("Infinity", None, None, Some(f64::INFINITY)),
        ("-Infinity", None, None, Some(f64::NEG_INFINITY)),
    ];
    for (text, u64, i64, f64) in cases {
        for (room, end) in [(3, ""), (64, ""), (3, " "), (64, "\n")] {
            let mut reader = small(format!("{text}{end}"), room);
            assert_eq!(reader.kind().unwrap(), Kind::Number);
            let number = reader.number().unwrap();
            assert_eq!((number.as_u64(), number.as_i64(), number.as_f64()), (u64, i64, f64), "{text}");
            reader.end().unwrap();
        }
    }
    assert!(reader("NaN").number().unwrap().as_f64().is_some_and(f64::is_nan));
}

#[test]
fn what_is_no_json_is_named_with_its_line() {
    let cases = [
        ("", "1: expected a value, found the end of the file"),
        (" \n\n", "3: expected a value, found the end of the file"),
        ("[1,\n 2,]", "2: a comma before the closing bracket is not JSON; remove it"),
        ("{\"a\":1\n,\n}", "3: a comma before the closing bracket is not JSON; remove it"),
        ("[,]", "1: expected a value, found `,`"),
        ("[1,,2]", "1: expected a value, found `,`"),
        ("{,}", "1: expected a key in double quotes, found `,`"),
        ("// hello\n{}", "1: a comment is not JSON; remove it"),
        ("{}\n/* x */", "2: a comment is not JSON; remove it"),
        ("{\"a\": 1 # x\n}", "1: a comment is not JSON; remove it"),
        ("\n['a']", "2: expected a value, found `'`"),
        ("{a: 1}", "1: expected a key in double quotes, found `a`"),
        ("{1: 1}", "1: expected a key in double quotes, found `1`"),
        ("{\"a\"\n1}", "2: expected `:` after the key, found `1`"),
        ("{\"a\":}", "1: expected a value, found `}`"),
        ("{\"a\":1 \"b\":2}", "1: expected `,` or `}`, found `\"`"),
        ("[1 2]", "1: expected `,` or `]`, found `2`"),
        ("[1}", "1: expected `,` or `]`, found `}`"),
        ("[{]", "1: expected a key in double quotes, found `]`"),
        ("1 2", "1: expected the end of the file, found `2`"),
        ("1\n\0", "2: expected the end of the file, found U+0000"),
        ("]", "1: expected a value, found `]`"),
        ("nan", "1: expected a value, found `nan`"),
        ("-Inf", "1: expected a digit, found `Inf`"),
        ("Infinit", "1: expected a value, found `Infinit`"),
        ("+Infinity", "1: expected a value, found `+`"),
        ("True", "1: expected a value, found `True`"),
        ("truth", "1: expected a value, found `truth`"),
        ("nullx", "1: expected the end of the file, found `x`"),
        ("averyveryverylongword_indeed", "1: expected a value, found `averyveryverylongwor…`"),
        ("01", "1: a number may not begin with 0; remove the 0"),
        ("[-00,1]", "1: a number may not begin with 0; remove the 0"),
        ("+1", "1: expected a value, found `+`"),
        (".5", "1: expected a value, found `.`"),
        ("[1.]", "1: expected a digit after the decimal point, found `]`"),
        ("[1e+]", "1: expected a digit in the exponent, found `]`"),
        ("[-]", "1: expected a digit, found `]`"),
        ("1.5.2", "1: expected the end of the file, found `.`"),
        ("[\"a\nb\"]", "1: the string does not end on its line; expected `\"`"),
        ("[\n\"\u{1F600}\t\"]", "2: the control character U+0009 in a string; write it \\u0009"),
        ("\"a\0b\"", "1: the control character U+0000 in a string; write it \\u0000"),
        ("{\"\u{1F}\":1}", "1: the control character U+001F in a string; write it \\u001f"),
        ("\0", "1: expected a value, found U+0000"),
        ("\"\\x41\"", "1: no escape of JSON follows the `\\`; expected one of `\"\\/bfnrtu`"),
        ("\"\\u12G4\"", "1: expected four hexadecimal digits after `\\u`"),
        ("\"\\u12\"", "1: expected four hexadecimal digits after `\\u`"),
        ("[\u{FEFF}]", "1: expected a value, found U+FEFF"),
        ("\u{A0}1", "1: expected a value, found `\u{A0}`"),
    ];
    for (text, expected) in cases {
        assert_eq!(complaint(text), expected, "{text:?}");
    }
    assert_eq!(complaint(b"\xFF\xFE{\0}\0"), "1: the file is UTF-16; write it as UTF-8");
    assert_eq!(complaint(b"[\xFF]"), "1: expected a value, found `\u{FFFD}`");
}

#[test]
fn a_text_that_is_cut_short_says_what_was_open() {
    let cases = [
        ("{", "1: the file is cut short within an object; write it again"),
        ("[1,\n", "2: the file is cut short within an array; write it again"),
        ("{\"a\":[1", "1: the file is cut short within an array, 2 levels deep; write it again"),
        ("[{\n\"a\"", "2: the file is cut short within an object, 2 levels deep; write it again"),
        ("{\"a\":", "1: the file is cut short within an object; write it again"),
        ("{\"a\":\n\"b", "2: the file is cut short within a string in an object; write it again"),
        ("[\"a\\", "1: the file is cut short within a string in an array; write it again"),
        ("[\"a\\u12", "1: the file is cut short within a string in an array; write it again"),
        ("{\"key", "1: the file is cut short within a string in an object; write it again"),
        ("\"", "1: the file is cut short within a string; write it again"),
        ("[[[tru", "1: the file is cut short within the word `true` in an array, 3 levels deep; write it again"),
        ("-", "1: the file is cut short within a number; write it again"),
        ("[1.", "1: the file is cut short within a number in an array; write it again"),
        ("1e+", "1: the file is cut short within a number; write it again"),
    ];
    for (text, expected) in cases {
        assert_eq!(complaint(text), expected, "{text:?}");
    }
}

#[test]
fn another_kind_is_an_error_and_can_be_taken_as_what_it_is() {
    let values = [
        ("{}", "an object"),
        ("[]", "an array"),
        ("\"x\"", "a string"),
        ("-1", "a number"),
        ("NaN", "a number"),
        ("false", "`true` or `false`"),
        ("null", "`null`"),
    ];
    type Asked = fn(&mut Reader) -> Result<(), InputError>;
    let asked: [(&str, Asked); 5] = [
        ("an object", |reader| reader.object(|_, _| Ok(()))),
        ("an array", |reader| reader.array(|_| Ok(()))),
        ("a string", |reader| reader.string().map(drop)),
        ("a number", |reader| reader.number().map(drop)),
        ("`true` or `false`", |reader| reader.bool().map(drop)),
    ];
    for (text, found) in values {
        for (expected, ask) in asked {
            let mut reader = reader(format!("[1,\n{text}]"));
            let (mut number, mut said) = (0, None);
            reader
                .array(|reader| {
                    number += 1;
                    if number == 2 {
                        said = ask(reader).err().map(|error| error.to_string());
                    }
                    Ok(())
                })
                .unwrap();
            reader.end().unwrap();
            let error = (expected != found).then(|| format!("r.json:2: expected {expected}, found {found}"));
            assert_eq!(said, error);
        }
    }
    assert_eq!(reader("7").null_or(|reader| reader.number()).unwrap().and_then(Number::as_u64), Some(7));
    assert!(reader("null").null_or(|reader| reader.number()).unwrap().is_none());
}

#[test]
fn nothing_is_read_after_an_error_or_where_nothing_is() {
    let mut broken = reader("{\"a\": [1}, \"b\": 2}");
    let error = broken.object(|reader, _| {
        assert!(reader.array(|_| Ok(())).is_err());
        Ok(())
    });
    assert!(error.unwrap_err().to_string().ends_with("nothing can be read after an error"));
    assert!(broken.end().is_err() && broken.skip().is_err());

    let mut refused = reader("[[1, 2], 3]");
    let mut said = None;
    let error = refused.array(|reader| {
        said = reader.array(|reader| Err(reader.malformed("no"))).err();
        Ok(())
    });
    assert_eq!(said.map(|said| said.to_string()), Some("r.json:1: no".to_owned()));
    assert!(error.is_err());

    let mut twice = reader("[1 2]");
    let error = twice.array(|reader| reader.number().and_then(|_| reader.number()).map(drop)).unwrap_err();
    assert!(error.to_string().ends_with("there is none that was not taken"), "{error}");
}

#[test]
fn the_line_is_that_of_the_last_key_or_value_even_if_it_left_the_window() {
    for room in [3, 6, 1000] {
        let long = "x".repeat(500);
        let text = format!("\n{{\"a\"\n\n\n\n:\n[1,\n\n2\n],\n\"{long}\":\"{long}\"\n\n,\"c\"\n\n\n\n:\n\n3}}");
        let mut reader = small(text, room);
        let mut lines = Vec::new();
        reader
            .object(|reader, key| {
                lines.push(reader.line());
                match key {
                    "a" => reader.array(|reader| {
                        reader.number()?;
                        lines.push(reader.line());
                        Ok(())
                    })?,
                    "c" => drop(reader.kind()?),
                    _ => drop(reader.string()?),
                }
                lines.push(reader.line());
                Ok(())
            })
            .unwrap();
        assert_eq!(lines, [2, 7, 9, 10, 11, 11, 13, 19], "{room}");
        assert_eq!(reader.line(), 19);
    }
}

#[test]
fn a_text_of_which_nothing_is_taken_is_passed_over() {
    let mut reader = reader("{\"a\": [1, 2]} ");
    assert_eq!(reader.kind().unwrap(), Kind::Object);
    reader.end().unwrap();
    reader.end().unwrap();
    assert_eq!(reader.digest().bytes, 14);
    assert!(reader.kind().is_err());
}

#[test]
fn bounds_hold() {
    let nested = |levels: usize| format!("{}1{}", "[{\"a\":".repeat(levels / 2), "}]".repeat(levels / 2));
    let mut fits = reader(nested(256));
    take(&mut fits).and_then(|()| fits.end()).unwrap();
    assert_eq!(complaint(format!("[{}]", nested(256))), "1: objects and arrays are nested more than 256 levels deep");
    assert_eq!(complaint("[".repeat(1 << 20)), "1: objects and arrays are nested more than 256 levels deep");

    let long = 3 << 20;
    let string = format!("[1,\n\"{}\\n\"]", "é\\\\".repeat(long / 4));
    assert!(reader(&string).skip().is_ok());
    let error = take(&mut reader(&string)).unwrap_err().to_string();
    assert!(error.starts_with("r.json:2: a line or value here is longer than 1,048,576 bytes"), "{error}");
    let error = reader("1".repeat(long)).number().unwrap_err().to_string();
    assert!(error.starts_with("r.json:1: a line or value here is longer"), "{error}");
    assert_eq!(reader("9".repeat(1 << 19)).number().unwrap().as_f64(), None);

    let key = |length: usize| format!("{{\"{}\":1}}", "k".repeat(length));
    assert!(take(&mut reader(key(1 << 16))).is_ok());
    let error = take(&mut reader(key(1 + (1 << 16)))).unwrap_err().to_string();
    assert_eq!(error, "r.json:1: a key here is longer than 65536 bytes, the bound");
    assert!(reader(key(long)).skip().is_ok());
}

#[test]
fn memory_does_not_grow_with_what_is_passed_over() {
    let text = format!("{{\"source\":\"{}\",\"n\":[{}0]}}", "x\\n".repeat(1 << 20), "1,".repeat(1 << 20));
    let mut reader = small(text, 64);
    reader.skip().unwrap();
    reader.end().unwrap();
    assert!(reader.window.bytes().is_empty());
    assert!(reader.window.room() <= 64);
}

#[test]
fn the_beginning_of_a_string_is_that_of_the_whole() {
    let long = "a\u{E9}\u{20AC}\\\"\\n\\u00e9\\ud83d\\ude00".repeat(3_000);
    for inner in ["", "a", "\u{E9}\u{E9}", "a\\n\\u0041", "\\ud83d\\ude00\\ud83d", &"\\u0041".repeat(9_000), &long] {
        let text = format!("[\"{inner}\", 7]");
        let whole = reader(&text).array_of_one();
        for room in [3, 64, 1 << 17] {
            for most in [0, 1, 2, 3, 4, 5, 7, 100, 4_000, usize::MAX] {
                let mut reader = small(&text, room);
                let mut first = true;
                reader
                    .array(|reader| {
                        if first {
                            let (kept, cut) = reader.string_prefix(most)?;
                            assert_eq!(*kept, whole[..whole.floor_char_boundary(most)], "{most}");
                            assert_eq!(cut, whole.len() > most);
                            first = false;
                        }
                        Ok(())
                    })
                    .unwrap();
                reader.end().unwrap();
            }
        }
    }
}

#[test]
fn a_string_longer_than_the_bound_has_a_beginning() {
    let text = format!("\"{}\"", "xy".repeat(3 << 20));
    let mut reader = small(&text, 1 << 12);
    let (kept, cut) = reader.string_prefix(3).unwrap();
    assert_eq!((&*kept, cut), ("xyx", true));
    reader.end().unwrap();
    assert!(reader.window.room() <= 1 << 16);
    for (text, complaint) in [("7", "expected a string"), ("\"a", "cut short"), ("\"a\n\"", "does not end on its line")]
    {
        let error = small(text, 3).string_prefix(9).unwrap_err();
        assert!(error.to_string().contains(complaint), "{error}");
    }
}

impl Reader {
    /// The string that a list begins with.
    fn array_of_one(&mut self) -> String {
        let mut all = Vec::new();
        self.array(|reader| {
            if reader.kind()? == Kind::String {
                all.push(reader.string()?.into_owned());
            }
            Ok(())
        })
        .unwrap();
        all.remove(0)
    }
}
