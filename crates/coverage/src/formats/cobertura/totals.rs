//! What the root element declares, and what was counted.

use tollgate_input::xml::Element;

use crate::file_coverage::{Counts, FileCoverage};
use crate::numbers::number;
use crate::reading::Reading;

/// Attributes of the root element, lines before branches, all before hit.
pub(super) const NAMES: [&str; 4] = ["lines-valid", "lines-covered", "branches-valid", "branches-covered"];

/// Rates of the root element, which matter where it has no totals: most tools cut or round them.
const RATES: [&str; 2] = ["line-rate", "branch-rate"];

/// By how much a rate may differ from what was counted, in percentage points.
const ROUNDING: f64 = 1.0;

/// Lines and branches, each as (hit, all).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    lines: Counts,
    branches: Counts,
}

impl Sums {
    #[inline]
    pub(super) fn add_line(&mut self, hit: bool) {
        self.lines.0 += u64::from(hit);
        self.lines.1 += 1;
    }

    #[inline]
    pub(super) fn add_branches(&mut self, hit: u32, all: u32) {
        self.branches.0 += u64::from(hit);
        self.branches.1 += u64::from(all);
    }

    fn add(&mut self, other: Self) {
        let add = |a: Counts, b: Counts| (a.0 + b.0, a.1 + b.1);
        *self = Self { lines: add(self.lines, other.lines), branches: add(self.branches, other.branches) };
    }
}

/// What the root element declares, and what its totals may be sums of.
pub(super) struct Totals {
    /// In the order of [`NAMES`].
    declared: [Option<u64>; NAMES.len()],
    /// In the order of [`RATES`], as percentages.
    rates: [Option<f64>; RATES.len()],
    /// Each line once per class.
    classes: Sums,
    /// Each record for itself.
    records: Sums,
}

impl Totals {
    pub(super) fn declared(root: &Element<'_>) -> Self {
        let declared = NAMES.map(|name| root.attribute(name).and_then(|value| number(value.raw())));
        let rate = |name| {
            let text = root.attribute(name)?.text();
            text.trim().parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate)).map(|rate| rate * 100.0)
        };
        Self { declared, rates: RATES.map(rate), classes: Sums::default(), records: Sums::default() }
    }

    /// Adds one class.
    pub(super) fn add(&mut self, class: &FileCoverage, records: Sums) {
        self.classes.add(Sums { lines: class.line_counts(), branches: class.branch_counts() });
        self.records.add(records);
    }

    /// Compares what was declared with what was counted. Some tools add up classes, some add up records (statements of
    /// Scala, instances of a template in C++), which is no error: it is another number.
    pub(super) fn compare(&self, reading: &mut Reading) {
        let sums = reading.sums();
        let counted = Sums { lines: sums.lines, branches: sums.branches };
        let [lines, lines_hit, branches, branches_hit] = self.declared;
        let fits = |(hit, all): (Option<u64>, Option<u64>), counts: Counts| {
            hit.is_none_or(|hit| hit == counts.0) && all.is_none_or(|all| all == counts.1)
        };
        let like = |declared, counts: Counts, others: [Counts; 2]| {
            let other = others.into_iter().find(|other| fits(declared, *other));
            if fits(declared, counts) { (counts, false) } else { (other.unwrap_or(counts), other.is_some()) }
        };
        let (line_counts, of_lines) = like((lines_hit, lines), counted.lines, [self.classes.lines, self.records.lines]);
        let (branch_counts, of_branches) =
            like((branches_hit, branches), counted.branches, [self.classes.branches, self.records.branches]);
        if of_lines || of_branches {
            let note = "the totals that it declares count a line once for each class or record; here it counts once";
            reading.notes.push(note.to_owned());
        }
        let pairs = [
            (NAMES[0], lines, line_counts.1),
            (NAMES[1], lines_hit, line_counts.0),
            (NAMES[2], branches, branch_counts.1),
            (NAMES[3], branches_hit, branch_counts.0),
        ];
        reading.disagreements.compare("the whole report", &pairs);
        let all = [counted, self.classes, self.records];
        self.compare_rate(0, [lines, lines_hit], all.map(|sums| sums.lines), reading);
        self.compare_rate(1, [branches, branches_hit], all.map(|sums| sums.branches), reading);
    }

    /// Compares a rate, in whole percent, where nothing else is declared, and none of `counted` fits it. Of nothing any rate is right.
    fn compare_rate(&self, at: usize, totals: [Option<u64>; 2], counted: [Counts; 3], reading: &mut Reading) {
        const NAMES: [&str; RATES.len()] = ["line-rate in percent", "branch-rate in percent"];
        let Some(rate) = self.rates[at].filter(|_| totals == [None, None] && counted[0].1 > 0) else { return };
        let percent = |(hit, all): Counts| if all == 0 { 0.0 } else { hit as f64 * 100.0 / all as f64 };
        if counted.iter().all(|counts| (percent(*counts) - rate).abs() > ROUNDING) {
            let (rate, counted) = (rate as u64, percent(counted[0]) as u64);
            reading.disagreements.compare("the whole report", &[(NAMES[at], Some(rate), counted)]);
        }
    }
}
