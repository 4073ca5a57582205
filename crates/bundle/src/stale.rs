//! Whether a build is older than the sources it was made of.

use std::time::{Duration, SystemTime};

use tollgate_check::paths::{above, join};
use tollgate_check::times::{self, MARGIN};
use tollgate_check::{Context, TreeFile};
use tollgate_input::{Entry, Root};

use crate::asset::{Asset, within};
use crate::walk::Listing;

/// Ends of names of what bundlers read.
const SOURCES: &[&str] = &[
    "astro", "cjs", "css", "cts", "html", "js", "jsx", "less", "mdx", "mjs", "mts", "sass", "scss", "svelte", "svg",
    "ts", "tsx", "vue",
];

/// Parts of names of what only tests and tools read.
const OF_TESTS: &[&str] =
    &[".test.", ".spec.", ".stories.", ".cy.", "__tests__/", "__mocks__/", "e2e/", "test/", "tests/"];

/// How many sources are looked at.
const MOST: usize = 50_000;

/// A source that was changed after the build was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Newer {
    /// Relative to the root.
    pub(crate) path: String,
    /// How long after.
    pub(crate) by: Duration,
    /// How many more there are.
    pub(crate) others: usize,
}

impl Newer {
    /// How long after, in words.
    pub(crate) fn words(&self) -> String {
        times::whole(self.by)
    }
}

/// The source changed last, where that was after the newest file of the build `dir`. None where the build is under version control,
/// outside a repository, where the sources are not known, or where all files were checked out after the build.
pub(crate) fn newer(ctx: &Context<'_>, dir: &str, listing: &Listing) -> Option<Newer> {
    let written = listing.written?;
    let tracked = |asset: &Asset| ctx.tree().tracks(&within(dir, &asset.path)).unwrap_or(true);
    let looked_at = [listing.assets.first()?, listing.assets.last()?];
    if ctx.tree().commit().is_none() || looked_at.into_iter().any(tracked) {
        return None;
    }
    let (package, build) = (join(&package(ctx.root(), dir), ""), join(dir, ""));
    let ours = |file: &&TreeFile| is_source(&file.path, &package, &build);
    let files = ctx.tree().files().ok()?;
    let mut later: Vec<(SystemTime, &str)> = Vec::new();
    for file in files.iter().filter(ours).take(MOST) {
        let changed = times::written(ctx, &file.path).filter(|changed| *changed > written + MARGIN);
        later.extend(changed.map(|changed| (changed, file.path.as_str())));
    }
    let (changed, path) = later.iter().max().copied()?;
    if !times::was_there(ctx, written).unwrap_or(false) {
        return None;
    }
    let by = changed.duration_since(written).unwrap_or_default();
    Some(Newer { path: path.to_owned(), by, others: later.len() - 1 })
}

/// The nearest folder above `dir` that has a package.json; the root where none has.
fn package(root: &Root, dir: &str) -> String {
    let has = |folder: &&str| matches!(root.entry(&join(folder, "package.json")), Ok(Entry::File(_)));
    above(dir).find(has).unwrap_or_default().to_owned()
}

/// Whether the file at `path` is a source of the build: both folders end in a slash, but for the root.
fn is_source(path: &str, package: &str, dir: &str) -> bool {
    let Some(inside) = path.strip_prefix(package) else { return false };
    let hidden = inside.split('/').any(|part| part.starts_with('.') || part == "node_modules");
    let ending = path.rsplit_once('.').is_some_and(|(_, end)| SOURCES.contains(&end));
    let of_tests = OF_TESTS.iter().any(|part| {
        inside.starts_with(part)
            || inside.contains(&format!("/{part}"))
            || (part.starts_with('.') && inside.contains(part))
    });
    ending && !path.starts_with(dir) && !hidden && !of_tests
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;

    use tollgate_check::{Facts, Tree, TreeError};

    use super::*;
    use crate::asset::sample::asset;

    #[test]
    fn what_a_build_is_made_of_is_told_by_its_name() {
        for (path, package, expected) in [
            ("src/app.ts", "", true),
            ("index.html", "", true),
            ("package.json", "", false),
            ("apps/web/src/a.css", "apps/web", true),
            ("apps/web-old/src/a.css", "apps/web", false),
            ("apps/api/src/a.ts", "apps/web", false),
            ("apps/web/dist/a.js", "apps/web", false),
            ("src/app.test.ts", "", false),
            ("src/__tests__/a.ts", "", false),
            ("test/a.ts", "", false),
            ("src/latest/a.ts", "", true),
            ("README.md", "", false),
            (".storybook/main.ts", "", false),
            ("node_modules/a/index.js", "", false),
        ] {
            assert_eq!(is_source(path, &join(package, ""), "apps/web/dist/"), expected, "{path}");
        }
    }

    /// A repository in which only the files named are under version control.
    struct Repository {
        files: Vec<&'static str>,
        tracked: Vec<&'static str>,
        commit: Option<&'static str>,
    }

    impl Tree for Repository {
        fn files(&self) -> Result<Vec<TreeFile>, TreeError> {
            let file = |path: &&str| TreeFile {
                path: (*path).to_owned(),
                tracked: self.tracked.contains(path),
                kind: tollgate_check::FileKind::File,
            };
            Ok(self.files.iter().map(file).collect())
        }

        fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, TreeError> {
            Err(TreeError::new(tollgate_model::Cause::Missing, path))
        }

        fn contains(&self, path: &str) -> Result<bool, TreeError> {
            Ok(self.files.contains(&path))
        }

        fn tracks(&self, path: &str) -> Result<bool, TreeError> {
            Ok(self.tracked.contains(&path))
        }

        fn commit(&self) -> Option<&str> {
            self.commit
        }
    }

    fn write(root: &Path, path: &str, second: u64) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + second);
        File::create(path).unwrap().set_modified(at).unwrap();
    }

    #[test]
    fn an_edit_after_the_build_is_told() {
        let dir = tempfile::tempdir().unwrap();
        for (path, second) in [
            ("web/package.json", 0),
            ("web/src/a.ts", 400),
            ("web/src/b.ts", 300),
            ("web/src/c.ts", 101),
            ("api/d.ts", 900),
        ] {
            write(dir.path(), path, second);
        }
        let root = Root::new(dir.path()).unwrap();
        let look = |tree: &Repository, second: u64| {
            let written = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + second));
            let listing = Listing { assets: vec![asset("a.js", 1), asset("b.js", 1)], written, ..Listing::default() };
            newer(&Context::new(&root, tree, Facts::plain()), "web/dist", &listing)
        };
        let files = vec!["api/d.ts", "web/package.json", "web/src/a.ts", "web/src/b.ts", "web/src/c.ts"];
        let tree = Repository { files: files.clone(), tracked: vec!["web/package.json"], commit: Some("c0ffee") };
        let found = look(&tree, 100).unwrap();
        // A second later is the same moment; another package is none of its business.
        assert_eq!((found.path.as_str(), found.others, found.words()), ("web/src/a.ts", 1, "5 min".to_owned()));
        assert_eq!(look(&tree, 399), None);
        assert_eq!(look(&Repository { commit: None, ..tree }, 100), None);
        // Everything under version control was checked out after the build came from elsewhere.
        assert_eq!(look(&Repository { files, tracked: vec!["web/src/a.ts"], commit: Some("c0ffee") }, 100), None);
        let tree = Repository { files: vec!["web/src/a.ts"], tracked: vec!["web/dist/b.js"], commit: Some("c0ffee") };
        assert_eq!(look(&tree, 100), None);
    }
}
