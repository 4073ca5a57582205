//! The numbers that are reported.

use tollgate_model::{Metric, MetricSpec, Unit};

use crate::endpoint::Endpoint;
use crate::memory::Memory;
use crate::options::Statistic;
use crate::summary::{CONFIDENCE, Summary};

pub(crate) const OVER_LIMIT: &str = "latency.over_limit";
pub(crate) const REGRESSED: &str = "latency.regressed";

const OF_ENDPOINT: &[&str] = &["endpoint", "critical"];

/// What conditions can name.
pub(crate) const METRICS: &[MetricSpec] = &[
    MetricSpec::new("latency.p50", Unit::Milliseconds, "Median of an endpoint's latencies").labels(OF_ENDPOINT),
    MetricSpec::new("latency.p90", Unit::Milliseconds, "Their 90th percentile").labels(OF_ENDPOINT),
    MetricSpec::new("latency.p95", Unit::Milliseconds, "Their 95th percentile").labels(OF_ENDPOINT),
    MetricSpec::new("latency.p99", Unit::Milliseconds, "Their 99th percentile").labels(OF_ENDPOINT),
    MetricSpec::new("latency.max", Unit::Milliseconds, "The longest of them").labels(OF_ENDPOINT),
    MetricSpec::new("latency.requests", Unit::Count, "Requests that were measured").labels(OF_ENDPOINT),
    MetricSpec::new("latency.failed", Unit::Percent, "Share of requests without the right answer").labels(OF_ENDPOINT),
    MetricSpec::new(
        OVER_LIMIT,
        Unit::Count,
        "Endpoints that are over a limit of their own, or fail too often, by a test",
    )
    .labels(&["critical"]),
    MetricSpec::new("latency.slower", Unit::Percent, "Share of pairs in which the base was answered sooner")
        .labels(OF_ENDPOINT),
    MetricSpec::new(REGRESSED, Unit::Count, "Endpoints that are slower than the base's, by a test")
        .labels(&["critical"]),
    MetricSpec::new(
        "latency.certificate_days",
        Unit::Count,
        "Days for which a certificate is still good, with `verify`",
    )
    .labels(&["endpoint"]),
    MetricSpec::new("service.memory", Unit::Bytes, "Memory of the service: before it was asked, and at most")
        .labels(&["kind"]),
];

/// The numbers of one endpoint.
pub(crate) fn of_endpoint(endpoint: &Endpoint, summary: &Summary) -> Vec<Metric> {
    let label =
        |metric: Metric| metric.label("endpoint", &endpoint.label).label("critical", endpoint.critical.to_string());
    let mut metrics = vec![label(Metric::count("latency.requests", summary.count()))];
    metrics.extend(Metric::ratio("latency.failed", summary.failed, summary.count()).map(label));
    for statistic in Statistic::ALL {
        // What falls among the failures has no number.
        let Some(value) = summary.value(statistic).filter(|ms| ms.is_finite()) else { continue };
        let mut metric = label(Metric::milliseconds(format!("latency.{}", statistic.name()), rounded(value)));
        if let Some([low, high]) = summary.interval(statistic) {
            metric = metric.within(rounded(low), if high.is_finite() { rounded(high) } else { NO_END });
            metric.confidence = Some(CONFIDENCE);
        }
        metrics.push(metric);
    }
    metrics
}

/// Stands for an upper end that nothing is known of: a day.
const NO_END: f64 = 86_400_000.0;

/// To the microsecond.
fn rounded(ms: f64) -> f64 {
    (ms * 1_000.0).round() / 1_000.0
}

/// What became of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Proven to be within bounds.
    Within,
    /// Proven to be beyond.
    Beyond,
    /// Not known.
    Open,
}

/// How many endpoints are beyond: of all, and of those that are critical or not. What is open widens the interval.
pub(crate) fn beyond<'e>(name: &str, states: impl Iterator<Item = (&'e Endpoint, State)>) -> Vec<Metric> {
    let states: Vec<(&Endpoint, State)> = states.collect();
    if states.is_empty() {
        return Vec::new();
    }
    let count = |wanted: Option<bool>| {
        let ours =
            || states.iter().filter(move |(endpoint, _)| wanted.is_none_or(|wanted| endpoint.critical == wanted));
        let of = |state: State| ours().filter(|(_, s)| *s == state).count() as u64;
        let (surely, open) = (of(State::Beyond), of(State::Open));
        let places = ours().filter(|(_, s)| *s != State::Within).map(|(endpoint, _)| endpoint.label.clone());
        let metric = Metric::count(name, surely).places(places);
        let metric = if open > 0 { metric.within(surely as f64, (surely + open) as f64) } else { metric };
        match wanted {
            Some(critical) => metric.label("critical", critical.to_string()),
            None => metric,
        }
    };
    // Of what there is none, nothing is said: a condition on it must not hold by accident.
    let kinds =
        [true, false].into_iter().filter(|wanted| states.iter().any(|(endpoint, _)| endpoint.critical == *wanted));
    std::iter::once(None).chain(kinds.map(Some)).map(count).collect()
}

/// What the service holds.
pub(crate) fn of_memory(memory: &Memory) -> [Metric; 2] {
    [("idle", memory.idle), ("peak", memory.peak())]
        .map(|(kind, bytes)| Metric::bytes("service.memory", bytes).label("kind", kind))
}
