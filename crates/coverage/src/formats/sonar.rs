//! SonarQube's generic coverage in XML, version 1 ("Generic test data" of its documentation).
//!
//! `coverage[@version=1]/file[@path]/lineToCover` tells the line, whether it was covered, and how many branches it has
//! and how many were taken.

#[cfg(test)]
mod tests;

use tollgate_input::xml::{Element, Event, Scanner};
use tollgate_input::{Digest, InputError, Window};

use super::elements::{self, Allowance};
use super::{Figures, Format, Sniff};
use crate::file_coverage::FileCoverage;
use crate::lines::LineGatherer;
use crate::marks::{COUNTED, MarkGatherer, Marks};
use crate::numbers::{line_number, number};
use crate::reading::Reading;

/// SonarQube's generic coverage.
pub(super) const FORMAT: Format = Format {
    name: "SonarQube generic XML",
    writers: "gcovr, slather, jest-sonar-reporter, converters for SonarQube",
    figures: Figures::LINES_BRANCHES,
    about: "Lines and how many branches each has. Functions are not told.",
    detect,
    read,
};

fn detect(sniff: &Sniff<'_>) -> bool {
    let Some(root) = sniff.root_named("coverage") else { return false };
    let mut below = sniff.elements_seen().iter().skip(1);
    match below.next() {
        Some(first) => first.name == "file" && first.has("path") && !below.any(|element| element.name == "line"),
        None => {
            root.attributes.iter().any(|(name, value)| name == "version" && value == "1") && root.attributes.len() == 1
        }
    }
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut scanner = Scanner::new(window);
    let mut reader = Reader::default();
    loop {
        // Matched where it lies: moving millions of events costs more than reading them.
        let read = match scanner.next() {
            Ok(Some(Event::Start(ref element))) => reader.start(element),
            Ok(Some(Event::End(name))) => {
                reader.end(name);
                Ok(())
            }
            Ok(Some(Event::Text(_))) => Ok(()),
            Ok(None) => break,
            Err(error) => return Err(error),
        };
        match read {
            Ok(()) => {}
            Err(Wrong::Record(message)) => {
                elements::malformed(&mut reader.reading, &scanner, message);
                // Only beginnings make no sense; what such an element holds does not count either.
                scanner.skip()?;
            }
            Err(Wrong::Report(message)) => return Err(scanner.malformed(message)),
        }
    }
    Ok((reader.reading, scanner.digest()))
}

/// What makes no sense.
enum Wrong {
    Record(&'static str),
    Report(&'static str),
}

/// Reads a report event by event.
struct Reader {
    reading: Reading,
    /// The root element was seen.
    begun: bool,
    /// Path of the file that is being read.
    file: Option<String>,
    lines: LineGatherer,
    branches: MarkGatherer,
    allowance: Allowance,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            reading: Reading::default(),
            begun: false,
            file: None,
            lines: LineGatherer::default(),
            branches: MarkGatherer::new(COUNTED),
            allowance: Allowance::default(),
        }
    }
}

impl Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), Wrong> {
        match element.name() {
            b"lineToCover" => self.line(element).map_err(Wrong::Record),
            b"file" => self.begin(element).map_err(Wrong::Record),
            _ if !self.begun => {
                self.begun = true;
                match element.attribute("version") {
                    Some(version) if version.raw() != b"1" => {
                        Err(Wrong::Report("expected version=\"1\", the one that is read; have it written as that"))
                    }
                    _ => Ok(()),
                }
            }
            _ => {
                self.reading.oddities.unknown += 1;
                Ok(())
            }
        }
    }

    fn begin(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.file.is_some() {
            return Err("a file stands within a file");
        }
        let path = elements::path(element.attribute("path"));
        self.file = Some(path.ok_or("a file needs its path, as in path=\"src/a.c\"")?);
        Ok(())
    }

    fn line(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        const NUMBERS: &str = "lineToCover needs lineNumber=\"12\" and covered=\"true\" or \"false\"";
        const BRANCHES: &str = "lineToCover needs whole numbers, as in branchesToCover=\"2\" coveredBranches=\"1\"";
        if self.file.is_none() {
            return Err("lineToCover stands outside a file");
        }
        let line = element.attribute("lineNumber").and_then(|value| line_number(value.raw())).ok_or(NUMBERS)?;
        let covered = element.attribute("covered").ok_or(NUMBERS)?.raw().trim_ascii();
        let hit = covered.eq_ignore_ascii_case(b"true");
        if !hit && !covered.eq_ignore_ascii_case(b"false") {
            return Err(NUMBERS);
        }
        let told = |name| element.attribute(name).map_or(Ok(0), |value| number(value.raw()).ok_or(BRANCHES));
        let (all, taken) = (told("branchesToCover")?, told("coveredBranches")?);
        if let Some(line) = self.reading.oddities.line(line) {
            let (taken, all) = self.allowance.record(taken, all)?;
            self.branches.count(line, taken, all);
            self.lines.add(line, hit);
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) {
        if name == b"file"
            && let Some(path) = self.file.take()
        {
            let coverage = FileCoverage::new(self.lines.take(), self.branches.take(), Marks::default());
            self.reading.add(&path, coverage);
        }
    }
}
