//! Reports of Lighthouse.

use tollgate_model::{Cause, Foreign, Unit};

use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
use crate::findings::tests::said;

/// A report in the order of Lighthouse 13.
pub(in crate::findings) const SAMPLE: &str = r##"{"lighthouseVersion": "13.5.0",
  "requestedUrl": "http://localhost:4173/shop",
    "mainDocumentUrl": "http://localhost:4173/shop", "finalDisplayedUrl": "http://localhost:4173/shop#top",
    "finalUrl": "http://localhost:4173/shop", "fetchTime": "2026-11-21T10:00:00.000Z", "gatherMode": "navigation",
    "runtimeError": {"code": "NO_ERROR", "message": ""},
    "runWarnings": ["The page may not be loading as expected."],
    "environment": {"networkUserAgent": "x", "hostUserAgent": "y", "benchmarkIndex": 1480.5},
    "configSettings": {"formFactor": "mobile", "throttlingMethod": "simulate", "locale": "en-US"},
    "audits": {
      "largest-contentful-paint": {"id": "largest-contentful-paint", "title": "LCP", "score": 0.9,
        "scoreDisplayMode": "numeric", "numericValue": 2310.25, "numericUnit": "millisecond"},
      "total-blocking-time": {"title": "TBT", "score": 1, "scoreDisplayMode": "numeric", "numericValue": 0},
      "cumulative-layout-shift": {"title": "CLS", "score": 1, "scoreDisplayMode": "numeric", "numericValue": 0.034},
      "image-alt": {"title": "Image elements do not have `[alt]` attributes", "score": 0, "scoreDisplayMode": "binary",
        "details": {"items": [{"node": {"selector": "img"}}]}},
      "document-title": {"title": "Document has a `<title>`", "score": 1, "scoreDisplayMode": "binary"},
      "video-caption": {"title": "Captions", "score": null, "scoreDisplayMode": "notApplicable"},
      "is-crawlable": {"title": "Page is blocked from indexing", "score": 0, "scoreDisplayMode": "binary"}},
    "categories": {
      "performance": {"title": "Performance", "score": 0.29, "auditRefs": [
        {"id": "largest-contentful-paint", "weight": 25}, {"id": "total-blocking-time", "weight": 30},
        {"id": "cumulative-layout-shift", "weight": 25}]},
      "accessibility": {"title": "Accessibility", "score": 0.88, "auditRefs": [
        {"id": "image-alt", "weight": 10}, {"id": "document-title", "weight": 7}, {"id": "video-caption",
          "weight": 0}]},
      "seo": {"title": "SEO", "score": 0.5, "auditRefs": [{"id": "is-crawlable", "weight": 4},
        {"id": "document-title", "weight": 1}, {"id": "image-alt", "weight": 1}]}}}"##;

fn causes(foreign: &Foreign) -> Vec<Cause> {
    foreign.problems.iter().map(|problem| problem.cause).collect()
}

fn changed(from: &str, to: &str) -> Foreign {
    assert!(SAMPLE.contains(from), "{from}");
    said(&SAMPLE.replacen(from, to, 1)).unwrap().0
}

#[test]
fn scores_timings_and_failed_audits() {
    let (foreign, format) = said(SAMPLE).unwrap();
    assert_eq!((format, foreign.inputs.clone().unwrap().count), ("Lighthouse", 1));
    assert_eq!(foreign.problems, []);
    let series: Vec<(String, f64, Unit)> =
        foreign.metrics.iter().map(|metric| (metric.series(), metric.value, metric.unit)).collect();
    let url = r#"url="http://localhost:4173/shop""#;
    let expected = [
        (format!("score{{category=\"performance\",{url}}}"), 29.0, Unit::Percent),
        (format!("score{{category=\"accessibility\",{url}}}"), 88.0, Unit::Percent),
        (format!("score{{category=\"seo\",{url}}}"), 50.0, Unit::Percent),
        (format!("lcp{{{url}}}"), 2310.25, Unit::Milliseconds),
        (format!("tbt{{{url}}}"), 0.0, Unit::Milliseconds),
        (format!("cls{{{url}}}"), 0.034, Unit::Count),
    ];
    assert_eq!(series, expected);
    assert_eq!((foreign.metrics[0].numerator, foreign.metrics[0].denominator), (Some(29), Some(100)));
    let found: Vec<(&str, &str)> = foreign.findings.iter().map(|f| (f.rule.as_str(), f.message.as_str())).collect();
    let expected = [
        ("image-alt", "Image elements do not have `[alt]` attributes: `/shop`"),
        ("is-crawlable", "Page is blocked from indexing: `/shop`"),
    ];
    assert_eq!(found, expected);
    assert_eq!(foreign.definition, "Lighthouse 13, mobile, simulate");
    assert_eq!(foreign.written, Some(20_778 * 86_400 + 36_000));
    assert!(foreign.notes[0].contains("may not be loading"), "{:?}", foreign.notes);
}

#[test]
fn a_page_without_fault_has_no_findings_and_no_problems() {
    let text = r#"{"lighthouseVersion": "13.5.0", "finalUrl": "https://shop.example/",
        "environment": {"benchmarkIndex": 900},
        "audits": {"document-title": {"title": "t", "score": 1, "scoreDisplayMode": "binary"}},
        "categories": {"accessibility": {"score": 1, "auditRefs": [{"id": "document-title"}]}}}"#;
    let (foreign, _) = said(text).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len(), foreign.metrics[0].value), (0, 0, 100.0));
    // Speed does not matter where none was measured.
    let slow = said(&text.replace("900", "20")).unwrap().0;
    assert_eq!(slow.problems, []);
}

#[test]
fn audits_that_were_asked_for_one_by_one_are_found_without_categories() {
    let (before, _) = SAMPLE.split_once("\"categories\"").unwrap();
    let (foreign, _) = said(&format!("{before}\"categories\": {{}}}}")).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len()), (2, 0));
}

#[test]
fn what_could_not_be_measured_is_a_problem() {
    let cases = [
        (r#""code": "NO_ERROR""#, r#""code": "NO_FCP""#, Cause::Unfinished, "NO_FCP"),
        (r#""code": "NO_ERROR", "message": """#, r#""message": "gone""#, Cause::Unfinished, "gone"),
        ("1480.5", "279", Cause::TooClose, "index is 279, below 500"),
        (r#", "benchmarkIndex": 1480.5"#, "", Cause::Unreadable, "`benchmarkIndex` is missing"),
        (r#""score": 0.29"#, r#""score": null"#, Cause::NoEvidence, "`performance` has no score"),
        (r#""score": 0.29"#, r#""score": 29"#, Cause::Unreadable, "is 29, not 0 to 1"),
        (
            r#""score": null, "scoreDisplayMode": "notApplicable""#,
            r#""score": null, "scoreDisplayMode": "error", "errorMessage": "no frames""#,
            Cause::Unfinished,
            "`video-caption`: no frames",
        ),
        (r#""numericValue": 2310.25, "#, "", Cause::Unreadable, "`largest-contentful-paint` has no number"),
        (r#"{"id": "is-crawlable""#, r#"{"id": "no-such-audit""#, Cause::Unreadable, "`no-such-audit` is missing"),
        (r#""score": 0, "scoreDisplayMode""#, r#""score": null, "scoreDisplayMode""#, Cause::Unreadable, "0 or 1"),
    ];
    for (from, to, cause, words) in cases {
        let foreign = changed(from, to);
        assert_eq!(causes(&foreign), [cause], "{to}: {:?}", foreign.problems);
        assert!(foreign.problems[0].message.contains(words), "{to}: {:?}", foreign.problems);
    }
    let nothing =
        r#"{"lighthouseVersion": "13.5.0", "finalUrl": "https://shop.example/", "audits": {}, "categories": {}}"#;
    let (foreign, _) = said(nothing).unwrap();
    assert_eq!((causes(&foreign), foreign.inputs.unwrap().count), (vec![Cause::NoEvidence], 0));
}

#[test]
fn damage_is_noticed() {
    notices_wrong_kinds(SAMPLE, &[]);
    notices_a_cut(SAMPLE);
}
