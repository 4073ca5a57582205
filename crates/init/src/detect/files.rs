//! The repository as detection sees it: names, and small files.

use std::cell::Cell;

use serde_json::Value;
pub(crate) use tollgate_check::paths::{is_of_others, join, normal, parent};
use tollgate_check::{FileKind, Tree, TreeError};
use tollgate_input::{Entry, Limits, Node, Root, utf8, yaml};

/// Largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// How many files are read.
const MOST: u32 = 3_000;

/// The names of all files, and what of them may be read.
pub(crate) struct Files<'a> {
    tree: &'a dyn Tree,
    root: &'a Root,
    names: Vec<String>,
    left: Cell<u32>,
}

impl<'a> Files<'a> {
    /// Lists the tree.
    pub(crate) fn new(tree: &'a dyn Tree, root: &'a Root) -> Result<Self, TreeError> {
        let files = tree.files()?.into_iter().filter(|file| matches!(file.kind, FileKind::File | FileKind::Executable));
        let mut names: Vec<String> = files.map(|file| file.path).collect();
        names.sort();
        Ok(Self { tree, root, names, left: Cell::new(MOST) })
    }

    /// The root that paths are relative to.
    pub(crate) fn root(&self) -> &'a Root {
        self.root
    }

    /// Every file, sorted; what git ignores is left out.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The files below `folder`, `""` for all.
    pub(crate) fn below(&self, folder: &str) -> &[String] {
        if folder.is_empty() {
            return &self.names;
        }
        let prefix = format!("{folder}/");
        let start = self.names.partition_point(|name| name.as_str() < prefix.as_str());
        let rest = &self.names[start..];
        &rest[..rest.iter().take_while(|name| name.starts_with(&prefix)).count()]
    }

    /// Whether the project has this file.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.names.binary_search_by(|name| name.as_str().cmp(path)).is_ok()
    }

    /// The first of `names` that is a file in `folder`.
    pub(crate) fn first(&self, folder: &str, names: &[&str]) -> Option<String> {
        names.iter().map(|name| join(folder, name)).find(|path| self.has(path))
    }

    /// The text of a small file; none where there is none, or too much of it.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        let left = self.left.get().checked_sub(1)?;
        self.left.set(left);
        if !self.has(path) {
            return None;
        }
        self.tree.read(path, LARGEST).ok().map(|bytes| utf8(&bytes).into_owned())
    }

    /// A small file of JSON.
    pub(crate) fn json(&self, path: &str) -> Option<Value> {
        serde_json::from_str(&self.text(path)?).ok()
    }

    /// A small file of TOML.
    pub(crate) fn toml(&self, path: &str) -> Option<toml::Table> {
        self.text(path)?.parse().ok()
    }

    /// A small file of YAML.
    pub(crate) fn yaml(&self, path: &str) -> Option<Node> {
        yaml::parse(path, &self.text(path)?, Limits::default()).ok()
    }

    /// Whether a file lies at `path` now, ignored by git or not.
    pub(crate) fn lies(&self, path: &str) -> bool {
        matches!(self.root.entry(path), Ok(Entry::File(_)))
    }

    /// Whether a folder lies at `path` now, ignored by git or not.
    pub(crate) fn is_folder(&self, path: &str) -> bool {
        matches!(self.root.entry(path), Ok(Entry::Folder))
    }

    /// The first bytes of what lies at `path`, as text.
    pub(crate) fn head(&self, path: &str) -> Option<String> {
        use std::io::Read as _;
        let mut bytes = Vec::new();
        let file = std::fs::File::open(self.root.resolve(path).ok()?).ok()?;
        file.take(4_096).read_to_end(&mut bytes).ok()?;
        Some(utf8(&bytes).into_owned())
    }

    /// Whether git knows the file at `path`.
    pub(crate) fn tracks(&self, path: &str) -> bool {
        self.tree.tracks(path).unwrap_or(false)
    }
}

/// Whether `text` may stand in a script and in a pattern as it is: nothing in it means anything there.
pub(crate) fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/@+-:".contains(c);
    !text.is_empty() && text.len() <= 200 && !text.starts_with('-') && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_meaning_are_not_plain() {
        assert!(is_plain("apps/api-2/@x/a.b") && is_plain("test:cov"));
        for text in ["", "-rf", "a b", "$(x)", "`x`", "a\nb", "${{ x }}", "a'b", "a\"b", "a;b", "a*b", "é"] {
            assert!(!is_plain(text), "{text:?}");
        }
    }
}
