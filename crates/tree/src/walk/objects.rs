//! Objects of a walk, and those of them that are not there.

use gix::ObjectId;
use gix::objs::{Exists as _, Find as _, Kind};
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use tollgate_check::TreeError;

use crate::{error, store};

/// How many missing objects are told of one by one.
const TOLD: usize = 20;
/// How many bytes of objects are kept for what is made from them.
const CACHE: usize = 48 << 20;

/// Reads objects as they are stored, whatever `refs/replace` says, and counts what is not there.
pub(crate) struct Objects {
    pub(crate) repo: gix::Repository,
    pub(crate) missing: u64,
    /// Some of the missing ones.
    pub(crate) troubles: Vec<TreeError>,
}

impl Objects {
    /// `repo` is for this alone.
    pub(crate) fn new(mut repo: gix::Repository) -> Self {
        repo.objects.ignore_replacements = true;
        // What is missing is not looked for anew each time.
        repo.objects.refresh_never();
        repo.objects.unset_object_cache();
        repo.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(CACHE)));
        Self { repo, missing: 0, troubles: Vec::new() }
    }

    /// Makes `bytes` those of the object `id` and tells its kind; none when it is not there, which is counted. `what` is
    /// for the message.
    pub(crate) fn read(&mut self, id: ObjectId, bytes: &mut Vec<u8>, what: impl Fn() -> String) -> Option<Kind> {
        if id.is_empty_tree() {
            bytes.clear();
            return Some(Kind::Tree);
        }
        match self.repo.objects.try_find(&id, bytes) {
            Ok(Some(object)) => return Some(object.kind),
            Ok(None) => self.lack(|repo| store::missing(repo, id, &what())),
            Err(e) => self.lack(|_| error::git(&format!("{}: cannot read object {id}", what()), &e)),
        }
        None
    }

    /// Whether the object `id` is there; it is counted when it is not.
    pub(crate) fn find(&mut self, id: ObjectId, what: impl Fn() -> String) {
        if !id.is_empty_blob() && !self.repo.objects.exists(&id) {
            self.lack(|repo| store::missing(repo, id, &what()));
        }
    }

    /// What `work` gives. What it does not find is not counted.
    pub(crate) fn quietly<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let (missing, told) = (self.missing, self.troubles.len());
        let result = work(self);
        self.missing = missing;
        self.troubles.truncate(told);
        result
    }

    /// Counts an object that is not there or makes no sense.
    pub(crate) fn lack(&mut self, why: impl FnOnce(&gix::Repository) -> TreeError) {
        self.missing += 1;
        if self.troubles.len() < TOLD {
            self.troubles.push(why(&self.repo));
        }
    }
}
