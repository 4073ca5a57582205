//! The reader as a whole.

mod app;
mod hostile;
mod measured;
mod parts;

use crate::account::Account;
use crate::build::sample;
use tollgate_model::Problem;

/// What the reader says of a build of `files`, paths relative to the build folder.
fn read(files: &[(&str, &str)]) -> Result<Option<Account>, Problem> {
    let files: Vec<(String, &str)> = files.iter().map(|(path, text)| (format!("app/.next/{path}"), *text)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    sample::build("app/.next", &files, |build| super::read(build))
}

/// A small build by webpack: a page in a route group, and one of the pages router that imports something later.
const SMALL: &[(&str, &str)] = &[
    ("BUILD_ID", "x"),
    (
        "build-manifest.json",
        r#"{"rootMainFiles":["static/chunks/main-app.js"],"lowPriorityFiles":["static/x/_ssgManifest.js"],
        "pages":{"/_app":["static/chunks/main.js"],"/old":["static/chunks/pages/old.js"]}}"#,
    ),
    ("app-path-routes-manifest.json", r#"{"/(shop)/page":"/","/api/route":"/api"}"#),
    ("react-loadable-manifest.json", r#"{"old.js -> ./late":{"id":7,"files":["static/chunks/late.js"]}}"#),
    (
        "server/app/(shop)/page_client-reference-manifest.js",
        r#"globalThis.__RSC_MANIFEST["/(shop)/page"]={"clientModules":{
        "/b/app/(shop)/page.js":{"id":"5","chunks":["1","static/chunks/app/(shop)/page-1.js"]}},
        "entryCSSFiles":{"/b/app/(shop)/page":["static/css/1.css"]}}"#,
    ),
    ("static/chunks/main-app.js", ""),
    ("static/chunks/main.js", ""),
    ("static/chunks/late.js", ""),
    ("static/chunks/pages/old.js", "n.e(3).then(n.bind(n,7))"),
    ("static/chunks/app/(shop)/page-1.js", "Promise.resolve().then(n.bind(n,5))"),
    ("static/css/1.css", ""),
    ("static/x/_ssgManifest.js", ""),
];

/// The small build with `text` in place of the file at `path`; without it where there is none.
fn changed<'t>(path: &'t str, text: Option<&'t str>) -> Vec<(&'t str, &'t str)> {
    let others = SMALL.iter().copied().filter(|(other, _)| *other != path);
    others.chain(text.map(|text| (path, text))).collect()
}
