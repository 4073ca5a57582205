//! Names of commits, and where branches met.

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::remote::Direction;
use tollgate_check::TreeError;
use tollgate_model::Cause;

use crate::error::{self, Result};

/// How to get the history that a shallow clone lacks.
const CUT_OFF: &str = "history is cut off here (a shallow clone): run \"git fetch --unshallow\", or set \
                       `fetch-depth: 0` for actions/checkout";

/// The commit that `rev` names.
pub(crate) fn resolve(repo: &gix::Repository, rev: &str) -> Result<ObjectId> {
    let found = repo.rev_parse_single(rev).and_then(|id| Ok(id.object()?.peel_to_commit()?.id));
    found.map_err(|e| {
        let next = if is_cut_off(repo) {
            CUT_OFF.to_owned()
        } else if crate::store::is_partial(repo) {
            format!("run \"git fetch origin {rev}\"; objects may be missing, since this is a partial clone")
        } else {
            format!("check its spelling, or run \"git fetch origin {rev}\"")
        };
        TreeError::new(
            Cause::Missing,
            format!("{rev:?} names no commit of this repository: {next} ({})", error::words(&e)),
        )
    })
}

/// The best common ancestor of `one` and `two`, which `names` calls as the user did.
pub(crate) fn merge_base(
    repo: &gix::Repository,
    one: ObjectId,
    two: ObjectId,
    names: (&str, &str),
) -> Result<ObjectId> {
    let (a, b) = names;
    let found = repo.merge_base(one, two);
    match found {
        Ok(Some(id)) => Ok(id.detach()),
        Ok(None) if is_cut_off(repo) => {
            Err(TreeError::new(Cause::Missing, format!("no common ancestor of {a:?} and {b:?}: {CUT_OFF}")))
        }
        Ok(None) => Err(TreeError::new(
            Cause::Missing,
            format!("{a:?} and {b:?} have no common ancestor: name another base, from which this branch was made"),
        )),
        Err(e) => Err(error::git(&format!("cannot look for the common ancestor of {a:?} and {b:?}"), &e)),
    }
}

/// Name and commit of the branch that this one is meant for.
pub(crate) fn upstream(repo: &gix::Repository) -> Option<(String, String)> {
    let configured = || {
        let head = repo.head_name().ok()??;
        let name = repo.branch_remote_tracking_ref_name(head.as_ref(), Direction::Fetch)?.ok()?;
        named(repo, name.as_bstr().to_str().ok()?)
    };
    let default = || {
        let head = repo.try_find_reference("refs/remotes/origin/HEAD").ok()??;
        named(repo, head.target().try_name()?.as_bstr().to_str().ok()?)
    };
    configured()
        .or_else(default)
        .or_else(|| named(repo, "refs/remotes/origin/main"))
        .or_else(|| named(repo, "refs/remotes/origin/master"))
}

/// Short name and commit of the reference with this full name, if there is one.
fn named(repo: &gix::Repository, name: &str) -> Option<(String, String)> {
    let mut reference = repo.try_find_reference(name).ok()??;
    let commit = reference.peel_to_commit().ok()?.id.to_string();
    Some((reference.name().shorten().to_str_lossy().into_owned(), commit))
}

fn is_cut_off(repo: &gix::Repository) -> bool {
    repo.is_shallow().unwrap_or(false)
}
