//! Go's cover profiles (`go help testflag`, `-coverprofile`; `golang.org/x/tools/cover`).
//!
//! The first line is `mode: set`, `count` or `atomic`; every other line is a block,
//! `path:line.column,line.column statements count`. Figures of Go are statements: a block has as many as it says, all of
//! them run or none. Blocks are told apart by all four numbers of their place, so a block that is listed again (by
//! `-coverpkg`, or in profiles put together, which repeats the `mode:` line) is the same block.
//!
//! Lines are derived: a block covers those from its start to its end, but not its last line where it ends there at
//! column 2 or before, which is a closing bracket (as Codecov has it), and none where it holds no text at all.

mod places;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use memchr::memchr;
use tollgate_input::{Digest, InputError, Window};

use self::places::{Places, is_block, split};
use super::{Figures, Format, Sniff};
use crate::blocks::Blocks;
use crate::file_coverage::FileCoverage;
use crate::lines::LineGatherer;
use crate::marks::Marks;
use crate::reading::{PathStyle, Reading};
use crate::statements::StatementGatherer;

/// Go cover profiles.
pub(super) const FORMAT: Format = Format {
    name: "Go",
    writers: "go test -coverprofile, go tool covdata, gocovmerge",
    figures: Figures { lines: true, branches: false, functions: false, statements: true, patch: true },
    about: "Statements are what `go tool cover -func` totals. A block covers the lines from its start to its end, without \
            the last one where only a closing bracket at the beginning of the line is its own: of an indented one the report does not tell what stands before it. The lines of an empty function count, though it has no statement. Modules are found by their `go.mod`.",
    detect,
    read,
};

/// How statements are named.
const SCHEME: u8 = 8;

/// The longest block, lines.
const LONGEST_BLOCK: u32 = 100_000;

/// How many lines all blocks may have together.
const MOST_LINES: u64 = 200_000_000;

/// What a line of a profile must be.
const EXPECTED: &str = "expected path:line.column,line.column statements count";

/// Whether the first line is a mode or a block.
fn detect(sniff: &Sniff<'_>) -> bool {
    let head = sniff.head.trim_ascii_start();
    let first = &head[..memchr(b'\n', head).unwrap_or(head.len())];
    mode(first).is_some_and(is_mode) || is_block(first.trim_ascii())
}

/// What stands after `mode:`.
fn mode(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"mode:").map(<[u8]>::trim_ascii)
}

fn is_mode(word: &[u8]) -> bool {
    matches!(word, b"set" | b"count" | b"atomic")
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut blocks = Blocks::new(window);
    let mut reader = Reader::default();
    let mut whole = true;
    while let Some(block) = blocks.next()? {
        whole = block.ends_with(b"\n");
        reader.feed(block);
    }
    if !whole && reader.last_bad {
        let message = "the report was cut short within this line; run the tests with coverage again";
        return Err(InputError::malformed(blocks.path(), Some(reader.line), message));
    }
    match reader.finish() {
        Some(reading) => Ok((reading, blocks.digest())),
        None => {
            let message = "its blocks have more than 200 million lines together, the bound; write the report again";
            Err(InputError::malformed(blocks.path(), None, message))
        }
    }
}

/// Reads a profile block by block.
#[derive(Default)]
struct Reader {
    reading: Reading,
    /// How many lines were read.
    line: u64,
    /// Whether the last one made no sense.
    last_bad: bool,
    /// Where each file lies in `files`, by its path.
    names: HashMap<Vec<u8>, usize>,
    files: Vec<Places>,
    /// The file of the last block: blocks of a file stand together.
    last: (Vec<u8>, usize),
}

impl Reader {
    /// Reads whole lines.
    fn feed(&mut self, block: &[u8]) {
        let mut rest = block;
        while !rest.is_empty() {
            self.line += 1;
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            let read = self.one(rest[..end].trim_ascii());
            self.last_bad = read.is_err();
            if let Err(message) = read {
                self.reading.malformed.add(self.line, message);
            }
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }

    /// Reads one line, without its end.
    fn one(&mut self, text: &[u8]) -> Result<(), &'static str> {
        if text.is_empty() {
            return Ok(());
        }
        if let Some(word) = mode(text) {
            self.reading.oddities.unknown += u64::from(!is_mode(word));
            return Ok(());
        }
        let written = split(text).ok_or(EXPECTED)?;
        if written.path.iter().any(u8::is_ascii_control) {
            return Err("the path has control characters");
        }
        if let Some(block) = written.block(&mut self.reading.oddities)? {
            if block.end.line - block.start.line >= LONGEST_BLOCK {
                return Err("a block of more than 100,000 lines");
            }
            let at = self.file(written.path);
            self.files[at].add(block);
        }
        Ok(())
    }

    /// Where the file at `path` lies.
    fn file(&mut self, path: &[u8]) -> usize {
        if self.last.0 == path && !self.files.is_empty() {
            return self.last.1;
        }
        let at = self.names.get(path).copied().unwrap_or_else(|| {
            self.names.insert(path.to_owned(), self.files.len());
            self.files.push(Places::default());
            self.files.len() - 1
        });
        self.last = (path.to_owned(), at);
        at
    }

    /// Everything that was read; none where its blocks have too many lines.
    fn finish(mut self) -> Option<Reading> {
        let mut reading = self.reading;
        self.files.iter_mut().for_each(Places::compact);
        let blocks = self.files.iter().flat_map(|file| &file.blocks);
        if blocks.map(|block| block.lines().len() as u64).sum::<u64>() > MOST_LINES {
            return None;
        }
        let (mut lines, mut statements) = (LineGatherer::default(), StatementGatherer::new(SCHEME));
        for (path, at) in self.names {
            for block in &self.files[at].blocks {
                statements.add((block.start, block.end), block.statements, block.hit);
                block.lines().for_each(|line| lines.add(line, block.hit));
            }
            let coverage = FileCoverage::new(lines.take(), Marks::default(), Marks::default());
            reading.add(&String::from_utf8_lossy(&path), coverage.with_statements(statements.take()));
        }
        let unequal: u64 = self.files.iter().map(|file| file.unequal).sum();
        if unequal > 0 {
            reading.notes.push(format!(
                "{unequal} blocks are listed again with another number of statements, of which the greater counts; profiles \
                 put together should be of one commit"
            ));
        }
        reading.style = PathStyle::Go;
        Some(reading)
    }
}
