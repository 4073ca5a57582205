//! Why a file cannot be used.

use crate::gitleaks::remark::quote;
use crate::gitleaks::translate::Fault;

/// A mistake in a configuration, where it stands.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub(crate) struct ConfigError {
    /// The file.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: u32,
    /// What is wrong there.
    pub(crate) problem: Problem,
}

/// What is wrong in a configuration, and what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("expected TOML, found a mistake: {0}")]
    Toml(String),
    #[error("expected at most {limit} bytes of configuration, found {found}; is this the right file?")]
    TooLong { limit: usize, found: usize },
    #[error("expected {key} to be {expected}, found {found}; write it as {expected}")]
    Shape { key: &'static str, expected: &'static str, found: &'static str },
    #[error("expected [{old}] or [[{new}]], found both; move the old table into [[{new}]]")]
    BothForms { old: &'static str, new: &'static str },
    #[error("expected an allowlist to list commits, paths, regexes or stopwords, found none; fill or remove it")]
    EmptyAllowlist,
    #[error("expected condition to be \"OR\" or \"AND\", found {}; write one of them", quote(.0))]
    Condition(String),
    #[error("expected regexTarget to be \"secret\", \"match\" or \"line\", found {}; write one of them", quote(.0))]
    Target(String),
    #[error("expected an expression in {key} of {owner}: {fault}; write it without")]
    Expression { owner: String, key: &'static str, fault: Fault },
    #[error(
        "expected expressions of bearable size, found more than that up to here; shorten repetitions like {{1000}}"
    )]
    TooLarge,
    #[error("expected a rule to have an id, found none; add one, findings are named after it")]
    MissingId,
    #[error("expected secretGroup of rule {} to be at most {groups}, found {group}; the expression has no such group", quote(.rule))]
    Group { rule: String, group: usize, groups: usize },
    #[error("expected a rule of this file in [[rules.required]] of rule {}, found {}; add that rule or drop the part", quote(.rule), quote(.id))]
    Required { rule: String, id: String },
    #[error(
        "expected extend.path or extend.useDefault, found both; choose one, the file at extend.path may use the default"
    )]
    BothExtended,
    #[error("expected extend.path to stay inside the checked folder, found {}; copy the file into the repository", quote(.0))]
    Outside(String),
    #[error("expected a readable file at extend.path, relative to the checked folder, found {}: {reason}", quote(.path))]
    Unreadable { path: String, reason: String },
    #[error("expected minVersion like \"8.25.0\", found {}; write a version or remove it", quote(.0))]
    Version(String),
}

/// Why a file is no baseline.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BaselineError {
    #[error(
        "{file}: expected a gitleaks report of at most {limit} bytes, found {found}; report distinct findings only"
    )]
    TooLong { file: String, limit: usize, found: usize },
    #[error("{file}:1: expected a list of gitleaks findings, found {found}; write it with `--report-format json`")]
    NoList { file: String, found: &'static str },
    #[error(
        "{file}:{line}: expected a gitleaks finding with RuleID, File, StartLine and Secret, found {found}; write the report anew with `--report-format json`"
    )]
    Malformed { file: String, line: usize, found: &'static str },
}
