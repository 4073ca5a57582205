//! Words: quotes undone, expansions kept.

use std::ops::Range;
use std::rc::Rc;

use tree_sitter::Node;

use super::ast::{Piece, Word};
use super::convert;

/// Deeper than this nothing is read.
pub(super) const DEEPEST: usize = 200;

/// The script that nodes point into.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// As it is written.
    pub(super) text: &'a str,
    /// As it was parsed: the same length.
    pub(super) masked: &'a str,
    /// Where its expressions stand.
    pub(super) expressions: &'a [Range<usize>],
}

impl<'a> Source<'a> {
    /// The text of a node as it was parsed.
    pub(super) fn of(&self, node: Node<'_>) -> &'a str {
        self.masked.get(node.byte_range()).unwrap_or_default()
    }

    /// The text between `from` and `to` as pieces: plain parts go through `undo`, expressions stay apart.
    fn pieces(&self, from: usize, to: usize, undo: fn(&str) -> String, pieces: &mut Vec<Piece>) {
        let mut at = from;
        let first = self.expressions.partition_point(|range| range.start < from);
        for (index, range) in self.expressions.iter().enumerate().skip(first) {
            if range.end > to {
                break;
            }
            push_text(pieces, undo(&self.text[at..range.start]));
            pieces.push(Piece::Expression(index));
            at = range.end;
        }
        push_text(pieces, undo(self.text.get(at..to).unwrap_or_default()));
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: String) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_str(&text),
        _ => pieces.push(Piece::Text(text)),
    }
}

/// The word that `node` is.
pub(super) fn word(source: &Source<'_>, node: Node<'_>, depth: usize) -> Word {
    let start = node.start_byte() + leading_blanks(source.of(node));
    let mut word = Word { at: start..node.end_byte(), ..Word::default() };
    add(source, node, depth, &mut word);
    word
}

/// How many bytes of blanks a text begins with: the grammar counts them to expansions.
pub(super) fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\n']).len()
}

fn add(source: &Source<'_>, node: Node<'_>, depth: usize, word: &mut Word) {
    let (from, to) = (node.start_byte(), node.end_byte());
    if depth > DEEPEST {
        source.pieces(from, to, plain, &mut word.pieces);
        return;
    }
    match node.kind() {
        "string" | "translated_string" => {
            word.quoted = true;
            let open = from + usize::from(node.kind() == "translated_string") + 1;
            inside(source, node, open..to.saturating_sub(1).max(open), quoted, depth, word);
        }
        "raw_string" => {
            word.quoted = true;
            source.pieces(from + 1, to.saturating_sub(1).max(from + 1), plain, &mut word.pieces);
        }
        "ansi_c_string" => {
            word.quoted = true;
            source.pieces(from + 2, to.saturating_sub(1).max(from + 2), ansi, &mut word.pieces);
        }
        "concatenation" => {
            for child in children(node) {
                add(source, child, depth + 1, word);
            }
        }
        "heredoc_body" => inside(source, node, from..to, quoted, depth, word),
        "array" => {
            for (index, child) in children(node).filter(|child| child.is_named()).enumerate() {
                if index > 0 {
                    push_text(&mut word.pieces, " ".to_owned());
                }
                add(source, child, depth + 1, word);
            }
        }
        "command_name" | "variable_assignment_value" => {
            for child in children(node) {
                add(source, child, depth + 1, word);
            }
        }
        "simple_expansion" => {
            let name = children(node).find(|child| child.is_named()).map(|child| source.of(child)).unwrap_or_default();
            word.pieces.push(Piece::Variable(name.to_owned()));
        }
        "expansion" => word.pieces.push(expansion(source, node, depth)),
        "command_substitution" => {
            let block = Rc::new(convert::block(source, children(node), depth + 1));
            word.pieces.push(Piece::Output(block));
        }
        "process_substitution" => {
            let block = Rc::new(convert::block(source, children(node), depth + 1));
            word.pieces.push(Piece::Process(block));
        }
        "arithmetic_expansion" => word.pieces.push(Piece::Arithmetic(arithmetic(source, node, depth))),
        _ => source.pieces(from, to, unquoted, &mut word.pieces),
    }
}

/// What stands in quotes: children are expansions, everything between them is text.
fn inside(
    source: &Source<'_>,
    node: Node<'_>,
    range: Range<usize>,
    undo: fn(&str) -> String,
    depth: usize,
    word: &mut Word,
) {
    let mut at = range.start;
    for child in children(node) {
        let expands =
            matches!(child.kind(), "simple_expansion" | "expansion" | "command_substitution" | "arithmetic_expansion");
        if !expands {
            continue;
        }
        let start = child.start_byte() + leading_blanks(source.of(child));
        if start > at {
            source.pieces(at, start, undo, &mut word.pieces);
        }
        add(source, child, depth + 1, word);
        at = child.end_byte();
    }
    if range.end > at {
        source.pieces(at, range.end, undo, &mut word.pieces);
    }
}

/// `${…}`.
fn expansion(source: &Source<'_>, node: Node<'_>, depth: usize) -> Piece {
    let (mut name, mut operator) = (None, String::new());
    let mut word = Word::default();
    for child in children(node) {
        match child.kind() {
            "${" | "}" => {}
            "variable_name" | "special_variable_name" if name.is_none() => name = Some(source.of(child).to_owned()),
            // Of a list the first element stands for all but the one that is asked for by number.
            "subscript" if name.is_none() => {
                let text = source.of(child);
                name = Some(if text.starts_with("PIPESTATUS") {
                    text.to_owned()
                } else {
                    text.split('[').next().unwrap_or_default().to_owned()
                });
            }
            kind if !child.is_named() && operator.is_empty() => operator = kind.to_owned(),
            _ => add(source, child, depth + 1, &mut word),
        }
    }
    match (name, operator.is_empty()) {
        (Some(name), true) => Piece::Variable(name),
        (name, _) => Piece::Expansion { name: name.unwrap_or_default(), operator, word },
    }
}

/// The inside of `(( … ))` or `$(( … ))`: names are left as text, which arithmetic reads as variables.
pub(super) fn arithmetic(source: &Source<'_>, node: Node<'_>, depth: usize) -> Word {
    let text = source.of(node);
    let open = text.find("((").map_or(0, |at| at + 2);
    let start = node.start_byte() + open;
    let end = (node.end_byte()).saturating_sub(2).max(start);
    let mut word = Word { at: start..end, ..Word::default() };
    let mut expansions = Vec::new();
    collect_expansions(node, 0, &mut expansions);
    let mut at = start;
    for child in expansions {
        let from = child.start_byte() + leading_blanks(source.of(child));
        if from >= at && child.end_byte() <= end {
            source.pieces(at, from, plain, &mut word.pieces);
            add(source, child, depth + 1, &mut word);
            at = child.end_byte();
        }
    }
    source.pieces(at, end, plain, &mut word.pieces);
    word
}

fn collect_expansions<'t>(node: Node<'t>, depth: usize, found: &mut Vec<Node<'t>>) {
    for child in children(node) {
        if matches!(child.kind(), "simple_expansion" | "expansion" | "command_substitution") {
            found.push(child);
        } else if depth < DEEPEST {
            collect_expansions(child, depth + 1, found);
        }
    }
}

/// The children of a node.
pub(super) fn children<'t>(node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let mut cursor = node.walk();
    let mut more = cursor.goto_first_child();
    std::iter::from_fn(move || {
        if !more {
            return None;
        }
        let child = cursor.node();
        more = cursor.goto_next_sibling();
        Some(child)
    })
}

fn plain(text: &str) -> String {
    text.to_owned()
}

/// Outside of quotes: a backslash takes the next character as it is; a line that ends with one goes on.
fn unquoted(text: &str) -> String {
    unescape(text, |_| true)
}

/// In double quotes: a backslash does so only before what has a meaning there.
fn quoted(text: &str) -> String {
    unescape(text, |next| matches!(next, '$' | '`' | '"' | '\\' | '\n'))
}

fn unescape(text: &str, takes: fn(char) -> bool) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '\\' && takes(next) => {
                chars.next();
                if next != '\n' {
                    out.push(next);
                }
            }
            _ => out.push(c),
        }
    }
    out
}

/// `$'…'`: the escapes that scripts use.
fn ansi(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\t", "\t").replace("\\'", "'").replace("\\\\", "\\")
}

/// A text in which nothing is expanded but `${{ … }}`.
pub(super) fn raw(source: &Source<'_>, node: Node<'_>) -> Word {
    let mut word = Word { at: node.byte_range(), quoted: true, ..Word::default() };
    source.pieces(node.start_byte(), node.end_byte(), plain, &mut word.pieces);
    word
}
