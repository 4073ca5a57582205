//! The document as a whole.

use tollgate_input::{Digest, InputError, Limits, LineIndex, Node, Root, json, utf8, yaml};
use tollgate_model::Location;

use crate::operation::{self, Operation};

/// Largest document, in bytes.
const LARGEST: u64 = 64 << 20;

/// Most nodes of one: that of a large public API has one and a half million.
const MOST_NODES: usize = 4_000_000;

/// Most references that lead from one to the next.
const MOST_STEPS: usize = 32;

/// A document, with the places of everything in it.
#[derive(Clone, Debug)]
pub struct Document {
    path: String,
    root: Node,
    /// Where each line begins.
    lines: Vec<usize>,
    inputs: Vec<(String, Digest)>,
}

impl Document {
    /// Reads the file `path` below `root`.
    ///
    /// # Errors
    /// A file that cannot be read, or holds no OpenAPI document.
    pub fn read(root: &Root, path: &str) -> Result<Self, InputError> {
        let (bytes, digest) = root.read(path, LARGEST)?;
        let document = Self::parse(path, &bytes)?;
        Ok(Self { inputs: vec![(path.to_owned(), digest)], ..document })
    }

    /// Reads `bytes`, known as `path`; what begins with `{` is JSON, anything else YAML.
    ///
    /// # Errors
    /// What is neither, or no OpenAPI document.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, InputError> {
        let text = utf8(bytes);
        let limits = Limits { nodes: MOST_NODES, ..Limits::default() };
        let root = match text.trim_start().starts_with('{') {
            true => json::parse(path, &text, limits)?,
            false => yaml::parse(path, &text, limits)?,
        };
        let wrong = |node: &Node, message: String| {
            let (line, column) = LineIndex::new(&text).position(node.span.start);
            InputError::Malformed {
                path: path.to_owned(),
                line: Some(u64::from(line)),
                column: Some(u64::from(column)),
                message,
            }
        };
        let version = root.get("openapi").or_else(|| root.get("swagger"));
        let known = version.and_then(Node::name).is_some_and(|v| v.starts_with("3.") || v.starts_with('2'));
        if !known {
            let message =
                "no OpenAPI document: expected `openapi: 3.0.x` or `3.1.x`, or `swagger: \"2.0\"`, at its top";
            return Err(wrong(version.unwrap_or(&root), message.to_owned()));
        }
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Ok(Self { path: path.to_owned(), root, lines, inputs: Vec::new() })
    }

    /// Everything that can be asked, in the order of the document.
    pub fn operations(&self) -> Vec<Operation> {
        operation::all(self)
    }

    /// The files it was read from, with their digests.
    pub fn inputs(&self) -> &[(String, Digest)] {
        &self.inputs
    }

    /// The whole of it.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// What `node` is, where it refers to something within the document; none where that leads nowhere, in a circle or out of the document.
    pub fn resolve<'d>(&'d self, node: &'d Node) -> Option<&'d Node> {
        let mut node = node;
        for _ in 0..MOST_STEPS {
            let Some(reference) = node.get("$ref").and_then(Node::as_str) else { return Some(node) };
            node = self.root.pointer(reference.strip_prefix('#')?)?;
        }
        None
    }

    /// The line on which `node` begins.
    pub fn place(&self, node: &Node) -> Location {
        let line = self.lines.partition_point(|start| *start <= node.span.start) as u32;
        Location::lines(&self.path, line, line)
    }
}
