//! Reports of ZAP.

use tollgate_model::{Cause, Confidence, Level, Severity};

use super::plain;
use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
use crate::findings::tests::said;

const SAMPLE: &str = r#"{"@programName": "ZAP", "@version": "2.17.0", "@generated": "Sat, 21 Nov 2026 10:00:00",
  "created": "2026-11-21T10:00:00.500Z", "site": [
  {"@name": "https://shop.example", "@host": "shop.example", "@port": "443", "@ssl": "true", "alerts": [
    {"pluginid": "40012", "alertRef": "40012", "alert": "Cross Site Scripting (Reflected)",
     "name": "Cross Site Scripting (Reflected)", "riskcode": "3", "confidence": "2", "riskdesc": "High (Medium)",
     "desc": "<p>Echoes <b>code</b> such as &lt;script&gt;.</p><p>Second.</p>",
     "instances": [{"id": "1", "uri": "https://shop.example/search?q=a", "method": "GET", "param": "q", "attack": "x",
       "evidence": "y", "otherinfo": ""}, {"id": "2", "uri": "https://shop.example/find", "method": "POST"}],
     "count": "2", "systemic": false, "solution": "<p>Encode output.</p>", "otherinfo": "",
     "reference": "<p>https://owasp.org/xss</p><p>http://plain.example</p>", "cweid": "79", "wascid": "8",
       "sourceid": "1"},
    {"pluginid": "10038", "alertRef": "10038-1", "alert": "CSP Header Not Set", "riskcode": "2", "confidence": "3",
     "desc": "", "instances": [{"uri": "https://shop.example/", "method": "GET"}], "count": "9", "systemic": true,
     "cweid": "-1"},
    {"pluginid": "10049", "alertRef": "10049", "alert": "Storable", "riskcode": "0", "confidence": "4",
     "instances": [], "count": "0"}]},
  {"@name": "http://shop.example", "alerts": []}]}"#;

#[test]
fn alerts_are_found_with_their_risk_and_confidence() {
    let (foreign, format) = said(SAMPLE).unwrap();
    assert_eq!((format, foreign.inputs.clone().unwrap().count), ("ZAP", 2));
    assert_eq!(foreign.problems, []);
    let found: Vec<_> = foreign.findings.iter().map(|f| (f.rule.as_str(), f.level, f.severity, f.confidence)).collect();
    let expected = [
        ("40012", Level::Error, Some(Severity::High), Confidence::Medium),
        ("10038-1", Level::Warning, Some(Severity::Medium), Confidence::High),
        ("10049", Level::Note, None, Confidence::High),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        foreign.findings[0].message,
        "Cross Site Scripting (Reflected): 2 instances, the first being GET `/search`"
    );
    let numbers: Vec<_> = foreign.metrics.iter().map(|metric| (metric.name.as_str(), metric.value)).collect();
    assert_eq!(numbers, [("sites", 2.0), ("instances", 11.0), ("false_positives", 0.0)]);
    let rule = foreign.rules.iter().find(|rule| rule.id == "40012").unwrap();
    assert_eq!((rule.why.as_str(), rule.mend.as_str()), ("Echoes code such as <script>.\nSecond.", "Encode output."));
    assert_eq!(
        (rule.references.as_slice(), rule.tags.as_slice()),
        (&["https://owasp.org/xss".to_owned()][..], &["CWE-79".to_owned()][..])
    );
    assert_eq!((foreign.tools[0].version.as_str(), foreign.written), ("2.17.0", Some(20_778 * 86_400 + 36_000)));
}

#[test]
fn false_positives_are_counted_and_not_found() {
    let (foreign, _) = said(&SAMPLE.replace("\"confidence\": \"3\"", "\"confidence\": \"0\"")).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len(), foreign.metrics[2].value), (2, 0, 1.0));
    assert!(foreign.notes[0].starts_with("1 alert marked"), "{:?}", foreign.notes);
}

#[test]
fn a_site_without_alerts_is_clean_and_no_site_is_no_evidence() {
    let clean =
        r#"{"@version": "2.17.0", "@generated": "x", "site": [{"@name": "https://shop.example", "alerts": []}]}"#;
    let (foreign, _) = said(clean).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
    for text in [
        r#"{"@version": "2.17.0", "@generated": "x", "site": []}"#,
        r#"{"@version": "2.17.0", "@generated": "x"}"#,
        r#"{"@version": "2.17.0", "@generated": "x", "site": null}"#,
    ] {
        let (foreign, _) = said(text).unwrap();
        assert_eq!(foreign.problems[0].cause, Cause::NoEvidence, "{text}");
    }
}

#[test]
fn what_does_not_fit_is_said() {
    let cases = [
        ("\"count\": \"2\"", "\"count\": \"3\"", "declares instances of `Cross Site Scripting (Reflected)` 3, lists 2"),
        ("\"confidence\": \"3\"", "\"confidence\": \"9\"", "`confidence` of `CSP Header Not Set` is not 0 to 4"),
        ("\"alerts\": []", "\"alert\": []", "`alerts` is missing"),
    ];
    for (from, to, words) in cases {
        let (foreign, _) = said(&SAMPLE.replace(from, to)).unwrap();
        assert!(foreign.problems[0].message.contains(words), "{:?}", foreign.problems);
        assert_eq!(foreign.findings.len(), 3);
    }
    let (foreign, _) = said(&SAMPLE.replace("\"riskcode\": \"2\"", "\"riskcode\": \"5\"")).unwrap();
    assert_eq!((foreign.findings[1].level, foreign.findings[1].severity), (Level::Error, None));
    assert!(foreign.notes[0].contains("`5`"), "{:?}", foreign.notes);
}

#[test]
fn html_becomes_text() {
    let cases = [
        ("", ""),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("a &amp;lt; b", "a &lt; b"),
        ("1 < 2 & 3", "1 < 2 & 3"),
        ("<p", "<p"),
        ("<a href=\"x\">é</a><br/>ü", "é\nü"),
        ("&lt;img&gt;", "<img>"),
    ];
    for (html, text) in cases {
        assert_eq!(plain(html), text, "{html}");
    }
    let hostile = "<".repeat(4_000);
    assert_eq!(plain(&hostile), hostile);
}

#[test]
fn damage_is_noticed() {
    notices_wrong_kinds(SAMPLE, &[]);
    notices_a_cut(SAMPLE);
}
