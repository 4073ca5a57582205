//! What the checker can be told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where to look for the API, and what is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Source files to look at. Without it all in TypeScript, JavaScript and Python that are no tests
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub sources: Vec<String>,

    /// Source files to leave out
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub exclude: Vec<String>,

    /// OpenAPI documents, relative to the root. Without it every file that is called like one
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub documents: Vec<String>,

    /// Paths of operations that are meant for everybody: `/status`, `/public/**`
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub public: Vec<String>,

    /// Folders with rules of your own, in the format of ast-grep, relative to the root
    #[arg(long, value_name = "DIR", value_delimiter = ',')]
    pub rules: Vec<String>,

    /// Tell of each operation what stands before it
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub routes: Option<bool>,
}

/// What files that hold a document are called, where nobody says.
const DOCUMENTS: &[&str] = &[
    "**/openapi.{json,yaml,yml}",
    "**/openapi*.{json,yaml,yml}",
    "**/*.openapi.{json,yaml,yml}",
    "**/*-openapi*.{json,yaml,yml}",
    "**/swagger*.{json,yaml,yml}",
    "**/*.swagger.{json,yaml,yml}",
    "**/api-docs.{json,yaml,yml}",
];

impl Options {
    /// The patterns that documents are looked for by, and whether somebody named them.
    pub(crate) fn documents(&self) -> (Vec<String>, bool) {
        match self.documents.is_empty() {
            true => (DOCUMENTS.iter().map(|pattern| (*pattern).to_owned()).collect(), false),
            false => (self.documents.clone(), true),
        }
    }
}
