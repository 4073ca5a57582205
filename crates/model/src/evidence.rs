//! What a verdict rests on, and what went wrong while looking.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One input that was examined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What kind of input: `file`, `directory`, `diff`, `tree`, `response`.
    pub kind: String,
    /// Where it lies, relative to the root.
    pub path: String,
    /// BLAKE3 digest, 64 hex digits. Of a directory: over its sorted (path, size) pairs.
    pub blake3: String,
    /// How many bytes were examined.
    pub bytes: u64,
    /// How many items it held (files of a directory, changed files of a diff), where that means something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<u64>,
}

/// Something that stopped a checker from seeing all there was to see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// What kind.
    pub cause: Cause,
    /// What happened and what to do about it, in one or two sentences.
    pub message: String,
    /// The file it is about, relative to the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl Problem {
    /// A problem that is not about one file.
    pub fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self { cause, message: message.into(), path: None }
    }

    /// The same about this file.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}

/// Kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// It is not there.
    Missing,
    /// It is there and cannot be read or understood.
    Unreadable,
    /// Looking did not come to its end: crash, deadline, kill.
    Unfinished,
    /// The measurement cannot tell the value from the limit.
    TooClose,
    /// It was read and says nothing.
    NoEvidence,
    /// Looking was not allowed.
    NoPermission,
}

impl Cause {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Unfinished => "unfinished",
            Self::TooClose => "too-close",
            Self::NoEvidence => "no-evidence",
            Self::NoPermission => "no-permission",
        }
    }
}

/// A metric that could not be measured, though nothing else stands in the way: what was read does not tell it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmeasured {
    /// Full metric name.
    pub what: String,
    /// Why.
    pub because: String,
    /// What to do about it.
    pub next: String,
}

/// A metric that provably does not concern this change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotApplicable {
    /// Full metric name.
    pub what: String,
    /// The proof, with its numbers: "no coverable line among 3 changed files".
    pub because: String,
}
