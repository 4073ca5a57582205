//! Budgets of size that other tools judge.

use super::Target;

pub(super) const TARGETS: &[Target] = &[Target {
    name: "bundle_budget",
    run: tollgate_bundle::import::fuzz_budget,
    seeds: &[
        r#"[{"name": "app", "path": ["dist/*.js", "!dist/v.js"], "limit": "10.5 kB", "gzip": true}, {"path": "dist", "limit": 2048},
            {"path": "dist/a.js", "limit": "1 s", "import": "{ a }", "running": false, "webpack": false}]"#,
        r#"{"main": "dist/m.js", "devDependencies": {"size-limit": "^8.0.0", "@size-limit/preset-small-lib": "8"},
            "size-limit": [{"limit": "1 kB"}], "bundlesize": [{"path": "./build/*.js", "maxSize": "30 kB"}]}"#,
        r#"{"files": [{"path": "build/{a,b}.css", "maxSize": "1.5MB", "compression": "none"}], "defaultCompression": "brotli", "ci": {}}"#,
        r#"[{"path": "/*", "resourceSizes": [{"resourceType": "script", "budget": 125}], "timings": [{"metric": "interactive"}]}]"#,
        r#"{"ci": {"assert": {"assertions": {"resource-summary:script:size": ["warn", {"maxNumericValue": 512000}]},
            "assertMatrix": [{"matchingUrlPattern": ".*", "assertions": {"total-byte-weight": ["error", {"maxNumericValue": 1}]}}]}}}"#,
        "ci:\n  assert:\n    assertions:\n      'resource-summary.font.size': [error, {maxNumericValue: 1000}]\n",
        r#"{"budgets": {"javascript": {"budget_kb": 500}, "css": "100 KiB", "thresholds": {"warning_percentage": 80}}}"#,
    ],
    folders: &[],
    tokens: &[
        "\"size-limit\":",
        "\"path\":",
        "\"limit\":",
        "\"maxSize\":",
        "\"files\":",
        "\"ci\":",
        "\"resourceSizes\":",
        " kB\"",
        " KiB\"",
        "1e999",
        "0.0",
        "999999999999999999",
        "../",
        "!",
        "**/",
        "*(",
        "{",
        "[",
        "\\u202e",
        "\\\"",
        "null",
    ],
}];
