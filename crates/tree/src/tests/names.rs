//! Names that are read from an index alone are those of the whole index.

use std::fs;

use gix::bstr::{BStr, ByteSlice as _};

use super::fixture::Fixture;
use super::random::Random;
use crate::item;
use crate::names::Names;
use crate::staged::Staged;

/// The names below `prefix`, read alone. They, and all that is kept of the index, are what gix reads of it.
fn read(fixture: &Fixture, prefix: &str) -> Option<Vec<String>> {
    let (repo, prefix) = (fixture.open().inner.store.fresh(), BStr::new(prefix));
    let names = Names::read(&repo.index_path(), repo.object_hash().len_in_bytes(), prefix)?;
    let index = gix::index::File::at_or_default(repo.index_path(), repo.object_hash(), true, Default::default());
    let staged = fixture.open().inner.store.with(|repo| Staged::load(repo, prefix)).unwrap();
    assert_same(&names, &staged, &index.unwrap(), prefix);
    Some(names.shown(prefix))
}

fn assert_same(names: &Names, staged: &Staged, index: &gix::index::File, prefix: &BStr) {
    let expected: Vec<_> = index.entries().iter().filter(|entry| entry.path(index).starts_with(prefix)).collect();
    let is_file = |entry: &&gix::index::Entry| entry.mode != gix::index::entry::Mode::COMMIT;
    let files = expected.iter().copied().filter(is_file);
    let files: Vec<_> = files.map(|entry| item::shown(entry.path(index), prefix).into_owned()).collect();
    assert_eq!(names.shown(prefix), files);
    assert_eq!(staged.entries().len(), expected.len());
    for (ours, theirs) in staged.entries().iter().zip(expected) {
        let mode = theirs.mode.to_tree_entry_mode().unwrap();
        assert_eq!((ours.path(), Some(ours.kind())), (theirs.path(index), item::kind_of(mode.kind())));
        assert_eq!((ours.id(), ours.flags()), (theirs.id, theirs.flags));
        assert_eq!(ours.stat(), (theirs.stat.size, theirs.stat.mtime, theirs.stat.ctime));
        assert_eq!(staged.added(ours.path()), Some(theirs.id));
    }
    assert_eq!(staged.added("no such file".into()), None);
}

fn files(fixture: &Fixture) {
    for path in ["a", "a.b", "a/b", "a/b.c/d", "a b", "é/ü", "long/".repeat(60).as_str(), "z"] {
        fixture.write(&format!("f{path}x"), "1\n");
    }
    fixture.write("link", "");
    fixture.commit();
}

#[test]
fn names_are_those_of_the_whole_index() {
    for format in ["sha1", "sha256"] {
        let fixture = Fixture::folder();
        fixture.init(&[&format!("--object-format={format}")]);
        assert_eq!(read(&fixture, ""), None, "there is none yet");
        files(&fixture);
        let all = read(&fixture, "").unwrap();
        assert_eq!(all.len(), 9);
        assert_eq!(read(&fixture, "fa/").unwrap(), ["b.c/dx", "bx"]);
        assert_eq!(read(&fixture, "none/").unwrap(), [""; 0]);
        for version in ["4", "2"] {
            fixture.git(&["update-index", "--index-version", version]);
            assert_eq!(read(&fixture, "").unwrap(), all, "{version}");
        }
        // Flags that only version 3 has.
        fixture.git(&["update-index", "--skip-worktree", "link"]);
        fixture.write("new", "1\n");
        fixture.git(&["add", "--intent-to-add", "new"]);
        assert_eq!(read(&fixture, "").unwrap().len(), 10);
        fixture.git(&["update-index", "--index-version", "4"]);
        assert_eq!(read(&fixture, "").unwrap().len(), 10);
    }
}

#[test]
fn blocks_for_several_threads_make_no_difference() {
    let fixture = Fixture::empty();
    (0..500).for_each(|n| fixture.write(&format!("folder/with/a/name{n}"), "1\n"));
    fixture.commit();
    for version in ["4", "2"] {
        let threads = ["-c", "index.threads=4", "update-index", "--force-write-index", "--index-version", version];
        fixture.git(&threads);
        assert_eq!(read(&fixture, "").unwrap().len(), 500);
    }
}

#[test]
fn submodules_have_no_names() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    let cacheinfo = format!("160000,{},sub", fixture.head());
    fixture.git(&["update-index", "--add", "--cacheinfo", &cacheinfo]);
    assert_eq!(read(&fixture, "").unwrap(), ["a"]);
}

#[test]
fn an_index_that_is_no_plain_list_is_left() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b/c", "1\n"), ("d/e", "1\n")]);
    fixture.git(&["checkout", "-q", "-b", "other"]);
    fixture.write("a", "2\n");
    fixture.commit();
    fixture.git(&["checkout", "-q", "main"]);
    fixture.write("a", "3\n");
    fixture.commit();
    assert!(read(&fixture, "").is_some());
    fixture.try_git(&["merge", "-q", "other"]);
    assert_eq!(read(&fixture, ""), None, "a conflict");
    fixture.git(&["reset", "-q", "--hard"]);
    fixture.git(&["update-index", "--split-index"]);
    assert_eq!(read(&fixture, ""), None, "split");
    fixture.git(&["update-index", "--no-split-index"]);
    assert!(read(&fixture, "").is_some());
    fixture.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "b"]);
    assert_eq!(read(&fixture, ""), None, "sparse");
}

#[test]
fn damage_is_left_to_who_tells_of_it() {
    for version in ["2", "4"] {
        let fixture = Fixture::empty();
        files(&fixture);
        fixture.git(&["update-index", "--index-version", version]);
        let (repository, place) = (fixture.open(), fixture.top.join(".git/index"));
        let (whole, mut random, mut read) = (fs::read(&place).unwrap(), Random(3), 0);
        for round in 0..2000 {
            let mut bytes = whole.clone();
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
            if round % 5 == 0 {
                bytes.truncate(at);
            }
            fs::write(&place, &bytes).unwrap();
            let Some(names) = Names::read(&place, 20, b"".as_bstr()) else { continue };
            let staged = repository.inner.store.with(|repo| Staged::load(repo, b"".as_bstr())).unwrap();
            let hash = gix::hash::Kind::Sha1;
            let Ok(index) = gix::index::File::at(&place, hash, true, Default::default()) else { continue };
            assert_same(&names, &staged, &index, BStr::new(""));
            read += 1;
        }
        assert!((200..1800).contains(&read), "{read}");
    }
}

/// What fuzzing begins with: files `a` and `a/b`.
#[test]
fn an_index_by_hand_is_read() {
    let entry = |length: u8| [&[0; 25][..], "\u{80}\0".as_bytes(), &[0; 33], &[length]].concat();
    let two = [&b"DIRC\0\0\0\x02\0\0\0\x02"[..], &entry(1), b"a\0", &entry(3), b"a/b\0\0\0\0\0\0\0", &[0; 20]].concat();
    let (first, second) = (entry(1), entry(3));
    let tree = b"TREE\0\0\0\x01x";
    let four = [&b"DIRC\0\0\0\x04\0\0\0\x02"[..], &first, b"\0a\0", &second, b"\0/b\0", tree, &[0; 20]].concat();
    for bytes in [two, four] {
        crate::fuzz_index(&bytes);
        let place = tempfile::NamedTempFile::new().unwrap();
        fs::write(place.path(), bytes).unwrap();
        assert_eq!(Names::read(place.path(), 20, "".into()).unwrap().shown("".into()), ["a", "a/b"]);
    }
}
