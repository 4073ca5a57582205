//! Files and bytes of each state.

use std::fs;
use std::os::unix::fs::symlink;

use tollgate_check::{ChangeKind, Changes as _, FileKind, Tree, TreeFile};
use tollgate_input::Root;
use tollgate_model::Cause;

use super::fixture::Fixture;
use crate::folder;

fn names(tree: &dyn Tree) -> Vec<String> {
    tree.files().unwrap().into_iter().map(|file| file.path).collect()
}

#[test]
fn each_state_has_its_own_files() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b/c", "1\n"), ("gone", "1\n")]);
    let base = fixture.head();
    fixture.write("a", "staged\n");
    fixture.git(&["add", "a"]);
    fixture.write("a", "on disk\n");
    fixture.remove("gone");
    fixture.write("new", "1\n");
    let repository = fixture.open();
    let (disk, index) = (repository.working_copy(), repository.index());
    let commit = repository.commit_tree("HEAD").unwrap();
    assert_eq!(names(&*disk), ["a", "b/c", "new"]);
    assert_eq!(names(&*index), ["a", "b/c", "gone"]);
    assert_eq!(names(&*commit), ["a", "b/c", "gone"]);
    let read = |tree: &dyn Tree| String::from_utf8(tree.read("a", 100).unwrap()).unwrap();
    assert_eq!([read(&*disk), read(&*index), read(&*commit)], ["on disk\n", "staged\n", "1\n"]);
    for tree in [&disk, &index, &commit] {
        assert_eq!(tree.commit(), Some(base.as_str()));
        assert_eq!((tree.contains("b/c"), tree.contains("b"), tree.contains("nope")), (Ok(true), Ok(false), Ok(false)));
        assert_eq!(tree.read("nope", 10).unwrap_err().cause, Cause::Missing);
        assert_eq!(tree.read("a", 1).unwrap_err().cause, Cause::Unreadable);
    }
    assert_eq!((disk.contains("new"), index.contains("new")), (Ok(true), Ok(false)));
    let new = TreeFile { path: "new".to_owned(), tracked: false, kind: FileKind::File };
    assert_eq!(disk.files().unwrap()[2], new);
    for tree in [&disk, &index, &commit] {
        assert_eq!(tree.tracked().unwrap(), ["a", "b/c", "gone"]);
    }
}

#[test]
fn kinds_are_told() {
    let fixture = Fixture::with(&[("plain", "1\n"), ("run", "1\n")]);
    symlink("plain", fixture.top.join("link")).unwrap();
    fixture.git(&["update-index", "--chmod=+x", "run"]);
    fixture.git(&["add", "link"]);
    fixture.git(&["commit", "-q", "-m", "kinds"]);
    fixture.git(&["checkout", "-q", "-f", "HEAD"]);
    fixture.git(&["reset", "-q", "--hard"]);
    let repository = fixture.open();
    for tree in [repository.working_copy(), repository.index(), repository.commit_tree("HEAD").unwrap()] {
        let kinds: Vec<_> = tree.files().unwrap().into_iter().map(|file| file.kind).collect();
        assert_eq!(kinds, [FileKind::Link, FileKind::File, FileKind::Executable]);
        assert_eq!(tree.read("link", 100).unwrap(), b"plain");
    }
}

#[test]
fn ignore_rules_of_every_place_count() {
    let fixture = Fixture::with(&[
        (".gitignore", "*.log\n/build/\nnode_modules/\n!keep.log\n"),
        ("sub/.gitignore", "local\n!deep.log\n"),
        ("build/tracked", "tracked though ignored\n"),
    ]);
    fixture.git(&["add", "-f", "build/tracked"]);
    fixture.git(&["commit", "-q", "-m", "forced"]);
    fixture.write("../excludes", "everywhere\n");
    let excludes = fixture.top.parent().unwrap().join("excludes");
    fixture.git(&["config", "core.excludesFile", excludes.to_str().unwrap()]);
    fixture.write(".git/info/exclude", "here\n");
    for path in [
        "a.log",
        "keep.log",
        "build/out",
        "node_modules/x/y",
        "sub/local",
        "sub/deep.log",
        "sub/b.log",
        "everywhere",
        "here",
        "sub/here",
        "local",
        "fine",
    ] {
        fixture.write(path, "1\n");
    }
    let expected = fixture.git(&["ls-files", "--others", "--exclude-standard"]);
    let files = fixture.open().working_copy().files().unwrap();
    let untracked: Vec<_> = files.iter().filter(|file| !file.tracked).map(|file| file.path.as_str()).collect();
    assert_eq!(untracked, expected.lines().collect::<Vec<_>>());
    assert_eq!(untracked, ["fine", "keep.log", "local", "sub/deep.log"]);
    assert!(files.iter().any(|file| file.path == "build/tracked" && file.tracked));
    let below = fixture.open_at("sub").working_copy();
    assert_eq!(names(&*below), [".gitignore", "deep.log"]);
    assert_eq!(below.contains("local"), Ok(true));
}

#[test]
fn nothing_outside_the_root_is_read() {
    let fixture = Fixture::with(&[("secret", "1\n"), ("root/a", "1\n")]);
    symlink("../secret", fixture.top.join("root/link")).unwrap();
    symlink("..", fixture.top.join("root/up")).unwrap();
    fixture.commit();
    let tree = fixture.open_at("root").working_copy();
    assert_eq!(names(&*tree), ["a", "link", "up"]);
    assert_eq!(tree.read("link", 100).unwrap(), b"../secret");
    for path in ["../secret", "up/secret", "/etc/passwd"] {
        assert!(tree.read(path, 100).is_err(), "{path}");
        assert_eq!(tree.contains(path), Ok(false), "{path}");
    }
    let commit = fixture.open_at("root").commit_tree("HEAD").unwrap();
    assert_eq!(names(&*commit), ["a", "link", "up"]);
    assert!(commit.read("../secret", 100).is_err());
}

#[test]
fn a_folder_without_repository_has_all_its_files() {
    let fixture = Fixture::folder();
    for path in ["b", "a/x", ".gitignore", ".hidden", ".git/config", "a/.git"] {
        fixture.write(path, "b\n");
    }
    symlink("/etc", fixture.top.join("etc")).unwrap();
    let tree = folder(&Root::new(&fixture.top).unwrap());
    assert_eq!(names(&*tree), [".gitignore", ".hidden", "a/x", "b", "etc"]);
    assert_eq!(tree.read("a/x", 10).unwrap(), b"b\n");
    assert_eq!(tree.read("etc", 10).unwrap(), b"/etc");
    assert!(tree.read("etc/passwd", 1 << 20).is_err());
    assert_eq!((tree.contains("b"), tree.contains("etc/passwd"), tree.contains("a")), (Ok(true), Ok(false), Ok(false)));
    assert_eq!(tree.commit(), None);
    assert!(tree.files().unwrap().iter().all(|file| !file.tracked) && tree.tracked().unwrap().is_empty());
    fs::remove_file(fixture.top.join("b")).unwrap();
    assert_eq!(tree.read("b", 10).unwrap_err().cause, Cause::Missing);
}

#[test]
fn a_file_that_is_read_plainly_is_bounded_and_regular() {
    let fixture = Fixture::with(&[("a/b", "0123456789"), ("empty", "")]);
    let pipe = fixture.top.join("a/pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    symlink("a", fixture.top.join("link")).unwrap();
    let tree = fixture.open().working_copy();
    for path in ["a/b", "link/b", "./a/../a/b"] {
        assert_eq!(tree.read(path, 10).as_deref(), Ok(&b"0123456789"[..]), "{path}");
        assert_eq!(tree.read(path, 9).unwrap_err().cause, Cause::Unreadable, "{path}");
    }
    assert_eq!(tree.read("empty", 0), Ok(Vec::new()));
    for path in ["a", "a/pipe", "a/b/c", ""] {
        assert!(tree.read(path, 10).is_err(), "{path}");
    }
}

#[test]
fn a_root_that_moved_is_compared_with_what_it_was() {
    let fixture = Fixture::with(&[("old/a", "1\n"), ("old/b/c", "1\n2\n"), ("beside", "1\n")]);
    fixture.git(&["mv", "old", "new"]);
    fixture.write("new/b/c", "1\n3\n");
    fixture.write("new/d", "1\n");
    let repository = fixture.open_at("new");
    let changed = |root| {
        let changes = repository.changes_from("HEAD", root).unwrap();
        changes.files().iter().map(|file| (file.path.clone(), file.kind)).collect::<Vec<_>>()
    };
    let (modified, added) = (ChangeKind::Modified, ChangeKind::Added);
    assert_eq!(changed("old"), [("b/c".to_owned(), modified), ("d".to_owned(), added)]);
    assert_eq!(changed("new"), ["a", "b/c", "d"].map(|path| (path.to_owned(), added)));
    let tree = repository.commit_tree_at("HEAD", "old").unwrap();
    assert_eq!(names(&*tree), ["a", "b/c"]);
    assert_eq!((tree.read("b/c", 10).unwrap(), tree.contains("beside")), (b"1\n2\n".to_vec(), Ok(false)));
    for (folder, there) in [(".", true), ("old", true), ("old/b", true), ("old/a", false), ("new", false)] {
        assert_eq!(repository.has_folder("HEAD", folder), Ok(there), "{folder}");
    }
    let whole = repository.whole().unwrap();
    assert_eq!((whole.root_in_repository(), names(&*whole.working_copy()).len()), (".", 4));
}

#[test]
fn links_of_a_commit_are_followed_inside_it() {
    let fixture = Fixture::with(&[("shared/policy", "1\n"), ("a/plain", "1\n"), ("loop/x", "1\n")]);
    for (target, link) in [
        ("../shared/policy", "a/link"),
        ("link", "a/twice"),
        ("shared", "folder"),
        ("../../outside", "a/outside"),
        ("/etc/passwd", "a/absolute"),
        ("round", "loop/round"),
        ("../a/nothing", "loop/nothing"),
    ] {
        symlink(target, fixture.top.join(link)).unwrap();
    }
    fixture.commit();
    // What the disk says now does not matter.
    fixture.remove("a/link");
    let repository = fixture.open_at("a");
    for (path, wanted) in [
        ("a/plain", Some("a/plain")),
        ("a/link", Some("shared/policy")),
        ("a/twice", Some("shared/policy")),
        ("folder/policy", Some("shared/policy")),
        ("folder/../a/plain", Some("a/plain")),
        ("a", None),
        ("a/outside", None),
        ("a/absolute", None),
        ("loop/round", None),
        ("loop/nothing", None),
        ("../a/plain", None),
        ("a/plain/x", None),
        (".git/config", None),
    ] {
        assert_eq!(repository.follow("HEAD", path).unwrap().as_deref(), wanted, "{path}");
    }
}

#[test]
fn files_are_located_through_links_and_ignored_ones_are_none() {
    let fixture = Fixture::with(&[("packages/a/src/i.ts", "1\n"), (".gitignore", "node_modules\ngen/\n")]);
    fixture.write("gen/g.ts", "1\n");
    fixture.write("new/n.ts", "1\n");
    fixture.write("node_modules/x/i.js", "1\n");
    symlink("packages/a", fixture.top.join("a")).unwrap();
    symlink("../packages/a", fixture.top.join("node_modules/a")).unwrap();
    let tree = fixture.open().working_copy();
    for (path, expected) in [
        ("packages/a/src/i.ts", Some("packages/a/src/i.ts")),
        ("a/src/i.ts", Some("packages/a/src/i.ts")),
        ("node_modules/a/src/i.ts", Some("packages/a/src/i.ts")),
        ("new/n.ts", Some("new/n.ts")),
        ("gen/g.ts", None),
        ("node_modules/x/i.js", None),
        (".git/HEAD", None),
        ("packages/a", None),
        ("gone", None),
        ("../x", None),
    ] {
        assert_eq!(tree.locate(path).unwrap().as_deref(), expected, "{path}");
    }
    let below = fixture.open_at("packages/a").working_copy();
    assert_eq!(below.locate("src/i.ts").unwrap().as_deref(), Some("src/i.ts"));
}
