//! The rule files: each example yields its rule, no counter-example does.

use std::path::Path;

use super::found;

const RULES: [&str; 5] = [
    "workflows/broad-permissions",
    "workflows/script-injection",
    "workflows/secrets-in-artifact",
    "workflows/unpinned-action",
    "workflows/untrusted-checkout",
];

#[test]
fn examples_are_found_and_counter_examples_are_not() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/workflows");
    let rules: Vec<_> = tollgate_rules::load(&folder, "workflows").unwrap().into_iter().map(|(rule, _)| rule).collect();
    let ours: Vec<_> = rules.iter().filter(|rule| RULES.contains(&rule.id.as_str())).collect();
    assert_eq!(ours.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), RULES);
    for rule in ours {
        assert!(rule.examples.len() >= 2 && rule.counter_examples.len() >= 3, "{}", rule.id);
        assert!(rule.tags == ["security"] && !rule.references.is_empty(), "{}", rule.id);
        let yields = |text: &str| found(text).iter().any(|seen| seen.rule == rule.id);
        for example in &rule.examples {
            assert!(yields(&example.text), "{}: {}", rule.id, example.about);
        }
        for example in &rule.counter_examples {
            assert!(!yields(&example.text), "{}: {}: {:#?}", rule.id, example.about, found(&example.text));
        }
    }
}
