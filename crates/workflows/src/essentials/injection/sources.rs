//! Data of events that somebody outside chooses.

use crate::essentials::flows::Flow;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// Where an expression finds it.
    pub(crate) path: &'static str,
    /// Whether it can be several lines.
    pub(crate) lines: bool,
    /// Who chooses it.
    pub(crate) who: &'static str,
}

impl Source {
    const fn line(path: &'static str, who: &'static str) -> Self {
        Self { path, lines: false, who }
    }

    const fn lines(path: &'static str, who: &'static str) -> Self {
        Self { path, lines: true, who }
    }

    /// The object of the event that its author owns.
    pub(crate) fn theirs(&self) -> &'static str {
        let parts = self.path.match_indices('.').nth(2).map_or(self.path.len(), |(at, _)| at);
        if self.path == "github.head_ref" {
            "github.event.pull_request"
        } else {
            self.path.get(..parts).unwrap_or_default()
        }
    }
}

const ISSUE: &str = "Whoever opens an issue chooses it";
const PULL: &str = "Whoever opens a pull request chooses it";
const COMMENT: &str = "Whoever comments chooses it";
const REVIEW: &str = "Whoever reviews a pull request chooses it";
const DISCUSSION: &str = "Whoever opens a discussion chooses it";
const COMMIT: &str = "Whoever wrote a commit that is merged chose it";
const PAGE: &str = "Whoever may edit the wiki chooses it";

const SOURCES: &[Source] = &[
    Source::lines("github.event.comment.body", COMMENT),
    Source::line("github.event.commits.*.author.email", COMMIT),
    Source::line("github.event.commits.*.author.name", COMMIT),
    Source::lines("github.event.commits.*.message", COMMIT),
    Source::lines("github.event.discussion.body", DISCUSSION),
    Source::line("github.event.discussion.title", DISCUSSION),
    Source::line("github.event.head_commit.author.email", COMMIT),
    Source::line("github.event.head_commit.author.name", COMMIT),
    Source::lines("github.event.head_commit.message", COMMIT),
    Source::lines("github.event.issue.body", ISSUE),
    Source::line("github.event.issue.title", ISSUE),
    Source::line("github.event.pages.*.page_name", PAGE),
    Source::lines("github.event.pull_request.body", PULL),
    Source::line("github.event.pull_request.head.label", PULL),
    Source::line("github.event.pull_request.head.ref", PULL),
    Source::line("github.event.pull_request.head.repo.default_branch", PULL),
    Source::line("github.event.pull_request.title", PULL),
    Source::lines("github.event.review.body", REVIEW),
    Source::line("github.event.workflow_run.display_title", PULL),
    Source::line("github.event.workflow_run.head_branch", PULL),
    Source::line("github.event.workflow_run.head_commit.author.email", PULL),
    Source::line("github.event.workflow_run.head_commit.author.name", PULL),
    Source::lines("github.event.workflow_run.head_commit.message", PULL),
    Source::line("github.head_ref", PULL),
];

/// The source at `path`.
pub(crate) fn named(path: &str) -> Option<Source> {
    SOURCES.iter().find(|source| source.path == path).copied()
}

/// The sources in what flows: the one at its path, or through `toJSON` those within it; the longest of them is named.
pub(crate) fn sources_in(flow: &Flow) -> Vec<Source> {
    if let Some(source) = named(&flow.path) {
        return vec![source];
    }
    if !flow.json {
        return Vec::new();
    }
    let within = |source: &&Source| source.path.strip_prefix(&flow.path).is_some_and(|rest| rest.starts_with('.'));
    // One for each object of the event, since an event brings only some.
    let mut found: Vec<Source> = Vec::new();
    for source in SOURCES.iter().filter(within) {
        match found.iter_mut().find(|other| other.theirs() == source.theirs()) {
            Some(other) if source.lines && !other.lines => *other = *source,
            Some(_) => {}
            None => found.push(*source),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(path: &str, json: bool) -> Vec<&'static str> {
        sources_in(&Flow { path: path.to_owned(), json }).iter().map(|source| source.path).collect()
    }

    #[test]
    fn the_list_is_in_order_and_readable() {
        assert!(SOURCES.is_sorted_by_key(|source| source.path));
        assert!(SOURCES.iter().all(|source| source.path.starts_with("github.")));
    }

    #[test]
    fn objects_carry_what_is_in_them_only_as_json() {
        assert_eq!(paths("github.event.issue.title", false), ["github.event.issue.title"]);
        assert_eq!(paths("github.event.issue.number", true), [""; 0]);
        assert_eq!(paths("github.event.issue", false), [""; 0]);
        assert_eq!(paths("github.event.issue", true), ["github.event.issue.body"]);
        assert_eq!(paths("github.event.workflow_run", true), ["github.event.workflow_run.head_commit.message"]);
        assert!(paths("github", true).len() > 8);
        assert_eq!(named("github.head_ref").unwrap().theirs(), "github.event.pull_request");
        assert_eq!(named("github.event.commits.*.message").unwrap().theirs(), "github.event.commits");
    }
}
