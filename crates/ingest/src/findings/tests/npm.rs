//! npm and pnpm.

use super::{lines, one_problem, problems, property, said, said_by};

pub(super) const SEVEN: &str = r#"{
  "auditReportVersion": 2,
  "vulnerabilities": {
    "minimist": {
      "name": "minimist", "severity": "critical", "isDirect": false,
      "via": [
        {"source": 1097677, "name": "minimist", "dependency": "minimist", "title": "Prototype Pollution in minimist",
         "url": "https://github.com/advisories/GHSA-xvch-5gv4-984h", "severity": "critical", "cwe": ["CWE-1321"],
         "cvss": {"score": 9.8, "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}, "range": "<0.2.4"},
        {"source": 1096549, "name": "minimist", "dependency": "minimist", "title": "Prototype Pollution in minimist",
         "url": "https://github.com/advisories/GHSA-vh95-rmgr-6w4m", "severity": "moderate", "cwe": ["CWE-1321"],
         "cvss": {"score": 5.6, "vectorString": "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:L"}, "range": "<0.2.1"}
      ],
      "effects": ["mkdirp"], "range": "<=0.2.3", "nodes": ["node_modules/minimist"],
      "fixAvailable": {"name": "mkdirp", "version": "3.0.1", "isSemVerMajor": true}
    },
    "mkdirp": {
      "name": "mkdirp", "severity": "critical", "isDirect": true, "via": ["minimist"], "effects": [],
      "range": "0.4.1 - 0.5.1", "nodes": ["node_modules/mkdirp"],
      "fixAvailable": {"name": "mkdirp", "version": "3.0.1", "isSemVerMajor": true}
    },
    "left-pad": {
      "name": "left-pad", "severity": "low", "isDirect": true,
      "via": [{"source": 77, "name": "left-pad", "dependency": "left-pad", "title": "Pads too much",
               "url": "https://npmjs.com/advisories/77", "severity": "low", "range": "*"}],
      "effects": [], "range": "*", "nodes": ["node_modules/left-pad"], "fixAvailable": false
    }
  },
  "metadata": {
    "vulnerabilities": {"info": 0, "low": 1, "moderate": 0, "high": 0, "critical": 2, "total": 3},
    "dependencies": {"prod": 40, "dev": 2, "optional": 0, "peer": 0, "peerOptional": 0, "total": 41}
  }
}"#;

pub(super) const SIX: &str = r#"{
  "actions": [],
  "advisories": {
    "1096549": {
      "findings": [{"version": "0.0.8", "paths": [".>mkdirp>minimist", "apps__web>optimist>minimist"]}],
      "metadata": null, "id": 1096549, "title": "Prototype Pollution in minimist", "module_name": "minimist",
      "cves": ["CVE-2020-7598"], "vulnerable_versions": "<0.2.1", "patched_versions": ">=0.2.1",
      "severity": "moderate", "github_advisory_id": "GHSA-vh95-rmgr-6w4m", "access": "public",
      "url": "https://github.com/advisories/GHSA-vh95-rmgr-6w4m"
    },
    "77": {
      "findings": [{"version": "1.0.0", "paths": ["left-pad"]}, {"version": "1.1.0", "paths": ["a>left-pad"]}],
      "id": 77, "title": "Pads too much", "module_name": "left-pad", "vulnerable_versions": "*",
      "patched_versions": "<0.0.0", "severity": "dire", "url": "http://npmjs.com/advisories/77"
    }
  },
  "muted": [],
  "metadata": {
    "vulnerabilities": {"info": 0, "low": 0, "moderate": 2, "high": 0, "critical": 0},
    "dependencies": 118, "devDependencies": 7, "optionalDependencies": 0, "totalDependencies": 125
  }
}"#;

#[test]
fn npm_7_lists_packages_and_their_advisories_are_findings() {
    let (foreign, format) = said(SEVEN).unwrap();
    assert_eq!((format, foreign.definition.as_str()), ("npm audit", "packages"));
    assert_eq!(foreign.inputs.as_ref().unwrap().count, 41);
    assert_eq!(
        lines(&foreign),
        [
            "GHSA-xvch-5gv4-984h | error critical | minimist: Prototype Pollution in minimist (fixed by mkdirp 3.0.1, a new \
             major version)",
            "GHSA-vh95-rmgr-6w4m | warning medium | minimist: Prototype Pollution in minimist (fixed by mkdirp 3.0.1, a new \
             major version)",
            "npm-77 | note low | left-pad: Pads too much (no fixed version)",
        ]
    );
    assert_eq!(property(&foreign.findings[0], "advisory"), "\"https://github.com/advisories/GHSA-xvch-5gv4-984h\"");
    assert_eq!(property(&foreign.findings[0], "affected"), "\"<0.2.4\"");
    assert_eq!(property(&foreign.findings[2], "direct"), "true");
    let metrics: Vec<(&str, f64)> = foreign.metrics.iter().map(|metric| (metric.name.as_str(), metric.value)).collect();
    assert_eq!(metrics, [("packages", 3.0), ("parents", 1.0)]);
    assert!(foreign.problems.is_empty(), "{:?}", foreign.problems);
    assert_eq!(foreign.notes, ["Affected only through others: 1 package of 3."]);
    let rules: Vec<(&str, usize)> =
        foreign.rules.iter().map(|rule| (rule.id.as_str(), rule.references.len())).collect();
    assert_eq!(rules, [("GHSA-xvch-5gv4-984h", 1), ("GHSA-vh95-rmgr-6w4m", 1), ("npm-77", 1)]);
}

#[test]
fn npm_6_and_pnpm_list_advisories() {
    let (foreign, format) = said(SIX).unwrap();
    assert_eq!((format, foreign.definition.as_str()), ("npm 6 or pnpm audit", "advisories"));
    assert_eq!(foreign.inputs.as_ref().unwrap().count, 125);
    assert_eq!(
        lines(&foreign),
        [
            "GHSA-vh95-rmgr-6w4m | warning medium | minimist 0.0.8: Prototype Pollution in minimist (fixed in >=0.2.1)",
            "npm-77 | error none | left-pad 1.0.0, 1.1.0: Pads too much (no fixed version)",
        ]
    );
    assert_eq!(property(&foreign.findings[0], "aliases"), "[\"CVE-2020-7598\"]");
    assert_eq!(property(&foreign.findings[1], "advisory"), "", "an address that is not https is dropped");
    assert!(foreign.problems.is_empty(), "{:?}", foreign.problems);
    assert_eq!(foreign.notes, ["1 finding: the severity `dire` is not known; shown as error, without a severity."]);
    assert_eq!(said_by("pnpm-audit", SIX).unwrap(), foreign);
}

#[test]
fn nothing_found_says_how_much_was_looked_at() {
    let seven = r#"{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {"vulnerabilities": {"info": 0, "total": 0},
        "dependencies": {"prod": 9, "total": 9}}}"#;
    let six = r#"{"actions": [], "advisories": {}, "muted": [], "metadata": {"vulnerabilities": {"low": 0},
        "dependencies": 9, "totalDependencies": 9}}"#;
    for text in [seven, six] {
        let (foreign, _) = said(text).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0), "{text}");
        assert_eq!(foreign.inputs.unwrap().count, 9);
        one_problem(&text.replace('9', "0"), "no-evidence", "looked at no package");
    }
}

#[test]
fn numbers_that_disagree_are_problems() {
    for (from, to, expected) in [
        ("\"total\": 3", "\"total\": 4", "declares 4 in `metadata.vulnerabilities.total` and lists 3"),
        ("\"low\": 1", "\"low\": 0", "declares 0 in `metadata.vulnerabilities.low` and lists 1"),
        ("\"auditReportVersion\": 2", "\"auditReportVersion\": 3", "report is 3; only version 2"),
        ("\"via\": [\"minimist\"]", "\"via\": [\"minimost\"]", "calls mkdirp vulnerable and does not list why"),
        ("\"via\": [\"minimist\"]", "\"via\": [\"mkdirp\"]", "calls mkdirp vulnerable"),
        ("\"via\": [\"minimist\"]", "\"via\": []", "calls mkdirp vulnerable"),
        ("\"metadata\"", "\"meta\"", "does not say how many packages"),
    ] {
        assert!(SEVEN.contains(from));
        let (foreign, _) = said(&SEVEN.replace(from, to)).unwrap();
        let problems = problems(&foreign);
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{to}: {problems:?}");
        assert_eq!(foreign.findings.len(), 3);
    }
    for (from, to, expected) in [
        (
            "\"moderate\": 2",
            "\"moderate\": 3",
            "declares 3 in `metadata.vulnerabilities.moderate` and lists 1 (by 2 ways)",
        ),
        ("\"moderate\": 2", "\"moderate\": 0", "declares 0"),
        ("\"high\": 0", "\"high\": 1", "declares 1 in `metadata.vulnerabilities.high` and lists 0"),
    ] {
        let (foreign, _) = said(&SIX.replace(from, to)).unwrap();
        let problems = problems(&foreign);
        assert!(problems.len() == 1 && problems[0].contains(expected), "{to}: {problems:?}");
    }
}

#[test]
fn what_pnpm_leaves_out_by_itself_is_a_note() {
    let (foreign, _) = said(&SIX.replace("\"info\": 0", "\"info\": 2")).unwrap();
    assert!(foreign.problems.is_empty(), "{:?}", foreign.problems);
    assert_eq!(foreign.notes[0], "Declared and not listed: 2 of the severity info.");
}

#[test]
fn an_audit_that_did_not_take_place_says_so() {
    let unreachable = r#"{"message": "request to https://registry.example/-/npm/v1/security/audits/quick failed, reason: ",
        "method": "POST", "uri": "https://registry.example/-/npm/v1/security/audits/quick", "headers": {},
        "statusCode": 503, "body": "", "error": {"summary": "", "detail": ""}}"#;
    one_problem(unreachable, "unfinished", "failed, reason: (HTTP 503)");
    let no_lock = r#"{"error": {"code": "ENOLOCK", "summary": "This command requires an existing lockfile.",
        "detail": "Try creating one first with: npm i --package-lock-only"}}"#;
    one_problem(no_lock, "no-evidence", "requires an existing lockfile; Try creating one first");
    let pnpm =
        r#"{"error": {"code": "ERR_PNPM_AUDIT_BAD_RESPONSE", "message": "The audit endpoint responded with 410"}}"#;
    one_problem(pnpm, "unfinished", "responded with 410 (ERR_PNPM_AUDIT_BAD_RESPONSE)");
    one_problem(r#"{"message": "x", "statusCode": 401, "error": "Unauthorized"}"#, "no-permission", "x; Unauthorized");
    one_problem(r#"{"error": {}}"#, "unfinished", "no reason is given");
    one_problem(r#"{"error": null}"#, "no-evidence", "no `vulnerabilities`");
    assert_eq!(problems(&said_by("pnpm-audit", pnpm).unwrap()).len(), 1);
    let both = SEVEN.replace("\"auditReportVersion\": 2", "\"auditReportVersion\": 2, \"error\": {\"code\": \"E\"}");
    assert_eq!(problems(&said(&both).unwrap().0).len(), 1, "an error beside a list is one as well");
    let mixed = SEVEN.replace("\"metadata\"", "\"advisories\": {}, \"metadata\"");
    assert!(said(&mixed).unwrap_err().to_string().contains("has both"));
}
