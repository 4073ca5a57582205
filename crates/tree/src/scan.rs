//! How the working copy differs from the index.

use std::path::{Path, PathBuf};

use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::index::fs::Metadata;
use tollgate_check::FileKind;

use crate::disk;
use crate::error::{self, Result};
use crate::staged::{Entry, Staged};
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
            place: PathBuf::new(),
            folder: None,
        };
        let tracked = staged.entries.iter().map(|entry| look.state(entry)).collect::<Result<_>>()?;
        Ok(Self { tracked, untracked: untracked::find(repo, top, staged, prefix)? })
    }
}

struct Look<'a> {
    top: &'a Path,
    staged: &'a Staged,
    /// Whether the disk tells executable files from others.
    modes: bool,
    /// Whether the disk has links.
    links: bool,
    place: PathBuf,
    /// The folder that was looked at last, and whether it is one: files of a folder follow each other.
    folder: Option<(BString, bool)>,
}

impl Look<'_> {
    fn state(&mut self, entry: &Entry) -> Result<State> {
        let absent = if entry.may_lack { State::LeftOut } else { State::Gone };
        let path = entry.path();
        if !self.is_in_folder(path)? {
            return Ok(absent);
        }
        self.place = disk::place(self.top, path)?;
        let found = match Metadata::from_path_no_follow(&self.place) {
            Ok(found) => found,
            Err(e) if is_absent(&e) => return Ok(absent),
            Err(e) => return Err(error::io(&path.to_str_lossy(), &e)),
        };
        if found.is_dir() {
            return Ok(if entry.is_submodule() { State::Same } else { absent });
        }
        let Some(kind) = self.kind(entry, &found) else { return Ok(absent) };
        let same = kind == entry.item.kind && self.staged.is_unchanged(entry, &found);
        Ok(if same { State::Same } else { State::Unsure(kind) })
    }

    /// What kind of file was found; none for a pipe or a device. What the disk cannot tell is as the index has it.
    fn kind(&self, entry: &Entry, found: &Metadata) -> Option<FileKind> {
        if found.is_symlink() {
            return Some(FileKind::Link);
        }
        if !found.is_file() {
            return None;
        }
        let was = entry.item.kind;
        Some(match was {
            FileKind::Link if !self.links => FileKind::Link,
            FileKind::File | FileKind::Executable if !self.modes => was,
            _ if self.modes && found.is_executable() => FileKind::Executable,
            _ => FileKind::File,
        })
    }

    /// Whether every folder on the way to `path` is one, and not a link to somewhere else.
    fn is_in_folder(&mut self, path: &BStr) -> Result<bool> {
        let Some(end) = path.rfind_byte(b'/') else { return Ok(true) };
        let folder = path[..end].as_bstr();
        if let Some((known, is_folder)) = &self.folder
            && known == folder
        {
            return Ok(*is_folder);
        }
        let mut is_folder = true;
        let ends = folder.find_iter("/").chain([folder.len()]);
        for end in ends.filter(|end| !self.is_known(folder[..*end].as_bstr())) {
            let place = disk::place(self.top, folder[..end].as_bstr())?;
            is_folder = Metadata::from_path_no_follow(&place).is_ok_and(|found| found.is_dir());
            if !is_folder {
                break;
            }
        }
        self.folder = Some((folder.to_owned(), is_folder));
        Ok(is_folder)
    }

    /// Whether `folder` is, or holds, the one that was looked at last and found.
    fn is_known(&self, folder: &BStr) -> bool {
        self.folder.as_ref().is_some_and(|(known, is_folder)| {
            *is_folder && known.starts_with(folder) && matches!(known.get(folder.len()), None | Some(b'/'))
        })
    }
}

fn is_absent(e: &std::io::Error) -> bool {
    matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}
