//! LCOV trace files, 1.x and 2.x (`geninfo(1)`, section "TRACEFILE FORMAT"), and what other tools write in their name.
//!
//! Lines are `KIND:fields`; a file's record begins with `SF:path` and ends with `end_of_record`. Counted are `DA`
//! (lines), `BRDA` (branches), `FN` with `FNDA` (functions by name, 1.x) and `FNL` with `FNA` (functions by place, 2.x:
//! several names of one place are one function). The totals `LF`, `LH`, `BRF`, `BRH`, `FNF`, `FNH` are only compared.

mod fields;
mod names;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use memchr::memchr;
use tollgate_input::{Digest, InputError, Window, lossy};

use self::fields::{branch, split};
use self::names::Names;
use crate::blocks::Blocks;
use crate::file_coverage::FileCoverage;
use crate::formats::{Figures, Format, Sniff};
use crate::lines::LineGatherer;
use crate::marks::{MarkGatherer, Scheme};
use crate::numbers::{Hits, Line, hits, line_number, number};
use crate::reading::Reading;

/// LCOV.
pub(super) const FORMAT: Format = Format {
    name: "LCOV",
    writers: "lcov, geninfo, grcov, cargo-llvm-cov, c8, Jest, Vitest, Dart, gcovr",
    figures: Figures::LINES_BRANCHES_FUNCTIONS,
    about: "Versions 1 and 2. Names that share a place are one function in version 2, and instances of a generic function \
            of Rust in version 1; functions of one name in two lines are two where each has its own count; excluded branches do not \
            count.",
    detect,
    read,
};

/// How branches, and functions of 1.x, are named.
const SCHEME: Scheme = 1;

/// How functions of 2.x are named: by their places, which 1.x does not tell, so that the two meet in counts.
const PLACES: Scheme = 19;

/// Whether a line begins a record or names a test.
fn detect(sniff: &Sniff<'_>) -> bool {
    sniff.head.split(|byte| *byte == b'\n').any(|line| {
        let line = line.trim_ascii_start();
        line.starts_with(b"SF:") || line.starts_with(b"TN:")
    })
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut blocks = Blocks::new(window);
    let mut reader = Reader::new();
    while let Some(block) = blocks.next()? {
        reader.feed(block);
    }
    let message = "this record has no end_of_record: the report was cut short; run the tests with coverage again";
    match reader.begun {
        Some(begun) => Err(InputError::malformed(blocks.path(), Some(begun.line), message)),
        None => Ok((reader.reading, blocks.digest())),
    }
}

/// Reads a report block by block.
struct Reader {
    reading: Reading,
    /// How many lines were read.
    line: u64,
    /// The record that is being read, and its path.
    begun: Option<Begun>,
    path: String,
    lines: LineGatherer,
    branches: MarkGatherer,
    /// 1.x: functions by name.
    names: Names,
    functions: MarkGatherer,
    /// 2.x: functions by place.
    placed: MarkGatherer,
    /// 2.x: start line of each function, by its number within the record.
    starts: HashMap<u64, u32>,
    /// 2.x: whether any name of a function was hit, by its number within the record.
    named: HashMap<u64, bool>,
    /// 1.x: start line of each function of Rust, by its symbol: the instances of a generic one have symbols of their own.
    instances: HashMap<Vec<u8>, u32>,
}

/// A record that is being read.
#[derive(Default)]
struct Begun {
    /// Where it begins in the report.
    line: u64,
    /// Declared totals, in the order of [`TOTALS`].
    declared: [Option<u64>; TOTALS.len()],
}

const TOTALS: [&str; 6] = ["LF", "LH", "BRF", "BRH", "FNF", "FNH"];

/// Whether `kind` looks like the name of a record: newer tools may write kinds that are not known here.
fn is_record(kind: &[u8]) -> bool {
    let named = kind.first().is_some_and(u8::is_ascii_alphabetic);
    named && kind.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// Whether `text` is a ruler, as some tools draw between files.
fn is_ruler(text: &[u8]) -> bool {
    text.iter().all(|b| *b == b'=')
}

impl Reader {
    fn new() -> Self {
        Self {
            reading: Reading::default(),
            line: 0,
            begun: None,
            path: String::new(),
            lines: LineGatherer::default(),
            branches: MarkGatherer::new(SCHEME),
            names: Names::default(),
            functions: MarkGatherer::new(SCHEME),
            placed: MarkGatherer::new(PLACES),
            starts: HashMap::new(),
            named: HashMap::new(),
            instances: HashMap::new(),
        }
    }

    /// Reads whole lines.
    fn feed(&mut self, block: &[u8]) {
        let mut rest = block;
        while !rest.is_empty() {
            self.line += 1;
            if let Some((line, hit, length)) = fields::plain_line(rest)
                && self.begun.is_some()
            {
                self.lines.add(line, hit);
                rest = &rest[length..];
                continue;
            }
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            self.record(rest[..end].trim_ascii());
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }

    /// Reads one line, without its end.
    fn record(&mut self, text: &[u8]) {
        if text.is_empty() || text[0] == b'#' {
            return;
        }
        if text == b"end_of_record" {
            return self.finish();
        }
        // Whatever else has no colon is damage, the end of a report that was cut short for one.
        let Some((kind, rest)) = split(text, b':') else {
            if is_ruler(text) {
                self.reading.oddities.unknown += 1;
            } else {
                self.malformed("is no LCOV record");
            }
            return;
        };
        match kind {
            b"SF" => self.begin(rest.trim_ascii()),
            b"DA" | b"BRDA" | b"FN" | b"FNDA" | b"FNL" | b"FNA" => self.counted(kind, rest),
            b"TN" | b"VER" | b"MCDC" | b"MCF" | b"MCH" => {}
            _ => match TOTALS.iter().position(|total| total.as_bytes() == kind) {
                Some(total) => self.declare(total, rest),
                None if is_record(kind) => self.reading.oddities.unknown += 1,
                None => self.malformed("is no LCOV record"),
            },
        }
    }

    fn begin(&mut self, path: &[u8]) {
        // Some tools leave end_of_record out between files.
        self.finish();
        if path.is_empty() {
            self.malformed("SF names no file");
        }
        if path.iter().any(u8::is_ascii_control) {
            self.malformed("SF names a file with control characters");
        }
        self.path.clear();
        self.path.push_str(&lossy(path));
        self.begun = Some(Begun { line: self.line, ..Begun::default() });
    }

    fn counted(&mut self, kind: &[u8], rest: &[u8]) {
        if self.begun.is_none() {
            return self.malformed("stands outside a record: no SF before it");
        }
        let read = match kind {
            b"DA" => self.da(rest),
            b"BRDA" => self.brda(rest),
            b"FN" => self.fn_(rest),
            b"FNDA" => self.fnda(rest),
            b"FNL" => self.fnl(rest),
            _ => self.fna(rest),
        };
        if let Err(message) = read {
            self.malformed(message);
        }
    }

    /// `DA:line,hits[,checksum]`
    fn da(&mut self, rest: &[u8]) -> Result<(), &'static str> {
        let (line, rest) = split(rest, b',').ok_or("DA needs a line and a count, as in DA:12,1")?;
        let count = split(rest, b',').map_or(rest, |(count, _checksum)| count);
        let line = line_number(line).ok_or("DA needs a line number, as in DA:12,1")?;
        let hit = hits(count).ok_or("DA needs a count, as in DA:12,1")?;
        if let Some(line) = self.reading.oddities.line(line) {
            self.lines.add(line, self.reading.oddities.hit(hit));
        }
        Ok(())
    }

    /// `BRDA:line,[e][f][u]block,branch,taken`, where the branch may be an expression with commas.
    fn brda(&mut self, rest: &[u8]) -> Result<(), &'static str> {
        let parts = branch(rest).ok_or("BRDA needs a line, a block, a branch and a count, as in BRDA:12,0,1,-")?;
        let line = line_number(parts.line).ok_or("BRDA needs a line number, as in BRDA:12,0,1,-")?;
        let hit = match parts.taken {
            b"-" => Hits::Miss,
            taken => hits(taken).ok_or("BRDA needs a count or -, as in BRDA:12,0,1,-")?,
        };
        if let Some(line) = self.reading.oddities.line(line)
            && !parts.excluded
        {
            let hit = self.reading.oddities.hit(hit);
            self.branches.add(line, (parts.block, parts.name), hit);
        }
        Ok(())
    }

    /// `FN:start,name` or `FN:start,end,name`, where the name may hold commas.
    fn fn_(&mut self, rest: &[u8]) -> Result<(), &'static str> {
        const EXPECTED: &str = "FN needs a line and a name, as in FN:12,main";
        let (start, rest) = split(rest, b',').ok_or(EXPECTED)?;
        let name = match split(rest, b',') {
            Some((end, name)) if matches!(line_number(end), Some(Line::At(_) | Line::Zero)) => name,
            _ => rest,
        };
        let start = line_number(start).ok_or(EXPECTED)?;
        if name.is_empty() {
            return Err(EXPECTED);
        }
        if let Line::At(start) = start
            && fields::is_rust_symbol(name)
        {
            self.instances.insert(name.to_vec(), start);
            self.functions.add(0, ("start", start), false);
        } else {
            self.names.begins(name, if let Line::At(start) = start { start } else { 0 });
        }
        Ok(())
    }

    /// `FNDA:hits,name`
    fn fnda(&mut self, rest: &[u8]) -> Result<(), &'static str> {
        const EXPECTED: &str = "FNDA needs a count and a name, as in FNDA:1,main";
        let (count, name) = split(rest, b',').ok_or(EXPECTED)?;
        let hit = hits(count).ok_or(EXPECTED)?;
        let hit = self.reading.oddities.hit(hit);
        match self.instances.get(name) {
            Some(start) => self.functions.add(0, ("start", start), hit),
            None => self.names.was_hit(name, hit),
        }
        Ok(())
    }

    /// `FNL:number,start[,end]`
    fn fnl(&mut self, rest: &[u8]) -> Result<(), &'static str> {
        const EXPECTED: &str = "FNL needs a number and a line, as in FNL:0,12,20";
        let (at, rest) = split(rest, b',').ok_or(EXPECTED)?;
        let start = split(rest, b',').map_or(rest, |(start, _end)| start);
        let at = number(at).ok_or(EXPECTED)?;
        let start = line_number(start).ok_or(EXPECTED)?;
        if let Some(start) = self.reading.oddities.line(start) {
            self.starts.insert(at, start);
        }
        Ok(())
    }

    /// `FNA:number,hits,name`
    fn fna(&mut self, rest: &[u8]) -> Result<(), &'static str> {
        const EXPECTED: &str = "FNA needs a number, a count and a name, as in FNA:0,1,main";
        let (at, rest) = split(rest, b',').ok_or(EXPECTED)?;
        let (count, _name) = split(rest, b',').ok_or(EXPECTED)?;
        let at = number(at).ok_or(EXPECTED)?;
        let hit = hits(count).ok_or(EXPECTED)?;
        *self.named.entry(at).or_insert(false) |= self.reading.oddities.hit(hit);
        Ok(())
    }

    fn declare(&mut self, total: usize, rest: &[u8]) {
        if let Some(begun) = &mut self.begun {
            begun.declared[total] = number(rest);
        }
    }

    fn malformed(&mut self, message: &str) {
        self.reading.malformed.add(self.line, message);
    }

    /// Ends the record that is being read, if there is one.
    fn finish(&mut self) {
        let Some(begun) = self.begun.take() else { return };
        self.instances.clear();
        self.names.take(&mut self.functions);
        for (number, start) in self.starts.drain() {
            self.placed.add(0, ("start", start), self.named.remove(&number).unwrap_or(false));
        }
        for (number, hit) in self.named.drain() {
            self.placed.add(0, ("number", number), hit);
        }
        let mut functions = self.functions.take();
        functions.merge(&self.placed.take());
        let mut coverage = FileCoverage::new(self.lines.take(), self.branches.take(), functions);
        let (hit, found) = coverage.lines.counts();
        let [lf, lh, brf, brh, fnf, fnh] = begun.declared;
        if found == 0 && lf.is_some_and(|declared| declared > 0) {
            coverage = coverage.unlisted();
        }
        let (branches_hit, branches) = coverage.branches.counts();
        let (functions_hit, functions) = coverage.functions.counts();
        self.reading.disagreements.compare(
            &self.path,
            &[
                ("LF", lf, found),
                ("LH", lh, hit),
                ("BRF", brf, branches),
                ("BRH", brh, branches_hit),
                ("FNF", fnf, functions),
                ("FNH", fnh, functions_hit),
            ],
        );
        if !self.path.is_empty() {
            self.reading.add(&self.path, coverage);
        }
    }
}
