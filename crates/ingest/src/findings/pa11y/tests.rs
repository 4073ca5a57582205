//! Reports of pa11y and pa11y-ci.

use tollgate_model::{Cause, Foreign, Level};

use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
use crate::findings::tests::said;

const ISSUE: &str = r##"{"code": "WCAG2AA.Principle1.Guideline1_1.1_1_1.H37", "type": "error", "typeCode": 1,
    "message": "Img element missing an alt attribute.", "context": "<img src=\"a.png\">", "selector": "#main > img",
    "runner": "htmlcs", "runnerExtras": {}}"##;

fn one() -> String {
    let warning = ISSUE.replace("\"error\"", "\"warning\"").replace("H37", "H39");
    format!("[{ISSUE}, {warning}, {}]", ISSUE.replace("\"error\"", "\"notice\""))
}

fn many() -> String {
    format!(
        r#"{{"total": 2, "passes": 1, "errors": 2, "results": {{
            "http://localhost:3000/": [{ISSUE}, {ISSUE}], "http://localhost:3000/about": []}}}}"#
    )
}

fn levels(foreign: &Foreign) -> Vec<Level> {
    foreign.findings.iter().map(|finding| finding.level).collect()
}

#[test]
fn a_page() {
    let (foreign, format) = said(&one()).unwrap();
    assert_eq!((format, &foreign.inputs, foreign.problems.len()), ("pa11y", &None, 0));
    assert_eq!(levels(&foreign), [Level::Error, Level::Warning, Level::Note]);
    assert_eq!(foreign.findings[0].rule, "WCAG2AA.Principle1.Guideline1_1.1_1_1.H37");
    assert_eq!(foreign.findings[0].message, "Img element missing an alt attribute. (`#main > img`)");
    let (foreign, _) = said(&one().replace("\"notice\"", "\"shout\"")).unwrap();
    assert_eq!(levels(&foreign)[2], Level::Error);
    assert!(foreign.notes[0].contains("`shout`"), "{:?}", foreign.notes);
}

#[test]
fn many_pages() {
    let (foreign, format) = said(&many()).unwrap();
    assert_eq!((format, foreign.inputs.clone().unwrap().count, foreign.problems.len()), ("pa11y-ci", 2, 0));
    assert_eq!(foreign.findings[0].message, "Img element missing an alt attribute. (`#main > img` on `/`)");
    assert_ne!(foreign.findings[0].fingerprint, foreign.findings[1].fingerprint);
    let numbers: Vec<_> = foreign.metrics.iter().map(|metric| (metric.name.as_str(), metric.value)).collect();
    assert_eq!(numbers, [("pages", 2.0), ("passes", 1.0)]);

    let clean = r#"{"total": 1, "passes": 1, "errors": 0, "results": {"http://localhost:3000/": []}}"#;
    let (foreign, _) = said(clean).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
}

#[test]
fn a_page_that_could_not_be_tested_is_a_problem() {
    let text = r#"{"total": 2, "passes": 1, "errors": 0, "results": {"http://localhost:3000/": [],
        "http://localhost:3000/gone": [{"message": "net::ERR_CONNECTION_REFUSED"}]}}"#;
    let (foreign, _) = said(text).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len(), foreign.inputs.unwrap().count), (0, 1, 1));
    assert_eq!(foreign.problems[0].cause, Cause::Unfinished);
    assert!(foreign.problems[0].message.contains("/gone` could not be tested: net::ERR"), "{:?}", foreign.problems);
}

#[test]
fn declared_and_listed_numbers_are_compared() {
    let cases = [
        ("\"total\": 2", "\"total\": 3", "declares `total` pages 3, lists 2"),
        ("\"passes\": 1", "\"passes\": 2", "declares `passes` 2, lists 1"),
        ("\"errors\": 2", "\"errors\": 0", "declares `errors` 0, lists 2"),
        ("\"errors\": 2, ", "", "`errors` is missing"),
    ];
    for (from, to, words) in cases {
        let (foreign, _) = said(&many().replace(from, to)).unwrap();
        assert_eq!(foreign.problems.len(), 1);
        assert!(foreign.problems[0].message.contains(words), "{:?}", foreign.problems);
    }
    let (foreign, _) = said(r#"{"total": 0, "passes": 0, "errors": 0, "results": {}}"#).unwrap();
    assert_eq!(foreign.problems[0].cause, Cause::NoEvidence);
}

#[test]
fn damage_is_noticed() {
    for sample in [one(), many()] {
        notices_wrong_kinds(&sample, &[]);
        notices_a_cut(&sample);
    }
}
