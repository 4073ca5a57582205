//! The whole checker.

mod edits;
mod labelled;
mod rules;

#[test]
fn fixtures() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/secrets");
    let ran = tollgate_check::fixture::run(&crate::Secrets, std::path::Path::new(folder));
    let ran = ran.unwrap_or_else(|failed| panic!("{failed}"));
    assert!(ran > 0, "no case in {folder}");
}

#[test]
fn kinds_are_those_that_rules_name() {
    let mut named: Vec<&str> = crate::catalogue::RULES
        .iter()
        .filter_map(|rule| crate::catalogue::detect(&rule.id))
        .map(|detect| detect.kind.as_str())
        .collect();
    named.sort_unstable();
    named.dedup();
    let unknown: Vec<_> = named.iter().filter(|kind| !crate::KINDS.contains(kind)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
