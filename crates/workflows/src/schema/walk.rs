//! Lays a document beside a shape and tells where it differs, as GitHub does when it loads the file.

use std::collections::HashSet;

use tollgate_input::{Node, Pair, Span, Value};

use super::contexts::{self, Contexts, Fault};
use super::shape::{ANY, Keys, Map, Others, Scalar, Shape, TEXT};
use crate::mistake::{MistakeKind, Mistakes, shown};

/// Walks along a document.
pub(super) struct Walk<'a> {
    mistakes: &'a mut Mistakes,
    path: Vec<Part<'a>>,
    // Whether GitHub refuses the file for a value of another type or an unknown key here.
    strict: bool,
}

#[derive(Clone, Copy)]
enum Part<'a> {
    Key(&'a str),
    Item(usize),
}

impl<'a> Walk<'a> {
    /// At the root of a document.
    pub(super) fn new(mistakes: &'a mut Mistakes) -> Self {
        Self { mistakes, path: Vec::new(), strict: true }
    }

    /// `node` stands where `shape` may, inside of what may name `allowed`.
    pub(super) fn value(&mut self, node: &'a Node, shape: &'static Shape, allowed: Contexts) {
        let allowed = allowed.and(shape.contexts);
        match &node.value {
            Value::Seq(items) => match shape.list {
                Some(item) => {
                    for (index, node) in items.iter().enumerate() {
                        self.inside(Part::Item(index), node, item, allowed);
                    }
                }
                None => self.mismatch(node, shape),
            },
            Value::Map(pairs) => match shape.map {
                Map::No => self.mismatch(node, shape),
                Map::Free(value) => self.free(pairs, value, allowed),
                Map::Keys(keys) => self.keys(node, keys, allowed),
                Map::Choice(choose) => {
                    let choice = choose(node);
                    if let Some(mistake) = choice.mistake {
                        self.tell(MistakeKind::Schema, start_of(node), mistake.to_owned(), true);
                    }
                    self.keys(node, choice.keys, allowed);
                }
            },
            _ => self.scalar(node, shape, allowed),
        }
    }

    fn inside(&mut self, part: Part<'a>, node: &'a Node, shape: &'static Shape, allowed: Contexts) {
        let strict = self.strict;
        self.strict &= !shape.lenient;
        self.path.push(part);
        self.value(node, shape, allowed);
        self.path.pop();
        self.strict = strict;
    }

    fn scalar(&mut self, node: &Node, shape: &Shape, allowed: Contexts) {
        if let Some(text) = node.as_str() {
            let faults = contexts::faults(text, allowed, shape.condition);
            for fault in &faults {
                self.tell(MistakeKind::Expression, place_of(node, text, fault), said_of(fault, allowed), true);
            }
            // An expression stands for a value of any type.
            if contexts::has_expression(text) {
                return;
            }
        }
        if shape.condition && node.value == Value::Null {
            // `if: !cancelled()` comes here too: YAML reads the condition as a tag.
            let todo = "remove it, or write the condition, in quotes when it begins with `!`";
            self.tell(MistakeKind::Expression, node.span, format!("no condition is written: {todo}"), false);
        }
        let fits = match shape.scalar {
            Scalar::No => false,
            Scalar::Null => node.value == Value::Null,
            Scalar::Bool => node.as_bool().is_some(),
            Scalar::NullOrBool => node.as_bool().is_some() || node.value == Value::Null,
            Scalar::Number => node.as_number().is_some(),
            Scalar::Text => true,
            Scalar::Filled => node.value != Value::Null && node.name() != Some(""),
            Scalar::Words(words) => node.name().is_some_and(|text| words.contains(&text)),
        };
        if !fits {
            self.mismatch(node, shape);
        }
    }

    fn free(&mut self, pairs: &'a [Pair], value: &'static Shape, allowed: Contexts) {
        let mut seen = HashSet::new();
        for pair in pairs {
            let Some(name) = self.key(pair, allowed, value) else { continue };
            if self.is_first(pair, name, &mut seen) {
                self.inside(Part::Key(name), &pair.value, value, allowed);
            }
        }
    }

    fn keys(&mut self, node: &'a Node, keys: &'static Keys, allowed: Contexts) {
        let mut seen = HashSet::new();
        let other = if let Others::Passed(shape) = keys.others { Some(shape) } else { None };
        let mut complete = true;
        for pair in node.entries() {
            let known = pair.key.name().and_then(|name| keys.all().find(|field| field.name == name));
            let Some(name) = self.key(pair, allowed, other.unwrap_or(&TEXT)) else {
                complete = false;
                continue;
            };
            if !self.is_first(pair, name, &mut seen) {
                continue;
            }
            match known.map(|field| field.shape).or(other) {
                Some(shape) => self.inside(Part::Key(name), &pair.value, shape, allowed),
                None => self.unknown(pair, name, keys),
            }
        }
        for field in keys.all().filter(|field| complete && field.required && !seen.contains(field.name)) {
            let said = format!("{} has no `{}`: add it", keys.what, field.name);
            self.tell(MistakeKind::Schema, start_of(node), said, self.strict);
        }
    }

    /// The name of a key; none when its value is not to be looked at.
    fn key(&mut self, pair: &'a Pair, allowed: Contexts, value: &Shape) -> Option<&'a str> {
        let Some(name) = pair.key.name() else {
            self.tell(
                MistakeKind::Schema,
                pair.key.span,
                format!("a key is a {}: write a name", pair.key.kind()),
                true,
            );
            return None;
        };
        if contexts::has_expression(name) {
            self.scalar(&pair.key, &ANY, allowed);
            return None;
        }
        if name == "<<" {
            // Where a key may be called as one likes and hold anything, it is a key like any other.
            let refused = self.strict && !std::ptr::eq(value, &ANY);
            let said = "GitHub knows no merge key `<<`: write the keys out".to_owned();
            self.tell(MistakeKind::Schema, pair.key.span, said, refused);
            return None;
        }
        if name.is_empty() || pair.key.value == Value::Null {
            self.tell(MistakeKind::Schema, pair.key.span, "a key is empty: name it".to_owned(), true);
            return None;
        }
        Some(name)
    }

    /// Whether no key before it is called the same. Names that differ in case only are the same to GitHub.
    fn is_first(&mut self, pair: &Pair, name: &str, seen: &mut HashSet<String>) -> bool {
        if seen.insert(name.to_ascii_lowercase()) {
            return true;
        }
        let said = format!("the key {} is there twice: keep one of them", shown(name));
        self.tell(MistakeKind::DuplicateKey, pair.key.span, said, true);
        false
    }

    fn unknown(&mut self, pair: &Pair, name: &str, keys: &'static Keys) {
        let like = like(name, keys);
        let refused = match keys.others {
            Others::Refused => true,
            Others::RefusedIfLike(never) => like.is_some() || never.contains(&name),
            Others::Passed(_) => false,
        };
        let todo = like.map_or_else(|| "remove it".to_owned(), |like| format!("write `{like}`"));
        let said = format!("{} is no key of {}: {todo}", shown(name), keys.what);
        self.tell(MistakeKind::Schema, pair.key.span, said, self.strict && refused);
    }

    fn mismatch(&mut self, node: &Node, shape: &Shape) {
        let is = match &node.value {
            Value::Null => "nothing is written".to_owned(),
            Value::String(text) if text.is_empty() => "an empty text is written".to_owned(),
            Value::String(text) => format!("the text {} is written", shown(text)),
            Value::Bool(value) => format!("`{value}` is written"),
            Value::Number(number) => format!("the number {} is written", shown(number.text())),
            Value::Seq(_) | Value::Map(_) => format!("a {} is written", node.kind()),
        };
        let wanted = shape.wanted();
        let todo = if wanted.is_empty() { "write nothing".to_owned() } else { format!("write {wanted}") };
        let remove = if node.value == Value::Null { ", or remove it" } else { "" };
        self.tell(MistakeKind::Schema, start_of(node), format!("{is}: {todo}{remove}"), self.strict);
    }

    /// Something is wrong here; `fatal`: GitHub refuses the file for it.
    fn tell(&mut self, kind: MistakeKind, span: Span, said: String, fatal: bool) {
        let place = self.place();
        self.mistakes.add_at(kind, span, &place, said, fatal);
    }

    /// Where it stands, as messages begin: `jobs.build.steps[0]: `.
    fn place(&self) -> String {
        use std::fmt::Write as _;
        let mut place = String::new();
        for part in &self.path {
            let written = match part {
                Part::Item(index) => write!(place, "[{index}]"),
                Part::Key(key) => {
                    let dot = if place.is_empty() { "" } else { "." };
                    write!(place, "{dot}{}", shown(key).trim_matches('`'))
                }
            };
            debug_assert!(written.is_ok(), "a string takes everything");
        }
        if place.is_empty() { place } else { format!("`{place}`: ") }
    }
}

fn said_of(fault: &Fault<'_>, allowed: Contexts) -> String {
    match fault {
        Fault::Open => "`${{` is not closed: write `}}` after the expression".into(),
        Fault::Empty => "`${{ }}` holds no expression: write one, or remove it".into(),
        Fault::Long => "a text with an expression is longer than 21,000 characters: move it to a file".into(),
        Fault::Quote => "a string stands in double quotes: write single ones".into(),
        Fault::Forbidden => "GitHub takes no expression here: write the value".into(),
        Fault::Unknown(name) => format!("{} is no context: name one of {}", shown(name), allowed.names()),
        Fault::Absent(name) => {
            format!("the context {} does not exist here: name one of {}", shown(name), allowed.names())
        }
    }
}

/// The known key that `name` is a misspelling of.
fn like(name: &str, keys: &'static Keys) -> Option<&'static str> {
    let plain = |name: &str| name.to_ascii_lowercase().replace('_', "-");
    let distance = |field: &str| strsim::osa_distance(&plain(name), &plain(field));
    // Tools that read `on` as YAML 1.1 does write it back as `true`.
    let boolean = keys.all().find(|field| field.name == "on" && name == "true");
    let near = || {
        let candidates = keys.all().map(|field| (distance(field.name), field));
        let near = candidates.filter(|(distance, field)| *distance <= 2 && *distance * 3 <= field.name.len());
        near.min_by_key(|(distance, _)| *distance).map(|(_, field)| field)
    };
    (name.len() <= 60).then(|| boolean.or_else(near)).flatten().map(|field| field.name)
}

/// Long parts are told of by their first byte.
pub(super) fn start_of(node: &Node) -> Span {
    match node.value {
        Value::Seq(_) | Value::Map(_) => Span { start: node.span.start, end: node.span.start },
        _ => node.span,
    }
}

/// Where a fault stands: exactly, when the text is written as it is read.
fn place_of(node: &Node, text: &str, fault: &Fault<'_>) -> Span {
    let name = match fault {
        Fault::Unknown(name) | Fault::Absent(name) => *name,
        Fault::Open | Fault::Empty | Fault::Long | Fault::Quote | Fault::Forbidden => return node.span,
    };
    // The name is a part of the text.
    let offset = name.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
    if node.block.is_none() && node.span.end - node.span.start == text.len() && offset < text.len() {
        let start = node.span.start + offset;
        return Span { start, end: start + name.len() };
    }
    node.span
}

#[cfg(test)]
mod tests;
