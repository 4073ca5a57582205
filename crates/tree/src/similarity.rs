//! How alike two files are, measured as git measures it (diffcore-delta.c), so that the same files count as renamed.

use std::collections::HashMap;

/// The score of equal files. git's own scale.
pub(crate) const FULL: u64 = 60_000;

/// Pieces of a file: lines, cut after 64 bytes, by their hash, with how many bytes fall on each hash.
pub(crate) struct Pieces {
    size: u64,
    /// Sorted by hash.
    bytes: Box<[(u32, u32)]>,
}

impl Pieces {
    /// The pieces of `content`. In a text, the `\r` of `\r\n` does not count.
    pub(crate) fn of(content: &[u8], is_text: bool) -> Self {
        let mut pieces: HashMap<u32, u32> = HashMap::new();
        let (mut low, mut high, mut length) = (0_u32, 0_u32, 0_u32);
        for (at, &byte) in content.iter().enumerate() {
            if is_text && byte == b'\r' && content.get(at + 1) == Some(&b'\n') {
                continue;
            }
            let before = low;
            low = (low << 7) ^ (high >> 25);
            high = (high << 7) ^ (before >> 25);
            low = low.wrapping_add(u32::from(byte));
            length += 1;
            if length < 64 && byte != b'\n' {
                continue;
            }
            add(&mut pieces, hash(low, high), length);
            (low, high, length) = (0, 0, 0);
        }
        if length > 0 {
            add(&mut pieces, hash(low, high), length);
        }
        let mut bytes: Vec<_> = pieces.into_iter().collect();
        bytes.sort_unstable();
        Self { size: content.len() as u64, bytes: bytes.into() }
    }

    /// How many there are; each takes 8 bytes, and there are at most 107,927.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// How much of the larger of the two files is in both, of [`FULL`]; 0 where the sizes alone rule out `least`.
    pub(crate) fn score(&self, new: &Self, least: u64) -> u64 {
        let largest = self.size.max(new.size);
        let apart = largest - self.size.min(new.size);
        if self.size == 0 || largest * (FULL - least) < apart * FULL {
            return 0;
        }
        self.common(new) * FULL / largest
    }

    /// How many bytes of `self` are also in `new`.
    fn common(&self, new: &Self) -> u64 {
        let mut others = new.bytes.iter().peekable();
        let mut common = 0;
        for (hash, bytes) in &self.bytes {
            while others.next_if(|(other, _)| other < hash).is_some() {}
            if let Some((_, other)) = others.next_if(|(other, _)| other == hash) {
                common += u64::from(*bytes.min(other));
            }
        }
        common
    }
}

/// Counts `length` bytes under `hash`. A file that is compared has fewer than 4 GB.
fn add(pieces: &mut HashMap<u32, u32>, hash: u32, length: u32) {
    let bytes = pieces.entry(hash).or_default();
    *bytes = bytes.saturating_add(length);
}

/// git's hash of a piece, below the prime 107927.
fn hash(low: u32, high: u32) -> u32 {
    low.wrapping_add(high.wrapping_mul(0x61)) % 107_927
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_shares_of_the_larger_file() {
        let pieces = |text: &str| Pieces::of(text.as_bytes(), true);
        let score = |old: &str, new: &str| pieces(old).score(&pieces(new), FULL / 2);
        assert_eq!(score("aaa\nbbb\n", "aaa\nbbb\n"), FULL);
        assert_eq!(score("aaa\nbbb\n", "aaa\nccc\n"), FULL / 2);
        assert_eq!(score("aaa\nbbb\n", "aaa\r\nbbb\r\n"), 8 * FULL / 10);
        assert_eq!(score("a\n", "a\nb\nc\nd\n"), 0);
        assert_eq!(score("", ""), 0);
    }
}
