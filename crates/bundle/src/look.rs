//! One build, seen before anything of it is read: its files, their names, what its bundler says of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use tollgate_check::Globs;
use tollgate_input::{Digest, InputError, Root};
use tollgate_model::{Problem, Target};

use crate::account::Account;
use crate::build::Build;
use crate::engine::Engine;
use crate::locate::{self, BuildFolder};
use crate::measure::Job;
use crate::names::{self, Names};
use crate::need::{Asked, need};
use crate::options::{Group, Options};
use crate::readers;
use crate::series::{self, Series};
use crate::walk::{self, Listing};

/// What of a build is looked at.
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
        let build = Build { root, dir: &folder.dir, manifest: wish.manifest, files: &files, record: &seen };
        let account = readers::read(&build)?;
        listing.set_aside(&manifests.take());
        let names = names::of(listing.assets.iter().map(|asset| asset.path.as_str()));
        let series = series::all(&listing.assets, &names.names, wish.groups, account.as_ref(), wish.targets);
        Ok(Self { dir: folder.dir.clone(), listing, names, account, series })
    }

    /// What is to be read of it for what is `asked`; every file is digested where it is compared.
    pub(crate) fn job(&mut self, asked: Asked<'_>) -> Job<'_> {
        let needs = Engine::ALL.map(|engine| (engine, need(engine, &self.listing.assets, &self.series, asked)));
        let (assets, dir) = (&mut self.listing.assets, self.dir.as_str());
        Job { assets, dir, needs: BTreeMap::from(needs), digest_all: asked.compared }
    }
}

/// The folder of the same build of the base, which may lie anywhere, as a root of its own.
///
/// # Errors
/// It is no folder.
pub(crate) fn base(root: &Root, dir: &str) -> Result<(Root, BuildFolder), Problem> {
    let path = root.path().join(dir);
    let refused = |error: InputError| {
        let Problem { cause, message, .. } = error.problem();
        let message = message.replace(&path.display().to_string(), dir);
        Problem::new(cause, format!("base_dir {message}; build the base first, or leave `base_dir` out")).at(dir)
    };
    let root = Root::new(&path).map_err(refused)?;
    let folder = locate::build_folder(&root, Some("."))?;
    Ok((root, folder))
}

/// `manifest` as the base has it: where it lies in the build folder, at the same place there.
pub(crate) fn base_manifest<'a>(options: &'a Options, dir: &str) -> Option<&'a str> {
    options.manifest.as_deref()?.strip_prefix(dir)?.strip_prefix('/')
}
