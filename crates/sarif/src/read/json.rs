//! What comes next, taken leniently: a value of another kind is as good as none.

use std::borrow::Cow;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{InputError, one_line};

/// Longest word that is kept (an id, a name, a version), characters.
pub(super) const WORD: usize = 300;

/// Goes through the object that comes next.
#[inline]
pub(super) fn object(
    reader: &mut Reader,
    each: impl FnMut(&mut Reader, &str) -> Result<(), InputError>,
) -> Result<(), InputError> {
    if reader.kind()? == Kind::Object { reader.object(each) } else { Ok(()) }
}

/// Goes through the list that comes next.
#[inline]
pub(super) fn list(
    reader: &mut Reader,
    each: impl FnMut(&mut Reader) -> Result<(), InputError>,
) -> Result<(), InputError> {
    if reader.kind()? == Kind::Array { reader.array(each) } else { Ok(()) }
}

/// The string that comes next as it is, its first `most` bytes, and whether it is longer.
#[inline]
pub(super) fn raw(reader: &mut Reader, most: usize) -> Result<Option<(Cow<'_, str>, bool)>, InputError> {
    if reader.kind()? != Kind::String {
        return Ok(None);
    }
    reader.string_prefix(most).map(Some)
}

/// The string that comes next as one clean line of at most `most` characters, and whether it was cut; none where
/// nothing is left of it.
#[inline]
pub(super) fn line(reader: &mut Reader, most: usize) -> Result<Option<(String, bool)>, InputError> {
    let Some((whole, longer)) = raw(reader, most.saturating_mul(4))? else { return Ok(None) };
    let (line, cut) = one_line(&whole, most, longer);
    Ok((!line.is_empty()).then_some((line, cut)))
}

/// The same without saying whether it was cut.
pub(super) fn text(reader: &mut Reader, most: usize) -> Result<Option<String>, InputError> {
    Ok(line(reader, most)?.map(|(line, _)| line))
}

/// The word that comes next.
pub(super) fn word(reader: &mut Reader) -> Result<Option<String>, InputError> {
    text(reader, WORD)
}

/// The word or number that comes next, as text.
pub(super) fn number_or_word(reader: &mut Reader) -> Result<Option<String>, InputError> {
    if reader.kind()? == Kind::Number { Ok(Some(reader.number()?.to_string())) } else { word(reader) }
}

/// The index that comes next; none for -1, which SARIF writes for none.
#[inline]
pub(super) fn index(reader: &mut Reader) -> Result<Option<u32>, InputError> {
    if reader.kind()? != Kind::Number {
        return Ok(None);
    }
    Ok(reader.number()?.as_u64().and_then(|number| u32::try_from(number).ok()))
}

/// The line or column that comes next.
#[inline]
pub(super) fn ordinal(reader: &mut Reader) -> Result<Option<u32>, InputError> {
    Ok(index(reader)?.filter(|number| *number > 0))
}

/// `text` or else `markdown` of the message that comes next (§3.11, §3.12), as one line of at most `most` characters.
pub(super) fn message(reader: &mut Reader, most: usize) -> Result<Option<String>, InputError> {
    let (mut plain, mut markdown) = (None, None);
    object(reader, |reader, key| {
        match key {
            "text" => plain = text(reader, most)?,
            "markdown" if plain.is_none() => markdown = text(reader, most)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(plain.or(markdown))
}
