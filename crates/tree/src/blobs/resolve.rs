//! Puts the blobs of packs together: each entry is inflated once, edits right after what they are edits of.

use gix::ObjectId;

use super::delta::{Copied, Delta};
use super::flaw::{Failure, Flaw};
use super::forest::{Forest, NONE, Node};
use super::inflate::{Exactly, Inflater};
use super::pack::Pack;
use super::sources::Known;
use super::{Edit, Visit};
use crate::Id;

/// A larger blob is given as a stream.
pub(super) const WHOLE: u64 = 64 << 20;
/// A larger blob that is an edit is not put together.
const LIMIT: u64 = 512 << 20;
/// How many bytes of blobs are held for their edits, at most, per thread.
const HELD: usize = 1 << 30;
/// Buffers that are larger than this, and more of them, are given back.
const KEPT_ROOM: usize = 8 << 20;
const KEPT_BUFFERS: usize = 24;

/// One thread's visitor, and what it works with.
pub(crate) struct Worker<'a, V: Visit> {
    pub(crate) visitor: V,
    pub(crate) known: &'a Known,
    pub(crate) blobs: u64,
    pub(crate) bytes: u64,
    pub(crate) failures: Vec<Failure>,
    inflater: Inflater,
    instructions: Vec<u8>,
    copies: Vec<Copied>,
    /// Buffers to be used again.
    idle: Vec<Vec<u8>>,
    frames: Vec<Frame<V::Kept>>,
    /// How many bytes are in `frames`.
    held: usize,
}

/// A blob whose edits are being visited.
struct Frame<K> {
    at: u32,
    /// The next of its lighter edits.
    next: u32,
    bytes: Vec<u8>,
    /// None when it was visited elsewhere or is not asked for.
    kept: Option<K>,
}

/// One pack, for whoever works through it.
#[derive(Clone, Copy)]
pub(crate) struct Plot<'a> {
    pub(crate) source: usize,
    pub(crate) pack: &'a Pack,
    pub(crate) forest: &'a Forest,
}

impl Plot<'_> {
    fn id(&self, node: &Node) -> Option<ObjectId> {
        (node.position != NONE).then(|| self.pack.id(node.position))
    }

    fn node(&self, at: u32) -> Option<&Node> {
        self.forest.nodes.get(at as usize)
    }
}

impl<'a, V: Visit> Worker<'a, V> {
    pub(crate) fn new(visitor: V, known: &'a Known) -> Self {
        Self {
            visitor,
            known,
            blobs: 0,
            bytes: 0,
            failures: Vec::new(),
            inflater: Inflater::new(),
            instructions: Vec::new(),
            copies: Vec::new(),
            idle: Vec::new(),
            frames: Vec::new(),
            held: 0,
        }
    }

    /// Visits the blob `root` and everything that is made from it.
    pub(crate) fn tree(&mut self, plot: Plot<'_>, root: u32) {
        self.enter(plot, root, None);
        while let Some(mut frame) = self.frames.pop() {
            let light = frame.next;
            if let Some(node) = plot.node(light) {
                frame.next = node.sibling;
                // The parent lies below its child.
                let place = self.frames.len();
                self.frames.push(frame);
                self.enter(plot, light, Some(place));
                continue;
            }
            let heavy = plot.node(frame.at).map(|node| node.heavy).filter(|heavy| *heavy != NONE);
            let made = heavy.map(|heavy| (heavy, self.make(plot, heavy, Some(&frame))));
            // After its last edit it is not needed any more.
            self.held -= frame.bytes.len();
            self.recycle(frame.bytes);
            drop(frame.kept);
            if let Some((heavy, made)) = made {
                self.settle(plot, heavy, made);
            }
        }
    }

    /// Makes and visits one blob; it becomes the last frame where others are made from it.
    fn enter(&mut self, plot: Plot<'_>, at: u32, parent: Option<usize>) {
        let frames = std::mem::take(&mut self.frames);
        let made = self.make(plot, at, parent.and_then(|place| frames.get(place)));
        self.frames = frames;
        self.settle(plot, at, made);
    }

    fn settle(&mut self, plot: Plot<'_>, at: u32, made: Result<Option<Frame<V::Kept>>, Flaw>) {
        match made {
            Ok(Some(frame)) => {
                self.held += frame.bytes.len();
                self.frames.push(frame);
            }
            Ok(None) => {}
            Err(flaw) => self.fail(plot, at, flaw),
        }
    }

    /// Makes one blob and visits it. None when nothing is made from it.
    fn make(
        &mut self,
        plot: Plot<'_>,
        at: u32,
        parent: Option<&Frame<V::Kept>>,
    ) -> Result<Option<Frame<V::Kept>>, Flaw> {
        let Some(node) = plot.node(at) else { return Ok(None) };
        let id = plot.id(node).filter(|id| self.known.shared.is_open(id));
        if id.is_none() && !node.is_base() {
            return Ok(None);
        }
        let Plot { pack, forest, source } = plot;
        let start = self.inflater.load(&pack.data, node.offset, forest.length(at, pack.end))?;
        let head = pack.head(start, node.offset)?;
        let bytes = match parent {
            None if !node.is_edit() && head.size > WHOLE && (head.size > LIMIT || !node.is_base()) => {
                if let Some(id) = id.filter(|id| self.known.shared.claim(id)) {
                    let mut stream = Exactly::inflating(&pack.data, head.data, head.size);
                    self.visitor.large(Id(id), head.size, &mut stream)?;
                    self.count(source, node.position as usize, head.size);
                }
                return if node.is_base() { Err(Flaw::TooLarge) } else { Ok(None) };
            }
            None => {
                let size = within(head.size)?;
                let mut bytes = self.buffer(size + 1);
                self.inflater.whole(&pack.data, head.data, size, &mut bytes)?;
                bytes
            }
            Some(parent) => {
                let mut instructions = std::mem::take(&mut self.instructions);
                let inflated = self.inflater.whole(&pack.data, head.data, within(head.size)?, &mut instructions);
                let made = inflated.and_then(|()| self.edit(&instructions, &parent.bytes));
                if instructions.capacity() <= KEPT_ROOM {
                    self.instructions = instructions;
                }
                made?
            }
        };
        let kept = match id.filter(|id| self.known.shared.claim(id)) {
            Some(id) => self.visit(source, node, id, &bytes, parent),
            None => None,
        };
        if node.is_base() {
            return Ok(Some(Frame { at, next: node.child, bytes, kept }));
        }
        self.recycle(bytes);
        Ok(None)
    }

    fn edit(&mut self, instructions: &[u8], base: &[u8]) -> Result<Vec<u8>, Flaw> {
        let delta = Delta::new(instructions)?;
        let size = within(delta.result)?;
        if self.held.saturating_add(size) > HELD {
            return Err(Flaw::Memory);
        }
        let mut bytes = self.buffer(size);
        bytes.try_reserve_exact(size)?;
        delta.apply(base, &mut bytes, &mut self.copies)?;
        Ok(bytes)
    }

    fn visit(
        &mut self,
        source: usize,
        node: &Node,
        id: ObjectId,
        bytes: &[u8],
        parent: Option<&Frame<V::Kept>>,
    ) -> Option<V::Kept> {
        let size = bytes.len() as u64;
        let kept = if size > WHOLE {
            if let Err(e) = self.visitor.large(Id(id), size, &mut &*bytes) {
                let failure = Failure { source: Some(source as u32), offset: node.offset, id, flaw: e.into() };
                self.failures.push(failure);
                return None;
            }
            None
        } else {
            let edit = parent.and_then(|parent| {
                let kept = parent.kept.as_ref()?;
                Some(Edit { kept, base_len: parent.bytes.len(), copies: &self.copies })
            });
            Some(self.visitor.blob(Id(id), bytes, edit))
        };
        self.count(source, node.position as usize, size);
        kept
    }

    /// Notes that a blob was visited.
    pub(crate) fn count(&mut self, source: usize, position: usize, size: u64) {
        self.blobs += 1;
        self.bytes += size;
        self.known.visited.set(source, position);
    }

    /// Notes that a node cannot be made, nor what is made from it.
    fn fail(&mut self, plot: Plot<'_>, at: u32, flaw: Flaw) {
        let mut open = vec![(at, flaw)];
        while let Some((at, flaw)) = open.pop() {
            let Some(node) = plot.node(at) else { continue };
            let below = if flaw == Flaw::TooLarge { flaw } else { Flaw::BadBase };
            open.push((node.heavy, below));
            let mut child = node.child;
            while let Some(node) = plot.node(child) {
                open.push((child, below));
                child = node.sibling;
            }
            // A blob that was visited and is no base for others is no failure itself.
            let done = self.known.visited.has(plot.source, node.position as usize);
            if let Some(id) = plot.id(node).filter(|_| !done) {
                let source = Some(plot.source as u32);
                self.failures.push(Failure { source, offset: node.offset, id, flaw });
            }
        }
    }

    /// An empty buffer with room for `size` bytes, where it is large as far as there is one.
    pub(crate) fn buffer(&mut self, size: usize) -> Vec<u8> {
        match self.idle.pop() {
            Some(buffer) if buffer.capacity() >= size => buffer,
            // Growing one would copy what is in it.
            _ if size <= KEPT_ROOM => Vec::with_capacity(size + size / 4),
            _ => Vec::new(),
        }
    }

    pub(crate) fn recycle(&mut self, mut buffer: Vec<u8>) {
        if buffer.capacity() <= KEPT_ROOM && self.idle.len() < KEPT_BUFFERS {
            buffer.clear();
            self.idle.push(buffer);
        }
    }
}

fn within(size: u64) -> Result<usize, Flaw> {
    usize::try_from(size).ok().filter(|_| size <= LIMIT).ok_or(Flaw::TooLarge)
}
