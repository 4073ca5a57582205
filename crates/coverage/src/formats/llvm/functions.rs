//! Functions, which a report lists apart from its files, and for files that it does not list as well.

use std::collections::HashMap;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::SCHEME;
use super::values::{Start, region_in_file};
use crate::file_coverage::{Counts, FileCoverage};
use crate::formats::json_values::{hits, malformed};
use crate::lines::LineSet;
use crate::marks::{MarkGatherer, Marks};
use crate::reading::Reading;

/// What the summary of a file declares.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Declared {
    pub(super) lines: Option<Counts>,
    pub(super) branches: Option<Counts>,
    pub(super) functions: Option<Counts>,
}

impl Declared {
    /// Adds what another export declares.
    pub(super) fn add(&mut self, other: Self) {
        let add = |a: &mut Option<Counts>, b: Option<Counts>| {
            let (a0, a1) = a.unwrap_or_default();
            *a = b.map(|(hit, all)| (a0 + hit, a1 + all)).or(*a);
        };
        add(&mut self.lines, other.lines);
        add(&mut self.branches, other.branches);
        add(&mut self.functions, other.functions);
    }

    /// Compares totals of all files with the sums of those of each, where these are all there is.
    pub(super) fn compare(self, reading: &mut Reading) {
        let sums = reading.sums();
        let all = |declared: Option<Counts>| declared.map(|(_, all)| all);
        let hit = |declared: Option<Counts>| declared.map(|(hit, _)| hit);
        let pairs = [
            ("lines.count", all(self.lines), sums.lines.1),
            ("lines.covered", hit(self.lines), sums.lines.0),
            ("branches.count", all(self.branches), sums.branches.1),
            ("branches.covered", hit(self.branches), sums.branches.0),
            ("functions.count", all(self.functions), sums.functions.1),
            ("functions.covered", hit(self.functions), sums.functions.0),
        ];
        reading.disagreements.compare("the whole report", &pairs);
    }
}

/// The functions of all files.
#[derive(Debug, Default)]
pub(super) struct Functions {
    files: HashMap<String, File>,
    /// Each with the number of its file.
    all: Vec<(u32, Start, bool)>,
}

#[derive(Debug, Default)]
struct File {
    number: u32,
    /// Whether it is one of the files that the report is about.
    listed: bool,
    /// Functions that were called, and functions.
    declared: Option<Counts>,
}

impl Functions {
    /// Takes a function: `{"name": …, "count": 1, "filenames": ["a.rs"], "regions": [[…]]}`. It begins where its first
    /// region in the first file does; further files are those of macros it uses.
    pub(super) fn read(&mut self, reader: &mut Reader, reading: &mut Reading) -> Result<(), InputError> {
        let (mut count, mut start, mut file) = (None, None, None);
        reader.object(|reader, key| {
            match key {
                "count" => count = hits(reader)?,
                "filenames" if reader.kind()? == Kind::Array => reader.array(|reader| {
                    if file.is_none() && reader.kind()? == Kind::String {
                        let name = reader.string()?;
                        file = Some(number(&mut self.files, &name).number);
                    }
                    Ok(())
                })?,
                "regions" if reader.kind()? == Kind::Array => reader.array(|reader| {
                    if start.is_none() {
                        start = region_in_file(reader)?.filter(|(_, file)| *file == 0).map(|(start, _)| start);
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        let (Some(count), Some(start), Some(file)) = (count, start, file) else {
            malformed(
                reader,
                &mut reading.malformed,
                "a function needs a count, filenames and a region in the first file",
            );
            return Ok(());
        };
        self.all.push((file, start, reading.oddities.hit(count)));
        Ok(())
    }

    /// Notes that the report lists the file at `path`, and how many functions it declares for it.
    pub(super) fn declare(&mut self, path: &str, declared: Option<Counts>) {
        let file = number(&mut self.files, path);
        file.listed = true;
        file.declared = declared;
    }

    /// Adds the functions to their files.
    pub(super) fn close(mut self, reading: &mut Reading) {
        if self.all.is_empty() {
            return;
        }
        self.all.sort_unstable();
        let mut gatherer = MarkGatherer::new(SCHEME);
        let mut files: Vec<(String, File)> = self.files.into_iter().filter(|(_, file)| file.listed).collect();
        files.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (path, File { number, declared, .. }) in files {
            let from = self.all.partition_point(|(file, ..)| *file < number);
            let own = self.all.get(from..).unwrap_or_default().iter().take_while(|(file, ..)| *file == number);
            own.for_each(|(_, start, hit)| gatherer.add(0, start, *hit));
            let functions = gatherer.take();
            let (hit, all) = functions.counts();
            reading.disagreements.compare(
                &path,
                &[
                    ("functions.count", declared.map(|(_, all)| all), all),
                    ("functions.covered", declared.map(|(hit, _)| hit), hit),
                ],
            );
            reading.add(&path, FileCoverage::new(LineSet::default(), Marks::default(), functions));
        }
    }
}

/// The file at `path`, with a number of its own.
fn number<'a>(files: &'a mut HashMap<String, File>, path: &str) -> &'a mut File {
    let number = files.len() as u32;
    files.entry(path.to_owned()).or_insert_with(|| File { number, ..File::default() })
}
