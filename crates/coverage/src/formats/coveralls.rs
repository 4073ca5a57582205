//! Coveralls JSON (Coveralls' documentation, "API Reference"), as sent to `/api/v1/jobs`.
//!
//! `source_files` has for each file its `name`, the counts of its lines in `coverage`, and perhaps `branches`: groups of
//! four numbers, being line, block, branch and count.

#[cfg(test)]
mod tests;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};

use super::json_values::{hits_of, line_array, line_of, malformed, path};
use super::{Figures, Format, Sniff};
use crate::file_coverage::FileCoverage;
use crate::lines::LineGatherer;
use crate::marks::{MarkGatherer, Marks};
use crate::reading::Reading;

/// Coveralls JSON.
pub(super) const FORMAT: Format = Format {
    name: "Coveralls JSON",
    writers: "gcovr --coveralls, php-coveralls, luacov-coveralls, grcov, cargo-tarpaulin",
    figures: Figures::LINES_BRANCHES,
    about: "Branches are told apart by line, block and branch number.",
    detect,
    read,
};

/// How branches are named.
const SCHEME: u8 = 12;

fn detect(sniff: &Sniff<'_>) -> bool {
    sniff.has_key(1, "source_files") && !sniff.has_key(2, "coverage")
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut files = Files::default();
    reader.object(|reader, key| match key {
        "source_files" => reader.array(|reader| files.file(reader)),
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
        Self { reading: Reading::default(), lines: LineGatherer::default(), branches: MarkGatherer::new(SCHEME) }
    }
}

impl Files {
    fn file(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let (mut named, mut name) = (false, None);
        reader.object(|reader, key| {
            match key {
                "name" => {
                    named = true;
                    name = path(reader, &mut self.reading.malformed)?;
                }
                "coverage" => {
                    reader.null_or(|reader| line_array(reader, &mut self.lines, &mut self.reading))?;
                }
                "branches" => {
                    reader.null_or(|reader| self.branches(reader))?;
                }
                _ => {}
            }
            Ok(())
        })?;
        let coverage = FileCoverage::new(self.lines.take(), self.branches.take(), Marks::default());
        match name {
            Some(name) => self.reading.add(&name, coverage),
            None if !named => malformed(reader, &mut self.reading.malformed, "a file without its path: no `name`"),
            None => {}
        }
        Ok(())
    }

    fn branches(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let (mut held, mut at) = ([None; 4], 0);
        reader.array(|reader| {
            held[at] = if reader.kind()? == Kind::Number { Some(reader.number()?) } else { None };
            at = (at + 1) % held.len();
            if at > 0 {
                return Ok(());
            }
            let [Some(line), Some(block), Some(branch), Some(count)] = held else {
                malformed(reader, &mut self.reading.malformed, "a branch is not told by four numbers");
                return Ok(());
            };
            let Some(line) = line_of(line) else {
                malformed(reader, &mut self.reading.malformed, "the line of a branch is no line number");
                return Ok(());
            };
            let odd = &mut self.reading.oddities;
            let hit = odd.hit(hits_of(count));
            if let Some(line) = odd.line(line) {
                let name = |number: tollgate_input::json_stream::Number| number.as_f64().unwrap_or(f64::MAX).to_bits();
                self.branches.add(line, (name(block), name(branch)), hit);
            }
            Ok(())
        })?;
        if at > 0 {
            malformed(reader, &mut self.reading.malformed, "the last branch is not told by four numbers");
        }
        Ok(())
    }
}
