//! Expressions of Go, rewritten for the engine here, which reads bytes and knows ASCII classes only.
//!
//! Both speak nearly the same language. What differs is rewritten so that it matches the same; what has no counterpart is
//! a [`Fault`]. A character outside ASCII is its bytes in UTF-8, a class with such characters matches whole characters.

use regex_syntax::hir::{Hir, HirKind};

use crate::engine::syntax;
use crate::gitleaks::remark::quote;

mod class;
mod escape;

/// How much one expression may weigh.
const HEAVIEST: u64 = 1 << 20;
/// Most repetitions that Go allows.
const MOST: u32 = 1000;

/// Why an expression cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {}, {reason}", quote(.construct))]
pub(crate) struct Fault {
    /// The piece that is at fault.
    pub(crate) construct: String,
    /// What is wrong with it.
    pub(crate) reason: String,
}

impl Fault {
    fn new(construct: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { construct: construct.into(), reason: reason.into() }
    }
}

/// An expression for the engine here.
#[derive(Clone, Debug)]
pub(crate) struct Translated {
    pub(crate) text: String,
    /// About how many pieces it becomes when its repetitions are written out.
    pub(crate) weight: u64,
}

/// Rewrites `source`.
///
/// # Errors
/// The first piece that Go refuses, or that cannot be rewritten.
pub(crate) fn translate(source: &str) -> Result<Translated, Fault> {
    let mut reader = Reader { rest: source, out: String::with_capacity(source.len()) };
    while let Some(next) = reader.next() {
        match next {
            '\\' => reader.escape()?,
            '[' => reader.class()?,
            '(' => reader.group()?,
            '{' => reader.brace()?,
            other => reader.out.push(other),
        }
    }
    let text = reader.out;
    // The reader's message draws the expression above its last line.
    let last = |message: String| message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let hir = syntax::parse(&text).map_err(|message| Fault::new(source, last(message)))?;
    let weight = weigh(&hir);
    if weight > HEAVIEST {
        return Err(Fault::new(source, "which repeats too much"));
    }
    Ok(Translated { text, weight })
}

/// What is still to be read, and what was written.
struct Reader<'a> {
    rest: &'a str,
    out: String,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    fn eat(&mut self, piece: &str) -> bool {
        let rest = self.rest.strip_prefix(piece);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The text up to `end`, which is read too.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let (text, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(text)
    }

    /// After `{`: a repetition where Go sees one, else a brace.
    fn brace(&mut self) -> Result<(), Fault> {
        match self.rest.split_once('}').filter(|(inner, _)| is_repetition(inner)) {
            Some((inner, rest)) => {
                if inner.split(',').filter(|n| !n.is_empty()).any(|n| n.parse::<u32>().map_or(true, |n| n > MOST)) {
                    return Err(Fault::new(format!("{{{inner}}}"), format!("which repeats more than {MOST} times")));
                }
                self.rest = rest;
                self.out.push('{');
                self.out.push_str(inner);
                self.out.push('}');
            }
            None => self.out.push_str(r"\{"),
        }
        Ok(())
    }

    /// After `(`. Names of groups are dropped, their numbers stay.
    fn group(&mut self) -> Result<(), Fault> {
        if !self.eat("?") {
            self.out.push('(');
            return Ok(());
        }
        for (piece, what) in [
            ("=", "look-ahead"),
            ("!", "look-ahead"),
            ("<=", "look-behind"),
            ("<!", "look-behind"),
            ("P=", "a back-reference"),
        ] {
            if self.rest.starts_with(piece) {
                return Err(Fault::new(format!("(?{piece}"), format!("{what}, which Go has not")));
            }
        }
        if self.eat("P<") || self.eat("<") {
            let name = self.until(">").unwrap_or_default();
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                return Err(Fault::new(format!("(?P<{name}"), "which is no name of a group"));
            }
            self.out.push('(');
            return Ok(());
        }
        self.flags()
    }

    /// After `(?`: flags, of which Go has four.
    fn flags(&mut self) -> Result<(), Fault> {
        let (mut on, mut off, mut negative) = (String::new(), String::new(), false);
        let end = loop {
            let flags = if negative { &mut off } else { &mut on };
            match self.next() {
                Some(flag @ ('i' | 'm' | 's' | 'U')) if flags.contains(flag) => {}
                Some(flag @ ('i' | 'm' | 's' | 'U')) => flags.push(flag),
                Some('-') if !negative => negative = true,
                Some(end @ (':' | ')')) if !negative || !off.is_empty() => break end,
                other => {
                    let other = other.map(String::from).unwrap_or_default();
                    return Err(Fault::new(
                        format!("(?{on}{}{off}{other}", if negative { "-" } else { "" }),
                        "a group or flag that Go has not",
                    ));
                }
            }
        };
        if on.is_empty() && off.is_empty() {
            self.out.push_str(if end == ':' { "(?:" } else { "(?:)" });
        } else {
            let minus = if negative { "-" } else { "" };
            self.out.push_str(&format!("(?{on}{minus}{off}{end}"));
        }
        Ok(())
    }
}

/// Whether Go reads `{inner}` as a repetition: `n`, `n,` or `n,m`, without leading zeros.
fn is_repetition(inner: &str) -> bool {
    let is_number =
        |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) && (n.len() == 1 || !n.starts_with('0'));
    let (from, to) = inner.split_once(',').unwrap_or((inner, ""));
    is_number(from) && (to.is_empty() || is_number(to))
}

/// About how many pieces `hir` becomes when its repetitions are written out.
fn weigh(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(regex_syntax::hir::Class::Bytes(_)) => 1,
        HirKind::Class(regex_syntax::hir::Class::Unicode(class)) => class.ranges().len() as u64 * 4 + 1,
        HirKind::Repetition(repetition) => {
            let times = u64::from(repetition.max.unwrap_or(repetition.min)).max(1);
            weigh(&repetition.sub).saturating_mul(times)
        }
        HirKind::Capture(capture) => weigh(&capture.sub).saturating_add(2),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().fold(1, |sum: u64, part| sum.saturating_add(weigh(part)))
        }
    }
}

#[cfg(test)]
mod tests;
