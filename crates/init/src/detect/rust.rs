//! Packages of Rust: coverage by cargo-llvm-cov, results where nextest is told to write them.

use toml::{Table, Value};

use super::files::{Files, is_plain, join};
use super::node::{inside, tops};
use super::{Found, Input, Named};

/// Where nextest is configured.
const NEXTEST: &str = ".config/nextest.toml";

/// Finds the package or workspace of Cargo.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    for folder in tops(files, "Cargo.toml") {
        project(files, &folder, found);
    }
}

fn project(files: &Files<'_>, folder: &str, found: &mut Found) {
    let Some(manifest) = files.toml(&join(folder, "Cargo.toml")) else {
        found.named.push(Named::new(join(folder, "Cargo.toml"), "is not TOML, and was not used"));
        return;
    };
    let kind = if manifest.contains_key("workspace") { "Cargo workspace" } else { "Cargo package" };
    let place = if folder.is_empty() { String::new() } else { format!(" in {folder}") };
    found.projects.push(format!("{kind}{place}"));
    let nextest = files.toml(&join(folder, NEXTEST));
    let junit = nextest.as_ref().and_then(junit);
    let mut add = |inputs: fn(&mut Found) -> &mut Vec<Input>, path: String| {
        let path = join(folder, &path);
        let there = files.lies(&path);
        inputs(found).push(Input { path, package: folder.to_owned(), there, by: "cargo llvm-cov".to_owned() });
    };
    add(|found| &mut found.coverage, "lcov.info".to_owned());
    let tools = if nextest.is_some() { "cargo-llvm-cov cargo-nextest" } else { "cargo-llvm-cov" };
    let command = match (&nextest, junit) {
        (None, _) => "cargo llvm-cov --workspace".to_owned(),
        (Some(_), None) => "cargo llvm-cov nextest --workspace".to_owned(),
        (Some(_), Some((profile, path))) => {
            add(|found| &mut found.tests, format!("target/nextest/{profile}/{path}"));
            format!("NEXTEST_PROFILE={profile} cargo llvm-cov nextest --workspace")
        }
    };
    if found.tests.iter().all(|input| input.package != folder) {
        let about = if nextest.is_some() {
            "tells nextest of no JUnit report; a profile with junit.path would have tests judged"
        } else {
            "cargo test writes no report of its tests; cargo-nextest does, with junit.path in a profile"
        };
        let path = if nextest.is_some() { NEXTEST } else { "Cargo.toml" };
        found.named.push(Named::new(join(folder, path), about));
    }
    found.script.install.push("rustup component add llvm-tools".to_owned());
    found.script.install.push(format!("cargo install --locked {tools}"));
    found.script.measure.push(inside(folder, &format!("{command} --lcov --output-path lcov.info")));
}

/// The profile that writes a JUnit report, `ci` and `default` before others, and the report's name.
fn junit(nextest: &Table) -> Option<(&str, &str)> {
    let profiles = nextest.get("profile")?.as_table()?;
    let written = profiles.iter().filter_map(|(name, profile)| {
        let path = profile.get("junit")?.get("path").and_then(Value::as_str)?;
        (is_plain(name) && is_plain(path) && !name.contains('/') && !path.contains(".."))
            .then_some((name.as_str(), path))
    });
    let all: Vec<(&str, &str)> = written.collect();
    let named = |wanted: &str| all.iter().find(|(name, _)| *name == wanted);
    named("ci").or_else(|| named("default")).or(all.first()).copied()
}
