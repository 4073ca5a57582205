//! The one way to read a repository: the working copy, the index or a commit behind one face, what differs between two
//! of them, and where two branches met.
//!
//! gix is named here and nowhere else. No program that a repository configures is ever run: no clean, smudge or process
//! filter, no textconv, no external diff, no fsmonitor, no hook, not even git itself. Line ends, `ident` and
//! `working-tree-encoding` are handled as git handles them, in process. A file behind a clean filter (git-lfs) counts
//! as unchanged where its size and times are those of the index, and is compared unfiltered where they are not.
//!
//! Bounds: a changed file of more than 50 MB counts as binary; renames with edits are looked for as git does by
//! default, among at most 1,000 by 1,000 candidates; a tree may hold 5,000,000 files. Of the blobs of a repository those
//! of more than 64 MB are streams, and one that is stored as an edit and has more than 512 MB is not put together.

mod against;
mod blobs;
mod changes;
mod commit;
mod compare;
mod content;
mod discover;
mod disk;
mod error;
mod folder;
mod history;
mod id;
mod index;
mod index_file;
mod item;
mod known;
mod lines;
mod links;
mod listing;
mod names;
mod path_list;
mod rename;
mod repository;
mod scan;
mod similarity;
mod staged;
mod stamp;
mod store;
mod untracked;
mod walk;
mod working;

pub use blobs::{Copied, Edit, Visit, Visited, fuzz_delta};
pub use changes::ChangeSet;
pub use folder::folder;
pub use id::Id;
pub use names::fuzz_index;
pub use repository::Repository;
pub use walk::{CommitFacts, Place, Scope, Walked};

#[cfg(test)]
mod tests;
