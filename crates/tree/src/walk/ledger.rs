//! Which blobs were told of, and where.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use tollgate_check::FileKind;

use super::Place;
use super::facts::Lazy;
use super::objects::Objects;
use crate::Id;

/// At how many paths a blob is told of, at most.
const PATHS: u8 = 20;

/// Which blobs were told of, and where.
pub(crate) struct Ledger<'w> {
    found: &'w mut dyn FnMut(Place<'_>),
    blobs: HashMap<ObjectId, Seen>,
    /// Hashes of blobs and their paths, from the second path of a blob on.
    places: HashSet<u64>,
    /// Hashes of the paths of submodules.
    submodules: HashSet<u64>,
    hasher: RandomState,
}

/// What is known of a blob.
enum Seen {
    /// The old side has it.
    Old,
    /// At how many paths it was told of, and a hash of the first one.
    New(u8, u64),
}

impl<'w> Ledger<'w> {
    pub(crate) fn new(found: &'w mut dyn FnMut(Place<'_>)) -> Self {
        let (blobs, places, submodules, hasher) = Default::default();
        Self { found, blobs, places, submodules, hasher }
    }

    /// Takes a file for old.
    pub(crate) fn hide(&mut self, kind: FileKind, id: ObjectId) {
        if kind != FileKind::Submodule {
            self.blobs.insert(id, Seen::Old);
        }
    }

    /// Tells of a file unless it is old or was told of at this path before. When it is new, it is looked whether it is
    /// there at all.
    pub(crate) fn show(
        &mut self,
        objects: &mut Objects,
        path: &BStr,
        kind: FileKind,
        id: ObjectId,
        commit: Option<&Lazy<'_>>,
    ) {
        if kind == FileKind::Submodule {
            self.submodules.insert(self.hasher.hash_one(path));
            return;
        }
        match self.blobs.get_mut(&id) {
            Some(Seen::Old | Seen::New(PATHS.., _)) => return,
            Some(Seen::New(paths, first)) => {
                let place = self.hasher.hash_one((path, id));
                if place == *first || !self.places.insert(place) {
                    return;
                }
                *paths += 1;
            }
            None => {
                self.blobs.insert(id, Seen::New(1, self.hasher.hash_one((path, id))));
                objects.find(id, || path.to_str_lossy().into_owned());
            }
        }
        let commit = commit.map(|commit| commit.get(objects));
        (self.found)(Place { id: Id(id), path: &path.to_str_lossy(), kind, commit });
    }

    /// Blobs of the old side that `new` has not, in order.
    pub(crate) fn replaced(&self, new: &HashSet<ObjectId>) -> Vec<Id> {
        let old = self.blobs.iter().filter(|(id, seen)| matches!(seen, Seen::Old) && !new.contains(*id));
        let mut ids: Vec<Id> = old.map(|(id, _)| Id(*id)).collect();
        ids.sort_unstable();
        ids
    }

    /// How many blobs were told of.
    pub(crate) fn blobs(&self) -> u64 {
        self.blobs.values().filter(|seen| matches!(seen, Seen::New(..))).count() as u64
    }

    /// How many paths are submodules.
    pub(crate) fn submodules(&self) -> u64 {
        self.submodules.len() as u64
    }
}
