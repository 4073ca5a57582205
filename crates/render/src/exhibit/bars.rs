//! Distributions and series: a label, a number, a bar.

use tollgate_model::{Bucket, Point, Unit, format};

use super::{ROWS, short};
use crate::escape;
use crate::layout::{shorten, width};

/// A distribution is drawn in at most this many ranges; adjacent ones are joined, none is dropped.
const RANGES: usize = 20;
/// A bar of full length.
const LONGEST: usize = 40;
/// A bar is not worth drawing in less.
const SHORTEST: usize = 8;

pub(super) fn distribution(unit: Unit, buckets: &[Bucket], columns: usize) -> Vec<String> {
    let joined = buckets.len().div_ceil(RANGES).max(1);
    let ranges = buckets.chunks(joined).map(|chunk| {
        let (from, to) = (chunk[0].from, chunk[chunk.len() - 1].to);
        let count = chunk.iter().fold(0u64, |sum, bucket| sum.saturating_add(bucket.count));
        let label = format!("{} to {}", short(from, unit), short(to, unit));
        (label, format::count(count), count as f64)
    });
    draw(ranges.collect(), columns)
}

pub(super) fn series(unit: Unit, points: &[Point], columns: usize) -> Vec<String> {
    let earlier = points.len().saturating_sub(ROWS);
    let points = points[earlier..].iter();
    let rows = points.map(|point| (escape::terminal(&point.label).into_owned(), short(point.value, unit), point.value));
    let mut lines = draw(rows.collect(), columns);
    if earlier > 0 {
        lines.insert(0, format!("… {} before", format::things(earlier as u64, "value")));
    }
    lines
}

fn draw(rows: Vec<(String, String, f64)>, columns: usize) -> Vec<String> {
    let values = rows.iter().map(|row| width(&row.1)).max().unwrap_or(0);
    let natural = rows.iter().map(|row| width(&row.0)).max().unwrap_or(0);
    let labels = natural.min(columns.saturating_sub(values + SHORTEST + 4));
    let room = columns.saturating_sub(labels + values + 4).min(LONGEST);
    let most = rows.iter().map(|row| row.2).filter(|v| v.is_finite()).fold(0.0, f64::max);
    rows.iter()
        .map(|(label, value, size)| {
            let label = shorten(label, labels);
            let blanks = " ".repeat(labels - width(&label));
            format!("{label}{blanks}  {value:>values$}  {}", bar(size / most, room)).trim_end().to_owned()
        })
        .collect()
}

/// `share` (0 to 1) of `room` columns in eighths of a block. What is more than nothing is at least a sliver.
pub(super) fn bar(share: f64, room: usize) -> String {
    const PARTS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    if !share.is_finite() || share <= 0.0 {
        return String::new();
    }
    let eighths = ((share.min(1.0) * room as f64 * 8.0) as usize).max(1);
    let mut bar = "█".repeat(eighths / 8);
    bar.extend((eighths % 8).checked_sub(1).map(|part| PARTS[part]));
    bar
}
