//! Files that the index does not have and that no ignore rule names.

use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::path::Path;

use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::index::entry::Mode;
use gix::worktree::stack::state::ignore::Source;
use tollgate_check::{FileKind, TreeError};
use tollgate_model::Cause;

use crate::disk;
use crate::error::{self, Result};
use crate::staged::{Entries, Staged};

/// A folder still to be listed: its path (`a/b/`, or empty) and what the index has in it.
type Open<'a> = (BString, Entries<'a>);

/// Untracked files below `prefix`, sorted by path. Ignored folders and other repositories are not entered, links are
/// not followed.
pub(crate) fn find(
    repo: &gix::Repository,
    top: &Path,
    staged: &Staged,
    prefix: &BStr,
) -> Result<Vec<(BString, FileKind)>> {
    let trouble = |e: gix::Error| error::git("cannot read the ignore rules", &e);
    let mut rules = repo.excludes(&staged.file, None, Source::WorktreeThenIdMappingIfNotSkipped).map_err(trouble)?;
    let mut found = Vec::new();
    let mut open: Vec<Open<'_>> = vec![(prefix.to_owned(), staged.entries())];
    while let Some((folder, tracked)) = open.pop() {
        let known = children(folder.as_bstr(), tracked);
        for (name, file_type) in list(top, folder.as_bstr())? {
            let is_folder = file_type.is_dir();
            let child =
                known.binary_search_by(|child| child.name.cmp(name.as_bstr())).ok().and_then(|at| known.get(at));
            if child.is_some_and(|child| child.inside.is_none() && (!is_folder || child.is_submodule)) {
                continue;
            }
            let mut path = folder.clone();
            path.extend_from_slice(&name);
            if let Some(inside) = child.and_then(|child| child.inside)
                && is_folder
            {
                path.push(b'/');
                open.push((path, inside));
                continue;
            }
            let mode = if is_folder { Mode::DIR } else { Mode::FILE };
            if rules.at_entry(path.as_bstr(), Some(mode)).map_err(trouble)?.is_excluded() {
                continue;
            }
            if !is_folder {
                found.extend(kind(&disk::place(top, path.as_bstr())?, file_type).map(|kind| (path, kind)));
            } else if !is_repository(&disk::place(top, path.as_bstr())?) {
                path.push(b'/');
                open.push((path, staged.entries().none()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What the index has under one name of a folder.
struct Child<'a> {
    name: &'a BStr,
    /// Of a folder, what is in it.
    inside: Option<Entries<'a>>,
    is_submodule: bool,
}

/// The names that the index has in `folder`, sorted; `tracked` is everything below it.
fn children<'a>(folder: &BStr, tracked: Entries<'a>) -> Vec<Child<'a>> {
    let mut children = Vec::new();
    let mut at = 0;
    while let Some(entry) = tracked.get(at) {
        let rest = entry.path()[folder.len()..].as_bstr();
        let Some(end) = rest.find_byte(b'/') else {
            children.push(Child { name: rest, inside: None, is_submodule: entry.is_submodule() });
            at += 1;
            continue;
        };
        let below = entry.path()[..folder.len() + end + 1].as_bstr();
        let rest_of_them = tracked.slice(at..tracked.len());
        let count = rest_of_them.count_in(below);
        let inside = Some(rest_of_them.slice(0..count));
        children.push(Child { name: rest[..end].as_bstr(), inside, is_submodule: false });
        at += count;
    }
    children.sort_by_key(|child| child.name);
    children
}

fn list(top: &Path, folder: &BStr) -> Result<Vec<(BString, FileType)>> {
    let shown = if folder.is_empty() { ".".into() } else { folder.trim_end_with(|c| c == '/').to_str_lossy() };
    let trouble = |e: std::io::Error| {
        let error = error::io(&shown, &e);
        let next = "; make this folder readable, or name it in .gitignore";
        TreeError { message: format!("{}{next}", error.message), ..error }
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(disk::place(top, folder)?).map_err(trouble)? {
        let entry = entry.map_err(trouble)?;
        let name = entry.file_name();
        if !name.eq_ignore_ascii_case(".git") {
            names.push((bytes(&name)?, entry.file_type().map_err(trouble)?));
        }
    }
    Ok(names)
}

fn bytes(name: &OsStr) -> Result<BString> {
    let trouble = |_| TreeError::new(Cause::Unreadable, format!("the name of a file is not text: {}", name.display()));
    gix::path::os_str_into_bstr(name).map(ToOwned::to_owned).map_err(trouble)
}

/// What kind of file; none for a pipe or a device.
pub(crate) fn kind(place: &Path, file_type: FileType) -> Option<FileKind> {
    if file_type.is_symlink() {
        return Some(FileKind::Link);
    }
    let executable = || fs::symlink_metadata(place).is_ok_and(|meta| gix::fs::is_executable(&meta));
    file_type.is_file().then(|| if executable() { FileKind::Executable } else { FileKind::File })
}

/// Whether another repository begins at this folder.
fn is_repository(folder: &Path) -> bool {
    let git = folder.join(".git");
    git.is_file() || git.join("HEAD").exists()
}
