//! Files on the disk.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use tollgate_check::{FileKind, TreeError};
use tollgate_input::{InputError, Root};
use tollgate_model::Cause;

use crate::error::{self, Result};

/// Where the repository's file `path` lies.
pub(crate) fn place(top: &Path, path: &BStr) -> Result<PathBuf> {
    let relative = gix::path::from_bstr(path).map_err(|_| {
        TreeError::new(Cause::Unreadable, format!("{path}: this system cannot name such a file"))
            .at(path.to_str_lossy())
    })?;
    Ok(top.join(relative))
}

/// The bytes of the file at `place`, of a link the name of its target; none when there are more than `limit`.
pub(crate) fn read(place: &Path, kind: FileKind, limit: u64, shown: &str) -> Result<Option<Vec<u8>>> {
    let trouble = |e: std::io::Error| error::io(shown, &e);
    if kind == FileKind::Link {
        return target(place, shown).map(Some);
    }
    let file = fs::File::open(place).map_err(trouble)?;
    if file.metadata().is_ok_and(|found| found.len() > limit) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(trouble)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

fn target(place: &Path, shown: &str) -> Result<Vec<u8>> {
    let target = fs::read_link(place).map_err(|e| error::io(shown, &e))?;
    let bytes = gix::path::into_bstr(target).map_err(|_| {
        TreeError::new(Cause::Unreadable, format!("{shown}: the target of this link is not text")).at(shown)
    })?;
    Ok(bytes.into_owned().into())
}

/// The id that git would give the bytes of the file at `place`, taken as they are, in constant memory.
pub(crate) fn id_of(place: &Path, hash: gix::hash::Kind, shown: &str) -> Result<ObjectId> {
    let trouble = |e: std::io::Error| error::io(shown, &e);
    let mut file = fs::File::open(place).map_err(trouble)?;
    let mut hasher = gix::hash::hasher(hash);
    hasher.update(format!("blob {}\0", file.metadata().map_err(trouble)?.len()).as_bytes());
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(trouble)? {
            0 => break,
            n => hasher.update(&buffer[..n]),
        }
    }
    hasher.try_finalize().map_err(|e| error::git(&format!("{shown}: cannot hash it"), &e).at(shown))
}

/// What one look at a place tells.
enum Plain {
    /// The bytes of a regular file, with no link on the way.
    Read(Vec<u8>),
    /// There is nothing, and no link on the way to nothing.
    Missing,
    /// Each part of the path is to be looked at, which takes ten times as long.
    Unsure,
}

/// The bytes of the regular file at `place`, where there are at most `limit`.
#[cfg(target_os = "linux")]
fn read_plainly(place: &Path, limit: u64) -> Plain {
    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags};
    use rustix::io::Errno;
    // Not to wait for the other end of a pipe.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    match rustix::fs::openat2(CWD, place, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
        Ok(file) => read_open(fs::File::from(file), limit).map_or(Plain::Unsure, Plain::Read),
        Err(Errno::NOENT) => Plain::Missing,
        Err(_) => Plain::Unsure,
    }
}

#[cfg(target_os = "linux")]
fn read_open(file: fs::File, limit: u64) -> Option<Vec<u8>> {
    let found = file.metadata().ok().filter(|found| found.is_file() && found.len() <= limit)?;
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).ok()?.saturating_add(1).min(1 << 20));
    loop {
        let room = bytes.capacity() - bytes.len();
        let read = rustix::io::retry_on_intr(|| rustix::io::read(&file, rustix::buffer::spare_capacity(&mut bytes)));
        let read = read.ok()?;
        // One that is as long as it was said to be is not asked again whether it ends there.
        if read == 0 || read < room && bytes.len() as u64 == found.len() {
            return (bytes.len() as u64 <= limit).then_some(bytes);
        }
        if bytes.len() as u64 > limit {
            return None;
        }
        bytes.reserve(1 << 16);
    }
}

#[cfg(not(target_os = "linux"))]
fn read_plainly(_: &Path, _: u64) -> Plain {
    Plain::Unsure
}

/// The bytes of what a tree lists as `path`: of a link, the name of its target. Links on the way are followed as long as
/// they stay inside `root`.
pub(crate) fn read_inside(root: &Root, path: &str, limit: u64) -> Result<Vec<u8>> {
    let outside = || error::input(&InputError::Outside { path: path.to_owned() });
    let relative = root.relative(path).ok_or_else(outside)?;
    let place = root.path().join(&relative);
    match read_plainly(&place, limit) {
        Plain::Read(bytes) => return Ok(bytes),
        Plain::Missing => return Err(error::input(&InputError::Missing { path: path.to_owned() })),
        Plain::Unsure => {}
    }
    let is_link = fs::symlink_metadata(&place).is_ok_and(|meta| meta.is_symlink());
    if is_link {
        let folder = relative.rsplit_once('/').map_or(".", |(folder, _)| folder);
        root.resolve(folder).map_err(|e| error::input(&e))?;
        return target(&place, path);
    }
    root.read(path, limit).map(|(bytes, _)| bytes).map_err(|e| error::input(&e))
}
