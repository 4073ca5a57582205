//! The objects of a repository: handles for several threads, bounded reading of blobs, flat lists of trees.

use std::cell::{OnceCell, RefCell};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryKind;
use tollgate_check::{FileKind, TreeError};
use tollgate_model::Cause;

use crate::blobs::{Unpacked, Unpacker};
use crate::error::{self, Result};
use crate::item::{self, Item};

/// How many files and folders a tree may hold.
const MAX_ENTRIES: usize = 5_000_000;

/// A repository, and handles to it that are idle.
pub(crate) struct Store {
    shared: gix::ThreadSafeRepository,
    idle: Mutex<Vec<Handle>>,
}

/// A repository for one thread, and what it unpacked so far.
pub(crate) struct Handle {
    repo: gix::Repository,
    unpacker: OnceCell<Option<RefCell<Unpacker>>>,
}

impl Deref for Handle {
    type Target = gix::Repository;

    fn deref(&self) -> &gix::Repository {
        &self.repo
    }
}

impl Handle {
    fn new(repo: gix::Repository) -> Self {
        Self { repo, unpacker: OnceCell::new() }
    }

    /// The bytes of the object `id`, of whatever kind; none where it is not there.
    fn object(&self, id: ObjectId, limit: u64) -> std::result::Result<Option<Unpacked>, gix::Error> {
        let unpacker = self.unpacker.get_or_init(|| Unpacker::open(&self.repo).map(RefCell::new)).as_ref();
        if let Some(found) = unpacker.and_then(|unpacker| unpacker.borrow_mut().get(id, limit)) {
            return Ok(Some(found));
        }
        match self.repo.try_find_header(id)? {
            None => Ok(None),
            Some(header) if header.size() > limit => Ok(Some(Unpacked::Longer)),
            Some(_) => Ok(Some(Unpacked::Whole(Arc::new(self.repo.find_object(id)?.detach().data)))),
        }
    }
}

impl Store {
    pub(crate) fn new(shared: gix::ThreadSafeRepository) -> Self {
        Self { shared, idle: Mutex::default() }
    }

    /// What `work` makes of a handle. Handles keep caches, so they are used again.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Handle) -> T) -> T {
        let idle = self.idle().pop();
        let handle = idle.unwrap_or_else(|| Handle::new(self.shared.to_thread_local()));
        let result = work(&handle);
        self.idle().push(handle);
        result
    }

    /// A handle that is not shared with others, whose settings may be changed.
    pub(crate) fn fresh(&self) -> gix::Repository {
        self.shared.to_thread_local()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Handle>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The bytes of a blob; none when there are more than `limit`. `path` is for the error.
pub(crate) fn blob(repo: &Handle, id: ObjectId, limit: u64, path: &str) -> Result<Option<Vec<u8>>> {
    let trouble = |e: gix::Error| error::git(&format!("{path}: cannot read object {id}"), &e).at(path);
    match repo.object(id, limit).map_err(trouble)? {
        Some(Unpacked::Whole(bytes)) => Ok(Some(Arc::unwrap_or_clone(bytes))),
        Some(Unpacked::Longer) => Ok(None),
        None => Err(missing(repo, id, path).at(path)),
    }
}

/// The error for an object that is not there.
pub(crate) fn missing(repo: &gix::Repository, id: ObjectId, what: &str) -> TreeError {
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
pub(crate) fn files_of(repo: &Handle, commit: ObjectId, prefix: &BStr) -> Result<Vec<Item>> {
    match tree_at(repo, commit, prefix)? {
        Some(tree) => flatten(repo, tree, prefix),
        None => Ok(Vec::new()),
    }
}

/// The tree of the commit's folder `prefix` (`apps/api/`, or empty); none when there is no such folder.
pub(crate) fn tree_at(repo: &Handle, commit: ObjectId, prefix: &BStr) -> Result<Option<ObjectId>> {
    let trouble = |e: gix::Error| error::git(&format!("cannot read commit {commit}"), &e);
    let mut tree = tree_of(repo, commit).map_err(trouble)?;
    for part in prefix.split_str("/").filter(|part| !part.is_empty()) {
        match Listed::read(repo, tree, prefix)?.find(part.as_bstr(), |kind| kind == EntryKind::Tree) {
            Some((_, id)) => tree = id,
            None => return Ok(None),
        }
    }
    Ok(Some(tree))
}

/// Kind and id of the commit's file at `path`; none when there is no such file.
pub(crate) fn file_at(repo: &Handle, commit: ObjectId, path: &BStr) -> Result<Option<(FileKind, ObjectId)>> {
    if !item::is_inside(path) {
        return Ok(None);
    }
    let (folder, name) = path.split_at(path.rfind_byte(b'/').map_or(0, |slash| slash + 1));
    let Some(tree) = tree_at(repo, commit, folder.as_bstr())? else { return Ok(None) };
    let found = Listed::read(repo, tree, folder.as_bstr())?.find(name.as_bstr(), |kind| kind != EntryKind::Tree);
    Ok(found.and_then(|(kind, id)| Some((item::kind_of(kind)?, id))))
}

fn tree_of(repo: &gix::Repository, commit: ObjectId) -> std::result::Result<ObjectId, gix::Error> {
    Ok(repo.find_object(commit)?.peel_to_commit()?.tree_id()?.detach())
}

/// Every file below `tree`, whose path is `prefix`, sorted by path.
pub(crate) fn flatten(repo: &Handle, tree: ObjectId, prefix: &BStr) -> Result<Vec<Item>> {
    let mut files = Vec::new();
    let mut walk = Walk::new(repo, tree);
    let mut path: BString = prefix.to_owned();
    // Folders that are being listed: how long their path is and what is left of them.
    let mut open = vec![(path.len(), walk.open(tree, prefix)?)];
    while let Some((length, rest)) = open.last_mut() {
        path.truncate(*length);
        let Some((name, kind, id)) = rest.next() else {
            open.pop();
            continue;
        };
        path.extend_from_slice(name);
        walk.admit(name, path.as_bstr())?;
        match item::kind_of(kind) {
            Some(kind) => files.push(Item { path: path.clone(), kind, id, on_disk: false }),
            None => {
                path.push(b'/');
                open.push((path.len(), walk.open(id, path.as_bstr())?));
            }
        }
    }
    // Trees are sorted by name with `/` after folders, which is the order of whole paths; a damaged one need not be.
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// A way through the folders of a tree, which is foreign input.
pub(crate) struct Walk<'r> {
    repo: &'r Handle,
    tree: ObjectId,
    seen: usize,
}

impl<'r> Walk<'r> {
    pub(crate) fn new(repo: &'r Handle, tree: ObjectId) -> Self {
        Self { repo, tree, seen: 0 }
    }

    /// Counts one more entry: `name`, in all `path`. An error when there are too many, or when it leads elsewhere.
    pub(crate) fn admit(&mut self, name: &BStr, path: &BStr) -> Result<()> {
        self.seen += 1;
        // The folder was admitted when it was an entry itself.
        if self.seen <= MAX_ENTRIES && path.len() <= item::LONGEST && item::is_inside(name) {
            return Ok(());
        }
        let Self { tree, seen, .. } = self;
        Err(TreeError::new(
            Cause::Unreadable,
            format!("tree {tree} is refused: {seen} entries and \"{path}\"; see \"git fsck\""),
        ))
    }

    /// The folder at `path`.
    pub(crate) fn open(&self, tree: ObjectId, path: &BStr) -> Result<Listed> {
        Listed::read(self.repo, tree, path)
    }
}

/// The entries of one folder of a tree, in the order of the paths of the files in it.
pub(crate) struct Listed {
    data: Arc<Vec<u8>>,
    entries: std::vec::IntoIter<Entry>,
}

/// One entry: where its name stands, its kind, its id.
type Entry = (std::ops::Range<usize>, EntryKind, ObjectId);

impl Listed {
    fn read(repo: &Handle, tree: ObjectId, path: &BStr) -> Result<Self> {
        let what = || if path.is_empty() { "the top folder".to_owned() } else { path.to_str_lossy().into_owned() };
        let trouble = |e: gix::Error| error::git(&format!("{}: cannot read tree {tree}", what()), &e);
        let data = match repo.object(tree, u64::MAX).map_err(trouble)? {
            Some(Unpacked::Whole(data)) => data,
            _ => return Err(missing(repo, tree, &what())),
        };
        let mut entries = Vec::new();
        let mut rest = TreeRefIter::from_bytes(&data, repo.object_hash());
        while let Some(entry) = rest.next() {
            let entry =
                entry.map_err(|e| error::git(&format!("{}: tree {tree} is damaged; see \"git fsck\"", what()), &e))?;
            // A name is followed by a zero and the id.
            let after = rest.offset_to_next_entry(&data);
            let end = after.saturating_sub(entry.oid.as_bytes().len() + 1);
            entries.push((end.saturating_sub(entry.filename.len())..end, entry.mode.kind(), entry.oid.to_owned()));
        }
        let ordered = |a: &Entry, b: &Entry| order(&data, a).cmp(order(&data, b));
        // git writes them in order; whoever else wrote them need not have.
        if !entries.is_sorted_by(|a, b| ordered(a, b).is_le()) {
            entries.sort_by(ordered);
        }
        Ok(Self { data, entries: entries.into_iter() })
    }

    /// Kind and id of the first entry of this name and such a kind.
    fn find(&mut self, wanted: &BStr, fits: impl Fn(EntryKind) -> bool) -> Option<(EntryKind, ObjectId)> {
        while let Some((name, kind, id)) = self.next() {
            if name == wanted && fits(kind) {
                return Some((kind, id));
            }
        }
        None
    }

    /// Name, kind and id of the next entry.
    pub(crate) fn next(&mut self) -> Option<(&BStr, EntryKind, ObjectId)> {
        let (name, kind, id) = self.entries.next()?;
        Some((self.data.get(name).unwrap_or_default().as_bstr(), kind, id))
    }
}

/// What git sorts a tree by: the name, a folder's with `/` at its end.
fn order<'a>(data: &'a [u8], (name, kind, _): &Entry) -> impl Iterator<Item = &'a u8> {
    let end: &[u8] = if *kind == EntryKind::Tree { b"/" } else { b"" };
    data.get(name.clone()).unwrap_or_default().iter().chain(end)
}
