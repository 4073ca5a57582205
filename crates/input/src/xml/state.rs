//! What a scanner remembers of the document.

use crate::Window;

/// A place whose line is counted when it is about to leave the window, and not for those that never do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    offset: u64,
    line: Option<u64>,
}

impl Mark {
    /// Where `window` is.
    pub(super) fn here(window: &Window) -> Self {
        Self { offset: window.offset(), line: None }
    }

    pub(super) fn line(self, window: &Window) -> u64 {
        self.line.unwrap_or_else(|| window.line_at(self.offset))
    }

    /// Counts the line, since `window` is about to move.
    pub(super) fn settle(&mut self, window: &Window) {
        self.line = Some(self.line(window));
    }
}

/// The open elements, from the root inwards.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// Where the name of each begins in `names`, and where its tag stands.
    elements: Vec<(usize, Mark)>,
    /// Their names as written, one behind the other.
    names: Vec<u8>,
}

impl Open {
    pub(super) fn depth(&self) -> usize {
        self.elements.len()
    }

    pub(super) fn push(&mut self, name: &[u8], mark: Mark) {
        self.elements.push((self.names.len(), mark));
        self.names.extend_from_slice(name);
    }

    pub(super) fn pop(&mut self) {
        if let Some((name, _)) = self.elements.pop() {
            self.names.truncate(name);
        }
    }

    /// Name and place of the innermost.
    pub(super) fn last(&self) -> Option<(&[u8], Mark)> {
        let &(name, mark) = self.elements.last()?;
        Some((self.names.get(name..).unwrap_or_default(), mark))
    }

    /// Counts the lines of those that `window` is about to forget.
    pub(super) fn settle(&mut self, window: &Window) {
        for (_, mark) in self.elements.iter_mut().rev().take_while(|(_, mark)| mark.line.is_none()) {
            mark.settle(window);
        }
    }
}

/// A piece that is passed on or passed over as far as it is there, so that it may be longer than the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Long {
    Cdata,
    Comment,
    Instruction,
}

impl Long {
    pub(super) fn end(self) -> &'static [u8] {
        match self {
            Self::Cdata => b"]]>",
            Self::Comment => b"--",
            Self::Instruction => b"?>",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Cdata => "a CDATA section",
            Self::Comment => "a comment",
            Self::Instruction => "a processing instruction",
        }
    }
}

/// How far the document came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Progress {
    /// Nothing but white space was seen.
    Nothing,
    /// Something was seen behind which no XML declaration may stand.
    Begun,
    /// The DOCTYPE was seen.
    Doctype,
    /// The root was seen.
    Root,
}
