//! dotCover XML: the detailed report of JetBrains dotCover (`--reportType=DetailedXML`).
//!
//! `Root/FileIndices/File` numbers the files; below `Assembly`, `Namespace`, `Type` and `Method`, which may be nested and
//! have other names in older versions, `Statement`s tell file, first and last line and whether they were covered. The
//! totals of `Root` and `Assembly` are only compared. The plain report has types and methods alone, and names no file.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use tollgate_input::xml::{Element, Event, Scanner};
use tollgate_input::{Digest, InputError, Window};

use super::dotnet::{Gathered, Ordinals, Spans, count, hash};
use super::elements::{self, malformed};
use super::{Figures, Format, Sniff};
use crate::marks::Scheme;
use crate::reading::Reading;

/// dotCover.
pub(super) const FORMAT: Format = Format {
    name: "dotCover XML",
    writers: "JetBrains dotCover (DetailedXML)",
    figures: Figures { branches: false, ..Figures::ALL },
    about: "Statements as dotCover counts them; a line counts if a statement spans it, and is covered if one of those \
            was. Functions are methods that have a statement. The plain XML report names no file and is refused.",
    detect,
    read,
};

/// How functions and statements are named.
const SCHEME: Scheme = 13;

const FILE: &str = "a File needs a number and a path, as in Index=\"1\" Name=\"src\\a.cs\"";
const STATEMENT: &str = "a Statement needs a file, lines and whether it was covered, as in FileIndex=\"1\" Line=\"2\" EndLine=\"2\" Covered=\"True\"";

fn detect(sniff: &Sniff<'_>) -> bool {
    let root = sniff.root_named("Root");
    root.is_some_and(|root| {
        root.has("DotCoverVersion") || (root.has("CoveredStatements") && root.has("TotalStatements"))
    })
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut scanner = Scanner::new(window);
    let mut reader = Reader::default();
    while let Some(event) = scanner.next()? {
        let read = match event {
            Event::Start(element) => reader.start(&element),
            Event::End(_) => {
                reader.end();
                Ok(())
            }
            Event::Text(_) => Ok(()),
        };
        if let Err(message) = read {
            malformed(&mut reader.reading, &scanner, message);
        }
    }
    if reader.statements == 0 && reader.reading.malformed.count == 0 {
        let message = "lists no statement, only totals of types and methods, as dotCover's plain XML does, so nothing in it \
                       can be matched with a file; have dotCover write it with --reportType=DetailedXML";
        return Err(InputError::malformed(scanner.path(), None, message));
    }
    Ok((reader.finish(), scanner.digest()))
}

/// Reads a report event by event.
#[derive(Default)]
struct Reader {
    reading: Reading,
    /// Path and contents of each file by its number; none if its path is no good.
    files: HashMap<u64, Option<(String, Gathered)>>,
    /// The elements that are open.
    open: Vec<Open>,
    spans: Spans,
    ordinals: Ordinals,
    /// How many statements were met.
    statements: u64,
    /// Statements and covered ones that were counted.
    counted: [u64; 2],
}

/// An element that is open.
#[derive(Default)]
struct Open {
    /// Stands for its name and the names of those around it, but not that of the assembly.
    hash: u64,
    /// If it holds statements: the file of the first, and whether any was covered.
    function: Option<(u64, bool)>,
    /// If it declares statements for the whole report or an assembly: for what, how many and how many covered, and what
    /// was counted before it.
    declared: Option<(String, [Option<u64>; 2], [u64; 2])>,
}

impl Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let above = self.open.last().map_or(0, |open| open.hash);
        let mut open = Open { hash: above, ..Open::default() };
        let read = match element.name() {
            b"Statement" => self.statement(element),
            b"File" => self.file(element),
            b"Root" | b"Assembly" => {
                let declared = ["TotalStatements", "CoveredStatements"].map(|name| count(element.attribute(name)));
                let name = element.attribute("Name").map_or("the whole report".into(), |name| name.text());
                open.declared = Some((name.into_owned(), declared, self.counted));
                Ok(())
            }
            name => {
                let own = element.attribute("Name").map(|name| name.text()).unwrap_or_default();
                open.hash = hash((above, name, own.trim()));
                Ok(())
            }
        };
        self.open.push(open);
        read
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if let Some((file, hit)) = open.function {
            self.ordinals.clear();
            if let Some(Some((_, file))) = self.files.get_mut(&file) {
                file.functions.add(0, open.hash, hit);
            }
        }
        if let Some((name, [all, covered], before)) = open.declared {
            let [all_counted, covered_counted] = [0, 1].map(|at| self.counted[at] - before[at]);
            let totals = [("TotalStatements", all, all_counted), ("CoveredStatements", covered, covered_counted)];
            self.reading.disagreements.compare(&name, &totals);
        }
    }

    fn file(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let index = count(element.attribute("Index")).ok_or(FILE)?;
        let path = elements::path(element.attribute("Name"));
        let named = path.is_some();
        self.files.insert(index, path.map(|path| (path, Gathered::new(SCHEME))));
        if named { Ok(()) } else { Err(FILE) }
    }

    fn statement(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        self.statements += 1;
        let hit = match element.attribute("Covered").ok_or(STATEMENT)?.raw() {
            raw if raw.eq_ignore_ascii_case(b"true") => true,
            raw if raw.eq_ignore_ascii_case(b"false") => false,
            _ => return Err(STATEMENT),
        };
        let index = count(element.attribute("FileIndex")).ok_or(STATEMENT)?;
        let ends = [element.attribute("Line"), element.attribute("EndLine")];
        let Some(span) = self.spans.read(&mut self.reading.oddities, ends, STATEMENT)? else { return Ok(()) };
        let file = self.files.get_mut(&index).ok_or("a Statement names a file that FileIndices does not list")?;
        let Some((_, file)) = file else { return Ok(()) };
        self.counted[0] += 1;
        self.counted[1] += u64::from(hit);
        let mut above = 0;
        if let Some(open) = self.open.last_mut() {
            above = open.hash;
            open.function.get_or_insert((index, false)).1 |= hit;
        }
        let columns = ["Column", "EndColumn"].map(|name| count(element.attribute(name)));
        let nth = self.ordinals.next((above, index, span, columns));
        file.statement(span, (above, span, columns, nth), hit);
        Ok(())
    }

    fn finish(mut self) -> Reading {
        for (path, file) in self.files.into_values().flatten() {
            let coverage = file.finish();
            if coverage.statement_counts().1 > 0 {
                self.reading.add(&path, coverage);
            }
        }
        self.reading
    }
}
