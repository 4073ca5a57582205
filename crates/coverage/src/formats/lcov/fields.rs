//! The fields of LCOV records.

use memchr::{memchr, memrchr};

/// A field that should be a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<T> {
    /// It is one.
    Value(T),
    /// It is 0 or below where counting begins at 1.
    Zero,
    /// It says that there is none: `undefined`, `NaN`, `=====`.
    Undefined,
}

/// An execution count, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hits {
    /// Above 0.
    Hit,
    /// 0.
    Miss,
    /// Below 0.
    Negative,
    /// It says that there is none.
    Undefined,
}

/// What stands before and after the first `by`.
pub(super) fn split(text: &[u8], by: u8) -> Option<(&[u8], &[u8])> {
    memchr(by, text).map(|at| (&text[..at], &text[at + 1..]))
}

/// `DA:line,count` and the end of the line, where nothing is unusual: the line, whether it was hit, how many bytes.
#[inline]
pub(super) fn plain_line(text: &[u8]) -> Option<(u32, bool, usize)> {
    let digits = text.strip_prefix(b"DA:")?;
    let mut line = 0_u32;
    let mut at = 0;
    while let Some(byte @ b'0'..=b'9') = digits.get(at) {
        if at == 9 {
            return None;
        }
        line = line * 10 + u32::from(byte - b'0');
        at += 1;
    }
    if line == 0 || digits.get(at) != Some(&b',') {
        return None;
    }
    let count = at + 1;
    let mut any = 0;
    at = count;
    while let Some(byte @ b'0'..=b'9') = digits.get(at) {
        any |= byte - b'0';
        at += 1;
    }
    let ended = at > count && digits.get(at) == Some(&b'\n');
    ended.then_some((line, any != 0, at + 4))
}

/// A whole number; one that is too large is the largest.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    let digit = |value: u64, byte: &u8| value.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
    (!text.is_empty() && text.iter().all(u8::is_ascii_digit)).then(|| text.iter().fold(0, digit))
}

/// A line number: none when it is no number, or higher than any editor counts.
pub(super) fn line_number(text: &[u8]) -> Option<Field<u32>> {
    let text = text.trim_ascii();
    if undefined(text) {
        return Some(Field::Undefined);
    }
    if let Some(below) = text.strip_prefix(b"-") {
        return number(below).map(|_| Field::Zero);
    }
    match number(text)? {
        0 => Some(Field::Zero),
        line => i32::try_from(line).ok().map(|line| Field::Value(line.unsigned_abs())),
    }
}

/// An execution count: digits of any length, with a sign, a fraction or an exponent; none when it is no number.
pub(super) fn hits(text: &[u8]) -> Option<Hits> {
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

/// The parts of a `BRDA` record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Branch<'a> {
    pub(super) line: &'a [u8],
    /// Without its flags.
    pub(super) block: &'a [u8],
    /// A number, or the text of an expression.
    pub(super) name: &'a [u8],
    pub(super) taken: &'a [u8],
    /// Whether the flag `u` takes it out of the count.
    pub(super) excluded: bool,
}

/// The parts of `line,[e][f][u]block,branch,taken`: the branch is whatever stands between the block and the last comma.
pub(super) fn branch(text: &[u8]) -> Option<Branch<'_>> {
    let (line, rest) = split(text, b',')?;
    let (block, rest) = split(rest, b',')?;
    let last = memrchr(b',', rest)?;
    let (name, taken) = (&rest[..last], rest[last + 1..].trim_ascii());
    let flags = block.iter().take_while(|byte| matches!(byte, b'e' | b'f' | b'u')).count();
    let (flags, block) = block.split_at(flags);
    Some(Branch { line, block, name, taken, excluded: flags.contains(&b'u') })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_are_read_at_once() {
        assert_eq!(plain_line(b"DA:12,3\nDA"), Some((12, true, 8)));
        assert_eq!(plain_line(b"DA:999999999,000\n"), Some((999_999_999, false, 17)));
        assert_eq!(plain_line(b"DA:1,99999999999999999999999999\n"), Some((1, true, 32)));
        for unusual in ["DA:0,1\n", "DA:1,1", "DA:1,\n", "DA:1,1,x\n", "DA:1,-1\n", "DA:1\n", "DA:,1\n", "DA:1,1\r\n"] {
            assert_eq!(plain_line(unusual.as_bytes()), None, "{unusual}");
        }
        assert_eq!(plain_line(b"DA:99999999999,1\n"), None);
    }

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
            ("1", Some(Field::Value(1))),
            ("2147483647", Some(Field::Value(2_147_483_647))),
            ("2147483648", None),
            ("99999999999999999999", None),
            ("0", Some(Field::Zero)),
            ("-1", Some(Field::Zero)),
            ("undefined", Some(Field::Undefined)),
            ("", None),
            ("1.5", None),
        ] {
            assert_eq!(line_number(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn branches_hold_flags_and_expressions() {
        let part = |text: &'static str| branch(text.as_bytes()).unwrap();
        assert_eq!(
            part("12,eu3,f(a, b) == c,-"),
            Branch { line: b"12", block: b"3", name: b"f(a, b) == c", taken: b"-", excluded: true }
        );
        assert_eq!(part("1,0,0,5"), Branch { line: b"1", block: b"0", name: b"0", taken: b"5", excluded: false });
        assert_eq!(branch(b"1,0,5"), None);
    }
}
