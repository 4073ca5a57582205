//! Where the build output lies.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use tollgate_input::{Entry, InputError, Root};
use tollgate_model::{Cause, Problem, format};

use crate::folder;
use crate::kind::Kind;

/// Folders looked at where none is named. `*` is any one folder.
const USUAL: [&str; 9] =
    ["dist", "build", "out", ".next", "public/build", "apps/*/dist", "apps/*/build", "apps/*/out", "apps/*/.next"];

/// How many entries are looked at in search of one built file.
const SEARCH_ENTRIES: usize = 20_000;

/// How deep that search goes.
const SEARCH_DEPTH: usize = 8;

/// The build folder: where it is said to be, and its canonical path.
#[derive(Clone, Debug)]
pub(crate) struct BuildFolder {
    /// Relative to the root, with forward slashes.
    pub(crate) dir: String,
    /// Canonical, inside the root.
    pub(crate) real: PathBuf,
    /// The folder in it that is shipped, where the rest stays on the server: `static` of a build of Next.js.
    pub(crate) shipped: Option<&'static str>,
}

impl BuildFolder {
    /// # Errors
    /// It is a build of Next.js without what it ships.
    fn new(dir: String, real: PathBuf) -> Result<Self, Problem> {
        let ships = std::fs::symlink_metadata(real.join("static")).is_ok_and(|meta| meta.is_dir());
        let serves = real.join("BUILD_ID").is_file() && real.join("server").is_dir();
        let is_next = serves || (ships && real.join("build-manifest.json").is_file());
        if !is_next {
            return Ok(Self { dir, real, shipped: None });
        }
        if !ships {
            let message = format!(
                "{dir}: is a build of Next.js without its folder static, which is what browsers get; run `next build`"
            );
            return Err(Problem::new(Cause::NoEvidence, message).at(dir));
        }
        Ok(Self { dir, real, shipped: Some("static") })
    }
}

/// The folder that `dir` names, or the one usual folder that holds built files.
pub(crate) fn build_folder(root: &Root, dir: Option<&str>) -> Result<BuildFolder, Problem> {
    if let Some(dir) = dir {
        return named(root, dir);
    }
    let mut found = usual(root);
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(Problem::new(
            Cause::Missing,
            format!(
                "no build output: none of {} holds a built file (js, css, html, wasm); build first, or name the folder \
                 with `dir`",
                USUAL.join(", ")
            ),
        )),
        n => {
            let shown: Vec<&str> = found.iter().take(10).map(|f| f.dir.as_str()).collect();
            Err(Problem::new(
                Cause::Unreadable,
                format!(
                    "{n} folders hold built files: {}; name one with `dir`, or each with a `[[bundle]]` of its own",
                    format::few(&shown, n)
                ),
            ))
        }
    }
}

/// Whether there is a build to look at.
pub(crate) fn exists(root: &Root, dir: Option<&str>) -> bool {
    match dir {
        Some(dir) => root.entry(dir) == Ok(Entry::Folder),
        None => !usual(root).is_empty(),
    }
}

fn named(root: &Root, dir: &str) -> Result<BuildFolder, Problem> {
    let relative = root.relative(dir).unwrap_or_else(|| dir.to_owned());
    let refused = |error: InputError| {
        let (cause, path) = (error.problem().cause, relative.clone());
        let message = match error {
            InputError::Missing { .. } => format!("{path}: not found; build first, or name the folder with `dir`"),
            InputError::Outside { .. } => {
                format!("{path}: lies outside the checked folder; `dir` must name a folder inside it")
            }
            other => other.to_string(),
        };
        Problem::new(cause, message).at(path)
    };
    match root.entry(dir).map_err(refused)? {
        Entry::Folder => BuildFolder::new(relative.clone(), root.resolve(dir).map_err(refused)?),
        Entry::File(_) | Entry::Other => {
            let message = format!("{relative}: is not a folder; `dir` must name the folder of the build output");
            Err(Problem::new(Cause::Unreadable, message).at(relative))
        }
    }
}

/// The usual folders that hold built files, each once.
pub(crate) fn usual(root: &Root) -> Vec<BuildFolder> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for dir in USUAL.iter().flat_map(|pattern| expand(root, pattern)) {
        if let Ok(folder) = named(root, &dir)
            && seen.insert(folder.real.clone())
            && holds_built_file(&folder.real)
        {
            found.push(folder);
        }
    }
    // What Next.js exports holds what it built, and less is known of it.
    let exported: HashSet<String> = found
        .iter()
        .filter(|folder| folder.real.join("export-detail.json").is_file())
        .filter_map(|folder| Some(format!("{}out", folder.dir.strip_suffix(".next")?)))
        .collect();
    found.retain(|folder| !exported.contains(&folder.dir));
    found.sort_by(|a, b| a.dir.cmp(&b.dir));
    found
}

fn expand(root: &Root, pattern: &str) -> Vec<String> {
    let Some((parent, rest)) = pattern.split_once("/*/") else {
        return vec![pattern.to_owned()];
    };
    let listing = root.resolve(parent).ok().and_then(|real| folder::list(&real, SEARCH_ENTRIES).ok());
    listing.unwrap_or_default().iter().map(|entry| format!("{parent}/{}/{rest}", entry.shown())).collect()
}

/// Whether a file that a build makes lies in `folder`, by names alone; links are not followed.
fn holds_built_file(folder: &Path) -> bool {
    let mut room = SEARCH_ENTRIES;
    let mut level = vec![folder.to_owned()];
    for _ in 0..SEARCH_DEPTH {
        let mut next = Vec::new();
        for folder in level {
            let Ok(entries) = folder::list(&folder, room) else { continue };
            room -= entries.len();
            for entry in &entries {
                if entry.kind.is_dir() {
                    next.push(folder.join(&entry.name));
                } else if entry.kind.is_file() && Kind::of(&entry.shown()).is_built() {
                    return true;
                }
            }
        }
        level = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn root(files: &[&str]) -> (tempfile::TempDir, Root) {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let root = Root::new(dir.path()).unwrap();
        (dir, root)
    }

    #[test]
    fn the_one_folder_with_built_files_is_found() {
        for (files, dir) in [
            (vec!["dist/deep/er/app.js", "build/notes.txt", "src/a.js"], "dist"),
            (vec!["apps/web/out/index.html", "apps/api/dist/README"], "apps/web/out"),
            (vec!["public/build/a.css", "public/index.html"], "public/build"),
        ] {
            let (_dir, root) = root(&files);
            assert!(exists(&root, None));
            assert_eq!(build_folder(&root, None).unwrap().dir, dir);
        }
    }

    #[test]
    fn none_and_several_are_said() {
        let (_dir, none) = root(&["build/Makefile", "src/a.js"]);
        assert!(!exists(&none, None));
        assert_eq!(build_folder(&none, None).unwrap_err().cause, Cause::Missing);
        let (_dir, two) = root(&["dist/a.js", "apps/web/dist/a.js"]);
        let message = build_folder(&two, None).unwrap_err().message;
        assert!(message.starts_with("2 folders hold built files: apps/web/dist, dist; name one"), "{message}");
    }

    #[test]
    fn a_named_folder_must_be_one() {
        let (_dir, root) = root(&["dist/a.js", "file"]);
        assert_eq!(build_folder(&root, Some("./dist/")).unwrap().dir, "dist");
        for (dir, words) in [("gone", "not found; build first"), ("file", "is not a folder"), ("../x", "lies outside")]
        {
            let problem = build_folder(&root, Some(dir)).unwrap_err();
            assert!(problem.message.starts_with(&format!("{dir}: {words}")), "{}", problem.message);
            assert!(!exists(&root, Some(dir)));
        }
    }

    #[test]
    fn of_next_only_what_browsers_get_is_shipped() {
        let shipped = |files: &[&str]| {
            let (_dir, root) = root(files);
            build_folder(&root, Some(".next")).map(|folder| folder.shipped).map_err(|problem| problem.cause)
        };
        assert_eq!(shipped(&[".next/BUILD_ID", ".next/server/a.js", ".next/static/a.js"]), Ok(Some("static")));
        assert_eq!(shipped(&[".next/build-manifest.json", ".next/static/a.js"]), Ok(Some("static")));
        assert_eq!(shipped(&[".next/BUILD_ID", ".next/server/a.js"]), Err(Cause::NoEvidence));
        assert_eq!(shipped(&[".next/build-manifest.json", ".next/a.js"]), Ok(None));
        // Of an export, the folder that says more.
        let exported = [".next/build-manifest.json", ".next/static/a.js", "out/index.html"];
        let (_dir, both) = root(&exported);
        assert_eq!(usual(&both).len(), 2);
        let (_dir, one) = root(&[&exported[..], &[".next/export-detail.json"]].concat());
        assert_eq!(build_folder(&one, None).unwrap().dir, ".next");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_shipped_is_no_link() {
        let (dir, root) = root(&[".next/BUILD_ID", ".next/server/a.js", ".next/build-manifest.json", "elsewhere/a.js"]);
        std::os::unix::fs::symlink("../elsewhere", dir.path().join(".next/static")).unwrap();
        assert_eq!(build_folder(&root, Some(".next")).unwrap_err().cause, Cause::NoEvidence);
    }

    #[cfg(unix)]
    #[test]
    fn two_names_of_one_folder_are_one() {
        let (dir, root) = root(&["dist/a.js"]);
        std::os::unix::fs::symlink("dist", dir.path().join("out")).unwrap();
        assert_eq!(build_folder(&root, None).unwrap().dir, "dist");
    }
}
