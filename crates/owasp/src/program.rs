//! The sources of a repository, and what a name in one of them means.

mod config;
mod resolve;
mod sources;

pub(crate) use resolve::{Def, Program};
pub(crate) use sources::{Sources, is_tool};

#[cfg(test)]
pub(crate) mod tests;
