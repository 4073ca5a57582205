//! What a change touches, in the form that travels to child processes.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use tollgate_check::{ChangeKind, ChangedFile, Changes, Tree, TreeError};
use tollgate_model::Cause;
use tollgate_policy::Change;
use tollgate_tree::Repository;

/// Every file that differs from a base commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChangeList {
    pub(crate) base: String,
    pub(crate) files: Vec<ChangedFile>,
}

/// A list of changes, together with the repository that has the base's files.
pub(crate) struct WithBase<'a> {
    list: &'a ChangeList,
    /// The repository, and the root as the base has it.
    repository: Option<(&'a Repository, &'a str)>,
    tree: OnceLock<Result<Box<dyn Tree>, TreeError>>,
}

impl<'a> WithBase<'a> {
    pub(crate) fn new(list: &'a ChangeList, repository: Option<(&'a Repository, &'a str)>) -> Self {
        Self { list, repository, tree: OnceLock::new() }
    }

    fn open(&self) -> Result<Box<dyn Tree>, TreeError> {
        let none = || TreeError::new(Cause::Missing, "the base's files lie in a git repository, and here is none");
        let (repository, root) = self.repository.ok_or_else(none)?;
        repository.commit_tree_at(&self.list.base, root)
    }
}

impl Changes for WithBase<'_> {
    fn base(&self) -> &str {
        &self.list.base
    }

    fn files(&self) -> &[ChangedFile] {
        &self.list.files
    }

    fn read_base(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        let tree = self.tree.get_or_init(|| self.open()).as_ref().map_err(TreeError::clone)?;
        if tree.contains(path)? { tree.read(path, limit).map(Some) } else { Ok(None) }
    }
}

/// What is known of the change.
#[derive(Clone, Debug)]
pub(crate) enum Difference {
    /// These files differ.
    Known(ChangeList),
    /// There is nothing to compare with yet, for this reason.
    NotYet(String),
    /// It could not be told, for this reason.
    Unknown(String),
}

impl Difference {
    /// The same as policy wants it.
    pub(crate) fn change(&self) -> Change {
        match self {
            Self::NotYet(because) => Change::NotYet(because.clone()),
            Self::Unknown(because) => Change::Unknown(because.clone()),
            Self::Known(list) => {
                let both = |f: &ChangedFile| [Some(f.path.clone()), f.old_path.clone()];
                Change::Known(list.files.iter().flat_map(both).flatten().collect())
            }
        }
    }

    /// Files with another name than at the base: old names to new ones.
    pub(crate) fn renamed(&self) -> BTreeMap<String, String> {
        let Self::Known(list) = self else { return BTreeMap::new() };
        let pair = |file: &ChangedFile| Some((file.old_path.clone()?, file.path.clone()));
        list.files.iter().filter_map(pair).filter(|(old, new)| old != new).collect()
    }

    /// The same as a child process wants it.
    pub(crate) fn wire(&self) -> Result<ChangeList, String> {
        match self {
            Self::Known(list) => Ok(list.clone()),
            Self::NotYet(because) | Self::Unknown(because) => Err(because.clone()),
        }
    }

    /// Whether the file at `path` is there no more.
    pub(crate) fn removes(&self, path: &str) -> bool {
        let Self::Known(list) = self else { return false };
        let gone = |file: &ChangedFile| file.kind == ChangeKind::Deleted && file.path == path;
        list.files.iter().any(|file| gone(file) || file.path != path && file.old_path.as_deref() == Some(path))
    }

    /// How many files differ.
    pub(crate) fn count(&self) -> Option<u64> {
        match self {
            Self::Known(list) => Some(list.files.len() as u64),
            Self::NotYet(_) | Self::Unknown(_) => None,
        }
    }
}
