//! The fields of LCOV records.

use memchr::{memchr, memrchr};

use crate::numbers::{leading_hit, leading_line};

/// What stands before and after the first `by`.
pub(super) fn split(text: &[u8], by: u8) -> Option<(&[u8], &[u8])> {
    memchr(by, text).map(|at| (&text[..at], &text[at + 1..]))
}

/// `DA:line,count` and the end of the line, where nothing is unusual: the line, whether it was hit, how many bytes.
#[inline]
pub(super) fn plain_line(text: &[u8]) -> Option<(u32, bool, usize)> {
    let (line, rest) = leading_line(text.strip_prefix(b"DA:")?)?;
    let (hit, rest) = leading_hit(rest.strip_prefix(b",")?)?;
    let rest = rest.strip_prefix(b"\n")?;
    Some((line, hit, text.len() - rest.len()))
}

/// Whether `name` is a symbol of Rust (its symbol mangling, versions 0 and legacy: `_R…`, `_ZN…17h<hash>E`). Each instance of
/// a generic function has one of its own.
pub(super) fn is_rust_symbol(name: &[u8]) -> bool {
    let legacy = name.strip_suffix(b"E").and_then(|name| name.split_last_chunk::<19>()).is_some_and(|(path, hash)| {
        path.starts_with(b"_ZN") && hash.starts_with(b"17h") && hash[3..].iter().all(u8::is_ascii_hexdigit)
    });
    legacy || name.strip_prefix(b"_R").is_some_and(|rest| rest.first().is_some_and(|byte| b"CNMXYIB".contains(byte)))
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
    fn symbols_of_rust_are_known() {
        for (name, rust) in [
            ("_RINvNtCs9bHnI9ppvK7_6semver5parse3keyReE", true),
            ("_ZN4core3ptr13drop_in_place17h0123456789abcdefE", true),
            ("_ZN4core3ptr13drop_in_placeE", false),
            ("_Z3foob", false),
            ("main", false),
            ("_R", false),
            ("_Run", false),
        ] {
            assert_eq!(is_rust_symbol(name.as_bytes()), rust, "{name}");
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
