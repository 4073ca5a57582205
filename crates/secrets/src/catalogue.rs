//! Every rule, and how each is found.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tollgate_model::{Confidence, Rule};

use crate::engine::detector::{Anchored, Detect, DetectError, Detector, Known};
use crate::engine::learnt::Packed;

/// Every rule of ours, those that are no data among them, without what they are tried on.
pub(crate) static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| tollgate_rules::parse(include_str!(concat!(env!("OUT_DIR"), "/bare.json"))));

/// The same, with what they are tried on.
pub(crate) static TRIED: LazyLock<Vec<Rule>> =
    LazyLock::new(|| tollgate_rules::parse(include_str!(concat!(env!("OUT_DIR"), "/rules.json"))));

/// How rules that are data are found, by their id.
static DETAILS: LazyLock<BTreeMap<String, Detect>> =
    LazyLock::new(|| tollgate_rules::details(include_str!(concat!(env!("OUT_DIR"), "/details.json"))));

/// What there is to learn from their expressions.
///
/// # Panics
/// Never on what the build script wrote.
pub(crate) fn learnt() -> Packed {
    let json = include_str!(concat!(env!("OUT_DIR"), "/learnt.json"));
    serde_json::from_str(json).expect("learnt.json is written by the build script")
}

/// The rule with this id.
pub(crate) fn rule(id: &str) -> Option<&'static Rule> {
    RULES.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().and_then(|at| RULES.get(at))
}

/// Whether the rule with this id and these aliases is meant by `name`: its id, with `secrets/` or without, or what other scanners
/// call it.
pub(crate) fn is_called(id: &str, aliases: &[String], name: &str) -> bool {
    id == name || id.strip_prefix("secrets/") == Some(name) || aliases.iter().any(|alias| alias == name)
}

/// Whether any rule is meant by `name`.
pub(crate) fn knows(name: &str) -> bool {
    let aliases = |id: &str| detect(id).map_or(&[][..], |detect| &detect.aliases);
    RULES.iter().any(|rule| is_called(&rule.id, aliases(&rule.id), name))
}

/// Every name that a rule of ours goes by, here and in gitleaks.
pub(crate) fn names() -> Vec<String> {
    let ours = DETAILS.keys().filter_map(|id| id.strip_prefix("secrets/")).map(str::to_owned);
    ours.chain(DETAILS.values().flat_map(|detect| detect.aliases.iter().cloned())).collect()
}

/// How the rule with this id is found.
pub(crate) fn detect(id: &str) -> Option<&'static Detect> {
    DETAILS.get(id)
}

/// Detectors of all rules that are data, but for those that are switched off, with their anchors.
///
/// # Errors
/// A rule that cannot be used, which a test of ours would have seen.
pub(crate) fn detectors(off: &dyn Fn(&str, &Detect) -> bool) -> Result<Vec<Anchored>, (String, DetectError)> {
    let learnt = learnt();
    let wanted = DETAILS.iter().filter(|(id, detect)| !off(id, detect));
    wanted
        .map(|(id, detect)| {
            let confidence = rule(id).map_or(Confidence::High, |rule| rule.confidence);
            Detector::new(id, confidence, detect, Known::Tried(learnt.get(id))).map_err(|error| (id.clone(), error))
        })
        .collect()
}
