use crate::readers::trial::{told, told_of};

const VITE_5: &str = include_str!("../samples/vite5.json");
const LEGACY: &str = include_str!("../samples/vite7-legacy.json");
const ONE_SHEET: &str = include_str!("../samples/vite7-one-sheet.json");
const VITE_8: &str = include_str!("../samples/vite8.json");

/// Every file that `manifest` names.
fn files(manifest: &str) -> Vec<String> {
    let names = manifest.split('"').filter(|text| text.starts_with("assets/"));
    names.map(str::to_owned).collect()
}

/// What is said of a build of which `manifest` lies at `at` below `dist`.
fn at(at: &str, manifest: &str) -> Vec<String> {
    let paths: Vec<String> = files(manifest).into_iter().map(|path| format!("dist/{path}")).collect();
    let at = format!("dist/{at}");
    let mut all = vec![(at.as_str(), manifest)];
    all.extend(paths.iter().map(|path| (path.as_str(), "x")));
    told(None, &all)
}

#[test]
fn entries_bring_what_they_import_and_its_styles() {
    let expected = [
        "Vite",
        "admin.html: assets/admin-_Huctxvv.css assets/admin-nEndOIYB.js assets/shared-DJYzXnOI.css assets/shared-Djjj_RPc.js | \
         assets/charts-BhESz8Rw.css assets/charts-Dwegjp9j.js",
        "index.html: assets/index-B5q8aJw1.js assets/index-DE6poGDO.css assets/shared-DJYzXnOI.css assets/shared-Djjj_RPc.js | \
         assets/charts-BhESz8Rw.css assets/charts-Dwegjp9j.js assets/page-BqXJaS8-.css assets/page-CJuju8G1.js",
    ];
    assert_eq!(at(".vite/manifest.json", VITE_5), expected);
    assert_eq!(at("manifest.json", VITE_5), expected);
    assert_eq!(at("stats.json", VITE_5), ["none"], "not where its manifests lie");
    let eight = at(".vite/manifest.json", VITE_8);
    assert_eq!(eight.len(), 3);
    assert_eq!(
        eight[1],
        "admin.html: assets/admin-Ds0NXLry.js assets/admin-_Huctxvv.css assets/preload-helper-CrY4qaMK.js \
         assets/preload-helper-DJYzXnOI.css | assets/charts-BhESz8Rw.css assets/charts-BoT3fIPd.js"
    );
}

#[test]
fn entries_for_old_browsers_are_alternatives() {
    let lines = at(".vite/manifest.json", LEGACY);
    let names: Vec<_> = lines.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(names, ["Vite", "admin.html", "index.html", "note"]);
    assert!(!lines[1].contains("-legacy") && !lines[2].contains("-legacy"), "{lines:?}");
    let note = "note: dist/.vite/manifest.json: entries for old browsers are loaded instead of others, and left out: \
                ../vite/legacy-polyfills-legacy, admin-legacy.html, index-legacy.html";
    assert_eq!(lines[3], note);
    let other = r#"{"src/my-legacy-page.ts": {"file": "a.js", "isEntry": true}}"#;
    assert_eq!(told_of(other, &["a.js"]), ["Vite", "src/my-legacy-page.ts: a.js | "]);
    let modern = r#"{"vite/legacy-polyfills": {"file": "p.js", "isEntry": true}, "my-legacy/a.js": {"file": "a.js", "isEntry": true}}"#;
    assert_eq!(
        told_of(modern, &["p.js", "a.js"]),
        ["Vite", "my-legacy/a.js: a.js | ", "vite/legacy-polyfills: p.js | "]
    );
}

#[test]
fn the_one_style_sheet_belongs_to_each_entry() {
    let lines = at(".vite/manifest.json", ONE_SHEET);
    assert_eq!(
        &lines[1..],
        [
            "admin.html: assets/admin-DDN1aUZY.js assets/shared-WNFpM3rb.js assets/style-h_NukHs8.css | assets/charts-CpFbn1ag.js",
            "index.html: assets/index-DjFVKfdS.js assets/shared-WNFpM3rb.js assets/style-h_NukHs8.css | assets/charts-CpFbn1ag.js \
             assets/page-C3gxnxvu.js",
            "note: dist/.vite/manifest.json: style.css is the one style sheet of the build: each entry counts it",
        ]
    );
    // One among others is a source of that name.
    let two = r#"{"a.js": {"file": "a.js", "isEntry": true, "css": ["a.css"]}, "style.css": {"file": "s.css", "src": "style.css"}}"#;
    assert_eq!(told_of(two, &["a.js", "a.css", "s.css"]), ["Vite", "a.js: a.css a.js | "]);
}

#[test]
fn odd_manifests() {
    let none = "problem: stats.json: names no entry that brings a file of the build";
    for (manifest, files, expected) in [
        // Cycles end.
        (
            r#"{"a": {"file": "a.js", "isEntry": true, "imports": ["b"]}, "b": {"file": "b.js", "imports": ["a"], "dynamicImports": ["a", "b"]}}"#,
            vec!["a.js", "b.js"],
            vec!["Vite", "a: a.js b.js | "],
        ),
        // What is loaded at once is not loaded later.
        (
            r#"{"a": {"file": "a.js", "isEntry": true, "imports": ["b"], "dynamicImports": ["b", "c"]}, "b": {"file": "b.js"}, "c": {"file": "c.mjs", "imports": ["b"]}}"#,
            vec!["a.js", "b.js", "c.mjs"],
            vec!["Vite", "a: a.js b.js | c.mjs"],
        ),
        // An entry that is an image brings nothing that counts.
        (
            r#"{"a": {"file": "a.png", "isEntry": true}, "b": {"file": "b.js", "isEntry": true}}"#,
            vec!["a.png", "b.js"],
            vec!["Vite", "b: b.js | ", "note: stats.json: entry a brings no script and no style sheet of the build"],
        ),
        (r#"{"a": {"file": "a.js", "isEntry": null, "imports": null}}"#, vec!["a.js"], vec!["Vite", none]),
        (
            r#"{"a": {"file": "a.js", "isEntry": true, "imports": ["gone"]}}"#,
            vec!["a.js"],
            vec![
                "Vite",
                "a: a.js | ",
                "problem: stats.json: names chunks that it does not describe: gone; build again",
            ],
        ),
        (
            r#"{"a": {"file": "a.js", "isEntry": true, "css": ["a.css"]}}"#,
            vec!["a.js"],
            vec![
                "Vite",
                "a: a.js | ",
                "problem: stats.json: names files that the build does not have: a.css; build again",
            ],
        ),
        (
            r#"{"a": {"file": "../../etc/a.js", "isEntry": true}, "b": {"file": "b.js"}}"#,
            vec!["b.js"],
            vec![
                "Vite",
                "note: stats.json: entry a brings no script and no style sheet of the build",
                "problem: stats.json: names files that the build does not have: ../../etc/a.js; build again",
            ],
        ),
        (
            r#"{"a": {"file": "a.js", "isEntry": true}}"#,
            vec!["b.js"],
            vec!["refused: stats.json: names no file of dist; build again, or name the folder with `dir`"],
        ),
        (
            "{\"a\": {\"file\": \"a.js\",\n\"isEntry\": 1}}",
            vec!["a.js"],
            vec!["refused: stats.json:2: expected `true` or `false`, found a number"],
        ),
        (
            "{\"a\": {\"file\": \"a.js\"},\n",
            vec!["a.js"],
            vec!["refused: stats.json:2: the file is cut short within an object; write it again"],
        ),
    ] {
        assert_eq!(told_of(manifest, &files), expected, "{manifest}");
    }
}

#[test]
fn the_manifest_of_a_web_app_is_another_thing() {
    let web = r##"{"name": "x", "icons": [{"src": "a.png", "sizes": "1x1"}], "share_target": {"action": "/", "params": {"files": [{"name": "file"}]}}}"##;
    assert_eq!(told(None, &[("dist/manifest.json", web), ("dist/a.js", "x")]), ["none"]);
    let page = r#"<script src="a.js"></script>"#;
    let lines = told(None, &[("dist/manifest.json", web), ("dist/a.js", "x"), ("dist/index.html", page)]);
    assert_eq!(lines, ["HTML pages", "index.html: a.js | "]);
}
