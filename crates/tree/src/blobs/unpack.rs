//! Single objects, for who asks for thousands of them.
//!
//! gix makes an object that is stored as an edit of an edit from the start of that chain each time, twenty steps for a
//! tree of a repository that git packed, and maps a file into memory for each loose object. Here every step is kept for
//! the objects that follow, and files are read.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use gix::ObjectId;

use super::delta::Delta;
use super::flaw::Flaw;
use super::inflate::Inflater;
use super::pack::{Head, Made, Pack};

/// A larger object, or edit, is left to gix.
const LARGEST: u64 = 64 << 20;
/// How many steps from the start of a chain. git makes no more than 4,095.
const LONGEST: usize = 5000;
/// How many bytes are read to see what is there; most of what is asked for is not longer.
const LOOK: usize = 4096;
/// A larger object is not kept, and how many bytes are kept.
const KEPT_LARGEST: usize = 1 << 20;
const KEPT: usize = 16 << 20;
/// How many packs are opened. git puts them together at fifty.
const PACKS: usize = 100;

/// Reads objects of packs and loose ones. It may lack any, and says nothing of what is wrong with it: gix does, which is to be
/// asked then.
pub(crate) struct Unpacker {
    packs: Vec<Pack>,
    /// Where loose objects are.
    folder: PathBuf,
    inflater: Inflater,
    /// Objects by pack and place there.
    kept: HashMap<(usize, u64), Arc<Vec<u8>>>,
    /// How many bytes they have.
    held: usize,
}

/// An object that is there.
pub(crate) enum Unpacked {
    Whole(Arc<Vec<u8>>),
    /// It has more bytes than were asked for.
    Longer,
}

impl Unpacker {
    /// Of `repo`; none where what is stored under a name is not what it stands for (`refs/replace`).
    pub(crate) fn open(repo: &gix::Repository) -> Option<Self> {
        let store = repo.objects.store_ref();
        if store.replacements().next().is_some() {
            return None;
        }
        let folder = store.path().to_owned();
        let mut packs = Vec::new();
        for entry in std::fs::read_dir(folder.join("pack")).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_index = path.extension().is_some_and(|ending| ending == "idx");
            if is_index
                && packs.len() < PACKS
                && let Ok(Ok(pack)) = Pack::unchecked_index(&path, repo.object_hash()).and_then(Pack::open)
            {
                packs.push(pack);
            }
        }
        Some(Self { packs, folder, inflater: Inflater::new(), kept: HashMap::new(), held: 0 })
    }

    /// The object `id`, where it has at most `limit` bytes.
    pub(crate) fn get(&mut self, id: ObjectId, limit: u64) -> Option<Unpacked> {
        let find = |pack: &Pack| Some(pack.index.pack_offset_at_index(pack.index.lookup(id)?));
        let found = self.packs.iter().enumerate().find_map(|(at, pack)| Some((at, find(pack)?)));
        let read = match found {
            Some((pack, offset)) => self.packed(pack, offset, limit),
            None => self.loose(id, limit),
        };
        read.ok()
    }

    fn packed(&mut self, pack: usize, offset: u64, limit: u64) -> Result<Unpacked, Flaw> {
        let mut edits: Vec<(u64, Vec<u8>)> = Vec::new();
        let (mut at, mut room) = (offset, LARGEST);
        let mut bytes = loop {
            if let Some(kept) = self.kept.get(&(pack, at)) {
                break Arc::clone(kept);
            }
            let head = self.head(pack, at)?;
            room = room.checked_sub(head.size).ok_or(Flaw::TooLarge)?;
            match head.made {
                Made::Of(base) => {
                    let edit = self.inflated(pack, &head)?;
                    if edits.is_empty() && Delta::new(&edit)?.result > limit {
                        return Ok(Unpacked::Longer);
                    }
                    edits.push((at, edit));
                    at = base;
                }
                // Not as it is stored today.
                Made::OfId(_) => return Err(Flaw::NoBase),
                Made::Blob | Made::Other if edits.is_empty() && head.size > limit => return Ok(Unpacked::Longer),
                Made::Blob | Made::Other => {
                    let bytes = Arc::new(self.inflated(pack, &head)?);
                    self.keep(pack, at, &bytes);
                    break bytes;
                }
            }
            if edits.len() > LONGEST {
                return Err(Flaw::TooLarge);
            }
        };
        while let Some((at, edit)) = edits.pop() {
            let delta = Delta::new(&edit)?;
            if delta.result > LARGEST {
                return Err(Flaw::TooLarge);
            }
            let mut made = Vec::new();
            made.try_reserve_exact(delta.result as usize)?;
            delta.apply(&bytes, &mut made, &mut Vec::new())?;
            bytes = Arc::new(made);
            self.keep(pack, at, &bytes);
        }
        Ok(if bytes.len() as u64 > limit { Unpacked::Longer } else { Unpacked::Whole(bytes) })
    }

    /// What stands at `offset`; the bytes that follow are read.
    fn head(&mut self, pack: usize, offset: u64) -> Result<Head, Flaw> {
        let pack = self.packs.get(pack).ok_or(Flaw::NoPack)?;
        let head = pack.head(self.inflater.load(&pack.data, offset, LOOK)?, offset)?;
        if head.size > LOOK as u64 {
            // As a rule it is shorter than what comes of it.
            self.inflater.load(&pack.data, offset, usize::try_from(head.size).unwrap_or(usize::MAX))?;
        }
        Ok(head)
    }

    /// The bytes that `head` tells of, which was read last.
    fn inflated(&mut self, pack: usize, head: &Head) -> Result<Vec<u8>, Flaw> {
        let pack = self.packs.get(pack).ok_or(Flaw::NoPack)?;
        let mut bytes = Vec::new();
        self.inflater.whole(&pack.data, head.data, head.size as usize, &mut bytes)?;
        Ok(bytes)
    }

    fn keep(&mut self, pack: usize, offset: u64, bytes: &Arc<Vec<u8>>) {
        if bytes.len() > KEPT_LARGEST {
            return;
        }
        self.held += bytes.len();
        if self.held > KEPT {
            self.kept.clear();
            self.held = bytes.len();
        }
        self.kept.insert((pack, offset), Arc::clone(bytes));
    }

    fn loose(&mut self, id: ObjectId, limit: u64) -> Result<Unpacked, Flaw> {
        let hex = id.to_string();
        let (start, rest) = hex.split_at(2);
        let file = File::open(self.folder.join(start).join(rest))?;
        self.inflater.load(&file, 0, LOOK)?;
        self.inflater.begin(0);
        let mut bytes = Vec::with_capacity(LOOK);
        let ended = self.inflater.fill(&file, &mut bytes)?;
        let (_, size, header) = gix::objs::decode::loose_header(&bytes).map_err(|_| Flaw::Header)?;
        if size > limit {
            return Ok(Unpacked::Longer);
        }
        if size > LARGEST {
            return Err(Flaw::TooLarge);
        }
        bytes.drain(..header);
        let size = size as usize;
        if !ended {
            self.inflater.rest(&file, size, &mut bytes)?;
        }
        if bytes.len() == size { Ok(Unpacked::Whole(Arc::new(bytes))) } else { Err(Flaw::Size) }
    }
}
