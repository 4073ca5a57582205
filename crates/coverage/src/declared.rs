//! Declared totals against what the records hold.

use tollgate_model::{Finding, Fingerprinter, Location, format};

use crate::checker::RULES;
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
    let message = format!(
        "{records} of a report on {} {declare} other totals than the records hold; the records were counted. \
         Furthest off: {}.",
        format::things(files, "file"),
        worst.join(", ")
    );
    let fingerprint = Fingerprinter::default().next(RULE, path, "declared totals");
    Some(Finding::of(&RULES, RULE, message, Location::file(path), fingerprint))
}
