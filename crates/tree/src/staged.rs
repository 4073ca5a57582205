//! The index.

use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::index::entry::{Flags, Mode, Stage, Stat};
use gix::index::fs::Metadata;
use gix::objs::tree::EntryKind;
use tollgate_check::{FileKind, TreeError};
use tollgate_model::Cause;

use crate::error::{self, Result};
use crate::item::{self, Item};
use crate::store;

/// The part of the index below the root.
pub(crate) struct Staged {
    /// The whole, for whoever looks up attributes.
    pub(crate) file: gix::worktree::Index,
    /// One per path, sorted by path.
    pub(crate) entries: Vec<Entry>,
    trust_ctime: bool,
}

/// One path of the index.
pub(crate) struct Entry {
    pub(crate) item: Item,
    stat: Stat,
    /// Whether it may be missing on the disk: left out of a sparse checkout, or assumed unchanged.
    pub(crate) may_lack: bool,
    /// Whether only its name was added: `git add --intent-to-add`.
    pub(crate) intended: bool,
    /// Whether a merge left it in conflict.
    pub(crate) conflicted: bool,
}

impl Entry {
    pub(crate) fn path(&self) -> &BStr {
        self.item.path.as_bstr()
    }
}

impl Staged {
    /// The index of `repo`; an empty one where there is none.
    pub(crate) fn load(repo: &gix::Repository, prefix: &BStr) -> Result<Self> {
        let trouble = |e: gix::Error| error::git("cannot read the index", &e);
        let file = repo.index_or_empty().map_err(trouble)?;
        let mut entries: Vec<Entry> = Vec::new();
        for (path, entry) in file.entries().iter().map(|entry| (entry.path(&file), entry)) {
            if entry.mode == Mode::DIR {
                // A folder that a sparse index does not spell out.
                let whole = path.starts_with(prefix.as_bytes()) || prefix.starts_with(path.as_bytes());
                let files = if whole { store::flatten(repo, entry.id, path)? } else { Vec::new() };
                let below = files.into_iter().filter(|item| item.path.starts_with(prefix.as_bytes()));
                entries.extend(below.map(|item| Entry::of(item, Stat::default(), Flags::SKIP_WORKTREE)));
                continue;
            }
            if !path.starts_with(prefix.as_bytes()) {
                continue;
            }
            let kind = entry.mode.to_tree_entry_mode().and_then(|mode| item::kind_of(EntryKind::from(mode)));
            let Some(kind) = kind.filter(|_| item::is_inside(path)) else {
                return Err(TreeError::new(
                    Cause::Unreadable,
                    format!("the index names \"{path}\", which is no file of a repository; see \"git fsck\""),
                ));
            };
            let item = Item { path: path.to_owned(), kind, id: entry.id, on_disk: false };
            entries.push(Entry::of(item, entry.stat, entry.flags));
        }
        entries.sort_by(|a, b| a.item.path.cmp(&b.item.path));
        entries.dedup_by(|later, first| later.item.path == first.item.path);
        let trust_ctime = repo.config_snapshot().boolean("core.trustCtime").unwrap_or(true);
        Ok(Self { file, entries, trust_ctime })
    }

    /// Where the file that reports call `path` stands.
    pub(crate) fn find(&self, prefix: &BStr, path: &str) -> Option<usize> {
        item::find(&self.entries, Entry::path, prefix, path)
    }

    /// The first path in conflict.
    pub(crate) fn conflict(&self) -> Option<&BString> {
        self.entries.iter().find(|entry| entry.conflicted).map(|entry| &entry.item.path)
    }

    /// Whether size and times of the file on the disk prove that its content is that of `entry`.
    ///
    /// A file that is as young as the index may have been written again within the same tick of the clock, so it proves
    /// nothing. Nanoseconds count where they were recorded.
    pub(crate) fn is_unchanged(&self, entry: &Entry, found: &Metadata) -> bool {
        let Ok(now) = Stat::from_fs(found) else { return false };
        let then = &entry.stat;
        let time = |a: &gix::index::entry::stat::Time, b: &gix::index::entry::stat::Time| {
            a.secs == b.secs && (a.nsecs == b.nsecs || a.nsecs == 0 || b.nsecs == 0)
        };
        let same = then.size == now.size
            && time(&then.mtime, &now.mtime)
            && (!self.trust_ctime || time(&then.ctime, &now.ctime));
        // git writes size 0 for a file that it knows to be too young to be trusted.
        let smudged = then.size == 0 && !entry.item.id.is_empty_blob();
        let unknown = entry.intended || entry.conflicted || smudged;
        let written = self.file.timestamp();
        let written = (written.unix_seconds(), written.nanoseconds());
        let nanoseconds = if then.mtime.nsecs == 0 { u32::MAX } else { then.mtime.nsecs };
        same && !unknown && (i64::from(then.mtime.secs), nanoseconds) < written
    }
}

impl Entry {
    fn of(item: Item, stat: Stat, flags: Flags) -> Self {
        Self {
            stat,
            may_lack: flags.intersects(Flags::SKIP_WORKTREE | Flags::ASSUME_VALID),
            intended: flags.contains(Flags::INTENT_TO_ADD),
            conflicted: flags.stage() != Stage::Unconflicted,
            item,
        }
    }

    pub(crate) fn is_submodule(&self) -> bool {
        self.item.kind == FileKind::Submodule
    }
}
