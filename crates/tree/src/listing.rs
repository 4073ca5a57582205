//! Which files lie on the disk: asked of whole folders, once each, because asking for 100,000 files one by one is slow.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use tollgate_input::{Entry, Root};

/// The regular files of the folders below a root that were asked for so far.
pub(crate) struct Listing {
    root: Root,
    folders: Mutex<HashMap<String, Arc<Folder>>>,
}

#[derive(Default)]
struct Folder {
    files: HashSet<Box<OsStr>>,
    /// Links may lead anywhere; each is followed when it is asked for.
    links: HashSet<Box<OsStr>>,
}

impl Listing {
    pub(crate) fn new(root: Root) -> Self {
        Self { root, folders: Mutex::default() }
    }

    /// Whether `path` is a regular file inside the root, directly or through links.
    pub(crate) fn has_file(&self, path: &str) -> bool {
        let Some(path) = self.root.relative(path) else { return false };
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", &path));
        let folder = self.folder(folder);
        let name = OsStr::new(name);
        folder.files.contains(name)
            || (folder.links.contains(name) && matches!(self.root.entry(&path), Ok(Entry::File(_))))
    }

    fn folder(&self, path: &str) -> Arc<Folder> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = folders.get(path) {
            return Arc::clone(folder);
        }
        let folder = Arc::new(self.list(path).unwrap_or_default());
        folders.insert(path.to_owned(), Arc::clone(&folder));
        folder
    }

    /// None for a folder that is not there, may not be read, or lies outside.
    fn list(&self, path: &str) -> Option<Folder> {
        let mut folder = Folder::default();
        for entry in fs::read_dir(self.root.resolve(path).ok()?).ok()?.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_file() => folder.files.insert(entry.file_name().into()),
                Ok(kind) if kind.is_symlink() => folder.links.insert(entry.file_name().into()),
                _ => false,
            };
        }
        Some(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn files_are_found_and_links_lead_nowhere_else() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let at = |path: &str| dir.path().join(path);
        fs::create_dir_all(at("a/b")).unwrap();
        fs::write(at("a/b/file"), "x").unwrap();
        fs::write(other.path().join("secret"), "x").unwrap();
        std::os::unix::fs::symlink("b/file", at("a/inside")).unwrap();
        std::os::unix::fs::symlink(other.path().join("secret"), at("a/outside")).unwrap();
        std::os::unix::fs::symlink(other.path(), at("away")).unwrap();
        std::os::unix::fs::symlink("a", at("near")).unwrap();
        let listing = Listing::new(Root::new(dir.path()).unwrap());
        let found = ["a/b/file", "a/./b/../b/file", "a/inside", "near/b/file"];
        let absent = ["a/b", "a/none", "a/outside", "away/secret", "../x", "/etc/passwd", "none/x", "."];
        assert!(found.iter().all(|path| listing.has_file(path)));
        assert_eq!(absent.iter().find(|path| listing.has_file(path)), None);
    }
}
