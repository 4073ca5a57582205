//! The folders that reports name, the files that their paths mean, and which reports are Cobertura.

use std::fs;

use tollgate_check::fixture::FolderTree;
use tollgate_input::Root;
use tollgate_model::Word;

use super::{class, read, report};
use crate::formats::{FORMATS, detect};
use crate::measure::measure;
use crate::resolve::Mappings;
use crate::scope::Scope;

#[test]
fn sources_are_roots() {
    let roots = |sources: &str| {
        let text = report("<class filename='a.c'/>").replace("<packages>", &format!("{sources}<packages>"));
        read(&text).roots
    };
    let none: [&str; 0] = [];
    assert_eq!(roots(""), none);
    assert_eq!(roots("<sources/>"), none);
    assert_eq!(roots("<sources><source/><source>  </source></sources>"), none);
    assert_eq!(roots("<sources><source>.</source></sources>"), ["."]);
    assert_eq!(roots("<sources><source>--source</source><source>\n  /code/app \n</source></sources>"), ["/code/app"]);
    assert_eq!(
        roots("<sources><source>/a</source><source>C:\\b\\</source><source>./c</source><source>/a</source></sources>"),
        ["/a", "C:\\b\\", "./c"]
    );
    assert_eq!(roots("<sources><source><nested/>te<!-- x -->xt</source></sources>"), ["text"]);
    assert_eq!(
        roots("<sources><source>a &amp; b</source><source><![CDATA[c<d]]></source></sources>"),
        ["a & b", "c<d"]
    );
    assert_eq!(roots("<sources><source>a\u{7}b</source></sources>"), none);
    assert_eq!(roots(&format!("<sources><source>{}</source></sources>", "x".repeat(3_000_000))), none);
    let many: String = (0..1_500).map(|i| format!("<source>/{i}</source>")).collect();
    assert_eq!(roots(&format!("<sources>{many}</sources>")).len(), crate::reading::MOST_ROOTS);
    // lua's writer puts them behind the packages.
    let behind = class("").replace("</coverage>", "<sources><source>/late</source></sources></coverage>");
    assert_eq!(read(&behind).roots, ["/late"]);
}

/// The file of the tree that a report means.
fn file(tree: &[&str], source: Option<&str>, filename: &str) -> Option<String> {
    let dir = tempfile::tempdir().unwrap();
    for path in tree {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x\n").unwrap();
    }
    let here = fs::canonicalize(dir.path()).unwrap();
    let absolute = |text: &str| text.replace("HERE", here.to_str().unwrap());
    let sources = source.map_or(String::new(), |s| format!("<sources><source>{}</source></sources>", absolute(s)));
    let line = "<lines><line number='1' hits='1'/></lines>";
    let text = report(&format!("<class filename='{}'>{line}</class>", absolute(filename)));
    fs::write(dir.path().join("coverage.xml"), text.replace("<packages>", &format!("{sources}<packages>"))).unwrap();
    let root = Root::new(dir.path()).unwrap();
    let folder = FolderTree::new(root.clone());
    let ctx = crate::context(&root, &folder);
    let scope = Scope::default();
    let mut found = ctx.report("coverage", "1", Word::OwnRun);
    let measured =
        measure(&ctx, ["coverage.xml"].into_iter(), &scope, Mappings::new(&[]).unwrap(), &mut found).unwrap();
    measured.files.into_iter().next().map(|(path, _)| path)
}

#[test]
fn paths_of_every_dialect_find_their_file() {
    let tree = ["src/app/a.cs", "src/app/b.cs", "lib/c.cs"];
    for (source, filename, expected) in [
        (None, "src/app/a.cs", Some("src/app/a.cs")),
        (None, "./src/app/a.cs", Some("src/app/a.cs")),
        (None, "src\\app\\a.cs", Some("src/app/a.cs")),
        (Some("."), "src/app/a.cs", Some("src/app/a.cs")),
        (Some("src"), "app/a.cs", Some("src/app/a.cs")),
        (Some("./src/app/"), "a.cs", Some("src/app/a.cs")),
        (Some("HERE/src/app"), "a.cs", Some("src/app/a.cs")),
        (None, "HERE/lib/c.cs", Some("lib/c.cs")),
        // Deterministic paths of .NET, containers, other machines, folders that are not there.
        (None, "/_/src/app/a.cs", Some("src/app/a.cs")),
        (Some("/_/src/app/"), "a.cs", Some("src/app/a.cs")),
        (Some("/home/ci/work"), "src/app/b.cs", Some("src/app/b.cs")),
        (Some("/home/ci/work/lib"), "c.cs", Some("lib/c.cs")),
        (Some("C:\\work\\"), "lib\\c.cs", Some("lib/c.cs")),
        (Some("D:\\"), "/work/lib/c.cs", Some("lib/c.cs")),
        (None, "C:\\work\\src\\app\\a.cs", Some("src/app/a.cs")),
        (Some("${FOLDER}"), "lib/c.cs", Some("lib/c.cs")),
        // Not here.
        (None, "src/app/gone.cs", None),
        (None, "../../etc/passwd", None),
        (Some("/etc"), "passwd", None),
        (None, "z:\\*&quot;?.cs", None),
    ] {
        assert_eq!(file(&tree, source, filename).as_deref(), expected, "{source:?} {filename}");
    }
}

#[test]
fn cobertura_is_told_from_what_looks_like_it() {
    let name = |text: &str| detect(text.as_bytes()).map(|format| FORMATS[format].name);
    for text in [
        "<coverage line-rate='1'>",
        "<coverage version='1' branch-rate='0'><sources>",
        "<?xml version='1.0'?><!-- x --><coverage lines-valid='3'/>",
        "<coverage><sources/><packages><package><classes><class><met",
        "<coverage version='1'><packages/></coverage>",
    ] {
        assert_eq!(name(text), Ok("Cobertura XML"), "{text}");
    }
    for text in [
        "<coverage generated='1' clover='4'><project timestamp='1'><metrics/><package name='p'><file name='a'/></package>",
        "<coverage version='1'><file path='a'><lineToCover lineNumber='1' covered='true'/></file></coverage>",
        "<report name='x'><package name='p'><class name='c' sourcefilename='a'/></package></report>",
        "<coverage/>",
        "<html><coverage line-rate='1'/></html>",
        "<testsuite name='line-rate'/>",
    ] {
        assert_ne!(name(text), Ok("Cobertura XML"), "{text}");
    }
}
