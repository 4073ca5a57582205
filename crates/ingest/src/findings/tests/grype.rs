//! Grype.

use super::{lines, one_problem, problems, property, said};

pub(super) const REPORT: &str = r#"{
  "matches": [
    {"vulnerability": {"id": "GHSA-xvch-5gv4-984h", "dataSource": "https://github.com/advisories/GHSA-xvch-5gv4-984h",
       "namespace": "github:language:javascript", "severity": "Critical", "urls": [], "description": "Prototype Pollution\nmore",
       "cvss": [], "fix": {"versions": ["0.2.4"], "state": "fixed"}, "advisories": []},
     "relatedVulnerabilities": [{"id": "CVE-2021-44906", "severity": "Low"}], "matchDetails": [],
     "artifact": {"id": "1", "name": "minimist", "version": "0.0.8", "type": "npm",
       "locations": [{"path": "/apps/web/package-lock.json"}], "purl": "pkg:npm/minimist@0.0.8"}},
    {"vulnerability": {"id": "CVE-2099-1", "severity": "Unknown", "fix": {"versions": [], "state": "wont-fix"}},
     "artifact": {"name": "odd", "version": "1"}}
  ],
  "ignoredMatches": [
    {"vulnerability": {"id": "CVE-2099-2", "severity": "High", "fix": {"versions": [], "state": "unknown"}},
     "artifact": {"name": "even", "version": "2"}, "appliedIgnoreRules": [{"vulnerability": "CVE-2099-2", "reason": "not reached"}]}
  ],
  "source": {"type": "directory", "target": "."},
  "distro": {"name": "", "version": "", "idLike": null},
  "descriptor": {"name": "grype", "version": "0.74.0", "configuration": {}, "timestamp": "2024-01-10T11:04:41Z",
    "db": {"built": "2024-01-09T01:24:16Z", "schemaVersion": 5, "location": "/db", "checksum": "sha256:0", "error": null}}
}"#;

#[test]
fn matches_are_findings() {
    let (foreign, format) = said(REPORT).unwrap();
    assert_eq!((format, foreign.written, &foreign.inputs), ("Grype", Some(1_704_884_681), &None));
    assert_eq!(foreign.tools[0].version, "0.74.0");
    assert_eq!(
        lines(&foreign),
        [
            "GHSA-xvch-5gv4-984h | error critical | minimist 0.0.8: Prototype Pollution (fixed in 0.2.4)",
            "CVE-2099-1 | note none | odd 1: a known vulnerability (no fixed version)",
            "CVE-2099-2 | error high | even 2: a known vulnerability | suppressed",
        ]
    );
    assert_eq!(foreign.findings[0].location.as_ref().unwrap().to_string(), "apps/web/package-lock.json");
    assert_eq!(foreign.findings[2].suppressed.as_ref().unwrap().reason, "not reached");
    assert_eq!(property(&foreign.findings[0], "database"), "\"2024-01-09\"");
    assert_eq!(foreign.notes, ["The database of advisories is of 2024-01-09."]);
    assert!(foreign.problems.is_empty());
    let vex = REPORT.replace("\"reason\": \"not reached\"", "\"namespace\": \"vex\", \"vex-status\": \"not_affected\"");
    assert_eq!(said(&vex).unwrap().0.findings[2].suppressed.as_ref().unwrap().reason, "VEX: not_affected");
    let sub = REPORT.replace("\"target\": \".\"", "\"target\": \"./sub/\"");
    assert_eq!(said(&sub).unwrap().0.findings[0].location.as_ref().unwrap().path, "sub/apps/web/package-lock.json");
    let image = REPORT.replace("\"directory\", \"target\": \".\"", "\"image\", \"target\": {\"userInput\": \"a:1\"}");
    let (foreign, _) = said(&image).unwrap();
    assert_eq!(foreign.findings[0].location, None);
    assert_eq!(property(&foreign.findings[0], "target"), "\"/apps/web/package-lock.json\"");
}

#[test]
fn a_database_that_is_not_there_is_no_clean_bill() {
    let clean = r#"{"matches": [], "source": {"type": "directory", "target": "."}, "descriptor": {"name": "grype",
        "version": "0.92.0", "db": {"status": {"schemaVersion": "v6.0.2", "built": "2026-05-01T04:13:02Z", "valid": true}}}}"#;
    let (foreign, _) = said(clean).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
    one_problem(&clean.replace("\"built\"", "\"build\""), "no-evidence", "when its database was built");
    one_problem(&clean.replace("true", "false"), "no-evidence", "its database: it is not valid");
    one_problem(&clean.replace("\"valid\": true", "\"error\": \"checksum\""), "no-evidence", "its database: checksum");
    one_problem(&clean.replace("\"source\"", "\"from\""), "no-evidence", "what it looked at");
    let alert = r#""alertsByPackage": [{"package": {"name": "a"}, "alerts": [{"type": "distro-eol",
        "message": "Package is from end-of-life distro: debian 9"}]}], "source""#;
    one_problem(
        &clean.replace("\"source\"", alert),
        "no-evidence",
        "cannot judge 1 package: Package is from end-of-life",
    );
    let (foreign, _) = said(&clean.replace("2026-05-01T04:13:02Z", "lately")).unwrap();
    assert!(foreign.notes[0].contains("does not say in a form that is understood"));
    assert!(said(&clean.replace("\"matches\": []", "\"matches\": null")).is_err());
    assert!(problems(&foreign).is_empty());
}
