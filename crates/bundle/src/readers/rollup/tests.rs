use crate::readers::trial::told_of;

const BUNDLE: &str = include_str!("../samples/rollup.json");
const FILES: [&str; 5] = ["r1.js", "r2.js", "r-shared-BglOBsMd.js", "r-lazy-eC_64diH.js", "r-later-CVY1IEf9.js"];

#[test]
fn chunks_bring_what_they_import() {
    let expected = [
        "Rollup",
        "r1: r-shared-BglOBsMd.js r1.js | r-later-CVY1IEf9.js r-lazy-eC_64diH.js",
        "r2: r-shared-BglOBsMd.js r2.js | ",
    ];
    assert_eq!(told_of(BUNDLE, &FILES), expected);
    let below: Vec<String> = FILES.iter().map(|file| format!("public/js/{file}")).collect();
    let below: Vec<&str> = below.iter().map(String::as_str).collect();
    let lines = told_of(BUNDLE, &below);
    assert_eq!(lines[2], "r2: public/js/r-shared-BglOBsMd.js public/js/r2.js | ");
}

#[test]
fn odd_bundles() {
    let lost = "problem: stats.json: viteMetadata.importedCss is no list: style sheets are not known; write the set as \
                `[...importedCss]`";
    for (bundle, expected) in [
        (
            r#"[{"fileName": "a.js", "isEntry": true, "type": "chunk", "imports": ["b.js", "react"]}, {"fileName": "b.js", "dynamicImports": ["c.js", "node:fs"]}, {"fileName": "c.js"}]"#,
            vec!["Rollup", "a.js: a.js b.js | c.js"],
        ),
        (
            r#"{"a.js": {"fileName": "a.js", "name": "a", "isEntry": true, "viteMetadata": {"importedCss": ["a.css"], "importedAssets": {}}}}"#,
            vec!["Rollup", "a: a.css a.js | "],
        ),
        (
            r#"{"a.js": {"fileName": "a.js", "name": "a", "isEntry": true, "viteMetadata": {"importedCss": {}}}}"#,
            vec!["Rollup", "a: a.js | ", lost],
        ),
        (
            "[{\"fileName\": \"a.js\"},\n{\"name\": \"b\"}]",
            vec!["refused: stats.json:2: a chunk or asset without `fileName`"],
        ),
        (r#"[{"fileName": "a.js"}, 3]"#, vec!["refused: stats.json:1: expected an object, found a number"]),
    ] {
        assert_eq!(told_of(bundle, &["a.js", "a.css", "b.js", "c.js"]), expected, "{bundle}");
    }
}
