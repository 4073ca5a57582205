//! Both lines of Yarn.

use super::{lines, one_problem, problems, property, said};

pub(super) const ONE: &str = concat!(
    r#"{"type":"info","data":"Looking up advisories"}"#,
    "\n",
    r#"{"type":"auditAdvisory","data":{"resolution":{"id":1096549,"path":"mkdirp>minimist","dev":false,"optional":false,"bundled":false},"advisory":{"findings":[{"version":"0.0.8","paths":["mkdirp>minimist"]}],"id":1096549,"title":"Prototype Pollution in minimist","module_name":"minimist","cves":["CVE-2020-7598"],"vulnerable_versions":"<0.2.1","patched_versions":">=0.2.1","severity":"moderate","github_advisory_id":"GHSA-vh95-rmgr-6w4m","url":"https://github.com/advisories/GHSA-vh95-rmgr-6w4m"}}}"#,
    "\n",
    r#"{"type":"auditAdvisory","data":{"resolution":{"id":1096549,"path":"optimist>minimist","dev":false,"optional":false,"bundled":false},"advisory":{"findings":[{"version":"0.0.8","paths":["mkdirp>minimist"]}],"id":1096549,"title":"Prototype Pollution in minimist","module_name":"minimist","cves":["CVE-2020-7598"],"vulnerable_versions":"<0.2.1","patched_versions":">=0.2.1","severity":"moderate","github_advisory_id":"GHSA-vh95-rmgr-6w4m","url":"https://github.com/advisories/GHSA-vh95-rmgr-6w4m"}}}"#,
    "\n",
    r#"{"type":"auditSummary","data":{"vulnerabilities":{"info":0,"low":0,"moderate":2,"high":0,"critical":0},"dependencies":118,"devDependencies":0,"optionalDependencies":0,"totalDependencies":118}}"#,
    "\n",
);

pub(super) const FOUR: &str = concat!(
    r#"{"value":"minimist","children":{"ID":1097677,"Issue":"Prototype Pollution in minimist","URL":"https://github.com/advisories/GHSA-xvch-5gv4-984h","Severity":"critical","Vulnerable Versions":"<0.2.4","Tree Versions":["0.0.8","0.2.0"],"Dependents":["mkdirp@npm:0.5.1"]}}"#,
    "\n",
    r#"{"value":"request","children":{"ID":"request (deprecation)","Issue":"request has been deprecated","Severity":"moderate","Vulnerable Versions":"2.88.2","Tree Versions":["2.88.2"],"Dependents":["web@workspace:."]}}"#,
    "\n",
);

#[test]
fn yarn_1_counts_an_advisory_once() {
    let (foreign, format) = said(ONE).unwrap();
    assert_eq!((format, foreign.inputs.as_ref().unwrap().count), ("yarn audit", 118));
    assert_eq!(
        lines(&foreign),
        ["GHSA-vh95-rmgr-6w4m | warning medium | minimist 0.0.8: Prototype Pollution in minimist (fixed in >=0.2.1)"]
    );
    assert_eq!(property(&foreign.findings[0], "paths"), "2");
    assert!(foreign.problems.is_empty(), "{:?}", foreign.problems);
}

#[test]
fn yarn_1_must_come_to_its_summary() {
    let summary = ONE.find("{\"type\":\"auditSummary\"").unwrap();
    let (foreign, _) = said(&ONE[..summary]).unwrap();
    assert_eq!(foreign.findings.len(), 1);
    assert!(problems(&foreign)[0].starts_with("unfinished: The lines end before Yarn's summary"), "{foreign:?}");
    let (healthy, _) = said(&ONE[summary..].replace("\"moderate\":2", "\"moderate\":0")).unwrap();
    assert_eq!((healthy.findings.len(), healthy.problems.len()), (0, 0));
    one_problem(&ONE[summary..], "unreadable", "declares 2 in `auditSummary.vulnerabilities.moderate` and lists 0");
    let refused =
        "{\"type\":\"error\",\"data\":\"An unexpected error occurred: \\\"https://registry.example: 503\\\".\"}\n";
    let (foreign, _) = said(refused).unwrap();
    assert!(problems(&foreign)[0].contains("An unexpected error occurred"), "{foreign:?}");
    assert_eq!(foreign.problems.len(), 2, "and there is no summary");
    let strange = ONE.replace("\"info\",\"data\"", "\"auditFinding\",\"data\"");
    assert!(problems(&said(&strange).unwrap().0)[0].contains("`auditFinding` is not understood"));
}

#[test]
fn yarn_4_lists_advisories() {
    let (foreign, format) = said(FOUR).unwrap();
    assert_eq!((format, &foreign.inputs), ("yarn npm audit", &None));
    assert_eq!(
        lines(&foreign),
        [
            "GHSA-xvch-5gv4-984h | error critical | minimist 0.0.8, 0.2.0: Prototype Pollution in minimist",
            "deprecated | warning medium | request 2.88.2: request has been deprecated",
        ]
    );
    assert_eq!(property(&foreign.findings[1], "dependents"), "[\"web@workspace:.\"]");
    assert!(foreign.problems.is_empty());
}

#[test]
fn yarn_4_says_that_nothing_was_found() {
    let line = |kind: &str, data: &str| {
        format!("{{\"type\":\"{kind}\",\"name\":1,\"displayName\":\"YN0001\",\"indent\":\"\",\"data\":\"{data}\"}}\n")
    };
    let (foreign, _) = said(&line("info", "No audit suggestions")).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
    one_problem(&line("info", "Done"), "no-evidence", "does not say that there is none");
    one_problem(&line("error", "HTTPError: 503"), "unfinished", "HTTPError: 503");
    let (foreign, _) = said(&format!("{FOUR}{}", line("info", "No audit suggestions"))).unwrap();
    assert!(problems(&foreign)[0].contains("lists advisories"));
}

#[test]
fn lines_that_are_none_are_errors_by_number() {
    for (text, line) in [
        (format!("{ONE}null\n"), 5),
        (
            ONE.replacen(
                "{\"type\":\"info\",\"data\":\"Looking up advisories\"}",
                "{\"type\":\"info\",\"data\":1}\n7",
                1,
            ),
            2,
        ),
        (ONE.replace("\"advisory\":{", "\"advisory\":[],\"x\":{"), 2),
        (ONE.replace("\"auditSummary\"", "null"), 4),
        (ONE.trim_end_matches("}\n").to_owned(), 4),
        (format!("{FOUR}{{\"value\":\"x\",\"children\":[]}}\n"), 3),
        (format!("{FOUR}{{\"value\":\"x\"}}\n"), 3),
    ] {
        let error = said(&text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("report.json:{line}: ")), "{error}");
    }
}
