//! Declared totals against what the records hold.

use tollgate_model::{Confidence, Finding, Fingerprinter, Level, Location, format};

use crate::reading::Disagreements;

const RULE: &str = "coverage/declared-totals";

/// The finding on the report at `path`, which names `files` files.
pub(crate) fn finding(path: &str, disagreements: &Disagreements, files: u64) -> Option<Finding> {
    if disagreements.count == 0 {
        return None;
    }
    let worst: Vec<String> = disagreements
        .worst
        .iter()
        .map(|d| {
            let name = if d.path.is_empty() { "(no name)" } else { &d.path };
            format!("{name} ({} {}, counted {})", d.total, format::count(d.declared), format::count(d.counted))
        })
        .collect();
    let records = format::things(disagreements.count, "record");
    let declare = if disagreements.count == 1 { "declares" } else { "declare" };
    Some(Finding {
        rule: RULE.to_owned(),
        level: Level::Note,
        severity: None,
        confidence: Confidence::High,
        message: format!(
            "{records} of a report on {} {declare} other totals than the records hold; the records were counted. \
             Furthest off: {}.",
            format::things(files, "file"),
            worst.join(", ")
        ),
        location: Some(Location::file(path)),
        related: Vec::new(),
        fingerprint: Fingerprinter::default().next(RULE, path, "declared totals"),
        state: None,
        suppressed: None,
        properties: Default::default(),
    })
}
