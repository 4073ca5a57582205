//! Codecov's JSON (Codecov's documentation, "Codecov Custom Coverage Format").
//!
//! `{"coverage": {path: {line: value}}}`, where a value is a count, `"a/b"` for a of b branches, `true` for partly covered, or
//! `null` and -1 for nothing to cover. Instead of an object a file may have an array, whose first item is line 0.

#[cfg(test)]
mod tests;

use tollgate_input::json_stream::{Kind, Number, Reader};
use tollgate_input::{Digest, InputError, Window};

use super::coverage_key::{Held, held};
use super::json_values::{hits_of, is_path, malformed};
use super::{Figures, Format, Sniff};
use crate::file_coverage::FileCoverage;
use crate::lines::LineGatherer;
use crate::marks::{COUNTED, MOST_COUNTED, MarkGatherer, Marks};
use crate::numbers::{self, Hits, Line};
use crate::reading::Reading;

/// Codecov JSON.
pub(super) const FORMAT: Format = Format {
    name: "Codecov JSON",
    writers: "cargo-llvm-cov --codecov, elm-coverage, Codecov's own converters",
    figures: Figures::LINES_BRANCHES,
    about: "A fraction such as `1/2` is a line whose branches are counted, not named; cargo-llvm-cov writes regions there.",
    detect,
    read,
};

fn detect(sniff: &Sniff<'_>) -> bool {
    let of_codecov = |held| matches!(held, Held::Nothing | Held::Array | Held::Numbered);
    sniff.has_key(1, "coverage") && !sniff.has_key(2, "simplecov_version") && held(sniff, false).is_some_and(of_codecov)
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut files = Files::default();
    reader.object(|reader, key| match key {
        "coverage" => reader.object(|reader, path| files.file(reader, path)),
        _ => Ok(()),
    })?;
    reader.end()?;
    Ok((files.reading, reader.digest()))
}

struct Files {
    reading: Reading,
    lines: LineGatherer,
    branches: MarkGatherer,
}

impl Default for Files {
    fn default() -> Self {
        Self { reading: Reading::default(), lines: LineGatherer::default(), branches: MarkGatherer::new(COUNTED) }
    }
}

/// What is said of a line.
enum Value {
    /// There is nothing to cover.
    Nothing,
    Hits(Hits),
    /// So many branches were taken of so many.
    Fraction(u32, u32),
}

impl Files {
    fn file(&mut self, reader: &mut Reader, path: &str) -> Result<(), InputError> {
        match reader.kind()? {
            Kind::Null => return Ok(()),
            Kind::Array => {
                let mut line = 0_u32;
                reader.array(|reader| {
                    let at = if line == 0 { Line::Zero } else { Line::At(line) };
                    line = line.saturating_add(1);
                    self.line(reader, Some(at))
                })?;
            }
            _ => reader.object(|reader, line| self.line(reader, numbers::line_number(line.as_bytes())))?,
        }
        let coverage = FileCoverage::new(self.lines.take(), self.branches.take(), Marks::default());
        if is_path(reader, path, &mut self.reading.malformed) {
            self.reading.add(path, coverage);
        }
        Ok(())
    }

    fn line(&mut self, reader: &mut Reader, line: Option<Line>) -> Result<(), InputError> {
        let value = value(reader)?;
        let message = match (line, value) {
            (_, Some(Value::Nothing)) => return Ok(()),
            (Some(line), Some(value)) => {
                if let Some(line) = self.reading.oddities.line(line) {
                    self.keep(line, &value);
                }
                return Ok(());
            }
            (None, _) => "a line is no line number",
            (_, None) => "a line is neither a count nor a fraction such as \"1/2\"",
        };
        malformed(reader, &mut self.reading.malformed, message);
        Ok(())
    }

    fn keep(&mut self, line: u32, value: &Value) {
        match value {
            Value::Nothing => {}
            Value::Hits(hits) => self.lines.add(line, self.reading.oddities.hit(*hits)),
            Value::Fraction(hit, all) => {
                self.lines.add(line, *hit > 0);
                self.branches.count(line, *hit, *all);
            }
        }
    }
}

fn value(reader: &mut Reader) -> Result<Option<Value>, InputError> {
    Ok(match reader.kind()? {
        Kind::Null => Some(Value::Nothing),
        // Partly covered, and nothing to cover.
        Kind::Bool => Some(if reader.bool()? { Value::Hits(Hits::Hit) } else { Value::Nothing }),
        Kind::Number => Some(number(reader.number()?)),
        Kind::String => text(&reader.string()?),
        _ => None,
    })
}

fn number(number: Number) -> Value {
    if number.as_i64() == Some(-1) { Value::Nothing } else { Value::Hits(hits_of(number)) }
}

fn text(text: &str) -> Option<Value> {
    let Some((hit, all)) = text.split_once('/') else {
        return numbers::hits(text.as_bytes()).map(Value::Hits);
    };
    let number = |text: &str| u32::try_from(numbers::number(text.as_bytes())?).ok();
    let (hit, all) = (number(hit)?, number(all)?);
    (hit <= all && all > 0 && all <= MOST_COUNTED).then_some(Value::Fraction(hit, all))
}
