//! The metrics.

use std::collections::BTreeMap;

use tollgate_model::{Metric, MetricSpec, Unit, format};

use crate::Encoding;
use crate::asset::Asset;
use crate::kind::Kind;
use crate::names::Names;
use crate::series::{Part, Series};
use crate::size::Size;

const LABELS: &[&str] = &["type", "path", "name", "entry", "route"];

/// Every metric of this checker.
pub(crate) const METRICS: &[MetricSpec] = &[
    MetricSpec::new("bundle.total", Unit::Bytes, "Size of the build, in `encoding`"),
    MetricSpec::new("bundle.size", Unit::Bytes, "Size of one type or one file of the build, in `encoding`")
        .labels(&["type", "path"])
        .elsewhere(),
    MetricSpec::new("bundle.files", Unit::Bytes, "Size of a group of `[[bundle.files]]`, in `encoding`")
        .labels(&["name", "path"])
        .needs_option("bundle.files")
        .elsewhere(),
    MetricSpec::new("bundle.route", Unit::Bytes, "First load of a route: its scripts and style sheets, in `encoding`")
        .labels(&["route"]),
    MetricSpec::new("bundle.route_js", Unit::Bytes, "Scripts of a route's first load, in `encoding`")
        .labels(&["route"]),
    MetricSpec::new("bundle.route_async", Unit::Bytes, "What a route may load later, in `encoding`").labels(&["route"]),
    MetricSpec::new("bundle.entry", Unit::Bytes, "First load of an entry: its scripts and style sheets, in `encoding`")
        .labels(&["entry"]),
    MetricSpec::new("bundle.entry_js", Unit::Bytes, "Scripts of an entry's first load, in `encoding`")
        .labels(&["entry"]),
    MetricSpec::new("bundle.entry_async", Unit::Bytes, "What an entry may load later, in `encoding`")
        .labels(&["entry"]),
    MetricSpec::new("bundle.raw", Unit::Bytes, "Size on the disk: of all, of a type, file, group, first load")
        .labels(LABELS)
        .elsewhere(),
    MetricSpec::new("bundle.gzip", Unit::Bytes, "Size after gzip, level 9: of all, of a type, file, group, first load")
        .labels(LABELS)
        .elsewhere(),
    MetricSpec::new(
        "bundle.brotli",
        Unit::Bytes,
        "Size after brotli, quality 11: of all, of a type, file, group, first load",
    )
    .labels(LABELS)
    .elsewhere(),
    MetricSpec::new("bundle.count", Unit::Count, "Number of files: of the build, of one type").labels(&["type"]),
];

/// How many files a sum names as the places to look at.
const MOST_PLACES: usize = 5;

/// The numbers about `assets`, in every encoding that was asked for; those without an encoding in their name count in `encoding`.
///
/// `growth` says by how much files grew against the base, by position: they are the first places to look at.
pub(crate) fn metrics(
    assets: &[Asset],
    names: &Names,
    series: &[Series],
    encoding: Encoding,
    growth: &BTreeMap<usize, u64>,
) -> Vec<Metric> {
    let mut all = Vec::new();
    for each in Encoding::ALL {
        let sizes: Option<Vec<Size>> = assets.iter().map(|asset| asset.size(each)).collect();
        let Some(sizes) = sizes else { continue };
        let growth = if each == encoding { growth } else { &BTreeMap::new() };
        for one in series {
            let number = |name: &str| sum(name, one, &sizes, names, growth);
            all.extend(one.part.in_every_encoding().then(|| number(each.metric())));
            all.extend((each == encoding).then(|| number(one.part.metric())));
        }
    }
    all.push(Metric::count("bundle.count", assets.len() as u64));
    for kind in Kind::ALL {
        let count = assets.iter().filter(|asset| asset.kind == kind).count() as u64;
        if count > 0 {
            all.push(Metric::count("bundle.count", count).label("type", kind.word()));
        }
    }
    all
}

fn sum(name: &str, series: &Series, sizes: &[Size], names: &Names, growth: &BTreeMap<usize, u64>) -> Metric {
    let sum: Size = series.members.iter().map(|at| sizes[*at]).sum();
    let mut metric = Metric::bytes(name, sum.high);
    if !sum.is_exact() {
        metric = metric.within(sum.low as f64, sum.high as f64);
    }
    for (label, value) in &series.labels {
        metric = metric.label(*label, value.as_str());
    }
    let is_one_file = series.part == Part::Size && series.labels.iter().any(|(label, _)| *label == "path");
    if is_one_file {
        return metric;
    }
    let mut largest = series.members.clone();
    let weight = |at: &usize| (growth.get(at).copied(), sizes[*at].high);
    largest.sort_by(|a, b| weight(b).cmp(&weight(a)).then(a.cmp(b)));
    let place = |at: &usize| {
        let grown = growth.get(at).map(|by| format!(" (+{})", format::short_bytes(*by))).unwrap_or_default();
        format!("{} {}{grown}", names.names[*at], format::short_bytes(sizes[*at].high))
    };
    metric.places(largest.iter().take(MOST_PLACES).map(place))
}

#[cfg(test)]
mod tests;
