//! Which numbers a selector means.

use tollgate_model::{Finding, Labels, Metric, Report};

use crate::catalog::TARGET;
use crate::condition::Selector;

/// The series that `selector` means.
///
/// Without labels: the one series without labels. With labels: every series that carries them all; of those whose `path`
/// is exactly the selector's there is one, and it alone is meant; else every series below that folder.
pub(crate) fn metrics<'a>(reports: &[&'a Report], selector: &Selector) -> Vec<&'a Metric> {
    let named = |metric: &&Metric| metric.name == selector.metric;
    let carries = |metric: &&Metric| {
        let plain = selector.labels.keys().all(|label| label == TARGET) && metric.labels.keys().any(|l| l != TARGET);
        !plain
            && selector
                .labels
                .iter()
                .all(|(label, wanted)| metric.labels.get(label).is_some_and(|value| fits(label, value, wanted)))
    };
    let all = || reports.iter().flat_map(|r| &r.metrics).filter(named);
    if selector.labels.is_empty() {
        return all().filter(|m| m.labels.keys().all(|label| label == TARGET)).collect();
    }
    let exact: Vec<_> = all().filter(|m| contains(&m.labels, &selector.labels)).filter(carries).collect();
    if selector.labels.contains_key("path") && !exact.is_empty() { exact } else { all().filter(carries).collect() }
}

/// The findings that `selector` counts.
pub(crate) fn findings<'a>(reports: &[&'a Report], selector: &Selector) -> Vec<&'a Finding> {
    let wanted = |report: &Report, finding: &Finding| {
        selector.labels.iter().all(|(label, wanted)| match label.as_str() {
            "level" => finding.level.word() == wanted,
            "severity" => finding.severity.is_some_and(|s| s.word() == wanted),
            "confidence" => finding.confidence.word() == wanted,
            "rule" => finding.rule == *wanted,
            "state" => finding.state.is_some_and(|s| s.word() == wanted),
            "path" => finding.location.as_ref().is_some_and(|l| fits("path", &l.path, wanted)),
            TARGET => report.instance.as_deref() == Some(wanted),
            _ => false,
        })
    };
    let counted = |report: &'a Report| report.findings.iter().filter(move |f| f.counts() && wanted(report, f));
    reports.iter().copied().flat_map(counted).collect()
}

fn contains(labels: &Labels, wanted: &Labels) -> bool {
    wanted.iter().all(|(label, value)| labels.get(label) == Some(value))
}

/// Whether a label's value is the wanted one; a path also where it lies below the wanted folder.
fn fits(label: &str, value: &str, wanted: &str) -> bool {
    if label != "path" {
        return value == wanted;
    }
    let folder = wanted.trim_end_matches('/');
    folder == "." || value == folder || value.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_model::{Subject, Word};

    fn report(metrics: Vec<Metric>) -> Report {
        let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::OwnRun };
        Report { metrics, ..Report::new("x", "1.0.0", subject) }
    }

    fn select(report: &Report, metric: &str, labels: &[(&str, &str)]) -> Vec<f64> {
        let labels = labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        metrics(&[report], &Selector { metric: metric.to_owned(), labels }).iter().map(|m| m.value).collect()
    }

    #[test]
    fn selectors_mean_what_they_say() {
        let report = report(vec![
            Metric::count("x.n", 1),
            Metric::count("x.n", 2).label("path", "apps/api"),
            Metric::count("x.n", 3).label("path", "apps/api/src/a.ts"),
            Metric::count("x.n", 4).label("path", "apps/api-old"),
            Metric::count("x.n", 5).label("type", "js"),
            Metric::count("x.n", 6).label("target", "web"),
            Metric::count("x.n", 7).label("target", "web").label("type", "js"),
        ]);
        assert_eq!(select(&report, "x.n", &[]), [1.0, 6.0]);
        assert_eq!(select(&report, "x.n", &[("path", "apps/api")]), [2.0]);
        assert_eq!(select(&report, "x.n", &[("path", "apps/api/src")]), [3.0]);
        assert_eq!(select(&report, "x.n", &[("path", "apps")]), [2.0, 3.0, 4.0]);
        assert_eq!(select(&report, "x.n", &[("type", "js")]), [5.0, 7.0]);
        assert_eq!(select(&report, "x.n", &[("type", "css")]), [0.0; 0]);
        assert_eq!(select(&report, "x.n", &[("target", "web")]), [6.0]);
        assert_eq!(select(&report, "x.n", &[("target", "web"), ("type", "js")]), [7.0]);
        assert_eq!(select(&report, "x.m", &[]), [0.0; 0]);
    }
}
