//! XML 1.0 as a stream of events, for reports of any size.
//!
//! A [`Scanner`] checks that a document is well-formed as far as it matters for what is read from it: one root, tags
//! that match, attributes in quotes and each once, references that mean a character. It is not validated; a DOCTYPE is
//! passed over, nothing is fetched, and no entity but the five of XML is expanded. It is more lenient than XML 1.0
//! (fifth edition) in this:
//!
//! - White space may stand before the XML declaration, of which only the encoding is looked at.
//! - A DOCTYPE is only checked for its quotes and brackets.
//! - Names may hold any byte beyond ASCII, and prefixes need no declaration.
//! - `]]>` in text, control characters other than NUL (also as references) and invalid UTF-8 are passed on.
//!
//! It is stricter in that a reference to an entity that a DOCTYPE declares, or may declare elsewhere, is an error.
//!
//! ```
//! use std::io::Cursor;
//! use tollgate_input::xml::{Event, Scanner};
//! use tollgate_input::{Source, Window};
//!
//! let report = r#"<coverage><line number="3" hits="0"/></coverage>"#;
//! let source = Source::new("report.xml", Box::new(Cursor::new(report)), 1 << 20);
//! let mut scanner = Scanner::new(Window::new(source, 1 << 20)?);
//! let mut lines = Vec::new();
//! while let Some(event) = scanner.next()? {
//!     if let Event::Start(element) = event
//!         && element.name() == b"line"
//!     {
//!         lines.extend(element.attribute("number").and_then(|number| number.number()));
//!     }
//! }
//! assert_eq!(lines, [3]);
//! # Ok::<(), tollgate_input::InputError>(())
//! ```

mod event;
mod markup;
mod prolog;
mod state;
mod syntax;
mod tag;
#[cfg(test)]
mod tests;
mod text;
mod value;

use memchr::memchr;

use crate::{Digest, InputError, Window};
pub use event::{Element, Event};
use markup::MOST_DEPTH;
use state::{Long, Mark, Open, Progress};
use syntax::{Stop, quoted};
use tag::{Attribute, Tag};
pub use value::Value;
use value::{Encoding, Place};

/// Reads a document through a [`Window`], whose bound is that of one tag; texts and comments may be longer.
#[derive(Debug)]
pub struct Scanner {
    window: Window,
    /// How many bytes of the window belong to the last event, and are consumed for the next.
    taken: usize,
    /// How many of them are content, if the event is a text.
    content: usize,
    encoding: Encoding,
    /// The last start tag and its attributes; behind an end tag, the name is its.
    tag: Tag,
    attributes: Vec<Attribute>,
    /// The last event began an element whose tag also ends it.
    empty: bool,
    open: Open,
    /// What the next byte is part of, if that is a long piece, and where it began.
    long: Option<(Long, Mark)>,
    progress: Progress,
    /// A byte-order mark says that this is UTF-8, whatever the declaration says.
    marked: bool,
}

/// An event without its bytes.
#[derive(Clone, Copy)]
enum Token {
    Start,
    End,
    Text(Place),
    /// None: something was passed over.
    Nothing,
    Finish,
}

impl Scanner {
    /// Reads what `window` has.
    pub fn new(window: Window) -> Self {
        // The window drops the mark.
        let marked = window.offset() > 0;
        Self {
            window,
            taken: 0,
            content: 0,
            encoding: Encoding::default(),
            tag: Tag::default(),
            attributes: Vec::new(),
            empty: false,
            open: Open::default(),
            long: None,
            progress: Progress::Nothing,
            marked,
        }
    }

    /// The next event; none at the end of a document that is whole.
    ///
    /// # Errors
    /// What reading said, and what is not well-formed or over a bound, with its line.
    #[expect(clippy::should_implement_trait, reason = "an event borrows from the scanner, which no iterator can say")]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, InputError> {
        let token = self.token()?;
        let (bytes, encoding) = (self.window.bytes(), self.encoding);
        Ok(Some(match token {
            Token::Start => {
                Event::Start(Element { bytes, name: self.tag.name, attributes: &self.attributes, encoding })
            }
            Token::End => Event::End(self.tag.name.local(bytes)),
            Token::Text(place) => {
                Event::Text(Value { raw: bytes.get(..self.content).unwrap_or_default(), encoding, place })
            }
            Token::Nothing | Token::Finish => return Ok(None),
        }))
    }

    /// Takes what `known` says stands right behind the last event, in place of the events of it: white space and elements whose tags also
    /// end them, written as `known` knows them, without references and whole. It gives what they say and how many bytes they are; none
    /// where something else stands there, or not all of it is there yet, and then [`next`](Self::next) tells what.
    #[inline]
    pub fn take<T>(&mut self, known: impl FnOnce(&[u8]) -> Option<(T, usize)>) -> Option<T> {
        let may_stand = !self.empty && self.long.is_none() && (1..MOST_DEPTH).contains(&self.open.depth());
        let rest = self.window.bytes().get(self.taken..).filter(|_| may_stand)?;
        let (said, length) = known(rest)?;
        self.taken += length.min(rest.len());
        Some(said)
    }

    /// Passes over the rest of the innermost open element, its end included: behind an [`Event::Start`], that element.
    ///
    /// # Errors
    /// Those of [`next`](Self::next); what is passed over is checked like the rest.
    pub fn skip(&mut self) -> Result<(), InputError> {
        let depth = self.depth();
        while depth > 0 && self.depth() >= depth {
            self.token()?;
        }
        Ok(())
    }

    /// How many elements are open behind the last event.
    pub fn depth(&self) -> usize {
        self.open.depth() + usize::from(self.empty)
    }

    /// The line, from 1, of the last event, for a message: it is counted when asked for.
    pub fn line(&self) -> u64 {
        self.window.line(0)
    }

    /// The error that says `message` of the last event.
    pub fn malformed(&self, message: impl Into<String>) -> InputError {
        self.window.malformed(0, message)
    }

    /// The path the document is known as.
    pub fn path(&self) -> &str {
        self.window.path()
    }

    /// The digest of what was read: of the whole document after its end.
    pub fn digest(&self) -> Digest {
        self.window.digest()
    }

    fn token(&mut self) -> Result<Token, InputError> {
        if self.empty {
            self.empty = false;
            self.taken = self.tag.length;
            return Ok(Token::End);
        }
        self.window.consume(self.taken);
        self.taken = 0;
        if self.progress == Progress::Nothing {
            self.no_nul(0)?;
        }
        loop {
            let step = match (self.long, self.window.bytes()) {
                (_, [] | [b'<']) => Err(Stop::More),
                (Some((long, _)), _) => self.long(long),
                (None, [b'<', b'/', ..]) => self.end_tag(),
                (None, [b'<', b'!', ..]) => self.exclamation(),
                (None, [b'<', b'?', ..]) => self.question(),
                (None, [b'<', ..]) => self.start_tag(),
                (None, _) => self.text(),
            };
            match step {
                Ok(Token::Nothing) => {}
                Ok(token) => return Ok(token),
                Err(Stop::More) if self.more()? => {}
                Err(Stop::More) if self.complete() => return Ok(Token::Finish),
                Err(Stop::More) => return Err(self.cut_short()),
                Err(Stop::Bad(wrong)) => return Err(self.window.malformed(wrong.ahead, wrong.message)),
            }
        }
    }

    /// Reads on; false when there is nothing more.
    fn more(&mut self) -> Result<bool, InputError> {
        self.open.settle(&self.window);
        if let Some((_, mark)) = &mut self.long {
            mark.settle(&self.window);
        }
        let there = self.window.bytes().len();
        let more = self.window.more()?;
        self.no_nul(there)?;
        Ok(more)
    }

    /// There is no NUL in the window from `from`.
    fn no_nul(&self, from: usize) -> Result<(), InputError> {
        match memchr(0, self.window.bytes().get(from..).unwrap_or_default()) {
            Some(at) => {
                let message = "a NUL byte, which XML does not have; have the file written again, as UTF-8";
                Err(self.window.malformed(from + at, message))
            }
            None => Ok(()),
        }
    }

    /// The document may end here.
    fn complete(&self) -> bool {
        let between = self.long.is_none() && self.window.bytes().is_empty();
        between && self.open.depth() == 0 && self.progress == Progress::Root
    }

    /// The error for a document that ends too early.
    fn cut_short(&self) -> InputError {
        let line = |mark: Mark| mark.line(&self.window);
        let open = self.open.last().map(|(name, mark)| format!("{} of line {}", quoted(name), line(mark)));
        let long = match self.long {
            Some((long, mark)) => Some(format!("{} of line {}", long.title(), line(mark))),
            None if self.window.bytes().is_empty() => None,
            None => Some(format!("markup that begins in line {}", self.line())),
        };
        let within = match (long, open) {
            (Some(long), Some(open)) => format!("within {long}, and {open} is open"),
            (Some(long), None) => format!("within {long}"),
            (None, Some(open)) => format!("and {open} is open"),
            (None, None) => return self.malformed("the document has no element; have it written again"),
        };
        let message = format!("cut short: the document ends {within}; have it written again, whole");
        self.window.malformed(self.window.bytes().len(), message)
    }
}
