//! Repositories that are damaged, or made to do harm.

use std::fs;
use std::path::PathBuf;

use super::blobs::{Seen, edit, expected, together};
use super::fixture::Fixture;
use super::random::Random;
use crate::Repository;

/// A repository with one pack, opened while it was whole, and where that pack is.
pub(super) fn packed(seed: u64) -> (Fixture, Repository, PathBuf) {
    let fixture = Fixture::empty();
    edit(&fixture, &mut Random(seed), 8);
    fixture.git(&["repack", "-q", "-a", "-d"]);
    fixture.git(&["prune-packed"]);
    let mut files = fs::read_dir(fixture.top.join(".git/objects/pack")).unwrap().map(|entry| entry.unwrap().path());
    let pack = files.find(|path| path.extension().is_some_and(|ending| ending == "pack")).unwrap();
    let repository = fixture.open();
    (fixture, repository, pack)
}

/// Writes over a file that git made read-only.
pub(super) fn replace(path: &PathBuf, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn flipped_bytes_are_counted() {
    let (fixture, repository, pack) = packed(21);
    let (whole, blobs) = (fs::read(&pack).unwrap(), expected(&fixture));
    let (mut random, mut harmed) = (Random(5), 0);
    for _ in 0..300 {
        let mut bytes = whole.clone();
        let at = 12 + random.below(bytes.len() - 12);
        bytes[at] ^= 1 << random.below(8);
        replace(&pack, &bytes);
        let mut visited = repository.visit_blobs(1, Seen::default).unwrap();
        assert_eq!(visited.unreadable == 0, visited.troubles.is_empty());
        harmed += usize::from(visited.unreadable > 0);
        let name = pack.file_name().unwrap().to_string_lossy();
        for trouble in visited.troubles.iter().map(ToString::to_string) {
            assert!(trouble.contains(&*name) && trouble.contains("git fsck"), "{trouble}");
        }
        let unreadable = visited.unreadable;
        let seen = together(&mut visited);
        assert!(seen.blobs.len() as u64 + unreadable + 1 >= blobs.len() as u64, "{at}");
    }
    assert!(harmed > 150, "{harmed}");
}

#[test]
fn a_pack_that_is_cut_off_gives_what_is_left() {
    let (fixture, repository, pack) = packed(22);
    let (whole, blobs) = (fs::read(&pack).unwrap(), expected(&fixture));
    for eighth in 1..8 {
        replace(&pack, &whole[..whole.len() * eighth / 8]);
        let mut visited = repository.visit_blobs(2, Seen::default).unwrap();
        let (unreadable, told) = (visited.unreadable, visited.troubles.len() as u64);
        let seen = together(&mut visited);
        assert!(unreadable > 0 && told == unreadable.min(20));
        assert!(seen.blobs.iter().all(|(id, bytes)| blobs.get(id) == Some(bytes)));
        assert!(seen.blobs.len() as u64 + unreadable >= blobs.len() as u64);
    }
    for length in [0, 5, 12] {
        replace(&pack, &whole[..length]);
        let visited = repository.visit_blobs(1, Seen::default).unwrap();
        assert_eq!(visited.blobs, 0);
        assert!(!visited.troubles.is_empty(), "{length}");
    }
}

#[test]
fn a_damaged_copy_does_not_matter_where_there_is_another() {
    let (fixture, repository, pack) = packed(23);
    let (whole, blobs) = (fs::read(&pack).unwrap(), expected(&fixture));
    let other = Fixture::empty();
    let other_pack = other.top.join(".git/objects/pack").join(pack.file_name().unwrap());
    fs::copy(&pack, &other_pack).unwrap();
    fs::copy(pack.with_extension("idx"), other_pack.with_extension("idx")).unwrap();
    fixture.write(".git/objects/info/alternates", format!("{}\n", other.top.join(".git/objects").display()));
    // The other one is only known to whoever opens it now.
    drop(repository);
    let repository = fixture.open();
    replace(&pack, &whole[..whole.len() / 2]);
    for jobs in [1, 2] {
        let mut visited = repository.visit_blobs(jobs, Seen::default).unwrap();
        assert_eq!((visited.unreadable, &visited.troubles), (0, &Vec::new()));
        assert!(together(&mut visited).blobs == blobs);
    }
}

#[test]
fn files_that_belong_together_are_missed() {
    let (fixture, repository, pack) = packed(24);
    let index = pack.with_extension("idx");
    let (objects, bytes) = (expected(&fixture).len() as u64, fs::read(&pack).unwrap());
    fs::remove_file(&pack).unwrap();
    let visited = repository.visit_blobs(1, Seen::default).unwrap();
    assert!(visited.blobs == 0 && visited.unreadable > objects);
    assert!(visited.troubles[0].message.contains("its pack is gone"), "{:?}", visited.troubles);
    fs::write(&pack, &bytes).unwrap();
    let good = fs::read(&index).unwrap();
    for (bytes, words) in [(&b"junk"[..], "cannot be read"), (&good[..good.len() / 2], "cannot be read")] {
        replace(&index, bytes);
        let visited = repository.visit_blobs(1, Seen::default).unwrap();
        assert!(visited.troubles[0].message.contains(words), "{:?}", visited.troubles);
    }
    fs::remove_file(&index).unwrap();
    let visited = repository.visit_blobs(1, Seen::default).unwrap();
    assert!(visited.troubles[0].message.contains("has no index"), "{:?}", visited.troubles);
}

#[test]
fn a_flipped_index_does_no_harm() {
    let (_fixture, repository, pack) = packed(25);
    let index = pack.with_extension("idx");
    let (whole, mut random) = (fs::read(&index).unwrap(), Random(6));
    for _ in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
        }
        replace(&index, &bytes);
        repository.visit_blobs(1, Seen::default).unwrap();
    }
}

#[test]
fn damaged_loose_objects_are_counted() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b", "2\n")]);
    let id = fixture.id("HEAD:a");
    let path = fixture.top.join(".git/objects").join(&id[..2]).join(&id[2..]);
    let whole = fs::read(&path).unwrap();
    for bytes in [&b""[..], b"junk", &whole[..whole.len() - 6]] {
        replace(&path, bytes);
        let visited = fixture.open().visit_blobs(1, Seen::default).unwrap();
        assert_eq!((visited.blobs, visited.unreadable), (1, 1));
        assert!(visited.troubles[0].message.starts_with(&format!("loose object {id}: ")), "{:?}", visited.troubles);
    }
}

#[test]
fn a_borrowed_folder_that_is_gone_is_told() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.write(".git/objects/info/alternates", "/nowhere/objects\n");
    let visited = fixture.open().visit_blobs(1, Seen::default).unwrap();
    assert_eq!(visited.blobs, 1);
    assert!(visited.troubles[0].message.contains("/nowhere/objects"), "{:?}", visited.troubles);
}
