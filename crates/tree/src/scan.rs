//! How the working copy differs from the index. Each folder is opened once, listed, and asked about its files.

use std::hash::{BuildHasher as _, Hasher as _};
use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use gix::bstr::{BStr, BString, ByteSlice as _};
use tollgate_check::FileKind;

use crate::disk;
use crate::error::{self, Result};
use crate::staged::{self, Entries, Entry, Staged};
use crate::stamp::{Folder, Kind, Stamp};
use crate::untracked::{self, unreadable};

/// The working copy below the root, looked at once.
pub(crate) struct Scan {
    /// How each entry of the index stands, in its order.
    pub(crate) tracked: Vec<State>,
    /// Files that are neither in the index nor ignored, sorted by path.
    pub(crate) untracked: Vec<(BString, FileKind)>,
    /// Whether no folder that the index has files in has a `.gitattributes` that the index does not have.
    pub(crate) no_other_attributes: bool,
}

/// How an entry of the index stands on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Certainly as the index has it.
    Same,
    /// Of this kind now, with a content that must be looked at.
    Unsure(FileKind),
    /// Not there, and not meant to be: as the index has it.
    LeftOut,
    /// Not there.
    Gone,
}

impl State {
    /// That of an entry where no file is.
    fn absent(entry: Entry<'_>) -> Self {
        if entry.may_lack() { Self::LeftOut } else { Self::Gone }
    }
}

impl Scan {
    /// Looks at every file of the index, and for others.
    pub(crate) fn new(repo: &gix::Repository, top: &Path, staged: &Staged, prefix: &BStr) -> Result<Self> {
        let config = repo.config_snapshot();
        let look = Look {
            top,
            staged,
            modes: config.boolean("core.fileMode").unwrap_or(cfg!(unix)),
            links: config.boolean("core.symlinks").unwrap_or(cfg!(unix)),
            hashes: RandomState::default(),
        };
        let entries = staged.entries();
        let queue = Queue::new(Open { parent: None, path: prefix, entries, first: 0 });
        // Both wait for the disk most of the time.
        let (one, two) = std::thread::scope(|scope| {
            let other = scope.spawn(|| queue.work(|open, seen| look.folder(open, seen)));
            let one = queue.work(|open, seen| look.folder(open, seen));
            (one, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let mut tracked = vec![State::Same; entries.len()];
        let mut strange = Vec::new();
        for seen in [one?, two?] {
            for (at, state) in seen.states {
                tracked[at] = state;
            }
            strange.extend(seen.strange);
        }
        let no_other_attributes = !strange.iter().any(|(path, _)| staged::is_attributes(path.as_bstr()));
        Ok(Self { tracked, untracked: untracked::find(repo, top, staged, strange)?, no_other_attributes })
    }
}

/// A folder that the index has files in.
struct Open<'a> {
    /// The folder that it lies in; none for the root.
    parent: Option<Arc<Folder>>,
    /// `a/b/`, or empty.
    path: &'a BStr,
    /// Everything below it, and where the first of them stands in the index.
    entries: Entries<'a>,
    first: usize,
}

/// What one thread saw.
#[derive(Default)]
struct Seen<'a> {
    /// Entries of the index that are not the same on the disk, by their places in it.
    states: Vec<(usize, State)>,
    /// What the index does not have, or has as something else.
    strange: Vec<(BString, Kind)>,
    /// What the index has in a folder: names, and kinds; none for a submodule.
    known: Vec<(&'a [u8], Option<Kind>)>,
}

struct Look<'a> {
    top: &'a Path,
    staged: &'a Staged,
    /// Whether the disk tells executable files from others.
    modes: bool,
    /// Whether the disk has links.
    links: bool,
    hashes: RandomState,
}

/// A sum of names, the same for the same names in any order.
#[derive(Default, PartialEq, Eq)]
struct Sum(u64);

impl Sum {
    fn add(&mut self, name: &[u8], kind: Kind, hashes: &RandomState) {
        let mut hasher = hashes.build_hasher();
        hasher.write(name);
        hasher.write_u8(u8::from(kind == Kind::Folder));
        self.0 = self.0.wrapping_add(hasher.finish());
    }
}

impl<'a> Look<'a> {
    /// Looks at one folder; those in it that the index has files in are told.
    fn folder(&self, open: &Open<'a>, seen: &mut Seen<'a>) -> Result<Vec<Open<'a>>> {
        let Open { path, entries, first, .. } = open;
        let Some(folder) = self.open(open).map_err(|e| unreadable(path, &e))? else {
            seen.states.extend(entries.iter().enumerate().map(|(at, entry)| (first + at, State::absent(entry))));
            return Ok(Vec::new());
        };
        let folder = Arc::new(folder);
        let mut inner = Vec::new();
        let mut at = 0;
        seen.known.clear();
        while let Some(entry) = entries.get(at) {
            let whole: &'a [u8] = entry.path();
            let name = &whole[path.len()..];
            let Some(end) = name.find_byte(b'/') else {
                let found = folder.stamp(name).map_err(|e| error::io(&entry.path().to_str_lossy(), &e))?;
                let state = found.and_then(|found| self.state(entry, &found));
                let state = state.unwrap_or_else(|| State::absent(entry));
                seen.states.extend((state != State::Same).then_some((first + at, state)));
                seen.known.push((name, (!entry.is_submodule()).then_some(Kind::File)));
                at += 1;
                continue;
            };
            let (path, name) = (whole[..path.len() + end + 1].as_bstr(), &name[..end]);
            let rest = entries.slice(at..entries.len());
            let count = rest.count_in(path);
            let parent = Some(Arc::clone(&folder));
            inner.push(Open { parent, path, entries: rest.slice(0..count), first: first + at });
            seen.known.push((name, Some(Kind::Folder)));
            at += count;
        }
        let others = |error| unreadable(path, &error);
        if !self.is_all(&folder, &seen.known).map_err(others)? {
            self.find_strange(&folder, path, seen).map_err(others)?;
        }
        Ok(inner)
    }

    /// Whether there is in `folder` what the index has there, and nothing else. That is quickly said of most folders.
    fn is_all(&self, folder: &Folder, known: &[(&[u8], Option<Kind>)]) -> io::Result<bool> {
        let (mut expected, mut found) = (Sum::default(), Sum::default());
        for (name, kind) in known {
            expected.add(name, kind.unwrap_or(Kind::Folder), &self.hashes);
        }
        folder.list(|name, kind| {
            found.add(name, kind, &self.hashes);
            Ok(())
        })?;
        Ok(found == expected)
    }

    /// Tells what there is in the folder at `path` that the index does not have, or has as something else.
    fn find_strange(&self, folder: &Folder, path: &BStr, seen: &mut Seen<'a>) -> io::Result<()> {
        let Seen { known, strange, .. } = seen;
        // They are nearly: a file `a.b` stands before what is in the folder `a`.
        known.sort_unstable_by_key(|(name, _)| *name);
        folder.list(|name: &[u8], kind: Kind| {
            let child = known.binary_search_by(|(other, _)| (*other).cmp(name)).ok().and_then(|at| known.get(at));
            let expected = child.is_some_and(|(_, meant)| match meant {
                None => true,
                Some(meant) => (*meant == Kind::Folder) == (kind == Kind::Folder),
            });
            if !expected && !name.eq_ignore_ascii_case(b".git") {
                strange.push(([&**path, name].concat().into(), kind));
            }
            Ok(())
        })
    }

    /// None where there is no such folder any more.
    fn open(&self, open: &Open<'_>) -> io::Result<Option<Folder>> {
        let path = open.path.trim_end_with(|c| c == '/');
        match &open.parent {
            Some(parent) => parent.inner(path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()),
            None => {
                let place = disk::place(self.top, path.as_bstr()).map_err(io::Error::other)?;
                Folder::open(&place)?.map(Some).ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }

    /// How `entry` stands where this was found; none where what is there is no file.
    fn state(&self, entry: Entry<'_>, found: &Stamp) -> Option<State> {
        if found.kind == Kind::Folder {
            return entry.is_submodule().then_some(State::Same);
        }
        let kind = self.kind(entry, found)?;
        let same = kind == entry.kind() && self.staged.is_unchanged(entry, found);
        Some(if same { State::Same } else { State::Unsure(kind) })
    }

    /// What kind of file was found; none for a pipe or a device. What the disk cannot tell is as the index has it.
    fn kind(&self, entry: Entry<'_>, found: &Stamp) -> Option<FileKind> {
        if found.kind != Kind::File {
            return (found.kind == Kind::Link).then_some(FileKind::Link);
        }
        let was = entry.kind();
        Some(match was {
            FileKind::Link if !self.links => FileKind::Link,
            FileKind::File | FileKind::Executable if !self.modes => was,
            _ if self.modes && found.executable => FileKind::Executable,
            _ => FileKind::File,
        })
    }
}

/// Folders that are yet to be looked at, for several threads.
struct Queue<'a> {
    pending: Mutex<Pending<'a>>,
    more: Condvar,
}

struct Pending<'a> {
    /// The last is taken first, so that few folders are open at once.
    open: Vec<Open<'a>>,
    /// How many are being looked at.
    busy: usize,
    /// How many threads wait for one.
    waiting: usize,
}

impl<'a> Queue<'a> {
    fn new(first: Open<'a>) -> Self {
        Self { pending: Mutex::new(Pending { open: vec![first], busy: 0, waiting: 0 }), more: Condvar::new() }
    }

    /// Looks at folders until none is left, or one is in trouble.
    fn work(&self, look: impl Fn(&Open<'a>, &mut Seen<'a>) -> Result<Vec<Open<'a>>>) -> Result<Seen<'a>> {
        let mut seen = Seen::default();
        while let Some(open) = self.next() {
            let mut turn = Turn { queue: self, found: Vec::new(), stop: true };
            turn.found = look(&open, &mut seen)?;
            turn.stop = false;
        }
        Ok(seen)
    }

    fn next(&self) -> Option<Open<'a>> {
        let mut pending = self.lock();
        loop {
            if let Some(open) = pending.open.pop() {
                pending.busy += 1;
                return Some(open);
            }
            if pending.busy == 0 {
                return None;
            }
            pending.waiting += 1;
            pending = self.more.wait(pending).unwrap_or_else(PoisonError::into_inner);
            pending.waiting -= 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Pending<'a>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The look at one folder. Whatever ends it, the other thread does not wait for it.
struct Turn<'q, 'a> {
    queue: &'q Queue<'a>,
    found: Vec<Open<'a>>,
    /// Whether nothing else is to be looked at.
    stop: bool,
}

impl Drop for Turn<'_, '_> {
    fn drop(&mut self) {
        let mut pending = self.queue.lock();
        pending.busy -= 1;
        pending.open.append(&mut self.found);
        if self.stop {
            pending.open.clear();
        }
        let is_news = !pending.open.is_empty() || pending.busy == 0;
        if is_news && pending.waiting > 0 {
            self.queue.more.notify_all();
        }
    }
}
