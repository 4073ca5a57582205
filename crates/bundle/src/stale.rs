//! Whether a build is older than the sources it was made of.

use std::time::{Duration, SystemTime};

use tollgate_check::{Context, TreeFile};
use tollgate_input::{Entry, Root};
use tollgate_model::format;

use crate::asset::within;
use crate::walk::Listing;

/// Ends of names of what bundlers read.
const SOURCES: &[&str] = &[
    "astro", "cjs", "css", "cts", "html", "js", "json", "jsx", "less", "mdx", "mjs", "mts", "sass", "scss", "svelte",
    "svg", "ts", "tsx", "vue",
];

/// Parts of names of what only tests and tools read.
const OF_TESTS: &[&str] =
    &[".test.", ".spec.", ".stories.", ".cy.", "__tests__/", "__mocks__/", "e2e/", "test/", "tests/"];

/// How many sources are looked at.
const MOST: usize = 50_000;

/// A clock of a file system may count in steps of two seconds.
const MARGIN: Duration = Duration::from_secs(2);

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
        format::milliseconds(self.by.as_secs() as f64 * 1000.0)
    }
}

/// The source changed last, where that was after the newest file of the build `dir`. None where the build is under version control,
/// or where the sources are not known.
pub(crate) fn newer(ctx: &Context<'_>, dir: &str, listing: &Listing) -> Option<Newer> {
    let written = listing.written?;
    let tracked = |path: &str| ctx.tree().tracks(&within(dir, path)).unwrap_or(true);
    if listing.assets.first().is_none_or(|asset| tracked(&asset.path))
        || listing.assets.last().is_some_and(|asset| tracked(&asset.path))
    {
        return None;
    }
    let package = package(ctx.root(), dir);
    let ours = |file: &&TreeFile| is_source(&file.path, &package, dir);
    let files = ctx.tree().files().ok()?;
    let mut later: Vec<(SystemTime, &str)> = Vec::new();
    for file in files.iter().filter(ours).take(MOST) {
        let changed = std::fs::symlink_metadata(ctx.root().path().join(&file.path)).and_then(|meta| meta.modified());
        later.extend(
            changed.ok().filter(|changed| *changed > written + MARGIN).map(|changed| (changed, file.path.as_str())),
        );
    }
    let (changed, path) = later.iter().max().copied()?;
    let by = changed.duration_since(written).unwrap_or_default();
    Some(Newer { path: path.to_owned(), by, others: later.len() - 1 })
}

/// The nearest folder above `dir` that has a package.json; the root where none has.
fn package(root: &Root, dir: &str) -> String {
    let mut folder = dir;
    while let Some((above, _)) = folder.rsplit_once('/') {
        if matches!(root.entry(&format!("{above}/package.json")), Ok(Entry::File(_))) {
            return above.to_owned();
        }
        folder = above;
    }
    ".".to_owned()
}

fn is_source(path: &str, package: &str, dir: &str) -> bool {
    let below = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let inside = match package {
        "." => path,
        package if below(package) => &path[package.len() + 1..],
        _ => return false,
    };
    let hidden = inside.split('/').any(|part| part.starts_with('.') || part == "node_modules");
    let ending = path.rsplit_once('.').is_some_and(|(_, end)| SOURCES.contains(&end));
    let of_tests = OF_TESTS.iter().any(|part| {
        inside.starts_with(part.trim_start_matches('/'))
            || inside.contains(&format!("/{part}"))
            || (part.starts_with('.') && inside.contains(part))
    });
    ending && !below(dir) && !hidden && !of_tests
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_build_is_made_of_is_told_by_its_name() {
        for (path, package, expected) in [
            ("src/app.ts", ".", true),
            ("index.html", ".", true),
            ("package.json", ".", true),
            ("apps/web/src/a.css", "apps/web", true),
            ("apps/web-old/src/a.css", "apps/web", false),
            ("apps/api/src/a.ts", "apps/web", false),
            ("apps/web/dist/a.js", "apps/web", false),
            ("src/app.test.ts", ".", false),
            ("src/__tests__/a.ts", ".", false),
            ("test/a.ts", ".", false),
            ("src/latest/a.ts", ".", true),
            ("README.md", ".", false),
            (".storybook/main.ts", ".", false),
            ("node_modules/a/index.js", ".", false),
        ] {
            assert_eq!(is_source(path, package, "apps/web/dist"), expected, "{path}");
        }
    }
}
