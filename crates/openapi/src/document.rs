//! The document as a whole, with the files that it refers to.

use std::sync::Arc;

use tollgate_input::{Digest, InputError, Node, Root};
use tollgate_model::Location;

use crate::file::{self, Budget, Read};
use crate::operation::{self, Operations, Placed};
use crate::reference::{Files, Reference};

/// Most references that lead from one to the next.
const MOST_STEPS: usize = 32;

/// Most flaws that are told.
const MOST_FLAWS: usize = 50;

/// A document, with the places of everything in it.
#[derive(Debug)]
pub struct Document {
    files: Files,
}

/// A node, and the file that it is in: what it refers to is relative to that.
#[derive(Clone, Copy, Debug)]
pub struct At<'d> {
    file: usize,
    /// What stands there.
    pub node: &'d Node,
}

impl<'d> At<'d> {
    /// What a mapping gives this key.
    pub fn get(self, key: &str) -> Option<Self> {
        self.node.get(key).map(|node| Self { node, ..self })
    }

    /// The nodes of a list; none of anything else.
    pub fn items(self) -> impl Iterator<Item = Self> {
        self.node.items().iter().map(move |node| Self { node, ..self })
    }

    /// The keys of a mapping and what they are given; none of anything else.
    pub fn entries(self) -> impl Iterator<Item = (Self, Self)> {
        self.node
            .entries()
            .iter()
            .map(move |pair| (Self { node: &pair.key, ..self }, Self { node: &pair.value, ..self }))
    }
}

impl Document {
    /// Reads the file `path` below `root`, and those below it that it refers to.
    ///
    /// # Errors
    /// A file that cannot be read, or holds no OpenAPI document. One that it refers to and that cannot be read is told by [`Self::resolve`].
    pub fn read(root: &Root, path: &str) -> Result<Self, InputError> {
        Self::read_by(&|path, limit| root.read(path, limit), path)
    }

    /// The same, of files that `read` reads.
    ///
    /// # Errors
    /// A file that cannot be read, or holds no OpenAPI document.
    pub fn read_by(read: Read<'_>, path: &str) -> Result<Self, InputError> {
        let mut budget = Budget::default();
        let first = budget.read(read, path)?;
        file::expect_openapi(&first)?;
        Ok(Self { files: Files::load(read, first, &mut budget) })
    }

    /// Reads `bytes`, known as `path`; what begins with `{` is JSON, anything else YAML. Other files are not looked for.
    ///
    /// # Errors
    /// What is neither, or no OpenAPI document.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, InputError> {
        let first = Budget::default().parse(path, bytes, None)?;
        file::expect_openapi(&first)?;
        Ok(Self { files: Files::alone(first) })
    }

    /// Everything that can be asked, in the order of the document, and what could not be understood.
    pub fn operations(&self) -> Operations {
        operation::all(self)
    }

    /// The same, with the nodes that they were read from.
    pub fn placed(&self) -> (Operations, Vec<Placed<'_>>) {
        operation::placed(self)
    }

    /// Every reference that leads nowhere, wherever it stands but in examples, and every key that a mapping has twice: readers do not agree
    /// on which of the two holds.
    pub fn flaws(&self) -> Vec<(Location, String)> {
        let mut all = Vec::new();
        for (i, file) in self.files.all().iter().enumerate() {
            self.broken(At { file: i, node: &file.root }, &mut all);
            for twice in file.root.duplicate_keys().into_iter().take(MOST_FLAWS) {
                all.push((
                    file.at_offset(twice.again.start),
                    format!("the key `{}` is there twice", shown(twice.name)),
                ));
            }
        }
        all
    }

    fn broken<'d>(&'d self, at: At<'d>, all: &mut Vec<(Location, String)>) {
        if all.len() >= MOST_FLAWS {
            return;
        }
        for (key, value) in at.entries() {
            match key.node.as_str() {
                Some("$ref") if value.node.as_str().is_some() => {
                    if let Err(because) = self.resolve(at) {
                        all.push((self.place(value), because.to_string()));
                    }
                }
                Some("example" | "examples" | "default" | "enum" | "const") => {}
                _ => self.broken(value, all),
            }
        }
        at.items().for_each(|item| self.broken(item, all));
    }

    /// The version of OpenAPI as it is written: `3.0.3`, `2.0`.
    pub fn version(&self) -> &str {
        let root = self.root().node;
        root.get("openapi").or_else(|| root.get("swagger")).and_then(Node::name).unwrap_or_default()
    }

    /// The files it was read from, with their digests.
    pub fn inputs(&self) -> impl Iterator<Item = (&str, &Digest)> {
        self.files.all().iter().filter_map(|file| Some((file.path.as_str(), file.digest.as_ref()?)))
    }

    /// The whole of it.
    pub fn root(&self) -> At<'_> {
        At { file: 0, node: &self.files.all()[0].root }
    }

    /// What stands at `at`, or what that refers to.
    ///
    /// # Errors
    /// In a few words, why a reference leads nowhere.
    pub fn resolve<'d>(&'d self, at: At<'d>) -> Result<At<'d>, Arc<str>> {
        let mut at = at;
        for _ in 0..MOST_STEPS {
            let Some(text) = at.node.get("$ref") else { return Ok(at) };
            let Some(text) = text.as_str() else { return Err("it has a `$ref` that is no text".into()) };
            let reference = Reference::of(text);
            let file = self.files.find(at.file, &reference)?;
            let node = self.files.all()[file].at(&reference.pointer);
            let node = node.ok_or_else(|| Arc::from(format!("it refers to `{}`, which is not there", shown(text))))?;
            at = At { file, node };
        }
        Err("it refers to itself, or over too many steps".into())
    }

    /// The line on which `at` begins.
    pub fn place(&self, at: At<'_>) -> Location {
        self.files.all()[at.file].place(at.node)
    }
}

/// As much of a text as a message takes.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}
