//! Against `serde_json`, with a window that moves within every text.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Value;

use super::{Reader, small, take};
use crate::json_stream::Kind;
use crate::{InputError, fuzz_json_stream};

fn value(reader: &mut Reader) -> Result<Value, InputError> {
    Ok(match reader.kind()? {
        Kind::Null => reader.null_or(|_| Ok(Value::Null))?.into(),
        Kind::Bool => reader.bool()?.into(),
        Kind::String => reader.string()?.into(),
        Kind::Number => {
            let number = reader.number()?;
            let whole = number.as_u64().map(Value::from).or(number.as_i64().map(Value::from));
            whole.unwrap_or_else(|| number.as_f64().into())
        }
        Kind::Array => {
            let mut items = Vec::new();
            reader.array(|reader| {
                items.push(value(reader)?);
                Ok(())
            })?;
            items.into()
        }
        Kind::Object => {
            let mut members = serde_json::Map::new();
            reader.object(|reader, key| {
                let value = value(reader)?;
                members.insert(key.to_owned(), value);
                Ok(())
            })?;
            members.into()
        }
    })
}

fn whole(text: &[u8], room: usize) -> Result<Value, InputError> {
    let mut reader = small(text, room);
    let value = value(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        (0_u64..2000).prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        "[\\x00-\\x7F]{0,80}".prop_map(Into::into),
        "[ -~]{0,300}".prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 80, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Everything escaped: `\uXXXX` for every character of every string.
fn escaped(value: &Value) -> String {
    let string = |text: &str| {
        text.encode_utf16().fold("\"".to_owned(), |mut all, unit| {
            write!(all, "\\u{unit:04X}").unwrap();
            all
        }) + "\""
    };
    match value {
        Value::String(text) => string(text),
        Value::Array(items) => format!("[{}]", items.iter().map(escaped).collect::<Vec<_>>().join(" , ")),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{}\n:{}", string(key), escaped(value)));
            format!("{{\t{} }}", members.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// What `serde_json` refuses and this reader does not, in its words; the tests' bytes are UTF-8.
fn lenient(error: &serde_json::Error) -> bool {
    let said = error.to_string();
    ["out of range", "surrogate", "hex escape", "recursion limit"].iter().any(|known| said.contains(known))
}

/// Equal, but for the last bit of a double: `serde_json` does not round to the nearest.
fn equal(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| equal(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|(ours, theirs)| ours.0 == theirs.0 && equal(ours.1, theirs.1))
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= a.abs() * 1e-15
        }
        _ => ours == theirs,
    }
}

fn agree(text: &str) -> Result<(), TestCaseError> {
    let ours = whole(text.as_bytes(), 5);
    match (&ours, serde_json::from_str::<Value>(text)) {
        (Ok(ours), Ok(theirs)) => prop_assert!(equal(ours, &theirs), "{text:?}: {ours} {theirs}"),
        (Err(error), Ok(_)) => prop_assert!(false, "{text:?}: {error}"),
        (Ok(_), Err(error)) => prop_assert!(lenient(&error), "{text:?}: {error}"),
        (Err(_), Err(_)) => {}
    }
    fuzz_json_stream(text.as_bytes());
    Ok(())
}

proptest! {
    #[test]
    fn what_serde_json_writes_reads_equal(value in values(), room in 3_usize..40) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap(), escaped(&value)] {
            prop_assert_eq!(&whole(text.as_bytes(), room).unwrap(), &value, "{}", text);
            let mut reader = small(&text, room);
            reader.skip().unwrap();
            reader.end().unwrap();
        }
    }

    #[test]
    fn serde_json_agrees_on_what_is_json(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "\\", "\\n", "1", "-", "0", ".", "e", "+", " ", "\n",
                "null", "true", "false", "x", "/", "'", "é", "\t", "\u{FEFF}", "\0", "\\u00e9", "\\uD83D", "\\uDE00",
            ]),
            0..12,
        )
    ) {
        let text = parts.concat();
        // A mark at the beginning is dropped here.
        if !text.starts_with('\u{FEFF}') {
            agree(&text)?;
        }
    }

    #[test]
    fn serde_json_agrees_after_edits(
        value in values(),
        pretty in any::<bool>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4, "[\\x00-\\x7F{}\\[\\],:\"0-9]"), 1..4),
    ) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let mut chars: Vec<char> = text.chars().collect();
        for (place, what, new) in edits {
            let place = place.index(chars.len() + 1);
            match what {
                0 => chars.truncate(place),
                1 if place < chars.len() => drop(chars.remove(place)),
                2 if place < chars.len() => chars[place] = new.chars().next().unwrap_or('x'),
                _ => chars.splice(place..place, new.chars()).for_each(drop),
            }
        }
        agree(&chars.into_iter().collect::<String>())?;
    }

    #[test]
    fn no_bytes_bring_it_down(bytes in prop::collection::vec(any::<u8>(), 0..200), value in values(), at in any::<u16>()) {
        fuzz_json_stream(&bytes);
        let mut text = value.to_string().into_bytes();
        let at = usize::from(at) % text.len();
        text.splice(at..at, bytes.iter().copied().take(3));
        fuzz_json_stream(&text);
        let mut reader = small(&text, 3);
        if take(&mut reader).and_then(|()| reader.end()).is_err() {
            prop_assert!(reader.end().is_err() && reader.kind().is_err());
        }
    }
}
