//! What paths of reports mean in a folder of files.

use std::fs;

use tollgate_check::fixture::FolderTree;
use tollgate_input::Root;

use super::*;
use crate::options::PathMap;

/// The places of `paths`, as the report at `report` writes them, in a folder of `files` (path, text).
fn places(
    files: &[(&str, &str)],
    written: &Written<'_>,
    maps: &[PathMap],
) -> (Vec<Option<String>>, Vec<(String, u64)>) {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let root = Root::new(dir.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = crate::context(&root, &tree);
    let mut resolver = Resolver::new(&ctx, Mappings::new(maps).unwrap());
    let resolved = resolver.resolve(written).unwrap();
    let file = |(place, path): (Place, &&str)| match place {
        Place::File(file) => Some(file),
        Place::Same => Some((*path).to_owned()),
        _ => None,
    };
    (resolved.places.into_iter().zip(written.paths).map(file).collect(), resolved.ways)
}

fn check(
    files: &[(&str, &str)],
    report: &str,
    style: PathStyle,
    roots: &[&str],
    expected: &[(&str, Option<&str>)],
) -> Vec<(String, u64)> {
    let paths: Vec<&str> = expected.iter().map(|(path, _)| *path).collect();
    let roots: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    let (found, ways) = places(files, &Written { report, paths: &paths, style, roots: &roots }, &[]);
    let found: Vec<_> = paths.iter().copied().zip(found.iter().map(Option::as_deref)).collect();
    assert_eq!(found, expected);
    ways
}

#[test]
fn what_may_lie_below_several_folders_elsewhere_is_none_of_them() {
    let files = [
        ("packages/api/src/index.ts", ""),
        ("packages/web-app/src/index.ts", ""),
        ("packages/api/src/a.ts", ""),
        ("packages/web-app/src/w.ts", ""),
    ];
    let expected = [
        ("src/index.ts", None),
        ("src/a.ts", Some("packages/api/src/a.ts")),
        ("src/w.ts", Some("packages/web-app/src/w.ts")),
        ("src/gone.ts", None),
    ];
    for roots in [["/app/packages/api", "/app/packages/web-app"], ["/app/packages/web-app", "/app/packages/api"]] {
        check(&files, "coverage.xml", PathStyle::File, &roots, &expected);
    }
    let whole = [("packages/api/src/index.ts", Some("packages/api/src/index.ts"))];
    check(&files, "coverage.xml", PathStyle::File, &["/app", "/app/packages/api"], &whole);
    check(
        &files,
        "coverage.xml",
        PathStyle::File,
        &["/app", "/app/packages/api"],
        &[("src/index.ts", Some("packages/api/src/index.ts"))],
    );
}

#[test]
fn what_is_not_clear_by_its_end_is_looked_for_below_the_root() {
    let files = [("src/index.ts", ""), ("packages/a/src/index.ts", "")];
    check(&files, "coverage.xml", PathStyle::File, &["/app"], &[("src/index.ts", Some("src/index.ts"))]);
}

#[test]
fn joining_stays_inside() {
    for (folder, path, expected) in [
        ("", "src/a.ts", Some("src/a.ts")),
        ("", "./src//b/../a.ts", Some("src/a.ts")),
        ("apps/api", "../../packages/ui/x.ts", Some("packages/ui/x.ts")),
        ("apps/api", "../../../x.ts", None),
        ("", "..", None),
        ("", "../x", None),
        ("a", "..", None),
    ] {
        assert_eq!(join(folder, path).as_deref(), expected, "{folder} {path}");
    }
}

#[test]
fn absolute_is_what_any_system_calls_so() {
    assert!(is_absolute("/a") && is_absolute("C:/a") && is_absolute("//server/a"));
    assert!(!is_absolute("a/b") && !is_absolute("C:a") && !is_absolute("C:") && !is_absolute(""));
}

#[test]
fn folders_above_end_with_the_root() {
    assert_eq!(Vec::from_iter(folders_above("a/b/c.xml")), ["a/b", "a", ""]);
    assert_eq!(Vec::from_iter(folders_above("c.xml")), [""]);
}

#[test]
fn named_folders_are_tried_first() {
    let files = [("src/pkg/a.py", ""), ("lib/pkg/b.py", ""), ("pkg/c.py", "")];
    let expected =
        [("pkg/a.py", Some("src/pkg/a.py")), ("pkg/b.py", Some("lib/pkg/b.py")), ("pkg/c.py", Some("pkg/c.py"))];
    check(&files, "coverage.xml", PathStyle::File, &["src", "lib", "no/such"], &expected);
    // A folder of the machine that ran the tests: its end tells.
    let expected = [("pkg/a.py", Some("src/pkg/a.py")), ("pkg/z.py", None)];
    check(&files, "coverage.xml", PathStyle::File, &["/home/ci/work/src"], &expected);
}

#[test]
fn a_package_whose_report_lies_elsewhere_is_found() {
    let files = [("apps/api/src/a.ts", ""), ("apps/api/src/b.ts", ""), ("apps/web/src/a.ts", "")];
    let expected =
        [("src/a.ts", Some("apps/api/src/a.ts")), ("./src/b.ts", Some("apps/api/src/b.ts")), ("src/gone.ts", None)];
    let ways = check(&files, "reports/api.info", PathStyle::File, &[], &expected);
    assert_eq!(ways, [("below apps/api".to_owned(), 2)]);
    check(&files, "reports/x.info", PathStyle::File, &[], &[("src/a.ts", None)]);
}

#[test]
fn packages_are_found_below_their_source_roots() {
    let files = [
        ("a/src/main/java/org/x/F.java", ""),
        ("b/src/main/java/org/x/F.java", ""),
        ("b/src/main/kotlin/y/K.kt", "package org.x.y\nclass K\n"),
        ("b/src/main/kotlin/z/K.kt", "package org.x.z\n"),
    ];
    let expected = [
        ("a:org/x/F.java", Some("a/src/main/java/org/x/F.java")),
        ("b:org/x/F.java", Some("b/src/main/java/org/x/F.java")),
        ("org/x/F.java", None),
        ("org/x/y/K.kt", Some("b/src/main/kotlin/y/K.kt")),
        ("org/x/q/K.kt", None),
        ("org/q/F.java", None),
    ];
    check(&files, "jacoco.xml", PathStyle::Package, &[], &expected);
}

#[test]
fn one_file_is_not_that_of_two_modules_nor_of_another_package() {
    let files = [("m1/src/main/java/e/x/A.java", "package e.x;\nclass A {}\n")];
    let of_folder = [("m1:e/x/A.java", Some("m1/src/main/java/e/x/A.java")), ("m2:e/x/A.java", None)];
    check(&files, "jacoco.xml", PathStyle::Package, &[], &of_folder);
    check(&files, "jacoco.xml", PathStyle::Package, &[], &[("one:e/x/A.java", None), ("two:e/x/A.java", None)]);
    check(&files, "jacoco.xml", PathStyle::Package, &[], &[("m1:e/x/A.java", Some("m1/src/main/java/e/x/A.java"))]);
    check(&files, "jacoco.xml", PathStyle::Package, &[], &[("x/A.java", None), ("A.java", None)]);
}

#[test]
fn packages_of_other_go_modules_are_elsewhere() {
    let files = [("go.mod", "module ex.org/m\n"), ("src/a.go", "")];
    let expected = [("github.com/other/dep/src/a.go", None), ("ex.org/mm/src/a.go", None)];
    check(&files, "cover.out", PathStyle::Go, &[], &expected);
    check(&files[1..], "cover.out", PathStyle::Go, &[], &[("ex.org/m/src/a.go", Some("src/a.go"))]);
    // An absolute path names no module.
    check(&files, "cover.out", PathStyle::Go, &[], &[("/app/src/a.go", Some("src/a.go"))]);
}

#[test]
fn a_report_of_one_package_tells_of_no_other() {
    let manifest = ("packages/a/package.json", "{}");
    let files = [manifest, ("packages/b/src/index.ts", "")];
    check(&files, "packages/a/coverage/lcov.info", PathStyle::File, &[], &[("src/index.ts", None)]);
    let found = [("src/index.ts", Some("packages/b/src/index.ts"))];
    check(&files, "reports/lcov.info", PathStyle::File, &[], &found);
    check(&files[1..], "packages/a/coverage/lcov.info", PathStyle::File, &[], &found);
    let inner = [manifest, ("packages/a/lib/src/index.ts", "")];
    check(
        &inner,
        "packages/a/coverage/lcov.info",
        PathStyle::File,
        &[],
        &[("src/index.ts", Some("packages/a/lib/src/index.ts"))],
    );
}

#[test]
fn import_paths_follow_go_mod() {
    let files = [
        ("go.mod", "module example.org/m\n"),
        ("a/f.go", ""),
        ("tools/go.mod", "module example.org/m/tools\n"),
        ("tools/g.go", ""),
    ];
    let expected = [
        ("example.org/m/a/f.go", Some("a/f.go")),
        ("example.org/m/tools/g.go", Some("tools/g.go")),
        ("example.org/other/h.go", None),
        ("a/f.go", Some("a/f.go")),
    ];
    let ways = check(&files, "cover.out", PathStyle::Go, &[], &expected);
    assert!(ways.contains(&("example.org/m/tools is tools".to_owned(), 1)), "{ways:?}");
}

#[test]
fn what_is_mapped_means_what_the_map_says() {
    let files = [("apps/api/src/a.ts", ""), ("src/a.ts", "")];
    let map = |from: &str, to: &str, report: Option<&str>| PathMap {
        from: from.to_owned(),
        to: to.to_owned(),
        report: report.map(str::to_owned),
    };
    let paths = ["src/a.ts", "src/b.ts"];
    let written = Written { report: "api.info", paths: &paths, style: PathStyle::File, roots: &[] };
    let (found, ways) = places(&files, &written, &[map("x/", "y/", None), map("", "apps/api", Some("api.*"))]);
    assert_eq!(found, [Some("apps/api/src/a.ts".to_owned()), None]);
    assert_eq!(ways, [("coverage.map: relative to apps/api".to_owned(), 1)]);
    let (found, _) = places(&files, &written, &[map("", "apps/api", Some("web.*"))]);
    assert_eq!(found[0].as_deref(), Some("src/a.ts"));
}

#[test]
fn a_file_of_another_place_is_another_file() {
    // Below the best folder for all, and no other.
    let files = [("apps/web/src/a.ts", ""), ("src/gone.ts", ""), ("src/index.ts", "")];
    let expected = [("src/a.ts", Some("apps/web/src/a.ts")), ("src/gone.ts", None)];
    check(&files, "apps/web/coverage/lcov.info", PathStyle::File, &[], &expected);
    // One path that the root has as well does not make the others the root's.
    let files =
        [("apps/api/src/a.ts", ""), ("apps/api/src/b.ts", ""), ("apps/api/src/index.ts", ""), ("src/index.ts", "")];
    let expected = [
        ("src/a.ts", Some("apps/api/src/a.ts")),
        ("src/b.ts", Some("apps/api/src/b.ts")),
        ("src/index.ts", Some("apps/api/src/index.ts")),
    ];
    check(&files, "reports/api.info", PathStyle::File, &[], &expected);
    // What a package manager or the system installed.
    let files = [("index.js", ""), ("src/lib.rs", ""), ("include/math.h", ""), ("internal/errors/errors.go", "")];
    let expected = [
        ("/usr/lib/node_modules/jest/index.js", None),
        ("/root/.cargo/registry/src/index/serde-1.0.2/src/lib.rs", None),
        ("/usr/include/math.h", None),
        ("/build/src/lib.rs", Some("src/lib.rs")),
    ];
    check(&files, "lcov.info", PathStyle::File, &[], &expected);
    let go = [("go.mod", "module example.org/m\n"), ("a.go", ""), ("internal/errors/errors.go", "")];
    let expected = [("example.org/m/a.go", Some("a.go")), ("github.com/pkg/errors/errors.go", None)];
    check(&go, "cover.out", PathStyle::Go, &[], &expected);
    // Two folders that the report names have it.
    let files = [("services/api/main.py", ""), ("services/web/main.py", ""), ("services/web/b.py", "")];
    let expected = [("main.py", None), ("b.py", Some("services/web/b.py"))];
    check(&files, "coverage.xml", PathStyle::File, &["services/api", "services/web"], &expected);
    // Two beginnings that lead to one file.
    let files = [("src/a.ts", "")];
    check(&files, "lcov.info", PathStyle::File, &[], &[("/x/src/a.ts", None), ("/y/src/a.ts", None)]);
}

#[test]
fn absolute_paths_found_as_written_leave_the_others_outside() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("src")).unwrap();
    fs::write(dir.path().join("src/lib.rs"), "").unwrap();
    let root = Root::new(dir.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = crate::context(&root, &tree);
    let ours = root.path().join("src/lib.rs").to_str().unwrap().to_owned();
    let paths = [ours.as_str(), "/elsewhere/serde/src/lib.rs"];
    let written = Written { report: "lcov.info", paths: &paths, style: PathStyle::File, roots: &[] };
    let places = Resolver::new(&ctx, Mappings::default()).resolve(&written).unwrap().places;
    assert_eq!(places, [Place::File("src/lib.rs".to_owned()), Place::Outside]);
}

#[test]
fn many_folders_and_paths_take_little_time() {
    let files = [("a/src/x.py", ""), ("b/src/y.py", "")];
    let roots: Vec<String> = (0..900).map(|i| format!("/ci/{i}")).chain((0..900).map(|i| format!("r{i}"))).collect();
    let paths: Vec<String> = (0..20_000).map(|i| format!("p{i}.py")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let written = Written { report: "a/b/c/d.xml", paths: &paths, style: PathStyle::File, roots: &roots };
    let (found, _) = places(&files, &written, &[]);
    assert!(found.iter().all(Option::is_none));
}
