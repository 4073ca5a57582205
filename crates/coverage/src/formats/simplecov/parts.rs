//! What SimpleCov says of one file: lines, branches and methods.
//!
//! `.resultset.json` has branches as `{condition: {branch: count}}` and methods as `{method: count}`, all of them Ruby arrays
//! written as text: `[:then, 1, 4, 6, 4, 20]` is kind, number, and line and column of start and end;
//! `["Shop::Cart", :total, 3, 2, 9, 5]` is class, method and the same. `coverage.json` has arrays of objects instead. Both name
//! a branch by its kind and lines, and by how many such were before it in the file, which is the same order in both.

use std::collections::HashMap;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::super::json_values::{hits, line, line_array, malformed, whole};
use crate::file_coverage::FileCoverage;
use crate::lines::LineGatherer;
use crate::marks::MarkGatherer;
use crate::numbers::{Hits, Line, line_number};
use crate::reading::Reading;

/// How branches and methods are named.
const SCHEME: u8 = 9;

/// Gathers what is said of one file after another.
pub(super) struct Parts {
    lines: LineGatherer,
    branches: MarkGatherer,
    methods: MarkGatherer,
    /// How many branches of a kind and place there were in the file.
    seen: HashMap<(String, Lines), u32>,
}

/// First and last line.
type Lines = (u32, u32);

/// Totals a file declares, in this order.
const TOTALS: [&str; 6] =
    ["covered_lines", "missed_lines", "covered_branches", "missed_branches", "covered_methods", "missed_methods"];

/// A branch or method, as it is written.
#[derive(Default)]
struct Part {
    name: Option<String>,
    start: Option<Line>,
    end: Option<Line>,
    hits: Option<Hits>,
    ignored: bool,
}

impl Parts {
    pub(super) fn new() -> Self {
        let (branches, methods) = (MarkGatherer::new(SCHEME), MarkGatherer::new(SCHEME));
        Self { lines: LineGatherer::default(), branches, methods, seen: HashMap::new() }
    }

    /// Reads a file, which is an array or an object.
    pub(super) fn file(
        &mut self,
        reader: &mut Reader,
        path: &str,
        reading: &mut Reading,
    ) -> Result<FileCoverage, InputError> {
        let mut declared = [None; TOTALS.len()];
        self.seen.clear();
        match reader.kind()? {
            Kind::Null => {}
            Kind::Array => line_array(reader, &mut self.lines, reading)?,
            _ => reader.object(|reader, key| match (key, reader.kind()?) {
                ("lines", Kind::Array) => line_array(reader, &mut self.lines, reading),
                ("branches", Kind::Object) => {
                    reader.object(|reader, _| reader.object(|reader, branch| self.branch(reader, branch, reading)))
                }
                ("methods", Kind::Object) => reader.object(|reader, method| self.method(reader, method, reading)),
                ("branches", Kind::Array) => reader.array(|reader| {
                    let part = part(reader, "type")?;
                    self.keep_branch(part, reader, reading);
                    Ok(())
                }),
                ("methods", Kind::Array) => reader.array(|reader| {
                    let part = part(reader, "name")?;
                    self.keep_method(part, reader, reading);
                    Ok(())
                }),
                ("lines" | "branches" | "methods", Kind::Null) => Ok(()),
                ("lines" | "branches" | "methods", _) => {
                    malformed(reader, &mut reading.malformed, "lines, branches or methods of a file are no list");
                    Ok(())
                }
                _ => match TOTALS.iter().position(|total| *total == key) {
                    Some(total) => {
                        declared[total] = whole(reader)?;
                        Ok(())
                    }
                    None => Ok(()),
                },
            })?,
        }
        let file = FileCoverage::new(self.lines.take(), self.branches.take(), self.methods.take());
        let counts = [file.line_counts(), file.branch_counts(), file.function_counts()];
        let counted = counts.iter().flat_map(|(hit, all)| [*hit, all - hit]);
        let totals: Vec<_> = TOTALS.iter().zip(declared).zip(counted).map(|((name, d), c)| (*name, d, c)).collect();
        reading.disagreements.compare(path, &totals);
        Ok(file)
    }

    /// `"[:then, 1, 4, 6, 4, 20]": count`
    fn branch(&mut self, reader: &mut Reader, text: &str, reading: &mut Reading) -> Result<(), InputError> {
        let mut part = counted(reader)?;
        if let Some([kind, _number, start, _, end, _]) = fields(text) {
            part.name = Some(bare(kind).to_owned());
            (part.start, part.end) = (line_number(start.as_bytes()), line_number(end.as_bytes()));
        }
        self.keep_branch(part, reader, reading);
        Ok(())
    }

    /// `"[\"Shop::Cart\", :total, 3, 2, 9, 5]": count`
    fn method(&mut self, reader: &mut Reader, text: &str, reading: &mut Reading) -> Result<(), InputError> {
        let mut part = counted(reader)?;
        if let Some([class, method, start, _, end, _]) = fields(text) {
            part.name = Some(format!("{}#{}", bare(class), bare(method)));
            (part.start, part.end) = (line_number(start.as_bytes()), line_number(end.as_bytes()));
        }
        self.keep_method(part, reader, reading);
        Ok(())
    }

    fn keep_branch(&mut self, part: Part, reader: &Reader, reading: &mut Reading) {
        let (Some(name), Some(start), Some(end)) = (part.name, part.start, part.end) else {
            return malformed(reader, &mut reading.malformed, "a branch without its kind and lines");
        };
        let (Some(start), Some(end)) = (reading.oddities.line(start), reading.oddities.line(end)) else { return };
        let seen = self.seen.entry((name.clone(), (start, end))).or_default();
        *seen += 1;
        match part.hits {
            _ if part.ignored => {}
            Some(hits) => {
                let hit = reading.oddities.hit(hits);
                self.branches.add(start, (name, end, *seen), hit);
            }
            None => malformed(reader, &mut reading.malformed, "the count of a branch is no number"),
        }
    }

    fn keep_method(&mut self, part: Part, reader: &Reader, reading: &mut Reading) {
        let (Some(name), Some(start)) = (part.name, part.start) else {
            return malformed(reader, &mut reading.malformed, "a method without its name and lines");
        };
        match (part.hits, reading.oddities.line(start)) {
            _ if part.ignored => {}
            (_, None) => {}
            (Some(hits), Some(start)) => {
                let hit = reading.oddities.hit(hits);
                self.methods.add(0, (name, start), hit);
            }
            (None, _) => malformed(reader, &mut reading.malformed, "the count of a method is no number"),
        }
    }
}

/// An object of `coverage.json` whose name stands in the key `name`.
fn part(reader: &mut Reader, name: &str) -> Result<Part, InputError> {
    let mut part = Part::default();
    reader.object(|reader, key| {
        match key {
            "start_line" => part.start = line(reader)?,
            "end_line" => part.end = line(reader)?,
            "coverage" => {
                let counted = counted(reader)?;
                (part.hits, part.ignored) = (counted.hits, counted.ignored);
            }
            _ if key == name && reader.kind()? == Kind::String => part.name = Some(reader.string()?.into_owned()),
            _ => {}
        }
        Ok(())
    })?;
    Ok(part)
}

/// A count, or `"ignored"`.
fn counted(reader: &mut Reader) -> Result<Part, InputError> {
    if reader.kind()? != Kind::String {
        return Ok(Part { hits: hits(reader)?, ..Part::default() });
    }
    let text = reader.string()?;
    Ok(Part { ignored: text == "ignored", hits: crate::numbers::hits(text.as_bytes()), ..Part::default() })
}

/// The six fields of a Ruby array as text. They are found from its end, for the first, a class, may hold commas.
fn fields(text: &str) -> Option<[&str; 6]> {
    let text = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut rest = text.rsplitn(6, ',');
    let mut next = || rest.next().map(str::trim);
    let [end_column, end, start_column, start, second, first] = [next()?, next()?, next()?, next()?, next()?, next()?];
    Some([first, second, start, start_column, end, end_column])
}

/// A symbol or string of Ruby without colon and quotes.
fn bare(text: &str) -> &str {
    let text = text.strip_prefix(':').unwrap_or(text);
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}
