//! What the file system says about a file without opening it, asked relative to an open folder: that spares it finding
//! the folder again for each of its files.

use std::io;
use std::path::Path;

use gix::index::entry::stat::Time;

/// What the file system says about one file. A link is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) kind: Kind,
    /// In bytes, the low 32 bits of it, as the index has it.
    pub(crate) size: u32,
    pub(crate) mtime: Time,
    /// When the file's own record changed last.
    pub(crate) ctime: Time,
}

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Folder,
    File {
        executable: bool,
    },
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// A folder whose files are asked about.
pub(crate) struct Folder {
    #[cfg(unix)]
    handle: rustix::fd::OwnedFd,
    #[cfg(not(unix))]
    place: std::path::PathBuf,
}

#[cfg(unix)]
impl Folder {
    /// The folder at `place`; none where there is none, or a link to one.
    pub(crate) fn open(place: &Path) -> Option<Self> {
        use rustix::fs::{CWD, Mode, OFlags};
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // Where the system has it: a handle that needs no right to read.
        #[cfg(target_os = "linux")]
        let flags = flags | OFlags::PATH;
        let handle = rustix::fs::openat(CWD, place, flags, Mode::empty()).ok()?;
        Some(Self { handle })
    }

    /// What lies at `name` in it, a name without slashes.
    pub(crate) fn stamp(&self, name: &[u8]) -> io::Result<Stamp> {
        use rustix::fs::{AtFlags, FileType, Mode};
        let found = rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let kind = match FileType::from_raw_mode(found.st_mode) {
            FileType::Directory => Kind::Folder,
            FileType::RegularFile => Kind::File { executable: Mode::from_raw_mode(found.st_mode).contains(Mode::XUSR) },
            FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        };
        Ok(Stamp {
            kind,
            size: found.st_size as u32,
            mtime: time(found.st_mtime, found.st_mtime_nsec),
            ctime: time(found.st_ctime, found.st_ctime_nsec),
        })
    }
}

/// A time as the index has it: the low 32 bits of the seconds, and nothing before 1970. The types differ between systems.
#[cfg(unix)]
fn time(seconds: impl TryInto<i64>, nanoseconds: impl TryInto<u32>) -> Time {
    let seconds = seconds.try_into().unwrap_or_default();
    if seconds < 0 {
        return Time::default();
    }
    Time { secs: seconds as u32, nsecs: nanoseconds.try_into().unwrap_or_default() }
}

#[cfg(not(unix))]
impl Folder {
    /// The folder at `place`; none where there is none, or a link to one.
    pub(crate) fn open(place: &Path) -> Option<Self> {
        let is_folder = std::fs::symlink_metadata(place).is_ok_and(|found| found.is_dir());
        is_folder.then(|| Self { place: place.to_owned() })
    }

    /// What lies at `name` in it, a name without slashes.
    pub(crate) fn stamp(&self, name: &[u8]) -> io::Result<Stamp> {
        use gix::index::entry::Stat;
        use gix::index::fs::Metadata;
        let name = gix::path::from_bstr(gix::bstr::BStr::new(name)).map_err(|_| io::ErrorKind::InvalidFilename)?;
        let found = Metadata::from_path_no_follow(&self.place.join(name))?;
        let stat = Stat::from_fs(&found).unwrap_or_default();
        let kind = match (found.is_dir(), found.is_symlink(), found.is_file()) {
            (true, ..) => Kind::Folder,
            (_, true, _) => Kind::Link,
            (.., true) => Kind::File { executable: found.is_executable() },
            _ => Kind::Other,
        };
        Ok(Stamp { kind, size: stat.size, mtime: stat.mtime, ctime: stat.ctime })
    }
}
