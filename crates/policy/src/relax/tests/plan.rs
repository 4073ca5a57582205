//! Policies that can be edited, and reports to judge by them: small numbers, so that limits are met, missed and
//! touched.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tollgate_model::{
    Cause, Confidence, Date, Decision, Finding, Fingerprinter, Level, Location, Metric, MetricSpec, NotApplicable, Op,
    Problem, Report, Rule, Severity, State, Status, Subject, Unit, Word,
};

use crate::{
    Adopt, BaseReports, Catalog, Change, Clause, Condition, Gate, Incident, Incidents, Input, InstanceScope, Policy,
    Quantity, Scope, TooClose, decide,
};

pub(super) const OPS: [Op; 6] = [Op::Ge, Op::Le, Op::Eq, Op::Ne, Op::Gt, Op::Lt];

/// Metrics that conditions name, with how a limit of `n` is written.
pub(super) const METRICS: [(&str, &str); 8] = [
    ("x.lines", "0%"),
    ("x.findings", ""),
    ("y.total", " B"),
    ("y.size", " B"),
    ("y.findings", ""),
    ("steps.test", ""),
    ("x.run", ""),
    ("findings.overdue", ""),
];

pub(super) const FINDINGS: [usize; 2] = [1, 4];
const STEP: usize = 5;
const SIZE: usize = 3;
pub(super) const OVERDUE: usize = 7;

/// Labels of counts of findings.
pub(super) const LABELS: [(&str, [&str; 3]); 7] = [
    ("level", ["warning", "error", "note"]),
    ("severity", ["high", "critical", "low"]),
    ("confidence", ["high", "low", "medium"]),
    ("rule", ["x/a", "x/b", "x/a"]),
    ("state", ["new", "new", "unchanged"]),
    ("path", ["src", "src/a", "."]),
    ("target", ["web", "docs", "web"]),
];

pub(super) const PATTERNS: [&str; 5] = ["src/**", "src/a/**", "docs", "**", "*.md"];
pub(super) const EVENTS: [&str; 3] = ["push", "pull_request", "local"];
const DAYS: [&str; 5] = ["2026-01-01", "2026-11-21", "2026-11-22", "2027-01-01", "2027-02-01"];
pub(super) const TODAY: &str = "2026-11-21";

/// The right side of a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Right {
    Literal(u8),
    /// The base, moved by so much, or by so many halves of it.
    Base(i8),
    Share(i8),
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) metric: usize,
    pub(super) labels: BTreeMap<&'static str, &'static str>,
    pub(super) op: usize,
    pub(super) right: Right,
    pub(super) blocks: bool,
    pub(super) when: BTreeSet<usize>,
    pub(super) on: BTreeSet<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
    pub(super) optional: BTreeSet<&'static str>,
    pub(super) lenient: bool,
    pub(super) warn_at: Option<u8>,
    pub(super) when: BTreeSet<usize>,
    pub(super) on: BTreeSet<usize>,
    pub(super) adopt: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) doors: Vec<Door>,
    /// Of x, y (web) and y (docs).
    pub(super) scopes: [(BTreeSet<usize>, BTreeSet<usize>); 3],
    /// Of each severity, its class and by how many days its findings may be older than usual.
    pub(super) incidents: [(usize, u16); 4],
}

fn scope(when: &BTreeSet<usize>, on: &BTreeSet<usize>) -> Scope {
    let pick = |all: &[&str], some: &BTreeSet<usize>| some.iter().map(|i| all[*i].to_owned()).collect();
    Scope::new(pick(&PATTERNS, when), pick(&EVENTS, on)).unwrap()
}

impl Line {
    pub(super) fn text(&self) -> String {
        let (metric, unit) = METRICS[self.metric];
        if self.metric == STEP {
            return format!("{metric} == success");
        }
        let labels: Vec<String> = self.labels.iter().map(|(k, v)| format!("{k}=\"{v}\"")).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let sign = |n: i8| if n < 0 { '-' } else { '+' };
        let right = match self.right {
            Right::Literal(0) => format!("0{}", unit.trim_start_matches('0')),
            Right::Literal(n) => format!("{n}{unit}"),
            Right::Base(0) | Right::Share(0) => "base".to_owned(),
            Right::Base(n) => format!("base {} {}{unit}", sign(n), n.unsigned_abs()),
            Right::Share(n) => format!("base {} {}%", sign(n), u32::from(n.unsigned_abs()) * 50),
        };
        if self.metric == OVERDUE {
            return match self.right {
                Right::Literal(n) if n > 0 => format!("{metric}{labels} <= {n}"),
                _ => format!("{metric}{labels} == 0"),
            };
        }
        format!("{metric}{labels} {} {right}", OPS[self.op].sign())
    }

    fn clause(&self) -> Clause {
        let text = self.text();
        let condition = Condition::parse(&text).unwrap();
        Clause { scope: scope(&self.when, &self.on), ..Clause::new(text, condition, self.blocks) }
    }

    /// Labels that the metric can have.
    pub(super) fn fit(mut self) -> Self {
        match self.metric {
            // x has one instance, without a name.
            1 => drop(self.labels.remove("target")),
            4 => {}
            SIZE => {
                self.labels.retain(|label, _| *label == "target");
                self.labels.insert("type", "js");
            }
            OVERDUE => {
                let level = self.labels.remove("level");
                self.labels.extend(level.map(|level| ("class", if level == "error" { "P0" } else { "P2" })));
                let target = self.labels.remove("target");
                self.labels.extend(target.map(|target| ("checker", if target == "web" { "x" } else { "y" })));
                self.labels.retain(|label, _| ["class", "checker", "severity", "confidence", "path"].contains(label));
            }
            2 => self.labels.retain(|label, _| *label == "target"),
            _ => self.labels.clear(),
        }
        self
    }
}

impl Plan {
    pub(super) fn policy(&self) -> Policy {
        let gate = |door: &Door| Gate {
            optional: door.optional.iter().map(|o| (*o).to_owned()).collect(),
            too_close: if door.lenient { TooClose::Warn } else { TooClose::Unknown },
            warn_at: door.warn_at.map(|at| Quantity::parse(&format!("{}%", u32::from(at) * 25)).unwrap()),
            scope: scope(&door.when, &door.on),
            adopt: door.adopt.map(|day| Adopt { enforce_from: Date::parse(DAYS[day]).unwrap() }),
            ..Gate::new(door.name.clone(), door.lines.iter().map(Line::clause).collect())
        };
        let instances = [("x", None), ("y", Some("web")), ("y", Some("docs"))];
        let instance_scopes = instances.into_iter().zip(&self.scopes).map(|((checker, instance), (when, on))| {
            let (checker, instance) = (checker.to_owned(), instance.map(str::to_owned));
            InstanceScope { checker, instance, scope: scope(when, on) }
        });
        let mut incidents = Incidents::default();
        for (severity, (class, days)) in Severity::ALL.iter().zip(self.incidents) {
            incidents.set(*severity, Incident { class: Incidents::CLASSES[class], days });
        }
        Policy { gates: self.doors.iter().map(gate).collect(), instance_scopes: instance_scopes.collect(), incidents }
    }
}

fn few(all: usize) -> impl Strategy<Value = BTreeSet<usize>> {
    prop_oneof![3 => Just(BTreeSet::new()), 1 => prop::collection::btree_set(0..all, 0..3)]
}

pub(super) fn any_right() -> impl Strategy<Value = Right> {
    prop_oneof![
        5 => (0u8..7).prop_map(Right::Literal),
        2 => (-2i8..3).prop_map(Right::Base),
        1 => (-1i8..3).prop_map(Right::Share),
    ]
}

pub(super) fn any_line() -> impl Strategy<Value = Line> {
    let labels = prop::collection::vec((0usize..LABELS.len(), 0usize..3), 0..3);
    let op = prop_oneof![3 => Just(0usize), 4 => Just(1), 2 => Just(2), 1 => 3usize..6];
    let metric = prop_oneof![3 => 0..METRICS.len(), 3 => prop::sample::select(FINDINGS.to_vec())];
    (metric, labels, op, any_right(), prop::bool::weighted(0.8), few(PATTERNS.len()), few(EVENTS.len())).prop_map(
        |(metric, labels, op, right, blocks, when, on)| {
            let labels = labels.into_iter().map(|(label, value)| (LABELS[label].0, LABELS[label].1[value])).collect();
            Line { metric, labels, op, right, blocks, when, on }.fit()
        },
    )
}

fn any_door() -> impl Strategy<Value = Door> {
    let optional = prop::collection::btree_set(prop::sample::select(vec!["x", "y"]), 0..2);
    let rest = (optional, prop::bool::weighted(0.3), prop::option::weighted(0.3, 0u8..6));
    let adopt = prop::option::weighted(0.3, 0..DAYS.len());
    (prop::collection::vec(any_line(), 1..4), rest, few(PATTERNS.len()), few(EVENTS.len()), adopt).prop_map(
        |(lines, (optional, lenient, warn_at), when, on, adopt)| Door {
            name: String::new(),
            lines,
            optional,
            lenient,
            warn_at,
            when,
            on,
            adopt,
        },
    )
}

pub(super) fn any_plan() -> impl Strategy<Value = Plan> {
    let scope = || (few(PATTERNS.len()), few(EVENTS.len()));
    (prop::collection::vec(any_door(), 1..3), scope(), scope(), scope()).prop_map(|(mut doors, x, web, docs)| {
        for (i, door) in doors.iter_mut().enumerate() {
            door.name = format!("G{i}");
        }
        Plan { doors, scopes: [x, web, docs], incidents: [(3, 9), (2, 6), (1, 3), (0, 0)] }
    })
}

pub(super) fn catalog() -> Catalog {
    let rule = |id: &str, of_change: bool| -> Rule {
        let text = format!(
            r#"{{"id": "{id}", "title": "", "why": "", "mend": "", "level": "note", "examples": [], "of_change": {of_change}}}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    let mut catalog = Catalog::default();
    let x = [MetricSpec::new("x.lines", Unit::Percent, ""), MetricSpec::new("x.run", Unit::Count, "")];
    catalog.add("x", &x, &[rule("x/a", false), rule("x/b", true)], &[]);
    let size = MetricSpec::new("y.size", Unit::Bytes, "").labels(&["type"]);
    catalog.add("y", &[MetricSpec::new("y.total", Unit::Bytes, ""), size], &[], &[]);
    catalog
}

/// One run: what was measured, of what, when.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    reports: Vec<Report>,
    base: Result<Vec<Report>, BaseReports<'static>>,
    change: Change,
    event: &'static str,
    step: Option<&'static str>,
    configured: BTreeSet<(String, Option<String>)>,
    today: Date,
    /// Whether the base has every number.
    pub(super) full_base: bool,
    /// Whether every number is exact and every report complete.
    pub(super) exact: bool,
}

impl Tree {
    pub(super) fn decide(&self, policy: &Policy) -> Decision {
        let base = |_: &str| match &self.base {
            Ok(reports) => BaseReports::Known(reports),
            Err(other) => other.clone(),
        };
        let steps = self.step.map(|step| BTreeMap::from([("test".to_owned(), step.to_owned())]));
        decide(&Input {
            policy,
            catalog: &catalog(),
            reports: &self.reports,
            base: &base,
            record: base(""),
            change: &self.change,
            event: self.event,
            steps: steps.as_ref(),
            needs: None,
            left_out: &BTreeSet::new(),
            configured: &self.configured,
            unset: &BTreeSet::new(),
            today: self.today,
            again: None,
        })
    }
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let state = prop::sample::select(vec![None, Some(State::New), Some(State::New), Some(State::Unchanged)]);
    let place = prop::sample::select(vec![None, Some("src/a/b.ts"), Some("src/c.ts"), Some("docs/a.md")]);
    let levels = (0usize..3, prop::option::of(0usize..4), 0usize..3);
    let first_seen = prop::option::weighted(0.9, prop::sample::select(vec!["2026-11-20", "2026-11-16", "2026-10-01"]));
    (levels, any::<bool>(), state, place, 0u32..9, first_seen).prop_map(
        |((level, severity, confidence), of_change, state, place, n, first_seen)| {
            let rule = if of_change { "x/b" } else { "x/a" };
            Finding {
                rule: rule.to_owned(),
                level: Level::ALL[level],
                severity: severity.map(|at| Severity::ALL[at]),
                confidence: Confidence::ALL[confidence],
                message: String::new(),
                location: place.map(|path| Location::lines(path, n + 1, n + 1)),
                kind: None,
                discreet: false,
                related: Vec::new(),
                fingerprint: Fingerprinter::default().next(rule, "a", &n.to_string()),
                state,
                first_seen: first_seen.and_then(Date::parse),
                suppressed: None,
                properties: BTreeMap::new(),
            }
        },
    )
}

fn any_status() -> impl Strategy<Value = Status> {
    prop_oneof![8 => Just(Status::Complete), 1 => Just(Status::Incomplete), 1 => Just(Status::Empty)]
}

fn report(checker: &str, instance: Option<&str>, metrics: Vec<Metric>, findings: Vec<Finding>) -> Report {
    let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::OwnRun };
    let instance = instance.map(str::to_owned);
    Report { instance, metrics, findings, status: Status::Complete, ..Report::new(checker, "1.0.0", subject) }
}

/// Reports of x, y (web) and y (docs), every number there and every report complete.
fn full_reports() -> impl Strategy<Value = Vec<Report>> {
    let findings = || prop::collection::vec(any_finding(), 0..4);
    let y = || (0u64..7, 0u64..7, findings());
    (0u64..=10, 0u64..7, findings(), y(), y()).prop_map(|(lines, run, found, web, docs)| {
        let lines = Metric::ratio("x.lines", lines, 10).unwrap();
        let y = |name: &str, (total, size, found): (u64, u64, Vec<Finding>)| {
            let all = [Metric::bytes("y.total", total), Metric::bytes("y.size", size).label("type", "js")];
            report("y", Some(name), all.map(|metric| metric.label("target", name)).into(), found)
        };
        let x = report("x", None, vec![lines, Metric::count("x.run", run)], found);
        vec![x, y("web", web), y("docs", docs)]
    })
}

/// What may be wrong with a report.
fn damaged(report: Report, (status, wide, lost, excused): (Status, bool, usize, bool)) -> Option<Report> {
    let mut report = Report { status, ..report };
    if wide {
        for metric in &mut report.metrics {
            let spread = if metric.unit == Unit::Percent { 20.0 } else { 2.0 };
            *metric = metric.clone().within(metric.value - spread, metric.value + spread);
        }
    }
    if excused {
        let what = report.metrics[0].name.clone();
        report.not_applicable.push(NotApplicable { what, because: "nothing of it".to_owned() });
    }
    match lost {
        0 => return None,
        1 => drop(report.metrics.pop()),
        2 => report.problems.push(Problem::new(Cause::Missing, "gone")),
        _ => {}
    }
    Some(report)
}

pub(super) fn any_tree() -> impl Strategy<Value = Tree> {
    let damage = || (any_status(), prop::bool::weighted(0.3), 0usize..16, prop::bool::weighted(0.1));
    let damages = prop_oneof![
        1 => Just(None),
        1 => (damage(), damage(), damage()).prop_map(Some),
    ];
    let base = prop_oneof![
        1 => Just(Err(BaseReports::NotYet("first run".to_owned()))),
        1 => Just(Err(BaseReports::Unknown("damaged".to_owned()))),
        6 => full_reports().prop_map(Ok),
    ];
    let files = prop::collection::vec(prop::sample::select(vec!["src/a/b.ts", "src/c.ts", "docs/a.md", "a.md"]), 0..3);
    let change = prop_oneof![
        5 => files.prop_map(|files| Change::Known(files.into_iter().map(str::to_owned).collect())),
        1 => Just(Change::Unknown("shallow clone".to_owned())),
    ];
    let step = prop::sample::select(vec![None, Some("success"), Some("failure"), Some("skipped")]);
    let day = prop::sample::select(vec![TODAY, "2026-11-22", "2027-01-15", "2027-06-01"]);
    let configured = prop::sample::select(vec![3usize, 3, 3, 1, 2]);
    let rest = (prop::sample::select(EVENTS.to_vec()), step, day, configured);
    (full_reports(), damages, base, change, rest).prop_map(
        |(reports, damages, base, change, (event, step, day, kept))| {
            let mut instances: Vec<(String, Option<String>)> =
                reports.iter().map(|r| (r.checker.clone(), r.instance.clone())).collect();
            let mut reports = reports;
            // Only x, or only y: a checker is configured with all its instances or not at all.
            match kept {
                1 => instances.truncate(1),
                2 => drop(instances.remove(0)),
                _ => {}
            }
            reports.retain(|r| instances.contains(&(r.checker.clone(), r.instance.clone())));
            let exact = damages.is_none();
            if let Some((a, b, c)) = damages {
                reports =
                    reports.into_iter().zip([a, b, c]).filter_map(|(report, damage)| damaged(report, damage)).collect();
            }
            Tree {
                reports,
                full_base: base.is_ok(),
                base,
                change,
                event,
                step,
                configured: instances.into_iter().collect(),
                today: Date::parse(day).unwrap(),
                exact,
            }
        },
    )
}
