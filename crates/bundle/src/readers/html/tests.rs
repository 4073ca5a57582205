use super::*;
use crate::readers::trial::told;

/// What is said of a build of one page, `dist/sub/page.html`, among some files.
fn of(page: &str) -> Vec<String> {
    let files = ["a.js", "b.mjs", "s.css", "t.css", "sub/a.js", "sub/c d.js", "data.json", "i.png", "m.wasm"];
    let files: Vec<String> = files.iter().map(|file| format!("dist/{file}")).collect();
    let mut all: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), "x")).collect();
    all.push(("dist/sub/page.html", page));
    told(None, &all)
}

const MODULES: &str =
    "note: modules that scripts import are counted where a page names them with modulepreload (1 page with modules)";
const PLAIN: &str = "note: 1 page without a script or style sheet of the build: sub/page.html";

#[test]
fn pages_load_what_they_refer_to() {
    for (page, load) in [
        (r#"<script src="a.js"></script>"#, "sub/a.js | "),
        (r#"<script src=../a.js></script><SCRIPT SRC='/b.mjs' async></SCRIPT>"#, "a.js b.mjs | "),
        (r#"<script src="c%20d.js?x=1#y"></script>"#, "sub/c d.js | "),
        (r#"<link rel="stylesheet" href="/s.css">"#, "s.css | "),
        (r#"<link href=/s.css rel="preload Stylesheet">"#, "s.css | "),
        (r#"<link rel=modulepreload href=/b.mjs>"#, "b.mjs | "),
        (r#"<link rel=preload as=script href=/a.js><link rel=preload as=" Style" href=/s.css>"#, "a.js s.css | "),
        (
            r#"<link rel=stylesheet href=/s.css><link rel=prefetch href=/a.js><link rel=prefetch href=/s.css>"#,
            "s.css | a.js",
        ),
        (r#"<base href="../"><script src="a.js"></script>"#, "a.js | "),
        (r#"<script src="a.js"></script><base href="../"><base href="./">"#, "a.js | "),
        (r#"<base target=x><base href="/"><script src="a.js"></script>"#, "a.js | "),
        (r#"<script type="text/javascript" src=/a.js></script>"#, "a.js | "),
        (r#"<script type="" src=/a.js></script>"#, "a.js | "),
        (r#"<script type=" application/ECMAScript " src=/a.js></script>"#, "a.js | "),
    ] {
        assert_eq!(of(page), ["HTML pages".to_owned(), format!("sub/page.html: {load}")], "{page}");
    }
}

#[test]
fn what_the_host_adds_is_left_out() {
    let page = r#"<script src="/a.js"></script><script defer src="/_vercel/insights/script.js"></script>"#;
    let outside = "note: 1 reference to files outside the build left out";
    assert_eq!(of(page), ["HTML pages", "sub/page.html: a.js | ", outside]);
    let gone = r#"<script src="/a.js"></script><script defer src="/vercel/insights/script.js"></script>"#;
    assert!(of(gone).iter().any(|said| said.contains("names files that the build does not have")), "{:?}", of(gone));
}

#[test]
fn what_a_browser_does_not_load_is_left_out() {
    for page in [
        r#"<script nomodule src=/a.js></script>"#,
        r#"<script type="application/json" src=/a.js></script>"#,
        r#"<script type="importmap" src=/a.js></script>"#,
        r#"<script type="speculationrules" src=/a.js></script>"#,
        r#"<script type="text/javascript-template" src=/a.js></script>"#,
        r#"<script type="x/javascript" src=/a.js></script><script type="javascript" src=/a.js></script>"#,
        r#"<script src></script><script src=""></script><script>import "/a.js"</script>"#,
        r#"<link rel=preload as=font href=/a.js><link rel=preload href=/a.js><link rel=preconnect href=/a.js>"#,
        r#"<link rel="stylesheet" disabled href="/s.css"><link rel="icon" href="/i.png"><link rel="stylesheets" href="/s.css">"#,
        r#"<link href="/s.css"><link rel="stylesheet">"#,
        r#"<!-- <script src=/a.js></script> --><noscript><link rel=stylesheet href=/s.css></noscript>"#,
        r#"<template><script src=/a.js></script></template><script>"<script src='/a.js'>"</script>"#,
        r#"<script src="/data.json"></script><script src="/m.wasm"></script><script src="data:text/javascript,1"></script>"#,
        "",
    ] {
        assert_eq!(of(page), ["HTML pages", PLAIN], "{page}");
    }
    // A browser that knows modules takes no notice of `nomodule` at one.
    let module = of("<script type=Module nomodule src=/a.js></script>");
    assert_eq!(module, ["HTML pages", "sub/page.html: a.js | ", MODULES]);
    assert_eq!(of("<script type=module>import '/a.js'</script>"), ["HTML pages", MODULES, PLAIN]);
}

#[test]
fn files_elsewhere_are_counted_and_files_that_are_gone_are_problems() {
    let elsewhere = r#"<script src="//x.test/a.js"></script><script src="https://x.test/b.js"></script><script src="../../a.js"></script>
        <link rel=stylesheet href=/s.css>"#;
    let note = "note: 3 references to files outside the build left out";
    assert_eq!(of(elsewhere), ["HTML pages", "sub/page.html: s.css | ", note]);
    let gone = r#"<script src="gone.js"></script><script src="/a.js"></script><link rel=prefetch href="/gone.css">"#;
    let problem =
        "problem: dist/sub/page.html: names files that the build does not have: gone.css, sub/gone.js; build again";
    assert_eq!(of(gone), ["HTML pages", "sub/page.html: a.js | ", problem]);
    let all_gone = of(r#"<script src="gone.js"></script>"#);
    assert_eq!(all_gone.len(), 2, "{all_gone:?}");
    assert!(all_gone[1].starts_with("problem: "), "{all_gone:?}");
}

#[test]
fn one_folder_of_a_site_may_be_the_build() {
    let page = |refs: &[&str]| refs.iter().map(|path| format!("<script src='{path}'></script>")).collect::<String>();
    let (one, two) = (page(&["/shop/app/a.js", "/shop/app/x/b.js"]), page(&["/shop/app/a.js", "/other/c.js"]));
    let mut files =
        vec![("dist/a.js", "x"), ("dist/x/b.js", "x"), ("dist/one.html", one.as_str()), ("dist/two.html", &two)];
    let note = "note: 1 reference to files outside the build left out";
    assert_eq!(told(None, &files), ["HTML pages", "one.html: a.js x/b.js | ", "two.html: a.js | ", note]);
    // What is missing below it is missing.
    let broken = page(&["/shop/app/a.js", "/shop/app/gone.js"]);
    files[2].1 = &broken;
    let lines = told(None, &files);
    assert_eq!(lines[1], "one.html: a.js | ");
    assert!(
        lines[4].ends_with("dist/one.html: names files that the build does not have: gone.js; build again"),
        "{lines:?}"
    );
    // With the top of the site in the build, nothing is stripped.
    let plain = page(&["/x/b.js"]);
    let files = [("dist/b.js", "x"), ("dist/x/b.js", "x"), ("dist/one.html", plain.as_str())];
    assert_eq!(told(None, &files), ["HTML pages", "one.html: x/b.js | "]);
}

#[test]
fn a_build_without_pages_says_nothing() {
    assert_eq!(told(None, &[("dist/a.js", "x"), ("index.html", "<script src=a.js></script>")]), ["none"]);
}

#[test]
fn pages_and_references_are_bounded() {
    let pages: Vec<String> = (0..MOST_PAGES + 1).map(|n| format!("dist/{n:05}.html")).collect();
    let mut files: Vec<(&str, &str)> = pages.iter().map(|path| (path.as_str(), "<script src=a.js></script>")).collect();
    files.push(("dist/a.js", "x"));
    let lines = told(None, &files);
    assert_eq!(lines.len(), MOST_PAGES + 2);
    assert_eq!(lines.last().unwrap(), "note: only the first 2,000 of 2,001 pages are read, by their path");
    let many = "<script src=/a.js></script>".repeat(MOST_REFERENCES);
    assert_eq!(of(&many), ["HTML pages", "sub/page.html: a.js | "]);
    let problem =
        "problem: dist/sub/page.html: refers to more than 1,000 scripts and style sheets; not all are followed";
    assert_eq!(of(&format!("{many}<script src=/b.mjs></script>"))[2], problem);
    assert_eq!(of(&format!("<script src='/{}.js'></script>", "a".repeat(LONGEST))), ["HTML pages", PLAIN]);
}

#[test]
fn pages_are_one_piece_of_evidence() {
    let evidence = |page: &str| {
        let files = [("dist/a.html", page), ("dist/b.htm", "<p>"), ("dist/a.js", "x")];
        crate::build::sample::build("dist", &files, |build| {
            let seen = std::cell::RefCell::new(Vec::new());
            let record = |path: &str, digest: Digest| seen.borrow_mut().push((path.to_owned(), digest));
            read(&Build { record: &record, ..*build }).unwrap();
            seen.into_inner()
        })
    };
    let (one, other) = (evidence("<p>"), evidence("<b>"));
    assert_eq!((one.len(), one[0].0.as_str(), one[0].1.bytes), (1, "dist", 6));
    assert_ne!(one[0].1.blake3, other[0].1.blake3);
}

#[cfg(unix)]
#[test]
fn a_page_that_cannot_be_read_is_named() {
    let files = [("dist/a.html", "<script src=a.js></script>"), ("dist/a.js", "x"), ("dist/b.html", "")];
    crate::build::sample::build("dist", &files, |build| {
        std::fs::remove_file(build.root.path().join("dist/b.html")).unwrap();
        let account = read(build).unwrap().unwrap();
        assert_eq!(account.loads.len(), 1);
        assert_eq!(account.problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>(), ["dist/b.html: not found"]);
    });
}
