//! One file of a tree, as git knows it.

use std::borrow::Cow;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::objs::tree::EntryKind;
use tollgate_check::{FileKind, TreeFile};

/// One file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// Relative to the top of the repository, as git has it: any bytes.
    pub(crate) path: BString,
    pub(crate) kind: FileKind,
    /// Of its content as git stores it; of a submodule, its commit.
    pub(crate) id: ObjectId,
    /// Whether the content must be read from the disk, since the object store need not have it.
    pub(crate) on_disk: bool,
}

impl Item {
    /// Whether it is a file with lines of its own.
    pub(crate) fn is_regular(&self) -> bool {
        matches!(self.kind, FileKind::File | FileKind::Executable)
    }
}

/// The kind of a tree's entry; none for a folder.
pub(crate) fn kind_of(kind: EntryKind) -> Option<FileKind> {
    match kind {
        EntryKind::Tree => None,
        EntryKind::Blob => Some(FileKind::File),
        EntryKind::BlobExecutable => Some(FileKind::Executable),
        EntryKind::Link => Some(FileKind::Link),
        EntryKind::Commit => Some(FileKind::Submodule),
    }
}

/// Whether `path` names a place inside the repository: no empty part, no `.`, no `..`, no `.git`.
pub(crate) fn is_inside(path: &BStr) -> bool {
    path.len() <= 4096
        && path.split_str("/").all(|part| {
            !matches!(part, b"" | b"." | b"..") && !part.eq_ignore_ascii_case(b".git") && !part.contains(&0)
        })
}

/// What reports call the file at `path`: relative to the root whose prefix (`apps/api/`, or empty) is given. Bytes that
/// are not UTF-8 become U+FFFD.
pub(crate) fn shown<'a>(path: &'a BStr, prefix: &BStr) -> Cow<'a, str> {
    path.strip_prefix(prefix.as_bytes()).unwrap_or(path).to_str_lossy()
}

/// Where the file that reports call `path` stands in `all`, which is sorted by what `path_of` gives.
pub(crate) fn find<T>(all: &[T], path_of: impl Fn(&T) -> &BStr, prefix: &BStr, path: &str) -> Option<usize> {
    let full = [prefix.as_bytes(), path.as_bytes()].concat();
    let exact = all.binary_search_by(|item| path_of(item).cmp(full.as_bstr())).ok();
    // A replaced byte: somewhere there may be a name that is shown like this.
    let alike = || all.iter().position(|item| shown(path_of(item), prefix) == path);
    exact.or_else(|| path.contains('\u{FFFD}').then(alike).flatten())
}

/// `items` as a tree lists them.
pub(crate) fn listed<'a>(items: impl Iterator<Item = (&'a BStr, FileKind, bool)>, prefix: &BStr) -> Vec<TreeFile> {
    let file = |(path, kind, tracked): (&BStr, FileKind, bool)| TreeFile {
        path: shown(path, prefix).into_owned(),
        tracked,
        kind,
    };
    let mut files: Vec<_> = items.map(file).collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lead_elsewhere_are_known() {
        for path in ["a", "a/b", "a/.gitignore", "...", "a/..b"] {
            assert!(is_inside(path.into()), "{path}");
        }
        for path in ["", "/a", "a//b", "a/", ".", "../a", "a/../b", ".git/config", "a/.GIT/x", "a\0b"] {
            assert!(!is_inside(path.into()), "{path:?}");
        }
    }

    #[test]
    fn names_that_are_not_utf8_are_found_by_what_is_shown() {
        let all: [&BStr; 3] = [b"r/a".into(), b"r/b\xFF".into(), b"r/c".into()];
        let place = |path| find(&all, |p| p, "r/".into(), path);
        assert_eq!(place("a"), Some(0));
        assert_eq!(place("b\u{FFFD}"), Some(1));
        assert_eq!(place("c"), Some(2));
        assert_eq!(place("d"), None);
    }
}
