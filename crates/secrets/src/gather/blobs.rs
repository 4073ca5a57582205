//! The blobs of a repository, each once, and the commits that brought them in.

use std::collections::{HashMap, HashSet};
use std::io::{self, Read};

use tollgate_check::{Context, FileKind, TreeError};
use tollgate_digest::canonical;
use tollgate_model::{Cause, Problem};
use tollgate_tree::{CommitFacts, Edit, Id, Place, Repository, Scope, Visit, Visited, Walked};

use crate::engine::scan::{Kept, Scanner};
use crate::engine::set::Set;
use crate::gather::{self, Gathered, Seen, Values, stream};
use crate::sight::{self, Sight};

/// Most sights that one thread keeps.
const MOST: usize = 500_000;

/// Looks at blobs.
struct Eye<'s> {
    set: &'s Set,
    scanner: Scanner<'s>,
    found: HashMap<Id, Vec<Sight>>,
    count: usize,
    left_out: u64,
}

impl<'s> Eye<'s> {
    fn new(set: &'s Set) -> Self {
        Self { set, scanner: Scanner::new(set), found: HashMap::new(), count: 0, left_out: 0 }
    }

    fn keep(&mut self, id: Id, sights: Vec<Sight>) {
        if self.count + sights.len() > MOST {
            self.left_out += sights.len() as u64;
        } else if !sights.is_empty() {
            self.count += sights.len();
            self.found.insert(id, sights);
        }
    }
}

impl Visit for Eye<'_> {
    type Kept = Kept;

    fn blob(&mut self, id: Id, bytes: &[u8], edit: Option<Edit<'_, Kept>>) -> Kept {
        let kept = match edit {
            Some(edit) => self.scanner.rescan(bytes, edit.kept, edit.copies),
            None => self.scanner.scan(bytes),
        };
        if !kept.hits.is_empty() {
            let sights = sight::sights(self.set, bytes, &kept);
            self.keep(id, sights);
        }
        kept
    }

    fn large(&mut self, id: Id, _: u64, bytes: &mut dyn Read) -> io::Result<()> {
        let (sights, _) = stream::scan(self.set, &mut self.scanner, bytes)?;
        self.keep(id, sights);
        Ok(())
    }
}

/// What stands in which blob.
struct Seeing {
    found: HashMap<Id, Vec<Sight>>,
    visited: Visited<()>,
    left_out: u64,
}

impl Seeing {
    fn of(visited: Visited<Eye<'_>>) -> Self {
        let Visited { visitors, blobs, bytes, unreadable, troubles, digest } = visited;
        let mut found = HashMap::new();
        let mut left_out = 0;
        for eye in visitors {
            left_out += eye.left_out;
            found.extend(eye.found);
        }
        Self { found, visited: Visited { visitors: Vec::new(), blobs, bytes, unreadable, troubles, digest }, left_out }
    }

    /// The values that stand in any of them.
    fn values(&self) -> Values {
        self.found.values().flatten().map(|sight| canonical(&sight.value).as_ref().into()).collect()
    }
}

/// A repository to look at.
pub(crate) struct Blobs<'a, 'c> {
    pub(crate) ctx: &'a Context<'c>,
    pub(crate) repository: &'a Repository,
    pub(crate) set: &'a Set,
    /// Whether a list of exceptions hides the path.
    pub(crate) hides: &'a dyn Fn(&str) -> bool,
}

impl Blobs<'_, '_> {
    /// Everything that is stored, as far as a reference leads to it.
    pub(crate) fn all(&self) -> Result<Gathered, TreeError> {
        let seeing = Seeing::of(self.repository.visit_blobs(self.ctx.jobs(), || Eye::new(self.set))?);
        let mut gathered = Gathered::default();
        let mut located = HashSet::new();
        let head = if seeing.found.is_empty() { HashSet::new() } else { self.repository.head_blobs()? };
        let walked = self.repository.walk(&Scope::All, &mut |place| {
            if self.add(&mut gathered, &seeing, &place, head.contains(&place.id)) {
                located.insert(place.id);
            }
        })?;
        let unreached = seeing.found.keys().filter(|id| !located.contains(id)).count();
        if unreached > 0 {
            gathered.notes.push(format!(
                "{unreached} blobs that no branch and no tag leads to hold such values too, and are not counted; `git gc \
                 --prune=now` takes such blobs out"
            ));
        }
        self.finish(&mut gathered, &seeing, &walked, "history");
        Ok(gathered)
    }

    /// What the commits of `scope` bring in, and the values that were there before.
    pub(crate) fn part(&self, scope: &Scope, what: &str) -> Result<(Gathered, Values), TreeError> {
        let mut places: Vec<(Id, String, Option<CommitFacts>)> = Vec::new();
        let walked = self.repository.walk(scope, &mut |place| {
            if place.kind != FileKind::Submodule {
                places.push((place.id, place.path.to_owned(), place.commit.cloned()));
            }
        })?;
        let ids: Vec<Id> = places.iter().map(|(id, ..)| *id).collect();
        let seeing = self.these(&ids)?;
        let staged = *scope == Scope::Staged;
        let unseen = seeing.found.is_empty();
        let head = if unseen || staged { HashSet::new() } else { self.repository.head_blobs()? };
        let mut gathered = Gathered::default();
        for (id, path, commit) in &places {
            let place = Place { id: *id, path, kind: FileKind::File, commit: commit.as_ref() };
            self.add(&mut gathered, &seeing, &place, staged || head.contains(id));
        }
        let before = if unseen { HashSet::new() } else { self.these(&walked.replaced)?.values() };
        self.finish(&mut gathered, &seeing, &walked, what);
        Ok((gathered, before))
    }

    fn these(&self, ids: &[Id]) -> Result<Seeing, TreeError> {
        // A few blobs are not worth a second thread and its tables.
        let jobs = self.ctx.jobs().min(ids.len() / 64 + 1);
        Ok(Seeing::of(self.repository.visit_these(ids, jobs, || Eye::new(self.set))?))
    }

    /// Adds what stands in the blob of `place`; false where that is nothing.
    fn add(&self, gathered: &mut Gathered, seeing: &Seeing, place: &Place<'_>, current: bool) -> bool {
        let sights = seeing.found.get(&place.id);
        let named = gather::named(self.set, place.path);
        if (self.hides)(place.path) {
            gathered.hidden += 1;
            return sights.is_some();
        }
        for detector in named {
            gathered.names.entry((detector, place.path.to_owned())).or_insert_with(|| place.commit.cloned());
        }
        for sight in sights.into_iter().flatten() {
            let confidence = gather::confidence(self.set, sight, place.path);
            let Some(confidence) = confidence else { continue };
            let (path, line, commit) = (place.path.to_owned(), sight.line.clone(), place.commit.cloned());
            gathered.add(sight, Seen { path, region: sight.region, commit, current, confidence, line });
        }
        sights.is_some()
    }

    fn finish(&self, gathered: &mut Gathered, seeing: &Seeing, walked: &Walked, what: &str) {
        let visited = &seeing.visited;
        gathered.texts += visited.blobs;
        gathered.bytes += visited.bytes;
        gathered.left_out += seeing.left_out;
        self.ctx.record(what, ".", visited.digest.clone(), Some(visited.blobs));
        let lost = |count: u64, words: &str, troubles: &[TreeError]| {
            let first = troubles.first().map(|trouble| format!(": {}", trouble.message)).unwrap_or_default();
            Problem::new(Cause::Unreadable, format!("{count} {words}{first}"))
        };
        if walked.missing > 0 {
            let words = "objects that history leads to are not here, so nobody looked at them";
            gathered.problems.push(lost(walked.missing, words, &walked.troubles));
        } else if visited.unreadable > 0 {
            let words = "objects could not be read, so nobody looked at them";
            gathered.problems.push(lost(visited.unreadable, words, &visited.troubles));
        } else {
            gathered.problems.extend(visited.troubles.iter().map(TreeError::problem));
        }
        if walked.shallow {
            let message = "history is cut off (a shallow clone), so what lies before was not looked at: run \"git fetch \
                           --unshallow\", or set `fetch-depth: 0` for actions/checkout";
            gathered.problems.push(Problem::new(Cause::Missing, message));
        }
        if walked.submodules > 0 {
            gathered.notes.push(format!("{} submodules were not entered", walked.submodules));
        }
    }
}
