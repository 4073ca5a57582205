//! Repositories of every shape, and folders that are none.

use gix::discover::upwards::TrustPolicy;
use tollgate_check::Changes as _;
use tollgate_model::Cause;

use super::fixture::Fixture;
use super::oracle::agree;
use crate::Repository;

#[test]
fn a_folder_without_repository_is_none() {
    let fixture = Fixture::folder();
    assert!(Repository::discover(&fixture.top).unwrap().is_none());
    let error = Repository::discover(&fixture.top.join("nope")).unwrap_err();
    assert_eq!(error.cause, Cause::Missing);
}

#[test]
fn facts_are_told() {
    let fixture = Fixture::with(&[("apps/api/a", "1\n")]);
    let head = fixture.head();
    let repository = fixture.open();
    assert_eq!((repository.head(), repository.branch()), (Some(head.as_str()), Some("main")));
    assert_eq!((repository.is_shallow(), repository.has_remotes()), (false, false));
    assert_eq!(repository.root_in_repository(), ".");
    assert_eq!(fixture.open_at("apps/api").root_in_repository(), "apps/api");
    fixture.git(&["checkout", "-q", "--detach"]);
    fixture.git(&["remote", "add", "origin", "nowhere"]);
    let repository = fixture.open();
    assert_eq!((repository.branch(), repository.has_remotes()), (None, true));
}

#[test]
fn a_bare_repository_is_refused() {
    let fixture = Fixture::folder();
    fixture.init(&["--bare"]);
    let error = Repository::discover(&fixture.top).unwrap_err();
    assert!(error.message.contains("is bare") && error.message.contains("--root"), "{error}");
    let fixture = Fixture::with(&[("a", "1\n")]);
    assert!(Repository::discover(&fixture.top.join(".git/objects")).is_err());
}

#[test]
fn a_repository_of_another_user_is_refused() {
    let fixture = Fixture::with(&[("a/b", "1\n")]);
    let root = fixture.top.join("a");
    let error = Repository::discover_as(&root, TrustPolicy::Assume(gix::sec::Trust::Reduced)).unwrap_err();
    assert_eq!(error.cause, Cause::NoPermission);
    let next = format!("git config --global --add safe.directory {}", fixture.top.display());
    assert!(error.message.contains("belongs to another user") && error.message.contains(&next), "{error}");
}

#[test]
fn a_damaged_repository_is_an_error() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.write(".git/index", "junk");
    let repository = fixture.open();
    let error = repository.working_copy().files().unwrap_err();
    assert!(error.message.starts_with("cannot read the index"), "{error}");
    let fixture = Fixture::with(&[("a", "1\n")]);
    let id = fixture.git(&["rev-parse", "HEAD:a"]).trim().to_owned();
    fixture.remove(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    let error = fixture.open().commit_tree("HEAD").unwrap().read("a", 10).unwrap_err();
    assert!(error.message.contains("git fsck"), "{error}");
    fixture.write(".git/config", "[core\n");
    let error = Repository::discover(&fixture.top).unwrap_err();
    assert!(error.message.starts_with("cannot open the repository"), "{error}");
}

#[test]
fn a_worktree_is_a_repository() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.git(&["worktree", "add", "-q", "../linked", "-b", "side"]);
    let linked = Fixture { top: fixture.top.parent().unwrap().join("linked"), ..Fixture::folder() };
    linked.write("a", "2\n");
    linked.write("b", "2\n");
    assert_eq!(agree(&linked, "main").len(), 2);
    assert_eq!(linked.open().branch(), Some("side"));
    assert_eq!(fixture.open().uncommitted(), Ok(0));
}

#[test]
fn sha256_repositories_are_read() {
    let fixture = Fixture::folder();
    fixture.init(&["--object-format=sha256"]);
    fixture.write("a", "1\n2\n");
    fixture.write("b", "1\n");
    let base = fixture.commit();
    assert_eq!(base.len(), 64);
    fixture.write("a", "1\nX\n");
    fixture.git(&["mv", "b", "c"]);
    assert_eq!(agree(&fixture, &base).len(), 2);
    assert_eq!(fixture.open().commit_tree(&base).unwrap().read("a", 10).unwrap(), b"1\n2\n");
}

#[test]
fn packed_objects_are_read() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    let base = fixture.head();
    for round in 0..5 {
        fixture.write("a", format!("1\n{round}\n"));
        fixture.commit();
    }
    fixture.git(&["gc", "-q"]);
    let changes = fixture.open().changes(&base).unwrap();
    assert_eq!(changes.files()[0].added_lines(), 1);
}

#[test]
fn threads_share_a_tree() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b", "2\n")]);
    let tree = fixture.open().commit_tree("HEAD").unwrap();
    std::thread::scope(|scope| {
        for path in ["a", "b", "a", "b"] {
            let tree = &tree;
            scope.spawn(move || assert_eq!(tree.read(path, 10).unwrap().len(), 2));
        }
    });
}
