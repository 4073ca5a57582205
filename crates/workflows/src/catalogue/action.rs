//! An action: what it is for, and, if it checks something, how that can fail.
//!
//! Inputs are the step's `with` as written. A condition on `env.NAME` looks at an input of that name: the caller adds
//! the step's environment under such names. What an expression gives is not known: it is taken to let the step fail.

use serde::Deserialize;

use super::{Kind, word};

/// What an action is for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    /// Looks at the change and can fail the step.
    Check,
    /// Reads results of other tools and can fail the step.
    Judge,
    /// Hands results to GitHub's code scanning, which judges.
    CodeScanning,
    /// Hands results to a service, which posts a status of its own.
    Service,
    /// Runs a command given in an input.
    Run,
    /// Runs a script against GitHub's interface.
    Script,
    /// Puts tools or credentials in place.
    Setup,
    /// Keeps files between runs.
    Cache,
    /// Checks out source.
    Checkout,
    /// Keeps files of this run.
    ArtifactUp,
    /// Fetches files of a run.
    ArtifactDown,
    /// Writes to a pull request or issue.
    Comment,
    /// Tells people.
    Notify,
    /// Puts something into service.
    Deploy,
    /// Publishes a version.
    Release,
    /// Anything else.
    Other,
}

/// A condition on one input; an input that is not given counts as empty.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    /// The input's name.
    pub(crate) input: String,
    /// It holds for one of these values.
    #[serde(default)]
    pub(crate) is: Option<Vec<String>>,
    /// It holds for any value but these.
    #[serde(default)]
    pub(crate) not: Option<Vec<String>>,
    /// It holds if one of these words stands in the value.
    #[serde(default)]
    pub(crate) has: Option<Vec<String>>,
}

/// Always or never, or under conditions of which one is enough.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum When {
    /// Always or never.
    Always(bool),
    /// If one of these holds.
    Any(Vec<Condition>),
}

impl Default for When {
    fn default() -> Self {
        Self::Always(false)
    }
}

/// An action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Action {
    /// `owner/repo` or `owner/repo/path`, lower case.
    pub(crate) name: String,
    /// Other names of the same.
    #[serde(default)]
    pub(crate) also: Vec<String>,
    /// What it is for.
    pub(crate) role: Role,
    /// What a check or judge looks at.
    #[serde(default)]
    pub(crate) kind: Option<Kind>,
    /// The tool it runs.
    #[serde(default)]
    pub(crate) tool: Option<String>,
    /// Whether a finding fails the step by default.
    #[serde(default)]
    pub(crate) fails: bool,
    /// When it does otherwise.
    #[serde(default)]
    pub(crate) fails_when: Vec<Condition>,
    /// When it never fails.
    #[serde(default)]
    pub(crate) mutes: Vec<Condition>,
    /// When it checks nothing at all.
    #[serde(default)]
    pub(crate) unless: Vec<Condition>,
    /// When nothing to look at is a pass.
    #[serde(default)]
    pub(crate) empty_ok: Vec<Condition>,
    /// Whether the result becomes a status or check of its own on the commit, apart from the step's.
    #[serde(default)]
    pub(crate) own_status: When,
    /// Inputs that name a file it writes.
    #[serde(default)]
    pub(crate) reports: Vec<String>,
    /// Inputs that name files it reads.
    #[serde(default)]
    pub(crate) reads: Vec<String>,
    /// Outputs that carry the result.
    #[serde(default)]
    pub(crate) outputs: Vec<String>,
    /// The input that holds a command.
    #[serde(default)]
    pub(crate) command_input: Option<String>,
    /// Tools that later steps may call because of it.
    #[serde(default)]
    pub(crate) installs: Vec<String>,
    /// Inputs that list further such tools.
    #[serde(default)]
    pub(crate) installs_from: Vec<String>,
    /// How it ends, where that is not what people expect.
    #[serde(default)]
    pub(crate) note: Option<String>,
}

/// Names with values, as under `with`.
pub(crate) type Inputs = [(String, String)];

impl Condition {
    /// The input as it is given, if the condition holds; of an expression (`${{ … }}`) it holds if `unknown` says so.
    fn holds(&self, inputs: &Inputs, unknown: bool) -> Option<String> {
        let value = value_of(&self.input, inputs);
        if value.contains("${{") {
            return unknown.then(|| format!("{}: {value}", self.input));
        }
        let is = self.is.as_ref().is_none_or(|is| is.iter().any(|one| value.eq_ignore_ascii_case(one)));
        let not = self.not.as_ref().is_none_or(|not| !not.iter().any(|one| value.eq_ignore_ascii_case(one)));
        let has = self.has.as_ref().is_none_or(|has| {
            let words: Vec<&str> = value.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
            word::find(has, &words).is_some()
        });
        (is && not && has).then(|| format!("{}: {value}", self.input))
    }
}

impl When {
    fn holds(&self, inputs: &Inputs) -> bool {
        match self {
            Self::Always(always) => *always,
            Self::Any(conditions) => any(conditions, inputs, true).is_some(),
        }
    }
}

impl Action {
    /// Whether it checks something or judges a result, with these inputs.
    pub(crate) fn is_check(&self, inputs: &Inputs) -> bool {
        matches!(self.role, Role::Check | Role::Judge) && any(&self.unless, inputs, false).is_none()
    }

    /// The input with which it never fails, as it is given.
    pub(crate) fn muted_by(&self, inputs: &Inputs) -> Option<String> {
        any(&self.mutes, inputs, false)
    }

    /// Whether something found can fail the step, muting inputs aside.
    pub(crate) fn can_fail(&self, inputs: &Inputs) -> bool {
        self.fails || any(&self.fails_when, inputs, true).is_some()
    }

    /// The input by which nothing to look at is a pass, as it is given.
    pub(crate) fn empty_by(&self, inputs: &Inputs) -> Option<String> {
        any(&self.empty_ok, inputs, false)
    }

    /// Whether the result becomes a status or check of its own on the commit, apart from the step's.
    pub(crate) fn posts_status(&self, inputs: &Inputs) -> bool {
        self.own_status.holds(inputs)
    }

    /// The files it is told to write.
    pub(crate) fn report_files<'a>(&self, inputs: &'a Inputs) -> Vec<&'a str> {
        files(&self.reports, inputs)
    }

    /// The files it is told to read.
    pub(crate) fn read_files<'a>(&self, inputs: &'a Inputs) -> Vec<&'a str> {
        files(&self.reads, inputs)
    }

    /// Tools that later steps may call because of it.
    pub(crate) fn installed<'a>(&'a self, inputs: &'a Inputs) -> Vec<&'a str> {
        let listed = self.installs_from.iter().flat_map(|name| value_of(name, inputs).split([',', ' ', '\n', '\t']));
        let named = listed.map(|tool| tool.split(['@', '=']).next().unwrap_or_default());
        self.installs.iter().map(String::as_str).chain(named).filter(|tool| !tool.is_empty()).collect()
    }
}

fn any(conditions: &[Condition], inputs: &Inputs, unknown: bool) -> Option<String> {
    conditions.iter().find_map(|condition| condition.holds(inputs, unknown))
}

fn value_of<'a>(name: &str, inputs: &'a Inputs) -> &'a str {
    inputs.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.trim())
}

fn files<'a>(names: &[String], inputs: &'a Inputs) -> Vec<&'a str> {
    let values = names.iter().flat_map(|name| value_of(name, inputs).split([',', '\n']));
    values.map(str::trim).filter(|file| !matches!(*file, "" | "-" | "/dev/stdout" | "console" | "stdout")).collect()
}
