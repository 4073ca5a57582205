//! Tables for readers.

use tollgate_check::LineRange;
use tollgate_model::{Cell, Column, Exhibit, ExhibitData};

use crate::measure::Measured;
use crate::patch::{Patch, PatchFile};

/// How many rows a table has at most.
const ROWS: usize = 50;

/// How many runs of lines one cell names.
const RUNS: usize = 10;

/// Every table that has a row.
pub(crate) fn all(measured: &Measured, patch: Option<&Patch>) -> Vec<Exhibit> {
    [files(measured), patch.and_then(new_lines), unmatched(measured)].into_iter().flatten().collect()
}

fn table(id: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>, all: u64) -> Option<Exhibit> {
    let omitted = all.saturating_sub(rows.len() as u64);
    let data = ExhibitData::Table { columns, rows, omitted };
    (all > 0).then(|| Exhibit { id: id.to_owned(), title: title.to_owned(), data })
}

/// Files that miss lines, worst first.
fn files(measured: &Measured) -> Option<Exhibit> {
    let mut worst: Vec<(u64, &str, u64, u64)> = Vec::new();
    for (path, coverage) in &measured.files {
        let (hit, all) = coverage.lines.counts();
        if hit < all {
            worst.push((all - hit, path, hit, all));
        }
    }
    let count = worst.len() as u64;
    worst.sort_by(|(a, path_a, ..), (b, path_b, ..)| b.cmp(a).then(path_a.cmp(path_b)));
    let row = |(missed, path, hit, all): &(u64, &str, u64, u64)| {
        vec![Cell::Text((*path).to_owned()), Cell::Ratio(*hit, *all), Cell::Count(*missed)]
    };
    let rows = worst.iter().take(ROWS).map(row).collect();
    let columns = vec![Column::text("File"), Column::number("Lines covered"), Column::number("Missed")];
    table("files", "Files with the most missed lines", columns, rows, count)
}

/// Changed files with their new lines, worst first.
fn new_lines(patch: &Patch) -> Option<Exhibit> {
    let mut worst: Vec<&PatchFile> = patch.files.iter().collect();
    worst.sort_by_key(|file| std::cmp::Reverse(file.total - file.covered + file.untold));
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

/// Paths of reports that match no file.
fn unmatched(measured: &Measured) -> Option<Exhibit> {
    let row = |(report, path): &(String, String)| vec![Cell::Text(path.clone()), Cell::Text(report.clone())];
    let rows = measured.unmatched.iter().take(ROWS).map(row).collect();
    let columns = vec![Column::text("Path"), Column::text("Report")];
    table("unmatched", "Paths of reports that match no file", columns, rows, measured.unmatched_count)
}
