//! The event that started this run, and what follows from it: which commit was to be judged, whose pull request it is, where
//! statuses and SARIF go.
//!
//! Source: GitHub's documentation of events that trigger workflows and of webhook payloads.

use std::path::Path;

use serde_json::Value;
use tollgate_forge::comment::RunKey;
use tollgate_input::read_named;
use tollgate_model::is_commit;

use crate::PostError;
use crate::environment::Environment;

/// Largest payload that is read, in bytes.
const LARGEST: u64 = 32 << 20;

/// What a run is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its name; `local` outside of a workflow.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Commits one of which must have been judged; empty where nobody says, outside of a workflow.
    pub(crate) commits: Vec<String>,
    /// Which run writes.
    pub(crate) key: RunKey,
    /// The repository's default branch, where the payload names it.
    default_branch: Option<String>,
    /// `GITHUB_REF`.
    reference: Option<String>,
}

/// What kind of change it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A pull request, in a run of its own.
    Pull {
        number: u64,
        head: String,
        /// The merge that GitHub made, where the run is of it.
        merge: Option<String>,
    },
    /// The end of another workflow, which may have been of a fork.
    After {
        /// The head of that run.
        head: String,
        /// What had started it.
        event: String,
        /// The pull request, where the payload names exactly one: of a branch of this repository.
        number: Option<u64>,
        /// The branch, where it is one of this repository.
        branch: Option<String>,
    },
    /// A merge queue.
    Queue { head: String },
    /// A commit on a branch or tag: `push`, `schedule`, `workflow_dispatch` and others.
    Commit,
    /// No workflow.
    Local,
}

impl Event {
    pub(crate) fn read(environment: &Environment<'_>) -> Result<Self, PostError> {
        let Some(name) = environment.get("GITHUB_EVENT_NAME") else {
            return Ok(Self::without(environment, "local", Kind::Local));
        };
        let payload = payload(environment);
        let told = |pointer: &str| payload.as_ref().ok().and_then(|payload| payload.pointer(pointer)).cloned();
        let default_branch = told("/repository/default_branch").and_then(|name| name.as_str().map(str::to_owned));
        let mut event = match name.as_str() {
            "pull_request" | "pull_request_target" => {
                let payload = payload?;
                let head = commit(&payload, &name, "/pull_request/head/sha")?;
                let number = payload.pointer("/pull_request/number").and_then(Value::as_u64);
                let number = number.ok_or_else(|| missing(&name, "/pull_request/number"))?;
                // With pull_request_target GITHUB_SHA is the base: a run of it says nothing about the change.
                let merge = environment.commit().filter(|merge| name == "pull_request" && *merge != head);
                let commits = merge.iter().chain([&head]).cloned().collect();
                Self { commits, ..Self::without(environment, &name, Kind::Pull { number, head, merge }) }
            }
            "merge_group" => {
                let head = commit(&payload?, &name, "/merge_group/head_sha")?;
                Self { commits: vec![head.clone()], ..Self::without(environment, &name, Kind::Queue { head }) }
            }
            "workflow_run" => after(environment, &payload?)?,
            _ => {
                let commits = environment.commit().into_iter().collect::<Vec<_>>();
                if commits.is_empty() {
                    return Err(PostError::refused("GITHUB_SHA is not the full name of a commit"));
                }
                Self { commits, ..Self::without(environment, &name, Kind::Commit) }
            }
        };
        event.default_branch = default_branch;
        Ok(event)
    }

    fn without(environment: &Environment<'_>, name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            commits: Vec::new(),
            key: environment.key(),
            default_branch: None,
            reference: environment.get("GITHUB_REF").filter(|text| text.starts_with("refs/")),
        }
    }

    /// Refuses what was judged where it is not what this event is about.
    pub(crate) fn admit(&self, judged: &str) -> Result<(), PostError> {
        let same = |commit: &String| commit.eq_ignore_ascii_case(judged);
        if self.commits.is_empty() || self.commits.iter().any(same) {
            return Ok(());
        }
        let expected = self.commits.join(" or ");
        Err(PostError::refused(format!(
            "the run judged commit {judged}, this {} is about {expected}; nothing is posted. Check out that commit and judge again",
            self.name
        )))
    }

    /// Where statuses go: never to a merge commit, which protection does not look at.
    pub(crate) fn status_commit<'a>(&'a self, judged: &'a str) -> &'a str {
        match &self.kind {
            Kind::Pull { head, .. } | Kind::After { head, .. } | Kind::Queue { head } => head,
            Kind::Commit | Kind::Local => judged,
        }
    }

    /// The full name of what SARIF of the commit `judged` belongs to; none where it belongs to nothing that lasts.
    pub(crate) fn reference(&self, judged: &str, pull: Option<u64>) -> Option<String> {
        let head_of = |number: u64| format!("refs/pull/{number}/head");
        match &self.kind {
            Kind::Pull { number, merge, .. } => Some(match merge {
                Some(merge) if merge.eq_ignore_ascii_case(judged) => format!("refs/pull/{number}/merge"),
                _ => head_of(*number),
            }),
            Kind::After { branch, .. } => match pull {
                Some(number) => Some(head_of(number)),
                None => branch.as_ref().map(|branch| format!("refs/heads/{branch}")),
            },
            Kind::Queue { .. } => None,
            Kind::Commit => self.reference.clone(),
            Kind::Local => pull.map(head_of).or_else(|| self.reference.clone()),
        }
    }

    /// Whether it is about the default branch as it is, and no change to it.
    pub(crate) fn is_of_default_branch(&self) -> bool {
        let of = |branch: &String| self.reference.as_deref() == Some(format!("refs/heads/{branch}").as_str());
        match self.name.as_str() {
            // A schedule runs on the default branch alone.
            "schedule" => true,
            _ => self.kind == Kind::Commit && self.default_branch.as_ref().is_some_and(of),
        }
    }
}

fn after(environment: &Environment<'_>, payload: &Value) -> Result<Event, PostError> {
    const NAME: &str = "workflow_run";
    let run = payload.get(NAME).ok_or_else(|| missing(NAME, "/workflow_run"))?;
    let head = commit(run, NAME, "/head_sha")?;
    let number = |pointer: &str| run.pointer(pointer).and_then(Value::as_u64);
    let text = |pointer: &str| run.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let key = RunKey {
        run: number("/id").ok_or_else(|| missing(NAME, "/workflow_run/id"))?,
        attempt: number("/run_attempt").unwrap_or(1),
    };
    let event = text("/event").ok_or_else(|| missing(NAME, "/workflow_run/event"))?;
    let own = text("/head_repository/full_name");
    let here = environment.get("GITHUB_REPOSITORY");
    let is_own = own.zip(here).is_some_and(|(own, here)| own.eq_ignore_ascii_case(&here));
    let pulls = run.pointer("/pull_requests").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let same = |pull: &&Value| pull.pointer("/head/sha").and_then(Value::as_str) == Some(&head);
    let named: Vec<u64> = pulls.iter().filter(same).filter_map(|pull| pull["number"].as_u64()).collect();
    let number = match named.as_slice() {
        [number] => Some(*number),
        _ => None,
    };
    let branch = text("/head_branch").filter(|_| is_own && !event.starts_with("pull_request"));
    let kind = Kind::After { head: head.clone(), event, number, branch };
    Ok(Event { commits: vec![head], key, ..Event::without(environment, NAME, kind) })
}

fn payload(environment: &Environment<'_>) -> Result<Value, PostError> {
    let path = environment.get("GITHUB_EVENT_PATH");
    let path =
        path.ok_or_else(|| PostError::refused("GITHUB_EVENT_PATH is not set, so that the event cannot be read"))?;
    let bytes = read_named(Path::new(&path), LARGEST).map_err(|e| PostError::refused(e.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|e| PostError::refused(format!("{path}: {e}")))
}

fn commit(payload: &Value, event: &str, pointer: &str) -> Result<String, PostError> {
    let text = payload.pointer(pointer).and_then(Value::as_str).filter(|text| is_commit(text));
    text.map(str::to_owned).ok_or_else(|| missing(event, pointer))
}

fn missing(event: &str, pointer: &str) -> PostError {
    PostError::refused(format!("the payload of this {event} has nothing usable at {pointer}"))
}
