//! Cobertura XML (`coverage-04.dtd` of Cobertura 2.1), and what other tools write in its name.
//!
//! `coverage/packages/package/classes/class[@filename]` holds `lines/line` and `methods/method/lines/line`; several
//! classes may lie in one file. The lines of a class are counted; those of its methods, which repeat them, only where it
//! lists none itself. A line tells how many branches it has and how many were taken, `condition-coverage="50% (1/2)"`. A
//! method was called if any of its lines was hit. The totals of the root element are only compared.

mod line;
#[cfg(test)]
mod tests;
mod totals;

use tollgate_input::xml::{Element, Event, Scanner, Value};
use tollgate_input::{Digest, InputError, Window};

use self::line::{Branches, Record};
use self::totals::Totals;
use super::elements::{self, Allowance};
use super::{Figures, Format, Sniff};
use crate::file_coverage::FileCoverage;
use crate::lines::LineGatherer;
use crate::marks::{COUNTED, MarkGatherer, Scheme};
use crate::numbers::{Hits, hits};
use crate::reading::Reading;

/// Cobertura.
pub(super) const FORMAT: Format = Format {
    name: "Cobertura XML",
    writers: "coverage.py, Istanbul, coverlet, dotnet-coverage, gcovr, PHPUnit, SimpleCov, cargo-tarpaulin, VectorCAST",
    figures: Figures::LINES_BRANCHES_FUNCTIONS,
    about: "Classes of one file are put together, and a line counts once. Branches are counted per line, where a line \
            tells their number; functions are the methods of classes, where a tool lists them.",
    detect,
    read,
};

/// How functions are named.
const SCHEME: Scheme = 2;

/// The longest text of a `source` that is a folder, bytes.
const LONGEST_SOURCE: usize = 1 << 14;

/// What other reports with such a root element have below it: Clover, and SonarQube's.
const FOREIGN: [&str; 3] = ["project", "file", "lineToCover"];

fn detect(sniff: &Sniff<'_>) -> bool {
    let Some(root) = sniff.root_named("coverage") else { return false };
    let totals = totals::NAMES.iter().chain(&["line-rate", "branch-rate"]).any(|name| root.has(name));
    let folders = ["packages", "package", "sources"].iter().any(|name| sniff.has_element(name));
    totals || (folders && !FOREIGN.iter().any(|name| sniff.has_element(name)))
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut scanner = Scanner::new(window);
    let mut reader = Reader::default();
    loop {
        // Most of a report are lines as they are mostly written, one behind the other.
        while reader.class.is_some()
            && let Some((line, hit)) = scanner.take(line::plain_line)
        {
            reader.plain_line(line, hit);
        }
        // Matched where it lies: moving millions of events costs more than reading them.
        let read = match scanner.next() {
            Ok(Some(Event::Start(ref element))) => reader.start(element),
            Ok(Some(Event::End(name))) => {
                reader.end(name);
                Ok(())
            }
            Ok(Some(Event::Text(ref text))) => {
                reader.text(text);
                Ok(())
            }
            Ok(None) => break,
            Err(error) => return Err(error),
        };
        if let Err(message) = read {
            elements::malformed(&mut reader.reading, &scanner, message);
            // Only beginnings make no sense; what such an element holds does not count either.
            scanner.skip()?;
        }
    }
    Ok((reader.finish(), scanner.digest()))
}

/// Reads a report event by event.
struct Reader {
    reading: Reading,
    /// What the root element declares, and what was counted; none before it.
    totals: Option<Totals>,
    /// The `source` that is being read.
    source: Option<String>,
    class: Option<Class>,
    method: Option<Method>,
    /// What stands in the class.
    own: Gathered,
    /// What stands in its methods.
    of_methods: Gathered,
    functions: MarkGatherer,
    allowance: Allowance,
    /// How many lines have branches and do not tell how many.
    untold: u64,
}

/// A class that is being read.
struct Class {
    /// Its file.
    path: String,
    name: String,
}

/// A method that is being read.
#[derive(Default)]
struct Method {
    name: String,
    signature: String,
    /// Its first line, which tells methods of one name apart: overloads without a signature, and functions in JavaScript.
    first: Option<u32>,
    hit: bool,
    /// Whether it was called, as Istanbul tells.
    called: Option<bool>,
}

/// What was gathered of one class.
struct Gathered {
    lines: LineGatherer,
    branches: MarkGatherer,
    /// The same, each record for itself.
    records: totals::Sums,
}

impl Default for Gathered {
    fn default() -> Self {
        let (lines, records) = (LineGatherer::default(), totals::Sums::default());
        Self { lines, branches: MarkGatherer::new(COUNTED), records }
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            reading: Reading::default(),
            totals: None,
            source: None,
            class: None,
            method: None,
            own: Gathered::default(),
            of_methods: Gathered::default(),
            functions: MarkGatherer::new(SCHEME),
            allowance: Allowance::default(),
            untold: 0,
        }
    }
}

impl Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        match element.name() {
            b"line" => return self.line(element),
            b"class" => return self.begin_class(element),
            b"method" => return self.begin_method(element),
            b"source" if self.class.is_none() => self.source = Some(String::new()),
            _ if self.totals.is_none() => self.totals = Some(Totals::declared(element)),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"class" => self.end_class(),
            b"method" => self.end_method(),
            b"source" => self.end_source(),
            _ => {}
        }
    }

    fn text(&mut self, text: &Value<'_>) {
        // Longer ones are no folder, and are cut.
        if let Some(source) = &mut self.source
            && source.len() < LONGEST_SOURCE
        {
            source.push_str(&text.text());
        }
    }

    fn end_source(&mut self) {
        let Some(source) = self.source.take() else { return };
        let source = source.trim();
        // Cobertura's command takes its own option for a folder.
        let folder = source.len() < LONGEST_SOURCE && source != "--source" && !source.chars().any(char::is_control);
        if folder {
            self.reading.add_root(source);
        }
    }

    fn begin_class(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.class.is_some() {
            return Err("a class stands within a class; expected each in its package");
        }
        let path = elements::path(element.attribute("filename"));
        let path = path.ok_or("a class needs the path of its file, as in filename=\"src/a.c\"")?;
        self.class = Some(Class { path, name: owned(element.attribute("name")) });
        Ok(())
    }

    fn begin_method(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.class.is_none() || self.method.is_some() {
            return Err("a method stands outside a class or within a method; expected it in the methods of a class");
        }
        let called = element.attribute("hits").and_then(|value| hits(value.raw()));
        self.method = Some(Method {
            name: owned(element.attribute("name")),
            signature: owned(element.attribute("signature")),
            called: called.map(|called| called == Hits::Hit),
            ..Method::default()
        });
        Ok(())
    }

    fn line(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.class.is_none() {
            return Err("a line stands outside a class");
        }
        let Some(record) = Record::read(element, &mut self.reading.oddities)? else { return Ok(()) };
        let Record { line, hit, branches } = record;
        match branches {
            Branches::None => {}
            Branches::Untold => {
                self.gathering(line, hit).records.add_branches(hit.into(), 1);
                self.untold += u64::from(self.method.is_none());
            }
            Branches::Told(taken, all) => {
                let (taken, all) = self.allowance.record(taken, all)?;
                let gathered = self.gathering(line, hit);
                gathered.branches.count(line, taken, all);
                gathered.records.add_branches(taken, all);
            }
        }
        self.plain_line(line, hit);
        Ok(())
    }

    /// Notes that a line was hit or not, and has no branches.
    #[inline]
    fn plain_line(&mut self, line: u32, hit: bool) {
        let gathered = self.gathering(line, hit);
        gathered.lines.add(line, hit);
        gathered.records.add_line(hit);
    }

    /// Where a line of what is open is noted: a method that is open has it, too.
    #[inline]
    fn gathering(&mut self, line: u32, hit: bool) -> &mut Gathered {
        match &mut self.method {
            Some(method) => {
                method.first = Some(method.first.map_or(line, |first| first.min(line)));
                method.hit |= hit;
                &mut self.of_methods
            }
            None => &mut self.own,
        }
    }

    fn end_method(&mut self) {
        let (Some(class), Some(method)) = (&self.class, self.method.take()) else { return };
        let Method { name, signature, first, hit, called } = &method;
        // Without a line it is code only if something says that it was called or not.
        if first.is_some() || called.is_some() {
            let hit = if first.is_some() { *hit } else { *called == Some(true) };
            self.functions.add(0, (&class.name, name, signature, first.unwrap_or(0)), hit);
        }
    }

    fn end_class(&mut self) {
        let Some(class) = self.class.take() else { return };
        let (own, of_methods) = (self.own.take(), self.of_methods.take());
        let (lines, branches, records) = if own.0.last().is_some() { own } else { of_methods };
        let coverage = FileCoverage::new(lines, branches, self.functions.take());
        if let Some(totals) = &mut self.totals {
            totals.add(&coverage, records);
        }
        self.reading.add(&class.path, coverage);
    }

    fn finish(mut self) -> Reading {
        if let Some(totals) = self.totals {
            totals.compare(&mut self.reading);
        }
        if self.untold > 0 {
            let lines = tollgate_model::format::things(self.untold, "line");
            let note = format!("{lines} with branches whose number is not told, so that these do not count");
            self.reading.notes.push(note);
        }
        self.reading
    }
}

impl Gathered {
    fn take(&mut self) -> (crate::lines::LineSet, crate::marks::Marks, totals::Sums) {
        (self.lines.take(), self.branches.take(), std::mem::take(&mut self.records))
    }
}

fn owned(value: Option<Value<'_>>) -> String {
    value.map_or_else(String::new, |value| value.text().into_owned())
}
