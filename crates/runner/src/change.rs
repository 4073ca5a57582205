//! What a change touches, in the form that travels to child processes.

use serde::{Deserialize, Serialize};
use tollgate_check::{ChangedFile, Changes};
use tollgate_policy::Change;

/// Every file that differs from a base commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChangeList {
    pub(crate) base: String,
    pub(crate) files: Vec<ChangedFile>,
}

impl Changes for ChangeList {
    fn base(&self) -> &str {
        &self.base
    }

    fn files(&self) -> &[ChangedFile] {
        &self.files
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

    /// The same as a child process wants it.
    pub(crate) fn wire(&self) -> Result<ChangeList, String> {
        match self {
            Self::Known(list) => Ok(list.clone()),
            Self::NotYet(because) | Self::Unknown(because) => Err(because.clone()),
        }
    }

    /// How many files differ.
    pub(crate) fn count(&self) -> Option<u64> {
        match self {
            Self::Known(list) => Some(list.files.len() as u64),
            Self::NotYet(_) | Self::Unknown(_) => None,
        }
    }
}
