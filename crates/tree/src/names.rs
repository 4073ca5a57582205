//! The names of the tracked files alone: for who only asks whether files are tracked, a third of what the index takes.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use gix::bstr::BStr;
use tollgate_check::FileKind;

use crate::index_file::IndexFile;
use crate::item;
use crate::known::KnownTrees;
use crate::path_list::PathList;
use crate::staged::Staged;

/// The paths of the index below the root without submodules, sorted.
#[derive(Debug, Default)]
pub(crate) struct Names {
    all: PathList,
    /// Where the last search ended.
    near: AtomicUsize,
}

impl Names {
    pub(crate) fn of(staged: &Staged) -> Self {
        let mut names = Self::default();
        for entry in staged.entries().iter().filter(|entry| !entry.is_submodule()) {
            names.all.push(entry.path());
        }
        names
    }

    /// Those below `prefix` of the index at `place`, whose ids have `hash` bytes. None where it is not a plain list of files;
    /// then it is to be read as a whole.
    pub(crate) fn read(place: &Path, hash: usize, prefix: &BStr) -> Option<Self> {
        let file = File::open(place).ok()?;
        let size = file.metadata().ok()?.len();
        Self::parse(file, size, hash, prefix)
    }

    fn parse(index: impl Read, size: u64, hash: usize, prefix: &BStr) -> Option<Self> {
        let index = IndexFile::open(index, hash)?;
        let mut all = PathList::with_room(index.room(size));
        index.read(|entry| {
            if entry.kind != FileKind::Submodule && entry.path.starts_with(prefix) {
                all.push(entry.path);
            }
        })?;
        all.is_whole().then(|| Self { all, near: AtomicUsize::new(0) })
    }

    /// All of them, as reports call them.
    pub(crate) fn shown(&self, prefix: &BStr) -> Vec<String> {
        self.all.iter().map(|name| item::shown(name, prefix).into_owned()).collect()
    }

    /// Whether it has the file that reports call `path`.
    pub(crate) fn contains(&self, prefix: &BStr, path: &str) -> bool {
        let at = item::find(self.all.len(), |at| self.all.get(at), prefix, path, self.near.load(Relaxed));
        at.is_some_and(|at| {
            self.near.store(at, Relaxed);
            true
        })
    }
}

/// Reads `bytes` as an index, whole and below a folder: what is in the folder is what the whole has there, and all are found. Reads
/// them as its extension `TREE` too: each folder is found in the one it lies in.
#[doc(hidden)]
pub fn fuzz_index(bytes: &[u8]) {
    let (top, folder) = (BStr::new(""), BStr::new("a/"));
    for hash in [20, 32] {
        KnownTrees::parse(bytes, hash).iter().for_each(KnownTrees::check);
        let parse = |prefix| Names::parse(bytes, bytes.len() as u64, hash, prefix);
        let (all, below) = (parse(top), parse(folder));
        assert_eq!(all.is_some(), below.is_some());
        let (Some(all), Some(below)) = (all, below) else { continue };
        let names = all.shown(top);
        assert!(names.iter().all(|name| all.contains(top, name)));
        let inside: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("a/")).collect();
        assert_eq!(below.shown(folder), inside);
    }
}
