//! Every rule finds what it says it finds.

use crate::catalogue::{self, RULES};
use crate::engine::set::Set;
use crate::verify::verify;

#[test]
fn every_rule_finds_its_examples_and_none_of_its_counter_examples() {
    let mut wrong = Vec::new();
    for rule in RULES.iter() {
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
