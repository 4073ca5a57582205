//! Who made a commit, and when.

use std::cell::OnceCell;

use gix::bstr::ByteSlice as _;
use gix::date::time::format::ISO8601_STRICT;
use gix::objs::{CommitRefIter, Find as _};

use super::graph::Commit;
use super::objects::Objects;

/// What is told of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitFacts {
    /// Full hex.
    pub id: String,
    /// The name of its author; empty where it is damaged, as are the others.
    pub author_name: String,
    /// The address of its author.
    pub author_email: String,
    /// When it was written, as Unix seconds.
    pub author_seconds: i64,
    /// The same in the author's time zone: `2026-01-31T09:30:00+02:00`.
    pub author_date: String,
    /// Whether it has more than one parent.
    pub merge: bool,
    /// Whether a remote-tracking branch leads to it; none where there is none.
    pub pushed: Option<bool>,
}

/// A commit whose facts are read when they are asked for.
pub(crate) struct Lazy<'a> {
    pub(crate) commit: &'a Commit,
    pub(crate) pushed: Option<bool>,
    pub(crate) facts: OnceCell<CommitFacts>,
}

impl Lazy<'_> {
    pub(crate) fn get(&self, objects: &Objects) -> &CommitFacts {
        self.facts.get_or_init(|| {
            let mut facts = CommitFacts {
                id: self.commit.id.to_string(),
                author_name: String::new(),
                author_email: String::new(),
                author_seconds: 0,
                author_date: String::new(),
                merge: self.commit.merge,
                pushed: self.pushed,
            };
            let mut bytes = Vec::new();
            // It was read before, so this is no place to count it.
            if let Ok(Some(object)) = objects.repo.objects.try_find(&self.commit.id, &mut bytes)
                && let Ok(author) = CommitRefIter::from_bytes(object.data, object.object_hash).author()
            {
                let author = author.trim();
                facts.author_name = author.name.to_str_lossy().into_owned();
                facts.author_email = author.email.to_str_lossy().into_owned();
                facts.author_seconds = author.seconds();
                let time = author.time().unwrap_or(gix::date::Time { seconds: facts.author_seconds, offset: 0 });
                facts.author_date = time.format_or_unix(ISO8601_STRICT);
            }
            facts
        })
    }
}
