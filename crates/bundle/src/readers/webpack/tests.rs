use crate::readers::trial::{told, told_of};

const WEBPACK_5: &str = include_str!("../samples/webpack5.json");
const DEPEND: &str = include_str!("../samples/webpack5-depend.json");
const MULTI: &str = include_str!("../samples/webpack5-multi.json");
const WEBPACK_4: &str = include_str!("../samples/webpack4.json");
const RSPACK: &str = include_str!("../samples/rspack2.json");

/// The scripts and style sheets that `manifest` names, without queries.
fn files(manifest: &str) -> Vec<&str> {
    let names = manifest.split('"').filter_map(|text| text.split('?').next());
    names.filter(|name| name.ends_with(".js") && *name != "./a.js" || name.ends_with(".css")).collect()
}

#[test]
fn entries_and_what_they_load_later_are_told_apart() {
    let expected = [
        "webpack 5.113.0",
        "admin: css/48.1b459d0c.css css/admin.b0edf3ce.css js/470.2e773045.js js/48.ea80f6d7.js js/696.58dfdbd7.js \
         js/admin.b1ffe436.js | css/889.e3e6ac31.css js/889.85d23a3a.js",
        "main: css/48.1b459d0c.css css/main.35836eab.css js/315.88a87e4f.js js/470.2e773045.js js/48.ea80f6d7.js \
         js/main.84456dee.js | css/558.eccc6715.css css/889.e3e6ac31.css js/558.75eba48a.js js/889.85d23a3a.js",
    ];
    assert_eq!(told_of(WEBPACK_5, &files(WEBPACK_5)), expected);
    let expected = ["webpack 4.47.0", "a: a.js a~b.js | 3.js", "b: a~b.js b.js | "];
    assert_eq!(told_of(WEBPACK_4, &files(WEBPACK_4)), expected);
    let expected = [
        "Rspack 2.3.3",
        "admin: css/681.82f383d5.css css/admin.563b26a0.css js/121.0a75eb62.js js/275.cd91065e.js js/681.c11f0640.js \
         js/admin.463d6bb4.js | css/235.4d5d4e4d.css js/235.d9d059e6.js",
        "main: css/681.82f383d5.css css/main.649bcf53.css js/275.cd91065e.js js/502.dcfdf6e3.js js/681.c11f0640.js \
         js/main.70ee7411.js | css/235.4d5d4e4d.css css/947.50c540b4.css js/235.d9d059e6.js js/947.7c54e617.js",
    ];
    assert_eq!(told_of(RSPACK, &files(RSPACK)), expected);
}

#[test]
fn an_entry_loads_what_it_depends_on_first() {
    let expected = [
        "webpack 5.113.0",
        "admin: 470.js 48.js admin.js base.js css/48.8d35b67b.css css/admin.6831c1b6.css runtime.js | 889.js css/889.30cb4730.css",
        "base: base.js runtime.js | ",
        "main: 470.js 48.js base.js css/48.8d35b67b.css css/main.dc6d28f7.css main.js runtime.js | 558.js 889.js \
         css/558.7caa749d.css css/889.30cb4730.css",
    ];
    assert_eq!(told_of(DEPEND, &files(DEPEND)), expected);
}

#[test]
fn compilations_are_found_by_their_folder() {
    let files =
        ["main.js", "admin.js", "470.js", "315.js", "48.js", "696.js", "558.js", "889.js", "css/48.8d35b67b.css"];
    let styles = ["css/main.dc6d28f7.css", "css/admin.6831c1b6.css", "css/558.7caa749d.css", "css/889.30cb4730.css"];
    let client: Vec<String> = files.iter().chain(&styles).map(|file| format!("client/{file}")).collect();
    let mut both: Vec<&str> = client.iter().map(String::as_str).collect();
    both.push("server/main.js");
    let multi = MULTI.replace("/multi/", "/dist/");
    let lines = told_of(&multi, &both);
    let heads: Vec<_> = lines.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(heads, ["webpack", "client/admin:", "client/main:", "server/main:"]);
    assert_eq!(lines[3], "server/main: server/main.js | ");
    // The build folder is that of one of them, and both have a main.js.
    let files: Vec<&str> = files.into_iter().chain(styles).collect();
    let only = multi.replace("/dist/client", "/dist");
    let lines = told_of(&only, &files);
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[1].starts_with("admin: 470.js ") && lines[2].starts_with("main: 315.js "), "{lines:?}");
    assert_eq!(lines[3], "note: stats.json: compilations that put nothing into dist left out: server");
}

#[test]
fn statistics_that_say_too_little_say_what_is_needed() {
    let needed = "; have them written with `stats: { all: false, entrypoints: true, chunks: true, chunkRelations: true, ids: true, \
                  outputPath: true, errors: true, version: true }`";
    let errors_only =
        r#"{"logging": {"webpack.Compiler": {"entries": []}}, "errors": [], "warnings": [], "errorsCount": 0}"#;
    let no_names = format!("problem: stats.json: names no files of entry points{needed}");
    assert_eq!(told_of(errors_only, &["a.js"]), ["", no_names.as_str()]);
    let old = r#"{"errors": [], "warnings": [], "children": []}"#;
    assert_eq!(told_of(old, &["a.js"]), ["", no_names.as_str()]);
    let no_chunks = r#"{"outputPath": "/x", "entrypoints": {"a": {"chunks": [1], "assets": ["a.js", "a.js.map", "b.hot-update.js", "c.png"]}}}"#;
    let no_chunks_said = format!("problem: stats.json: does not say which chunks are loaded later{needed}");
    assert_eq!(told_of(no_chunks, &["a.js", "c.png"]), ["webpack", "a: a.js | ", no_chunks_said.as_str()]);
    let failed = r#"{"errorsCount": 2, "errors": [{"message": "x"}, {}], "chunks": [{"id": "a", "files": ["a.js"], "children": []}], "entrypoints": {"a": {"assets": ["a.js"]}}}"#;
    let said = "problem: stats.json: is of a build that ended with 2 errors; build again";
    assert_eq!(told_of(failed, &["a.js"]), ["webpack", "a: a.js | ", said]);
    assert_eq!(told_of(&failed.replace("\"errorsCount\": 2, ", ""), &["a.js"])[2], said);
    let no_id = r#"{"outputPath": "/x", "chunks": [{"files": ["a.js"]}]}"#;
    assert_eq!(told_of(no_id, &["a.js"]), [format!("refused: stats.json:1: a chunk without `id`{needed}")]);
}

#[test]
fn a_chunk_that_was_split_off_leads_on_where_nothing_else_does() {
    let stats = |reason: &str| {
        format!(
            r#"{{"entrypoints": {{"a": {{"chunks": ["v", "a"], "assets": [{{"name": "v.js"}}, {{"name": "a.js"}}]}}, "b": {{"chunks": ["v", "b"], "assets": [{{"name": "v.js"}}, {{"name": "b.js"}}]}}}},
            "chunks": [{{"id": "v", "names": [], "files": ["v.js"], "reason": "{reason}", "parents": [], "children": ["x", "y"]}},
            {{"id": "a", "names": ["a"], "files": ["a.js"], "parents": [], "children": ["x"]}},
            {{"id": "b", "names": ["b"], "files": ["b.js"], "parents": [], "children": []}},
            {{"id": "x", "files": ["x.js"], "parents": ["v", "a"], "children": []}}, {{"id": "y", "files": ["y.js"], "parents": ["v"], "children": []}}]}}"#
        )
    };
    let files = ["v.js", "a.js", "b.js", "x.js", "y.js"];
    let split = told_of(&stats("split chunk (cache group: default)"), &files);
    assert_eq!(split, ["webpack", "a: a.js v.js | x.js y.js", "b: b.js v.js | y.js"]);
    let own = told_of(&stats("other"), &files);
    assert_eq!(own, ["webpack", "a: a.js v.js | x.js y.js", "b: b.js v.js | x.js y.js"]);
}

#[test]
fn what_is_kept_is_bounded() {
    let many = format!("{{\"errors\": [], \"warnings\": [], \"children\": [{}{{}}]}}", "{},".repeat(2_000_000));
    let said = "refused: stats.json:1: holds more than is kept of it (256 MiB)";
    assert_eq!(told_of(&many, &["a.js"]), [said]);
}

#[test]
fn compilations_of_plugins_are_no_part_of_the_application() {
    let stats = r#"{"chunks": [{"id": 1, "files": ["a.js"], "children": []}], "entrypoints": {"a": {"assets": ["a.js"]}},
        "children": [{"name": "HtmlWebpackCompiler", "chunks": [], "entrypoints": {"HtmlWebpackPlugin_0": {"assets": ["b.js"]}}}]}"#;
    assert_eq!(told_of(stats, &["a.js", "b.js"]), ["webpack", "a: a.js | "]);
}

#[test]
fn one_runtime_for_all_entries_mixes_nothing() {
    let stats = r#"{"entrypoints": {"a": {"chunks": [0, 1], "assets": ["r.js", "a.js"]}, "b": {"chunks": [0, 2], "assets": ["r.js", "b.js"]}},
        "chunks": [{"id": 0, "entry": true, "names": ["runtime"], "files": ["r.js"], "parents": [], "children": [3]},
        {"id": 1, "names": ["a"], "files": ["a.js"], "parents": [], "children": [3]},
        {"id": 2, "names": ["b"], "files": ["b.js"], "parents": [], "children": []},
        {"id": 3, "files": ["l.js"], "parents": [0, 1], "children": []}]}"#;
    assert_eq!(
        told_of(stats, &["r.js", "a.js", "b.js", "l.js"]),
        ["webpack", "a: a.js r.js | l.js", "b: b.js r.js | "]
    );
}

#[test]
fn statistics_are_found_where_they_usually_lie() {
    let page = r#"<script src="/page.js"></script>"#;
    for (place, bundler) in [
        ("dist/stats.json", "webpack 4.47.0"),
        ("stats.json", "webpack 4.47.0"),
        ("dist/meta.json", "webpack 4.47.0"),
        ("dist/metafile.json", "webpack 4.47.0"),
        ("meta.json", "HTML pages"),
    ] {
        let files = [(place, WEBPACK_4), ("dist/index.html", page), ("dist/page.js", "x"), ("dist/a.js", "x")];
        assert_eq!(told(None, &files)[0], bundler, "{place}");
    }
    // Those of another build, of none, and what is no JSON are no matter.
    for other in ["{\"entrypoints\": {\"a\": {\"assets\": [\"z.js\"]}}}", "{\"errorsCount\": 0}", "{\"a\": ", "[]", ""]
    {
        let files = [("stats.json", other), ("dist/index.html", page), ("dist/page.js", "x")];
        assert_eq!(told(None, &files), ["HTML pages", "index.html: page.js | "], "{other}");
    }
    // One that was cut off is not passed over.
    let cut = &WEBPACK_4[..WEBPACK_4.len() / 2];
    let files = [("stats.json", cut), ("dist/index.html", page), ("dist/page.js", "x")];
    let lines = told(None, &files);
    assert!(lines[0].starts_with("refused: stats.json:"), "{lines:?}");
}
