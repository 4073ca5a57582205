//! What one report says, whatever its format.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use crate::declared::Disagreements;
use crate::lines::LineSet;
use crate::marks::Marks;
use crate::statements::Statements;
use crate::tally::File;

/// What reports say about one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileCoverage {
    /// Its coverable lines.
    pub(crate) lines: LineSet,
    /// Its branches.
    pub(crate) branches: Marks,
    /// Its functions.
    pub(crate) functions: Marks,
    /// What few formats say.
    rare: Option<Box<Rare>>,
}

/// What few formats say about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rare {
    statements: Statements,
    totals: Totals,
    unlisted: bool,
}

/// How many were hit, and how many there are.
pub(crate) type Counts = (u64, u64);

/// Totals of one file, in a format that lists nothing else. There is nothing to recount, so they are taken as they are
/// where no other report lists the same things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Lines.
    pub(crate) lines: Counts,
    /// Branches.
    pub(crate) branches: Counts,
    /// Functions.
    pub(crate) functions: Counts,
    /// Statements.
    pub(crate) statements: Counts,
}

impl FileCoverage {
    /// A file with these lines, branches and functions.
    pub(crate) fn new(lines: LineSet, branches: Marks, functions: Marks) -> Self {
        Self { lines, branches, functions, rare: None }
    }

    /// The same with its statements.
    pub(crate) fn with_statements(mut self, statements: Statements) -> Self {
        if statements.counts().1 > 0 {
            self.rare.get_or_insert_default().statements = statements;
        }
        self
    }

    /// A file of which only totals are told.
    pub(crate) fn totals(totals: Totals) -> Self {
        Self { rare: Some(Box::new(Rare { totals, ..Rare::default() })), ..Self::default() }
    }

    /// The same, known to have lines that its record does not list though its format would: damage.
    pub(crate) fn unlisted(mut self) -> Self {
        self.rare.get_or_insert_default().unlisted = true;
        self
    }

    /// Whether a record declares lines that it should list and does not.
    pub(crate) fn is_unlisted(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.unlisted)
    }

    /// Whether nothing is known of single lines.
    pub(crate) fn is_totals_only(&self) -> bool {
        self.lines.last().is_none() && self.rare.as_ref().is_some_and(|r| r.totals != Totals::default() || r.unlisted)
    }

    /// Lines that were hit, and lines that can be.
    pub(crate) fn line_counts(&self) -> Counts {
        self.or_total(self.lines.counts(), |totals| totals.lines)
    }

    /// Branches that were taken, and branches.
    pub(crate) fn branch_counts(&self) -> Counts {
        self.or_total(self.branches.counts(), |totals| totals.branches)
    }

    /// Functions that were called, and functions.
    pub(crate) fn function_counts(&self) -> Counts {
        self.or_total(self.functions.counts(), |totals| totals.functions)
    }

    /// Statements that were run, and statements.
    pub(crate) fn statement_counts(&self) -> Counts {
        let listed = self.rare.as_ref().map_or((0, 0), |rare| rare.statements.counts());
        self.or_total(listed, |totals| totals.statements)
    }

    fn or_total(&self, listed: Counts, total: fn(&Totals) -> Counts) -> Counts {
        match &self.rare {
            Some(rare) if listed.1 == 0 => total(&rare.totals),
            _ => listed,
        }
    }

    /// Adds what another record says about the same file: the union of hits.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.lines.merge(&other.lines);
        self.branches.merge(&other.branches);
        self.functions.merge(&other.functions);
        if let Some(other) = &other.rare {
            self.rare.get_or_insert_default().merge(other);
        }
    }
}

impl Rare {
    fn merge(&mut self, other: &Self) {
        self.statements.merge(&other.statements);
        self.unlisted |= other.unlisted;
        // Which of them were hit is not known, so the greater number is all that is certain.
        let greater = |a: Counts, b: Counts| (a.0.max(b.0), a.1.max(b.1));
        self.totals = Totals {
            lines: greater(self.totals.lines, other.totals.lines),
            branches: greater(self.totals.branches, other.totals.branches),
            functions: greater(self.totals.functions, other.totals.functions),
            statements: greater(self.totals.statements, other.totals.statements),
        };
    }
}

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

/// What was passed over, each with how often it was met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Oddities {
    /// Counts below zero, taken for 0.
    pub(crate) negative: u64,
    /// Records whose line or count is `undefined`, `NaN` or `=====`: without a line skipped, without a count taken for missed.
    pub(crate) undefined: u64,
    /// Records about line 0 or below, skipped.
    pub(crate) line_zero: u64,
    /// Records of an unknown kind, skipped.
    pub(crate) unknown: u64,
}

/// A line number, or why a record has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// From 1.
    At(u32),
    /// 0 or below.
    Zero,
    /// Written as a word that stands for no number.
    Undefined,
}

/// A count of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hits {
    /// More than 0.
    Hit,
    /// 0.
    Miss,
    /// Below 0, taken for 0.
    Negative,
    /// Written as a word that stands for no number.
    Undefined,
}

impl Oddities {
    /// The line, if there is one; else what is wrong is counted.
    pub(crate) fn line(&mut self, line: Line) -> Option<u32> {
        match line {
            Line::At(line) => return Some(line),
            Line::Zero => self.line_zero += 1,
            Line::Undefined => self.undefined += 1,
        }
        None
    }

    /// Whether it was certainly hit; what is wrong is counted.
    pub(crate) fn hit(&mut self, hits: Hits) -> bool {
        match hits {
            Hits::Hit => return true,
            Hits::Miss => {}
            Hits::Negative => self.negative += 1,
            Hits::Undefined => self.undefined += 1,
        }
        false
    }
}

/// Records of a known kind that make no sense.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// How many.
    pub(crate) count: u64,
    /// The first: its line in the report, and what is wrong with it.
    pub(crate) first: Option<(u64, String)>,
}

impl Malformed {
    /// Notes a record that makes no sense at `line` of the report. It is not counted, and the report is not complete.
    pub(crate) fn add(&mut self, line: u64, message: impl Into<String>) {
        self.count += 1;
        self.first.get_or_insert_with(|| (line, message.into()));
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
