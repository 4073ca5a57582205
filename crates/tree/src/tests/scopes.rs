//! Parts of history, and history of which parts are not there.

use std::fs;

use super::fixture::Fixture;
use super::walk::{paths, places};
use crate::{Id, Scope};

fn range(from: &str, to: &str) -> Scope {
    Scope::Range { from: from.to_owned(), to: to.to_owned() }
}

fn ids(fixture: &Fixture, revs: &[&str]) -> Vec<Id> {
    let mut ids: Vec<Id> = revs.iter().map(|rev| Id::from_hex(&fixture.id(rev)).unwrap()).collect();
    ids.sort();
    ids
}

#[test]
fn a_range_tells_what_is_new_in_it() {
    let fixture = Fixture::with(&[("a", "1\n"), ("b", "2\n"), ("c", "3\n")]);
    let base = fixture.head();
    fixture.write("new", "new\n");
    fixture.write("b", "2, changed\n");
    fixture.git(&["mv", "a", "renamed"]);
    fixture.commit();
    fixture.git(&["rm", "-q", "c"]);
    fixture.write("gone", "gone again\n");
    fixture.commit();
    fixture.git(&["rm", "-q", "gone"]);
    fixture.write("c", "1\n");
    let tip = fixture.commit();
    let repository = fixture.open();
    let (told, walked) = places(&repository, &range(&base, "HEAD"));
    let told: Vec<&str> = told.iter().map(|told| told.path.as_str()).collect();
    assert_eq!(told, ["b", "new", "gone"]);
    assert_eq!((walked.commits, walked.missing, walked.shallow), (3, 0, false));
    assert_eq!(walked.replaced, ids(&fixture, &[&format!("{base}:b"), &format!("{base}:c")]));
    let (told, walked) = places(&repository, &range("main", &tip));
    assert_eq!((told.len(), walked.commits, walked.replaced.len()), (0, 0, 0));
    // The other way round nothing is new, and what is old is gone.
    let (told, walked) = places(&repository, &range("HEAD", &base));
    assert_eq!((told.len(), walked.commits), (0, 0));
    assert_eq!(walked.replaced, ids(&fixture, &["HEAD:b", "HEAD:new"]));
    let error = repository.walk(&range("nope", "HEAD"), &mut |_| {}).unwrap_err();
    assert!(error.message.starts_with("\"nope\" names no commit"), "{error}");
}

#[test]
fn a_range_knows_what_each_parent_outside_of_it_had() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.git(&["branch", "side"]);
    fixture.write("main", "main\n");
    let main = fixture.commit();
    fixture.git(&["checkout", "-q", "side"]);
    fixture.write("side", "side\n");
    fixture.commit();
    fixture.git(&["merge", "-q", "--no-commit", "--no-ff", "main"]);
    fixture.write("merge", "only in the merge\n");
    fixture.commit();
    let repository = fixture.open();
    let (told, walked) = places(&repository, &range("main", "side"));
    let found: Vec<(&str, bool)> =
        told.iter().map(|told| (told.path.as_str(), told.commit.as_ref().unwrap().merge)).collect();
    assert_eq!((found, walked.commits), (vec![("side", false), ("merge", true)], 2));
    assert_eq!(paths(&repository, &range("side~1", "side")), ["main", "merge"]);
    // A base that went on in the meantime.
    fixture.git(&["checkout", "-q", "main"]);
    fixture.write("later", "later\n");
    fixture.commit();
    let (told, walked) = places(&fixture.open(), &range("main", "side"));
    assert_eq!((told.len(), walked.replaced), (2, ids(&fixture, &["main:later"])));
    assert_eq!(paths(&fixture.open(), &range(&main, "main")), ["later"]);
}

#[test]
fn a_range_is_right_whatever_the_clocks_say() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    let mut old = Vec::new();
    for (number, date) in [2030, 2001, 2029, 2002, 2028].into_iter().enumerate() {
        fixture.write("a", format!("{number}\n"));
        old.push(fixture.commit_at(&format!("{date}-01-01T00:00:00Z")));
    }
    fixture.git(&["checkout", "-q", "-b", "side", &old[1]]);
    fixture.write("b", "b\n");
    fixture.commit_at("1999-01-01T00:00:00Z");
    fixture.write("c", "c\n");
    fixture.commit_at("2035-01-01T00:00:00Z");
    for (from, to) in [("main", "side"), ("side", "main"), ("main~2", "side"), ("side~1", "main")] {
        let (_, walked) = places(&fixture.open(), &range(from, to));
        let expected = fixture.git(&["rev-list", "--count", &format!("{from}..{to}")]);
        assert_eq!(walked.commits.to_string(), expected.trim(), "{from}..{to}");
    }
}

#[test]
fn pushed_commits_of_a_range_are_known() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    for path in ["b", "c"] {
        fixture.write(path, path);
        fixture.commit();
    }
    let pushed = || {
        let (told, _) = places(&fixture.open(), &range("HEAD~2", "HEAD"));
        told.into_iter().map(|told| told.commit.unwrap().pushed).collect::<Vec<_>>()
    };
    assert_eq!(pushed(), [None, None]);
    fixture.git(&["update-ref", "refs/remotes/origin/main", "HEAD~1"]);
    assert_eq!(pushed(), [Some(true), Some(false)]);
}

#[test]
fn an_interval_tells_what_came_since() {
    let fixture = Fixture::empty();
    for year in 2001..2006 {
        fixture.write(&format!("{year}"), format!("{year}\n"));
        fixture.write("same", format!("{}\n", year % 2));
        fixture.commit_at(&format!("{year}-01-01T00:00:00Z"));
    }
    let repository = fixture.open();
    let (told, walked) = places(&repository, &Scope::Since(1_072_915_200));
    let told: Vec<&str> = told.iter().map(|told| told.path.as_str()).collect();
    assert_eq!((told, walked.commits), (vec!["2004", "same", "2005"], 2));
    assert_eq!(places(&repository, &Scope::Since(i64::MAX)).1.commits, 0);
    assert_eq!(paths(&repository, &Scope::Since(0)), paths(&repository, &Scope::All));
}

#[test]
fn what_is_staged_is_told() {
    let fixture = Fixture::with(&[("d/a", "1\n"), ("d/b", "2\n"), ("gone", "3\n")]);
    fixture.git(&["mv", "d/a", "d/renamed"]);
    fixture.git(&["rm", "-q", "gone"]);
    fixture.write("d/b", "2, changed\n");
    fixture.write("new", "new\n");
    fixture.git(&["add", "-A"]);
    fixture.write("new", "not staged\n");
    fixture.write("intended", "intended\n");
    fixture.git(&["add", "-N", "intended"]);
    let (told, walked) = places(&fixture.open(), &Scope::Staged);
    assert!(told.iter().all(|told| told.commit.is_none()));
    let found: Vec<&str> = told.iter().map(|told| told.path.as_str()).collect();
    assert_eq!(found, ["d/b", "new"]);
    assert_eq!(walked.replaced, ids(&fixture, &["HEAD:d/b", "HEAD:gone"]));
    let (told, walked) = places(&fixture.open_at("d"), &Scope::Staged);
    assert_eq!((told[0].path.as_str(), told.len()), ("b", 1));
    assert_eq!(walked.replaced, ids(&fixture, &["HEAD:d/b"]));
    let first = Fixture::empty();
    first.write("a", "1\n");
    first.git(&["add", "-A"]);
    assert_eq!(paths(&first.open(), &Scope::Staged), ["a"]);
}

#[test]
fn what_a_merge_brings_is_not_staged() {
    let fixture = Fixture::with(&[("a", "1\n")]);
    fixture.git(&["checkout", "-q", "-b", "side"]);
    fixture.write("side", "side\n");
    fixture.write("a", "2\n");
    fixture.commit();
    fixture.git(&["checkout", "-q", "main"]);
    fixture.write("main", "main\n");
    fixture.commit();
    fixture.git(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
    assert_eq!(paths(&fixture.open(), &Scope::Staged), [""; 0]);
    fixture.write("own", "own\n");
    fixture.git(&["add", "-A"]);
    assert_eq!(paths(&fixture.open(), &Scope::Staged), ["own"]);
    fixture.git(&["merge", "--abort"]);
    fixture.write("a", "3\n");
    fixture.commit();
    fixture.try_git(&["merge", "-q", "side"]);
    let error = fixture.open().walk(&Scope::Staged, &mut |_| {}).unwrap_err();
    assert!(error.message.contains("left it in conflict"), "{error}");
}

fn grown() -> Fixture {
    let fixture = Fixture::with(&[("a", "1\n"), ("d/b", "1\n")]);
    for round in 2..6 {
        fixture.write("a", format!("{round}\n"));
        fixture.commit();
    }
    fixture
}

#[test]
fn history_that_is_cut_off_is_no_trouble() {
    let clone = grown().cloned(&["--depth", "2"]);
    let (told, walked) = places(&clone.open(), &Scope::All);
    assert_eq!((told.len(), walked.commits, walked.missing, walked.shallow), (3, 2, 0, true));
    let (told, walked) = places(&clone.open(), &range("HEAD~1", "HEAD"));
    assert_eq!((told.len(), walked.commits, walked.missing), (1, 1, 0));
}

#[test]
fn what_a_partial_clone_lacks_is_counted() {
    let origin = grown();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = origin.cloned(&["--filter=blob:none"]);
    let (told, walked) = places(&clone.open(), &Scope::All);
    assert_eq!((told.len(), walked.commits, walked.missing), (6, 5, 3));
    assert!(walked.troubles[0].message.contains("partial clone"), "{:?}", walked.troubles);
    assert_eq!(walked.troubles.len(), 3);
    let clone = origin.cloned(&["--filter=tree:0", "--no-checkout"]);
    let (told, walked) = places(&clone.open(), &Scope::All);
    assert_eq!((told.len(), walked.commits, walked.missing), (0, 5, 5));
    assert!(clone.open().head_blobs().is_err());
}

#[test]
fn damaged_history_is_counted() {
    let fixture = grown();
    let object = |rev: &str| {
        let id = fixture.id(rev);
        fixture.top.join(".git/objects").join(&id[..2]).join(&id[2..])
    };
    let (lost, damaged, tree) = (object("HEAD~3"), object("HEAD~1:a"), object("HEAD~2^{tree}"));
    for path in [&lost, &damaged, &tree] {
        fs::remove_file(path).unwrap();
    }
    let (told, walked) = places(&fixture.open(), &Scope::All);
    let told: Vec<(&str, &str)> = told.iter().map(|told| (told.path.as_str(), told.id.as_str())).collect();
    let (last, before) = (fixture.id("HEAD:a"), fixture.id("HEAD~1:a"));
    let other = fixture.id("HEAD:d/b");
    assert_eq!(told, [("a", &*before), ("d/b", &*other), ("a", &*last)]);
    assert_eq!((walked.missing, walked.commits), (3, 3));
    for trouble in &walked.troubles {
        assert!(trouble.message.contains("git fsck"), "{trouble}");
    }
}
