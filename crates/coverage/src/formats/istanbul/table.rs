//! The things of one kind in a file: where each is, and how often it was reached, which come apart and in any order.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use tollgate_input::InputError;
use tollgate_input::json_stream::Reader;

use crate::numbers::Hits;

/// How many things of one kind a file can have. Bundles of many megabytes stay far below.
const MOST: usize = 1 << 20;

/// Stands for the arms of a branch that has none.
pub(super) const NO_ARM: u32 = u32::MAX;

/// Where a thing is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thing {
    /// What counts call it.
    pub(super) id: u64,
    /// The line it begins in; 0 where that is not known.
    pub(super) line: u32,
    /// A hash of what names it in any report.
    pub(super) name: u64,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    id: u64,
    arm: u32,
    hits: Hits,
}

/// Things of one kind; used again for the next file.
#[derive(Debug, Default)]
pub(super) struct Table {
    things: Vec<Thing>,
    counts: Vec<Count>,
    names: Vec<u64>,
}

/// The number that stands for an id: the number it is, which it always is in practice, or a hash.
pub(super) fn id(key: &str) -> u64 {
    let digits = key.as_bytes();
    let plain = digits.len() <= 18 && digits.iter().all(u8::is_ascii_digit);
    match digits {
        b"0" | [b'1'..=b'9', ..] if plain => digits.iter().fold(0, |id, digit| id * 10 + u64::from(digit - b'0')),
        _ => hash(key) | 1 << 63,
    }
}

/// A hash that is the same in every run.
pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Table {
    /// Notes where a thing is.
    ///
    /// # Errors
    /// More things than a file can have.
    #[inline]
    pub(super) fn place(&mut self, reader: &Reader, thing: Thing) -> Result<(), InputError> {
        if self.things.len() >= MOST {
            return Err(too_many(reader));
        }
        self.things.push(thing);
        Ok(())
    }

    /// Notes how often a thing, or an arm of it, was reached.
    ///
    /// # Errors
    /// More things than a file can have.
    #[inline]
    pub(super) fn count(&mut self, reader: &Reader, id: u64, arm: u32, hits: Hits) -> Result<(), InputError> {
        if self.counts.len() >= MOST {
            return Err(too_many(reader));
        }
        self.counts.push(Count { id, arm, hits });
        Ok(())
    }

    /// Calls `each` with every thing, its arm and the count of that; then the table is empty. True if some places have
    /// no count, or some counts no place: they are left out.
    pub(super) fn join(&mut self, mut each: impl FnMut(&Thing, u32, Hits)) -> bool {
        if !self.things.is_sorted_by(|a, b| a.id < b.id) {
            self.things.sort_by_key(|thing| thing.id);
            self.things.dedup_by(|next, kept| {
                let equal = next.id == kept.id;
                if equal {
                    // The last of several counts, as in JavaScript.
                    *kept = *next;
                }
                equal
            });
        }
        if !self.counts.is_sorted_by_key(|count| count.id) {
            self.counts.sort_by_key(|count| count.id);
        }
        self.tell_apart();
        let mut odd = false;
        let mut counts = self.counts.as_slice();
        for thing in &self.things {
            let before = counts.iter().take_while(|count| count.id < thing.id).count();
            let own = counts.get(before..).unwrap_or_default();
            let (own, rest) = own.split_at(own.iter().take_while(|count| count.id == thing.id).count());
            odd |= before > 0 || own.is_empty();
            for count in own.iter().filter(|count| count.arm != NO_ARM) {
                each(thing, count.arm, count.hits);
            }
            counts = rest;
        }
        odd |= !counts.is_empty();
        self.things.clear();
        self.counts.clear();
        odd
    }

    /// Gives several things at one place names of their own, in order of their ids.
    fn tell_apart(&mut self) {
        self.names.clear();
        self.names.extend(self.things.iter().map(|thing| thing.name));
        self.names.sort_unstable();
        if self.names.is_sorted_by(|a, b| a < b) {
            return;
        }
        let mut seen: HashMap<u64, u32> = HashMap::new();
        for thing in &mut self.things {
            let before = seen.entry(thing.name).or_default();
            if *before > 0 {
                thing.name = hash((thing.name, *before));
            }
            *before += 1;
        }
    }
}

#[cold]
fn too_many(reader: &Reader) -> InputError {
    reader.malformed("a file here has more than 1,048,576 statements, branches or functions, the bound; leave it out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart() {
        assert_eq!((id("0"), id("7"), id("120")), (0, 7, 120));
        let others = ["", "00", "01", "-1", "x", "1e3", "1234567890123456789"].map(id);
        assert!(others.iter().all(|id| *id >= 1 << 63));
        assert_eq!(std::collections::HashSet::from(others).len(), others.len());
    }
}
