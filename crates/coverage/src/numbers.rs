//! Numbers as reports write them, which is not always as numbers are written.

/// A line number, or why a record has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// From 1.
    At(u32),
    /// 0 or below.
    Zero,
    /// Written as a word that stands for no number.
    Undefined,
}

/// A count of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hits {
    /// More than 0.
    Hit,
    /// 0.
    Miss,
    /// Below 0, taken for 0.
    Negative,
    /// Written as a word that stands for no number.
    Undefined,
}

/// A whole number; one that is too large is the largest.
pub(crate) fn number(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    let digit = |value: u64, byte: &u8| value.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
    (!text.is_empty() && text.iter().all(u8::is_ascii_digit)).then(|| text.iter().fold(0, digit))
}

/// A line number: none when it is no number, or higher than any editor counts.
pub(crate) fn line_number(text: &[u8]) -> Option<Line> {
    let text = text.trim_ascii();
    if undefined(text) {
        return Some(Line::Undefined);
    }
    if let Some(below) = text.strip_prefix(b"-") {
        return number(below).map(|_| Line::Zero);
    }
    match number(text)? {
        0 => Some(Line::Zero),
        line => i32::try_from(line).ok().map(|line| Line::At(line.unsigned_abs())),
    }
}

/// The line number that `text` begins with, from 1 and of nine digits at most, and what stands behind it: for what is written without
/// anything unusual, millions of times.
#[inline]
pub(crate) fn leading_line(text: &[u8]) -> Option<(u32, &[u8])> {
    let (mut line, mut at) = (0_u32, 0);
    while let Some(byte @ b'0'..=b'9') = text.get(at) {
        if at == 9 {
            return None;
        }
        line = line * 10 + u32::from(byte - b'0');
        at += 1;
    }
    (line > 0).then(|| (line, text.get(at..).unwrap_or_default()))
}

/// Whether the count that `text` begins with, of any number of digits, is above 0, and what stands behind it.
#[inline]
pub(crate) fn leading_hit(text: &[u8]) -> Option<(bool, &[u8])> {
    let (mut any, mut at) = (0, 0);
    while let Some(byte @ b'0'..=b'9') = text.get(at) {
        any |= byte - b'0';
        at += 1;
    }
    (at > 0).then(|| (any != 0, text.get(at..).unwrap_or_default()))
}

/// An execution count: digits of any length, with a sign, a fraction or an exponent; none when it is no number.
pub(crate) fn hits(text: &[u8]) -> Option<Hits> {
    let text = text.trim_ascii();
    if undefined(text) {
        return Some(Hits::Undefined);
    }
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if !digits.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return None;
    }
    let zero = if digits.iter().all(u8::is_ascii_digit) {
        digits.iter().all(|byte| *byte == b'0')
    } else {
        str::from_utf8(digits).ok()?.parse::<f64>().ok()? == 0.0
    };
    Some(match (zero, negative) {
        (true, _) => Hits::Miss,
        (false, true) => Hits::Negative,
        (false, false) => Hits::Hit,
    })
}

/// Whether a field says that there is no number.
fn undefined(text: &[u8]) -> bool {
    let word = text.first().is_some_and(|byte| matches!(byte, b'n' | b'N' | b'u' | b'='));
    word && (text.eq_ignore_ascii_case(b"undefined")
        || text.len() >= 3 && text[..3].eq_ignore_ascii_case(b"nan")
        || text.eq_ignore_ascii_case(b"null")
        || text.eq_ignore_ascii_case(b"none")
        || text.iter().all(|byte| *byte == b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_every_kind() {
        for (text, expected) in [
            ("0", Some(Hits::Miss)),
            ("7", Some(Hits::Hit)),
            ("184467440737095516150", Some(Hits::Hit)),
            ("-3", Some(Hits::Negative)),
            ("-0", Some(Hits::Miss)),
            ("1e3", Some(Hits::Hit)),
            ("0.0", Some(Hits::Miss)),
            (" 2 ", Some(Hits::Hit)),
            ("NaN", Some(Hits::Undefined)),
            ("undefined", Some(Hits::Undefined)),
            ("=====", Some(Hits::Undefined)),
            ("", None),
            ("-", None),
            ("x", None),
            ("1x", None),
            ("inf", None),
        ] {
            assert_eq!(hits(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn line_numbers_of_every_kind() {
        for (text, expected) in [
            ("1", Some(Line::At(1))),
            ("2147483647", Some(Line::At(2_147_483_647))),
            ("2147483648", None),
            ("99999999999999999999", None),
            ("0", Some(Line::Zero)),
            ("-1", Some(Line::Zero)),
            ("undefined", Some(Line::Undefined)),
            ("", None),
            ("1.5", None),
        ] {
            assert_eq!(line_number(text.as_bytes()), expected, "{text}");
        }
    }
}
