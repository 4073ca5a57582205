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
