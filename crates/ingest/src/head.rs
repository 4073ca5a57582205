//! The beginning of a report, which may end anywhere: what it is told by.

use std::io::Cursor;

use tollgate_input::json_stream::Reader;
use tollgate_input::xml::{Event, Scanner};
use tollgate_input::{InputError, Source, Window};

/// How many keys are looked at.
const MOST_KEYS: usize = 64;

/// `bytes` as something to read.
pub(crate) fn window(bytes: &[u8]) -> Result<Window, InputError> {
    Window::new(Source::new("", Box::new(Cursor::new(bytes.to_vec())), u64::MAX), bytes.len().max(1))
}

/// The name of the first element of XML, without prefix.
pub(crate) fn root(bytes: &[u8]) -> Result<Option<String>, InputError> {
    let mut scanner = Scanner::new(window(bytes)?);
    while let Some(event) = scanner.next()? {
        if let Event::Start(element) = event {
            return Ok(Some(String::from_utf8_lossy(element.name()).into_owned()));
        }
    }
    Ok(None)
}

/// Adds the first keys of the object that comes next to `keys`.
pub(crate) fn keys(reader: &mut Reader, keys: &mut Vec<String>) -> Result<(), InputError> {
    reader.object(|_, key| {
        if keys.len() < MOST_KEYS {
            keys.push(key.to_owned());
        }
        Ok(())
    })
}
