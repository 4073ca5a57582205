//! The repository as it is at the base, laid together from what differs.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_check::{ChangeKind, Changes, FileKind, Tree, TreeError, TreeFile};

/// The tree of the base: the files of the subject, those that differ taken from the base commit.
pub(crate) struct BaseTree<'a> {
    subject: &'a dyn Tree,
    changes: &'a dyn Changes,
    /// Paths that the base has and whose content differs.
    differing: BTreeSet<&'a str>,
    /// Paths that the base does not have.
    added: BTreeSet<&'a str>,
}

impl<'a> BaseTree<'a> {
    /// The base of `subject`.
    pub(crate) fn new(subject: &'a dyn Tree, changes: &'a dyn Changes) -> Self {
        let (mut differing, mut added) = (BTreeSet::new(), BTreeSet::new());
        for file in changes.files() {
            match file.kind {
                ChangeKind::Added => {
                    added.insert(file.path.as_str());
                }
                ChangeKind::Modified | ChangeKind::Deleted => {
                    differing.insert(file.path.as_str());
                }
                ChangeKind::Renamed => {
                    added.insert(file.path.as_str());
                    differing.extend(file.old_path.as_deref());
                }
            }
        }
        for path in &differing {
            added.remove(path);
        }
        Self { subject, changes, differing, added }
    }
}

impl Tree for BaseTree<'_> {
    fn files(&self) -> Result<Vec<TreeFile>, TreeError> {
        let mut files: BTreeMap<String, TreeFile> = self
            .subject
            .files()?
            .into_iter()
            .filter(|file| !self.added.contains(file.path.as_str()))
            .map(|file| (file.path.clone(), file))
            .collect();
        for path in &self.differing {
            let file = TreeFile { path: (*path).to_owned(), tracked: true, kind: FileKind::File };
            files.entry((*path).to_owned()).or_insert(file);
        }
        Ok(files.into_values().collect())
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, TreeError> {
        if self.differing.contains(path)
            && let Some(bytes) = self.changes.read_base(path, limit)?
        {
            return Ok(bytes);
        }
        self.subject.read(path, limit)
    }

    fn contains(&self, path: &str) -> Result<bool, TreeError> {
        if self.differing.contains(path) {
            return Ok(true);
        }
        Ok(!self.added.contains(path) && self.subject.contains(path)?)
    }

    fn commit(&self) -> Option<&str> {
        Some(self.changes.base())
    }
}
