//! A tool: what makes its command line a check, and how that check can fail.

use serde::Deserialize;

use super::{index, word};

/// What a check looks at.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// Tests.
    Tests,
    /// Rules of style and likely mistakes.
    Lint,
    /// Layout of the source.
    Format,
    /// Types.
    Types,
    /// That it compiles.
    Build,
    /// Weaknesses in code, images and running services.
    Security,
    /// Credentials in the source.
    Secrets,
    /// Known weaknesses, age and use of dependencies.
    Dependencies,
    /// Licences.
    Licences,
    /// How much of the code the tests have run.
    Coverage,
    /// Speed and weight.
    Performance,
    /// Use without sight, mouse or colour.
    Accessibility,
    /// Descriptions of infrastructure.
    Infrastructure,
    /// Links.
    Links,
    /// Prose, spelling and the building of documentation.
    Docs,
    /// Anything else: commit messages, interfaces, packaging.
    Other,
}

/// A tool and its command lines.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    /// What it looks at.
    pub(crate) kind: Kind,
    /// What is written of it.
    pub(crate) facts: Facts,
}

/// What the data say of one tool.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    /// What people call it.
    pub(crate) name: String,
    /// Leading words of its command lines; its name if none are given.
    #[serde(default)]
    pub(crate) commands: Vec<String>,
    /// Words of which one must stand anywhere behind the command's: for programs that are told what to do by their
    /// arguments (`gradle`, `mvn`, `make`).
    #[serde(default)]
    pub(crate) tasks: Vec<String>,
    /// Words of which one makes it a check.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    /// Words of which one makes it none; a bare word counts as the first argument only.
    #[serde(default)]
    pub(crate) unless: Vec<String>,
    /// Whether it ends with a status other than 0 when it finds something.
    #[serde(default = "yes")]
    pub(crate) fails: bool,
    /// Flags with which it does.
    #[serde(default)]
    pub(crate) fails_with: Vec<String>,
    /// Environment variables that do as `fails_with`.
    #[serde(default)]
    pub(crate) fails_env: Vec<String>,
    /// Files in which its failing may be switched on or off.
    #[serde(default)]
    pub(crate) settings: Vec<String>,
    /// Flags with which it ends with 0 whatever it finds.
    #[serde(default)]
    pub(crate) mutes: Vec<String>,
    /// Flags by which nothing examined is a pass.
    #[serde(default)]
    pub(crate) empty: Vec<String>,
    /// Flags that name a file it writes its result to.
    #[serde(default)]
    pub(crate) reports: Vec<String>,
    /// Packages by which it is installed, if they are not called as it is.
    #[serde(default)]
    pub(crate) installs_with: Vec<String>,
    /// Container images that start it.
    #[serde(default)]
    pub(crate) images: Vec<String>,
    /// Whether its result becomes a status or check of its own on the pull request.
    #[serde(default)]
    pub(crate) own_status: bool,
    /// How it ends, where that is not what people expect.
    #[serde(default)]
    pub(crate) note: Option<String>,
}

impl Kind {
    /// The word that reports use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Tests => "tests",
            Self::Lint => "lint",
            Self::Format => "format",
            Self::Types => "types",
            Self::Build => "build",
            Self::Security => "security",
            Self::Secrets => "secrets",
            Self::Dependencies => "dependencies",
            Self::Licences => "licences",
            Self::Coverage => "coverage",
            Self::Performance => "performance",
            Self::Accessibility => "accessibility",
            Self::Infrastructure => "infrastructure",
            Self::Links => "links",
            Self::Docs => "docs",
            Self::Other => "other",
        }
    }
}

const fn yes() -> bool {
    true
}

impl Tool {
    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        &self.facts.name
    }

    /// Leading words of its command lines.
    pub(crate) fn commands(&self) -> &[String] {
        match self.facts.commands.as_slice() {
            [] => std::slice::from_ref(&self.facts.name),
            commands => commands,
        }
    }

    /// Packages that bring it.
    pub(crate) fn packages(&self) -> &[String] {
        match self.facts.installs_with.as_slice() {
            [] => std::slice::from_ref(&self.facts.name),
            packages => packages,
        }
    }

    /// Whether this command line of the tool checks something, rather than printing its version or writing a fix.
    pub(crate) fn is_check(&self, argv: &[&str]) -> bool {
        let given = arguments(argv);
        let behind = index::TOOLS.behind(self, argv);
        let asks = given.iter().take_while(|arg| **arg != "--").any(|arg| matches!(*arg, "--help" | "--version"));
        if asks || matches!(behind, ["help" | "version" | "-h"]) {
            return false;
        }
        let first = behind.iter().find(|arg| !arg.starts_with(['-', '+'])).copied();
        let (flags, subcommands): (Vec<&String>, Vec<&String>) =
            self.facts.unless.iter().partition(|word| word.starts_with('-'));
        let excluded = word::find(flags, given).is_some()
            || first.is_some_and(|first| subcommands.iter().any(|word| word::like(word, first)));
        !excluded && (self.facts.needs.is_empty() || word::find(&self.facts.needs, given).is_some())
    }

    /// The flag with which it ends with 0 whatever it finds, as it is written.
    pub(crate) fn muted_by(&self, argv: &[&str]) -> Option<String> {
        word::find(&self.facts.mutes, arguments(argv))
    }

    /// Whether something found can end it with a status other than 0, muting flags aside.
    pub(crate) fn can_fail(&self, argv: &[&str]) -> bool {
        self.facts.fails || word::is_set(&self.facts.fails_with, arguments(argv))
    }

    /// The flag by which nothing examined is a pass, as it is written.
    pub(crate) fn empty_by(&self, argv: &[&str]) -> Option<String> {
        word::find(&self.facts.empty, arguments(argv))
    }

    /// The files it is told to write its result to.
    pub(crate) fn report_files<'a>(&self, argv: &[&'a str]) -> Vec<&'a str> {
        word::values(&self.facts.reports, arguments(argv))
    }
}

fn arguments<'a, 'b>(argv: &'a [&'b str]) -> &'a [&'b str] {
    argv.get(1..).unwrap_or_default()
}
