//! The paths that reports write, and the files they mean.
//!
//! Test tools write paths relative to the repository, relative to the package that was tested, absolute on the machine
//! that ran the tests, or absolute inside a container. Each path is tried in this order:
//!
//! 1. absolute and inside the root: that file;
//! 2. relative: to the root or to a folder above the report, first the one that most paths of the report fit;
//! 3. absolute elsewhere: the file of the tree that shares the longest end with it, if there is one such file and they
//!    share a folder's name or the whole path; else by a beginning that such files have shown to stand for a folder
//!    (`/app` for `apps/api`).

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::Path;

use tollgate_check::{CheckError, Context, FileKind};

/// What a path of a report means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// This file, relative to the root.
    File(String),
    /// No file that is there.
    Nowhere,
    /// Something outside the root.
    Outside,
}

/// How many paths of a report are tried to find the folder they are relative to.
const SAMPLE: usize = 1000;

/// How many pairs of beginnings are remembered.
const MOST_PAIRS: usize = 16;

/// What each of `paths` means, which the report at `report` writes.
///
/// # Errors
/// When the tree cannot be read.
pub(crate) fn resolve(ctx: &Context<'_>, report: &str, paths: &[String]) -> Result<Vec<Place>, CheckError> {
    let relative: Vec<&str> = paths.iter().map(String::as_str).filter(|path| !is_absolute(path)).take(SAMPLE).collect();
    let bases = bases(ctx, report, &relative)?;
    let mut places = Vec::with_capacity(paths.len());
    let mut foreign = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        places.push(if is_absolute(path) {
            match inside(ctx, path) {
                Some(inside) if exists(ctx, &inside)? => Place::File(inside),
                Some(_) => Place::Nowhere,
                None => {
                    foreign.push(at);
                    Place::Outside
                }
            }
        } else {
            relative_place(ctx, &bases, path)?
        });
    }
    if !foreign.is_empty() {
        let tree = Endings::new(ctx)?;
        for (at, file) in foreign.iter().zip(tree.resolve(foreign.iter().map(|at| paths[*at].as_str()))) {
            if let Some(file) = file {
                places[*at] = Place::File(file);
            }
        }
    }
    Ok(places)
}

/// Whether `path` begins at the top of a file system, of whatever system. Slashes are forward.
fn is_absolute(path: &str) -> bool {
    let drive = |bytes: &[u8]| bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes[2] == b'/';
    path.starts_with('/') || path.as_bytes().first_chunk::<3>().is_some_and(|bytes| drive(bytes))
}

/// An absolute path relative to the root; none where it leads elsewhere, or belongs to another system.
fn inside(ctx: &Context<'_>, path: &str) -> Option<String> {
    if Path::new(path).is_absolute() { ctx.root().relative(path) } else { None }
}

/// Whether a file lies at `path`.
fn exists(ctx: &Context<'_>, path: &str) -> Result<bool, CheckError> {
    Ok(ctx.tree().contains(path)?)
}

/// Folders that paths may be relative to, the one that most of `paths` fit first, of equal ones the nearest to the report.
fn bases(ctx: &Context<'_>, report: &str, paths: &[&str]) -> Result<Vec<String>, CheckError> {
    let mut counted = Vec::new();
    let mut folder = report;
    loop {
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        let mut fits = 0_usize;
        for path in paths {
            if let Some(joined) = join(folder, path)
                && exists(ctx, &joined)?
            {
                fits += 1;
            }
        }
        counted.push((fits, folder.to_owned()));
        if folder.is_empty() {
            break;
        }
    }
    counted.sort_by_key(|(fits, _)| std::cmp::Reverse(*fits));
    Ok(counted.into_iter().map(|(_, folder)| folder).collect())
}

fn relative_place(ctx: &Context<'_>, bases: &[String], path: &str) -> Result<Place, CheckError> {
    let mut place = Place::Outside;
    for base in bases {
        let Some(joined) = join(base, path) else { continue };
        if exists(ctx, &joined)? {
            return Ok(Place::File(joined));
        }
        place = Place::Nowhere;
    }
    Ok(place)
}

/// `path` below `folder` without `.` and `..`; none when it leads above the root or to the root itself.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut joined = String::with_capacity(folder.len() + 1 + path.len());
    joined.push_str(folder);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if joined.is_empty() => return None,
            ".." => joined.truncate(joined.rfind('/').unwrap_or(0)),
            _ => {
                if !joined.is_empty() {
                    joined.push('/');
                }
                joined.push_str(part);
            }
        }
    }
    (!joined.is_empty()).then_some(joined)
}

/// The files of a tree, in order of their paths read from the end.
struct Endings {
    files: Vec<String>,
}

/// What the endings say about one path.
enum Match<'a> {
    /// One file shares the longest end: it, and the beginnings that differ.
    One(&'a str, (&'a str, &'a str)),
    /// None does, or several, or by too little.
    Unclear,
}

impl Endings {
    fn new(ctx: &Context<'_>) -> Result<Self, CheckError> {
        let regular = |kind: FileKind| matches!(kind, FileKind::File | FileKind::Executable);
        let mut files: Vec<String> =
            ctx.tree().files()?.into_iter().filter(|file| regular(file.kind)).map(|file| file.path).collect();
        files.sort_unstable_by(|a, b| from_the_end(a, b));
        Ok(Self { files })
    }

    /// The file that each of `paths` means, if any.
    fn resolve<'a>(&'a self, paths: impl Iterator<Item = &'a str> + Clone) -> Vec<Option<String>> {
        let mut pairs = BTreeSet::new();
        let matches: Vec<_> = paths.clone().map(|path| self.longest(path)).collect();
        for found in &matches {
            if let Match::One(_, pair) = found
                && pairs.len() < MOST_PAIRS
            {
                pairs.insert(*pair);
            }
        }
        let by_pair = |path: &str| {
            let candidate = |(from, to): &(&str, &str)| {
                let rest = path.strip_prefix(from)?.strip_prefix('/')?;
                join(to, rest).filter(|file| self.contains(file))
            };
            let candidates: BTreeSet<String> = pairs.iter().filter_map(candidate).collect();
            if candidates.len() == 1 { candidates.into_iter().next() } else { None }
        };
        let place = |(path, found): (&str, &Match<'_>)| match found {
            Match::One(file, _) => Some((*file).to_owned()),
            Match::Unclear => by_pair(path),
        };
        paths.zip(&matches).map(place).collect()
    }

    fn contains(&self, path: &str) -> bool {
        self.files.binary_search_by(|file| from_the_end(file, path)).is_ok()
    }

    /// The file that shares the longest end with `path`. In the order of endings it stands next to where `path` would.
    fn longest<'a>(&'a self, path: &'a str) -> Match<'a> {
        let at = self.files.partition_point(|file| from_the_end(file, path) == Ordering::Less);
        let near = &self.files[at.saturating_sub(2)..(at + 2).min(self.files.len())];
        let best = near.iter().map(|file| shared(file, path)).max().unwrap_or(0);
        let mut sharing = near.iter().filter(|file| shared(file, path) == best);
        let (Some(file), None) = (sharing.next(), sharing.next()) else { return Match::Unclear };
        let whole = file.split('/').count() == best;
        if best == 0 || best == 1 && !whole {
            return Match::Unclear;
        }
        Match::One(file, (without_end(path, best), without_end(file, best)))
    }
}

fn from_the_end(a: &str, b: &str) -> Ordering {
    a.rsplit('/').cmp(b.rsplit('/'))
}

/// How many components two paths share, from the end.
fn shared(a: &str, b: &str) -> usize {
    a.rsplit('/').zip(b.rsplit('/')).take_while(|(a, b)| a == b).count()
}

/// `path` without its last `count` components and the slash before them.
fn without_end(path: &str, count: usize) -> &str {
    path.rsplitn(count + 1, '/').nth(count).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_stays_inside() {
        for (folder, path, expected) in [
            ("", "src/a.ts", Some("src/a.ts")),
            ("", "./src//b/../a.ts", Some("src/a.ts")),
            ("apps/api", "../../packages/ui/x.ts", Some("packages/ui/x.ts")),
            ("apps/api", "../../../x.ts", None),
            ("", "..", None),
            ("", "../x", None),
            ("a", "..", None),
        ] {
            assert_eq!(join(folder, path).as_deref(), expected, "{folder} {path}");
        }
    }

    #[test]
    fn absolute_is_what_any_system_calls_so() {
        assert!(is_absolute("/a") && is_absolute("C:/a") && is_absolute("//server/a"));
        assert!(!is_absolute("a/b") && !is_absolute("C:a") && !is_absolute("C:") && !is_absolute(""));
    }

    fn endings(files: &[&str], paths: &[&str]) -> Vec<Option<String>> {
        let mut files: Vec<String> = files.iter().map(|f| (*f).to_owned()).collect();
        files.sort_unstable_by(|a, b| from_the_end(a, b));
        Endings { files }.resolve(paths.iter().copied())
    }

    #[test]
    fn the_longest_end_that_is_one_file() {
        let files = ["src/a.ts", "lib/src/a.ts", "src/b.ts", "include/math.h", "index.js"];
        let paths = ["/app/src/b.ts", "/usr/include/math.h", "/usr/x/math.h", "/app/index.js", "/app/z.ts"];
        let found = endings(&files, &paths);
        let found: Vec<_> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found, [Some("src/b.ts"), Some("include/math.h"), None, Some("index.js"), None]);
    }

    #[test]
    fn what_is_unclear_follows_the_others() {
        let files =
            ["apps/api/src/only.ts", "apps/api/src/a.ts", "apps/web/src/a.ts", "apps/api/i.js", "apps/web/i.js"];
        assert_eq!(endings(&files, &["/app/src/a.ts"]), [None]);
        let found = endings(&files, &["/app/src/a.ts", "/app/src/only.ts", "/app/i.js"]);
        let found: Vec<_> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found, [Some("apps/api/src/a.ts"), Some("apps/api/src/only.ts"), Some("apps/api/i.js")]);
    }
}
