//! Which lines to cover so that a target is reached.

use tollgate_check::{Context, LineRange};
use tollgate_model::{Cell, Column, Exhibit, Op, format};

use crate::exhibits::table;
use crate::file_coverage::FileCoverage;
use crate::tally::File;

/// How many runs of lines are named.
const ROWS: usize = 20;

/// A run of lines that were not hit, none that was hit among them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run<'a> {
    path: &'a str,
    range: LineRange,
    /// How many of them can be covered.
    count: u64,
}

/// The longest runs of missed lines that together reach the target of `coverage.lines`, where it is not reached.
pub(crate) fn lines_to_cover(ctx: &Context<'_>, files: &[File]) -> Option<Exhibit> {
    let target = ctx.limit("coverage.lines", Op::Ge)?;
    let (hit, all) = files.iter().fold((0, 0), |(hit, all), (_, file)| {
        let (file_hit, file_all) = file.line_counts();
        (hit + file_hit, all + file_all)
    });
    let short = needed(target, all).saturating_sub(hit);
    if short == 0 {
        return None;
    }
    let runs = longest(files);
    let mut left = short;
    let mut rows = Vec::new();
    for run in runs {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(run.count);
        let lines = match run.range.len() {
            1 => run.range.start.to_string(),
            _ => format!("{}-{}", run.range.start, run.range.end),
        };
        rows.push(vec![Cell::Text(run.path.to_owned()), Cell::Text(lines), Cell::Count(run.count)]);
    }
    let title = match left {
        0 => format!("Lines to cover to reach the target ({} short)", format::things(short, "line")),
        _ => format!("The longest runs of missed lines ({} short of the target)", format::things(short, "line")),
    };
    let columns = vec![Column::text("File"), Column::text("Lines"), Column::number("Can be covered")];
    let count = rows.len() as u64;
    table("target", &title, columns, rows, count)
}

/// The fewest of `all` lines whose share, computed as the metric's value is, is at least `target` percent. The product is
/// only near it: 55 % of 100 comes out above 55.
fn needed(target: f64, all: u64) -> u64 {
    let reaches = |hit: u64| hit as f64 * 100.0 / all as f64 >= target;
    let near = (target / 100.0 * all as f64 - 1e-9).ceil() as u64;
    match near {
        0 => 0,
        _ if reaches(near - 1) => near - 1,
        _ if reaches(near) => near,
        _ => near.saturating_add(1),
    }
}

/// The longest runs of missed lines, the longest first; of equals the first.
fn longest(files: &[File]) -> Vec<Run<'_>> {
    let mut kept: Vec<Run<'_>> = Vec::new();
    for (path, coverage) in files {
        each_run(coverage, |range, count| {
            if kept.len() < ROWS || kept.last().is_some_and(|last| last.count < count) {
                let at = kept.partition_point(|run| run.count >= count);
                kept.insert(at, Run { path, range, count });
                kept.truncate(ROWS);
            }
        });
    }
    kept
}

fn each_run(coverage: &FileCoverage, mut each: impl FnMut(LineRange, u64)) {
    let mut run: Option<(LineRange, u64)> = None;
    for (line, hit) in coverage.lines.iter_within(0, u32::MAX) {
        if hit {
            if let Some((range, count)) = run.take() {
                each(range, count);
            }
        } else {
            let (range, count) = run.get_or_insert((LineRange { start: line, end: line }, 0));
            range.end = line;
            *count += 1;
        }
    }
    if let Some((range, count)) = run {
        each(range, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::LineGatherer;
    use crate::marks::Marks;

    #[test]
    fn needed_is_the_fewest_lines_that_reach_the_target() {
        assert_eq!([needed(55.0, 100), needed(80.0, 0), needed(0.0, 7), needed(80.1, 10)], [55, 0, 0, 9]);
        for target in 1..=1000_u32 {
            let target = f64::from(target) / 10.0;
            for all in [1, 3, 7, 100, 1000, 123_456_789, 100_000_000_000] {
                let hit = needed(target, all);
                let share = |hit: u64| hit as f64 * 100.0 / all as f64;
                assert!(share(hit) >= target && share(hit - 1) < target, "{target} % of {all}: {hit}");
            }
        }
    }

    #[test]
    fn the_longest_runs_come_first() {
        let file = |lines: &[(u32, bool)]| {
            let mut gatherer = LineGatherer::default();
            lines.iter().for_each(|(line, hit)| gatherer.add(*line, *hit));
            FileCoverage::new(gatherer.take(), Marks::default(), Marks::default())
        };
        let files = [
            ("a".to_owned(), file(&[(1, false), (2, true), (3, false), (9, false)])),
            ("b".to_owned(), file(&[(1, true), (4, false), (5, false), (6, false)])),
        ];
        let runs: Vec<_> =
            longest(&files).iter().map(|run| (run.path, run.range.start, run.range.end, run.count)).collect();
        assert_eq!(runs, [("b", 4, 6, 3), ("a", 3, 9, 2), ("a", 1, 1, 1)]);
    }
}
