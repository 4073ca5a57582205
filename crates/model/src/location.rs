//! Where something is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place in a file of the subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Relative to the root, with forward slashes.
    pub path: String,
    /// Which part of the file; the whole file when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

/// A run of lines, or of columns within them. Lines and columns count from 1; columns count UTF-16 code units (the
/// SARIF default) and the end column is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// First line, from 1.
    pub start_line: u32,
    /// Last line, inclusive, never before the first.
    pub end_line: u32,
    /// First column, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_column: Option<u32>,
    /// The column after the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
}

impl Region {
    /// Whole lines, `start` to `end`, both included.
    pub fn lines(start: u32, end: u32) -> Self {
        let start_line = start.max(1);
        Self { start_line, end_line: end.max(start_line), start_column: None, end_column: None }
    }
}

impl Location {
    /// The whole file.
    pub fn file(path: impl Into<String>) -> Self {
        Self { path: path.into(), region: None }
    }

    /// Some lines of a file.
    pub fn lines(path: impl Into<String>, start: u32, end: u32) -> Self {
        Self { path: path.into(), region: Some(Region::lines(start, end)) }
    }
}

/// `path`, `path:7` or `path:7-9`, as people write it.
impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path)?;
        match self.region {
            Some(r) if r.end_line > r.start_line => write!(f, ":{}-{}", r.start_line, r.end_line),
            Some(r) => write!(f, ":{}", r.start_line),
            None => Ok(()),
        }
    }
}
