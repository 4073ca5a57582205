//! Secrets: credentials in the tree, in what is pushed, and in history.
//!
//! Bytes are searched for pieces of text that some credential cannot do without (`engine`), all kinds at once; where one
//! stands, its expression runs on the bytes around it, and what it finds is judged (`judge`): its checksum or structure, its
//! randomness, whether it is a placeholder. Encoded text is read and searched again (`decode`). `gather` goes through files or
//! the blobs of a repository and puts equal values together; `report` tells of them without saying them.

mod catalogue;
mod comments;
mod compat;
mod decode;
mod engine;
mod fuzz;
mod gather;
mod gitleaks;
mod judge;
mod look;
mod options;
mod own;
mod place;
mod report;
mod sight;
mod suppress;
#[cfg(test)]
mod tests;
mod verbs;
mod verify;

use tollgate_check::{AnyVerb, CheckError, Checker, Context, Needs};
use tollgate_model::{MetricSpec, Milder, Report, Rule};

pub use fuzz::fuzz;
pub use options::Options;

/// The checker.
#[derive(Clone, Copy, Debug, Default)]
pub struct Secrets;

/// Kinds of services that credentials are for.
const KINDS: &[&str] = &[
    "analytics",
    "chat",
    "ci",
    "cloud",
    "code-host",
    "commerce",
    "database",
    "generic",
    "identity",
    "infrastructure",
    "mail",
    "maps",
    "model",
    "observability",
    "payment",
    "private-key",
    "productivity",
    "push",
    "registry",
    "storage",
    "telephony",
];

impl Checker for Secrets {
    const NAME: &'static str = "secrets";
    const ABOUT: &'static str = "Which credentials stand in the tree, in what a change pushes, or in history";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    type Options = Options;

    fn rules(&self) -> &'static [Rule] {
        &catalogue::RULES
    }

    fn tried_rules(&self) -> &'static [Rule] {
        &catalogue::TRIED
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        report::METRICS
    }

    fn kinds(&self) -> &'static [&'static str] {
        KINDS
    }

    fn silencing(&self) -> &'static [(&'static str, Milder)] {
        &[
            ("baseline", Milder::Any),
            ("disable", Milder::More),
            ("exclude", Milder::More),
            ("gitleaks_config", Milder::Any),
            ("history", Milder::Fewer),
            ("no_ignore", Milder::Fewer),
            ("paths", Milder::Any),
            ("range", Milder::Any),
            ("rules", Milder::Any),
            ("since", Milder::Any),
            ("staged", Milder::Any),
            ("stdin", Milder::Any),
        ]
    }

    /// Of what a change stages or brings in, that is known which the base's files hold. With history, the base's is looked at too.
    fn of_tree(&self, options: Options) -> Options {
        Options { staged: None, range: None, stdin: None, no_ignore: None, ..options }
    }

    fn allow_files(&self) -> &'static [&'static str] {
        &[".gitleaks.toml", ".gitleaksignore"]
    }

    fn allow_options(&self) -> &'static [&'static str] {
        &["baseline", "gitleaks_config", "rules"]
    }

    fn takes_in(&self, text: &str) -> Option<String> {
        let config: toml::Table = text.parse().ok()?;
        Some(config.get("extend")?.get("path")?.as_str()?.to_owned())
    }

    fn needs(&self) -> Needs {
        Needs::Tree
    }

    fn verify_rule(&self, name: &str, text: &str) -> Option<Vec<String>> {
        // A line that begins so is no TOML: it is a pattern of another checker's.
        let is_pattern = text.lines().any(|line| line.starts_with("rule:"));
        (!is_pattern).then(|| own::verify(name, text))
    }

    fn reads_stdin(&self, options: &Options) -> bool {
        options.stdin == Some(true)
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[
            (r#"secrets.findings{confidence="high"} == 0"#, true),
            (r#"secrets.findings{confidence="medium"} == 0"#, false),
        ]
    }

    fn verbs(&self) -> &'static [&'static dyn AnyVerb<Self>] {
        &[&verbs::Salt]
    }

    fn defaults(&self, options: Options) -> Options {
        options.with_defaults()
    }

    fn discovers(&self, _: &Context<'_>, _: &Options) -> bool {
        true
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        look::look(ctx, options)
    }
}
