//! Where objects lie: packs and folders of loose objects, of the repository and of those that it borrows from.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use gix::ObjectId;
use tollgate_check::TreeError;
use tollgate_model::Cause;

use super::pack::Pack;
use crate::error::{self, Result};

/// Everything that has objects.
pub(crate) struct Sources {
    pub(crate) packs: Vec<Pack>,
    /// Indexes whose packs are gone.
    pub(crate) orphans: Vec<gix::odb::pack::index::File>,
    /// Loose objects by name, each with its folder.
    pub(crate) loose: Vec<(ObjectId, u32)>,
    /// Folders of objects.
    folders: Vec<PathBuf>,
    /// What could not be opened.
    pub(crate) troubles: Vec<TreeError>,
}

impl Sources {
    pub(crate) fn open(repo: &gix::Repository) -> Result<Self> {
        let store = repo.objects.store_ref();
        let mut folders = vec![store.path().to_owned()];
        folders.extend(store.alternate_db_paths().map_err(|e| {
            error::git("cannot find the repositories that this one borrows objects from (objects/info/alternates)", &e)
        })?);
        let (packs, orphans, loose, troubles) = Default::default();
        let mut sources = Self { packs, orphans, loose, folders: Vec::new(), troubles };
        for folder in folders {
            let listed = sources.list_packs(&folder, repo.object_hash());
            let listed = listed.and_then(|()| sources.list_loose(&folder, repo.object_hash()));
            if let Err(e) = listed {
                sources.troubles.push(error::io(&folder.display().to_string(), &e));
            }
            sources.folders.push(folder);
        }
        sources.loose.sort_unstable();
        Ok(sources)
    }

    fn list_packs(&mut self, folder: &Path, hash: gix::hash::Kind) -> io::Result<()> {
        let entries = match fs::read_dir(folder.join("pack")) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return fs::metadata(folder).map(drop),
            entries => entries?,
        };
        let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
        let mut paths = paths?;
        paths.sort();
        for path in &paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // Others are being written, or left over.
            if !name.starts_with("pack-") {
                continue;
            }
            if name.ends_with(".idx") {
                match Pack::index(path, hash).and_then(Pack::open) {
                    Ok(Ok(pack)) => self.packs.push(pack),
                    Ok(Err(index)) => self.orphans.push(index),
                    Err(e) => self.troubles.push(e),
                }
            } else if name.ends_with(".pack") && paths.binary_search(&path.with_extension("idx")).is_err() {
                self.troubles.push(TreeError::new(
                    Cause::Missing,
                    format!("{name}: has no index, so git does not see it: run \"git index-pack\" on it, or remove it"),
                ));
            }
        }
        Ok(())
    }

    fn list_loose(&mut self, folder: &Path, hash: gix::hash::Kind) -> io::Result<()> {
        let number = self.folders.len() as u32;
        for first in 0..=u8::MAX {
            let start = format!("{first:02x}");
            let entries = match fs::read_dir(folder.join(&start)) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let name = [start.as_bytes(), entry?.file_name().as_encoded_bytes()].concat();
                let id = ObjectId::from_hex(&name).ok().filter(|id| id.kind() == hash);
                self.loose.extend(id.map(|id| (id, number)));
            }
        }
        Ok(())
    }

    /// Where the loose object at `position` lies.
    pub(crate) fn place(&self, position: usize) -> Option<(ObjectId, PathBuf)> {
        let (id, folder) = self.loose.get(position)?;
        let hex = id.to_string();
        let (start, rest) = hex.split_at_checked(2)?;
        Some((*id, self.folders.get(*folder as usize)?.join(start).join(rest)))
    }

    /// How many sources there are: every pack, and the loose objects.
    pub(crate) fn count(&self) -> usize {
        self.packs.len() + 1
    }

    /// How many objects a source has.
    pub(crate) fn len(&self, source: usize) -> usize {
        self.packs.get(source).map_or(self.loose.len(), |pack| pack.index.num_objects() as usize)
    }

    /// The name of the object that a source has at `position`.
    pub(crate) fn id(&self, source: usize, position: usize) -> Option<ObjectId> {
        match self.packs.get(source) {
            Some(pack) if position < pack.index.num_objects() as usize => Some(pack.id(position as u32)),
            Some(_) => None,
            None => self.loose.get(position).map(|(id, _)| *id),
        }
    }

    /// Where a source has the object `id`, each time that it has it.
    pub(crate) fn positions(&self, source: usize, id: ObjectId) -> std::ops::Range<usize> {
        match self.packs.get(source) {
            Some(pack) => pack.index.lookup(id).map_or(0..0, |at| at as usize..at as usize + 1),
            None => {
                let start = self.loose.partition_point(|(other, _)| *other < id);
                start..start + self.loose[start..].partition_point(|(other, _)| *other == id)
            }
        }
    }

    /// Every object of every source by name, with the source and the position there.
    pub(crate) fn sorted(&self) -> impl Iterator<Item = (ObjectId, usize, usize)> {
        let first = |source| Some(Reverse((self.id(source, 0)?, source, 0)));
        let mut next: BinaryHeap<_> = (0..self.count()).filter_map(first).collect();
        std::iter::from_fn(move || {
            let Reverse((id, source, position)) = next.pop()?;
            next.extend(self.id(source, position + 1).map(|id| Reverse((id, source, position + 1))));
            Some((id, source, position))
        })
    }
}

/// The objects that lie in more than one place, and which of them were visited.
pub(crate) struct Shared {
    ids: Vec<ObjectId>,
    claimed: Vec<AtomicBool>,
}

impl Shared {
    /// Of names in order.
    pub(crate) fn among(ids: impl Iterator<Item = ObjectId>) -> Self {
        let mut shared = Vec::new();
        let mut last = None;
        for id in ids {
            if last == Some(id) && shared.last() != Some(&id) {
                shared.push(id);
            }
            last = Some(id);
        }
        let claimed = shared.iter().map(|_| AtomicBool::new(false)).collect();
        Self { ids: shared, claimed }
    }

    /// Whether `id` is yet to be visited.
    pub(crate) fn is_open(&self, id: &ObjectId) -> bool {
        self.cell(id).is_none_or(|cell| !cell.load(Relaxed))
    }

    /// Whether the caller is the one to visit `id`.
    pub(crate) fn claim(&self, id: &ObjectId) -> bool {
        self.cell(id).is_none_or(|cell| !cell.swap(true, Relaxed))
    }

    fn cell(&self, id: &ObjectId) -> Option<&AtomicBool> {
        self.ids.binary_search(id).ok().and_then(|at| self.claimed.get(at))
    }
}

/// Objects of sources, by their positions.
pub(crate) struct Marks(Vec<Vec<AtomicU64>>);

impl Marks {
    pub(crate) fn new(sources: &Sources) -> Self {
        let row = |source| (0..sources.len(source).div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        Self((0..sources.count()).map(row).collect())
    }

    pub(crate) fn set(&self, source: usize, position: usize) {
        if let Some(word) = self.0.get(source).and_then(|row| row.get(position / 64)) {
            word.fetch_or(1 << (position % 64), Relaxed);
        }
    }

    pub(crate) fn has(&self, source: usize, position: usize) -> bool {
        let word = self.0.get(source).and_then(|row| row.get(position / 64));
        word.is_some_and(|word| word.load(Relaxed) >> (position % 64) & 1 == 1)
    }

    /// Whether one of the sources has the object `id` marked.
    pub(crate) fn any(&self, sources: &Sources, id: ObjectId) -> bool {
        (0..sources.count()).any(|source| sources.positions(source, id).any(|at| self.has(source, at)))
    }
}

/// What is known of objects, by all threads together.
pub(crate) struct Known {
    pub(crate) shared: Shared,
    pub(crate) visited: Marks,
    /// Those that are no blobs.
    pub(crate) others: Marks,
}

impl Known {
    pub(crate) fn new(sources: &Sources, shared: Shared) -> Self {
        Self { shared, visited: Marks::new(sources), others: Marks::new(sources) }
    }
}
