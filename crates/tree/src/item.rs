//! One file of a tree, as git knows it.

use std::borrow::Cow;
use std::cmp::Ordering;

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

/// How many bytes a path may have.
pub(crate) const LONGEST: usize = 4096;

/// Whether `path` names a place inside the repository: no empty part, no `.`, no `..`, no `.git`.
pub(crate) fn is_inside(path: &BStr) -> bool {
    path.len() <= LONGEST && path.split(|byte| *byte == b'/').all(|part| is_name(part.as_bstr()))
}

/// PathOrder in order, each of which must name a place inside the repository. Files of a folder follow each other, so the folder's own
/// path is looked at once.
#[derive(Debug, Default)]
pub(crate) struct PathOrder {
    pub(crate) last: Vec<u8>,
    /// How long the path of its folder is.
    folder: usize,
}

impl PathOrder {
    /// Whether `path` does, and stands after the last one.
    pub(crate) fn admit(&mut self, path: &[u8]) -> bool {
        let (folder, last) = self.last.split_at(self.folder);
        let is_known = |name: &&[u8]| !folder.is_empty() && path.len() <= LONGEST && name.find_byte(b'/').is_none();
        let (kept, admitted) = match path.strip_prefix(folder).filter(is_known) {
            Some(name) => (folder.len(), last < name && is_name(name.as_bstr())),
            None => {
                self.folder = path.rfind_byte(b'/').map_or(0, |slash| slash + 1);
                (0, *self.last < *path && is_inside(path.as_bstr()))
            }
        };
        self.last.truncate(kept);
        self.last.extend_from_slice(&path[kept..]);
        admitted
    }
}

/// Whether `part` can be one part of such a path. It has no slash.
pub(crate) fn is_name(part: &BStr) -> bool {
    !matches!(part.as_bytes(), b"" | b"." | b"..") && !part.eq_ignore_ascii_case(b".git") && part.find_byte(0).is_none()
}

/// What reports call the file at `path`: relative to the root whose prefix (`apps/api/`, or empty) is given. Bytes that
/// are not UTF-8 become U+FFFD.
pub(crate) fn shown<'a>(path: &'a BStr, prefix: &BStr) -> Cow<'a, str> {
    path.strip_prefix(prefix.as_bytes()).unwrap_or(path).to_str_lossy()
}

/// The path in the repository of what reports call `path`.
pub(crate) fn full<'a>(prefix: &BStr, path: &'a str) -> Cow<'a, BStr> {
    match prefix.is_empty() {
        true => Cow::Borrowed(path.into()),
        false => Cow::Owned([prefix.as_bytes(), path.as_bytes()].concat().into()),
    }
}

/// Where the file that reports call `path` stands among `count`, which are sorted by the paths that `path_at` gives. It is
/// looked for from `near` on first, for who asks for many files mostly asks in order.
pub(crate) fn find<'a>(
    count: usize,
    path_at: impl Fn(usize) -> &'a BStr,
    prefix: &BStr,
    path: &str,
    near: usize,
) -> Option<usize> {
    let full = full(prefix, path);
    let order = |at: usize| path_at(at).cmp(full.as_ref());
    // All before `low` are less, all from `high` on are greater. First `near`, then in growing steps after it.
    let (mut low, mut high) = (0, count);
    let (mut at, mut step) = (near, 1);
    while low < high {
        at = at.min(high - 1);
        match order(at) {
            Ordering::Equal => return Some(at),
            Ordering::Greater => (high, step) = (at, 0),
            Ordering::Less => low = at + 1,
        }
        at = if step == 0 { low + (high - low) / 2 } else { low + step - 1 };
        step *= 2;
    }
    // A replaced byte: somewhere there may be a name that is shown like this.
    let mut all = 0..count;
    if path.contains('\u{FFFD}') { all.find(|at| shown(path_at(*at), prefix) == path) } else { None }
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
    fn a_folder_that_is_known_is_not_looked_at_again() {
        for (paths, admitted) in [
            (&["a"][..], true),
            (&[".."], false),
            (&["a/b", "a/c"], true),
            (&["a/b", "a/b"], false),
            (&["a/c", "a/b"], false),
            (&["a/b", "a/.."], false),
            (&["a/-", "a/.."], false),
            (&["a/-", "a//c"], false),
            (&["+/b", "../c"], false),
            (&["a/-", "a/.git"], false),
            (&["a/-", "a/"], false),
            (&["a/-", "a/b\0"], false),
            (&["a/-", "a/.g/c"], true),
            (&["a/-", "a/.git/c"], false),
            (&["a/-", "a/./c"], false),
            (&["a/b/c", "a/c", "a/d/e", "b"], true),
            (&["a/b/c", "a/c", "a/b/d"], false),
            (&["b", "a"], false),
        ] {
            let mut known = PathOrder::default();
            let (last, first) = paths.split_last().unwrap();
            assert!(first.iter().all(|path| known.admit(path.as_bytes())), "{paths:?}");
            assert_eq!(known.admit(last.as_bytes()), admitted, "{paths:?}");
        }
        let long = "a/".repeat(LONGEST / 2);
        let mut known = PathOrder::default();
        assert!(known.admit(&long.as_bytes()[..LONGEST - 1]));
        assert!(known.admit(format!("{}b", &long[..LONGEST - 2]).as_bytes()));
        assert!(!known.admit(format!("{}bcd", &long[..LONGEST - 2]).as_bytes()));
    }

    #[test]
    fn names_that_are_not_utf8_are_found_by_what_is_shown() {
        let all: [&BStr; 3] = [b"r/a".into(), b"r/b\xFF".into(), b"r/c".into()];
        let place = |path| find(all.len(), |at| all[at], "r/".into(), path, 0);
        assert_eq!(place("a"), Some(0));
        assert_eq!(place("b\u{FFFD}"), Some(1));
        assert_eq!(place("c"), Some(2));
        assert_eq!(place("d"), None);
    }

    #[test]
    fn where_the_search_begins_makes_no_difference() {
        let names: Vec<String> = (0..200).map(|n| format!("f{:03}", n * 2)).collect();
        let all: Vec<&BStr> = names.iter().map(|name| name.as_str().into()).collect();
        for wanted in 0..402 {
            let expected = (wanted % 2 == 0 && wanted < 400).then_some(wanted / 2);
            for near in [0, 1, 7, 100, 198, 199, 200, 5000] {
                let found = find(all.len(), |at| all[at], "".into(), &format!("f{wanted:03}"), near);
                assert_eq!(found, expected, "f{wanted:03} from {near}");
            }
        }
        assert_eq!(find(0, |_| "".into(), "".into(), "a", 0), None);
    }
}
