//! OpenCover XML (`CoverageSession` of OpenCover 4.7), which coverlet and AltCover write as well.
//!
//! A `Module` lists its `Files/File[@uid]` and `Classes/Class/Methods/Method`. A method holds `SequencePoint`s, statements
//! with first and last line (`sl`, `el`) and visits (`vc`), and `BranchPoint`s, jumps with a line and visits. A point
//! names its file (`fileid`), or else lies in that of its method (`FileRef`). Modules, classes and methods with
//! `skippedDueTo` were not examined. Each `Summary` is only compared.

mod summary;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use tollgate_input::xml::{Element, Event, Scanner, Value};
use tollgate_input::{Digest, InputError, Window};

use self::summary::{Declared, Sums};
use super::dotnet::{Gathered, Ordinals, Skipped, Spans, count, extend, hash, line};
use super::elements::{self, malformed};
use super::{Figures, Format, Sniff};
use crate::marks::Scheme;
use crate::numbers::{Hits, Line, hits};
use crate::reading::Reading;

/// OpenCover.
pub(super) const FORMAT: Format = Format {
    name: "OpenCover XML",
    writers: "OpenCover, coverlet, AltCover",
    figures: Figures::ALL,
    about: "Statements are sequence points; a line counts if a sequence point spans it, and is covered if one of those \
            was visited. Branches are branch points, without the entries of methods that OpenCover adds to its own \
            figure. Modules that were skipped are not examined, and are named by reason.",
    detect,
    read,
};

/// How branches, functions and statements are named.
const SCHEME: Scheme = 10;

/// How many sequence points of a method are remembered, to find the lines of branches that have none.
const MOST_POINTS: usize = 1_000_000;

const POINT: &str = "a SequencePoint needs visits and lines, as in vc=\"1\" sl=\"12\" el=\"12\"";
const BRANCH: &str = "a BranchPoint needs visits, as in vc=\"1\"";
const FILE: &str = "a File needs a number and a path, as in uid=\"1\" fullPath=\"src\\a.cs\"";
const NO_FILE: &str = "this point names no file that the report lists";

fn detect(sniff: &Sniff<'_>) -> bool {
    sniff.root_named("CoverageSession").is_some()
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut scanner = Scanner::new(window);
    let mut reader = Reader::default();
    while let Some(event) = scanner.next()? {
        let read = match event {
            Event::Start(element) if element.attribute("skippedDueTo").is_some() => {
                reader.skipped(&element);
                scanner.skip()?;
                continue;
            }
            Event::Start(element) => reader.start(&element),
            Event::End(name) => {
                reader.end(name);
                Ok(())
            }
            Event::Text(text) => {
                reader.text(&text);
                Ok(())
            }
        };
        if let Err(message) = read {
            malformed(&mut reader.reading, &scanner, message);
        }
    }
    let path = scanner.path();
    Ok((reader.finish(path)?, scanner.digest()))
}

/// Reads a report event by event.
#[derive(Default)]
struct Reader {
    reading: Reading,
    /// Place of each file in `files`, by its number; none if its path is no good.
    uids: HashMap<u64, Option<usize>>,
    places: HashMap<String, usize>,
    files: Vec<(String, Gathered)>,
    spans: Spans,
    skipped: Skipped,
    declared: Option<Declared>,
    sums: Sums,
    module: Module,
    in_class: bool,
    method: Option<Method>,
    /// What the text that is being read is.
    text: Option<Text>,
    ordinals: Ordinals,
}

/// A module that is being read.
#[derive(Default)]
struct Module {
    open: bool,
    name: String,
    declared: Option<Declared>,
    sums: Sums,
}

/// A method that is being read.
#[derive(Default)]
struct Method {
    name: String,
    /// Stands for the name in other names.
    hash: u64,
    /// The number of its file.
    file: Option<u64>,
    /// Place in `files` of its first sequence point.
    first: Option<usize>,
    visited: bool,
    /// Lines of its sequence points by their offset in the code.
    offsets: BTreeMap<u64, u32>,
}

#[derive(Clone, Copy)]
enum Text {
    Module,
    Method,
}

impl Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        match element.name() {
            b"SequencePoint" => return self.point(element),
            b"BranchPoint" => return self.branch(element),
            b"Module" => self.module = Module { open: true, ..Module::default() },
            b"Class" => self.in_class = true,
            b"Method" => {
                self.ordinals.clear();
                let visited = element.attribute("visited").is_some_and(|value| is_true(value.raw()));
                self.method = Some(Method { visited, ..Method::default() });
            }
            b"Summary" if !self.in_class && self.module.open => self.module.declared = Some(summary::declared(element)),
            b"Summary" if !self.in_class => self.declared = Some(summary::declared(element)),
            b"ModuleName" if !self.in_class => self.text = Some(Text::Module),
            b"Name" if self.method.is_some() => self.text = Some(Text::Method),
            b"File" => return self.file(element),
            b"FileRef" => {
                if let Some(method) = &mut self.method {
                    method.file = count(element.attribute("uid"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &Value<'_>) {
        match (self.text, &mut self.method) {
            (Some(Text::Module), _) => extend(&mut self.module.name, &text.text()),
            (Some(Text::Method), Some(method)) => extend(&mut method.name, &text.text()),
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"Name" | b"ModuleName" => {
                self.text = None;
                if let Some(method) = &mut self.method {
                    method.hash = hash(method.name.trim());
                }
            }
            b"Method" => self.end_method(),
            b"Class" => self.in_class = false,
            b"Module" => {
                let module = std::mem::take(&mut self.module);
                if let Some(declared) = &module.declared {
                    let what = if module.name.trim().is_empty() { "a module" } else { module.name.trim() };
                    module.sums.compare(what, declared, &mut self.reading.disagreements);
                }
                self.sums.absorb(&module.sums);
            }
            _ => {}
        }
    }

    fn skipped(&mut self, element: &Element<'_>) {
        if element.name() == b"Module" {
            let reason = element.attribute("skippedDueTo").map(|value| value.text()).unwrap_or_default();
            self.skipped.add(&reason);
        }
    }

    fn file(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let uid = count(element.attribute("uid")).ok_or(FILE)?;
        let Some(path) = elements::path(element.attribute("fullPath")) else {
            self.uids.insert(uid, None);
            return Err(FILE);
        };
        let place = *self.places.entry(path).or_insert_with_key(|path| {
            self.files.push((path.clone(), Gathered::new(SCHEME)));
            self.files.len() - 1
        });
        self.uids.insert(uid, Some(place));
        Ok(())
    }

    fn point(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let Some(method) = &mut self.method else { return Err("a SequencePoint stands outside a Method") };
        let visits = visits(element).ok_or(POINT)?;
        let ends = [element.attribute("sl"), element.attribute("el")];
        let Some(span) = self.spans.read(&mut self.reading.oddities, ends, POINT)? else { return Ok(()) };
        let hit = self.reading.oddities.hit(visits);
        let Some(place) = *uid(element, method).and_then(|uid| self.uids.get(&uid)).ok_or(NO_FILE)? else {
            return Ok(());
        };
        summary::add(&mut self.module.sums.points, hit);
        method.first.get_or_insert(place);
        method.visited |= hit;
        if let Some(offset) = count(element.attribute("offset"))
            && method.offsets.len() < MOST_POINTS
        {
            method.offsets.insert(offset, span.0);
        }
        let columns = ["sc", "ec"].map(|name| count(element.attribute(name)));
        let nth = self.ordinals.next((place, span, columns));
        if let Some((_, file)) = self.files.get_mut(place) {
            file.statement(span, (method.hash, span, columns, nth), hit);
        }
        Ok(())
    }

    fn branch(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let Some(method) = &mut self.method else { return Err("a BranchPoint stands outside a Method") };
        let visits = visits(element).ok_or(BRANCH)?;
        let own = element.attribute("sl").map_or(Some(Line::Undefined), line).ok_or(BRANCH)?;
        let hit = self.reading.oddities.hit(visits);
        let Some(place) = *uid(element, method).and_then(|uid| self.uids.get(&uid)).ok_or(NO_FILE)? else {
            return Ok(());
        };
        // Older versions write no line: it is that of the sequence point that the jump lies in.
        let offset = count(element.attribute("offset"));
        let before = || offset.and_then(|offset| method.offsets.range(..=offset).next_back()).map(|(_, line)| *line);
        let line = if let Line::At(line) = own { line } else { before().unwrap_or(0) };
        summary::add(&mut self.module.sums.branches, hit);
        let nth = self.ordinals.next((place, line));
        if let Some((_, file)) = self.files.get_mut(place) {
            file.branches.add(line, (method.hash, nth), hit);
        }
        Ok(())
    }

    fn end_method(&mut self) {
        let Some(method) = self.method.take() else { return };
        // One without sequence points is not in the source: a constructor that the compiler adds.
        if let Some((_, file)) = method.first.and_then(|place| self.files.get_mut(place)) {
            summary::add(&mut self.module.sums.methods, method.visited);
            file.functions.add(0, method.hash, method.visited);
        }
    }

    /// What was read of the report at `path`.
    fn finish(mut self, path: &str) -> Result<Reading, InputError> {
        for (path, file) in self.files {
            let coverage = file.finish();
            // A module lists every file that it was built from, with code or without.
            if coverage.statement_counts().1 > 0 || coverage.branch_counts().1 > 0 {
                self.reading.add(&path, coverage);
            }
        }
        let skipped = self.skipped.text();
        if self.reading.is_empty() && self.reading.malformed.count == 0 {
            if let Some(skipped) = skipped {
                let message = format!(
                    "names no file that was examined: {skipped}; check the filters, and that the symbol files (.pdb) lie \
                     beside the assemblies"
                );
                return Err(InputError::malformed(path, None, message));
            }
        } else if let Some(declared) = &self.declared {
            self.sums.compare("the whole report", declared, &mut self.reading.disagreements);
        }
        self.reading.notes.extend(skipped);
        Ok(self.reading)
    }
}

fn visits(element: &Element<'_>) -> Option<Hits> {
    hits(element.attribute("vc")?.raw())
}

/// The number of the file that a point of `method` lies in.
fn uid(element: &Element<'_>, method: &Method) -> Option<u64> {
    count(element.attribute("fileid")).or(method.file)
}

fn is_true(raw: &[u8]) -> bool {
    raw.eq_ignore_ascii_case(b"true")
}
