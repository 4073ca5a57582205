//! How the command ends where nothing could be posted.

use tollgate_model::Exit;

/// Why nothing was posted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// What was asked for does not go together, or an argument or a variable is wrong.
    #[error("{0}")]
    Usage(String),
    /// What was judged cannot be read, or is not what this event is about.
    #[error("{0}")]
    Refused(String),
}

impl PostError {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self::Refused(text.into())
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Refused(_) => Exit::Unknown,
        }
    }
}
