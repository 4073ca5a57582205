//! What went wrong, in words.

use std::io;

use tollgate_check::TreeError;
use tollgate_input::InputError;
use tollgate_model::Cause;

pub(crate) type Result<T> = std::result::Result<T, TreeError>;

/// What gix says about `what` that could not be done.
pub(crate) fn git(what: &str, error: &gix::Error) -> TreeError {
    let cause = if error.is_permission_denied() { Cause::NoPermission } else { Cause::Unreadable };
    TreeError::new(cause, format!("{what}: {}", words(error)))
}

/// What `error` says first, on one line and without the inside of the library's values.
pub(crate) fn words(error: &gix::Error) -> String {
    let text = format!("{error:#}");
    let inside = text.find(['{', '\n']).unwrap_or(text.len());
    text[..inside].trim_end_matches(|c: char| !c.is_alphanumeric() && !"\"')".contains(c)).to_owned()
}

/// What the system says about the file at `path`.
pub(crate) fn io(path: &str, error: &io::Error) -> TreeError {
    input(&InputError::io(path, error))
}

/// That the file at `path`, which git tracks, is not in the working copy.
pub(crate) fn absent(path: &str) -> TreeError {
    let message = format!(
        "{path}: git tracks it, and it is not in the working copy; check it out (git sparse-checkout add, git restore)"
    );
    TreeError { path: Some(path.to_owned()), ..TreeError::new(Cause::Missing, message) }
}

/// The same trouble as `error`.
pub(crate) fn input(error: &InputError) -> TreeError {
    let problem = error.problem();
    TreeError { cause: problem.cause, message: problem.message, path: problem.path }
}
