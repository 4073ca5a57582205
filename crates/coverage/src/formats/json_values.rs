//! Values of JSON reports, which are not always of the kind they should be.

#[cfg(test)]
mod tests;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Number, Reader};

use crate::lines::LineGatherer;
use crate::numbers::{self, Hits, Line};
use crate::oddities::Malformed;
use crate::reading::Reading;

/// Notes a record that makes no sense, at the line that was read last.
#[cold]
pub(super) fn malformed(reader: &Reader, malformed: &mut Malformed, message: &str) {
    // Finding the line costs a look at everything in the window, and only the first is told.
    let line = if malformed.first.is_none() { reader.line() } else { 0 };
    malformed.add(line, message);
}

/// A count of hits: a number or one in quotes. None where it is neither; `null` is no number.
pub(super) fn hits(reader: &mut Reader) -> Result<Option<Hits>, InputError> {
    Ok(match reader.kind()? {
        Kind::Number => Some(hits_of(reader.number()?)),
        Kind::String => numbers::hits(reader.string()?.as_bytes()),
        Kind::Null => Some(Hits::Undefined),
        _ => None,
    })
}

/// A number as a count of hits.
pub(super) fn hits_of(number: Number) -> Hits {
    match (number.as_u64(), number.as_f64()) {
        (Some(0), _) => Hits::Miss,
        (Some(_), _) => Hits::Hit,
        (None, Some(value)) if value.is_nan() => Hits::Undefined,
        (None, Some(value)) if value < 0.0 => Hits::Negative,
        (None, Some(0.0)) => Hits::Miss,
        // What is too large for any type is a hit as well.
        (None, _) => Hits::Hit,
    }
}

/// A line number: a number or one in quotes. None where it is neither, or higher than any editor counts.
pub(super) fn line(reader: &mut Reader) -> Result<Option<Line>, InputError> {
    Ok(match reader.kind()? {
        Kind::Number => line_of(reader.number()?),
        Kind::String => numbers::line_number(reader.string()?.as_bytes()),
        Kind::Null => Some(Line::Undefined),
        _ => None,
    })
}

/// A number as a line number.
pub(super) fn line_of(number: Number) -> Option<Line> {
    match (number.as_u64(), number.as_f64()) {
        (Some(0), _) => Some(Line::Zero),
        (Some(line), _) => i32::try_from(line).ok().map(|line| Line::At(line.unsigned_abs())),
        (None, Some(value)) if value.is_nan() => Some(Line::Undefined),
        (None, Some(value)) if value <= 0.0 => Some(Line::Zero),
        (None, _) => None,
    }
}

/// A whole number from 0 up; none where it is anything else.
pub(super) fn whole(reader: &mut Reader) -> Result<Option<u64>, InputError> {
    Ok(match reader.kind()? {
        Kind::Number => reader.number()?.as_u64(),
        _ => None,
    })
}

/// The path of a file; none, and a record that makes no sense, where there is none.
pub(super) fn path(reader: &mut Reader, bad: &mut Malformed) -> Result<Option<String>, InputError> {
    let path = match reader.kind()? {
        Kind::String => reader.string()?.into_owned(),
        _ => String::new(),
    };
    Ok(is_path(reader, &path, bad).then_some(path))
}

/// Whether `path` can be one; else it is a record that makes no sense.
pub(super) fn is_path(reader: &Reader, path: &str, bad: &mut Malformed) -> bool {
    if path.is_empty() {
        malformed(reader, bad, "the path of a file is missing or empty");
        return false;
    }
    let odd = path.chars().any(char::is_control);
    if odd {
        malformed(reader, bad, "the path of a file has control characters");
    }
    !odd
}

/// An array that has the count of line 1, 2 and so on: a number, or `null` or `"ignored"` where there is nothing to cover.
pub(super) fn line_array(
    reader: &mut Reader,
    lines: &mut LineGatherer,
    reading: &mut Reading,
) -> Result<(), InputError> {
    let mut line = 0_u32;
    reader.array(|reader| {
        line = line.saturating_add(1);
        let hits = match reader.kind()? {
            Kind::Null => return Ok(()),
            Kind::Number => Some(hits_of(reader.number()?)),
            Kind::String => {
                let text = reader.string()?;
                if text == "ignored" {
                    return Ok(());
                }
                numbers::hits(text.as_bytes())
            }
            _ => None,
        };
        match hits {
            Some(hits) => lines.add(line, reading.oddities.hit(hits)),
            None => malformed(reader, &mut reading.malformed, "the count of a line is no number"),
        }
        Ok(())
    })
}
