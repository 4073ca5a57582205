//! Every blob once, with the bytes that git gives.

use std::collections::BTreeMap;
use std::io::{self, Read};

use super::fixture::Fixture;
use super::random::Random;
use crate::{Edit, Id, Repository, Visit, Visited};

/// Keeps every blob, and looks at how each was made from another one.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) blobs: BTreeMap<String, Vec<u8>>,
    pub(super) edits: usize,
    pub(super) large: usize,
}

impl Visit for Seen {
    type Kept = Vec<u8>;

    fn blob(&mut self, id: Id, bytes: &[u8], edit: Option<Edit<'_, Vec<u8>>>) -> Vec<u8> {
        if let Some(Edit { kept, base_len, copies }) = edit {
            self.edits += 1;
            assert_eq!(kept.len(), base_len);
            for copied in copies {
                let (from, to) = (copied.from..copied.from + copied.len, copied.to..copied.to + copied.len);
                assert_eq!(bytes[to], kept[from], "{id}: {copied:?}");
            }
            for pair in copies.windows(2) {
                let end = (pair[0].from + pair[0].len, pair[0].to + pair[0].len);
                assert!(end.1 <= pair[1].to && end != (pair[1].from, pair[1].to), "{id}: {pair:?}");
            }
        }
        assert!(self.blobs.insert(id.to_string(), bytes.to_vec()).is_none(), "{id} came twice");
        bytes.to_vec()
    }

    fn large(&mut self, id: Id, size: u64, bytes: &mut dyn Read) -> io::Result<()> {
        let mut all = Vec::new();
        bytes.read_to_end(&mut all)?;
        assert_eq!(all.len() as u64, size);
        self.large += 1;
        assert!(self.blobs.insert(id.to_string(), all).is_none(), "{id} came twice");
        Ok(())
    }
}

/// What all threads saw together.
pub(super) fn together(visited: &mut Visited<Seen>) -> Seen {
    let mut all = Seen::default();
    for seen in visited.visitors.drain(..) {
        all.edits += seen.edits;
        all.large += seen.large;
        for (id, bytes) in seen.blobs {
            assert!(all.blobs.insert(id.clone(), bytes).is_none(), "{id} came twice");
        }
    }
    assert_eq!(visited.blobs, all.blobs.len() as u64);
    assert_eq!(visited.bytes, all.blobs.values().map(|bytes| bytes.len() as u64).sum::<u64>());
    all
}

/// All blobs that git has.
pub(super) fn expected(fixture: &Fixture) -> BTreeMap<String, Vec<u8>> {
    let blobs = objects(fixture).into_iter().filter(|(_, (kind, _))| kind == "blob");
    blobs.map(|(id, (_, bytes))| (id, bytes)).collect()
}

/// All objects that git has, each with its kind.
pub(super) fn objects(fixture: &Fixture) -> BTreeMap<String, (String, Vec<u8>)> {
    let output = fixture.git_bytes(&["cat-file", "--batch-all-objects", "--buffer", "--batch"]);
    let (mut objects, mut rest) = (BTreeMap::new(), &output[..]);
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let head: Vec<&str> = std::str::from_utf8(&rest[..end]).unwrap().split(' ').collect();
        let size: usize = head[2].parse().unwrap();
        objects.insert(head[0].to_owned(), (head[1].to_owned(), rest[end + 1..][..size].to_vec()));
        rest = &rest[end + 1 + size + 1..];
    }
    objects
}

/// Visits all blobs with one and with three threads; they are those that git has. How many came as edits.
fn agree(fixture: &Fixture) -> usize {
    agree_at(fixture, &fixture.open())
}

fn agree_at(fixture: &Fixture, repository: &Repository) -> usize {
    let expected = expected(fixture);
    let mut one = repository.visit_blobs(1, Seen::default).unwrap();
    let mut three = repository.visit_blobs(3, Seen::default).unwrap();
    assert_eq!(one.digest, three.digest);
    assert_eq!((one.unreadable, &one.troubles), (0, &Vec::new()));
    assert_eq!(three.visitors.len(), 3);
    let (one, three) = (together(&mut one), together(&mut three));
    assert!(one.blobs == expected && three.blobs == expected, "{} of {}", one.blobs.len(), expected.len());
    one.edits
}

/// Commits versions of some files, again and again.
pub(super) fn edit(fixture: &Fixture, random: &mut Random, rounds: usize) {
    let mut files: Vec<Vec<String>> = (0..6).map(|_| random.lines(300)).collect();
    for round in 0..rounds {
        for (number, lines) in files.iter_mut().enumerate() {
            random.edit(lines);
            let text = random.text(lines);
            fixture.write(&format!("d{}/f{number}", number % 2), text);
        }
        fixture.write("round", format!("{round}"));
        fixture.commit();
    }
}

#[test]
fn blobs_of_packs_are_those_of_git() {
    for seed in 1..4 {
        let fixture = Fixture::empty();
        let mut random = Random(seed);
        assert_eq!(agree(&fixture), 0);
        edit(&fixture, &mut random, 8);
        assert_eq!(agree(&fixture), 0, "all are loose");
        fixture.git(&["gc", "-q"]);
        assert!(agree(&fixture) > 20);
        edit(&fixture, &mut random, 6);
        fixture.git(&["repack", "-q", "-d"]);
        edit(&fixture, &mut random, 3);
        assert!(agree(&fixture) > 20, "two packs, and loose ones");
        // The same objects in several packs, and loose as well.
        fixture.git(&["repack", "-q", "-a", "-k"]);
        assert!(agree(&fixture) > 20);
        fixture.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f", "--depth=200"]);
        assert!(agree(&fixture) > 40, "edits that name what they are edits of");
    }
}

#[test]
fn borrowed_blobs_are_visited() {
    let origin = Fixture::empty();
    edit(&origin, &mut Random(7), 6);
    origin.git(&["gc", "-q"]);
    origin.write("loose", "1\n");
    origin.commit();
    let clone = origin.cloned(&["--shared"]);
    clone.write("own", "1\n");
    clone.commit();
    assert!(agree(&clone) > 10);
    clone.git(&["repack", "-q", "-a", "-d"]);
    assert!(agree(&clone) > 10);
}

#[test]
fn worktrees_and_sha256_repositories_are_visited() {
    let fixture = Fixture::folder();
    fixture.init(&["--object-format=sha256"]);
    edit(&fixture, &mut Random(8), 5);
    fixture.git(&["gc", "-q"]);
    fixture.git(&["worktree", "add", "-q", "../linked"]);
    let linked = Repository::discover(&fixture.top.parent().unwrap().join("linked")).unwrap().unwrap();
    assert!(agree_at(&fixture, &linked) > 10);
}

#[test]
fn the_blobs_that_are_asked_for_are_visited() {
    let fixture = Fixture::empty();
    edit(&fixture, &mut Random(9), 8);
    fixture.git(&["gc", "-q"]);
    edit(&fixture, &mut Random(10), 2);
    fixture.git(&["repack", "-q", "-d"]);
    edit(&fixture, &mut Random(11), 2);
    let all = expected(&fixture);
    let repository = fixture.open();
    for step in [1, 2, 7] {
        let wanted: BTreeMap<_, _> = all.iter().step_by(step).map(|(id, bytes)| (id.clone(), bytes.clone())).collect();
        let ids: Vec<Id> = wanted.keys().rev().chain(wanted.keys()).map(|id| Id::from_hex(id).unwrap()).collect();
        for jobs in [1, 3] {
            let mut visited = repository.visit_these(&ids, jobs, Seen::default).unwrap();
            assert_eq!((visited.unreadable, &visited.troubles), (0, &Vec::new()));
            let seen = together(&mut visited);
            assert!(seen.blobs == wanted);
            assert!(step > 1 || seen.edits > 10);
        }
        let all = repository.visit_blobs(2, Seen::default).unwrap();
        let these = repository.visit_these(&ids, 2, Seen::default).unwrap();
        assert_eq!(all.digest == these.digest, step == 1);
    }
    assert_eq!(repository.visit_these(&[], 1, Seen::default).unwrap().blobs, 0);
}

#[test]
fn what_is_no_blob_is_told() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    for packed in [false, true] {
        let ids = [fixture.head(), fixture.id("HEAD^{tree}"), fixture.id("HEAD:a"), "5".repeat(40)];
        let ids = ids.map(|id| Id::from_hex(&id).unwrap());
        let visited = fixture.open().visit_these(&ids, 1, Seen::default).unwrap();
        assert_eq!((visited.blobs, visited.unreadable, visited.troubles.len()), (1, 3, 3));
        let told: Vec<String> = visited.troubles.iter().map(ToString::to_string).collect();
        let count = |words: &str| told.iter().filter(|message| message.contains(words)).count();
        assert_eq!((count("is no file's content"), count("is not in the repository")), (2, 1), "{told:?} {packed}");
        fixture.git(&["gc", "-q"]);
    }
}

#[test]
fn large_blobs_are_streams() {
    let fixture = Fixture::empty();
    let mut text = vec![b'a'; 65 << 20];
    fixture.write("a", &text);
    fixture.commit();
    text.extend(b"bcd");
    fixture.write("a", &text);
    fixture.write("b", "1\n");
    fixture.commit();
    let expected = expected(&fixture);
    for packed in [false, true] {
        let mut visited = fixture.open().visit_blobs(2, Seen::default).unwrap();
        let seen = together(&mut visited);
        assert!(seen.blobs == expected && seen.large == 2, "{packed}");
        fixture.git(&["-c", "core.compression=1", "repack", "-q", "-a", "-d"]);
    }
}
