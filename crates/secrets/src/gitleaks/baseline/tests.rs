use proptest::prelude::*;

use super::Baseline;

fn finding(secret: &str) -> String {
    format!(
        r#"{{"RuleID":"rule-a","Description":"d","StartLine":3,"EndLine":3,"StartColumn":1,"EndColumn":9,"Match":"key={secret}",
        "Secret":"{secret}","File":"a.env","SymlinkFile":"","Commit":"","Entropy":3.5,"Author":"","Tags":[],"Fingerprint":"a.env:rule-a:3"}}"#
    )
}

fn read(text: &str) -> Baseline {
    Baseline::read("report.json", text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_value_is_known_wherever_it_stands() {
    let value = ["Zx81", "qwert", "9Lm"].concat();
    let baseline = read(&format!("\u{feff}[{}]", finding(&value)));
    assert!(baseline.knows(value.as_bytes(), "elsewhere", &["other"], 77));
    assert!(!baseline.knows(b"another", "a.env", &["rule-a"], 3), "another value in the same place is new");
    assert!(!format!("{baseline:?}").contains(&value));
    assert_eq!(format!("{baseline:?}"), "Baseline { 1 values, 0 places }");
}

#[test]
fn a_redacted_finding_is_known_by_its_place() {
    for secret in ["REDACTED", "Zx8...", ""] {
        let baseline = read(&format!("[{}]", finding(secret)));
        assert!(baseline.knows(b"anything", "a.env", &["other", "rule-a"], 3), "{secret}");
        for (file, rule, line) in [("b.env", "rule-a", 3), ("a.env", "rule-b", 3), ("a.env", "rule-a", 4)] {
            assert!(!baseline.knows(b"anything", file, &[rule], line), "{secret} {file} {rule} {line}");
        }
        assert!(!baseline.knows(secret.as_bytes(), "b.env", &[], 3), "the mark is no value");
    }
}

#[test]
fn what_is_no_report_is_refused_and_not_quoted() {
    let value = ["Zx81", "qwert"].concat();
    let misplaced = format!(r#"[{{"RuleID":"a","File":"f","StartLine":"{value}","Secret":"s"}}]"#);
    let table = [
        (
            "",
            "r.json:1: expected a list of gitleaks findings, found an empty file; write it with `--report-format json`",
        ),
        (
            "{\"runs\":[]}",
            "r.json:1: expected a list of gitleaks findings, found an object, perhaps SARIF; write it with `--report-format json`",
        ),
        ("a,b", "found something that is no JSON list"),
        (
            "[\n{}]",
            "r.json:2: expected a gitleaks finding with RuleID, File, StartLine and Secret, found something else",
        ),
        ("[1]", "found something else"),
        ("[", "found the end of the file"),
        ("[]]", "found broken JSON"),
        (misplaced.as_str(), "found something else"),
    ];
    for (text, expected) in table {
        let error = Baseline::read("r.json", text.as_bytes()).expect_err(text).to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains(&value), "{error}");
    }
    assert_eq!(read(" [] ").len(), 0);
    let huge = vec![b' '; super::LARGEST + 1];
    let error = Baseline::read("r.json", &huge).expect_err("too long").to_string();
    assert!(
        error.starts_with("r.json: expected a gitleaks report of at most 67108864 bytes, found 67108865;"),
        "{error}"
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), deep in 0..2000_usize) {
        drop(Baseline::read("r", &bytes));
        drop(Baseline::read("r", "[".repeat(deep).as_bytes()));
    }
}
