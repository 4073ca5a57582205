//! What conditions may name, by example.

use super::*;

fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    let metrics = [
        MetricSpec::new("coverage.lines", Unit::Percent, "lines").labels(&["path"]),
        MetricSpec::new("coverage.patch", Unit::Percent, "patch").of_change(),
        MetricSpec::new("tests.failed", Unit::Count, "failed").needs_option("coverage.tests"),
        MetricSpec::new("tests.run", Unit::Count, "run"),
    ];
    let rule =
        r#"{"id": "coverage/uncovered-lines", "title": "", "why": "", "mend": "", "level": "note", "examples": []}"#;
    catalog.add("coverage", &metrics, &[serde_json::from_str(rule).unwrap()], &[]);
    catalog
}

fn check(text: &str) -> Result<(), String> {
    catalog().check(&Condition::parse(text).unwrap())
}

#[test]
fn what_exists_may_be_named() {
    for text in [
        "coverage.lines >= 80%",
        "coverage.lines{path=\"apps/api\"} >= base - 1%",
        "coverage.lines{target=\"web\"} >= 80%",
        "coverage.findings{level=\"warning\",rule=\"coverage/uncovered-lines\",state=\"new\"} == 0",
        "coverage.findings <= base + 5%",
        "findings.overdue == 0",
        "findings.overdue{class=\"P0\",checker=\"coverage\",path=\"src\"} <= 2",
        "policy.relaxations == 0",
        "steps.anything == success",
        "tests.failed == 0",
        "tests.run >= base",
        "tests.run{target=\"web\"} >= 1",
    ] {
        assert_eq!(check(text), Ok(()), "{text}");
    }
}

#[test]
fn what_does_not_exist_is_named_with_advice() {
    for (text, word) in [
        ("covrage.lines >= 80%", "did you mean `coverage`"),
        ("test.failed == 0", "did you mean `tests`"),
        ("tests.faild == 0", "did you mean `tests.failed`"),
        ("tests.findings == 0", "known: tests.failed, tests.run"),
        ("tests.failed{path=\"src\"} == 0", "no label `path`"),
        ("tests.failed == 0%", "a bare number"),
        ("coverage.line >= 80%", "did you mean `coverage.lines`"),
        ("coverage.lines{file=\"x\"} >= 80%", "no label `file`"),
        ("coverage.lines >= 80", "a percentage such as 80%"),
        ("coverage.lines >= 80 KB", "a percentage such as 80%"),
        ("coverage.lines >= base - 3", "a percentage"),
        ("coverage.lines >= 101%", "at most 100%"),
        ("coverage.patch >= base", "compare it with a number"),
        ("coverage.findings == 0%", "a bare number"),
        ("coverage.findings{level=\"eror\"} == 0", "did you mean `error`"),
        ("coverage.findings{rule=\"coverage/uncovered-line\"} == 0", "did you mean `coverage/uncovered-lines`"),
        ("coverage.findings{colour=\"red\"} == 0", "no label `colour`"),
        ("findings.overdue{clas=\"P0\"} == 0", "did you mean `class`"),
        ("findings.overdue{class=\"P7\"} == 0", "no finding has class"),
        ("findings.overdue{checker=\"covrage\"} == 0", "did you mean `coverage`"),
        ("findings.overdu == 0", "did you mean `findings.overdue`"),
    ] {
        let message = check(text).unwrap_err();
        assert!(message.contains(word), "{text}: {message}");
    }
}

#[test]
fn a_source_has_metrics_below_its_name_and_rules_that_nobody_knows() {
    let mut catalog = catalog();
    let incomplete = MetricSpec::new("incomplete", Unit::Count, "").labels(&["url"]);
    catalog.add_source("axe", &[incomplete]);
    let check = |text: &str| catalog.check(&Condition::parse(text).unwrap());
    for text in [
        "axe.incomplete == 0",
        "axe.incomplete{url=\"/\"} <= base",
        "axe.findings{severity=\"critical\",state=\"new\"} == 0",
        "axe.findings{rule=\"color-contrast\"} == 0",
    ] {
        assert_eq!(check(text), Ok(()), "{text}");
    }
    for (text, word) in [
        ("axe.incomplet == 0", "did you mean `axe.incomplete`"),
        ("incomplete == 0", "has the name `incomplete`"),
        ("axe.incomplete{page=\"/\"} == 0", "`axe.incomplete` has no label `page`"),
        ("axe.findings{severity=\"serious\"} == 0", "no finding has severity"),
    ] {
        let message = match Condition::parse(text) {
            Ok(condition) => catalog.check(&condition).unwrap_err(),
            Err(error) => format!("has the name `incomplete`: {error}"),
        };
        assert!(message.contains(word), "{text}: {message}");
    }
    assert_eq!(catalog.owner(&Condition::parse("axe.incomplete == 0").unwrap()), Some("axe"));
    assert_eq!(catalog.clash(), None);
    catalog.add_source("tests", &[MetricSpec::new("failed", Unit::Count, "")]);
    assert!(catalog.clash().is_some());
}

#[test]
fn the_owner_is_whoever_reports_the_metric() {
    let catalog = catalog();
    for (text, owner) in [
        ("coverage.lines >= 80%", Some("coverage")),
        ("tests.failed == 0", Some("coverage")),
        ("coverage.findings == 0", Some("coverage")),
        ("latency.p99 <= 1 s", Some("latency")),
        ("steps.test == success", None),
    ] {
        assert_eq!(catalog.owner(&Condition::parse(text).unwrap()), owner, "{text}");
    }
}

#[test]
fn a_name_that_means_two_things_is_found() {
    assert_eq!(catalog().clash(), None);
    let count = |name| MetricSpec::new(name, Unit::Count, "");
    for (metric, word) in [
        ("tests.failed", "`tests.failed` is claimed by coverage and by other"),
        ("coverage.total", "`coverage.total` of other reads as"),
        ("needs.build", "`needs.build` of other"),
        ("other.findings", "`other.findings` of other"),
    ] {
        let mut catalog = catalog();
        catalog.add("other", &[count(metric)], &[], &[]);
        let clash = catalog.clash().unwrap();
        assert!(clash.starts_with(word), "{metric}: {clash}");
    }
}
