//! The whole checker.

mod edits;
mod labelled;
mod rules;
