use std::collections::BTreeSet;

use tollgate_model::{Op, Unit};

use super::*;
use crate::account::Load;
use crate::asset::sample::asset;
use crate::options::{FileGroup, Options};

fn set(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

fn words(series: &[Series]) -> Vec<String> {
    let labels = |one: &Series| one.labels.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",");
    series.iter().map(|one| format!("{}{{{}}} {:?}", one.part.metric(), labels(one), one.members)).collect()
}

#[test]
fn every_number_knows_its_files() {
    let assets = [asset("a.css", 5), asset("app.js", 7), asset("lazy.js", 9)];
    let names = ["a.css", "app.js", "lazy.js"].map(str::to_owned);
    let group = |name: &str, globs: &[&str], each| FileGroup {
        name: name.to_owned(),
        globs: globs.iter().map(|glob| (*glob).to_owned()).collect(),
        each,
    };
    let files =
        vec![group("code", &["*.js", "!lazy*"], false), group("all", &["*"], true), group("none", &["x"], false)];
    let groups = Options { files, ..Options::default() }.groups().unwrap();
    let load = |start, name: &str, initial: &[&str], lazy: &[&str]| Load {
        start,
        name: name.to_owned(),
        initial: set(initial),
        lazy: set(lazy),
    };
    let loads =
        vec![load(Start::Route, "/", &["a.css", "app.js"], &["lazy.js"]), load(Start::Entry, "bare.html", &[], &[])];
    let account = Account { loads, ..Account::default() };
    let blind = Account { later_is_unknown: true, ..account.clone() };
    let later = |series: &[Series]| series.iter().filter(|one| matches!(one.part, Part::Later(_))).count();
    assert_eq!(later(&all(&assets, &names, &groups, Some(&blind), &[])), 0);
    assert_eq!(
        words(&all(&assets, &names, &groups, Some(&account), &[])),
        [
            "bundle.total{} [0, 1, 2]",
            "bundle.size{type=js} [1, 2]",
            "bundle.size{type=css} [0]",
            "bundle.size{path=lazy.js} [2]",
            "bundle.size{path=app.js} [1]",
            "bundle.size{path=a.css} [0]",
            "bundle.files{name=code} [1]",
            "bundle.files{name=all,path=a.css} [0]",
            "bundle.files{name=all,path=app.js} [1]",
            "bundle.files{name=all,path=lazy.js} [2]",
            "bundle.route{route=/} [0, 1]",
            "bundle.route_js{route=/} [1]",
            "bundle.route_async{route=/} [2]",
            "bundle.entry{entry=bare.html} []",
            "bundle.entry_js{entry=bare.html} []",
            "bundle.entry_async{entry=bare.html} []",
        ]
    );
}

#[test]
fn the_largest_files_have_series() {
    let assets: Vec<Asset> = (0..2_500).map(|n| asset(&format!("{n:04}.js"), n)).collect();
    let names: Vec<String> = assets.iter().map(|asset| asset.path.clone()).collect();
    let series = all(&assets, &names, &[], None, &[]);
    let files: Vec<&Series> =
        series.iter().filter(|one| one.labels.iter().any(|(label, _)| *label == "path")).collect();
    assert_eq!(files.len(), MOST_FILES);
    assert!(files.iter().all(|one| one.members[0] >= 500));
    assert_eq!(series[0].members.len(), 2_500);
}

#[test]
fn a_condition_may_call_a_file_by_its_path() {
    let assets = [asset("a-11aa22bb.js", 1), asset("b-11aa22bb.js", 2)];
    let names = ["a-[hash].js", "b-[hash].js"].map(str::to_owned);
    let target = |path: &str| Target {
        metric: "bundle.raw".to_owned(),
        labels: [("path".to_owned(), path.to_owned())].into(),
        op: Op::Le,
        value: None,
        unit: Unit::Bytes,
        warn: None,
    };
    let asked = [target("b-11aa22bb.js"), target("a-[hash].js"), target("c.js")];
    let series = words(&all(&assets, &names, &[], None, &asked));
    assert_eq!(
        series[2..],
        [
            "bundle.size{path=b-[hash].js} [1]",
            "bundle.size{path=a-[hash].js} [0]",
            "bundle.size{path=b-11aa22bb.js} [1]"
        ]
    );
}

#[test]
fn targets_mean_series_as_policy_has_it() {
    let one = |labels: &[(&'static str, &str)]| Series {
        part: Part::Size,
        labels: labels.iter().map(|(k, v)| (*k, (*v).to_owned())).collect(),
        members: vec![],
    };
    let target = |labels: &[(&str, &str)]| Target {
        metric: "bundle.size".to_owned(),
        labels: labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        op: Op::Le,
        value: None,
        unit: Unit::Bytes,
        warn: None,
    };
    for (series, wanted, meant) in [
        (one(&[]), target(&[]), true),
        (one(&[("type", "js")]), target(&[]), false),
        (one(&[("type", "js")]), target(&[("type", "js"), ("target", "web")]), true),
        (one(&[("type", "js")]), target(&[("type", "css")]), false),
        (one(&[("path", "a/b.js")]), target(&[("path", "a/")]), true),
        (one(&[("path", "a/b.js")]), target(&[("path", ".")]), true),
        (one(&[("path", "ab.js")]), target(&[("path", "a")]), false),
        (one(&[("name", "a/b")]), target(&[("name", "a")]), false),
    ] {
        assert_eq!(series.is_meant(&wanted), meant, "{series:?} {wanted:?}");
    }
}
