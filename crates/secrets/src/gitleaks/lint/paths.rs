//! Path expressions that hide files which merely contain the word.

use regex_automata::meta::Regex;

use super::Budget;
use crate::gitleaks::allow::Allowlist;
use crate::gitleaks::remark::{Kind, Remark, clip, quote};

/// Judges the paths of `list`; false where that is too much to do.
pub(super) fn judge(list: &Allowlist, tracked: &[&str], budget: &mut Budget, remarks: &mut Vec<Remark>) -> bool {
    if !list.decides_by_path() {
        return true;
    }
    let bytes: usize = tracked.iter().map(|path| path.len() + 16).sum();
    for path in &list.paths {
        if !budget.take(bytes, path.weight) {
            return false;
        }
        let Some(regex) = path.pattern.regex() else {
            remarks.push(super::loose::too_large(list, path));
            continue;
        };
        // A dot before a word is meant as one, though it matches anything.
        let dotted =
            path.source.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        let (mut hidden, mut meant, mut examples) = (0_u64, 0_u64, Vec::new());
        for file in tracked {
            match reach(regex, file, dotted) {
                None => {}
                Some(None) => (hidden, meant) = (hidden + 1, meant + 1),
                Some(Some(example)) => {
                    hidden += 1;
                    if examples.len() < 3 && !examples.contains(&example) {
                        examples.push(example);
                    }
                }
            }
        }
        if meant < hidden {
            let message = format!(
                "path {} hides {hidden} {}, {} by a whole name; also {}. Write {} instead.",
                quote(&path.source),
                if hidden == 1 { "file" } else { "files" },
                if meant == 0 { "none".to_owned() } else { format!("only {meant}") },
                examples.join(", "),
                bounded(&path.source)
            );
            remarks
                .push(Remark { hidden: Some(hidden), ..Remark::new(Kind::BroadPath, &list.file, path.line, message) });
        }
    }
    true
}

/// What a path expression could say instead.
fn bounded(source: &str) -> String {
    let word = source.strip_prefix('.').map(|rest| format!(r"\.{rest}"));
    let word = word.unwrap_or_else(|| source.to_owned());
    if source.len() <= 20 && source.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
        format!("`(^|/){word}(/|$)`")
    } else {
        "it between `(^|/)` and `(/|$)`".to_owned()
    }
}

/// Whether `regex` matches in `path`, where it is `dotted` with a dot; and where it does only inside of names, the first of those.
fn reach(regex: &Regex, path: &str, dotted: bool) -> Option<Option<String>> {
    let bytes = path.as_bytes();
    let is_edge = |at: usize| bytes.get(at).is_none_or(|byte| b"/.".contains(byte));
    let mut first = None;
    for found in regex.find_iter(bytes) {
        let (start, end) = (found.start(), found.end());
        let left = start == 0 || is_edge(start - 1) || is_edge(start);
        let right = is_edge(end) || end > start && is_edge(end - 1);
        if left && right && (!dotted || bytes.get(start) == Some(&b'.')) {
            return Some(None);
        }
        first = first.or(Some((start, end)));
    }
    let (start, end) = first?;
    Some(Some(name_at(path, start, end)))
}

/// The name in `path` around the match `start..end`, as a message shows it.
fn name_at(path: &str, start: usize, end: usize) -> String {
    // A match may begin with the separator itself.
    let inner = if path.as_bytes().get(start) == Some(&b'/') && start + 1 < end { start + 1 } else { start };
    let from = path.as_bytes()[..inner].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    let to = path.as_bytes()[inner..].iter().position(|byte| *byte == b'/').map_or(path.len(), |at| inner + at);
    let name = String::from_utf8_lossy(&path.as_bytes()[from..to]);
    let shown = clip(&name, 22);
    format!("`{}{shown}{}`", if from > 0 { "…/" } else { "" }, if to < path.len() { "/" } else { "" })
}
