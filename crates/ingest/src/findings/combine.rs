//! Several reports of one source put together.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_model::{Cause, Foreign, Inputs, Labels, Metric, Problem, Unit, format};

/// Puts the reports of one source together.
///
/// Findings, rules, problems and notes follow each other; of equal rules and notes one is kept, and of findings of
/// Lighthouse with one fingerprint too, for they are runs of one page. Metrics of one name and equal labels become one:
/// those of Lighthouse their median with the interval from the least to the greatest, counts and sizes their sum,
/// percentages the ratio of their sums, anything else median and interval. A number without labels that some reports of
/// one tool have and others lack is left out, for its sum is not known. The time of writing is the earliest.
pub fn combine(reports: Vec<Foreign>) -> Foreign {
    let mut reports = reports;
    if reports.len() < 2 {
        return reports.pop().unwrap_or_default();
    }
    let mut all = Foreign { inputs: inputs(&reports), ..Foreign::default() };
    all.metrics = metrics(&reports, &mut all.notes);
    agree(&reports, &mut all);
    let (mut rules, mut notes, mut runs) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    notes.extend(all.notes.iter().cloned());
    all.findings.reserve_exact(reports.iter().map(|report| report.findings.len()).sum());
    for report in reports {
        let lighthouse = is_lighthouse(&report);
        all.findings.extend(report.findings.into_iter().filter(|f| !lighthouse || runs.insert(f.fingerprint.clone())));
        all.rules.extend(report.rules.into_iter().filter(|rule| rules.insert(rule.id.clone())));
        all.problems.extend(report.problems);
        all.notes.extend(report.notes.into_iter().filter(|note| notes.insert(note.clone())));
        let tools = report.tools.into_iter();
        tools.for_each(|tool| {
            if !all.tools.contains(&tool) {
                all.tools.push(tool)
            }
        });
        all.written = all.written.into_iter().chain(report.written).min();
    }
    all
}

/// The middle of `values`, between two middle ones half way; none of none.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = sorted.get(sorted.len() / 2).copied()?;
    let lower = sorted.get(sorted.len().checked_sub(1)? / 2).copied()?;
    // Without a sum that could be too large.
    Some(lower + (upper - lower) / 2.0)
}

/// Measurements of one thing as one metric: their median, within the least and the greatest; one alone stays what it
/// is.
pub(super) fn spread(mut runs: Vec<Metric>) -> Option<Metric> {
    if runs.len() < 2 {
        return runs.pop();
    }
    let values: Vec<f64> = runs.iter().map(|run| run.value).collect();
    let ends = runs.iter().flat_map(|run| run.interval.unwrap_or([run.value; 2]));
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| (low.min(end), high.max(end)));
    let value = median(&values)?;
    let first = runs.swap_remove(0);
    Some(Metric { value, numerator: None, denominator: None, confidence: None, ..first }.within(low, high))
}

fn is_lighthouse(report: &Foreign) -> bool {
    report.tools.iter().any(|tool| tool.name.starts_with("Lighthouse"))
}

/// How many things were looked at together; none where a report does not say.
fn inputs(reports: &[Foreign]) -> Option<Inputs> {
    let mut said = Vec::new();
    for report in reports {
        said.push(report.inputs.as_ref()?);
    }
    let nouns: BTreeSet<&str> = said.iter().map(|inputs| inputs.noun.as_str()).collect();
    let noun = if nouns.len() == 1 { nouns.first().copied()? } else { "input" };
    Some(Inputs::new(said.iter().fold(0, |sum, inputs| sum.saturating_add(inputs.count)), noun))
}

/// Commit and definition, which have to be the same.
fn agree(reports: &[Foreign], all: &mut Foreign) {
    let commits: BTreeSet<&str> = reports.iter().filter_map(|report| report.commit.as_deref()).collect();
    if commits.len() > 1 {
        let what =
            format!("the reports are about {}; keep those of one", format::things(commits.len() as u64, "commit"));
        all.problems.push(Problem::new(Cause::Unreadable, what));
    } else {
        all.commit = commits.first().map(|commit| (*commit).to_owned());
    }
    let definitions: BTreeSet<&str> = reports.iter().map(|report| report.definition.as_str()).collect();
    let names: Vec<&str> = definitions.iter().copied().filter(|definition| !definition.is_empty()).collect();
    if definitions.len() > 1 {
        let what = format!("the reports count different things ({}); keep those of one tool", names.join(", "));
        all.problems.push(Problem::new(Cause::Unreadable, what));
    }
    all.definition = names.join(", ");
}

/// Metrics of one series, and whether they are Lighthouse's.
#[derive(Default)]
struct Series {
    metrics: Vec<Metric>,
    lighthouse: bool,
}

fn metrics(reports: &[Foreign], notes: &mut Vec<String>) -> Vec<Metric> {
    let mut series: BTreeMap<(&str, &Labels), Series> = BTreeMap::new();
    for report in reports {
        for metric in &report.metrics {
            let one = series.entry((&metric.name, &metric.labels)).or_default();
            one.metrics.push(metric.clone());
            one.lighthouse |= is_lighthouse(report);
        }
    }
    let mut all = Vec::new();
    for ((name, labels), one) in series {
        let lacking = if labels.is_empty() { lacking(reports, name) } else { 0 };
        if lacking > 0 {
            let reports = format::things(lacking, "report");
            notes.push(format!("`{name}` is left out: {reports} of the same tool do not have it"));
        } else {
            all.extend(one.together());
        }
    }
    all
}

/// How many reports lack the metric `name` though another of the same tool has it.
fn lacking(reports: &[Foreign], name: &str) -> u64 {
    let has = |report: &Foreign| report.metrics.iter().any(|metric| metric.name == name && metric.labels.is_empty());
    let tools = |report: &Foreign| -> BTreeSet<String> { report.tools.iter().map(|tool| tool.name.clone()).collect() };
    let having: BTreeSet<_> = reports.iter().filter(|report| has(report)).map(tools).collect();
    reports.iter().filter(|report| !has(report) && having.contains(&tools(report))).count() as u64
}

impl Series {
    fn together(self) -> Option<Metric> {
        let unit = self.metrics.first()?.unit;
        if self.lighthouse || self.metrics.len() < 2 || self.metrics.iter().any(|metric| metric.unit != unit) {
            return spread(self.metrics);
        }
        match unit {
            Unit::Count | Unit::Bytes => self.sum(),
            Unit::Percent => match self.ratio() {
                Some(metric) => Some(metric),
                None => spread(self.metrics),
            },
            Unit::Milliseconds => spread(self.metrics),
        }
    }

    fn sum(self) -> Option<Metric> {
        let ends = |metric: &Metric| metric.interval.unwrap_or([metric.value; 2]);
        let interval = self.metrics.iter().any(|metric| metric.interval.is_some()).then(|| {
            self.metrics.iter().map(ends).fold([0.0, 0.0], |[low, high], [least, most]| [low + least, high + most])
        });
        let value = self.metrics.iter().map(|metric| metric.value).sum();
        let places = self.metrics.iter().flat_map(|metric| metric.places.iter().cloned()).collect();
        let first = self.metrics.into_iter().next()?;
        Some(Metric { value, interval, places, ..first })
    }

    /// Exact percentages as one; none where one of them is not exact.
    fn ratio(&self) -> Option<Metric> {
        let (mut numerator, mut denominator) = (0_u64, 0_u64);
        for metric in &self.metrics {
            numerator = numerator.checked_add(metric.numerator?)?;
            denominator = denominator.checked_add(metric.denominator?)?;
        }
        let first = self.metrics.first()?;
        let whole = Metric::ratio(first.name.clone(), numerator, denominator)?;
        Some(Metric { labels: first.labels.clone(), ..whole })
    }
}

#[cfg(test)]
mod tests;
