//! What a checker is: the face that every checker crate implements and that the runner sees.
//!
//! A checker has a name, rules, metrics and options, and turns a [`Context`] into a
//! [`Report`](tollgate_model::Report). It never decides, and it never learns what is decided. Beside that it may have
//! verbs ([`Verb`]), such as `tollgate coverage merge`.

mod checker;
mod context;
mod error;
pub mod fill;
#[cfg(any(test, feature = "fixtures"))]
pub mod fixture;
mod globs;
pub mod paths;
pub mod search;
mod service;
pub mod times;
mod tool;
mod tree;
mod verb;

pub use checker::{Checker, Entries, LimitFlag, Needs};
pub use context::{Context, Facts, FoundChanges};
pub use error::CheckError;
pub use globs::Globs;
pub use service::Service;
pub use tool::Tool;
pub use tree::{ChangeKind, ChangedFile, Changes, FileKind, LineRange, MemoryTree, Tree, TreeError, TreeFile};
pub use verb::{AnyVerb, NewFile, Outcome, Verb};
