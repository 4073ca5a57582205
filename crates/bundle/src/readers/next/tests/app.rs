//! Which routes there are, and where their entries lie.

use std::collections::BTreeSet;

use super::{SMALL, changed, read};
use crate::account::Load;

const SHOP: &str = "server/app/(shop)/page_client-reference-manifest.js";
const LOST: &str = "server/app/_not-found/page_client-reference-manifest.js";
const PATHS: &str = "app-path-routes-manifest.json";

/// The files that `/_not-found` loads at first in a build of `paths` in which two route groups have layouts.
fn lost(paths: &str) -> Vec<String> {
    let layouts = r#"globalThis.__RSC_MANIFEST["/_not-found/page"]={"entryCSSFiles":{
        "/b/app/(side)/layout":["static/css/side.css"],"/b/app/layout":["static/css/1.css"]},
        "clientModules":{"/b/menu.js":{"id":9,"chunks":["2","static/chunks/app/layout-1.js"]}}}"#;
    let mut files = changed(PATHS, Some(paths));
    files.extend([(LOST, layouts), ("static/css/side.css", ""), ("static/chunks/app/layout-1.js", "")]);
    let account = read(&files).unwrap().unwrap();
    assert_eq!(account.problems, []);
    let load = account.loads.into_iter().find(|load| load.name == "/_not-found").unwrap();
    load.initial.into_iter().collect()
}

#[test]
fn other_pages_tell_where_the_entries_lie() {
    let expected = ["static/chunks/app/layout-1.js", "static/chunks/main-app.js", "static/css/1.css"];
    assert_eq!(lost(r#"{"/(shop)/page":"/","/_not-found/page":"/_not-found"}"#), expected);
    assert_eq!(lost(r#"{"/_not-found/page":"/_not-found"}"#), expected);
}

#[test]
fn layouts_of_route_groups_do_not_hide_where_the_entries_lie() {
    let layouts = r#"globalThis.__RSC_MANIFEST["/_not-found/page"]={"entryCSSFiles":{
        "/b/app/(shop)/layout":["static/css/1.css"],"/b/app/(side)/layout":["static/css/1.css"]}}"#;
    let mut files = changed(PATHS, Some(r#"{"/(shop)/page":"/x","/_not-found/page":"/_not-found"}"#));
    files.push((LOST, layouts));
    let account = read(&files).unwrap().unwrap();
    let lost = account.loads.iter().find(|load| load.name == "/_not-found").unwrap();
    assert_eq!(names(&lost.initial), ["static/chunks/main-app.js"]);
}

#[test]
fn one_manifest_of_all_entries_stands_in_for_those_of_pages() {
    let listed = r#"{"pages":{"/layout":["static/chunks/main-app.js","static/css/1.css"],
        "/(shop)/layout":["static/chunks/main-app.js","static/chunks/app/(shop)/layout-1.js"],
        "/(shop)/page":["static/chunks/main-app.js","static/chunks/app/(shop)/page-1.js"],
        "/(side)/layout":["static/css/side.css"],"/(side)/far/page":["static/chunks/far.js"],
        "/api/route":["static/chunks/main-app.js","static/chunks/api.js"]}}"#;
    let mut files = changed(SHOP, None);
    files.retain(|(path, _)| *path != PATHS);
    for path in ["chunks/app/(shop)/layout-1.js", "css/side.css", "chunks/far.js", "chunks/api.js"] {
        files.push((Box::leak(format!("static/{path}").into_boxed_str()), ""));
    }
    files.push(("app-build-manifest.json", listed));
    let account = read(&files).unwrap().unwrap();
    assert_eq!(account.problems, []);
    let of = |name: &str| names(&account.loads.iter().find(|load| load.name == name).unwrap().initial).join(" ");
    let page = "static/chunks/app/(shop)/layout-1.js static/chunks/app/(shop)/page-1.js static/chunks/main-app.js static/css/1.css";
    assert_eq!(of("/"), page);
    assert_eq!(of("/far"), "static/chunks/far.js static/chunks/main-app.js static/css/1.css static/css/side.css");
    let routes: BTreeSet<&str> = account.loads.iter().map(|load| load.name.as_str()).collect();
    assert_eq!(routes, BTreeSet::from(["/", "/far", "/old"]));
}

/// The load of `/` in a build whose page has the JSON `references`, and that has more `files`.
fn home(references: &str, files: &[(&'static str, &'static str)]) -> Load {
    let script = format!("globalThis.__RSC_MANIFEST[\"/(shop)/page\"]={references}");
    let mut all = changed(SHOP, Some(&script));
    all.extend(files);
    let account = read(&all).unwrap().unwrap();
    assert_eq!(account.problems, []);
    account.loads.into_iter().find(|load| load.name == "/").unwrap()
}

fn names(files: &BTreeSet<String>) -> Vec<&str> {
    files.iter().map(String::as_str).collect()
}

#[test]
fn files_that_next_puts_in_are_loaded_too() {
    let references = r#"{"entryCSSFiles":{"/b/app/(shop)/page":[],"/b/app/(side)/layout":["static/css/no.css"],
        "/b/node_modules/next/error":["static/css/1.css"]}}"#;
    let load = home(references, &[("static/css/no.css", "")]);
    assert_eq!(names(&load.initial), ["static/chunks/main-app.js", "static/css/1.css"]);
}

#[test]
fn the_shortest_name_of_the_page_tells_where_entries_lie() {
    let references = r#"{"entryCSSFiles":{"/b/app/(shop)/page":[],"/b/app/x/app/(shop)/page":["static/css/1.css"],
        "/b/app/(shop)/@panel/layout":["static/css/1.css"]}}"#;
    assert_eq!(names(&home(references, &[]).initial), ["static/chunks/main-app.js"]);
}

#[test]
fn a_component_is_loaded_where_its_own_chunk_or_that_of_an_entry_says_so() {
    let references = |id: &str, chunk: &str| {
        let module = format!(r#"{{"id":{id},"chunks":["1","static/chunks/app/{chunk}.js"]}}"#);
        format!(r#"{{"entryCSSFiles":{{"/b/app/(shop)/page":[]}},"clientModules":{{"/b/parts/a.js":{module}}}}}"#)
    };
    let elsewhere = [("static/chunks/app/(shop)/page-x/page-1.js", "Promise.resolve().then(n.bind(n,6))")];
    for (id, chunk, expected) in [
        ("5", "(shop)/page-1", Some("static/chunks/app/(shop)/page-1.js")),
        ("99", "(shop)/page-1", Some("static/chunks/app/(shop)/page-1.js")),
        ("99", "%28shop%29/page-1", Some("static/chunks/app/(shop)/page-1.js")),
        ("5", "(shop)/page-x/page-1", Some("static/chunks/app/(shop)/page-x/page-1.js")),
        ("6", "(shop)/page-x/page-1", None),
    ] {
        let load = home(&references(id, chunk), &elsewhere);
        let expected: Vec<&str> = expected.into_iter().chain(["static/chunks/main-app.js"]).collect();
        assert_eq!(names(&load.initial), expected, "{id} {chunk}");
    }
}

#[test]
fn what_is_loaded_at_first_does_not_come_later() {
    let imports = r#"{"a":{"id":7,"files":["static/chunks/main.js"]},"b":{"id":7,"files":["static/chunks/late.js"]}}"#;
    let account = read(&changed("react-loadable-manifest.json", Some(imports))).unwrap().unwrap();
    assert_eq!(names(&account.loads[1].lazy), ["static/chunks/late.js"]);
}

#[test]
fn lists_of_all_pages_import_nothing() {
    let manifest = r#"{"lowPriorityFiles":["static/x/_ssgManifest.js"],
        "pages":{"/old":["static/chunks/turbopack-1.js","static/chunks/pages/old.js"]}}"#;
    let mut files = changed("build-manifest.json", Some(manifest));
    files.retain(|(path, _)| !path.contains("Manifest.js") && !path.contains("old.js") && !path.starts_with("server"));
    files.retain(|(path, _)| *path != PATHS);
    files.extend([
        ("static/x/_ssgManifest.js", "[\"static/chunks/main.js\"]"),
        ("static/chunks/turbopack-1.js", ""),
        ("static/chunks/pages/old.js", "e.l(\"static/chunks/late.js\"),e.l(\"static/chunks/gone.js\")"),
    ]);
    let account = read(&files).unwrap().unwrap();
    assert_eq!((account.bundler.as_str(), account.problems.len()), ("Next.js (Turbopack)", 0));
    assert_eq!(names(&account.loads[0].lazy), ["static/chunks/late.js"]);
}

#[test]
fn what_is_no_page_has_no_route() {
    let paths =
        r#"{"/(shop)/page":"/","/api/route":"/api","/_global-error/page":"/_global-error","/(.)x/page":"/(.)x"}"#;
    assert_eq!(read(&changed(PATHS, Some(paths))).unwrap().unwrap().loads, read(SMALL).unwrap().unwrap().loads);
}
