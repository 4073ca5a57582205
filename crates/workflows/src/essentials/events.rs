//! Events: which data they bring, and who can start them.

use super::File;
use crate::model::Trigger;

/// Objects of `github.event`, and the events that bring them.
const OBJECTS: &[(&str, &[&str])] = &[
    ("pull_request", PULL_REQUEST),
    ("issue", &["issues", "issue_comment"]),
    ("comment", &["issue_comment", "commit_comment", "discussion_comment", "pull_request_review_comment"]),
    ("review", &["pull_request_review"]),
    ("discussion", &["discussion", "discussion_comment"]),
    ("commits", &["push"]),
    ("head_commit", &["push"]),
    ("pages", &["gollum"]),
    ("workflow_run", &["workflow_run"]),
];

/// The events of a pull request.
const PULL_REQUEST: &[&str] =
    &["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"];

/// Whether `event` is one of a pull request.
pub(crate) fn is_of_pull_request(event: &str) -> bool {
    PULL_REQUEST.contains(&event)
}

/// Whether a run that `event` started can have data at `path`. A called workflow has that of its caller, whatever it
/// is.
pub(crate) fn carries(event: &str, path: &str) -> bool {
    if event == "workflow_call" {
        return true;
    }
    if matches!(path, "github.head_ref" | "github.base_ref") {
        return is_of_pull_request(event);
    }
    let object = path.strip_prefix("github.event.").and_then(|rest| rest.split('.').next());
    let known = object.and_then(|object| OBJECTS.iter().find(|(name, _)| *name == object));
    known.is_none_or(|(_, events)| events.contains(&event))
}

/// Whether the runs that start this one by `workflow_run` can be those of a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Upstream {
    /// At least one of them is started by pull requests.
    PullRequests,
    /// None of them is.
    Others,
    /// Not all of them are known.
    Unknown,
}

/// What starts the workflows that `trigger` waits for.
pub(crate) fn upstream(file: &File<'_>, trigger: &Trigger) -> Upstream {
    let mut all_known = !trigger.workflows.is_empty();
    for name in &trigger.workflows {
        let named = |title: Option<&str>, path: &str| title.unwrap_or(path) == name.text;
        let found = file.siblings.iter().find(|w| named(w.name.as_ref().map(|n| n.text.as_str()), &w.path));
        match found {
            Some(w) if w.triggers.iter().any(|t| is_of_pull_request(&t.event.text)) => return Upstream::PullRequests,
            Some(_) => {}
            None => all_known = false,
        }
    }
    if all_known { Upstream::Others } else { Upstream::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_comes_with_its_event() {
        for (event, path, expected) in [
            ("issues", "github.event.issue.title", true),
            ("push", "github.event.issue.title", false),
            ("pull_request_target", "github.head_ref", true),
            ("issue_comment", "github.head_ref", false),
            ("issue_comment", "github.event.pull_request.head.sha", false),
            ("workflow_call", "github.event.issue.title", true),
            ("push", "github.event.repository.name", true),
            ("push", "github.sha", true),
        ] {
            assert_eq!(carries(event, path), expected, "{event} {path}");
        }
    }
}
