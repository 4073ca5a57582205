//! The files of trees, each tree entered once.

use std::collections::HashSet;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::objs::tree::EntryKind;
use gix::objs::{Kind, TreeRefIter};
use tollgate_check::{FileKind, TreeError};
use tollgate_model::Cause;

use super::objects::Objects;
use crate::item;

/// Enters trees that it has not seen.
#[derive(Default)]
pub(crate) struct Trees {
    seen: HashSet<ObjectId>,
    /// Trees of commits of which only the part below the root was entered.
    tops: HashSet<ObjectId>,
    /// Buffers to be used again.
    idle: Vec<Vec<u8>>,
}

/// A folder that is being listed.
struct Open {
    data: Vec<u8>,
    /// How much of it is done.
    done: usize,
    /// How long its path is.
    path: usize,
}

impl Trees {
    /// Tells `each` of every file in the commit's tree `top` below `prefix` (`apps/api/`, or empty), with its path there,
    /// unless it lies in a folder that was entered before.
    pub(crate) fn enter(
        &mut self,
        objects: &mut Objects,
        top: ObjectId,
        prefix: &BStr,
        each: &mut dyn FnMut(&mut Objects, &BStr, FileKind, ObjectId),
    ) {
        if !prefix.is_empty() && !self.tops.insert(top) {
            return;
        }
        let mut tree = top;
        for part in prefix.split_str("/").filter(|part| !part.is_empty()) {
            let Some(data) = self.read(objects, tree, prefix) else { return };
            let mut entries = TreeRefIter::from_bytes(&data, objects.repo.object_hash()).filter_map(Result::ok);
            let found = entries.find(|entry| entry.mode.is_tree() && entry.filename == part);
            let found = found.map(|entry| entry.oid.to_owned());
            self.idle.push(data);
            let Some(found) = found else { return };
            tree = found;
        }
        self.descend(objects, tree, each);
    }

    fn descend(
        &mut self,
        objects: &mut Objects,
        tree: ObjectId,
        each: &mut dyn FnMut(&mut Objects, &BStr, FileKind, ObjectId),
    ) {
        let mut path = BString::default();
        let mut open = Vec::new();
        open.extend(self.open(objects, tree, path.as_bstr()));
        while let Some(mut folder) = open.pop() {
            path.truncate(folder.path);
            let rest = folder.data.get(folder.done..).unwrap_or_default();
            let mut entries = TreeRefIter::from_bytes(rest, objects.repo.object_hash());
            let entry = match entries.next() {
                Some(Ok(entry)) => entry,
                None => {
                    self.idle.push(folder.data);
                    continue;
                }
                Some(Err(_)) => {
                    objects.lack(|_| refused(&path, "is damaged"));
                    self.idle.push(folder.data);
                    continue;
                }
            };
            let (kind, id) = (entry.mode.kind(), entry.oid.to_owned());
            path.extend_from_slice(entry.filename);
            folder.done += entries.offset_to_next_entry(rest);
            open.push(folder);
            if path.len() > item::LONGEST {
                objects.lack(|_| refused(&path[..64], "… has too long a path"));
            } else if let Some(kind) = item::kind_of(kind) {
                each(objects, path.as_bstr(), kind, id);
            } else {
                debug_assert_eq!(kind, EntryKind::Tree);
                path.push(b'/');
                open.extend(self.open(objects, id, path.as_bstr()));
            }
        }
    }

    /// The folder at `path`; none when it was entered before or cannot be read.
    fn open(&mut self, objects: &mut Objects, tree: ObjectId, path: &BStr) -> Option<Open> {
        if !self.seen.insert(tree) {
            return None;
        }
        let data = self.read(objects, tree, path)?;
        Some(Open { data, done: 0, path: path.len() })
    }

    fn read(&mut self, objects: &mut Objects, tree: ObjectId, path: &BStr) -> Option<Vec<u8>> {
        let mut data = self.idle.pop().unwrap_or_default();
        match objects.read(tree, &mut data, || format!("folder {}", shown(path))) {
            Some(Kind::Tree) => return Some(data),
            Some(_) => objects.lack(|_| refused(path, "is no folder")),
            None => {}
        }
        self.idle.push(data);
        None
    }
}

fn shown(path: &[u8]) -> std::borrow::Cow<'_, str> {
    if path.is_empty() { "/".into() } else { path.to_str_lossy() }
}

fn refused(path: &[u8], what: &str) -> TreeError {
    TreeError::new(Cause::Unreadable, format!("{} {what} in a commit; see \"git fsck\"", shown(path)))
}
