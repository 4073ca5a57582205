//! What the caller knows of the world an expression is evaluated in.

use super::value::Abstract;

/// A function that asks how the job has gone so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatusFunction {
    /// `success()`.
    Success,
    /// `failure()`.
    Failure,
    /// `always()`.
    Always,
    /// `cancelled()`.
    Cancelled,
}

impl StatusFunction {
    /// The status function of this name, whatever its case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [
            ("success", Self::Success),
            ("failure", Self::Failure),
            ("always", Self::Always),
            ("cancelled", Self::Cancelled),
        ];
        all.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, function)| function)
    }
}

/// Contexts, statuses and functions as the caller knows them.
pub(crate) trait Scope {
    /// The value of a context. The path is as it is written, so names compare without regard to case; `*` stands for a
    /// filter and `?` for an index that is not known.
    fn context(&self, path: &[String]) -> Abstract;

    /// The value of a status function.
    fn status(&self, function: StatusFunction) -> Abstract;

    /// The value of any other function, named as it is written; none leaves it to what GitHub documents.
    fn call(&self, _name: &str, _arguments: &[Abstract]) -> Option<Abstract> {
        None
    }
}
