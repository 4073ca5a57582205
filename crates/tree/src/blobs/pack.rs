//! A pack and its index.

use std::fs::File;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::odb::pack::data::entry::Header;
use gix::odb::pack::data::{self, Entry};
use gix::odb::pack::index;
use tollgate_check::TreeError;
use tollgate_model::Cause;

use super::flaw::Flaw;
use super::inflate::{CHUNK, read_at};
use crate::error::{self, Result};

/// No header is longer: ten bytes of size, and the name or the distance of another object.
const LONGEST_HEADER: usize = 64;

/// A pack and its index.
pub(crate) struct Pack {
    pub(crate) index: index::File,
    pub(crate) data: File,
    /// Where its data ends.
    pub(crate) end: u64,
    /// The name of its file.
    pub(crate) name: String,
}

impl Pack {
    /// The index at `path`.
    pub(crate) fn index(path: &Path, hash: gix::hash::Kind) -> Result<index::File> {
        let index = Self::unchecked_index(path, hash)?;
        let ids = (0..index.num_objects()).map(|at| index.oid_at_index(at));
        if ids.is_sorted() {
            return Ok(index);
        }
        let message = format!("{}: is not in order; make it anew with \"git index-pack\"", name(path));
        Err(TreeError::new(Cause::Unreadable, message))
    }

    /// The same, which may be out of order: then it does not tell of all that it has.
    pub(crate) fn unchecked_index(path: &Path, hash: gix::hash::Kind) -> Result<index::File> {
        index::File::at(path, hash)
            .map_err(|e| error::git(&format!("{}: cannot be read; see \"git fsck\"", name(path)), &e))
    }

    /// The pack beside `index`. None when it is not there.
    pub(crate) fn open(index: index::File) -> Result<std::result::Result<Self, index::File>> {
        let path: PathBuf = index.path().with_extension("pack");
        let name = name(&path);
        let data = match File::open(&path) {
            Ok(data) => data,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Err(index)),
            Err(e) => return Err(error::io(&name, &e)),
        };
        let mut start = [0; 12];
        let read = read_at(&data, &mut start, 0).map_err(|e| error::io(&name, &e))?;
        let end = data.metadata().map_err(|e| error::io(&name, &e))?.len();
        let count = data::header::decode(&start).ok().filter(|_| read == start.len()).map(|(_, count)| count);
        if count != Some(index.num_objects()) {
            let message = format!("{name}: is no pack, or not the one that its index belongs to; see \"git fsck\"");
            return Err(TreeError::new(Cause::Unreadable, message));
        }
        Ok(Ok(Self { index, data, end, name }))
    }

    /// The name of the object that its index has at `position`.
    pub(crate) fn id(&self, position: u32) -> ObjectId {
        self.index.oid_at_index(position).to_owned()
    }

    /// The header that `bytes`, which lie at `offset`, begin with.
    pub(crate) fn head(&self, bytes: &[u8], offset: u64) -> std::result::Result<Head, Flaw> {
        if bytes.is_empty() {
            return Err(Flaw::Truncated);
        }
        let entry = Entry::from_bytes(bytes, offset, self.index.object_hash()).map_err(|_| Flaw::Header)?;
        let made = match entry.header {
            Header::Blob => Made::Blob,
            Header::Commit | Header::Tree | Header::Tag => Made::Other,
            Header::OfsDelta { base_distance } if base_distance > 0 => {
                Made::Of(offset.checked_sub(base_distance).ok_or(Flaw::Header)?)
            }
            Header::OfsDelta { .. } => return Err(Flaw::Header),
            Header::RefDelta { base_id } => Made::OfId(base_id),
        };
        Ok(Head { made, size: entry.decompressed_size, data: entry.data_offset })
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// What an object is made of.
#[derive(Clone, Copy)]
pub(crate) enum Made {
    /// A blob, whole.
    Blob,
    /// Something else, whole.
    Other,
    /// An edit of what lies at this offset.
    Of(u64),
    /// An edit of the object of this name.
    OfId(ObjectId),
}

/// A header: what follows it, how many bytes that is inflated, and where it begins.
pub(crate) struct Head {
    pub(crate) made: Made,
    pub(crate) size: u64,
    pub(crate) data: u64,
}

/// Reads headers, best in the order in which they lie in the pack.
pub(crate) struct Heads<'p> {
    pack: &'p Pack,
    window: Vec<u8>,
    start: u64,
    /// How much of the window is filled.
    filled: usize,
}

impl<'p> Heads<'p> {
    /// `room`: how much is read at once.
    pub(crate) fn new(pack: &'p Pack, room: usize) -> Self {
        Self { pack, window: vec![0; room.clamp(LONGEST_HEADER, CHUNK)], start: 0, filled: 0 }
    }

    /// The header at `offset`.
    pub(crate) fn at(&mut self, offset: u64) -> std::result::Result<Head, Flaw> {
        let within = offset.checked_sub(self.start).and_then(|at| usize::try_from(at).ok());
        let known = within.filter(|at| at.saturating_add(LONGEST_HEADER) <= self.filled);
        let at = match known {
            Some(at) => at,
            None => {
                self.filled = read_at(&self.pack.data, &mut self.window, offset)?;
                self.start = offset;
                0
            }
        };
        self.pack.head(self.window.get(at..self.filled).unwrap_or_default(), offset)
    }
}
