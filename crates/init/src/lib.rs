//! `tollgate init`: a first policy that is measured, not guessed.
//!
//! ```text
//! tree -> detect -> Found -> goals -> candidate -> (every checker runs once) -> Run
//!                                 \                                             /
//!                                  +---------------- settle -------------------+
//!                                                      |
//!                            tollgate.toml, a workflow, lines for CODEOWNERS
//! ```
//!
//! A goal that holds is enforced at once. One that does not is compared with the base for now, the goal warns, and its gate only
//! observes for [`DAYS`] days. One that could not be measured, because no report lies there, waits for the first run of the
//! workflow that writes it. Nothing is asked: of several limits that contradict each other the strictest is taken, and all of
//! them are named. Nothing of the repository is run.

mod command;
mod detect;
mod error;
mod goals;
mod limit;
mod measure;
mod owners;
mod page;
mod policy_file;
mod run;
mod settle;
mod workflow;
mod write;

pub use command::{Arguments, WorkflowKind, command};
pub use detect::{Ask, Found, Input, Named, Script, detect};
pub use error::InitError;
pub use goals::{Asked, Gate, Goal, Kind, Rests, goals};
pub use limit::Limit;
pub use run::{DAYS, run, run_with};
pub use settle::{Row, Standing};

/// Looks for a key in `bytes` as in a configuration written in JavaScript. For fuzzing: it must come back.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    drop(detect::value_of(&text, "coverageThreshold"));
}
