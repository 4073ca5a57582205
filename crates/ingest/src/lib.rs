//! Reports of foreign tools, read into plain results.
//!
//! One file per format, told apart by content. A reader streams, recounts what a report lists, and never takes a test for
//! passed that did not say so, nor a tool that could not look for one that found nothing. [`findings`] reads what linters,
//! audits and scanners found; [`results`] reads the results of test runs:
//!
//! ```
//! use std::io::Cursor;
//! use tollgate_ingest::results;
//! use tollgate_input::{Source, Window};
//!
//! let report = r#"<testsuite tests="2" failures="0">
//!   <testcase classname="a.B" name="c"/>
//!   <testcase classname="a.B" name="d"><failure message="1 is not 2"/></testcase>
//! </testsuite>"#;
//! let source = Source::new("junit.xml", Box::new(Cursor::new(report)), 1 << 30);
//! let (results, format, _digest) = results::read(Window::new(source, 1 << 24)?)?;
//! assert_eq!((format.name, results.run, results.failed), ("JUnit XML", 2, 1));
//! assert_eq!(results.failures[0].name, "a.B > d");
//! # Ok::<(), tollgate_input::InputError>(())
//! ```

pub mod findings;
mod fuzz;
mod head;
pub mod results;
mod text;

pub use fuzz::{findings as fuzz_findings, fuzz};
