//! Which files differ between two lists.

use gix::bstr::{BStr, ByteSlice as _};

use crate::item::Item;
use crate::repository::Edited;
use crate::staged::Staged;

/// One file on both sides; at least one of them has it.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) old: Option<Item>,
    pub(crate) new: Option<Item>,
}

impl Pair {
    /// Its path now; of a file that is gone, the path it had.
    pub(crate) fn path(&self) -> &BStr {
        self.new.as_ref().or(self.old.as_ref()).map_or(BStr::new(""), |item| item.path.as_bstr())
    }

    /// Whether both sides have the same content under the same kind, or neither has any.
    fn is_none(&self) -> bool {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => old.kind == new.kind && old.id == new.id,
            (None, None) => true,
            _ => false,
        }
    }
}

/// What differs between `old` and `new`, both sorted by path; so is the result.
pub(crate) fn differing(old: Vec<Item>, new: Vec<Item>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut old = old.into_iter().peekable();
    for item in new {
        while let Some(gone) = old.next_if(|before| before.path < item.path) {
            pairs.push(Pair { old: Some(gone), new: None });
        }
        let pair = Pair { old: old.next_if(|before| before.path == item.path), new: Some(item) };
        pairs.extend(Some(pair).filter(|pair| !pair.is_none()));
    }
    pairs.extend(old.map(|gone| Pair { old: Some(gone), new: None }));
    pairs
}

/// What differs from a tree now, if `staged_pairs` differ between it and the index, and `edited` between the index and the
/// disk. All are sorted by path; so is the result.
pub(crate) fn with_edits(staged_pairs: Vec<Pair>, edited: &[Edited], staged: &Staged) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(staged_pairs.len());
    let mut staged_pairs = staged_pairs.into_iter().peekable();
    for edit in edited {
        while let Some(before) = staged_pairs.next_if(|pair| pair.path() < edit.path) {
            pairs.push(before);
        }
        let old = match staged_pairs.next_if(|pair| pair.path() == edit.path) {
            Some(pair) => pair.old,
            // The tree has what the index has.
            None => edit.at.and_then(|at| staged.entries().get(at)).map(|entry| entry.item()),
        };
        let pair = Pair { old, new: edit.now.clone() };
        pairs.extend(Some(pair).filter(|pair| !pair.is_none()));
    }
    pairs.extend(staged_pairs);
    pairs
}
