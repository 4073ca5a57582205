//! Functions that are known by their names, as in LCOV 1.x, where two of one file may have the same.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::marks::MarkGatherer;

/// A name, hashed.
type Name = u64;

/// The functions of one record.
#[derive(Default)]
pub(super) struct Names {
    /// `FN`: where each begins.
    starts: Vec<(Name, u32)>,
    /// `FNDA`: whether each was hit.
    hits: Vec<(Name, bool)>,
}

fn hashed(name: &[u8]) -> Name {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

impl Names {
    /// The function called `name` begins at `start`.
    pub(super) fn begins(&mut self, name: &[u8], start: u32) {
        self.starts.push((hashed(name), start));
    }

    /// The function called `name` was hit, or not.
    pub(super) fn was_hit(&mut self, name: &[u8], hit: bool) {
        self.hits.push((hashed(name), hit));
    }

    /// Moves the record's functions to `functions`. Functions of one name that begin in different lines (methods of two classes) are
    /// different ones where each has a count of its own, which then stand in the same order, as Node and Istanbul write them. Where they
    /// have not, nothing tells whose a count is, and they are one.
    pub(super) fn take(&mut self, functions: &mut MarkGatherer) {
        self.starts.sort_by_key(|(name, _)| *name);
        self.hits.sort_by_key(|(name, _)| *name);
        for (name, _) in &self.starts {
            functions.add(0, ("name", name), false);
        }
        for hits in self.hits.chunk_by(|a, b| a.0 == b.0) {
            let name = hits[0].0;
            let first = self.starts.partition_point(|(other, _)| *other < name);
            let count = self.starts[first..].partition_point(|(other, _)| *other == name);
            let starts = &self.starts[first..first + count];
            let mut lines: Vec<u32> = starts.iter().map(|(_, line)| *line).collect();
            lines.sort_unstable();
            lines.dedup();
            for (at, (_, hit)) in hits.iter().enumerate() {
                let own = starts.get(at).filter(|_| starts.len() == hits.len());
                match own.and_then(|(_, line)| lines.binary_search(line).ok()) {
                    // The first of a name goes by the name alone, as in a report that knows no other.
                    None | Some(0) => functions.add(0, ("name", name), *hit),
                    Some(place) => functions.add(0, ("name", name, place), *hit),
                }
            }
        }
        self.starts.clear();
        self.hits.clear();
    }
}
