//! A run for people and machines to read: pure functions from [`tollgate_model::Run`] to text, one file per format.
//!
//! Nothing here computes a verdict, reads a file or asks the environment. What people read is ordered the same way
//! everywhere: worst first; number, distance, place, next step; a sign and a word. Whatever came from outside passes
//! through [`escape`] before it is shown, and no renderer knows a checker's name.

mod annotations;
mod checklist;
pub mod escape;
mod exhibit;
mod explain;
mod json;
mod layout;
mod markdown;
mod text;
mod words;

#[cfg(test)]
mod samples;

pub use annotations::{annotations, annotations_within};
pub use explain::{explain, paragraphs};
pub use json::json;
pub use markdown::{MARKDOWN_LIMIT, markdown};
pub use text::{Page, TextStyle, text};
