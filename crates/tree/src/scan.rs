//! How the working copy differs from the index.

use std::path::Path;

use gix::bstr::{BStr, BString, ByteSlice as _};
use tollgate_check::FileKind;

use crate::disk;
use crate::error::{self, Result};
use crate::staged::{Entry, Staged};
use crate::stamp::{Folder, Kind, Stamp};
use crate::untracked;

/// The working copy below the root, looked at once.
pub(crate) struct Scan {
    /// How each entry of the index stands, in its order.
    pub(crate) tracked: Vec<State>,
    /// Files that are neither in the index nor ignored, sorted by path.
    pub(crate) untracked: Vec<(BString, FileKind)>,
}

/// How an entry of the index stands on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Certainly as the index has it.
    Same,
    /// Of this kind now, with a content that must be looked at.
    Unsure(FileKind),
    /// Not there, and not meant to be: as the index has it.
    LeftOut,
    /// Not there.
    Gone,
}

impl Scan {
    /// Looks at every file of the index, and for others.
    pub(crate) fn new(repo: &gix::Repository, top: &Path, staged: &Staged, prefix: &BStr) -> Result<Self> {
        let config = repo.config_snapshot();
        let mut look = Look {
            top,
            staged,
            modes: config.boolean("core.fileMode").unwrap_or(cfg!(unix)),
            links: config.boolean("core.symlinks").unwrap_or(cfg!(unix)),
            top_folder: Folder::open(top),
            folder: None,
        };
        // Both wait for the disk most of the time.
        std::thread::scope(|scope| {
            let tracked =
                scope.spawn(move || staged.entries().iter().map(|entry| look.state(entry)).collect::<Result<_>>());
            let untracked = untracked::find(repo, top, staged, prefix);
            let tracked = tracked.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok(Self { tracked: tracked?, untracked: untracked? })
        })
    }
}

struct Look<'a> {
    top: &'a Path,
    staged: &'a Staged,
    /// Whether the disk tells executable files from others.
    modes: bool,
    /// Whether the disk has links.
    links: bool,
    top_folder: Option<Folder>,
    /// The folder that was looked at last, open if it is one: files of a folder follow each other.
    folder: Option<(BString, Option<Folder>)>,
}

impl Look<'_> {
    fn state(&mut self, entry: Entry<'_>) -> Result<State> {
        let absent = if entry.may_lack() { State::LeftOut } else { State::Gone };
        let path = entry.path();
        let Some((folder, name)) = self.folder_of(path)? else { return Ok(absent) };
        let found = match folder.stamp(name) {
            Ok(found) => found,
            Err(e) if is_absent(&e) => return Ok(absent),
            Err(e) => return Err(error::io(&path.to_str_lossy(), &e)),
        };
        if found.kind == Kind::Folder {
            return Ok(if entry.is_submodule() { State::Same } else { absent });
        }
        let Some(kind) = self.kind(entry, &found) else { return Ok(absent) };
        let same = kind == entry.kind() && self.staged.is_unchanged(entry, &found);
        Ok(if same { State::Same } else { State::Unsure(kind) })
    }

    /// What kind of file was found; none for a pipe or a device. What the disk cannot tell is as the index has it.
    fn kind(&self, entry: Entry<'_>, found: &Stamp) -> Option<FileKind> {
        let Kind::File { executable } = found.kind else {
            return (found.kind == Kind::Link).then_some(FileKind::Link);
        };
        let was = entry.kind();
        Some(match was {
            FileKind::Link if !self.links => FileKind::Link,
            FileKind::File | FileKind::Executable if !self.modes => was,
            _ if self.modes && executable => FileKind::Executable,
            _ => FileKind::File,
        })
    }

    /// The folder of `path` and its name there; none where a folder on the way is missing, or a link to somewhere else.
    fn folder_of<'p>(&mut self, path: &'p BStr) -> Result<Option<(&Folder, &'p [u8])>> {
        let Some(end) = path.rfind_byte(b'/') else { return Ok(self.top_folder.as_ref().map(|top| (top, &**path))) };
        let (folder, name) = (path[..end].as_bstr(), path[end + 1..].as_bytes());
        if self.folder.as_ref().is_none_or(|(known, _)| known != folder) {
            let mut leads = true;
            for end in folder.find_iter("/") {
                let above = folder[..end].as_bstr();
                leads = leads && (self.is_known(above) || self.open(above)?.is_some());
            }
            let open = if leads { self.open(folder)? } else { None };
            self.folder = Some((folder.to_owned(), open));
        }
        let open = self.folder.as_ref().and_then(|(_, open)| open.as_ref());
        Ok(open.map(|open| (open, name)))
    }

    fn open(&self, folder: &BStr) -> Result<Option<Folder>> {
        Ok(Folder::open(&disk::place(self.top, folder)?))
    }

    /// Whether `folder` is, or holds, the one that was looked at last and found.
    fn is_known(&self, folder: &BStr) -> bool {
        self.folder.as_ref().is_some_and(|(known, open)| {
            open.is_some() && known.starts_with(folder) && matches!(known.get(folder.len()), None | Some(b'/'))
        })
    }
}

fn is_absent(e: &std::io::Error) -> bool {
    matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}
