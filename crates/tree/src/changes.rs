//! What differs between a commit and another state.

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::worktree::stack::state::attributes::Source;
use tollgate_check::{ChangeKind, ChangedFile, Changes, FileKind};

use crate::compare::Pair;
use crate::content::{Content, Contents};
use crate::error::Result;
use crate::item::{self, Item};
use crate::lines::Edit;
use crate::rename;
use crate::repository::Inner;
use crate::staged::Staged;

/// Files that differ, with their lines: those of `git diff -U0 --no-ext-diff --no-textconv -M`, and untracked ones.
#[derive(Clone, Debug)]
pub struct ChangeSet {
    base: String,
    files: Vec<ChangedFile>,
}

impl Changes for ChangeSet {
    fn base(&self) -> &str {
        &self.base
    }

    fn files(&self) -> &[ChangedFile] {
        &self.files
    }
}

/// The change from the commit `base` that consists of `pairs`, files sorted by path.
pub(crate) fn of(inner: &Inner, base: ObjectId, pairs: Vec<Pair>) -> Result<ChangeSet> {
    let staged = inner.staged()?;
    let mut files = inner.store.with(|repo| {
        let mut contents = Contents::new(repo, &inner.top, staged, attributes(inner, staged, &pairs))?;
        let pairs = rename::join(pairs, &mut contents)?;
        pairs.iter().map(|pair| changed(pair, &mut contents, inner.prefix())).collect::<Result<Vec<_>>>()
    })?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(ChangeSet { base: base.to_string(), files })
}

/// Where the attributes of `pairs` are to be looked for. Every folder may have a file of them, which is not looked for where the
/// look at the working copy saw that there is none.
fn attributes(inner: &Inner, staged: &Staged, pairs: &[Pair]) -> Source {
    let seen = |item: &Item| staged.has_folder_of(item.path.as_bstr());
    let none = inner.prefix().is_empty()
        && inner.scanned().is_some_and(|scan| scan.no_other_attributes)
        && staged.has_no_attributes()
        && pairs.iter().flat_map(|pair| [&pair.old, &pair.new]).flatten().all(seen);
    if none { Source::IdMapping } else { Source::WorktreeThenIdMapping }
}

fn changed(pair: &Pair, contents: &mut Contents<'_>, prefix: &BStr) -> Result<ChangedFile> {
    let (old, new) = (pair.old.as_ref(), pair.new.as_ref());
    let is_moved = matches!((old, new), (Some(old), Some(new)) if old.path != new.path);
    let kind = match (old, new) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Deleted,
        _ if is_moved => ChangeKind::Renamed,
        _ => ChangeKind::Modified,
    };
    let (binary, edit) = edit(old, new, contents)?;
    Ok(ChangedFile {
        path: item::shown(pair.path(), prefix).into_owned(),
        kind,
        old_path: old.filter(|_| is_moved).map(|old| item::shown(old.path.as_ref(), prefix).into_owned()),
        binary,
        link: new.is_some_and(|new| new.kind == FileKind::Link),
        added: edit.added,
        removed: edit.removed,
    })
}

/// Whether the content is binary, and if not, what happened to its lines.
fn edit(old: Option<&Item>, new: Option<&Item>, contents: &mut Contents<'_>) -> Result<(bool, Edit)> {
    if let (Some(old), Some(new)) = (old, new)
        && old.id == new.id
    {
        return Ok((false, Edit::default()));
    }
    let has_lines = |item: &&Item| item.kind != FileKind::Submodule;
    let (old, new) = (old.filter(has_lines), new.filter(has_lines));
    let mut load = |item: Option<&Item>| item.map_or(Ok(Some(EMPTY)), |item| contents.load(item));
    let (Some(before), Some(after)) = (load(old)?, load(new)?) else { return Ok((true, Edit::default())) };
    if before.binary || after.binary {
        return Ok((true, Edit::default()));
    }
    // A link and a file have no lines in common, whatever they hold.
    let alike = matches!((old, new), (Some(old), Some(new)) if old.is_regular() == new.is_regular());
    let edit = if alike { Edit::between } else { Edit::replaced };
    Ok((false, edit(&before.bytes, &after.bytes)))
}

const EMPTY: Content = Content { bytes: Vec::new(), binary: false };
