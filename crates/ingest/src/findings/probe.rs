//! Damage that every reader of findings must notice.

use std::io::Cursor;

use serde_json::{Value, json};
use tollgate_input::{Source, Window};

use super::read;
use super::tests::said;

/// Puts `null`, a number, a string, a list and an object in place of each value of `sample` in turn, keys that are
/// `excused` left out. A reader may refuse, or say a problem; else it must have found as much as in the sample.
pub(super) fn notices_wrong_kinds(sample: &str, excused: &[&str]) {
    let whole: Value = serde_json::from_str(sample).unwrap();
    let (foreign, name) = said(sample).unwrap();
    assert!(foreign.problems.is_empty(), "{name}: the sample is sound: {:?}", foreign.problems);
    assert!(!foreign.findings.is_empty() || !foreign.metrics.is_empty(), "{name}: the sample says something");
    let mut places = Vec::new();
    pointers(&whole, String::new(), &mut places);
    for place in places.iter().filter(|place| !excused.iter().any(|end| place.ends_with(end))) {
        for other in [Value::Null, json!(7), json!("x"), json!([]), json!({})] {
            let mut changed = whole.clone();
            let value = changed.pointer_mut(place).unwrap();
            // An empty list in place of a list says that there was nothing, which may be so.
            if *value == other || value.is_array() && other.is_array() {
                continue;
            }
            *value = other;
            let Ok((found, _)) = said(&changed.to_string()) else { continue };
            assert!(
                !found.problems.is_empty() || found.findings.len() >= foreign.findings.len(),
                "{name}: {place} was changed, and a finding is gone without a word: {changed}"
            );
        }
    }
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            pointers(value, format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), all);
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, value)| pointers(value, format!("{at}/{i}"), all));
        }
        _ => {}
    }
    all.push(at);
}

/// Cuts `sample` short at many places, each of which must be an error; then puts other bytes into it, which may do
/// anything but panic.
pub(super) fn notices_a_cut(sample: &str) {
    let whole = sample.trim_end();
    let step = (whole.len() / 500).max(1);
    for at in (0..whole.len()).step_by(step).filter(|at| whole.is_char_boundary(*at)) {
        assert!(said(&whole[..at]).is_err(), "cut short after {at} bytes: {:?}", &whole[..at]);
    }
    let step = (whole.len() / 100).max(1);
    for at in (0..whole.len()).step_by(step) {
        for byte in [0, b'<', b'"', b'{', 0xFF] {
            let mut bytes = whole.as_bytes().to_vec();
            bytes[at] = byte;
            let source = Source::new("report", Box::new(Cursor::new(bytes)), 1 << 30);
            let _said = Window::new(source, 1 << 20).and_then(|window| read(window, None));
        }
    }
}
