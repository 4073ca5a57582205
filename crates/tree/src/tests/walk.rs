//! Where blobs were brought in, over all of history.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_check::FileKind;

use super::blobs::edit;
use super::fixture::Fixture;
use super::random::Random;
use crate::{CommitFacts, Repository, Scope, Walked};

/// Everything that is told of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) kind: FileKind,
    pub(super) commit: Option<CommitFacts>,
}

/// All places, in the order in which they were told.
pub(super) fn places(repository: &Repository, scope: &Scope) -> (Vec<Told>, Walked) {
    let mut all = Vec::new();
    let walked = repository.walk(scope, &mut |place| {
        let (path, kind) = (place.path.to_owned(), place.kind);
        all.push(Told { id: place.id.to_string(), path, kind, commit: place.commit.cloned() });
    });
    let walked = walked.unwrap();
    let distinct: BTreeSet<&str> = all.iter().map(|told| told.id.as_str()).collect();
    assert_eq!(walked.blobs, distinct.len() as u64);
    assert_eq!(walked.missing == 0, walked.troubles.is_empty());
    (all, walked)
}

/// The paths of all places, in order.
pub(super) fn paths(repository: &Repository, scope: &Scope) -> Vec<String> {
    places(repository, scope).0.into_iter().map(|told| told.path).collect()
}

fn all(fixture: &Fixture) -> (Vec<Told>, Walked) {
    places(&fixture.open(), &Scope::All)
}

/// Two branches with merges, some of which have content of their own.
fn branched(seed: u64) -> Fixture {
    let fixture = Fixture::empty();
    let mut random = Random(seed);
    edit(&fixture, &mut random, 1);
    fixture.git(&["branch", "side"]);
    for round in 0..6 {
        for branch in ["main", "side"] {
            fixture.git(&["checkout", "-q", branch]);
            fixture.write(&format!("{branch}/{}", random.below(3)), format!("{branch} {round}\n"));
            fixture.write("d0/shared", format!("{}\n", random.below(4)));
            fixture.commit();
        }
        if random.below(2) == 0 {
            fixture.git(&["merge", "-q", "--no-commit", "-s", "ours", "main"]);
            fixture.write("merged", format!("{round}\n"));
            fixture.commit();
        }
    }
    fixture
}

#[test]
fn every_blob_is_told_of_where_it_first_was() {
    for seed in 1..4 {
        let fixture = branched(seed);
        let (told, walked) = all(&fixture);
        let objects =
            fixture.git(&["rev-list", "--all", "--objects", "--no-object-names", "--filter=object:type=blob"]);
        let commits = fixture.git(&["rev-list", "--all"]);
        let commits: BTreeSet<&str> = commits.lines().collect();
        let ids: BTreeSet<&str> = told.iter().map(|told| told.id.as_str()).collect();
        assert_eq!(ids, objects.lines().filter(|id| !commits.contains(id)).collect());
        assert_eq!((walked.commits, walked.missing), (commits.len() as u64, 0));
        let mut parents = BTreeMap::new();
        for line in fixture.git(&["rev-list", "--all", "--parents"]).lines() {
            let ids: Vec<String> = line.split(' ').map(str::to_owned).collect();
            parents.insert(ids[0].clone(), ids[1..].to_vec());
        }
        let mut seen = BTreeSet::new();
        for Told { id, path, commit, .. } in &told {
            let commit = commit.as_ref().unwrap();
            assert_eq!(&fixture.id(&format!("{}:{path}", commit.id)), id);
            assert_eq!((commit.merge, commit.pushed), (parents[&commit.id].len() > 1, None));
            for parent in &parents[&commit.id] {
                let files = fixture.git(&["ls-tree", "-r", parent]);
                assert!(!files.lines().any(|line| line.ends_with(&format!("{id}\t{path}"))), "{id} {path}");
            }
            assert!(seen.insert((id, path)), "{id} {path} came twice");
        }
        assert!(told.iter().any(|told| told.path == "merged" && told.commit.as_ref().unwrap().merge));
    }
}

#[test]
fn facts_of_commits_are_told() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.write("b", "2\n");
    fixture.git(&["add", "-A"]);
    let author = "--author=Ä B <ab@example.org>";
    fixture.git(&["commit", "-q", "-m", "x", author, "--date=2025-03-04T05:06:07+0230"]);
    let (told, walked) = all(&fixture);
    assert_eq!(told.iter().map(|told| told.path.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    let expected = CommitFacts {
        id: fixture.head(),
        author_name: "Ä B".to_owned(),
        author_email: "ab@example.org".to_owned(),
        author_seconds: 1_741_055_767,
        author_date: "2025-03-04T05:06:07+02:30".to_owned(),
        merge: false,
        pushed: None,
    };
    assert_eq!(told[1].commit, Some(expected));
    assert_eq!((walked.commits, walked.shallow, walked.submodules), (2, false, 0));
}

#[test]
fn every_reference_is_followed() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    let side = |path: &str| {
        fixture.git(&["checkout", "-q", "--detach", "main"]);
        fixture.write(path, format!("{path}\n"));
        let id = fixture.commit();
        fixture.git(&["checkout", "-q", "main"]);
        id
    };
    fixture.git(&["update-ref", "refs/remotes/origin/x", &side("remote")]);
    fixture.git(&["update-ref", "refs/odd/name", &side("odd")]);
    fixture.git(&["tag", "-a", "-m", "n", "one", &side("tagged")]);
    fixture.git(&["tag", "-a", "-m", "n", "two", "one"]);
    fixture.git(&["tag", "-a", "-m", "n", "tree", "one^{tree}"]);
    fixture.git(&["tag", "-d", "one"]);
    fixture.git(&["pack-refs", "--all"]);
    fixture.git(&["worktree", "add", "-q", "--detach", "../linked", &side("elsewhere")]);
    fixture.git(&["notes", "add", "-m", "note"]);
    fixture.write("a", "stashed\n");
    fixture.write("untracked", "stashed too\n");
    fixture.git(&["stash", "-q", "-u"]);
    fixture.write("blob", "a blob\n");
    let blob = fixture.git(&["hash-object", "-w", "blob"]);
    fixture.git(&["tag", "blob", blob.trim()]);
    fixture.remove("blob");
    fixture.git(&["checkout", "-q", "--detach", &side("here")]);
    let check = |repository: Repository| {
        let found: BTreeSet<String> = paths(&repository, &Scope::All).into_iter().collect();
        for path in ["a", "remote", "odd", "tagged", "elsewhere", "here", "untracked", "refs/tags/blob"] {
            assert!(found.contains(path), "{path}: {found:?}");
        }
        assert_eq!(found.len(), 9, "and the note: {found:?}");
    };
    check(fixture.open());
    let (told, _) = all(&fixture);
    let pushed = |path: &str| told.iter().find(|told| told.path == path).unwrap().commit.as_ref().unwrap().pushed;
    assert_eq!((pushed("a"), pushed("remote"), pushed("odd")), (Some(true), Some(true), Some(false)));
    fixture.git(&["checkout", "-q", "main"]);
    fixture.git(&["branch", "keep", "HEAD@{1}"]);
    check(Repository::discover(&fixture.top.parent().unwrap().join("linked")).unwrap().unwrap());
}

#[test]
fn replaced_objects_are_as_they_are_stored() {
    let fixture = Fixture::with(&[("a", "secret\n")]);
    let first = fixture.head();
    fixture.write("a", "2\n");
    fixture.commit();
    let tree = fixture.id("HEAD^{tree}");
    let clean = fixture.git(&["commit-tree", "-m", "clean", &tree]);
    fixture.git(&["replace", &first, clean.trim()]);
    let (told, walked) = all(&fixture);
    assert_eq!((told.len(), walked.commits), (2, 3));
    assert!(told.iter().any(|told| told.commit.as_ref().unwrap().id == first));
}

#[test]
fn paths_and_kinds_are_told() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b", "1\n"), ("c/d/e", "1\n")]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a", fixture.top.join("link")).unwrap();
        fixture.write("run", "2\n");
        fixture.git(&["add", "-A"]);
        fixture.git(&["update-index", "--chmod=+x", "run"]);
        fixture.git(&["commit", "-q", "-m", "x"]);
        let (told, _) = all(&fixture);
        let kind = |path: &str| told.iter().find(|told| told.path == path).unwrap().kind;
        assert_eq!((kind("link"), kind("run"), kind("a")), (FileKind::Link, FileKind::Executable, FileKind::File));
    }
    let same = paths(&fixture.open(), &Scope::All);
    assert!(["a", "b", "c/d/e"].iter().all(|path| same.iter().any(|p| p == path)), "{same:?}");
    // At most twenty paths, and a folder that moves is not told of again.
    for number in 0..40 {
        fixture.write(&format!("many/{number}"), "many\n");
    }
    fixture.commit();
    fixture.git(&["mv", "c", "moved"]);
    fixture.git(&["mv", "a", "renamed"]);
    fixture.commit();
    let found = paths(&fixture.open(), &Scope::All);
    assert_eq!(found.iter().filter(|path| path.starts_with("many/")).count(), 20);
    assert!(found.contains(&"renamed".to_owned()) && !found.iter().any(|path| path.starts_with("moved")), "{found:?}");
}

#[test]
fn only_what_lies_below_the_root_is_told_of() {
    let fixture = Fixture::with(&[("apps/api/a", "1\n"), ("apps/web/a", "2\n"), ("a", "3\n")]);
    fixture.write("apps/api/b/c", "4\n");
    fixture.commit();
    fixture.git(&["tag", "tree", "HEAD^{tree}"]);
    let blob = fixture.id("HEAD:a");
    fixture.git(&["tag", "blob", &blob]);
    let repository = fixture.open_at("apps/api");
    assert_eq!(paths(&repository, &Scope::All), ["a", "b/c"]);
    assert_eq!(repository.head_blobs().unwrap().len(), 2);
    assert_eq!(fixture.open().head_blobs().unwrap().len(), 4);
    let range = Scope::Range { from: "HEAD~1".to_owned(), to: "HEAD".to_owned() };
    assert_eq!(paths(&repository, &range), ["b/c"]);
}

#[test]
fn submodules_are_counted() {
    let inner = Fixture::with(&[("a", "1\n")]);
    let fixture = Fixture::with(&[("b", "1\n")]);
    for path in ["one", "two"] {
        fixture.git(&["submodule", "add", "-q", &inner.top.display().to_string(), path]);
        fixture.commit();
    }
    let (told, walked) = all(&fixture);
    assert_eq!((walked.submodules, walked.missing), (2, 0));
    assert!(told.iter().all(|told| told.path == "b" || told.path == ".gitmodules"), "{told:?}");
}

#[test]
fn a_repository_without_commits_has_none() {
    let (told, walked) = all(&Fixture::empty());
    assert_eq!((told.len(), walked.commits, walked.missing), (0, 0, 0));
    assert!(Fixture::empty().open().head_blobs().unwrap().is_empty());
}
