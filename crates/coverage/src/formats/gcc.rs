//! Files as gcov's JSON has them (GCC manual, "Invoking Gcov", `--json-format`), and gcovr's, which took them over.
//!
//! A file has `lines`, of which each has a `line_number`, a `count` and its `branches`, and `functions`, of which each has
//! a name and an `execution_count`. Every instance of a template has its own records: its branches are its own, but a line
//! is one line, hit if it was hit in any of them.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::json_values::{hits, line, malformed, path, whole};
use crate::file_coverage::FileCoverage;
use crate::lines::LineGatherer;
use crate::marks::{MOST_COUNTED, MarkGatherer, Scheme};
use crate::numbers::{Hits, Line};
use crate::reading::Reading;

/// Gathers what is said of one file after another.
pub(super) struct Files {
    lines: LineGatherer,
    branches: MarkGatherer,
    functions: MarkGatherer,
    /// The branches of the line that is being read.
    held: Vec<Branch>,
}

/// A branch of a line: what names it, and its count.
#[derive(Default)]
struct Branch {
    number: Option<u64>,
    source: Option<u64>,
    destination: Option<u64>,
    hits: Option<Hits>,
    excluded: bool,
}

/// A line that is being read.
#[derive(Default)]
struct Record {
    line: Option<Line>,
    hits: Option<Hits>,
    /// Hash of the name of its function.
    function: u64,
    excluded: bool,
    /// Whether it has more branches than can be.
    absurd: bool,
}

impl Files {
    /// Branches and functions are named as `scheme` does.
    pub(super) fn new(scheme: Scheme) -> Self {
        let (branches, functions) = (MarkGatherer::new(scheme), MarkGatherer::new(scheme));
        Self { lines: LineGatherer::default(), branches, functions, held: Vec::new() }
    }

    /// Reads an array of files into `reading`.
    pub(super) fn read(&mut self, reader: &mut Reader, reading: &mut Reading) -> Result<(), InputError> {
        reader.array(|reader| self.file(reader, reading))
    }

    fn file(&mut self, reader: &mut Reader, reading: &mut Reading) -> Result<(), InputError> {
        let (mut named, mut name, mut listed) = (false, None, false);
        reader.object(|reader, key| match key {
            "file" | "filename" => {
                named = true;
                name = path(reader, &mut reading.malformed)?;
                Ok(())
            }
            "lines" => {
                listed = true;
                reader.array(|reader| self.line(reader, reading))
            }
            "functions" => reader.array(|reader| self.function(reader, reading)),
            _ => Ok(()),
        })?;
        let coverage = FileCoverage::new(self.lines.take(), self.branches.take(), self.functions.take());
        match name {
            _ if !listed => malformed(reader, &mut reading.malformed, "a file without its `lines`"),
            Some(name) => reading.add(&name, coverage),
            None if !named => malformed(reader, &mut reading.malformed, "a file without its path: no `file`"),
            None => {}
        }
        Ok(())
    }

    fn line(&mut self, reader: &mut Reader, reading: &mut Reading) -> Result<(), InputError> {
        self.held.clear();
        let mut record = Record::default();
        reader.object(|reader, key| {
            match key {
                "line_number" => record.line = line(reader)?,
                "count" => record.hits = hits(reader)?,
                "function_name" if reader.kind()? == Kind::String => {
                    let mut hasher = DefaultHasher::new();
                    reader.string()?.hash(&mut hasher);
                    record.function = hasher.finish();
                }
                "gcovr/noncode" | "gcovr/excluded" => record.excluded |= flag(reader)?,
                "branches" => reader.array(|reader| self.branch(reader, &mut record))?,
                _ => {}
            }
            Ok(())
        })?;
        if record.excluded {
            return Ok(());
        }
        let message = match (record.line, record.hits, record.absurd) {
            (None, ..) => "a line without a line number",
            (_, None, _) => "a line without a count",
            (.., true) => "a line of more than 100,000 branches",
            (Some(line), Some(hits), false) => {
                self.keep(line, hits, record.function, reader, reading);
                return Ok(());
            }
        };
        malformed(reader, &mut reading.malformed, message);
        Ok(())
    }

    fn branch(&mut self, reader: &mut Reader, record: &mut Record) -> Result<(), InputError> {
        let mut branch = Branch::default();
        reader.object(|reader, key| {
            match key {
                "branchno" => branch.number = whole(reader)?,
                "source_block_id" | "blockno" => branch.source = whole(reader)?,
                "destination_block_id" => branch.destination = whole(reader)?,
                "count" => branch.hits = hits(reader)?,
                "gcovr/excluded" => branch.excluded |= flag(reader)?,
                _ => {}
            }
            Ok(())
        })?;
        if branch.number.is_none() && branch.destination.is_none() {
            branch.number = Some(self.held.len() as u64);
        }
        record.absurd |= self.held.len() >= MOST_COUNTED as usize;
        if !record.absurd {
            self.held.push(branch);
        }
        Ok(())
    }

    /// Keeps a line and the branches that are held.
    fn keep(&mut self, line: Line, hits: Hits, function: u64, reader: &Reader, reading: &mut Reading) {
        let Some(line) = reading.oddities.line(line) else { return };
        self.lines.add(line, reading.oddities.hit(hits));
        for branch in self.held.drain(..).filter(|branch| !branch.excluded) {
            match branch.hits {
                Some(hits) => {
                    let hit = reading.oddities.hit(hits);
                    self.branches.add(line, (function, branch.source, branch.destination, branch.number), hit);
                }
                None => malformed(reader, &mut reading.malformed, "a branch without a count"),
            }
        }
    }

    fn function(&mut self, reader: &mut Reader, reading: &mut Reading) -> Result<(), InputError> {
        let (mut name, mut demangled, mut called, mut excluded) = (None, None, None, false);
        reader.object(|reader, key| {
            match key {
                "name" => name = text(reader)?,
                "demangled_name" => demangled = text(reader)?,
                "execution_count" => called = hits(reader)?,
                "gcovr/excluded" => excluded |= flag(reader)?,
                _ => {}
            }
            Ok(())
        })?;
        let bad = match (demangled.or(name), called) {
            _ if excluded => return Ok(()),
            (Some(name), Some(hits)) => {
                let hit = reading.oddities.hit(hits);
                self.functions.add(0, name, hit);
                return Ok(());
            }
            (None, _) => "a function without a name",
            (_, None) => "a function without an execution count",
        };
        malformed(reader, &mut reading.malformed, bad);
        Ok(())
    }
}

fn text(reader: &mut Reader) -> Result<Option<String>, InputError> {
    Ok(match reader.kind()? {
        Kind::String => Some(reader.string()?.into_owned()).filter(|text| !text.is_empty()),
        _ => None,
    })
}

fn flag(reader: &mut Reader) -> Result<bool, InputError> {
    Ok(reader.kind()? == Kind::Bool && reader.bool()?)
}
