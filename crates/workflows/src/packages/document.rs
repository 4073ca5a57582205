//! Files read as documents, each once.

use std::rc::Rc;

use tollgate_input::{Limits, LineIndex, Node, Pair, Span, Value, json, yaml};
use toml::de::{DeTable, DeValue};

use super::{Packages, Why};

/// Largest file that is read, bytes.
pub(super) const LARGEST: usize = 4 << 20;

/// Longest script that is read, bytes.
const LONGEST: usize = 64 << 10;

/// How deep and how long a document may be.
const LIMITS: Limits = Limits { depth: 64, nodes: 200_000, bytes: LARGEST };

/// A file that was read.
#[derive(Debug)]
pub(super) struct Document {
    /// Where it lies, relative to the root.
    pub(super) file: String,
    /// What it says.
    pub(super) root: Node,
    text: Rc<str>,
    starts: Vec<usize>,
}

impl Document {
    fn new(file: &str, text: Rc<str>, root: Node) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        Self { file: file.to_owned(), root, text, starts }
    }

    /// The line of the file, from 1, where `node` begins.
    pub(super) fn line(&self, node: &Node) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= node.span.start)).unwrap_or(u32::MAX)
    }

    /// The lines of the text `node`, each with the line of the file where it stands; fails where it is too long.
    pub(super) fn lines(&self, node: &Node) -> Result<Vec<(u32, String)>, Why> {
        let text = node.name().unwrap_or_default();
        let line = self.line(node);
        if text.len() > LONGEST {
            return Err(format!("{}:{line} is longer than {} KiB", self.file, LONGEST >> 10));
        }
        let written = self.text.get(node.span.start..node.span.end).unwrap_or_default();
        // TOML's `"""` and `'''`; a line end right behind them belongs to nothing.
        let long = ["\"\"\"", "'''"].iter().find_map(|quotes| written.strip_prefix(quotes));
        let first = match (node.block, long) {
            (Some(block), _) => block.first_line,
            (None, Some(rest)) => line + u32::from(rest.starts_with(['\n', '\r'])),
            (None, None) => line,
        };
        let moves = node.block.is_some() || long.is_some();
        let lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
        Ok((first..).zip(lines).map(|(at, line)| (if moves { at } else { first }, line.to_owned())).collect())
    }
}

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// JSON as it should be.
    Json,
    /// JSON with comments and commas at the end of lists.
    JsonWithComments,
    /// YAML.
    Yaml,
    /// TOML; its numbers and dates are given as texts.
    Toml,
}

impl Packages<'_> {
    /// The file called `file` as a document; none where there is no such file.
    pub(super) fn document(&self, file: &str, format: Format) -> Result<Option<Rc<Document>>, Why> {
        if let Some(known) = self.documents.borrow().get(file) {
            return known.clone();
        }
        let read = self.text(file).and_then(|text| match text {
            Some(text) => parse(file, text, format).map(|document| Some(Rc::new(document))),
            None => Ok(None),
        });
        self.documents.borrow_mut().insert(file.to_owned(), read.clone());
        read
    }

    /// The text of the file called `file`; none where there is no such file.
    pub(super) fn text(&self, file: &str) -> Result<Option<Rc<str>>, Why> {
        if !self.files.contains(file) {
            return Ok(None);
        }
        match self.files.read(file) {
            Some(text) if text.len() <= LARGEST => Ok(Some(text)),
            Some(_) => Err(format!("{file} is larger than {} MiB", LARGEST >> 20)),
            None => Err(format!("{file} cannot be read")),
        }
    }
}

fn parse(file: &str, text: Rc<str>, format: Format) -> Result<Document, Why> {
    let root = match format {
        Format::Json => json::parse(file, &text, LIMITS).map_err(|error| error.to_string()),
        Format::JsonWithComments => json::parse(file, &plain(&text), LIMITS).map_err(|error| error.to_string()),
        Format::Yaml => yaml::parse(file, &text, LIMITS).map_err(|error| error.to_string()),
        Format::Toml => match DeTable::parse(&text) {
            Ok(table) => Ok(mapping(table.get_ref(), table.span())),
            Err(error) => {
                let line = LineIndex::new(&text).position(error.span().map_or(0, |span| span.start)).0;
                Err(format!("{file}:{line}: {}", error.message()))
            }
        },
    }?;
    Ok(Document::new(file, text, root))
}

fn mapping(table: &DeTable<'_>, span: std::ops::Range<usize>) -> Node {
    let mut pairs: Vec<Pair> = table
        .iter()
        .map(|(key, value)| Pair {
            key: node(Value::String(key.get_ref().to_string()), key.span()),
            value: value_of(value.get_ref(), value.span()),
        })
        .collect();
    pairs.sort_by_key(|pair| pair.key.span.start);
    node(Value::Map(pairs), span)
}

fn value_of(value: &DeValue<'_>, span: std::ops::Range<usize>) -> Node {
    let value = match value {
        DeValue::Table(table) => return mapping(table, span),
        DeValue::Array(items) => Value::Seq(items.iter().map(|item| value_of(item.get_ref(), item.span())).collect()),
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Integer(digits) => Value::String(digits.as_str().to_owned()),
        DeValue::Float(digits) => Value::String(digits.as_str().to_owned()),
        DeValue::Datetime(date) => Value::String(date.to_string()),
    };
    node(value, span)
}

fn node(value: Value, span: std::ops::Range<usize>) -> Node {
    Node { span: Span { start: span.start, end: span.end }, value, block: None }
}

/// `text` with blanks where it has comments and commas before a closing bracket, byte for byte as long.
fn plain(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut comma = None;
    let mut at = 0;
    while at < bytes.len() {
        let end = match (bytes[at], bytes.get(at + 1)) {
            (b'"', _) => {
                comma = None;
                at = string_end(&bytes, at);
                continue;
            }
            (b'/', Some(b'/')) => bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n),
            (b'/', Some(b'*')) => {
                let closing = bytes[at + 2..].windows(2).position(|pair| pair == b"*/");
                closing.map_or(bytes.len(), |n| at + n + 4)
            }
            (b',', _) => {
                comma = Some(at);
                at + 1
            }
            (b'}' | b']', _) => {
                if let Some(comma) = comma.take() {
                    bytes[comma] = b' ';
                }
                at + 1
            }
            (byte, _) => {
                if !byte.is_ascii_whitespace() {
                    comma = None;
                }
                at + 1
            }
        };
        if bytes[at] == b'/' && end > at + 1 {
            bytes[at..end].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        }
        at = end;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The byte behind the string that begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, format: Format) -> Document {
        parse("f", text.into(), format).expect(text)
    }

    #[test]
    fn comments_and_last_commas_are_passed_over() {
        let text = "// é\n{\"a\": \"x // y\", /* , ] */\n \"b\": [1, 2, /* z */ ], \"c\": \"\\\"//\", // ,\n}\n";
        let document = read(text, Format::JsonWithComments);
        assert_eq!(document.root.pointer("/a").and_then(Node::as_str), Some("x // y"));
        assert_eq!(document.root.pointer("/c").and_then(Node::as_str), Some("\"//"));
        let list = document.root.get("b").expect("b");
        assert_eq!((list.items().len(), document.line(list)), (2, 3));
        for broken in ["/*", "\"", "\"\\", "{,}", "//", "/"] {
            assert_eq!(plain(broken).len(), broken.len());
        }
    }

    #[test]
    fn lines_of_a_text_know_where_they_stand() {
        let cases = [
            ("a:\n  - |\n    one\n    two\n", Format::Yaml, "/a/0", vec![(3, "one"), (4, "two")]),
            ("a:\n  - >-\n    one\n    two\n", Format::Yaml, "/a/0", vec![(2, "one two")]),
            ("{\n\"a\": \"one\\ntwo\"}", Format::Json, "/a", vec![(2, "one"), (2, "two")]),
            ("[t]\na = \"\"\"\none\ntwo\n\"\"\"\n", Format::Toml, "/t/a", vec![(3, "one"), (4, "two")]),
            ("a = '''one\ntwo'''\n", Format::Toml, "/a", vec![(1, "one"), (2, "two")]),
            ("b = 1\na = 'one'\n", Format::Toml, "/a", vec![(2, "one")]),
        ];
        for (text, format, pointer, lines) in cases {
            let document = read(text, format);
            let found = document.lines(document.root.pointer(pointer).expect(text)).expect(text);
            assert_eq!(found, lines.iter().map(|(n, l)| (*n, (*l).to_owned())).collect::<Vec<_>>(), "{text}");
        }
    }
}
