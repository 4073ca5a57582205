//! Statements of a file: places that count once each, or blocks that count for as many statements as they hold.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use crate::marks::{COUNTED, Scheme};

/// Statements, each known by a hash of what names it, with how many it stands for and whether it was hit.
///
/// Sets of one scheme are united by name; of two schemes only the sums compare, and the greater of each counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statements {
    /// Ascending, one per name.
    blocks: Box<[Block]>,
    scheme: Scheme,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    /// Hash of the name, shifted left by one, the lowest bit saying whether it was hit.
    key: u64,
    /// How many statements.
    weight: u32,
}

impl Statements {
    /// How many were hit, and how many there are.
    pub(crate) fn counts(&self) -> (u64, u64) {
        self.blocks.iter().fold((0, 0), |(hit, all), block| {
            let weight = u64::from(block.weight);
            (hit + weight * (block.key & 1), all + weight)
        })
    }

    /// Adds what `other` knows.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.blocks.is_empty() {
            self.clone_from(other);
        } else if other.blocks.is_empty() {
        } else if self.scheme == other.scheme && self.scheme != COUNTED {
            let mut all = [&*self.blocks, &*other.blocks].concat();
            compact(&mut all);
            self.blocks = all.into();
        } else {
            let ((hit, all), (other_hit, other_all)) = (self.counts(), other.counts());
            *self = Self::counted(hit.max(other_hit), all.max(other_all));
        }
    }

    /// `hit` of `all` statements of which nothing else is known.
    fn counted(hit: u64, all: u64) -> Self {
        let weight = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let missed = Block { key: 0, weight: weight(all.saturating_sub(hit)) };
        let hit = Block { key: 1 << 1 | 1, weight: weight(hit) };
        Self { blocks: [missed, hit].into(), scheme: COUNTED }
    }
}

/// Gathers statements in any order, then gives the set; its buffer is used again for the next file.
#[derive(Debug)]
pub(crate) struct StatementGatherer {
    blocks: Vec<Block>,
    scheme: Scheme,
    room: usize,
}

impl StatementGatherer {
    /// Gathers statements that are named as `scheme` does; never [`COUNTED`].
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self { blocks: Vec::new(), scheme, room: 0 }
    }

    /// Notes that the block called `name` holds `weight` statements, and whether it was hit.
    pub(crate) fn add(&mut self, name: impl Hash, weight: u32, hit: bool) {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        if self.blocks.len() >= self.room.max(1024) {
            compact(&mut self.blocks);
            self.room = self.blocks.len() * 2;
        }
        self.blocks.push(Block { key: hasher.finish() << 1 | u64::from(hit), weight });
    }

    /// What was gathered since the last call.
    pub(crate) fn take(&mut self) -> Statements {
        compact(&mut self.blocks);
        let set = Statements { blocks: self.blocks.as_slice().into(), scheme: self.scheme };
        self.blocks.clear();
        self.room = 0;
        set
    }
}

/// Sorts blocks and keeps one per name: hit where one was, with the greatest weight.
fn compact(blocks: &mut Vec<Block>) {
    blocks.sort_unstable();
    blocks.dedup_by(|next, kept| {
        let equal = next.key >> 1 == kept.key >> 1;
        if equal {
            *kept = Block { key: kept.key | next.key, weight: kept.weight.max(next.weight) };
        }
        equal
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(scheme: Scheme, blocks: &[(&str, u32, bool)]) -> Statements {
        let mut gatherer = StatementGatherer::new(scheme);
        blocks.iter().for_each(|(name, weight, hit)| gatherer.add(name, *weight, *hit));
        gatherer.take()
    }

    #[test]
    fn blocks_are_united_by_name() {
        let mut a = set(1, &[("x", 3, false), ("y", 2, true), ("x", 3, true)]);
        assert_eq!(a.counts(), (5, 5));
        a.merge(&set(1, &[("y", 2, false), ("z", 4, false)]));
        assert_eq!(a.counts(), (5, 9));
        a.merge(&Statements::default());
        assert_eq!(a.counts(), (5, 9));
    }

    #[test]
    fn schemes_meet_in_sums() {
        let mut a = set(1, &[("x", 3, false), ("y", 2, true)]);
        a.merge(&set(2, &[("p", 1, true), ("q", 1, true), ("r", 1, true)]));
        assert_eq!(a.counts(), (3, 5));
        a.merge(&set(1, &[("x", 9, false)]));
        assert_eq!(a.counts(), (3, 9));
    }
}
