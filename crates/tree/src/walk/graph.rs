//! Commits and their parents.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use gix::ObjectId;
use gix::objs::commit::ref_iter::Token;
use gix::objs::{CommitRefIter, Kind};
use tollgate_check::TreeError;
use tollgate_model::Cause;

use super::objects::Objects;
use crate::error::{self, Result};

/// How many more commits are looked at when all that wait are hidden ones, for clocks may be wrong.
const SLOP: usize = 32;

/// Commits that were read.
pub(crate) struct Graph {
    pub(crate) commits: Vec<Commit>,
    known: HashMap<ObjectId, u32>,
    /// Commits whose parents were left out of the clone.
    edge: HashSet<ObjectId>,
    /// Whether one of those was met.
    pub(crate) shallow: bool,
    buffer: Vec<u8>,
}

/// One commit.
pub(crate) struct Commit {
    pub(crate) id: ObjectId,
    /// None when it cannot be read.
    pub(crate) tree: Option<ObjectId>,
    /// Without those that were left out of the clone.
    pub(crate) parents: Vec<ObjectId>,
    /// Whether it has more than one parent.
    pub(crate) merge: bool,
    /// When it was committed, as Unix seconds.
    pub(crate) date: i64,
}

impl Graph {
    pub(crate) fn new(objects: &Objects) -> Result<Self> {
        let edge = objects.repo.shallow_commits().map_err(|e| error::git("cannot read the shallow file", &e))?;
        let edge = edge.iter().flat_map(|commits| commits.iter().copied()).collect();
        Ok(Self { commits: Vec::new(), known: HashMap::new(), edge, shallow: false, buffer: Vec::new() })
    }

    /// Where the commit `id` stands, which is read if it was not.
    pub(crate) fn add(&mut self, objects: &mut Objects, id: ObjectId) -> u32 {
        if let Some(at) = self.known.get(&id) {
            return *at;
        }
        let at = self.commits.len() as u32;
        self.known.insert(id, at);
        let commit = self.read(objects, id);
        self.commits.push(commit);
        at
    }

    pub(crate) fn get(&self, at: u32) -> Option<&Commit> {
        self.commits.get(at as usize)
    }

    /// Where the parents of a commit stand, as far as they were read.
    pub(crate) fn parents(&self, at: u32) -> impl Iterator<Item = u32> {
        let parents = self.get(at).map_or(&[][..], |commit| &commit.parents);
        parents.iter().filter_map(|parent| self.known.get(parent).copied())
    }

    fn read(&mut self, objects: &mut Objects, id: ObjectId) -> Commit {
        let mut commit = Commit { id, tree: None, parents: Vec::new(), merge: false, date: 0 };
        match objects.read(id, &mut self.buffer, || "the history".to_owned()) {
            Some(Kind::Commit) => {}
            Some(_) => {
                objects.lack(|_| damaged(id, "is no commit"));
                return commit;
            }
            None => return commit,
        }
        for token in CommitRefIter::from_bytes(&self.buffer, objects.repo.object_hash()) {
            match token {
                Ok(Token::Tree { id }) => commit.tree = Some(id),
                Ok(Token::Parent { id }) => commit.parents.push(id),
                Ok(Token::Committer { signature }) => commit.date = signature.seconds(),
                Ok(Token::Author { .. }) => {}
                Ok(_) | Err(_) => break,
            }
        }
        if commit.tree.is_none() {
            objects.lack(|_| damaged(id, "has no tree"));
        }
        commit.merge = commit.parents.len() > 1;
        if !commit.parents.is_empty() && self.edge.contains(&id) {
            self.shallow = true;
            commit.parents.clear();
        }
        commit
    }

    /// Everything that `tips` lead to.
    pub(crate) fn reached(&mut self, objects: &mut Objects, tips: &[ObjectId]) -> Vec<u32> {
        let mut open = tips.to_vec();
        while let Some(id) = open.pop() {
            if !self.known.contains_key(&id) {
                let at = self.add(objects, id);
                open.extend(self.get(at).iter().flat_map(|commit| &commit.parents));
            }
        }
        (0..self.commits.len() as u32).collect()
    }

    /// Which commits `tips` lead to, among those that were read.
    pub(crate) fn flood(&self, tips: &[ObjectId]) -> Vec<bool> {
        let mut marked = vec![false; self.commits.len()];
        let mut open: Vec<u32> = tips.iter().filter_map(|id| self.known.get(id).copied()).collect();
        while let Some(at) = open.pop() {
            if marked.get_mut(at as usize).is_some_and(|mark| !std::mem::replace(mark, true)) {
                open.extend(self.parents(at));
            }
        }
        marked
    }

    /// What `to` leads to and none of `hidden` does. Newer commits are looked at first, so that old history is not read.
    pub(crate) fn range(&mut self, objects: &mut Objects, to: ObjectId, hidden: &[ObjectId]) -> Vec<u32> {
        let mut queue = Queue::default();
        let to = self.add(objects, to);
        queue.push(self, to, false);
        for id in hidden {
            let at = self.add(objects, *id);
            queue.push(self, at, true);
        }
        let (mut found, mut slop, mut oldest) = (Vec::new(), SLOP, i64::MAX);
        while let Some((date, Reverse(at))) = queue.heap.pop() {
            let is_hidden = queue.take(at);
            if !is_hidden {
                found.push(at);
                oldest = oldest.min(date);
            }
            for parent in self.get(at).map_or_else(Vec::new, |commit| commit.parents.clone()) {
                let parent = self.add(objects, parent);
                queue.push(self, parent, is_hidden);
            }
            if queue.shown > 0 || date >= oldest {
                slop = SLOP;
            } else if slop == 0 {
                break;
            } else {
                slop -= 1;
            }
        }
        found.retain(|at| !queue.states.get(at).is_some_and(|state| state.hidden));
        found
    }

    /// `commits` in an order in which parents come before children, otherwise older ones first.
    pub(crate) fn ordered(&self, commits: &[u32]) -> Vec<u32> {
        let mut waiting: HashMap<u32, (usize, Vec<u32>)> = commits.iter().map(|at| (*at, (0, Vec::new()))).collect();
        for at in commits {
            for parent in self.parents(*at) {
                if let Some((_, children)) = waiting.get_mut(&parent) {
                    children.push(*at);
                    waiting.entry(*at).or_default().0 += 1;
                }
            }
        }
        let key = |at: u32| self.get(at).map(|commit| Reverse((commit.date, commit.id, at)));
        let ready = commits.iter().filter(|at| waiting.get(at).is_some_and(|(parents, _)| *parents == 0));
        let mut heap: BinaryHeap<_> = ready.filter_map(|at| key(*at)).collect();
        let mut order = Vec::with_capacity(commits.len());
        while let Some(Reverse((.., at))) = heap.pop() {
            order.push(at);
            for child in waiting.remove(&at).map(|(_, children)| children).unwrap_or_default() {
                if let Some((parents, _)) = waiting.get_mut(&child) {
                    *parents -= 1;
                    heap.extend((*parents == 0).then(|| key(child)).flatten());
                }
            }
        }
        order
    }
}

/// Commits that wait to be looked at, and what is known of them.
#[derive(Default)]
struct Queue {
    /// Newest first.
    heap: BinaryHeap<(i64, Reverse<u32>)>,
    states: HashMap<u32, State>,
    /// How many wait that are not hidden.
    shown: usize,
}

struct State {
    hidden: bool,
    waits: bool,
}

impl Queue {
    /// Lets a commit wait, once. What is hidden hides what it leads to.
    fn push(&mut self, graph: &Graph, at: u32, hidden: bool) {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            let Some(state) = self.states.get_mut(&at) else {
                self.states.insert(at, State { hidden, waits: true });
                self.heap.extend(graph.get(at).map(|commit| (commit.date, Reverse(at))));
                self.shown += usize::from(!hidden);
                continue;
            };
            if hidden && !state.hidden {
                state.hidden = true;
                if state.waits {
                    self.shown -= 1;
                } else {
                    open.extend(graph.parents(at));
                }
            }
        }
    }

    /// Whether the commit, which waits no more, is hidden.
    fn take(&mut self, at: u32) -> bool {
        let Some(state) = self.states.get_mut(&at) else { return true };
        state.waits = false;
        self.shown -= usize::from(!state.hidden);
        state.hidden
    }
}

fn damaged(id: ObjectId, what: &str) -> TreeError {
    TreeError::new(Cause::Unreadable, format!("the history: object {id} {what}; see \"git fsck\""))
}
