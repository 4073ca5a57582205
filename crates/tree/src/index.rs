//! The files of the index: what would be committed now.

use std::sync::Arc;

use tollgate_check::{Tree, TreeFile};

use crate::commit;
use crate::error::Result;
use crate::item;
use crate::repository::Inner;
use crate::staged::Entry;

/// The files of the index.
pub(crate) struct IndexTree {
    inner: Arc<Inner>,
}

impl IndexTree {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        Self { inner }
    }

    /// The entry of `path`, unless only its name was added.
    fn entry(&self, path: &str) -> Result<Option<Entry<'_>>> {
        let entry = self.inner.committable()?.find(self.inner.prefix(), path);
        Ok(entry.filter(|entry| !entry.is_intended()))
    }
}

impl Tree for IndexTree {
    fn files(&self) -> Result<Vec<TreeFile>> {
        let entries = self.inner.committable()?.entries().iter().filter(|entry| !entry.is_intended());
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
