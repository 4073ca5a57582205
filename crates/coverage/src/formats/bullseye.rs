//! Bullseye XML: what `covxml` of BullseyeCoverage writes (`www.bullseye.com/help/ref-covxml.html`), versions 4 to 6.
//!
//! `folder`s hold folders and `src` files, a file holds `fn` functions, a function holds `probe`s with line, kind and
//! event, and in version 6 `block`s with a line. Names are relative to the `dir` of the root element. BullseyeCoverage
//! measures functions and the outcomes of decisions and conditions, not lines. The totals of each file are only compared.

mod folders;
mod probe;
#[cfg(test)]
mod tests;

use tollgate_input::xml::{Element, Event, Scanner};
use tollgate_input::{Digest, InputError, Window};

use self::folders::Folders;
use self::probe::Probe;
use super::dotnet::{Ordinals, count, hash};
use super::elements::{self, malformed};
use super::{Figures, Format, Sniff};
use crate::file_coverage::FileCoverage;
use crate::lines::LineGatherer;
use crate::marks::{MarkGatherer, Scheme};
use crate::numbers::{hits, line_number};
use crate::reading::Reading;

/// Bullseye.
pub(super) const FORMAT: Format = Format {
    name: "Bullseye XML",
    writers: "BullseyeCoverage (covxml)",
    figures: Figures::LINES_BRANCHES_FUNCTIONS,
    about: "Branches are outcomes: true and false of each decision and condition, and each switch label, try, catch and \
            range-based loop entered. BullseyeCoverage knows no line coverage: a line counts if a probe or a block stands \
            in it, and is covered if one of those was.",
    detect,
    read,
};

/// How branches and functions are named.
const SCHEME: Scheme = 15;

const BLOCK: &str = "a block needs a line and whether it was entered, as in line=\"12\" entered=\"1\"";
const NAME: &str = "a folder or src needs a name without control characters, and no path is longer than 4,096 bytes";

/// What a file declares.
const TOTALS: [&str; 4] = ["fn_total", "fn_cov", "cd_total", "cd_cov"];

fn detect(sniff: &Sniff<'_>) -> bool {
    sniff.root_named("BullseyeCoverage").is_some()
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut scanner = Scanner::new(window);
    let mut reader = Reader::default();
    while let Some(event) = scanner.next()? {
        let read = match event {
            Event::Start(element) => reader.start(&element),
            Event::End(name) => {
                reader.end(name);
                Ok(())
            }
            Event::Text(_) => Ok(()),
        };
        if let Err(message) = read {
            malformed(&mut reader.reading, &scanner, message);
        }
    }
    Ok((reader.reading, scanner.digest()))
}

/// Reads a report event by event.
struct Reader {
    reading: Reading,
    folders: Folders,
    file: Option<File>,
    function: Option<Function>,
    lines: LineGatherer,
    branches: MarkGatherer,
    functions: MarkGatherer,
    ordinals: Ordinals,
}

/// A file that is being read.
struct File {
    /// None if it is no good.
    path: Option<String>,
    declared: [Option<u64>; TOTALS.len()],
    counted: [u64; TOTALS.len()],
}

/// A function that is being read.
struct Function {
    /// Stands for its name.
    hash: u64,
    /// The line of its own probe, if it has one.
    line: Option<u32>,
    hit: bool,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            reading: Reading::default(),
            folders: Folders::default(),
            file: None,
            function: None,
            lines: LineGatherer::default(),
            branches: MarkGatherer::new(SCHEME),
            functions: MarkGatherer::new(SCHEME),
            ordinals: Ordinals::default(),
        }
    }
}

impl Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        match element.name() {
            b"probe" => return self.probe(element),
            b"block" => return self.block(element),
            b"fn" => {
                let name = element.attribute("name").map(|name| name.text()).unwrap_or_default();
                self.function = Some(Function { hash: hash(name.trim()), line: None, hit: false });
                self.ordinals.clear();
            }
            b"src" => {
                let path = self.folders.file(element.attribute("name"));
                let named = path.is_some();
                let declared = TOTALS.map(|name| count(element.attribute(name)));
                self.file = Some(File { path, declared, counted: [0; TOTALS.len()] });
                return if named { Ok(()) } else { Err(NAME) };
            }
            b"folder" if !self.folders.enter(element.attribute("name")) => return Err(NAME),
            b"BullseyeCoverage" => {
                if let Some(dir) = elements::path(element.attribute("dir")) {
                    self.reading.add_root(&dir);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"fn" => self.end_function(),
            b"src" => self.end_file(),
            b"folder" => self.folders.leave(),
            _ => {}
        }
    }

    fn probe(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let (Some(file), Some(function)) = (&mut self.file, &mut self.function) else {
            return Err("a probe stands outside a function of a file");
        };
        let Some(probe) = Probe::of(element)? else {
            self.reading.oddities.unknown += 1;
            return Ok(());
        };
        let Some(line) = self.reading.oddities.line(probe.line) else { return Ok(()) };
        let outcomes: &[(&str, bool)] = match probe.outcomes {
            probe::Outcomes::Constant => return Ok(()),
            probe::Outcomes::Entered(hit) => {
                function.line.get_or_insert(line);
                function.hit |= hit;
                &[]
            }
            probe::Outcomes::One(hit) => &[("entered", hit)],
            probe::Outcomes::Two { yes, no } => &[("true", yes), ("false", no)],
        };
        self.lines.add(line, probe.hit());
        let nth = self.ordinals.next((line, probe.place));
        for (outcome, hit) in outcomes {
            file.counted[2] += 1;
            file.counted[3] += u64::from(*hit);
            self.branches.add(line, (function.hash, probe.place, nth, outcome), *hit);
        }
        Ok(())
    }

    fn block(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.function.is_none() {
            return Err("a block stands outside a function of a file");
        }
        let line = line_number(element.attribute("line").ok_or(BLOCK)?.raw()).ok_or(BLOCK)?;
        let hits = hits(element.attribute("entered").ok_or(BLOCK)?.raw()).ok_or(BLOCK)?;
        if let Some(line) = self.reading.oddities.line(line) {
            self.lines.add(line, self.reading.oddities.hit(hits));
        }
        Ok(())
    }

    fn end_function(&mut self) {
        let (Some(file), Some(function)) = (&mut self.file, self.function.take()) else { return };
        if let Some(line) = function.line {
            file.counted[0] += 1;
            file.counted[1] += u64::from(function.hit);
            self.functions.add(0, (function.hash, line), function.hit);
        }
    }

    fn end_file(&mut self) {
        let Some(File { path, declared, counted }) = self.file.take() else { return };
        let mut coverage = FileCoverage::new(self.lines.take(), self.branches.take(), self.functions.take());
        let Some(path) = path else { return };
        let totals: [_; TOTALS.len()] = std::array::from_fn(|at| (TOTALS[at], declared[at], counted[at]));
        self.reading.disagreements.compare(&path, &totals);
        // Exported without its functions, a file still says how many it has.
        if coverage.lines.last().is_none() && declared[0].is_some_and(|functions| functions > 0) {
            coverage = coverage.unlisted();
        }
        self.reading.add(&path, coverage);
    }
}
