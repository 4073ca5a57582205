//! A repository, its states, and what differs between them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::discover::upwards::TrustPolicy;
use gix::worktree::stack::state::attributes::Source;
use tollgate_check::{FileKind, Tree, TreeError};
use tollgate_input::Root;
use tollgate_model::Cause;

use crate::against;
use crate::changes::{self, ChangeSet};
use crate::commit::CommitTree;
use crate::compare::{self, Pair};
use crate::content::Contents;
use crate::discover::{self, Found};
use crate::error::{self, Result};
use crate::history;
use crate::index::IndexTree;
use crate::item::{self, Item};
use crate::links;
use crate::names::Names;
use crate::scan::{Scan, State};
use crate::staged::Staged;
use crate::store::{self, Handle, Store};
use crate::working::WorkingCopy;

/// A repository, and the root within it: files outside the root do not exist for its trees and changes.
///
/// Each state is read when it is first asked for, and once: later writes are seen by a new `Repository`. What git sets
/// for its hooks (`GIT_INDEX_FILE`) counts, unless it is meant for another repository.
#[derive(Debug)]
pub struct Repository {
    pub(crate) inner: Arc<Inner>,
    root_in_repository: String,
    branch: Option<String>,
    shallow: bool,
    remotes: bool,
}

impl Repository {
    /// The repository that the folder `root` lies in; none where it lies in none. An error where there is one that
    /// cannot be used: a bare one, a damaged one, one that belongs to another user and is no `safe.directory`.
    pub fn discover(root: &Path) -> Result<Option<Self>> {
        Self::discover_as(root, TrustPolicy::default())
    }

    /// The same with the owner looked at as `trust` says.
    pub(crate) fn discover_as(root: &Path, trust: TrustPolicy) -> Result<Option<Self>> {
        let root = Root::new(root).map_err(|e| error::input(&e))?;
        let Some(found) = discover::open(&root, trust)? else { return Ok(None) };
        let Found { repository, top, prefix } = found;
        let repo = repository.to_thread_local();
        let trouble = |e: gix::Error| error::git("cannot read HEAD", &e);
        let head = repo.head().map_err(trouble)?;
        let branch = head.referent_name().map(|name| name.shorten().to_str_lossy().into_owned());
        let head = if head.is_unborn() { None } else { Some(head.into_peeled_id().map_err(trouble)?.detach()) };
        let within = prefix.trim_end_with(|c| c == '/').to_str_lossy();
        Ok(Some(Self {
            root_in_repository: if within.is_empty() { ".".to_owned() } else { within.into_owned() },
            branch,
            shallow: repo.is_shallow().map_err(|e| error::git("cannot read the shallow file", &e))?,
            remotes: !repo.remote_names().is_empty(),
            inner: Arc::new(Inner {
                root,
                top,
                prefix,
                head: head.map(|id| (id, id.to_string())),
                store: Store::new(repository),
                staged: OnceLock::new(),
                names: OnceLock::new(),
                asked: AtomicUsize::new(0),
                scan: OnceLock::new(),
                edited: OnceLock::new(),
            }),
        }))
    }

    /// The root within the repository: `.` for its top, else `apps/api`.
    pub fn root_in_repository(&self) -> &str {
        &self.root_in_repository
    }

    /// Its top folder, canonical.
    pub fn top(&self) -> &Path {
        &self.inner.top
    }

    /// The same repository with its top as the root, so that all its files exist.
    pub fn whole(&self) -> Result<Self> {
        Self::discover(self.top())?
            .ok_or_else(|| TreeError::new(Cause::Missing, format!("{}: the repository is gone", self.top().display())))
    }

    /// The commit that is checked out, full hex; none before the first commit.
    pub fn head(&self) -> Option<&str> {
        self.inner.head_hex()
    }

    /// The branch that is checked out, such as `main`, even before its first commit; none when HEAD is detached.
    pub fn branch(&self) -> Option<&str> {
        self.branch.as_deref()
    }

    /// Whether its history is cut off: a clone made with `--depth`.
    pub fn is_shallow(&self) -> bool {
        self.shallow
    }

    /// Whether it knows other repositories to fetch from.
    pub fn has_remotes(&self) -> bool {
        self.remotes
    }

    /// The files as they lie on the disk: tracked ones that are there, and untracked ones that no ignore rule names.
    pub fn working_copy(&self) -> Box<dyn Tree> {
        Box::new(WorkingCopy::new(Arc::clone(&self.inner)))
    }

    /// The files as they would be committed now. Its methods fail while a merge is in conflict.
    pub fn index(&self) -> Box<dyn Tree> {
        Box::new(IndexTree::new(Arc::clone(&self.inner)))
    }

    /// The files of the commit that `rev` names, as [`resolve`](Self::resolve) understands it.
    pub fn commit_tree(&self, rev: &str) -> Result<Box<dyn Tree>> {
        self.commit_tree_at(rev, &self.root_in_repository)
    }

    /// The same where the root was `root` in that commit: `.` for the top, else `apps/api`.
    pub fn commit_tree_at(&self, rev: &str, root: &str) -> Result<Box<dyn Tree>> {
        let id = self.commit(rev)?;
        Ok(Box::new(CommitTree::new(Arc::clone(&self.inner), id, prefix_of(root))))
    }

    /// Whether the commit that `rev` names has the folder `folder`, named as [`root_in_repository`](Self::root_in_repository)
    /// does.
    pub fn has_folder(&self, rev: &str, folder: &str) -> Result<bool> {
        let id = self.commit(rev)?;
        let tree = self.inner.store.with(|repo| store::tree_at(repo, id, prefix_of(folder).as_bstr()))?;
        Ok(tree.is_some())
    }

    /// Where the file at `path`, from the top, lies in the commit that `rev` names once links inside the repository are
    /// followed; none where they lead to no file.
    pub fn follow(&self, rev: &str, path: &str) -> Result<Option<String>> {
        let id = self.commit(rev)?;
        self.inner.store.with(|repo| links::follow(repo, id, path))
    }

    /// The commit that `rev` names in git's words (`main`, `v1.0`, `HEAD~3`, hex digits), full hex; of a tag, the
    /// commit it stands for. The error says what to do, also where history is cut off.
    pub fn resolve(&self, rev: &str) -> Result<String> {
        self.commit(rev).map(|id| id.to_string())
    }

    /// The commit that the line of history of HEAD began with, full hex. None before the first commit, and where history is cut off.
    pub fn first_commit(&self) -> Option<String> {
        let head = self.inner.head()?;
        self.inner.store.with(|repo| history::first(repo, head)).map(|id| id.to_string())
    }

    /// The branch that this one is meant for, as name (`origin/main`) and commit in full hex: its configured upstream,
    /// else the default branch of `origin`, else `origin/main` or `origin/master`. None where none of them was fetched.
    pub fn upstream(&self) -> Option<(String, String)> {
        self.inner.store.with(|repo| history::upstream(repo))
    }

    /// The best common ancestor of two commits, full hex. The error says what to do where there is none, or where
    /// history is cut off before it.
    pub fn merge_base(&self, a: &str, b: &str) -> Result<String> {
        let (one, two) = (self.commit(a)?, self.commit(b)?);
        self.inner.store.with(|repo| history::merge_base(repo, one, two, (a, b))).map(|id| id.to_string())
    }

    /// What differs between the commit `base` and the working copy: staged or not, and untracked files as added.
    pub fn changes(&self, base: &str) -> Result<ChangeSet> {
        self.changes_from(base, &self.root_in_repository)
    }

    /// The same where the root was `root` in that commit: a file that only moved along with it does not differ.
    pub fn changes_from(&self, base: &str, root: &str) -> Result<ChangeSet> {
        let base = self.commit(base)?;
        changes::of(&self.inner, base, self.inner.differing(Some((base, prefix_of(root).as_bstr())))?)
    }

    /// What differs between two commits, the root having been `root` in `base`. Attributes are those of the working copy, as in
    /// git.
    pub fn changes_between(&self, (base, root): (&str, &str), head: &str) -> Result<ChangeSet> {
        let (base, head) = (self.commit(base)?, self.commit(head)?);
        let (before, now) = (prefix_of(root), self.inner.prefix());
        let mut old = self.inner.store.with(|repo| store::files_of(repo, base, before.as_bstr()))?;
        if before != now {
            for item in &mut old {
                let below = item.path.split_off(before.len());
                item.path = [now.as_bytes(), &below].concat().into();
            }
        }
        let pairs = compare::differing(old, self.inner.files_of(head)?);
        changes::of(&self.inner, base, pairs)
    }

    /// How many files below the root differ between HEAD and the working copy: changed, gone or new ones, a renamed one
    /// counted on both sides.
    pub fn uncommitted(&self) -> Result<u64> {
        let head = self.inner.head().map(|head| (head, self.inner.prefix()));
        Ok(self.inner.differing(head)?.len() as u64)
    }

    fn commit(&self, rev: &str) -> Result<ObjectId> {
        self.inner.store.with(|repo| history::resolve(repo, rev))
    }
}

/// The path of a folder with a slash at the end; empty for the top, `.`.
fn prefix_of(folder: &str) -> BString {
    if folder == "." { BString::default() } else { format!("{folder}/").into() }
}

/// How many files are looked for one by one before all are listed, which takes as long as some hundred times as much.
pub(crate) const ONE_BY_ONE: usize = 100;

/// What the trees of one repository share.
pub(crate) struct Inner {
    pub(crate) root: Root,
    pub(crate) top: PathBuf,
    prefix: BString,
    head: Option<(ObjectId, String)>,
    pub(crate) store: Store,
    staged: OnceLock<Result<Staged>>,
    names: OnceLock<Result<Names>>,
    /// How often one name was asked for.
    asked: AtomicUsize,
    scan: OnceLock<Result<Scan>>,
    edited: OnceLock<Result<Vec<Edited>>>,
}

impl Inner {
    /// Path of the root within the repository with a slash at the end, or empty.
    pub(crate) fn prefix(&self) -> &BStr {
        self.prefix.as_bstr()
    }

    /// The commit that is checked out.
    pub(crate) fn head(&self) -> Option<ObjectId> {
        self.head.as_ref().map(|(id, _)| *id)
    }

    /// The commit that is checked out, full hex.
    pub(crate) fn head_hex(&self) -> Option<&str> {
        self.head.as_ref().map(|(_, hex)| hex.as_str())
    }

    /// The files of a commit below the root.
    pub(crate) fn files_of(&self, commit: ObjectId) -> Result<Vec<Item>> {
        self.store.with(|repo| store::files_of(repo, commit, self.prefix()))
    }

    /// The index below the root.
    pub(crate) fn staged(&self) -> Result<&Staged> {
        once(&self.staged, || self.store.with(|repo| Staged::load(repo, self.prefix())))
    }

    /// The same where it can be committed: without a conflict.
    pub(crate) fn committable(&self) -> Result<&Staged> {
        let staged = self.staged()?;
        let Some(path) = staged.conflict() else { return Ok(staged) };
        let shown = item::shown(path, self.prefix());
        let message = format!("{shown}: a merge left it in conflict: edit it, then run \"git add {shown}\"");
        Err(TreeError::new(Cause::Unreadable, message).at(shown))
    }

    /// The names in the index below the root. The index is not kept for them.
    pub(crate) fn names(&self) -> Result<&Names> {
        once(&self.names, || match self.staged.get() {
            Some(staged) => staged.as_ref().map(Names::of).map_err(TreeError::clone),
            None => self.store.with(|repo| {
                let names = Names::read(&repo.index_path(), repo.object_hash().len_in_bytes(), self.prefix());
                names.map_or_else(|| Ok(Names::of(&Staged::load(repo, self.prefix())?)), Ok)
            }),
        })
    }

    /// Whether the file that reports call `path` is in the index.
    pub(crate) fn tracks(&self, path: &str) -> Result<bool> {
        // Who asks for many is better off with names alone.
        if self.asked.fetch_add(1, Relaxed) < ONE_BY_ONE
            && let Some(Ok(staged)) = self.staged.get()
        {
            return Ok(staged.find(self.prefix(), path).is_some_and(|entry| !entry.is_submodule()));
        }
        Ok(self.names()?.contains(self.prefix(), path))
    }

    /// How the working copy differs from the index.
    pub(crate) fn scan(&self) -> Result<&Scan> {
        once(&self.scan, || {
            let staged = self.staged()?;
            self.store.with(|repo| Scan::new(repo, &self.top, staged, self.prefix()))
        })
    }

    /// The same if it was looked at.
    pub(crate) fn scanned(&self) -> Option<&Scan> {
        self.scan.get()?.as_ref().ok()
    }

    /// What differs between a folder of a commit (none: nothing is there yet) and the working copy, sorted by path. What was
    /// in that folder is called as if it were below the root.
    fn differing(&self, old: Option<(ObjectId, &BStr)>) -> Result<Vec<Pair>> {
        let staged = self.staged()?;
        let edited = once(&self.edited, || self.store.with(|repo| self.edited(repo)))?;
        let pairs = self.store.with(|repo| against::differing(repo, old, staged, self.prefix()))?;
        Ok(compare::with_edits(pairs, edited, staged))
    }

    /// What differs between the index and the working copy, with the ids that the content has or would have.
    fn edited(&self, repo: &Handle) -> Result<Vec<Edited>> {
        let (staged, scan) = (self.staged()?, self.scan()?);
        let mut contents = Contents::new(repo, &self.top, staged, Source::WorktreeThenIdMapping)?;
        let mut on_disk = |path: &BStr, kind: FileKind, tracked: bool| -> Result<Item> {
            Ok(Item { path: path.to_owned(), kind, id: contents.id_of(path, kind, tracked)?, on_disk: true })
        };
        let mut edited = Vec::new();
        for (at, (entry, state)) in staged.entries().iter().zip(&scan.tracked).enumerate() {
            let now = match state {
                State::Same | State::LeftOut => continue,
                State::Unsure(kind) => {
                    let now = on_disk(entry.path(), *kind, true)?;
                    let same = now.id == entry.id() && !entry.is_intended();
                    if same && now.kind == entry.kind() {
                        continue;
                    }
                    Some(Item { on_disk: !same, ..now })
                }
                State::Gone => None,
            };
            edited.push(Edited { path: entry.path().to_owned(), at: Some(at), now });
        }
        for (path, kind) in &scan.untracked {
            let now = Some(on_disk(path.as_bstr(), *kind, false)?);
            edited.push(Edited { path: path.clone(), at: None, now });
        }
        edited.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(edited)
    }
}

/// A file of the working copy that is not as the index has it.
pub(crate) struct Edited {
    pub(crate) path: BString,
    /// Where the index has it, if it does.
    pub(crate) at: Option<usize>,
    /// What it is now; none when it is gone.
    pub(crate) now: Option<Item>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("top", &self.top).field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// What `cell` holds, filled by `make` if need be.
pub(crate) fn once<T>(cell: &OnceLock<Result<T>>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    cell.get_or_init(make).as_ref().map_err(TreeError::clone)
}
