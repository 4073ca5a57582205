//! OpenAPI documents with positions: 3.0 and 3.1, and Swagger 2.0 as far as it says the same, in JSON or YAML.
//!
//! [`Document`] holds the text as nodes that know where they stand. [`Document::operations`] lists what can be asked, references within the document
//! followed; what is referred to elsewhere is not fetched and counts as unknown. [`calls`] turns those that only read into requests, by the examples of the
//! document alone: nothing is made up.

mod calls;
mod document;
mod operation;

pub use calls::{Call, LeftOut, calls};
pub use document::Document;
pub use operation::{In, Operation, Parameter};

/// Feeds arbitrary bytes to the reader; for fuzzing.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    if let Ok(document) = Document::parse("openapi.yaml", bytes) {
        let operations = document.operations();
        let (made, left) = calls(&document, |_| true);
        assert!(made.len() + left.len() <= operations.len());
        assert!(made.iter().all(|call| call.path.starts_with('/') && !call.path.contains(char::is_whitespace)));
    }
}
