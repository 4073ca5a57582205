use crate::readers::trial::told_of;

const METAFILE: &str = include_str!("../samples/esbuild.json");

#[test]
fn entries_bring_their_chunks_and_their_one_style_sheet() {
    let files: Vec<&str> = METAFILE.split('"').filter_map(|text| text.strip_prefix("esb/")).collect();
    let expected = [
        "esbuild",
        "src/admin.js: admin-CMQI4XRC.css admin-IFCZULNR.js chunk-6PIVPKRN.js chunk-HPL723JA.js chunk-KNEOEBND.js | \
         charts-KQCF5A3H.js",
        "src/main.js: chunk-6PIVPKRN.js chunk-HPL723JA.js chunk-KNEOEBND.js main-5C4EMG7O.css main-DULHBXNM.js | \
         charts-KQCF5A3H.js page-527X4TRU.js",
    ];
    assert_eq!(told_of(METAFILE, &files), expected);
}

/// A metafile of these outputs.
fn metafile(outputs: &str) -> String {
    format!(r#"{{"inputs": {{}}, "outputs": {{{outputs}}}}}"#)
}

#[test]
fn odd_metafiles() {
    let none = "problem: stats.json: names no entry that brings a file of the build";
    for (outputs, files, expected) in [
        // Started in a folder beside the build.
        (
            r#""../web/dist/a.js": {"entryPoint": "a.ts", "imports": []}"#,
            vec!["a.js"],
            vec!["esbuild", "a.ts: a.js | "],
        ),
        (
            r#""dist/a.js": {"entryPoint": "a.ts", "imports": [{"path": "react", "kind": "import-statement", "external": true}, {"path": "dist/b.js", "kind": "require-call"}]}, "dist/b.js": {"imports": [{"path": "dist/c.js", "kind": "dynamic-import"}, {"path": "x.js", "kind": "dynamic-import", "external": true}]}, "dist/c.js": {}"#,
            vec!["a.js", "b.js", "c.js"],
            vec!["esbuild", "a.ts: a.js b.js | c.js"],
        ),
        // Two names of one file.
        (
            r#""dist/a.js": {"entryPoint": "a", "imports": [{"path": "dist/b.js", "kind": "import-statement"}, {"path": "a.js", "kind": "dynamic-import"}]}, "dist/b.js": {}, "a.js": {}"#,
            vec!["a.js", "b.js"],
            vec!["esbuild", "a: a.js b.js | "],
        ),
        // Two outputs of one source are one entry.
        (
            r#""a.js": {"entryPoint": "a"}, "a.css": {"entryPoint": "a"}"#,
            vec!["a.js", "a.css"],
            vec!["esbuild", "a: a.css a.js | "],
        ),
        (
            r#""a.css": {"entryPoint": "a.css", "imports": [{"path": "https://x.test/y.css", "kind": "import-rule", "external": true}, {"path": "i.png", "kind": "url-token"}]}"#,
            vec!["a.css", "i.png"],
            vec!["esbuild", "a.css: a.css | "],
        ),
        (r#""a.js": {"imports": []}"#, vec!["a.js"], vec!["esbuild", none]),
        (
            r#""a.js": {"entryPoint": "a", "imports": [{"path": "gone.js", "kind": "import-statement"}]}"#,
            vec!["a.js"],
            vec![
                "esbuild",
                "a: a.js | ",
                "problem: stats.json: names chunks that it does not describe: gone.js; build again",
            ],
        ),
        (
            r#""a.js": {"entryPoint": 3}"#,
            vec!["a.js"],
            vec!["refused: stats.json:1: expected a string, found a number"],
        ),
    ] {
        assert_eq!(told_of(&metafile(outputs), &files), expected, "{outputs}");
    }
}
