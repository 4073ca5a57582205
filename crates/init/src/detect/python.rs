//! Packages of Python: how their tests are run under coverage.

use toml::{Table, Value};

use super::files::{Files, is_plain, join, normal};
use super::node::{inside, tops};
use super::{Ask, Found, Input, Named};
use crate::limit::Limit;

/// Groups of dependencies that tests need, the best first.
const GROUPS: [&str; 5] = ["tests", "test", "testing", "dev", "ci"];

/// Finds projects with a `pyproject.toml` or a `setup.py` and what their tests write.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    let mut folders = tops(files, "pyproject.toml");
    for folder in tops(files, "setup.py") {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    for folder in folders {
        project(files, &folder, found);
    }
}

fn project(files: &Files<'_>, folder: &str, found: &mut Found) {
    let path = join(folder, "pyproject.toml");
    let settings = files.toml(&path).unwrap_or_default();
    let lies = |name: &str| files.has(&join(folder, name));
    if settings.get("project").is_none()
        && settings.get("build-system").is_none()
        && !lies("setup.py")
        && !has_tests(files, folder)
    {
        // A file of settings for linters alone.
        return;
    }
    let tool = if lies("uv.lock") {
        Tool::Uv
    } else if lies("poetry.lock") {
        Tool::Poetry
    } else {
        Tool::Pip
    };
    let place = if folder.is_empty() { String::new() } else { format!(" in {folder}") };
    found.projects.push(format!("Python project ({}){place}", tool.name()));
    fail_under(files, folder, &settings, found);
    if !has_tests(files, folder) {
        found.named.push(Named::new(path, "has no test_*.py, so that no tests are measured"));
        return;
    }
    let report = at(&settings, &["tool", "coverage", "xml", "output"]).and_then(Value::as_str);
    let report = report.filter(|path| is_plain(path)).unwrap_or("coverage.xml");
    let run = tool.run();
    for line in tool.install(files, folder, &settings) {
        found.script.install.push(inside(folder, &line));
    }
    let lines = [format!("{run}coverage run -m pytest --junitxml=junit.xml"), format!("{run}coverage xml -o {report}")];
    found.script.measure.extend(lines.iter().map(|line| inside(folder, line)));
    for (inputs, name) in [(&mut found.coverage, report), (&mut found.tests, "junit.xml")] {
        let Some(path) = normal(folder, name) else { continue };
        let there = files.lies(&path);
        inputs.push(Input { path, package: folder.to_owned(), there, by: "coverage run -m pytest".to_owned() });
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Uv,
    Poetry,
    Pip,
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Self::Uv => "uv",
            Self::Poetry => "poetry",
            Self::Pip => "pip",
        }
    }

    /// What stands before a command of the environment.
    fn run(self) -> &'static str {
        match self {
            Self::Uv => "uv run --with coverage --with pytest ",
            Self::Poetry => "poetry run ",
            Self::Pip => "python -m ",
        }
    }

    fn install(self, files: &Files<'_>, folder: &str, settings: &Table) -> Vec<String> {
        match self {
            Self::Uv => {
                let groups = at(settings, &["dependency-groups"]).and_then(Value::as_table);
                let group = GROUPS.iter().find(|group| groups.is_some_and(|groups| groups.contains_key(**group)));
                let group = group.map(|group| format!(" --group {group}")).unwrap_or_default();
                vec!["pip install uv".to_owned(), format!("uv sync --locked{group}")]
            }
            Self::Poetry => vec![
                "pip install poetry".to_owned(),
                "poetry install".to_owned(),
                "poetry run pip install coverage pytest".to_owned(),
            ],
            Self::Pip => {
                let lies = |name: &&&str| files.has(&join(folder, name));
                let names =
                    ["requirements.txt", "requirements-dev.txt", "requirements-test.txt", "dev-requirements.txt"];
                let listed = names.iter().filter(lies).map(|name| format!("pip install -r {name}"));
                let has_package = at(settings, &["project"]).is_some() || files.has(&join(folder, "setup.py"));
                let extra = at(settings, &["project", "optional-dependencies"]).and_then(Value::as_table);
                let extra = GROUPS.iter().find(|name| extra.is_some_and(|extra| extra.contains_key(**name)));
                let own = match extra {
                    Some(extra) => format!("pip install -e '.[{extra}]'"),
                    None => "pip install -e .".to_owned(),
                };
                let own = has_package.then_some(own);
                listed.chain(own).chain(["pip install coverage pytest".to_owned()]).collect()
            }
        }
    }
}

fn has_tests(files: &Files<'_>, folder: &str) -> bool {
    files.below(folder).iter().any(|path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.ends_with(".py") && (name.starts_with("test_") || name.ends_with("_test.py"))
    })
}

/// What coverage.py and pytest-cov fail under.
fn fail_under(files: &Files<'_>, folder: &str, settings: &Table, found: &mut Found) {
    let mut add = |place: String, whose: &str, limit: Option<f64>| {
        let Some(limit) = limit.filter(|limit| *limit > 0.0).and_then(Limit::percent) else { return };
        let series = "coverage.lines".to_owned();
        found.asks.push(Ask { series, limit, place, whose: whose.to_owned(), judged: true });
    };
    let number = |value: &Value| value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
    let pyproject = join(folder, "pyproject.toml");
    add(
        pyproject.clone(),
        "coverage fail_under",
        at(settings, &["tool", "coverage", "report", "fail_under"]).and_then(number),
    );
    for (name, section) in [(".coveragerc", "report"), ("setup.cfg", "coverage:report"), ("tox.ini", "coverage:report")]
    {
        let path = join(folder, name);
        let Some(text) = files.text(&path) else { continue };
        add(path, "coverage fail_under", ini(&text, section, "fail_under").and_then(|value| value.parse().ok()));
    }
    let options = at(settings, &["tool", "pytest", "ini_options", "addopts"]);
    let words: Vec<&str> = match options {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => text.split_whitespace().collect(),
        _ => Vec::new(),
    };
    let limit = words.iter().find_map(|word| word.strip_prefix("--cov-fail-under=")?.parse().ok());
    add(pyproject, "pytest --cov-fail-under", limit);
}

fn at<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

/// The value of `key` in the section `section` of an INI file.
fn ini<'a>(text: &'a str, section: &str, key: &str) -> Option<&'a str> {
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            inside = name.trim() == section;
        } else if inside
            && let Some((name, value)) = line.split_once('=')
            && name.trim() == key
        {
            return Some(value.trim());
        }
    }
    None
}
