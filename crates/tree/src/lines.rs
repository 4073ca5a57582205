//! Which lines of a text are new.

use std::ops::Range;

use gix::diff::blob::sources::byte_lines;
use gix::diff::blob::{Algorithm, InternedInput, diff_with_slider_heuristics};
use tollgate_check::LineRange;

/// What an edit did, counted in lines as git counts them: a last line without `\n` is a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Lines of the new text that are added or changed: ascending, not adjacent.
    pub(crate) added: Vec<LineRange>,
    /// How many lines of the old text are gone.
    pub(crate) removed: u64,
}

impl Edit {
    /// Everything of `old` is gone, everything of `new` is new.
    pub(crate) fn replaced(old: &[u8], new: &[u8]) -> Self {
        let mut edit = Self { added: Vec::new(), removed: count(old).into() };
        edit.add(0..count(new));
        edit
    }

    /// What turns `old` into `new`: the hunks of `git diff -U0` with its default algorithm and indent heuristic.
    pub(crate) fn between(old: &[u8], new: &[u8]) -> Self {
        let tail = common_tail(old, new);
        let input = InternedInput::new(byte_lines(&old[..old.len() - tail]), byte_lines(&new[..new.len() - tail]));
        let mut edit = Self::default();
        for hunk in diff_with_slider_heuristics(Algorithm::Myers, &input).hunks() {
            edit.removed += u64::from(hunk.before.end - hunk.before.start);
            edit.add(hunk.after);
        }
        edit
    }

    fn add(&mut self, lines: Range<u32>) {
        if lines.is_empty() {
            return;
        }
        match self.added.last_mut() {
            Some(last) if last.end == lines.start => last.end = lines.end,
            _ => self.added.push(LineRange { start: lines.start + 1, end: lines.end }),
        }
    }
}

/// How many lines `text` has.
fn count(text: &[u8]) -> u32 {
    let ends = text.iter().filter(|byte| **byte == b'\n').count();
    let open = text.last().is_some_and(|byte| *byte != b'\n');
    u32::try_from(ends + usize::from(open)).unwrap_or(u32::MAX)
}

/// How many bytes at the end of both texts need no looking at. Where no context is asked for, git cuts equal ends in
/// blocks of this size before it compares, from the next line on; where hunks can slide, the cut shows.
fn common_tail(old: &[u8], new: &[u8]) -> usize {
    const BLOCK: usize = 1024;
    let blocks = old.rchunks_exact(BLOCK).zip(new.rchunks_exact(BLOCK)).take_while(|(a, b)| a == b).count();
    let tail = blocks * BLOCK;
    let rest = new[new.len() - tail..].iter().position(|byte| *byte == b'\n').map_or(tail, |at| at + 1);
    tail - rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(old: &str, new: &str) -> Vec<(u32, u32)> {
        Edit::between(old.as_bytes(), new.as_bytes()).added.iter().map(|r| (r.start, r.end)).collect()
    }

    #[test]
    fn added_and_changed_lines_are_found() {
        assert_eq!(added("a\nb\nc\n", "a\nb\nc\n"), []);
        assert_eq!(added("a\nb\nc\n", "a\nX\nc\n"), [(2, 2)]);
        assert_eq!(added("a\nb\nc\n", "a\nc\n"), []);
        assert_eq!(added("", "a\nb"), [(1, 2)]);
        assert_eq!(added("a\nb", "a\nb\n"), [(2, 2)]);
        assert_eq!(added("a\nb\n", "a\nb"), [(2, 2)]);
        assert_eq!(added("a\n", "a\r\n"), [(1, 1)]);
    }

    #[test]
    fn removed_lines_are_counted() {
        assert_eq!(Edit::between(b"a\nb\nc\n", b"a\nc\n").removed, 1);
        assert_eq!(Edit::between(b"a\nb", b"a\nb\n").removed, 1);
        assert_eq!(Edit::replaced(b"a\nb", b"").removed, 2);
        assert_eq!(Edit::replaced(b"", b"").added, []);
        assert_eq!(Edit::replaced(b"x\n", b"a\nb\nc").added, [LineRange { start: 1, end: 3 }]);
    }

    #[test]
    fn equal_ends_are_cut_at_a_line() {
        let tail = "0123456789\n".repeat(300);
        let (old, new) = (format!("a\n{tail}"), format!("b\n{tail}"));
        let cut = common_tail(old.as_bytes(), new.as_bytes());
        assert!(cut > 2000 && new.as_bytes()[new.len() - cut - 1] == b'\n');
        assert_eq!(added(&old, &new), [(1, 1)]);
        assert_eq!(common_tail(b"a", b"b"), 0);
    }
}
