//! Files that the index does not have and that no ignore rule names.

use std::fs::{self, FileType};
use std::path::Path;

use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::index::entry::Mode;
use gix::worktree::stack::state::ignore::Source;
use tollgate_check::{FileKind, TreeError};

use crate::disk;
use crate::error::{self, Result};
use crate::staged::Staged;
use crate::stamp::{Folder, Kind};

/// What is not in the index of these paths and below those of them that are folders, sorted by path. Ignored folders and
/// other repositories are not entered, links are not followed.
pub(crate) fn find(
    repo: &gix::Repository,
    top: &Path,
    staged: &Staged,
    mut open: Vec<(BString, Kind)>,
) -> Result<Vec<(BString, FileKind)>> {
    let mut found = Vec::new();
    if open.is_empty() {
        return Ok(found);
    }
    let trouble = |e: gix::Error| error::git("cannot read the ignore rules", &e);
    let mut rules = repo.excludes(staged.rules(), None, Source::WorktreeThenIdMappingIfNotSkipped).map_err(trouble)?;
    // Files of one folder after each other, so that its rules are read once.
    open.sort_unstable();
    while let Some((path, kind)) = open.pop() {
        let is_folder = kind == Kind::Folder;
        let mode = if is_folder { Mode::DIR } else { Mode::FILE };
        if rules.at_entry(path.as_bstr(), Some(mode)).map_err(trouble)?.is_excluded() {
            continue;
        }
        let place = disk::place(top, path.as_bstr())?;
        if !is_folder {
            found.extend(file_kind(&place, kind == Kind::Link, kind == Kind::File).map(|kind| (path, kind)));
        } else if !is_repository(&place) {
            let unreadable = |e: std::io::Error| unreadable(path.as_bstr(), &e);
            let Some(folder) = Folder::open(&place).map_err(unreadable)? else { continue };
            let list = |name: &[u8], kind| {
                if !name.eq_ignore_ascii_case(b".git") {
                    open.push(([&**path, b"/", name].concat().into(), kind));
                }
                Ok(())
            };
            folder.list(list).map_err(unreadable)?;
        }
    }
    found.sort();
    Ok(found)
}

/// The trouble with the folder at `path`, which cannot be listed.
pub(crate) fn unreadable(path: &BStr, error: &std::io::Error) -> TreeError {
    let path = path.trim_end_with(|c| c == '/').to_str_lossy();
    let error = error::io(if path.is_empty() { "." } else { &path }, error);
    let next = "; make this folder readable, or name it in .gitignore";
    TreeError { message: format!("{}{next}", error.message), ..error }
}

/// What kind of file; none for a pipe or a device.
pub(crate) fn kind(place: &Path, file_type: FileType) -> Option<FileKind> {
    file_kind(place, file_type.is_symlink(), file_type.is_file())
}

fn file_kind(place: &Path, is_link: bool, is_file: bool) -> Option<FileKind> {
    if is_link {
        return Some(FileKind::Link);
    }
    let executable = || fs::symlink_metadata(place).is_ok_and(|meta| gix::fs::is_executable(&meta));
    is_file.then(|| if executable() { FileKind::Executable } else { FileKind::File })
}

/// Whether another repository begins at this folder.
fn is_repository(folder: &Path) -> bool {
    let git = folder.join(".git");
    git.is_file() || git.join("HEAD").exists()
}
