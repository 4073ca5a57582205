//! Files of budgets as people write them, and as they should not.

use super::*;

/// What a file gives: budgets as `line metric{what} bytes`, then what stays as `- line text`.
fn told(path: &str, text: &str, manifest: Option<&str>) -> Vec<String> {
    let taken = read(path, text, manifest.map(|manifest| Package { folder: "", manifest })).unwrap();
    let budget = |budget: &Budget| {
        let line = budget.place.line.unwrap();
        let what = match &budget.what {
            What::Files { name, globs, each } => {
                let name = name.as_ref().map(|name| format!(" called {name}")).unwrap_or_default();
                let each = if *each { " each" } else { "" };
                format!("{} {}{each}{name}", budget.metric(), globs.join(" "))
            }
            What::Total | What::Type(_) => budget.series().unwrap(),
        };
        let word = if budget.blocks { "" } else { " warns" };
        format!("{line} {what} <= {}{word}", budget.size)
    };
    let left = |left: &Left| match left.place.line {
        Some(line) => format!("- {line} {}", left.text),
        None => format!("- {}", left.text),
    };
    taken.budgets.iter().map(budget).chain(taken.left.iter().map(left)).collect()
}

/// What is assumed of the first budget of a file.
fn assumed(path: &str, text: &str, manifest: Option<&str>) -> String {
    let package = manifest.map(|manifest| Package { folder: "", manifest });
    read(path, text, package).unwrap().budgets.remove(0).assumed
}

#[test]
fn size_limit_weighs_sums_after_brotli() {
    let text = r#"[
  {"name": "app", "path": ["dist/*.js", "!dist/v.js"], "limit": "10.5 kB"},
  {"path": "./dist/a.css", "limit": "1 KiB", "gzip": true},
  {"path": "dist/b.css", "limit": 2048, "brotli": false},
  {"path": "dist/c.js", "limit": "3000", "gzip": true, "brotli": false},
  {"path": "dist/a.js", "limit": "1 s"},
  {"path": "dist/a.js", "limit": "900 ms"},
  {"path": "dist/a.js", "limit": "big"},
  {"path": "dist/a.js", "limit": true},
  {"path": "dist/a.js"},
  {"path": "dist/a.js", "limit": "1 kB", "import": "{ a }"},
  {"limit": "1 kB", "entry": "main"},
  {"path": "dist/a.js", "limit": "1 kB", "webpack": true},
  {"path": "dist/d.js", "limit": "1 kB", "running": true},
  {"path": "dist/d.js", "limit": "1 kB", "running": false},
  {"limit": "1 kB"}
]"#;
    let bundles = "bundles it first and weighs what comes of that, not a built file";
    let expected = [
        "2 bundle.brotli dist/*.js !dist/v.js called app <= 10500 B",
        "3 bundle.gzip dist/a.css <= 1 KiB",
        "4 bundle.raw dist/b.css <= 2 KiB",
        "5 bundle.gzip dist/c.js <= 3 KB",
        "14 bundle.brotli dist/d.js <= 1 KB",
        "15 bundle.brotli dist/d.js <= 1 KB",
        "- 6 size-limit: `dist/a.js` has the limit \"1 s\", which is a time; no checker of sizes measures it",
        "- 7 size-limit: `dist/a.js` has the limit \"900 ms\", which is a time; no checker of sizes measures it",
        "- 8 size-limit: `dist/a.js` has the limit \"big\", which is no size",
        "- 9 size-limit: `dist/a.js` has the limit true, which is no size",
        "- 10 size-limit: `dist/a.js` has no limit",
        &format!("- 11 size-limit: `dist/a.js` has `import`: size-limit {bundles}"),
        &format!("- 12 size-limit: `a check` has `entry`: size-limit {bundles}"),
        &format!("- 13 size-limit: `dist/a.js` has `webpack: true`: size-limit {bundles}"),
        "- 14 size-limit: `dist/d.js` measures time beside the size, which stays there",
        "- 16 size-limit: `a check` names no file",
    ];
    assert_eq!(told(".size-limit.json", text, None), expected);
    assert_eq!(assumed(".size-limit.json", text, None), "size-limit reads KB as 1000 bytes");
}

#[test]
fn size_limit_is_what_its_version_and_plugins_make_of_it() {
    let check = r#"[{"path": "dist/a.js", "limit": "10 kB"}]"#;
    let with = |list: &str| format!("{{\"main\": \"dist/m.js\", \"devDependencies\": {{{list}}}}}");
    for (check, packages, expected) in [
        (check, "", "1 bundle.brotli dist/a.js <= 10 KB"),
        (check, "\"size-limit\": \"^11.1.0\"", "1 bundle.brotli dist/a.js <= 10 KB"),
        (check, "\"size-limit\": \"~10.0.3\"", "1 bundle.gzip dist/a.js <= 10 KB"),
        (check, "\"size-limit\": \">=4\"", "1 bundle.gzip dist/a.js <= 10 KiB"),
        (check, "\"size-limit\": \"catalog:4\"", "1 bundle.brotli dist/a.js <= 10 KB"),
        (check, "\"size-limit\": 4", "1 bundle.brotli dist/a.js <= 10 KB"),
        (
            r#"[{"path": "dist/a.js", "limit": "10 kB", "brotli": true}]"#,
            "\"size-limit\": \"5.0.0\"",
            "1 bundle.brotli dist/a.js <= 10 KB",
        ),
        (
            r#"[{"path": "dist/a.js", "limit": "10 kB", "gzip": false}]"#,
            "\"size-limit\": \"5.0.0\"",
            "1 bundle.raw dist/a.js <= 10 KB",
        ),
        (r#"[{"limit": "10 kB"}]"#, "", "1 bundle.brotli dist/m.js <= 10 KB"),
        (check, "\"@size-limit/preset-app\": \"11\"", "1 bundle.brotli dist/a.js <= 10 KB"),
        (
            check,
            "\"@size-limit/preset-small-lib\": \"11\"",
            "- 1 size-limit: `dist/a.js` is weighed with @size-limit/preset-small-lib, which bundles it first and weighs what \
             comes of that, not a built file",
        ),
        (
            r#"[{"path": "dist/a.js", "limit": "10 kB", "webpack": false}]"#,
            "\"@size-limit/webpack\": \"11\"",
            "1 bundle.brotli dist/a.js <= 10 KB",
        ),
        (
            r#"[{"path": "dist/a.js", "limit": "10 kB", "disablePlugins": ["@size-limit/esbuild"]}]"#,
            "\"@size-limit/esbuild\": \"11\"",
            "1 bundle.brotli dist/a.js <= 10 KB",
        ),
    ] {
        assert_eq!(told(".size-limit.json", check, Some(&with(packages))), [expected], "{packages}");
    }
    let old = with("\"size-limit\": \"4.1\"");
    assert_eq!(assumed(".size-limit.json", check, Some(&old)), "size-limit 4 reads KB as 1024 bytes");
    assert_eq!(told(".size-limit.json", check, Some("{")), ["1 bundle.brotli dist/a.js <= 10 KB"]);
}

#[test]
fn a_manifest_holds_three_kinds() {
    let text = r#"{"name": "x", "devDependencies": {"size-limit": "8.0.0"},
 "size-limit": [{"path": "dist/a.js", "limit": "1 kB"}],
 "bundlesize": [{"path": "./build/v.js", "maxSize": "30 kB"}, {"path": "build/chunk-*.js", "maxSize": "10kb"}],
 "bundlewatch": {"files": [{"path": "build/*.css", "maxSize": "1.5MB", "compression": "none"}]}}"#;
    let expected = [
        "2 bundle.gzip apps/web/dist/a.js <= 1 KB",
        "3 bundle.gzip apps/web/build/v.js <= 30 KiB",
        "3 bundle.gzip apps/web/build/chunk-*.js each <= 10 KiB",
        "4 bundle.raw apps/web/build/*.css each <= 1536 KiB",
    ];
    assert_eq!(told("apps/web/package.json", text, None), expected);
    assert_eq!(told("package.json", r#"{"files": ["dist"], "ci": {}, "js": "1 KB"}"#, None), [] as [&str; 0]);
    assert_eq!(
        told("package.json", r#"{"size-limit": {}, "bundlesize": 1}"#, None),
        [
            "- 1 size-limit expects a list of checks here, and this is none",
            "- 1 bundlesize expects a list of files here, and this is none"
        ]
    );
}

#[test]
fn bundlewatch_reads_units_as_1024s() {
    let text = r#"{
  "files": [
    {"path": "dist/*.js", "maxSize": "100kB"},
    {"path": "dist/a.js", "maxSize": "100", "compression": "brotli"},
    {"path": "dist/b.js", "maxSize": "512000b"},
    {"path": "dist/c.js", "maxSize": "100 KiB"},
    {"path": "dist/c.js", "maxSize": 100},
    {"path": "dist/c.js"},
    {"maxSize": "1 kB"},
    {"path": "dist/c.js", "maxSize": "1 kB", "compression": "zstd"},
    {"path": "dist/+(a|b).js", "maxSize": "1 kB"},
    "dist/a.js"
  ],
  "defaultCompression": "none",
  "normalizeFilenames": "^.+?(\\.\\w+)\\.js$",
  "ci": {"trackBranches": ["main"]}
}"#;
    let expected = [
        "3 bundle.raw dist/*.js each <= 100 KiB",
        "4 bundle.brotli dist/a.js <= 100 B",
        "5 bundle.raw dist/b.js <= 500 KiB",
        "- 6 bundlewatch: `dist/c.js` has the maxSize \"100 KiB\", which is no size that bundlewatch knows",
        "- 7 bundlewatch: `dist/c.js` has the maxSize 100, which bundlewatch compares with nothing: only a text is a limit there",
        "- 8 bundlewatch: `dist/c.js` has no maxSize",
        "- 9 bundlewatch: `an entry` has no path",
        "- 10 bundlewatch: `dist/c.js` has the compression \"zstd\"; gzip, brotli and none are known",
        "- 11 bundlewatch: `dist/+(a|b).js` has the pattern `dist/+(a|b).js`, which globs here cannot say",
        "- 12 bundlewatch: `an entry` has no maxSize",
        "- 15 bundlewatch: `normalizeFilenames` is not needed: globs match names with hashes, and a group has one name",
        "- 16 bundlewatch: `ci` compares with other branches, as conditions on `base` do here",
    ];
    assert_eq!(told("bundlewatch.config.json", text, None), expected);
    assert_eq!(assumed("bundlewatch.config.json", text, None), "bundlewatch reads KB as 1024 bytes");
    let list = r#"[{"path": "a/x.js", "maxSize": "1 B"}]"#;
    assert_eq!(told("bundlesize.config.json", list, None), ["1 bundle.gzip a/x.js <= 1 B"]);
    assert_eq!(assumed("bundlesize.config.json", list, None), "bundlesize reads it as bytes");
}

#[test]
fn paths_are_those_of_the_folder_that_the_tool_runs_in() {
    let watch = r#"[{"path": "dist/x.js", "maxSize": "1 B"}]"#;
    let checks = r#"[{"path": "dist/x.js", "limit": "1 B"}]"#;
    let package = Package { folder: "apps/web", manifest: "{}" };
    for (path, text, package, expected) in [
        ("apps/web/ci/bundlewatch.config.json", watch, Some(package), "apps/web/dist/x.js"),
        ("ci/bundlewatch.config.json", watch, Some(Package { folder: "", manifest: "{}" }), "dist/x.js"),
        ("ci/bundlewatch.config.json", watch, None, "ci/dist/x.js"),
        ("apps/web/ci/.size-limit.json", checks, Some(package), "apps/web/ci/dist/x.js"),
    ] {
        let budget = read(path, text, package).unwrap().budgets.remove(0);
        assert_eq!(budget.files().unwrap().1, [expected]);
    }
}

#[test]
fn lighthouse_budgets_are_kibibytes_of_a_page() {
    let text = r#"[
  {"path": "/*", "resourceSizes": [
    {"resourceType": "script", "budget": 125},
    {"resourceType": "total", "budget": 500.5},
    {"resourceType": "third-party", "budget": 10},
    {"resourceType": "font", "budget": 0},
    {"resourceType": "image"}],
   "resourceCounts": [{"resourceType": "script", "budget": 10}],
   "timings": [{"metric": "interactive", "budget": 3000}]},
  {"path": "/shop/*", "resourceSizes": [{"resourceType": "script", "budget": 125}]},
  {"timings": []}
]"#;
    let expected = [
        "3 bundle.size{type=\"js\"} <= 125 KiB",
        "4 bundle.total <= 512512 B",
        "- 5 Lighthouse: `third-party` is no type of built files here",
        "- 6 Lighthouse: `font` has the limit 0, with which no size can be compared",
        "- 7 Lighthouse: `image` has no limit",
        "- 8 Lighthouse: counts of requests stay there: script",
        "- 9 Lighthouse: times stay there: interactive",
        "- 10 Lighthouse: the limits of pages that match `/shop/*` stay there; the label `route` names one page",
    ];
    assert_eq!(told("budget.json", text, None), expected);
    assert_eq!(
        assumed("budget.json", text, None),
        "Lighthouse budgets are in KiB; it weighs what one page loads as the server sends it, here the whole build counts, in \
         `encoding`"
    );
}

#[test]
fn assertions_of_lighthouse_ci_are_bytes() {
    let text = r#"{"ci": {"extends": "./base.json", "assert": {
  "preset": "lighthouse:recommended",
  "budgetsFile": "./budget.json",
  "assertions": {
    "resource-summary:script:size": ["error", {"maxNumericValue": 512000}],
    "resource-summary.font.size": ["warn", {"maxNumericValue": 50001}],
    "total-byte-weight": ["error", {"maxNumericValue": 600000}],
    "resource-summary:image:size": ["off", {"maxNumericValue": 1}],
    "resource-summary:stylesheet:size": "error",
    "resource-summary:media:size": ["error", {"maxNumericValue": 1}],
    "resource-summary:script:count": ["error", {"maxNumericValue": 9}],
    "first-contentful-paint": ["error", {"maxNumericValue": 2000}]
  },
  "assertMatrix": [
    {"matchingUrlPattern": ".*", "assertions": {"resource-summary:document:size": ["error", {"maxNumericValue": 1024}]}},
    {"matchingUrlPattern": "/shop$", "assertions": {"resource-summary:script:size": ["error", {"maxNumericValue": 1}]}}
  ]}}}"#;
    let expected = [
        "5 bundle.size{type=\"js\"} <= 500 KiB",
        "6 bundle.size{type=\"font\"} <= 50001 B warns",
        "7 bundle.total <= 600 KB",
        "15 bundle.size{type=\"html\"} <= 1 KiB",
        "- 9 Lighthouse CI: `stylesheet` has no limit",
        "- 10 Lighthouse CI: `media` is no type of built files here",
        "- 4 Lighthouse CI: assertions about other things than sizes stay there: resource-summary:script:count, \
         first-contentful-paint",
        "- 16 Lighthouse CI: the limits of pages that match `/shop$` stay there; the label `route` names one page",
        "- 3 Lighthouse CI: budgetsFile \"./budget.json\" is a file of its own: name it too",
        "- 2 Lighthouse CI: preset \"lighthouse:recommended\" is a list of audits, not of sizes",
        "- 1 Lighthouse CI: what it extends, \"./base.json\", was not read: name that file too",
    ];
    assert_eq!(told("lighthouserc.json", text, None), expected);
    let yaml = "ci:\n  assert:\n    assertions:\n      'resource-summary:script:size':\n        - error\n        - \
                maxNumericValue: 1000\n";
    assert_eq!(told("lighthouserc.yml", yaml, None), ["6 bundle.size{type=\"js\"} <= 1 KB"]);
    assert!(assumed("a.yaml", yaml, None).starts_with("Lighthouse CI counts bytes; it weighs what one page loads"));
}

#[test]
fn plain_budgets_are_found_wherever_they_stand() {
    let text = r#"{
  "version": "1.0.0",
  "budgets": {"web": {"targets": {
    "javascript": {"budget_kb": 500, "description": "x"},
    "css": {"description": "x", "max": "100 KiB"},
    "images": {"limitMB": 1.5},
    "Fonts": {"max_bytes": 50001},
    "total_initial_load": "600 KB",
    "html": {"budget": 500},
    "other": {"budget_kb": 3}},
   "thresholds": {"warning_percentage": 80}},
   "api": {"response_time_ms": {"health": 100}, "list": [{"max": 1}], "names": ["a"]}}
}"#;
    let expected = [
        "4 bundle.size{type=\"js\"} <= 500 KB",
        "5 bundle.size{type=\"css\"} <= 100 KiB",
        "6 bundle.size{type=\"image\"} <= 1500 KB",
        "7 bundle.size{type=\"font\"} <= 50001 B",
        "8 bundle.total <= 600 KB",
        "- 9 html has no limit that is a size with a unit, such as `budget_kb: 500` or `\"500 KB\"`",
        "- 11 warning_percentage 80 stays there: `warn_at = \"80%\"` of a gate does the same",
        "- numbers that are no sizes of built files, or have no unit, stay there: other, response_time_ms, list",
    ];
    assert_eq!(told("performance-budget.json", text, None), expected);
    assert_eq!(
        assumed("performance-budget.json", text, None),
        "KB read as 1,000 bytes (write KiB where the script that reads this file divides by 1024); raw bytes, since it names no \
         compression"
    );
    let many: Vec<String> = (0..11).map(|n| format!("\"k{n}\": {{\"n\": 1}}")).collect();
    let told = told("budget.json", &format!("{{{}}}", many.join(",")), None);
    assert!(told[0].ends_with("stay there: k0, k1, k2, k3, k4, k5, k6, k7 and 3 more"), "{told:?}");
}

#[test]
fn programs_and_strangers_are_named() {
    for path in [".size-limit.js", "a/lighthouserc.cjs", "bundlewatch.config.mts"] {
        assert_eq!(told(path, "module.exports = {", None), ["- is a program, which is not run: its limits stay there"]);
    }
    let strange = "- 1 is a list of something that is no budget of a known tool";
    assert_eq!(told("budget.json", "[{\"type\": \"initial\"}]", None), [strange]);
    assert_eq!(told("budget.json", "{}", None), [] as [&str; 0]);
    assert_eq!(told("budget.json", "7", None), [] as [&str; 0]);
    let none = |key: &str| {
        format!("- 1 {key} has no limit that is a size with a unit, such as `budget_kb: 500` or `\"500 KB\"`")
    };
    assert_eq!(told("budget.json", r#"{"js": "500", "css": {"max": "1e3"}}"#, None), [none("js"), none("css")]);
    let odd = r#"[{"path": ["dist/a.js", 5], "limit": "1 KB"}]"#;
    assert_eq!(told(".size-limit.json", odd, None), ["- 1 size-limit: `dist/a.js` has a path that is no text"]);
}

#[test]
fn broken_files_are_refused_with_their_line() {
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    for (path, text, words) in [
        ("budget.json", "{\n\"a\": 1,}", "budget.json:2:7: "),
        ("a.yml", "a: [\n", "a.yml:"),
        ("budget.json", "", "budget.json"),
        ("budget.json", &deep, "budget.json:1:"),
        (".size-limit.json", "// c\n[]", ".size-limit.json:1:1: "),
    ] {
        let error = read(path, text, None).unwrap_err().to_string();
        assert!(error.starts_with(words), "{error}");
    }
}

#[test]
fn a_file_of_very_many_limits_says_what_was_left_out() {
    let many = vec![r#"{"path": "dist/a.js", "limit": "1 kB"}"#; 1_003].join(",");
    let taken = read(".size-limit.json", &format!("[{many}]"), None).unwrap();
    assert_eq!(taken.budgets.len(), 1_000);
    assert_eq!(taken.left.len(), 1);
    assert_eq!(taken.left[0].to_string(), ".size-limit.json: 3 of its limits were not looked at");
    let keys: Vec<String> = (0..6_000).map(|n| format!("\"k{n}\": true")).collect();
    let told = told("budget.json", &format!("{{{}}}", keys.join(",")), None);
    assert_eq!(told, ["- has more than 5000 keys, of which the rest was not looked at"]);
}

#[test]
fn what_init_asks_a_budget() {
    let text = r#"{"size-limit": [{"path": "dist/a.js", "limit": "1 kB"}]}"#;
    let budget = read("a/package.json", text, None).unwrap().budgets.remove(0);
    assert_eq!((budget.bytes(), budget.path(), budget.whose()), (1_000, "a/package.json", "size-limit"));
    assert_eq!(budget.assumed(), "size-limit reads KB as 1000 bytes");
    assert_eq!(budget.files(), Some(("bundle.brotli".to_owned(), ["a/dist/a.js".to_owned()].as_slice())));
    assert_eq!(budget.series(), None);
    let whole = read("budget.json", r#"{"js": "1 KB", "bundle": "2 KB"}"#, None).unwrap().budgets;
    assert_eq!(whole[0].series().as_deref(), Some("bundle.size{type=\"js\"}"));
    assert_eq!((whole[1].series().as_deref(), whole[1].files()), (Some("bundle.total"), None));
}
