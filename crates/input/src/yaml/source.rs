//! Where things stand in the source, which the parser says only in part: it counts the blanks and the comment behind a
//! quoted scalar or a bracket as part of it, an anchor or a tag as the beginning, and forgets where a block scalar's `|`
//! and the first `-` of some lists are.

use crate::document::{BlockInfo, Span};
use crate::{LineIndex, document::Node};

/// The source of a document.
pub(crate) struct Scan<'a> {
    text: &'a str,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text }
    }

    pub(crate) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The first byte from `at` on for which `stop` holds; the end when there is none.
    fn find(&self, at: usize, stop: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        at + rest.iter().position(|byte| stop(*byte)).unwrap_or(rest.len())
    }

    /// Behind the blanks, line ends and comments that begin at `at`.
    pub(crate) fn blank(&self, at: usize) -> usize {
        let mut at = at;
        loop {
            at = self.find(at, |byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
            if self.byte(at) != Some(b'#') {
                return at;
            }
            at = self.find(at, |byte| matches!(byte, b'\r' | b'\n'));
        }
    }

    /// Behind `count` anchors and tags, of which the first begins at `at`, and the blanks after them.
    pub(crate) fn properties(&self, at: usize, count: usize) -> usize {
        (0..count).fold(at, |at, _| {
            let verbatim = self.text.get(at..).is_some_and(|rest| rest.starts_with("!<"));
            let at = if verbatim { self.find(at, |byte| byte == b'>') + 1 } else { at };
            self.blank(self.find(at, |byte| b" \t\r\n,[]{}".contains(&byte)))
        })
    }

    /// The first of `wanted` from `at` on that stands in no comment.
    pub(crate) fn seek(&self, at: usize, wanted: &[u8]) -> Option<usize> {
        let mut at = self.blank(at);
        while let Some(byte) = self.byte(at) {
            if wanted.contains(&byte) {
                return Some(at);
            }
            at = self.blank(at + 1);
        }
        None
    }

    /// The first tab among the blanks that begin a line, from the line of `at` on; `at` when there is none.
    pub(crate) fn indenting_tab(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        let mut line = before.rfind('\n').map_or(0, |end| end + 1);
        while line < self.text.len() {
            let content = self.find(line, |byte| byte != b' ');
            if self.byte(content) == Some(b'\t') {
                return content;
            }
            line = self.find(content, |byte| byte == b'\n') + 1;
        }
        at
    }

    /// The end of the quoted scalar that begins at `start`.
    pub(crate) fn quoted(&self, start: usize) -> usize {
        quoted(self.text, start)
    }

    /// The span of the block scalar whose `|` or `>` is at `start` and which ends before `end`: up to the end of its
    /// last line with text.
    pub(crate) fn block(&self, start: usize, end: usize) -> Span {
        let text = self.text.get(start..end).unwrap_or_default().trim_end_matches([' ', '\t', '\r', '\n']);
        Span { start, end: self.find(start + text.len(), |byte| matches!(byte, b'\r' | b'\n')).min(end.max(start)) }
    }

    /// Where the lines of the literal block scalar `node` stand; none when it has no line with text, or has line ends
    /// that only YAML takes for such.
    pub(crate) fn lines(&self, node: &Node, index: &LineIndex<'_>) -> Option<BlockInfo> {
        let source = self.text.get(node.span.start..node.span.end)?;
        if source.replace("\r\n", "\n").contains('\r') {
            return None;
        }
        let has_text = |line: &&str| !line.trim_matches([' ', '\t']).is_empty();
        let written = source.lines().skip(1).find(has_text)?;
        let meant = node.as_str()?.lines().find(has_text)?;
        let indent = u32::try_from(written.len().checked_sub(meant.len())?).ok()?;
        Some(BlockInfo { first_line: index.position(node.span.start).0 + 1, indent })
    }
}

/// The end of the quoted scalar of `text` that begins at `start`; that of the text when it has none.
pub(crate) fn quoted(text: &str, start: usize) -> usize {
    let byte = |at: usize| text.as_bytes().get(at).copied();
    let quote = byte(start);
    let mut at = start + 1;
    while let Some(found) = byte(at) {
        at += match found {
            b'\\' if quote == Some(b'"') => 2,
            b'\'' if quote == Some(b'\'') && byte(at + 1) == Some(b'\'') => 2,
            _ if Some(found) == quote => return at + 1,
            _ => 1,
        };
    }
    text.len()
}
