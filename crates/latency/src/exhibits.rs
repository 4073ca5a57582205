//! What is shown: a row for each endpoint, where the time went, how latencies are spread, what failed.

use std::time::Duration;

use tollgate_model::{Bucket, Cell, Column, Exhibit, ExhibitData, Unit, format};

use crate::course::{Course, Question};
use crate::duration;
use crate::endpoint::Endpoint;
use crate::engine::{Outcome, quantile};
use crate::options::Statistic;
use crate::shot::Shot;
use crate::summary::Summary;

/// Most endpoints whose distribution is drawn.
const MOST_DRAWN: usize = 12;

/// Most kinds of failures that are listed.
const MOST_FAILURES: usize = 50;

/// One endpoint and what came of it.
pub(crate) type Row<'a> = (&'a Endpoint, &'a Course, &'a Summary);

/// Everything about these endpoints, the worst first.
pub(crate) fn exhibits(rows: &[Row<'_>], took: Duration) -> Vec<Exhibit> {
    let mut all = vec![latencies(rows, took), phases(rows)];
    all.extend(questions(rows));
    all.extend(failures(rows));
    all.extend(rows.iter().take(MOST_DRAWN).enumerate().filter_map(|(i, row)| distribution(i, row)));
    all
}

fn exhibit(id: impl Into<String>, title: impl Into<String>, data: ExhibitData) -> Exhibit {
    Exhibit { id: id.into(), title: title.into(), data }
}

/// A cell for a latency; one that falls among failures has none.
fn ms(value: Option<f64>) -> Cell {
    match value {
        Some(value) if value.is_finite() => Cell::Milliseconds(duration::rounded(value)),
        Some(_) => Cell::Text("failed".to_owned()),
        None => Cell::Empty,
    }
}

fn latencies(rows: &[Row<'_>], took: Duration) -> Exhibit {
    let numbers = Statistic::ALL.map(|statistic| Column::number(statistic.name()));
    let lead = [Column::text("Endpoint"), Column::number("Requests"), Column::number("Failed")];
    let columns = lead.into_iter().chain(numbers).collect();
    let row = |(endpoint, _, summary): &Row<'_>| {
        let lead = [Cell::Text(endpoint.label.clone()), Cell::Count(summary.count()), Cell::Count(summary.failed)];
        let numbers = Statistic::ALL.map(|statistic| ms(summary.value(statistic)));
        lead.into_iter().chain(numbers).collect()
    };
    let total: u64 = rows.iter().map(|(.., summary)| summary.count()).sum();
    let rate = format::decimal(total as f64 / took.as_secs_f64().max(1e-9));
    let title = format!("Latencies from the scheduled instant to the last byte ({rate} requests/s)");
    let rows = rows.iter().map(row).collect();
    exhibit("latencies", title, ExhibitData::Table { columns, rows, omitted: 0 })
}

/// Where the time went, as medians.
fn phases(rows: &[Row<'_>]) -> Exhibit {
    let titles = ["Connections", "DNS", "TCP", "TLS", "First byte", "Last byte"];
    let columns = std::iter::once(Column::text("Endpoint")).chain(titles.map(Column::number)).collect();
    let row = |(endpoint, course, _): &Row<'_>| {
        let median = |of: fn(&Shot) -> Option<Duration>| {
            let mut all: Vec<f64> = course.shots.iter().filter_map(of).map(|d| d.as_secs_f64() * 1_000.0).collect();
            all.sort_by(f64::total_cmp);
            ms(quantile::point(&all, 0.5))
        };
        let opened = course.shots.iter().filter(|shot| shot.phases.tcp.is_some()).count() as u64;
        vec![
            Cell::Text(endpoint.label.clone()),
            Cell::Count(opened),
            median(|shot| shot.phases.dns),
            median(|shot| shot.phases.tcp),
            median(|shot| shot.phases.tls),
            median(|shot| shot.phases.first_byte),
            median(|shot| shot.phases.last_byte),
        ]
    };
    let rows = rows.iter().map(row).collect();
    let title = "Where the time went (medians; a connection that is kept is opened once)";
    exhibit("phases", title, ExhibitData::Table { columns, rows, omitted: 0 })
}

/// What was asked of each endpoint, and the evidence. A column of evidence says how many times as likely what was seen is if the limit holds (or
/// does not) as at the limit itself.
fn questions(rows: &[Row<'_>]) -> Option<Exhibit> {
    let titles = ["Requests", "Slow", "Count for", "For", "Against", "Covers spells of"];
    let lead = [Column::text("Endpoint"), Column::text("Asked")];
    let columns = lead.into_iter().chain(titles.map(Column::number)).collect();
    let row = |endpoint: &Endpoint, question: &Question, outcome: &Outcome| {
        let asked = format!("{} < {}", question.statistic.name(), format::milliseconds(question.limit));
        let counts = (outcome.n as f64 / outcome.inflation).floor() as u64;
        let evidence = |e: f64| Cell::Text(if e < 1_000.0 { format::decimal(e) } else { format!("{e:.0e}") });
        vec![
            Cell::Text(endpoint.label.clone()),
            Cell::Text(asked),
            Cell::Count(outcome.n),
            Cell::Count(outcome.m),
            Cell::Count(counts),
            evidence(outcome.e_pass),
            evidence(outcome.e_fail),
            outcome.covered_spell_s.map_or(Cell::Empty, |seconds| Cell::Milliseconds((seconds * 1_000.0).round())),
        ]
    };
    let of = |(endpoint, course, _): &Row<'_>| -> Vec<Vec<Cell>> {
        let outcomes = course.outcomes();
        course.questions.iter().zip(&outcomes).map(|(question, outcome)| row(endpoint, question, outcome)).collect()
    };
    let all: Vec<Vec<Cell>> = rows.iter().flat_map(of).collect();
    let title = "What was asked, and the evidence for and against it (20 decides)";
    (!all.is_empty()).then(|| exhibit("questions", title, ExhibitData::Table { columns, rows: all, omitted: 0 }))
}

fn failures(rows: &[Row<'_>]) -> Option<Exhibit> {
    let mut found: Vec<(u64, Vec<Cell>)> = Vec::new();
    for (endpoint, course, _) in rows {
        for (class, (count, message)) in &course.failures {
            let cells = [endpoint.label.clone(), (*class).to_owned()].map(Cell::Text);
            let cells = cells.into_iter().chain([Cell::Count(*count), Cell::Text(message.clone())]).collect();
            found.push((*count, cells));
        }
    }
    if found.is_empty() {
        return None;
    }
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let omitted = found.len().saturating_sub(MOST_FAILURES) as u64;
    found.truncate(MOST_FAILURES);
    let columns =
        vec![Column::text("Endpoint"), Column::text("Failure"), Column::number("Times"), Column::text("For instance")];
    let rows = found.into_iter().map(|(_, cells)| cells).collect();
    Some(exhibit("failures", "What failed", ExhibitData::Table { columns, rows, omitted }))
}

/// How the latencies of one endpoint are spread, over ranges that begin at 1, 2 and 5 times powers of ten.
fn distribution(index: usize, (endpoint, _, summary): &Row<'_>) -> Option<Exhibit> {
    let answered = summary.answered();
    let (first, last) = (*answered.first()?, *answered.last()?);
    let mut buckets: Vec<Bucket> = Vec::new();
    let edges = edges(first, last);
    for pair in edges.windows(2) {
        let count = answered.partition_point(|ms| *ms < pair[1]) - answered.partition_point(|ms| *ms < pair[0]);
        buckets.push(Bucket { from: pair[0], to: pair[1], count: count as u64 });
    }
    let title = format!("How long {} took", endpoint.label);
    Some(exhibit(
        format!("distribution-{}", index + 1),
        title,
        ExhibitData::Distribution { unit: Unit::Milliseconds, buckets },
    ))
}

/// Ends of ranges from at most `first` to more than `last`: about a dozen, evenly spaced on the scale that shows most.
fn edges(first: f64, last: f64) -> Vec<f64> {
    const STEPS: [f64; 3] = [1.0, 2.0, 5.0];
    let wide = last > first * 20.0;
    if !wide {
        // A narrow spread: equal steps of a round size.
        let least = ((last - first) / 12.0).max(1e-3);
        let power = 10f64.powf(least.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|s| s * power).find(|step| *step >= least).unwrap_or(least);
        let from = (first / step).floor();
        let count = (((last / step).floor() - from) as usize + 1).min(40);
        return (0..=count).map(|i| (from + i as f64) * step).collect();
    }
    let mut edges = Vec::new();
    let mut power = 10f64.powf(first.max(1e-3).log10().floor());
    while edges.last().is_none_or(|edge| *edge <= last) && edges.len() < 40 {
        edges.extend(STEPS.map(|step| step * power));
        power *= 10.0;
    }
    let from = edges.iter().rposition(|edge| *edge <= first).unwrap_or(0);
    let to = edges.iter().position(|edge| *edge > last).unwrap_or(edges.len() - 1);
    edges[from..=to].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_every_value() {
        for (first, last) in [(1.0, 1.0), (0.01, 900.0), (48.0, 95.0), (0.3, 5.9), (250.0, 10_000.0), (1e-4, 1e-4)] {
            let edges = edges(first, last);
            assert!(edges.len() >= 2 && edges.len() <= 42, "{edges:?}");
            assert!(edges.windows(2).all(|pair| pair[0] < pair[1]), "{edges:?}");
            assert!(edges[0] <= first.max(1e-3) && edges[edges.len() - 1] > last, "{first} {last}: {edges:?}");
        }
    }
}
