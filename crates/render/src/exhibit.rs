//! Exhibits: tables, trees, distributions and series, drawn the same way for terminals and for Markdown.

mod bars;
mod table;
mod tree;

use tollgate_model::{Exhibit, ExhibitData, Unit, format};

use crate::escape;
use crate::layout::{clip, safe};

/// How many rows of a table, parts of a tree or points of a series are drawn.
pub(crate) const ROWS: usize = 30;
/// How many columns the drawings in Markdown take; the comment's column is narrow.
const MARKDOWN_COLUMNS: usize = 78;

/// The exhibit's drawing, without its title: lines of at most `columns`.
pub(crate) fn lines(exhibit: &Exhibit, columns: usize) -> Vec<String> {
    match &exhibit.data {
        ExhibitData::Table { columns: heads, rows, omitted } => table::lines(heads, rows, *omitted, columns),
        ExhibitData::Tree { unit, root } => tree::lines(*unit, root, columns),
        ExhibitData::Distribution { unit, buckets } => bars::distribution(*unit, buckets, columns),
        ExhibitData::Series { unit, points } => bars::series(*unit, points, columns),
    }
}

/// The exhibit in Markdown with its title: a table as a table, the others as the drawing of [`lines`].
pub(crate) fn markdown(exhibit: &Exhibit) -> String {
    let title = escape::markdown(&safe(&exhibit.title, 200));
    let drawing = match &exhibit.data {
        ExhibitData::Table { columns, rows, omitted } => table::markdown(columns, rows, *omitted),
        _ => {
            let lines: Vec<_> =
                lines(exhibit, MARKDOWN_COLUMNS).iter().map(|line| escape::preformatted(line)).collect();
            format!("<pre>\n{}\n</pre>\n", lines.join("\n"))
        }
    };
    format!("**{title}**\n\n{drawing}")
}

/// A value without its exact bytes, in few characters however absurd it is.
fn short(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Bytes if value >= 0.0 => format::short_bytes(value as u64),
        unit => clip(&format::value(value, unit), 24),
    }
}

#[cfg(test)]
mod tests;
