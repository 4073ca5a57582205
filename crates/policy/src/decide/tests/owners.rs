//! Metrics whose name does not begin with the name of their checker.

use super::*;

fn tests(failed: Option<u64>) -> Report {
    let counts = failed.map(|n| [Metric::count("tests.failed", n), Metric::count("tests.run", 9)]);
    let lines = Metric::ratio("coverage.lines", 9, 10);
    report("coverage", counts.into_iter().flatten().chain(lines).collect())
}

const CONDITIONS: [&str; 2] = ["tests.failed == 0", "tests.run >= 1"];

#[test]
fn they_are_judged_by_their_checkers_report() {
    for (failed, verdict) in [(Some(0), Verdict::Pass), (Some(2), Verdict::Fail), (None, Verdict::Unknown)] {
        let decision = Case::new(gate(&CONDITIONS), vec![tests(failed)]).decide();
        assert_eq!(decision.verdict, verdict, "{failed:?}");
        assert_eq!(decision.warnings, [""; 0], "coverage is named by a gate");
        assert!(decision.gates[0].reasons.iter().all(|r| r.checker.as_deref() == Some("coverage") && r.own_run));
    }
    let mut case = Case::new(gate(&CONDITIONS), vec![tests(Some(0))]);
    case.reports[0].status = Status::Incomplete;
    case.reports[0].problems = vec![Problem::new(Cause::Missing, "junit.xml: not found")];
    assert_eq!(case.worst(), (Verdict::Unknown, "tests.failed is not known: junit.xml: not found".to_owned()));
    case.reports[0] = tests(Some(1));
    case.reports[0].status = Status::Incomplete;
    assert_eq!(case.decide().gates[0].reasons.iter().filter(|r| r.verdict == Verdict::Fail).count(), 1);
}

#[test]
fn what_is_missing_names_the_key_only_where_that_key_is_missing() {
    let mut case = Case::new(gate(&CONDITIONS), vec![tests(None)]);
    assert_eq!(case.worst(), (Verdict::Unknown, "tests.failed reported no such number".to_owned()));
    case.unset.insert("coverage.tests".to_owned());
    let reasons = &case.decide().gates[0].reasons;
    let text = "tests.failed is not known: coverage reports it only where coverage.tests is set";
    assert_eq!(reasons[0].text, text);
    assert_eq!(reasons[0].next.as_deref(), Some("set `tests` in [coverage], or take the condition out"));
    assert_eq!(reasons[1].text, "tests.run is not known, for the same reason");
    // A number that is there needs no key.
    case.reports = vec![tests(Some(0))];
    assert_eq!(case.decide().verdict, Verdict::Pass);
}

#[test]
fn they_stand_and_fall_with_their_checker() {
    let mut case = Case::new(gate(&CONDITIONS), vec![]);
    assert_eq!(case.worst(), (Verdict::Unknown, "tests.failed is not known: coverage is not configured".to_owned()));
    case.policy.gates[0].optional = vec!["coverage".to_owned()];
    assert!(!case.decide().gates[0].applies, "coverage is optional and not configured");
    case.left_out.insert("coverage".to_owned());
    assert!(!case.decide().gates[0].judged);
    case.left_out = BTreeSet::from(["bundle".to_owned()]);
    assert!(case.decide().gates[0].judged);
}

#[test]
fn their_base_and_their_scope_are_their_checkers() {
    let mut case = Case::new(gate(&["tests.run >= base"]), vec![tests(Some(0))]);
    case.base = Ok(vec![tests(Some(0))]);
    assert_eq!(case.decide().verdict, Verdict::Pass);
    case.base = Ok(vec![report("coverage", vec![Metric::count("tests.run", 10)])]);
    assert_eq!(case.worst(), (Verdict::Fail, "tests.run is 9: 1 short of the base (10)".to_owned()));
    let scope = Scope::new(vec!["docs/**".to_owned()], vec![]).unwrap();
    case.policy.instance_scopes = vec![crate::InstanceScope { checker: "coverage".to_owned(), instance: None, scope }];
    assert!(!case.decide().gates[0].applies, "coverage does not concern this change");
}
