//! Things of a file that were hit or not and have no line of their own to count: branches and functions.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// A set of things, each known by a 63-bit hash of what names it, and whether it was hit. 8 bytes per thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Hash shifted left by one, the lowest bit saying whether it was hit; ascending, one per thing.
    keys: Box<[u64]>,
}

impl Marks {
    /// How many were hit, and how many there are.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.keys.iter().map(|key| key & 1).sum(), self.keys.len() as u64)
    }

    /// Adds what `other` knows: a thing was hit if either says so.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.keys.is_empty() {
            self.keys.clone_from(&other.keys);
        } else if !other.keys.is_empty() {
            let mut all = [&*self.keys, &*other.keys].concat();
            compact(&mut all);
            self.keys = all.into();
        }
    }
}

/// Gathers things in any order, then gives the set; its buffer is used again for the next file.
#[derive(Debug, Default)]
pub(crate) struct MarkGatherer {
    keys: Vec<u64>,
    /// How long `keys` may grow before equal ones are put together.
    room: usize,
}

impl MarkGatherer {
    /// Notes that the thing called `name` exists, and whether it was hit.
    pub(crate) fn add(&mut self, name: impl Hash, hit: bool) {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        if self.keys.len() >= self.room.max(1024) {
            compact(&mut self.keys);
            self.room = self.keys.len() * 2;
        }
        self.keys.push(hasher.finish() << 1 | u64::from(hit));
    }

    /// What was gathered since the last call.
    pub(crate) fn take(&mut self) -> Marks {
        compact(&mut self.keys);
        let marks = Marks { keys: self.keys.as_slice().into() };
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

    fn marks(names: &[(&str, bool)]) -> Marks {
        let mut gatherer = MarkGatherer::default();
        names.iter().for_each(|(name, hit)| gatherer.add(name, *hit));
        gatherer.take()
    }

    #[test]
    fn a_hit_anywhere_is_a_hit() {
        let mut a = marks(&[("x", false), ("y", true), ("x", false), ("y", false)]);
        assert_eq!(a.counts(), (1, 2));
        a.merge(&marks(&[("x", true), ("z", false)]));
        assert_eq!(a.counts(), (2, 3));
        a.merge(&Marks::default());
        assert_eq!(a, marks(&[("z", false), ("y", true), ("x", true)]));
    }

    #[test]
    fn repetition_does_not_pile_up() {
        let mut gatherer = MarkGatherer::default();
        (0..100_000_u32).for_each(|i| gatherer.add(i % 3, false));
        assert!(gatherer.keys.len() <= 2048);
        assert_eq!(gatherer.take().counts(), (0, 3));
    }
}
