//! One file of budgets while it is read.

use tollgate_check::paths;
use tollgate_input::{LineIndex, Node};
use tollgate_model::format;

use super::{Budget, Left, Place, Taken};

/// How many budgets, and how many things that stay, are told of one file.
const MOST: usize = 1_000;

/// Where it lies, and what it gave so far.
pub(super) struct File<'a> {
    path: &'a str,
    index: LineIndex<'a>,
    taken: Taken,
    /// What there was no room for.
    more: u64,
}

impl<'a> File<'a> {
    /// `text`, the file at `path`, of which nothing is read yet.
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, index: LineIndex::new(text), taken: Taken::default(), more: 0 }
    }

    /// The folder it lies in, `""` for the root.
    pub(super) fn folder(&self) -> &'a str {
        paths::parent(self.path)
    }

    /// Where `node` stands.
    pub(super) fn place(&self, node: &Node) -> Place {
        Place { path: self.path.to_owned(), line: Some(node.region(&self.index).start_line) }
    }

    /// Adds a budget.
    pub(super) fn take(&mut self, budget: Budget) {
        if self.taken.budgets.len() < MOST {
            self.taken.budgets.push(budget);
        } else {
            self.more += 1;
        }
    }

    /// Adds something that stays where it is; without a node it is about the whole file.
    pub(super) fn leave(&mut self, node: Option<&Node>, text: impl Into<String>) {
        if self.taken.left.len() < MOST {
            let whole = Place { path: self.path.to_owned(), line: None };
            let place = node.map_or(whole, |node| self.place(node));
            self.taken.left.push(Left { place, text: text.into() });
        } else {
            self.more += 1;
        }
    }

    /// What it gave.
    pub(super) fn taken(mut self) -> Taken {
        if self.more > 0 {
            let text = format!("{} of its limits were not looked at", format::count(self.more));
            let place = Place { path: self.path.to_owned(), line: None };
            self.taken.left.push(Left { place, text });
        }
        self.taken
    }
}
