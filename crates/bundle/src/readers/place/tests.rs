use super::*;
use crate::build::sample;

/// Where `names` lie in a build in `dir` of `files`: each name's path; or what stands against it.
fn found(dir: &str, files: &[&str], names: &[&str], output: Option<&str>) -> Vec<String> {
    let files: Vec<(String, &str)> = files.iter().map(|path| (within(dir, path), "x")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let names: BTreeSet<&str> = names.iter().copied().collect();
    sample::build(dir, &files, |build| match find(build, &names, output) {
        Ok(Some(place)) => names.iter().map(|name| place.apply(name)).collect(),
        Ok(None) => vec!["none".to_owned()],
        Err(message) => vec![message],
    })
}

#[test]
fn names_lie_where_most_of_them_are_files() {
    for (files, names, expected) in [
        (vec!["a.js", "b.js"], vec!["a.js", "b.js"], vec!["a.js", "b.js"]),
        (vec!["a.js", "b/c.js"], vec!["dist/a.js", "dist/b/c.js"], vec!["a.js", "b/c.js"]),
        (vec!["x/a.js", "x/b.js"], vec!["a.js", "b.js"], vec!["x/a.js", "x/b.js"]),
        // A folder beside the one that is named is another one.
        (vec!["x/a.js"], vec!["../y/a.js"], vec!["none"]),
        (vec!["server/main.js"], vec!["client/main.js"], vec!["none"]),
        (vec!["a.js"], vec!["../y/a.js"], vec!["a.js"]),
        // One that is missing is looked for beside the others.
        (vec!["x/a.js", "x/b.js"], vec!["a.js", "b.js", "gone.js"], vec!["x/a.js", "x/b.js", "x/gone.js"]),
        // Most names decide, and names as they are where that fits as well.
        (vec!["a.js", "x/a.js", "x/b.js"], vec!["a.js", "b.js"], vec!["x/a.js", "x/b.js"]),
        (vec!["a.js", "x/a.js"], vec!["a.js"], vec!["a.js"]),
        (vec!["a.js", "b.js", "c.js"], vec!["b.js", "c.js", "x/a.js"], vec!["b.js", "c.js", "x/a.js"]),
        (
            vec!["x/a.js", "y/a.js"],
            vec!["a.js"],
            vec!["fits both dist/x/ and dist/y/; name the folder that is shipped with `dir`"],
        ),
        (vec!["ba.js"], vec!["a.js"], vec!["none"]),
        (vec!["a.js"], vec![], vec!["none"]),
        (vec!["a.js"], vec!["/etc/passwd", "../../x"], vec!["none"]),
    ] {
        assert_eq!(found("dist", &files, &names, None), expected, "{files:?} {names:?}");
    }
}

#[test]
fn the_folder_it_was_written_to_decides() {
    let files = ["x/a.js", "y/a.js", "y/b.js"];
    for (dir, output, expected) in [
        ("dist", "/home/ci/dist/x", "x/a.js"),
        ("dist", "C:\\ci\\dist\\x\\", "x/a.js"),
        ("dist", "dist/x", "x/a.js"),
        ("dist", "/home/ci/other/x", "y/a.js"),
        ("dist", "/home/ci/mydist/x", "y/a.js"),
    ] {
        assert_eq!(found(dir, &files, &["a.js", "b.js"], Some(output))[0], expected, "{output}");
    }
    // The folder is that of the names without what is stripped.
    assert_eq!(found("dist/x", &["a.js", "z/a.js"], &["x/a.js"], Some("/ci/dist")), ["a.js"]);
}

#[test]
fn the_top_of_a_site_only_strips() {
    let top = |files: &[&str], names: &[&str]| {
        let (files, names): (BTreeSet<&str>, BTreeSet<&str>) =
            (files.iter().copied().collect(), names.iter().copied().collect());
        let place = top(&files, &names);
        names.iter().map(|name| if place.holds(name) { place.apply(name) } else { "-".to_owned() }).collect::<Vec<_>>()
    };
    assert_eq!(top(&["a.js"], &["app/a.js", "app/b.js", "x.js"]), ["a.js", "b.js", "-"]);
    assert_eq!(top(&["x/a.js"], &["a.js"]), ["a.js"]);
    assert_eq!(top(&["x/a.js"], &["y/a.js"]), ["y/a.js"]);
    assert_eq!(top(&[], &["y/a.js"]), ["y/a.js"]);
}

#[test]
fn many_files_of_one_name_cost_little() {
    let files: Vec<String> = (0..50_000).map(|n| format!("{n}/index.js")).collect();
    let files: BTreeSet<&str> = files.iter().map(String::as_str).collect();
    let names: Vec<String> = (0..50_000).map(|n| format!("out/{n}/index.js")).collect();
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    assert!(candidates(&files, &names).len() <= MOST_PLACES + 1);
    assert_eq!(super::top(&files, &names).apply("out/7/index.js"), "7/index.js");
}
