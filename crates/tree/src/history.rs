//! Names of commits, and where branches met.

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::objs::Find as _;
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
            "objects may be missing, since this is a partial clone; run \"git fetch origin\"".to_owned()
        } else {
            "check its spelling, or fetch it with \"git fetch origin\"".to_owned()
        };
        let cause = if e.is_permission_denied() { Cause::NoPermission } else { Cause::Missing };
        TreeError::new(cause, format!("{rev:?} names no commit of this repository: {next}"))
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
///
/// That is the configured upstream, unless it is merely where this branch is pushed to (`origin/feature` of `feature`):
/// then, and where none is configured, the remote's default branch.
pub(crate) fn upstream(repo: &gix::Repository) -> Option<(String, String)> {
    let configured = || {
        let head = repo.head_name().ok()??;
        let name = repo.branch_remote_tracking_ref_name(head.as_ref(), Direction::Fetch)?.ok()?;
        let name = name.as_bstr().to_str().ok()?;
        Some((named(repo, name)?, name.ends_with(&format!("/{}", head.shorten()))))
    };
    let default = || {
        let head = || {
            let head = repo.try_find_reference("refs/remotes/origin/HEAD").ok()??;
            named(repo, head.target().try_name()?.as_bstr().to_str().ok()?)
        };
        let usual = ["refs/remotes/origin/main", "refs/remotes/origin/master"];
        head().or_else(|| usual.into_iter().find_map(|name| named(repo, name)))
    };
    match configured() {
        Some((upstream, false)) => Some(upstream),
        // `origin/main` of `main`: what was pushed last is what this is compared with.
        Some((namesake, true)) if namesake.0.ends_with("/main") || namesake.0.ends_with("/master") => Some(namesake),
        _ => default(),
    }
}

/// Short name and commit of the reference with this full name, if there is one.
fn named(repo: &gix::Repository, name: &str) -> Option<(String, String)> {
    let mut reference = repo.try_find_reference(name).ok()??;
    let commit = reference.peel_to_commit().ok()?.id.to_string();
    Some((reference.name().shorten().to_str_lossy().into_owned(), commit))
}

/// The commit that the checked-out line of history began with: from HEAD from first parent to first parent. None where that is
/// not here.
pub(crate) fn first(repo: &gix::Repository, head: ObjectId) -> Option<ObjectId> {
    let mut at = head;
    let mut bytes = Vec::new();
    loop {
        let commit = repo.objects.try_find(&at, &mut bytes).ok()??;
        let parent = gix::objs::CommitRefIter::from_bytes(commit.data, commit.object_hash).parent_ids().next();
        match parent {
            Some(parent) => at = parent,
            None => return Some(at),
        }
    }
}

fn is_cut_off(repo: &gix::Repository) -> bool {
    repo.is_shallow().unwrap_or(false)
}
