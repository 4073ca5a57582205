//! Declared totals against what the records hold.

use tollgate_model::{Finding, Fingerprinter, Location, format};

use crate::checker::RULES;
use crate::reading::shown;

const RULE: &str = "coverage/declared-totals";

/// The finding on the report at `path`, which names `files` files.
pub(crate) fn finding(path: &str, disagreements: &Disagreements, files: u64) -> Option<Finding> {
    if disagreements.count == 0 {
        return None;
    }
    let worst: Vec<String> = disagreements
        .worst
        .iter()
        .map(|d| {
            let name = if d.path.is_empty() { "(no name)" } else { &d.path };
            format!("{name} ({} {}, counted {})", d.total, format::count(d.declared), format::count(d.counted))
        })
        .collect();
    let records = format::things(disagreements.count, "record");
    let declare = if disagreements.count == 1 { "declares" } else { "declare" };
    let message = format!(
        "{records} of a report on {} {declare} other totals than the records hold; the records were counted. \
         Furthest off: {}.",
        format::things(files, "file"),
        worst.join(", ")
    );
    let fingerprint = Fingerprinter::default().next(RULE, path, "declared totals");
    Some(Finding::of(&RULES, RULE, message, Location::file(path), fingerprint))
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
}
