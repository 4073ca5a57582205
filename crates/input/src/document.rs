//! Documents whose every node knows where it stands.

use std::collections::{HashMap, HashSet};

use tollgate_model::Region;

use crate::{LineIndex, Number};

/// A part of a text, in bytes of that text: `start` is the first, `end` the one after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A value of a JSON or YAML document and where it stands.
///
/// The span covers the value as it is written, quotes and brackets included, anchors and tags left out. A block scalar
/// reaches from its `|` or `>` to the end of its last line with text. What YAML leaves unwritten (`key:`) is an empty
/// span where it would stand. What an alias repeats stands where it was first written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where.
    pub span: Span,
    /// What.
    pub value: Value,
    /// Of a literal block scalar (`|`): where its lines stand.
    pub block: Option<BlockInfo>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`, or in YAML nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, kept as it is written.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping, in the order of the file; keys that occur twice are both here.
    Map(Vec<Pair>),
}

/// A key of a mapping and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// A string in JSON, anything in YAML.
    pub key: Node,
    /// What it is given.
    pub value: Node,
}

/// Where the lines of a literal block scalar stand: its line `n` (from 0) is line `first_line + n` of the file, without
/// the first `indent` characters, which are blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockInfo {
    /// The line of the file, from 1, that holds the first line of the text.
    pub first_line: u32,
    /// How many blanks stand before each of its lines.
    pub indent: u32,
}

/// A key that a mapping holds more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate<'a> {
    /// The key.
    pub name: &'a str,
    /// Where it stands first.
    pub first: Span,
    /// Where it stands again.
    pub again: Span,
}

impl Node {
    pub(crate) fn new(start: usize, end: usize, value: Value) -> Self {
        Self { span: Span { start, end }, value, block: None }
    }

    /// What it is, as messages call it: null, boolean, number, string, list or mapping.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Seq(_) => "list",
            Value::Map(_) => "mapping",
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self.value { Some(value) } else { None }
    }

    /// The number.
    pub fn as_number(&self) -> Option<&Number> {
        if let Value::Number(number) = &self.value { Some(number) } else { None }
    }

    /// The nodes of a list; none of anything else.
    pub fn items(&self) -> &[Self] {
        if let Value::Seq(items) = &self.value { items } else { &[] }
    }

    /// The keys and values of a mapping, in the order of the file; none of anything else.
    pub fn entries(&self) -> &[Pair] {
        if let Value::Map(pairs) = &self.value { pairs } else { &[] }
    }

    /// What it is called as a key. A number is called as it is written, so that `200:` is found as `"200"`; lists and
    /// mappings have no name.
    pub fn name(&self) -> Option<&str> {
        match &self.value {
            Value::Null => Some("null"),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Number(number) => Some(number.text()),
            Value::String(text) => Some(text),
            Value::Seq(_) | Value::Map(_) => None,
        }
    }

    /// What a mapping gives the key called `name`; of several the last, as most parsers do.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|pair| pair.key.name() == Some(name)).map(|pair| &pair.value)
    }

    /// The node at `pointer`, a JSON Pointer (RFC 6901): `/jobs/build/steps/0`; the empty one is this node.
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        self.pointer_by(pointer, Self::get)
    }

    /// The same where `get` says what a mapping gives a key, for who has an index of it.
    pub fn pointer_by<'n>(
        &'n self,
        pointer: &str,
        get: impl Fn(&'n Self, &str) -> Option<&'n Self>,
    ) -> Option<&'n Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |node, token| match &node.value {
            Value::Seq(items) => items.get(index(token)?),
            Value::Map(_) => get(node, &token.replace("~1", "/").replace("~0", "~")),
            _ => None,
        })
    }

    /// The keys that a mapping in this node holds more than once, in the order of the file.
    pub fn duplicate_keys(&self) -> Vec<Duplicate<'_>> {
        let mut found = Vec::new();
        self.collect_duplicates(&mut found);
        // What an alias repeats is said once.
        let mut said = HashSet::new();
        found.retain(|duplicate| said.insert(duplicate.again));
        found.sort_by_key(|duplicate| duplicate.again.start);
        found
    }

    fn collect_duplicates<'a>(&'a self, found: &mut Vec<Duplicate<'a>>) {
        let mut first = HashMap::new();
        for pair in self.entries() {
            if let Some(name) = pair.key.name() {
                let first = *first.entry(name).or_insert(pair.key.span);
                if first != pair.key.span {
                    found.push(Duplicate { name, first, again: pair.key.span });
                }
            }
            pair.key.collect_duplicates(found);
            pair.value.collect_duplicates(found);
        }
        self.items().iter().for_each(|item| item.collect_duplicates(found));
    }

    /// Lines and columns, by the index of the text that was parsed.
    pub fn region(&self, index: &LineIndex<'_>) -> Region {
        index.region(self.span.start, self.span.end)
    }
}

/// An index into a list as RFC 6901 writes it: no sign, no leading zero.
fn index(token: &str) -> Option<usize> {
    let canonical = token == "0" || token.starts_with(|c: char| matches!(c, '1'..='9'));
    if canonical && token.bytes().all(|b| b.is_ascii_digit()) { token.parse().ok() } else { None }
}

#[cfg(test)]
pub(crate) mod tests;
