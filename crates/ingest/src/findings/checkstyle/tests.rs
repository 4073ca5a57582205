//! Reports in Checkstyle's XML.

use tollgate_model::{Cause, Level};

use crate::findings::probe::notices_a_cut;
use crate::findings::tests::said;

const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="10.21.0">
  <file name="C:\w\src\A.java">
    <error line="12" column="5" severity="error" message="Missing a Javadoc &lt;comment&gt;."
        source="com.puppycrawl.JavadocCheck"/>
    <error line="0" severity="warning" message="File has no newline" source="NewlineCheck"></error>
    <error line="7" severity="info" message="Todo" source="TodoCheck"/>
  </file>
  <file name="/w/src/B.java"/>
</checkstyle>
"#;

#[test]
fn errors_of_files() {
    let (foreign, format) = said(SAMPLE).unwrap();
    assert_eq!((format, foreign.inputs.clone().unwrap().count), ("Checkstyle XML", 2));
    assert_eq!((foreign.problems.len(), foreign.tools[0].version.as_str()), (0, "10.21.0"));
    let found: Vec<_> =
        foreign.findings.iter().map(|f| (f.rule.as_str(), f.level, f.location.as_ref().unwrap().to_string())).collect();
    let expected = [
        ("com.puppycrawl.JavadocCheck", Level::Error, "C:/w/src/A.java:12".to_owned()),
        ("NewlineCheck", Level::Warning, "C:/w/src/A.java".to_owned()),
        ("TodoCheck", Level::Note, "C:/w/src/A.java:7".to_owned()),
    ];
    assert_eq!(found, expected);
    assert_eq!(foreign.findings[0].message, "Missing a Javadoc <comment>.");
}

#[test]
fn files_without_errors_are_clean_and_no_file_is_no_evidence() {
    let (foreign, _) = said(r#"<checkstyle version="1"><file name="a"/></checkstyle>"#).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
    for text in ["<checkstyle version=\"1\"></checkstyle>", "<checkstyle/>"] {
        let (foreign, _) = said(text).unwrap();
        assert_eq!(foreign.problems[0].cause, Cause::NoEvidence, "{text}");
    }
}

#[test]
fn what_was_not_seen_is_a_problem() {
    let text = r#"<checkstyle><file name="a.java"><exception><![CDATA[
        com.puppycrawl.CheckstyleException: while parsing
        at x]]></exception></file></checkstyle>"#;
    let (foreign, _) = said(text).unwrap();
    let problem = &foreign.problems[0];
    assert_eq!((problem.cause, problem.path.as_deref()), (Cause::Unfinished, Some("a.java")));
    assert!(problem.message.ends_with("while parsing"), "{problem:?}");
}

#[test]
fn damage_is_noticed() {
    notices_a_cut(SAMPLE);
    let cases = [
        ("severity=\"error\"", "severity=\"dreadful\"", "", "`dreadful`"),
        ("severity=\"error\" ", "", "", "an empty text"),
        ("line=\"12\"", "line=\"-1\"", "", ""),
        ("line=\"12\"", "line=\"99999999999999999999\"", "", ""),
        ("message=\"Todo\" ", "", "`message` is missing", ""),
        (" name=\"/w/src/B.java\"", "", "`name` is missing", ""),
    ];
    for (from, to, problem, note) in cases {
        let (foreign, _) = said(&SAMPLE.replace(from, to)).unwrap();
        assert_eq!(foreign.findings.len(), 3, "{to}");
        assert_eq!(foreign.problems.len(), usize::from(!problem.is_empty()), "{from}: {:?}", foreign.problems);
        assert!(foreign.problems.iter().all(|said| said.message.contains(problem)), "{:?}", foreign.problems);
        assert!(note.is_empty() || foreign.notes[0].contains(note), "{:?}", foreign.notes);
    }
    assert!(said("<checkstyle><file name=\"a\"></checkstyle>").is_err());
    assert!(said(&"<checkstyle>".repeat(10_000)).is_err());
    assert!(said("<html><body/></html>").unwrap_err().to_string().contains("<html>"));
}
