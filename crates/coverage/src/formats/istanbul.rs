//! Istanbul JSON, `coverage-final.json` (`istanbul-lib-coverage`, `file-coverage.js`), and what Jest and Vitest write
//! of it into their test results as `coverageMap`.
//!
//! A report maps paths to objects with `statementMap`, `fnMap` and `branchMap`, which say where things are, and `s`,
//! `f` and `b`, which say by the same ids how often each was reached; some tools wrap such an object as `{data: …}`. A
//! line can be covered when a statement begins in it, and was hit when one of them was. `inputSourceMap`, hashes and
//! the like are passed over.
//!
//! Ids are numbers of one run of the instrumenter, so things are named by where they are. Several at one place are told
//! apart by their order.

mod place;
mod table;
#[cfg(test)]
mod tests;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};

use self::table::{NO_ARM, Table};
use crate::file_coverage::FileCoverage;
use crate::formats::json_values::{hits, is_path, malformed};
use crate::formats::{Figures, Format, Sniff};
use crate::lines::LineGatherer;
use crate::marks::{MarkGatherer, Scheme};
use crate::numbers::Hits;
use crate::reading::Reading;
use crate::statements::StatementGatherer;

/// Istanbul's JSON.
pub(super) const FORMAT: Format = Format {
    name: "Istanbul JSON",
    writers: "nyc, Jest, Vitest, c8, karma-coverage (coverage-final.json, or coverageMap in test results)",
    figures: Figures::ALL,
    about: "A line counts when a statement begins in it, and is hit when one of those was, as Istanbul counts. Each \
            arm of a branch is a branch.",
    detect,
    read,
};

/// How statements, branches and functions are named.
const SCHEME: Scheme = 5;

/// Keys of one file, of which one stands at its beginning.
const MAPS: [&str; 3] = ["statementMap", "fnMap", "branchMap"];

fn detect(sniff: &Sniff<'_>) -> bool {
    let plain = MAPS.iter().any(|key| sniff.has_key(2, key));
    let wrapped = sniff.has_key(2, "data") && MAPS.iter().any(|key| sniff.has_key(3, key));
    // Where counts come first, they may be many.
    let counts_first = sniff.has_key(2, "b") || sniff.has_key(2, "path") && sniff.has_key(2, "s");
    // This is what is written when nothing was covered.
    let empty = sniff.head.trim_ascii() == b"{}";
    plain || wrapped || counts_first || has_tests(sniff) || empty
}

/// Whether this is what Jest or Vitest say about tests.
fn has_tests(sniff: &Sniff<'_>) -> bool {
    ["numTotalTestSuites", "numTotalTests", "coverageMap"].iter().any(|key| sniff.has_key(1, key))
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let tests = has_tests(&Sniff::new(window.bytes()));
    let mut reader = Reader::new(window);
    let mut files = Files::new();
    if tests {
        let mut found = false;
        reader.object(|reader, key| {
            if key != "coverageMap" || reader.kind()? == Kind::Null {
                return Ok(());
            }
            found = true;
            reader.object(|reader, path| files.file(reader, path))
        })?;
        if !found {
            let message = "holds test results of Jest or Vitest without coverage (no coverageMap); run the tests with \
                           --coverage, or name coverage-final.json";
            return Err(InputError::malformed(reader.path(), None, message));
        }
    } else {
        reader.object(|reader, path| files.file(reader, path))?;
    }
    reader.end()?;
    Ok((files.reading, reader.digest()))
}

/// Reads the files of a report one after another.
struct Files {
    reading: Reading,
    /// Of the file that is being read.
    tables: Tables,
    lines: LineGatherer,
    statements: StatementGatherer,
    branches: MarkGatherer,
    functions: MarkGatherer,
}

#[derive(Default)]
struct Tables {
    statements: Table,
    branches: Table,
    functions: Table,
}

impl Files {
    fn new() -> Self {
        Self {
            reading: Reading::default(),
            tables: Tables::default(),
            lines: LineGatherer::default(),
            statements: StatementGatherer::new(SCHEME),
            branches: MarkGatherer::new(SCHEME),
            functions: MarkGatherer::new(SCHEME),
        }
    }

    fn file(&mut self, reader: &mut Reader, path: &str) -> Result<(), InputError> {
        if reader.kind()? != Kind::Object {
            malformed(reader, &mut self.reading.malformed, "what is said of a file is no object");
            return Ok(());
        }
        if !is_path(reader, path, &mut self.reading.malformed) {
            return Ok(());
        }
        let (tables, reading) = (&mut self.tables, &mut self.reading);
        let mut known = false;
        reader.object(|reader, key| {
            if key != "data" || reader.kind()? != Kind::Object {
                known |= tables.part(reader, key, reading)?;
                return Ok(());
            }
            reader.object(|reader, key| {
                known |= tables.part(reader, key, reading)?;
                Ok(())
            })
        })?;
        if !known {
            malformed(
                reader,
                &mut self.reading.malformed,
                "what is said of a file has no statementMap, fnMap or branchMap",
            );
            return Ok(());
        }
        self.finish(reader);
        let coverage = FileCoverage::new(self.lines.take(), self.branches.take(), self.functions.take());
        self.reading.add(path, coverage.with_statements(self.statements.take()));
        Ok(())
    }

    /// Puts counts and places of a file together.
    fn finish(&mut self, reader: &Reader) {
        let Self { reading, tables, lines, statements, branches, functions } = self;
        let oddities = &mut reading.oddities;
        let odd_statements = tables.statements.join(|thing, _, hits| {
            let hit = oddities.hit(hits);
            statements.add(thing.name, 1, hit);
            if thing.line > 0 {
                lines.add(thing.line, hit);
            }
        });
        let odd_functions = tables.functions.join(|thing, _, hits| {
            functions.add(0, thing.name, oddities.hit(hits));
        });
        let odd_branches = tables.branches.join(|thing, arm, hits| {
            branches.add(thing.line, (thing.name, arm), oddities.hit(hits));
        });
        for (odd, message) in [
            (odd_statements, "the ids of statementMap and s differ"),
            (odd_functions, "the ids of fnMap and f differ"),
            (odd_branches, "the ids of branchMap and b differ"),
        ] {
            if odd {
                malformed(reader, &mut reading.malformed, message);
            }
        }
    }
}

impl Tables {
    /// Reads the value of `key`; false if it tells nothing that is counted.
    fn part(&mut self, reader: &mut Reader, key: &str, reading: &mut Reading) -> Result<bool, InputError> {
        match key {
            "statementMap" => reader.object(|reader, id| {
                if let Some(thing) = place::statement(reader, id, reading)? {
                    self.statements.place(reader, thing)?;
                }
                Ok(())
            })?,
            "fnMap" => reader.object(|reader, id| {
                if let Some(thing) = place::function(reader, id, reading)? {
                    self.functions.place(reader, thing)?;
                }
                Ok(())
            })?,
            "branchMap" => reader.object(|reader, id| {
                if let Some(thing) = place::branch(reader, id, reading)? {
                    self.branches.place(reader, thing)?;
                }
                Ok(())
            })?,
            "s" => counts(reader, &mut self.statements, reading)?,
            "f" => counts(reader, &mut self.functions, reading)?,
            "b" => arms(reader, &mut self.branches, reading)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// `{"0": 3, "1": 0}`
fn counts(reader: &mut Reader, table: &mut Table, reading: &mut Reading) -> Result<(), InputError> {
    reader.object(|reader, id| match hits(reader)? {
        Some(hits) => table.count(reader, table::id(id), 0, hits),
        None => {
            malformed(reader, &mut reading.malformed, "a count is no number");
            Ok(())
        }
    })
}

/// `{"0": [3, 0], "1": [1, 1, 0]}`
fn arms(reader: &mut Reader, table: &mut Table, reading: &mut Reading) -> Result<(), InputError> {
    reader.object(|reader, id| {
        let id = table::id(id);
        if reader.kind()? != Kind::Array {
            malformed(reader, &mut reading.malformed, "the counts of a branch are no array");
            return Ok(());
        }
        let mut arm = 0;
        reader.array(|reader| {
            match hits(reader)? {
                Some(hits) => table.count(reader, id, arm, hits)?,
                None => malformed(reader, &mut reading.malformed, "a count is no number"),
            }
            arm += 1;
            Ok(())
        })?;
        if arm == 0 { table.count(reader, id, NO_ARM, Hits::Miss) } else { Ok(()) }
    })
}
