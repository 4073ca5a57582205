//! What Lighthouse CI leaves.

use tollgate_model::{Cause, Level};

use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
use crate::findings::tests::said;

const MANIFEST: &str = r#"[
    {"url": "http://localhost:8080/", "isRepresentativeRun": false, "htmlPath": "/w/a.html", "jsonPath": "/w/a.json",
     "summary": {"performance": 0.75, "accessibility": 1}},
    {"url": "http://localhost:8080/", "isRepresentativeRun": true, "htmlPath": "/w/b.html", "jsonPath": "/w/b.json",
     "summary": {"performance": 0.91, "accessibility": 1}},
    {"url": "http://localhost:8080/", "isRepresentativeRun": false, "htmlPath": "/w/c.html", "jsonPath": "/w/c.json",
     "summary": {"performance": 0.96, "accessibility": 1}},
    {"url": "http://localhost:8080/shop", "isRepresentativeRun": true, "htmlPath": "/w/d.html", "jsonPath": "/w/d.json",
     "summary": {"performance": 0.5}}]"#;

const ASSERTIONS: &str = r#"[
    {"name": "minScore", "expected": 0.9, "actual": 0.75, "values": [0.75, 0.7], "operator": ">=", "passed": false,
     "auditProperty": ["performance", "score"], "auditId": "categories", "level": "error",
       "url": "http://localhost:8080/"},
    {"name": "maxNumericValue", "expected": 2500, "actual": 4100.5, "values": [4100.5], "operator": "<=",
      "passed": false,
     "auditId": "largest-contentful-paint", "level": "warn", "url": "http://localhost:8080/", "auditTitle": "LCP"},
    {"name": "auditRan", "expected": true, "actual": false, "values": [false], "operator": "==", "passed": true,
     "auditId": "document-title", "level": "error", "url": "http://localhost:8080/"}]"#;

#[test]
fn runs_of_one_page_become_their_median() {
    let (foreign, format) = said(MANIFEST).unwrap();
    assert_eq!((format, foreign.inputs.clone().unwrap().count), ("Lighthouse CI manifest", 4));
    let of = |category: &str, url: &str| {
        let metric =
            foreign.metrics.iter().find(|m| m.labels["category"] == category && m.labels["url"] == url).unwrap();
        (metric.value, metric.interval)
    };
    assert_eq!(foreign.metrics.len(), 3);
    assert_eq!(of("performance", "http://localhost:8080/"), (91.0, Some([75.0, 96.0])));
    assert_eq!(of("accessibility", "http://localhost:8080/"), (100.0, Some([100.0, 100.0])));
    assert_eq!(of("performance", "http://localhost:8080/shop"), (50.0, None));
    assert_eq!(foreign.problems, []);

    for (from, to, cause) in [
        ("0.91", "null", Cause::NoEvidence),
        ("0.91", "91", Cause::Unreadable),
        ("{\"performance\": 0.5}", "{}", Cause::Unreadable),
    ] {
        let (foreign, _) = said(&MANIFEST.replace(from, to)).unwrap();
        assert_eq!(foreign.problems.len(), 1, "{to}: {:?}", foreign.problems);
        assert_eq!(foreign.problems[0].cause, cause, "{to}");
    }
}

#[test]
fn assertions_that_failed_are_findings() {
    let (foreign, format) = said(ASSERTIONS).unwrap();
    assert_eq!((format, foreign.inputs.clone().unwrap().count), ("Lighthouse CI assertions", 3));
    let found: Vec<_> = foreign.findings.iter().map(|f| (f.rule.as_str(), f.level, f.message.as_str())).collect();
    let expected = [
        ("categories", Level::Error, "performance.score minScore of `/`: expected >= 0.9, was 0.75"),
        ("largest-contentful-paint", Level::Warning, "maxNumericValue of `/`: expected <= 2500, was 4100.5"),
    ];
    assert_eq!(found, expected);
    let later = said(&ASSERTIONS.replace("4100.5", "4200")).unwrap().0;
    assert_eq!(later.findings[1].fingerprint, foreign.findings[1].fingerprint, "the number is not part of the name");

    let all_passed = said(&ASSERTIONS.replace("\"passed\": false", "\"passed\": true")).unwrap().0;
    assert_eq!((all_passed.findings.len(), all_passed.problems.len()), (0, 0));
    let unsaid = said(&ASSERTIONS.replace("\"passed\": true,", "")).unwrap().0;
    assert_eq!((unsaid.findings.len(), unsaid.problems.len()), (3, 1));
}

#[test]
fn damage_is_noticed() {
    for sample in [MANIFEST, ASSERTIONS] {
        notices_wrong_kinds(sample, &[]);
        notices_a_cut(sample);
    }
}
