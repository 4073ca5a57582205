//! Doors for fuzzing, and what every account is held to.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;

use tollgate_input::json_stream::Reader;
use tollgate_input::{InputError, Root, Source, Window};

use crate::account::Account;
use crate::build::Build;
use crate::kind::Kind;
use crate::readers::{graph, html, manifest};

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

/// Lets `look` see a build of every second of `names`.
fn with_every_second(names: &BTreeSet<&str>, look: impl FnOnce(&Build<'_>)) {
    let files = names.iter().step_by(2).copied().collect();
    if let Ok(root) = Root::new(Path::new(".")) {
        look(&Build { root: &root, dir: "dist", manifest: Some("fuzz"), files: &files, record: &|_, _| {} });
    }
}

/// Holds `account` to what every account promises of a build of these files.
pub(crate) fn hold(account: &Account, files: &BTreeSet<&str>) {
    for load in &account.loads {
        assert!(!load.initial.is_empty(), "nothing is loaded: {load:?}");
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

    proptest! {
        #[test]
        fn damage_is_survived(
            sample in 0..SAMPLES.len(),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'"'), Just(b'1')]), 0..4),
            cut in proptest::option::weighted(0.2, any::<prop::sample::Index>()),
        ) {
            fuzz_manifest(&damaged(SAMPLES[sample], &edits, cut));
            fuzz_page(&damaged(PAGE, &edits, cut));
        }
    }
}
