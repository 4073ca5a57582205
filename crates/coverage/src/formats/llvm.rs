//! `llvm-cov export`, JSON versions 2 and 3 (`llvm/tools/llvm-cov/CoverageExporterJson.cpp`).
//!
//! `data[].files[]` have `segments`, from which lines follow as `llvm-cov` itself derives them (`lines`), and
//! `branches`, each with a true and a false arm, as those of macros have in `expansions`. `data[].functions[]` name
//! functions, whose instantiations share the place where they begin and are one. Regions are not counted.
//!
//! Of what is declared only `functions` counts the same: the lines and branches of a `summary` are sums over functions,
//! so that what two functions share counts twice.

mod functions;
mod lines;
#[cfg(test)]
mod tests;
mod values;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};

use self::functions::{Declared, Functions};
use self::lines::SegmentLines;
use self::values::{Branch, branch, segment, summary};
use crate::file_coverage::{FileCoverage, Totals};
use crate::formats::json_values::{malformed, path};
use crate::formats::{Figures, Format, Sniff};
use crate::lines::LineGatherer;
use crate::marks::{MarkGatherer, Marks, Scheme};
use crate::reading::Reading;

/// `llvm-cov`'s JSON.
pub(super) const FORMAT: Format = Format {
    name: "llvm-cov JSON",
    writers: "llvm-cov export, cargo-llvm-cov --json, Swift, Xcode's llvm-cov",
    figures: Figures::LINES_BRANCHES_FUNCTIONS,
    about: "Lines as in llvm-cov's LCOV. Instantiations of one template or generic function are one function, and \
            their branches are one. The summary's lines count what two functions share twice, so they are not compared; \
            exported with -summary-only they are all there is.",
    detect,
    read,
};

/// How branches and functions are named.
const SCHEME: Scheme = 7;

/// What a report calls itself.
const TYPE: &str = "llvm.coverage.json.export";

fn detect(sniff: &Sniff<'_>) -> bool {
    let parts = ["files", "functions", "totals"];
    let named = memchr::memmem::find(sniff.head, TYPE.as_bytes()).is_some() && sniff.has_key(1, "type");
    named || sniff.has_key(1, "data") && parts.iter().any(|key| sniff.has_key(3, key))
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut report = Report::new();
    let mut found = false;
    reader.object(|reader, key| {
        match key {
            "data" => {
                found = true;
                reader.array(|reader| report.export(reader))?;
            }
            "type" if reader.kind()? == Kind::String && reader.string()? != TYPE => {
                return Err(reader.malformed(format!("this type is not `{TYPE}`; use llvm-cov export")));
            }
            _ => {}
        }
        Ok(())
    })?;
    reader.end()?;
    if !found {
        let message = "has no data, as every export of llvm-cov has; run llvm-cov export again";
        return Err(InputError::malformed(reader.path(), None, message));
    }
    Ok((report.close(), reader.digest()))
}

/// Everything that is read.
struct Report {
    reading: Reading,
    functions: Functions,
    segments: SegmentLines,
    lines: LineGatherer,
    branches: MarkGatherer,
    /// Branches of the expansion that is being read.
    expanded: Vec<Branch>,
    /// Whether a file has totals alone.
    totals_only: bool,
    /// What exports declare of all their files.
    totals: Declared,
}

impl Report {
    fn new() -> Self {
        Self {
            reading: Reading::default(),
            functions: Functions::default(),
            segments: SegmentLines::default(),
            lines: LineGatherer::default(),
            branches: MarkGatherer::new(SCHEME),
            expanded: Vec::new(),
            totals_only: false,
            totals: Declared::default(),
        }
    }

    fn export(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        reader.object(|reader, key| match key {
            "files" => reader.array(|reader| self.file(reader)),
            "functions" => reader.array(|reader| self.functions.read(reader, &mut self.reading)),
            "totals" if reader.kind()? == Kind::Object => {
                self.totals.add(summary(reader)?);
                Ok(())
            }
            _ => Ok(()),
        })
    }

    fn file(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let (mut name, mut declared, mut lists) = (None, Declared::default(), false);
        reader.object(|reader, key| {
            match key {
                "filename" => name = Some(path(reader, &mut self.reading.malformed)?),
                "segments" => {
                    lists = true;
                    self.segments(reader)?;
                }
                "branches" => reader.array(|reader| {
                    if let Some(branch) = branch(reader, &mut self.reading)? {
                        branch.add(&mut self.branches, None);
                    }
                    Ok(())
                })?,
                "expansions" => reader.array(|reader| self.expansion(reader))?,
                "summary" if reader.kind()? == Kind::Object => declared = summary(reader)?,
                _ => {}
            }
            Ok(())
        })?;
        let (lines, branches) = (self.lines.take(), self.branches.take());
        let name = match name {
            Some(Some(name)) => name,
            Some(None) => return Ok(()),
            None => {
                malformed(reader, &mut self.reading.malformed, "a file has no filename");
                return Ok(());
            }
        };
        let mut coverage = FileCoverage::new(lines, branches, Marks::default());
        if !lists {
            self.totals_only = true;
            let Declared { lines, branches, functions } = declared;
            let counts = |counts: Option<_>| counts.unwrap_or_default();
            let (lines, branches, functions) = (counts(lines), counts(branches), counts(functions));
            coverage = FileCoverage::totals(Totals { lines, branches, functions, ..Totals::default() });
        } else if coverage.line_counts().1 == 0 && declared.lines.is_some_and(|(_, all)| all > 0) {
            coverage = coverage.unlisted();
        }
        self.functions.declare(&name, lists.then_some(declared.functions).flatten());
        self.reading.add(&name, coverage);
        Ok(())
    }

    fn segments(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        self.segments.begin();
        reader.array(|reader| {
            let Some(segment) = segment(reader, &mut self.reading)? else { return Ok(()) };
            match self.segments.add(segment, &mut self.lines) {
                Ok(()) => Ok(()),
                Err(lines::Odd::Record(message)) => {
                    malformed(reader, &mut self.reading.malformed, message);
                    Ok(())
                }
                Err(lines::Odd::TooMuch(message)) => Err(reader.malformed(message)),
            }
        })?;
        self.segments.end(&mut self.lines);
        Ok(())
    }

    /// `{"source_region": […], "branches": […], …}`: the branches of a macro, which lie where it is used.
    fn expansion(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        self.expanded.clear();
        let mut place = None;
        reader.object(|reader, key| match key {
            "source_region" => {
                place = values::region(reader)?;
                Ok(())
            }
            "branches" => reader.array(|reader| {
                self.expanded.extend(branch(reader, &mut self.reading)?);
                Ok(())
            }),
            _ => Ok(()),
        })?;
        let Some(place) = place else {
            if !self.expanded.is_empty() {
                malformed(reader, &mut self.reading.malformed, "an expansion with branches has no source_region");
            }
            return Ok(());
        };
        for branch in &self.expanded {
            branch.add(&mut self.branches, Some(place));
        }
        Ok(())
    }

    fn close(mut self) -> Reading {
        self.functions.close(&mut self.reading);
        if self.totals_only {
            self.totals.compare(&mut self.reading);
            let note = "was exported with -summary-only, so no line of a change can be judged by it; export it without";
            self.reading.notes.push(note.to_owned());
        }
        self.reading
    }
}
