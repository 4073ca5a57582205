//! Where the things of a file are.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Number, Reader};

use super::table::{Thing, hash, id};
use crate::formats::json_values::malformed;
use crate::reading::Reading;

/// Stands for a part of a point that is not known: `null`, or left out, as in places that source maps do not name.
const UNKNOWN: i64 = i64::MIN;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Point {
    line: i64,
    column: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Span {
    start: Point,
    end: Point,
}

impl Point {
    const UNKNOWN: Self = Self { line: UNKNOWN, column: UNKNOWN };
}

impl Span {
    const UNKNOWN: Self = Self { start: Point::UNKNOWN, end: Point::UNKNOWN };

    fn is_known(&self) -> bool {
        self.start != Point::UNKNOWN
    }
}

/// A statement, `{start, end}`.
pub(super) fn statement(reader: &mut Reader, key: &str, reading: &mut Reading) -> Result<Option<Thing>, InputError> {
    if reader.kind()? != Kind::Object {
        malformed(reader, &mut reading.malformed, "the place of a statement is no object");
        return Ok(None);
    }
    let span = span(reader)?;
    let id = id(key);
    let name = if span.is_known() { hash(span) } else { hash(("id", id)) };
    Ok(line(reader, span.start.line, reading).map(|line| Thing { id, line, name }))
}

/// A function, `{name, decl, loc}`: known by its name and where its declaration begins, or else its body. The oldest
/// reports have a `line` and no `decl`.
pub(super) fn function(reader: &mut Reader, key: &str, reading: &mut Reading) -> Result<Option<Thing>, InputError> {
    if reader.kind()? != Kind::Object {
        malformed(reader, &mut reading.malformed, "the place of a function is no object");
        return Ok(None);
    }
    let (mut called, mut declared, mut body, mut line) = (0, Point::UNKNOWN, Point::UNKNOWN, UNKNOWN);
    reader.object(|reader, key| {
        match key {
            "name" if reader.kind()? == Kind::String => called = hash(&*reader.string()?),
            "decl" => declared = span(reader)?.start,
            "loc" => body = span(reader)?.start,
            "line" => line = part(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    let id = id(key);
    let known = [declared, body, Point { line, column: UNKNOWN }].into_iter().find(|point| *point != Point::UNKNOWN);
    let name = known.map_or_else(|| hash(("id", id, called)), |point| hash((point, called)));
    Ok(Some(Thing { id, line: 0, name }))
}

/// A branch, `{loc, type, locations}`, where `locations` are its arms; an `else` that is not written is an arm whose
/// place is empty. It lies in its `line` or where it begins.
pub(super) fn branch(reader: &mut Reader, key: &str, reading: &mut Reading) -> Result<Option<Thing>, InputError> {
    if reader.kind()? != Kind::Object {
        malformed(reader, &mut reading.malformed, "the place of a branch is no object");
        return Ok(None);
    }
    let (mut kind, mut whole, mut first, mut named_line) = (0, Span::UNKNOWN, Span::UNKNOWN, UNKNOWN);
    reader.object(|reader, key| {
        match key {
            "type" if reader.kind()? == Kind::String => kind = hash(&*reader.string()?),
            "loc" => whole = span(reader)?,
            "line" => named_line = part(reader)?,
            // Where the whole is known, no arm is needed.
            "locations" if !whole.is_known() && reader.kind()? == Kind::Array => reader.array(|reader| {
                if !first.is_known() {
                    first = span(reader)?;
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    let id = id(key);
    let place = if whole.is_known() { whole } else { first };
    let name = if place.is_known() { hash((place, kind)) } else { hash((named_line, id, kind)) };
    let at = if matches!(named_line, UNKNOWN | 0) { place.start.line } else { named_line };
    Ok(line(reader, at, reading).map(|line| Thing { id, line, name }))
}

/// The line a thing begins in, 0 where that is not known; none for one that no file has.
fn line(reader: &Reader, line: i64, reading: &mut Reading) -> Option<u32> {
    if line == UNKNOWN {
        return Some(0);
    }
    if line <= 0 {
        reading.oddities.line_zero += 1;
        return Some(0);
    }
    let line = i32::try_from(line).ok().map(i32::unsigned_abs);
    if line.is_none() {
        malformed(reader, &mut reading.malformed, "a line number is higher than any file has lines");
    }
    line
}

/// `{"start": {…}, "end": {…}}`; `null` and what is left out are not known.
#[inline]
fn span(reader: &mut Reader) -> Result<Span, InputError> {
    let mut span = Span::UNKNOWN;
    if reader.kind()? == Kind::Object {
        reader.object(|reader, key| {
            match key {
                "start" => span.start = point(reader)?,
                "end" => span.end = point(reader)?,
                _ => {}
            }
            Ok(())
        })?;
    }
    Ok(span)
}

/// `{"line": 12, "column": 3}`
#[inline]
fn point(reader: &mut Reader) -> Result<Point, InputError> {
    let mut point = Point::UNKNOWN;
    if reader.kind()? == Kind::Object {
        reader.object(|reader, key| {
            match key {
                "line" => point.line = part(reader)?,
                "column" => point.column = part(reader)?,
                _ => {}
            }
            Ok(())
        })?;
    }
    Ok(point)
}

#[inline]
fn part(reader: &mut Reader) -> Result<i64, InputError> {
    Ok(if reader.kind()? == Kind::Number { whole(reader.number()?) } else { UNKNOWN })
}

/// A number that should be whole. `Infinity`, which stands for the end of a line, and what is too large are the
/// largest.
fn whole(number: Number) -> i64 {
    match (number.as_i64(), number.as_f64()) {
        (Some(value), _) => value,
        (None, Some(value)) if value.is_nan() => UNKNOWN,
        (None, Some(value)) if value.abs() < 1e15 => value as i64,
        (None, Some(value)) if value < 0.0 => -1,
        (None, _) => i64::MAX,
    }
}
