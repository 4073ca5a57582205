//! Packs that git would not write.

use std::fs;
use std::io::Write as _;

use super::blobs::{Seen, together};
use super::fixture::Fixture;
use crate::{Id, Visited};

/// One object of a pack that is made by hand.
enum Entry {
    Blob(&'static [u8]),
    Tree,
    /// An edit of the object that is so many entries before, with these bytes.
    Before(usize, Vec<u8>),
    /// An edit of the object of this number.
    Of(u8, Vec<u8>),
}

/// A stream of `bytes`, with a header of `kind` that says there are `size`.
fn entry(kind: u8, size: u64, base: &[u8], bytes: &[u8]) -> Vec<u8> {
    let (mut rest, mut entry) = (size >> 4, vec![kind << 4 | (size & 15) as u8]);
    while rest > 0 {
        *entry.last_mut().unwrap() |= 0x80;
        entry.push((rest & 0x7f) as u8);
        rest >>= 7;
    }
    entry.extend(base);
    let mut encoder = flate2::write::ZlibEncoder::new(entry, flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The name of the object of this number.
fn name(number: u8) -> [u8; 20] {
    [number; 20]
}

/// A repository with a pack of these entries, each given with the size that its header says if that is not true.
fn visit(entries: &[(Entry, Option<u64>)]) -> Visited<Seen> {
    let fixture = Fixture::empty();
    let mut pack = [&b"PACK"[..], &2_u32.to_be_bytes(), &(entries.len() as u32).to_be_bytes()].concat();
    let mut offsets: Vec<usize> = Vec::new();
    for (made, size) in entries {
        let said = |bytes: &[u8]| size.unwrap_or(bytes.len() as u64);
        let at = pack.len();
        let bytes = match made {
            Entry::Blob(bytes) => entry(3, said(bytes), &[], bytes),
            Entry::Tree => entry(2, said(b""), &[], b""),
            Entry::Before(count, bytes) => {
                let distance = at - if *count == 0 { at } else { offsets[offsets.len() - count] };
                assert!(distance < 0x4000);
                let base = match distance.checked_sub(0x80) {
                    None => vec![distance as u8],
                    Some(rest) => vec![(rest >> 7) as u8 | 0x80, (rest & 0x7f) as u8],
                };
                entry(6, said(bytes), &base, bytes)
            }
            Entry::Of(number, bytes) => entry(7, said(bytes), &name(*number), bytes),
        };
        offsets.push(at);
        pack.extend(bytes);
    }
    pack.extend([0; 20]);
    let mut index = [&b"\xfftOc"[..], &2_u32.to_be_bytes()].concat();
    for first in 0..=255 {
        index.extend((entries.len() as u32).min(first + 1).to_be_bytes());
    }
    index.extend((0..entries.len()).flat_map(|number| name(number as u8)));
    index.extend(vec![0; 4 * entries.len()]);
    index.extend(offsets.iter().flat_map(|offset| (*offset as u32).to_be_bytes()));
    index.extend([0; 40]);
    fs::write(fixture.top.join(".git/objects/pack/pack-x.pack"), pack).unwrap();
    fs::write(fixture.top.join(".git/objects/pack/pack-x.idx"), index).unwrap();
    let repository = fixture.open();
    let ids: Vec<Id> = (0..entries.len()).map(|number| id(number as u8)).collect();
    let these = repository.visit_these(&ids, 1, Seen::default).unwrap();
    let all = repository.visit_blobs(2, Seen::default).unwrap();
    assert_eq!((these.blobs, &these.digest), (all.blobs, &all.digest));
    all
}

fn id(number: u8) -> Id {
    Id::from_hex(&format!("{number:02x}").repeat(20)).unwrap()
}

fn insert(base: u8, text: &[u8]) -> Vec<u8> {
    [&[base, text.len() as u8, text.len() as u8], text].concat()
}

fn messages(visited: &Visited<Seen>) -> Vec<String> {
    visited.troubles.iter().map(|trouble| trouble.message.clone()).collect()
}

#[test]
fn edits_may_come_before_what_they_are_edits_of() {
    let mut visited = visit(&[
        (Entry::Of(2, vec![3, 4, 0x90, 3, 1, b'd']), None),
        (Entry::Of(0, insert(4, b"ef")), None),
        (Entry::Blob(b"abc"), None),
        (Entry::Before(2, insert(2, b"g")), None),
        (Entry::Tree, None),
        (Entry::Before(1, insert(0, b"no blob")), None),
    ]);
    assert_eq!((visited.unreadable, messages(&visited)), (0, Vec::new()));
    let seen = together(&mut visited);
    let texts: Vec<&[u8]> = seen.blobs.values().map(Vec::as_slice).collect();
    assert_eq!(texts, [b"abcd", &b"ef"[..], b"abc", b"g"]);
    assert_eq!(seen.edits, 3);
}

#[test]
fn rings_and_edits_of_nothing_are_counted() {
    let visited = visit(&[
        (Entry::Of(1, insert(1, b"a")), None),
        (Entry::Of(0, insert(1, b"b")), None),
        (Entry::Of(2, insert(1, b"c")), None),
        (Entry::Of(99, insert(1, b"d")), None),
        (Entry::Before(1, insert(1, b"e")), None),
        (Entry::Before(0, insert(1, b"f")), None),
        (Entry::Blob(b"g"), None),
    ]);
    assert_eq!((visited.blobs, visited.unreadable), (1, 6));
    let told = messages(&visited).concat();
    assert_eq!(told.matches("is an edit of is not in the pack").count(), 1, "{told}");
    assert_eq!(told.matches("is an edit of cannot be read").count(), 4, "{told}");
    assert_eq!(told.matches("its header is damaged").count(), 1, "{told}");
    assert!(told.contains("in pack-x.pack at 12"), "{told}");
}

#[test]
fn an_edit_that_fits_nothing_takes_what_is_made_from_it_along() {
    let visited = visit(&[
        (Entry::Blob(b"abc"), None),
        (Entry::Before(1, insert(7, b"base of another size")), None),
        (Entry::Before(1, insert(20, b"made from that")), None),
        (Entry::Before(1, insert(14, b"and so on")), None),
        (Entry::Before(4, vec![3, 9, 1, b'x']), None),
        (Entry::Before(5, vec![3, 1, 0x91, 3, 1]), None),
        (Entry::Before(6, insert(3, b"good")), None),
    ]);
    assert_eq!((visited.blobs, visited.unreadable), (2, 5));
    let told = messages(&visited).concat();
    assert_eq!(told.matches("belongs to another object").count(), 1, "{told}");
    assert_eq!(told.matches("is an edit of cannot be read").count(), 2, "{told}");
    assert_eq!(told.matches("the edit that makes it is damaged").count(), 2, "{told}");
}

#[test]
fn sizes_that_are_not_true_are_seen() {
    let visited = visit(&[
        (Entry::Blob(b"abc"), Some(2)),
        (Entry::Blob(b"abc"), Some(4)),
        (Entry::Blob(b"abc"), Some(60 << 20)),
        (Entry::Blob(b"abc"), Some(100 << 20)),
        (Entry::Blob(b"abc"), Some(1 << 60)),
        (Entry::Before(1, insert(3, b"x")), None),
        (Entry::Blob(b"abc"), None),
        (Entry::Before(1, vec![3, 0x80, 0x80, 0x80, 0x80, 0x40, 1, b'a']), None),
        (Entry::Before(2, insert(3, b"x")), Some(1 << 40)),
        (Entry::Before(3, vec![3, 0xFF, 0xFF, 0xFF, 0x3F, 1, b'a']), None),
    ]);
    assert_eq!((visited.blobs, visited.unreadable), (1, 9));
    let told = messages(&visited).concat();
    assert_eq!(told.matches("more than 512 MB").count(), 2, "{told}");
}

#[test]
fn many_edits_of_edits_are_followed() {
    let mut entries = vec![(Entry::Blob(b"0"), None)];
    for number in 1..250 {
        // In turn of the first one and of the last one.
        let before = if number % 3 == 0 { number } else { 1 };
        entries.push((Entry::Before(before, insert(1, b"x")), None));
    }
    let mut visited = visit(&entries);
    assert_eq!((visited.blobs, visited.unreadable), (250, 0));
    assert_eq!(together(&mut visited).edits, 249);
}
