//! From the parser's events to nodes.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use super::flow;
use super::input::{LOOKAHEAD, Metered};
use super::offsets::Offsets;
use super::schema;
use super::source::Scan;
use crate::builder::{Builder, Size};
use crate::document::{Node, Span};
use crate::{InputError, Limits, LineIndex};

/// How many bytes may be read again because a collection in brackets is not indented as YAML wants it.
const PATIENCE: usize = 4 << 20;

/// The documents of `text`; more than one is an error unless there may be `many`.
pub(crate) fn load(path: &str, text: &str, limits: Limits, many: bool) -> Result<Vec<Node>, InputError> {
    let mut shown = Cow::Borrowed(text);
    let mut patience = PATIENCE;
    loop {
        let mut loader = Loader::new(path, text, &shown, limits)?;
        let error = match loader.run(&shown, many) {
            Ok(()) => return Ok(loader.builder.take_all()),
            Err(error) => error,
        };
        patience = patience.saturating_sub(shown.len());
        let again = loader.shallow.filter(|_| patience > 0);
        match again.and_then(|(from, depth)| flow::on_one_line(&shown, from, depth)) {
            Some(changed) => shown = Cow::Owned(changed),
            None => return Err(error),
        }
    }
}

/// A list or mapping that is not closed yet.
struct Open {
    /// The bracket that ends it; none for one that its indentation ends.
    bracket: Option<u8>,
    /// Its anchor; 0 without.
    anchor: usize,
}

struct Loader<'a> {
    builder: Builder<'a>,
    scan: Scan<'a>,
    index: LineIndex<'a>,
    offsets: Offsets<'a>,
    open: Vec<Open>,
    /// What aliases may repeat, by the parser's number for the anchor.
    anchors: HashMap<usize, (Node, Size)>,
    /// How much that is; it has the same budgets as the tree.
    kept: Size,
    documents: usize,
    /// Up to which byte the source was understood: the end of the last scalar, alias or bracket.
    done: usize,
    /// Where the parser met a collection in brackets that is indented too little: from which byte to look for it, and
    /// how many brackets are open there.
    shallow: Option<(usize, usize)>,
}

impl<'a> Loader<'a> {
    /// For the document `text`, of which the parser is shown `shown`: as many bytes, the same where it matters.
    fn new(path: &'a str, text: &'a str, shown: &'a str, limits: Limits) -> Result<Self, InputError> {
        let builder = Builder::new(path, text, limits)?;
        if let Some(at) = text.find('\0') {
            return Err(builder.error(at, "found the character U+0000; this is not a text file"));
        }
        Ok(Self {
            builder,
            scan: Scan::new(text),
            index: LineIndex::new(text),
            offsets: Offsets::new(shown),
            open: Vec::new(),
            anchors: HashMap::new(),
            kept: Size::default(),
            documents: 0,
            done: 0,
            shallow: None,
        })
    }

    fn run(&mut self, shown: &str, many: bool) -> Result<(), InputError> {
        let left = Cell::new(LOOKAHEAD);
        let mut parser = Parser::new(Metered::new(shown, &left));
        while let Some(event) = parser.next_event() {
            if left.get() == 0 {
                let message = format!("a scalar or a collection in brackets longer than {LOOKAHEAD} characters");
                return Err(self.builder.error(self.scan.blank(self.done), message));
            }
            left.set(LOOKAHEAD);
            let (event, span) = event.map_err(|error| self.refused(&error))?;
            let (start, end) = (self.offsets.byte(span.start.index()), self.offsets.byte(span.end.index()));
            self.event(event, Span { start, end }, many)?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: Span, many: bool) -> Result<(), InputError> {
        match event {
            Event::DocumentStart(explicit) => {
                self.documents += 1;
                if self.documents > 1 && !many {
                    return Err(self.builder.error(span.start, "a second document begins; expected only one"));
                }
                // Anchors do not reach beyond their document.
                self.anchors.clear();
                self.kept = Size::default();
                if explicit {
                    self.done = span.end;
                }
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => self.begin(false, anchor, tag.is_some(), span),
            Event::MappingStart(anchor, tag) => self.begin(true, anchor, tag.is_some(), span),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(&mut self, mapping: bool, anchor: usize, tagged: bool, span: Span) -> Result<(), InputError> {
        let mut start = self.content(anchor, tagged, span.start);
        let bracket = match (mapping, self.scan.byte(start)) {
            (false, Some(b'[')) => Some(b']'),
            (true, Some(b'{')) => Some(b'}'),
            _ => None,
        };
        // The parser has a list that is no deeper than its key begin behind its first dash.
        if !mapping && bracket.is_none() && self.builder.in_mapping() == Some(true) {
            let after = if anchor > 0 || tagged { start } else { self.done };
            start = self.scan.seek(after, b"-").unwrap_or(start);
        }
        self.done = self.done.max(start + usize::from(bracket.is_some()));
        self.open.push(Open { bracket, anchor });
        self.builder.open(mapping, start)
    }

    fn end(&mut self, span: Span) -> Result<(), InputError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        if open.bracket.is_some() && self.scan.byte(span.start) == open.bracket {
            self.done = span.start + 1;
        }
        self.builder.close(self.done);
        self.keep(open.anchor)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), InputError> {
        let bare = anchor == 0 && tag.is_none();
        let start = self.content(anchor, tag.is_some(), span.start);
        let plain = style == ScalarStyle::Plain;
        let span = match style {
            ScalarStyle::Plain if text.is_empty() => {
                let at = if bare { self.unwritten() } else { span.end };
                Span { start: at, end: at }
            }
            ScalarStyle::Plain => Span { start, end: span.end },
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Span { start, end: self.scan.quoted(start) },
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let start = if bare { self.scan.seek(self.done, b"|>").unwrap_or(start) } else { start };
                self.scan.block(start, span.end)
            }
        };
        let value = schema::resolve(text, plain, tag)
            .map_err(|wanted| self.builder.error(span.start, format!("the tag asks for a {wanted}; this is none")))?;
        let mut node = Node::new(span.start, span.end, value);
        if style == ScalarStyle::Literal {
            node.block = self.scan.lines(&node, &self.index);
        }
        self.done = span.end;
        self.builder.scalar(node)?;
        self.keep(anchor)
    }

    /// Where the content begins of what begins at `start`, anchor and tag included.
    fn content(&self, anchor: usize, tagged: bool, start: usize) -> usize {
        self.scan.properties(start, usize::from(anchor > 0) + usize::from(tagged))
    }

    /// Where a scalar would stand that is not written: behind its `:` or `-`, else behind what came before.
    fn unwritten(&self) -> usize {
        let at = self.scan.blank(self.done);
        match (self.scan.byte(at), self.builder.in_mapping()) {
            (Some(b':'), Some(true)) if self.builder.wants_value() => at + 1,
            (Some(b'-'), Some(false)) => at + 1,
            _ => self.done,
        }
    }

    /// Keeps the node that was completed last for the aliases of `anchor`.
    fn keep(&mut self, anchor: usize) -> Result<(), InputError> {
        if let (1.., Some(node)) = (anchor, self.builder.last()) {
            let size = Size::of(node);
            self.kept = self.kept.and(size);
            self.builder.check(node.span.start, self.kept)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), InputError> {
        self.done = span.end;
        match self.anchors.get(&anchor) {
            Some((node, size)) => self.builder.copy(node, *size, span.start),
            None if self.open.iter().any(|open| open.anchor == anchor) => {
                Err(self.builder.error(span.start, "the alias repeats what it stands in, without end"))
            }
            None => Err(self.builder.error(span.start, "the alias names an anchor of another document")),
        }
    }

    /// What the parser refused, in our words where its own would puzzle.
    fn refused(&mut self, error: &ScanError) -> InputError {
        let at = self.offsets.byte(error.marker().index());
        let message = match error.info() {
            "recursion limit exceeded" => return self.builder.too_deep(at),
            "while scanning a plain scalar, found a tab"
            | "tabs disallowed within this context (block indentation)"
            | "tab cannot be used as indentation"
            | "a block scalar content cannot start with a tab" => {
                let tab = self.scan.indenting_tab(at);
                return self.builder.error(tab, "a tab in the indentation; YAML takes blanks only");
            }
            "invalid indentation" | "invalid indentation in flow construct" => {
                self.shallow = Some((self.done, self.open.iter().filter(|open| open.bracket.is_some()).count()));
                "a line in brackets that stands no deeper than their key; is a bracket not closed?"
            }
            "while parsing node, found unknown anchor" => "the alias names no anchor that stands before it",
            "while scanning a quoted scalar, found unexpected end of stream" => "the text in quotes does not end",
            "misplaced bracket" => "a closing bracket that nothing opened",
            "illegal placement of ':' indicator" => {
                "`:` on another line than its key; is a bracket before it not closed?"
            }
            "mapping values are not allowed in this context" => {
                "`:` where no key can be; a text with `: ` needs quotes"
            }
            "simple key expected" | "simple key expect ':'" => "expected `:` after the key on the line before",
            info => info,
        };
        self.builder.error(at, message)
    }
}
