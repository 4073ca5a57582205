//! The names of the tracked files alone: for who only asks whether files are tracked, a third of what the index takes.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use gix::bstr::{BStr, ByteSlice as _};

use crate::item;
use crate::staged::Staged;

/// The paths of the index below the root without submodules, sorted.
#[derive(Debug)]
pub(crate) struct Names {
    /// One after the other.
    bytes: Box<[u8]>,
    places: Box<[Range<u32>]>,
    /// Where the last search ended.
    near: AtomicUsize,
}

/// Kinds of entries, by the type bits of their mode.
const TYPE: u32 = 0o170_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;
const SUBMODULE: u32 = 0o160_000;

/// Bits of the flags of an entry.
const EXTENDED: u16 = 1 << 14;
const STAGE: u16 = 3 << 12;
/// How long its name is, as far as these bits can tell.
const LENGTH: u16 = 0xFFF;

impl Names {
    pub(crate) fn of(staged: &Staged) -> Self {
        let mut names = Gathered::default();
        for entry in staged.entries().iter().filter(|entry| !entry.is_submodule()) {
            names.bytes.extend_from_slice(entry.path());
            names.end();
        }
        names.done()
    }

    /// Those below `prefix` of the index at `place` (gitformat-index), whose ids have `hash` bytes. None where the index is
    /// anything but a plain list of files: in conflict, split, sparse, damaged, not there; then it is to be read as a whole.
    pub(crate) fn read(place: &Path, hash: usize, prefix: &BStr) -> Option<Self> {
        Self::parse(File::open(place).ok()?, hash, prefix)
    }

    fn parse(index: impl Read, hash: usize, prefix: &BStr) -> Option<Self> {
        let mut index = BufReader::with_capacity(1 << 16, index);
        let head: [u8; 12] = take(&mut index)?;
        let version = head.strip_prefix(b"DIRC").and_then(number)?;
        let count = number(&head[8..])?;
        if !(2..=4).contains(&version) {
            return None;
        }
        let (mut names, mut name, mut last) = (Gathered::default(), Vec::new(), Vec::new());
        let mut entry = vec![0; 40 + hash + 2];
        for _ in 0..count {
            index.read_exact(&mut entry).ok()?;
            let (kind, flags) = (number(&entry[24..])? & TYPE, entry.last_chunk().map(|b| u16::from_be_bytes(*b))?);
            let mut length = entry.len();
            if flags & EXTENDED != 0 {
                take::<2>(&mut index)?;
                length += 2;
            }
            name.clear();
            if version == 4 {
                let kept = last.len().checked_sub(distance(&mut index)?)?;
                name.extend_from_slice(&last[..kept]);
            }
            index.by_ref().take(item::LONGEST as u64 + 1).read_until(0, &mut name).ok()?;
            name.pop_if(|byte| *byte == 0)?;
            if version < 4 {
                let zeros = 8 - (length + name.len()) % 8;
                take_zeros(&mut index, zeros - 1)?;
            }
            let is_kind = [FILE, LINK, SUBMODULE].contains(&kind);
            let is_length = usize::from(flags & LENGTH) == name.len().min(LENGTH.into());
            if !is_kind || !is_length || flags & STAGE != 0 || last >= name || !item::follows(&name, &last) {
                return None;
            }
            if kind != SUBMODULE && name.starts_with(prefix) {
                names.bytes.extend_from_slice(&name);
                names.end();
            }
            std::mem::swap(&mut last, &mut name);
        }
        is_whole(index, hash).then(|| names.done())
    }

    /// All of them, as reports call them.
    pub(crate) fn shown(&self, prefix: &BStr) -> Vec<String> {
        self.places.iter().map(|place| item::shown(self.name(place), prefix).into_owned()).collect()
    }

    fn name(&self, place: &Range<u32>) -> &BStr {
        self.bytes.get(place.start as usize..place.end as usize).unwrap_or_default().as_bstr()
    }

    /// Whether it has the file that reports call `path`.
    pub(crate) fn contains(&self, prefix: &BStr, path: &str) -> bool {
        let name = |place: &Range<u32>| self.name(place);
        let at = item::find(&self.places, name, prefix, path, self.near.load(Relaxed));
        at.is_some_and(|at| {
            self.near.store(at, Relaxed);
            true
        })
    }
}

/// Names that are put one after the other. They have less than 4 GB, or those beyond are not found.
#[derive(Default)]
struct Gathered {
    bytes: Vec<u8>,
    places: Vec<Range<u32>>,
}

impl Gathered {
    /// Ends a name.
    fn end(&mut self) {
        let start = self.places.last().map_or(0, |place| place.end);
        self.places.push(start..u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    fn done(self) -> Names {
        Names { bytes: self.bytes.into(), places: self.places.into(), near: AtomicUsize::new(0) }
    }
}

/// Whether the index ends after its entries with extensions that need not be known, and a checksum. Those in small letters
/// must be known: they say that more entries lie elsewhere, or that one stands for many.
fn is_whole(mut index: impl Read, hash: usize) -> bool {
    let mut rest = Vec::new();
    if index.read_to_end(&mut rest).is_err() {
        return false;
    }
    let Some(mut rest) = rest.len().checked_sub(hash).map(|end| &rest[..end]) else { return false };
    while let Some((name, after)) = rest.split_first_chunk::<4>() {
        let Some((size, after)) = after.split_first_chunk::<4>() else { return false };
        let Some(after) = after.get(u32::from_be_bytes(*size) as usize..) else { return false };
        if !name[0].is_ascii_uppercase() {
            return false;
        }
        rest = after;
    }
    rest.is_empty()
}

fn take<const N: usize>(index: &mut impl Read) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    index.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn take_zeros(index: &mut impl Read, count: usize) -> Option<()> {
    let mut bytes = [0; 8];
    let bytes = bytes.get_mut(..count)?;
    index.read_exact(bytes).ok()?;
    bytes.iter().all(|byte| *byte == 0).then_some(())
}

/// The number that `bytes` begin with.
fn number(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// How many bytes a name of version 4 lacks at the end of the one before, written as offsets in packs are.
fn distance(index: &mut impl Read) -> Option<usize> {
    let [mut byte] = take(index)?;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        [byte] = take(index)?;
        value = value.checked_add(1)?.checked_mul(128)? | usize::from(byte & 0x7f);
    }
    Some(value)
}

/// Reads `bytes` as an index, whole and below a folder: what is in the folder is what the whole has there, and all are found.
#[doc(hidden)]
pub fn fuzz_index(bytes: &[u8]) {
    let (top, folder) = (BStr::new(""), BStr::new("a/"));
    for hash in [20, 32] {
        let (all, below) = (Names::parse(bytes, hash, top), Names::parse(bytes, hash, folder));
        assert_eq!(all.is_some(), below.is_some());
        let (Some(all), Some(below)) = (all, below) else { continue };
        let names = all.shown(top);
        assert!(names.iter().all(|name| all.contains(top, name)));
        let inside: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("a/")).collect();
        assert_eq!(below.shown(folder), inside);
    }
}
