//! Builds that are broken, old, or made to do harm.

use tollgate_model::{Cause, Problem};

use super::{SMALL, changed, read};

const MANIFEST: &str = "build-manifest.json";
const REFERENCES: &str = "server/app/(shop)/page_client-reference-manifest.js";

/// The first problem of the small build, with one file changed.
fn problem(path: &str, text: Option<&str>) -> Problem {
    match read(&changed(path, text)) {
        Ok(account) => account.unwrap().problems.remove(0),
        Err(problem) => problem,
    }
}

#[test]
fn the_small_build_is_whole() {
    let account = read(SMALL).unwrap().unwrap();
    assert_eq!(account.problems, []);
    let loads: Vec<(&str, Vec<&str>, Vec<&str>)> = account
        .loads
        .iter()
        .map(|load| {
            let [initial, lazy] = [&load.initial, &load.lazy].map(|files| files.iter().map(String::as_str).collect());
            (load.name.as_str(), initial, lazy)
        })
        .collect();
    let app = vec!["static/chunks/app/(shop)/page-1.js", "static/chunks/main-app.js", "static/css/1.css"];
    let old = vec!["static/chunks/main.js", "static/chunks/pages/old.js", "static/x/_ssgManifest.js"];
    assert_eq!(loads, [("/", app, vec![]), ("/old", old, vec!["static/chunks/late.js"])]);
}

#[test]
fn other_builds_are_none_of_ours() {
    for files in [
        &[("index.html", ""), ("static/a.js", "")][..],
        &[("build-manifest.json", "{}"), ("BUILD_ID", "x"), ("server/a.js", "")],
    ] {
        assert_eq!(read(files), Ok(None));
    }
}

#[test]
fn a_build_for_development_is_refused() {
    // A build of which only the manifests were handed on is none.
    assert_eq!(read(&changed("BUILD_ID", None)).unwrap().unwrap().problems, []);
    let files = [changed("BUILD_ID", None), vec![("static/development/_buildManifest.js", "")]].concat();
    let problem = read(&files).unwrap_err();
    assert_eq!(problem.cause, Cause::NoEvidence);
    assert!(problem.message.contains("app/.next/BUILD_ID") && problem.message.contains("`next build`"), "{problem:?}");
}

#[test]
fn a_build_without_pages_is_a_problem() {
    let files = [("BUILD_ID", "x"), (MANIFEST, r#"{"pages":{"/_app":[]}}"#), ("static/a.js", "")];
    let account = read(&files).unwrap().unwrap();
    assert_eq!((account.loads.len(), account.problems.len()), (0, 1));
    assert_eq!(account.problems[0].cause, Cause::NoEvidence);
}

#[test]
fn a_broken_manifest_is_named_with_its_line() {
    for path in [MANIFEST, "app-path-routes-manifest.json", "react-loadable-manifest.json", "routes-manifest.json"] {
        for text in ["", "[]", "{\n\"pages\": {\n\"/\": [", "{\"pages\": 1}x", "\u{0}"] {
            let problem = problem(path, Some(text));
            assert!(problem.message.starts_with(&format!("app/.next/{path}")), "{path} {text:?}: {problem:?}");
        }
    }
    let problem = problem(MANIFEST, Some("{\n\n\"rootMainFiles\": [7]}"));
    assert!(problem.message.contains(":3"), "{problem:?}");
}

#[test]
fn the_manifest_of_a_page_that_cannot_be_read_costs_that_page() {
    let assignment = "globalThis.__RSC_MANIFEST[\"/(shop)/page\"]=";
    let deep = format!("{assignment}{{\"clientModules\":{}", "[".repeat(100_000));
    let cut = format!("\n{assignment}{{\n\"clientModules\":{{\"a\":");
    let wrong = format!("{assignment}{{\"entryCSSFiles\":{{\"/b/app/page\":[7]}}}}");
    let texts = [None, Some(""), Some("globalThis.__RSC_MANIFEST=\"{}\""), Some(&deep), Some(&cut), Some(&wrong)];
    for text in texts {
        let account = read(&changed(REFERENCES, text)).unwrap().unwrap();
        let names: Vec<&str> = account.loads.iter().map(|load| load.name.as_str()).collect();
        assert_eq!(names, ["/old"], "{text:?}");
        assert_eq!(account.problems.len(), 1, "{text:?}");
        assert!(account.problems[0].message.contains(REFERENCES), "{:?}", account.problems);
    }
    assert!(problem(REFERENCES, Some(&cut)).message.contains(":3"));
}

#[test]
fn files_that_are_not_there_are_missing_and_no_part_of_a_load() {
    for (gone, manifest) in [
        ("static/css/1.css", REFERENCES),
        ("static/chunks/main-app.js", MANIFEST),
        ("static/x/_ssgManifest.js", MANIFEST),
        ("static/chunks/late.js", "react-loadable-manifest.json"),
    ] {
        let account = read(&changed(gone, None)).unwrap().unwrap();
        assert_eq!(account.problems.len(), 1, "{gone}");
        assert_eq!(account.problems[0].cause, Cause::Missing);
        let message = &account.problems[0].message;
        assert!(message.contains(gone) && message.starts_with(&format!("app/.next/{manifest}:")), "{message}");
        assert!(account.loads.iter().all(|load| !load.initial.contains(gone) && !load.lazy.contains(gone)));
    }
}

#[test]
fn a_build_without_its_manifest_is_a_problem() {
    let files = [("BUILD_ID", "x"), ("server/a.js", ""), ("static/chunks/a.js", "")];
    assert!(read(&files).unwrap_err().message.contains("app/.next/build-manifest.json: not found"));
}

#[test]
fn a_manifest_that_says_nothing_makes_no_page_lighter() {
    let problem = problem(MANIFEST, Some("{}"));
    assert!(problem.message.contains("names no files that all pages share"), "{problem:?}");
    let problem = self::problem(REFERENCES, Some("globalThis.__RSC_MANIFEST[\"/(shop)/page\"]={}"));
    assert!(problem.message.contains("expected `clientModules`"), "{problem:?}");
    // Which pages there are stands in two manifests.
    let mut files = changed("app-path-routes-manifest.json", Some("{}"));
    files.push(("server/app-paths-manifest.json", r#"{"/(shop)/page":"app/(shop)/page.js"}"#));
    let account = read(&files).unwrap().unwrap();
    assert_eq!((account.problems.len(), account.loads[0].name.as_str()), (0, "/"));
    // What a script imports and no manifest knows is not nothing.
    for text in [None, Some("{}")] {
        let account = read(&changed("react-loadable-manifest.json", text)).unwrap().unwrap();
        assert!(
            account.later_is_unknown && account.notes.iter().any(|note| note.contains("what comes later is not known"))
        );
    }
    assert!(!read(SMALL).unwrap().unwrap().later_is_unknown);
}

#[test]
fn nothing_outside_the_build_is_read() {
    for path in
        ["../../secret", "/etc/passwd", "static/../../secret", "%2e%2e/secret", "static/%2e%2e/BUILD_ID", "%FF%"]
    {
        let manifest = format!(r#"{{"rootMainFiles":["static/chunks/main-app.js"],"pages":{{"/old":["{path}"]}}}}"#);
        let account = read(&changed(MANIFEST, Some(&manifest))).unwrap().unwrap();
        assert_eq!(account.problems[0].cause, Cause::Missing, "{path}");
        let old = account.loads.iter().find(|load| load.name == "/old").unwrap();
        assert!(old.initial.is_empty(), "{path}");
    }
    let paths = r#"{"/../../../page":"/"}"#;
    let account = read(&changed("app-path-routes-manifest.json", Some(paths))).unwrap().unwrap();
    assert_eq!(account.loads.len(), 1);
    assert_eq!(account.problems.len(), 1);
}

#[test]
fn names_are_told_without_the_manifest_of_addresses() {
    let mut files = changed("app-path-routes-manifest.json", None);
    files.push(("server/app-paths-manifest.json", r#"{"/(shop)/page":"app/(shop)/page.js","/api/route":"x"}"#));
    assert_eq!(read(&files).unwrap().unwrap().loads, read(SMALL).unwrap().unwrap().loads);
}

#[test]
fn a_style_sheet_in_the_page_is_no_file() {
    let text = r#"globalThis.__RSC_MANIFEST["/(shop)/page"]={"entryCSSFiles":{"/b/app/(shop)/page":[
        {"path":"static/css/gone.css","inlined":true},{"inlined":false,"path":"static/css/1.css"}]}}"#;
    let account = read(&changed(REFERENCES, Some(text))).unwrap().unwrap();
    assert_eq!(account.problems, []);
    assert!(account.loads[0].initial.contains("static/css/1.css"));
}
