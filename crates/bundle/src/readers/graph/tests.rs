use proptest::prelude::*;

use super::*;
use crate::build::sample;
use crate::fuzz::hold;

fn chunk(files: &[&str], now: &[&str], later: &[&str]) -> Chunk {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Chunk { files: texts(files), now: texts(now), later: texts(later) }
}

#[test]
fn scripts_and_styles_are_loaded_by_name() {
    for (name, expected) in [
        ("a.js", Some("a.js")),
        ("a.MJS", Some("a.MJS")),
        ("a.cjs?v=1", Some("a.cjs")),
        ("a.css#x", Some("a.css")),
        ("a.js.map", None),
        ("a.wasm", None),
        ("main.1a.hot-update.js", None),
        ("a.html", None),
        ("?a.js", None),
    ] {
        assert_eq!(loaded(name), expected, "{name}");
    }
}

#[test]
fn following_is_bounded() {
    let graph = Graph {
        chunks: BTreeMap::from([("a".to_owned(), chunk(&["a.js", "b.js"], &["a", "b"], &["c"]))]),
        ..Graph::default()
    };
    let start = chunk(&[], &["a"], &[]);
    let reached = |steps, files| graph.reached(&start, &mut Budget { steps, files }).is_some();
    // Two chunks are looked at twice, once with one edge more.
    assert!(reached(11, 2));
    assert!(!reached(10, 2) && !reached(11, 1));
}

#[test]
fn names_of_a_manifest_are_bounded() {
    use tollgate_input::{Source, Window};
    let text = format!("[{}\"\"]", "\"\",".repeat(9));
    let source = Source::new("m.json", Box::new(std::io::Cursor::new(text)), 1 << 20);
    let mut reader = Reader::new(Window::new(source, 1 << 16).unwrap());
    let error = Room(9 * NAME_COST).texts(&mut reader).unwrap_err();
    assert_eq!(error.to_string(), "m.json:1: holds more than is kept of it (256 MiB)");
}

#[test]
fn entries_of_several_compilations_keep_names_of_their_own() {
    let graph = |name: Option<&str>| Graph { name: name.map(str::to_owned), ..Graph::default() };
    let labels =
        |names: &[Option<&str>]| super::labels(names.iter().map(|name| graph(*name)).collect::<Vec<_>>().iter());
    assert_eq!(labels(&[Some("a")]), [""]);
    assert_eq!(labels(&[Some("a"), None, Some("b"), Some("a"), Some("")]), ["1/", "2/", "b/", "4/", "5/"]);
    assert_eq!(labels(&[None, None]), ["1/", "2/"]);
}

#[test]
fn one_name_is_one_load() {
    let graph = |name: &str, entry: &str, now: &[&str], later: &[&str]| Graph {
        name: Some(name.to_owned()),
        chunks: BTreeMap::from([("l".to_owned(), chunk(later, &[], &[]))]),
        entries: BTreeMap::from([(entry.to_owned(), chunk(now, &[], &["l"]))]),
        ..Graph::default()
    };
    let graphs = [graph("a/b", "c", &["1.js"], &["2.js"]), graph("a", "b/c", &["2.js"], &["1.js", "3.js"])];
    let files = [("dist/1.js", ""), ("dist/2.js", ""), ("dist/3.js", "")];
    let account = sample::build("dist", &files, |build| account(build, "m.json", &graphs).unwrap().unwrap());
    let paths = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!((account.loads.len(), account.loads[0].name.as_str()), (1, "a/b/c"));
    assert_eq!((&account.loads[0].initial, &account.loads[0].lazy), (&paths(&["1.js", "2.js"]), &paths(&["3.js"])));
}

/// What a chunk brings at once, and later.
type Edges = (Vec<usize>, Vec<usize>);

/// Graphs of eight chunks, each with one file, and the chunks that its one entry begins with.
fn graphs() -> impl Strategy<Value = (Vec<Edges>, Vec<usize>)> {
    let edges = || proptest::collection::vec(0_usize..8, 0..3);
    (proptest::collection::vec((edges(), edges()), 8), proptest::collection::vec(0_usize..8, 1..3))
}

/// What can be reached from `starts`, by a matrix of which chunk leads to which.
fn matrix(edges: &[Vec<usize>], starts: &[usize]) -> BTreeSet<usize> {
    let mut reach: Vec<Vec<bool>> = (0..8).map(|a| (0..8).map(|b| a == b || edges[a].contains(&b)).collect()).collect();
    for via in 0..8 {
        for a in 0..8 {
            for b in 0..8 {
                reach[a][b] |= reach[a][via] && reach[via][b];
            }
        }
    }
    (0..8).filter(|b| starts.iter().any(|a| reach[*a][*b])).collect()
}

proptest! {
    #[test]
    fn loads_are_what_can_be_reached((chunks, starts) in graphs()) {
        let keys = |all: &[usize]| all.iter().map(|n| format!("c{n}")).collect::<Vec<_>>();
        let files = |all: BTreeSet<usize>| all.into_iter().map(|n| format!("{n}.js")).collect::<BTreeSet<_>>();
        let graph = Graph {
            chunks: chunks.iter().enumerate().map(|(n, (now, later))| {
                (format!("c{n}"), Chunk { files: vec![format!("{n}.js")], now: keys(now), later: keys(later) })
            }).collect(),
            entries: BTreeMap::from([("e".to_owned(), Chunk { now: keys(&starts), ..Chunk::default() })]),
            ..Graph::default()
        };
        let build: Vec<String> = (0..8).map(|n| format!("dist/{n}.js")).collect();
        let build: Vec<(&str, &str)> = build.iter().map(|path| (path.as_str(), "")).collect();
        let account = sample::build("dist", &build, |build| {
            let account = account(build, "m.json", &[graph]).unwrap().unwrap();
            hold(&account, build.files);
            account
        });
        let now: Vec<Vec<usize>> = chunks.iter().map(|(now, _)| now.clone()).collect();
        let all: Vec<Vec<usize>> = chunks.iter().map(|(now, later)| [now.as_slice(), later].concat()).collect();
        let initial = files(matrix(&now, &starts));
        let lazy = &files(matrix(&all, &starts)) - &initial;
        prop_assert_eq!(&account.loads[0].initial, &initial);
        prop_assert_eq!(&account.loads[0].lazy, &lazy);
        prop_assert_eq!((account.loads.len(), account.problems), (1, vec![]));
    }
}
