//! Which files of the index differ from a tree.
//!
//! git keeps in the index which trees its folders would make (the extension `TREE`, gitformat-index). A folder that makes
//! the very tree compared with is not entered on either side.

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::objs::tree::EntryKind;

use crate::compare::Pair;
use crate::error::Result;
use crate::item::{self, Item};
use crate::known::KnownTree;
use crate::staged::{Entries, Staged};
use crate::store::{self, Handle, Listed, Walk};

/// A folder of both sides.
struct Open<'a> {
    /// How long its path is.
    length: usize,
    /// What is left of the tree.
    tree: Listed,
    /// What is left of the index.
    index: Entries<'a>,
    known: Option<KnownTree<'a>>,
}

/// What differs between a folder of a commit, `old` (of none: every file is new), and the folder `prefix` of the index, sorted by
/// path. Both sides go by the names they have, or would have, below `prefix`.
pub(crate) fn differing(
    repo: &Handle,
    old: Option<(ObjectId, &BStr)>,
    staged: &Staged,
    prefix: &BStr,
) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    let tree = old.map(|(commit, folder)| store::tree_at(repo, commit, folder)).transpose()?.flatten();
    let Some(tree) = tree else {
        pairs.extend(staged.entries().iter().map(|entry| Pair { old: None, new: Some(entry.item()) }));
        return Ok(pairs);
    };
    let mut known = staged.trees().top();
    for part in prefix.split_str("/").filter(|part| !part.is_empty()) {
        known = known.and_then(|known| known.child(part.as_bstr()));
    }
    if makes(known, tree, staged.entries()) {
        return Ok(pairs);
    }
    let mut walk = Walk::new(repo, tree);
    let mut path: BString = prefix.to_owned();
    let first = walk.open(tree, prefix)?;
    let mut open = vec![Open { length: path.len(), tree: first, index: staged.entries(), known }];
    while let Some(folder) = open.last_mut() {
        path.truncate(folder.length);
        let Some((name, kind, id)) = folder.tree.next() else {
            pairs.extend(folder.index.iter().map(|entry| Pair { old: None, new: Some(entry.item()) }));
            open.pop();
            continue;
        };
        path.extend_from_slice(name);
        walk.admit(name, path.as_bstr())?;
        let known = folder.known.filter(|_| kind == EntryKind::Tree).and_then(|known| known.child(name));
        match item::kind_of(kind) {
            Some(kind) => {
                let old = |path: &BString| Some(Item { path: path.clone(), kind, id, on_disk: false });
                take_until(folder, path.as_bstr(), &mut pairs);
                let now = folder.index.get(0).filter(|now| now.path() == path);
                if now.is_some() {
                    folder.index = folder.index.slice(1..folder.index.len());
                }
                if now.is_none_or(|now| now.kind() != kind || now.id() != id) {
                    pairs.push(Pair { old: old(&path), new: now.map(|now| now.item()) });
                }
            }
            None => {
                path.push(b'/');
                take_until(folder, path.as_bstr(), &mut pairs);
                let count = folder.index.count_in(path.as_bstr());
                let inside = folder.index.slice(0..count);
                folder.index = folder.index.slice(count..folder.index.len());
                if !makes(known, id, inside) {
                    let tree = walk.open(id, path.as_bstr())?;
                    open.push(Open { length: path.len(), tree, index: inside, known });
                }
            }
        }
    }
    // They are, unless a damaged tree has names with slashes.
    pairs.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(pairs)
}

/// Takes the files that the index has before `path`: the tree has none of them.
fn take_until(folder: &mut Open<'_>, path: &BStr, pairs: &mut Vec<Pair>) {
    let count = folder.index.iter().take_while(|entry| entry.path() < path).count();
    pairs.extend(folder.index.slice(0..count).iter().map(|entry| Pair { old: None, new: Some(entry.item()) }));
    folder.index = folder.index.slice(count..folder.index.len());
}

/// Whether the index knows that `inside`, all it has of a folder, makes `tree`.
fn makes(known: Option<KnownTree<'_>>, tree: ObjectId, inside: Entries<'_>) -> bool {
    known.is_some_and(|known| known.makes(tree, inside.len()))
}
