//! Bounded reading of foreign input.
//!
//! Everything a checker reads from the disk comes through a [`Root`]: paths stay inside it, sizes are bounded, and a
//! BLAKE3 digest is taken while the bytes pass, so that evidence costs no second read.
//!
//! Bytes become text by [`utf8`]; a [`LineIndex`] of that text turns offsets into lines and columns. [`json::parse`] and
//! [`yaml::parse`] make one kind of [`Node`] of it, each with the [`Span`] where it stands, within [`Limits`]:
//!
//! ```
//! use tollgate_input::{Limits, LineIndex, utf8, yaml};
//!
//! let text = utf8(b"jobs:\n  build:\n    runs-on: ubuntu-latest\n");
//! let root = yaml::parse("ci.yml", &text, Limits::default())?;
//! let runner = root.pointer("/jobs/build/runs-on").ok_or("no runner")?;
//! assert_eq!(runner.as_str(), Some("ubuntu-latest"));
//! assert_eq!(runner.region(&LineIndex::new(&text)).start_line, 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is too large to hold passes through a [`Window`]: [`json_stream::Reader`] takes one value after another out of it.
//! [`xml::Scanner`] does the same with the tags and texts of XML.

mod builder;
mod document;
mod error;
mod fuzz;
pub mod json;
pub mod json_stream;
mod line;
mod line_index;
mod number;
mod root;
mod source;
mod text;
mod utf16;
mod window;
pub mod xml;
pub mod yaml;

pub use builder::Limits;
pub use document::{BlockInfo, Duplicate, Node, Pair, Span, Value};
pub use error::InputError;
pub use fuzz::{fuzz_json, fuzz_json_stream, fuzz_xml, fuzz_yaml};
pub use line::{is_hidden, one_line};
pub use line_index::LineIndex;
pub use number::Number;
pub use root::{Entry, Root, read_named, relative};
pub use source::{Digest, Source};
pub use text::{lossy, utf8};
pub use window::Window;
