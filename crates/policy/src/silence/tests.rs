//! What is silenced, what is not, and that no silence outlives its day.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tollgate_model::{Decision, Fingerprint, Location, Problem, Subject, Verdict, Word};

use super::*;
use crate::{BaseReports, Catalog, Change, Clause, Condition, Gate, Input, Policy, decide};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn today() -> Date {
    day("2026-11-21")
}

fn finding(checker: &str, name: &str, level: Level, confidence: Confidence) -> Finding {
    let place = Location::lines("a.ts", 7, 9);
    let mut finding = Finding::of(&[], &format!("{checker}/x"), "Something.", place, Fingerprint(format!("v1:{name}")));
    (finding.level, finding.confidence) = (level, confidence);
    finding
}

fn report(checker: &str, findings: Vec<Finding>) -> Report {
    let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::Tree };
    Report { findings, status: Status::Complete, ..Report::new(checker, "0.1.0", subject) }
}

fn entry(named: Named) -> Silenced {
    let place = ".tollgate/suppressions.toml:1".to_owned();
    let reason = "of a test".to_owned();
    Silenced { named, reason, accepted: false, owner: None, expires: None, rule: None, place }
}

fn by_name(name: &str) -> Silenced {
    entry(Named::Fingerprint(format!("v1:{name}")))
}

fn accepted(silenced: Silenced, until: &str) -> Silenced {
    Silenced { accepted: true, owner: Some("ops".to_owned()), expires: Some(day(until)), ..silenced }
}

fn lines(checker: &str, first: u32, last: u32) -> Silenced {
    let named = Named::Lines { rule: format!("{checker}/x"), path: "a.ts".to_owned(), first, last };
    accepted(entry(named), "2027-01-01")
}

/// `used`, `expired`, `refused` or `unused`.
fn ended(reports: &mut [Report], entry: &Silenced) -> &'static str {
    let entries = [entry.clone()];
    let silences = silence(reports, &entries, today());
    let lists = [silences.used.len(), silences.expired.len(), silences.refused.len(), silences.unused.len()];
    let words = ["used", "expired", "refused", "unused"];
    let mut told = lists.iter().zip(words).filter(|(count, _)| **count > 0).map(|(_, word)| word);
    let word = told.next().unwrap_or("untold");
    assert_eq!(told.next(), None, "{silences:?}");
    word
}

#[test]
fn strength_is_asked_for_where_a_finding_is_sure() {
    use Confidence::{High, Low, Medium};
    use Level::{Error, Note, Warning};
    let weak = || by_name("1");
    let strong = || accepted(by_name("1"), "2026-11-21");
    let in_source = |checker: &str| lines(checker, 6, 7);
    let cases = [
        ("workflows", Warning, High, weak(), "used"),
        ("workflows", Note, High, weak(), "used"),
        ("workflows", Error, Medium, weak(), "used"),
        ("workflows", Error, Low, weak(), "used"),
        ("workflows", Error, High, weak(), "refused"),
        ("workflows", Error, High, strong(), "used"),
        ("workflows", Error, High, in_source("workflows"), "used"),
        ("eslint", Error, High, in_source("eslint"), "used"),
        ("owasp", Error, Low, weak(), "refused"),
        ("owasp", Error, High, strong(), "used"),
        ("owasp", Error, High, in_source("owasp"), "refused"),
        ("owasp", Warning, High, in_source("owasp"), "used"),
        ("owasp", Warning, High, weak(), "used"),
        ("secrets", Note, Low, weak(), "refused"),
        ("secrets", Note, Low, strong(), "refused"),
        ("secrets", Note, Low, in_source("secrets"), "refused"),
        ("workflows", Error, High, accepted(by_name("1"), "2026-11-20"), "expired"),
        ("workflows", Note, High, Silenced { expires: Some(day("2026-11-20")), ..weak() }, "expired"),
        ("workflows", Note, High, by_name("2"), "unused"),
        ("workflows", Note, High, lines("eslint", 6, 7), "unused"),
        ("workflows", Note, High, lines("workflows", 5, 6), "unused"),
        ("workflows", Note, High, lines("workflows", 8, 9), "unused"),
    ];
    for (checker, level, confidence, silenced, wanted) in cases {
        let mut reports = [report(checker, vec![finding(checker, "1", level, confidence)])];
        let word = ended(&mut reports, &silenced);
        assert_eq!(word, wanted, "{checker} {level:?} {confidence:?} {silenced:?}");
        assert_eq!(reports[0].findings[0].suppressed.is_some(), wanted == "used", "{silenced:?}");
    }
}

#[test]
fn the_reason_travels_with_the_finding() {
    let mut reports = [report("x", vec![finding("x", "1", Level::Error, Confidence::High)])];
    assert_eq!(ended(&mut reports, &accepted(by_name("1"), "2027-01-01")), "used");
    let suppression = reports[0].findings[0].suppressed.clone().unwrap();
    assert_eq!(
        (suppression.reason.as_str(), suppression.owner.as_deref(), suppression.expires.as_deref()),
        ("of a test", Some("ops"), Some("2027-01-01"))
    );
}

#[test]
fn what_is_gone_or_silenced_already_is_left_alone() {
    let note = || finding("x", "1", Level::Note, Confidence::Low);
    let mut reports = [report("x", vec![Finding { state: Some(State::Absent), ..note() }])];
    assert_eq!(ended(&mut reports, &by_name("1")), "unused");
    assert_eq!(reports[0].findings[0].suppressed, None);
    let theirs = Suppression { reason: "theirs".to_owned(), owner: None, expires: None };
    let mut reports = [report("x", vec![Finding { suppressed: Some(theirs.clone()), ..note() }])];
    assert_eq!(ended(&mut reports, &by_name("1")), "used");
    assert_eq!(reports[0].findings[0].suppressed, Some(theirs));
}

#[test]
fn unused_ones_are_told_only_when_everything_was_seen_and_digests_never() {
    let mut reports = [report("x", Vec::new())];
    assert_eq!(ended(&mut reports, &by_name("1")), "unused");
    assert_eq!(ended(&mut reports, &entry(Named::Fingerprint("s1:00".to_owned()))), "untold");
    let problem = Problem::new(tollgate_model::Cause::Missing, "gone");
    let mut troubled = [Report { problems: vec![problem], ..report("x", Vec::new()) }];
    assert_eq!(ended(&mut troubled, &by_name("1")), "untold");
    let mut partial = [report("y", Vec::new()), Report { status: Status::Incomplete, ..report("x", Vec::new()) }];
    assert_eq!(ended(&mut partial, &by_name("1")), "untold");
}

#[test]
fn a_digest_is_its_checkers_business() {
    let mut one = finding("secrets", "1", Level::Error, Confidence::High);
    one.fingerprint = Fingerprint("s1:00".to_owned());
    let mut reports = [report("secrets", vec![one])];
    assert_eq!(ended(&mut reports, &entry(Named::Fingerprint("s1:00".to_owned()))), "untold");
    assert_eq!(reports[0].findings[0].suppressed, None);
}

#[test]
fn where_a_discreet_finding_is_stays_untold() {
    for discreet in [false, true] {
        let one = Finding { discreet, ..finding("secrets", "1", Level::Error, Confidence::High) };
        let entries = [by_name("1")];
        let mut reports = [report("secrets", vec![one])];
        let silences = silence(&mut reports, &entries, today());
        assert_eq!(silences.refused[0].at.is_none(), discreet);
    }
}

#[test]
fn one_that_has_expired_says_nothing_where_another_holds() {
    let entries = [accepted(by_name("1"), "2026-11-20"), lines("x", 7, 7)];
    let mut reports = [report("x", vec![finding("x", "1", Level::Error, Confidence::High)])];
    let silences = silence(&mut reports, &entries, today());
    assert_eq!((silences.used.len(), silences.expired.len()), (2, 0));
    assert_eq!(reports[0].findings[0].suppressed.as_ref().unwrap().expires.as_deref(), Some("2027-01-01"));
}

#[test]
fn only_what_both_have_counts_and_the_stricter_of_the_two() {
    let until = |text: &str| Silenced { expires: Some(day(text)), ..by_name("1") };
    let strong = |text: &str| accepted(by_name("1"), text);
    let cases = [
        (vec![], vec![by_name("1")], "", 1),
        (vec![by_name("1")], vec![], "", 0),
        (vec![by_name("1")], vec![by_name("1")], "weak forever", 0),
        (vec![until("2027-01-01")], vec![by_name("1")], "weak 2027-01-01", 1),
        (vec![until("2027-01-01")], vec![until("2027-02-01")], "weak 2027-01-01", 1),
        (vec![until("2027-02-01")], vec![until("2027-01-01")], "weak 2027-01-01", 0),
        (vec![by_name("1")], vec![until("2027-01-01")], "weak 2027-01-01", 0),
        (vec![by_name("1")], vec![strong("2027-01-01")], "weak 2027-01-01", 1),
        (vec![strong("2027-01-01")], vec![until("2027-01-01")], "weak 2027-01-01", 0),
        (vec![strong("2027-01-01")], vec![strong("2027-01-01")], "accepted 2027-01-01", 0),
    ];
    for (base, head, wanted, added) in cases {
        let (agreed, more) = agreed(&base, &head);
        let words = |entry: &Silenced| {
            let strength = if entry.accepted { "accepted" } else { "weak" };
            let until = entry.expires.map_or("forever".to_owned(), |day| day.to_string());
            format!("{strength} {until}")
        };
        let told: Vec<String> = agreed.iter().map(words).collect();
        assert_eq!((told.join(", ").as_str(), more.len()), (wanted, added), "{base:?} {head:?}");
    }
    let renamed = Silenced { reason: "another".to_owned(), ..by_name("1") };
    assert_eq!(agreed(&[by_name("1")], &[renamed]).0[0].reason, "of a test", "the base's words count");
}

/// What a gate that lets no finding pass makes of `reports`.
fn decided(reports: &[Report]) -> Decision {
    let mut catalog = Catalog::default();
    catalog.add("x", &[], &[], &[]);
    let condition = "x.findings == 0";
    let gate = Gate::new("None", vec![Clause::new(condition, Condition::parse(condition).unwrap(), true)]);
    decide(&Input {
        policy: &Policy { gates: vec![gate], ..Policy::default() },
        catalog: &catalog,
        reports,
        base: &|_| BaseReports::NotYet("first run".to_owned()),
        record: BaseReports::NotYet("first run".to_owned()),
        change: &Change::Known(Vec::new()),
        event: "local",
        steps: None,
        needs: None,
        left_out: &BTreeSet::new(),
        configured: &BTreeSet::from([("x".to_owned(), None)]),
        unset: &BTreeSet::new(),
        today: today(),
        again: None,
    })
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let levels = prop::sample::select(vec![Level::Note, Level::Warning, Level::Error]);
    let sure = prop::sample::select(vec![Confidence::Low, Confidence::Medium, Confidence::High]);
    let states = prop::sample::select(vec![None, Some(State::New), Some(State::Unchanged), Some(State::Absent)]);
    (0u8..6, levels, sure, states)
        .prop_map(|(name, level, sure, state)| Finding { state, ..finding("x", &name.to_string(), level, sure) })
}

/// An entry whose last day is `days` from today, if it has one.
fn any_entry(days: std::ops::Range<i64>) -> impl Strategy<Value = Silenced> {
    (0u8..6, any::<bool>(), days).prop_map(|(name, strong, days)| {
        let last = Date::from_unix(((today().days() + days) * 86_400) as u64);
        Silenced { accepted: strong, expires: Some(last), ..by_name(&name.to_string()) }
    })
}

proptest! {
    #[test]
    fn a_gate_fails_exactly_for_what_nobody_silenced(
        findings in prop::collection::vec(any_finding(), 0..8),
        entries in prop::collection::vec(any_entry(-3..4), 0..8),
    ) {
        let mut reports = [report("x", findings)];
        silence(&mut reports, &entries, today());
        let counted = reports[0].findings.iter().filter(|f| f.suppressed.is_none() && f.state != Some(State::Absent));
        let wanted = if counted.count() == 0 { Verdict::Pass } else { Verdict::Fail };
        prop_assert_eq!(decided(&reports).verdict, wanted);
        let silent = reports[0].findings.iter().filter(|f| f.suppressed.is_some());
        for finding in silent {
            let holds = |e: &Silenced| e.named == Named::Fingerprint(finding.fingerprint.0.clone()) && e.holds(today());
            prop_assert!(entries.iter().any(holds));
            prop_assert!(finding.state != Some(State::Absent));
        }
    }

    #[test]
    fn what_has_expired_counts(
        findings in prop::collection::vec(any_finding(), 0..8),
        entries in prop::collection::vec(any_entry(-400..0), 0..8),
    ) {
        let before = [report("x", findings)];
        let mut after = before.clone();
        let silences = silence(&mut after, &entries, today());
        prop_assert!(silences.used.is_empty());
        prop_assert_eq!(&before, &after);
    }

    #[test]
    fn a_change_silences_no_more_than_its_base(
        findings in prop::collection::vec(any_finding(), 0..8),
        base in prop::collection::btree_map(0u8..6, any_entry(-3..4), 0..6),
        head in prop::collection::btree_map(0u8..6, any_entry(-3..4), 0..6),
    ) {
        let list = |all: BTreeMap<u8, Silenced>| -> Vec<Silenced> {
            all.into_iter().map(|(name, entry)| Silenced { named: by_name(&name.to_string()).named, ..entry }).collect()
        };
        let (base, head) = (list(base), list(head));
        let silent = |entries: &[Silenced]| {
            let mut reports = [report("x", findings.clone())];
            silence(&mut reports, entries, today());
            reports[0].findings.iter().map(|f| f.suppressed.is_some()).collect::<Vec<_>>()
        };
        let both = silent(&agreed(&base, &head).0);
        for (both, (base, head)) in both.into_iter().zip(silent(&base).into_iter().zip(silent(&head))) {
            prop_assert!(!both || (base && head));
        }
    }
}
