//! A door for fuzzing: everything that reads foreign bytes.

use std::sync::LazyLock;

use tollgate_tree::Copied;

use crate::engine::scan::Scanner;
use crate::engine::set::Set;
use crate::{catalogue, own, sight, suppress};

static SET: LazyLock<Set> = LazyLock::new(|| Set::new(catalogue::detectors(&|_, _| false).unwrap_or_default()));

/// Reads `bytes` as a `text` that is searched, as an `edit` (the first bytes say what is copied from the rest), as a `rule` file or as a
/// list of `suppressions`. It must come back, and an edit must give what the whole text gives.
#[doc(hidden)]
pub fn fuzz(name: &str, bytes: &[u8]) {
    match name {
        "gitleaks_config" => crate::gitleaks::fuzz("config", bytes),
        "gitleaks_ignore" => crate::gitleaks::fuzz("ignore", bytes),
        "gitleaks_baseline" => crate::gitleaks::fuzz("baseline", bytes),
        "rule" => drop(own::verify("fuzzed", &String::from_utf8_lossy(bytes))),
        "suppressions" => drop(suppress::read(&String::from_utf8_lossy(bytes))),
        "edit" => edit(bytes),
        _ => {
            let mut scanner = Scanner::new(&SET);
            let kept = scanner.scan(bytes);
            drop(sight::sights(&SET, bytes, &kept));
        }
    }
}

fn edit(bytes: &[u8]) {
    let Some((plan, before)) = bytes.split_at_checked(16) else { return };
    let (mut after, mut copies) = (Vec::new(), Vec::new());
    for step in plan.chunks_exact(4) {
        let from = (usize::from(step[0]) * 8).min(before.len());
        let len = (usize::from(step[1]) * 16).min(before.len() - from);
        if len > 0 {
            copies.push(Copied { from, to: after.len(), len });
            after.extend_from_slice(&before[from..from + len]);
        }
        after.extend(before.iter().skip(usize::from(step[2])).take(usize::from(step[3] % 16)));
    }
    let mut scanner = Scanner::new(&SET);
    let kept = scanner.scan(before);
    let edited = scanner.rescan(&after, &kept, &copies);
    assert_eq!(edited.hits, scanner.scan(&after).hits, "an edit is scanned as the whole");
}
