use tollgate_model::{Labels, Unit};

use super::*;
use crate::asset::sample::asset;
use crate::series;

fn target(metric: &str, labels: &[(&str, &str)], op: Op, value: Option<f64>) -> Target {
    let labels: Labels = labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Target { metric: metric.to_owned(), labels, op, value, unit: Unit::Bytes, warn: None }
}

/// Which of a build of 100 KB of scripts (two files), 10 KB of styles and a font is compressed.
fn needed(engine: Engine, encoding: Encoding, compared: bool, targets: &[Target]) -> Option<Vec<&'static str>> {
    const FILES: [(&str, u64); 4] = [("a.css", 10_000), ("a.js", 60_000), ("b.js", 40_000), ("f.woff2", 9_000_000)];
    let assets: Vec<Asset> = FILES.iter().map(|(path, raw)| asset(path, *raw)).collect();
    let names: Vec<String> = assets.iter().map(|asset| asset.path.clone()).collect();
    let series = series::all(&assets, &names, &[], None, &[]);
    match need(engine, &assets, &series, Asked { encoding, targets, compared }) {
        Need::None => None,
        Need::Some(files) => Some(files.into_iter().map(|at| FILES[at].0).collect()),
    }
}

const ALL: [&str; 4] = ["a.css", "a.js", "b.js", "f.woff2"];

#[test]
fn without_conditions_the_encoding_of_the_options_is_measured() {
    assert_eq!(needed(Engine::Gzip, Encoding::Gzip, false, &[]), Some(ALL.to_vec()));
    assert_eq!(needed(Engine::Brotli, Encoding::Brotli, false, &[]), Some(ALL.to_vec()));
    // Of a build of 9 MB nobody pays for what nobody asked.
    assert_eq!(needed(Engine::Gzip, Encoding::Raw, false, &[]), None);
    assert_eq!(needed(Engine::Brotli, Encoding::Raw, true, &[]), None);
    let raw = [target("bundle.total", &[], Op::Le, Some(1.0)), target("bundle.raw", &[], Op::Le, Some(1.0))];
    assert_eq!(needed(Engine::Gzip, Encoding::Raw, false, &raw), None);
}

#[test]
fn what_the_size_on_the_disk_answers_is_not_compressed() {
    let js = [("type", "js")];
    // Stored as they are, 100,000 bytes in two files are at most 114,108 in gzip.
    let at = |value: f64| [target("bundle.gzip", &js, Op::Le, Some(value))];
    assert_eq!(needed(Engine::Gzip, Encoding::Raw, false, &at(114_112.0)), Some(vec![]));
    assert_eq!(needed(Engine::Gzip, Encoding::Raw, false, &at(114_000.0)), Some(vec!["a.js", "b.js"]));
    let own = |value: f64| [target("bundle.size", &js, Op::Le, Some(value))];
    assert_eq!(needed(Engine::Gzip, Encoding::Gzip, false, &own(500_000.0)), Some(vec![]));
    assert_eq!(needed(Engine::Gzip, Encoding::Gzip, false, &own(50_000.0)), Some(vec!["a.js", "b.js"]));
    assert_eq!(needed(Engine::Brotli, Encoding::Gzip, false, &own(50_000.0)), None);
}

#[test]
fn only_the_files_in_question_are_compressed() {
    let wanted = [
        target("bundle.brotli", &[("path", "a.css")], Op::Le, Some(5_000.0)),
        target("bundle.brotli", &[("type", "js"), ("target", "web")], Op::Le, Some(1e9)),
        target("bundle.size", &[("type", "font")], Op::Le, Some(1.0)),
    ];
    assert_eq!(needed(Engine::Brotli, Encoding::Raw, false, &wanted), Some(vec!["a.css"]));
}

#[test]
fn other_questions_take_numbers() {
    for one in [
        target("bundle.gzip", &[], Op::Ge, Some(1.0)),
        target("bundle.gzip", &[], Op::Le, None),
        target("bundle.gzip", &[], Op::Eq, Some(1e9)),
        target("bundle.gzip", &[], Op::Lt, Some(1.0)),
        Target { warn: Some(1_000_000.0), ..target("bundle.gzip", &[], Op::Le, Some(1e9)) },
    ] {
        assert_eq!(
            needed(Engine::Gzip, Encoding::Raw, false, std::slice::from_ref(&one)),
            Some(ALL.to_vec()),
            "{one:?}"
        );
    }
    let met = [Target { warn: Some(1e8), ..target("bundle.total", &[], Op::Le, Some(1e9)) }];
    assert_eq!(needed(Engine::Gzip, Encoding::Gzip, false, &met), Some(vec![]));
    // Numbers that are compared with another build's are exact.
    assert_eq!(needed(Engine::Gzip, Encoding::Gzip, true, &met), Some(ALL.to_vec()));
    // The number of files is no size.
    let count = [target("bundle.count", &[], Op::Le, Some(1.0))];
    assert_eq!(needed(Engine::Gzip, Encoding::Gzip, false, &count), Some(ALL.to_vec()));
    assert_eq!(needed(Engine::Gzip, Encoding::Raw, false, &count), None);
}
