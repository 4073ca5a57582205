use super::*;
use crate::asset::sample::{asset, read};
use crate::engine::Engine;
use crate::{names, series};

fn numbers(assets: &[Asset], encoding: Encoding) -> Vec<Metric> {
    let names = names::of(assets.iter().map(|asset| asset.path.as_str()));
    metrics(assets, &names, &series::all(assets, &names.names, &[], None, &[]), encoding, &BTreeMap::new())
}

fn value(metrics: &[Metric], series: &str) -> Option<f64> {
    metrics.iter().find(|m| m.series() == series).map(|m| m.value)
}

#[test]
fn totals_types_and_files_have_their_series() {
    let assets = [read("a.js", 700, 90), read("b-1a2b3c4d.js", 300, 100), read("c.css", 1500, 50)];
    let metrics = numbers(&assets, Encoding::Gzip);
    for (series, expected) in [
        ("bundle.total", Some(240.0)),
        ("bundle.raw", Some(2500.0)),
        ("bundle.gzip", Some(240.0)),
        ("bundle.brotli", None),
        ("bundle.size", None),
        ("bundle.size{type=\"js\"}", Some(190.0)),
        ("bundle.raw{type=\"js\"}", Some(1000.0)),
        ("bundle.size{path=\"c.css\"}", Some(50.0)),
        ("bundle.size{path=\"b-[hash].js\"}", Some(100.0)),
        ("bundle.raw{type=\"image\"}", None),
        ("bundle.count", Some(3.0)),
        ("bundle.count{type=\"css\"}", Some(1.0)),
        ("bundle.count{type=\"image\"}", None),
    ] {
        assert_eq!(value(&metrics, series), expected, "{series}");
    }
    let places = |series| metrics.iter().find(|m| m.series() == series).unwrap().places.clone();
    assert_eq!(places("bundle.raw"), ["c.css 1.5 KB", "a.js 700 B", "b-[hash].js 300 B"]);
    assert_eq!(places("bundle.total"), ["b-[hash].js 100 B", "a.js 90 B", "c.css 50 B"]);
    assert!(places("bundle.size{path=\"c.css\"}").is_empty());
}

#[test]
fn what_grew_is_looked_at_first() {
    let assets = [asset("a.js", 700), asset("b.js", 300), asset("c.js", 500)];
    let names = names::of(assets.iter().map(|asset| asset.path.as_str()));
    let series = series::all(&assets, &names.names, &[], None, &[]);
    let metrics = metrics(&assets, &names, &series, Encoding::Raw, &BTreeMap::from([(1, 20)]));
    let total = metrics.iter().find(|m| m.name == "bundle.total").unwrap();
    assert_eq!(total.places, ["b.js 300 B (+20 B)", "a.js 700 B", "c.js 500 B"]);
}

#[test]
fn what_was_not_compressed_has_no_size_or_lies_between_bounds() {
    let metrics = numbers(&[asset("a.js", 700)], Encoding::Raw);
    assert_eq!(value(&metrics, "bundle.total"), Some(700.0));
    assert!(!metrics.iter().any(|m| m.name == "bundle.gzip"));
    let bound = |mut asset: Asset| {
        asset.packed.insert(Engine::Gzip, Size { low: 21, high: 800 });
        asset
    };
    let metrics = numbers(&[bound(asset("a.js", 700)), read("b.js", 9, 5)], Encoding::Gzip);
    let total = metrics.iter().find(|m| m.name == "bundle.total").unwrap();
    assert_eq!((total.value, total.interval), (805.0, Some([26.0, 805.0])));
    let exact = metrics.iter().find(|m| m.series() == "bundle.size{path=\"b.js\"}").unwrap();
    assert_eq!((exact.value, exact.interval), (5.0, None));
}

#[test]
fn every_series_is_of_a_declared_metric() {
    for metric in numbers(&[read("a.js", 1, 1)], Encoding::Raw) {
        let spec = METRICS.iter().find(|spec| spec.name == metric.name).unwrap();
        assert_eq!(spec.unit, metric.unit);
        assert!(metric.labels.keys().all(|label| spec.labels.contains(&label.as_str())));
    }
}
