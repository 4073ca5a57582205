//! A folder that lies in no repository.

use tollgate_check::{Tree, TreeError, TreeFile};
use tollgate_input::Root;
use tollgate_model::Cause;
use walkdir::WalkDir;

use crate::error::{self, Result};
use crate::listing::Listing;
use crate::{disk, untracked};

/// Every file of a folder that lies in no repository, `.git` left out. Links are listed, not followed; no ignore rule is
/// read, since nothing says which files are meant.
pub fn folder(root: &Root) -> Box<dyn Tree> {
    Box::new(Folder { root: root.clone(), listing: Listing::new(root.clone()) })
}

struct Folder {
    root: Root,
    listing: Listing,
}

impl Tree for Folder {
    fn files(&self) -> Result<Vec<TreeFile>> {
        let mut files = Vec::new();
        let walk = WalkDir::new(self.root.path()).min_depth(1);
        for entry in walk.into_iter().filter_entry(|entry| !entry.file_name().eq_ignore_ascii_case(".git")) {
            let entry = entry.map_err(|e| trouble(&self.root, &e))?;
            let Some(kind) = untracked::kind(entry.path(), entry.file_type()) else { continue };
            files.push(TreeFile { path: relative(&self.root, entry.path()), tracked: false, kind });
        }
        files.sort();
        Ok(files)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>> {
        disk::read_inside(&self.root, path, limit)
    }

    fn contains(&self, path: &str) -> Result<bool> {
        Ok(self.listing.has_file(path))
    }

    fn tracks(&self, _: &str) -> Result<bool> {
        Ok(false)
    }

    fn commit(&self) -> Option<&str> {
        None
    }
}

fn relative(root: &Root, path: &std::path::Path) -> String {
    let inside = path.strip_prefix(root.path()).unwrap_or(path);
    inside.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

fn trouble(root: &Root, error: &walkdir::Error) -> TreeError {
    let path = error.path().map_or_else(|| ".".to_owned(), |path| relative(root, path));
    match error.io_error() {
        Some(e) => error::io(&path, e),
        None => TreeError::new(Cause::Unreadable, format!("{path}: {error}")).at(path),
    }
}
