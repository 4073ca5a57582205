//! Held against every number of a grid that is finer than the limits.

use proptest::prelude::*;
use tollgate_model::{Labels, Metric, Op};

use super::*;
use crate::words::Bound;

const OPS: [Op; 6] = [Op::Ge, Op::Le, Op::Eq, Op::Ne, Op::Gt, Op::Lt];

fn condition(text: &str) -> Condition {
    Condition::parse(text).unwrap()
}

fn at_least(head: &str, base: &str) -> bool {
    implies((&condition(head), None), (&condition(base), None))
}

/// As the judge has it, written once more: over the base's number and a number.
fn rank(condition: &Condition, at: Option<&Quantity>, base: &Metric, value: Number) -> Rank {
    rank_at(condition, at, Bound::new(&condition.limit, Some(base)).unwrap().number, value)
}

fn rank_at(condition: &Condition, at: Option<&Quantity>, bound: Number, value: Number) -> Rank {
    if !condition.op.holds(value.cmp(&bound)) {
        return Rank::Fail;
    }
    let upper = matches!(condition.op, Op::Le | Op::Lt) && bound.is_positive();
    match at {
        Some(at) if upper && value >= bound.by(at.number).times(1, 100) => Rank::Warn,
        _ => Rank::Pass,
    }
}

fn quarters(range: std::ops::Range<i128>) -> impl Iterator<Item = Number> {
    range.map(|n| Number::new(n, 4))
}

/// Whether no number of the grid is ranked better by `head`.
///
/// The farthest that two lines of [`any_limit`], each with a warning of [`any_warning`], meet is a base of 24 (`base + 50%`
/// from 75 % on, and `base + 3 B`); at 34 they lie more than a step of the grid apart, whichever they are.
fn on_a_grid(head: (&Condition, Option<&Quantity>), base: (&Condition, Option<&Quantity>), metric: Metric) -> bool {
    quarters(0..64).chain(quarters(16..35).map(|quarter| quarter.times(4, 1))).all(|b| {
        let before = Metric { value: b.as_f64(), ..metric.clone() };
        let bound = |condition: &Condition| Bound::new(&condition.limit, Some(&before)).unwrap().number;
        let (head_bound, base_bound) = (bound(head.0), bound(base.0));
        quarters(-80..420).all(|v| rank_at(head.0, head.1, head_bound, v) >= rank_at(base.0, base.1, base_bound, v))
    })
}

fn any_limit() -> impl Strategy<Value = String> {
    let offset =
        (any::<bool>(), 0u32..4).prop_map(|(plus, by)| format!("base {} {by} B", if plus { '+' } else { '-' }));
    let share =
        (any::<bool>(), 0u32..3).prop_map(|(plus, by)| format!("base {} {}%", if plus { '+' } else { '-' }, by * 50));
    // Threes, so that half as much again as some base of the grid is the literal.
    prop_oneof![4 => (0u32..3).prop_map(|n| format!("{} B", 3 * n)), 1 => Just("base".to_owned()), 2 => offset, 2 => share]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    (prop::sample::select(OPS.to_vec()), any_limit())
        .prop_map(|(op, limit)| condition(&format!("x.n {} {limit}", op.sign())))
}

fn any_warning() -> impl Strategy<Value = Option<Quantity>> {
    prop::option::of(prop::sample::select(vec!["0%", "50%", "75%", "100%", "150%"]))
        .prop_map(|text| text.map(|text| Quantity::parse(text).unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_implied_holds_on_a_grid(
        head in any_condition(), base in any_condition(), head_at in any_warning(), base_at in any_warning(),
    ) {
        let (head_side, base_side) = ((&head, head_at.as_ref()), (&base, base_at.as_ref()));
        let holds = on_a_grid(head_side, base_side, Metric::bytes("x.n", 0));
        let rests_on_less = base.needs_base() || !head.needs_base();
        // Bytes fix the reading of a percentage; without a unit both readings must hold.
        let bytes = [&head, &base].iter().any(|c| c.to_string().contains('B'));
        if implies(head_side, base_side) {
            prop_assert!(holds, "{head} does not imply {base}");
        } else if bytes && rests_on_less {
            prop_assert!(!holds, "{head} implies {base}");
        }
    }

    #[test]
    fn counts_of_findings_are_whole(ops in (0usize..6, 0usize..6), limits in (0u32..4, 0u32..4)) {
        let side = |op: usize, limit: u32| condition(&format!("x.findings {} {limit}", OPS[op].sign()));
        let (head, base) = (side(ops.0, limits.0), side(ops.1, limits.1));
        let none = Metric::count("x.findings", 0);
        let counts = || (0..9).map(|n| Number::new(n, 1));
        let same = counts().all(|n| rank(&head, None, &none, n) >= rank(&base, None, &none, n));
        prop_assert_eq!(implies((&head, None), (&base, None)), same, "{} and {}", head, base);
        // With fewer labels it counts more, by anything.
        let Subject::Metric(mut selector) = base.subject.clone() else { unreachable!() };
        selector.labels = Labels::from([("level".to_owned(), "error".to_owned())]);
        let base = Condition { subject: Subject::Metric(selector), ..base };
        let wider = counts().all(|n| {
            counts().take_while(|m| *m <= n).all(|m| rank(&head, None, &none, n) >= rank(&base, None, &none, m))
        });
        prop_assert_eq!(implies((&head, None), (&base, None)), wider, "{} and {}", head, base);
        prop_assert!(!implies((&base, None), (&head, None)) || rank(&head, None, &none, Number::new(9, 1)) == Rank::Pass);
    }

    #[test]
    fn every_condition_implies_itself(condition in any_condition(), at in any_warning()) {
        prop_assert!(implies((&condition, at.as_ref()), (&condition, at.as_ref())));
    }
}

#[test]
fn limits_are_compared_whatever_their_form() {
    for (head, base, implied) in [
        ("x.n <= 600 KB", "x.n <= 0.6 MB", true),
        ("x.n <= 600 KiB", "x.n <= 600 KB", false),
        ("x.n >= 100%", "x.n >= base", true),
        ("x.n >= 99%", "x.n >= base", false),
        ("x.n >= base", "x.n >= 80%", false),
        ("x.n == 0", "x.n <= base", true),
        ("x.n <= base", "x.n == 0", false),
        ("x.n >= base - 0.5%", "x.n >= base - 1%", true),
        ("x.n >= base - 1%", "x.n >= base - 0.5%", false),
        ("x.n <= base + 5%", "x.n <= base + 10%", true),
        // Of a base of nothing, every share is nothing.
        ("x.n <= base + 5%", "x.n < base + 10%", false),
        ("x.n <= base + 1 KB", "x.n <= base + 1%", false),
        ("x.n <= 1 KB", "x.n <= 1 s", false),
        ("x.n < 5", "x.n <= 5", true),
        ("x.n <= 5", "x.n < 5", false),
        ("x.n == 5", "x.n >= 5", true),
        ("x.n >= 6", "x.n != 5", true),
        // Not where the base is two thirds.
        ("x.n == 1 B", "x.n != base + 50%", false),
        ("x.n == 0", "x.m == 0", false),
        ("steps.a == success", "steps.a == success", true),
        ("steps.a == success", "needs.a == success", false),
        ("x.n <= 999999999999999.999999 GB", "x.n <= 999999999999999.999998 GB", false),
        ("x.n <= 999999999999999.999998 GB", "x.n <= 999999999999999.999999 GB", true),
    ] {
        assert_eq!(at_least(head, base), implied, "{head} for {base}");
    }
}

#[test]
fn labels_are_compared_by_what_they_mean() {
    for (head, base, implied) in [
        ("x.findings == 0", "x.findings{severity=\"critical\"} == 0", true),
        ("x.findings{severity=\"critical\"} == 0", "x.findings == 0", false),
        ("x.findings{severity=\"high\"} == 0", "x.findings{severity=\"critical\"} == 0", false),
        ("x.findings <= 3", "x.findings{severity=\"critical\"} <= 5", true),
        ("x.findings <= 5", "x.findings{severity=\"critical\"} <= 3", false),
        ("x.findings{path=\"src\"} == 0", "x.findings{path=\"src/a\"} == 0", true),
        ("x.findings{path=\".\"} == 0", "x.findings{path=\"src\"} == 0", true),
        ("x.findings{path=\"src/a\"} == 0", "x.findings{path=\"src\"} == 0", false),
        ("x.findings{path=\"sr\"} == 0", "x.findings{path=\"src\"} == 0", false),
        // More findings are no proof of more of these.
        ("x.findings >= 3", "x.findings{level=\"note\"} >= 3", false),
        ("x.findings == 3", "x.findings{level=\"note\"} == 3", false),
        ("x.findings <= base", "x.findings{level=\"note\"} <= base", false),
        // The total is another series than its parts.
        ("x.n <= 5 B", "x.n{type=\"js\"} <= 5 B", false),
        ("x.n{type=\"js\"} <= 5 B", "x.n{type=\"js\",path=\"a\"} <= 5 B", false),
        ("x.n{type=\"js\"} <= 5 B", "x.n <= 5 B", false),
        ("x.n{a=\"1\", b=\"2\"} <= 5 B", "x.n{b=\"2\",a=\"1\"} <= 5 B", true),
    ] {
        assert_eq!(at_least(head, base), implied, "{head} for {base}");
    }
}
