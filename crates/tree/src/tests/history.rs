//! Names of commits, upstreams and common ancestors.

use tollgate_model::Cause;

use super::fixture::Fixture;
use crate::Repository;

/// `main` and `side`, which part after the first of three commits each; the last is on `side`.
fn forked() -> Fixture {
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.git(&["branch", "side"]);
    for branch in ["main", "side"] {
        fixture.git(&["checkout", "-q", branch]);
        for round in 0..3 {
            fixture.write(branch, format!("{branch} {round}\n"));
            fixture.commit();
        }
    }
    fixture
}

#[test]
fn names_are_resolved() {
    let fixture = forked();
    fixture.git(&["tag", "-a", "-m", "note", "v1", "side~1"]);
    let repository = fixture.open();
    for rev in ["HEAD", "side", "main", "v1", "side~2", "refs/heads/main", "main^"] {
        let expected = fixture.git(&["rev-parse", &format!("{rev}^{{commit}}")]);
        assert_eq!(repository.resolve(rev).as_deref(), Ok(expected.trim()), "{rev}");
    }
    let short = &fixture.head()[..10];
    assert_eq!(repository.resolve(short), Ok(fixture.head()));
    for rev in ["nope", "", "HEAD:a", "-x", "HEAD~99", &"0".repeat(40)] {
        let error = repository.resolve(rev).unwrap_err();
        assert_eq!(error.cause, Cause::Missing);
        assert!(error.message.starts_with(&format!("{rev:?} names no commit")), "{error}");
        assert!(error.message.contains("git fetch"), "{error}");
    }
}

#[test]
fn branches_met_where_git_says() {
    let fixture = forked();
    let expected = fixture.git(&["merge-base", "main", "side"]);
    let repository = fixture.open();
    assert_eq!(repository.merge_base("main", "side").as_deref(), Ok(expected.trim()));
    assert_eq!(repository.merge_base("HEAD", "HEAD"), Ok(fixture.head()));
    fixture.git(&["checkout", "-q", "--orphan", "alone"]);
    fixture.commit();
    let error = fixture.open().merge_base("alone", "main").unwrap_err();
    assert!(error.message.contains("have no common ancestor"), "{error}");
}

#[test]
fn a_shallow_clone_says_so() {
    let origin = forked();
    let clone = origin.cloned(&["--depth", "1", "--no-single-branch"]);
    let repository = clone.open();
    assert!(repository.is_shallow());
    for error in [
        repository.resolve("HEAD~1").unwrap_err(),
        repository.resolve("nope").unwrap_err(),
        repository.merge_base("HEAD", "origin/main").unwrap_err(),
    ] {
        assert_eq!(error.cause, Cause::Missing);
        for part in ["cut off", "git fetch --unshallow", "fetch-depth: 0"] {
            assert!(error.message.contains(part), "{error}");
        }
    }
    assert_eq!(repository.uncommitted(), Ok(0));
    let deeper = origin.cloned(&["--depth", "4", "--no-single-branch"]);
    let expected = origin.git(&["merge-base", "main", "side"]);
    assert_eq!(deeper.open().merge_base("HEAD", "origin/main").as_deref(), Ok(expected.trim()));
}

#[test]
fn a_partial_clone_says_so() {
    let origin = forked();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = origin.cloned(&["--filter=blob:none"]);
    let repository = clone.open();
    let tree = repository.commit_tree("origin/main").unwrap();
    assert_eq!(tree.files().unwrap().len(), 2);
    let error = tree.read("main", 100).unwrap_err();
    assert!(error.message.contains("partial clone"), "{error}");
    assert_eq!(repository.working_copy().read("side", 100).unwrap(), b"side 2\n");
}

#[test]
fn the_upstream_is_the_configured_one_else_that_of_origin() {
    let origin = forked();
    let main = origin.git(&["rev-parse", "main"]).trim().to_owned();
    let side = origin.git(&["rev-parse", "side"]).trim().to_owned();
    let found = |repository: Repository| repository.upstream();
    assert_eq!(found(origin.open()), None);
    let clone = origin.cloned(&["-b", "main"]);
    assert_eq!(found(clone.open()), Some(("origin/main".to_owned(), main.clone())));
    clone.git(&["branch", "-q", "--set-upstream-to=origin/side"]);
    assert_eq!(found(clone.open()), Some(("origin/side".to_owned(), side.clone())));
    // Where a branch is pushed to is not what it is meant for.
    clone.git(&["checkout", "-q", "-b", "feature", "--no-track", "origin/main"]);
    clone.git(&["update-ref", "refs/remotes/origin/feature", "HEAD"]);
    clone.git(&["config", "branch.feature.remote", "origin"]);
    clone.git(&["config", "branch.feature.merge", "refs/heads/feature"]);
    assert_eq!(found(clone.open()), Some(("origin/side".to_owned(), side.clone())));
    clone.git(&["checkout", "-q", "-b", "topic", "--no-track", "origin/main"]);
    assert_eq!(found(clone.open()), Some(("origin/side".to_owned(), side)));
    clone.git(&["remote", "set-head", "origin", "--delete"]);
    assert_eq!(found(clone.open()), Some(("origin/main".to_owned(), main.clone())));
    clone.git(&["checkout", "-q", "--detach"]);
    assert_eq!(found(clone.open()), Some(("origin/main".to_owned(), main)));
}
