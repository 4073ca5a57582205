//! osv-scanner.

use super::{lines, one_problem, problems, property, said};

pub(super) const REPORT: &str = r#"{"results": [{
  "source": {"path": "/w/apps/web/package-lock.json", "type": "lockfile"},
  "packages": [
    {"package": {"name": "minimist", "version": "0.0.8", "ecosystem": "npm"},
     "vulnerabilities": [
       {"id": "GHSA-xvch-5gv4-984h", "aliases": ["CVE-2021-44906"], "summary": "Prototype Pollution in minimist",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "database_specific": {"severity": "CRITICAL"},
        "affected": [{"package": {"name": "other", "ecosystem": "npm"}, "ranges": [{"events": [{"fixed": "9.9.9"}]}]},
                     {"package": {"name": "minimist", "ecosystem": "npm"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "0.2.4"}]},
                                 {"type": "GIT", "events": [{"fixed": "0123abc"}]}]}]},
       {"id": "GHSA-aaaa-bbbb-cccc", "summary": "Nobody scored it", "database_specific": {"severity": "MODERATE"}},
       {"id": "OSV-2020-1", "details": "First line.\nSecond."}],
     "groups": [{"ids": ["GHSA-xvch-5gv4-984h"], "aliases": ["CVE-2021-44906"], "max_severity": "9.8"},
                {"ids": ["GHSA-aaaa-bbbb-cccc"], "max_severity": ""},
                {"ids": ["OSV-2020-1"], "max_severity": ""}]},
    {"package": {"name": "left-pad", "version": "1.3.0", "ecosystem": "npm"}}
  ]}],
  "experimental_config": {"licenses": {"summary": false, "allowlist": null}}}"#;

#[test]
fn groups_are_findings() {
    let (foreign, format) = said(REPORT).unwrap();
    assert_eq!((format, foreign.inputs.as_ref().unwrap().count), ("osv-scanner", 2));
    assert_eq!(
        lines(&foreign),
        [
            "GHSA-xvch-5gv4-984h | error critical | minimist 0.0.8: Prototype Pollution in minimist (fixed in 0.2.4)",
            "GHSA-aaaa-bbbb-cccc | warning medium | minimist 0.0.8: Nobody scored it",
            "OSV-2020-1 | error none | minimist 0.0.8: First line.",
        ]
    );
    assert_eq!(foreign.findings[0].location.as_ref().unwrap().to_string(), "/w/apps/web/package-lock.json");
    assert_eq!(property(&foreign.findings[0], "aliases"), "[\"CVE-2021-44906\"]");
    assert_eq!(property(&foreign.findings[0], "advisory"), "\"https://osv.dev/GHSA-xvch-5gv4-984h\"");
    assert_eq!(foreign.notes, ["1 finding: the report gives no severity; shown as error, without a severity."]);
    assert!(foreign.problems.is_empty());
}

#[test]
fn vulnerabilities_outside_of_groups_and_vectors_without_scores_count() {
    let bare = REPORT.replace("\"groups\"", "\"groupings\"").replace("\"CRITICAL\"", "null");
    let (foreign, _) = said(&bare).unwrap();
    assert_eq!(foreign.findings.len(), 3);
    assert!(lines(&foreign)[0].starts_with("GHSA-xvch-5gv4-984h | error critical"), "{:?}", lines(&foreign));
    // A group that says no number: the vector of its member does.
    let unscored = REPORT.replace("\"9.8\"", "\"high\"");
    assert_eq!(property(&said(&unscored).unwrap().0.findings[0], "score"), "9.8");
}

#[test]
fn nothing_scanned_is_no_clean_bill() {
    for text in [r#"{"results": [], "experimental_config": {}}"#, r#"{"results": null}"#] {
        one_problem(text, "no-evidence", "names no source");
    }
    let source = r#"{"results": [{"source": {"path": "go.mod", "type": "lockfile"}, "packages": [
        {"package": {"name": "a", "version": "1", "ecosystem": "Go"}}]}]}"#;
    let (foreign, _) = said(source).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len(), foreign.inputs.unwrap().count), (0, 0, 1));
    let none = r#"{"results": [{"source": {"path": "go.mod", "type": "lockfile"}, "packages": []}]}"#;
    assert!(problems(&said(none).unwrap().0)[0].contains("lists no package"));
    assert!(said(r#"{"results": {}}"#).is_err());
}
