//! Bytes to UTF-8.

use std::borrow::Cow;

/// `bytes` as text; what is not valid UTF-8 becomes U+FFFD. `String::from_utf8_lossy` takes several times as long over what is
/// valid.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// `bytes` as UTF-8: a byte-order mark is dropped, UTF-16 (either order, recognised by its mark) is recoded, and what is
/// not valid becomes U+FFFD.
pub fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| -> String {
        let units = rest.chunks(2).map(|pair| match pair {
            [a, b] => unit([*a, *b]),
            _ => 0xFFFD,
        });
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => lossy(rest),
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        _ => lossy(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_understood() {
        assert_eq!(utf8(b"\xEF\xBB\xBFSF:a"), "SF:a");
        assert_eq!(utf8(b"\xFF\xFES\0F\0"), "SF");
        assert_eq!(utf8(b"\xFE\xFF\0S\0F"), "SF");
        assert_eq!(utf8(b"\xFF\xFES\0F"), "S\u{FFFD}");
        assert_eq!(utf8(b"a\xFFb"), "a\u{FFFD}b");
    }
}
