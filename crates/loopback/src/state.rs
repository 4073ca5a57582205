//! What the repository holds. Tests fill it and look into it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Ids of what is made begin here: as real ones do, they need more than 32 bits.
const FIRST_ID: u64 = 3_000_000_001;

/// The repository's things. Logins are as REST spells them (`github-actions[bot]`); `ghost` is a deleted account.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Pull requests by number.
    pub pulls: BTreeMap<u64, Pull>,
    /// Comments by the number of their pull request or issue, oldest first.
    pub comments: BTreeMap<u64, Vec<Comment>>,
    /// Issues, oldest first. Numbers are shared with pull requests.
    pub issues: Vec<Issue>,
    /// Statuses by commit, oldest first.
    pub statuses: BTreeMap<String, Vec<Status>>,
    /// SARIF uploads, oldest first.
    pub uploads: Vec<Upload>,
    /// Artifacts of workflow runs, oldest first.
    pub artifacts: Vec<Artifact>,
    /// Effective rules by branch, as `GET rules/branches/{branch}` answers them.
    pub rules: BTreeMap<String, Vec<Value>>,
    /// Commits that exist beside those named by pull requests.
    pub commits: BTreeSet<String>,
    /// Who may write to the repository.
    pub writers: BTreeSet<String>,
    made: u64,
}

impl State {
    /// A fresh id, larger than every one before.
    pub fn next_id(&mut self) -> u64 {
        self.made += 1;
        FIRST_ID - 1 + self.made
    }

    /// The number that the next issue gets.
    pub fn next_number(&self) -> u64 {
        let pull = self.pulls.keys().next_back().copied().unwrap_or_default();
        let issue = self.issues.iter().map(|issue| issue.number).max().unwrap_or_default();
        pull.max(issue) + 1
    }

    /// Adds a comment by `author`; answers its id.
    pub fn add_comment(&mut self, number: u64, author: &str, body: &str) -> u64 {
        let id = self.next_id();
        let comment = Comment { id, author: author.to_owned(), body: body.to_owned(), ..Comment::default() };
        self.comments.entry(number).or_default().push(comment);
        id
    }

    /// Adds an open issue by `author`; answers its number.
    pub fn add_issue(&mut self, author: &str, title: &str, body: &str, labels: &[&str]) -> u64 {
        let issue = Issue {
            id: self.next_id(),
            number: self.next_number(),
            author: author.to_owned(),
            title: title.to_owned(),
            body: body.to_owned(),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            open: true,
            ..Issue::default()
        };
        self.issues.push(issue);
        self.next_number() - 1
    }

    /// Whether a commit exists.
    pub fn knows(&self, sha: &str) -> bool {
        let sha = sha.to_ascii_lowercase();
        let of_pull = |pull: &Pull| pull.head == sha || pull.base_sha == sha || pull.merge_sha.as_deref() == Some(&sha);
        self.commits.contains(&sha) || self.pulls.values().any(of_pull)
    }

    /// Whether a number is that of a pull request or an issue.
    pub(crate) fn has_number(&self, number: u64) -> bool {
        self.pulls.contains_key(&number) || self.issues.iter().any(|issue| issue.number == number)
    }

    /// The comment with this id, and the number that it belongs to.
    pub(crate) fn comment(&self, id: u64) -> Option<(u64, &Comment)> {
        let mut all = self.comments.iter().flat_map(|(number, list)| list.iter().map(|comment| (*number, comment)));
        all.find(|(_, comment)| comment.id == id)
    }

    pub(crate) fn comment_mut(&mut self, id: u64) -> Option<&mut Comment> {
        self.comments.values_mut().flatten().find(|comment| comment.id == id)
    }
}

/// An artifact of a workflow run.
#[derive(Debug, Clone, Default)]
pub struct Artifact {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What is downloaded.
    pub zip: Vec<u8>,
    /// Whether it is gone.
    pub expired: bool,
    /// The branch that the run was about.
    pub head_branch: String,
    /// The commit that the run was about.
    pub head_sha: String,
    /// Whether that branch lies in a fork.
    pub of_fork: bool,
}

/// A pull request.
#[derive(Debug, Clone, Default)]
pub struct Pull {
    /// Who opened it.
    pub author: String,
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// Head commit, in full.
    pub head: String,
    /// Head branch.
    pub head_ref: String,
    /// `owner/name` of where the head branch is; `None` when that fork was deleted.
    pub head_repository: Option<String>,
    /// Base branch.
    pub base_ref: String,
    /// The base branch's commit.
    pub base_sha: String,
    /// The test merge that `refs/pull/N/merge` points to.
    pub merge_sha: Option<String>,
    /// Whether it is a draft.
    pub draft: bool,
    /// Open; else closed.
    pub open: bool,
    /// Merged, and so closed.
    pub merged: bool,
    /// Reviews, oldest first.
    pub reviews: Vec<Review>,
}

impl Pull {
    /// An open pull request by `author` within the repository `full_name`, from the commit `head` to `main`.
    pub fn open(author: &str, full_name: &str, head: &str) -> Self {
        Self {
            author: author.to_owned(),
            title: "A change".to_owned(),
            head: head.to_owned(),
            head_ref: "change".to_owned(),
            head_repository: Some(full_name.to_owned()),
            base_ref: "main".to_owned(),
            base_sha: "b".repeat(40),
            open: true,
            ..Self::default()
        }
    }
}

/// A review of a pull request.
#[derive(Debug, Clone)]
pub struct Review {
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub state: ReviewState,
    /// The commit that was looked at; `None` when it is gone.
    pub commit: Option<String>,
    /// Seconds since 1970.
    pub submitted: u64,
}

impl Review {
    /// An approval by `author` of the commit `head`.
    pub fn approved(author: &str, head: &str) -> Self {
        Self { author: author.to_owned(), state: ReviewState::Approved, commit: Some(head.to_owned()), submitted: 0 }
    }
}

/// What a review says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewState {
    /// `APPROVED`
    Approved,
    /// `CHANGES_REQUESTED`
    ChangesRequested,
    /// `COMMENTED`
    Commented,
    /// `DISMISSED`
    Dismissed,
    /// `PENDING`
    Pending,
}

/// A comment on a pull request or an issue.
#[derive(Debug, Clone, Default)]
pub struct Comment {
    /// Its id.
    pub id: u64,
    /// Who wrote it.
    pub author: String,
    /// The text.
    pub body: String,
    /// Hidden by somebody.
    pub minimized: bool,
    /// Every body that it had, oldest first, the present one too; empty until it is changed.
    pub edits: Vec<Edit>,
    /// Seconds since 1970.
    pub created: u64,
    /// Seconds since 1970.
    pub updated: u64,
}

/// A body that a comment had from some moment on.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The whole text.
    pub body: String,
    /// Seconds since 1970.
    pub at: u64,
}

/// An issue.
#[derive(Debug, Clone, Default)]
pub struct Issue {
    /// Its id.
    pub id: u64,
    /// Its number in the repository.
    pub number: u64,
    /// Who opened it.
    pub author: String,
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// Names of its labels.
    pub labels: Vec<String>,
    /// Open; else closed.
    pub open: bool,
    /// Why it was closed or opened again: `completed`, `not_planned`, `duplicate`, `reopened`.
    pub state_reason: Option<String>,
    /// Seconds since 1970.
    pub created: u64,
    /// Seconds since 1970.
    pub updated: u64,
    /// Seconds since 1970.
    pub closed: Option<u64>,
}

/// A status of a commit.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// Its id.
    pub id: u64,
    /// Who set it.
    pub author: String,
    /// `error`, `failure`, `pending` or `success`.
    pub state: String,
    /// The name that it goes by.
    pub context: String,
    /// One line for people.
    pub description: Option<String>,
    /// Where more is said.
    pub target_url: Option<String>,
    /// Seconds since 1970.
    pub created: u64,
}

/// An uploaded SARIF file.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// The commit that it is about.
    pub commit_sha: String,
    /// The full name of the branch, tag or pull request.
    pub reference: String,
    /// The file, decoded.
    pub sarif: Value,
    /// How large it was compressed.
    pub gzip_bytes: usize,
    /// Why ingestion refuses it; empty when it does not.
    pub errors: Vec<String>,
    /// How often its processing was asked for: the first time it is pending.
    pub asked: usize,
}
