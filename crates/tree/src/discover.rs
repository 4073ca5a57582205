//! Finding and opening the repository that a folder lies in.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use gix::bstr::{BString, ByteSlice as _};
use gix::discover::upwards::{self, TrustPolicy};
use tollgate_check::TreeError;
use tollgate_input::Root;
use tollgate_model::Cause;

use crate::error::{self, Result};
use crate::item;

/// A repository and where the root lies in it.
pub(crate) struct Found {
    pub(crate) repository: gix::ThreadSafeRepository,
    /// The top folder of the working copy, canonical.
    pub(crate) top: PathBuf,
    /// Path of the root within it with a slash at the end, or empty.
    pub(crate) prefix: BString,
}

/// The repository that `root` lies in, if any. `trust` says how its owner is looked at.
pub(crate) fn open(root: &Root, trust: TrustPolicy) -> Result<Option<Found>> {
    let options = gix::open::Options::default().bail_if_untrusted(true).permissions(permissions(root));
    let trusting = gix::sec::trust::Mapping { full: options.clone(), reduced: options };
    let search = upwards::Options { trust, ..upwards::Options::default() };
    match gix::ThreadSafeRepository::discover_opts(root.path(), search, trusting) {
        Ok(repository) => locate(root.path(), repository).map(Some),
        Err(e) => explain(root.path(), &e).map_or(Ok(None), Err),
    }
}

/// What of the environment counts. `GIT_INDEX_FILE` and its like, which git sets for hooks, are not for this repository
/// when `GIT_DIR` names another.
fn permissions(root: &Root) -> gix::open::Permissions {
    let mut permissions = gix::open::Permissions::all();
    let named = env::var_os("GIT_DIR").and_then(|dir| fs::canonicalize(dir).ok());
    let ours = gix::discover::upwards(root.path()).ok();
    let ours = ours.and_then(|(path, _)| fs::canonicalize(path.into_repository_and_work_tree_directories().0).ok());
    if env::var_os("GIT_DIR").is_some() && named != ours {
        permissions.env.git_prefix = gix::sec::Permission::Deny;
    }
    permissions
}

fn locate(root: &Path, repository: gix::ThreadSafeRepository) -> Result<Found> {
    let trouble = |message: String| TreeError::new(Cause::Unreadable, message);
    let Some(top) = repository.work_dir() else {
        return Err(trouble(
            "the repository here is bare, so there are no files to check: clone it, and name the clone with --root"
                .to_owned(),
        ));
    };
    let top = fs::canonicalize(top).map_err(|e| error::io(&top.display().to_string(), &e))?;
    let Ok(inside) = root.strip_prefix(&top) else {
        return Err(trouble(format!(
            "the repository here keeps its files at {} (core.worktree or GIT_WORK_TREE), which does not hold the root: \
             name a folder in there with --root",
            top.display()
        )));
    };
    let inside = inside.to_str().ok_or_else(|| trouble("the path of the root is not UTF-8: rename it".to_owned()))?;
    let prefix = inside.replace(std::path::MAIN_SEPARATOR, "/");
    if prefix.is_empty() {
        return Ok(Found { repository, top, prefix: BString::default() });
    }
    if !item::is_inside(prefix.as_bytes().as_bstr()) {
        return Err(trouble("the root lies inside a .git folder: name a folder of the working copy".to_owned()));
    }
    Ok(Found { repository, top, prefix: format!("{prefix}/").into() })
}

/// Why opening failed; none when there is no repository.
fn explain(root: &Path, error: &gix::Error) -> Option<TreeError> {
    use upwards::Error;
    if let Some(
        Error::NoGitRepository { .. }
        | Error::NoGitRepositoryWithinCeiling { .. }
        | Error::NoGitRepositoryWithinFs { .. },
    ) = error.downcast_any_ref::<Error>()
    {
        return None;
    }
    let by_system = error.iter_errors().any(|e| e.downcast_ref::<std::io::Error>().is_some());
    if !error.is_permission_denied() || by_system {
        return Some(error::git("cannot open the repository", error));
    }
    let top = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root).display();
    Some(TreeError::new(
        Cause::NoPermission,
        format!(
            "the repository at {top} belongs to another user, so git's settings in it are not trusted: if you trust \
             it, run \"git config --global --add safe.directory {top}\""
        ),
    ))
}
