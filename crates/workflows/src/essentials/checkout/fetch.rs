//! Steps and commands that fetch the code of a pull request.

use tollgate_input::Span;

use crate::essentials::File;
use crate::essentials::commands::{Command, mentions};
use crate::essentials::env::Env;
use crate::essentials::events::carries;
use crate::essentials::pins::{Version, is_commit};
use crate::model::{Step, Text};

/// Versions of actions/checkout from which on it refuses forks in `pull_request_target` and `workflow_run`, as major
/// and minor version; 1 never does.
const REFUSING: &[(u32, u32)] = &[(2, 8), (3, 7), (4, 4), (5, 1), (6, 1), (7, 0)];

/// The events in which it does.
const REFUSED_IN: &[&str] = &["pull_request_target", "workflow_run"];

/// Commits of a pull request.
const COMMITS: &[&str] = &[
    "github.event.pull_request.head.sha",
    "github.event.pull_request.merge_commit_sha",
    "github.event.workflow_run.head_commit.id",
    "github.event.workflow_run.head_sha",
    "github.event.workflow_run.pull_requests.*.head.sha",
];

/// Names of its branch. Taken in this repository, they are branches of this repository.
const NAMES: &[&str] = &[
    "github.event.pull_request.head.ref",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.pull_requests.*.head.ref",
    "github.head_ref",
];

/// What was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The code, whoever wrote it.
    Code,
    /// The same by a commit of actions/checkout whose version is not known.
    PerhapsRefused,
    /// What actions/checkout refuses to fetch from a fork.
    Refused,
    /// A branch of this repository that is called like that of the pull request.
    Name,
}

/// Code of a pull request in a folder.
#[derive(Clone, Debug)]
pub(super) struct Fetched {
    pub(super) source: Source,
    /// Relative to the workspace; empty for the workspace itself.
    pub(super) folder: String,
    /// What names the code.
    pub(super) written: String,
    pub(super) place: Span,
}

/// Whether `uses` is actions/checkout.
pub(super) fn is_checkout(uses: &str) -> bool {
    uses.trim().to_lowercase().starts_with("actions/checkout@")
}

fn input<'a>(step: &'a Step, name: &str) -> Option<&'a Text> {
    step.with.iter().find(|(key, _)| key.text.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Where a checkout puts its code.
pub(super) fn folder(step: &Step) -> String {
    input(step, "path").map_or_else(String::new, |path| join("", &path.text))
}

/// What a step with actions/checkout fetches in a run of `event`, where that is code of a pull request.
pub(super) fn by_action(file: &File<'_>, step: &Step, env: &Env<'_>, event: &str) -> Option<Fetched> {
    let (reference, repository) = (input(step, "ref"), input(step, "repository"));
    let forked = repository.filter(|text| {
        paths(text, env, event).iter().any(|path| path.contains(".head.repo.") || path.contains(".head_repository."))
    });
    let (source, text) = match (forked, reference) {
        (Some(fork), reference) => (Source::Code, reference.unwrap_or(fork)),
        (None, Some(reference)) => (named(reference, env, event)?, reference),
        (None, None) => return None,
    };
    let allowed = input(step, "allow-unsafe-pr-checkout").is_some_and(|text| text.text.trim() != "false");
    let source = if allowed && source == Source::Code { source } else { refused(file, step, event, source)? };
    Some(Fetched { source, folder: folder(step), written: text.text.clone(), place: text.span })
}

/// What `source` becomes by the version of actions/checkout.
fn refused(file: &File<'_>, step: &Step, event: &str, source: Source) -> Option<Source> {
    let uses = step.uses.as_ref()?;
    let commit = uses.text.split_once('@').is_some_and(|(_, reference)| is_commit(reference.trim()));
    let version = Version::of(uses, file.source);
    // A branch has what the newest version has.
    let newest = version.map_or(!commit, |version| version.since(REFUSING));
    match source {
        Source::Name => (!newest).then_some(source),
        _ if !REFUSED_IN.contains(&event) => Some(source),
        _ if newest => Some(Source::Refused),
        _ if version.is_none() => Some(Source::PerhapsRefused),
        _ => Some(source),
    }
}

/// What a text names, if that is of a pull request.
fn named(text: &Text, env: &Env<'_>, event: &str) -> Option<Source> {
    let paths = paths(text, env, event);
    if text.text.to_lowercase().contains("refs/pull/") || paths.iter().any(|path| COMMITS.contains(&path.as_str())) {
        Some(Source::Code)
    } else {
        paths.iter().any(|path| NAMES.contains(&path.as_str())).then_some(Source::Name)
    }
}

/// The paths whose values are in a text, without those that `event` leaves empty.
fn paths(text: &Text, env: &Env<'_>, event: &str) -> Vec<String> {
    let flows = env.taken(&text.text).into_iter().map(|taken| taken.flow.path);
    flows.filter(|path| carries(event, path)).collect()
}

/// A folder in another: `.` and the workspace's own names are the workspace.
pub(super) fn join(folder: &str, to: &str) -> String {
    let mut rest = to.trim();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for workspace in crate::paths::CHECKOUT {
        if let Some(within) = rest.strip_prefix(workspace) {
            parts.clear();
            rest = within;
        }
    }
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Fetching by commands of one script.
pub(super) struct InScript<'a> {
    env: &'a Env<'a>,
    /// The variables that hold a commit of the pull request.
    variables: Vec<&'a str>,
}

impl<'a> InScript<'a> {
    /// For a script with the variables `env`, in a run of `event`.
    pub(super) fn new(env: &'a Env<'a>, event: &'a str) -> Self {
        let holds = |path: &str| COMMITS.contains(&path) && carries(event, path);
        Self { env, variables: env.holding(holds) }
    }

    /// Whether with this command the code lies in the folder. `waiting` tells from one command to the next that it was
    /// fetched and not checked out.
    pub(super) fn fetches(&self, command: &Command<'_>, waiting: &mut bool) -> bool {
        let words = command.words();
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
        let verb = |verbs: &[&str]| words.iter().take(3).any(|word| verbs.contains(word));
        match command.name() {
            "gh" | "hub" => words.starts_with(&["pr", "checkout"]),
            "git" if verb(&["fetch"]) => {
                *waiting |= self.names_theirs(command);
                false
            }
            "git" if verb(&["pull"]) => self.names_theirs(command),
            "git" if verb(&["checkout", "switch", "merge", "reset", "worktree", "rebase", "cherry-pick"]) => {
                *waiting || self.names_theirs(command)
            }
            _ => false,
        }
    }

    /// Whether its words name a commit of the pull request, or its `pull/…/head`.
    fn names_theirs(&self, command: &Command<'_>) -> bool {
        let written = command.written();
        let pull =
            written.split_once("pull/").is_some_and(|(_, rest)| rest.contains("/head") || rest.contains("/merge"));
        let named = |name: &&str| command.arguments.iter().any(|word| mentions(word, name));
        let taken = || self.env.taken(written).iter().any(|taken| COMMITS.contains(&taken.flow.path.as_str()));
        pull || self.variables.iter().any(named) || taken()
    }
}
