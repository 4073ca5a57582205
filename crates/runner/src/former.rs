//! Where the checked folder and its policy lay in another commit: either may have moved since.
//!
//! Asked of git's renames across the whole repository, and only where something is not in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use tollgate_check::paths::name;
use tollgate_check::{ChangeKind, ChangedFile, Changes as _, TreeError};
use tollgate_tree::Repository;

use crate::configuration::FILE;

/// Where they lay. Paths begin at the top of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Former {
    /// The checked folder; `.` for the top.
    pub(crate) root: String,
    pub(crate) policy: Origin,
}

/// Where the policy comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It lay where it lies, links followed: here.
    Here(String),
    /// It lay here, and moved.
    Moved(String),
    /// One of these, which are all gone; nobody can tell which.
    OneOf(Vec<String>),
    /// There was none: the change brings it.
    New,
    /// It is no file of the repository, or there is none now.
    Outside,
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sought<'a> {
    /// The checked folder now; `.` for the top.
    pub(crate) root: &'a str,
    /// The policy's file now, from the top; none where it lies outside.
    pub(crate) policy: Option<&'a str>,
    /// Where the change began: what is gone since has been taken away by it.
    pub(crate) began: &'a str,
}

/// Where `sought` lay in `commit`.
pub(crate) fn find(repository: &Repository, sought: Sought<'_>, commit: &str) -> Result<Former, TreeError> {
    let Sought { root, policy, began } = sought;
    let here = policy.map(|path| repository.follow(commit, path)).transpose()?.flatten();
    let stood = repository.has_folder(commit, root)?;
    let is_there = policy.is_some_and(|path| repository.top().join(path).is_file());
    if stood && (here.is_some() || !is_there) {
        return Ok(Former { root: root.to_owned(), policy: here.map_or(Origin::Outside, Origin::Here) });
    }
    let whole = repository.whole()?;
    let changes = whole.changes(commit)?;
    let files = changes.files();
    let count = |folder: &str| Ok(repository.commit_tree_at(commit, folder)?.files()?.len());
    let had = if stood { count(root)? } else { 0 };
    let old_root = match likeliest(files, root) {
        Some((old, moved)) if moved > had.saturating_sub(left(files, root)) && moved * 2 >= count(old)? => old,
        _ => root,
    };
    let origin = match (here, policy) {
        (Some(here), _) => Origin::Here(here),
        (None, None) => Origin::Outside,
        (None, Some(path)) => {
            let beside = relative(path, root).filter(|_| old_root != root).map(|rest| joined(old_root, rest));
            let beside = beside.filter(|old| relative(root, old_root).is_none() || gone(files).contains(old.as_str()));
            let beside = beside.map(|old| repository.follow(commit, &old)).transpose()?.flatten();
            let in_both = |old: &str| repository.follow(began, old).map(|found| found.is_some());
            match beside {
                Some(old) => Origin::Moved(old),
                None => origin(files, path, in_both)?,
            }
        }
    };
    Ok(Former { root: old_root.to_owned(), policy: origin })
}

/// Where the policy that lies at `path` now came from, as `files` tell; of those that are gone, `counts` says which matter.
fn origin(
    files: &[ChangedFile],
    path: &str,
    counts: impl Fn(&str) -> Result<bool, TreeError>,
) -> Result<Origin, TreeError> {
    let Some(file) = files.iter().find(|file| file.path == path) else { return Ok(Origin::Outside) };
    if let Some(old) = &file.old_path {
        return Ok(Origin::Moved(old.clone()));
    }
    let is_policy = |other: &str| [FILE, name(path)].contains(&name(other));
    let lives_on = |old: &str| files.iter().any(|file| file.old_path.as_deref() == Some(old) && is_policy(&file.path));
    let mut all = Vec::new();
    for old in gone(files).into_iter().filter(|old| is_policy(old) && !lives_on(old)) {
        if counts(old)? {
            all.push(old.to_owned());
        }
    }
    Ok(match all.as_slice() {
        [] => Origin::New,
        [old] => Origin::Moved(old.clone()),
        _ => Origin::OneOf(all),
    })
}

/// The folder that most of what came into `root` under the same names came from, and how many files that is.
fn likeliest<'a>(files: &'a [ChangedFile], root: &str) -> Option<(&'a str, usize)> {
    let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files {
        let from = || {
            let (old, rest) = (file.old_path.as_deref()?, relative(&file.path, root)?);
            match old.strip_suffix(rest)? {
                "" => Some("."),
                folder => folder.strip_suffix('/'),
            }
        };
        if let Some(folder) = from() {
            *votes.entry(folder).or_default() += 1;
        }
    }
    // Of folders with as many, the first.
    votes.into_iter().rev().max_by_key(|(_, count)| *count)
}

/// How many files left `root`, or were left out.
fn left(files: &[ChangedFile], root: &str) -> usize {
    gone(files).into_iter().filter(|path| relative(path, root).is_some()).count()
}

/// Files that are no longer where they were.
fn gone(files: &[ChangedFile]) -> BTreeSet<&str> {
    let deleted = |file: &&ChangedFile| file.kind == ChangeKind::Deleted;
    let old = files.iter().filter_map(|file| file.old_path.as_deref());
    old.chain(files.iter().filter(deleted).map(|file| file.path.as_str())).collect()
}

/// `path` as it is called in `folder`; none where it does not lie in there.
pub(crate) fn relative<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder == "." { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// The path of what `folder` calls `rest`.
pub(crate) fn joined(folder: &str, rest: &str) -> String {
    if folder == "." { rest.to_owned() } else { format!("{folder}/{rest}") }
}

/// The folder of the file at `path`, and `.` for the top.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

/// The path from `top` of the file that a person named: what it is called there, since where links lead is up to the change.
/// None where it lies outside, or below `.git`.
pub(crate) fn within(top: &Path, named: &Path) -> Option<String> {
    let named = std::path::absolute(named).ok()?;
    let parts: Vec<Component<'_>> = named.components().collect();
    (1..=parts.len()).find_map(|at| {
        let (folder, rest) = parts.split_at(at);
        let real = folder.iter().collect::<PathBuf>().canonicalize().ok()?;
        inside(real.strip_prefix(top).ok()?.components().chain(rest.iter().copied()))
    })
}

/// A link within a repository on the way to the folder that a person `named`, as the shell's `directory` spells the way: the change
/// may have put it there.
pub(crate) fn linked(named: &Path, directory: Option<&Path>) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let spelt = directory.filter(|spelt| spelt.is_absolute() && spelt.canonicalize().is_ok_and(|real| real == here));
    let way = spelt.unwrap_or(&here).join(named);
    let mut folder = PathBuf::new();
    way.components().find_map(|part| {
        let above = folder.clone();
        folder.push(part);
        let is_link = folder.symlink_metadata().is_ok_and(|found| found.is_symlink());
        let is_inside = || Repository::discover(&above).is_ok_and(|repository| repository.is_some());
        (is_link && is_inside()).then(|| folder.clone())
    })
}

/// The path that `parts` make; none where they lead out, or below `.git`.
fn inside<'a>(parts: impl Iterator<Item = Component<'a>>) -> Option<String> {
    let mut path: Vec<&str> = Vec::new();
    for part in parts {
        match part {
            Component::ParentDir => drop(path.pop()?),
            Component::Normal(part) => path.push(part.to_str()?),
            _ => {}
        }
    }
    let is_kept = path.iter().all(|part| !part.eq_ignore_ascii_case(".git"));
    (is_kept && !path.is_empty()).then(|| path.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(old: &str, path: &str) -> ChangedFile {
        let kind = ChangeKind::Renamed;
        let (added, removed) = (Vec::new(), 0);
        ChangedFile {
            path: path.to_owned(),
            kind,
            old_path: Some(old.to_owned()),
            binary: false,
            link: false,
            added,
            removed,
        }
    }

    fn deleted(path: &str) -> ChangedFile {
        ChangedFile { kind: ChangeKind::Deleted, old_path: None, ..renamed(path, path) }
    }

    fn added(path: &str) -> ChangedFile {
        ChangedFile { kind: ChangeKind::Added, ..deleted(path) }
    }

    #[test]
    fn a_folder_came_from_where_most_of_its_files_did() {
        let files = [
            renamed("apps/api/a", "services/api/a"),
            renamed("apps/api/b/c", "services/api/b/c"),
            renamed("lib/d", "services/api/d"),
            renamed("e", "services/api/f"),
            renamed("apps/api/g", "elsewhere/g"),
            deleted("services/api/h"),
        ];
        assert_eq!(likeliest(&files, "services/api"), Some(("apps/api", 2)));
        assert_eq!(left(&files, "services/api"), 1);
        assert_eq!(likeliest(&files[3..], "services/api"), None);
        assert_eq!(likeliest(&[renamed("a", "x/a")], "x"), Some((".", 1)));
        assert_eq!(likeliest(&[renamed("x/a", "a")], "."), Some(("x", 1)));
    }

    #[test]
    fn a_policy_came_from_its_rename_else_from_the_only_one_that_is_gone() {
        let (at, t) = ("ci/gate.toml", "tollgate.toml");
        let moved = |old: &str| Origin::Moved(old.to_owned());
        for (files, wanted) in [
            (vec![renamed("x/y.toml", at), deleted(t)], moved("x/y.toml")),
            (vec![added(at), deleted(t)], moved(t)),
            (vec![added(at), deleted("x/gate.toml")], moved("x/gate.toml")),
            (vec![added(at), renamed(t, "tollgate.bak")], moved(t)),
            (vec![added(at), renamed(t, "x/tollgate.toml")], Origin::New),
            (vec![added(at), deleted("x/later/tollgate.toml")], Origin::New),
            (vec![added(at), deleted("x/other.toml")], Origin::New),
            (
                vec![added(at), deleted(t), deleted("x/gate.toml")],
                Origin::OneOf(vec![t.to_owned(), "x/gate.toml".to_owned()]),
            ),
            (vec![deleted(t)], Origin::Outside),
        ] {
            let found = origin(&files, at, |old| Ok(!old.contains("later")));
            assert_eq!(found.unwrap(), wanted, "{files:?}");
        }
    }

    #[test]
    fn a_named_file_goes_by_its_name_in_the_repository() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap().join("top");
        std::fs::create_dir_all(top.join("ci")).unwrap();
        let of = |path: &str| within(&top, &dir.path().join(path));
        for (path, wanted) in [
            ("top/ci/gate.toml", Some("ci/gate.toml")),
            ("top/ci/../gate.toml", Some("gate.toml")),
            ("top/../top/gate.toml", Some("gate.toml")),
            ("top/ci/../../gate.toml", None),
            ("gate.toml", None),
            ("top/.git/gate.toml", None),
            ("top/x/.GIT/gate.toml", None),
            ("top", None),
        ] {
            assert_eq!(of(path).as_deref(), wanted, "{path}");
        }
    }
}
