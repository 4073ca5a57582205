//! Reports by hand and by chance.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use tollgate_model::{
    Cause, Confidence, Example, Finding, Fingerprint, Level, Location, NotApplicable, Problem, Region, Report, Rule,
    Severity, State, Status, Subject, Suppression, Word,
};

pub(crate) fn report(checker: &str) -> Report {
    let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::Tree };
    let mut report = Report::new(checker, "0.1.0", subject);
    report.status = Status::Complete;
    report.rules = vec![rule(&format!("{checker}/x"))];
    report
}

pub(crate) fn rule(id: &str) -> Rule {
    Rule {
        id: id.to_owned(),
        title: "Something is there".to_owned(),
        why: "It matters for a good reason.".to_owned(),
        mend: "Take it away.".to_owned(),
        level: Level::Warning,
        severity: None,
        confidence: Confidence::High,
        tags: Vec::new(),
        of_change: false,
        of_evidence: false,
        references: Vec::new(),
        examples: vec![Example { about: "one".to_owned(), text: "x".to_owned(), source: None }],
        counter_examples: Vec::new(),
    }
}

pub(crate) fn finding(rule: &str, location: Option<Location>) -> Finding {
    Finding {
        rule: rule.to_owned(),
        level: Level::Error,
        severity: None,
        confidence: Confidence::High,
        message: "Something is there.".to_owned(),
        location,
        kind: None,
        discreet: false,
        related: Vec::new(),
        fingerprint: Fingerprint("v1:00000000000000000000000000000000".to_owned()),
        state: None,
        first_seen: None,
        suppressed: None,
        properties: std::collections::BTreeMap::new(),
    }
}

/// Any text that is not empty, control characters and long ones included.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>().prop_map(|s| format!("x{s}")), ".{1,40}", Just("long ä\u{0}".repeat(3000))]
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z./: %\\\\?#]{0,20}", "(/|[.]{1,2}/){0,3}[a-z]{1,5}"]
}

fn region() -> impl Strategy<Value = Region> {
    (1..u32::MAX / 2, 0..50u32, option::of((1..500u32, 0..50u32))).prop_map(|(start_line, more, columns)| Region {
        start_line,
        end_line: start_line + more,
        start_column: columns.map(|(start, _)| start),
        end_column: columns.map(|(start, more)| start + more),
    })
}

fn location() -> impl Strategy<Value = Location> {
    (path(), option::of(region())).prop_map(|(path, region)| Location { path, region })
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let axes = (select(Level::ALL), option::of(select(Severity::ALL)), select(Confidence::ALL));
    let tags = proptest::collection::vec(prop_oneof![Just("security".to_owned()), "[a-z]{1,8}"], 0..25);
    ("[a-z]{1,5}(-[a-z0-9]{1,5}){0,30}", text(), text(), text(), axes, tags).prop_map(
        |(name, title, why, mend, (level, severity, confidence), tags)| Rule {
            title,
            why,
            mend,
            level,
            severity,
            confidence,
            tags,
            ..rule(&format!("demo/{name}"))
        },
    )
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let suppression = (any::<String>(), option::of(any::<String>()), option::of("20[0-9]{2}-01-0[1-9]"))
        .prop_map(|(reason, owner, expires)| Suppression { reason, owner, expires });
    let state = option::of(select(vec![State::New, State::Unchanged, State::Absent]));
    let related = proptest::collection::vec(location(), 0..3);
    (text(), option::of(location()), related, state, option::of(suppression), "v1:[0-9a-f]{32}").prop_map(
        |(message, location, related, state, suppressed, fingerprint)| Finding {
            message,
            related,
            state,
            suppressed,
            fingerprint: Fingerprint(fingerprint),
            ..finding("", location)
        },
    )
}

/// A report of hostile texts whose findings name its rules.
pub(crate) fn any_report() -> impl Strategy<Value = Report> {
    let rules = proptest::collection::vec(any_rule(), 1..4);
    let findings = proptest::collection::vec((any_finding(), any::<prop::sample::Index>()), 0..6);
    let problems = proptest::collection::vec((text(), option::of(path())), 0..3);
    let root = prop_oneof![Just(".".to_owned()), "[a-z]{1,4}(/[a-z]{1,4})?", path()];
    let status = select(vec![Status::Complete, Status::Incomplete, Status::Empty]);
    (rules, findings, problems, root, status, option::of("[a-z/]{0,6}")).prop_map(
        |(rules, findings, problems, root, status, instance)| {
            let mut report = report("demo");
            report.findings = findings
                .into_iter()
                .map(|(finding, at)| Finding { rule: at.get(&rules).id.clone(), ..finding })
                .collect();
            report.rules = rules;
            report.problems =
                problems.into_iter().map(|(message, path)| Problem { cause: Cause::Missing, message, path }).collect();
            report.not_applicable =
                vec![NotApplicable { what: "demo.x".to_owned(), because: report.rules[0].why.clone() }];
            report.subject.root = root;
            report.status = status;
            report.instance = instance;
            report
        },
    )
}
