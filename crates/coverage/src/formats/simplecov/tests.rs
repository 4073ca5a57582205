//! What SimpleCov says, in each of its dialects.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::file_coverage::Counts;
use crate::formats::testing::{counts, lines, read};
use crate::reading::Reading;

fn report(value: &Value) -> Reading {
    read(".resultset.json", "SimpleCov", value.to_string().as_bytes()).unwrap()
}

fn command(file: Value) -> Value {
    json!({"coverage": {"/app/lib/a.rb": file}, "timestamp": 1_700_000_000})
}

#[test]
fn commands_are_united() {
    let mut reading = report(&json!({
        "RSpec": command(json!({"lines": [1, 0, null, 0, "ignored"],
            "branches": {"[:if, 0, 2, 4, 4, 7]": {"[:then, 1, 3, 6, 3, 9]": 0, "[:else, 2, 2, 4, 4, 7]": 3}}})),
        "Minitest": command(json!({"lines": [0, 2, null, 0, 0],
            "branches": {"[:if, 0, 2, 4, 4, 7]": {"[:then, 1, 3, 6, 3, 9]": 1, "[:else, 2, 2, 4, 4, 7]": 0}}})),
        "old": command(json!([null, null, null, 1])),
    }));
    assert_eq!((reading.len(), reading.malformed.count, reading.sums().branches), (1, 0, (2, 2)));
    assert_eq!(lines(&mut reading, "/app/lib/a.rb"), [(1, true), (2, true), (4, true)]);
    // What a command did not load has a 0 in every line, and what has no code in another's is none.
    let mut reading = report(&json!({
        "RSpec": command(json!({"lines": [1, 0, null, null]})),
        "Cucumber": command(json!({"lines": [0, 0, 0, 0]})),
        "none": command(json!({"lines": null})),
    }));
    assert_eq!(lines(&mut reading, "/app/lib/a.rb"), [(1, true), (2, false)]);
}

#[test]
fn both_files_of_one_run_name_branches_and_methods_alike() {
    let meta = json!({"simplecov_version": "1.0.0", "root": "/app", "branch_coverage": true});
    let branch = |kind: &str, line: u32, coverage: Value| json!({"type": kind, "start_line": line, "end_line": line, "coverage": coverage});
    let formatted = json!({"meta": meta, "total": {"lines": {"covered": 1, "missed": 1}, "branches": {"covered": 1, "missed": 2},
            "methods": {"covered": 1, "missed": 0}},
        "coverage": {"/app/lib/a.rb": {"lines": [1, 0, "ignored"], "covered_lines": 1, "missed_lines": 1,
            "branches": [branch("then", 2, json!(1)), branch("else", 2, json!(0)), branch("then", 2, json!(0)), branch("else", 3, json!("ignored"))],
            "covered_branches": 1, "missed_branches": 2, "total_methods": 2,
            "methods": [{"name": "A#f", "start_line": 1, "end_line": 3, "coverage": 1},
                        {"name": "A#skipped", "start_line": 4, "end_line": 5, "coverage": "ignored"}]}}});
    let mut formatted = report(&formatted);
    assert_eq!(
        (formatted.disagreements.count, formatted.malformed.count, formatted.roots.as_slice()),
        (0, 0, &["/app".to_owned()][..])
    );
    let mut commands = report(&json!({"RSpec": command(json!({"lines": [1, 0, 0],
        "branches": {"[:if, 0, 2, 0, 2, 9]": {"[:then, 1, 2, 1, 2, 2]": 1, "[:else, 2, 2, 3, 2, 4]": 0},
                     "[:\"&.\", 3, 2, 0, 3, 9]": {"[:then, 4, 2, 5, 2, 6]": 0, "[:else, 5, 3, 7, 3, 8]": 1}},
        "methods": {"[\"A\", :f, 1, 2, 3, 5]": 1, "[\"A\", :skipped, 4, 2, 5, 5]": 0}}))}));
    assert_eq!((formatted.sums().branches, formatted.sums().functions), ((1, 3), (1, 1)));
    assert_eq!((commands.sums().branches, commands.sums().functions), ((2, 4), (1, 2)));
    let (mut one, other) = (formatted.take_files().remove(0).1, commands.take_files().remove(0).1);
    one.merge(&other);
    assert_eq!((one.branch_counts(), one.function_counts()), ((2, 4), (1, 2)));
}

#[test]
fn totals_of_the_gem_are_compared() {
    let totals = |file: u64, all: u64| {
        let reading = report(
            &json!({"command_name": "RSpec", "metrics": {"covered_lines": 1, "total_lines": all}, "files": [
            {"filename": "/app/lib/a.rb", "covered_percent": 50.0, "coverage": [1, null, 0], "covered_lines": 1, "lines_of_code": file}]}),
        );
        let worst = reading.disagreements.worst;
        worst.into_iter().map(|d| (d.path, d.total, d.declared, d.counted)).collect::<Vec<_>>()
    };
    assert_eq!(totals(2, 2), []);
    assert_eq!(totals(9, 2), [("/app/lib/a.rb".to_owned(), "lines_of_code", 9, 2)]);
    assert_eq!(totals(2, 90), [("the whole report".to_owned(), "total_lines", 90, 2)]);
}

#[test]
fn methods_of_every_kind() {
    for (method, line) in [
        ("[\"Shop::Cart\", :total, 3, 2, 9, 5]", 3),
        ("[Shop::Cart, :[]=, 3, 2, 9, 5]", 3),
        ("[\"#<Class:Shop>\", :\"a b\", 3, 2, 9, 5]", 3),
        ("[\"Struct(:a, :b)\", :c, 3, 2, 9, 5]", 3),
    ] {
        let mut reading = report(&json!({"R": command(json!({"lines": [1], "methods": {method: line}}))}));
        assert_eq!((reading.malformed.count, counts(&mut reading)[0].1[2]), (0, (1, 1)), "{method}");
    }
}

#[test]
fn a_file_may_have_branches_alone() {
    let file = json!({"lines": null, "branches": {"[:while, 0, 2, 0, 4, 3]": {"[:body, 1, 3, 2, 3, 9]": 1}}});
    let mut reading = report(&json!({"R": {"coverage": {"a.rb": file, "b.rb": null}}}));
    let counted: Vec<[Counts; 4]> = counts(&mut reading).into_iter().map(|(_, counts)| counts).collect();
    assert_eq!(counted, [[(0, 0), (1, 1), (0, 0), (0, 0)], [(0, 0); 4]]);
}

#[test]
fn declared_totals_are_compared() {
    let reading =
        report(&json!({"meta": {"simplecov_version": "1.0.0"}, "total": {"lines": {"covered": 5}, "branches": 7},
        "coverage": {"a.rb": {"lines": [1, 0], "covered_lines": 1, "missed_lines": 9}}}));
    let worst: Vec<_> =
        reading.disagreements.worst.iter().map(|d| (d.path.as_str(), d.total, d.declared, d.counted)).collect();
    assert_eq!(worst, [("a.rb", "missed_lines", 9, 1), ("the whole report", "covered lines", 5, 1)]);
}

#[test]
fn oddities_are_told_and_nonsense_is_malformed() {
    let reading = report(&json!({"R": command(json!([-1, "ignored", "undefined", 2.5])), "version": 3}));
    let odd = reading.oddities;
    assert_eq!((odd.negative, odd.undefined, odd.unknown, reading.sums().lines), (1, 1, 1, (1, 3)));
    for file in [
        json!({"lines": ["x"]}),
        json!({"lines": "none"}),
        json!({"lines": [1], "branches": {"[:if, 0, 1, 0, 1, 9]": {"then": 1}}}),
        json!({"lines": [1], "branches": {"[:if, 0, 1, 0, 1, 9]": {"[:then, 1, x, 0, 1, 9]": 1}}}),
        json!({"lines": [1], "branches": {"[:if, 0, 1, 0, 1, 9]": {"[:then, 1, 1, 0, 1, 9]": []}}}),
        json!({"lines": [1], "methods": {"f": 1}}),
        json!({"lines": [1], "methods": {"[\"A\", :f, 99999999999, 0, 1, 9]": 1}}),
        json!({"lines": [1], "methods": {"[\"A\", :f, 1, 0, 1, 9]": "x"}}),
        json!({"lines": [1], "branches": [{"type": "then", "coverage": 1}]}),
    ] {
        // One that is right stands before it, so that the format is told.
        let reading = report(&json!({"R": {"coverage": {"a.rb": [1], "b.rb": file}}}));
        assert_eq!(
            (reading.malformed.count, reading.sums().branches.1, reading.sums().functions.1),
            (1, 0, 0),
            "{file}"
        );
    }
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(
        commands in prop::collection::vec(prop::collection::vec(prop::option::of(0_u32..3), 0..40), 1..5),
        arms in prop::collection::vec((1_u32..9, 0_u32..2, 0_u32..2), 0..12), old in any::<bool>(),
    ) {
        let mut branches = Map::new();
        for (at, (line, then, other)) in arms.iter().enumerate() {
            branches.insert(format!("[:if, {}, {line}, 0, {line}, 90]", at * 3), json!({
                format!("[:then, {}, {line}, 1, {line}, 2]", at * 3 + 1): then,
                format!("[:else, {}, {line}, 3, {line}, 4]", at * 3 + 2): other,
            }));
        }
        let file = |lines: &Vec<_>| if old { json!(lines) } else { json!({"lines": lines, "branches": branches}) };
        let written: Map<String, Value> =
            commands.iter().enumerate().map(|(at, lines)| (format!("suite {at}"), command(file(lines)))).collect();
        let longest = commands.iter().map(Vec::len).max().unwrap_or(0);
        let (mut hit, mut all) = (0, 0);
        for line in 0..longest {
            let listing = commands.iter().filter(|lines| lines.iter().any(Option::is_some));
            let counts: Vec<Option<u32>> = listing.map(|lines| lines.get(line).copied().flatten()).collect();
            let is_hit = counts.iter().flatten().any(|count| *count > 0);
            all += u64::from(is_hit || !counts.is_empty() && counts.iter().all(Option::is_some));
            hit += u64::from(is_hit);
        }
        let sums = report(&Value::Object(written)).sums();
        prop_assert_eq!(sums.lines, (hit, all));
        let taken = arms.iter().map(|(_, then, other)| u64::from(then + other)).sum();
        prop_assert_eq!(sums.branches, if old { (0, 0) } else { (taken, 2 * arms.len() as u64) });
    }
}
