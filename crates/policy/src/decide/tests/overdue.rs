//! Findings that the base has had for too long.

use tollgate_model::{Severity, State};

use super::*;
use crate::Seen;

const TODAY: &str = "2026-11-21";

fn found(n: usize, severity: Option<Severity>, state: Option<State>, first: Option<&str>) -> Finding {
    let first_seen = first.map(|day| Date::parse(day).unwrap());
    Finding { severity, first_seen, ..finding(n, state) }
}

fn of(checker: &str, findings: Vec<Finding>) -> Report {
    Report { findings, ..report(checker, Vec::new()) }
}

/// A run that found `findings`, on a base that is known.
fn known(condition: &str, findings: Vec<Finding>) -> Case {
    let base = vec![of("bundle", Vec::new()), of("coverage", Vec::new())];
    let reports = vec![of("bundle", Vec::new()), of("coverage", findings)];
    Case { base: Ok(base), ..Case::new(gate(&[condition]), reports) }
}

fn unchanged(severity: Severity, first: &str) -> Finding {
    found(0, Some(severity), Some(State::Unchanged), Some(first))
}

#[test]
fn what_stayed_too_long_fails() {
    for (condition, finding, verdict, says) in [
        ("findings.overdue == 0", unchanged(Severity::High, "2026-11-14"), Verdict::Pass, "is 0"),
        (
            "findings.overdue == 0",
            unchanged(Severity::High, "2026-11-13"),
            Verdict::Fail,
            "the worst is P1 coverage/x (m), first seen 2026-11-13, 1 day overdue",
        ),
        ("findings.overdue == 0", unchanged(Severity::Critical, TODAY), Verdict::Fail, "P0 coverage/x"),
        ("findings.overdue <= 1", unchanged(Severity::Critical, TODAY), Verdict::Pass, "is 1"),
        ("findings.overdue{class=\"P0\"} == 0", unchanged(Severity::High, "2026-01-01"), Verdict::Pass, "is 0"),
        ("findings.overdue{class=\"P1\"} == 0", unchanged(Severity::High, "2026-01-01"), Verdict::Fail, "P1"),
        ("findings.overdue{checker=\"bundle\"} == 0", unchanged(Severity::High, "2026-01-01"), Verdict::Pass, "is 0"),
        ("findings.overdue{path=\"b.ts\"} == 0", unchanged(Severity::High, "2026-01-01"), Verdict::Pass, "is 0"),
        ("findings.overdue{path=\"a.ts\"} == 0", unchanged(Severity::High, "2026-01-01"), Verdict::Fail, "is 1"),
        // Of no severity, new, gone, silenced.
        ("findings.overdue == 0", found(0, None, Some(State::Unchanged), Some("2020-01-01")), Verdict::Pass, "is 0"),
        ("findings.overdue == 0", found(0, Some(Severity::Critical), Some(State::New), None), Verdict::Pass, "is 0"),
        (
            "findings.overdue == 0",
            found(0, Some(Severity::Critical), Some(State::Absent), Some("2020-01-01")),
            Verdict::Pass,
            "is 0",
        ),
        (
            "findings.overdue == 0",
            Finding {
                suppressed: Some(tollgate_model::Suppression { reason: "r".to_owned(), owner: None, expires: None }),
                ..unchanged(Severity::Critical, "2020-01-01")
            },
            Verdict::Pass,
            "is 0",
        ),
        // Nobody knows since when.
        (
            "findings.overdue == 0",
            found(0, Some(Severity::Low), Some(State::Unchanged), None),
            Verdict::Unknown,
            "does not say on which day",
        ),
    ] {
        let shown = format!("{condition} {finding:?}");
        let (worst, text) = known(condition, vec![finding]).worst();
        assert_eq!(worst, verdict, "{shown}: {text}");
        assert!(text.contains(says), "{shown}: {text}");
    }
}

#[test]
fn the_worst_is_named_first_and_can_be_accepted() {
    let findings = vec![
        unchanged(Severity::Medium, "2020-01-01"),
        Finding { location: Some(Location::lines("z.ts", 9, 9)), ..unchanged(Severity::Critical, "2026-11-20") },
    ];
    let decision = known("findings.overdue == 0", findings).decide();
    let reason = &decision.gates[0].reasons[0];
    assert!(reason.text.starts_with("findings.overdue is 2: not 0; the worst is P0"), "{}", reason.text);
    assert_eq!(reason.places, ["z.ts:9", "a.ts:1"]);
    assert!(reason.next.as_ref().is_some_and(|next| next.contains("tollgate suppress v1:")), "{:?}", reason.next);
}

#[test]
fn what_cannot_be_told_of_one_checker_is_no_pass() {
    let condition = "findings.overdue == 0";
    let mut case = known(condition, Vec::new());
    assert_eq!(case.worst().0, Verdict::Pass);
    case.base = Err(BaseReports::NotYet("first run".to_owned()));
    assert_eq!(case.worst(), (Verdict::Warn, "findings.overdue has no base yet: first run".to_owned()));
    case.base = Err(BaseReports::Unknown("damaged".to_owned()));
    assert_eq!(case.worst().0, Verdict::Unknown);
    // The base's run knows one of the two.
    case.base = Ok(vec![of("coverage", Vec::new())]);
    assert_eq!(
        case.worst(),
        (Verdict::Warn, "findings.overdue has no base yet: the base has no report of bundle".to_owned())
    );
    // One did not see everything: what the other has is enough to fail, and not to pass.
    let mut case = known(condition, Vec::new());
    case.reports[0].status = Status::Incomplete;
    assert_eq!(case.worst().0, Verdict::Unknown);
    let mut case = known(condition, vec![unchanged(Severity::Critical, TODAY)]);
    case.reports[0].status = Status::Incomplete;
    let reasons = &case.decide().gates[0].reasons;
    assert_eq!(reasons[0].verdict, Verdict::Fail);
    // One left no report at all.
    let mut case = known(condition, Vec::new());
    case.reports.remove(0);
    let (verdict, text) = case.worst();
    assert!(verdict == Verdict::Unknown && text.contains("bundle left no report"), "{text}");
    // A checker that was left out on request: not judged.
    let mut case = known(condition, Vec::new());
    case.left_out.insert("bundle".to_owned());
    assert!(!case.decide().gates[0].judged);
    // None is configured.
    let mut case = known("findings.overdue{checker=\"bundle\"} == 0", Vec::new());
    case.reports.remove(0);
    case.configured.retain(|(checker, _)| checker != "bundle");
    assert_eq!(case.worst().0, Verdict::Unknown);
}

#[test]
fn days_are_kept_from_run_to_run() {
    let day = |text: &str| Date::parse(text).unwrap();
    let at = |n: usize, state| found(n, Some(Severity::High), state, None);
    // The first run of the base finds 0 and 1, the second 0 and 2.
    let mut first = [of("coverage", vec![at(0, None), at(1, None)])];
    let seen = Seen::of(&mut first, Some(day("2026-01-01")));
    let mut second = [of("coverage", vec![at(0, None), at(2, None)])];
    seen.carry(&mut second);
    let known = |base: &[Report], reports: &mut [Report]| {
        let before = base.to_vec();
        crate::mark_states(reports, &|_| BaseReports::Known(&before), &BTreeMap::new());
    };
    known(&first, &mut second);
    let days = |report: &Report| -> Vec<Option<Date>> { report.findings.iter().map(|f| f.first_seen).collect() };
    // The one that is gone keeps its day too, and counts nowhere.
    assert_eq!(days(&second[0]), [Some(day("2026-01-01")), None, Some(day("2026-01-01"))]);
    let seen = Seen::of(&mut second, Some(day("2026-02-01")));
    let mut third = [of("coverage", vec![at(0, None), at(1, None), at(2, None), at(3, None)])];
    known(&second, &mut third);
    assert_eq!(days(&third[0]), [Some(day("2026-01-01")), None, Some(day("2026-02-01")), None]);
    // On the base's own files, what came after the record counts from its day; of a checker that it lacks, from none.
    let mut trees = [of("coverage", vec![at(0, None), at(7, None)]), of("bundle", vec![at(7, None)])];
    seen.date(&mut trees);
    assert_eq!(days(&trees[0]), [Some(day("2026-01-01")), Some(day("2026-02-01"))]);
    assert_eq!(days(&trees[1]), [None]);
}
