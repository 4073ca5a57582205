//! SimpleCov, for Ruby: `.resultset.json`, `coverage.json` of its JSON formatter, and what the simplecov-json gem writes.
//!
//! - `.resultset.json` is `{command: {"coverage": {path: file}}}` with one command per test suite.
//! - `coverage.json` is `{"meta": …, "coverage": {path: file}}`.
//! - simplecov-json writes `{"command_name": …, "files": [{"filename": path, "coverage": file}]}`.
//!
//! A file is an array of counts of its lines (SimpleCov before 0.18), or an object with such an array as `lines`, and perhaps
//! `branches` and `methods` (`parts`).

mod parts;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};

use self::parts::Parts;
use super::coverage_key::{Held, held};
use super::json_values::{is_path, malformed, path, whole};
use super::{Figures, Format, Sniff};
use crate::file_coverage::{Counts, FileCoverage};
use crate::reading::Reading;

/// SimpleCov.
pub(super) const FORMAT: Format = Format {
    name: "SimpleCov",
    writers: "SimpleCov (.resultset.json, coverage.json), simplecov-json",
    figures: Figures::LINES_BRANCHES_FUNCTIONS,
    about: "Commands are united as SimpleCov does: a line that none ran counts where each lists it. Functions are methods. Lines that `# :nocov:` leaves out do not count in coverage.json; \
            .resultset.json does not say which they are, so there they count.",
    detect,
    read,
};

fn detect(sniff: &Sniff<'_>) -> bool {
    dialect(sniff).is_some()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// `.resultset.json`
    Commands,
    /// `coverage.json`
    Formatted,
    /// Of simplecov-json.
    Gem,
}

fn dialect(sniff: &Sniff<'_>) -> Option<Dialect> {
    if sniff.has_key(1, "coverage") {
        let formatted = sniff.has_key(2, "simplecov_version") || held(sniff, false) == Some(Held::Named);
        return formatted.then_some(Dialect::Formatted);
    }
    if sniff.has_key(1, "files") {
        let gem = sniff.has_key(3, "filename") && sniff.has_key(3, "covered_percent");
        return gem.then_some(Dialect::Gem);
    }
    let commands = match sniff.has_key(2, "coverage").then(|| held(sniff, true)).flatten() {
        Some(Held::Named | Held::Array) => true,
        Some(Held::Nothing) => sniff.has_key(2, "timestamp"),
        Some(Held::Numbered) | None => false,
    };
    commands.then_some(Dialect::Commands)
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let dialect = dialect(&Sniff::new(window.bytes()));
    let mut reader = Reader::new(window);
    let (mut reading, mut parts, mut declared) = (Reading::default(), Parts::new(), Declared::default());
    let (mut commands, mut metrics) = (Commands::new(), [None; 2]);
    reader.object(|reader, key| match (dialect, key) {
        (Some(Dialect::Formatted), "coverage") => files(reader, &mut parts, &mut reading, Reading::add),
        (Some(Dialect::Formatted), "meta" | "total") if reader.kind()? != Kind::Object => Ok(()),
        (Some(Dialect::Formatted), "meta") => root(reader, &mut reading),
        (Some(Dialect::Formatted), "total") => declared.take(reader),
        (Some(Dialect::Gem), "metrics") if reader.kind()? == Kind::Object => {
            metrics = numbers(reader, ["covered_lines", "total_lines"])?;
            Ok(())
        }
        (Some(Dialect::Gem), "files") => reader.array(|reader| file_of_gem(reader, &mut parts, &mut reading)),
        (Some(Dialect::Commands), _) => command(reader, &mut parts, &mut reading, &mut commands),
        _ => Ok(()),
    })?;
    reader.end()?;
    commands.into_iter().for_each(|(path, (_, coverage))| reading.add(&path, coverage));
    declared.compare(&mut reading);
    let sums = reading.sums();
    compare_lines("the whole report", "total_lines", metrics, sums.lines, &mut reading);
    Ok((reading, reader.digest()))
}

/// Files of all commands. As SimpleCov does (`Combine::LinesCombiner`), a line that no command ran counts where each lists it: one that
/// did not load a file takes every line of it for one that can be covered. With each file whether any command listed a line: one that
/// lists none says nothing.
type Commands = BTreeMap<String, (bool, FileCoverage)>;

fn command(
    reader: &mut Reader,
    parts: &mut Parts,
    reading: &mut Reading,
    commands: &mut Commands,
) -> Result<(), InputError> {
    if reader.kind()? != Kind::Object {
        reading.oddities.unknown += 1;
        return Ok(());
    }
    reader.object(|reader, key| match key {
        "coverage" => files(reader, parts, reading, |_, path, coverage| {
            let lists = coverage.line_counts().1 > 0;
            match commands.entry(path.to_owned()) {
                Entry::Vacant(new) => _ = new.insert((lists, coverage)),
                Entry::Occupied(known) => match known.into_mut() {
                    (true, known) if lists => known.merge_agreed(coverage),
                    (known_lists, known) => {
                        known.merge(&coverage);
                        *known_lists |= lists;
                    }
                },
            }
        }),
        _ => Ok(()),
    })
}

/// Reads files by their paths, and hands each to `add`.
fn files(
    reader: &mut Reader,
    parts: &mut Parts,
    reading: &mut Reading,
    mut add: impl FnMut(&mut Reading, &str, FileCoverage),
) -> Result<(), InputError> {
    reader.object(|reader, path| {
        let coverage = parts.file(reader, path, reading)?;
        if is_path(reader, path, &mut reading.malformed) {
            add(reading, path, coverage);
        }
        Ok(())
    })
}

fn file_of_gem(reader: &mut Reader, parts: &mut Parts, reading: &mut Reading) -> Result<(), InputError> {
    let (mut named, mut name, mut coverage, mut declared) = (false, None, None, [None; 2]);
    reader.object(|reader, key| {
        match key {
            "filename" => {
                named = true;
                name = path(reader, &mut reading.malformed)?;
            }
            "coverage" => coverage = Some(parts.file(reader, "", reading)?),
            "covered_lines" => declared[0] = whole(reader)?,
            "lines_of_code" => declared[1] = whole(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    match (name, coverage) {
        (Some(name), Some(coverage)) => {
            compare_lines(&name, "lines_of_code", declared, coverage.line_counts(), reading);
            reading.add(&name, coverage);
        }
        (None, _) if named => {}
        _ => malformed(reader, &mut reading.malformed, "a file without `filename` or without `coverage`"),
    }
    Ok(())
}

/// The members of an object that have these names.
fn numbers(reader: &mut Reader, names: [&str; 2]) -> Result<[Option<u64>; 2], InputError> {
    let mut found = [None; 2];
    reader.object(|reader, key| {
        if let Some(at) = names.iter().position(|name| *name == key) {
            found[at] = whole(reader)?;
        }
        Ok(())
    })?;
    Ok(found)
}

/// Compares what simplecov-json declares: lines that were covered, and those that can be, which are called `all`.
fn compare_lines(path: &str, all: &'static str, declared: [Option<u64>; 2], lines: Counts, reading: &mut Reading) {
    let pairs = [(all, declared[1], lines.1), ("covered_lines", declared[0], lines.0)];
    reading.disagreements.compare(path, &pairs);
}

/// The folder that paths are relative to.
fn root(reader: &mut Reader, reading: &mut Reading) -> Result<(), InputError> {
    reader.object(|reader, key| {
        if key == "root" && reader.kind()? == Kind::String {
            reading.add_root(&reader.string()?);
        }
        Ok(())
    })
}

/// Totals of the whole report: covered and missed lines, branches and methods.
#[derive(Default)]
struct Declared([[Option<u64>; 2]; 3]);

impl Declared {
    fn take(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        reader.object(|reader, kind| {
            let Some(kind) = ["lines", "branches", "methods"].iter().position(|known| *known == kind) else {
                return Ok(());
            };
            if reader.kind()? != Kind::Object {
                return Ok(());
            }
            reader.object(|reader, key| {
                match key {
                    "covered" => self.0[kind][0] = whole(reader)?,
                    "missed" => self.0[kind][1] = whole(reader)?,
                    _ => {}
                }
                Ok(())
            })
        })
    }

    fn compare(&self, reading: &mut Reading) {
        let sums = reading.sums();
        let missed = |(hit, all): Counts| all - hit;
        let [lines, branches, methods] = self.0;
        reading.disagreements.compare(
            "the whole report",
            &[
                ("covered lines", lines[0], sums.lines.0),
                ("missed lines", lines[1], missed(sums.lines)),
                ("covered branches", branches[0], sums.branches.0),
                ("missed branches", branches[1], missed(sums.branches)),
                ("covered methods", methods[0], sums.functions.0),
                ("missed methods", methods[1], missed(sums.functions)),
            ],
        );
    }
}
