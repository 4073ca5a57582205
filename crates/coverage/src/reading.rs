//! What one report says, whatever its format.

use std::collections::HashMap;

use crate::lines::LineSet;
use crate::marks::Marks;

/// What reports say about one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileCoverage {
    /// Its coverable lines.
    pub(crate) lines: LineSet,
    /// Its branches.
    pub(crate) branches: Marks,
    /// Its functions.
    pub(crate) functions: Marks,
    /// Whether a record declares lines and lists none: then there is nothing to recount.
    pub(crate) totals_only: bool,
}

impl FileCoverage {
    /// Adds what another record says about the same file: the union of hits.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.lines.merge(&other.lines);
        self.branches.merge(&other.branches);
        self.functions.merge(&other.functions);
        self.totals_only |= other.totals_only;
    }
}

/// What one report says. A file is named once, however many records it has.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Where each file lies in `files`, by its path as the report writes it.
    places: HashMap<String, u32>,
    files: Vec<FileCoverage>,
    /// Records whose declared totals differ from what they hold, the worst ones.
    pub(crate) disagreements: Disagreements,
    /// Things that were passed over.
    pub(crate) oddities: Oddities,
    /// Records of a known kind that make no sense.
    pub(crate) malformed: Malformed,
}

impl Reading {
    /// Adds one record about the file at `path`.
    pub(crate) fn add(&mut self, path: &str, coverage: FileCoverage) {
        if let Some(place) = self.places.get(path) {
            self.files[*place as usize].merge(&coverage);
        } else {
            self.places.insert(path.to_owned(), self.files.len() as u32);
            self.files.push(coverage);
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

    /// Every file, in order of the path as the report writes it; the reading has none afterwards.
    pub(crate) fn take_files(&mut self) -> Vec<(String, FileCoverage)> {
        let mut files = std::mem::take(&mut self.files);
        let take = |(path, place): (String, u32)| (path, std::mem::take(&mut files[place as usize]));
        let mut named: Vec<_> = std::mem::take(&mut self.places).into_iter().map(take).collect();
        named.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        named
    }
}

/// What was passed over, each with how often it was met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Oddities {
    /// Counts below zero, taken for 0.
    pub(crate) negative: u64,
    /// Records whose line or count is `undefined`, `NaN` or `=====`: skipped, a branch taken for missed.
    pub(crate) undefined: u64,
    /// Records about line 0 or below, skipped.
    pub(crate) line_zero: u64,
    /// Records of an unknown kind, skipped.
    pub(crate) unknown: u64,
}

/// Records of a known kind that make no sense.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// How many.
    pub(crate) count: u64,
    /// The first: its line in the report, and what is wrong with it.
    pub(crate) first: Option<(u64, String)>,
}

/// How many disagreements are kept of one report.
const KEPT: usize = 5;

/// Records whose declared totals differ from what they hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Disagreements {
    /// How many records.
    pub(crate) count: u64,
    /// The ones that are furthest off, worst first.
    pub(crate) worst: Vec<Disagreement>,
}

/// One record whose declared totals differ from what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Disagreement {
    /// The file, as the report writes it.
    pub(crate) path: String,
    /// Name of the total that is furthest off: `LF`.
    pub(crate) total: &'static str,
    /// What the report declares.
    pub(crate) declared: u64,
    /// What its records hold.
    pub(crate) counted: u64,
}

impl Disagreements {
    /// Notes the totals of one record, as `(name, declared, counted)`.
    pub(crate) fn compare(&mut self, path: &str, totals: &[(&'static str, Option<u64>, u64)]) {
        // Of equally wrong ones the first: lines before hits.
        let differing = totals.iter().rev().filter_map(|(name, declared, counted)| {
            declared.filter(|declared| declared != counted).map(|declared| (*name, declared, *counted))
        });
        let Some((total, declared, counted)) =
            differing.max_by_key(|(_, declared, counted)| declared.abs_diff(*counted))
        else {
            return;
        };
        self.count += 1;
        let off = declared.abs_diff(counted);
        let at = self.worst.partition_point(|d| d.declared.abs_diff(d.counted) >= off);
        if at < KEPT {
            self.worst.insert(at, Disagreement { path: shown(path), total, declared, counted });
            self.worst.truncate(KEPT);
        }
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
    fn the_worst_disagreements_are_kept() {
        let mut all = Disagreements::default();
        for (i, declared) in [3, 9, 4, 4, 8, 20, 5, 6].into_iter().enumerate() {
            all.compare(&format!("f{i}"), &[("LF", Some(declared), 4), ("LH", None, 1), ("BRF", Some(2), 3)]);
        }
        assert_eq!(all.count, 8);
        let worst: Vec<_> = all.worst.iter().map(|d| (d.path.as_str(), d.total, d.declared, d.counted)).collect();
        let expected =
            [("f5", "LF", 20, 4), ("f1", "LF", 9, 4), ("f4", "LF", 8, 4), ("f7", "LF", 6, 4), ("f0", "LF", 3, 4)];
        assert_eq!(worst, expected);
    }

    #[test]
    fn long_paths_are_cut_for_messages() {
        assert_eq!(shown("src/a.ts"), "src/a.ts");
        assert_eq!(shown(&"é".repeat(SHOWN)), "é".repeat(SHOWN));
        assert_eq!(shown(&"é".repeat(SHOWN + 1)), format!("...{}", "é".repeat(SHOWN)));
    }
}
