//! The whole checker.

mod rules;
