use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::document::tests::{all, plain};
use crate::{fuzz_json, utf8};

fn read(text: &str) -> Result<Node, InputError> {
    parse("a.json", text, Limits::default())
}

fn complaint(text: &str) -> String {
    let error = read(text).expect_err(text).to_string();
    error.strip_prefix("a.json:").unwrap_or(&error).to_owned()
}

#[test]
fn every_kind_is_read_with_its_place() {
    let text = "\r\n { \"a\" : [ 1, -2.5e+3 ,true,\t\"é\\u00e9\\ud83d\\ude00\" ],\n\"b\":null}\n";
    let root = read(text).unwrap();
    let cut: Vec<&str> = all(&root).iter().map(|node| &text[node.span.start..node.span.end]).collect();
    let list = "[ 1, -2.5e+3 ,true,\t\"é\\u00e9\\ud83d\\ude00\" ]";
    let whole = text.trim();
    assert_eq!(cut, [whole, "\"a\"", list, "1", "-2.5e+3", "true", "\"é\\u00e9\\ud83d\\ude00\"", "\"b\"", "null"]);
    assert_eq!(root.pointer("/a/3").and_then(Node::as_str), Some("éé\u{1F600}"));
}

#[test]
fn what_is_no_json_is_named_with_its_place() {
    let cases = [
        ("", "1:1: expected a value, found the end of the file"),
        ("  \n", "2:1: expected a value, found the end of the file"),
        ("[1,\n 2,]", "2:3: a trailing comma is not JSON; remove it"),
        ("{\"a\":1,}", "1:7: a trailing comma is not JSON; remove it"),
        ("[,]", "1:2: expected a value, found `,`"),
        ("[1,,2]", "1:4: expected a value, found `,`"),
        ("{,}", "1:2: expected a key in double quotes, found `,`"),
        ("// hello\n{}", "1:1: a comment is not JSON; remove it"),
        ("{} /* x */", "1:4: a comment is not JSON; remove it"),
        ("{\"a\": 1 # x\n}", "1:9: a comment is not JSON; remove it"),
        ("['a']", "1:2: expected a value, found `'`; JSON has double quotes only"),
        ("{a: 1}", "1:2: expected a key in double quotes, found `a`"),
        ("{1: 1}", "1:2: expected a key in double quotes, found `1`"),
        ("{\"a\" 1}", "1:6: expected `:` after the key, found `1`"),
        ("{\"a\":}", "1:6: expected a value, found `}`"),
        ("{\"a\"", "1:5: expected `:` after the key, found the end of the file"),
        ("{\"a\":1 \"b\":2}", "1:8: expected `,` or `}`, found `\"`"),
        ("[1 2]", "1:4: expected `,` or `]`, found `2`"),
        ("[1}", "1:3: expected `,` or `]`, found `}`"),
        ("[", "1:2: expected a value, found the end of the file"),
        ("[1,", "1:4: expected a value, found the end of the file"),
        ("1 2", "1:3: expected the end of the file, found `2`"),
        ("]", "1:1: expected a value, found `]`"),
        ("NaN", "1:1: expected a value, found `NaN`"),
        ("-Infinity", "1:2: expected a digit, found `Infinity`"),
        ("True", "1:1: expected a value, found `True`"),
        ("averyveryverylongword_indeed", "1:1: expected a value, found `averyveryverylongwor…`"),
        ("01", "1:1: a number may not begin with 0; put it in quotes or remove the 0"),
        ("+1", "1:1: expected a value, found `+`"),
        (".5", "1:1: expected a value, found `.`"),
        ("1.", "1:3: expected a digit after the decimal point, found the end of the file"),
        ("1e", "1:3: expected a digit in the exponent, found the end of the file"),
        ("1.5.2", "1:4: expected the end of the file, found `.`"),
        ("\"é\u{1F600}", "1:1: the string does not end; expected `\"`"),
        ("\"\\", "1:1: the string does not end; expected `\"`"),
        ("[\"a\nb\"]", "1:2: the string does not end on its line; expected `\"`"),
        ("[\"\u{1F600}\t\"]", "1:5: the control character U+0009 in a string; write it \\u0009"),
        ("\"a\0b\"", "1:3: the control character U+0000 in a string; write it \\u0000"),
        ("\0", "1:1: expected a value, found U+0000"),
        ("\"\\x41\"", "1:2: unknown escape: `\\` before `x`"),
        ("\"\\u12G4\"", "1:2: expected four hexadecimal digits after `\\u`"),
        ("\"\\u+123\"", "1:2: expected four hexadecimal digits after `\\u`"),
        ("\"\\u12", "1:2: expected four hexadecimal digits after `\\u`"),
        ("\u{FEFF}{}", "1:1: expected a value, found U+FEFF"),
        ("\u{A0}1", "1:1: expected a value, found `\u{A0}`"),
    ];
    for (text, expected) in cases {
        assert_eq!(complaint(text), expected, "{text:?}");
    }
}

#[test]
fn half_pairs_are_replaced() {
    let cases = [
        (r#""\ud800""#, "\u{FFFD}"),
        (r#""\udc00x""#, "\u{FFFD}x"),
        (r#""\ud800\ud800""#, "\u{FFFD}\u{FFFD}"),
        (r#""\ud800\n""#, "\u{FFFD}\n"),
        (r#""\uD83D\uDE00\u0000""#, "\u{1F600}\0"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).unwrap().as_str(), Some(expected), "{text}");
    }
}

#[test]
fn marks_and_utf16_are_read_through_utf8() {
    let utf16: Vec<u8> = "\u{FEFF}[\"é\"]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [b"\xEF\xBB\xBF[\"\xC3\xA9\"]".to_vec(), utf16] {
        let text = utf8(&bytes);
        assert_eq!(read(&text).unwrap().items()[0].as_str(), Some("é"));
    }
    assert_eq!(read(&utf8(b"\"\xFF\"")).unwrap().as_str(), Some("\u{FFFD}"));
    assert_eq!(complaint(&utf8(b"[\n\xFF]")), "2:1: expected a value, found `\u{FFFD}`");
}

#[test]
fn limits_hold() {
    let limits = Limits { depth: 3, nodes: 6, bytes: 40 };
    let read = |text: &str| parse("x", text, limits).map_err(|e| e.to_string());
    assert!(read("[[[1,2]]]").is_ok());
    assert_eq!(read("[[[[1]]]]"), Err("x:1:4: nested more than 3 levels deep".to_owned()));
    assert_eq!(read("[1,2,3,4,5,6]"), Err("x:1:12: holds more than 6 nodes".to_owned()));
    assert!(matches!(parse("x", &" ".repeat(41), limits), Err(InputError::TooLarge { limit: 40, .. })));
}

#[test]
fn hostile_texts_are_refused_quickly() {
    let began = Instant::now();
    let deep = 1_000_000;
    assert_eq!(complaint(&"[".repeat(deep)), "1:129: nested more than 128 levels deep");
    assert_eq!(complaint(&"{\"a\":".repeat(deep)), "1:641: nested more than 128 levels deep");
    assert_eq!(complaint(&format!("[{}", "1,".repeat(5 << 20))), "1:2000000: holds more than 1000000 nodes");
    let long = "x".repeat(10 << 20);
    assert_eq!(complaint(&format!("\"{long}")), "1:1: the string does not end; expected `\"`");
    assert_eq!(complaint(&long), "1:1: expected a value, found `xxxxxxxxxxxxxxxxxxxx…`");
    assert_eq!(read(&format!("[\"{long}\"]")).unwrap().items()[0].as_str(), Some(long.as_str()));
    assert_eq!(read(&"9".repeat(10 << 20)).unwrap().as_number().and_then(|n| n.as_u64()), None);
    // Generous: an unoptimised build on a busy machine.
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn the_deepest_tree_anyone_may_ask_for_can_be_handled() {
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    let text = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    let root = parse("x", &text, limits).unwrap();
    assert_eq!(root.clone(), root);
    assert!(root.duplicate_keys().is_empty());
    assert!(parse("x", &format!("[{text}]"), limits).is_err());
}

fn values() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        "[\\x00-\\x7F]{0,8}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Everything escaped: `\uXXXX` for every character of every string.
fn escaped(value: &serde_json::Value) -> String {
    let string = |text: &str| {
        text.encode_utf16().fold("\"".to_owned(), |mut all, unit| {
            write!(all, "\\u{unit:04X}").unwrap();
            all
        }) + "\""
    };
    match value {
        serde_json::Value::String(text) => string(text),
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(escaped).collect::<Vec<_>>().join(" , "))
        }
        serde_json::Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{}\n:{}", string(key), escaped(value)));
            format!("{{\t{} }}", members.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

proptest! {
    #[test]
    fn what_serde_json_writes_reads_equal(value in values()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap(), escaped(&value)] {
            let root = read(&text).unwrap();
            prop_assert_eq!(plain(&root), serde_json::from_str::<serde_json::Value>(&text).unwrap());
            for node in all(&root) {
                let again = read(&text[node.span.start..node.span.end]).unwrap();
                prop_assert_eq!(plain(&again), plain(node));
            }
        }
    }

    #[test]
    fn serde_json_agrees_on_what_is_json(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "\\", "\\n", "1", "-", "0", ".", "e", "+", " ", "\n",
                "null", "true", "false", "x", "/", "'", "é", "\t", "\u{FEFF}", "\0",
            ]),
            0..12,
        )
    ) {
        let text = parts.concat();
        let ours = read(&text);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(theirs) => prop_assert_eq!(plain(&ours.unwrap()), theirs, "{}", text),
            Err(error) => prop_assert!(ours.is_err() || error.to_string().contains("out of range"), "{}", text),
        }
    }

    #[test]
    fn no_bytes_bring_it_down(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        fuzz_json(&bytes);
    }
}
