//! What readers of JSON share.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use crate::text;

/// The first line of the string that comes next; empty where something else comes, which is passed over.
pub(super) fn line(reader: &mut Reader) -> Result<String, InputError> {
    if reader.kind()? == Kind::String { Ok(text::line(&reader.string()?)) } else { Ok(String::new()) }
}

/// The string that comes next as one line; empty where something else comes, which is passed over.
pub(super) fn name(reader: &mut Reader) -> Result<String, InputError> {
    if reader.kind()? == Kind::String { Ok(text::name(&reader.string()?)) } else { Ok(String::new()) }
}

/// The count that comes next; none where something else comes, which is passed over.
pub(crate) fn count(reader: &mut Reader) -> Result<Option<u64>, InputError> {
    if reader.kind()? == Kind::Number { Ok(reader.number()?.as_u64()) } else { Ok(None) }
}

/// Whether `true` comes next; anything else is passed over.
pub(crate) fn is_true(reader: &mut Reader) -> Result<bool, InputError> {
    if reader.kind()? == Kind::Bool { reader.bool() } else { Ok(false) }
}

/// How many items the array has that comes next; 0 where something else comes, which is passed over.
pub(super) fn items(reader: &mut Reader) -> Result<u64, InputError> {
    let mut count = 0;
    if reader.kind()? == Kind::Array {
        reader.array(|_| {
            count += 1;
            Ok(())
        })?;
    }
    Ok(count)
}

/// A line number; none for 0 and what is too large.
pub(crate) fn line_number(number: Option<u64>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
}
