//! Runs that all formats are tested on.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tollgate_model::{
    Bucket, Cause, Cell, Column, Confidence, Decision, Evidence, Exhibit, ExhibitData, Finding, Fingerprint,
    GateDecision, Level, Location, Metric, Node, NotApplicable, Point, Problem, RUN_SCHEMA, Reason, Report, Run,
    RunSubject, Severity, State, Status, Subject, ToolInfo, Unit, Verdict, Word,
};

const COMMIT: &str = "3f2a9c1d77e04b5a8c6d1e2f3a4b5c6d7e8f9a0b";
const BASE: &str = "9b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c";

pub(crate) fn reason(condition: &str, verdict: Verdict, text: &str) -> Reason {
    Reason {
        condition: condition.to_owned(),
        checker: condition.split_once('.').map(|(checker, _)| checker.to_owned()),
        verdict,
        applies: true,
        text: text.to_owned(),
        places: Vec::new(),
        more_places: 0,
        next: None,
        labels: BTreeMap::new(),
        own_run: true,
        tighter: None,
    }
}

fn not_applying(condition: &str, text: &str) -> Reason {
    Reason { applies: false, ..reason(condition, Verdict::Pass, text) }
}

fn gate(name: &str, verdict: Verdict, reasons: Vec<Reason>) -> GateDecision {
    let applies = reasons.iter().any(|reason| reason.applies);
    GateDecision { name: name.to_owned(), verdict, judged: true, applies, observed_until: None, reasons }
}

fn run(verdict: Verdict, gates: Vec<GateDecision>) -> Run {
    Run {
        schema: RUN_SCHEMA.to_owned(),
        tool: ToolInfo { name: "tollgate".to_owned(), version: "0.1.0".to_owned() },
        subject: RunSubject {
            root: ".".to_owned(),
            commit: Some(COMMIT.to_owned()),
            uncommitted: Some(0),
            base: Some(BASE.to_owned()),
            files_at: None,
            base_origin: "merge base with origin/main".to_owned(),
            changed_files: Some(5),
            policy: "tollgate.toml".to_owned(),
            not_examined: Vec::new(),
        },
        reports: vec![bundle(), coverage()],
        decision: Decision { verdict, gates, unfinished: Vec::new(), warnings: Vec::new(), relaxations: Vec::new() },
        timing: None,
    }
}

fn report(checker: &str) -> Report {
    let subject = Subject {
        root: ".".to_owned(),
        commit: Some(COMMIT.to_owned()),
        base: Some(BASE.to_owned()),
        word: Word::OwnRun,
    };
    Report { status: Status::Complete, ..Report::new(checker, "0.1.0", subject) }
}

fn coverage() -> Report {
    let mut report = report("coverage");
    report.evidence = vec![evidence("file", "coverage/lcov.info", 12_345, None)];
    report.metrics.extend(Metric::ratio("coverage.lines", 7_997, 10_000));
    report.metrics.extend(Metric::ratio("coverage.patch", 6, 8));
    report.findings = vec![finding("coverage/uncovered-lines", "src/tank.ts", 41, 43, "3 new lines are not covered.")];
    report.exhibits = vec![Exhibit {
        id: "files".to_owned(),
        title: "Files with uncovered new lines".to_owned(),
        data: ExhibitData::Table {
            columns: vec![Column::text("File"), Column::number("Covered"), Column::number("New lines")],
            rows: vec![
                vec![Cell::Text("src/tank.ts".to_owned()), Cell::Ratio(3, 6), Cell::Count(6)],
                vec![Cell::Text("src/gauge.ts".to_owned()), Cell::Ratio(2, 2), Cell::Count(2)],
            ],
            omitted: 0,
        },
    }];
    report
}

fn bundle() -> Report {
    let mut report = report("bundle");
    report.evidence = vec![evidence("directory", "web/dist", 512_345, Some(14))];
    report.metrics =
        vec![Metric::bytes("bundle.total", 512_345), Metric::bytes("bundle.size", 480_000).label("type", "js")];
    let leaf = |label: &str, value| Node { label: label.to_owned(), value, children: Vec::new() };
    report.exhibits = vec![
        Exhibit {
            id: "parts".to_owned(),
            title: "What the build holds".to_owned(),
            data: ExhibitData::Tree {
                unit: Unit::Bytes,
                root: Node {
                    children: vec![leaf("index.js", 480_000.0), leaf("index.css", 32_345.0)],
                    ..leaf("web/dist", 512_345.0)
                },
            },
        },
        Exhibit {
            id: "sizes".to_owned(),
            title: "Files by size".to_owned(),
            data: ExhibitData::Distribution {
                unit: Unit::Bytes,
                buckets: vec![
                    Bucket { from: 0.0, to: 10_000.0, count: 11 },
                    Bucket { from: 10_000.0, to: 100_000.0, count: 2 },
                    Bucket { from: 100_000.0, to: 1_000_000.0, count: 1 },
                ],
            },
        },
        Exhibit {
            id: "history".to_owned(),
            title: "Total of the last runs".to_owned(),
            data: ExhibitData::Series {
                unit: Unit::Bytes,
                points: vec![
                    Point { label: "9b1c2d3e".to_owned(), value: 500_000.0 },
                    Point { label: "3f2a9c1d".to_owned(), value: 512_345.0 },
                ],
            },
        },
    ];
    report
}

fn evidence(kind: &str, path: &str, bytes: u64, items: Option<u64>) -> Evidence {
    Evidence { kind: kind.to_owned(), path: path.to_owned(), blake3: "ab12cd34".repeat(8), bytes, items }
}

fn finding(rule: &str, path: &str, start: u32, end: u32, message: &str) -> Finding {
    Finding {
        rule: rule.to_owned(),
        level: Level::Warning,
        severity: Some(Severity::Medium),
        confidence: Confidence::High,
        message: message.to_owned(),
        location: Some(Location::lines(path, start, end)),
        kind: None,
        discreet: false,
        related: Vec::new(),
        fingerprint: Fingerprint("v1:00".to_owned()),
        state: Some(State::New),
        first_seen: None,
        suppressed: None,
        properties: BTreeMap::new(),
    }
}

fn performance() -> GateDecision {
    let text = "bundle.total is 512.3 KB (512,345 B): 87.6 KB below 600 KB";
    let js = "bundle.size{type=\"js\"} is 480 KB (480,000 B): 20 KB below 500 KB";
    let reasons = vec![
        reason("bundle.size{type=\"js\"} <= 500 KB", Verdict::Pass, js),
        reason("bundle.total <= 600 KB", Verdict::Pass, text),
    ];
    gate("Performance", Verdict::Pass, reasons)
}

/// All gates hold, all conditions apply.
pub(crate) fn pass() -> Run {
    let lines = reason(
        "coverage.lines >= 79%",
        Verdict::Pass,
        "coverage.lines is 79.97 % (7,997 of 10,000): 97 lines above 79 %",
    );
    run(Verdict::Pass, vec![performance(), gate("Tests", Verdict::Pass, vec![lines])])
}

/// All gates hold, one condition does not apply.
pub(crate) fn does_not_apply() -> Run {
    let mut run = pass();
    let because = "no coverable line among 3 changed files";
    run.decision.gates[1].reasons.push(not_applying("coverage.patch >= 80%", because));
    run.reports[1].not_applicable =
        vec![NotApplicable { what: "coverage.patch".to_owned(), because: because.to_owned() }];
    run
}

/// One gate fails.
pub(crate) fn fail() -> Run {
    let mut patch =
        reason("coverage.patch >= 80%", Verdict::Fail, "coverage.patch is 75 % (6 of 8): 1 line short of 80 %");
    patch.places = vec!["src/tank.ts:41-43".to_owned()];
    patch.next = Some("cover 1 of these lines, then run `tollgate check Tests`".to_owned());
    let lines = reason(
        "coverage.lines >= base",
        Verdict::Pass,
        "coverage.lines is 79.97 % (7,997 of 10,000), the base has 79.9 %",
    );
    let warn = reason(
        "coverage.lines >= 80%",
        Verdict::Warn,
        "coverage.lines is 79.97 % (7,997 of 10,000): 3 lines short of 80 %",
    );
    let mut run = run(Verdict::Fail, vec![gate("Tests", Verdict::Fail, vec![patch, warn, lines]), performance()]);
    run.subject.uncommitted = Some(2);
    run
}

/// A report is missing, another gate fails, a third was left out.
pub(crate) fn unknown() -> Run {
    let message = "coverage/lcov.info is not there. Run the tests with coverage before the check, or name the file in \
                   [coverage] reports.";
    let mut lines =
        reason("coverage.lines >= 80%", Verdict::Unknown, "coverage.lines is not known: coverage read no report");
    lines.next = Some("run the tests with coverage (they write coverage/lcov.info), then check again".to_owned());
    let patch = Reason {
        condition: "coverage.patch >= 80%".to_owned(),
        next: None,
        text: "coverage.patch is not known: coverage read no report".to_owned(),
        ..lines.clone()
    };
    let mut total =
        reason("bundle.total <= 500 KB", Verdict::Fail, "bundle.total is 512.3 KB (512,345 B): 12.3 KB over 500 KB");
    total.places = (1..=7).map(|i| format!("web/dist/assets/chunk-{i}.js")).collect();
    total.next = Some("run `tollgate bundle -v` to see what grew".to_owned());
    let mut security = gate(
        "Security",
        Verdict::Unknown,
        vec![reason("secrets.findings == 0", Verdict::Unknown, "needs secrets, which this run left out")],
    );
    security.judged = false;
    let gates = vec![
        gate("Tests", Verdict::Unknown, vec![lines, patch]),
        gate("Performance", Verdict::Fail, vec![total]),
        security,
    ];
    let mut run = run(Verdict::Unknown, gates);
    let coverage = &mut run.reports[1];
    coverage.status = Status::Empty;
    coverage.evidence.clear();
    coverage.metrics.clear();
    coverage.findings.clear();
    coverage.exhibits.clear();
    coverage.problems = vec![Problem::new(Cause::Missing, message).at("coverage/lcov.info")];
    run.decision.unfinished = vec!["coverage".to_owned()];
    run.subject.not_examined = vec!["api/openapi.yaml: add [owasp] to tollgate.toml".to_owned()];
    run
}

/// A gate that is being adopted warns.
pub(crate) fn warn() -> Run {
    let mut run = fail();
    run.decision.verdict = Verdict::Warn;
    let gate = &mut run.decision.gates[0];
    gate.verdict = Verdict::Warn;
    gate.observed_until = Some("2027-01-15".to_owned());
    gate.reasons[0].verdict = Verdict::Warn;
    run.decision.warnings = vec!["coverage has settings in tollgate.toml and no gate names its metrics".to_owned()];
    run
}

/// Every text wants to be more than text.
pub(crate) fn hostile() -> Run {
    let evil = "x|y `code` **b** <img src=x onerror=alert(1)> @admin fixes #1 [a](javascript:alert(1)) ![i](http://e.x) \
                <!-- hidden --> </details>\r\n::error::forged\u{1b}[2J\u{202e}%0A,file=/etc/passwd";
    let mut run = unknown();
    for gate in &mut run.decision.gates {
        gate.name = format!("{} {evil}", gate.name);
        for reason in &mut gate.reasons {
            reason.text = evil.to_owned();
            reason.condition = evil.to_owned();
            reason.next = Some(evil.to_owned());
            reason.places = vec![format!("{evil}:1-2"), evil.to_owned()];
        }
    }
    run.decision.warnings = vec![evil.to_owned()];
    run.subject.not_examined = vec![evil.to_owned()];
    run.subject.base_origin = evil.to_owned();
    run.subject.policy = evil.to_owned();
    run.reports.push(coverage());
    for report in &mut run.reports {
        report.instance = Some(evil.to_owned());
        report.notes = vec![evil.to_owned()];
        report.problems = vec![Problem::new(Cause::Unreadable, evil).at(evil)];
        report.not_applicable = vec![NotApplicable { what: evil.to_owned(), because: evil.to_owned() }];
        report.evidence = vec![evidence(evil, evil, 1, Some(1))];
        report.findings = vec![Finding { level: Level::Error, ..finding("a/b", evil, 1, 2, evil) }];
        for exhibit in &mut report.exhibits {
            exhibit.title = evil.to_owned();
            match &mut exhibit.data {
                ExhibitData::Table { columns, rows, .. } => {
                    columns[0].title = evil.to_owned();
                    rows[0][0] = Cell::Text(evil.to_owned());
                }
                ExhibitData::Tree { root, .. } => root.label = evil.to_owned(),
                ExhibitData::Series { points, .. } => points[0].label = evil.to_owned(),
                ExhibitData::Distribution { .. } => {}
            }
        }
    }
    run
}

/// 100 gates of 1,000 conditions, 50 reports of 1,000 findings.
pub(crate) fn huge() -> &'static Run {
    static HUGE: LazyLock<Run> = LazyLock::new(make_huge);
    &HUGE
}

fn make_huge() -> Run {
    let mut run = fail();
    let name = "a-long-name-with-<brackets>|".repeat(4);
    run.decision.gates = (0..100)
        .map(|g| {
            let reasons = (0..1000).map(|r| {
                let mut one = reason(&format!("coverage.m{r} >= 1"), Verdict::Fail, &format!("{g} {r} {name}"));
                one.places = (0..6).map(|p| format!("{name}:{p}")).collect();
                one.next = Some(format!("{g} {r} {name}"));
                one
            });
            gate(&format!("gate {g:03} {name}"), Verdict::Fail, reasons.collect())
        })
        .collect();
    let findings: Vec<_> = (0..1000).map(|i| finding("a/b", &name, i + 1, i + 2, &name)).collect();
    run.reports = (0..50)
        .map(|i| Report { instance: Some(format!("{i:02} {name}")), findings: findings.clone(), ..coverage() })
        .collect();
    run
}

/// All but the huge one.
pub(crate) fn all() -> Vec<Run> {
    vec![pass(), does_not_apply(), fail(), unknown(), warn(), hostile()]
}
