//! Where in a text any of some hundred pieces stands: a filter over three bytes at a time.
//!
//! Every anchor is known by the three bytes of it that are rarest in text. A table of 65,536 bits, small enough to stay next to
//! the processor, says whether three bytes are any of those; what passes is compared with the anchors themselves.

use crate::engine::anchor::Anchor;

/// Finds anchors.
#[derive(Debug)]
pub(crate) struct Grams {
    bits: Box<[u64; 1024]>,
    /// Where the entries of each hash begin.
    starts: Box<[u32]>,
    entries: Vec<Entry>,
}

/// One anchor under the hash of three of its bytes.
#[derive(Clone, Copy, Debug)]
struct Entry {
    anchor: u32,
    /// How many bytes of the anchor stand before the three.
    before: u32,
    /// The three and, where the anchor has one, the byte after them, letters in lower case.
    word: u32,
    /// Which bits of that count.
    mask: u32,
}

impl Grams {
    pub(crate) fn new(anchors: &[Anchor]) -> Self {
        let mut all: Vec<(u16, Entry)> = Vec::with_capacity(anchors.len());
        for (number, anchor) in anchors.iter().enumerate() {
            let at = rarest(&anchor.literal);
            let mask = if anchor.literal.len() > at + 3 { u32::MAX } else { 0xFF_FFFF };
            let word = word(&anchor.literal, at) & mask;
            all.push((hash(word & 0xFF_FFFF), Entry { anchor: number as u32, before: at as u32, word, mask }));
        }
        all.sort_by_key(|(hash, entry)| (*hash, entry.anchor));
        let mut bits = Box::new([0; 1024]);
        let mut starts = vec![0; 65_537].into_boxed_slice();
        for (hash, _) in &all {
            bits[usize::from(hash >> 6)] |= 1 << (hash & 63);
            starts[usize::from(*hash) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { bits, starts, entries: all.into_iter().map(|(_, entry)| entry).collect() }
    }

    /// Calls `found` with the number of every anchor in `text[from..to]` and where it begins, in order of where its three bytes
    /// stand. It may end after `to`, as long as it begins before.
    pub(crate) fn find(
        &self,
        anchors: &[Anchor],
        text: &[u8],
        from: usize,
        to: usize,
        found: &mut impl FnMut(usize, usize),
    ) {
        // The three bytes stand up to a whole anchor after its beginning.
        let end = text.len().min(to.saturating_add(64));
        let Some(window) = text.get(from..end) else { return };
        let mut at = from;
        for four in window.windows(4).step_by(2) {
            let word = u32::from_le_bytes([four[0], four[1], four[2], four[3]]) | 0x2020_2020;
            let (first, second) = (hash(word & 0xFF_FFFF), hash(word >> 8));
            if self.has(first) {
                self.check(anchors, text, first, at, from..to, found);
            }
            if self.has(second) {
                self.check(anchors, text, second, at + 1, from..to, found);
            }
            at += 2;
        }
        while at + 3 <= end {
            let hash = hash(word(text, at) & 0xFF_FFFF);
            if self.has(hash) {
                self.check(anchors, text, hash, at, from..to, found);
            }
            at += 1;
        }
    }

    fn has(&self, hash: u16) -> bool {
        self.bits[usize::from(hash >> 6)] >> (hash & 63) & 1 == 1
    }

    #[inline(never)]
    fn check(
        &self,
        anchors: &[Anchor],
        text: &[u8],
        hash: u16,
        at: usize,
        begin: std::ops::Range<usize>,
        found: &mut impl FnMut(usize, usize),
    ) {
        let entries = self.starts[usize::from(hash)] as usize..self.starts[usize::from(hash) + 1] as usize;
        let word = word(text, at);
        for entry in self.entries[entries].iter().filter(|entry| word & entry.mask == entry.word) {
            let Some(start) = at.checked_sub(entry.before as usize).filter(|start| begin.contains(start)) else {
                continue;
            };
            let anchor = &anchors[entry.anchor as usize];
            if stands(anchor, text, start) {
                found(entry.anchor as usize, start);
            }
        }
    }
}

/// Whether the anchor, and what must follow it, stands at `start`.
pub(crate) fn stands(anchor: &Anchor, text: &[u8], start: usize) -> bool {
    let (end, after) = (start + anchor.literal.len(), start + anchor.literal.len() + anchor.follow.len());
    let Some(piece) = text.get(start..end) else { return false };
    let same = if anchor.exact { piece == anchor.literal } else { piece.eq_ignore_ascii_case(&anchor.literal) };
    same && text.get(end..after).is_some_and(|next| next.iter().zip(&anchor.follow).all(|(byte, set)| set.has(*byte)))
}

/// Four bytes as one number, letters in lower case; what lies after the end counts as nothing.
fn word(text: &[u8], at: usize) -> u32 {
    if let Some([a, b, c, d]) = text.get(at..at + 4) {
        return u32::from_le_bytes([*a, *b, *c, *d]) | 0x2020_2020;
    }
    let byte = |n: usize| text.get(at + n).copied().unwrap_or_default();
    u32::from_le_bytes([byte(0), byte(1), byte(2), byte(3)]) | 0x2020_2020
}

fn hash(gram: u32) -> u16 {
    (gram.wrapping_mul(0x9E37_79B1) >> 16) as u16
}

/// Where the three bytes begin that are rarest in text and source code.
fn rarest(literal: &[u8]) -> usize {
    (0..=literal.len().saturating_sub(3))
        .min_by_key(|at| literal[*at..literal.len().min(at + 3)].iter().map(|byte| common(*byte)).sum::<u32>())
        .unwrap_or_default()
}

/// How common a byte is in source code, roughly, in parts of a thousand.
fn common(byte: u8) -> u32 {
    const LETTERS: [u32; 26] =
        [65, 18, 37, 36, 100, 24, 19, 26, 66, 4, 8, 42, 27, 64, 62, 28, 4, 64, 63, 82, 28, 11, 12, 8, 15, 5];
    match byte {
        b'a'..=b'z' => LETTERS[usize::from(byte - b'a')],
        b'A'..=b'Z' => LETTERS[usize::from(byte - b'A')],
        b' ' => 150,
        b'0'..=b'9' => 12,
        b'_' | b'-' | b'.' | b'/' | b'"' | b'=' | b':' => 20,
        _ => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn anchor(literal: &str) -> Anchor {
        let exact = literal.bytes().any(|b| b.is_ascii_uppercase());
        Anchor { literal: literal.into(), exact, lead: (0, Some(0)), follow: Vec::new() }
    }

    proptest! {
        #[test]
        fn all_and_only_what_stands_there_is_found(text in "[abAB_]{0,60}", pieces in prop::collection::vec("[abA]{3,5}", 1..6), from in 0usize..20, len in 0usize..60) {
            let anchors: Vec<Anchor> = pieces.iter().map(|piece| anchor(piece)).collect();
            let grams = Grams::new(&anchors);
            let to = (from + len).min(text.len());
            let mut found = Vec::new();
            grams.find(&anchors, text.as_bytes(), from, to, &mut |number, at| found.push((number, at)));
            found.sort_unstable();
            let mut expected = Vec::new();
            for (number, anchor) in anchors.iter().enumerate() {
                expected.extend((from..to).filter(|at| stands(anchor, text.as_bytes(), *at)).map(|at| (number, at)));
            }
            prop_assert_eq!(found, expected);
        }
    }
}
