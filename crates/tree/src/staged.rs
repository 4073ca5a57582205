//! The index.

use std::fs::File;
use std::ops::Range;
use std::time::UNIX_EPOCH;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::index::State;
use gix::index::entry::stat::Time;
use gix::index::entry::{Flags, Mode, Stage, Stat};
use gix::objs::tree::EntryKind;
use tollgate_check::{FileKind, TreeError};
use tollgate_model::Cause;

use crate::error::{self, Result};
use crate::index_file::{self, IndexFile};
use crate::item::{self, Item, PathOrder};
use crate::known::KnownTrees;
use crate::path_list::PathList;
use crate::stamp::Stamp;
use crate::store::{self, Handle};

/// The part of the index below the root, one entry per path and every file spelled out.
pub(crate) struct Staged {
    records: Vec<Record>,
    paths: PathList,
    /// The ids of all, one after the other.
    ids: Vec<u8>,
    hash: gix::hash::Kind,
    trees: KnownTrees,
    rules: Rules,
    /// When it was written: seconds since 1970, and nanoseconds.
    written: (i64, u32),
    trust_ctime: bool,
}

/// What is kept of an entry beside its path and its id.
struct Record {
    kind: FileKind,
    flags: Flags,
    /// What the file system said of the file when it was added.
    size: u32,
    mtime: Time,
    ctime: Time,
}

/// The index as gix has it.
enum Rules {
    /// Those files of it alone that hold rules for others: gix looks for them by every entry's name, which takes longer.
    Files(Box<State>),
    /// All of it, where it is no plain list of files.
    Whole(Box<gix::index::File>),
}

/// Entries of an index that follow each other.
#[derive(Clone, Copy)]
pub(crate) struct Entries<'a> {
    staged: &'a Staged,
    start: usize,
    end: usize,
}

/// One path of the index.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    staged: &'a Staged,
    at: usize,
    record: &'a Record,
}

impl Staged {
    /// The index of `repo`; an empty one where there is none.
    pub(crate) fn load(repo: &Handle, prefix: &BStr) -> Result<Self> {
        let mut staged = match Self::read(repo, prefix) {
            Some(staged) => staged,
            None => Self::spell_out(repo, prefix)?,
        };
        if !staged.paths.is_whole() {
            return Err(TreeError::new(Cause::Unreadable, "the index is too large: its paths have more than 4 GB"));
        }
        staged.trust_ctime = repo.config_snapshot().boolean("core.trustCtime").unwrap_or(true);
        Ok(staged)
    }

    fn empty(hash: gix::hash::Kind) -> Self {
        Self {
            records: Vec::new(),
            paths: PathList::default(),
            ids: Vec::new(),
            hash,
            trees: KnownTrees::default(),
            rules: Rules::Files(Box::new(State::new(hash))),
            written: (0, 0),
            trust_ctime: true,
        }
    }

    /// An index that is a plain list of files; none where it is not. As git does, its checksum is left to "git fsck": looking at
    /// it takes longer than reading what is in it.
    fn read(repo: &Handle, prefix: &BStr) -> Option<Self> {
        let hash = repo.object_hash();
        let mut staged = Self::empty(hash);
        let mut rules = State::new(hash);
        let file = File::open(repo.index_path()).ok()?;
        let about = file.metadata().ok()?;
        let written = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        staged.written = (i64::try_from(written.as_secs()).ok()?, written.subsec_nanos());
        let index = IndexFile::open(file, hash.len_in_bytes())?;
        let room = index.room(about.len());
        staged.records.reserve_exact(room.0);
        staged.ids.reserve_exact(room.0 * hash.len_in_bytes());
        staged.paths = PathList::with_room(room);
        let rest = index.read(|raw| {
            if is_attributes(raw.path) || is_named(raw.path, b".gitignore") {
                let id = ObjectId::from_bytes_or_panic(raw.id);
                rules.dangerously_push_entry(Stat::default(), id, raw.flags, mode(raw.kind), raw.path);
            }
            if raw.path.starts_with(prefix) {
                staged.push(raw.path, raw.id, raw.kind, raw.flags, &raw.stat());
            }
        })?;
        let known = index_file::extensions(&rest).flatten().find(|(name, _)| name == b"TREE");
        let known = known.and_then(|(_, data)| KnownTrees::parse(data, hash.len_in_bytes()));
        staged.trees = known.unwrap_or_default();
        staged.rules = Rules::Files(Box::new(rules));
        Some(staged)
    }

    /// An index in conflict, split or sparse: with the files of folders that it does not spell out, sorted, and of several
    /// entries with one path the first.
    fn spell_out(repo: &Handle, prefix: &BStr) -> Result<Self> {
        let trouble = |e: gix::Error| error::git("cannot read the index", &e);
        let options = gix::index::decode::Options { thread_limit: Some(1), ..Default::default() };
        let (place, hash) = (repo.index_path(), repo.object_hash());
        let index = gix::index::File::at_or_default(place, hash, true, options).map_err(trouble)?;
        let mut all: Vec<(BString, Stat, ObjectId, Flags, Mode)> = Vec::new();
        for entry in index.entries() {
            let path = entry.path(&index);
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
        let (mut staged, mut paths) = (Self::empty(hash), PathOrder::default());
        for (path, stat, id, flags, mode) in &all {
            let kind = kind(*mode).filter(|_| paths.admit(path)).ok_or_else(|| no_file(path.as_bstr()))?;
            staged.push(path.as_bstr(), id.as_bytes(), kind, *flags, stat);
        }
        staged.written = (index.timestamp().unix_seconds(), index.timestamp().nanoseconds());
        staged.rules = Rules::Whole(Box::new(index));
        Ok(staged)
    }

    fn push(&mut self, path: &BStr, id: &[u8], kind: FileKind, flags: Flags, stat: &Stat) {
        let Stat { size, mtime, ctime, .. } = *stat;
        self.records.push(Record { kind, flags, size, mtime, ctime });
        self.paths.push(path);
        self.ids.extend_from_slice(id);
    }

    /// The entries below the root, one per path, sorted by path.
    pub(crate) fn entries(&self) -> Entries<'_> {
        Entries { staged: self, start: 0, end: self.records.len() }
    }

    /// The trees that its folders would make, as far as the index knows them: of the whole index.
    pub(crate) fn trees(&self) -> &KnownTrees {
        &self.trees
    }

    /// The index for gix to look up the files in that hold rules for others, such as attributes: it may have no others.
    pub(crate) fn rules(&self) -> &State {
        match &self.rules {
            Rules::Files(files) => files,
            Rules::Whole(index) => index,
        }
    }

    /// Whether it is certain that none of its files has attributes of others.
    pub(crate) fn has_no_attributes(&self) -> bool {
        match &self.rules {
            Rules::Files(files) => !files.entries().iter().any(|entry| is_attributes(entry.path(files))),
            Rules::Whole(_) => false,
        }
    }

    /// Whether it has a file in the folder of the file at `path`, or below that.
    pub(crate) fn has_folder_of(&self, path: &BStr) -> bool {
        let folder = path[..path.rfind_byte(b'/').map_or(0, |slash| slash + 1)].as_bstr();
        let at = self.entries().partition_point(|other| other < folder);
        self.entries().get(at).is_some_and(|entry| entry.path().starts_with(folder))
    }

    /// The id of what was added at `path`, in a conflict of what is "ours".
    pub(crate) fn added(&self, path: &BStr) -> Option<ObjectId> {
        match &self.rules {
            Rules::Files(_) => {
                let at = self.entries().partition_point(|other| other < path);
                self.entries().get(at).filter(|entry| entry.path() == path).map(|entry| entry.id())
            }
            Rules::Whole(index) => index.entry_by_path(path).map(|entry| entry.id),
        }
    }

    /// The entry of the file that reports call `path`.
    pub(crate) fn find(&self, prefix: &BStr, path: &str) -> Option<Entry<'_>> {
        let entries = self.entries();
        item::find(entries.len(), |at| self.paths.get(at), prefix, path, 0).and_then(|at| entries.get(at))
    }

    /// The first path in conflict.
    pub(crate) fn conflict(&self) -> Option<&BStr> {
        // A plain list has none, so it is not searched.
        let Rules::Whole(_) = &self.rules else { return None };
        self.entries().iter().find(Entry::is_conflicted).map(|entry| entry.path())
    }

    /// Whether size and times of the file on the disk prove that its content is that of `entry`.
    ///
    /// A file that is as young as the index may have been written again within the same tick of the clock, so it proves
    /// nothing. Nanoseconds count where they were recorded.
    pub(crate) fn is_unchanged(&self, entry: Entry<'_>, found: &Stamp) -> bool {
        let then = entry.record;
        let time = |a: &Time, b: &Time| a.secs == b.secs && (a.nsecs == b.nsecs || a.nsecs == 0 || b.nsecs == 0);
        let same = then.size == found.size
            && time(&then.mtime, &found.mtime)
            && (!self.trust_ctime || time(&then.ctime, &found.ctime));
        // git writes size 0 for a file that it knows to be too young to be trusted.
        let smudged = then.size == 0 && !entry.id().is_empty_blob();
        let unknown = entry.is_intended() || entry.is_conflicted() || smudged;
        let nanoseconds = if then.mtime.nsecs == 0 { u32::MAX } else { then.mtime.nsecs };
        same && !unknown && (i64::from(then.mtime.secs), nanoseconds) < self.written
    }
}

impl<'a> Entries<'a> {
    pub(crate) fn len(self) -> usize {
        self.end - self.start
    }

    pub(crate) fn get(self, at: usize) -> Option<Entry<'a>> {
        let (staged, at) = (self.staged, self.start + at);
        let record = staged.records[..self.end].get(at)?;
        Some(Entry { staged, at, record })
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Entry<'a>> {
        (0..self.len()).filter_map(move |at| self.get(at))
    }

    /// The part `range` of them, as far as it exists.
    pub(crate) fn slice(self, range: Range<usize>) -> Self {
        let end = self.end.min(self.start + range.end);
        Self { start: end.min(self.start + range.start), end, ..self }
    }

    /// How many of the first ones lie in `folder` (`a/b/`).
    pub(crate) fn count_in(self, folder: &BStr) -> usize {
        self.partition_point(|path| path.starts_with(folder))
    }

    /// How many of the first ones have such a path, where no later one has.
    fn partition_point(self, is_such: impl Fn(&BStr) -> bool) -> usize {
        let (mut low, mut high) = (self.start, self.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_such(self.staged.paths.get(middle)) { low = middle + 1 } else { high = middle }
        }
        low - self.start
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn path(&self) -> &'a BStr {
        self.staged.paths.get(self.at)
    }

    pub(crate) fn kind(&self) -> FileKind {
        self.record.kind
    }

    pub(crate) fn id(&self) -> ObjectId {
        let length = self.staged.hash.len_in_bytes();
        let id = self.staged.ids.get(self.at * length..).and_then(|ids| ids.get(..length));
        id.map_or_else(|| self.staged.hash.null(), ObjectId::from_bytes_or_panic)
    }

    /// Whether it may be missing on the disk: left out of a sparse checkout, or assumed unchanged.
    pub(crate) fn may_lack(&self) -> bool {
        self.record.flags.intersects(Flags::SKIP_WORKTREE | Flags::ASSUME_VALID)
    }

    /// Whether only its name was added: `git add --intent-to-add`.
    pub(crate) fn is_intended(&self) -> bool {
        self.record.flags.contains(Flags::INTENT_TO_ADD)
    }

    /// Whether a merge left it in conflict.
    pub(crate) fn is_conflicted(&self) -> bool {
        self.record.flags.stage() != Stage::Unconflicted
    }

    pub(crate) fn is_submodule(&self) -> bool {
        self.kind() == FileKind::Submodule
    }

    #[cfg(test)]
    pub(crate) fn flags(&self) -> Flags {
        self.record.flags
    }

    /// Size and times when it was added.
    #[cfg(test)]
    pub(crate) fn stat(&self) -> (u32, Time, Time) {
        (self.record.size, self.record.mtime, self.record.ctime)
    }

    /// The same for a list of files.
    pub(crate) fn item(&self) -> Item {
        Item { path: self.path().to_owned(), kind: self.kind(), id: self.id(), on_disk: false }
    }
}

/// Whether a file has attributes of others.
pub(crate) fn is_attributes(path: &BStr) -> bool {
    is_named(path, b".gitattributes")
}

/// Whether the last part of `path` is `name`, on whatever file system.
fn is_named(path: &BStr, name: &[u8]) -> bool {
    path.len().checked_sub(name.len()).is_some_and(|start| {
        path[start..].eq_ignore_ascii_case(name) && path[..start].last().is_none_or(|byte| *byte == b'/')
    })
}

fn kind(mode: Mode) -> Option<FileKind> {
    match mode {
        Mode::FILE => Some(FileKind::File),
        Mode::FILE_EXECUTABLE => Some(FileKind::Executable),
        mode => mode.to_tree_entry_mode().and_then(|mode| item::kind_of(EntryKind::from(mode))),
    }
}

fn mode(kind: FileKind) -> Mode {
    match kind {
        FileKind::File => Mode::FILE,
        FileKind::Executable => Mode::FILE_EXECUTABLE,
        FileKind::Link => Mode::SYMLINK,
        FileKind::Submodule => Mode::COMMIT,
    }
}

/// The error for an index that names what is no file of a repository.
fn no_file(path: &BStr) -> TreeError {
    let message = format!("the index names \"{path}\", which is no file of a repository; see \"git fsck\"");
    TreeError::new(Cause::Unreadable, message)
}
