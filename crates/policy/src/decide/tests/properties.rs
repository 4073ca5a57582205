//! What a decision must be, whatever it is about.

use proptest::prelude::*;
use tollgate_model::{Cause, Metric, NotApplicable, Problem};

use super::*;

/// A random report of coverage and bundle, in whatever state.
fn any_reports() -> impl Strategy<Value = Vec<Report>> {
    let status = prop_oneof![3 => Just(Status::Complete), 1 => Just(Status::Incomplete), 1 => Just(Status::Empty)];
    let coverage = (0u64..=20, any::<bool>(), any::<bool>(), status.clone(), 0usize..3).prop_map(
        |(covered, wide, applies, status, found)| {
            let mut report = coverage(covered, 20);
            if wide {
                let value = report.metrics[0].value;
                report.metrics[0] = report.metrics[0].clone().within(value - 10.0, value + 10.0);
            }
            if applies {
                report.metrics.push(Metric::ratio("coverage.patch", covered, 20).unwrap());
            } else {
                let because = "no coverable line".to_owned();
                report.not_applicable.push(NotApplicable { what: "coverage.patch".to_owned(), because });
            }
            report.findings = (0..found).map(|n| finding(n, None)).collect();
            Report { status, ..report }
        },
    );
    let bundle = (0u64..1_000, 0u64..400, status).prop_map(|(size, spread, status)| (size, spread as f64, status));
    let instance = |name: &str, (size, spread, status): (u64, f64, Status)| {
        let total = Metric::bytes("bundle.total", size).within(size as f64 - spread, size as f64 + spread);
        let series = Metric::bytes("bundle.size", size).label("type", "js");
        let metrics = [total, series].map(|metric| metric.label("target", name)).into();
        Report { status, instance: Some(name.to_owned()), ..report("bundle", metrics) }
    };
    let bundles = prop::collection::vec(bundle, 0..3)
        .prop_map(move |all| ["docs", "web"].into_iter().zip(all).map(|(name, one)| instance(name, one)).collect());
    (prop::option::of(coverage), bundles)
        .prop_map(|(coverage, bundles): (_, Vec<Report>)| coverage.into_iter().chain(bundles).collect())
}

fn any_condition() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "coverage.lines >= 50%",
        "coverage.lines >= base",
        "coverage.lines != 50%",
        "coverage.patch > 30%",
        "coverage.findings == 0",
        "coverage.findings{state=\"new\"} == 0",
        "bundle.total <= 500 B",
        "bundle.total < base + 100 B",
        "bundle.size{type=\"js\"} <= 700 B",
        "bundle.size{type=\"css\"} <= 700 B",
        "steps.test == success",
    ])
}

fn any_case() -> impl Strategy<Value = Case> {
    let conditions = prop::collection::vec((any_condition(), any::<bool>()), 1..6);
    let base = prop_oneof![
        Just(Err(BaseReports::NotYet("n".to_owned()))),
        Just(Err(BaseReports::Unknown("u".to_owned()))),
        any_reports().prop_map(Ok),
    ];
    let lenient = (any::<bool>(), any::<bool>());
    (conditions, any_reports(), base, lenient).prop_map(|(conditions, reports, base, (observe, too_close))| {
        let clauses = conditions.into_iter().map(|(text, blocks)| Clause { blocks, ..clause(text) }).collect();
        let mut gate = Gate::new("Tests", clauses);
        gate.adopt = observe.then(|| Adopt { enforce_from: Date::parse("2027-01-01").unwrap() });
        gate.too_close = if too_close { TooClose::Warn } else { TooClose::Unknown };
        Case { base, ..Case::new(gate, reports) }
    })
}

proptest! {
    #[test]
    fn order_never_matters(mut case in any_case(), seed in any::<u64>()) {
        let before = case.decide();
        let turn = seed as usize % case.policy.gates[0].clauses.len();
        case.policy.gates[0].clauses.rotate_left(turn);
        case.reports.reverse();
        prop_assert_eq!(before, case.decide());
    }

    #[test]
    fn another_condition_never_improves_a_verdict(mut case in any_case(), extra in any_condition()) {
        let before = case.decide();
        case.policy.gates[0].clauses.push(clause(extra));
        let after = case.decide();
        prop_assert!(after.gates[0].verdict >= before.gates[0].verdict);
        // A condition that does not apply may show that a checker nobody had asked about does not concern the change.
        let applies = after.gates[0].reasons.iter().any(|reason| reason.condition == extra && reason.applies);
        let spared = !applies && after.unfinished.len() < before.unfinished.len();
        prop_assert!(spared || after.verdict >= before.verdict);
    }

    #[test]
    fn evidence_taken_away_never_makes_a_pass(mut case in any_case(), what in 0usize..8) {
        let before = case.decide();
        for report in &mut case.reports {
            match what {
                0 => report.metrics.clear(),
                1 => report.status = Status::Incomplete,
                2 => report.problems.push(Problem::new(Cause::Unreadable, "gone")),
                3 => report.not_applicable.clear(),
                _ => {}
            }
        }
        match what {
            4 => drop(case.reports.pop()),
            5 => case.base = Err(BaseReports::Unknown("gone".to_owned())),
            6 => case.base = Err(BaseReports::NotYet("first run".to_owned())),
            7 => case.change = Change::Unknown("shallow clone".to_owned()),
            _ => {}
        }
        let after = case.decide();
        let passed: Vec<&str> =
            before.gates[0].reasons.iter().filter(|r| r.verdict == Verdict::Pass).map(|r| r.condition.as_str()).collect();
        for reason in after.gates[0].reasons.iter().filter(|r| r.verdict == Verdict::Pass) {
            prop_assert!(passed.contains(&reason.condition.as_str()), "{} turned into a pass", reason.condition);
        }
        prop_assert!(after.verdict != Verdict::Pass || before.verdict == Verdict::Pass);
    }

    #[test]
    fn conditions_never_panic(text in "\\PC{0,60}") {
        crate::fuzz(text.as_bytes());
    }

    #[test]
    fn what_parses_prints_and_reads_back(
        metric in "[a-z]{1,8}\\.[a-z_]{1,8}",
        value in "[ -~]{0,12}",
        number in 0u32..100_000,
        unit in prop::sample::select(vec!["%", " KB", "ms", "", " days"]),
    ) {
        prop_assume!(!metric.starts_with("steps.") && !metric.starts_with("needs."));
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        let text = format!("{metric}{{label=\"{value}\"}} <= {number}{unit}");
        prop_assert_eq!(Condition::parse(&text).unwrap().to_string(), text);
    }
}
