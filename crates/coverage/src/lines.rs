//! Which lines of a file can be covered, and which were.

use std::ops::Deref;

/// Coverable lines of one file and whether each was hit: 64 lines per chunk, chunks ascending, only those that hold
/// something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineSet {
    chunks: Chunks,
}

/// Most files are small, and have one chunk in place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Chunks {
    #[default]
    None,
    One(Chunk),
    Several(Box<[Chunk]>),
}

impl Chunks {
    fn of(chunks: &[Chunk]) -> Self {
        match chunks {
            [] => Self::None,
            [one] => Self::One(*one),
            several => Self::Several(several.into()),
        }
    }
}

impl Deref for Chunks {
    type Target = [Chunk];

    fn deref(&self) -> &[Chunk] {
        match self {
            Self::None => &[],
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Chunk {
    /// Line number divided by 64.
    index: u32,
    coverable: u64,
    hit: u64,
}

impl Chunk {
    fn absorb(&mut self, other: &Self) {
        self.coverable |= other.coverable;
        self.hit |= other.hit;
    }

    /// The bits of this chunk that lie within `start..=end`.
    fn mask(&self, start: u32, end: u32) -> u64 {
        let first = self.index << 6;
        let last = first | 63;
        if end < first || start > last {
            return 0;
        }
        let from = start.max(first) & 63;
        let to = end.min(last) & 63;
        (u64::MAX << from) & (u64::MAX >> (63 - to))
    }
}

impl LineSet {
    /// How many lines were hit, and how many can be.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let ones = |bits: u64| u64::from(bits.count_ones());
        self.chunks.iter().fold((0, 0), |(hit, all), chunk| (hit + ones(chunk.hit), all + ones(chunk.coverable)))
    }

    /// The same among the lines `start..=end`.
    pub(crate) fn counts_within(&self, start: u32, end: u32) -> (u64, u64) {
        self.within(start, end).fold((0, 0), |(hit, all), (chunk, mask)| {
            (hit + u64::from((chunk.hit & mask).count_ones()), all + u64::from((chunk.coverable & mask).count_ones()))
        })
    }

    /// Coverable lines among `start..=end`, ascending, each with whether it was hit.
    pub(crate) fn iter_within(&self, start: u32, end: u32) -> impl Iterator<Item = (u32, bool)> + '_ {
        self.within(start, end).flat_map(|(chunk, mask)| {
            let mut left = chunk.coverable & mask;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(((chunk.index << 6) | bit, chunk.hit >> bit & 1 == 1))
            })
        })
    }

    /// The highest coverable line.
    pub(crate) fn last(&self) -> Option<u32> {
        self.chunks.last().map(|chunk| (chunk.index << 6) | (63 - chunk.coverable.leading_zeros()))
    }

    /// Adds what `other` knows: a line can be covered if either says so, and was hit if either says so.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.chunks.is_empty() {
            self.chunks.clone_from(&other.chunks);
        } else if !other.chunks.is_empty() {
            let mut all = [&*self.chunks, &*other.chunks].concat();
            compact(&mut all);
            self.chunks = Chunks::of(&all);
        }
    }

    /// Adds what `other` knows, where both must say that a line can be covered: one that neither hit and one does not list is none.
    pub(crate) fn merge_agreed(&mut self, other: &Self) {
        let of = |set: &Self, index: u32| {
            let at = set.chunks.binary_search_by_key(&index, |chunk| chunk.index).ok();
            at.map_or((0, 0), |at| (set.chunks[at].coverable, set.chunks[at].hit))
        };
        let mut all = [&*self.chunks, &*other.chunks].concat();
        compact(&mut all);
        for chunk in &mut all {
            let (mine, theirs) = (of(self, chunk.index), of(other, chunk.index));
            chunk.hit = mine.1 | theirs.1;
            chunk.coverable = chunk.hit | mine.0 & theirs.0;
        }
        all.retain(|chunk| chunk.coverable != 0);
        self.chunks = Chunks::of(&all);
    }

    fn within(&self, start: u32, end: u32) -> impl Iterator<Item = (Chunk, u64)> + '_ {
        let from = self.chunks.partition_point(|chunk| chunk.index < start >> 6);
        let chunks = self.chunks[from..].iter().take_while(move |chunk| chunk.index <= end >> 6);
        chunks.map(move |chunk| (*chunk, chunk.mask(start, end)))
    }
}

/// Gathers lines in any order, then gives the set; its buffer is used again for the next file.
#[derive(Debug, Default)]
pub(crate) struct LineGatherer {
    chunks: Vec<Chunk>,
    /// How long `chunks` may grow before equal ones are put together.
    room: usize,
}

impl LineGatherer {
    /// Notes that `line` can be covered, and whether it was hit.
    #[inline]
    pub(crate) fn add(&mut self, line: u32, hit: bool) {
        let bit = 1 << (line & 63);
        let chunk = Chunk { index: line >> 6, coverable: bit, hit: if hit { bit } else { 0 } };
        match self.chunks.last_mut() {
            Some(last) if last.index == chunk.index => last.absorb(&chunk),
            _ => self.push(chunk),
        }
    }

    fn push(&mut self, chunk: Chunk) {
        if self.chunks.len() >= self.room.max(1024) {
            compact(&mut self.chunks);
            self.room = self.chunks.len() * 2;
        }
        self.chunks.push(chunk);
    }

    /// What was gathered since the last call.
    pub(crate) fn take(&mut self) -> LineSet {
        compact(&mut self.chunks);
        let set = LineSet { chunks: Chunks::of(&self.chunks) };
        self.chunks.clear();
        self.room = 0;
        set
    }
}

/// Sorts chunks and puts those of equal index together.
fn compact(chunks: &mut Vec<Chunk>) {
    if chunks.is_sorted_by(|a, b| a.index < b.index) {
        return;
    }
    chunks.sort_unstable_by_key(|chunk| chunk.index);
    chunks.dedup_by(|next, kept| {
        let equal = next.index == kept.index;
        if equal {
            kept.absorb(next);
        }
        equal
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn set(lines: &[(u32, bool)]) -> LineSet {
        let mut gatherer = LineGatherer::default();
        lines.iter().for_each(|(line, hit)| gatherer.add(*line, *hit));
        gatherer.take()
    }

    #[test]
    fn the_edges_of_chunks_are_right() {
        let set = set(&[(63, true), (64, false), (127, true), (128, false), (u32::MAX, true)]);
        assert_eq!(set.counts(), (3, 5));
        assert_eq!(set.counts_within(64, 127), (1, 2));
        assert_eq!(set.counts_within(63, 63), (1, 1));
        assert_eq!(set.counts_within(65, 126), (0, 0));
        assert_eq!(set.last(), Some(u32::MAX));
        assert_eq!(LineSet::default().last(), None);
    }

    #[test]
    fn lines_that_both_must_list() {
        let merged = |a: &[(u32, bool)], b: &[(u32, bool)]| {
            let mut merged = set(a);
            merged.merge_agreed(&set(b));
            merged.iter_within(0, u32::MAX).collect::<Vec<_>>()
        };
        let (a, b) =
            ([(1, true), (2, false), (3, false), (500, false)], [(1, false), (2, false), (4, true), (70, false)]);
        assert_eq!(merged(&a, &b), [(1, true), (2, false), (4, true)]);
        assert_eq!(merged(&b, &a), merged(&a, &b));
        assert_eq!(merged(&a, &[]), [(1, true)]);
        assert_eq!(merged(&[(1, false)], &[(99, false)]), []);
    }

    #[test]
    fn alternating_lines_do_not_pile_up() {
        let mut gatherer = LineGatherer::default();
        (0..100_000_u32).for_each(|i| gatherer.add(if i % 2 == 0 { 1 } else { 1000 }, false));
        assert!(gatherer.chunks.len() <= 2048);
        assert_eq!(gatherer.take().counts(), (0, 2));
    }

    proptest! {
        #[test]
        fn it_is_a_map_from_line_to_hit(
            a in prop::collection::vec((1_u32..400, any::<bool>()), 0..300),
            b in prop::collection::vec((1_u32..400, any::<bool>()), 0..300),
            start in 0_u32..420, length in 0_u32..420,
        ) {
            let mut map = BTreeMap::new();
            for (line, hit) in a.iter().chain(&b) {
                *map.entry(*line).or_insert(false) |= hit;
            }
            let mut merged = set(&a);
            merged.merge(&set(&b));
            prop_assert_eq!(&merged, &set(&[a, b].concat()));
            let end = start + length;
            let expected: Vec<_> = map.range(start..=end).map(|(line, hit)| (*line, *hit)).collect();
            let hits = expected.iter().filter(|(_, hit)| *hit).count() as u64;
            prop_assert_eq!(merged.counts(), merged.counts_within(0, u32::MAX));
            prop_assert_eq!(merged.counts_within(start, end), (hits, expected.len() as u64));
            prop_assert_eq!(merged.iter_within(start, end).collect::<Vec<_>>(), expected);
            prop_assert_eq!(merged.last(), map.keys().next_back().copied());
        }
    }
}
