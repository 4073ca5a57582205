//! A door for fuzzing.

use super::delta::Delta;
use crate::blobs::Copied;

/// Reads what follows the first byte of `bytes` as an edit of as many bytes as that says, and looks at all that came of
/// it.
#[doc(hidden)]
pub fn fuzz_delta(bytes: &[u8]) {
    let Some((length, instructions)) = bytes.split_first() else { return };
    let base: Vec<u8> = (0..*length).collect();
    let (mut out, mut copies) = (Vec::new(), Vec::new());
    let Ok(delta) = Delta::new(instructions) else { return };
    if delta.apply(&base, &mut out, &mut copies).is_err() {
        return;
    }
    assert_eq!((delta.base, delta.result), (base.len() as u64, out.len() as u64));
    let mut end: Option<Copied> = None;
    for copied in copies {
        let Copied { from, to, len } = copied;
        assert_eq!(out.get(to..to + len), base.get(from..from + len), "{copied:?}");
        let before = end.replace(copied).map_or(0, |last| last.to + last.len);
        assert!(len > 0 && before <= to, "{copied:?} begins before {before}");
    }
}
