//! Trivy.

use super::{lines, one_problem, problems, property, said};

/// What Trivy shows of a secret.
const SHOWN: &str = concat!("AKIA", "IOSFODNN7EXAMPLE");

pub(super) fn report() -> String {
    r#"{"SchemaVersion": 2, "CreatedAt": "2024-01-10T11:04:41.000000005Z", "ArtifactName": ".",
  "ArtifactType": "repository", "Metadata": {}, "Results": [
  {"Target": "apps/web/package-lock.json", "Class": "lang-pkgs", "Type": "npm",
   "Vulnerabilities": [
     {"VulnerabilityID": "CVE-2021-44906", "PkgID": "minimist@0.0.8", "PkgName": "minimist", "InstalledVersion": "0.0.8",
      "FixedVersion": "1.2.6, 0.2.4", "Status": "fixed", "PrimaryURL": "https://avd.aquasec.com/nvd/cve-2021-44906",
      "Title": "minimist: prototype pollution", "Description": "long", "Severity": "CRITICAL",
      "CVSS": {"ghsa": {"V3Score": 9.8}, "nvd": {"V2Score": 7.5, "V3Score": 9.8}}},
     {"VulnerabilityID": "CVE-2099-1", "PkgName": "odd", "InstalledVersion": "1", "Status": "will_not_fix",
      "Severity": "DIRE"}]},
  {"Target": "Dockerfile", "Class": "config", "Type": "dockerfile", "MisconfSummary": {"Successes": 1, "Failures": 1},
   "Misconfigurations": [
     {"Type": "Dockerfile Security Check", "ID": "DS002", "AVDID": "AVD-DS-0002", "Title": "Image user should not be root",
      "Message": "Specify at least 1 USER command", "Resolution": "Add USER", "Severity": "HIGH", "Status": "FAIL",
      "PrimaryURL": "https://avd.aquasec.com/misconfig/ds002", "CauseMetadata": {"StartLine": 3, "EndLine": 4}},
     {"ID": "DS001", "Title": "Tagged image", "Severity": "MEDIUM", "Status": "PASS"}]},
  {"Target": "deploy/.env", "Class": "secret", "Secrets": [
     {"RuleID": "aws-access-key-id", "Category": "AWS", "Severity": "CRITICAL", "Title": "AWS Access Key ID",
      "StartLine": 7, "EndLine": 7, "Match": "KEY=SHOWN", "Code": {"Lines": [{"Number": 7, "Content": "KEY=SHOWN"}]}}]},
  {"Target": "Loose File License(s)", "Class": "license-file", "Licenses": [
     {"Severity": "LOW", "Category": "notice", "PkgName": "", "FilePath": "LICENSE", "Name": "MIT", "Confidence": 1,
      "Link": "https://spdx.org/licenses/MIT.html"}]}
  ]}"#
    .replace("SHOWN", SHOWN)
}

#[test]
fn all_kinds_are_findings() {
    let (foreign, format) = said(&report()).unwrap();
    assert_eq!((format, foreign.written), ("Trivy", Some(1_704_884_681)));
    assert_eq!(foreign.inputs.as_ref().map(|inputs| (inputs.count, inputs.noun.as_str())), Some((4, "target")));
    assert_eq!(
        lines(&foreign),
        [
            "CVE-2021-44906 | error critical | minimist 0.0.8: minimist: prototype pollution (fixed in 1.2.6, 0.2.4)",
            "CVE-2099-1 | error none | odd 1: a known vulnerability (no fixed version)",
            "DS002 | error high | Image user should not be root: Specify at least 1 USER command",
            "aws-access-key-id | error critical | a secret: AWS Access Key ID",
            "licence-MIT | note low | the licence MIT (notice)",
        ]
    );
    let places: Vec<String> = foreign.findings.iter().map(|f| f.location.as_ref().unwrap().to_string()).collect();
    let lock = "apps/web/package-lock.json";
    assert_eq!(places, [lock, lock, "Dockerfile:3-4", "deploy/.env:7", "LICENSE"]);
    assert_eq!(property(&foreign.findings[0], "score"), "9.8");
    assert!(!format!("{foreign:?}").contains(SHOWN), "the secret is kept");
    assert_eq!(
        foreign.notes,
        [
            "The text of 1 secret was dropped.",
            "1 finding: the severity `DIRE` is not known; shown as error, without a severity.",
        ]
    );
    assert!(foreign.problems.is_empty(), "{:?}", foreign.problems);
}

#[test]
fn places_within_an_image_are_none_of_the_repository() {
    let image = report().replace("\"repository\"", "\"container_image\"");
    let (foreign, _) = said(&image).unwrap();
    assert!(foreign.findings.iter().all(|finding| finding.location.is_none()));
    assert_eq!(property(&foreign.findings[3], "target"), "\"deploy/.env\"");
    let system = report().replace("\"lang-pkgs\"", "\"os-pkgs\"");
    let (foreign, _) = said(&system).unwrap();
    assert!(foreign.findings[0].location.is_none() && foreign.findings[2].location.is_some());
}

#[test]
fn no_target_is_no_clean_bill() {
    for results in ["", ", \"Results\": []", ", \"Results\": null"] {
        let text = format!(r#"{{"SchemaVersion": 2, "ArtifactName": ".", "ArtifactType": "filesystem"{results}}}"#);
        one_problem(&text, "no-evidence", "names no target");
    }
    let clean = r#"{"SchemaVersion": 2, "ArtifactName": ".", "Results": [
        {"Target": "go.mod", "Class": "lang-pkgs", "Type": "gomod", "Packages": [{"Name": "a"}, {"Name": "b"}]}]}"#;
    let (foreign, _) = said(clean).unwrap();
    assert_eq!((foreign.problems.len(), foreign.inputs.unwrap().count), (0, 2));
    one_problem(&clean.replace("2,", "1,"), "unreadable", "report is 1; only schema 2");
}

#[test]
fn a_status_that_is_not_known_counts_and_numbers_are_compared() {
    let (foreign, _) = said(&report().replace("\"PASS\"", "null")).unwrap();
    assert_eq!(foreign.findings.len(), 6);
    let expected = "unreadable: The report declares 1 in `MisconfSummary.Failures of Dockerfile` and lists 2";
    assert!(problems(&foreign)[0].starts_with(expected), "{:?}", problems(&foreign));
    let hidden = report().replace("\"Class\": \"secret\",", "\"ExperimentalModifiedFindings\": [{}, {}],");
    assert!(said(&hidden).unwrap().0.notes.contains(&"Trivy was told to leave out 2 findings.".to_owned()));
}
