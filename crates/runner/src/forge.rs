//! Who approved the change, and whether code owners will be asked: what the forge knows, handed over in a file or asked for once
//! it matters.
//!
//! ```json
//! {"author": "kim", "approvals": [{"by": "jo", "commit": "0123…"}], "code_owner_review": true}
//! ```

use std::cell::OnceCell;
use std::path::Path;

use serde::Deserialize;
use tollgate_input::read_named;

use crate::event::Event;
use crate::session::Session;
use crate::usage::usage;

/// Largest such file, in bytes.
const LARGEST: u64 = 4 << 20;

/// What a forge knows of a pull request's reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approvals {
    /// Who opened it.
    pub author: String,
    /// The latest opinion of each reviewer who may approve, where it is an approval.
    pub approvals: Vec<Approval>,
    /// Whether the base branch takes no change that its code owners have not reviewed.
    #[serde(default)]
    pub code_owner_review: bool,
    /// The commit that the pull request proposes, full hex: a merge queue judges another one.
    #[serde(default)]
    pub head: Option<String>,
}

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Whose.
    pub by: String,
    /// Of which commit, full hex.
    pub commit: String,
}

/// A forge that can be asked. Its answers are none where this is no run that a forge would answer.
pub trait Host: Sync {
    /// The reviews of a pull request.
    fn approvals(&self, pull_request: u64) -> Option<Result<Approvals, String>>;

    /// The run that the newest push to `branch` left behind, of those whose commit is `before` the change; none where there is
    /// none yet.
    fn base_run(&self, branch: &str, before: &dyn Fn(&str) -> bool) -> Option<Result<Option<BaseRecord>, String>>;
}

/// A `run.json` of the base branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseRecord {
    /// The commit that it is about, full hex.
    pub commit: String,
    /// What the file holds.
    pub bytes: Vec<u8>,
}

/// What the forge says of the change, which is found out once it matters: where something is relaxed.
pub(crate) struct Forge<'a> {
    given: Option<Approvals>,
    host: Option<&'a dyn Host>,
    known: OnceCell<Known>,
}

#[derive(Debug, Default)]
struct Known {
    approver: Option<String>,
    owners_review: Option<String>,
    trouble: Option<String>,
}

impl<'a> Forge<'a> {
    /// As far as it was handed over in `file`.
    pub(crate) fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let given = file.map(read).transpose()?;
        Ok(Self { given, host: None, known: OnceCell::new() })
    }

    /// Lets it be asked, where no file tells.
    pub(crate) fn ask(&mut self, host: Option<&'a dyn Host>) {
        self.host = host;
    }

    /// The run that the base branch left behind, as far as the forge knows one.
    pub(crate) fn base_run(&self, session: &Session) -> Option<Result<Option<BaseRecord>, String>> {
        let branch = session.event.base_branch.as_deref()?;
        self.host?.base_run(branch, &|commit| session.is_before_the_change(commit))
    }

    /// Who, not being the author, approved the commit that is judged. An approval of an earlier commit says nothing of this one.
    pub(crate) fn approver(&self, session: &Session) -> Option<&str> {
        self.known(session).approver.as_deref()
    }

    /// The author, where code owners must review what they own.
    pub(crate) fn owners_review(&self, session: &Session) -> Option<&str> {
        self.known(session).owners_review.as_deref()
    }

    /// Why it could not be asked, where it was tried.
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.known.get()?.trouble.as_deref()
    }

    fn known(&self, session: &Session) -> &Known {
        self.known.get_or_init(|| {
            let event = &session.event;
            if let Some(given) = &self.given {
                return Known::of(given, &[session.head(), event.head.as_deref()]);
            }
            match event.pull_request.and_then(|number| self.host?.approvals(number)) {
                Some(Ok(found)) => Known::of(&found, &heads(event, &found)),
                Some(Err(because)) => Known {
                    trouble: Some(format!("who approved this change could not be found out: {because}")),
                    ..Known::default()
                },
                None => Known::default(),
            }
        })
    }
}

/// The commit whose approval counts: the one that the event proposes. Of a merge group, which judges a commit made for the
/// queue, that of its pull request: a pull request that changes leaves the queue.
fn heads<'a>(event: &'a Event, found: &'a Approvals) -> [Option<&'a str>; 1] {
    [if event.name == "merge_group" { found.head.as_deref() } else { event.head.as_deref() }]
}

impl Known {
    fn of(read: &Approvals, heads: &[Option<&str>]) -> Self {
        let author = Some(plain(&read.author)).filter(|author| read.code_owner_review && !author.is_empty());
        Self { approver: first(read, heads), owners_review: author, trouble: None }
    }
}

fn read(path: &Path) -> anyhow::Result<Approvals> {
    let bytes = read_named(path, LARGEST).map_err(|e| usage(format!("--approvals {e}")))?;
    serde_json::from_slice(&bytes).map_err(|e| {
        let expected =
            r#"{"author": "…", "approvals": [{"by": "…", "commit": "…"}]}, and maybe "code_owner_review": true"#;
        usage(format!("--approvals {}: {e}; expected {expected}", path.display()))
    })
}

/// A name as names are compared.
pub(crate) fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

fn first(read: &Approvals, heads: &[Option<&str>]) -> Option<String> {
    let author = plain(&read.author);
    let counts = |one: &&Approval| {
        let other = !author.is_empty() && !plain(&one.by).is_empty() && plain(&one.by) != author;
        other && heads.iter().flatten().any(|head| one.commit.eq_ignore_ascii_case(head))
    };
    read.approvals.iter().find(counts).map(|one| one.by.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_somebody_else_and_only_of_this_commit() {
        let head = "a".repeat(40);
        let approvals = |author: &str, by: &str, commit: &str| Approvals {
            author: author.to_owned(),
            approvals: vec![Approval { by: by.to_owned(), commit: commit.to_owned() }],
            ..Approvals::default()
        };
        for (author, by, commit, expected) in [
            ("kim", "jo", head.as_str(), Some("jo")),
            ("kim", "Kim ", &head, None),
            ("kim", "jo", "b", None),
            ("", "jo", &head, None),
            ("kim", " ", &head, None),
        ] {
            let found = first(&approvals(author, by, commit), &[None, Some(&head)]);
            assert_eq!(found.as_deref(), expected, "{author} {by} {commit}");
        }
        assert_eq!(first(&approvals("kim", "jo", ""), &[None, None]), None);
    }
}
