//! What is known of a text, a file, an exit status, while a script is run without running anything.

use std::rc::Rc;

use crate::expr::Taint;

/// It depends on what the check under trial found.
pub(crate) const CHECK: Taint = Taint(1);
/// It depends on what some program printed or wrote.
pub(crate) const MEASURED: Taint = Taint(2);
/// It depends on what the run was given: the event, inputs, secrets, the environment.
pub(crate) const GIVEN: Taint = Taint(4);
/// It depends on the results of jobs or steps.
pub(crate) const RESULT: Taint = Taint(8);

/// Longest text that is kept, bytes; more counts as unknown.
const LONGEST: usize = 64 << 10;

/// Stands in a text for a part that could be anything.
const HOLE: char = '\u{FFFC}';

/// What is known of a text, and what it depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Value {
    /// The text, with holes where it could be anything.
    written: Rc<str>,
    /// What it depends on.
    pub(crate) taint: Taint,
}

impl Value {
    /// This text, which depends on nothing.
    pub(crate) fn known(text: &str) -> Self {
        Self { written: text.into(), taint: Taint::default() }
    }

    /// Any text.
    pub(crate) fn unknown(taint: Taint) -> Self {
        Self { written: String::from(HOLE).into(), taint }
    }

    /// The same, depending on `taint` too.
    #[must_use]
    pub(crate) fn tainted(mut self, taint: Taint) -> Self {
        self.taint = self.taint.union(taint);
        self
    }

    /// This text and then `other`.
    pub(crate) fn push(&mut self, other: &Self) {
        self.taint = self.taint.union(other.taint);
        if self.written.is_empty() {
            self.written = Rc::clone(&other.written);
        } else if other.written.is_empty() {
        } else if self.written.len() + other.written.len() <= LONGEST {
            self.written = format!("{}{}", self.written, other.written).into();
        } else {
            self.written = String::from(HOLE).into();
        }
    }

    /// What is common to both.
    pub(crate) fn join(&self, other: &Self) -> Self {
        let taint = self.taint.union(other.taint);
        if self.written == other.written { self.clone().tainted(taint) } else { Self::unknown(taint) }
    }

    /// The text, where it is known.
    pub(crate) fn text(&self) -> Option<&str> {
        if self.written.contains(HOLE) { None } else { Some(&self.written) }
    }

    /// Whether it is empty; none where that is not known.
    pub(crate) fn is_empty(&self) -> Option<bool> {
        match &*self.written {
            "" => Some(true),
            text if text.chars().any(|c| c != HOLE) => Some(false),
            _ => None,
        }
    }

    /// Its lines, each with its holes.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Self> {
        self.written.lines().map(|line| Self { written: line.into(), taint: self.taint })
    }

    /// What stands before and behind the first `separator`, where there is one.
    pub(crate) fn split(&self, separator: char) -> Option<(String, Self)> {
        let (name, value) = self.written.split_once(separator)?;
        (!name.contains(HOLE)).then(|| (name.to_owned(), Self { written: value.into(), taint: self.taint }))
    }

    /// The text as it is kept, holes included: for looking for what is surely in it.
    pub(crate) fn sketch(&self) -> &str {
        &self.written
    }

    /// As `$( … )` gives it: without the line ends at its end.
    #[must_use]
    pub(crate) fn trimmed(self) -> Self {
        let trimmed = self.written.trim_end_matches('\n');
        if trimmed.len() == self.written.len() {
            return self;
        }
        Self { written: trimmed.into(), taint: self.taint }
    }
}

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct File {
    /// Whether it is there.
    pub(crate) there: bool,
    /// What it holds.
    pub(crate) content: Value,
    /// Whether a script wrote all of it down: here-documents and `echo` of plain text.
    pub(crate) written_by_hand: bool,
}

impl File {
    /// A file that is there, with this content.
    pub(crate) fn holding(content: Value) -> Self {
        Self { there: true, content, written_by_hand: false }
    }

    /// No file.
    pub(crate) fn missing(taint: Taint) -> Self {
        Self { there: false, content: Value::unknown(taint), written_by_hand: false }
    }

    /// What is common to both.
    pub(crate) fn join(&self, other: &Self) -> Self {
        Self {
            there: self.there || other.there,
            content: self.content.join(&other.content),
            written_by_hand: self.written_by_hand && other.written_by_hand,
        }
    }
}

/// An exit status: success, failure, or either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Status {
    /// Whether it is success; none where it may be either.
    pub(crate) ok: Option<bool>,
    /// What it depends on.
    pub(crate) taint: Taint,
}

impl Status {
    /// Success.
    pub(crate) const OK: Self = Self { ok: Some(true), taint: Taint(0) };
    /// Failure.
    pub(crate) const FAILED: Self = Self { ok: Some(false), taint: Taint(0) };

    /// Either.
    pub(crate) fn either(taint: Taint) -> Self {
        Self { ok: None, taint }
    }

    /// The same, depending on `taint` too.
    #[must_use]
    pub(crate) fn tainted(mut self, taint: Taint) -> Self {
        self.taint = self.taint.union(taint);
        self
    }

    /// Success for failure.
    #[must_use]
    pub(crate) fn not(self) -> Self {
        Self { ok: self.ok.map(|ok| !ok), taint: self.taint }
    }

    /// Whether it may be a failure.
    pub(crate) fn may_fail(self) -> bool {
        self.ok != Some(true)
    }

    /// Whether a failure may be due to the check under trial.
    pub(crate) fn fails_by_check(self) -> bool {
        self.may_fail() && self.taint.contains(CHECK)
    }

    /// What is common to both.
    pub(crate) fn join(self, other: Self) -> Self {
        Self { ok: if self.ok == other.ok { self.ok } else { None }, taint: self.taint.union(other.taint) }
    }

    /// The number that `$?` gives.
    pub(crate) fn number(self) -> Value {
        match self.ok {
            Some(true) => Value::known("0"),
            Some(false) => Value::known("1"),
            None => Value::unknown(self.taint),
        }
        .tainted(self.taint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_grow_and_meet() {
        let mut value = Value::known("a");
        value.push(&Value::known("b").tainted(GIVEN));
        assert_eq!(value, Value::known("ab").tainted(GIVEN));
        value.push(&Value::unknown(CHECK));
        assert_eq!((value.text(), value.is_empty()), (None, Some(false)));
        assert_eq!(value.taint, CHECK.union(GIVEN));
        let (name, rest) = {
            let mut v = Value::known("n=");
            v.push(&Value::unknown(CHECK));
            v.split('=').unwrap()
        };
        assert_eq!((name.as_str(), rest), ("n", Value::unknown(CHECK)));
        assert_eq!(Value::known("a").join(&Value::known("a").tainted(CHECK)), Value::known("a").tainted(CHECK));
        assert_eq!(Value::known("a").join(&Value::known("b")).text(), None);
        assert_eq!(Value::unknown(GIVEN).is_empty(), None);
        assert_eq!(Value::known("a\n\n").trimmed(), Value::known("a"));
    }

    #[test]
    fn a_status_may_be_either() {
        assert!(Status::either(CHECK).fails_by_check() && !Status::either(GIVEN).fails_by_check());
        assert!(!Status::OK.tainted(CHECK).fails_by_check() && Status::OK.not().may_fail());
        assert_eq!(Status::OK.join(Status::FAILED).ok, None);
        assert_eq!(Status::FAILED.number(), Value::known("1"));
    }
}
