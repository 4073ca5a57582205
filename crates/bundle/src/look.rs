//! One build, seen before anything of it is read: its files, their names, what its bundler says of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use tollgate_check::Globs;
use tollgate_input::{Digest, InputError, Root};
use tollgate_model::{Cause, Problem, Target};

use crate::account::Account;
use crate::build::Build;
use crate::engine::Engine;
use crate::locate::{self, BuildFolder};
use crate::measure::Job;
use crate::names::{self, Names};
use crate::need::{Asked, need};
use crate::options::Group;
use crate::readers;
use crate::series::{self, Series};
use crate::walk::{self, Listing};

/// What of a build is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// What is left out.
    pub(crate) exclude: &'a Globs,
    /// Groups of files with numbers of their own.
    pub(crate) groups: &'a [Group],
    /// The conditions.
    pub(crate) targets: &'a [Target],
    /// The manifest that the configuration names, relative to the root of the build.
    pub(crate) manifest: Option<&'a str>,
}

/// A build folder and what lies in it.
pub(crate) struct Seen {
    /// Relative to its root.
    pub(crate) dir: String,
    /// Its files.
    pub(crate) listing: Listing,
    /// What each is called.
    pub(crate) names: Names,
    /// What its bundler says of it, where that is known.
    pub(crate) account: Option<Account>,
    /// The numbers about it.
    pub(crate) series: Vec<Series>,
}

impl Seen {
    /// The build in `folder` below `root`; `record` is told of each manifest that was read.
    ///
    /// # Errors
    /// It holds more files than are counted, or its manifests cannot be read.
    pub(crate) fn look(
        root: &Root,
        folder: &BuildFolder,
        wish: &Wish<'_>,
        record: &dyn Fn(&str, Digest),
    ) -> Result<Self, Problem> {
        let mut listing = walk::list(root, folder, wish.exclude, walk::Bounds::default())?;
        let paths = listing.assets.iter().map(|asset| asset.path.as_str());
        let files: BTreeSet<&str> = paths.chain(listing.excluded.iter().map(|(path, _)| path.as_str())).collect();
        let manifests = RefCell::new(BTreeSet::new());
        let seen = |path: &str, digest: Digest| {
            let inside = if folder.dir == "." { Some(path) } else { path.strip_prefix(&format!("{}/", folder.dir)) };
            manifests.borrow_mut().extend(inside.filter(|path| path.ends_with(".json")).map(str::to_owned));
            record(path, digest);
        };
        let counted = |path: &str| listing.assets.binary_search_by(|asset| asset.path.as_str().cmp(path)).is_ok();
        let build =
            Build { root, dir: &folder.dir, manifest: wish.manifest, files: &files, counted: &counted, record: &seen };
        let account = readers::read(&build)?;
        listing.set_aside(&manifests.take());
        let names = names::of(listing.assets.iter().map(|asset| asset.path.as_str()));
        let series = series::all(&listing.assets, &names.names, wish.groups, account.as_ref(), wish.targets);
        Ok(Self { dir: folder.dir.clone(), listing, names, account, series })
    }

    /// What is to be read of it for what is `asked`; every file is digested where another build's are.
    pub(crate) fn job(&mut self, asked: Asked<'_>, digest_all: bool) -> Job<'_> {
        let needs = Engine::ALL.map(|engine| (engine, need(engine, &self.listing.assets, &self.series, asked)));
        let (assets, dir) = (&mut self.listing.assets, self.dir.as_str());
        Job { assets, dir, needs: BTreeMap::from(needs), digest_all }
    }
}

/// The same build of the base: a root of its own, the folder in it, and its manifest.
pub(crate) struct Beside {
    root: Root,
    folder: BuildFolder,
    manifest: Option<String>,
}

impl Beside {
    /// The folder `dir`, which may lie anywhere, beside the build `head`. Its manifest lies where the head's does, seen from the
    /// build folder.
    ///
    /// # Errors
    /// It is no folder, or holds the head's build, or lies in it.
    pub(crate) fn find(root: &Root, dir: &str, head: &BuildFolder, manifest: Option<&str>) -> Result<Self, Problem> {
        let path = root.path().join(dir);
        let wrong = |cause, message: String| {
            Problem::new(
                cause,
                format!("base_dir {message}; name the folder of the base's build, or leave `base_dir` out"),
            )
            .at(dir)
        };
        let refused = |error: InputError| {
            let Problem { cause, message, .. } = error.problem();
            wrong(cause, message.replace(&path.display().to_string(), dir))
        };
        let real = Root::new(&path).map_err(refused)?.path().to_owned();
        if real.starts_with(&head.real) || head.real.starts_with(&real) {
            return Err(wrong(Cause::NoEvidence, format!("{dir}: holds the build that is judged, or lies in it")));
        }
        // As far up as the manifest asks for.
        let (up, manifest) = manifest.map(|manifest| from(&head.dir, manifest)).unzip();
        let up = up.unwrap_or(0);
        let top = real.ancestors().nth(up).unwrap_or(&real);
        let root = Root::new(top).map_err(refused)?;
        let inside = real.strip_prefix(top).ok().and_then(|inside| inside.to_str()).unwrap_or_default();
        let inside = if inside.is_empty() { "." } else { inside };
        let folder = locate::build_folder(&root, Some(inside))?;
        Ok(Self { root, folder, manifest })
    }

    /// What lies there.
    ///
    /// # Errors
    /// Those of [`Seen::look`].
    pub(crate) fn look(&self, wish: &Wish<'_>) -> Result<Seen, Problem> {
        Seen::look(&self.root, &self.folder, &Wish { manifest: self.manifest.as_deref(), ..*wish }, &|_, _| {})
    }
}

/// How many folders up from `dir` `path` leads, and where from there; both are relative to one folder.
fn from(dir: &str, path: &str) -> (usize, String) {
    let dir: Vec<&str> = dir.split('/').filter(|part| *part != ".").collect();
    let path: Vec<&str> = path.split('/').collect();
    let common = dir.iter().zip(&path).take_while(|(a, b)| a == b).count();
    (dir.len() - common, path[common..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_found_from_the_build_folder() {
        for (dir, path, up, below) in [
            ("dist", "dist/stats.json", 0, "stats.json"),
            ("dist", "stats.json", 1, "stats.json"),
            ("apps/web/dist", "apps/web/meta/a.json", 1, "meta/a.json"),
            ("apps/web/dist", "stats.json", 3, "stats.json"),
            (".", "stats.json", 0, "stats.json"),
        ] {
            assert_eq!(from(dir, path), (up, below.to_owned()), "{dir} {path}");
        }
    }
}
