//! What the test scripts of a package write, and with which arguments.

use tollgate_model::format;

use super::files::{Files, is_plain, join, normal};
use super::literal::{Literal, value_of};
use super::node::{Package, inside};
use super::{Found, Input, Named, thresholds};

/// Where a run leaves its results, in the package.
const RESULTS: &str = "test-results.json";

/// Names of scripts that run tests, the best first.
const SCRIPTS: [&str; 9] =
    ["test:coverage", "coverage", "test:cov", "cov", "test:ci", "test:unit", "unit", "test:run", "test"];

/// What runs tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runner {
    Jest,
    Vitest,
}

/// A script that runs tests, and how it may be called.
struct Way<'a> {
    script: &'a str,
    text: &'a str,
    runner: Option<Runner>,
    /// `c8` or `nyc`.
    wrapper: Option<&'static str>,
}

/// Adds what the tests of the root, or else of its members, write.
pub(super) fn detect(files: &Files<'_>, root: &Package, members: &[Package], found: &mut Found) {
    if way(root).is_some() {
        return package(files, root, root, found);
    }
    thresholds::of_package(files, root, "", found);
    let mut measured = 0;
    for member in members {
        if has_tests(files, &member.folder) {
            measured += usize::from(way(member).is_some());
            if measured <= MOST {
                package(files, root, member, found);
            }
        } else if let Some(way) = way(member) {
            let about = format!("script `{}` runs tests, and no test file is there; left out", way.script);
            found.named.push(Named::new(member.path(), about));
        }
    }
    if let Some(more) = measured.checked_sub(MOST).filter(|more| *more > 0) {
        let about =
            format!("{} run tests and are not measured: add them by hand", format::things(more as u64, "more package"));
        found.named.insert(0, Named::new(root.path(), about));
    }
}

/// How many packages a script measures.
const MOST: usize = 30;

/// Whether the package has a file that looks like a test.
fn has_tests(files: &Files<'_>, folder: &str) -> bool {
    files.below(folder).iter().any(|path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let script =
            [".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts"].iter().any(|end| name.ends_with(end));
        script
            && (name.contains(".test.")
                || name.contains(".spec.")
                || path.contains("__tests__/")
                || path.contains("test/"))
    })
}

/// The best script that runs tests: one that measures coverage before one that does not.
fn way(package: &Package) -> Option<Way<'_>> {
    let ways: Vec<Way<'_>> = SCRIPTS.iter().filter_map(|name| read(name, package.script(name)?)).collect();
    let best = ways.iter().position(|way| way.text.contains("--coverage") || way.wrapper.is_some()).unwrap_or(0);
    ways.into_iter().nth(best)
}

fn read<'a>(script: &'a str, text: &'a str) -> Option<Way<'a>> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || "&;|".contains(c)).collect();
    let has = |word: &str| words.iter().any(|w| *w == word || w.ends_with(&format!("/{word}")));
    let runner = if has("jest") || text.contains("/jest.js") {
        Some(Runner::Jest)
    } else if has("vitest") {
        Some(Runner::Vitest)
    } else {
        None
    };
    let wrapper = ["c8", "nyc"].into_iter().find(|name| has(name));
    let watches = has("--watch") || words.contains(&"watch");
    (!watches && !has("echo") && (runner.is_some() || wrapper.is_some())).then_some(Way {
        script,
        text,
        runner,
        wrapper,
    })
}

/// Whether more arguments reach the runner: the script is one command.
fn takes_arguments(way: &Way<'_>) -> bool {
    !way.text.contains(['&', '|', ';', '>', '<', '`', '(', '\n'])
}

fn package(files: &Files<'_>, root: &Package, package: &Package, found: &mut Found) {
    let Some(way) = way(package) else { return };
    thresholds::of_package(files, package, way.text, found);
    let open = takes_arguments(&way);
    match (way.runner, way.wrapper) {
        (_, Some(wrapper)) => wrapped(files, package, &way, wrapper, found),
        (Some(runner), None) => direct(files, root, package, &way, runner, open, found),
        (None, None) => {}
    }
}

/// `c8 …` and `nyc …`: a second command writes the report that is wanted, from what the first left.
fn wrapped(files: &Files<'_>, package: &Package, way: &Way<'_>, wrapper: &str, found: &mut Found) {
    let folder = &package.folder;
    found.script.measure.push(package.manager.run(folder, way.script, ""));
    found.script.measure.push(inside(folder, &format!("npx {wrapper} report --reporter=lcov")));
    let directory =
        configured(files, package, &[".nycrc", ".nycrc.json", ".c8rc.json", ".c8rc"], &["report-dir", "reports-dir"]);
    let directory = directory.unwrap_or_else(|| join(folder, "coverage"));
    add(files, &mut found.coverage, folder, join(&directory, "lcov.info"), wrapper);
}

fn direct(
    files: &Files<'_>,
    root: &Package,
    package: &Package,
    way: &Way<'_>,
    runner: Runner,
    open: bool,
    found: &mut Found,
) {
    let folder = &package.folder;
    let covers = way.text.contains("--coverage");
    let mut more = Vec::new();
    let mut report = None;
    match runner {
        Runner::Jest => {
            let config = jest(files, package);
            let (name, flag) = report_of(config.reporters.as_deref(), "--coverageReporters=lcov");
            if (covers && flag.is_none()) || open {
                more.extend((!covers).then_some("--coverage"));
                more.extend(flag);
                report = Some(join(&config.directory, name));
            }
            more.extend(["--json", "--outputFile=test-results.json"]);
        }
        Runner::Vitest => {
            let provider = ["@vitest/coverage-v8", "@vitest/coverage-istanbul"];
            let has = |name: &str| package.depends_on(name) || root.depends_on(name);
            let text = config_text(files, package, &VITEST);
            let reporters = text.as_deref().and_then(|text| value_of(text, "coverage")?.get("reporter").cloned());
            let directory = text.as_deref().and_then(|text| value_of(text, "reportsDirectory"));
            let directory = directory.as_ref().and_then(Literal::text).and_then(|path| normal(folder, path));
            let reporters: Option<Vec<String>> =
                reporters.map(|list| list.texts().into_iter().map(str::to_owned).collect());
            let (name, flag) = match &reporters {
                // What it writes by default.
                None => ("coverage-final.json", None),
                some => report_of(some.as_deref(), "--coverage.reporter=lcov"),
            };
            if !provider.iter().any(|name| has(name)) {
                let about = "vitest has no provider of coverage; install @vitest/coverage-v8 to have it measured";
                found.named.push(Named::new(package.path(), about));
            } else if (covers && flag.is_none()) || open {
                more.extend((!covers).then_some("--coverage"));
                more.extend(flag);
                report = Some(join(&directory.unwrap_or_else(|| join(folder, "coverage")), name));
            }
            more.extend(["--reporter=default", "--reporter=json", "--outputFile=test-results.json"]);
        }
    }
    let more = if open { more.join(" ") } else { String::new() };
    found.script.measure.push(package.manager.run(folder, way.script, &more));
    let by = format!("script {}", way.script);
    if let Some(path) = report.filter(|path| is_plain(path)) {
        add(files, &mut found.coverage, folder, path, &by);
    }
    if open {
        add(files, &mut found.tests, folder, join(folder, RESULTS), &by);
    }
}

fn add(files: &Files<'_>, inputs: &mut Vec<Input>, package: &str, path: String, by: &str) {
    let there = files.lies(&path);
    inputs.push(Input { path, package: package.to_owned(), there, by: by.to_owned() });
}

/// The report that `reporters` write, and the flag that makes one where they write none.
fn report_of<'a>(reporters: Option<&[String]>, flag: &'a str) -> (&'static str, Option<&'a str>) {
    let Some(reporters) = reporters else { return ("lcov.info", None) };
    let known = [
        ("lcov", "lcov.info"),
        ("lcovonly", "lcov.info"),
        ("json", "coverage-final.json"),
        ("cobertura", "cobertura-coverage.xml"),
        ("clover", "clover.xml"),
    ];
    let found = known.iter().find(|(reporter, _)| reporters.iter().any(|name| name == reporter));
    found.map_or(("lcov.info", Some(flag)), |(_, file)| (file, None))
}

/// What Jest's configuration says.
struct Jest {
    directory: String,
    reporters: Option<Vec<String>>,
}

const JEST: [&str; 6] =
    ["jest.config.js", "jest.config.cjs", "jest.config.mjs", "jest.config.ts", "jest.config.json", "jest.config.mts"];
const VITEST: [&str; 8] = [
    "vitest.config.ts",
    "vitest.config.mts",
    "vitest.config.js",
    "vitest.config.mjs",
    "vite.config.ts",
    "vite.config.mts",
    "vite.config.js",
    "vite.config.mjs",
];

fn jest(files: &Files<'_>, package: &Package) -> Jest {
    let text = jest_text(files, package).map(|(_, text)| text).unwrap_or_default();
    let path = |key: &str| value_of(&text, key).and_then(|value| value.text().map(str::to_owned));
    let clean = |path: &str| path.trim_start_matches("<rootDir>/").to_owned();
    let base = path("rootDir").and_then(|dir| normal(&package.folder, &dir)).unwrap_or_else(|| package.folder.clone());
    let directory = path("coverageDirectory").unwrap_or_else(|| "coverage".to_owned());
    let directory = normal(&base, &clean(&directory)).unwrap_or_else(|| join(&package.folder, "coverage"));
    let list = value_of(&text, "coverageReporters");
    let reporters = list.map(|list| list.texts().into_iter().map(str::to_owned).collect());
    Jest { directory, reporters }
}

/// Where Jest's configuration of a package stands, and its text: a file, else the key `jest` of the manifest.
pub(super) fn jest_text(files: &Files<'_>, package: &Package) -> Option<(String, String)> {
    if let Some(path) = files.first(&package.folder, &JEST) {
        return files.text(&path).map(|text| (path, text));
    }
    let own = package.manifest.get("jest")?;
    Some((package.path(), own.to_string()))
}

/// Where Vitest's configuration of a package stands, and its text.
pub(super) fn vitest_text(files: &Files<'_>, package: &Package) -> Option<(String, String)> {
    let path = files.first(&package.folder, &VITEST)?;
    files.text(&path).map(|text| (path, text))
}

fn config_text(files: &Files<'_>, package: &Package, names: &[&str]) -> Option<String> {
    files.text(&files.first(&package.folder, names)?)
}

/// A folder that one of the files `names` gives under one of `keys`.
fn configured(files: &Files<'_>, package: &Package, names: &[&str], keys: &[&str]) -> Option<String> {
    let json = files.json(&files.first(&package.folder, names)?)?;
    let path = keys.iter().find_map(|key| json.get(key)?.as_str())?;
    normal(&package.folder, path).filter(|path| is_plain(path))
}
