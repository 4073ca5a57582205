//! Shell scripts: parsed by tree-sitter-bash, then put into a form of our own.
//!
//! The grammar's tree keeps every token and a few shapes that differ from what the shell does: redirections of a whole list
//! that belong to its last command, the rest of a line behind `<<EOF` inside the here-document, `! a | b` as a pipe out of
//! a negation, assignments that swallow the next line. `convert` puts them right. What is no shell at all becomes
//! [`Kind::Broken`](ast::Kind::Broken), of which nothing is concluded.

pub(crate) mod ast;
mod convert;
mod mask;
#[cfg(test)]
mod tests;
mod words;

use std::ops::{ControlFlow, Range};
use std::rc::Rc;

use tree_sitter::{ParseOptions, Parser};

pub(crate) use self::ast::Script;

/// Longest script that is parsed, bytes.
const LONGEST: usize = 128 << 10;

/// How often the parser may report back before it is stopped, for each KiB of the script and to begin with. It does so after
/// a fixed number of steps, so this bounds work, not time, and is the same on every machine. Real scripts need 7 for a KiB.
const REPORTS: (u64, u64) = (17, 100);

/// A script that was parsed.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    /// What runs.
    pub(crate) script: Script,
    /// Where each `${{ … }}` stands, braces included.
    pub(crate) expressions: Vec<Range<usize>>,
}

/// Whether `name` can be a variable of a shell.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Parses `text`; none where it is too long, or the parser gives up.
pub(crate) fn parse(text: &str) -> Option<Parsed> {
    if text.len() > LONGEST {
        return None;
    }
    let masked = mask::mask(text);
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_bash::LANGUAGE.into()).ok()?;
    let most = REPORTS.1 + REPORTS.0 * (text.len() as u64 / 1024);
    let mut reports = 0_u64;
    let mut progress = |_: &tree_sitter::ParseState| {
        reports += 1;
        if reports > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = masked.text.as_bytes();
    let options = ParseOptions::new().progress_callback(&mut progress);
    let tree = parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))?;
    let source = words::Source { text, masked: &masked.text, expressions: &masked.expressions };
    let (body, broken) = convert::script(&source, tree.root_node());
    Some(Parsed { script: Script { body: Rc::new(body), broken }, expressions: masked.expressions })
}
