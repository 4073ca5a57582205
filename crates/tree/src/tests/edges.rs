//! States of an index and of a repository that are rare, and settings that are hostile.

use std::fs;

use tollgate_check::{ChangeKind, Changes as _};

use super::fixture::Fixture;
use super::oracle::{agree, agree_at};

#[test]
fn an_intent_to_add_is_an_addition() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.write("new", "1\n2\n");
    fixture.write("void", "");
    fixture.git(&["add", "-N", "new", "void"]);
    let files = agree(&fixture, "HEAD");
    assert_eq!((files.len(), files[0].kind, files[0].added_lines()), (2, ChangeKind::Added, 2));
    let repository = fixture.open();
    assert_eq!(repository.index().contains("new"), Ok(false));
    assert_eq!(repository.working_copy().contains("new"), Ok(true));
    fixture.remove("new");
    assert_eq!(agree(&fixture, "HEAD").len(), 1);
}

#[test]
fn files_left_out_of_a_sparse_checkout_are_not_gone() {
    for sparse_index in ["--no-sparse-index", "--sparse-index"] {
        let fixture = Fixture::with(&[("a/x", "1\n"), ("b/y", "1\n"), ("b/deep/z", "1\n"), ("top", "1\n")]);
        fixture.git(&["sparse-checkout", "set", "--cone", sparse_index, "a"]);
        assert!(!fixture.top.join("b").exists());
        assert_eq!(agree(&fixture, "HEAD"), []);
        fixture.write("a/x", "2\n");
        assert_eq!(agree(&fixture, "HEAD").len(), 1);
        let repository = fixture.open();
        let listed: Vec<_> = repository.working_copy().files().unwrap().into_iter().map(|f| f.path).collect();
        assert_eq!(listed, ["a/x", "top"]);
        assert_eq!(repository.index().files().unwrap().len(), 4);
        assert_eq!(fixture.open_at("a").changes("HEAD").unwrap().files().len(), 1);
    }
}

#[test]
fn a_file_assumed_unchanged_is_not_gone() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b", "1\n")]);
    fixture.git(&["update-index", "--assume-unchanged", "a"]);
    fixture.remove("a");
    assert_eq!(agree(&fixture, "HEAD"), []);
}

#[test]
fn a_file_in_conflict_is_modified_and_its_index_is_refused() {
    let fixture = Fixture::with(&[("a", "1\n2\n"), ("b", "1\n")]);
    fixture.git(&["checkout", "-q", "-b", "side"]);
    fixture.write("a", "1\nside\n");
    fixture.commit();
    fixture.git(&["checkout", "-q", "main"]);
    fixture.write("a", "1\nmain\n");
    fixture.commit();
    fixture.try_git(&["merge", "side"]);
    let repository = fixture.open();
    let changes = repository.changes("HEAD").unwrap();
    assert_eq!(changes.files().len(), 1);
    assert_eq!((changes.files()[0].kind, changes.files()[0].added_lines()), (ChangeKind::Modified, 4));
    let error = repository.index().files().unwrap_err();
    assert_eq!(error.message, "a: a merge left it in conflict: edit it, then run \"git add a\"");
    assert_eq!(error.path.as_deref(), Some("a"));
    assert_eq!(repository.working_copy().files().unwrap().len(), 2);
}

#[test]
fn before_the_first_commit() {
    let fixture = Fixture::empty();
    fixture.write("a", "1\n");
    fixture.write("b", "1\n");
    fixture.git(&["add", "a"]);
    let repository = fixture.open();
    assert_eq!((repository.head(), repository.branch()), (None, Some("main")));
    assert_eq!(repository.uncommitted(), Ok(2));
    assert_eq!(repository.working_copy().files().unwrap().len(), 2);
    assert_eq!(repository.index().read("a", 10).unwrap(), b"1\n");
    let error = repository.changes("HEAD").unwrap_err();
    assert!(error.message.starts_with("\"HEAD\" names no commit"), "{error}");
}

#[test]
fn submodules_are_listed_and_never_entered() {
    let inner = Fixture::with(&[("f", "1\n")]);
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.git(&["submodule", "--quiet", "add", inner.top.to_str().unwrap(), "sub"]);
    fixture.commit();
    assert_eq!(agree(&fixture, "HEAD"), []);
    let tree = fixture.open().working_copy();
    let listed: Vec<_> = tree.files().unwrap().into_iter().map(|f| (f.path, format!("{:?}", f.kind))).collect();
    assert!(listed.contains(&("sub".to_owned(), "Submodule".to_owned())) && listed.len() == 3, "{listed:?}");
    assert_eq!(tree.contains("sub"), Ok(false));
    inner.write("f", "2\n");
    inner.commit();
    fixture.git_in(&fixture.top.join("sub"), &["pull", "-q"], &[]);
    fixture.git(&["add", "sub"]);
    let files = agree(&fixture, "HEAD");
    assert_eq!((files.len(), files[0].path.as_str(), files[0].added_lines()), (1, "sub", 0));
    fs::remove_dir_all(fixture.top.join("sub")).unwrap();
    assert_eq!(agree(&fixture, "HEAD")[0].kind, ChangeKind::Deleted);
    fs::create_dir(fixture.top.join("sub")).unwrap();
    assert_eq!(agree(&fixture, "HEAD")[0].kind, ChangeKind::Modified);
}

#[test]
fn another_repository_inside_is_not_entered() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.write("inner/f", "1\n");
    fixture.git_in(&fixture.top.join("inner"), &["init", "-q"], &[]);
    let files = fixture.open().working_copy().files().unwrap();
    assert_eq!(files.len(), 1);
}

#[test]
fn a_split_index_is_read() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b", "1\n")]);
    fixture.git(&["update-index", "--split-index"]);
    fixture.write("a", "2\n");
    fixture.write("c", "3\n");
    fixture.git(&["add", "a", "c"]);
    assert_eq!(fixture.open().changes("HEAD").unwrap().files().len(), 2);
}

#[test]
fn names_of_all_kinds() {
    let fixture = Fixture::with(&[("ä ö", "1\n"), ("a b/c d", "1\n"), ("-x", "1\n"), ("[a]*", "1\n")]);
    for path in ["ä ö", "a b/c d", "-x", "[a]*"] {
        fixture.write(path, "2\n");
    }
    assert_eq!(agree(&fixture, "HEAD").len(), 4);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_can_be_read_as_it_is_shown() {
    use std::os::unix::ffi::OsStrExt as _;
    let fixture = Fixture::with(&[("a", "1\n")]);
    fs::write(fixture.top.join(std::ffi::OsStr::from_bytes(b"b\xFF")), "2\n").unwrap();
    let shown = "b\u{FFFD}";
    let repository = fixture.open();
    assert_eq!(repository.working_copy().files().unwrap()[1].path, shown);
    assert_eq!(repository.working_copy().read(shown, 10).unwrap(), b"2\n");
    let id = fixture.commit();
    let repository = fixture.open();
    assert_eq!(repository.commit_tree(&id).unwrap().read(shown, 10).unwrap(), b"2\n");
    assert_eq!(repository.index().contains(shown), Ok(true));
}

#[test]
fn programs_of_the_configuration_are_not_run() {
    let fixture =
        Fixture::with(&[(".gitattributes", "*.x filter=evil diff=evil text\n"), ("a.x", "1\n2\n"), ("b.x", "1\n")]);
    let trap = fixture.top.parent().unwrap().join("trap");
    let program = format!("touch {}; cat", trap.display());
    for key in [
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.command",
        "diff.evil.textconv",
        "diff.external",
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.gitProxy",
        "uploadpack.packObjectsHook",
    ] {
        fixture.git(&["config", key, &program]);
    }
    fixture.git(&["config", "filter.evil.required", "true"]);
    let hooks = fixture.top.join(".git/hooks");
    fs::create_dir_all(&hooks).unwrap();
    fixture.write("a.x", "1\nX\n");
    fixture.write("new.x", "1\n");
    let repository = fixture.open();
    let changes = repository.changes("HEAD").unwrap();
    assert_eq!(changes.files().len(), 2);
    assert_eq!(changes.files()[0].added_lines(), 1);
    assert_eq!(repository.working_copy().files().unwrap().len(), 4);
    assert_eq!(repository.uncommitted(), Ok(2));
    assert!(!trap.exists());
}

#[test]
fn folders_count_as_equal_where_the_index_knows_their_trees() {
    let files = [("a/b/x", "1\n"), ("a/b/y", "2\n"), ("a/c", "3\n"), ("a-b", "4\n"), ("a.b", "5\n"), ("d/z", "6\n")];
    let fixture = Fixture::with(&files);
    let base = fixture.head();
    let counts = |root: &str| (agree_at(&fixture, root, &base).len(), fixture.open_at(root).uncommitted().unwrap());
    assert_eq!((counts(""), counts("a")), ((0, 0), (0, 0)));
    // A staged edit takes away what is known of its folders, and of no other.
    fixture.write("a/b/x", "2\n");
    fixture.git(&["add", "a/b/x"]);
    assert_eq!((counts(""), counts("a"), counts("d")), ((1, 1), (1, 1), (0, 0)));
    // Then other trees than the base's are known.
    fixture.git(&["commit", "-q", "-m", "second"]);
    assert_eq!((counts(""), counts("a")), ((1, 0), (1, 0)));
    // A folder that is gone, one in place of a file, a file in place of one.
    fixture.git(&["rm", "-q", "-r", "d", "a/c", "a.b"]);
    fixture.write("d", "a file now\n");
    fixture.write("a.b/deep/er", "a folder now\n");
    fixture.git(&["add", "d"]);
    assert_eq!((counts("").1, counts("a")), (5, (2, 1)));
    // An index without any tree.
    fixture.git(&["read-tree", "--empty"]);
    fixture.git(&["add", "-A"]);
    assert_eq!((counts("").1, counts("a")), (5, (2, 1)));
}

#[test]
fn a_folder_known_to_be_equal_is_not_read() {
    let fixture = Fixture::with(&[("a/x", "1\n"), ("b/y", "1\n")]);
    let tree = fixture.git(&["rev-parse", "HEAD:b"]).trim().to_owned();
    fixture.remove(&format!(".git/objects/{}/{}", &tree[..2], &tree[2..]));
    fixture.write("a/x", "2\n");
    let repository = fixture.open();
    assert_eq!((repository.changes("HEAD").unwrap().files().len(), repository.uncommitted()), (1, Ok(1)));
    // Where it is not known, it is read.
    fs::remove_file(fixture.top.join(".git/index")).unwrap();
    let error = fixture.open().changes("HEAD").unwrap_err();
    assert!(error.message.starts_with("b/: object ") && error.message.contains("git fsck"), "{error}");
}

#[test]
fn files_of_a_commit_are_found_one_by_one_and_in_its_list() {
    let files = [("a/b/x", "1\n"), ("a/b.y", "2\n"), ("a/b/\u{FFFD}", "3\n"), ("c", "4\n")];
    let fixture = Fixture::with(&files);
    for root in ["", "a"] {
        let (one, all) = (fixture.open_at(root), fixture.open_at(root));
        let (one, all) = (one.commit_tree("HEAD").unwrap(), all.commit_tree("HEAD").unwrap());
        all.files().unwrap();
        for path in
            ["a/b/x", "b/x", "a/b", "b", "b.y", "c", "b/\u{FFFD}", "", "../c", "a/../c", "b/", "/b/x", "b//x", "b/x/z"]
        {
            assert_eq!(one.contains(path), all.contains(path), "{root} {path}");
            assert_eq!(one.read(path, 10).is_ok(), all.contains(path).unwrap(), "{root} {path}");
        }
        let found = ["a/b/x", "c", "b/x", "b/\u{FFFD}"].map(|path| one.contains(path).unwrap());
        assert_eq!(found, if root.is_empty() { [true, true, false, false] } else { [false, false, true, true] });
        // Who asks often is answered from a list.
        assert!((0..300).all(|n| one.contains(&format!("no{n}")) == Ok(false)));
        assert_eq!(one.contains("c").unwrap(), root.is_empty());
    }
}
