//! What one invocation leaves behind.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Decision, Report, ToolInfo};

/// The value of `schema` in every run of this version.
pub const RUN_SCHEMA: &str = "tollgate.run/1";

/// All reports of one invocation and the decision on them; `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// `tollgate.run/1`.
    pub schema: String,
    /// Which program judged.
    pub tool: ToolInfo,
    /// What was judged.
    pub subject: RunSubject,
    /// One per checker, or per instance of it, in order of name.
    pub reports: Vec<Report>,
    /// The answer.
    pub decision: Decision,
    /// Clock values: the only part that differs between runs on equal input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
}

/// What was judged, against what, by whose policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunSubject {
    /// The folder that was checked, relative to the repository; `.` for its top.
    pub root: String,
    /// The commit checked, full hex; absent outside a repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// How many files of the working copy differ from that commit, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncommitted: Option<u64>,
    /// The commit compared with, full hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Where the forge shows the files of the commit, where one is known: an address that paths of the repository follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_at: Option<String>,
    /// How the base was found, or why there is none, in words.
    pub base_origin: String,
    /// How many files the change touches, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_files: Option<u64>,
    /// The policy's file, relative to the root, or `starter policy`.
    pub policy: String,
    /// What the run did not look at, and the line that would add it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_examined: Vec<String>,
}

/// When and how long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// When the run began, seconds since 1970-01-01 UTC.
    pub started_unix: u64,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// Per checker, in milliseconds.
    pub checkers_ms: std::collections::BTreeMap<String, u64>,
}
