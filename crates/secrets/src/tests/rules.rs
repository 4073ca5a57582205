//! Every rule finds what it says it finds.

use crate::catalogue::{self, RULES};
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
