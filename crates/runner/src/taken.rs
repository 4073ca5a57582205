//! What the change's own run reported, taken into the checked folder where the change's code does not run.
//!
//! It comes from whoever proposes the change, so it may be anything: it can add reports and nothing else. No file of the commit is
//! replaced, nothing that has a meaning of its own is added, and no link is followed or made.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path};

use anyhow::Context as _;
use tollgate_check::Tree;
use tollgate_check::paths::is_in;
use tollgate_input::Root;
use tollgate_model::{Cause, Evidence, Problem, Report, Status};
use walkdir::{DirEntry, WalkDir};

use crate::configuration;
use crate::interrupt;
use crate::usage::usage;

/// Most files that are taken, and most bytes of them together.
const MOST_FILES: usize = 100_000;
const MOST_BYTES: u64 = 4 << 30;

/// Deepest folder that is looked into.
const DEEPEST: usize = 60;

/// How many refused files are named.
const NAMED: usize = 5;

/// Folders that have a meaning of their own, wherever they lie.
const FOLDERS: [&str; 3] = [".git", ".github", ".tollgate"];

/// Files that have one.
const FILES: [&str; 5] = [configuration::FILE, "codeowners", ".gitattributes", ".gitignore", ".gitmodules"];

/// What was taken.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// Files that were handed over, relative to the root, whether or not they lay there before.
    files: BTreeSet<String>,
    /// The folder itself, where it lies within the root.
    folder: Option<String>,
    /// What was refused, in sentences.
    pub(crate) refused: Vec<String>,
}

impl Taken {
    /// Makes `report` incomplete where it rests on a file of the folder that neither the `commit` has nor was handed over: whoever
    /// left it there, it tells nothing of this commit.
    pub(crate) fn refuse_leftovers(&self, root: &Root, commit: &dyn Tree, report: &mut Report) {
        let wrong = |evidence: &Evidence| {
            let place = evidence.path.trim_end_matches('/');
            let lies = place != "." && root.relative(place).is_some() && root.path().join(place).exists();
            let what = lies.then(|| self.leftover(place, &evidence.blake3, commit)).flatten()?;
            let message = format!(
                "{place}: lies in the checked folder, but {what}; remove it, and hand over what this commit's own run left"
            );
            Some(Problem::new(Cause::NoEvidence, message).at(place))
        };
        let problems: Vec<Problem> = report.evidence.iter().filter_map(wrong).collect();
        if !problems.is_empty() {
            report.status = Status::Incomplete;
            report.problems.extend(problems);
        }
    }

    /// Why what lies at `place` tells nothing of the `commit`, if it does not.
    fn leftover(&self, place: &str, digest: &str, commit: &dyn Tree) -> Option<&'static str> {
        if self.files.iter().any(|path| is_in(path, place)) {
            return None;
        }
        if commit.contains(place).unwrap_or(false) {
            let is_other =
                commit.read(place, MOST_BYTES).is_ok_and(|bytes| blake3::hash(&bytes).to_hex().as_str() != digest);
            return is_other.then_some("it is not what the commit has there");
        }
        let inside = self.folder.as_ref().is_some_and(|folder| is_in(place, folder));
        let has = || commit.files().map_or(true, |files| files.iter().any(|file| is_in(&file.path, place)));
        (!inside && !has()).then_some("the commit does not have it, and --reports did not hand it over")
    }
}

/// Copies every file below `folder` to the same place below `root`, unless it must not lie there.
///
/// # Errors
/// The folder is not there, holds too much, another file that is in no commit lies where one goes, or something cannot be read or
/// written. Then nothing was taken, or part of it.
pub(crate) fn take(folder: &Path, root: &Root, commit: &dyn Tree) -> anyhow::Result<Taken> {
    let shown = folder.display();
    if !folder.is_dir() {
        return Err(usage(format!("--reports {shown}: no such folder")));
    }
    let (mut files, mut bytes, mut refused) = (0, 0, Vec::new());
    let inside = fs::canonicalize(folder).ok().and_then(|real| root.relative(real.to_str()?));
    let mut taken = Taken { folder: inside.filter(|folder| folder != "."), ..Taken::default() };
    let mut wanted = Vec::new();
    for entry in WalkDir::new(folder).min_depth(1).max_depth(DEEPEST).sort_by_file_name() {
        let entry = entry.with_context(|| format!("--reports {shown}"))?;
        if entry.file_type().is_dir() {
            continue;
        }
        files += 1;
        bytes += entry.metadata().map_or(0, |meta| meta.len());
        if files > MOST_FILES || bytes > MOST_BYTES {
            let most = format!("{MOST_FILES} files of {MOST_BYTES} bytes together");
            return Err(usage(format!("--reports {shown}: holds more than {most}; upload the reports alone")));
        }
        match place(&entry, folder, root, commit)? {
            Ok(Place::Free(path)) => wanted.push((entry.into_path(), path)),
            Ok(Place::There(path)) => {
                taken.files.insert(path);
            }
            Err(because) => refused.push(because),
        }
    }
    for (from, path) in &wanted {
        let to = root.path().join(path);
        let failed = || format!("{path} could not be taken from --reports {shown}");
        let parent = to.parent().unwrap_or(root.path());
        fs::create_dir_all(parent).with_context(failed)?;
        let (file, _guard) = interrupt::file(parent).with_context(failed)?;
        fs::copy(from, file.path()).with_context(failed)?;
        file.persist(&to).with_context(failed)?;
    }
    taken.files.extend(wanted.into_iter().map(|(_, path)| path));
    taken.refused = sentences(&refused);
    Ok(taken)
}

fn sentences(refused: &[String]) -> Vec<String> {
    let named = refused.iter().take(NAMED).map(|one| format!("not taken from the reports: {one}"));
    let more = refused.len().saturating_sub(NAMED);
    named.chain((more > 0).then(|| format!("not taken from the reports: {more} more"))).collect()
}

/// Where a file goes.
enum Place {
    Free(String),
    /// It lies there already.
    There(String),
}

/// Where the file goes, or why it must not lie there.
fn place(entry: &DirEntry, folder: &Path, root: &Root, commit: &dyn Tree) -> anyhow::Result<Result<Place, String>> {
    let inner = entry.path().strip_prefix(folder)?;
    let Some(path) = slashes(inner) else {
        return Ok(Err(format!("{}: its name is no plain path", inner.display())));
    };
    if !entry.file_type().is_file() {
        return Ok(Err(format!("{path}: neither a file nor a folder")));
    }
    if let Some(part) = meaning(&path) {
        return Ok(Err(format!("{path}: {part} is the commit's alone")));
    }
    let to = root.path().join(&path);
    if let Ok(there) = fs::symlink_metadata(&to) {
        if there.is_file() && same(entry.path(), &to)? {
            return Ok(Ok(Place::There(path)));
        }
        if commit.contains(&path).unwrap_or(true) {
            return Ok(Err(format!("{path}: the commit has another one")));
        }
        // Left by an earlier run, perhaps: that one would be judged in place of what was handed over.
        let message = "another one lies in the checked folder, and it is in no commit; remove it, so that what was handed over is judged";
        return Err(usage(format!("--reports {}: {path}: {message}", folder.display())));
    }
    if commit.contains(&path).unwrap_or(true) {
        return Ok(Err(format!("{path}: the commit has it, and it is gone from the working copy")));
    }
    // Below a link it would lie elsewhere.
    let mut above = root.path().to_owned();
    for part in Path::new(&path).parent().into_iter().flat_map(Path::components) {
        above.push(part);
        match fs::symlink_metadata(&above) {
            Ok(meta) if !meta.is_dir() => return Ok(Err(format!("{path}: a part of its path is no folder"))),
            Ok(_) => {}
            Err(_) => break,
        }
    }
    Ok(Ok(Place::Free(path)))
}

/// The path with forward slashes, where it is plain on every system.
fn slashes(path: &Path) -> Option<String> {
    let part = |component: Component<'_>| match component {
        Component::Normal(name) => name.to_str().filter(|name| !name.contains(['\\', ':'])).map(str::to_owned),
        _ => None,
    };
    let parts: Option<Vec<String>> = path.components().map(part).collect();
    parts.map(|parts| parts.join("/"))
}

/// The part of a path that has a meaning of its own, under all names by which a file system may know it.
fn meaning(path: &str) -> Option<&str> {
    let plain = |part: &str| part.trim_end_matches(['.', ' ']).to_lowercase();
    let folder = |part: &&str| FOLDERS.contains(&plain(part).as_str()) || plain(part).starts_with("git~");
    let last = path.rsplit('/').next().filter(|name| FILES.contains(&plain(name).as_str()));
    path.split('/').find(folder).or(last)
}

fn same(one: &Path, other: &Path) -> anyhow::Result<bool> {
    if fs::metadata(one)?.len() != fs::metadata(other)?.len() {
        return Ok(false);
    }
    let digest = |path: &Path| -> anyhow::Result<_> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(fs::File::open(path).with_context(|| format!("{} could not be read", path.display()))?)?;
        Ok(hasher.finalize())
    };
    Ok(digest(one)? == digest(other)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_of_its_own_is_known_by_all_its_names() {
        for (path, found) in [
            ("coverage/lcov.info", None),
            (".git/config", Some(".git")),
            ("a/.GIT/hooks/x", Some(".GIT")),
            ("a/.git./x", Some(".git.")),
            ("GIT~1/config", Some("GIT~1")),
            (".github/workflows/x.yml", Some(".github")),
            (".tollgate/base.json", Some(".tollgate")),
            ("tollgate.toml", Some("tollgate.toml")),
            ("apps/api/Tollgate.toml ", Some("Tollgate.toml ")),
            ("docs/CODEOWNERS", Some("CODEOWNERS")),
            ("a/.gitignore", Some(".gitignore")),
            ("a.github/x", None),
        ] {
            assert_eq!(meaning(path), found, "{path}");
        }
    }

    #[test]
    fn only_plain_paths_are_taken() {
        assert_eq!(slashes(Path::new("a/b")).as_deref(), Some("a/b"));
        for path in ["../a", "/a", "a/../b", "a\\b", "C:x"] {
            assert_eq!(slashes(Path::new(path)), None, "{path}");
        }
    }
}
