//! One file, its lines, and its large mappings by key.

use std::collections::HashMap;

use tollgate_input::{Digest, InputError, Limits, Node, Value, json, utf8, yaml};
use tollgate_model::Location;

/// Most bytes of a document and all that it refers to.
const MOST_BYTES: u64 = 64 << 20;

/// Most nodes of both: a large public API has one and a half million.
const MOST_NODES: usize = 4_000_000;

/// From how many keys on a mapping is indexed.
const LARGE: usize = 32;

/// How files are read: the path below the root, and the most bytes.
pub type Read<'r> = &'r dyn Fn(&str, u64) -> Result<(Vec<u8>, Digest), InputError>;

/// A file that was read.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    /// Of one that was read from the disk.
    pub(crate) digest: Option<Digest>,
    pub(crate) root: Node,
    /// Where each line begins.
    lines: Vec<usize>,
    /// Positions by key, by the address of the pairs.
    large: HashMap<usize, HashMap<Box<str>, usize>>,
}

impl File {
    /// The node at `pointer`, a JSON Pointer (RFC 6901).
    pub(crate) fn at(&self, pointer: &str) -> Option<&Node> {
        self.root.pointer_by(pointer, |node, key| match self.large.get(&(node.entries().as_ptr() as usize)) {
            Some(keys) => keys.get(key).map(|i| &node.entries()[*i].value),
            None => node.get(key),
        })
    }

    /// The line on which `node` begins, from 1.
    fn line(&self, node: &Node) -> usize {
        self.lines.partition_point(|start| *start <= node.span.start)
    }

    /// The line that the byte at `offset` is on.
    pub(crate) fn at_offset(&self, offset: usize) -> Location {
        let line = self.lines.partition_point(|start| *start <= offset) as u32;
        Location::lines(&self.path, line, line)
    }

    /// The line on which `node` begins.
    pub(crate) fn place(&self, node: &Node) -> Location {
        let line = self.line(node) as u32;
        Location::lines(&self.path, line, line)
    }
}

/// What may still be read.
#[derive(Debug)]
pub(crate) struct Budget {
    bytes: u64,
    nodes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: MOST_BYTES, nodes: MOST_NODES }
    }
}

impl Budget {
    /// Reads the file `path`.
    pub(crate) fn read(&mut self, read: Read<'_>, path: &str) -> Result<File, InputError> {
        let (bytes, digest) = read(path, self.bytes)?;
        self.parse(path, &bytes, Some(digest))
    }

    /// Reads `bytes`, known as `path`; what begins with `{` is JSON, anything else YAML.
    pub(crate) fn parse(&mut self, path: &str, bytes: &[u8], digest: Option<Digest>) -> Result<File, InputError> {
        let text = utf8(bytes);
        let limits = Limits { nodes: self.nodes, ..Limits::default() };
        let root = match text.trim_start().starts_with('{') {
            true => json::parse(path, &text, limits)?,
            false => yaml::parse(path, &text, limits)?,
        };
        let mut large = HashMap::new();
        self.nodes = self.nodes.saturating_sub(index(&root, &mut large));
        self.bytes = self.bytes.saturating_sub(bytes.len() as u64);
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Ok(File { path: path.to_owned(), digest, root, lines, large })
    }
}

/// Indexes the large mappings below `node`, and says how many nodes there are.
fn index(node: &Node, large: &mut HashMap<usize, HashMap<Box<str>, usize>>) -> usize {
    match &node.value {
        Value::Seq(items) => 1 + items.iter().map(|item| index(item, large)).sum::<usize>(),
        Value::Map(pairs) => {
            if pairs.len() >= LARGE {
                // Of several of one name the last holds, as for every reader.
                let named = pairs.iter().enumerate().filter_map(|(i, pair)| Some((Box::from(pair.key.name()?), i)));
                large.insert(pairs.as_ptr() as usize, named.collect());
            }
            1 + pairs.iter().map(|pair| 1 + index(&pair.value, large)).sum::<usize>()
        }
        _ => 1,
    }
}

/// Whether it is a document of a version that is read.
pub(crate) fn expect_openapi(file: &File) -> Result<(), InputError> {
    let version = file.root.get("openapi").or_else(|| file.root.get("swagger"));
    let text = version.and_then(Node::name).unwrap_or_default();
    let known = match file.root.get("openapi") {
        Some(_) => ["3.0", "3.1", "3.2"].iter().any(|minor| {
            text.strip_prefix(minor).is_some_and(|rest| rest.is_empty() || rest.starts_with('.') && rest.len() > 1)
        }),
        None => ["2", "2.0"].contains(&text),
    };
    if known {
        return Ok(());
    }
    let node = version.unwrap_or(&file.root);
    let found = match text {
        "" => String::new(),
        text => format!(", found {}", crate::document::shown(text)),
    };
    let line = file.line(node);
    let column = node.span.start - file.lines[line.saturating_sub(1)] + 1;
    Err(InputError::Malformed {
        path: file.path.clone(),
        line: Some(line as u64),
        column: Some(column as u64),
        message: format!(
            "no OpenAPI document that is read here: expected `openapi: 3.0.x`, `3.1.x` or `3.2.x`, or `swagger: \"2.0\"`, at its \
             top{found}"
        ),
    })
}
