//! Dependabot's alerts.

use serde_json::{Value, json};

use super::{lines, one_problem, problems, property, said};

fn alert(number: u32, state: &str) -> Value {
    json!({"number": number, "state": state,
        "dependency": {"package": {"ecosystem": "npm", "name": "minimist"}, "manifest_path": "apps/web/package-lock.json",
            "scope": "runtime", "relationship": "transitive"},
        "security_advisory": {"ghsa_id": "GHSA-xvch-5gv4-984h", "cve_id": "CVE-2021-44906",
            "summary": "Prototype Pollution in minimist", "severity": "critical", "cvss": {"score": 9.8}},
        "security_vulnerability": {"package": {"ecosystem": "npm", "name": "minimist"}, "severity": "critical",
            "vulnerable_version_range": "< 0.2.4", "first_patched_version": {"identifier": "0.2.4"}},
        "url": "https://api.github.com/", "created_at": "2026-01-01T00:00:00Z", "dismissed_at": null,
        "dismissed_by": {"login": "ada"}, "dismissed_reason": "tolerable_risk", "dismissed_comment": "not reached",
        "fixed_at": null})
}

pub(super) fn report() -> String {
    json!([alert(1, "open")]).to_string()
}

#[test]
fn open_alerts_count() {
    let states = ["open", "dismissed", "auto_dismissed", "fixed", "waiting"];
    let alerts: Vec<Value> = (1..).zip(states).map(|(number, state)| alert(number, state)).collect();
    let (foreign, format) = said(&json!(alerts).to_string()).unwrap();
    assert_eq!((format, &foreign.inputs), ("Dependabot alerts", &None));
    let line = "GHSA-xvch-5gv4-984h | error critical | minimist: Prototype Pollution in minimist (fixed in 0.2.4)";
    let suppressed = format!("{line} | suppressed");
    assert_eq!(lines(&foreign), [line, suppressed.as_str(), suppressed.as_str(), line]);
    assert_eq!(foreign.findings[1].suppressed.as_ref().unwrap().reason, "tolerable_risk; not reached");
    assert_eq!(foreign.findings[0].location.as_ref().unwrap().path, "apps/web/package-lock.json");
    assert_eq!(property(&foreign.findings[0], "scope"), "\"runtime\"");
    assert_eq!(foreign.notes, ["1 fixed alert left out."]);
    assert!(!format!("{foreign:?}").contains("\"ada\""), "who dismissed it is kept");
    assert!(foreign.problems.is_empty());
    let mut bare = alert(1, "open");
    bare["security_vulnerability"]["first_patched_version"] = Value::Null;
    bare["security_vulnerability"]["severity"] = Value::Null;
    let (foreign, _) = said(&json!([bare]).to_string()).unwrap();
    assert!(lines(&foreign)[0].ends_with("(no fixed version)") && lines(&foreign)[0].contains("error critical"));
}

#[test]
fn a_page_may_be_one_of_several_and_a_refusal_is_no_list() {
    for (count, full) in [(29, false), (30, true), (31, false), (100, true)] {
        let alerts: Vec<Value> = (0..count).map(|number| alert(number, "fixed")).collect();
        let (foreign, _) = said(&json!(alerts).to_string()).unwrap();
        assert_eq!(problems(&foreign).len(), usize::from(full), "{count}");
    }
    let refusal = r#"{"message": "Dependabot alerts are disabled for this repository.",
        "documentation_url": "https://docs.github.com/rest", "status": "403"}"#;
    one_problem(refusal, "no-permission", "alerts are disabled for this repository (HTTP 403)");
    let limit = r#"{"message": "API rate limit exceeded", "documentation_url": "https://docs.github.com/rest"}"#;
    one_problem(limit, "unfinished", "rate limit exceeded");
    assert!(said(&format!("{}{}", report(), report())).is_err(), "pages one after the other");
}
