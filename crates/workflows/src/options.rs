//! Flags and section of the configuration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `workflows` looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Workflow files, as globs relative to the root. Your list replaces the default, the `.yml` and `.yaml` files of
    /// .github/workflows.
    #[arg(long, value_name = "GLOB")]
    pub files: Vec<String>,

    /// Markdown files whose shell blocks are read: commands in them that call a script which does not exist are named.
    #[arg(long, value_name = "GLOB")]
    pub runbooks: Vec<String>,

    /// Names of the checks that branch protection requires. Each must be reported by a job that every pull request starts.
    #[arg(long, value_name = "CHECK")]
    pub required: Vec<String>,

    /// Whether the branch is merged through a merge queue, so that required checks must run on `merge_group` too.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub merge_queue: Option<bool>,

    /// Owners whose actions need not be pinned to a commit, beside your own.
    #[arg(long, value_name = "OWNER")]
    pub trusted_owners: Vec<String>,

    /// Show how each finding was reached: from the workflow through scripts to the command.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub explain: Option<bool>,
}

impl Options {
    /// With every default filled in.
    pub(crate) fn with_defaults(mut self) -> Self {
        if self.files.is_empty() {
            self.files = [".github/workflows/*.yml", ".github/workflows/*.yaml"].map(str::to_owned).to_vec();
        }
        self.merge_queue.get_or_insert(false);
        self.explain.get_or_insert(false);
        self
    }
}
