//! Doors for fuzzing, and what every account is held to.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;
use std::{fs, thread};

use tollgate_input::json_stream::Reader;
use tollgate_input::{InputError, Root, Source, Window};

use crate::account::Account;
use crate::build::Build;
use crate::kind::Kind;
use crate::readers::{self, graph, html, manifest};

/// Longest string of a manifest here, in bytes.
const LONGEST: usize = 1 << 16;

/// Reads `bytes` as the manifest of whichever bundler they look like, for a build that has every second file that it names.
#[doc(hidden)]
pub fn fuzz_manifest(bytes: &[u8]) {
    let reader = || -> Result<Reader, InputError> {
        let source = Source::new("fuzz", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
        Window::new(source, LONGEST).map(Reader::new)
    };
    let Some(format) = reader().ok().and_then(|mut reader| manifest::format(&mut reader)) else { return };
    let Ok(graphs) = reader().and_then(|mut reader| format.graphs(&mut reader)) else { return };
    let names: BTreeSet<&str> = graphs.iter().flat_map(|graph| graph.names()).collect();
    with_every_second(&names, |build| {
        if let Ok(Some(account)) = graph::account(build, "fuzz", &graphs) {
            hold(&account, build.files);
        }
    });
}

/// Reads `bytes` as a page of a build that has every second file that it refers to.
#[doc(hidden)]
pub fn fuzz_page(bytes: &[u8]) {
    let path = "docs/page.html";
    let page = html::page(path, &tollgate_input::utf8(bytes));
    let names: BTreeSet<&str> = page.targets().map(|target| target.path.as_str()).collect();
    with_every_second(&names, |build| hold(&html::account(build, &[(path, page.clone())]), build.files));
}

/// Where the parts of a build of Next.js lie that [`fuzz_next`] makes, in order; `static/chunks/app/page-1.js` is the last.
const NEXT: [&str; 6] = [
    "build-manifest.json",
    "app-path-routes-manifest.json",
    "app-build-manifest.json",
    "react-loadable-manifest.json",
    "server/app/page_client-reference-manifest.js",
    "static/chunks/app/page-1.js",
];

/// Reads `bytes` as the files of a build of Next.js, one after another with a zero byte between them, in a folder of its own
/// below that for temporary files. Empty ones are not there.
#[doc(hidden)]
pub fn fuzz_next(bytes: &[u8]) {
    account_of_next(bytes);
}

fn account_of_next(bytes: &[u8]) -> Option<Account> {
    let folder =
        std::env::temp_dir().join(format!("tollgate-next-{}-{:?}", std::process::id(), thread::current().id()));
    let mut parts = NEXT.iter().zip(bytes.split(|byte| *byte == 0)).filter(|(_, text)| !text.is_empty());
    let written = parts.all(|(path, text)| {
        let path = folder.join(path);
        path.parent().is_some_and(|above| fs::create_dir_all(above).is_ok()) && fs::write(path, text).is_ok()
    });
    let files =
        BTreeSet::from(["static/chunks/app/page-1.js", "static/chunks/a.js", "static/css/a.css", "static/x/a.js"]);
    let root = Root::new(&folder).ok().filter(|_| written);
    let account = root.and_then(|root| {
        let build =
            Build { root: &root, dir: ".", manifest: None, files: &files, counted: &|_| true, record: &|_, _| {} };
        readers::next::read(&build).ok().flatten()
    });
    drop(fs::remove_dir_all(folder));
    account.inspect(|account| hold_files(account, &files))
}

/// Lets `look` see a build of every second of `names`.
fn with_every_second(names: &BTreeSet<&str>, look: impl FnOnce(&Build<'_>)) {
    let files = names.iter().step_by(2).copied().collect();
    if let Ok(root) = Root::new(Path::new(".")) {
        look(&Build {
            root: &root,
            dir: "dist",
            manifest: Some("fuzz"),
            files: &files,
            counted: &|_| true,
            record: &|_, _| {},
        });
    }
}

/// Holds `account` to what every account promises of a build of these files.
pub(crate) fn hold(account: &Account, files: &BTreeSet<&str>) {
    assert!(account.loads.iter().all(|load| !load.initial.is_empty()), "nothing is loaded: {account:?}");
    hold_files(account, files);
}

fn hold_files(account: &Account, files: &BTreeSet<&str>) {
    for load in &account.loads {
        assert!(load.initial.is_disjoint(&load.lazy), "at once and later: {load:?}");
        for path in load.initial.iter().chain(&load.lazy) {
            assert!(files.contains(path.as_str()), "no file: {path} of {load:?}");
            assert!(
                matches!(Kind::of(path), Kind::Js | Kind::Css),
                "neither script nor style sheet: {path} of {load:?}"
            );
        }
    }
    let names: BTreeSet<_> = account.loads.iter().map(|load| (load.start, &load.name)).collect();
    assert_eq!(names.len(), account.loads.len(), "one name twice");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SAMPLES: [&str; 6] = [
        include_str!("readers/samples/vite5.json"),
        include_str!("readers/samples/webpack5-depend.json"),
        include_str!("readers/samples/webpack5-multi.json"),
        include_str!("readers/samples/esbuild.json"),
        include_str!("readers/samples/rollup.json"),
        include_str!("readers/samples/visualizer.json"),
    ];

    const PAGE: &str =
        "<base href='/a/'><script type=module src=b.js></script><link rel=stylesheet href=\"../c&amp;d.css\">";

    /// `text` with some bytes replaced, and cut.
    fn damaged(text: &str, edits: &[(prop::sample::Index, u8)], cut: Option<prop::sample::Index>) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
        bytes
    }

    /// A small build of Next.js, whole.
    const NEXT_BUILD: &str = "{\"rootMainFiles\":[\"static/chunks/a.js\"],\"pages\":{\"/_app\":[],\"/old\":[\"static/x/a.js\"]}}\0\
        {\"/page\":\"/\",\"/(b)/c/page\":\"/c\"}\0{\"pages\":{\"/(b)/c/page\":[\"static/css/a.css\"]}}\0\
        {\"a\":{\"id\":7,\"files\":[\"static/chunks/a.js\"]}}\0\
        globalThis.__RSC_MANIFEST[\"/page\"]={\"clientModules\":{\"/b/app/page.js\":{\"id\":\"5\",\"chunks\":[\"1\",\"static/chunks/app/page-1.js\"]}},\
        \"entryCSSFiles\":{\"/b/app/page\":[\"static/css/a.css\"]}}\0\
        Promise.resolve().then(n.bind(n,5));n.e(3).then(n.bind(n,7))";

    #[test]
    fn a_build_of_next_is_read_from_its_parts() {
        let account = account_of_next(NEXT_BUILD.as_bytes()).unwrap();
        let loads: Vec<(&str, usize)> =
            account.loads.iter().map(|load| (load.name.as_str(), load.initial.len())).collect();
        assert_eq!(loads, [("/c", 2), ("/", 3), ("/old", 1)]);
        for nothing in [&b""[..], b"\0\0\0", b"{"] {
            assert_eq!(account_of_next(nothing), None);
        }
    }

    proptest! {
        #[test]
        fn damage_is_survived(
            sample in 0..SAMPLES.len(),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'"'), Just(b'1')]), 0..4),
            cut in proptest::option::weighted(0.2, any::<prop::sample::Index>()),
        ) {
            fuzz_manifest(&damaged(SAMPLES[sample], &edits, cut));
            fuzz_page(&damaged(PAGE, &edits, cut));
            fuzz_next(&damaged(NEXT_BUILD, &edits, cut));
        }
    }
}
