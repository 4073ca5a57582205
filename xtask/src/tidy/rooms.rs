//! Every crate has a page; every checker has rules and fixtures; every rule is whole.

use std::fs;
use std::path::Path;

use crate::tidy::Breach;
use crate::tidy::arrows::{is_checker, room};
use crate::workspace::{Package, Workspace};

pub(super) fn check(workspace: &Workspace, packages: &[Package]) -> Vec<Breach> {
    let mut found: Vec<Breach> = packages.iter().filter_map(|package| page(workspace, package)).collect();
    let rooms: Vec<&str> = packages.iter().map(|package| room(&package.name)).collect();
    for checker in rooms.iter().filter(|name| is_checker(name)) {
        if !workspace.path("rules").join(checker).is_dir() {
            let message = "no such folder: a checker states its rules there, one file each";
            found.push(Breach::new(format!("rules/{checker}"), message));
        }
        if !has_case(&workspace.path("fixtures").join(checker)) {
            let message = "no case: a checker has at least one folder here that holds case.toml";
            found.push(Breach::new(format!("fixtures/{checker}"), message));
        }
    }
    for checker in folders(&workspace.path("rules")) {
        let file = format!("rules/{checker}");
        if !rooms.contains(&checker.as_str()) {
            found.push(Breach::new(&file, format!("no crate of that name: add crates/{checker} or remove the folder")));
        }
        if let Err(error) = tollgate_rules::load(&workspace.path(&file), &checker) {
            let message = error.to_string().replace(&format!("{}/", workspace.root().display()), "");
            found.push(Breach::new(file, message));
        }
    }
    found
}

/// A crate's page: at least two lines of `//!` text at the top of its root module.
fn page(workspace: &Workspace, package: &Package) -> Option<Breach> {
    let folder = package.manifest_path.parent()?;
    let root = ["src/lib.rs", "src/main.rs"].map(|name| folder.join(name)).into_iter().find(|path| path.is_file())?;
    let shown = root.strip_prefix(workspace.root()).unwrap_or(&root).display().to_string();
    let text = match fs::read_to_string(&root) {
        Ok(text) => text,
        Err(error) => return Some(Breach::new(shown, error.to_string())),
    };
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).filter(|line| !line.trim().is_empty()).count();
    (lines < 2).then(|| Breach::new(shown, "no page: say in two or more `//!` lines at the top what this crate is for"))
}

fn has_case(folder: &Path) -> bool {
    folders(folder).iter().any(|case| folder.join(case).join("case.toml").is_file())
}

/// Names of the folders in `folder`, sorted; none when it does not exist.
fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r#"
title = "Something"
why = "It matters for a good reason."
mend = "Do the other thing instead, always."
level = "warning"
[[examples]]
about = "one"
text = "x"
"#;
    const PAGE: &str = "//! One line.\n//!\n//! And another.\n\nfn x() {}\n";

    fn found(files: &[(&str, &str)], rooms: &[&str]) -> Vec<String> {
        let (_dir, workspace) = Workspace::made_up(files);
        let package = |room: &&str| Package {
            name: format!("tollgate-{room}"),
            manifest_path: workspace.path(format!("crates/{room}/Cargo.toml")),
            dependencies: Vec::new(),
        };
        let packages: Vec<Package> = rooms.iter().map(package).collect();
        check(&workspace, &packages).iter().map(Breach::to_string).collect()
    }

    #[test]
    fn a_whole_checker_is_fine() {
        let files = [
            ("crates/demo/src/lib.rs", PAGE),
            ("rules/demo/sub/some-rule.toml", RULE),
            ("fixtures/demo/first/case.toml", "about = \"x\""),
        ];
        assert!(found(&files, &["demo"]).is_empty());
    }

    #[test]
    fn what_is_missing_is_named() {
        let files = [("crates/demo/src/lib.rs", "//! One line.\nfn x() {}\n//! late\n"), ("rules/gone/x.toml", RULE)];
        let found = found(&files, &["demo"]);
        let starts = [
            "crates/demo/src/lib.rs: no page",
            "rules/demo: no such",
            "fixtures/demo: no case",
            "rules/gone: no crate",
        ];
        assert_eq!(found.len(), starts.len(), "{found:?}");
        for start in starts {
            assert!(found.iter().any(|f| f.starts_with(start)), "{start}: {found:?}");
        }
    }

    #[test]
    fn a_rule_without_example_is_named() {
        let bare = RULE.split("[[examples]]").next().unwrap();
        let files = [
            ("crates/demo/src/lib.rs", PAGE),
            ("rules/demo/some-rule.toml", bare),
            ("fixtures/demo/first/case.toml", ""),
        ];
        let found = found(&files, &["demo"]);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("rules/demo/some-rule.toml") && found[0].contains("examples"), "{found:?}");
    }

    #[test]
    fn rooms_that_are_no_checkers_need_a_page_only() {
        assert!(found(&[("crates/model/src/lib.rs", PAGE)], &["model"]).is_empty());
    }
}
