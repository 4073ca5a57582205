//! `tollgate post`: puts a decision where people meet it.
//!
//! It reads what `tollgate check --out DIR` left behind and writes it into a workflow's summary, annotations and outputs, and
//! by [`tollgate_forge`] into a comment, code scanning, commit statuses and issues. It decides nothing, and prints nothing
//! itself: what is to be printed is collected in [`Output`].
//!
//! What is posted is what was judged: a run of another commit than the event's is refused. Where the event is the end of
//! another workflow, the number of the pull request is the change's own word, and the forge is asked whether it is true.
//!
//! - [`command`] and [`run`] are the command; [`PostError::exit`] is how it ends otherwise.
//! - Only a status that was asked for and could not be set makes it end with exit code 3. A comment or an upload that failed
//!   is a warning: the verdict is the check.

mod arguments;
mod comment;
mod environment;
mod error;
mod event;
mod gates;
mod issues;
mod judged;
mod outputs;
mod posting;
mod pull_request;
mod report;
mod run;
mod sarif;
mod statuses;
mod summary;

#[cfg(test)]
mod tests;

pub use arguments::command;
pub use error::PostError;
pub use report::Output;
pub use run::run;
