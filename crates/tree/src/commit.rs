//! The files of a commit.

use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use tollgate_check::{FileKind, Tree, TreeError, TreeFile};
use tollgate_input::InputError;
use tollgate_model::Cause;

use crate::error::{self, Result};
use crate::item::{self, Item};
use crate::repository::{Inner, once};
use crate::store;

/// The files of a commit.
pub(crate) struct CommitTree {
    inner: Arc<Inner>,
    id: ObjectId,
    hex: String,
    files: OnceLock<Result<Vec<Item>>>,
}

impl CommitTree {
    pub(crate) fn new(inner: Arc<Inner>, id: ObjectId) -> Self {
        Self { inner, id, hex: id.to_string(), files: OnceLock::new() }
    }

    fn items(&self) -> Result<&[Item]> {
        once(&self.files, || self.inner.files_of(self.id)).map(Vec::as_slice)
    }

    fn item(&self, path: &str) -> Result<Option<&Item>> {
        let items = self.items()?;
        Ok(item::find(items, |item| item.path.as_bstr(), self.inner.prefix(), path).map(|at| &items[at]))
    }
}

impl Tree for CommitTree {
    fn files(&self) -> Result<Vec<TreeFile>> {
        let items = self.items()?.iter().map(|item| (item.path.as_bstr(), item.kind, true));
        Ok(item::listed(items, self.inner.prefix()))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>> {
        read(&self.inner, self.item(path)?, path, limit)
    }

    fn contains(&self, path: &str) -> Result<bool> {
        Ok(self.item(path)?.is_some_and(|item| item.kind != FileKind::Submodule))
    }

    fn commit(&self) -> Option<&str> {
        Some(&self.hex)
    }
}

/// The bytes that the object store has for `item`, which was looked for as `path`.
pub(crate) fn read(inner: &Inner, item: Option<&Item>, path: &str, limit: u64) -> Result<Vec<u8>> {
    let Some(item) = item else {
        return Err(error::input(&InputError::Missing { path: path.to_owned() }));
    };
    if item.kind == FileKind::Submodule {
        return Err(TreeError::new(Cause::Unreadable, format!("{path}: is a submodule, which is not read")).at(path));
    }
    let bytes = inner.store.with(|repo| store::blob(repo, item.id, limit, path))?;
    bytes.ok_or_else(|| error::input(&InputError::TooLarge { path: path.to_owned(), limit }))
}
