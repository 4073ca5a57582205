//! What is listed, by example, in both directions.

mod plan;
mod properties;
mod shrunk;
mod silent;

use super::*;
use crate::{Adopt, Clause, Condition, Gate, InstanceScope, Quantity, Scope, TooClose};

/// Everything of one side, owned.
#[derive(Clone, Debug, Default)]
struct Owned {
    policy: Policy,
    options: BTreeMap<OptionKey, (Milder, Value)>,
    allow_files: BTreeMap<String, String>,
    configured: BTreeSet<(String, Option<String>)>,
    sources: BTreeMap<String, Value>,
}

impl Owned {
    fn side(&self) -> Side<'_> {
        Side {
            policy: &self.policy,
            options: &self.options,
            allow_files: &self.allow_files,
            configured: &self.configured,
            sources: &self.sources,
        }
    }
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// What is listed from one side to another, with the gate before the text.
fn listed(base: &Owned, head: &Owned) -> Vec<String> {
    let all = relaxations(&base.side(), &head.side(), date("2026-11-21"));
    all.into_iter().map(|r| r.gate.map_or_else(|| r.text.clone(), |gate| format!("{gate}: {}", r.text))).collect()
}

/// That `text` alone is listed one way, and nothing the other way, nor from either side to itself.
#[track_caller]
fn one_way(base: &Owned, head: &Owned, text: &str) {
    assert_eq!(listed(base, head), [text]);
    assert_eq!(listed(head, base), [""; 0], "the other way");
    assert_eq!(listed(base, base), [""; 0]);
    assert_eq!(listed(head, head), [""; 0]);
}

fn scope(when: &[&str], on: &[&str]) -> Scope {
    let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
    Scope::new(owned(when), owned(on)).unwrap()
}

fn clause(text: &str) -> Clause {
    Clause::new(text, Condition::parse(text).unwrap(), true)
}

/// One gate T with these conditions.
fn gate(conditions: &[&str]) -> Gate {
    Gate::new("T", conditions.iter().map(|text| clause(text)).collect())
}

fn of(gates: Vec<Gate>) -> Owned {
    Owned { policy: Policy { gates, ..Policy::default() }, ..Owned::default() }
}

fn conditions(all: &[&str]) -> Owned {
    of(vec![gate(all)])
}

#[test]
fn gates_are_known_by_name() {
    let other = Gate { name: "U".to_owned(), ..gate(&["x.n == 0"]) };
    let both = of(vec![gate(&["x.n == 0"]), other.clone()]);
    one_way(&both, &of(vec![gate(&["x.n == 0"])]), "U: the gate would be gone");
    assert_eq!(listed(&of(vec![gate(&["x.n == 0"])]), &of(vec![other.clone()])), ["T: the gate would be gone"]);
    assert_eq!(listed(&both, &of(vec![other, gate(&["x.n == 0"])])), [""; 0], "order means nothing");
    assert_eq!(listed(&both, &of(vec![])), ["T: the gate would be gone", "U: the gate would be gone"]);
    // Two gates of one name are two gates.
    let twice = of(vec![gate(&["x.n == 0"]), gate(&["x.n == 0"])]);
    one_way(&twice, &conditions(&["x.n == 0"]), "T: the gate would be gone");
}

#[test]
fn milder_limits_are_listed_and_stricter_ones_are_not() {
    for (base, head) in [
        ("x.n <= 5", "x.n <= 6"),
        ("x.n >= 80%", "x.n >= 79.99%"),
        ("x.n <= 600 KB", "x.n <= 600 KiB"),
        ("x.n == 0", "x.n <= 3"),
        ("x.findings == 0", "x.findings <= 3"),
        ("x.n < 5", "x.n <= 5"),
        ("x.n > 5", "x.n >= 5"),
        ("x.n > 5", "x.n != 5"),
        ("x.n <= base", "x.n <= base + 2 KB"),
        ("x.n <= base - 2 KB", "x.n <= base"),
        ("x.n >= base", "x.n >= base - 0.5%"),
        ("x.n >= base - 0.5%", "x.n >= base - 1%"),
        ("x.n <= base + 1 KB", "x.n <= base + 1 KiB"),
        ("x.n == 0", "x.n <= base"),
        ("x.n >= 100%", "x.n >= base"),
        ("x.findings == 0", "x.findings{severity=\"critical\"} == 0"),
        ("x.findings{severity=\"critical\"} == 0", "x.findings{severity=\"critical\",state=\"new\"} == 0"),
        ("x.findings{path=\"src\"} <= 2", "x.findings{path=\"src/a\"} <= 2"),
        ("x.findings <= 2", "x.findings{level=\"error\"} <= 4"),
    ] {
        let text = format!("T: `{base}` would become `{head}`, which is milder");
        one_way(&conditions(&[base]), &conditions(&[head]), &text);
    }
}

#[test]
fn what_cannot_be_told_is_listed_both_ways() {
    for (one, other) in [
        ("x.n >= 80%", "x.n >= base"),
        ("x.n <= 5", "x.n >= 5"),
        ("x.n == 5", "x.n == 6"),
        ("x.n != 5", "x.n != 6"),
        ("x.n <= base + 1 KB", "x.n <= base + 1%"),
        ("x.n <= 5 B", "x.n <= 5 ms"),
        ("x.n{type=\"js\"} <= 5 B", "x.n <= 5 B"),
        ("x.n{type=\"js\"} <= 5 B", "x.n{type=\"css\"} <= 5 B"),
        ("x.findings{level=\"error\"} == 0", "x.findings{level=\"note\"} == 0"),
        ("x.findings <= 2", "x.findings{level=\"error\"} <= 1"),
        ("x.findings <= base", "x.findings{level=\"error\"} <= base"),
        ("x.findings >= 2", "x.findings{level=\"error\"} >= 2"),
    ] {
        for (base, head) in [(one, other), (other, one)] {
            let text = format!("T: `{base}` would become `{head}`; whether that is milder cannot be told");
            assert_eq!(listed(&conditions(&[base]), &conditions(&[head])), [text]);
        }
    }
}

#[test]
fn what_is_equal_is_not_listed() {
    for (one, other) in [
        (vec!["x.n <= 600 KB"], vec!["x.n<=0.6 MB"]),
        (vec!["x.n >= 80%"], vec!["x.n >= 80.0 %"]),
        (vec!["x.findings == 0"], vec!["x.findings <= 0"]),
        (vec!["x.findings == 0"], vec!["x.findings < 1"]),
        (vec!["x.n >= base"], vec!["x.n >= base + 0%"]),
        (vec!["x.n >= 1", "x.m >= 1"], vec!["x.m >= 1", "x.n >= 1"]),
        (vec!["x.n >= 1", "x.n >= 2"], vec!["x.n >= 2"]),
        (vec!["x.n >= 1", "x.n >= 1"], vec!["x.n >= 1"]),
        (vec!["steps.a == success"], vec!["steps.a==success"]),
        (vec!["x.n{a=\"1\",b=\"2\"} >= 1"], vec!["x.n{b=\"2\", a=\"1\"} >= 1"]),
    ] {
        for (base, head) in [(&one, &other), (&other, &one)] {
            assert_eq!(listed(&conditions(base), &conditions(head)), [""; 0], "{base:?} and {head:?}");
        }
    }
}

#[test]
fn conditions_that_are_gone_are_named() {
    for (gone, rest) in [
        ("x.n == 0", vec!["x.m == 0"]),
        ("steps.a == success", vec!["needs.a == success"]),
        // What stays is not what this one became.
        ("x.findings{level=\"error\"} == 0", vec!["x.findings{rule=\"x/a\"} == 0"]),
    ] {
        let mut both = vec![gone];
        both.extend(&rest);
        one_way(&conditions(&both), &conditions(&rest), &format!("T: `{gone}` would be gone"));
    }
    let moved = Gate { name: "U".to_owned(), ..gate(&["x.n == 0", "x.m == 0"]) };
    let base = of(vec![gate(&["x.n == 0", "x.m == 0"]), Gate { name: "U".to_owned(), ..gate(&["x.n == 0"]) }]);
    let head = of(vec![gate(&["x.n == 0"]), moved]);
    assert_eq!(listed(&base, &head), ["T: `x.m == 0` would be gone"], "another gate's condition is no substitute");
}

#[test]
fn a_limit_and_more_at_once_are_all_said() {
    let head = Clause { blocks: false, scope: scope(&["docs"], &["push"]), ..clause("x.n <= 9") };
    let head = of(vec![Gate::new("T", vec![head])]);
    assert_eq!(
        listed(&conditions(&["x.n <= 5"]), &head),
        [
            "T: `x.n <= 5` would become `x.n <= 9`, which is milder",
            "T: `x.n <= 5` would concern only changes that touch docs, on push; it concerns every change",
            "T: `x.n <= 5` would only warn; it blocks",
        ]
    );
    // One condition may have become another, if it is nearer than the rest.
    let head = conditions(&["x.n <= 7", "x.n{a=\"1\"} <= 5"]);
    assert_eq!(listed(&conditions(&["x.n <= 5"]), &head), ["T: `x.n <= 5` would become `x.n <= 7`, which is milder"]);
}

#[test]
fn a_condition_that_only_warns_is_listed() {
    let warned = of(vec![Gate::new("T", vec![Clause { blocks: false, ..clause("x.n == 0") }])]);
    one_way(&conditions(&["x.n == 0"]), &warned, "T: `x.n == 0` would only warn; it blocks");
    // A milder warning beside the same block is none.
    let both = |limit| {
        let warn = Clause { blocks: false, ..clause(limit) };
        of(vec![Gate::new("T", vec![clause("x.n <= 9"), warn])])
    };
    one_way(&both("x.n <= 5"), &both("x.n <= 6"), "T: `x.n <= 5` would become `x.n <= 6`, which is milder");
}

#[test]
fn scopes_of_conditions_and_gates_are_compared_as_sets() {
    for (wide, narrow, said) in [
        (scope(&[], &[]), scope(&["a"], &[]), ["changes that touch a", "every change"]),
        (scope(&["a", "b"], &[]), scope(&["b"], &[]), ["changes that touch b", "changes that touch a or b"]),
        (scope(&["a"], &[]), scope(&["a/b/**"], &[]), ["changes that touch a/b/**", "changes that touch a"]),
        (scope(&[], &[]), scope(&[], &["push"]), ["every change on push", "every change"]),
        (
            scope(&[], &["push", "local"]),
            scope(&[], &["local"]),
            ["every change on local", "every change on push and local"],
        ),
    ] {
        let by_clause =
            |scope: &Scope| of(vec![Gate::new("T", vec![Clause { scope: scope.clone(), ..clause("x.n == 0") }])]);
        let by_gate = |scope: &Scope| of(vec![Gate { scope: scope.clone(), ..gate(&["x.n == 0", "x.m == 0"]) }]);
        let [would, is] = said;
        let text = format!("T: `x.n == 0` would concern only {would}; it concerns {is}");
        one_way(&by_clause(&wide), &by_clause(&narrow), &text);
        let text = format!("T: the gate would concern only {would}; it concerns {is}");
        one_way(&by_gate(&wide), &by_gate(&narrow), &text);
        // From the gate to its only condition is no difference.
        let moved = (of(vec![Gate { scope: narrow.clone(), ..gate(&["x.n == 0"]) }]), by_clause(&narrow));
        assert_eq!((listed(&moved.0, &moved.1), listed(&moved.1, &moved.0)), (vec![], vec![]));
    }
    let turned = |when: &[&str]| of(vec![Gate { scope: scope(when, &[]), ..gate(&["x.n == 0"]) }]);
    assert_eq!(listed(&turned(&["a", "b"]), &turned(&["b", "./a/"])), [""; 0]);
}

#[test]
fn leniencies_of_gates_are_listed() {
    let strict = gate(&["x.n <= 10"]);
    let optional = |all: &[&str]| Gate { optional: all.iter().map(|s| (*s).to_owned()).collect(), ..strict.clone() };
    let warn = |at: Option<&str>| Gate { warn_at: at.map(|at| Quantity::parse(at).unwrap()), ..strict.clone() };
    let close = Gate { too_close: TooClose::Warn, ..strict.clone() };
    let text = "a number that cannot be told from its limit would be a warning; it is unknown";
    for (base, head, text) in [
        (strict.clone(), optional(&["y"]), "y would be optional; it is required"),
        (optional(&["y"]), optional(&["z", "y"]), "z would be optional; it is required"),
        (strict.clone(), close, text),
        (warn(Some("80%")), warn(Some("90%")), "it would warn at 90 % of a limit; it warns at 80 %"),
        (warn(Some("80%")), warn(None), "it would warn at no share of a limit; it warns at 80 %"),
    ] {
        one_way(&of(vec![base]), &of(vec![head]), &format!("T: {text}"));
    }
    // A number at its limit would pass without the warning that it has.
    let equal = Gate { clauses: vec![clause("x.n == 10")], ..warn(Some("80%")) };
    let text = "T: `x.n <= 10` would become `x.n == 10`; whether that is milder cannot be told";
    assert_eq!(listed(&of(vec![warn(Some("80%"))]), &of(vec![equal])), [text]);
}

#[test]
fn a_gate_that_observes_longer_is_listed() {
    let gate = |from: Option<&str>| {
        let adopt = from.map(|from| Adopt { enforce_from: date(from) });
        of(vec![Gate { adopt, ..gate(&["x.n == 0"]) }])
    };
    for (base, head, is) in [
        (None, Some("2026-12-01"), "it blocks"),
        (Some("2026-11-21"), Some("2026-12-01"), "it blocks"),
        (Some("2020-01-01"), Some("2026-12-01"), "it blocks"),
        (Some("2026-11-30"), Some("2026-12-01"), "it blocks from 2026-11-30"),
    ] {
        one_way(&gate(base), &gate(head), &format!("T: it would only observe until 2026-12-01; {is}"));
    }
    for (one, other) in [(None, Some("2026-11-21")), (Some("2020-01-01"), Some("2026-11-20"))] {
        assert_eq!(listed(&gate(one), &gate(other)), [""; 0], "a day that has come is as good as none");
        assert_eq!(listed(&gate(other), &gate(one)), [""; 0]);
    }
}

#[test]
fn scopes_of_instances_are_listed() {
    let side = |all: &[(&str, Option<&str>, Scope)]| {
        let key =
            |(checker, instance, _): &(&str, Option<&str>, Scope)| ((*checker).to_owned(), instance.map(str::to_owned));
        let scope = |one: &(&str, Option<&str>, Scope)| {
            let (checker, instance) = key(one);
            InstanceScope { checker, instance, scope: one.2.clone() }
        };
        let policy = Policy { instance_scopes: all.iter().map(scope).collect(), ..Policy::default() };
        Owned { policy, configured: all.iter().map(key).collect(), ..Owned::default() }
    };
    let (all, docs) = (scope(&[], &[]), scope(&["docs"], &[]));
    let web = |scope: &Scope| side(&[("y", Some("web"), scope.clone())]);
    let text = "y (web) would concern only changes that touch docs; it concerns every change";
    one_way(&web(&all), &web(&docs), text);
    one_way(&side(&[("y", None, all.clone())]), &side(&[("y", None, docs.clone())]), &text.replace(" (web)", ""));
    // A new checker or instance may concern what it likes; one that had no scope may not.
    let two = side(&[("y", Some("web"), all.clone()), ("y", Some("docs"), docs.clone())]);
    one_way(&two, &web(&all), "y (docs) would no longer be configured");
    assert_eq!(listed(&side(&[]), &web(&docs)), [""; 0]);
    let unscoped = Owned { policy: Policy::default(), ..web(&all) };
    one_way(&unscoped, &web(&docs), text);
    // Without a scope of its own, an instance no longer keeps its checker's conditions in force.
    let lost = Owned { policy: side(&[("y", Some("docs"), docs)]).policy, ..two.clone() };
    let text = "y (web) would no longer say which changes it concerns; whether that is milder cannot be told";
    assert_eq!(listed(&two, &lost), [text]);
}
