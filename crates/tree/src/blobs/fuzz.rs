//! A door for fuzzing.

use super::delta::{Copied, Delta};

/// Reads what follows the first byte of `bytes` as an edit of as many bytes as that says, with its sizes and as
/// instructions alone, and looks at all that comes of it.
#[doc(hidden)]
pub fn fuzz_delta(bytes: &[u8]) {
    let Some((length, instructions)) = bytes.split_first() else { return };
    let base: Vec<u8> = (0..*length).collect();
    apply(instructions, &base);
    // Sizes that are true make most inputs an edit.
    let delta = |result: usize| [&size(base.len())[..], &size(result), instructions].concat();
    let made = apply(&delta(usize::MAX >> 1), &base);
    assert!(!made.1, "an edit makes less than it says");
    apply(&delta(made.0), &base);
}

/// How many bytes came of an edit, and whether it is one.
fn apply(delta: &[u8], base: &[u8]) -> (usize, bool) {
    let (mut out, mut copies) = (Vec::new(), Vec::new());
    let Ok(delta) = Delta::new(delta) else { return (0, false) };
    let is_edit = delta.apply(base, &mut out, &mut copies).is_ok();
    assert!(!is_edit || (delta.base, delta.result) == (base.len() as u64, out.len() as u64));
    let (mut from_end, mut to_end) = (usize::MAX, 0);
    for copied in copies {
        let Copied { from, to, len } = copied;
        assert!(len > 0 && to_end <= to && (from_end, to_end) != (from, to), "{copied:?} after {to_end}");
        (from_end, to_end) = (from + len, to + len);
        if is_edit {
            assert_eq!(out.get(to..to_end), base.get(from..from_end), "{copied:?}");
        }
    }
    (out.len(), is_edit)
}

/// A size as edits have it.
fn size(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}
