//! Edits, as packs store them: one object made from another by copying ranges of it and inserting bytes.

use super::flaw::Flaw;

/// A range that was copied from another blob unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Where it begins in the other blob.
    pub from: usize,
    /// Where it begins in this one.
    pub to: usize,
    /// How many bytes.
    pub len: usize,
}

/// An edit whose two sizes are read and whose instructions are not.
pub(crate) struct Delta<'a> {
    /// The size of what is edited.
    pub(crate) base: u64,
    /// The size of what comes of it.
    pub(crate) result: u64,
    instructions: &'a [u8],
}

impl<'a> Delta<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let (base, rest) = size(bytes)?;
        let (result, instructions) = size(rest)?;
        Ok(Self { base, result, instructions })
    }

    /// Makes `out`, which is empty and has room, of `base`, and `copies` the ranges that are copied: ascending, adjacent
    /// ones merged.
    pub(crate) fn apply(&self, base: &[u8], out: &mut Vec<u8>, copies: &mut Vec<Copied>) -> Result<(), Flaw> {
        copies.clear();
        if base.len() as u64 != self.base {
            return Err(Flaw::Base);
        }
        let result = usize::try_from(self.result).map_err(|_| Flaw::TooLarge)?;
        let mut rest = self.instructions;
        while let Some((&first, after)) = rest.split_first() {
            let piece;
            if first & 0x80 == 0 {
                // A zero is reserved.
                let len = usize::from(first);
                (piece, rest) = after.split_at_checked(len).filter(|_| len != 0).ok_or(Flaw::Delta)?;
            } else {
                let (from, len);
                (from, len, rest) = range(first, after)?;
                piece = from.checked_add(len).and_then(|end| base.get(from..end)).ok_or(Flaw::Delta)?;
                let to = out.len();
                match copies.last_mut() {
                    Some(last) if last.from + last.len == from && last.to + last.len == to => last.len += len,
                    _ => copies.push(Copied { from, to, len }),
                }
            }
            if piece.len() > result - out.len() {
                return Err(Flaw::Delta);
            }
            out.extend_from_slice(piece);
        }
        if out.len() == result { Ok(()) } else { Err(Flaw::Delta) }
    }
}

/// A size: seven bits per byte, lowest first.
fn size(bytes: &[u8]) -> Result<(u64, &[u8]), Flaw> {
    let mut size = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        let bits = u64::from(byte & 0x7f);
        let shifted = bits << (7 * at);
        if shifted >> (7 * at) != bits {
            return Err(Flaw::Delta);
        }
        size |= shifted;
        if byte & 0x80 == 0 {
            return Ok((size, &bytes[at + 1..]));
        }
    }
    Err(Flaw::Delta)
}

/// Offset and length of a copy: the bits of `first` say which bytes of both follow.
fn range(first: u8, mut rest: &[u8]) -> Result<(usize, usize, &[u8]), Flaw> {
    let mut value = 0_u64;
    for bit in 0..7 {
        if first & 1 << bit != 0 {
            let (byte, after) = rest.split_first().ok_or(Flaw::Delta)?;
            value |= u64::from(*byte) << (8 * bit);
            rest = after;
        }
    }
    let (offset, len) = (value & 0xFFFF_FFFF, value >> 32);
    let wide = |number: u64| usize::try_from(number).map_err(|_| Flaw::Delta);
    Ok((wide(offset)?, wide(if len == 0 { 0x1_0000 } else { len })?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same byte by byte and without care, as git's documentation of packs has it.
    fn simple(delta: &[u8], base: &[u8]) -> Option<(Vec<u8>, Vec<Option<usize>>)> {
        let mut rest = delta.iter().copied();
        let mut number = || {
            let (mut number, mut shift) = (0_u128, 0);
            loop {
                let byte = rest.next()?;
                number |= u128::from(byte & 0x7f) << shift;
                shift += 7;
                if byte < 0x80 {
                    return Some(number);
                }
                if shift > 63 {
                    return None;
                }
            }
        };
        let (before, after) = (number()?, number()?);
        let (mut out, mut from) = (Vec::new(), Vec::new());
        while let Some(first) = rest.next() {
            if first < 0x80 {
                for _ in 0..first {
                    out.push(rest.next()?);
                    from.push(None);
                }
                if first == 0 {
                    return None;
                }
                continue;
            }
            let mut part = |bit: u8| if first >> bit & 1 == 1 { rest.next().map(usize::from) } else { Some(0) };
            let offset = part(0)? | part(1)? << 8 | part(2)? << 16 | part(3)? << 24;
            let size = part(4)? | part(5)? << 8 | part(6)? << 16;
            for at in offset..offset + if size == 0 { 0x10000 } else { size } {
                out.push(*base.get(at)?);
                from.push(Some(at));
            }
        }
        (before == base.len() as u128 && after == out.len() as u128).then_some((out, from))
    }

    fn agree(bytes: &[u8], base: &[u8]) -> bool {
        let (mut out, mut copies) = (Vec::new(), Vec::new());
        let result = Delta::new(bytes).and_then(|delta| delta.apply(base, &mut out, &mut copies));
        let expected = simple(bytes, base);
        assert_eq!(result.is_ok(), expected.is_some(), "{bytes:?} {result:?}");
        let Some((bytes, from)) = expected else { return false };
        assert_eq!(out, bytes);
        let mut copied = vec![None; out.len()];
        for Copied { from, to, len } in copies {
            copied[to..to + len].iter_mut().zip(from..).for_each(|(cell, at)| *cell = Some(at));
        }
        assert_eq!(copied, from);
        true
    }

    /// A few instructions, most of which fit `base`.
    fn random(next: &mut dyn FnMut(usize) -> usize, base: &[u8]) -> Vec<u8> {
        let (mut instructions, mut len) = (Vec::new(), 0);
        for _ in 0..next(6) {
            if next(2) == 0 {
                let count = 1 + next(20);
                instructions.push(count as u8);
                instructions.extend((0..count).map(|_| next(256) as u8));
                len += count;
            } else {
                let offset = next(base.len());
                let size = 1 + next(base.len() - offset);
                instructions.extend([0b1011_0011, offset as u8, (offset >> 8) as u8, size as u8, (size >> 8) as u8]);
                len += size;
            }
        }
        let mut delta = Vec::new();
        for mut number in [base.len(), len] {
            while number >= 0x80 {
                delta.push(number as u8 | 0x80);
                number >>= 7;
            }
            delta.push(number as u8);
        }
        delta.extend(instructions);
        delta
    }

    #[test]
    fn edits_are_what_they_are_said_to_be() {
        let mut state = 1_u64;
        let mut next = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % limit
        };
        let base: Vec<u8> = (0..700).map(|_| next(256) as u8).collect();
        let (mut good, mut harmed) = (0, 0);
        for _ in 0..20_000 {
            let mut delta = random(&mut next, &base);
            good += usize::from(agree(&delta, &base));
            for _ in 0..=next(2) {
                let at = next(delta.len());
                delta[at] = next(256) as u8;
            }
            delta.truncate(delta.len() - next(delta.len()) * next(2));
            harmed += usize::from(!agree(&delta, &base));
        }
        assert!(good == 20_000 && harmed > 10_000, "{good} {harmed}");
    }

    #[test]
    fn sizes_and_lengths_have_their_limits() {
        assert!(agree(&[0, 0], b""));
        assert!(agree(&[0x80, 0x80, 0, 0], b""), "a long way to write nothing");
        for bytes in [&[][..], &[1], &[0x80; 12], &[0xFF; 12], &[1, 1, 0, b'a'], &[1, 1, 0x90, 2], &[0, 1, 0x80]] {
            assert!(!agree(bytes, b"a"), "{bytes:?}");
        }
        let base = vec![7; 0x1_0000];
        assert!(agree(&[0x80, 0x80, 4, 0x80, 0x80, 4, 0x80], &base), "no length is 64 KB");
        let huge = Delta::new(&[1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, b'a']).unwrap();
        assert_eq!((huge.base, huge.result), (1, u64::MAX));
        assert_eq!(huge.apply(b"b", &mut Vec::new(), &mut Vec::new()), Err(Flaw::Delta));
    }

    #[test]
    fn adjacent_copies_are_one() {
        let (mut out, mut copies) = (Vec::new(), Vec::new());
        let instructions = [10, 9, 0x90, 2, 0x91, 2, 3, 1, b'x', 0x91, 5, 2, 0x91, 8, 1];
        Delta::new(&instructions).unwrap().apply(b"0123456789", &mut out, &mut copies).unwrap();
        assert_eq!(out, b"01234x568");
        let expected = [(0, 0, 5), (5, 6, 2), (8, 8, 1)].map(|(from, to, len)| Copied { from, to, len });
        assert_eq!(copies, expected);
    }
}
