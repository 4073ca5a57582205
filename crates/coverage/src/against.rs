//! Figures beside those that the base's own run reported. It shows, and decides nothing: conditions on the base are policy's.

use std::collections::BTreeMap;

use tollgate_check::{Changes, Context};
use tollgate_model::{Cell, Column, Exhibit, ExhibitData, Metric, Report, format};

use crate::exhibits::{self, ROWS, table};
use crate::measure::Measured;
use crate::tally::{self, KINDS};

/// A file of which another number of lines is missed than at the base.
struct Moved<'a> {
    path: &'a str,
    /// At the base; none for a file that the change adds.
    before: Option<u64>,
    now: u64,
    /// The change touches it.
    touched: bool,
}

impl Moved<'_> {
    /// How many more lines are missed now.
    fn more(&self) -> i128 {
        i128::from(self.now) - i128::from(self.before.unwrap_or(0))
    }
}

/// What is known of the base.
pub(crate) struct Against<'a> {
    base: &'a Report,
    /// Files of which another number of lines is missed, those with the most more first.
    moved: Vec<Moved<'a>>,
}

impl<'a> Against<'a> {
    /// None where the base's run is not known, or its report is not whole.
    pub(crate) fn new(ctx: &'a Context<'_>, measured: &'a Measured) -> Option<Self> {
        let base = ctx.base_report().filter(|base| base.problems.is_empty())?;
        let moved = missed(base).map(|(missed, all)| moved(&missed, all, ctx.changes().ok(), measured));
        Some(Self { base, moved: moved.unwrap_or_default() })
    }

    /// The tables to show.
    pub(crate) fn exhibits(&self, metrics: &[Metric]) -> Vec<Exhibit> {
        [self.totals(metrics), self.files()].into_iter().flatten().collect()
    }

    /// Names, where a condition on the base alone is about lines, the files that miss more than they did, in place of those that
    /// miss most.
    pub(crate) fn name_places(&self, ctx: &Context<'_>, metrics: &mut [Metric]) {
        for metric in metrics.iter_mut().filter(|metric| ["coverage.lines", tally::MISSED].contains(&&*metric.name)) {
            let mut asked =
                ctx.targets().iter().filter(|t| t.metric == metric.name && t.labels == metric.labels).peekable();
            if asked.peek().is_none() || asked.any(|target| target.value.is_some()) {
                continue;
            }
            let below = |path: &str| match metric.labels.iter().next() {
                None => true,
                Some((label, folder)) => label == "path" && tollgate_model::label_fits("path", path, folder),
            };
            let worse = self.moved.iter().filter(|moved| moved.more() > 0 && below(moved.path));
            let more = |moved: &Moved<'_>| format::things(u64::try_from(moved.more()).unwrap_or(0), "line");
            let mut places =
                worse.map(|moved| format!("{}: {} more than at the base", moved.path, more(moved))).peekable();
            if places.peek().is_some() {
                *metric = metric.clone().places(places);
            }
        }
    }

    /// Totals, there and here.
    fn totals(&self, metrics: &[Metric]) -> Option<Exhibit> {
        let ratio = |metric: &Metric| metric.numerator.zip(metric.denominator);
        let shown = metrics.iter().filter(|m| m.labels.keys().all(|label| label == "component"));
        let rows: Vec<Vec<Cell>> = shown
            .filter(|metric| KINDS.iter().any(|kind| kind.metric == metric.name))
            .filter_map(|metric| {
                let (hit, all) = ratio(metric)?;
                let same = |other: &&Metric| other.name == metric.name && other.labels == metric.labels;
                let (hit_before, all_before) = self.base.metrics.iter().find(same).and_then(ratio)?;
                let change = points((hit_before, all_before), (hit, all));
                let (before, now) = (Cell::Ratio(hit_before, all_before), Cell::Ratio(hit, all));
                Some(vec![Cell::Text(metric.series()), before, now, Cell::Text(change)])
            })
            .collect();
        let columns =
            vec![Column::text("Figure"), Column::number("Base"), Column::number("Now"), Column::number("Points")];
        let count = rows.len() as u64;
        table("base", "Coverage beside the base's", columns, rows, count)
    }

    /// Files whose number of missed lines is another.
    fn files(&self) -> Option<Exhibit> {
        let row = |moved: &Moved<'_>| {
            let before = moved.before.map_or(Cell::Empty, Cell::Count);
            let touched = if moved.touched { "yes" } else { "no" };
            vec![Cell::Text(moved.path.to_owned()), before, Cell::Count(moved.now), Cell::Text(touched.to_owned())]
        };
        let rows = self.moved.iter().take(ROWS).map(row).collect();
        let columns = vec![
            Column::text("File"),
            Column::number("Missed at the base"),
            Column::number("Missed now"),
            Column::text("In this change"),
        ];
        table(
            "base-files",
            "Files that miss more or fewer lines than at the base",
            columns,
            rows,
            self.moved.len() as u64,
        )
    }
}

/// How many lines files missed at the base, and whether those that are not among them missed none.
fn missed<'a>(base: &'a Report) -> Option<(BTreeMap<&'a str, u64>, bool)> {
    let files = base.exhibits.iter().find(|exhibit| exhibit.id == exhibits::FILES);
    let Some(files) = files else {
        // Nothing was missed, so there was no table.
        let all = base.metrics.iter().find(|m| m.name == "coverage.lines" && m.labels.is_empty())?;
        return (all.numerator == all.denominator).then(|| (BTreeMap::new(), true));
    };
    let ExhibitData::Table { rows, omitted, .. } = &files.data else { return None };
    let row = |row: &'a Vec<Cell>| match row.as_slice() {
        [Cell::Text(path), _, Cell::Count(missed)] => Some((path.as_str(), *missed)),
        _ => None,
    };
    let found: Option<BTreeMap<&str, u64>> = rows.iter().map(row).collect();
    found.map(|found| (found, *omitted == 0))
}

/// The files that miss another number of lines than `before` says; of one that it does not name, 0 were missed if it names `all`.
fn moved<'a>(
    before: &BTreeMap<&str, u64>,
    all: bool,
    changes: Option<&dyn Changes>,
    measured: &'a Measured,
) -> Vec<Moved<'a>> {
    let mut moved: Vec<Moved<'a>> = Vec::new();
    for (path, coverage) in &measured.files {
        let (hit, count) = coverage.line_counts();
        let change = changes.and_then(|changes| changes.file(path));
        let old = change.and_then(|change| change.old_path.as_deref()).unwrap_or(path);
        let is_new = change.is_some_and(|change| change.kind == tollgate_check::ChangeKind::Added);
        let known = before.get(old).copied().or(all.then_some(0)).filter(|_| !is_new);
        let now = count - hit;
        if known == Some(now) || known.is_none() && (!is_new || now == 0) {
            continue;
        }
        moved.push(Moved { path, before: known, now, touched: change.is_some() });
    }
    moved.sort_by(|a, b| b.more().cmp(&a.more()).then_with(|| a.path.cmp(b.path)));
    moved
}

/// The difference of two ratios in percentage points, cut to hundredths: `+1.25`, `-0.5`, `0`.
fn points(before: (u64, u64), now: (u64, u64)) -> String {
    let product = |a: u64, b: u64| u128::from(a) * u128::from(b);
    let (there, here) = (product(before.0, now.1), product(now.0, before.1));
    let (difference, of) = (here.abs_diff(there), product(now.1, before.1));
    if difference == 0 || of == 0 {
        return "0".to_owned();
    }
    let sign = if here > there { '+' } else { '-' };
    let hundredths = difference.checked_mul(10_000).map_or_else(|| difference / (of / 10_000), |parts| parts / of);
    match hundredths {
        0 => format!("{sign}0.01 at most"),
        hundredths => {
            let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            format!("{sign}{}", text.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_cut_and_signed() {
        for (before, now, expected) in [
            ((1, 2), (1, 2), "0"),
            ((1, 2), (2, 4), "0"),
            ((2, 3), (4, 9), "-22.22"),
            ((4, 9), (2, 3), "+22.22"),
            ((1, 2), (3, 4), "+25"),
            ((1, 2), (511, 1000), "+1.1"),
            ((99_999, 100_000), (1, 1), "+0.01 at most"),
            ((1, 1), (99_999, 100_000), "-0.01 at most"),
            ((u64::MAX, u64::MAX), (0, u64::MAX), "-100"),
        ] {
            assert_eq!(points(before, now), expected, "{before:?} {now:?}");
        }
    }
}
