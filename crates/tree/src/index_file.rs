//! The file that git keeps its index in, where it is a plain list of files (gitformat-index, versions 2 to 4).

use std::io::{ErrorKind, Read};

use gix::bstr::{BStr, ByteSlice as _};
use gix::index::entry::stat::Time;
use gix::index::entry::{Flags, Stat};
use tollgate_check::FileKind;

use crate::item::{self, PathOrder};

/// One entry.
pub(crate) struct Raw<'a> {
    pub(crate) path: &'a BStr,
    pub(crate) kind: FileKind,
    pub(crate) flags: Flags,
    pub(crate) id: &'a [u8],
    /// What the file system said about the file, as it is written.
    stat: &'a [u8],
}

impl Raw<'_> {
    /// Times and size, of what the file system said when it was added.
    pub(crate) fn stat(&self) -> Stat {
        let part = |at| number(self.stat, at).unwrap_or_default();
        let time = |at| Time { secs: part(at), nsecs: part(at + 4) };
        Stat { ctime: time(0), mtime: time(8), size: part(36), ..Stat::default() }
    }
}

/// How many bytes stand before the id.
const STAT: usize = 40;

/// How many bytes the longest entry has beside its id: what is before it, two times flags, how much of the last path is
/// dropped, the path, zeros.
const LONGEST: usize = STAT + 2 + 2 + 10 + item::LONGEST + 8;

/// The size of the largest index that room is made for beforehand.
const MOST_ROOM: u64 = 1 << 28;

/// More bytes than there are after the entries: git notes what it knows of folders there.
const MOST_REST: u64 = 1 << 30;

/// How long a path is, as far as the flags can tell.
const LENGTH: u16 = 0xFFF;

/// An index of which nothing was read but its head.
pub(crate) struct IndexFile<R> {
    feed: Feed<R>,
    /// How many bytes an id has.
    hash: usize,
    version: u32,
    count: u32,
}

impl<R: Read> IndexFile<R> {
    /// `index`, whose ids have `hash` bytes; none where it is of another version.
    pub(crate) fn open(index: R, hash: usize) -> Option<Self> {
        let mut feed = Feed::new(index);
        let head = feed.ahead(12)?.strip_prefix(b"DIRC")?;
        let (version, count) = (number(head, 0)?, number(head, 4)?);
        feed.at += 12;
        (2..=4).contains(&version).then_some(Self { feed, hash, version, count })
    }

    /// How many entries to make room for, and how many bytes of paths, where it has `size` bytes.
    pub(crate) fn room(&self, size: u64) -> (usize, usize) {
        let size = size.min(MOST_ROOM) as usize;
        let fixed = STAT + self.hash + 2;
        let count = (self.count as usize).min(size / fixed);
        (count, if self.version == 4 { 0 } else { size - count * fixed })
    }

    /// Shows each entry in order of the paths, and gives what follows the entries but the checksum. None where it is anything but
    /// a plain list of files: in conflict, split, sparse, damaged.
    pub(crate) fn read(self, mut show: impl FnMut(&Raw<'_>)) -> Option<Vec<u8>> {
        let Self { mut feed, hash, version, count } = self;
        let (mut path, mut paths) = (Vec::new(), PathOrder::default());
        for _ in 0..count {
            let entry = feed.ahead(LONGEST + hash)?;
            let (stat, rest) = entry.split_at_checked(STAT)?;
            let (id, rest) = rest.split_at_checked(hash)?;
            let (low, mut rest) = split_short(rest)?;
            let mut flags = Flags::from_bits_retain((low & !LENGTH).into());
            if flags.contains(Flags::EXTENDED) {
                let (high, after) = split_short(rest)?;
                let more = Flags::from_bits_retain(u32::from(high) << 16);
                if !(Flags::INTENT_TO_ADD | Flags::SKIP_WORKTREE).contains(more) {
                    return None;
                }
                (flags, rest) = (flags | more, after);
            }
            let fixed = |rest: &[u8]| entry.len() - rest.len();
            let (path, used, zeros): (&[u8], _, _) = if version == 4 {
                let (dropped, after) = split_distance(rest)?;
                let end = after.find_byte(0)?;
                path.clear();
                path.extend_from_slice(paths.last.get(..paths.last.len().checked_sub(dropped)?)?);
                path.extend_from_slice(&after[..end]);
                (&path, fixed(after) + end, 1)
            } else {
                let end = if low & LENGTH < LENGTH { (low & LENGTH).into() } else { rest.find_byte(0)? };
                let used = fixed(rest) + end;
                (rest.get(..end)?, used, 8 - used % 8)
            };
            let is_zero = entry.get(used..used + zeros)?.iter().all(|byte| *byte == 0);
            let is_length = usize::from(low & LENGTH) == path.len().min(LENGTH.into());
            if !is_zero || !is_length || flags.intersects(Flags::STAGE_MASK) || !paths.admit(path) {
                return None;
            }
            show(&Raw { path: path.as_bstr(), kind: kind(number(stat, 24)?)?, flags, id, stat });
            feed.at += used + zeros;
        }
        let mut rest = feed.rest()?;
        rest.truncate(rest.len().checked_sub(hash)?);
        let is_optional = |(name, _): ([u8; 4], &[u8])| name[0].is_ascii_uppercase();
        let is_plain = extensions(&rest).all(|extension| extension.is_some_and(is_optional));
        is_plain.then_some(rest)
    }
}

/// The extensions in what follows the entries, each with its name; none where they are damaged, and then they end. Those in
/// small letters must be known: they say that more entries lie elsewhere, or that one stands for many.
pub(crate) fn extensions(mut rest: &[u8]) -> impl Iterator<Item = Option<([u8; 4], &[u8])>> {
    std::iter::from_fn(move || {
        (!rest.is_empty()).then(|| {
            let (name, after) = std::mem::take(&mut rest).split_first_chunk::<4>()?;
            let (size, after) = after.split_first_chunk::<4>()?;
            let (data, after) = after.split_at_checked(u32::from_be_bytes(*size) as usize)?;
            rest = after;
            Some((*name, data))
        })
    })
}

/// The kind that a mode means; none where it is none of a file of a repository.
fn kind(mode: u32) -> Option<FileKind> {
    match mode & 0o170_000 {
        0o100_000 if mode & 0o100 != 0 => Some(FileKind::Executable),
        0o100_000 => Some(FileKind::File),
        0o120_000 => Some(FileKind::Link),
        0o160_000 => Some(FileKind::Submodule),
        _ => None,
    }
}

/// A file that is read piece by piece.
struct Feed<R> {
    inner: R,
    buffer: Vec<u8>,
    /// What was read and not yet used.
    at: usize,
    end: usize,
}

impl<R: Read> Feed<R> {
    fn new(inner: R) -> Self {
        Self { inner, buffer: vec![0; 1 << 16], at: 0, end: 0 }
    }

    /// What comes next, at least `count` bytes of it unless the file ends.
    fn ahead(&mut self, count: usize) -> Option<&[u8]> {
        if self.end - self.at < count {
            self.buffer.copy_within(self.at..self.end, 0);
            (self.at, self.end) = (0, self.end - self.at);
            while self.end < count {
                match self.inner.read(&mut self.buffer[self.end..]) {
                    Ok(0) => break,
                    Ok(more) => self.end += more,
                    Err(e) if e.kind() == ErrorKind::Interrupted => {}
                    Err(_) => return None,
                }
            }
        }
        self.buffer.get(self.at..self.end)
    }

    /// All that is left, unless that is more than git writes.
    fn rest(mut self) -> Option<Vec<u8>> {
        self.buffer.truncate(self.end);
        self.buffer.drain(..self.at);
        let more = self.inner.take(MOST_REST).read_to_end(&mut self.buffer).ok()?;
        ((more as u64) < MOST_REST).then_some(self.buffer)
    }
}

fn split_short(bytes: &[u8]) -> Option<(u16, &[u8])> {
    bytes.split_first_chunk().map(|(short, rest)| (u16::from_be_bytes(*short), rest))
}

/// A number as offsets in packs are written.
fn split_distance(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, mut rest) = bytes.split_first()?;
    let (mut byte, mut value) = (*first, usize::from(first & 0x7f));
    while byte & 0x80 != 0 {
        (byte, rest) = rest.split_first().map(|(byte, rest)| (*byte, rest))?;
        value = value.checked_add(1)?.checked_mul(128)? | usize::from(byte & 0x7f);
    }
    Some((value, rest))
}

/// The number at `at`.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}
