//! The event that caused this run, as a GitHub workflow tells it.
//!
//! Source: GitHub's documentation of default environment variables (`GITHUB_EVENT_NAME`, `GITHUB_EVENT_PATH`) and of
//! webhook payloads: `pull_request.base.sha`, `merge_group.base_sha`, `before` of a push, `workflow_run.head_sha`. The ref of a
//! merge group is named `gh-readonly-queue/<branch>/pr-<number>-<commit>`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use tollgate_input::read_named;
use tollgate_model::is_commit;

use crate::usage::usage;

/// Largest payload that is read, in bytes.
const LARGEST_PAYLOAD: u64 = 32 << 20;

/// The event that caused this run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// Where the forge shows the repository: an https address.
    pub(crate) repository_at: Option<String>,
    /// Its name; `local` outside a workflow.
    pub(crate) name: String,
    /// The commit it says to compare with; none where it says nothing. Of a run after another one, the default branch.
    pub(crate) base: Option<String>,
    /// The pull request that it is about, or whose turn it is in a merge queue.
    pub(crate) pull_request: Option<u64>,
    /// The commit it says was proposed: of a pull request its head, which a checkout of the merge is not.
    pub(crate) head: Option<String>,
    /// The branch that the change is to be merged into, or was pushed to as the default one.
    pub(crate) base_branch: Option<String>,
    /// The repository's default branch, where the payload names it.
    pub(crate) default_branch: Option<String>,
    /// Whether it is a push to that branch: what it brings is the base from now on.
    pub(crate) lands: bool,
    /// Why its payload could not be read.
    pub(crate) trouble: Option<String>,
    /// Whether the payload says that only some may read the repository.
    private: bool,
}

/// The address of a repository, where the workflow names both and neither holds anything odd.
fn repository_at(server: Option<String>, repository: Option<String>) -> Option<String> {
    let (server, repository) = (server?, repository?);
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-._/:".contains(c));
    (server.starts_with("https://") && plain(&server) && plain(&repository) && repository.split('/').count() == 2)
        .then(|| format!("{}/{repository}", server.trim_end_matches('/')))
}

impl Event {
    /// The event named by a flag, else by the workflow's environment, else a local run.
    pub(crate) fn detect(flag: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let workflow = || set("GITHUB_ACTIONS").filter(|value| value == "true").map(|_| "workflow".to_owned());
        let name = flag.map(str::to_owned).or_else(|| set("GITHUB_EVENT_NAME")).or_else(workflow);
        let mut event = Self { name: name.unwrap_or_else(|| "local".to_owned()), ..Self::default() };
        event.repository_at = repository_at(set("GITHUB_SERVER_URL"), set("GITHUB_REPOSITORY"));
        let read = set("GITHUB_EVENT_PATH").ok_or("GITHUB_EVENT_PATH names none".to_owned());
        let read = read.and_then(|path| Ok((payload(Path::new(&path))?, path)));
        event.private =
            read.as_ref().is_ok_and(|(payload, _)| payload.pointer("/repository/private") == Some(&true.into()));
        let text = |pointer: &str| {
            let (payload, _) = read.as_ref().ok()?;
            payload.pointer(pointer)?.as_str().map(str::to_owned)
        };
        event.default_branch = text("/repository/default_branch");
        event.lands = event.name == "push"
            && event.default_branch.as_ref().is_some_and(|name| text("/ref") == Some(format!("refs/heads/{name}")));
        event.base_branch = match event.name.as_str() {
            "pull_request" | "pull_request_target" => text("/pull_request/base/ref"),
            "merge_group" => {
                text("/merge_group/base_ref").and_then(|name| Some(name.strip_prefix("refs/heads/")?.to_owned()))
            }
            "push" | "workflow_run" => event.default_branch.clone(),
            _ => None,
        };
        let number = |pointer: &str| read.as_ref().ok()?.0.pointer(pointer)?.as_u64();
        event.pull_request = match event.name.as_str() {
            "merge_group" => text("/merge_group/head_ref").as_deref().and_then(queued),
            _ => number("/pull_request/number"),
        };
        event.head = read.as_ref().ok().and_then(|(payload, _)| base(payload, "/pull_request/head/sha"));
        if event.name == "workflow_run" {
            event.stand_for(text("/workflow_run/event"), read);
            return event;
        }
        let Some(pointer) = pointer(&event.name) else { return event };
        match read.and_then(|(payload, path)| {
            base(&payload, pointer).ok_or_else(|| format!("{path}: no commit at {pointer}"))
        }) {
            Ok(base) => event.base = Some(base),
            Err(because) => {
                event.trouble = Some(format!("the payload of this {} could not be read: {because}", event.name));
            }
        }
        event
    }

    /// A run that was started by the end of another one stands for what had started that: the commit is its head, and the base
    /// the default branch, for which pull request it was nobody says who can be trusted.
    fn stand_for(&mut self, name: Option<String>, read: Result<(Value, String), String>) {
        let trouble = |because: &str| Some(format!("the payload of this workflow_run could not be read: {because}"));
        let (payload, path) = match read {
            Ok(read) => read,
            Err(because) => return self.trouble = trouble(&because),
        };
        self.head = base(&payload, "/workflow_run/head_sha");
        match (name, &self.head, &self.default_branch) {
            (Some(name), Some(_), Some(branch)) => {
                self.base = Some(format!("refs/remotes/origin/{branch}"));
                self.name = name;
            }
            _ => self.trouble = trouble(&format!("{path}: no event, commit or default branch")),
        }
    }

    pub(crate) fn is_local(&self) -> bool {
        self.name == "local"
    }

    /// Whether it runs for a change that somebody else decides about, so that the change's own policy is not enough.
    pub(crate) fn is_of_others(&self) -> bool {
        matches!(self.name.as_str(), "pull_request" | "pull_request_target" | "merge_group" | "workflow_run")
    }

    /// Whether everybody may read what a run in this workflow prints. What is not known to be private is public.
    pub(crate) fn is_public(&self) -> bool {
        !self.is_local() && !self.private
    }
}

fn payload(path: &Path) -> Result<Value, String> {
    let bytes = read_named(path, LARGEST_PAYLOAD).map_err(|e| e.to_string())?;
    serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))
}

/// Where the payload of an event names the commit to compare with; none for events that have no such commit.
fn pointer(event: &str) -> Option<&'static str> {
    match event {
        "pull_request" | "pull_request_target" => Some("/pull_request/base/sha"),
        "merge_group" => Some("/merge_group/base_sha"),
        "push" => Some("/before"),
        _ => None,
    }
}

/// The pull request that a ref of a merge queue is for.
fn queued(head_ref: &str) -> Option<u64> {
    let (_, rest) = head_ref.strip_prefix("refs/heads/gh-readonly-queue/")?.rsplit_once("/pr-")?;
    rest.split_once('-')?.0.parse().ok()
}

fn base(payload: &Value, pointer: &str) -> Option<String> {
    payload.pointer(pointer)?.as_str().filter(|sha| is_commit(sha)).map(str::to_owned)
}

/// Outcomes by id, from the JSON of `toJSON(steps)` or `toJSON(needs)`: of a step its `outcome` (before
/// `continue-on-error` changes it), of a job its `result`.
pub(crate) fn outcomes(flag: &str, json: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let wrong = |what: &str| usage(format!("--{flag}: {what}; expected the JSON of toJSON({flag})"));
    let value: Value = serde_json::from_str(json).map_err(|e| wrong(&e.to_string()))?;
    let Value::Object(all) = value else { return Err(wrong("not an object")) };
    let ended = |(id, one): (String, Value)| {
        let outcome = one.as_str().or_else(|| one.get("outcome").or_else(|| one.get("result"))?.as_str());
        let outcome = outcome.ok_or_else(|| wrong(&format!("`{id}` has neither an outcome nor a result")))?;
        Ok((id, outcome.to_owned()))
    };
    all.into_iter().map(ended).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn each_event_names_its_base() {
        for (name, payload) in [
            ("pull_request", json!({"pull_request": {"base": {"sha": SHA}}})),
            ("merge_group", json!({"merge_group": {"base_sha": SHA}})),
            ("push", json!({"before": SHA})),
        ] {
            assert_eq!(base(&payload, pointer(name).unwrap()).as_deref(), Some(SHA), "{name}");
        }
        assert_eq!(pointer("schedule"), None);
        assert_eq!(base(&json!({"before": "--upload-pack=x"}), "/before"), None);
    }

    #[test]
    fn the_workflow_is_asked_and_the_flag_wins() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("event.json");
        std::fs::write(&file, json!({"before": SHA}).to_string()).unwrap();
        let variable = |name: &str| match name {
            "GITHUB_EVENT_NAME" => Some("push".to_owned()),
            "GITHUB_EVENT_PATH" => Some(file.display().to_string()),
            _ => None,
        };
        assert_eq!(Event::detect(None, variable).base.as_deref(), Some(SHA));
        assert_eq!(Event::detect(Some("schedule"), variable).base, None);
        assert!(Event::detect(None, |_| None).is_local() && !Event::detect(None, |_| None).is_public());
        assert!(Event::detect(None, variable).is_public());
        std::fs::write(&file, json!({"before": SHA, "repository": {"private": true}}).to_string()).unwrap();
        assert!(!Event::detect(None, variable).is_public());
        assert!(Event::detect(Some("pull_request"), |_| None).trouble.is_some());
        assert!(!Event::detect(None, |name| (name == "GITHUB_ACTIONS").then(|| "true".to_owned())).is_local());
        for damaged in ["{", "{}", "[]", r#"{"before": "abc"}"#] {
            std::fs::write(&file, damaged).unwrap();
            assert!(Event::detect(None, variable).trouble.is_some(), "{damaged}");
        }
    }

    #[test]
    fn the_pull_request_is_found_in_the_payload_and_in_the_name_of_a_queue() {
        for (head_ref, number) in [
            ("refs/heads/gh-readonly-queue/main/pr-104-0123abc", Some(104)),
            ("refs/heads/gh-readonly-queue/release/pr-1-2/pr-7-0123abc", Some(7)),
            ("refs/heads/gh-readonly-queue/main/pr-x-0123abc", None),
            ("refs/heads/pr-7-0123abc", None),
            ("", None),
        ] {
            assert_eq!(queued(head_ref), number, "{head_ref}");
        }
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("event.json");
        let detect = |name: &str, payload: Value| {
            std::fs::write(&file, payload.to_string()).unwrap();
            Event::detect(Some(name), |name| (name == "GITHUB_EVENT_PATH").then(|| file.display().to_string()))
        };
        let pull = json!({"pull_request": {"number": 5, "base": {"sha": SHA}, "head": {"sha": SHA}}});
        assert_eq!(detect("pull_request", pull).pull_request, Some(5));
        let pull =
            json!({"pull_request": {"base": {"sha": SHA, "ref": "next"}}, "repository": {"default_branch": "main"}});
        assert_eq!(detect("pull_request", pull.clone()).base_branch.as_deref(), Some("next"));
        assert_eq!(detect("push", pull).base_branch.as_deref(), Some("main"));
        let queue = json!({"merge_group": {"base_sha": SHA, "base_ref": "refs/heads/next"}});
        assert_eq!(detect("merge_group", queue).base_branch.as_deref(), Some("next"));
        let queue = json!({"base_sha": SHA, "head_sha": SHA, "head_ref": "refs/heads/gh-readonly-queue/main/pr-5-0"});
        assert_eq!(detect("merge_group", json!({"merge_group": queue})).pull_request, Some(5));
    }

    #[test]
    fn a_run_after_another_stands_for_what_had_started_that() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("event.json");
        let detect = |payload: Value| {
            std::fs::write(&file, payload.to_string()).unwrap();
            Event::detect(Some("workflow_run"), |name| {
                (name == "GITHUB_EVENT_PATH").then(|| file.display().to_string())
            })
        };
        let run = json!({"event": "pull_request", "head_sha": SHA, "pull_requests": []});
        let event = detect(json!({"workflow_run": run, "repository": {"default_branch": "main"}}));
        assert_eq!((event.name.as_str(), event.head.as_deref()), ("pull_request", Some(SHA)));
        assert_eq!((event.base.as_deref(), event.trouble.clone()), (Some("refs/remotes/origin/main"), None));
        assert!(event.is_of_others() && event.pull_request.is_none());
        for damaged in [json!({}), json!({"workflow_run": {"event": "pull_request", "head_sha": "-x"}})] {
            let event = detect(damaged);
            assert!(event.trouble.is_some() && event.is_of_others(), "{event:?}");
        }
    }

    #[test]
    fn outcomes_are_those_before_continue_on_error() {
        let steps = r#"{"test": {"outcome": "failure", "conclusion": "success"}, "lint": "success"}"#;
        let all = outcomes("steps", steps).unwrap();
        assert_eq!((all["test"].as_str(), all["lint"].as_str()), ("failure", "success"));
        assert_eq!(outcomes("needs", r#"{"build": {"result": "skipped"}}"#).unwrap()["build"], "skipped");
        for bad in ["", "[]", r#"{"a": {}}"#] {
            assert!(outcomes("needs", bad).unwrap_err().to_string().contains("toJSON(needs)"));
        }
    }
}
