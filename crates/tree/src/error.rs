//! What went wrong, in words.

use std::io;

use tollgate_check::TreeError;
use tollgate_input::InputError;
use tollgate_model::Cause;

pub(crate) type Result<T> = std::result::Result<T, TreeError>;

/// What gix says about `what` that could not be done: the outermost and the innermost reason, on one line.
pub(crate) fn git(what: &str, error: &gix::Error) -> TreeError {
    let cause = if error.is_permission_denied() { Cause::NoPermission } else { Cause::Unreadable };
    TreeError::new(cause, format!("{what}: {}", words(error)))
}

/// The outermost and the innermost reason of `error`, on one line.
pub(crate) fn words(error: &gix::Error) -> String {
    let outer = format!("{error:#}");
    let inner = error.probable_cause().to_string();
    let text = if outer.contains(&inner) { outer } else { format!("{outer}: {inner}") };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the system says about the file at `path`.
pub(crate) fn io(path: &str, error: &io::Error) -> TreeError {
    input(&InputError::io(path, error))
}

/// The same trouble as `error`.
pub(crate) fn input(error: &InputError) -> TreeError {
    let problem = error.problem();
    TreeError { cause: problem.cause, message: problem.message, path: problem.path }
}
