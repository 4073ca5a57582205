//! OpenAPI documents with positions: 3.0, 3.1 and 3.2, and Swagger 2.0 as far as it says the same, in JSON or YAML.
//!
//! [`Document`] holds the text as nodes that know where they stand, and those of the files that it refers to. [`Document::operations`] lists what can be
//! asked, and what could not be understood. [`calls`] turns what only reads into requests, by the examples of the document alone: nothing is
//! made up.

mod calls;
mod document;
mod file;
mod operation;
mod parameter;
mod reference;
mod server;

pub use calls::{Call, calls};
pub use document::{At, Document};
pub use file::Read;
pub use operation::{Operation, Operations, Placed, Trouble};
pub use parameter::{Example, In, Parameter};
pub use server::Served;

/// Feeds arbitrary bytes to the reader; for fuzzing.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    if let Ok(document) = Document::parse("openapi.yaml", bytes) {
        let operations = document.operations();
        let (made, left) = calls(&document);
        assert!(made.len() + left.len() <= operations.all.len() + operations.troubles.len());
        assert!(made.iter().all(|call| call.path.starts_with('/') && !call.path.contains(char::is_whitespace)));
    }
}
