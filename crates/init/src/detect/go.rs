//! Modules of Go: coverage and results of `go test`.

use super::files::{Files, join};
use super::node::{inside, tops};
use super::{Found, Input};

/// Finds modules of Go that have tests.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    for folder in tops(files, "go.mod") {
        let place = if folder.is_empty() { String::new() } else { format!(" in {folder}") };
        found.projects.push(format!("Go module{place}"));
        if !files.below(&folder).iter().any(|path| path.ends_with("_test.go")) {
            continue;
        }
        let command = "go test -json -coverprofile=coverage.out ./... > go-test.json";
        found.script.measure.push(inside(&folder, command));
        for (inputs, name) in [(&mut found.coverage, "coverage.out"), (&mut found.tests, "go-test.json")] {
            let path = join(&folder, name);
            let there = files.lies(&path);
            inputs.push(Input { path, package: folder.clone(), there, by: "go test".to_owned() });
        }
    }
}
