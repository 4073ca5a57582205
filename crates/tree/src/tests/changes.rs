//! Each way in which a file can differ.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use tollgate_check::{ChangeKind, ChangedFile, Changes as _};

use super::fixture::Fixture;
use super::oracle::{agree, agree_at, agree_between};
use crate::Repository;

fn lines(count: usize) -> String {
    (1..=count).map(|n| format!("line {n} of the file\n")).collect()
}

fn ranges(file: &ChangedFile) -> Vec<(u32, u32)> {
    file.added.iter().map(|range| (range.start, range.end)).collect()
}

fn kinds(files: &[ChangedFile]) -> Vec<(&str, ChangeKind)> {
    files.iter().map(|file| (file.path.as_str(), file.kind)).collect()
}

#[test]
fn nothing_changed() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    assert_eq!(agree(&fixture, "HEAD"), []);
    assert_eq!(fixture.open().uncommitted().unwrap(), 0);
}

#[test]
fn staged_unstaged_and_untracked_edits_count() {
    let fixture =
        Fixture::with(&[("a", "1\n2\n3\n"), ("b", "1\n2\n"), ("c", "gone entirely\n"), (".gitignore", "*.log\n")]);
    fixture.write("a", "1\nX\n3\n");
    fixture.git(&["add", "a"]);
    fixture.write("a", "1\nX\n3\n4\n");
    fixture.write("b", "0\n1\n2\n");
    fixture.remove("c");
    fixture.write("new", "1\n2");
    fixture.write("deep/er/new", "");
    fixture.write("x.log", "ignored\n");
    let files = agree(&fixture, "HEAD");
    assert_eq!(ranges(&files[0]), [(2, 2), (4, 4)]);
    assert_eq!(
        kinds(&files),
        [
            ("a", ChangeKind::Modified),
            ("b", ChangeKind::Modified),
            ("c", ChangeKind::Deleted),
            ("deep/er/new", ChangeKind::Added),
            ("new", ChangeKind::Added),
        ]
    );
    assert_eq!(ranges(&files[4]), [(1, 2)]);
    let repository = fixture.open();
    assert_eq!(repository.uncommitted().unwrap(), 5);
    let changes = repository.changes("HEAD").unwrap();
    assert!(changes.file("b").is_some_and(|file| file.adds(1) && !file.adds(2)));
}

#[test]
fn an_edit_taken_back_is_none() {
    let fixture = Fixture::with(&[("a", "1\n2\n")]);
    fixture.write("a", "1\nX\n");
    fixture.git(&["add", "a"]);
    fixture.write("a", "1\n2\n");
    assert_eq!(agree(&fixture, "HEAD"), []);
}

#[test]
fn an_edit_of_equal_size_and_age_is_seen() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    for round in 0..20 {
        fixture.write("a", format!("{}\n", round % 10));
        fixture.git(&["add", "a"]);
        fixture.write("a", format!("{}\n", (round + 1) % 10));
        agree(&fixture, "HEAD");
    }
}

#[test]
fn a_missing_newline_is_a_changed_line() {
    for (old, new, expected) in
        [("a\nb", "a\nb\n", (2, 2)), ("a\nb\n", "a\nb", (2, 2)), ("a\nb", "a\nb\nc", (2, 3)), ("a\nb", "a\nc", (2, 2))]
    {
        let fixture = Fixture::with(&[("f", old)]);
        fixture.write("f", new);
        assert_eq!(ranges(&agree(&fixture, "HEAD")[0]), [expected], "{old:?} {new:?}");
    }
}

#[test]
fn renames_are_found_with_and_without_edits() {
    let fixture = Fixture::with(&[("a", &lines(20)), ("b", &lines(40)), ("c/x", "short\n"), ("empty", "")]);
    fixture.git(&["mv", "a", "moved"]);
    fixture.remove("b");
    fixture.write("other", lines(40).replace("line 7 ", "LINE 7 "));
    fixture.remove("c/x");
    fixture.write("d/x", "something else entirely\n");
    fixture.git(&["mv", "empty", "void"]);
    let files = agree(&fixture, "HEAD");
    let renamed: Vec<_> = files.iter().filter_map(|f| Some((f.old_path.as_deref()?, f.path.as_str()))).collect();
    assert_eq!(renamed, [("a", "moved"), ("b", "other"), ("empty", "void")]);
    assert_eq!(ranges(&files[3]), [(7, 7)]);
    assert_eq!(fixture.open().uncommitted().unwrap(), 8);
}

#[test]
fn the_right_one_of_several_candidates_is_the_source() {
    let fixture =
        Fixture::with(&[("a/same", &lines(30)), ("b/same", &lines(31)), ("c/name", &lines(32)), ("d", &lines(9))]);
    for path in ["a/same", "b/same", "c/name", "d"] {
        fixture.remove(path);
    }
    fixture.write("z/same", lines(31));
    fixture.write("z/name", lines(33));
    fixture.write("z/x", lines(30).replace("line 3 ", "three "));
    fixture.write("z/y", lines(10));
    fixture.write("z/twin", lines(31));
    let files = agree(&fixture, "HEAD");
    assert_eq!(files.iter().filter(|file| file.kind == ChangeKind::Renamed).count(), 4);
    let base = fixture.head();
    let head = fixture.commit();
    agree_between(&fixture, &base, &head);
}

#[test]
fn only_files_below_the_root_exist() {
    let fixture =
        Fixture::with(&[("apps/api/a", &lines(9)), ("apps/web/b", &lines(8)), ("apps/apis", "x\n"), ("c", "1\n")]);
    fixture.write("apps/api/a", lines(10));
    fs::rename(fixture.top.join("apps/web/b"), fixture.top.join("apps/api/b")).unwrap();
    fixture.write("apps/apis", "y\n");
    fixture.write("c", "2\n");
    fixture.write("apps/api/new", "n\n");
    let files = agree_at(&fixture, "apps/api", "HEAD");
    assert_eq!(kinds(&files), [("a", ChangeKind::Modified), ("b", ChangeKind::Added), ("new", ChangeKind::Added)]);
    let repository = fixture.open_at("apps/api");
    assert_eq!((repository.root_in_repository(), repository.uncommitted().unwrap()), ("apps/api", 3));
    fixture.write("apps/ios/x", "1\n");
    assert_eq!(kinds(&agree_at(&fixture, "apps/ios", "HEAD")), [("x", ChangeKind::Added)]);
}

#[test]
fn a_checkout_with_crlf_is_unchanged() {
    let fixture = Fixture::empty();
    fixture.write(".gitattributes", "*.txt text eol=crlf\n");
    fixture.write("a.txt", "1\n2\n3\n");
    fixture.write("b.c", "1\n2\n");
    fixture.commit();
    fixture.git(&["config", "core.autocrlf", "true"]);
    fixture.write("a.txt", "1\r\n2\r\n3\r\n");
    fixture.write("b.c", "1\r\n2\r\n");
    assert_eq!(agree(&fixture, "HEAD"), []);
    fixture.write("a.txt", "1\r\nX\r\n3\r\n");
    fixture.write("b.c", "1\r\n2\r\n3\r\n");
    let files = agree(&fixture, "HEAD");
    assert_eq!([ranges(&files[0]), ranges(&files[1])], [[(2, 2)], [(3, 3)]]);
}

#[test]
fn crlf_that_was_committed_stays() {
    let fixture = Fixture::with(&[("a", "1\r\n2\r\n"), ("b", "1\n2\n")]);
    fixture.git(&["config", "core.autocrlf", "true"]);
    fixture.write("a", "1\r\n2\r\n3\r\n");
    assert_eq!(ranges(&agree(&fixture, "HEAD")[0]), [(3, 3)]);
    fixture.git(&["config", "core.autocrlf", "false"]);
    fixture.write("b", "1\r\n2\n");
    assert_eq!(ranges(&agree(&fixture, "HEAD")[1]), [(1, 1)]);
}

#[test]
fn utf16_is_compared_as_git_stores_it() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let fixture = Fixture::empty();
    fixture.write(".gitattributes", "*.u text working-tree-encoding=UTF-16LE\n");
    fixture.write("a.u", utf16("1\n2\n3\n"));
    fixture.commit();
    fixture.write("a.u", utf16("1\n2\nX\n"));
    assert_eq!(ranges(&agree(&fixture, "HEAD")[0]), [(3, 3)]);
}

#[test]
fn binary_files_have_no_lines() {
    let fixture = Fixture::with(&[
        (".gitattributes", "*.bin binary\n*.dat -diff\n*.nul diff\n*.drv diff=x\n"),
        ("a", "1\n"),
        ("b.bin", "1\n"),
        ("c.dat", "1\n"),
        ("d.nul", "1\n"),
        ("e.drv", "1\n"),
        ("late", "1\n"),
    ]);
    fixture.git(&["config", "diff.x.binary", "true"]);
    for path in ["a", "d.nul"] {
        fixture.write(path, b"1\n2\0\n");
    }
    for path in ["b.bin", "c.dat", "e.drv"] {
        fixture.write(path, "2\n");
    }
    fixture.write("late", ["x".repeat(8000).as_bytes(), b"\0\n"].concat());
    fixture.write("new", b"\0");
    let files = agree(&fixture, "HEAD");
    let binary: Vec<_> = files.iter().filter(|file| file.binary).map(|file| file.path.as_str()).collect();
    assert_eq!(binary, ["a", "b.bin", "c.dat", "e.drv", "new"]);
}

/// As many files in a folder as the index has there need not be those of the index.
#[test]
fn files_that_took_the_place_of_others_are_seen() {
    let fixture = Fixture::with(&[("a/one", "1\n"), ("a/two", "1\n"), ("g/x", "1\n"), ("b/c/d", "1\n"), ("e", "1\n")]);
    for path in ["a/one", "g/x", "b/c/d", "e"] {
        fs::remove_file(fixture.top.join(path)).unwrap();
    }
    fs::remove_dir(fixture.top.join("b/c")).unwrap();
    for path in ["a/ond", "g/x/y", "b/c", "f"] {
        fixture.write(path, "2\n");
    }
    let files = agree(&fixture, "HEAD");
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["a/ond", "a/one", "b/c", "b/c/d", "e", "f", "g/x", "g/x/y"]);
}

/// Attributes that the index does not have are found wherever they may lie: in a folder of the index, above the root, in a folder
/// that is new or has no file left.
#[test]
fn attributes_that_are_not_tracked_count() {
    for (place, binary) in [
        ("a/.gitattributes", "a/b/x"),
        ("a/b/.gitattributes", "a/b/x"),
        (".gitattributes", "a/b/x"),
        ("new/.gitattributes", "new/x"),
        ("gone/.gitattributes", "gone/x"),
        ("other/.gitattributes", ""),
    ] {
        let fixture = Fixture::with(&[("a/b/x", "1\n"), ("gone/x", "1\n"), ("other/y", "1\n")]);
        fs::write(fixture.top.join(".git/info/exclude"), ".gitattributes\n").unwrap();
        fixture.write("a/b/x", "2\n");
        let folder = place.split('/').next().unwrap();
        if folder == "gone" {
            fs::remove_file(fixture.top.join("gone/x")).unwrap();
        } else if folder == "new" {
            fixture.write("new/x", "2\n");
        }
        fixture.write(place, "x -diff\n");
        for staged in [false, true] {
            if staged {
                fixture.git(&["add", "-A"]);
            }
            let files = agree(&fixture, "HEAD");
            let found: Vec<&str> = files.iter().filter(|file| file.binary).map(|file| file.path.as_str()).collect();
            assert_eq!(found.join(" "), binary, "{place}, staged: {staged}");
        }
    }
    // Tracked, and others on the disk.
    let fixture = Fixture::with(&[("a/b/x", "1\n"), ("a/.gitattributes", "y -diff\n")]);
    fixture.write("a/b/x", "2\n");
    fixture.git(&["add", "-A"]);
    fixture.write("a/.gitattributes", "x -diff\n");
    assert_eq!(agree(&fixture, "HEAD").iter().map(|file| file.binary).collect::<Vec<_>>(), [false, true]);
    // Above the root.
    let fixture = Fixture::with(&[("a/b/x", "1\n")]);
    fs::write(fixture.top.join(".git/info/exclude"), ".gitattributes\n").unwrap();
    fixture.write(".gitattributes", "x -diff\n");
    fixture.write("a/b/x", "2\n");
    fixture.git(&["add", "-A"]);
    let below = Repository::discover(&fixture.top.join("a")).unwrap().unwrap();
    assert!(matches!(below.changes("HEAD").unwrap().files(), [file] if file.binary));
}

#[test]
fn a_large_file_counts_as_binary() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    let large = fs::File::create(fixture.top.join("large")).unwrap();
    large.set_len(crate::content::LIMIT + 1).unwrap();
    let changes = fixture.open().changes("HEAD").unwrap();
    assert!(matches!(changes.files(), [file] if file.binary && file.added.is_empty()));
}

#[test]
fn modes_links_and_kinds() {
    let fixture = Fixture::with(&[("mode", "1\n"), ("file", "1\n2\n"), ("kept", "1\n")]);
    symlink("file", fixture.top.join("link")).unwrap();
    symlink("kept", fixture.top.join("back")).unwrap();
    fixture.commit();
    fs::set_permissions(fixture.top.join("mode"), fs::Permissions::from_mode(0o755)).unwrap();
    fixture.remove("link");
    symlink("elsewhere", fixture.top.join("link")).unwrap();
    fixture.remove("file");
    symlink("/etc/passwd", fixture.top.join("file")).unwrap();
    fixture.remove("back");
    fixture.write("back", "a file now\n");
    let files = agree(&fixture, "HEAD");
    assert!(files.iter().all(|file| file.kind == ChangeKind::Modified));
    assert_eq!(files.iter().map(|f| f.added_lines()).collect::<Vec<_>>(), [1, 1, 1, 0]);
    fixture.git(&["config", "core.fileMode", "false"]);
    assert_eq!(agree(&fixture, "HEAD").len(), 3);
}

#[test]
fn a_folder_in_place_of_a_file_and_the_reverse() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b/c", "1\n"), ("b/d", "2\n")]);
    fixture.remove("a");
    fixture.write("a/x", "something\n");
    fs::remove_dir_all(fixture.top.join("b")).unwrap();
    fixture.write("b", "now a file\n");
    agree(&fixture, "HEAD");
}

#[test]
fn a_linked_folder_is_not_entered() {
    let fixture = Fixture::with(&[("a/f", "1\n"), ("other/f", "1\n")]);
    fs::remove_dir_all(fixture.top.join("a")).unwrap();
    symlink("other", fixture.top.join("a")).unwrap();
    let files = agree(&fixture, "HEAD");
    assert_eq!(kinds(&files), [("a", ChangeKind::Added), ("a/f", ChangeKind::Deleted)]);
}

#[test]
fn many_folders_side_by_side_are_looked_at() {
    let fixture = Fixture::empty();
    (0..1500).for_each(|n| fixture.write(&format!("all/{n}/deep/file"), "1\n"));
    let base = fixture.commit();
    for n in [0, 700, 1499] {
        fixture.write(&format!("all/{n}/deep/file"), "2\n");
        fixture.write(&format!("all/{n}/new"), "something else\n");
    }
    fixture.remove("all/3/deep/file");
    assert_eq!(agree(&fixture, &base).len(), 7);
}
