//! Values that are handed on, held against what they were made of.

use std::io::{self, Write};

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::{Reader, small, take};

fn copied(text: &[u8], room: usize) -> Result<Vec<u8>, crate::InputError> {
    let (mut reader, mut out) = (small(text, room), Vec::new());
    reader.copy(&mut out)?;
    reader.end()?;
    Ok(out)
}

/// A JSON text with white space in it, and without.
#[derive(Clone, Debug)]
struct Text {
    loose: String,
    tight: String,
}

fn texts() -> impl Strategy<Value = Text> {
    let number = select(vec!["0", "-0", "0.10", "1e400", "-1E-7", "1.50e+03", "123456789012345678901234567890", "42"]);
    let leaf = prop_oneof![
        number.prop_map(str::to_owned),
        select(vec!["null", "true", "false"]).prop_map(str::to_owned),
        select(vec![r#""\u00e9\n\/\"""#, r#""\uD83D\uDE00 \u0000""#, r#""\\""#]).prop_map(str::to_owned),
        any::<String>().prop_map(|text| Value::from(text).to_string()),
        "[ -~äé€\u{1F600}]{0,90}".prop_map(|text| Value::from(text).to_string()),
    ];
    let leaf = leaf.prop_map(|text| Text { loose: text.clone(), tight: text });
    leaf.prop_recursive(5, 60, 5, |inner| {
        let gap = || select(vec!["", "", " ", "\n\t", "\r\n              "]);
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..5), gap()).prop_map(|(items, gap)| Text {
                loose: format!("[{gap}{}]", items.iter().map(|i| i.loose.clone() + gap).collect::<Vec<_>>().join(",")),
                tight: format!("[{}]", items.iter().map(|i| i.tight.as_str()).collect::<Vec<_>>().join(",")),
            }),
            (prop::collection::vec((any::<String>(), inner), 0..5), gap()).prop_map(|(members, gap)| {
                let key = |key: &String| Value::from(key.as_str()).to_string();
                let loose = members.iter().map(|(k, v)| format!("{gap}{}{gap}:{gap}{}{gap}", key(k), v.loose));
                let tight = members.iter().map(|(k, v)| format!("{}:{}", key(k), v.tight));
                Text {
                    loose: format!("{{{}{gap}}}", loose.collect::<Vec<_>>().join(",")),
                    tight: format!("{{{}}}", tight.collect::<Vec<_>>().join(",")),
                }
            }),
        ]
    })
}

proptest! {
    #[test]
    fn only_white_space_is_lost(text in texts(), room in 3_usize..60) {
        let copy = String::from_utf8(copied(text.loose.as_bytes(), room).unwrap()).unwrap();
        prop_assert_eq!(&copy, &text.tight);
        if let Ok(value) = serde_json::from_str::<Value>(&text.loose) {
            prop_assert_eq!(serde_json::from_str::<Value>(&copy).unwrap(), value);
        }
    }

    #[test]
    fn the_rest_of_the_text_stays_where_it_is(before in texts(), text in texts(), room in 3_usize..60) {
        let whole = format!("{{\"a\": {}, \"b\" : {} ,\"c\":[1 ,2]}}", before.loose, text.loose);
        let (mut reader, mut out, mut keys) = (small(whole, room), Vec::new(), String::new());
        reader.object(|reader, key| {
            keys.push_str(key);
            if key == "a" { Ok(()) } else { reader.copy(&mut out) }
        }).unwrap();
        reader.end().unwrap();
        prop_assert_eq!(keys, "abc");
        prop_assert_eq!(String::from_utf8(out).unwrap(), format!("{}[1,2]", text.tight));
    }

    #[test]
    fn it_refuses_what_is_refused_elsewhere(
        text in texts(), at in any::<u16>(), new in any::<[u8; 2]>(), room in 3_usize..40,
    ) {
        let mut bytes = text.loose.into_bytes();
        let at = usize::from(at) % bytes.len();
        bytes.splice(at..at + 1, new);
        let mut taken = small(&bytes, 64);
        let taken = take(&mut taken).and_then(|()| taken.end()).map_err(|error| error.to_string());
        let copy = copied(&bytes, room).map_err(|error| error.to_string());
        prop_assert_eq!(copy.as_ref().map(drop), taken.as_ref().copied());
        if let Ok(copy) = copy {
            prop_assert!(str::from_utf8(&copy).is_ok());
            prop_assert_eq!(copied(&copy, 64).unwrap(), copy);
        }
    }
}

#[test]
fn what_is_written_is_json_even_where_what_was_read_is_not() {
    let cases: [(&[u8], &str); 6] = [
        (b"[NaN, -Infinity ,Infinity,1]", "[null,null,null,1]"),
        (b"NaN", "null"),
        (b"\"a\xFFb\"", "\"a\u{FFFD}b\""),
        (b"{\"\xE2\x82\" : \"\xE2\x82\\n\xF0\x9F\x98\"}", "{\"\u{FFFD}\":\"\u{FFFD}\\n\u{FFFD}\"}"),
        (b"\"\xE9\xE2\x82\xAC\x80\"", "\"\u{FFFD}\u{20AC}\u{FFFD}\""),
        (b"  true ", "true"),
    ];
    for (text, expected) in cases {
        for room in 3..20 {
            assert_eq!(String::from_utf8(copied(text, room).unwrap()).unwrap(), expected, "{room}");
        }
    }
}

#[test]
fn a_string_of_any_length_passes_in_pieces() {
    struct Pieces(usize, usize);
    impl Write for Pieces {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            self.1 = self.1.max(bytes.len());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let text = format!("{{\"{0}\":[\"{0}\", 1]}}", "ä€x\\n".repeat(1 << 19));
    let (mut reader, mut pieces) = (small(&text, 64), Pieces(0, 0));
    reader.copy(&mut pieces).unwrap();
    reader.end().unwrap();
    assert_eq!(pieces.0, text.len() - 1);
    assert!(pieces.1 <= 64 && reader.window.room() <= 64, "{} {}", pieces.1, reader.window.room());
}

#[test]
fn a_writer_that_fails_ends_it() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut reader: Reader = small("[1, 2]", 64);
    let error = reader.copy(&mut Full).unwrap_err().to_string();
    assert!(error.starts_with("r.json: what was read cannot be written elsewhere"), "{error}");
    assert!(reader.end().is_err());
}
