//! The objects of a repository: handles for several threads, bounded reading of blobs, flat lists of trees.

use std::sync::{Mutex, MutexGuard};

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryKind;
use tollgate_check::TreeError;
use tollgate_model::Cause;

use crate::error::{self, Result};
use crate::item::{self, Item};

/// How many files and folders a tree may hold.
const MAX_ENTRIES: usize = 5_000_000;

/// A repository, and handles to it that are idle.
pub(crate) struct Store {
    shared: gix::ThreadSafeRepository,
    idle: Mutex<Vec<gix::Repository>>,
}

impl Store {
    pub(crate) fn new(shared: gix::ThreadSafeRepository) -> Self {
        Self { shared, idle: Mutex::default() }
    }

    /// What `work` makes of a handle. Handles keep caches, so they are used again.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&gix::Repository) -> T) -> T {
        let idle = self.idle().pop();
        let handle = idle.unwrap_or_else(|| self.shared.to_thread_local());
        let result = work(&handle);
        self.idle().push(handle);
        result
    }

    fn idle(&self) -> MutexGuard<'_, Vec<gix::Repository>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The bytes of a blob; none when there are more than `limit`. `path` is for the error.
pub(crate) fn blob(repo: &gix::Repository, id: ObjectId, limit: u64, path: &str) -> Result<Option<Vec<u8>>> {
    let trouble = |e: gix::Error| error::git(&format!("{path}: cannot read object {id}"), &e).at(path);
    let Some(header) = repo.try_find_header(id).map_err(trouble)? else {
        return Err(missing(repo, id, path).at(path));
    };
    if header.size() > limit {
        return Ok(None);
    }
    let object = repo.find_object(id).map_err(trouble)?;
    Ok(Some(object.detach().data))
}

/// The error for an object that is not there.
fn missing(repo: &gix::Repository, id: ObjectId, what: &str) -> TreeError {
    let next = if is_partial(repo) {
        "this is a partial clone; fetch the rest with \"git fetch --refetch --no-filter\" (in Actions: drop `filter`)"
    } else {
        "the repository is damaged; see \"git fsck\""
    };
    TreeError::new(Cause::Missing, format!("{what}: object {id} is not in the repository: {next}"))
}

/// Whether the clone left out objects, to be fetched when needed.
pub(crate) fn is_partial(repo: &gix::Repository) -> bool {
    let config = repo.config_snapshot();
    let promised = |name: &BStr| config.boolean(format!("remote.{name}.promisor").as_str()) == Some(true);
    config.string("extensions.partialClone").is_some() || repo.remote_names().iter().any(|n| promised(n.as_bstr()))
}

/// Every file of the commit's tree below `prefix` (`apps/api/`, or empty), sorted by path. None of them when there is no
/// such folder.
pub(crate) fn files_of(repo: &gix::Repository, commit: ObjectId, prefix: &BStr) -> Result<Vec<Item>> {
    let trouble = |e: gix::Error| error::git(&format!("cannot read commit {commit}"), &e);
    let mut tree = tree_of(repo, commit).map_err(trouble)?;
    for part in prefix.split_str("/").filter(|part| !part.is_empty()) {
        let entries = entries(repo, tree, prefix)?;
        match entries.into_iter().find(|entry| entry.kind == EntryKind::Tree && entry.name == part) {
            Some(entry) => tree = entry.id,
            None => return Ok(Vec::new()),
        }
    }
    flatten(repo, tree, prefix)
}

fn tree_of(repo: &gix::Repository, commit: ObjectId) -> std::result::Result<ObjectId, gix::Error> {
    Ok(repo.find_object(commit)?.peel_to_commit()?.tree_id()?.detach())
}

/// Every file below `tree`, whose path is `prefix`, sorted by path.
pub(crate) fn flatten(repo: &gix::Repository, tree: ObjectId, prefix: &BStr) -> Result<Vec<Item>> {
    let mut files = Vec::new();
    let mut seen = 0;
    let mut path: BString = prefix.to_owned();
    // Folders that are being listed: how long their path is and what is left of them.
    let mut open = vec![(path.len(), entries(repo, tree, prefix)?.into_iter())];
    while let Some((length, rest)) = open.last_mut() {
        path.truncate(*length);
        let Some(entry) = rest.next() else {
            open.pop();
            continue;
        };
        seen += 1;
        path.extend_from_slice(&entry.name);
        if seen > MAX_ENTRIES || !item::is_inside(path.as_bstr()) {
            return Err(TreeError::new(
                Cause::Unreadable,
                format!("tree {tree} is refused: {seen} entries and \"{path}\"; see \"git fsck\""),
            ));
        }
        match item::kind_of(entry.kind) {
            Some(kind) => files.push(Item { path: path.clone(), kind, id: entry.id, on_disk: false }),
            None => {
                path.push(b'/');
                open.push((path.len(), entries(repo, entry.id, path.as_bstr())?.into_iter()));
            }
        }
    }
    // Trees are sorted by name with `/` after folders, which is the order of whole paths; a damaged one need not be.
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

struct Entry {
    name: BString,
    kind: EntryKind,
    id: ObjectId,
}

fn entries(repo: &gix::Repository, tree: ObjectId, path: &BStr) -> Result<Vec<Entry>> {
    let what = if path.is_empty() { "the top folder".to_owned() } else { path.to_str_lossy().into_owned() };
    let found = repo.try_find_object(tree).map_err(|e| error::git(&format!("{what}: cannot read tree {tree}"), &e))?;
    let Some(object) = found else { return Err(missing(repo, tree, &what)) };
    let decoded = TreeRefIter::from_bytes(&object.data, repo.object_hash()).map(|entry| {
        let entry = entry?;
        Ok(Entry { name: entry.filename.to_owned(), kind: entry.mode.kind(), id: entry.oid.to_owned() })
    });
    decoded
        .collect::<std::result::Result<_, gix::Error>>()
        .map_err(|e| error::git(&format!("{what}: tree {tree} is damaged; see \"git fsck\""), &e))
}
