//! What in a report cannot be understood: it is named, and never taken for nothing.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::format::{count, things};
use tollgate_model::{Cause, Foreign, Level, Problem, Region, Severity};

use super::{Grade, json};

/// How many unknown words are named.
const MOST_WORDS: usize = 5;

/// How many notes are kept of what a report says by the way.
const MOST_NOTES: usize = 20;

/// What in a report is missing, is of another kind than its writer writes, or disagrees with what the report lists.
/// Values are read through it, so that none of this is passed over; [`settle`](Self::settle) says it.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    count: Cell<u64>,
    first: OnceCell<String>,
    /// Words for how bad something is that no table has.
    words: RefCell<BTreeSet<String>>,
    disagreements: RefCell<Vec<String>>,
}

impl Doubts {
    /// Remembers what is wrong, in words that follow "the report": the first is told, all are counted.
    pub(super) fn wrong(&self, what: impl FnOnce() -> String) {
        self.count.set(self.count.get().saturating_add(1));
        self.first.get_or_init(what);
    }

    /// Remembers that the key `what` is missing.
    pub(super) fn missing(&self, what: &str) {
        self.wrong(|| format!("`{what}` is missing"));
    }

    /// Whether a value of `kind` comes next; remembers where another does.
    pub(super) fn is(&self, reader: &mut Reader, what: &str, kind: Kind) -> Result<bool, InputError> {
        let same = reader.kind()? == kind;
        if !same {
            self.kind(reader, what, kind_name(kind));
        }
        Ok(same)
    }

    fn kind(&self, reader: &Reader, what: &str, expected: &str) {
        self.wrong(|| format!("`{what}` in line {} is not {expected}", count(reader.line())));
    }

    /// Goes through the object that comes next.
    pub(super) fn object(
        &self,
        reader: &mut Reader,
        what: &str,
        each: impl FnMut(&mut Reader, &str) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        if self.is(reader, what, Kind::Object)? { reader.object(each) } else { Ok(()) }
    }

    /// Goes through the list that comes next.
    pub(super) fn list(
        &self,
        reader: &mut Reader,
        what: &str,
        each: impl FnMut(&mut Reader) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        if self.is(reader, what, Kind::Array)? { reader.array(each) } else { Ok(()) }
    }

    /// The string that comes next; empty where another value does.
    pub(super) fn text(&self, reader: &mut Reader, what: &str) -> Result<String, InputError> {
        Ok(self.take(reader, (what, "a string"), json::text)?.unwrap_or_default())
    }

    /// The string that comes next; none for `null`.
    pub(super) fn text_or_none(&self, reader: &mut Reader, what: &str) -> Result<Option<String>, InputError> {
        if reader.kind()? == Kind::Null { Ok(None) } else { self.take(reader, (what, "a string"), json::text) }
    }

    /// The string or number that comes next, as one line; empty where another value does.
    pub(super) fn word(&self, reader: &mut Reader, what: &str) -> Result<String, InputError> {
        Ok(self.take(reader, (what, "a string or number"), json::word)?.unwrap_or_default())
    }

    /// The string or number that comes next, as one line; none for `null`.
    pub(super) fn word_or_none(&self, reader: &mut Reader, what: &str) -> Result<Option<String>, InputError> {
        if reader.kind()? == Kind::Null {
            Ok(None)
        } else {
            self.take(reader, (what, "a string or number"), json::word)
        }
    }

    /// The whole number that comes next; none where another value does.
    pub(super) fn count(&self, reader: &mut Reader, what: &str) -> Result<Option<u64>, InputError> {
        self.take(reader, (what, "a whole number"), json::count)
    }

    /// The whole number that comes next, as a line or column; none for `null`, 0 and what is too large.
    pub(super) fn ordinal(&self, reader: &mut Reader, what: &str) -> Result<Option<u32>, InputError> {
        if reader.kind()? == Kind::Null { Ok(None) } else { Ok(json::ordinal(self.count(reader, what)?)) }
    }

    /// The number that comes next; none for `null`.
    pub(super) fn decimal_or_none(&self, reader: &mut Reader, what: &str) -> Result<Option<f64>, InputError> {
        if reader.kind()? == Kind::Null { Ok(None) } else { self.take(reader, (what, "a number"), json::decimal) }
    }

    /// `true` or `false`; none where another value comes next.
    pub(super) fn flag(&self, reader: &mut Reader, what: &str) -> Result<Option<bool>, InputError> {
        if self.is(reader, what, Kind::Bool)? { reader.bool().map(Some) } else { Ok(None) }
    }

    fn take<T>(
        &self,
        reader: &mut Reader,
        (what, expected): (&str, &str),
        read: impl FnOnce(&mut Reader) -> Result<Option<T>, InputError>,
    ) -> Result<Option<T>, InputError> {
        let value = read(reader)?;
        if value.is_none() {
            self.kind(reader, what, expected);
        }
        Ok(value)
    }

    /// What `word` becomes: an error without severity where the table lacks it, which is noted.
    pub(super) fn grade(&self, grades: &[Grade], word: &str) -> (Level, Option<Severity>) {
        match Grade::of(grades, word) {
            Some(grade) => (grade.level, grade.severity),
            None => {
                let mut words = self.words.borrow_mut();
                if words.len() < MOST_WORDS {
                    words.insert(crate::text::name(word));
                }
                (Level::Error, None)
            }
        }
    }

    /// Compares a declared number with what was read; none declared agrees with everything.
    pub(super) fn compare(&self, what: &str, declared: Option<u64>, read: u64) {
        if let Some(declared) = declared.filter(|declared| *declared != read) {
            let text = format!("declares {what} {}, lists {}", count(declared), count(read));
            let mut all = self.disagreements.borrow_mut();
            if all.len() < MOST_WORDS {
                all.push(text);
            }
        }
    }

    /// Says in `foreign` what was remembered.
    pub(super) fn settle(self, foreign: &mut Foreign) {
        if let Some(first) = self.first.get() {
            let more = match self.count.get().saturating_sub(1) {
                0 => String::new(),
                more => format!(" ({} like this)", things(more, "more place")),
            };
            let what = format!("{first}{more}; what it should have said is not known: have the report written again");
            foreign.problems.push(Problem::new(Cause::Unreadable, what));
        }
        for text in self.disagreements.take() {
            let what = format!("{text}; have the report written again, whole");
            foreign.problems.push(Problem::new(Cause::Unreadable, what));
        }
        for word in self.words.take() {
            foreign.notes.push(format!(
                "{} is no known word for how bad something is; what it stands for counts as an error without severity",
                if word.is_empty() { "an empty text".to_owned() } else { format!("`{word}`") }
            ));
        }
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "an object",
        Kind::Array => "a list",
        Kind::String => "a string",
        Kind::Number => "a number",
        Kind::Bool => "`true` or `false`",
        Kind::Null => "`null`",
    }
}

/// Adds a note that is not there yet, as long as there are few.
pub(super) fn note(foreign: &mut Foreign, note: String) {
    if foreign.notes.len() < MOST_NOTES && !foreign.notes.contains(&note) {
        foreign.notes.push(note);
    }
}

/// Lines and columns as a report has them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lines {
    pub(super) line: Option<u32>,
    pub(super) column: Option<u32>,
    pub(super) end_line: Option<u32>,
    pub(super) end_column: Option<u32>,
}

impl Lines {
    /// The region; none without a line. An end before the beginning is left out.
    pub(super) fn region(self) -> Option<Region> {
        let start_line = self.line?;
        let end_line = self.end_line.filter(|end| *end >= start_line);
        let before = end_line == Some(start_line) && self.end_column < self.column;
        Some(Region {
            start_line,
            end_line: end_line.unwrap_or(start_line),
            start_column: self.column,
            end_column: self.end_column.filter(|_| end_line.is_some() && !before),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_once_and_counted() {
        let (doubts, mut foreign) = (Doubts::default(), Foreign::default());
        doubts.missing("a");
        doubts.missing("b");
        doubts.compare("`total`", Some(3), 2);
        doubts.compare("`total`", None, 2);
        assert_eq!(doubts.grade(&[], "odd"), (Level::Error, None));
        doubts.settle(&mut foreign);
        let said: Vec<&str> = foreign.problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(said[0].starts_with("`a` is missing (1 more place like this)"), "{said:?}");
        assert!(said[1].starts_with("declares `total` 3, lists 2"), "{said:?}");
        assert_eq!((said.len(), foreign.notes.len()), (2, 1));
        assert!(foreign.notes[0].starts_with("`odd` is no known word"), "{:?}", foreign.notes);
    }

    #[test]
    fn an_end_before_the_beginning_is_left_out() {
        let lines = |line, column, end_line, end_column| Lines { line, column, end_line, end_column }.region();
        assert_eq!(lines(None, Some(1), Some(2), None), None);
        let region = lines(Some(3), Some(5), Some(2), Some(9)).unwrap();
        assert_eq!((region.start_line, region.end_line, region.end_column), (3, 3, None));
        let region = lines(Some(3), Some(5), Some(3), Some(4)).unwrap();
        assert_eq!((region.end_line, region.end_column), (3, None));
        let region = lines(Some(3), Some(5), Some(4), Some(1)).unwrap();
        assert_eq!((region.end_line, region.end_column), (4, Some(1)));
    }
}
