//! Reports put together.

use tollgate_model::{Cause, Foreign, Inputs, Metric, ToolInfo};

use super::{combine, median};
use crate::findings::tests::said;

fn report(tool: &str, metrics: Vec<Metric>) -> Foreign {
    let tools = vec![ToolInfo { name: tool.to_owned(), version: String::new() }];
    Foreign { tools, metrics, inputs: Some(Inputs::new(2, "file")), ..Foreign::default() }
}

#[test]
fn medians() {
    let cases: [(&[f64], Option<f64>); 6] = [
        (&[], None),
        (&[3.0], Some(3.0)),
        (&[9.0, 1.0], Some(5.0)),
        (&[9.0, 1.0, 2.0], Some(2.0)),
        (&[4.0, 1.0, 3.0, 2.0], Some(2.5)),
        (&[f64::MAX, f64::MAX], Some(f64::MAX)),
    ];
    for (values, expected) in cases {
        assert_eq!(median(values), expected, "{values:?}");
    }
}

#[test]
fn runs_of_lighthouse_become_their_median_and_one_finding() {
    let text = crate::findings::lighthouse::tests::SAMPLE;
    let run =
        |lcp: &str, performance: &str| said(&text.replace("2310.25", lcp).replace("0.29", performance)).unwrap().0;
    let all = combine(vec![run("3000", "0.75"), run("1000.5", "0.96"), run("2000", "0.8")]);
    let of = |series: &str| {
        let metric = all.metrics.iter().find(|metric| metric.series().starts_with(series)).unwrap();
        (metric.value, metric.interval, metric.numerator)
    };
    assert_eq!(of("lcp"), (2000.0, Some([1000.5, 3000.0]), None));
    assert_eq!(of("score{category=\"performance\""), (80.0, Some([75.0, 96.0]), None));
    assert_eq!(of("cls"), (0.034, Some([0.034, 0.034]), None), "a count of Lighthouse is no sum");
    assert_eq!((all.findings.len(), all.rules.len(), all.tools.len(), all.notes.len()), (2, 2, 1, 1));
    assert_eq!(all.inputs, Some(Inputs::new(3, "page")));
    assert_eq!(all.metrics.len(), 6);
    assert_eq!(all.definition, "Lighthouse 13, mobile, simulate");

    let desktop = said(&text.replace("mobile", "desktop")).unwrap().0;
    let mixed = combine(vec![run("3000", "0.75"), desktop]);
    assert!(mixed.problems[0].message.contains("count different things"), "{:?}", mixed.problems);
}

#[test]
fn counts_are_added_up_and_ratios_stay_exact() {
    let one = || Metric::count("incomplete", 2);
    let ratio = |numerator, denominator| Metric::ratio("kept", numerator, denominator).unwrap();
    let all = combine(vec![
        report("axe-core", vec![one(), ratio(1, 2), Metric::milliseconds("took", 4.0)]),
        report("axe-core", vec![one().within(1.0, 5.0), ratio(9, 10), Metric::milliseconds("took", 8.0)]),
        report("ESLint", vec![]),
    ]);
    let numbers: Vec<_> = all.metrics.iter().map(|m| (m.name.as_str(), m.value, m.interval, m.denominator)).collect();
    let expected = [
        ("incomplete", 4.0, Some([3.0, 7.0]), None),
        ("kept", 10.0 * 100.0 / 12.0, None, Some(12)),
        ("took", 6.0, Some([4.0, 8.0]), None),
    ];
    assert_eq!(numbers, expected);
    assert_eq!(all.inputs, Some(Inputs::new(6, "file")));
    assert_eq!(all.tools.len(), 2);
}

#[test]
fn a_sum_of_which_a_part_is_not_known_is_left_out() {
    let all = combine(vec![report("axe-core", vec![Metric::count("incomplete", 2)]), report("axe-core", vec![])]);
    assert_eq!(all.metrics, []);
    assert!(all.notes[0].contains("`incomplete` is left out: 1 report"), "{:?}", all.notes);
}

#[test]
fn what_must_be_the_same_is_compared() {
    let with = |commit: Option<&str>, definition: &str, written| Foreign {
        commit: commit.map(str::to_owned),
        definition: definition.to_owned(),
        written,
        ..report("npm", vec![])
    };
    let all = combine(vec![with(Some("aa"), "packages", Some(9)), with(None, "packages", Some(5))]);
    assert_eq!((all.commit.as_deref(), all.definition.as_str(), all.written), (Some("aa"), "packages", Some(5)));
    assert_eq!(all.problems, []);
    let all = combine(vec![with(Some("aa"), "packages", None), with(Some("bb"), "advisories", None)]);
    let causes: Vec<Cause> = all.problems.iter().map(|problem| problem.cause).collect();
    assert_eq!((all.commit, causes), (None, vec![Cause::Unreadable, Cause::Unreadable]));

    let unsaid = Foreign { inputs: None, ..report("npm", vec![]) };
    assert_eq!(combine(vec![report("npm", vec![]), unsaid]).inputs, None);
}

#[test]
fn one_report_stays_what_it_is_and_none_is_empty() {
    let one = report("axe-core", vec![Metric::count("incomplete", 2)]);
    assert_eq!(combine(vec![one.clone()]), one);
    assert_eq!(combine(Vec::new()), Foreign::default());
}
