//! What the JSON and the YAML reader share: the growing tree and its budgets.

use crate::document::{Node, Pair, Value};
use crate::{InputError, LineIndex};

/// Deeper than this nobody may ask for: walking and dropping a tree needs stack.
const DEEPEST: usize = 1_000;

/// How large a document may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many lists and mappings may lie inside each other; more than 1,000 counts as 1,000.
    pub depth: usize,
    /// How many nodes there may be, keys and what aliases repeat included.
    pub nodes: usize,
    /// How long the text may be, bytes; and all that aliases repeat.
    pub bytes: usize,
}

impl Default for Limits {
    /// 128 levels, a million nodes, 64 MiB.
    fn default() -> Self {
        Self { depth: 128, nodes: 1_000_000, bytes: 64 << 20 }
    }
}

/// How much of the budgets a node takes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Size {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

impl Size {
    pub(crate) fn of(node: &Node) -> Self {
        let own = Self { nodes: 1, bytes: node.name().map_or(0, str::len), depth: 0 };
        let keys = node.entries().iter().flat_map(|pair| [&pair.key, &pair.value]);
        node.items().iter().chain(keys).map(Self::of).fold(own, |sum, part| Self {
            nodes: sum.nodes + part.nodes,
            bytes: sum.bytes + part.bytes,
            depth: sum.depth.max(part.depth + 1),
        })
    }

    /// Together with `other`, which lies beside it.
    pub(crate) fn and(self, other: Self) -> Self {
        let depth = self.depth.max(other.depth);
        Self { nodes: self.nodes + other.nodes, bytes: self.bytes + other.bytes, depth }
    }
}

/// A list or mapping that is not closed yet.
struct Open {
    mapping: bool,
    start: usize,
    /// Of a mapping, keys and values by turns.
    children: Vec<Node>,
}

/// The growing tree.
pub(crate) struct Builder<'a> {
    path: &'a str,
    text: &'a str,
    limits: Limits,
    size: Size,
    open: Vec<Open>,
    roots: Vec<Node>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(path: &'a str, text: &'a str, limits: Limits) -> Result<Self, InputError> {
        if text.len() > limits.bytes {
            return Err(InputError::TooLarge { path: path.to_owned(), limit: limits.bytes as u64 });
        }
        let limits = Limits { depth: limits.depth.min(DEEPEST), ..limits };
        Ok(Self { path, text, limits, size: Size::default(), open: Vec::new(), roots: Vec::new() })
    }

    /// The error `message` at the byte `offset`.
    pub(crate) fn error(&self, offset: usize, message: impl Into<String>) -> InputError {
        let (line, column) = LineIndex::new(self.text).position(offset);
        let (line, column) = (Some(line.into()), Some(column.into()));
        InputError::Malformed { path: self.path.to_owned(), line, column, message: message.into() }
    }

    pub(crate) fn too_deep(&self, offset: usize) -> InputError {
        self.error(offset, format!("nested more than {} levels deep", self.limits.depth))
    }

    /// Whether `size`, which was reached at `offset` by what aliases repeat, is within the budgets.
    pub(crate) fn check(&self, offset: usize, size: Size) -> Result<(), InputError> {
        let Limits { nodes, bytes, .. } = self.limits;
        if size.nodes > nodes {
            return Err(self.error(offset, format!("expands to more than {nodes} nodes")));
        }
        if size.bytes > bytes {
            return Err(self.error(offset, format!("expands to more than {bytes} bytes of text")));
        }
        Ok(())
    }

    fn one_more(&mut self, offset: usize) -> Result<(), InputError> {
        self.size.nodes += 1;
        if self.size.nodes > self.limits.nodes {
            return Err(self.error(offset, format!("holds more than {} nodes", self.limits.nodes)));
        }
        Ok(())
    }

    /// Opens a list or mapping that begins at `start`.
    pub(crate) fn open(&mut self, mapping: bool, start: usize) -> Result<(), InputError> {
        if self.open.len() >= self.limits.depth {
            return Err(self.too_deep(start));
        }
        self.one_more(start)?;
        self.open.push(Open { mapping, start, children: Vec::new() });
        Ok(())
    }

    /// Adds a node without children.
    pub(crate) fn scalar(&mut self, node: Node) -> Result<(), InputError> {
        self.one_more(node.span.start)?;
        self.place(node);
        Ok(())
    }

    /// Adds a copy of `node`, which takes `size`, for what stands at `offset`.
    pub(crate) fn copy(&mut self, node: &Node, size: Size, offset: usize) -> Result<(), InputError> {
        if self.open.len() + size.depth > self.limits.depth {
            return Err(self.too_deep(offset));
        }
        self.size = self.size.and(size);
        self.check(offset, self.size)?;
        self.place(node.clone());
        Ok(())
    }

    /// Closes the innermost list or mapping, which ends at `end`.
    pub(crate) fn close(&mut self, end: usize) {
        if let Some(Open { mapping, start, children }) = self.open.pop() {
            let value = if mapping { Value::Map(pairs(children)) } else { Value::Seq(children) };
            self.place(Node::new(start, end, value));
        }
    }

    fn place(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.roots.push(node),
        }
    }

    /// Whether the innermost thing open is a mapping; none when nothing is open.
    pub(crate) fn in_mapping(&self) -> Option<bool> {
        self.open.last().map(|open| open.mapping)
    }

    /// Whether a mapping is open and has a key that waits for its value.
    pub(crate) fn wants_value(&self) -> bool {
        self.open.last().is_some_and(|open| open.mapping && open.children.len() % 2 == 1)
    }

    /// The node that was completed last.
    pub(crate) fn last(&self) -> Option<&Node> {
        self.open.last().map_or(&self.roots, |open| &open.children).last()
    }

    /// The complete document; of several the last.
    pub(crate) fn take(&mut self) -> Option<Node> {
        self.roots.pop()
    }

    /// The complete documents.
    pub(crate) fn take_all(self) -> Vec<Node> {
        self.roots
    }
}

fn pairs(children: Vec<Node>) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(children.len() / 2);
    let mut children = children.into_iter();
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        pairs.push(Pair { key, value });
    }
    pairs
}
