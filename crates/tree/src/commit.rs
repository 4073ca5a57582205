//! The files of a commit.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use gix::bstr::{BString, ByteSlice as _};
use tollgate_check::{FileKind, Tree, TreeError, TreeFile};
use tollgate_input::InputError;
use tollgate_model::Cause;

use crate::error::{self, Result};
use crate::item::{self, Item};
use crate::repository::{Inner, ONE_BY_ONE, once};
use crate::store;

/// The files of a commit.
pub(crate) struct CommitTree {
    inner: Arc<Inner>,
    id: ObjectId,
    hex: String,
    /// The root in that commit, with a slash at the end, or empty.
    prefix: BString,
    files: OnceLock<Result<Vec<Item>>>,
    /// How often one file was asked for.
    asked: AtomicUsize,
}

impl CommitTree {
    pub(crate) fn new(inner: Arc<Inner>, id: ObjectId, prefix: BString) -> Self {
        Self { inner, id, hex: id.to_string(), prefix, files: OnceLock::new(), asked: AtomicUsize::new(0) }
    }

    fn items(&self) -> Result<&[Item]> {
        let files = || self.inner.store.with(|repo| store::files_of(repo, self.id, self.prefix.as_bstr()));
        once(&self.files, files).map(Vec::as_slice)
    }

    /// Kind and id of the file at `path`.
    fn file(&self, path: &str) -> Result<Option<(FileKind, ObjectId)>> {
        // Only a list tells which name is shown with a replaced byte.
        let is_exact = !path.contains('\u{FFFD}');
        if is_exact && self.files.get().is_none() && self.asked.fetch_add(1, Relaxed) < ONE_BY_ONE {
            let full = item::full(self.prefix.as_bstr(), path);
            return self.inner.store.with(|repo| store::file_at(repo, self.id, &full));
        }
        let items = self.items()?;
        let at = item::find(items.len(), |at| items[at].path.as_bstr(), self.prefix.as_bstr(), path, 0);
        Ok(at.and_then(|at| items.get(at)).map(|item| (item.kind, item.id)))
    }
}

impl Tree for CommitTree {
    fn files(&self) -> Result<Vec<TreeFile>> {
        let items = self.items()?.iter().map(|item| (item.path.as_bstr(), item.kind, true));
        Ok(item::listed(items, self.prefix.as_bstr()))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>> {
        read(&self.inner, self.file(path)?, path, limit)
    }

    fn contains(&self, path: &str) -> Result<bool> {
        Ok(self.file(path)?.is_some_and(|(kind, _)| kind != FileKind::Submodule))
    }

    fn commit(&self) -> Option<&str> {
        Some(&self.hex)
    }
}

/// The bytes that the object store has for a file of this kind and id, which was looked for as `path`.
pub(crate) fn read(inner: &Inner, file: Option<(FileKind, ObjectId)>, path: &str, limit: u64) -> Result<Vec<u8>> {
    let Some((kind, id)) = file else {
        return Err(error::input(&InputError::Missing { path: path.to_owned() }));
    };
    if kind == FileKind::Submodule {
        return Err(TreeError::new(Cause::Unreadable, format!("{path}: is a submodule, which is not read")).at(path));
    }
    let bytes = inner.store.with(|repo| store::blob(repo, id, limit, path))?;
    bytes.ok_or_else(|| error::input(&InputError::TooLarge { path: path.to_owned(), limit }))
}
