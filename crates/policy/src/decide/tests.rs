//! What a decision must be, by example.

use tollgate_model::{
    Cause, Confidence, Finding, Fingerprinter, Judgement, Level, Location, Metric, MetricSpec, NotApplicable, Problem,
    Subject, Unit, Word,
};

mod overdue;
mod owners;
mod properties;

use super::*;
use crate::{Adopt, Clause, Condition, Quantity, Scope, TooClose};

fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    let coverage = [
        MetricSpec::new("coverage.lines", Unit::Percent, "").labels(&["path"]).counting("line"),
        MetricSpec::new("coverage.patch", Unit::Percent, "").of_change().counting("line"),
        MetricSpec::new("tests.failed", Unit::Count, "").needs_option("coverage.tests"),
        MetricSpec::new("tests.run", Unit::Count, "").needs_option("coverage.tests"),
    ];
    catalog.add("coverage", &coverage, &[rule("x", false), rule("new-lines", true)], &[]);
    let bundle = [
        MetricSpec::new("bundle.total", Unit::Bytes, ""),
        MetricSpec::new("bundle.size", Unit::Bytes, "").labels(&["type"]),
    ];
    catalog.add("bundle", &bundle, &[], &[]);
    catalog
}

fn rule(name: &str, of_change: bool) -> tollgate_model::Rule {
    let text = format!(
        r#"{{"id": "coverage/{name}", "title": "", "why": "", "mend": "", "level": "note", "examples": [], "of_change": {of_change}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn report(checker: &str, metrics: Vec<Metric>) -> Report {
    let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::OwnRun };
    Report { metrics, status: Status::Complete, ..Report::new(checker, "0.1.0", subject) }
}

fn coverage(covered: u64, all: u64) -> Report {
    report("coverage", vec![Metric::ratio("coverage.lines", covered, all).unwrap()])
}

fn finding(n: usize, state: Option<tollgate_model::State>) -> Finding {
    Finding {
        rule: "coverage/x".to_owned(),
        level: Level::Warning,
        severity: None,
        confidence: Confidence::High,
        message: "m".to_owned(),
        location: Some(Location::lines("a.ts", n as u32 + 1, n as u32 + 1)),
        kind: None,
        discreet: false,
        related: Vec::new(),
        fingerprint: Fingerprinter::default().next("coverage/x", "a.ts", &n.to_string()),
        state,
        first_seen: None,
        suppressed: None,
        properties: BTreeMap::new(),
    }
}

fn clause(text: &str) -> Clause {
    Clause::new(text, Condition::parse(text).unwrap(), true)
}

fn gate(conditions: &[&str]) -> Gate {
    Gate::new("Tests", conditions.iter().map(|c| clause(c)).collect())
}

/// A whole input with its parts owned.
#[derive(Debug)]
struct Case {
    policy: Policy,
    reports: Vec<Report>,
    base: Result<Vec<Report>, BaseReports<'static>>,
    change: Change,
    event: &'static str,
    steps: Option<BTreeMap<String, String>>,
    left_out: BTreeSet<String>,
    configured: BTreeSet<(String, Option<String>)>,
    unset: BTreeSet<String>,
}

impl Case {
    fn new(gate: Gate, reports: Vec<Report>) -> Self {
        Self {
            policy: Policy { gates: vec![gate], ..Policy::default() },
            configured: reports.iter().map(|r| (r.checker.clone(), r.instance.clone())).collect(),
            reports,
            base: Err(BaseReports::NotYet("first run".to_owned())),
            change: Change::Known(vec!["src/a.ts".to_owned()]),
            event: "pull_request",
            steps: None,
            left_out: BTreeSet::new(),
            unset: BTreeSet::new(),
        }
    }

    fn decide(&self) -> Decision {
        let base = |_: &str| match &self.base {
            Ok(reports) => BaseReports::Known(reports),
            Err(other) => other.clone(),
        };
        decide(&Input {
            policy: &self.policy,
            catalog: &catalog(),
            reports: &self.reports,
            base: &base,
            record: base(""),
            change: &self.change,
            event: self.event,
            steps: self.steps.as_ref(),
            needs: None,
            left_out: &self.left_out,
            configured: &self.configured,
            unset: &self.unset,
            today: Date::parse("2026-11-21").unwrap(),
            again: Some(" --root shop"),
        })
    }

    /// Verdict and text of the worst reason.
    fn worst(&self) -> (Verdict, String) {
        let decision = self.decide();
        let reason = &decision.gates[0].reasons[0];
        (reason.verdict, reason.text.clone())
    }
}

#[test]
fn a_reason_says_the_number_and_the_distance() {
    let worst = Case::new(gate(&["coverage.lines >= 80%"]), vec![coverage(7_997, 10_000)]).worst();
    let text = "coverage.lines is 79.97 % (7,997 of 10,000): 3 lines short of 80 %";
    assert_eq!(worst, (Verdict::Fail, text.to_owned()));
    let worst = Case::new(gate(&["coverage.lines >= 80%"]), vec![coverage(8_000, 10_000)]).worst();
    assert_eq!(worst, (Verdict::Pass, "coverage.lines is 80 % (8,000 of 10,000): at least 80 %".to_owned()));
}

#[test]
fn what_was_not_seen_never_passes() {
    let mut incomplete = coverage(9, 10);
    incomplete.status = Status::Incomplete;
    incomplete.problems.push(Problem::new(Cause::Missing, "b.info: not found"));
    let mut empty = report("coverage", vec![]);
    empty.status = Status::Empty;
    for (reports, word) in [
        (vec![incomplete], "b.info: not found"),
        (vec![empty], "examined nothing"),
        (vec![report("coverage", vec![])], "reported no such number"),
        (vec![], "not configured"),
    ] {
        let case = Case::new(gate(&["coverage.lines >= 80%"]), reports);
        let (verdict, text) = case.worst();
        assert!(verdict == Verdict::Unknown && text.contains(word), "{text}");
        assert_eq!(case.decide().verdict, Verdict::Unknown);
    }
}

#[test]
fn an_incomplete_report_can_fail_and_the_run_is_unknown() {
    let mut incomplete = coverage(1, 10);
    incomplete.status = Status::Incomplete;
    let case = Case::new(gate(&["coverage.lines >= 80%"]), vec![incomplete]);
    assert_eq!(case.worst().0, Verdict::Fail);
    assert_eq!(case.decide().verdict, Verdict::Unknown);
    assert_eq!(case.decide().unfinished, ["coverage"]);
}

#[test]
fn a_problem_of_what_does_not_concern_the_change_does_not_count() {
    let mut docs = report("coverage", vec![]);
    docs.status = Status::Incomplete;
    docs.problems.push(Problem::new(Cause::Missing, "no report"));
    let because = "no file of code differs".to_owned();
    docs.not_applicable.push(NotApplicable { what: "coverage.patch".to_owned(), because });
    let decide = |conditions: &[&str], reports: Vec<Report>| {
        let decision = Case::new(gate(conditions), reports).decide();
        (decision.verdict, decision.unfinished)
    };
    assert_eq!(decide(&["coverage.patch >= 80%"], vec![docs.clone()]), (Verdict::Pass, vec![]));
    let unknown = || (Verdict::Unknown, vec!["coverage".to_owned()]);
    assert_eq!(decide(&["coverage.patch >= 80%", "coverage.lines >= 80%"], vec![docs.clone()]), unknown());
    assert_eq!(decide(&["coverage.patch >= 80%"], vec![docs.clone(), docs]), unknown(), "another may be asked for");
}

#[test]
fn a_problem_counts_even_where_no_gate_names_the_checker() {
    let mut bundle = report("bundle", vec![]);
    bundle.problems.push(Problem::new(Cause::Unreadable, "x"));
    let case = Case::new(gate(&["coverage.lines >= 80%"]), vec![bundle, coverage(9, 10)]);
    let decision = case.decide();
    assert_eq!((decision.gates[0].verdict, decision.verdict), (Verdict::Pass, Verdict::Unknown));
    assert_eq!(decision.warnings, ["bundle is configured, but no gate names its metrics"]);
}

#[test]
fn what_does_not_concern_the_change_does_not_apply() {
    let mut docs = coverage(9, 10);
    let because = "no coverable line among 1 changed file".to_owned();
    docs.not_applicable.push(NotApplicable { what: "coverage.patch".to_owned(), because });
    let case = Case::new(gate(&["coverage.patch >= 80%"]), vec![docs]);
    let decision = case.decide();
    let gate = &decision.gates[0];
    assert_eq!((decision.verdict, gate.verdict, gate.applies), (Verdict::Pass, Verdict::Pass, false));
    assert_eq!(gate.reasons[0].text, "no coverable line among 1 changed file");
}

#[test]
fn scopes_exclude_at_every_level() {
    let docs = Scope::new(vec!["docs/**".to_owned()], vec![]).unwrap();
    let failing = || Case::new(gate(&["coverage.lines >= 80%"]), vec![coverage(1, 10)]);
    assert_eq!(failing().decide().verdict, Verdict::Fail);
    let by_gate = {
        let mut case = failing();
        case.policy.gates[0].scope = docs.clone();
        case
    };
    let by_clause = {
        let mut case = failing();
        case.policy.gates[0].clauses[0].scope = docs.clone();
        case
    };
    let by_checker = {
        let mut case = failing();
        let scope = crate::InstanceScope { checker: "coverage".to_owned(), instance: None, scope: docs };
        case.policy.instance_scopes.push(scope);
        case.reports.clear();
        case
    };
    for case in [by_gate, by_clause, by_checker] {
        let decision = case.decide();
        assert_eq!((decision.verdict, decision.gates[0].applies), (Verdict::Pass, false));
    }
}

#[test]
fn the_change_must_be_known_for_a_metric_of_the_change() {
    let patch = report("coverage", vec![Metric::ratio("coverage.patch", 1, 1).unwrap()]);
    let mut case = Case::new(gate(&["coverage.patch >= 80%"]), vec![patch]);
    assert_eq!(case.worst().0, Verdict::Pass);
    case.change = Change::NotYet("no remote".to_owned());
    assert_eq!(case.worst(), (Verdict::Warn, "coverage.patch has no base yet: no remote".to_owned()));
    case.change = Change::Unknown("shallow clone".to_owned());
    assert_eq!(case.worst().0, Verdict::Unknown);
}

#[test]
fn the_base_is_a_number_like_any_other() {
    let mut case = Case::new(gate(&["coverage.lines >= base - 0.5%"]), vec![coverage(945, 1000)]);
    assert_eq!(case.worst(), (Verdict::Warn, "coverage.lines has no base yet: first run".to_owned()));
    case.base = Ok(vec![coverage(95, 100)]);
    assert_eq!(case.worst().0, Verdict::Pass);
    case.base = Ok(vec![coverage(951, 1000)]);
    assert_eq!(case.worst().0, Verdict::Fail);
    case.base = Ok(vec![report("coverage", vec![])]);
    assert_eq!(case.worst().0, Verdict::Warn);
    case.base = Ok(vec![Report { status: Status::Incomplete, ..coverage(1, 100) }]);
    assert_eq!(case.worst().0, Verdict::Unknown);
    case.base = Err(BaseReports::Unknown("base.json: truncated".to_owned()));
    assert_eq!(case.worst().0, Verdict::Unknown);
}

#[test]
fn findings_are_counted_without_the_absent_and_the_suppressed() {
    use tollgate_model::State::{Absent, New, Unchanged};
    let mut silent = finding(3, Some(New));
    let reason = "known".to_owned();
    silent.suppressed = Some(tollgate_model::Suppression { reason, owner: None, expires: None });
    let findings = vec![finding(0, Some(New)), finding(1, Some(Unchanged)), finding(2, Some(Absent)), silent];
    let reports = vec![Report { findings: findings.clone(), ..coverage(9, 10) }];
    let before = vec![Report { findings, ..coverage(9, 10) }];
    for (condition, verdict) in [
        ("coverage.findings == 2", Verdict::Pass),
        ("coverage.findings{state=\"new\"} == 1", Verdict::Pass),
        ("coverage.findings{state=\"new\"} == 0", Verdict::Fail),
        ("coverage.findings{level=\"error\"} == 0", Verdict::Pass),
        ("coverage.findings{path=\"a.ts\"} == 2", Verdict::Pass),
        ("coverage.findings{path=\"src\"} == 0", Verdict::Pass),
        ("coverage.findings <= base", Verdict::Pass),
        ("coverage.findings <= base - 1", Verdict::Fail),
    ] {
        let mut case = Case::new(gate(&[condition]), reports.clone());
        case.base = Ok(before.clone());
        assert_eq!(case.worst().0, verdict, "{condition}: {}", case.worst().1);
    }
    let case = Case::new(gate(&["coverage.findings == 0"]), reports);
    let decision = case.decide();
    assert_eq!(decision.gates[0].reasons[0].text, "coverage.findings is 2: not 0");
    assert_eq!(decision.gates[0].reasons[0].places, ["a.ts:1", "a.ts:2"]);
}

#[test]
fn every_matching_series_must_hold_and_none_is_unknown() {
    let size = |kind: &str, bytes| Metric::bytes("bundle.size", bytes).label("type", kind);
    let bundle = report("bundle", vec![size("js", 400), size("css", 90)]);
    let case = |condition: &str| Case::new(gate(&[condition]), vec![bundle.clone()]).worst();
    assert_eq!(case("bundle.size{type=\"js\"} <= 500 B").0, Verdict::Pass);
    assert_eq!(case("bundle.size{type=\"js\"} <= 399 B").0, Verdict::Fail);
    let (verdict, text) = case("bundle.size{type=\"font\"} <= 500 B");
    assert_eq!((verdict, text.as_str()), (Verdict::Unknown, "bundle.size{type=\"font\"} matched nothing"));
    let web = Report {
        instance: Some("web".to_owned()),
        ..report("bundle", vec![Metric::bytes("bundle.total", 700).label("target", "web")])
    };
    let docs = Report {
        instance: Some("docs".to_owned()),
        ..report("bundle", vec![Metric::bytes("bundle.total", 100).label("target", "docs")])
    };
    let case = Case::new(gate(&["bundle.total <= 600 B"]), vec![docs, web]);
    let text = "bundle.total{target=\"web\"} is 700 B: 100 B over 600 B (worst of 2)";
    assert_eq!(case.worst(), (Verdict::Fail, text.to_owned()));
}

#[test]
fn an_interval_must_hold_whole() {
    let patch = |low, high| {
        let metric = Metric::ratio("coverage.patch", 8, 10).unwrap().within(low, high);
        Case::new(gate(&["coverage.patch >= 80%"]), vec![report("coverage", vec![metric])])
    };
    assert_eq!(patch(80.0, 90.0).worst().0, Verdict::Pass);
    assert_eq!(patch(60.0, 79.9).worst().0, Verdict::Fail);
    let mut between = patch(70.0, 90.0);
    let (verdict, text) = between.worst();
    assert!(verdict == Verdict::Unknown && text.contains("anywhere from 70 % to 90 %"), "{text}");
    between.policy.gates[0].too_close = TooClose::Warn;
    let (verdict, text) = between.worst();
    assert!(verdict == Verdict::Warn && text.ends_with("; not proven"), "{text}");
}

#[test]
fn a_lenient_reading_of_one_series_does_not_hide_another() {
    let instance = |name: &str, covered, low, high| {
        let metric = Metric::ratio("coverage.lines", covered, 100).unwrap().within(low, high).label("target", name);
        Report { instance: Some(name.to_owned()), ..report("coverage", vec![metric]) }
    };
    let reports = vec![instance("a", 75, 50.0, 100.0), instance("b", 25, 0.0, 50.0)];
    let mut case = Case::new(gate(&["coverage.lines >= 80%"]), reports);
    case.policy.gates[0].too_close = TooClose::Warn;
    let (verdict, text) = case.worst();
    assert!(verdict == Verdict::Fail && text.contains("target=\"b\""), "{text}");
    case.reports.reverse();
    assert_eq!(case.worst().1, text);
}

#[test]
fn the_worst_series_is_the_one_farthest_off() {
    let size = |kind: &str, bytes| Metric::bytes("bundle.size", bytes).label("type", kind).label("path", kind);
    let bundle = report("bundle", vec![size("a", 700), size("b", 900), size("c", 800)]);
    let text = Case::new(gate(&["bundle.size{type=\"b\"} <= 600 B"]), vec![bundle.clone()]).worst().1;
    assert!(text.contains("300 B over"), "{text}");
    let web = |name: &str, bytes| Report {
        instance: Some(name.to_owned()),
        ..report("bundle", vec![Metric::bytes("bundle.total", bytes).label("target", name)])
    };
    let text = Case::new(gate(&["bundle.total <= 600 B"]), vec![web("a", 700), web("b", 900)]).worst().1;
    assert!(text.contains("target=\"b\"") && text.ends_with("(worst of 2)"), "{text}");
}

#[test]
fn an_instance_measured_otherwise_is_not_compared() {
    let instance = |name: &str, definition: &str, bytes| Report {
        instance: Some(name.to_owned()),
        definition: definition.to_owned(),
        ..report("bundle", vec![Metric::bytes("bundle.total", bytes).label("target", name)])
    };
    let head = vec![instance("a", "raw", 100), instance("b", "gzip", 10)];
    let mut case = Case::new(gate(&["bundle.total <= base"]), head);
    case.base = Ok(vec![instance("a", "raw", 100), instance("b", "raw", 30)]);
    let (verdict, text) = case.worst();
    assert!(verdict == Verdict::Warn && text.contains("no base yet"), "{text}");
    case.base = Ok(vec![instance("a", "raw", 100), instance("b", "gzip", 10)]);
    assert_eq!(case.worst().0, Verdict::Pass);
}

#[test]
fn doubts_about_the_evidence_are_told_and_block_nothing() {
    let told = |findings: Vec<Finding>, of_evidence: bool| {
        let rules = vec![tollgate_model::Rule { of_evidence, id: "coverage/x".to_owned(), ..rule("x", false) }];
        let case = Case::new(gate(&["coverage.lines >= 80%"]), vec![Report { findings, rules, ..coverage(9, 10) }]);
        let decision = case.decide();
        assert_eq!(decision.verdict, Verdict::Pass);
        decision.warnings
    };
    let says = |text: &str| Finding { message: text.to_owned(), ..finding(0, None) };
    assert_eq!(told(vec![says("old")], true), ["old"]);
    assert_eq!(told(vec![says("old")], false), [""; 0]);
    let reason = "known".to_owned();
    let suppressed = Some(tollgate_model::Suppression { reason, owner: None, expires: None });
    let unseen = [
        Finding { suppressed, ..says("old") },
        Finding { discreet: true, ..says("old") },
        Finding { state: Some(tollgate_model::State::Absent), ..says("old") },
        Finding { rule: "coverage/y".to_owned(), ..says("old") },
    ];
    assert_eq!(told(unseen.into(), true), [""; 0]);
    let many = (1..=7).map(|n| says(&n.to_string())).collect();
    assert_eq!(told(many, true), ["1", "2", "3", "4", "5", "2 more doubts like these"]);
}

#[test]
fn findings_about_the_change_need_the_change() {
    for (condition, of_change) in [
        ("coverage.findings{rule=\"coverage/new-lines\"} == 0", true),
        ("coverage.findings{rule=\"coverage/x\"} == 0", false),
        ("coverage.findings == 0", true),
    ] {
        let mut case = Case::new(gate(&[condition]), vec![coverage(9, 10)]);
        assert_eq!(case.worst().0, Verdict::Pass, "{condition}");
        case.change = Change::Unknown("shallow clone".to_owned());
        assert_eq!(case.worst().0 == Verdict::Unknown, of_change, "{condition}");
    }
}

#[test]
fn instances_are_excused_one_by_one() {
    let docs = Scope::new(vec!["docs/**".to_owned()], vec![]).unwrap();
    let web = Report {
        instance: Some("web".to_owned()),
        ..report("bundle", vec![Metric::bytes("bundle.total", 100).label("target", "web")])
    };
    let conditions =
        ["bundle.total <= 600 B", "bundle.total{target=\"docs\"} <= 1 B", "bundle.total{target=\"web\"} <= 600 B"];
    let mut case = Case::new(gate(&conditions), vec![web]);
    for (name, scope) in [("docs", docs), ("web", Scope::default())] {
        let (checker, instance) = ("bundle".to_owned(), Some(name.to_owned()));
        case.policy.instance_scopes.push(crate::InstanceScope { checker, instance, scope });
    }
    let decision = case.decide();
    let applying: Vec<bool> = decision.gates[0].reasons.iter().map(|r| r.applies).collect();
    assert_eq!((decision.verdict, applying), (Verdict::Pass, vec![true, true, false]));
}

#[test]
fn a_judgement_decides_its_own_target_only() {
    let target = Condition::parse("bundle.total <= 600 B").unwrap().target(Unit::Bytes).unwrap();
    let judgement = Judgement {
        target,
        verdict: Verdict::Fail,
        method: "sequential test".to_owned(),
        n: 1_200,
        message: "most are over".to_owned(),
        too_close: false,
    };
    let bundle = Report { judgements: vec![judgement], ..report("bundle", vec![Metric::bytes("bundle.total", 500)]) };
    let worst = Case::new(gate(&["bundle.total <= 600 B"]), vec![bundle.clone()]).worst();
    assert_eq!(worst, (Verdict::Fail, "most are over (sequential test, n = 1,200)".to_owned()));
    assert_eq!(Case::new(gate(&["bundle.total <= 601 B"]), vec![bundle]).worst().0, Verdict::Pass);
}

#[test]
fn leniencies_turn_failures_into_warnings() {
    let failing = || Case::new(gate(&["coverage.lines >= 80%"]), vec![coverage(1, 10)]);
    let mut warned = failing();
    warned.policy.gates[0].clauses[0].blocks = false;
    assert_eq!(warned.worst().0, Verdict::Warn);
    let mut observed = failing();
    observed.policy.gates[0].adopt = Date::parse("2027-01-15").map(|enforce_from| Adopt { enforce_from });
    let (verdict, text) = observed.worst();
    assert!(verdict == Verdict::Warn && text.ends_with("; would block from 2027-01-15"), "{text}");
    observed.policy.gates[0].adopt = Date::parse("2026-11-21").map(|enforce_from| Adopt { enforce_from });
    assert_eq!(observed.worst().0, Verdict::Fail);
    let mut near = Case::new(
        gate(&["bundle.total <= 600 KB"]),
        vec![report("bundle", vec![Metric::bytes("bundle.total", 480_000)])],
    );
    assert_eq!(near.worst().0, Verdict::Pass);
    near.policy.gates[0].warn_at = Quantity::parse("80%").ok();
    let text = "bundle.total is 480 KB (480,000 B): above 80 % of its limit, 600 KB";
    assert_eq!(near.worst(), (Verdict::Warn, text.to_owned()));
}

#[test]
fn optional_excuses_only_what_is_not_configured() {
    let mut case = Case::new(gate(&["bundle.total <= 600 KB", "coverage.lines >= 80%"]), vec![coverage(9, 10)]);
    assert_eq!(case.decide().verdict, Verdict::Unknown);
    case.policy.gates[0].optional = vec!["bundle".to_owned(), "coverage".to_owned()];
    assert_eq!(case.decide().verdict, Verdict::Pass);
    case.reports[0].status = Status::Incomplete;
    assert_eq!(case.decide().verdict, Verdict::Unknown);
}

#[test]
fn outcomes_of_a_workflow_count_only_as_success() {
    let mut case = Case::new(gate(&["steps.test == success"]), vec![]);
    assert!(!case.decide().gates[0].applies);
    for (outcome, verdict) in [
        (Some("success"), Verdict::Pass),
        (Some("failure"), Verdict::Fail),
        (Some("skipped"), Verdict::Fail),
        (Some("cancelled"), Verdict::Fail),
        (None, Verdict::Unknown),
    ] {
        case.steps = Some(outcome.map(|o| ("test".to_owned(), o.to_owned())).into_iter().collect());
        assert_eq!(case.worst().0, verdict, "{outcome:?}");
    }
}

#[test]
fn gates_that_need_what_was_left_out_are_not_judged() {
    let mut case = Case::new(gate(&["coverage.lines >= 80%", "bundle.total <= 1 KB"]), vec![coverage(9, 10)]);
    case.left_out.insert("bundle".to_owned());
    let decision = case.decide();
    assert!(!decision.gates[0].judged);
    assert_eq!(decision.verdict, Verdict::Unknown, "nothing was judged");
    case.policy.gates.push(Gate { name: "Other".to_owned(), ..gate(&["coverage.lines >= 50%"]) });
    assert_eq!(case.decide().verdict, Verdict::Pass);
}
