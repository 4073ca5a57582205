//! Every blob of a repository once: packs are taken apart in the order in which their objects are made from each other,
//! so that each entry is inflated once and a blob that is stored as an edit comes with what was copied.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use gix::ObjectId;
use tollgate_check::TreeError;
use tollgate_input::Digest;
use tollgate_model::Cause;

use crate::error::Result;
use crate::{Id, Repository};

mod delta;
mod flaw;
mod forest;
mod fuzz;
mod inflate;
mod loose;
mod pack;
mod resolve;
mod sources;
mod unpack;

pub use delta::Copied;
pub use fuzz::fuzz_delta;

use flaw::{Failure, Flaw};
use forest::Forest;
use resolve::{Plot, Worker};
use sources::{Known, Shared, Sources};
pub(crate) use unpack::{Unpacked, Unpacker};

/// What is done with blobs: one value per thread.
pub trait Visit: Send {
    /// What is kept of a blob while blobs that are stored as edits of it are visited.
    type Kept: Send;

    /// One blob, whole. `edit` says how it was made from another one that was visited before, in the same thread; none
    /// where it is stored whole, or where the other one was visited elsewhere, is large, or was not asked for. Which of
    /// several copies of a blob is visited is left open, and so is whether there is an `edit`.
    fn blob(&mut self, id: Id, bytes: &[u8], edit: Option<Edit<'_, Self::Kept>>) -> Self::Kept;

    /// A blob of more than 64 MB: a stream of its bytes. The stream fails where the object is damaged; an error that
    /// comes back makes the blob an unreadable one.
    ///
    /// # Errors
    /// The bytes could not be read.
    fn large(&mut self, id: Id, size: u64, bytes: &mut dyn Read) -> io::Result<()>;
}

/// How a blob was made from another one.
#[derive(Debug)]
pub struct Edit<'a, K> {
    /// What was kept of the other one.
    pub kept: &'a K,
    /// How many bytes the other one has.
    pub base_len: usize,
    /// Which ranges were copied: ascending by where they are now, adjacent ones merged. The rest is new.
    pub copies: &'a [Copied],
}

/// What came of a visit.
#[derive(Debug)]
pub struct Visited<V> {
    /// One per thread.
    pub visitors: Vec<V>,
    /// How many blobs were visited.
    pub blobs: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many objects could not be read and are, or may be, blobs.
    pub unreadable: u64,
    /// What else is wrong with the places where objects lie, and some of the unreadable objects, in order.
    pub troubles: Vec<TreeError>,
    /// Of the names of all blobs visited: their bytes, in order.
    pub digest: Digest,
}

/// How many unreadable objects are told of one by one.
const TOLD: usize = 20;
/// How many small trees of edits, or loose objects, a thread takes at once.
const AT_ONCE: usize = 16;

impl Repository {
    /// Every blob that is stored: in packs, as loose objects, and in repositories that this one borrows from. Each once,
    /// whether or not a commit leads to it.
    ///
    /// # Errors
    /// It cannot be told where objects lie. Damaged or missing ones are counted instead.
    pub fn visit_blobs<V: Visit>(&self, jobs: usize, make: impl Fn() -> V + Sync) -> Result<Visited<V>> {
        let sources = self.inner.store.with(|repo| Sources::open(repo))?;
        let shared = if sources.count() == 1 || sources.len(0) == 0 {
            Shared::among(std::iter::empty())
        } else {
            Shared::among(sources.sorted().map(|(id, ..)| id))
        };
        let known = Known::new(&sources, shared);
        let mut workers = workers(jobs, make, &known);
        for (source, pack) in sources.packs.iter().enumerate() {
            let forest = Forest::whole(pack);
            visit_pack(&mut workers, Plot { source, pack, forest: &forest });
        }
        divide(&mut workers, sources.loose.len(), |worker, at| worker.loose(&sources, at, false));
        let lost = sources.orphans.iter().flat_map(|index| index.iter()).map(|entry| entry.oid);
        let lost = lost.map(|id| Failure { source: None, offset: 0, id, flaw: Flaw::NoPack }).collect();
        Ok(finish(&sources, &known, workers, lost, sources.sorted()))
    }

    /// These blobs, each once. One that is not there, or is no blob, is counted as unreadable.
    ///
    /// # Errors
    /// It cannot be told where objects lie.
    pub fn visit_these<V: Visit>(&self, ids: &[Id], jobs: usize, make: impl Fn() -> V + Sync) -> Result<Visited<V>> {
        let sources = self.inner.store.with(|repo| Sources::open(repo))?;
        let mut ids: Vec<ObjectId> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut places: Vec<(ObjectId, usize, usize)> = Vec::new();
        let mut lost = Vec::new();
        for id in ids {
            let before = places.len();
            for source in 0..sources.count() {
                places.extend(sources.positions(source, id).map(|position| (id, source, position)));
            }
            if places.len() == before {
                lost.push(Failure { source: None, offset: 0, id, flaw: Flaw::Absent });
            }
        }
        let shared = Shared::among(places.iter().map(|(id, ..)| *id));
        let known = Known::new(&sources, shared);
        let mut workers = workers(jobs, make, &known);
        let within = |wanted: usize| places.iter().filter(move |(_, source, _)| *source == wanted);
        for (source, pack) in sources.packs.iter().enumerate() {
            let positions: Vec<u32> = within(source).map(|(.., position)| *position as u32).collect();
            if !positions.is_empty() {
                let forest = Forest::of(pack, &positions);
                visit_pack(&mut workers, Plot { source, pack, forest: &forest });
            }
        }
        let loose: Vec<usize> = within(sources.packs.len()).map(|(.., position)| *position).collect();
        divide(&mut workers, loose.len(), |worker, at| {
            if let Some(position) = loose.get(at) {
                worker.loose(&sources, *position, true);
            }
        });
        Ok(finish(&sources, &known, workers, lost, places.iter().copied()))
    }
}

fn workers<V: Visit>(jobs: usize, make: impl Fn() -> V, known: &Known) -> Vec<Worker<'_, V>> {
    (0..jobs.max(1)).map(|_| Worker::new(make(), known)).collect()
}

fn visit_pack<V: Visit>(workers: &mut [Worker<'_, V>], plot: Plot<'_>) {
    let Plot { source, pack, forest } = plot;
    let nodes = |at: &u32| forest.nodes.get(*at as usize).filter(|node| node.position != forest::NONE);
    if let Some(first) = workers.first_mut() {
        for node in forest.others.iter().filter_map(nodes) {
            first.known.others.set(source, node.position as usize);
        }
        first.failures.extend(forest.lost.iter().filter_map(|(at, flaw)| {
            let node = nodes(at)?;
            Some(Failure { source: Some(source as u32), offset: node.offset, id: pack.id(node.position), flaw: *flaw })
        }));
    }
    divide(workers, forest.roots.len(), |worker, at| {
        if let Some(root) = forest.roots.get(at) {
            worker.tree(plot, *root);
        }
    });
}

/// Gives each of `count` things to one of the workers, each of which is a thread.
fn divide<W: Send>(workers: &mut [W], count: usize, each: impl Fn(&mut W, usize) + Sync) {
    let next = AtomicUsize::new(0);
    let work = |worker: &mut W| {
        loop {
            let start = next.fetch_add(AT_ONCE, Relaxed);
            if start >= count {
                break;
            }
            for at in start..count.min(start + AT_ONCE) {
                each(worker, at);
            }
        }
    };
    let Some((first, others)) = workers.split_first_mut() else { return };
    thread::scope(|scope| {
        for worker in others.iter_mut().take(count / AT_ONCE) {
            // Without a thread more the others have more to do.
            drop(thread::Builder::new().spawn_scoped(scope, || work(worker)));
        }
        work(first);
    });
}

fn finish<V: Visit>(
    sources: &Sources,
    known: &Known,
    workers: Vec<Worker<'_, V>>,
    mut failures: Vec<Failure>,
    places: impl Iterator<Item = (ObjectId, usize, usize)>,
) -> Visited<V> {
    let mut hasher = blake3::Hasher::new();
    let mut visited = Visited {
        visitors: Vec::new(),
        blobs: 0,
        bytes: 0,
        unreadable: 0,
        troubles: Vec::new(),
        digest: Digest { blake3: String::new(), bytes: 0 },
    };
    for (id, ..) in places.filter(|(_, source, position)| known.visited.has(*source, *position)) {
        hasher.update(id.as_slice());
        visited.digest.bytes += id.as_slice().len() as u64;
    }
    failures.extend(workers.iter().flat_map(|worker| &worker.failures));
    // Where another copy could be read, nothing is missing.
    failures.retain(|failure| !known.visited.any(sources, failure.id));
    failures.retain(|failure| failure.flaw == Flaw::NoBlob || !known.others.any(sources, failure.id));
    visited.digest.blake3 = hasher.finalize().to_hex().to_string();
    failures.sort_unstable_by_key(|failure| (failure.id, failure.flaw, failure.source, failure.offset));
    failures.dedup_by_key(|failure| failure.id);
    visited.unreadable = failures.len() as u64;
    failures.sort_unstable();
    visited.troubles = sources.troubles.clone();
    visited.troubles.extend(failures.iter().take(TOLD).map(|failure| explain(sources, failure)));
    for worker in workers {
        visited.blobs += worker.blobs;
        visited.bytes += worker.bytes;
        visited.visitors.push(worker.visitor);
    }
    visited
}

fn explain(sources: &Sources, failure: &Failure) -> TreeError {
    let Failure { source, offset, id, flaw } = failure;
    let pack = source.and_then(|source| sources.packs.get(source as usize));
    let place = match (pack, source) {
        (Some(pack), _) => format!("object {id} in {} at {offset}", pack.name),
        (None, Some(_)) => format!("loose object {id}"),
        (None, None) => format!("object {id}"),
    };
    let cause = match flaw {
        Flaw::Absent | Flaw::NoBase | Flaw::NoPack => Cause::Missing,
        Flaw::Io(io::ErrorKind::NotFound) => Cause::Missing,
        Flaw::Io(io::ErrorKind::PermissionDenied) => Cause::NoPermission,
        _ => Cause::Unreadable,
    };
    TreeError::new(cause, format!("{place}: {flaw}"))
}
