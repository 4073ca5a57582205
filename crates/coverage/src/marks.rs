//! Things of a file that were hit or not and are not lines: branches and functions.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// How many bits of a key name the line.
const LINE_BITS: u32 = 24;

/// The highest line that is told apart from those above it. A file has no more lines than that; what claims to is
/// still told apart by its name.
const LAST_LINE: u32 = (1 << LINE_BITS) - 1;

/// How many bits of a key name the thing within its line.
const NAME_BITS: u32 = 63 - LINE_BITS;

/// How many things of one line, or of a file without lines, can be counted instead of named.
pub(crate) const MOST_COUNTED: u32 = 100_000;

/// How things are named. Two reports of one scheme name the same thing alike; of two schemes only counts compare.
pub(crate) type Scheme = u8;

/// The scheme that has no names: the things of a line are numbered, those that were hit first. Formats that only count
/// use it, and so does what two schemes have in common.
pub(crate) const COUNTED: Scheme = Scheme::MAX;

/// A set of things, each known by its line and a hash of what names it, and whether it was hit. 8 bytes per thing.
///
/// The union of two sets has every thing of either, and one was hit if either says so. Where one of them only counts, or
/// they name things differently, the union holds for each line the greater number of things and the greater number of
/// hits: never more hits than one of the two reports saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// From the highest bit: the line, the name, whether it was hit. Ascending, one per thing.
    keys: Box<[u64]>,
    scheme: Scheme,
}

impl Marks {
    /// How many were hit, and how many there are.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.keys.iter().map(|key| key & 1).sum(), self.keys.len() as u64)
    }

    /// For each line that has any, ascending: the line, how many were hit, and how many there are.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
        self.keys.chunk_by(|a, b| line_of(*a) == line_of(*b)).map(|keys| {
            let hit: u64 = keys.iter().map(|key| key & 1).sum();
            (keys.first().map_or(0, |key| line_of(*key)), hit as u32, keys.len() as u32)
        })
    }

    /// The highest line that has any.
    pub(crate) fn last_line(&self) -> Option<u32> {
        self.keys.last().map(|key| line_of(*key))
    }

    /// Adds what `other` knows.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.keys.is_empty() {
            self.clone_from(other);
        } else if !other.keys.is_empty() {
            let mut all = if self.scheme == other.scheme {
                [&*self.keys, &*other.keys].concat()
            } else {
                let all = [self.numbered(), other.numbered()].concat();
                self.scheme = COUNTED;
                all
            };
            compact(&mut all);
            self.keys = all.into();
        }
    }

    /// The same without names.
    fn numbered(&self) -> Vec<u64> {
        if self.scheme == COUNTED {
            return self.keys.to_vec();
        }
        let lines = self.lines();
        lines.flat_map(|(line, hit, all)| (0..all).map(move |i| key(line, i.into(), i < hit))).collect()
    }
}

fn line_of(key: u64) -> u32 {
    (key >> (NAME_BITS + 1)) as u32
}

fn key(line: u32, name: u64, hit: bool) -> u64 {
    let name = name & ((1 << NAME_BITS) - 1);
    u64::from(line.min(LAST_LINE)) << (NAME_BITS + 1) | name << 1 | u64::from(hit)
}

/// Gathers things in any order, then gives the set; its buffer is used again for the next file.
#[derive(Debug)]
pub(crate) struct MarkGatherer {
    keys: Vec<u64>,
    scheme: Scheme,
    /// How long `keys` may grow before equal ones are put together.
    room: usize,
}

impl MarkGatherer {
    /// Gathers things that are named as `scheme` does.
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self { keys: Vec::new(), scheme, room: 0 }
    }

    /// Notes that the thing called `name` exists in `line` (0 where things have no line), and whether it was hit.
    pub(crate) fn add(&mut self, line: u32, name: impl Hash, hit: bool) {
        let mut hasher = DefaultHasher::new();
        (line, name).hash(&mut hasher);
        self.push(key(line, hasher.finish(), hit));
    }

    /// Notes that `line` has `all` things, of which `hit` were hit; both at most [`MOST_COUNTED`]. Only for
    /// [`COUNTED`]. Of several notes about one line the greater numbers count.
    pub(crate) fn count(&mut self, line: u32, hit: u32, all: u32) {
        debug_assert_eq!(self.scheme, COUNTED, "numbers and names do not mix");
        for i in 0..all.min(MOST_COUNTED) {
            self.push(key(line, i.into(), i < hit));
        }
    }

    fn push(&mut self, key: u64) {
        if self.keys.len() >= self.room.max(1024) {
            compact(&mut self.keys);
            self.room = self.keys.len() * 2;
        }
        self.keys.push(key);
    }

    /// What was gathered since the last call.
    pub(crate) fn take(&mut self) -> Marks {
        compact(&mut self.keys);
        let marks = Marks { keys: self.keys.as_slice().into(), scheme: self.scheme };
        self.keys.clear();
        self.room = 0;
        marks
    }
}

/// Sorts keys and keeps one per thing, the hit one where there is one.
fn compact(keys: &mut Vec<u64>) {
    keys.sort_unstable();
    keys.dedup_by(|next, kept| {
        let equal = *next >> 1 == *kept >> 1;
        if equal {
            *kept |= *next;
        }
        equal
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(scheme: Scheme, names: &[(u32, &str, bool)]) -> Marks {
        let mut gatherer = MarkGatherer::new(scheme);
        names.iter().for_each(|(line, name, hit)| gatherer.add(*line, name, *hit));
        gatherer.take()
    }

    fn counted(lines: &[(u32, u32, u32)]) -> Marks {
        let mut gatherer = MarkGatherer::new(COUNTED);
        lines.iter().for_each(|(line, hit, all)| gatherer.count(*line, *hit, *all));
        gatherer.take()
    }

    #[test]
    fn a_hit_anywhere_is_a_hit() {
        let mut a = marks(1, &[(0, "x", false), (0, "y", true), (0, "x", false), (0, "y", false)]);
        assert_eq!(a.counts(), (1, 2));
        a.merge(&marks(1, &[(0, "x", true), (0, "z", false)]));
        assert_eq!(a.counts(), (2, 3));
        a.merge(&Marks::default());
        assert_eq!(a, marks(1, &[(0, "z", false), (0, "y", true), (0, "x", true)]));
    }

    #[test]
    fn lines_are_told_apart() {
        let a = marks(1, &[(7, "x", false), (3, "x", true), (7, "y", true), (LAST_LINE + 9, "x", false)]);
        assert_eq!(Vec::from_iter(a.lines()), [(3, 1, 1), (7, 1, 2), (LAST_LINE, 0, 1)]);
    }

    #[test]
    fn schemes_meet_in_counts() {
        let mut a = marks(1, &[(3, "x", true), (3, "y", false), (5, "x", false)]);
        a.merge(&counted(&[(3, 1, 4), (9, 2, 2)]));
        assert_eq!(Vec::from_iter(a.lines()), [(3, 1, 4), (5, 0, 1), (9, 2, 2)]);
        let mut b = counted(&[(3, 0, 1), (3, 1, 4), (9, 2, 2)]);
        b.merge(&marks(2, &[(3, "x", true), (3, "y", false), (5, "x", false)]));
        assert_eq!(a, b);
    }

    #[test]
    fn repetition_does_not_pile_up() {
        let mut gatherer = MarkGatherer::new(1);
        (0..100_000_u32).for_each(|i| gatherer.add(0, i % 3, false));
        assert!(gatherer.keys.len() <= 2048);
        assert_eq!(gatherer.take().counts(), (0, 3));
        let mut gatherer = MarkGatherer::new(COUNTED);
        (0..3).for_each(|_| gatherer.count(1, 0, u32::MAX));
        assert_eq!(gatherer.take().counts(), (0, MOST_COUNTED.into()));
    }
}
