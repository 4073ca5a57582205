//! What is wrong with a workflow file, as far as GitHub sees it when it loads the file.

use std::collections::HashMap;

use tollgate_input::Span;

/// More mistakes than this are not told of one file.
const MOST: usize = 100;

/// Longer names are cut in messages.
const LONGEST_NAME: usize = 60;

/// What a mistake is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum MistakeKind {
    /// A key that is unknown, missing, or has a value of another type.
    Schema,
    /// `needs` names a job that does not exist, or jobs wait for each other.
    Needs,
    /// `uses` cannot be resolved.
    Uses,
    /// An expression is not closed, is not allowed, or names what does not exist at its place.
    Expression,
    /// A key that a mapping holds more than once.
    DuplicateKey,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// Where.
    pub(crate) span: Span,
    /// What is wrong and what to do.
    pub(crate) message: String,
    /// Whether GitHub refuses the whole file; otherwise it overlooks the part, or a single job fails.
    pub(crate) fatal: bool,
    /// What it is about.
    pub(crate) kind: MistakeKind,
}

/// The mistakes of one file while they are gathered.
#[derive(Default)]
pub(crate) struct Mistakes {
    all: Vec<Mistake>,
    // What an alias repeats is said once: by what is said, the place it was first said of.
    said: HashMap<(Span, String), usize>,
}

impl Mistakes {
    /// GitHub refuses the file for this.
    pub(crate) fn fatal(&mut self, kind: MistakeKind, span: Span, message: String) {
        self.add(kind, span, message, true);
    }

    /// GitHub overlooks this, or a single job fails of it.
    pub(crate) fn odd(&mut self, kind: MistakeKind, span: Span, message: String) {
        self.add(kind, span, message, false);
    }

    /// Either of them.
    pub(crate) fn add(&mut self, kind: MistakeKind, span: Span, message: String, fatal: bool) {
        self.add_at(kind, span, "", message, fatal);
    }

    /// Either of them, where `place` is not a part of what is said.
    pub(crate) fn add_at(&mut self, kind: MistakeKind, span: Span, place: &str, said: String, fatal: bool) {
        let index = self.all.len();
        match self.said.get(&(span, said.clone())) {
            Some(first) => self.all[*first].fatal |= fatal,
            None if index < MOST => {
                self.all.push(Mistake { span, message: format!("{place}{said}"), fatal, kind });
                self.said.insert((span, said), index);
            }
            None => {}
        }
    }

    /// All of them, in the order of the file.
    pub(crate) fn in_order(mut self) -> Vec<Mistake> {
        self.all.sort_by(|a, b| (a.span.start, a.kind, &a.message).cmp(&(b.span.start, b.kind, &b.message)));
        self.all
    }
}

/// A name out of a file as messages show it: in backticks, cut when it is long.
pub(crate) fn shown(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("`{}…`", &name[..end]),
        None => format!("`{name}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_is_told_once_and_no_file_fills_the_report() {
        let mut mistakes = Mistakes::default();
        for n in 0..300 {
            let span = Span { start: 300 - n, end: 301 };
            mistakes.add_at(MistakeKind::Schema, span, "here: ", "a".into(), false);
            mistakes.add_at(MistakeKind::Schema, span, "there: ", "a".into(), n % 2 == 0);
        }
        let all = mistakes.in_order();
        assert_eq!(all.len(), MOST);
        assert!(all.is_sorted_by_key(|mistake| mistake.span.start));
        assert!(all.iter().all(|mistake| mistake.message == "here: a"));
        assert_eq!(all.iter().filter(|mistake| mistake.fatal).count(), MOST / 2);
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(shown("build"), "`build`");
        assert_eq!(shown(&"é".repeat(70)), format!("`{}…`", "é".repeat(60)));
    }
}
