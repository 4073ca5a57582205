use tollgate_input::{Source, Window};

use super::*;
use crate::readers::trial::{told, told_of};

fn of(text: &str) -> Option<Format> {
    let source = Source::new("m.json", Box::new(std::io::Cursor::new(text.to_owned())), 1 << 20);
    format(&mut Reader::new(Window::new(source, 1 << 16).unwrap()))
}

#[test]
fn content_says_whose_a_manifest_is() {
    for (text, expected) in [
        (include_str!("../samples/vite5.json"), Some(Format::Vite)),
        (include_str!("../samples/webpack5.json"), Some(Format::Webpack)),
        (include_str!("../samples/webpack5-multi.json"), Some(Format::Webpack)),
        (include_str!("../samples/webpack4.json"), Some(Format::Webpack)),
        (include_str!("../samples/rspack2.json"), Some(Format::Webpack)),
        (include_str!("../samples/esbuild.json"), Some(Format::Esbuild)),
        (include_str!("../samples/rollup.json"), Some(Format::Rollup)),
        (include_str!("../samples/visualizer.json"), Some(Format::Visualizer)),
        (r#"[{"type": "chunk", "fileName": "a.js"}]"#, Some(Format::Rollup)),
        (r#"{"a.js": {"fileName": "a.js", "file": "x"}}"#, Some(Format::Rollup)),
        (r#"{"outputs": {}, "inputs": {}}"#, Some(Format::Esbuild)),
        (r#"{"entrypoints": {}"#, Some(Format::Webpack)),
        (r#"{"file": "a.js"}"#, None),
        (r#"[{"file": "a.js"}]"#, None),
        (r#"["a.js"]"#, None),
        (r#"{"inputs": {}, "outputs": []}"#, None),
        (r#"{"warnings": [], "errors": []}"#, None),
        (r#"{"entrypoints": ["a.js"], "files": {"main.js": "/a.js"}}"#, None),
        (r#"{"name": "x", "icons": [{"src": "a.png", "file": "x"}]}"#, None),
        ("{}", None),
        ("7", None),
        ("", None),
        ("\u{0}", None),
    ] {
        assert_eq!(of(text), expected, "{}", text.chars().take(60).collect::<String>());
    }
}

#[test]
fn a_named_manifest_that_nobody_knows_is_refused() {
    let said = told_of("{\"name\": \"x\"}", &["a.js", "index.html"]);
    assert_eq!(said, [format!("refused: stats.json: is no manifest of a bundler that is known; {KNOWN}")]);
    let broken = told_of("{\"name\": \n x}", &["a.js"]);
    assert!(broken[0].starts_with("refused: stats.json:2: "), "{broken:?}");
    assert_eq!(told(Some("gone.json"), &[("dist/a.js", "x")]), ["refused: gone.json: not found"]);
    let outside = told(Some("../x.json"), &[("dist/a.js", "x")]);
    assert_eq!(outside, ["refused: ../x.json: lies outside the checked folder and is not read"]);
}

#[test]
fn the_named_one_goes_before_those_that_lie_there() {
    let vite = r#"{"a": {"file": "a.js", "isEntry": true}}"#;
    let meta = r#"{"inputs": {}, "outputs": {"dist/b.js": {"entryPoint": "b.ts"}}}"#;
    let mut files = vec![("dist/.vite/manifest.json", vite), ("dist/a.js", ""), ("dist/b.js", ""), ("m.json", meta)];
    files.push(("dist/index.html", "<script src=b.js></script>"));
    assert_eq!(told(Some("m.json"), &files), ["esbuild", "b.ts: b.js | "]);
    assert_eq!(told(None, &files), ["Vite", "a: a.js | "]);
    files.remove(0);
    files.push(("dist/meta.json", meta));
    assert_eq!(told(None, &files), ["esbuild", "b.ts: b.js | "]);
}

#[test]
fn what_was_read_is_recorded_once() {
    let files = [("dist/manifest.json", r#"{"a": {"file": "a.js", "isEntry": true}}"#), ("dist/a.js", "")];
    crate::build::sample::build("dist", &files, |build| {
        let seen = std::cell::RefCell::new(Vec::new());
        let record = |path: &str, _| seen.borrow_mut().push(path.to_owned());
        crate::readers::read(&Build { record: &record, ..*build }).unwrap();
        assert_eq!(seen.into_inner(), ["dist/manifest.json"]);
    });
}
