//! `grep`: patterns over what is known of a text.

use super::is_folder;
use crate::machine::Machine;
use crate::machine::state::State;
use crate::machine::value::{MEASURED, Status, Value};
use crate::shell::ast::At;

impl Machine<'_> {
    /// Runs `grep` as `name`.
    pub(super) fn grep(&mut self, name: &str, rest: &[Value], mut state: State, at: &At) -> State {
        let mut pattern = None;
        let mut paths = Vec::new();
        let (mut counts, mut quiet, mut inverted, mut recursive, mut only) = (false, false, false, false, false);
        let mut pieces = false;
        let mut kind = match name {
            "egrep" | "rg" => Pattern::Extended,
            "fgrep" => Pattern::Fixed,
            _ => Pattern::Basic,
        };
        let mut folds = false;
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            match word.text() {
                Some("-e" | "--regexp") if pattern.is_none() => pattern = words.next(),
                Some("-m" | "-A" | "-B" | "-C" | "-f" | "--include" | "--exclude" | "--exclude-dir") => {
                    words.next();
                }
                Some(flag) if flag.len() > 1 && flag.starts_with('-') => {
                    let short = !flag.starts_with("--");
                    let has = |c| short && flag.contains(c);
                    counts |= has('c') || flag == "--count";
                    quiet |= has('q') || flag == "--quiet" || flag == "--silent";
                    inverted |= has('v') || flag == "--invert-match";
                    recursive |= has('r') || has('R') || flag == "--recursive";
                    only |= has('l') || has('L') || has('n');
                    pieces |= has('o') || flag == "--only-matching";
                    folds |= has('i') || flag == "--ignore-case";
                    kind = match () {
                        () if has('E') || has('P') || flag == "--extended-regexp" => Pattern::Extended,
                        () if has('F') || flag == "--fixed-strings" => Pattern::Fixed,
                        () => kind,
                    };
                }
                _ if pattern.is_none() => pattern = Some(word),
                _ => paths.push(word),
            }
        }
        let taint = Self::taint_of(rest);
        if recursive && paths.is_empty() || paths.iter().any(|path| is_folder(path)) {
            let taint = taint.union(MEASURED);
            if !quiet {
                state.printed.push(&Value::unknown(taint));
            }
            return State { status: Status::either(taint), ..state };
        }
        let (content, opened) = self.input_of(&paths, &mut state, at);
        if opened.ok == Some(false) && content.is_empty() == Some(true) {
            state.printed.push(&Value::known("").tainted(opened.taint));
            return State { status: opened, ..state };
        }
        let taint = taint.union(content.taint);
        let matcher = pattern.and_then(Value::text).and_then(|text| matcher(text, kind, folds));
        let chosen = |text: &str| -> Option<Vec<String>> {
            let matcher = matcher.as_ref()?;
            let lines = text.lines().filter(|line| matcher.is_match(line) != inverted);
            if pieces {
                let found = lines.flat_map(|line| {
                    matcher.find_iter(line).map(|found| found.as_str().to_owned()).collect::<Vec<_>>()
                });
                return Some(found.filter(|found| !found.is_empty()).collect());
            }
            Some(lines.map(str::to_owned).collect())
        };
        let found = match content.text() {
            Some("") => Some(Vec::new()),
            Some(text) => chosen(text),
            None => None,
        };
        let count = found.as_ref().map(Vec::len);
        let (printed, ok) = match count {
            Some(count) if counts => (Value::known(&format!("{count}\n")), Some(count > 0)),
            Some(0) => (Value::known(""), Some(false)),
            Some(_) if !only => {
                let lines: String = found.unwrap_or_default().iter().map(|line| format!("{line}\n")).collect();
                (Value::known(&lines), Some(true))
            }
            Some(_) => (Value::unknown(taint), Some(true)),
            None => (Value::unknown(taint), None),
        };
        if !quiet {
            state.printed.push(&printed.tainted(taint));
        }
        State { status: Status { ok, taint: taint.union(MEASURED) }, ..state }
    }
}

/// How grep reads its pattern.
#[derive(Clone, Copy)]
enum Pattern {
    /// Parentheses, braces, `+`, `?` and `|` have a meaning behind a backslash only.
    Basic,
    /// They have one by themselves.
    Extended,
    /// Nothing has.
    Fixed,
}

/// The pattern as a regular expression; none where it is none, or a large one.
fn matcher(pattern: &str, kind: Pattern, folds: bool) -> Option<regex::Regex> {
    let text = match kind {
        Pattern::Fixed => regex::escape(pattern),
        Pattern::Extended => pattern.to_owned(),
        Pattern::Basic => {
            let mut text = String::with_capacity(pattern.len() + 8);
            let mut chars = pattern.chars();
            while let Some(c) = chars.next() {
                match c {
                    '\\' => match chars.next() {
                        Some(next @ ('+' | '?' | '|' | '(' | ')' | '{' | '}')) => text.push(next),
                        Some(next) => text.extend(['\\', next]),
                        None => text.push_str("\\\\"),
                    },
                    '+' | '?' | '|' | '(' | ')' | '{' | '}' => text.extend(['\\', c]),
                    c => text.push(c),
                }
            }
            text
        }
    };
    regex::RegexBuilder::new(&text).case_insensitive(folds).size_limit(1 << 18).build().ok()
}
