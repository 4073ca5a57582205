//! References, and text between tags.

use memchr::memchr2;

use super::syntax::{Stop, bad, name, quoted, shown, space};

/// The length of the reference at `at`, where `&` stands, and what it stands for.
pub(super) fn reference(bytes: &[u8], at: usize) -> Result<(usize, char), Stop> {
    let rest = bytes.get(at + 1..).unwrap_or_default();
    match rest {
        [b'#', b'x', digits @ ..] => character(digits, 16, 3, at),
        [b'#', digits @ ..] => character(digits, 10, 2, at),
        [b'a', b'm', b'p', b';', ..] => Ok((5, '&')),
        [b'l', b't', b';', ..] => Ok((4, '<')),
        [b'g', b't', b';', ..] => Ok((4, '>')),
        [b'q', b'u', b'o', b't', b';', ..] => Ok((6, '"')),
        [b'a', b'p', b'o', b's', b';', ..] => Ok((6, '\'')),
        _ => named(rest, at),
    }
}

/// The reference whose digits are `digits`, behind `before` bytes.
fn character(digits: &[u8], radix: u32, before: usize, at: usize) -> Result<(usize, char), Stop> {
    let mut code = 0_u32;
    for (length, &byte) in digits.iter().enumerate() {
        if let Some(digit) = char::from(byte).to_digit(radix) {
            code = code.saturating_mul(radix).saturating_add(digit);
        } else if byte == b';' && length > 0 {
            return match char::from_u32(code) {
                Some(c) if c != '\0' => Ok((before + length + 1, c)),
                _ => bad(at, format!("a reference to U+{code:04X}, which is no character")),
            };
        } else {
            return bad(at, format!("expected digits and `;` behind `&#`, found {}", shown(byte)));
        }
    }
    Err(Stop::More)
}

/// The complaint about a reference by name that is none of the five.
fn named(rest: &[u8], at: usize) -> Result<(usize, char), Stop> {
    match name(rest, 0) {
        Ok(name) if rest.get(name.end()) == Some(&b';') => {
            let name = quoted(rest.get(..name.end()).unwrap_or_default());
            let five = "entities other than `amp`, `lt`, `gt`, `quot` and `apos` are not expanded";
            bad(at, format!("a reference to the entity {name}; {five}"))
        }
        Err(Stop::More) => Err(Stop::More),
        _ => bad(at, "`&` that begins no reference; expected `&amp;`"),
    }
}

/// How many bytes of text stand at the beginning of `bytes`, as far as it can be told: to the next `<`, or to a place
/// near the end where text may be cut.
pub(super) fn text(bytes: &[u8]) -> Result<usize, Stop> {
    let mut at = space(bytes, 0);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.first() == Some(&b'<') {
            return Ok(at);
        }
        let Some(found) = memchr2(b'<', b'&', rest) else { return cut(bytes, bytes.len()) };
        at += found;
        if rest.get(found) == Some(&b'<') {
            return Ok(at);
        }
        match reference(bytes, at) {
            Ok((length, _)) => at += length,
            Err(Stop::More) => return cut(bytes, at),
            Err(stop) => return Err(stop),
        }
    }
}

/// The last place up to `to` where text may be cut: neither within a character of UTF-8 nor within an end of line.
pub(super) fn cut(bytes: &[u8], to: usize) -> Result<usize, Stop> {
    let before = bytes.get(..to).unwrap_or_default();
    let keep = match before {
        [.., 0xC0..=0xFF | b'\r'] => 1,
        [.., 0xE0..=0xFF, _] => 2,
        [.., 0xF0..=0xFF, _, _] => 3,
        _ => 0,
    };
    if to > keep { Ok(to - keep) } else { Err(Stop::More) }
}
