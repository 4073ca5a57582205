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

    /// Ask the running service as well: whether it refuses whoever is not known, which headers it sends, whether it stops whoever asks too often.
    /// Requests only read; `[service]` says where it answers
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub probe: Option<bool>,

    /// Where the service answers, in place of `[service]`: this machine, or a host among `probe_hosts`
    #[arg(long, value_name = "URL")]
    pub probe_url: Option<String>,

    /// Hosts beside this machine that may be asked
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    pub probe_hosts: Vec<String>,

    /// Most requests that are sent to it. Default: 250
    #[arg(long, value_name = "N")]
    pub probe_requests: Option<u32>,

    /// Tell of each operation what stands before it
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
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

/// What they may be called too; what is none is passed over.
const PERHAPS: &[&str] = &[
    "**/api.{json,yaml,yml}",
    "**/*-api.{json,yaml,yml}",
    "**/*api-spec*.{json,yaml,yml}",
    "**/{api,apis,spec,specs}/*.{json,yaml,yml}",
    "**/spec.{json,yaml,yml}",
];

impl Options {
    /// Whether the running service is asked.
    pub(crate) fn probes(&self) -> bool {
        self.probe == Some(true) || self.probe_url.is_some()
    }

    /// What files are called that surely want to be documents, or are named as such.
    pub(crate) fn surely_documents(&self) -> Vec<String> {
        match self.documents.is_empty() {
            true => DOCUMENTS.iter().map(|pattern| (*pattern).to_owned()).collect(),
            false => self.documents.clone(),
        }
    }

    /// The patterns that documents are looked for by, and whether somebody named them.
    pub(crate) fn documents(&self) -> (Vec<String>, bool) {
        match self.documents.is_empty() {
            true => (DOCUMENTS.iter().chain(PERHAPS).map(|pattern| (*pattern).to_owned()).collect(), false),
            false => (self.documents.clone(), true),
        }
    }
}
