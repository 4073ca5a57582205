//! Blocks of a profile: what a line says, and the blocks of one file without repetition.

use std::ops::Range;

use memchr::memrchr;

use crate::marks::MOST_COUNTED;
use crate::numbers::{hits, line_number, number};
use crate::oddities::Oddities;

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    /// From 1.
    pub(super) line: u32,
    /// From 1, in bytes.
    pub(super) column: u32,
}

/// A block of code without a branch in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Block {
    /// Its first byte.
    pub(super) start: Place,
    /// The byte behind its last.
    pub(super) end: Place,
    /// How many statements it has.
    pub(super) statements: u32,
    /// Whether they were run.
    pub(super) hit: bool,
}

impl Block {
    /// The lines it covers.
    pub(super) fn lines(&self) -> Range<u32> {
        let (start, end) = (self.start, self.end);
        let closing = end.line > start.line && end.column <= 2;
        let last = if closing || end == start { end.line } else { end.line.saturating_add(1) };
        start.line..last
    }
}

/// The fields of a line, as they are written.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    /// The path, which may hold spaces and colons.
    pub(super) path: &'a [u8],
    /// Start and end: line and column.
    places: [&'a [u8]; 4],
    statements: &'a [u8],
    count: &'a [u8],
}

/// The fields of `text`, found from its end; none where there are fewer.
pub(super) fn split(text: &[u8]) -> Option<Written<'_>> {
    let (rest, count) = split_last(text, b' ')?;
    let (rest, statements) = split_last(rest.trim_ascii_end(), b' ')?;
    let (rest, end) = split_last(rest.trim_ascii_end(), b',')?;
    let (path, start) = split_last(rest, b':')?;
    let (start_line, start_column) = split_last(start, b'.')?;
    let (end_line, end_column) = split_last(end, b'.')?;
    let places = [start_line, start_column, end_line, end_column];
    (!path.is_empty()).then_some(Written { path, places, statements, count })
}

/// Whether `text` is a block of a Go file.
pub(super) fn is_block(text: &[u8]) -> bool {
    split(text).is_some_and(|written| {
        let numbers = written.places.iter().chain([&written.statements, &written.count]);
        written.path.ends_with(b".go") && numbers.into_iter().all(|text| number(text).is_some())
    })
}

fn split_last(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let found = memrchr(at, text)?;
    Some((&text[..found], &text[found + 1..]))
}

impl Written<'_> {
    /// The block, if its lines are lines.
    pub(super) fn block(&self, oddities: &mut Oddities) -> Result<Option<Block>, &'static str> {
        let [start, start_column, end, end_column] = self.places;
        let start = line_number(start).ok_or("the block's first line is no number")?;
        let end = line_number(end).ok_or("the block's last line is no number")?;
        let column = |text| {
            let column = number(text).ok_or("a column of the block is no number")?;
            Ok::<_, &str>(u32::try_from(column).unwrap_or(u32::MAX))
        };
        let (start_column, end_column) = (column(start_column)?, column(end_column)?);
        let statements = number(self.statements).ok_or("the number of statements is no number")?;
        let statements = u32::try_from(statements).ok().filter(|statements| *statements <= MOST_COUNTED);
        let statements = statements.ok_or("a block of more than 100,000 statements")?;
        let hit = hits(self.count).ok_or("the block's count is no number")?;
        let Some(start) = oddities.line(start) else { return Ok(None) };
        let Some(end) = oddities.line(end) else { return Ok(None) };
        let (start, end) = (Place { line: start, column: start_column }, Place { line: end, column: end_column });
        if end < start {
            return Err("the block ends before it begins");
        }
        Ok(Some(Block { start, end, statements, hit: oddities.hit(hit) }))
    }
}

/// The blocks of one file.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Each once after [`compact`](Self::compact).
    pub(super) blocks: Vec<Block>,
    /// How long `blocks` may grow before equal ones are put together.
    room: usize,
    /// How many blocks were listed again with another number of statements.
    pub(super) unequal: u64,
}

impl Places {
    /// Adds a block.
    pub(super) fn add(&mut self, block: Block) {
        if self.blocks.len() >= self.room.max(64) {
            self.compact();
            self.room = self.blocks.len() * 2;
        }
        self.blocks.push(block);
    }

    /// Sorts blocks and keeps one per place: hit where one was, with the greatest number of statements.
    pub(super) fn compact(&mut self) {
        let unequal = &mut self.unequal;
        self.blocks.sort_unstable();
        self.blocks.dedup_by(|next, kept| {
            let equal = (next.start, next.end) == (kept.start, kept.end);
            if equal {
                *unequal += u64::from(kept.statements != next.statements);
                kept.statements = kept.statements.max(next.statements);
                kept.hit |= next.hit;
            }
            equal
        });
    }
}
