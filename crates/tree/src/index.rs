//! The files of the index: what would be committed now.

use std::sync::Arc;

use tollgate_check::{Tree, TreeError, TreeFile};
use tollgate_model::Cause;

use crate::commit;
use crate::error::Result;
use crate::item;
use crate::repository::Inner;
use crate::staged::{Entry, Staged};

/// The files of the index.
pub(crate) struct IndexTree {
    inner: Arc<Inner>,
}

impl IndexTree {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        Self { inner }
    }

    fn staged(&self) -> Result<&Staged> {
        let staged = self.inner.staged()?;
        let Some(path) = staged.conflict() else { return Ok(staged) };
        let shown = item::shown(path, self.inner.prefix());
        let message = format!("{shown}: a merge left it in conflict: edit it, then run \"git add {shown}\"");
        Err(TreeError::new(Cause::Unreadable, message).at(shown))
    }

    /// The entry of `path`, unless only its name was added.
    fn entry(&self, path: &str) -> Result<Option<Entry<'_>>> {
        let entry = self.staged()?.find(self.inner.prefix(), path);
        Ok(entry.filter(|entry| !entry.is_intended()))
    }
}

impl Tree for IndexTree {
    fn files(&self) -> Result<Vec<TreeFile>> {
        let entries = self.staged()?.entries().iter().filter(|entry| !entry.is_intended());
        Ok(item::listed(entries.map(|entry| (entry.path(), entry.kind(), true)), self.inner.prefix()))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>> {
        commit::read(&self.inner, self.entry(path)?.map(|entry| (entry.kind(), entry.id())), path, limit)
    }

    fn contains(&self, path: &str) -> Result<bool> {
        Ok(self.entry(path)?.is_some_and(|entry| !entry.is_submodule()))
    }

    fn commit(&self) -> Option<&str> {
        self.inner.head_hex()
    }
}
