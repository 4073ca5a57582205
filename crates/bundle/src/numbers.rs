//! The metrics.

use tollgate_model::{Metric, MetricSpec, Unit, format};

use crate::Encoding;
use crate::asset::{Asset, sizes};
use crate::kind::Kind;

/// Every metric of this checker.
pub(crate) const METRICS: &[MetricSpec] = &[
    MetricSpec::new("bundle.total", Unit::Bytes, "Size of the build, in `encoding`"),
    MetricSpec::new("bundle.size", Unit::Bytes, "Size of one type or one file of the build, in `encoding`")
        .labels(&["type", "path"])
        .elsewhere(),
    MetricSpec::new("bundle.raw", Unit::Bytes, "Size on the disk: of the build, of one type, of one file")
        .labels(&["type", "path"])
        .elsewhere(),
    MetricSpec::new("bundle.gzip", Unit::Bytes, "Size after gzip, level 9: of the build, of one type, of one file")
        .labels(&["type", "path"])
        .elsewhere(),
    MetricSpec::new("bundle.count", Unit::Count, "Number of files: of the build, of one type").labels(&["type"]),
];

/// How many files have a series of their own, in each metric.
pub(crate) const MOST_FILES: usize = 2_000;

/// How many files a total names as the places to look at.
const MOST_PLACES: usize = 5;

/// The metrics of `assets`, where `bundle.total` and `bundle.size` count in `encoding`. What was not read has no size in
/// gzip; a type without files has no series.
pub(crate) fn metrics(assets: &[Asset], encoding: Encoding) -> Vec<Metric> {
    let mut all = Vec::new();
    for (each, name) in [(Encoding::Raw, "bundle.raw"), (Encoding::Gzip, "bundle.gzip")] {
        let sizes = sizes(assets, each);
        if sizes.is_empty() {
            continue;
        }
        all.push(sum(name, &sizes));
        parts(name, &sizes, &mut all);
        if each == encoding {
            all.push(sum("bundle.total", &sizes));
            parts("bundle.size", &sizes, &mut all);
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

fn sum(name: &str, sizes: &[(u64, &Asset)]) -> Metric {
    let places = sizes.iter().take(MOST_PLACES).map(|(size, asset)| {
        let size = format::short_bytes(*size);
        format!("{} {size}", asset.path)
    });
    let total = sizes.iter().fold(0, |sum: u64, (size, _)| sum.saturating_add(*size));
    Metric::bytes(name, total).places(places.collect())
}

fn parts(name: &str, sizes: &[(u64, &Asset)], all: &mut Vec<Metric>) {
    for kind in Kind::ALL {
        let of_kind: Vec<_> = sizes.iter().copied().filter(|(_, asset)| asset.kind == kind).collect();
        if !of_kind.is_empty() {
            all.push(sum(name, &of_kind).label("type", kind.word()));
        }
    }
    let file = |(size, asset): &(u64, &Asset)| Metric::bytes(name, *size).label("path", asset.path.as_str());
    all.extend(sizes.iter().take(MOST_FILES).map(file));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::Reading;

    fn asset(path: &str, raw: u64, gzip: Option<u64>) -> Asset {
        let read = gzip.map(|gzip| Reading { gzip, blake3: String::new() });
        Asset { path: path.to_owned(), real: path.into(), kind: Kind::of(path), raw, read }
    }

    fn value(metrics: &[Metric], series: &str) -> Option<f64> {
        metrics.iter().find(|m| m.series() == series).map(|m| m.value)
    }

    #[test]
    fn totals_types_and_files_have_their_series() {
        let assets = [asset("a.js", 700, Some(90)), asset("b.js", 300, Some(100)), asset("c.css", 1500, Some(50))];
        let metrics = metrics(&assets, Encoding::Gzip);
        for (series, expected) in [
            ("bundle.total", Some(240.0)),
            ("bundle.raw", Some(2500.0)),
            ("bundle.gzip", Some(240.0)),
            ("bundle.size", None),
            ("bundle.size{type=\"js\"}", Some(190.0)),
            ("bundle.raw{type=\"js\"}", Some(1000.0)),
            ("bundle.size{path=\"c.css\"}", Some(50.0)),
            ("bundle.raw{type=\"image\"}", None),
            ("bundle.count", Some(3.0)),
            ("bundle.count{type=\"css\"}", Some(1.0)),
            ("bundle.count{type=\"image\"}", None),
        ] {
            assert_eq!(value(&metrics, series), expected, "{series}");
        }
        let places = |series| metrics.iter().find(|m| m.series() == series).unwrap().places.clone();
        assert_eq!(places("bundle.raw"), ["c.css 1.5 KB", "a.js 700 B", "b.js 300 B"]);
        assert_eq!(places("bundle.total"), ["b.js 100 B", "a.js 90 B", "c.css 50 B"]);
    }

    #[test]
    fn what_was_not_read_has_no_gzip() {
        let metrics = metrics(&[asset("a.js", 700, None)], Encoding::Raw);
        assert_eq!(value(&metrics, "bundle.total"), Some(700.0));
        assert!(!metrics.iter().any(|m| m.name == "bundle.gzip"));
    }

    #[test]
    fn the_largest_files_keep_their_series() {
        let assets: Vec<_> = (0..2_500).map(|n| asset(&format!("{n}.js"), n, None)).collect();
        let metrics = metrics(&assets, Encoding::Raw);
        let files: Vec<_> =
            metrics.iter().filter(|m| m.name == "bundle.size" && m.labels.contains_key("path")).collect();
        assert_eq!(files.len(), MOST_FILES);
        assert!(files.iter().all(|m| m.value >= 500.0));
        assert_eq!(value(&metrics, "bundle.total"), Some(3_123_750.0));
    }

    #[test]
    fn every_series_is_of_a_declared_metric() {
        for metric in metrics(&[asset("a.js", 1, Some(1))], Encoding::Raw) {
            let spec = METRICS.iter().find(|spec| spec.name == metric.name).unwrap();
            assert_eq!(spec.unit, metric.unit);
            assert!(metric.labels.keys().all(|label| spec.labels.contains(&label.as_str())));
        }
    }
}
