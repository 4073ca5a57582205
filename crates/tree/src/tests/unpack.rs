//! Single objects are those of git, or left to gix.

use std::collections::BTreeMap;
use std::fs;

use gix::ObjectId;

use super::blobs::{edit, objects};
use super::damage::{packed, replace};
use super::fixture::Fixture;
use super::random::Random;
use crate::Repository;
use crate::blobs::{Unpacked, Unpacker};

/// All objects that git has, of whatever kind.
fn expected(fixture: &Fixture) -> BTreeMap<ObjectId, Vec<u8>> {
    let id = |id: String| ObjectId::from_hex(id.as_bytes()).unwrap();
    objects(fixture).into_iter().map(|(hex, (_, bytes))| (id(hex), bytes)).collect()
}

fn unpacker(repository: &Repository) -> Unpacker {
    Unpacker::open(&repository.inner.store.fresh()).unwrap()
}

/// How many objects were read, and how many were left to gix. What was read is what git has.
fn agree(fixture: &Fixture, random: &mut Random) -> (usize, usize) {
    let expected = expected(fixture);
    let mut ids: Vec<&ObjectId> = expected.keys().collect();
    (1..ids.len()).for_each(|at| ids.swap(at, random.below(at + 1)));
    let mut unpacker = unpacker(&fixture.open());
    let (mut read, mut left) = (0, 0);
    for id in ids.iter().chain(&ids) {
        let bytes = &expected[*id];
        match unpacker.get(**id, bytes.len() as u64) {
            Some(Unpacked::Whole(found)) => {
                assert!(*found == *bytes, "{id}");
                read += 1;
            }
            Some(Unpacked::Longer) => panic!("{id}"),
            None => left += 1,
        }
        if let Some(less) = bytes.len().checked_sub(1) {
            assert!(!matches!(unpacker.get(**id, less as u64), Some(Unpacked::Whole(_))), "{id}");
        }
    }
    assert!(unpacker.get(ObjectId::from_hex(&[b'5'; 40]).unwrap(), 9).is_none());
    (read, left)
}

#[test]
fn objects_are_those_of_git() {
    for seed in 1..4 {
        let fixture = Fixture::empty();
        let mut random = Random(seed);
        edit(&fixture, &mut random, 8);
        assert_eq!(agree(&fixture, &mut random).1, 0, "all are loose");
        fixture.git(&["gc", "-q"]);
        assert_eq!(agree(&fixture, &mut random).1, 0, "edits of edits");
        edit(&fixture, &mut random, 6);
        fixture.git(&["repack", "-q", "-d"]);
        edit(&fixture, &mut random, 3);
        assert_eq!(agree(&fixture, &mut random).1, 0, "two packs, and loose ones");
        fixture.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f", "--depth=200"]);
        let (read, left) = agree(&fixture, &mut random);
        assert!(read > 20 && left > 20, "edits that name what they are edits of are left: {read} {left}");
    }
}

#[test]
fn large_objects_are_read_in_pieces() {
    let fixture = Fixture::empty();
    let mut random = Random(4);
    let noise: Vec<u8> = (0..3 << 20).map(|_| random.below(256) as u8).collect();
    fixture.write("noise", &noise);
    fixture.write("text", "0123456789\n".repeat(300_000));
    fixture.commit();
    assert_eq!(agree(&fixture, &mut random).1, 0);
    fixture.git(&["gc", "-q"]);
    assert_eq!(agree(&fixture, &mut random).1, 0);
}

#[test]
fn replaced_objects_are_left_alone() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b", "2\n")]);
    fixture.git(&["replace", &fixture.id("HEAD:a"), &fixture.id("HEAD:b")]);
    assert!(Unpacker::open(&fixture.open().inner.store.fresh()).is_none());
    let tree = fixture.open().commit_tree("HEAD").unwrap();
    assert_eq!(tree.read("a", 9).unwrap(), b"2\n");
}

#[test]
fn damage_is_left_to_gix() {
    let (fixture, repository, pack) = packed(31);
    let (whole, expected) = (fs::read(&pack).unwrap(), expected(&fixture));
    let (mut random, mut left) = (Random(7), 0);
    for round in 0..200 {
        let mut bytes = whole.clone();
        let at = 12 + random.below(bytes.len() - 12);
        bytes[at] ^= 1 << random.below(8);
        if round % 4 == 0 {
            bytes.truncate(at);
        }
        replace(&pack, &bytes);
        let mut unpacker = unpacker(&repository);
        left += expected.keys().filter(|id| unpacker.get(**id, u64::MAX).is_none()).count();
    }
    assert!(left > 200, "{left}");
    replace(&pack, &whole);
    let (index, id) = (pack.with_extension("idx"), expected.keys().next().unwrap());
    for bytes in [&b"junk"[..], &fs::read(&index).unwrap()[..1100]] {
        replace(&index, bytes);
        assert!(unpacker(&repository).get(*id, u64::MAX).is_none());
    }
    let (loose, id) = (Fixture::with(&[("a", "1\n")]), "HEAD:a");
    let id = loose.id(id);
    let repository = loose.open();
    let path = loose.top.join(".git/objects").join(&id[..2]).join(&id[2..]);
    let whole = fs::read(&path).unwrap();
    for bytes in [&b""[..], b"junk", &whole[..whole.len() - 6]] {
        replace(&path, bytes);
        let id = ObjectId::from_hex(id.as_bytes()).unwrap();
        assert!(unpacker(&repository).get(id, u64::MAX).is_none());
    }
}
