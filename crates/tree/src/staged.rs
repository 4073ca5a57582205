//! The index.

use std::ops::Range;

use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::index::State;
use gix::index::entry::{Flags, Mode, Stage, Stat};
use gix::index::extension;
use gix::objs::tree::EntryKind;
use tollgate_check::{FileKind, TreeError};
use tollgate_model::Cause;

use crate::error::{self, Result};
use crate::item::{self, Item};
use crate::stamp::Stamp;
use crate::store::{self, Handle};

/// The part of the index below the root, read in place: nothing is kept of an entry beside what gix keeps.
pub(crate) struct Staged {
    /// The whole, for whoever looks up attributes.
    pub(crate) file: gix::index::File,
    /// The same with one entry per path and with every file spelled out, where the index has it otherwise.
    spelled: Option<State>,
    /// The entries below the root.
    below: Range<usize>,
    trust_ctime: bool,
}

/// Entries of an index that follow each other.
#[derive(Clone, Copy)]
pub(crate) struct Entries<'a> {
    state: &'a State,
    entries: &'a [gix::index::Entry],
}

/// One path of the index.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    path: &'a BStr,
    entry: &'a gix::index::Entry,
}

impl Staged {
    /// The index of `repo`; an empty one where there is none.
    pub(crate) fn load(repo: &Handle, prefix: &BStr) -> Result<Self> {
        let trouble = |e: gix::Error| error::git("cannot read the index", &e);
        // As git does, its checksum is left to "git fsck": looking at it takes longer than reading what is in it.
        let options = gix::index::decode::Options { thread_limit: Some(1), ..Default::default() };
        let (place, hash) = (repo.index_path(), repo.object_hash());
        let file = gix::index::File::at_or_default(place, hash, true, options).map_err(trouble)?;
        let spelled = if is_plain(&file) { None } else { Some(spell_out(repo, &file, prefix)?) };
        let all = Entries::of(spelled.as_ref().unwrap_or(&file));
        let below = all.range(prefix);
        validate(all.slice(below.clone()))?;
        let trust_ctime = repo.config_snapshot().boolean("core.trustCtime").unwrap_or(true);
        Ok(Self { file, spelled, below, trust_ctime })
    }

    /// The entries below the root, one per path, sorted by path.
    pub(crate) fn entries(&self) -> Entries<'_> {
        Entries::of(self.spelled.as_ref().unwrap_or(&self.file)).slice(self.below.clone())
    }

    /// The ids of the trees that its folders would make, as far as the index knows them: of the whole index.
    pub(crate) fn trees(&self) -> Option<&extension::Tree> {
        if self.spelled.is_some() { None } else { self.file.tree() }
    }

    /// The entry of the file that reports call `path`.
    pub(crate) fn find(&self, prefix: &BStr, path: &str) -> Option<Entry<'_>> {
        let entries = self.entries();
        item::find(entries.entries, |entry| entry.path(entries.state), prefix, path, 0).and_then(|at| entries.get(at))
    }

    /// The first path in conflict.
    pub(crate) fn conflict(&self) -> Option<&BStr> {
        // Several entries of one path are spelled out as one, so an index without a conflict is not searched.
        self.spelled.as_ref()?;
        self.entries().iter().find(Entry::is_conflicted).map(|entry| entry.path)
    }

    /// Whether size and times of the file on the disk prove that its content is that of `entry`.
    ///
    /// A file that is as young as the index may have been written again within the same tick of the clock, so it proves
    /// nothing. Nanoseconds count where they were recorded.
    pub(crate) fn is_unchanged(&self, entry: Entry<'_>, found: &Stamp) -> bool {
        let then = &entry.entry.stat;
        let time = |a: &gix::index::entry::stat::Time, b: &gix::index::entry::stat::Time| {
            a.secs == b.secs && (a.nsecs == b.nsecs || a.nsecs == 0 || b.nsecs == 0)
        };
        let same = then.size == found.size
            && time(&then.mtime, &found.mtime)
            && (!self.trust_ctime || time(&then.ctime, &found.ctime));
        // git writes size 0 for a file that it knows to be too young to be trusted.
        let smudged = then.size == 0 && !entry.entry.id.is_empty_blob();
        let unknown = entry.is_intended() || entry.is_conflicted() || smudged;
        let written = self.file.timestamp();
        let written = (written.unix_seconds(), written.nanoseconds());
        let nanoseconds = if then.mtime.nsecs == 0 { u32::MAX } else { then.mtime.nsecs };
        same && !unknown && (i64::from(then.mtime.secs), nanoseconds) < written
    }
}

impl<'a> Entries<'a> {
    fn of(state: &'a State) -> Self {
        Self { state, entries: state.entries() }
    }

    pub(crate) fn len(self) -> usize {
        self.entries.len()
    }

    pub(crate) fn get(self, at: usize) -> Option<Entry<'a>> {
        self.entries.get(at).map(|entry| Entry { path: entry.path(self.state), entry })
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Entry<'a>> {
        self.entries.iter().map(move |entry| Entry { path: entry.path(self.state), entry })
    }

    /// The part `range` of them, as far as it exists.
    pub(crate) fn slice(self, range: Range<usize>) -> Self {
        Self { entries: self.entries.get(range).unwrap_or_default(), ..self }
    }

    /// How many of the first ones lie in `folder` (`a/b/`).
    pub(crate) fn count_in(self, folder: &BStr) -> usize {
        self.entries.partition_point(|entry| entry.path(self.state).starts_with(folder))
    }

    /// Where those below `prefix` stand.
    fn range(self, prefix: &BStr) -> Range<usize> {
        let start = self.entries.partition_point(|entry| entry.path(self.state) < prefix);
        start..start + self.slice(start..self.len()).count_in(prefix)
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn path(&self) -> &'a BStr {
        self.path
    }

    /// Its kind. What is no file of a repository was refused when the index was loaded.
    pub(crate) fn kind(&self) -> FileKind {
        kind(self.entry.mode).unwrap_or(FileKind::File)
    }

    pub(crate) fn id(&self) -> gix::ObjectId {
        self.entry.id
    }

    /// Whether it may be missing on the disk: left out of a sparse checkout, or assumed unchanged.
    pub(crate) fn may_lack(&self) -> bool {
        self.entry.flags.intersects(Flags::SKIP_WORKTREE | Flags::ASSUME_VALID)
    }

    /// Whether only its name was added: `git add --intent-to-add`.
    pub(crate) fn is_intended(&self) -> bool {
        self.entry.flags.contains(Flags::INTENT_TO_ADD)
    }

    /// Whether a merge left it in conflict.
    pub(crate) fn is_conflicted(&self) -> bool {
        self.entry.flags.stage() != Stage::Unconflicted
    }

    pub(crate) fn is_submodule(&self) -> bool {
        self.kind() == FileKind::Submodule
    }

    /// The same for a list of files.
    pub(crate) fn item(&self) -> Item {
        Item { path: self.path.to_owned(), kind: self.kind(), id: self.entry.id, on_disk: false }
    }
}

fn kind(mode: Mode) -> Option<FileKind> {
    match mode {
        Mode::FILE => Some(FileKind::File),
        Mode::FILE_EXECUTABLE => Some(FileKind::Executable),
        mode => mode.to_tree_entry_mode().and_then(|mode| item::kind_of(EntryKind::from(mode))),
    }
}

/// Whether `index` has one entry per path, in order, and no folder that stands for its files.
fn is_plain(index: &State) -> bool {
    let mut last = BStr::new("");
    index.entries().iter().all(|entry| {
        let path = entry.path(index);
        let plain = last < path && entry.mode != Mode::DIR && entry.flags.stage() == Stage::Unconflicted;
        last = path;
        plain
    })
}

/// The entries of `index` below `prefix`, with the files of folders that a sparse index does not spell out, sorted, and of
/// several with one path the first.
fn spell_out(repo: &Handle, index: &State, prefix: &BStr) -> Result<State> {
    let mut spelled = State::new(index.object_hash());
    let mut all: Vec<(BString, Stat, gix::ObjectId, Flags, Mode)> = Vec::new();
    for entry in index.entries() {
        let path = entry.path(index);
        if entry.mode == Mode::DIR {
            let whole = path.starts_with(prefix.as_bytes()) || prefix.starts_with(path.as_bytes());
            let files = if whole { store::flatten(repo, entry.id, path)? } else { Vec::new() };
            let below = files.into_iter().filter(|item| item.path.starts_with(prefix.as_bytes()));
            all.extend(below.map(|f| (f.path, Stat::default(), f.id, Flags::SKIP_WORKTREE, mode(f.kind))));
        } else if path.starts_with(prefix.as_bytes()) {
            all.push((path.to_owned(), entry.stat, entry.id, entry.flags, entry.mode));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.dedup_by(|later, first| later.0 == first.0);
    for (path, stat, id, flags, mode) in all {
        spelled.dangerously_push_entry(stat, id, flags, mode, path.as_bstr());
    }
    Ok(spelled)
}

fn mode(kind: FileKind) -> Mode {
    match kind {
        FileKind::File => Mode::FILE,
        FileKind::Executable => Mode::FILE_EXECUTABLE,
        FileKind::Link => Mode::SYMLINK,
        FileKind::Submodule => Mode::COMMIT,
    }
}

/// Refuses an index that names what is no file of a repository.
fn validate(entries: Entries<'_>) -> Result<()> {
    let mut last = BStr::new("");
    for entry in entries.iter() {
        let path = entry.path();
        if !item::follows(path, last) || kind(entry.entry.mode).is_none() {
            return Err(TreeError::new(
                Cause::Unreadable,
                format!("the index names \"{path}\", which is no file of a repository; see \"git fsck\""),
            ));
        }
        last = path;
    }
    Ok(())
}
