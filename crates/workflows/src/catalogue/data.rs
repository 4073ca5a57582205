//! The embedded data.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::tool::Facts;
use super::{Action, Kind, Tool};

/// The tools, by kind and name: of two that fit a command line equally, the first is meant.
pub(crate) static TOOLS: LazyLock<Vec<Tool>> = LazyLock::new(|| {
    let files = TOOL_FILES.iter().filter_map(|(_, text)| read::<ToolFile>(text).ok());
    let mut tools: Vec<Tool> =
        files.flat_map(|file| file.tool.into_iter().map(move |facts| Tool { kind: file.kind, facts })).collect();
    tools.sort_by(|a, b| (a.kind, &a.facts.name).cmp(&(b.kind, &b.facts.name)));
    tools
});

/// The actions.
pub(crate) static ACTIONS: LazyLock<Vec<Action>> = LazyLock::new(|| {
    let files = ACTION_FILES.iter().filter_map(|(_, text)| read::<ActionFile>(text).ok());
    files.flat_map(|file| file.action).collect()
});

/// Programs whose options before the subcommand take a value.
pub(crate) static PROGRAMS: LazyLock<Vec<Program>> =
    LazyLock::new(|| read::<ProgramFile>(PROGRAM_FILE).map(|file| file.program).unwrap_or_default());

/// Tools of one kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToolFile {
    pub(crate) kind: Kind,
    pub(crate) tool: Vec<Facts>,
}

/// Actions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActionFile {
    pub(crate) action: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgramFile {
    pub(crate) program: Vec<Program>,
}

/// A program and its options that take a value in a word of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
}

/// Reads a file of the data; that every one can be read is a test.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, toml::de::Error> {
    toml::from_str(text)
}

macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../data/", $path)))),+]
    };
}

pub(crate) const PROGRAM_FILE: &str = include_str!("../../data/programs.toml");

pub(crate) const TOOL_FILES: &[(&str, &str)] = files![
    "tools/accessibility.toml",
    "tools/build.toml",
    "tools/coverage.toml",
    "tools/dependencies.toml",
    "tools/docs.toml",
    "tools/format.toml",
    "tools/infrastructure.toml",
    "tools/licences.toml",
    "tools/links.toml",
    "tools/lint-files.toml",
    "tools/lint-go-rust-c.toml",
    "tools/lint-javascript.toml",
    "tools/lint-jvm-php-ruby.toml",
    "tools/lint-python.toml",
    "tools/other.toml",
    "tools/performance.toml",
    "tools/secrets.toml",
    "tools/security.toml",
    "tools/tests-api.toml",
    "tools/tests-javascript.toml",
    "tools/tests-jvm.toml",
    "tools/tests-native.toml",
    "tools/tests-other.toml",
    "tools/tests-python.toml",
    "tools/types.toml",
];

pub(crate) const ACTION_FILES: &[(&str, &str)] = files![
    "actions/checks-code.toml",
    "actions/checks-prose.toml",
    "actions/checks-reviewdog.toml",
    "actions/checks-security.toml",
    "actions/code-scanning.toml",
    "actions/files.toml",
    "actions/judges.toml",
    "actions/other.toml",
    "actions/people.toml",
    "actions/publish.toml",
    "actions/run.toml",
    "actions/services.toml",
    "actions/setup-credentials.toml",
    "actions/setup.toml",
];
