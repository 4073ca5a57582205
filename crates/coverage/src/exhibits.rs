//! Tables for readers.

use std::cmp::Reverse;

use tollgate_check::{Context, LineRange};
use tollgate_model::{Cell, Column, Exhibit, ExhibitData, format};

use crate::measure::{Measured, ReportRead};
use crate::patch::{Patch, PatchFile};
use crate::target;

/// How many rows a table has at most.
pub(crate) const ROWS: usize = 50;

/// How many files that miss lines are told: changes are held against those of the base.
const MISSING: usize = 2_000;

/// Name of their table.
pub(crate) const FILES: &str = "files";

/// How many ways of matching paths one cell names.
const WAYS: usize = 3;

/// How many runs of lines one cell names.
const RUNS: usize = 10;

/// Every table that has a row, what concerns the change first; `beside` are those that hold figures against the base.
pub(crate) fn all(ctx: &Context<'_>, measured: &Measured, patch: Option<&Patch>, beside: Vec<Exhibit>) -> Vec<Exhibit> {
    let of_change = [patch.and_then(new_lines), target::lines_to_cover(ctx, &measured.files)];
    let of_all = [files(measured), reports(measured), unmatched(measured)];
    of_change.into_iter().flatten().chain(beside).chain(of_all.into_iter().flatten()).collect()
}

pub(crate) fn table(id: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>, all: u64) -> Option<Exhibit> {
    let omitted = all.saturating_sub(rows.len() as u64);
    let data = ExhibitData::Table { columns, rows, omitted };
    (all > 0).then(|| Exhibit { id: id.to_owned(), title: title.to_owned(), data })
}

/// Files that miss lines, worst first.
fn files(measured: &Measured) -> Option<Exhibit> {
    // By how many they miss, and where they stand.
    let mut worst: Vec<(Reverse<u64>, usize)> = Vec::new();
    for (at, (_, coverage)) in measured.files.iter().enumerate() {
        let (hit, all) = coverage.line_counts();
        if hit < all {
            worst.push((Reverse(all - hit), at));
        }
    }
    let count = worst.len() as u64;
    if worst.len() > MISSING {
        worst.select_nth_unstable(MISSING);
        worst.truncate(MISSING);
    }
    worst.sort_unstable();
    let row = |(Reverse(missed), at): &(Reverse<u64>, usize)| {
        let (path, coverage) = &measured.files[*at];
        let (hit, all) = coverage.line_counts();
        vec![Cell::Text(path.clone()), Cell::Ratio(hit, all), Cell::Count(*missed)]
    };
    let rows = worst.iter().map(row).collect();
    let columns = vec![Column::text("File"), Column::number("Lines covered"), Column::number("Missed")];
    table(FILES, "Files with the most missed lines", columns, rows, count)
}

/// Changed files with their new lines, worst first.
fn new_lines(patch: &Patch) -> Option<Exhibit> {
    let mut worst: Vec<&PatchFile> = patch.files.iter().collect();
    worst.sort_by_key(|file| Reverse(file.total - file.covered + file.untold));
    let row = |file: &&PatchFile| {
        let covered = if file.total > 0 { Cell::Ratio(file.covered, file.total) } else { Cell::Empty };
        vec![Cell::Text(file.path.clone()), covered, missing(file)]
    };
    let rows = worst.iter().take(ROWS).map(row).collect();
    let columns = vec![Column::text("Changed file"), Column::number("New lines covered"), Column::text("Missing")];
    table("patch", "Coverage of new lines", columns, rows, worst.len() as u64)
}

fn missing(file: &PatchFile) -> Cell {
    if file.untold > 0 {
        return Cell::Text("not in any report".to_owned());
    }
    let run = |(run, _): &(LineRange, u64)| match run.len() {
        1 => run.start.to_string(),
        _ => format!("{}-{}", run.start, run.end),
    };
    let mut runs: Vec<String> = file.missing.iter().take(RUNS).map(run).collect();
    match file.missing.len().saturating_sub(RUNS) {
        _ if runs.is_empty() => return Cell::Empty,
        0 => {}
        more => runs.push(format!("{more} more")),
    }
    Cell::Text(runs.join(", "))
}

/// The reports that were read, and what their paths meant.
fn reports(measured: &Measured) -> Option<Exhibit> {
    let row = |report: &ReportRead| {
        let ways: Vec<&str> = report.ways.iter().take(WAYS).map(|(way, _)| way.as_str()).collect();
        let kind =
            if report.totals_only { format!("{}, totals alone", report.format) } else { report.format.to_owned() };
        vec![
            Cell::Text(report.path.clone()),
            Cell::Text(kind),
            Cell::Text(format!("{} of {}", format::count(report.matched), format::count(report.named))),
            Cell::Text(ways.join("; ")),
        ]
    };
    let rows = measured.reports.iter().take(ROWS).map(row).collect();
    let columns =
        vec![Column::text("Report"), Column::text("Format"), Column::text("Files found"), Column::text("Paths are")];
    table("reports", "Coverage reports", columns, rows, measured.reports.len() as u64)
}

/// Paths of reports that match no file.
fn unmatched(measured: &Measured) -> Option<Exhibit> {
    let row = |(report, path): &(String, String)| vec![Cell::Text(path.clone()), Cell::Text(report.clone())];
    let rows = measured.unmatched.iter().take(ROWS).map(row).collect();
    let columns = vec![Column::text("Path"), Column::text("Report")];
    table("unmatched", "Paths of reports that match no file", columns, rows, measured.unmatched_count)
}
