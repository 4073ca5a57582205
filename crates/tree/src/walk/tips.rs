//! Where history is entered: references and what is checked out.

use std::fs;

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::objs::{Kind, TagRefIter};
use tollgate_check::TreeError;
use tollgate_model::Cause;

use super::objects::Objects;
use crate::error::{self, Result};

/// No tag stands for a tag more often than this.
const DEPTH: usize = 64;
/// Where remote-tracking branches are.
const REMOTE: &str = "refs/remotes/";

/// What references stand for.
#[derive(Default)]
pub(crate) struct Tips {
    pub(crate) commits: Vec<ObjectId>,
    /// Those of remote-tracking branches.
    pub(crate) remote: Vec<ObjectId>,
    pub(crate) has_remote: bool,
    /// Tags and other references that stand for a folder.
    pub(crate) trees: Vec<ObjectId>,
    /// The same for one file's content, with their names.
    pub(crate) blobs: Vec<(String, ObjectId)>,
}

impl Tips {
    /// Of every reference; `head` is checked out here.
    pub(crate) fn load(objects: &mut Objects, head: Option<ObjectId>) -> Result<Self> {
        let mut named = listed(objects, "refs/")?;
        named.extend(head.map(|id| ("HEAD".to_owned(), id)));
        named.extend(elsewhere(&objects.repo).into_iter().map(|id| ("HEAD of a worktree".to_owned(), id)));
        let mut tips = Self::default();
        for (name, id) in named {
            tips.add(objects, name, id);
        }
        for ids in [&mut tips.commits, &mut tips.remote, &mut tips.trees] {
            ids.sort_unstable();
            ids.dedup();
        }
        tips.blobs.sort_unstable();
        Ok(tips)
    }

    fn add(&mut self, objects: &mut Objects, name: String, mut id: ObjectId) {
        let is_remote = name.starts_with(REMOTE);
        self.has_remote |= is_remote;
        let mut bytes = Vec::new();
        for _ in 0..DEPTH {
            match objects.read(id, &mut bytes, || name.clone()) {
                Some(Kind::Commit) => {
                    self.commits.push(id);
                    self.remote.extend(is_remote.then_some(id));
                }
                Some(Kind::Tree) => self.trees.push(id),
                Some(Kind::Blob) => self.blobs.push((name, id)),
                Some(Kind::Tag) => {
                    if let Ok(target) = TagRefIter::from_bytes(&bytes, objects.repo.object_hash()).target_id() {
                        id = target;
                        continue;
                    }
                    break;
                }
                None => {}
            }
            return;
        }
        let message = format!("{name}: stands for a damaged tag; see \"git fsck\"");
        objects.lack(|_| TreeError::new(Cause::Unreadable, message));
    }
}

/// What remote-tracking branches stand for; none where there is none.
pub(crate) fn remote(objects: &mut Objects) -> Result<Option<Vec<ObjectId>>> {
    let mut tips = Tips::default();
    for (name, id) in listed(objects, REMOTE)? {
        tips.add(objects, name, id);
    }
    Ok(tips.has_remote.then_some(tips.remote))
}

/// The references below `prefix` that stand for an object. What one stands for that names another is listed there.
fn listed(objects: &Objects, prefix: &str) -> Result<Vec<(String, ObjectId)>> {
    let trouble = |e: gix::Error| error::git("cannot list the references", &e);
    let platform = objects.repo.references().map_err(trouble)?;
    let mut named = Vec::new();
    for reference in platform.prefixed(prefix.as_bytes()).map_err(trouble)? {
        let reference = reference.map_err(|e| error::git("cannot read a reference", &e))?;
        let name = reference.name().as_bstr().to_str_lossy().into_owned();
        named.extend(reference.try_id().map(|id| (name, id.detach())));
    }
    Ok(named)
}

/// What is checked out in other worktrees of this repository without a branch.
fn elsewhere(repo: &gix::Repository) -> Vec<ObjectId> {
    let common = repo.common_dir();
    let linked = fs::read_dir(common.join("worktrees")).into_iter().flatten().flatten().map(|entry| entry.path());
    let heads = linked.chain([common.to_owned()]).filter_map(|folder| fs::read(folder.join("HEAD")).ok());
    heads.filter_map(|head| ObjectId::from_hex(head.trim()).ok()).collect()
}

/// The other sides of a merge that is not committed yet.
pub(crate) fn merging(repo: &gix::Repository) -> Vec<ObjectId> {
    let heads = fs::read(repo.git_dir().join("MERGE_HEAD")).unwrap_or_default();
    heads.lines().filter_map(|line| ObjectId::from_hex(line.trim()).ok()).collect()
}
