//! Which files differ between two lists.

use gix::bstr::{BStr, ByteSlice as _};

use crate::item::Item;

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
}

/// What differs between `old` and `new`, both sorted by path; so is the result.
pub(crate) fn differing(old: Vec<Item>, new: &[Item]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut old = old.into_iter().peekable();
    for item in new {
        while let Some(gone) = old.next_if(|before| before.path < item.path) {
            pairs.push(Pair { old: Some(gone), new: None });
        }
        match old.next_if(|before| before.path == item.path) {
            Some(before) if before.kind == item.kind && before.id == item.id => {}
            before => pairs.push(Pair { old: before, new: Some(item.clone()) }),
        }
    }
    pairs.extend(old.map(|gone| Pair { old: Some(gone), new: None }));
    pairs
}
