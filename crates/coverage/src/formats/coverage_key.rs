//! What stands below the key `coverage` of a JSON report: several formats have one.

use std::io::Cursor;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{InputError, Source, Window};

use super::Sniff;

/// What the first file below `coverage` holds, of which any can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// An object of files of which none holds anything.
    Nothing,
    /// An array of counts.
    Array,
    /// Counts by line: `{"12": 1}`.
    Numbered,
    /// Things by name: `{"lines": [1], "branches": {}}`.
    Named,
}

/// What stands below `coverage` in the outermost object, or (`inner`) in the objects within it.
pub(super) fn held(sniff: &Sniff<'_>, inner: bool) -> Option<Held> {
    let mut held = None;
    // Where the beginning ends, or makes no sense, what was seen before is enough.
    let _ended = look(sniff.head, inner, &mut held);
    held
}

fn look(head: &[u8], inner: bool, held: &mut Option<Held>) -> Result<(), InputError> {
    let source = Source::new("", Box::new(Cursor::new(head.to_vec())), u64::MAX);
    let mut reader = Reader::new(Window::new(source, head.len().max(1))?);
    if !inner {
        return coverage(&mut reader, held);
    }
    reader.object(|reader, _| match reader.kind()? {
        Kind::Object => coverage(reader, held),
        _ => Ok(()),
    })
}

fn coverage(reader: &mut Reader, held: &mut Option<Held>) -> Result<(), InputError> {
    reader.object(|reader, key| {
        if key == "coverage" && reader.kind()? == Kind::Object {
            held.get_or_insert(Held::Nothing);
            return reader.object(|reader, _| file(reader, held));
        }
        Ok(())
    })
}

fn file(reader: &mut Reader, held: &mut Option<Held>) -> Result<(), InputError> {
    if *held != Some(Held::Nothing) {
        return Ok(());
    }
    match reader.kind()? {
        Kind::Null => {}
        Kind::Array => *held = Some(Held::Array),
        Kind::Object => {
            let (mut found, mut empty) = (None, true);
            reader.object(|reader, key| {
                empty = false;
                let numbered = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
                let named = match key {
                    "lines" => matches!(reader.kind()?, Kind::Array | Kind::Null),
                    "branches" | "methods" => matches!(reader.kind()?, Kind::Object | Kind::Array),
                    _ => false,
                };
                if found.is_none() && (numbered || named) {
                    found = Some(if numbered { Held::Numbered } else { Held::Named });
                    *held = found;
                }
                Ok(())
            })?;
            *held = if empty { Some(Held::Nothing) } else { found };
        }
        // Numbers, names: not what a file holds.
        _ => *held = None,
    }
    Ok(())
}
