//! What the file system says about the files of a folder without opening them, asked relative to the open folder: that
//! spares it finding the folder again for each of its files.

use std::io;
use std::path::Path;

use gix::index::entry::stat::Time;

/// What the file system says about one file. A link is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) kind: Kind,
    /// Whether its owner may run it.
    pub(crate) executable: bool,
    /// In bytes, the low 32 bits of it, as the index has it.
    pub(crate) size: u32,
    pub(crate) mtime: Time,
    /// When the file's own record changed last.
    pub(crate) ctime: Time,
}

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Folder,
    File,
    Link,
    /// A pipe, a socket, a device.
    Other,
}

#[cfg(unix)]
pub(crate) use self::by_handle::Folder;
#[cfg(not(unix))]
pub(crate) use self::by_path::Folder;

impl Folder {
    /// The folder at `place`; none where there is none, or a link to one.
    pub(crate) fn open(place: &Path) -> io::Result<Option<Self>> {
        none_if_absent(Self::try_open(place))
    }

    /// The folder `name` in it, a name without slashes; none where there is none, or a link to one.
    pub(crate) fn inner(&self, name: &[u8]) -> io::Result<Option<Self>> {
        none_if_absent(self.try_inner(name))
    }

    /// What lies at `name` in it, a name without slashes; none where there is nothing.
    pub(crate) fn stamp(&self, name: &[u8]) -> io::Result<Option<Stamp>> {
        none_if_absent(self.try_stamp(name))
    }
}

fn none_if_absent<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        other => other.map(Some),
    }
}

#[cfg(unix)]
mod by_handle {
    use std::io;
    use std::path::Path;

    use gix::index::entry::stat::Time;
    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};

    use super::{Kind, Stamp};

    /// A folder whose files are asked about.
    pub(crate) struct Folder(rustix::fd::OwnedFd);

    const FLAGS: OFlags = OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC).union(OFlags::RDONLY);

    impl Folder {
        pub(super) fn try_open(place: &Path) -> io::Result<Self> {
            Ok(Self(rustix::fs::openat(CWD, place, FLAGS, Mode::empty()).map_err(no_folder)?))
        }

        pub(super) fn try_inner(&self, name: &[u8]) -> io::Result<Self> {
            Ok(Self(rustix::fs::openat(&self.0, name, FLAGS, Mode::empty()).map_err(no_folder)?))
        }

        pub(super) fn try_stamp(&self, name: &[u8]) -> io::Result<Stamp> {
            let found = rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
            Ok(Stamp {
                kind: kind(FileType::from_raw_mode(found.st_mode)),
                executable: Mode::from_raw_mode(found.st_mode).contains(Mode::XUSR),
                size: found.st_size as u32,
                mtime: time(found.st_mtime, found.st_mtime_nsec),
                ctime: time(found.st_ctime, found.st_ctime_nsec),
            })
        }

        /// Calls `each` with every name in it, in no order, and what lies there.
        pub(crate) fn list(&self, mut each: impl FnMut(&[u8], Kind) -> io::Result<()>) -> io::Result<()> {
            self.each_entry(|name, file_type| match (name, file_type) {
                (b"." | b"..", _) => Ok(()),
                // Some file systems leave it open.
                (name, FileType::Unknown) => match self.stamp(name)? {
                    Some(found) => each(name, found.kind),
                    None => Ok(()),
                },
                (name, known) => each(name, kind(known)),
            })
        }

        #[cfg(target_os = "linux")]
        fn each_entry(&self, mut each: impl FnMut(&[u8], FileType) -> io::Result<()>) -> io::Result<()> {
            // It may have been listed before.
            rustix::fs::seek(&self.0, rustix::fs::SeekFrom::Start(0))?;
            let mut room = [const { std::mem::MaybeUninit::uninit() }; 1 << 15];
            let mut entries = rustix::fs::RawDir::new(&self.0, &mut room);
            while let Some(entry) = entries.next() {
                let entry = entry?;
                each(entry.file_name().to_bytes(), entry.file_type())?;
            }
            Ok(())
        }

        #[cfg(not(target_os = "linux"))]
        fn each_entry(&self, mut each: impl FnMut(&[u8], FileType) -> io::Result<()>) -> io::Result<()> {
            for entry in rustix::fs::Dir::read_from(&self.0)? {
                let entry = entry?;
                each(entry.file_name().to_bytes(), entry.file_type())?;
            }
            Ok(())
        }
    }

    /// The system's word for a link where a folder was asked for.
    fn no_folder(error: rustix::io::Errno) -> io::Error {
        if error == rustix::io::Errno::LOOP { io::ErrorKind::NotADirectory.into() } else { error.into() }
    }

    fn kind(file_type: FileType) -> Kind {
        match file_type {
            FileType::Directory => Kind::Folder,
            FileType::RegularFile => Kind::File,
            FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        }
    }

    /// A time as the index has it: the low 32 bits of the seconds, and nothing before 1970. The types differ between
    /// systems.
    fn time(seconds: impl TryInto<i64>, nanoseconds: impl TryInto<u32>) -> Time {
        let seconds = seconds.try_into().unwrap_or_default();
        if seconds < 0 {
            return Time::default();
        }
        Time { secs: seconds as u32, nsecs: nanoseconds.try_into().unwrap_or_default() }
    }
}

#[cfg(not(unix))]
mod by_path {
    use std::io;
    use std::path::{Path, PathBuf};

    use gix::bstr::BStr;
    use gix::index::entry::Stat;
    use gix::index::fs::Metadata;

    use super::{Kind, Stamp};

    /// A folder whose files are asked about.
    pub(crate) struct Folder(PathBuf);

    impl Folder {
        pub(super) fn try_open(place: &Path) -> io::Result<Self> {
            let is_folder = std::fs::symlink_metadata(place)?.is_dir();
            if is_folder { Ok(Self(place.to_owned())) } else { Err(io::ErrorKind::NotADirectory.into()) }
        }

        pub(super) fn try_inner(&self, name: &[u8]) -> io::Result<Self> {
            Self::try_open(&self.at(name)?)
        }

        pub(super) fn try_stamp(&self, name: &[u8]) -> io::Result<Stamp> {
            let found = Metadata::from_path_no_follow(&self.at(name)?)?;
            let stat = Stat::from_fs(&found).unwrap_or_default();
            let kind = kind(found.is_dir(), found.is_symlink(), found.is_file());
            Ok(Stamp { kind, executable: found.is_executable(), size: stat.size, mtime: stat.mtime, ctime: stat.ctime })
        }

        /// Calls `each` with every name in it, in no order, and what lies there.
        pub(crate) fn list(&self, mut each: impl FnMut(&[u8], Kind) -> io::Result<()>) -> io::Result<()> {
            for entry in std::fs::read_dir(&self.0)? {
                let (name, found) = entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?)))?;
                let name = gix::path::os_str_into_bstr(&name).map_err(|_| io::ErrorKind::InvalidFilename)?;
                each(name, kind(found.is_dir(), found.is_symlink(), found.is_file()))?;
            }
            Ok(())
        }

        fn at(&self, name: &[u8]) -> io::Result<PathBuf> {
            Ok(self.0.join(gix::path::from_bstr(BStr::new(name)).map_err(|_| io::ErrorKind::InvalidFilename)?))
        }
    }

    fn kind(is_folder: bool, is_link: bool, is_file: bool) -> Kind {
        match (is_folder, is_link, is_file) {
            (true, ..) => Kind::Folder,
            (_, true, _) => Kind::Link,
            (.., true) => Kind::File,
            _ => Kind::Other,
        }
    }
}
