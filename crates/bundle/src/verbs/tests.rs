//! What `import` prints.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use tollgate_check::Facts;
use tollgate_check::fixture::FolderTree;
use tollgate_input::Root;

use super::*;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn import(folder: &Path, files: &[&str], options: &Options) -> Outcome {
    let root = Root::new(folder).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = Context::new(&root, &tree, Facts::plain());
    let budgets = files.iter().map(|file| (*file).to_owned()).collect();
    let outcome = Import.run(&ctx, options, &ImportArguments { budgets }).unwrap();
    assert!(outcome.files.is_empty());
    outcome
}

fn found(files: &[(&str, &str)], named: &[&str]) -> (String, Outcome) {
    let dir = folder(files);
    let outcome = import(dir.path(), named, &Options::default());
    (String::from_utf8(outcome.text.clone()).unwrap(), outcome)
}

fn problems(outcome: &Outcome) -> Vec<&str> {
    outcome.problems.iter().map(|problem| problem.message.as_str()).collect()
}

/// The sections that the checker has, and the conditions, of a page.
fn loaded(page: &str) -> (Vec<Options>, Vec<String>) {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Sections {
        One(Options),
        Several(Vec<Named>),
    }
    #[derive(Deserialize)]
    struct Named {
        name: String,
        #[serde(flatten)]
        rest: toml::Table,
    }
    #[derive(Deserialize)]
    struct Page {
        bundle: Sections,
        gates: std::collections::BTreeMap<String, Gate>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Gate {
        #[serde(default)]
        conditions: Vec<String>,
        #[serde(default)]
        warn: Vec<String>,
    }
    let page: Page = toml::from_str(page).unwrap_or_else(|error| panic!("{error}\n{page}"));
    let sections = match page.bundle {
        Sections::One(options) => vec![options],
        Sections::Several(all) => all
            .into_iter()
            .map(|named| {
                assert!(!named.name.is_empty());
                named.rest.try_into().unwrap()
            })
            .collect(),
    };
    let gate = &page.gates["Performance"];
    (sections, [gate.conditions.clone(), gate.warn.clone()].concat())
}

const FIRST_USER: &str = r#"{
  "budgets": {
    "web_application": {
      "targets": {
        "javascript": {"budget_kb": 500, "description": "a"},
        "css": {"budget_kb": 100},
        "images": {"budget_kb": 200},
        "fonts": {"budget_kb": 50},
        "total_initial_load": {"budget_kb": 600}
      },
      "thresholds": {"warning_percentage": 80, "error_percentage": 100}
    },
    "api_application": {"targets": {"response_time_ms": {"health_check": 100}, "memory_usage_mb": {"idle": 128}}}
  }
}"#;

#[test]
fn the_budgets_of_a_page_are_printed_whole() {
    let files = [("performance-budget.json", FIRST_USER), ("apps/web/dist/a.js", "let a;")];
    let (page, outcome) = found(&files, &[]);
    let kb = "KB read as 1,000 bytes (write KiB where the script that reads this file divides by 1024); raw bytes, since it \
              names no compression";
    let line = |line: u32, key: &str, limit: u32, condition: &str| {
        let condition = tollgate_model::toml_string(&format!("{condition} <= {limit} KB"));
        format!("  # performance-budget.json:{line}: performance budget, {key} {limit}; {kb}\n  {condition},\n")
    };
    let expected = [
        "# Budgets of performance-budget.json, for tollgate.toml.\n\
         # The line above each condition says where the limit stands and which unit was assumed.\n\n\
         [bundle]\ndir = \"apps/web/dist\"\n\n[gates.Performance]\nconditions = [\n"
            .to_owned(),
        line(5, "budget_kb", 500, "bundle.size{type=\"js\"}"),
        line(6, "budget_kb", 100, "bundle.size{type=\"css\"}"),
        line(7, "budget_kb", 200, "bundle.size{type=\"image\"}"),
        line(8, "budget_kb", 50, "bundle.size{type=\"font\"}"),
        line(9, "budget_kb", 600, "bundle.total"),
        "]\n\n# Not taken over:\n\
         # - performance-budget.json:11: warning_percentage 80 stays there: `warn_at = \"80%\"` of a gate does the same\n\
         # - performance-budget.json: numbers that are no sizes of built files, or have no unit, stay there: thresholds, \
         response_time_ms, memory_usage_mb\n"
            .to_owned(),
    ];
    assert_eq!(page, expected.concat());
    assert_eq!(outcome.notes.len(), 2);
    assert!(outcome.notes[0].starts_with("not taken over: performance-budget.json:11: warning_percentage 80"));
    assert_eq!(outcome.problems, []);
    assert_eq!(loaded(&page).0[0].dir.as_deref(), Some("apps/web/dist"));
}

#[test]
fn what_is_printed_loads() {
    let size_limit = r#"{"size-limit": [
        {"name": "app", "path": ["dist/assets/*.js", "!dist/assets/v.js"], "limit": "10 kB"},
        {"path": "dist/{a,b}.css", "limit": "512000 B"}]}"#;
    let watch = r#"{"files": [{"path": "build/*.js", "maxSize": "30kB"}]}"#;
    let ci = r#"{"ci": {"assert": {"assertions": {"total-byte-weight": ["warn", {"maxNumericValue": 512000}]}}}}"#;
    let files = [
        ("package.json", size_limit),
        ("docs/bundlewatch.config.json", watch),
        ("docs/package.json", "{}"),
        (".lighthouserc.json", ci),
    ];
    let (page, _) = found(&files, &[]);
    let (sections, conditions) = loaded(&page);
    assert_eq!(
        conditions,
        [
            "bundle.brotli{name=\"app\", target=\"dist\"} <= 10 KB",
            "bundle.brotli{name=\"{a,b}.css\", target=\"dist\"} <= 500 KiB",
            "bundle.gzip{name=\"*.js\", target=\"docs\"} <= 30 KiB",
            "bundle.total{target=\"dist\"} <= 500 KiB",
            "bundle.total{target=\"docs\"} <= 500 KiB",
        ]
    );
    assert_eq!(sections.len(), 2);
    assert_eq!((sections[0].dir.as_deref(), sections[1].dir.as_deref()), (Some("dist"), Some("docs/build")));
    assert_eq!(sections[0].files[0].globs, ["assets/*.js", "!assets/v.js"]);
    assert!(sections[1].files[0].each && !sections[0].files[0].each);
    let (page, _) = found(&files, &["package.json"]);
    let (sections, conditions) = loaded(&page);
    assert_eq!(sections[0].encoding, Some(crate::Encoding::Brotli));
    assert_eq!(conditions[0], "bundle.brotli{name=\"app\"} <= 10 KB");
    assert!(
        page.contains("  # package.json:2: size-limit, limit \"10 kB\"; size-limit reads KB as 1000 bytes\n"),
        "{page}"
    );
}

#[test]
fn what_no_build_has_is_a_comment_and_a_note() {
    let checks = r#"[{"path": "dist/a.js", "limit": "1 kB"}, {"path": "*.js", "limit": "2 kB"}]"#;
    let (page, outcome) = found(&[(".size-limit.json", checks)], &[]);
    let left = ".size-limit.json:1: size-limit: limit \"2 kB\" of `*.js` lies in no folder of its own";
    assert!(page.contains(&format!("\n# - {left}")) && !page.contains("<= 2 KB"), "{page}");
    assert!(outcome.notes[0].starts_with(&format!("not taken over: {left}")), "{:?}", outcome.notes);
}

#[test]
fn files_that_are_named_are_read_and_no_others() {
    let one = r#"[{"path": "dist/a.js", "limit": "1 kB"}]"#;
    let files = [("limits.json", one), (".size-limit.json", one), ("sub/package.json", "{\"name\": \"x\"}")];
    let (page, outcome) = found(&files, &["./limits.json", "limits.json"]);
    assert_eq!(outcome.problems, []);
    assert!(page.contains("# Budgets of limits.json, ") && page.matches("limits.json:1").count() == 1, "{page}");
    let (page, _) = found(&files, &[]);
    assert!(page.starts_with("# Budgets of .size-limit.json, "), "{page}");
}

#[test]
fn the_folder_of_the_configuration_counts() {
    let dir = folder(&[(".size-limit.json", r#"[{"path": "www/x/a.js", "limit": "1 kB"}]"#)]);
    let options = Options { dir: Some("www/x".to_owned()), ..Options::default() };
    let page = String::from_utf8(import(dir.path(), &[], &options).text).unwrap();
    assert_eq!(loaded(&page).0[0].dir.as_deref(), Some("www/x"));
}

#[test]
fn a_manifest_beside_says_which_size_limit_it_is() {
    let one = r#"[{"path": "dist/a.js", "limit": "1 kB"}]"#;
    let manifest = r#"{"devDependencies": {"size-limit": "^8.2.6"}}"#;
    let (page, _) = found(&[("web/.size-limit.json", one), ("web/package.json", manifest)], &[]);
    assert!(page.contains("bundle.gzip{name=\"a.js\"} <= 1 KB"), "{page}");
    let watch = r#"[{"path": "dist/a.js", "maxSize": "1 kB"}]"#;
    let (page, _) = found(
        &[("web/ci/x/limits.json", watch), ("web/package.json", manifest), ("package.json", "{")],
        &["web/ci/x/limits.json"],
    );
    assert!(page.contains("dir = \"web/dist\""), "{page}");
    let (page, _) = found(&[("ci/limits.json", watch), ("package.json", "{")], &["ci/limits.json"]);
    assert!(page.contains("dir = \"dist\""), "{page}");
}

#[test]
fn what_gives_nothing_is_a_problem() {
    let timed = r#"[{"path": "dist/a.js", "limit": "1 s"}]"#;
    for (files, named, words) in [
        (vec![], vec![], "no budgets found: looked for .size-limit.json, .size-limit, bundlesize.config.json"),
        (vec![("package.json", "{}")], vec![], "no budgets found: "),
        (vec![("node_modules/a/.size-limit.json", "[")], vec![], "no budgets found: "),
        (vec![("package.json", "{}")], vec!["package.json"], "package.json: no limit on the size of built files"),
        (vec![(".size-limit.json", timed)], vec![], ".size-limit.json: no limit on the size"),
        (vec![(".size-limit.js", "x")], vec![], ".size-limit.js: no limit on the size"),
        (vec![(".size-limit.json", "[")], vec![], ".size-limit.json:1:2: "),
        (vec![], vec!["gone.json"], "gone.json: not found"),
        (vec![], vec!["../x.json"], "../x.json: lies outside"),
        (vec![], vec!["/etc/passwd"], "/etc/passwd: lies outside"),
    ] {
        let (page, outcome) = found(&files, &named);
        assert_eq!(page, "");
        assert_eq!(outcome.problems.len(), 1, "{:?}", outcome.problems);
        assert!(problems(&outcome)[0].starts_with(words), "{:?}", outcome.problems);
    }
    let (_, outcome) = found(&[(".size-limit.json", timed)], &[]);
    assert_eq!(outcome.notes.len(), 1);
}

#[test]
fn one_broken_file_hides_no_other() {
    let one = r#"[{"path": "dist/a.js", "limit": "1 kB"}]"#;
    let (page, outcome) = found(&[(".size-limit.json", one), ("budget.json", "{")], &[]);
    assert!(page.contains("<= 1 KB"));
    assert!(problems(&outcome)[0].starts_with("budget.json:1"), "{:?}", outcome.problems);
    let large = format!("[{}]", " ".repeat(1 << 20));
    let (_, outcome) = found(&[("budget.json", &large)], &[]);
    assert!(problems(&outcome)[0].starts_with("budget.json: larger than"), "{:?}", outcome.problems);
    let (_, outcome) = found(&[("budget.json", "{\"js\": \"1 KB\"}")], &["budget.json", "gone.json"]);
    assert!(!outcome.text.is_empty() && outcome.problems.len() == 1);
}

#[test]
fn very_many_files_are_not_all_read() {
    let names: Vec<String> = (0..=MOST_FILES).map(|n| format!("p{n:04}/package.json")).collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "{}")).collect();
    files[MOST_FILES].1 = r#"{"size-limit": [{"path": "dist/a.js", "limit": "1 kB"}]}"#;
    let (page, outcome) = found(&files, &[]);
    assert_eq!((page.as_str(), outcome.problems.len()), ("", 1));
    assert!(problems(&outcome)[0].starts_with("more than 2000 files may hold budgets"), "{:?}", outcome.problems);
}
