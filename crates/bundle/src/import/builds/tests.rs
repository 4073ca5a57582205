//! Budgets put to the builds that they are about.

use super::super::read;
use super::*;

/// The arranged budgets of these files: each build as `name dir encoding`, its groups as `+ name globs`, its conditions as they
/// are; then what was left.
fn told(files: &[(&str, &str)], dir: Option<&str>, usual: &[&str]) -> Vec<String> {
    let budgets: Vec<Budget> = files.iter().flat_map(|(path, text)| read(path, text, None).unwrap().budgets).collect();
    let usual: Vec<String> = usual.iter().map(|dir| (*dir).to_owned()).collect();
    let arranged = arrange(&budgets, dir, &usual);
    let mut lines = Vec::new();
    for build in &arranged.builds {
        let words = [build.name.as_deref(), build.dir.as_deref(), build.encoding.map(Encoding::word)];
        lines.push(words.map(|word| word.unwrap_or("-")).join(" "));
        let each = |group: &FileGroup| if group.each { " each" } else { "" };
        lines.extend(build.groups.iter().map(|g| format!("+ {}: {}{}", g.name, g.globs.join(" "), each(g))));
        lines.extend(build.conditions.iter().map(|condition| condition.text.clone()));
    }
    lines.extend(arranged.left.iter().map(ToString::to_string));
    lines
}

/// A file of size-limit with checks of these paths.
fn checks(paths: &[&str]) -> String {
    let list: Vec<String> =
        paths.iter().map(|path| serde_json::json!({"path": path, "limit": "1 kB"}).to_string()).collect();
    format!("[{}]", list.join(",\n"))
}

#[test]
fn the_build_folder_is_in_the_path() {
    for (path, expected) in [
        ("dist/a.js", vec!["- dist brotli", "+ a.js: a.js"]),
        ("dist/assets/*.js", vec!["- dist brotli", "+ assets/*.js: assets/*.js"]),
        ("dist", vec!["- dist brotli", "+ **: **"]),
        ("apps/*/dist/*.js", vec!["- apps brotli", "+ */dist/*.js: */dist/*.js"]),
        ("public/build/js/a.js", vec!["- public/build brotli", "+ js/a.js: js/a.js"]),
        ("apps/web/.next/static/chunks/**", vec!["- apps/web/.next/static brotli", "+ chunks/**: chunks/**"]),
        (".next/server/a.js", vec!["- .next brotli", "+ server/a.js: server/a.js"]),
        ("packages/x/bundle/a.js", vec!["- packages/x/bundle brotli", "+ a.js: a.js"]),
        ("distant/build/a.js", vec!["- distant/build brotli", "+ a.js: a.js"]),
    ] {
        let told = told(&[(".size-limit.json", &checks(&[path]))], None, &["other"]);
        let condition = format!("bundle.brotli{{name=\"{}\"}} <= 1 KB", expected[1][2..].split(':').next().unwrap());
        assert_eq!(told, [expected, vec![&condition]].concat(), "{path}");
    }
}

#[test]
fn files_that_no_build_has_are_left() {
    for (paths, dir, why) in [
        (r#"["*.js"]"#, None, "lies in no folder of its own, so that nobody knows the build; say `dir`"),
        (r#"["index.js"]"#, None, "lies in no folder of its own, so that nobody knows the build; say `dir`"),
        (r#"["dist/a.js", "build/b.js"]"#, None, "has files in several folders, which no build of ours has"),
        (r#"["dist/a.js"]"#, Some("web/dist"), "does not lie in web/dist, the folder that is measured"),
    ] {
        let text = format!("[{{\"path\": {paths}, \"limit\": \"1 kB\"}}]");
        let first = paths.split('"').nth(1).unwrap();
        let expected = format!(".size-limit.json:1: size-limit: limit \"1 kB\" of `{first}` {why}");
        assert_eq!(told(&[(".size-limit.json", &text)], dir, &[]), [expected]);
    }
}

#[test]
fn a_folder_that_is_named_is_the_one() {
    let text = checks(&["lib/js/a.js", "**/*.js", "lib"]);
    let expected = [
        "- lib brotli",
        "+ js/a.js: js/a.js",
        "+ **: **",
        "bundle.brotli{name=\"js/a.js\"} <= 1 KB",
        "bundle.brotli{name=\"**\"} <= 1 KB",
        ".size-limit.json:2: size-limit: limit \"1 kB\" of `**/*.js` does not lie in lib, the folder that is measured",
    ];
    assert_eq!(told(&[(".size-limit.json", &text)], Some("lib"), &["dist"]), expected);
    let root = told(&[(".size-limit.json", &checks(&["*.js"]))], Some("."), &[]);
    assert_eq!(root, ["- . brotli", "+ *.js: *.js", "bundle.brotli{name=\"*.js\"} <= 1 KB"]);
}

#[test]
fn a_folder_takes_what_lies_in_it() {
    let text = checks(&["pkg/bundle/js/b.js", "pkg/bundle/a.js", "pkg/bundle-x/c.js"]);
    let expected = [
        "bundle pkg/bundle brotli",
        "+ js/b.js: js/b.js",
        "+ a.js: a.js",
        "bundle.brotli{name=\"js/b.js\", target=\"bundle\"} <= 1 KB",
        "bundle.brotli{name=\"a.js\", target=\"bundle\"} <= 1 KB",
        "bundle-x pkg/bundle-x brotli",
        "+ c.js: c.js",
        "bundle.brotli{name=\"c.js\", target=\"bundle-x\"} <= 1 KB",
    ];
    assert_eq!(told(&[(".size-limit.json", &text)], None, &[]), expected);
}

#[test]
fn groups_are_shared_and_names_are_not() {
    let text = r#"[
        {"path": ["dist/*.js", "!dist/v.js", "!**/*.map", "!other/x.js"], "limit": "1 kB"},
        {"path": ["dist/*.js", "!dist/v.js", "!**/*.map", "!other/x.js"], "limit": "3 kB", "gzip": true},
        {"name": "it's \"a\\b\"\n!", "path": "dist/a.js", "limit": "1 kB"},
        {"name": "it's \"a\\b\"\n!", "path": "dist/b.js", "limit": "1 kB"},
        {"name": "other", "path": "dist/b.js", "limit": "1 kB"},
        {"name": "", "path": "dist/b.js", "limit": "2 kB"}]"#;
    let expected = [
        "- dist -",
        "+ *.js: *.js !v.js !**/*.map",
        "+ it_s _a_b_ !: a.js",
        "+ it_s _a_b_ ! 2: b.js",
        "+ other: b.js",
        "bundle.brotli{name=\"*.js\"} <= 1 KB",
        "bundle.gzip{name=\"*.js\"} <= 3 KB",
        "bundle.brotli{name=\"it_s _a_b_ !\"} <= 1 KB",
        "bundle.brotli{name=\"it_s _a_b_ ! 2\"} <= 1 KB",
        "bundle.brotli{name=\"other\"} <= 1 KB",
        "bundle.brotli{name=\"it_s _a_b_ ! 2\"} <= 2 KB",
    ];
    assert_eq!(told(&[(".size-limit.json", text)], None, &[]), expected);
}

#[test]
fn each_file_and_the_sum_are_two_groups() {
    let watch = r#"{"files": [{"path": "dist/*.js", "maxSize": "1kb"}]}"#;
    let files = [(".size-limit.json", checks(&["dist/*.js"])), ("bundlewatch.config.json", watch.to_owned())];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let expected = [
        "- dist -",
        "+ *.js: *.js",
        "+ *.js 2: *.js each",
        "bundle.brotli{name=\"*.js\"} <= 1 KB",
        "bundle.gzip{name=\"*.js 2\"} <= 1 KiB",
    ];
    assert_eq!(told(&files, None, &[]), expected);
}

#[test]
fn several_folders_are_several_builds() {
    let web = checks(&["dist/a.js"]);
    let whole = r#"{"js": "9 KB"}"#;
    let files = [
        ("apps/web/.size-limit.json", web.as_str()),
        ("apps/docs/.size-limit.json", &web),
        (".size-limit.json", &web),
        ("apps/web/budget.json", whole),
        ("budget.json", r#"{"total": "99 KB"}"#),
        ("elsewhere/budget.json", r#"{"css": "5 KB"}"#),
    ];
    let expected = [
        "docs apps/docs/dist -",
        "+ a.js: a.js",
        "bundle.brotli{name=\"a.js\", target=\"docs\"} <= 1 KB",
        "bundle.total{target=\"docs\"} <= 99 KB",
        "bundle.size{type=\"css\", target=\"docs\"} <= 5 KB",
        "web apps/web/dist -",
        "+ a.js: a.js",
        "bundle.brotli{name=\"a.js\", target=\"web\"} <= 1 KB",
        "bundle.size{type=\"js\", target=\"web\"} <= 9 KB",
        "bundle.total{target=\"web\"} <= 99 KB",
        "bundle.size{type=\"css\", target=\"web\"} <= 5 KB",
        "dist dist -",
        "+ a.js: a.js",
        "bundle.brotli{name=\"a.js\", target=\"dist\"} <= 1 KB",
        "bundle.total{target=\"dist\"} <= 99 KB",
        "bundle.size{type=\"css\", target=\"dist\"} <= 5 KB",
    ];
    assert_eq!(told(&files, None, &["out"]), expected);
}

#[test]
fn budgets_of_whole_builds_look_for_one() {
    let files = [("budget.json", r#"{"js": "9 KB"}"#)];
    let condition = "bundle.size{type=\"js\"} <= 9 KB";
    for (dir, usual, expected) in [
        (None, vec![], vec!["- - -", condition]),
        (None, vec!["out"], vec!["- out -", condition]),
        (Some("web"), vec!["out"], vec!["- web -", condition]),
        (
            None,
            vec!["a/dist", "b/dist"],
            vec![
                "a a/dist -",
                "bundle.size{type=\"js\", target=\"a\"} <= 9 KB",
                "b b/dist -",
                "bundle.size{type=\"js\", target=\"b\"} <= 9 KB",
            ],
        ),
    ] {
        assert_eq!(told(&files, dir, &usual), expected);
    }
    assert_eq!(told(&[], None, &["out"]), [] as [&str; 0]);
}

#[test]
fn one_limit_in_two_files_is_one_condition() {
    let text = r#"{"js": "9 KB"}"#;
    let budgets: Vec<Budget> =
        ["a.json", "b.json"].iter().flat_map(|path| read(path, text, None).unwrap().budgets).collect();
    let build = arrange(&budgets, None, &[]).builds.remove(0);
    assert_eq!(build.conditions.len(), 1);
    assert_eq!(build.conditions[0].comments.len(), 2);
    let softer = Budget { blocks: false, ..budgets[0].clone() };
    assert_eq!(arrange(&[budgets[0].clone(), softer], None, &[]).builds[0].conditions.len(), 2);
}

#[test]
fn builds_have_names_that_policies_allow() {
    for (dir, name) in [
        (Some("apps/web/dist"), "web"),
        (Some("dist"), "dist"),
        (Some("apps/web/.next/static"), "web"),
        (Some(".next/static"), "static"),
        (Some("a b/ü/dist"), "build"),
        (Some("x/my site!/dist"), "my-site"),
        (None, "build"),
    ] {
        assert_eq!(instance_name(dir), name);
    }
    let names = ["a/web/dist", "b/web/dist", "c/web/dist"];
    let files = [("x.json", checks(&["a/web/dist/a.js", "b/web/dist/a.js", "c/web/dist/a.js"]))];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let told = told(&files, None, &[]);
    let heads: Vec<&str> =
        told.iter().filter(|line| names.iter().any(|n| line.contains(n))).map(String::as_str).collect();
    assert_eq!(heads, ["web a/web/dist brotli", "web-2 b/web/dist brotli", "web-3 c/web/dist brotli"]);
}
