//! What a bundler says of its own build: which files a page or an entry loads at once, and which later.

use std::collections::BTreeSet;

use tollgate_model::{Cause, Problem, format};

/// How many routes and entries of one build are looked at.
const MOST_LOADS: usize = 5_000;

/// How many notes about one build are kept.
const MOST_NOTES: usize = 50;

/// What the manifests of one build say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// Who wrote them, in words: `Next.js 15 (webpack)`.
    pub(crate) bundler: String,
    /// Routes and entries, no two of one kind with one name.
    pub(crate) loads: Vec<Load>,
    /// Whether what may be loaded later is not known, rather than nothing.
    pub(crate) later_is_unknown: bool,
    /// Facts for people: what was left out, and why.
    pub(crate) notes: Vec<String>,
    /// What the manifests do not say, or say wrongly.
    pub(crate) problems: Vec<Problem>,
}

/// What begins a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Start {
    /// A page, by the path of its address: `/tanks/[id]`.
    Route,
    /// An entry point of the bundler, by its name: `main`; a page of a plain folder, by its file: `index.html`.
    Entry,
}

impl Start {
    /// The label that its series carry.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Entry => "entry",
        }
    }
}

/// The files that one start brings in. Paths are those of the build's files ([`crate::asset::Asset::path`]).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Load {
    /// What begins it.
    pub(crate) start: Start,
    /// Its name among those of its kind.
    pub(crate) name: String,
    /// Scripts and style sheets that a browser asks for on a first visit.
    pub(crate) initial: BTreeSet<String>,
    /// Those it may ask for later and does not ask for at first: `import()`.
    pub(crate) lazy: BTreeSet<String>,
}

impl Account {
    /// The same with its loads in order, and no more of them, and of notes, than a report can hold: the rest is a problem.
    #[must_use]
    pub(crate) fn bounded(mut self, dir: &str) -> Self {
        self.loads.sort();
        if self.loads.len() > MOST_LOADS {
            let all = format::count(self.loads.len() as u64);
            let message = format!("{dir}: has {all} routes and entries; only the first {MOST_LOADS} are looked at");
            self.problems.push(Problem::new(Cause::Unfinished, message).at(dir));
            self.loads.truncate(MOST_LOADS);
        }
        let more = self.notes.len().saturating_sub(MOST_NOTES);
        if more > 0 {
            self.notes.truncate(MOST_NOTES);
            self.notes.push(format!("{} about the build left out", format::things(more as u64, "more note")));
        }
        self
    }
}
