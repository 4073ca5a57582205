//! pip-audit.

use super::{lines, one_problem, problems, property, said};

pub(super) const REPORT: &str = r###"{"dependencies": [
  {"name": "django", "version": "2.2.0", "vulns": [
    {"id": "PYSEC-2019-16", "fix_versions": ["2.1.9", "2.2.2"], "aliases": ["CVE-2019-12308"],
     "description": "## Summary\nAn issue was discovered in Django."},
    {"id": "GHSA-2hrw-hx67-34x6", "fix_versions": [], "aliases": [], "description": ""}]},
  {"name": "flask", "version": "3.0.0", "vulns": []}], "fixes": []}"###;

#[test]
fn packages_and_their_advisories() {
    let (foreign, format) = said(REPORT).unwrap();
    assert_eq!((format, foreign.inputs.as_ref().unwrap().count), ("pip-audit", 2));
    let expected = [
        "PYSEC-2019-16 | error none | django 2.2.0: Summary (fixed in 2.1.9, 2.2.2)",
        "GHSA-2hrw-hx67-34x6 | error none | django 2.2.0: a known vulnerability (no fixed version)",
    ];
    assert_eq!(lines(&foreign), expected);
    assert_eq!(property(&foreign.findings[0], "aliases"), "[\"CVE-2019-12308\"]");
    assert_eq!(property(&foreign.findings[0], "advisory"), "\"https://osv.dev/vulnerability/PYSEC-2019-16\"");
    assert!(foreign.problems.is_empty());
    // The list as version 1 wrote it.
    let start = REPORT.find('[').unwrap();
    let end = REPORT.rfind(", \"fixes\"").unwrap();
    assert_eq!(lines(&said(&REPORT[start..end]).unwrap().0), expected);
}

#[test]
fn what_was_skipped_is_not_clean() {
    let skipped = r#"{"dependencies": [{"name": "django", "skip_reason": "Dependency not found on PyPI: django (2.2.0)"},
        {"name": "flask", "version": "3.0.0", "vulns": []}], "fixes": []}"#;
    let (foreign, _) = said(skipped).unwrap();
    assert_eq!(foreign.inputs.as_ref().unwrap().count, 1);
    assert_eq!(
        problems(&foreign),
        ["no-evidence: pip-audit did not audit django: Dependency not found on PyPI: django (2.2.0)."]
    );
    let clean = r#"{"dependencies": [{"name": "flask", "version": "3.0.0", "vulns": []}]}"#;
    assert!(said(clean).unwrap().0.problems.is_empty());
    one_problem(r#"{"dependencies": []}"#, "no-evidence", "looked at no package");
    one_problem(r#"{"fixes": []}"#, "no-evidence", "no `dependencies`");
    let (foreign, _) = said(r#"{"dependencies": [{"name": "flask", "version": "3.0.0"}]}"#).unwrap();
    assert!(problems(&foreign)[0].contains("did not audit flask: the report lists no result"));
    let all: Vec<String> = (0..300).map(|i| format!("{{\"name\": \"p{i}\", \"skip_reason\": \"no\"}}")).collect();
    let (foreign, _) = said(&format!("{{\"dependencies\": [{}]}}", all.join(","))).unwrap();
    assert_eq!(foreign.problems.len(), 201, "a bounded number of problems");
    assert_eq!(foreign.problems[200].message, "There are 101 problems beyond these.");
    assert!(said(r#"{"dependencies": {"flask": "3.0.0"}}"#).unwrap_err().to_string().contains("expected an array"));
}
