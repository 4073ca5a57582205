//! Detection on made-up repositories.

use std::fs;

use tollgate_check::TreeFile;
use tollgate_check::fixture::FolderTree;
use tollgate_input::Root;

use super::*;

/// What is found among these files, all of which git knows.
pub(crate) fn found(files: &[(&str, &str)]) -> Found {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let root = Root::new(dir.path()).unwrap();
    detect(&Committed(FolderTree::new(root.clone())), &root).unwrap()
}

/// A folder of which `tests/` is committed, reports included.
struct Committed(FolderTree);

impl Tree for Committed {
    fn files(&self) -> Result<Vec<TreeFile>, TreeError> {
        self.0.files()
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, TreeError> {
        self.0.read(path, limit)
    }

    fn contains(&self, path: &str) -> Result<bool, TreeError> {
        self.0.contains(path)
    }

    fn tracks(&self, path: &str) -> Result<bool, TreeError> {
        Ok(path.starts_with("tests/"))
    }

    fn commit(&self) -> Option<&str> {
        None
    }
}

fn paths(inputs: &[Input]) -> Vec<(&str, bool)> {
    inputs.iter().map(|input| (input.path.as_str(), input.there)).collect()
}

fn asks(found: &Found) -> Vec<String> {
    found.asks.iter().map(|ask| format!("{} {} {} {}", ask.series, ask.limit, ask.place, ask.judged)).collect()
}

fn names(found: &Found, word: &str) -> bool {
    found.named.iter().any(|named| format!("{}: {}", named.path, named.about).contains(word))
}

fn names_all(found: &Found, words: &[&str]) -> bool {
    words.iter().all(|word| names(found, word))
}

const JEST: &str =
    r#"{"name": "x", "scripts": {"test": "jest"}, "jest": {"coverageThreshold": {"global": {"lines": 70}}}}"#;

#[test]
fn jest_is_given_what_makes_it_write() {
    let found = found(&[("package.json", JEST), ("package-lock.json", "{}"), ("src/a.test.js", "")]);
    assert_eq!(found.projects, ["npm package"]);
    assert_eq!(paths(&found.coverage), [("coverage/lcov.info", false)]);
    assert_eq!(paths(&found.tests), [("test-results.json", false)]);
    assert_eq!(found.script.install, ["npm ci"]);
    assert_eq!(found.script.measure, ["npm run test -- --coverage --json --outputFile=test-results.json"]);
    assert_eq!(asks(&found), ["coverage.lines 70% package.json true"]);
}

#[test]
fn reports_that_lie_there_stand_for_those_that_will() {
    let lcov = "SF:src/a.js\nDA:1,1\nend_of_record\n";
    let junit = "<testsuites><testsuite/></testsuites>";
    let files = [
        ("package.json", JEST),
        ("coverage/coverage-final.json", "{}"),
        ("packages/other/coverage/lcov.info", lcov),
        ("reports/junit.xml", junit),
        ("tests/data/coverage/lcov.info", lcov),
    ];
    let found = found(&files);
    let lying = [("coverage/coverage-final.json", true), ("packages/other/coverage/lcov.info", true)];
    assert_eq!(paths(&found.coverage), lying);
    assert_eq!(paths(&found.tests), [("reports/junit.xml", true)]);
    assert!(names(&found, "tests/data/coverage/lcov.info: is committed among test data"));
}

#[test]
fn a_configuration_says_where_and_what_is_written() {
    let config = "export default { coverageDirectory: '<rootDir>/out/cov', coverageReporters: ['text', 'cobertura'] }";
    let one =
        found(&[("package.json", r#"{"scripts": {"test:cov": "jest --coverage"}}"#), ("jest.config.mjs", config)]);
    assert_eq!(paths(&one.coverage), [("out/cov/cobertura-coverage.xml", false)]);
    let text = "module.exports = { coverageReporters: ['text'] }";
    let files =
        [("package.json", r#"{"scripts": {"test:cov": "jest --coverage && echo done"}}"#), ("jest.config.js", text)];
    let none = found(&files);
    // It is more than one command, so nothing can be added that would make it write.
    assert_eq!((none.coverage.len(), none.tests.len()), (0, 0));
    let outside = "module.exports = { coverageDirectory: '../../out' }";
    let two = found(&[("package.json", r#"{"scripts": {"test": "jest"}}"#), ("jest.config.js", outside)]);
    assert_eq!(paths(&two.coverage), [("coverage/lcov.info", false)]);
}

#[test]
fn vitest_needs_a_provider() {
    let config =
        "export default { test: { coverage: { reportsDirectory: 'cov', thresholds: { lines: 90, branches: 85.5 } } } }";
    let with = r#"{"scripts": {"test": "vitest run"}, "devDependencies": {"@vitest/coverage-v8": "1"}}"#;
    let found_with = found(&[("package.json", with), ("vitest.config.ts", config), ("bun.lock", "")]);
    assert_eq!(paths(&found_with.coverage), [("cov/coverage-final.json", false)]);
    assert_eq!(
        asks(&found_with),
        ["coverage.lines 90% vitest.config.ts true", "coverage.branches 85.5% vitest.config.ts true"]
    );
    assert!(found_with.script.measure[0].starts_with("bun run test --coverage --reporter=default"));
    let without = found(&[("package.json", r#"{"scripts": {"test": "vitest run"}}"#)]);
    assert!(without.coverage.is_empty() && names(&without, "install @vitest/coverage-v8"));
    assert_eq!(paths(&without.tests), [("test-results.json", false)]);
}

#[test]
fn nyc_writes_in_a_second_step() {
    let manifest = r#"{"scripts": {"test": "nyc mocha"}, "nyc": {"check-coverage": true, "lines": 85}}"#;
    let found = found(&[("package.json", manifest), ("yarn.lock", "")]);
    assert_eq!(found.script.measure, ["yarn run test", "npx nyc report --reporter=lcov"]);
    assert_eq!(paths(&found.coverage), [("coverage/lcov.info", false)]);
    assert_eq!(asks(&found), ["coverage.lines 85% package.json true"]);
}

#[test]
fn members_of_a_workspace_are_measured_one_by_one() {
    let files = [
        (
            "package.json",
            r#"{"packageManager": "pnpm@9.0.0", "scripts": {"test": "turbo run test", "build": "turbo build"}}"#,
        ),
        ("pnpm-workspace.yaml", "packages:\n  - apps/*\n  - '!apps/old'\n"),
        ("apps/api/package.json", JEST),
        ("apps/api/src/a.spec.ts", ""),
        ("apps/web/package.json", r#"{"scripts": {"build": "next build", "test": "jest --passWithNoTests"}}"#),
        ("apps/old/package.json", JEST),
        ("apps/old/a.test.js", ""),
        ("examples/x/package.json", JEST),
        (
            "performance-budget.json",
            r#"{"b": {"javascript": {"budget_kb": 300}, "total_initial_load": {"budget_kb": 700}}}"#,
        ),
    ];
    let found = found(&files);
    assert_eq!(found.projects, ["pnpm workspace, 2 packages"]);
    assert_eq!(paths(&found.coverage), [("apps/api/coverage/lcov.info", false)]);
    assert_eq!(paths(&found.builds), [("apps/web/.next/static", false)]);
    assert_eq!(
        found.script.measure,
        ["pnpm run build", "(cd apps/api && pnpm run test --coverage --json --outputFile=test-results.json)"]
    );
    assert!(names(&found, "apps/web/package.json: script `test` runs tests, and no test file is there"));
    let budgets: Vec<String> = asks(&found).into_iter().filter(|ask| ask.contains("bundle")).collect();
    assert_eq!(
        budgets,
        [
            "bundle.size{type=\"js\"} 300 KB performance-budget.json false",
            "bundle.total 700 KB performance-budget.json false"
        ]
    );
}

#[test]
fn of_very_many_packages_some_are_left_to_people() {
    let manifest = r#"{"scripts": {"test": "jest", "build": "vite build"}}"#;
    let names: Vec<String> =
        (0..210).flat_map(|at| [format!("p/{at}/package.json"), format!("p/{at}/a.test.js")]).collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), manifest)).collect();
    files.push(("package.json", r#"{"workspaces": ["p/*"]}"#));
    let found = found(&files);
    assert_eq!((found.coverage.len(), found.builds.len()), (30, 10));
    assert!(names_all(
        &found,
        &["10 more packages were not looked at", "170 more packages run tests and are not measured"]
    ));
}

#[test]
fn builds_for_programs_are_no_bundles() {
    let files = [
        ("package.json", r#"{"private": true, "scripts": {"build": "nest build"}}"#),
        ("dist/main.js", ""),
        ("apps/site/package.json", r#"{"private": true, "scripts": {"build": "node build.mjs"}}"#),
        ("apps/site/dist/index.html", ""),
        ("apps/lib/package.json", r#"{"exports": "./dist/index.js", "scripts": {"build": "node build.mjs"}}"#),
        ("apps/lib/dist/index.js", ""),
    ];
    let found = found(&files);
    assert_eq!(paths(&found.builds), [("apps/site/dist", true)]);
    assert!(
        names(&found, "dist: is what `nest build` makes") && names(&found, "apps/lib/dist: is the output of a library")
    );
}

#[test]
fn what_builders_are_told_is_read() {
    for (script, config, text, expected) in [
        ("next build", "next.config.js", "module.exports = { output: 'export' }", Some("out")),
        ("next build", "next.config.mjs", "export default { distDir: 'b' }", Some("b/static")),
        ("tsc && vite build", "vite.config.ts", "export default { build: { outDir: 'www' } }", Some("www")),
        ("vite build", "vite.config.ts", "export default { build: { lib: { entry: 'x' } } }", None),
        ("vite build", "vite.config.js", "export default { build: { outDir: '../x' } }", None),
        ("astro build", "astro.config.mjs", "", Some("dist")),
        ("rollup -c", "rollup.config.js", "", None),
    ] {
        let manifest = format!(r#"{{"scripts": {{"build": "{script}"}}}}"#);
        let found = found(&[("package.json", &manifest), (config, text)]);
        let folder = found.builds.first().map(|build| build.path.as_str());
        assert_eq!(folder, expected, "{script} {text}");
    }
}

#[test]
fn cargo_python_and_go_have_their_ways() {
    let nextest = "[profile.ci.junit]\npath = \"junit.xml\"\n";
    let rust = found(&[("Cargo.toml", "[workspace]\n"), (".config/nextest.toml", nextest)]);
    assert_eq!(rust.projects, ["Cargo workspace"]);
    assert_eq!(paths(&rust.coverage), [("lcov.info", false)]);
    assert_eq!(paths(&rust.tests), [("target/nextest/ci/junit.xml", false)]);
    assert!(rust.script.measure[0].starts_with("NEXTEST_PROFILE=ci cargo llvm-cov nextest --workspace"));
    let plain = found(&[("Cargo.toml", "[package]\nname = \"x\"\n")]);
    assert!(plain.tests.is_empty() && names(&plain, "cargo test writes no report of its tests"));

    let settings = "[project]\nname = \"x\"\n[dependency-groups]\ntests = []\n[tool.coverage.report]\nfail_under = 92.5\n\
                    [tool.coverage.xml]\noutput = \"out/cov.xml\"\n";
    let python = found(&[("pyproject.toml", settings), ("uv.lock", ""), ("tests/test_a.py", "")]);
    assert_eq!(python.projects, ["Python project (uv)"]);
    assert_eq!(paths(&python.coverage), [("out/cov.xml", false)]);
    assert_eq!(paths(&python.tests), [("junit.xml", false)]);
    assert_eq!(asks(&python), ["coverage.lines 92.5% pyproject.toml true"]);
    assert_eq!(python.script.install, ["pip install uv", "uv sync --locked --group tests"]);
    let cfg = "[coverage:report]\nfail_under = 60\n";
    let old = found(&[("setup.py", ""), ("setup.cfg", cfg), ("requirements.txt", ""), ("x/a_test.py", "")]);
    assert_eq!(asks(&old), ["coverage.lines 60% setup.cfg true"]);
    assert_eq!(
        old.script.install,
        ["pip install -r requirements.txt", "pip install -e .", "pip install coverage pytest"]
    );

    let go = found(&[("go.mod", "module x\n"), ("a_test.go", "")]);
    assert_eq!(paths(&go.coverage), [("coverage.out", false)]);
    assert_eq!(paths(&go.tests), [("go-test.json", false)]);
}

#[test]
fn codecov_and_size_limit_are_taken_over() {
    let codecov = "coverage:\n  status:\n    project:\n      default:\n        target: 75%\n        informational: true\n      \
                   api:\n        target: 90%\n    patch:\n      default:\n        target: auto\n";
    let manifest = r#"{"scripts": {"build": "vite build"}, "size-limit": [
        {"path": "dist/app.js", "limit": "10 kB", "gzip": true},
        {"path": "dist/app.css", "limit": "1 KiB", "brotli": false},
        {"path": "dist/*.js", "limit": "9 kB", "gzip": true},
        {"path": "dist/app.js", "limit": "8 kB"},
        {"path": "dist/app.js", "limit": "1 s"}]}"#;
    let found = found(&[("codecov.yml", codecov), ("package.json", manifest)]);
    assert_eq!(
        asks(&found),
        [
            "coverage.lines 75% codecov.yml false",
            "bundle.gzip{path=\"app.js\"} 10 KB package.json true",
            "bundle.raw{path=\"app.css\"} 1 KiB package.json true",
            "bundle.brotli{path=\"app.js\"} 8 KB package.json true"
        ]
    );
    for word in [
        "codecov project api asks 90%",
        "codecov patch default compares with the base",
        "size-limit asks 9 KB of dist/*.js, which is no one file of a build",
        "`dist/app.js` has the limit \"1 s\", which is a time",
    ] {
        assert!(names(&found, word), "{word}: {:?}", found.named);
    }
}

#[test]
fn bundlewatch_and_bundlesize_are_taken_over() {
    let manifest =
        r#"{"scripts": {"build": "vite build"}, "bundlesize": [{"path": "./dist/app.js", "maxSize": "10 kB"}]}"#;
    let watch = r#"{"files": [{"path": "dist/*.css", "maxSize": "1 kB"}]}"#;
    let found = found(&[("package.json", manifest), ("bundlewatch.config.json", watch), (".size-limit.js", "")]);
    assert_eq!(asks(&found), ["bundle.gzip{path=\"app.js\"} 10 KiB package.json true"]);
    for word in ["bundlewatch asks 1 KiB of dist/*.css, which is no one file", ".size-limit.js: is a program"] {
        assert!(names(&found, word), "{word}: {:?}", found.named);
    }
}

#[test]
fn what_no_checker_uses_is_named() {
    let files = [
        ("docs/openapi.yaml", "openapi: 3.1.0\n"),
        ("swagger-ui.config.json", "{}"),
        (".gitleaks.toml", ""),
        ("lighthouserc.json", "{}"),
        ("budget.json", r#"[{"resourceSizes": [{"resourceType": "script", "budget": 125}]}]"#),
    ];
    let found = found(&files);
    assert!(names(
        &found,
        "docs/openapi.yaml: is an OpenAPI document; `tollgate latency import docs/openapi.yaml` prints"
    ));
    assert!(names(&found, ".gitleaks.toml: is read by secrets") && names(&found, "lighthouserc.json"));
    assert!(!names(&found, "swagger-ui.config.json"));
    assert_eq!(asks(&found), ["bundle.size{type=\"js\"} 128 KB budget.json false"]);
}

#[test]
fn names_with_a_meaning_reach_no_script() {
    let files = [
        (
            "package.json",
            r#"{"workspaces": ["packages/*"], "scripts": {"x; rm -rf /": "jest", "build": "vite build --outDir '$(x)'"}}"#,
        ),
        ("packages/a b/package.json", JEST),
        ("packages/a b/a.test.js", ""),
        ("packages/${{ github.token }}/package.json", JEST),
        ("packages/ok/package.json", r#"{"scripts": {"test": "jest"}}"#),
        ("packages/ok/a.test.js", ""),
        ("packages/ok/jest.config.js", "module.exports = { coverageDirectory: 'a$(touch x)' }"),
    ];
    let found = found(&files);
    assert!(names(&found, "packages/a b: its name has characters that do not belong in a script"));
    let script = [found.script.install, found.script.measure].concat().join("\n");
    assert!(script.contains("(cd packages/ok && npm run test"), "{script}");
    assert!(!script.contains(['$', '`', ';', '{']) && !script.contains("a b"), "{script}");
    assert!(found.coverage.is_empty());
}

#[test]
fn broken_files_are_named_and_passed_over() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let files =
        [("package.json", deep.as_str()), ("Cargo.toml", "[["), ("codecov.yml", "a: [\n"), ("budget.json", "{")];
    let found = found(&files);
    for word in
        ["package.json: is not JSON", "Cargo.toml: is not TOML", "codecov.yml: is no YAML", "budget.json: is not JSON"]
    {
        assert!(names(&found, word), "{word}: {:?}", found.named);
    }
    assert!(found.script.measure.is_empty());
}
