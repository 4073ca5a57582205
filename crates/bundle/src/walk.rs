//! Lists the files of a build folder.
//!
//! Every file counts once. Real files and folders come first, then symbolic links in order of their path: a link that
//! stays inside the root is followed, unless what it leads to is counted already (under its own path or an earlier
//! link's) or holds the link itself. A link that leads outside, or nowhere, is a problem.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use tollgate_input::{InputError, Root};
use tollgate_model::{Cause, Problem, format};

use crate::asset::{Asset, within};
use crate::folder;
use crate::locate::BuildFolder;
use tollgate_check::Globs;

/// How much is listed before giving up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Files, folders and links.
    pub(crate) entries: usize,
    /// Folders within folders.
    pub(crate) depth: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { entries: 200_000, depth: 64 }
    }
}

/// What lies in a build folder.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Files that count, sorted by path.
    pub(crate) assets: Vec<Asset>,
    /// Files left out by `exclude`, as (path, size), sorted.
    pub(crate) excluded: Vec<(String, u64)>,
    /// Manifests of the bundler, which no browser asks for, as (path, size), sorted.
    pub(crate) manifests: Vec<(String, u64)>,
    /// Links not followed because what they lead to is counted already, or holds them. Sorted.
    pub(crate) repeated: Vec<String>,
    /// Paths with bytes that are not UTF-8, as they are shown. Sorted.
    pub(crate) odd_names: Vec<String>,
    /// What could not be seen.
    pub(crate) problems: Vec<Problem>,
    /// When the newest of the files was written, where that is known.
    pub(crate) written: Option<SystemTime>,
}

/// Everything below `build`, a folder inside `root`.
///
/// # Errors
/// When it has more entries than `bounds` allow: a part of a build says nothing about the whole.
pub(crate) fn list(root: &Root, build: &BuildFolder, exclude: &Globs, bounds: Bounds) -> Result<Listing, Problem> {
    let mut walk = Walk {
        root,
        build,
        exclude,
        bounds,
        left: bounds.entries,
        visited: HashSet::new(),
        links: Vec::new(),
        listing: Listing::default(),
    };
    let (real, path) = match build.shipped {
        Some(shipped) => (build.real.join(shipped), shipped.to_owned()),
        None => (build.real.clone(), String::new()),
    };
    walk.folders(vec![Folder { real, path, depth: 0 }])?;
    walk.follow_links()?;
    let mut listing = walk.listing;
    listing.assets.sort_by(|a, b| a.path.cmp(&b.path));
    listing.excluded.sort();
    listing.repeated.sort();
    listing.odd_names.sort();
    Ok(listing)
}

impl Listing {
    /// Counts those of the files at `paths` no more that are manifests.
    pub(crate) fn set_aside(&mut self, paths: &BTreeSet<String>) {
        let (aside, counted) =
            std::mem::take(&mut self.assets).into_iter().partition(|asset: &Asset| paths.contains(&asset.path));
        self.assets = counted;
        let aside: Vec<Asset> = aside;
        self.manifests = aside.into_iter().map(|asset| (asset.path, asset.raw)).collect();
    }
}

struct Walk<'a> {
    root: &'a Root,
    build: &'a BuildFolder,
    exclude: &'a Globs,
    bounds: Bounds,
    /// How many entries may still be listed.
    left: usize,
    /// Canonical paths of the folders that were listed.
    visited: HashSet<PathBuf>,
    links: Vec<Link>,
    listing: Listing,
}

struct Folder {
    real: PathBuf,
    /// Relative to the build folder; empty for itself.
    path: String,
    depth: usize,
}

struct Link {
    path: String,
    /// Canonical path of the folder it lies in.
    parent: PathBuf,
    real: PathBuf,
    depth: usize,
}

impl Walk<'_> {
    /// Lists the folders of `stack` and all below them, setting links aside.
    fn folders(&mut self, mut stack: Vec<Folder>) -> Result<(), Problem> {
        while let Some(folder) = stack.pop() {
            if folder.depth > self.bounds.depth {
                let message = format!("folders more than {} deep; not looked into", self.bounds.depth);
                self.problem(Cause::Unreadable, &folder.path, &message);
                continue;
            }
            if !self.visited.insert(folder.real.clone()) {
                continue;
            }
            let entries = match folder::list(&folder.real, self.left) {
                Ok(entries) => entries,
                Err(e) if e.kind() == std::io::ErrorKind::FileTooLarge => return Err(self.too_many()),
                Err(e) => {
                    self.listing.problems.push(InputError::io(&self.shown(&folder.path), &e).problem());
                    continue;
                }
            };
            self.left -= entries.len();
            for entry in entries {
                let shown = entry.shown();
                if folder.path.is_empty() && matches!(shown.as_ref(), ".git" | ".tollgate") {
                    continue;
                }
                let path = if folder.path.is_empty() { shown.into_owned() } else { format!("{}/{shown}", folder.path) };
                let real = folder.real.join(&entry.name);
                if entry.name.to_str().is_none() {
                    self.listing.odd_names.push(path.clone());
                }
                if entry.kind.is_dir() {
                    stack.push(Folder { real, path, depth: folder.depth + 1 });
                } else if entry.kind.is_symlink() {
                    self.links.push(Link { path, parent: folder.real.clone(), real, depth: folder.depth + 1 });
                } else if entry.kind.is_file() {
                    self.file(path, real);
                } else if !self.exclude.matches(&path) {
                    self.problem(Cause::Unreadable, &path, NOT_REGULAR);
                }
            }
        }
        Ok(())
    }

    /// Follows the links set aside: those to folders first, since they may hold what other links lead to.
    fn follow_links(&mut self) -> Result<(), Problem> {
        let mut to_files: Vec<(String, PathBuf)> = Vec::new();
        while !self.links.is_empty() {
            let mut links = std::mem::take(&mut self.links);
            links.sort_by(|a, b| a.path.cmp(&b.path));
            for link in links {
                let Some(target) = self.target(&link) else { continue };
                if !target.is_dir() {
                    to_files.push((link.path, target));
                } else if self.visited.contains(&target) || link.parent.starts_with(&target) {
                    self.listing.repeated.push(link.path);
                } else {
                    self.folders(vec![Folder { real: target, path: link.path, depth: link.depth }])?;
                }
            }
        }
        to_files.sort();
        let mut followed = HashSet::new();
        for (path, target) in to_files {
            let listed = target.parent().is_some_and(|parent| self.visited.contains(parent));
            if listed || !followed.insert(target.clone()) {
                self.listing.repeated.push(path);
            } else if target.is_file() {
                self.file(path, target);
            } else {
                self.problem(Cause::Unreadable, &path, NOT_REGULAR);
            }
        }
        Ok(())
    }

    /// Where a link leads; none, and a problem, when that is outside or nowhere. None for an excluded one.
    fn target(&mut self, link: &Link) -> Option<PathBuf> {
        if self.exclude.matches(&link.path) {
            self.listing.excluded.push((link.path.clone(), 0));
            return None;
        }
        match fs::canonicalize(&link.real) {
            Ok(target) if target.starts_with(self.root.path()) => Some(target),
            Ok(_) => {
                let message = "a symbolic link that leads outside the checked folder is not followed; copy what it \
                               leads to into the build, or leave it out with `exclude`";
                self.problem(Cause::Unreadable, &link.path, message);
                None
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                self.problem(Cause::Missing, &link.path, "a symbolic link that leads to nothing; build again");
                None
            }
            Err(e) => {
                self.problem(Cause::Unreadable, &link.path, &format!("the symbolic link cannot be followed: {e}"));
                None
            }
        }
    }

    fn file(&mut self, path: String, real: PathBuf) {
        let size = match fs::metadata(&real) {
            Ok(meta) => {
                self.listing.written = self.listing.written.max(meta.modified().ok());
                meta.len()
            }
            Err(e) => {
                self.listing.problems.push(InputError::io(&self.shown(&path), &e).problem());
                return;
            }
        };
        if self.exclude.matches(&path) {
            self.listing.excluded.push((path, size));
        } else {
            self.listing.assets.push(Asset::new(path, real, size));
        }
    }

    fn problem(&mut self, cause: Cause, path: &str, message: &str) {
        let path = self.shown(path);
        self.listing.problems.push(Problem::new(cause, format!("{path}: {message}")).at(path));
    }

    fn too_many(&self) -> Problem {
        let dir = &self.build.dir;
        let most = format::things(self.bounds.entries as u64, "file");
        let message = format!("{dir}: holds more than {most} and folders; name the folder that is shipped with `dir`");
        Problem::new(Cause::Unfinished, message).at(dir)
    }

    fn shown(&self, path: &str) -> String {
        if path.is_empty() { self.build.dir.clone() } else { within(&self.build.dir, path) }
    }
}

const NOT_REGULAR: &str = "is neither a file, a folder nor a link; leave it out with `exclude`";

#[cfg(test)]
mod tests;
