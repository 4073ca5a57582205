//! Where blobs were brought in: commits in the order of history, each distinct folder entered once.

use std::cell::OnceCell;
use std::collections::HashSet;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use tollgate_check::{FileKind, TreeError};

use crate::error::Result;
use crate::staged::Entries;
use crate::{Id, Repository, history};

mod facts;
mod graph;
mod ledger;
mod objects;
mod tips;
mod trees;

pub use facts::CommitFacts;

use facts::Lazy;
use graph::Graph;
use ledger::Ledger;
use objects::Objects;
use tips::Tips;
use trees::Trees;

/// Which blobs are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What every reference and HEAD lead to, with notes and stashes, and what is checked out in other worktrees.
    All,
    /// What the commit `to` leads to and `from` does not.
    Range {
        /// The old side, as [`Repository::resolve`] understands it.
        from: String,
        /// The new side.
        to: String,
    },
    /// Like all, but only commits whose committer date is not before this, in Unix seconds.
    Since(i64),
    /// What a commit made now would add: the index against HEAD, and against what is being merged.
    Staged,
}

/// Where a blob was brought in.
#[derive(Debug)]
pub struct Place<'a> {
    /// The blob.
    pub id: Id,
    /// Its path, relative to the root; bytes that are not UTF-8 are replaced. Of a blob that a reference stands for, the
    /// name of that.
    pub path: &'a str,
    /// What kind of file it is there.
    pub kind: FileKind,
    /// The first commit that has it there; none in the index, and none where a reference stands for no commit.
    pub commit: Option<&'a CommitFacts>,
}

/// What was walked.
#[derive(Debug, Default)]
pub struct Walked {
    /// How many commits.
    pub commits: u64,
    /// How many distinct blobs below the root, without those of the old side.
    pub blobs: u64,
    /// How many objects that history leads to are not there, or cannot be read: left out of a partial clone, or damaged.
    pub missing: u64,
    /// Some of them.
    pub troubles: Vec<TreeError>,
    /// Whether history was cut off on the way: a clone made with `--depth`.
    pub shallow: bool,
    /// How many distinct paths are submodules, which are not entered.
    pub submodules: u64,
    /// Of a range, and of the index: blobs of the old side that the new side has no more, in order.
    pub replaced: Vec<Id>,
}

impl Repository {
    /// Tells `found` where blobs were brought in, oldest commits first and parents before children. Content that only a
    /// merge has is seen as well.
    ///
    /// Of a range, of an interval and of the index, what the trees on the old side have (those of parents that are not
    /// part of it, and of `from`) is not told of, whatever its path: a file that was only renamed adds nothing. A blob is
    /// told of at each path at which it appears first in a folder that was not seen before, at most 20; a folder that was
    /// merely moved is not told of again. Objects are taken as they are stored, whatever `refs/replace` says.
    ///
    /// # Errors
    /// An end of the range names no commit, the index is in conflict, or references cannot be listed. What history leads
    /// to and is not there is counted instead.
    pub fn walk(&self, scope: &Scope, found: &mut dyn FnMut(Place<'_>)) -> Result<Walked> {
        let inner = &self.inner;
        let head = inner.head();
        let walk = Walk::new(inner.store.fresh(), inner.prefix(), found);
        match scope {
            Scope::All => walk.all(head, None),
            Scope::Since(date) => walk.all(head, Some(*date)),
            Scope::Range { from, to } => {
                let end = |rev: &str| inner.store.with(|repo| history::resolve(repo, rev));
                walk.range(end(from)?, end(to)?)
            }
            Scope::Staged => walk.staged(head, inner.committable()?.entries()),
        }
    }

    /// The blobs in the tree of HEAD, below the root.
    ///
    /// # Errors
    /// One of its folders is not there or cannot be read.
    pub fn head_blobs(&self) -> Result<HashSet<Id>> {
        let mut ignored = |_: Place<'_>| {};
        let mut walk = Walk::new(self.inner.store.fresh(), self.inner.prefix(), &mut ignored);
        let blobs = self.inner.head().map_or_else(|| Ok(HashSet::new()), |head| walk.blobs_of(head))?;
        match walk.objects.troubles.into_iter().next() {
            Some(trouble) => Err(trouble),
            None => Ok(blobs.into_iter().map(Id).collect()),
        }
    }
}

struct Walk<'w> {
    prefix: &'w BStr,
    objects: Objects,
    trees: Trees,
    ledger: Ledger<'w>,
    walked: Walked,
}

impl<'w> Walk<'w> {
    fn new(repo: gix::Repository, prefix: &'w BStr, found: &'w mut dyn FnMut(Place<'_>)) -> Self {
        let (objects, ledger) = (Objects::new(repo), Ledger::new(found));
        Self { prefix, objects, trees: Trees::default(), ledger, walked: Walked::default() }
    }

    fn all(mut self, head: Option<ObjectId>, since: Option<i64>) -> Result<Walked> {
        let tips = Tips::load(&mut self.objects, head)?;
        let mut graph = Graph::new(&self.objects)?;
        let mut commits = graph.reached(&mut self.objects, &tips.commits);
        commits.retain(|at| graph.get(*at).is_some_and(|commit| since.is_none_or(|since| commit.date >= since)));
        let pushed = tips.has_remote.then(|| graph.flood(&tips.remote));
        self.hide_parents(&graph, &commits);
        self.show(&graph, &commits, &|at| pushed.as_ref().map(|pushed| pushed.get(at as usize) == Some(&true)));
        // These have no date.
        for tree in tips.trees.iter().filter(|_| since.is_none()) {
            self.enter(*tree, None);
        }
        for (name, id) in tips.blobs.iter().filter(|_| since.is_none() && self.prefix.is_empty()) {
            self.ledger.show(&mut self.objects, name.as_str().into(), FileKind::File, *id, None);
        }
        Ok(self.finish())
    }

    fn range(mut self, from: ObjectId, to: ObjectId) -> Result<Walked> {
        let mut graph = Graph::new(&self.objects)?;
        let commits = graph.range(&mut self.objects, to, &[from]);
        // What is amiss with other branches is no matter of this range.
        let private = self.objects.quietly(|objects| -> Result<Option<HashSet<u32>>> {
            let Some(remote) = tips::remote(objects)?.filter(|_| !commits.is_empty()) else { return Ok(None) };
            Ok(Some(graph.range(objects, to, &remote).into_iter().collect()))
        })?;
        let old = self.tree_of(from)?;
        self.hide(old);
        self.hide_parents(&graph, &commits);
        self.show(&graph, &commits, &|at| private.as_ref().map(|private| !private.contains(&at)));
        let new = self.blobs_of(to)?;
        self.walked.replaced = self.ledger.replaced(&new);
        Ok(self.finish())
    }

    fn staged(mut self, head: Option<ObjectId>, entries: Entries<'_>) -> Result<Walked> {
        for commit in head.into_iter().chain(tips::merging(&self.objects.repo)) {
            let tree = self.tree_of(commit)?;
            self.hide(tree);
        }
        let mut new = HashSet::new();
        for entry in entries.iter().filter(|entry| !entry.is_intended()) {
            let path = entry.path().strip_prefix(self.prefix.as_bytes()).unwrap_or(entry.path());
            self.ledger.show(&mut self.objects, path.as_bstr(), entry.kind(), entry.id(), None);
            new.insert(entry.id());
        }
        self.walked.replaced = self.ledger.replaced(&new);
        Ok(self.finish())
    }

    /// The tree of a commit; none when it cannot be read, which is counted.
    fn tree_of(&mut self, commit: ObjectId) -> Result<Option<ObjectId>> {
        let mut graph = Graph::new(&self.objects)?;
        let at = graph.add(&mut self.objects, commit);
        Ok(graph.get(at).and_then(|commit| commit.tree))
    }

    /// The blobs in the tree of a commit.
    fn blobs_of(&mut self, commit: ObjectId) -> Result<HashSet<ObjectId>> {
        let mut blobs = HashSet::new();
        if let Some(tree) = self.tree_of(commit)? {
            Trees::default().enter(&mut self.objects, tree, self.prefix, &mut |_, _, kind, id| {
                if kind != FileKind::Submodule {
                    blobs.insert(id);
                }
            });
        }
        Ok(blobs)
    }

    /// Takes what `tree` has for old.
    fn hide(&mut self, tree: Option<ObjectId>) {
        let Self { objects, trees, ledger, prefix, .. } = self;
        if let Some(tree) = tree {
            trees.enter(objects, tree, prefix, &mut |_, _, kind, id| ledger.hide(kind, id));
        }
    }

    /// The same of the parents of `commits` that are none of them.
    fn hide_parents(&mut self, graph: &Graph, commits: &[u32]) {
        let inside: HashSet<u32> = commits.iter().copied().collect();
        let mut outside: Vec<u32> = commits.iter().flat_map(|at| graph.parents(*at)).collect();
        outside.retain(|at| !inside.contains(at));
        outside.sort_unstable();
        outside.dedup();
        for at in outside {
            self.hide(graph.get(at).and_then(|commit| commit.tree));
        }
    }

    /// Tells of what `commits` brought in.
    fn show(&mut self, graph: &Graph, commits: &[u32], pushed: &dyn Fn(u32) -> Option<bool>) {
        for at in graph.ordered(commits) {
            let Some((commit, tree)) = graph.get(at).and_then(|commit| Some((commit, commit.tree?))) else { continue };
            self.walked.commits += 1;
            self.enter(tree, Some(&Lazy { commit, pushed: pushed(at), facts: OnceCell::new() }));
        }
        self.walked.shallow |= graph.shallow;
    }

    fn enter(&mut self, tree: ObjectId, commit: Option<&Lazy<'_>>) {
        let Self { objects, trees, ledger, prefix, .. } = self;
        trees.enter(objects, tree, prefix, &mut |objects, path, kind, id| {
            ledger.show(objects, path, kind, id, commit);
        });
    }

    fn finish(self) -> Walked {
        let (blobs, submodules) = (self.ledger.blobs(), self.ledger.submodules());
        let Objects { missing, troubles, .. } = self.objects;
        Walked { blobs, missing, troubles, submodules, ..self.walked }
    }
}
