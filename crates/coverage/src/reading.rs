//! What one report says, whatever its format.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use crate::declared::Disagreements;
use crate::file_coverage::{Counts, FileCoverage, Totals};
use crate::oddities::{Malformed, Oddities};
use crate::tally::File;

/// What the paths of a report are relative to, apart from folders above the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PathStyle {
    /// Files, relative or absolute.
    #[default]
    File,
    /// `module:package/of/classes/File.java`, where the module may be absent and the source root is unknown.
    Package,
    /// `example.org/module/folder/file.go`, where the module is named in a `go.mod`.
    Go,
}

/// What one report says. A file is named once, however many records it has.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Each by its path as the report writes it, while they come in order, as they mostly do.
    files: Vec<File>,
    /// Where each file lies in `files`, by its path, once one came out of order: then they have no names there.
    places: HashMap<String, u32>,
    /// Further records about files of `files`, by their place there.
    repeated: HashMap<u32, Repeated>,
    /// What its paths are.
    pub(crate) style: PathStyle,
    /// Folders that its paths may be relative to, as the report names them; at most [`MOST_ROOTS`].
    pub(crate) roots: Vec<String>,
    /// Records whose declared totals differ from what they hold, the worst ones.
    pub(crate) disagreements: Disagreements,
    /// Things that were passed over.
    pub(crate) oddities: Oddities,
    /// Records of a known kind that make no sense.
    pub(crate) malformed: Malformed,
    /// What a reader of this report's figures must know, in sentences without the report's path.
    pub(crate) notes: Vec<String>,
}

/// Records about one file that are put together as a merge sort does, so that a file of a hundred thousand records costs
/// little more than one of a hundred thousand lines.
#[derive(Clone, Debug, Default)]
struct Repeated {
    /// Each of so many records, fewer from one to the next.
    parts: Vec<(u64, FileCoverage)>,
}

impl Repeated {
    fn add(&mut self, coverage: FileCoverage) {
        let mut part = (1, coverage);
        while let Some((count, last)) = self.parts.pop_if(|(count, _)| *count <= part.0) {
            part.0 += count;
            part.1.merge(&last);
        }
        self.parts.push(part);
    }

    /// Puts everything into `whole`.
    fn end(self, whole: &mut FileCoverage) {
        let mut parts = self.parts.into_iter().rev();
        let Some((_, mut all)) = parts.next() else { return };
        parts.for_each(|(_, part)| all.merge(&part));
        whole.merge(&all);
    }
}

/// How many folders a report can name that its paths are relative to.
pub(crate) const MOST_ROOTS: usize = 1_000;

impl Reading {
    /// Adds one record about the file at `path`.
    pub(crate) fn add(&mut self, path: &str, coverage: FileCoverage) {
        if let Some(place) = self.place_of(path) {
            return self.repeated.entry(place).or_default().add(coverage);
        }
        let mut name = path.to_owned();
        if !self.places.is_empty() {
            self.places.insert(std::mem::take(&mut name), self.files.len() as u32);
        }
        self.files.push((name, coverage));
    }

    /// Where the file at `path` lies, if it was named before.
    fn place_of(&mut self, path: &str) -> Option<u32> {
        if self.places.is_empty() {
            let (last, _) = self.files.last()?;
            match last.as_str().cmp(path) {
                Ordering::Less => return None,
                Ordering::Equal => return Some(self.files.len() as u32 - 1),
                Ordering::Greater => {
                    self.places = self.files.iter_mut().map(|(name, _)| std::mem::take(name)).zip(0..).collect();
                }
            }
        }
        self.places.get(path).copied()
    }

    /// Notes a folder that paths may be relative to; white space around it does not count, nor does an empty one.
    pub(crate) fn add_root(&mut self, root: &str) {
        let root = root.trim();
        if !root.is_empty() && self.roots.len() < MOST_ROOTS && !self.roots.iter().any(|known| known == root) {
            self.roots.push(root.to_owned());
        }
    }

    /// Whether no file is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// How many files are named.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether totals are all that is known, of whatever file anything is known of.
    pub(crate) fn is_totals_only(&self) -> bool {
        self.whole_files().any(|file| file.is_totals_only())
            && self.whole_files().all(|file| file.lines.last().is_none())
    }

    /// What all records of all files hold together: lines, branches, functions and statements.
    pub(crate) fn sums(&self) -> Totals {
        let add = |a: Counts, b: Counts| (a.0 + b.0, a.1 + b.1);
        self.whole_files().fold(Totals::default(), |sums, file| Totals {
            lines: add(sums.lines, file.line_counts()),
            branches: add(sums.branches, file.branch_counts()),
            functions: add(sums.functions, file.function_counts()),
            statements: add(sums.statements, file.statement_counts()),
        })
    }

    /// Every file with all its records.
    fn whole_files(&self) -> impl Iterator<Item = Cow<'_, FileCoverage>> {
        self.files.iter().enumerate().map(|(place, (_, file))| match self.repeated.get(&(place as u32)) {
            None => Cow::Borrowed(file),
            Some(more) => {
                let mut whole = file.clone();
                more.clone().end(&mut whole);
                Cow::Owned(whole)
            }
        })
    }

    /// What it says of every file, by the path as the report writes it, in order of the paths; the reading has none
    /// afterwards.
    pub(crate) fn take_files(&mut self) -> Vec<File> {
        let mut files = std::mem::take(&mut self.files);
        for (place, more) in std::mem::take(&mut self.repeated) {
            more.end(&mut files[place as usize].1);
        }
        if !self.places.is_empty() {
            std::mem::take(&mut self.places).into_iter().for_each(|(path, place)| files[place as usize].0 = path);
            files.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        files
    }
}

/// How much of a path is shown, characters.
const SHOWN: usize = 200;

/// A path for a message: its end where it is long, for some reports hold whole programs where a path should be.
pub(crate) fn shown(path: &str) -> String {
    match path.char_indices().rev().nth(SHOWN - 1) {
        Some((at, _)) if at > 0 => format!("...{}", &path[at..]),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::Marks;

    #[test]
    fn records_of_one_file_are_united_in_any_number() {
        let record = |line: u32| {
            let mut lines = crate::lines::LineGatherer::default();
            lines.add(line % 700 + 1, line.is_multiple_of(3));
            FileCoverage::new(lines.take(), Marks::default(), Marks::default())
        };
        let mut reading = Reading::default();
        let mut expected = FileCoverage::default();
        for line in 0..1_000 {
            reading.add("a", record(line));
            reading.add("b", record(line / 2));
            expected.merge(&record(line));
        }
        assert!(reading.repeated[&0].parts.len() <= 10);
        assert_eq!(reading.sums().lines.1, 700 + 500);
        let files = reading.take_files();
        assert_eq!((files.len(), &files[0].1), (2, &expected));
    }

    #[test]
    fn files_are_told_apart_in_whatever_order_they_come() {
        let one = |line: u32| {
            let mut lines = crate::lines::LineGatherer::default();
            lines.add(line, true);
            FileCoverage::new(lines.take(), Marks::default(), Marks::default())
        };
        for order in ["abc", "aabbcc", "cba", "abcabc", "acbcab", "bac", "", "a", "abca"] {
            let mut reading = Reading::default();
            let mut expected: std::collections::BTreeMap<String, FileCoverage> = Default::default();
            for (line, path) in (1..).zip(order.chars().map(String::from)) {
                reading.add(&path, one(line));
                expected.entry(path).or_default().merge(&one(line));
            }
            assert_eq!(reading.len(), expected.len(), "{order}");
            assert_eq!(reading.take_files(), expected.into_iter().collect::<Vec<_>>(), "{order}");
        }
    }

    #[test]
    fn long_paths_are_cut_for_messages() {
        assert_eq!(shown("src/a.ts"), "src/a.ts");
        assert_eq!(shown(&"é".repeat(SHOWN)), "é".repeat(SHOWN));
        assert_eq!(shown(&"é".repeat(SHOWN + 1)), format!("...{}", "é".repeat(SHOWN)));
    }
}
