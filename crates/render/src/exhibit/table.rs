//! Tables.

use tollgate_model::{Cell, Column, format};

use super::ROWS;
use super::bars::bar;
use crate::escape;
use crate::layout::{fit, safe, width};

/// No column is made narrower than this.
const NARROWEST: usize = 6;
/// Columns of a bar that is all of its whole.
const BAR: usize = 12;
/// Blanks between columns.
const GAP: usize = 2;
/// Columns of a Markdown table, and characters of one of its cells.
const MARKDOWN_COLUMNS: usize = 8;
const MARKDOWN_CELL: usize = 120;

pub(super) fn lines(heads: &[Column], rows: &[Vec<Cell>], omitted: u64, columns: usize) -> Vec<String> {
    if heads.is_empty() {
        return left_out(rows.len(), omitted).into_iter().collect();
    }
    let shown = heads.len().min((columns + GAP) / (NARROWEST + GAP));
    let titles = heads[..shown].iter().map(|head| escape::terminal(&head.title).into_owned()).collect();
    let cells = rows.iter().take(ROWS).map(|row| cells(row, shown));
    let grid: Vec<Vec<String>> = std::iter::once(titles).chain(cells).collect();
    let widths = widths(&grid, shown, columns);
    let mut lines: Vec<String> = grid.iter().map(|row| line(heads, row, &widths)).collect();
    lines.extend(left_out(rows.len(), omitted));
    if shown < heads.len() {
        lines.push(format!("… {}", format::things((heads.len() - shown) as u64, "more column")));
    }
    lines
}

fn cells(row: &[Cell], shown: usize) -> Vec<String> {
    (0..shown).map(|i| row.get(i).map(text).unwrap_or_default()).collect()
}

/// Natural widths; where they do not fit, the widest column gives way first.
fn widths(grid: &[Vec<String>], shown: usize, columns: usize) -> Vec<usize> {
    let natural = |i: usize| grid.iter().map(|row| width(&row[i]).min(columns)).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..shown).map(natural).collect();
    let room = columns.saturating_sub(GAP * shown.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max().filter(|w| **w > NARROWEST) else { break };
        *widest -= 1;
    }
    widths
}

fn line(heads: &[Column], row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (i, (cell, wide)) in row.iter().zip(widths).enumerate() {
        let cell = fit(cell, *wide);
        let blanks = " ".repeat(wide - width(&cell));
        let gap = if i > 0 { "  " } else { "" };
        match heads[i].numeric {
            true => line.extend([gap, &blanks, &cell]),
            false => line.extend([gap, &cell, &blanks]),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

pub(super) fn markdown(heads: &[Column], rows: &[Vec<Cell>], omitted: u64) -> String {
    if heads.is_empty() {
        return left_out(rows.len(), omitted).unwrap_or_default();
    }
    let shown = heads.len().min(MARKDOWN_COLUMNS);
    let titles = heads[..shown].iter().map(|head| head.title.clone()).collect();
    let rule: String = heads[..shown].iter().map(|head| if head.numeric { "---:|" } else { "---|" }).collect();
    let mut text = format!("{}|{rule}\n", row(titles));
    for cells in rows.iter().take(ROWS) {
        text.push_str(&row(self::cells(cells, shown)));
    }
    let columns =
        (shown < heads.len()).then(|| format!("… {}", format::things((heads.len() - shown) as u64, "more column")));
    for line in left_out(rows.len(), omitted).into_iter().chain(columns) {
        text.push_str(&format!("\n{line}\n"));
    }
    text
}

fn row(cells: Vec<String>) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| escape::markdown(&safe(cell, MARKDOWN_CELL))).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn left_out(rows: usize, omitted: u64) -> Option<String> {
    let more = (rows.saturating_sub(ROWS) as u64).saturating_add(omitted);
    (more > 0).then(|| format!("… {}", format::things(more, "more row")))
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => escape::terminal(text).into_owned(),
        Cell::Count(count) => format::count(*count),
        Cell::Bytes(bytes) => format::short_bytes(*bytes),
        Cell::BytesChange(change) if *change < 0 => format!("-{}", format::short_bytes(change.unsigned_abs())),
        Cell::BytesChange(change) => format!("+{}", format::short_bytes(change.unsigned_abs())),
        Cell::Milliseconds(time) => format::milliseconds(*time),
        Cell::Ratio(numerator, denominator) => format::ratio(*numerator, *denominator),
        Cell::Share(part, whole) => bar(*part as f64 / *whole as f64, BAR),
    }
}
