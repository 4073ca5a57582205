//! Where a script comes from.

use std::rc::Rc;

use tollgate_input::LineIndex;

use super::state::Functions;
use super::value::Value;
use crate::model::Text;

/// A place in a file, as a link of the chain from a workflow to a command.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Link {
    /// The file, relative to the root.
    pub(crate) file: Rc<str>,
    /// The line, from 1.
    pub(crate) line: u32,
    /// What stands there: the line, or the name of the script.
    pub(crate) text: Rc<str>,
}

/// Which lines of its file a script's lines are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    file: Rc<str>,
    /// Where the lines of the script begin, and which lines of the file they are.
    lines: Rc<Vec<(usize, u32)>>,
    text: Rc<str>,
}

impl Origin {
    /// A script whose line `n` (from 0) is line `first + n` of the file.
    pub(crate) fn whole(file: &str, text: &str, first: u32) -> Self {
        let starts =
            std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1));
        let lines = starts.zip(first..).collect();
        Self { file: file.into(), lines: Rc::new(lines), text: text.into() }
    }

    /// A script that stands on one line of the file, whatever it looks like.
    pub(crate) fn line(file: &str, text: &str, line: u32) -> Self {
        Self { file: file.into(), lines: Rc::new(vec![(0, line)]), text: text.into() }
    }

    /// A script whose lines are these lines of the file.
    pub(crate) fn listed(file: &str, text: &str, lines: &[u32]) -> Self {
        let starts =
            std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1));
        Self { file: file.into(), lines: Rc::new(starts.zip(lines.iter().copied()).collect()), text: text.into() }
    }

    /// A text of a YAML file.
    pub(crate) fn text(file: &str, text: &Text, index: &LineIndex<'_>) -> Self {
        match text.block {
            Some(block) => Self::whole(file, &text.text, block.first_line),
            None => Self::line(file, &text.text, index.position(text.span.start).0),
        }
    }

    /// The place of the byte `at`.
    pub(crate) fn link(&self, at: usize) -> Link {
        let index = self.lines.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let (start, line) = self.lines.get(index).copied().unwrap_or((0, 1));
        let text = self.text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        Link { file: Rc::clone(&self.file), line, text: shown(text).into() }
    }
}

/// How much of a line is kept, characters.
const SHOWN: usize = 160;

/// A line as messages quote it.
pub(crate) fn shown(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN - 1).chain(['…']).collect()
}

/// What a script is run with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// What its `${{ … }}` stand for.
    pub(crate) expressions: Rc<Vec<Value>>,
    /// `$0`, `$1`, ….
    pub(crate) arguments: Rc<Vec<Value>>,
    /// Functions it has defined.
    pub(crate) functions: Functions,
    /// What `trap … EXIT` has it do at its end, and where that stands.
    pub(crate) trap: Option<(Rc<str>, Link)>,
}

impl Frame {
    /// The place of the byte `at`.
    pub(crate) fn link(&self, at: usize) -> Link {
        self.origin.link(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_lines_of_the_file() {
        let origin = Origin::whole("ci.yml", "one\n  two\nthree", 10);
        let at = |byte| (origin.link(byte).line, origin.link(byte).text.to_string());
        assert_eq!(at(0), (10, "one".to_owned()));
        assert_eq!(at(6), (11, "two".to_owned()));
        assert_eq!(at(99), (12, "three".to_owned()));
        assert_eq!(Origin::line("p.json", "a && b", 7).link(5).line, 7);
        assert_eq!(Origin::listed("Makefile", "a\nb", &[4, 9]).link(2).line, 9);
    }
}
