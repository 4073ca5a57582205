//! The files of a tree by the ends of their paths: what is left to go by where a path begins in another place.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use tollgate_check::paths::is_in;
use tollgate_check::{CheckError, Context, FileKind};

use super::paths::join;

/// How many pairs of beginnings others are held against.
const MOST_PAIRS: usize = 16;

/// The files of a tree, in order of their paths read from the end.
#[derive(Debug)]
pub(super) struct Endings {
    files: Vec<String>,
}

/// A file that a path means, and the beginnings of both that differ: `/app` and `apps/api`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) file: String,
    pub(super) from: String,
    pub(super) to: String,
    /// Whether other paths show the beginning to stand for another folder, so that it may be another file.
    pub(super) doubtful: bool,
}

impl Found {
    /// How many parts of its path the file shares with what was asked for.
    pub(super) fn shared(&self) -> usize {
        let parts = |path: &str| path.split('/').filter(|part| !part.is_empty()).count();
        parts(&self.file) - parts(&self.to)
    }
}

/// A beginning of paths elsewhere, and the folder that it stands for: `/app` and `apps/api`.
type Pair<'a> = (&'a str, &'a str);

/// What beginnings stand for.
struct Meanings<'a> {
    /// Pairs that no other contradicts, or that outweigh it.
    holding: Vec<Pair<'a>>,
    doubtful: BTreeSet<Pair<'a>>,
}

impl<'a> Meanings<'a> {
    /// What `pairs`, each with how many paths show it, say together.
    fn of(pairs: BTreeMap<Pair<'a>, usize>, report: &str, certain: bool) -> Self {
        let weight = |pair: &Pair<'_>, paths: usize| (paths, !pair.1.is_empty() && is_in(report, pair.1));
        let mut ranked: Vec<_> = pairs.into_iter().map(|(pair, paths)| (weight(&pair, paths), pair)).collect();
        ranked.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let (mut heavy, mut doubtful) = (Vec::new(), BTreeSet::new());
        for (weight, pair) in ranked {
            let other = heavy.iter().find(|(_, heavier)| certain && contradict(pair, *heavier));
            if let Some((equal, heavier)) = other {
                doubtful.insert(pair);
                doubtful.extend((*equal == weight).then_some(*heavier));
            } else if heavy.len() < MOST_PAIRS {
                heavy.push((weight, pair));
            }
        }
        let holding = heavy.into_iter().map(|(_, pair)| pair).filter(|pair| !doubtful.contains(pair)).collect();
        Self { holding, doubtful }
    }
}

/// Whether what lies below both beginnings would lie in two folders. That all of a file system is the root says little.
fn contradict(a: Pair<'_>, b: Pair<'_>) -> bool {
    let ((outer, to), (inner, inner_to)) = if a.0.len() <= b.0.len() { (a, b) } else { (b, a) };
    let Some(rest) = inner.strip_prefix(outer).filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
        return false;
    };
    let expected = format!("{to}{rest}");
    !outer.is_empty() && expected.trim_start_matches('/') != inner_to
}

/// What the endings say about one path.
enum Match<'a> {
    /// One file shares the longest end: it, and the beginnings that differ.
    One(&'a str, Pair<'a>),
    /// None does, or several, or by too little.
    Unclear,
}

impl Endings {
    /// The regular files of the tree.
    pub(super) fn new(ctx: &Context<'_>) -> Result<Self, CheckError> {
        let regular = |kind: FileKind| matches!(kind, FileKind::File | FileKind::Executable);
        let files = ctx.tree().files()?.into_iter().filter(|file| regular(file.kind)).map(|file| file.path);
        Ok(Self::of(files.collect()))
    }

    fn of(mut files: Vec<String>) -> Self {
        files.sort_unstable_by(|a, b| from_the_end(a, b));
        Self { files }
    }

    /// The file that each of `paths` means, if any: the one that shares the longest end with it, if it is one and they
    /// share a folder's name or the whole path; else by a beginning that such files have shown to stand for a folder. Where the
    /// paths are `certain`, and not tried below several folders, one beginning stands for one folder: for the one that most paths
    /// show, and of two the one that `report` lies in.
    pub(super) fn resolve<'a>(
        &self,
        report: &str,
        certain: bool,
        paths: impl Iterator<Item = &'a str> + Clone,
    ) -> Vec<Option<Found>> {
        let matches: Vec<_> = paths.clone().map(|path| self.longest(path)).collect();
        let mut pairs: BTreeMap<Pair<'_>, usize> = BTreeMap::new();
        for found in &matches {
            if let Match::One(_, pair) = found {
                *pairs.entry(*pair).or_default() += 1;
            }
        }
        let Meanings { holding, doubtful } = Meanings::of(pairs, report, certain);
        let found = |file: &str, pair: Pair<'_>| Found {
            file: file.to_owned(),
            from: pair.0.to_owned(),
            to: pair.1.to_owned(),
            doubtful: doubtful.contains(&pair),
        };
        let by_pair = |path: &str| {
            let candidate = |(from, to)| {
                let rest = path.strip_prefix(from)?.strip_prefix('/')?;
                let file = join(to, rest).filter(|file| self.contains(file))?;
                Some((file, (from, to)))
            };
            let mut candidates: Vec<(Cow<str>, Pair<'_>)> = holding.iter().copied().filter_map(candidate).collect();
            candidates.sort();
            candidates.dedup_by(|a, b| a.0 == b.0);
            match candidates.as_slice() {
                [(file, pair)] => Some(found(file, *pair)),
                _ => None,
            }
        };
        let place = |(path, matched): (&str, &Match<'_>)| match matched {
            Match::One(file, pair) => Some(found(file, *pair)),
            Match::Unclear => by_pair(path),
        };
        paths.zip(&matches).map(place).collect()
    }

    /// Every file whose path ends with the whole of `path`.
    pub(super) fn ending_with(&self, path: &str) -> &[String] {
        let count = path.split('/').count();
        // Files that end with it stand together, from where it would stand itself.
        let start = self.files.partition_point(|file| from_the_end(file, path) == Ordering::Less);
        let length = self.files[start..].partition_point(|file| shared(file, path) == count);
        &self.files[start..start + length]
    }

    /// Every file called `name`.
    pub(super) fn named(&self, name: &str) -> &[String] {
        self.ending_with(name)
    }

    /// Two of the files that share the longest end with `path`, where several do by more than their names.
    pub(super) fn several(&self, path: &str) -> Vec<String> {
        let at = self.files.partition_point(|file| from_the_end(file, path) == Ordering::Less);
        let near = &self.files[near(at, self.files.len())];
        let best = near.iter().map(|file| shared(file, path)).max().unwrap_or(0);
        let sharing: Vec<String> = near.iter().filter(|file| shared(file, path) == best).take(2).cloned().collect();
        if best > 1 && sharing.len() > 1 { sharing } else { Vec::new() }
    }

    /// Whether the folders of `module` stand above some file, in their order.
    pub(super) fn has_folders(&self, module: &str) -> bool {
        self.files.iter().any(|file| super::packages::has_folders(file, module))
    }

    /// The folder below which most of `paths` lie, if it is one, and it holds at least half of them; and how many.
    pub(super) fn folder_of(&self, paths: &[&str]) -> Option<(String, usize)> {
        /// How many files one path may mean before it says nothing.
        const MOST: usize = 50;
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for path in paths {
            let files = self.ending_with(path);
            if files.len() <= MOST {
                let folders = files.iter().filter_map(|file| file.strip_suffix(path)?.strip_suffix('/'));
                folders.for_each(|folder| *counts.entry(folder).or_default() += 1);
            }
        }
        let (folder, most) = counts.iter().max_by_key(|(_, count)| **count)?;
        let alone = counts.values().filter(|count| *count == most).count() == 1;
        (alone && most * 2 >= paths.len()).then(|| ((*folder).to_owned(), *most))
    }

    fn contains(&self, path: &str) -> bool {
        self.files.binary_search_by(|file| from_the_end(file, path)).is_ok()
    }

    /// The file that shares the longest end with `path`. In the order of endings it stands next to where `path` would.
    fn longest<'a>(&'a self, path: &'a str) -> Match<'a> {
        let at = self.files.partition_point(|file| from_the_end(file, path) == Ordering::Less);
        let near = &self.files[near(at, self.files.len())];
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

/// Two places before `at` and two from it, of `length`.
fn near(at: usize, length: usize) -> Range<usize> {
    at.saturating_sub(2)..(at + 2).min(length)
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

    fn of(files: &[&str]) -> Endings {
        Endings::of(files.iter().map(|f| (*f).to_owned()).collect())
    }

    fn endings(files: &[&str], paths: &[&str]) -> Vec<Option<String>> {
        let found = of(files).resolve("lcov.info", true, paths.iter().copied());
        found.into_iter().map(|found| found.map(|f| f.file)).collect()
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

    #[test]
    fn one_beginning_stands_for_one_folder() {
        let files = ["apps/api/src/x.ts", "apps/api/src/y.ts", "apps/web/src/i.ts", "apps/web/src/j.ts", "k/z.ts"];
        let doubtful = |report: &str, paths: &[&'static str]| -> Vec<&'static str> {
            let found = of(&files).resolve(report, true, paths.iter().copied());
            let all = paths.iter().zip(found);
            all.filter(|(_, found)| found.as_ref().is_some_and(|found| found.doubtful)).map(|(path, _)| *path).collect()
        };
        let none: [&str; 0] = [];
        // The most paths tell, then where the report lies, then nothing.
        assert_eq!(
            doubtful("r", &["/app/apps/web/src/i.ts", "/app/apps/api/src/x.ts", "/app/src/i.ts"]),
            ["/app/src/i.ts"]
        );
        assert_eq!(doubtful("r", &["/app/src/x.ts", "/app/src/y.ts", "/app/src/i.ts"]), ["/app/src/i.ts"]);
        assert_eq!(doubtful("apps/api/coverage/r", &["/app/src/x.ts", "/app/src/i.ts"]), ["/app/src/i.ts"]);
        assert_eq!(doubtful("r", &["/app/src/x.ts", "/app/src/i.ts"]), ["/app/src/x.ts", "/app/src/i.ts"]);
        // Below it too.
        assert_eq!(
            doubtful("r", &["/app/apps/api/src/x.ts", "/app/apps/web/src/i.ts", "/app/b/k/z.ts"]),
            ["/app/b/k/z.ts"]
        );
        assert_eq!(doubtful("r", &["/app/src/x.ts", "/web/src/i.ts", "/application/apps/web/src/j.ts"]), none);
        assert_eq!(doubtful("r", &["/b/api/src/x.ts", "/b/web/src/i.ts"]), none);
        assert!(contradict(("/a", "x"), ("/a/b", "x")) && !contradict(("/a", "x"), ("/a/b", "x/b")));
        assert!(!contradict(("/a", ""), ("/a/b", "b")) && !contradict(("", ""), ("/a", "x")));
    }

    #[test]
    fn whole_ends_are_listed() {
        let all = of(&["b/x/A.java", "a/x/A.java", "x/A.java", "a/x/B.java", "xx/A.java", "A.java", "y/a/x/A.java"]);
        let mut found = all.ending_with("x/A.java").to_vec();
        found.sort();
        assert_eq!(found, ["a/x/A.java", "b/x/A.java", "x/A.java", "y/a/x/A.java"]);
        assert_eq!(all.named("B.java"), ["a/x/B.java"]);
        assert!(all.ending_with("z/A.java").is_empty());
        assert_eq!(all.ending_with("A.java").len(), 6);
    }

    #[test]
    fn a_package_is_found_by_most_of_its_paths() {
        let files = ["apps/api/src/a.ts", "apps/api/src/b.ts", "apps/web/src/a.ts", "apps/web/src/c.ts"];
        let all = of(&files);
        assert_eq!(all.folder_of(&["src/a.ts", "src/b.ts"]), Some(("apps/api".to_owned(), 2)));
        assert_eq!(all.folder_of(&["src/a.ts"]), None, "two packages have it");
        assert_eq!(all.folder_of(&["src/b.ts", "src/x.ts", "src/y.ts"]), None, "most of them are not there");
        assert_eq!(all.folder_of(&[]), None);
    }
}
