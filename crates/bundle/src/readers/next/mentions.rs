//! What the text of a script says of other files.

use std::collections::BTreeSet;

/// Where names of chunks begin.
const CHUNKS: &str = "static/chunks/";

/// How far around `bind` is looked, in bytes: comments name paths, and a hostile script may have one that never ends.
const NEAR: usize = 1 << 10;

/// What a script imports with `import()`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    /// Modules of webpack that are loaded with the script: the client components of an entry.
    pub(super) at_once: BTreeSet<String>,
    /// Modules of webpack that are loaded later; or the names of chunks in a script of Turbopack.
    pub(super) later: BTreeSet<String>,
}

impl Mentions {
    /// Those of a script of webpack, which hands out the module of an `import()` by `bind`: of one that is there already
    /// `Promise.resolve().then(n.bind(n,8376))`, of another `n.e(602).then(n.bind(n,9602))`. Modules go by their ids.
    pub(super) fn of_webpack(script: &str) -> Self {
        let mut mentions = Self::default();
        for (at, bind) in script.match_indices("bind(") {
            let (before, after) = (&script[..at], &script[at + bind.len()..]);
            let before = &before[before.ceil_char_boundary(at.saturating_sub(NEAR))..];
            if let Some(id) = second_argument(&after[..after.floor_char_boundary(NEAR)]) {
                let modules = if is_resolved(before) { &mut mentions.at_once } else { &mut mentions.later };
                modules.insert(id.to_owned());
            }
        }
        mentions
    }

    /// Those of a script of Turbopack, in which files stand in quotes: `"static/chunks/7eb8c549ddc6f9b8.js"`.
    pub(super) fn of_turbopack(script: &str) -> Self {
        let later = script.match_indices(CHUNKS).filter_map(|(at, _)| quoted(script, at)).map(str::to_owned).collect();
        Self { at_once: BTreeSet::new(), later }
    }
}

/// The second of the arguments that begin here, where it is the id of a module: a number, or text where a build names modules.
fn second_argument(arguments: &str) -> Option<&str> {
    let first = blank(arguments).trim_start_matches(is_part_of_name);
    let second = blank(blank(first).strip_prefix(',')?);
    let (id, rest) = match second.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => second.split_at(second.find(|c: char| !c.is_ascii_digit())?),
    };
    (!id.is_empty() && blank(rest).starts_with([',', ')'])).then_some(id)
}

/// Whether what stands before `bind` is `Promise.resolve().then(n.`, be it with a comment in the brackets.
fn is_resolved(before: &str) -> bool {
    let before = before.trim_end_matches(|c| is_part_of_name(c) || c == '.');
    let resolved = before.strip_suffix(".then(").and_then(|before| before.strip_suffix(')'));
    resolved.is_some_and(|before| {
        let before =
            before.strip_suffix("*/").and_then(|comment| comment.rsplit_once("/*")).map_or(before, |cut| cut.0);
        before.ends_with("Promise.resolve(")
    })
}

fn is_part_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// The text without the white space and comments that it begins with.
fn blank(text: &str) -> &str {
    let mut text = text.trim_start();
    while let Some((_, after)) = text.strip_prefix("/*").and_then(|comment| comment.split_once("*/")) {
        text = after.trim_start();
    }
    text
}

/// The rest of the string in quotes that `at` is the beginning of.
fn quoted(script: &str, at: usize) -> Option<&str> {
    let quote = script[..at].chars().next_back().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    script[at..].split_once(quote).map(|(name, _)| name)
}
