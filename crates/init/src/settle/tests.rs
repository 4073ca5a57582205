//! What is written for what was measured.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tollgate_check::Tool;
use tollgate_config::{CheckerFace, Config, Known};
use tollgate_model::{Decision, GateDecision, RUN_SCHEMA, RunSubject, Status, Subject, ToolInfo, Word};
use tollgate_policy::Catalog;

use super::*;
use crate::detect::{Ask, Script};
use crate::goals::goals;
use crate::limit::Limit;

const TOOLS: [&dyn Tool; 4] = [
    &tollgate_bundle::Bundle,
    &tollgate_coverage::Coverage,
    &tollgate_secrets::Secrets,
    &tollgate_workflows::Workflows,
];

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// `text` as tollgate reads it on the day on which it was written.
fn read(text: &str) -> Result<Config, String> {
    let mut catalog = Catalog::default();
    for tool in TOOLS {
        catalog.add(tool.name(), tool.metrics(), tool.rules(), tool.kinds());
    }
    let verify = |_| Ok(());
    let faces: Vec<CheckerFace<'_>> =
        TOOLS.iter().map(|tool| CheckerFace { name: tool.name(), schema: tool.schema(), verify: &verify }).collect();
    let known = Known { checkers: &faces, catalog: &catalog, source_metrics: &[], today: day("2026-11-26") };
    tollgate_config::load("tollgate.toml", text, &known).map_err(|mistakes| format!("{mistakes}\n{text}"))
}

fn input(path: &str, there: bool) -> Input {
    Input { path: path.to_owned(), package: String::new(), there, by: "a script".to_owned() }
}

fn found(there: bool) -> Found {
    Found {
        coverage: vec![input("coverage/lcov.info", there)],
        tests: vec![input("junit.xml", there)],
        builds: vec![input("dist", there)],
        script: Script::default(),
        ..Found::default()
    }
}

/// A run of the candidate whose conditions have these verdicts; others pass.
fn run(goals: &[Goal], found: &Found, verdicts: &[(&str, Verdict, bool)]) -> Run {
    let gates = candidate(found, goals).gates.into_iter().map(|gate| {
        let reasons = gate.conditions.into_iter().map(|line| {
            let said = verdicts.iter().find(|(condition, ..)| *condition == line.condition);
            let (verdict, applies) = said.map_or((Verdict::Pass, true), |(_, verdict, applies)| (*verdict, *applies));
            Reason {
                text: format!("{} is 7", line.condition),
                condition: line.condition,
                checker: None,
                verdict,
                applies,
                places: Vec::new(),
                more_places: 0,
                next: None,
                labels: BTreeMap::new(),
                own_run: false,
                tighter: None,
            }
        });
        let reasons: Vec<Reason> = reasons.collect();
        let verdict = reasons.iter().map(|reason| reason.verdict).max().unwrap_or(Verdict::Pass);
        GateDecision {
            name: gate.gate.name().to_owned(),
            verdict,
            judged: true,
            applies: true,
            observed_until: None,
            reasons,
        }
    });
    let gates: Vec<GateDecision> = gates.collect();
    let verdict = gates.iter().map(|gate| gate.verdict).max().unwrap_or(Verdict::Pass);
    let subject = RunSubject {
        root: ".".to_owned(),
        commit: None,
        uncommitted: None,
        base: None,
        files_at: None,
        base_origin: String::new(),
        changed_files: None,
        policy: String::new(),
        not_examined: Vec::new(),
    };
    let tool = ToolInfo { name: "tollgate".to_owned(), version: "0".to_owned() };
    let decision = Decision { verdict, gates, unfinished: Vec::new(), warnings: Vec::new(), relaxations: Vec::new() };
    Run { schema: RUN_SCHEMA.to_owned(), tool, subject, reports: Vec::new(), decision, timing: None }
}

fn settled(found: &Found, verdicts: &[(&str, Verdict, bool)]) -> Settled {
    let goals = goals(found);
    settle(found, &goals, &run(&goals, found, verdicts), day("2026-12-26"))
}

fn gate(settled: &Settled, gate: Gate) -> (bool, Vec<&str>, Vec<&str>) {
    let section = settled.file.gates.iter().find(|section| section.gate == gate).unwrap();
    (
        section.observe.is_some(),
        section.conditions.iter().map(|line| line.condition.as_str()).collect(),
        section.warn.iter().map(|line| line.condition.as_str()).collect(),
    )
}

const LINES: &str = "coverage.lines >= 80%";

#[test]
fn what_holds_is_enforced() {
    let settled = settled(&found(true), &[]);
    let tests = ["coverage.lines >= 80%", "coverage.patch >= 80%", "tests.failed == 0", "tests.run >= 1"];
    assert_eq!(gate(&settled, Gate::Tests), (false, tests.to_vec(), vec![]));
    assert_eq!(gate(&settled, Gate::Quality), (false, vec!["workflows.ineffective == 0"], vec![]));
    let warn = "secrets.findings{confidence=\"high\"} == 0";
    let secrets = "secrets.findings{confidence=\"high\", state=\"new\"} == 0";
    assert_eq!(gate(&settled, Gate::Security), (false, vec![secrets], vec![warn]));
    assert!(settled.rows.iter().all(|row| row.standing == Standing::Holds));
    assert!(!settled.compares_with_base());
    assert!(read(&settled.file.text()).unwrap().policy.gates.iter().all(|gate| gate.adopt.is_none()));
}

#[test]
fn what_does_not_hold_may_not_get_worse() {
    let verdicts = [
        (LINES, Verdict::Fail, true),
        ("workflows.ineffective == 0", Verdict::Fail, true),
        ("bundle.total <= 600 KB", Verdict::Fail, true),
    ];
    let settled = settled(&found(true), &verdicts);
    let (observes, conditions, warn) = gate(&settled, Gate::Tests);
    assert!(observes && conditions.contains(&"coverage.lines >= base") && conditions.contains(&"tests.failed == 0"));
    assert_eq!(warn, [LINES]);
    let quality = (true, vec!["workflows.ineffective <= base"], vec!["workflows.ineffective == 0"]);
    assert_eq!(gate(&settled, Gate::Quality), quality);
    assert!(gate(&settled, Gate::Performance).1.contains(&"bundle.total <= base"));
    assert!(settled.compares_with_base());
    let text = settled.file.text();
    assert!(text.contains("enforce_from = 2026-12-26"));
    read(&text).unwrap();
}

#[test]
fn a_new_secret_blocks_at_once_and_a_red_patch_only_warns() {
    let secret = "secrets.findings{confidence=\"high\", state=\"new\"} == 0";
    let verdicts = [(secret, Verdict::Fail, true), ("coverage.patch >= 80%", Verdict::Fail, true)];
    let settled = settled(&found(true), &verdicts);
    let (observes, conditions, _) = gate(&settled, Gate::Security);
    assert!(!observes && conditions == [secret]);
    let (observes, conditions, warn) = gate(&settled, Gate::Tests);
    assert!(observes && !conditions.contains(&"coverage.patch >= 80%") && warn == ["coverage.patch >= 80%"]);
    let standing = |condition: &str| settled.rows.iter().find(|row| row.condition == condition).unwrap().standing;
    assert_eq!(standing(secret), Standing::Blocks);
}

#[test]
fn what_asks_about_changes_needs_none_to_be_enforced() {
    let secret = "secrets.findings{confidence=\"high\", state=\"new\"} == 0";
    let verdicts = [("coverage.patch >= 80%", Verdict::Pass, false), (secret, Verdict::Warn, true)];
    let settled = settled(&found(true), &verdicts);
    assert!(!gate(&settled, Gate::Tests).0 && !gate(&settled, Gate::Security).0);
    let row = settled.rows.iter().find(|row| row.condition.starts_with("coverage.patch")).unwrap();
    assert_eq!(
        (row.standing, row.measured.as_str()),
        (Standing::Holds, "asks about changes alone, and there is none here")
    );
}

#[test]
fn what_was_not_measured_waits_for_workflows() {
    let settled = settled(&found(false), &[]);
    let (observes, conditions, warn) = gate(&settled, Gate::Tests);
    assert!(observes && conditions.len() == 4 && warn.is_empty());
    let (observes, conditions, _) = gate(&settled, Gate::Performance);
    assert!(observes && conditions == ["bundle.total <= 600 KB", "bundle.size{type=\"js\"} <= 500 KB"]);
    let config = read(&settled.file.text()).unwrap();
    for section in ["coverage", "bundle"] {
        assert_eq!(config.sections[section][0].scope.on(), ["pull_request", "push", "merge_group"], "{section}");
    }
    assert!(settled.file.text().contains("# 'bundle.size{type=\"css\"} <= 100 KB'  (once the build has such files)"));
    let row = settled.rows.iter().find(|row| row.condition == LINES).unwrap();
    assert_eq!(row.measured, "coverage/lcov.info does not lie here");
}

#[test]
fn a_report_that_lies_there_is_measured_though_another_does_not() {
    let mut found = found(true);
    found.tests = vec![input("junit.xml", false)];
    let settled = settled(&found, &[]);
    let standing = |condition: &str| settled.rows.iter().find(|row| row.condition == condition).unwrap().standing;
    assert_eq!([standing(LINES), standing("tests.run >= 1")], [Standing::Holds, Standing::NotMeasured]);
    assert_eq!(settled.file.coverage.as_ref().unwrap().place, Place::Workflows);
    assert!(gate(&settled, Gate::Tests).0);
}

#[test]
fn what_is_not_there_is_left_out() {
    let verdicts = [
        ("workflows.ineffective == 0", Verdict::Unknown, true),
        ("bundle.size{type=\"image\"} <= 200 KB", Verdict::Unknown, true),
    ];
    let settled = settled(&found(true), &verdicts);
    assert!(settled.file.gates.iter().all(|section| section.gate != Gate::Quality));
    let (observes, conditions, _) = gate(&settled, Gate::Performance);
    assert!(!observes && conditions.iter().all(|condition| !condition.contains("image")));
    assert!(settled.file.gates.iter().all(|section| section.gate != Gate::Quality));
}

#[test]
fn the_strictest_of_what_others_ask_is_the_goal() {
    let mut found = found(true);
    let ask = |series: &str, limit, place: &str| Ask {
        series: series.to_owned(),
        limit,
        place: place.to_owned(),
        whose: "jest".to_owned(),
        judged: true,
    };
    found.asks = vec![
        ask("coverage.lines", Limit::Percent(7_000), "jest.config.js"),
        ask("coverage.lines", Limit::Percent(7_550), "apps/web/package.json"),
        ask("bundle.total", Limit::Bytes(614_400), "budget.json"),
        ask("bundle.gzip{path=\"app.js\"}", Limit::Bytes(10_000), "package.json"),
    ];
    let goals = goals(&found);
    let conditions: Vec<String> = goals.iter().map(Goal::condition).collect();
    for wanted in ["coverage.lines >= 75.5%", "bundle.total <= 600 KiB", "bundle.gzip{path=\"app.js\"} <= 10 KB"] {
        assert!(conditions.iter().any(|condition| condition == wanted), "{wanted}: {conditions:?}");
    }
    let asked = goals.iter().find(|goal| goal.series == "coverage.lines").and_then(|goal| goal.asked.clone()).unwrap();
    assert_eq!(asked.words(), "asked in apps/web/package.json, the strictest (70% in jest.config.js)");
}

#[test]
fn several_builds_have_names_of_their_own() {
    let mut found = found(true);
    found.builds = ["apps/web", "sites/web", "a b"]
        .map(|package| Input { package: package.to_owned(), ..input(&format!("{package}/dist"), true) })
        .to_vec();
    assert_eq!(names(&found), ["web", "web-2", "root"]);
    let settled = settled(&found, &[]);
    let config = read(&settled.file.text()).unwrap();
    assert_eq!(config.sections["bundle"].len(), 3);
    assert!(settled.file.text().contains("'bundle.size{type=\"js\", target=\"web-2\"} <= 500 KB'"));
}

/// Any text, with what terminals and readers of TOML obey.
fn hostile() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        any::<char>(),
        proptest::sample::select(vec!['\n', '\r', '\0', '\u{1b}', '"', '\'', '\\', '#', '*'])
    ];
    proptest::collection::vec(one, 0..40).prop_map(|chars| chars.into_iter().collect())
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    prop_oneof![Just(Verdict::Pass), Just(Verdict::Warn), Just(Verdict::Fail), Just(Verdict::Unknown)]
}

proptest! {
    #[test]
    fn whatever_a_run_says_the_policy_is_read_and_enforces_what_held(
        path in hostile(),
        text in hostile(),
        there in any::<[bool; 3]>(),
        said in proptest::collection::vec((verdicts(), any::<bool>()), 20),
        builds in 0_usize..3,
    ) {
        let path = format!("a{path}");
        let found = Found {
            coverage: vec![input(&path, there[0])],
            tests: vec![input(&path, there[1])],
            builds: (0..builds).map(|at| Input { package: path.clone(), ..input(&format!("{path}{at}"), there[2]) }).collect(),
            ..Found::default()
        };
        let goals = goals(&found);
        let all: Vec<String> = goals.iter().map(Goal::condition).collect();
        let verdicts: Vec<(&str, Verdict, bool)> =
            all.iter().zip(said.iter().cycle()).map(|(condition, (verdict, applies))| (condition.as_str(), *verdict, *applies)).collect();
        let mut run = run(&goals, &found, &verdicts);
        run.decision.gates.iter_mut().flat_map(|gate| &mut gate.reasons).for_each(|reason| reason.text.clone_from(&text));
        let tried = candidate(&found, &goals).text();
        prop_assert!(read(&tried).is_ok(), "{:?}", read(&tried).err());
        let settled = settle(&found, &goals, &run, day("2026-12-26"));
        let config = read(&settled.file.text()).map_err(TestCaseError::fail)?;
        prop_assert_eq!(config.policy.gates.len(), settled.file.gates.len());
        for gate in config.policy.gates.iter().filter(|gate| gate.adopt.is_none()) {
            for clause in gate.clauses.iter().filter(|clause| clause.blocks) {
                // Nothing new of this kind may come in, whatever is there now.
                if clause.text == "secrets.findings{confidence=\"high\", state=\"new\"} == 0" {
                    continue;
                }
                let mut reasons = run.decision.gates.iter().flat_map(|gate| &gate.reasons);
                let reason = reasons.find(|reason| reason.condition == clause.text);
                let about_change = clause.text.starts_with("coverage.patch");
                let held = reason.is_some_and(|reason| match reason.verdict {
                    Verdict::Pass => reason.applies || about_change,
                    Verdict::Warn => about_change,
                    Verdict::Fail | Verdict::Unknown => false,
                });
                prop_assert!(held, "{} is enforced: {:?}", clause.text, reason);
            }
        }
    }
}

#[test]
fn the_number_is_told_with_its_source() {
    let found = found(true);
    let goals = goals(&found);
    let mut run = run(&goals, &found, &[]);
    let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::OwnRun };
    let mut report = Report::new("coverage", "0", subject);
    report.status = Status::Complete;
    report.metrics.extend(Metric::ratio("coverage.lines", 834, 1000));
    run.reports.push(report);
    let settled = settle(&found, &goals, &run, day("2026-12-26"));
    let row = settled.rows.iter().find(|row| row.condition == LINES).unwrap();
    assert_eq!(row.measured, "83.4 % (834 of 1,000) in coverage/lcov.info");
    let text = settled.file.text();
    assert!(text.contains("\"coverage.lines >= 80%\",  # now: 83.4 % (834 of 1,000) in coverage/lcov.info"), "{text}");
}
