//! Runs the cases of `fixtures/coverage/`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tollgate_check::fixture;
use tollgate_coverage::{Coverage, FORMATS};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage")
}

#[test]
fn every_case_gives_the_report_it_should() {
    let cases = fixture::run(&Coverage, &folder()).unwrap_or_else(|message| panic!("{message}"));
    assert!(cases >= 60, "only {cases} cases were found");
}

/// The cases `format-*` tell of one and the same run: of the lines 2, 3, 4, 5 and 7 all but 5 were hit, one of the two
/// branches of line 4 was taken, and the lines 4 to 6 are new. Formats that tell more or less are listed with why.
#[test]
fn every_format_tells_the_same_of_the_same_run() {
    let told = |metrics: &Value, name: &str| -> Option<(u64, u64)> {
        let ours = |m: &&Value| m["name"] == name && m["labels"] == serde_json::json!({});
        let metric = metrics.as_array()?.iter().find(ours)?;
        Some((metric["numerator"].as_u64()?, metric["denominator"].as_u64()?))
    };
    let mut formats = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let case = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(format) = case.strip_prefix("format-") else { continue };
        let text = fs::read_to_string(path.join("expected.json")).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap();
        let metrics = &report["metrics"];
        let lines = match format {
            // The line of the method counts too.
            "clover-atlassian" => (5, 6),
            // Blocks and regions cover the line of a closing bracket: 6.
            "go" => (4, 6),
            "llvm" => (5, 6),
            _ => (4, 5),
        };
        assert_eq!(told(metrics, "coverage.lines"), Some(lines), "{case}");
        let patch = match format {
            "go" => Some((1, 3)),
            "llvm" => Some((2, 3)),
            // Of the three new lines nothing is known: 0 to all of them.
            "gcovr-summary" | "istanbul-summary" | "jacoco-totals" => Some((0, 3)),
            _ => Some((1, 2)),
        };
        assert_eq!(told(metrics, "coverage.patch"), patch, "{case}");
        let branches = match format {
            "dotcover" | "go" | "llvm" | "visual-studio" => None,
            // A share of a line that has no branches is one branch there.
            "codecov" => Some((4, 6)),
            _ => Some((1, 2)),
        };
        assert_eq!(told(metrics, "coverage.branches"), branches, "{case}");
        let rows = report["exhibits"].as_array().unwrap().iter().find(|e| e["id"] == "reports").unwrap();
        let name = rows["data"]["rows"][0][1]["text"].as_str().unwrap().to_owned();
        formats.push(name.trim_end_matches(", totals alone").to_owned());
    }
    for format in FORMATS.iter().filter(|format| format.name != "LCOV") {
        assert!(formats.iter().any(|name| name == format.name), "no case format-* is {}", format.name);
    }
}
