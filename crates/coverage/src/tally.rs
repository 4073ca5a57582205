//! Adding up: hits and totals of files, of folders and of everything.

use std::ops::Range;

use tollgate_model::{Metric, PLACES, format};

use crate::file_coverage::{Counts, FileCoverage};

/// How many series with a folder's name one metric has at most.
pub(crate) const MOST_FOLDERS: usize = 200;

/// A file and what is known of it.
pub(crate) type File = (String, FileCoverage);

/// What is counted of a file: name of the metric, one of the things, and how to count them.
pub(crate) struct Kind {
    /// Full name of the metric.
    pub(crate) metric: &'static str,
    /// One of what is counted.
    pub(crate) thing: &'static str,
    /// `thing`s.
    pub(crate) things: &'static str,
    /// How many were hit, and how many there are.
    pub(crate) counts: fn(&FileCoverage) -> Counts,
}

/// Everything that is counted of a file.
pub(crate) const KINDS: &[Kind] = &[
    Kind { metric: "coverage.lines", thing: "line", things: "lines", counts: FileCoverage::line_counts },
    Kind { metric: "coverage.branches", thing: "branch", things: "branches", counts: FileCoverage::branch_counts },
    Kind {
        metric: "coverage.functions",
        thing: "function",
        things: "functions",
        counts: FileCoverage::function_counts,
    },
    Kind {
        metric: "coverage.statements",
        thing: "statement",
        things: "statements",
        counts: FileCoverage::statement_counts,
    },
];

/// Name of the metric of the file whose lines are covered least.
pub(crate) const LEAST: &str = "coverage.file";

/// Name of the metric of lines that were not hit.
pub(crate) const MISSED: &str = "coverage.missed";

/// How many coverable lines of `files` were not hit, as a metric; none where there are none that can be.
pub(crate) fn missed<'a>(files: impl Iterator<Item = &'a File>) -> Option<Metric> {
    let lines = KINDS.first()?.metric(files)?;
    let missed = lines.denominator?.saturating_sub(lines.numerator?);
    Some(Metric::count(MISSED, missed).places(lines.places).and_more(lines.more_places))
}

impl Kind {
    /// `12 lines`, `1 branch`.
    fn count(&self, value: u64) -> String {
        format!("{} {}", format::count(value), if value == 1 { self.thing } else { self.things })
    }

    /// The number over `files`, with the files that miss most; none when there is nothing to count.
    pub(crate) fn metric<'a>(&self, files: impl Iterator<Item = &'a File>) -> Option<Metric> {
        let (mut hit, mut all, mut lacking) = (0, 0, 0_u64);
        let mut worst: Vec<(u64, &str)> = Vec::new();
        for (path, coverage) in files {
            let (file_hit, file_all) = (self.counts)(coverage);
            hit += file_hit;
            all += file_all;
            let missed = file_all.saturating_sub(file_hit);
            lacking += u64::from(missed > 0);
            if missed > 0 && (worst.len() < PLACES || worst.last().is_some_and(|(least, _)| missed > *least)) {
                worst.insert(worst.partition_point(|(other, _)| *other >= missed), (missed, path));
                worst.truncate(PLACES);
            }
        }
        let more = lacking - worst.len() as u64;
        let places = worst.into_iter().map(|(missed, path)| format!("{path}: {}", self.count(missed)));
        Metric::ratio(self.metric, hit, all).map(|metric| metric.places(places).and_more(more))
    }
}

/// The file of which the smallest part of its lines is covered, as a metric; of equals the first.
pub(crate) fn least<'a>(files: impl Iterator<Item = &'a File>) -> Option<Metric> {
    let counted = files.map(|(path, coverage)| (path, coverage.line_counts())).filter(|(_, (_, all))| *all > 0);
    let share = |(hit, all): Counts, other: Counts| {
        u128::from(hit) * u128::from(other.1) < u128::from(other.0) * u128::from(all)
    };
    let (path, (hit, all)) = counted.reduce(|a, b| if share(b.1, a.1) { b } else { a })?;
    Metric::ratio(LEAST, hit, all).map(|metric| metric.places(vec![path.clone()]))
}

/// The items at or below `path`, of `items` in order of the path that `name` gives.
pub(crate) fn below<'a, T>(items: &'a [T], name: impl Fn(&T) -> &str, path: &str) -> &'a [T] {
    &items[range_below(items, name, path)]
}

fn range_below<T>(items: &[T], name: impl Fn(&T) -> &str, path: &str) -> Range<usize> {
    let path = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
    if path.is_empty() || path == "." {
        return 0..items.len();
    }
    let prefix = format!("{path}/");
    let start = items.partition_point(|item| name(item) < prefix.as_str());
    let length = items[start..].partition_point(|item| name(item).starts_with(&prefix));
    if length > 0 {
        return start..start + length;
    }
    match items.binary_search_by(|item| name(item).cmp(path)) {
        Ok(at) => at..at + 1,
        Err(_) => 0..0,
    }
}

/// Folders that hold any of `items` (in order of the path that `name` gives), shallow ones first, at most [`MOST_FOLDERS`].
pub(crate) fn folders<T>(items: &[T], name: impl Fn(&T) -> &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for depth in 0.. {
        let before = found.len();
        let mut rest = items;
        while let Some(path) = rest.first().map(&name) {
            let Some(end) = memchr::memchr_iter(b'/', path.as_bytes()).nth(depth) else {
                rest = &rest[1..];
                continue;
            };
            if found.len() == MOST_FOLDERS {
                return found;
            }
            found.push(&path[..end]);
            // All of a folder follow each other.
            let folder = &path[..=end];
            rest = &rest[rest.partition_point(|item| name(item).starts_with(folder)).max(1)..];
        }
        if found.len() == before {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [&str; 6] = ["a-b/z.ts", "a/b/c.ts", "a/b/d.ts", "a/e.ts", "f.ts", "g/h/i/j.ts"];

    #[test]
    fn a_path_is_a_folder_or_a_file() {
        let at = |path: &str| below(&PATHS, |p| p, path).to_vec();
        assert_eq!(at("a"), ["a/b/c.ts", "a/b/d.ts", "a/e.ts"]);
        assert_eq!(at("./a/b/"), ["a/b/c.ts", "a/b/d.ts"]);
        assert_eq!(at("f.ts"), ["f.ts"]);
        assert_eq!(at("."), PATHS);
        assert!(at("a/b/c").is_empty());
        assert!(at("zz").is_empty());
    }

    #[test]
    fn folders_come_shallow_first_and_bounded() {
        assert_eq!(folders(&PATHS, |path| path), ["a-b", "a", "g", "a/b", "g/h", "g/h/i"]);
        let many: Vec<String> = (0..1000).map(|i| format!("d{i:04}/x/f.ts")).collect();
        let found = folders(&many, |path| path);
        assert_eq!(found.len(), MOST_FOLDERS);
        assert_eq!(found.last(), Some(&"d0199"));
    }
}
