//! Which numbers a selector means.

use tollgate_model::{Finding, Labels, Metric, Report, label_fits};

use crate::catalog::TARGET;
use crate::condition::Selector;

/// The series of `report` that `selector` means.
///
/// Without labels: the one series without labels. With labels: every series that carries them all; of those whose `path`
/// is exactly the selector's there is one, and it alone is meant; else every series below that folder. `target` tells
/// instances apart and is none of a series' own labels.
pub(crate) fn metrics<'a>(report: &'a Report, selector: &Selector) -> Vec<&'a Metric> {
    if !is_meant(report, selector) {
        return Vec::new();
    }
    let own = |labels: &'a Labels| labels.iter().filter(|(label, _)| *label != TARGET);
    let wanted: Vec<_> = selector.labels.iter().filter(|(label, _)| *label != TARGET).collect();
    let named = || report.metrics.iter().filter(|metric| metric.name == selector.metric);
    if wanted.is_empty() {
        return named().filter(|metric| own(&metric.labels).next().is_none()).collect();
    }
    let carries = |metric: &&Metric, fits: fn(&str, &str, &str) -> bool| {
        wanted.iter().all(|(label, wanted)| metric.labels.get(*label).is_some_and(|value| fits(label, value, wanted)))
    };
    let exact: Vec<_> = named().filter(|metric| carries(metric, |_, value, wanted| value == wanted)).collect();
    if selector.labels.contains_key("path") && exact.is_empty() {
        return named().filter(|metric| carries(metric, label_fits)).collect();
    }
    exact
}

/// Whether `report` is of the instance that `selector` means.
pub(crate) fn is_meant(report: &Report, selector: &Selector) -> bool {
    selector.labels.get(TARGET).is_none_or(|target| report.instance.as_deref() == Some(target))
}

/// The findings that `selector` counts.
pub(crate) fn findings<'a>(reports: &[&'a Report], selector: &Selector) -> Vec<&'a Finding> {
    let wanted = |report: &Report, finding: &Finding| {
        selector.labels.iter().all(|(label, wanted)| match label.as_str() {
            TARGET => is_meant(report, selector),
            _ => carries(finding, label, wanted),
        })
    };
    let counted = |report: &'a Report| report.findings.iter().filter(move |f| f.counts() && wanted(report, f));
    reports.iter().copied().flat_map(counted).collect()
}

/// Whether a finding has the `wanted` value of a label.
pub(crate) fn carries(finding: &Finding, label: &str, wanted: &str) -> bool {
    match label {
        "level" => finding.level.word() == wanted,
        "severity" => finding.severity.is_some_and(|s| s.word() == wanted),
        "confidence" => finding.confidence.word() == wanted,
        "rule" => finding.rule == wanted,
        "state" => finding.state.is_some_and(|s| s.word() == wanted),
        "kind" => finding.kind.as_deref() == Some(wanted),
        "path" => finding.location.as_ref().is_some_and(|l| label_fits("path", &l.path, wanted)),
        _ => false,
    }
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
        metrics(report, &Selector { metric: metric.to_owned(), labels }).iter().map(|m| m.value).collect()
    }

    #[test]
    fn selectors_mean_what_they_say() {
        let plain = report(vec![
            Metric::count("x.n", 1),
            Metric::count("x.n", 2).label("path", "apps/api"),
            Metric::count("x.n", 3).label("path", "apps/api/src/a.ts"),
            Metric::count("x.n", 4).label("path", "apps/api-old"),
            Metric::count("x.n", 5).label("type", "js"),
        ]);
        let web = Report {
            instance: Some("web".to_owned()),
            ..report(vec![
                Metric::count("x.n", 6).label("target", "web"),
                Metric::count("x.n", 7).label("target", "web").label("type", "js"),
            ])
        };
        assert_eq!(select(&plain, "x.n", &[]), [1.0]);
        assert_eq!(select(&web, "x.n", &[]), [6.0]);
        assert_eq!(select(&plain, "x.n", &[("path", "apps/api")]), [2.0]);
        assert_eq!(select(&plain, "x.n", &[("path", "apps/api/src")]), [3.0]);
        assert_eq!(select(&plain, "x.n", &[("path", "apps")]), [2.0, 3.0, 4.0]);
        assert_eq!(select(&plain, "x.n", &[("type", "js")]), [5.0]);
        assert_eq!(select(&web, "x.n", &[("type", "js")]), [7.0]);
        assert_eq!(select(&plain, "x.n", &[("type", "css")]), [0.0; 0]);
        assert_eq!(select(&web, "x.n", &[("target", "web")]), [6.0]);
        assert_eq!(select(&web, "x.n", &[("target", "web"), ("type", "js")]), [7.0]);
        assert_eq!(select(&plain, "x.n", &[("target", "web")]), [0.0; 0]);
        assert_eq!(select(&plain, "x.m", &[]), [0.0; 0]);
    }
}
