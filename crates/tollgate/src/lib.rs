//! The umbrella: every checker behind one command, and one binary each.
//!
//! Adding a checker is adding its crate and one line to [`TOOLS`].

use tollgate_check::Tool;

/// Every checker, by name.
pub const TOOLS: &[&dyn Tool] = &[&tollgate_bundle::Bundle, &tollgate_coverage::Coverage];
