//! Why nothing was written.

use tollgate_check::TreeError;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The call makes no sense here: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// Something could not be told or done: exit code 3.
    #[error("{0}")]
    Failed(String),
}

impl InitError {
    /// Whether the call makes no sense.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Usage(_))
    }
}

impl From<TreeError> for InitError {
    fn from(error: TreeError) -> Self {
        Self::Failed(error.to_string())
    }
}
