//! What stands at the beginning of some bytes, found several bytes at a time.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
const BACKSLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);

/// Strings longer than this are looked through in blocks.
const SHORT: usize = 32;
const BLOCK: usize = 64;

/// How many bytes stand for themselves within a string: up to a quote, a backslash or a control character.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(word) = word(bytes, at) {
        // Bytes below 0x20, and bytes that are equal. A borrow makes a bit wrong only above one that is right.
        let mut found = word.wrapping_sub(SPACES) & !word;
        found |= (word ^ QUOTES).wrapping_sub(ONES) & !(word ^ QUOTES);
        found |= (word ^ BACKSLASHES).wrapping_sub(ONES) & !(word ^ BACKSLASHES);
        found &= HIGHS;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
        if at >= SHORT {
            at += blocks(bytes.get(at..).unwrap_or_default());
        }
    }
    let tail = bytes.get(at..).unwrap_or_default();
    at + tail.iter().position(|byte| special(*byte)).unwrap_or(tail.len())
}

/// How many bytes there are in whole blocks that stand for themselves; written so that it becomes vector instructions.
fn blocks(bytes: &[u8]) -> usize {
    let clean = |block: &&[u8]| !block.iter().fold(false, |any, byte| any | special(*byte));
    bytes.chunks_exact(BLOCK).take_while(clean).count() * BLOCK
}

fn special(byte: u8) -> bool {
    (byte < b' ') | (byte == b'"') | (byte == b'\\')
}

/// How many bytes are white space.
#[inline]
pub(super) fn blank(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
        // Indentation.
        while let Some(word) = word(bytes, at) {
            let spaces = (word ^ SPACES).trailing_zeros() as usize / 8;
            at += spaces;
            if spaces < 8 {
                break;
            }
        }
    }
    at
}

#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The value and length of a number that is nothing but up to 18 digits, and that certainly ends.
#[inline]
pub(super) fn count(bytes: &[u8]) -> Option<(u64, usize)> {
    let (mut value, mut length) = (0, 0);
    let end = loop {
        let byte = *bytes.get(length)?;
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break byte;
        }
        if length == 18 {
            return None;
        }
        value = value * 10 + u64::from(digit);
        length += 1;
    };
    let zero_first = length > 1 && bytes.first() == Some(&b'0');
    (length > 0 && !zero_first && !matches!(end, b'.' | b'e' | b'E')).then_some((value, length))
}

/// Why some bytes are no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoNumber {
    /// They end too early.
    Cut,
    /// After so many of them, something else stands where this was expected.
    Expected(usize, &'static str),
    /// There is a 0 before other digits.
    ZeroFirst,
}

/// The length of the number that begins here, by the grammar of RFC 8259, section 6. One that ends with the bytes may
/// go on.
pub(super) fn number(bytes: &[u8]) -> Result<usize, NoNumber> {
    let mut at = one(bytes, 0, b"-");
    let whole = digits(bytes, at, "a digit")?;
    if whole > 1 && bytes.get(at) == Some(&b'0') {
        return Err(NoNumber::ZeroFirst);
    }
    at += whole;
    if one(bytes, at, b".") > 0 {
        at += 1 + digits(bytes, at + 1, "a digit after the decimal point")?;
    }
    if one(bytes, at, b"eE") > 0 {
        at += 1 + one(bytes, at + 1, b"+-");
        at += digits(bytes, at, "a digit in the exponent")?;
    }
    Ok(at)
}

/// 1 if one of `wanted` stands at `at`, else 0.
fn one(bytes: &[u8], at: usize, wanted: &[u8]) -> usize {
    usize::from(bytes.get(at).is_some_and(|byte| wanted.contains(byte)))
}

/// How many digits stand at `at`, at least 1.
fn digits(bytes: &[u8], at: usize, expected: &'static str) -> Result<usize, NoNumber> {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.iter().take_while(|byte| byte.is_ascii_digit()).count() {
        0 if rest.is_empty() => Err(NoNumber::Cut),
        0 => Err(NoNumber::Expected(at, expected)),
        count => Ok(count),
    }
}
