//! Every rule finds what it says it finds.

use crate::catalogue::{self, RULES, TRIED};
use crate::engine::learnt::Learnt;
use crate::engine::set::Set;
use crate::verify::verify;

#[test]
fn every_rule_finds_its_examples_and_none_of_its_counter_examples() {
    let mut wrong = Vec::new();
    for rule in TRIED.iter() {
        assert!(!rule.examples.is_empty(), "{}", rule.id);
        let Some(detect) = catalogue::detect(&rule.id) else { continue };
        wrong.extend(verify(rule, detect).into_iter().map(|words| format!("{}: {words}", rule.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_rule_has_to_run_on_every_byte() {
    let set = Set::new(catalogue::detectors(&|_, _| false).unwrap());
    let slow: Vec<_> = set.everywhere.iter().map(|number| set.detectors[*number].rule.as_str()).collect();
    assert!(slow.is_empty(), "an expression needs a piece of 3 characters that any match contains: {slow:?}");
}

#[test]
fn rules_are_the_same_with_and_without_what_they_are_tried_on() {
    let bare: Vec<_> = TRIED.iter().map(tollgate_model::Rule::bare).collect();
    assert_eq!(*RULES, bare);
}

#[test]
fn what_was_learnt_from_expressions_is_what_there_is_to_learn() {
    let learnt = catalogue::learnt();
    let expressions = RULES.iter().filter_map(|rule| {
        let detect = catalogue::detect(&rule.id)?;
        let of_name = detect.path.as_ref().filter(|_| detect.words.is_empty());
        Some((&rule.id, detect.expression.as_ref().or(of_name)?))
    });
    let mut seen = 0;
    for (id, expression) in expressions {
        assert_eq!(learnt.get(id), Some(Learnt::of(expression).unwrap()), "{id}");
        seen += 1;
    }
    assert!(seen > 300, "{seen}");
}
