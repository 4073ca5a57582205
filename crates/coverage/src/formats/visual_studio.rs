//! Visual Studio XML: dynamic code coverage as `dotnet-coverage`, `CodeCoverage.exe` and Visual Studio itself export it.
//!
//! `results/modules/module` holds `functions/function/ranges/range`, each with its source file (`source_id`), first and
//! last line, and whether it was `covered`: `yes`, `no` or `partial`. The `source_files` of the module, which come behind
//! its functions, say which files those are. Modules under `skipped_modules` were not examined. What a module declares of
//! its lines is only compared; of its blocks nothing else is told.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use tollgate_input::xml::{Element, Event, Scanner, Value};
use tollgate_input::{Digest, InputError, Window};

use super::dotnet::{Gathered, Ordinals, Skipped, Spans, count, hash};
use super::elements::{self, malformed};
use super::{Figures, Format, Sniff};
use crate::lines::LineGatherer;
use crate::marks::Scheme;
use crate::reading::Reading;

/// Visual Studio.
pub(super) const FORMAT: Format = Format {
    name: "Visual Studio XML",
    writers: "dotnet-coverage, Microsoft.CodeCoverage, CodeCoverage.exe, Visual Studio",
    figures: Figures { branches: false, ..Figures::ALL },
    about: "Statements are the ranges of source code; a range that was covered in part was hit, and so were its lines. \
            Blocks are only told as totals and are not counted. Modules that were skipped are named by reason.",
    detect,
    read,
};

/// How functions and statements are named.
const SCHEME: Scheme = 14;

const RANGE: &str = "a range needs a source, lines and whether it was covered, as in source_id=\"0\" start_line=\"2\" \
                     end_line=\"2\" covered=\"yes\", \"no\" or \"partial\"";
const FILE: &str = "a source_file needs a number and a path, as in id=\"0\" path=\"src\\a.cs\"";
const NO_FILE: &str = "a range of this module names a source that its source_files do not list";

fn detect(sniff: &Sniff<'_>) -> bool {
    let second = sniff.elements_seen().get(1).map(|element| element.name.as_str());
    sniff.root_named("results").is_some() && matches!(second, Some("modules" | "skipped_modules"))
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut scanner = Scanner::new(window);
    let mut reader = Reader::default();
    while let Some(event) = scanner.next()? {
        let read = match event {
            Event::Start(element) => reader.start(&element),
            Event::End(name) => reader.end(name),
            Event::Text(_) => Ok(()),
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
    module: Module,
    function: Function,
    /// Lines of the function that is being read, in one of its files.
    lines: LineGatherer,
    ordinals: Ordinals,
    spans: Spans,
    skipped: Skipped,
}

/// A module that is being read.
#[derive(Default)]
struct Module {
    name: String,
    /// Lines covered, covered in part, and not covered.
    declared: [Option<u64>; 3],
    /// Lines, and covered ones, function by function.
    counted: [u64; 2],
    /// What was gathered of each source.
    sources: HashMap<u64, Gathered>,
    /// Path of each source; none if it is no good.
    paths: HashMap<u64, Option<String>>,
}

/// A function that is being read.
#[derive(Default)]
struct Function {
    /// Stands for namespace, type and name.
    hash: u64,
    /// Source and line of the first range.
    first: Option<(u64, u32)>,
    /// Source of the last range.
    last: u64,
    hit: bool,
}

impl Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let text = |name| element.attribute(name).map(|value: Value<'_>| value.text()).unwrap_or_default();
        match element.name() {
            b"range" => return self.range(element),
            b"source_file" => return self.file(element),
            b"module" => {
                let totals = ["lines_covered", "lines_partially_covered", "lines_not_covered"];
                let declared = totals.map(|name| count(element.attribute(name)));
                self.module = Module { name: text("name").into_owned(), declared, ..Module::default() };
            }
            b"function" => {
                let hash = hash((text("namespace"), text("type_name"), text("name")));
                self.function = Function { hash, ..Function::default() };
                self.ordinals.clear();
            }
            b"skipped_module" => self.skipped.add(&text("reason")),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), &'static str> {
        match name {
            b"function" => {
                self.end_function();
                Ok(())
            }
            b"module" => self.end_module(),
            _ => Ok(()),
        }
    }

    fn file(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let id = count(element.attribute("id")).ok_or(FILE)?;
        let path = elements::path(element.attribute("path"));
        let named = path.is_some();
        self.module.paths.insert(id, path);
        if named { Ok(()) } else { Err(FILE) }
    }

    fn range(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let hit = match element.attribute("covered").ok_or(RANGE)?.raw() {
            b"yes" | b"partial" => true,
            b"no" => false,
            _ => return Err(RANGE),
        };
        let source = count(element.attribute("source_id")).ok_or(RANGE)?;
        let ends = [element.attribute("start_line"), element.attribute("end_line")];
        let Some(span) = self.spans.read(&mut self.reading.oddities, ends, RANGE)? else { return Ok(()) };
        let function = &mut self.function;
        if function.first.is_some() && function.last != source {
            count_lines(&mut self.lines, &mut self.module.counted);
        }
        function.first.get_or_insert((source, span.0));
        function.last = source;
        function.hit |= hit;
        (span.0..=span.1).for_each(|line| self.lines.add(line, hit));
        let columns = ["start_column", "end_column"].map(|name| count(element.attribute(name)));
        let nth = self.ordinals.next((source, span, columns));
        let file = self.module.sources.entry(source).or_insert_with(|| Gathered::new(SCHEME));
        file.statement(span, (function.hash, span, columns, nth), hit);
        Ok(())
    }

    fn end_function(&mut self) {
        let function = std::mem::take(&mut self.function);
        count_lines(&mut self.lines, &mut self.module.counted);
        // One without ranges has no source here. Overloads in C++ have one name, so the line is part of it.
        if let Some((source, line)) = function.first
            && let Some(file) = self.module.sources.get_mut(&source)
        {
            file.functions.add(0, (function.hash, line), function.hit);
        }
    }

    fn end_module(&mut self) -> Result<(), &'static str> {
        let Module { name, declared, counted: [all, hit], sources, mut paths } = std::mem::take(&mut self.module);
        if let [Some(covered), Some(partial), Some(missed)] = declared {
            let hits = covered.saturating_add(partial);
            let totals = [("lines", Some(hits.saturating_add(missed)), all), ("lines covered", Some(hits), hit)];
            self.reading.disagreements.compare(&name, &totals);
        }
        let mut read = Ok(());
        for (source, gathered) in sources {
            match paths.remove(&source) {
                Some(Some(path)) => self.reading.add(&path, gathered.finish()),
                Some(None) => {}
                None => read = Err(NO_FILE),
            }
        }
        read
    }

    /// What was read of the report at `path`.
    fn finish(mut self, path: &str) -> Result<Reading, InputError> {
        let skipped = self.skipped.text();
        if self.reading.is_empty()
            && self.reading.malformed.count == 0
            && let Some(skipped) = skipped
        {
            let message = format!(
                "names no file that was examined: {skipped}; check the filters, and that the symbol files (.pdb) lie beside \
                 the assemblies"
            );
            return Err(InputError::malformed(path, None, message));
        }
        self.reading.notes.extend(skipped);
        Ok(self.reading)
    }
}

/// Adds the lines of one function in one file to what was counted of its module.
fn count_lines(lines: &mut LineGatherer, counted: &mut [u64; 2]) {
    let (hit, all) = lines.take().counts();
    counted[0] += all;
    counted[1] += hit;
}
