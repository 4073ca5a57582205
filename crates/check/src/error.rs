//! Why a checker gives up.

use tollgate_input::InputError;
use tollgate_model::Problem;

use crate::TreeError;

/// Why a checker gives up. What it can work around belongs into the report's problems instead.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// An option makes no sense: exit code 2.
    #[error("{key}: {message}")]
    Option {
        /// Which option, as the configuration spells it: `coverage.reports`.
        key: String,
        /// What is wrong with it and what is expected.
        message: String,
    },
    /// Nothing could be reported: the report is incomplete with this problem.
    #[error("{}", .0.message)]
    Problem(Problem),
}

impl CheckError {
    /// An option that makes no sense.
    pub fn option(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Option { key: key.into(), message: message.into() }
    }
}

impl From<InputError> for CheckError {
    fn from(error: InputError) -> Self {
        Self::Problem(error.problem())
    }
}

impl From<TreeError> for CheckError {
    fn from(error: TreeError) -> Self {
        Self::Problem(error.problem())
    }
}
