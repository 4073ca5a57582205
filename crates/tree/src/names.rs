//! The names of the tracked files alone: for who only asks whether files are tracked, a third of what the index takes.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use gix::bstr::{BStr, ByteSlice as _};

use crate::item;
use crate::staged::Staged;

/// The paths of the index below the root without submodules, sorted.
pub(crate) struct Names {
    /// One after the other.
    bytes: Box<[u8]>,
    places: Box<[Range<usize>]>,
    /// Where the last search ended.
    near: AtomicUsize,
}

impl Names {
    pub(crate) fn of(staged: &Staged) -> Self {
        let files = || staged.entries().iter().filter(|entry| !entry.is_submodule()).map(|entry| entry.path());
        let mut bytes = Vec::with_capacity(files().map(|path| path.len()).sum());
        let mut places = Vec::with_capacity(staged.entries().len());
        for path in files() {
            let start = bytes.len();
            bytes.extend_from_slice(path);
            places.push(start..bytes.len());
        }
        Self { bytes: bytes.into(), places: places.into(), near: AtomicUsize::new(0) }
    }

    /// All of them, as reports call them.
    pub(crate) fn shown(&self, prefix: &BStr) -> Vec<String> {
        self.places.iter().map(|place| item::shown(self.name(place), prefix).into_owned()).collect()
    }

    fn name(&self, place: &Range<usize>) -> &BStr {
        self.bytes.get(place.clone()).unwrap_or_default().as_bstr()
    }

    /// Whether it has the file that reports call `path`.
    pub(crate) fn contains(&self, prefix: &BStr, path: &str) -> bool {
        let name = |place: &Range<usize>| self.name(place);
        let at = item::find(&self.places, name, prefix, path, self.near.load(Relaxed));
        at.is_some_and(|at| {
            self.near.store(at, Relaxed);
            true
        })
    }
}
