//! Bounded reading of foreign input.
//!
//! Everything a checker reads from the disk comes through a [`Root`]: paths stay inside it, sizes are bounded, and a
//! BLAKE3 digest is taken while the bytes pass, so that evidence costs no second read.

mod error;
mod line_index;
mod root;
mod source;
mod text;

pub use error::InputError;
pub use line_index::LineIndex;
pub use root::{Entry, Root};
pub use source::{Digest, Source};
pub use text::utf8;
