//! Base64 in both alphabets, with padding or without.

/// Whether a byte is a digit of either alphabet.
pub(crate) fn is_digit(byte: u8) -> bool {
    value(byte).is_some()
}

fn value(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

/// What `text` says (RFC 4648, sections 4 and 5); none where a byte is no digit, or one digit is left over. Bits that are left over
/// are not looked at.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    let digits = &text[..end];
    if digits.len() % 4 == 1 || text.len() - end > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for group in digits.chunks(4) {
        let mut bits = 0;
        for byte in group {
            bits = bits << 6 | value(*byte)?;
        }
        bits <<= 6 * (4 - group.len());
        out.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_are_read() {
        for (text, expected) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
            ("Zm9vYg", "foob"),
        ] {
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(expected.as_bytes()), "{text}");
        }
        assert_eq!(decode(b"_-8="), Some(vec![0xFF, 0xEF]));
        assert_eq!(decode(b"/+8="), Some(vec![0xFF, 0xEF]));
        for bad in ["Z", "Zg=a", "Zm9v!", "Zg==="] {
            assert_eq!(decode(bad.as_bytes()), None, "{bad}");
        }
    }
}
