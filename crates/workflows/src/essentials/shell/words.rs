//! Words of a shell: where they end, what they are without quotes, which variables they use.

use std::ops::Range;

use crate::essentials::expression::ending;

/// How long the word at the beginning of `text` is; `inner` is told of each `$(…)` and `` `…` `` in it, from its first
/// byte after the bracket. A `${{ … }}` is part of the word, blanks and all.
pub(super) fn length(text: &str, mut inner: impl FnMut(Range<usize>)) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut double = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if !text.get(at..).is_some_and(|rest| rest.starts_with("\\\n")) => at += 2,
            b'$' if bytes.get(at + 1..at + 3) == Some(b"{{") => at += placeholder(text, at),
            b'$' if bytes.get(at + 1) == Some(&b'(') => {
                let end = closing(bytes, at + 2);
                inner(at + 2..end);
                at = end + 1;
            }
            b'$' if bytes.get(at + 1) == Some(&b'{') => at = find(bytes, at + 2, b'}') + 1,
            b'`' => {
                let end = find(bytes, at + 1, b'`');
                inner(at + 1..end);
                at = end + 1;
            }
            b'"' => {
                double = !double;
                at += 1;
            }
            b'\'' if !double => at = find(bytes, at + 1, b'\'') + 1,
            b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' | b'\\' if !double => break,
            _ => at += 1,
        }
    }
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// How long the placeholder at `at` is; all that is left where it never ends.
fn placeholder(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    ending(rest).or_else(|| rest.find("}}").map(|end| end + 2)).unwrap_or(rest.len()).max(1)
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from.min(bytes.len()) + rest.iter().position(|byte| *byte == wanted).unwrap_or(rest.len())
}

/// The bracket that closes the one before `from`; the end where none does.
fn closing(bytes: &[u8], from: usize) -> usize {
    let mut depth = 1;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\'' => at = find(bytes, at + 1, b'\''),
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// A word without its quotes and backslashes.
pub(crate) fn plain(raw: &str) -> String {
    let mut text = String::new();
    let mut quote = None;
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('\\', None) => text.extend(chars.next().filter(|next| *next != '\n')),
            (c, _) => text.push(c),
        }
    }
    text
}

/// Whether the shell puts the variable `name` into `raw`; within `'…'` it does not, unless `bare`, as in a
/// here-document.
pub(crate) fn mentions(raw: &str, name: &str, bare: bool) -> bool {
    let names = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut single = false;
    let mut double = false;
    for (at, c) in raw.char_indices() {
        match c {
            '\'' if !bare && !double => single = !single,
            '"' if !bare && !single => double = !double,
            '$' if !single => {
                let rest = raw.get(at + 1..).unwrap_or_default();
                let rest = rest.strip_prefix('{').unwrap_or(rest);
                if rest.strip_prefix(name).is_some_and(|after| !after.starts_with(names)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}
