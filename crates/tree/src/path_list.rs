//! Many paths in one place.

use gix::bstr::{BStr, ByteSlice as _};

/// Paths, one after the other. They have less than 4 GB.
#[derive(Debug, Default)]
pub(crate) struct PathList {
    bytes: Vec<u8>,
    /// Where each ends; it begins where the one before it ends.
    ends: Vec<u32>,
}

impl PathList {
    /// An empty one with room for so many paths, of so many bytes in all.
    pub(crate) fn with_room((count, bytes): (usize, usize)) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ends: Vec::with_capacity(count) }
    }

    pub(crate) fn push(&mut self, path: &BStr) {
        self.bytes.extend_from_slice(path);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// Whether all that was put in can be found.
    pub(crate) fn is_whole(&self) -> bool {
        u32::try_from(self.bytes.len()).is_ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The path at `at`; empty where there is none.
    pub(crate) fn get(&self, at: usize) -> &BStr {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.bytes.get(start..end(at)).unwrap_or_default().as_bstr()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &BStr> {
        (0..self.len()).map(|at| self.get(at))
    }
}
