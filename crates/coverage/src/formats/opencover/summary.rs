//! What an OpenCover `Summary` declares, and what was counted.

use tollgate_input::xml::Element;

use crate::declared::Disagreements;
use crate::formats::dotnet::count;

/// What a `Summary` declares, in the order of [`NAMES`].
pub(super) type Declared = [Option<u64>; NAMES.len()];

const NAMES: [&str; 6] = [
    "numSequencePoints",
    "visitedSequencePoints",
    "numBranchPoints",
    "visitedBranchPoints",
    "numMethods",
    "visitedMethods",
];

/// What a `Summary` element declares.
pub(super) fn declared(element: &Element<'_>) -> Declared {
    NAMES.map(|name| count(element.attribute(name)))
}

/// Elements that were counted, each for itself: all of them, and those that were visited.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) points: [u64; 2],
    pub(super) branches: [u64; 2],
    /// Methods that have a sequence point.
    pub(super) methods: [u64; 2],
}

/// Adds one to a pair of counters.
pub(super) fn add(counters: &mut [u64; 2], visited: bool) {
    counters[0] += 1;
    counters[1] += u64::from(visited);
}

impl Sums {
    /// Adds those of a module.
    pub(super) fn absorb(&mut self, other: &Self) {
        let pairs = [
            (&mut self.points, &other.points),
            (&mut self.branches, &other.branches),
            (&mut self.methods, &other.methods),
        ];
        for (all, more) in pairs {
            all[0] += more[0];
            all[1] += more[1];
        }
    }

    /// Compares what is declared of `what`.
    pub(super) fn compare(&self, what: &str, declared: &Declared, disagreements: &mut Disagreements) {
        // OpenCover and AltCover count the entry of each method as one more branch, coverlet does not.
        let branches = |at: usize| {
            let entries = self.branches[at] + self.methods[at];
            if declared[2 + at] == Some(entries) { entries } else { self.branches[at] }
        };
        let counted = [self.points[0], self.points[1], branches(0), branches(1), self.methods[0], self.methods[1]];
        let mut totals =
            NAMES.iter().zip(declared).zip(counted).map(|((name, declared), counted)| (*name, *declared, counted));
        let totals: [_; NAMES.len()] = std::array::from_fn(|_| totals.next().unwrap_or(("", None, 0)));
        disagreements.compare(what, &totals);
    }
}
