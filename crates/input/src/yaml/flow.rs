//! Collections in brackets whose lines stand no deeper than their key:
//!
//! ```yaml
//! targets: [
//!   linux,
//! ]
//! ```
//!
//! YAML wants the `]` deeper than `targets`; people write it like that all the same, and most parsers take it.

/// `text` with the line ends and comments of one collection in brackets turned into as many blanks: of the one that is
/// `depth` brackets deep at `from`, or of the first that begins there. None when nothing is left to turn, or it never
/// ends.
pub(crate) fn on_one_line(text: &str, from: usize, depth: usize) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut depth = depth;
    // Whether a scalar may begin here, so that a quote is one.
    let mut fresh = true;
    let mut at = from;
    while let Some(byte) = bytes.get(at).copied() {
        let until = match byte {
            b'"' | b'\'' if fresh => super::source::quoted(text, at),
            b'#' if at > from && bytes[at - 1] == b' ' => end(&bytes, at, |b| b == b'\n'),
            b'&' | b'!' if fresh => end(&bytes, at, |b| b" \t\r\n,[]{}".contains(&b)),
            _ => at + 1,
        };
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if byte == b'\r' || byte == b'\n' || byte == b'#' && until > at + 1 {
            bytes[at..until].fill(b' ');
        }
        if depth == 0 && matches!(byte, b']' | b'}') {
            return String::from_utf8(bytes).ok().filter(|changed| changed != text);
        }
        fresh = match byte {
            b'[' | b'{' | b',' | b':' | b'?' => true,
            b' ' | b'\t' | b'\r' | b'\n' | b'#' | b'&' | b'!' => fresh,
            _ => false,
        };
        at = until;
    }
    None
}

/// The first byte from `at` on for which `stop` holds; the end when there is none.
fn end(bytes: &[u8], at: usize, stop: impl Fn(u8) -> bool) -> usize {
    at + bytes[at..].iter().position(|byte| stop(*byte)).unwrap_or(bytes.len() - at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_collection_is_put_on_one_line() {
        let cases = [
            ("a: [\n 1, # é ]\r\n]\nb: [\n]", 2, 0, "a: [  1,         ]\nb: [\n]"),
            ("a: [{\n}, \"]\n\", ']'\n]\n\n", 4, 1, "a: [{ }, \"]\n\", ']' ]\n\n"),
            ("[it's,\n&x 'a]', !t\n\"}\", b#c\n]\n", 0, 0, "[it's, &x 'a]', !t \"}\", b#c ]\n"),
        ];
        for (text, from, depth, expected) in cases {
            assert_eq!(on_one_line(text, from, depth).as_deref(), Some(expected), "{text:?}");
        }
        for nothing in ["a: [1]\nb: 2", "a: [1,\nb: 2", "a"] {
            assert_eq!(on_one_line(nothing, 1, 0), None, "{nothing:?}");
        }
    }
}
