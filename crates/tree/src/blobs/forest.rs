//! Which objects of a pack are edits of which: trees whose roots are whole.

use std::collections::HashSet;

use super::flaw::Flaw;
use super::pack::{Heads, Made, Pack};

/// No node, no position.
pub(crate) const NONE: u32 = u32::MAX;
/// In place of a parent: a whole blob.
const BLOB: u32 = NONE - 1;
/// In place of a parent: a whole object that is no blob.
const OTHER: u32 = NONE - 2;
/// In place of a parent: it cannot be told.
const LOST: u32 = NONE - 3;

/// One object of a pack.
pub(crate) struct Node {
    /// Where it lies.
    pub(crate) offset: u64,
    /// Where the index has it; none when it is only needed for others.
    pub(crate) position: u32,
    parent: u32,
    /// The first of its edits, without the heaviest one.
    pub(crate) child: u32,
    /// The next edit of its parent.
    pub(crate) sibling: u32,
    /// The edit with most nodes below it.
    pub(crate) heavy: u32,
    /// How many nodes there are from here on.
    weight: u32,
}

/// The trees of a pack whose roots are blobs.
pub(crate) struct Forest {
    /// By offset.
    pub(crate) nodes: Vec<Node>,
    /// The large ones first, otherwise by offset.
    pub(crate) roots: Vec<u32>,
    /// Nodes that are no blobs.
    pub(crate) others: Vec<u32>,
    /// Nodes that no root leads to, and why.
    pub(crate) lost: Vec<(u32, Flaw)>,
}

/// A tree with more nodes is begun early, so that no thread is left alone with it at the end.
const LARGE: u32 = 200;

impl Forest {
    /// Of all objects of `pack`.
    pub(crate) fn whole(pack: &Pack) -> Self {
        let count = pack.index.num_objects().min(LOST);
        let mut nodes: Vec<_> =
            (0..count).map(|position| Node::new(pack.index.pack_offset_at_index(position), position)).collect();
        nodes.sort_unstable_by_key(|node| (node.offset, node.position));
        Self::grow(pack, nodes, 1 << 15)
    }

    /// Of the objects at these positions of the index of `pack` and what they are made from.
    pub(crate) fn of(pack: &Pack, positions: &[u32]) -> Self {
        let mut heads = Heads::new(pack, 0);
        let mut nodes = Vec::new();
        let mut seen = HashSet::new();
        for position in positions {
            let offset = pack.index.pack_offset_at_index(*position);
            seen.insert(offset);
            nodes.push(Node::new(offset, *position));
        }
        let mut open: Vec<u64> = seen.iter().copied().collect();
        while let Some(offset) = open.pop() {
            // What is wrong is seen again when the trees are made.
            let base = match heads.at(offset).map(|head| head.made) {
                Ok(Made::Of(base)) => Some(base),
                Ok(Made::OfId(id)) => pack.index.lookup(id).map(|at| pack.index.pack_offset_at_index(at)),
                Ok(Made::Blob | Made::Other) | Err(_) => None,
            };
            if let Some(base) = base.filter(|base| seen.insert(*base)) {
                nodes.push(Node::new(base, NONE));
                open.push(base);
            }
        }
        nodes.sort_unstable_by_key(|node| (node.offset, node.position));
        let mut forest = Self::grow(pack, nodes, 0);
        let asked = forest.others.iter().filter(|at| forest.nodes[**at as usize].position != NONE);
        forest.lost.extend(asked.map(|at| (*at, Flaw::NoBlob)));
        forest
    }

    /// Makes trees of `nodes`, which are sorted by offset.
    fn grow(pack: &Pack, nodes: Vec<Node>, room: usize) -> Self {
        let mut heads = Heads::new(pack, room);
        let mut forest = Self { nodes, roots: Vec::new(), others: Vec::new(), lost: Vec::new() };
        for at in 0..forest.nodes.len() {
            let offset = forest.nodes[at].offset;
            let parent = heads.at(offset).and_then(|head| match head.made {
                Made::Blob => Ok(BLOB),
                Made::Other => Ok(OTHER),
                Made::Of(base) => forest.find(base).ok_or(Flaw::NoBase),
                Made::OfId(id) => {
                    let base = pack.index.lookup(id).map(|at| pack.index.pack_offset_at_index(at));
                    base.and_then(|base| forest.find(base)).ok_or(Flaw::NoBase)
                }
            });
            let parent = parent.unwrap_or_else(|flaw| {
                forest.lost.push((at as u32, flaw));
                LOST
            });
            forest.nodes[at].parent = parent;
            if let Some(base) = forest.nodes.get_mut(parent as usize) {
                let first = std::mem::replace(&mut base.child, at as u32);
                forest.nodes[at].sibling = first;
            }
        }
        forest.others = forest.reached(OTHER);
        let order = forest.reached(BLOB);
        for at in forest.others.iter().chain(&order) {
            forest.nodes[*at as usize].weight = 1;
        }
        // A ring of edits is reached from nowhere.
        for (at, node) in forest.nodes.iter().enumerate() {
            if node.weight == 0 && node.parent != LOST {
                forest.lost.push((at as u32, Flaw::BadBase));
            }
        }
        forest.weigh(&order);
        forest
    }

    fn find(&self, offset: u64) -> Option<u32> {
        let at = self.nodes.partition_point(|node| node.offset < offset);
        self.nodes.get(at).filter(|node| node.offset == offset).map(|_| at as u32)
    }

    /// Everything that is made of whole objects of this kind, parents before children.
    fn reached(&self, kind: u32) -> Vec<u32> {
        let roots = self.nodes.iter().enumerate().filter(|(_, node)| node.parent == kind);
        let mut order: Vec<u32> = roots.map(|(at, _)| at as u32).collect();
        let mut done = 0;
        while let Some(at) = order.get(done) {
            let mut child = self.nodes[*at as usize].child;
            while let Some(node) = self.nodes.get(child as usize) {
                order.push(child);
                child = node.sibling;
            }
            done += 1;
        }
        order
    }

    /// Sets the heaviest edit of each node apart from the others, and gathers the roots.
    fn weigh(&mut self, order: &[u32]) {
        for at in order {
            self.nodes[*at as usize].child = NONE;
        }
        for at in order.iter().rev() {
            let Node { parent, weight, .. } = self.nodes[*at as usize];
            let Some(base) = self.nodes.get_mut(parent as usize) else { continue };
            base.weight = base.weight.saturating_add(weight);
            let (heavy, child) = (base.heavy, base.child);
            let heaviest = self.nodes.get(heavy as usize).map_or(0, |node| node.weight);
            // The lighter of the two joins the list.
            let (heavy, light) = if weight > heaviest { (*at, heavy) } else { (heavy, *at) };
            let base = &mut self.nodes[parent as usize];
            base.heavy = heavy;
            if light != NONE {
                base.child = light;
                self.nodes[light as usize].sibling = child;
            }
        }
        let is_root = |at: &u32| self.nodes[*at as usize].parent == BLOB;
        let is_large = |at: &u32| self.nodes[*at as usize].weight > LARGE;
        let (large, small): (Vec<u32>, Vec<u32>) = order.iter().filter(|at| is_root(at)).partition(|at| is_large(at));
        self.roots = [large, small].concat();
    }

    /// How many bytes an object presumably has in the pack, with its header.
    pub(crate) fn length(&self, at: u32, end: u64) -> usize {
        let offset = |at: usize| self.nodes.get(at).map_or(end, |node| node.offset);
        let length = offset(at as usize + 1).saturating_sub(offset(at as usize));
        usize::try_from(length).unwrap_or(usize::MAX)
    }
}

impl Node {
    fn new(offset: u64, position: u32) -> Self {
        Self { offset, position, parent: LOST, child: NONE, sibling: NONE, heavy: NONE, weight: 0 }
    }

    /// Whether others are made from it.
    pub(crate) fn is_base(&self) -> bool {
        self.child != NONE || self.heavy != NONE
    }

    /// Whether it is an edit.
    pub(crate) fn is_edit(&self) -> bool {
        self.parent != BLOB
    }
}
