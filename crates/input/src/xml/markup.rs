//! One step of a scanner for each kind of markup.

use memchr::memmem;

use super::state::{Long, Mark, Progress};
use super::syntax::{Stop, bad, name, quoted, shown, space};
use super::value::Place;
use super::{Scanner, Token, prolog, tag, text};

/// How many elements may be open within each other.
pub(super) const MOST_DEPTH: usize = 256;

impl Scanner {
    pub(super) fn start_tag(&mut self) -> Result<Token, Stop> {
        let bytes = self.window.bytes();
        tag::start_tag(bytes, &mut self.tag, &mut self.attributes)?;
        let name = bytes.get(1..self.tag.name.end()).unwrap_or_default();
        if self.open.depth() == 0 && self.progress == Progress::Root {
            let name = quoted(name);
            return bad(0, format!("a second root element, {name}; give each document a file of its own"));
        }
        if self.open.depth() == MOST_DEPTH {
            return bad(0, format!("elements are nested deeper than {MOST_DEPTH}"));
        }
        self.progress = Progress::Root;
        if self.tag.empty {
            self.empty = true;
        } else {
            self.open.push(name, Mark::here(&self.window));
            self.taken = self.tag.length;
        }
        Ok(Token::Start)
    }

    pub(super) fn end_tag(&mut self) -> Result<Token, Stop> {
        let bytes = self.window.bytes();
        let name = name(bytes, 2)?;
        let written = bytes.get(2..name.end()).unwrap_or_default();
        let at = space(bytes, name.end());
        match bytes.get(at) {
            None => return Err(Stop::More),
            Some(b'>') => {}
            Some(&other) => return bad(at, format!("expected `>` at the end of a tag, found {}", shown(other))),
        }
        match self.open.last() {
            Some((expected, _)) if written == expected => {}
            Some((expected, mark)) => {
                let (line, expected, written) = (mark.line(&self.window), quoted(expected), quoted(written));
                return bad(0, format!("the end of {written} where {expected} of line {line} is to be ended"));
            }
            None => return bad(0, format!("the end of {}, which was not begun", quoted(written))),
        }
        self.open.pop();
        self.tag.name = name;
        self.taken = at + 1;
        Ok(Token::End)
    }

    pub(super) fn text(&mut self) -> Result<Token, Stop> {
        let bytes = self.window.bytes();
        if self.open.depth() > 0 {
            self.content = text::text(bytes)?;
            self.taken = self.content;
            return Ok(Token::Text(Place::Text));
        }
        let blank = space(bytes, 0);
        match bytes.get(blank) {
            Some(&byte) if byte != b'<' => {
                let place = if self.progress == Progress::Root { "behind" } else { "before" };
                bad(blank, format!("expected nothing but tags {place} the root element, found {}", shown(byte)))
            }
            _ => {
                self.window.consume(blank);
                Ok(Token::Nothing)
            }
        }
    }

    /// A comment, a CDATA section or a DOCTYPE begins.
    pub(super) fn exclamation(&mut self) -> Result<Token, Stop> {
        const CDATA: &[u8] = b"<![CDATA[";
        const DOCTYPE: &[u8] = b"<!DOCTYPE";
        let bytes = self.window.bytes();
        if bytes.starts_with(b"<!--") {
            self.enter(Long::Comment, 4);
        } else if bytes.starts_with(CDATA) && self.open.depth() > 0 {
            self.enter(Long::Cdata, CDATA.len());
        } else if bytes.starts_with(DOCTYPE) && self.progress < Progress::Doctype {
            let length = prolog::doctype(bytes)?;
            self.window.consume(length);
            self.progress = Progress::Doctype;
        } else if bytes.len() < CDATA.len() {
            return Err(Stop::More);
        } else {
            return bad(0, "`<!` that begins no comment, nor a DOCTYPE or CDATA section where it may stand");
        }
        Ok(Token::Nothing)
    }

    /// A processing instruction or the XML declaration begins.
    pub(super) fn question(&mut self) -> Result<Token, Stop> {
        let bytes = self.window.bytes();
        let target = name(bytes, 2)?.end();
        if bytes.get(2..target) != Some(b"xml") {
            return match bytes.get(target..) {
                Some([b'?', b'>', ..] | [b' ' | b'\t' | b'\r' | b'\n', ..]) => {
                    self.enter(Long::Instruction, target);
                    Ok(Token::Nothing)
                }
                None | Some([] | [b'?']) => Err(Stop::More),
                Some(_) => bad(target, "expected white space or `?>` behind the name of a processing instruction"),
            };
        }
        if self.progress > Progress::Nothing {
            return bad(0, "a second XML declaration; give each document a file of its own");
        }
        let (length, encoding) = prolog::declaration(bytes)?;
        if let Some(encoding) = encoding.filter(|_| !self.marked) {
            self.encoding = encoding;
        }
        self.window.consume(length);
        self.progress = Progress::Begun;
        Ok(Token::Nothing)
    }

    fn enter(&mut self, long: Long, length: usize) {
        self.long = Some((long, Mark::here(&self.window)));
        self.progress = self.progress.max(Progress::Begun);
        self.window.consume(length);
    }

    /// The next part of a long piece.
    pub(super) fn long(&mut self, long: Long) -> Result<Token, Stop> {
        let bytes = self.window.bytes();
        let end = long.end();
        let Some(found) = memmem::find(bytes, end) else {
            let there = text::cut(bytes, bytes.len().saturating_sub(end.len() - 1))?;
            return Ok(self.passed(long, there, there));
        };
        let length = match (long, bytes.get(found + end.len())) {
            (Long::Comment, Some(b'>')) => end.len() + 1,
            (Long::Comment, Some(_)) => return bad(found, "`--` within a comment; expected `-->`"),
            (Long::Comment, None) => {
                self.window.consume(found);
                return Err(Stop::More);
            }
            _ => end.len(),
        };
        self.long = None;
        Ok(self.passed(long, found, found + length))
    }

    /// Takes `length` bytes of a long piece, `content` of which are text if it is such a piece.
    fn passed(&mut self, long: Long, content: usize, length: usize) -> Token {
        if long == Long::Cdata && content > 0 {
            self.taken = length;
            self.content = content;
            return Token::Text(Place::Cdata);
        }
        self.window.consume(length);
        Token::Nothing
    }
}
