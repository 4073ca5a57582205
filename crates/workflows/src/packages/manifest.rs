//! `package.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use tollgate_input::Node;

use super::document::{Document, Format};
use super::paths::{file, parent, upwards};
use super::{Packages, Why};

/// What a package says of itself.
#[derive(Debug)]
pub(super) struct Manifest {
    /// Where it lies, relative to the root.
    pub(super) file: String,
    /// The folder it lies in.
    pub(super) folder: String,
    /// `name`.
    pub(super) name: Option<String>,
    /// The names of `scripts`, whatever they hold.
    pub(super) scripts: BTreeSet<String>,
    /// The names of all that it depends on, with the versions.
    pub(super) dependencies: BTreeMap<String, String>,
    /// `workspaces`.
    pub(super) workspaces: Option<Vec<String>>,
    /// All of it.
    pub(super) document: Rc<Document>,
}

/// The package that a runner called in a folder works on.
pub(super) struct Nearest {
    /// The package.
    pub(super) manifest: Rc<Manifest>,
    /// Whether it lies in the folder itself, not above.
    pub(super) here: bool,
}

impl Manifest {
    fn new(document: Rc<Document>) -> Self {
        let root = &document.root;
        let text = |node: &Node| node.as_str().map(str::to_owned);
        let scripts = root.get("scripts").map_or(&[][..], Node::entries).iter();
        let workspaces = root.get("workspaces").map(|node| node.get("packages").unwrap_or(node));
        let kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
        let dependencies = kinds.iter().filter_map(|kind| root.get(kind)).flat_map(Node::entries);
        Self {
            folder: parent(&document.file).to_owned(),
            file: document.file.clone(),
            name: root.get("name").and_then(text),
            scripts: scripts.filter_map(|pair| pair.key.name().map(str::to_owned)).collect(),
            dependencies: dependencies
                .filter_map(|pair| Some((pair.key.name()?.to_owned(), pair.value.as_str().unwrap_or("").to_owned())))
                .collect(),
            workspaces: workspaces.map(|node| node.items().iter().filter_map(text).collect()),
            document,
        }
    }

    /// The script `name`: its lines with their places; none where there is no such script.
    pub(super) fn script(&self, name: &str) -> Result<Option<Vec<(u32, String)>>, Why> {
        let Some(node) = self.document.root.get("scripts").and_then(|scripts| scripts.get(name)) else {
            return Ok(None);
        };
        match node.as_str() {
            Some(_) => self.document.lines(node).map(Some),
            None => Err(format!("{}: the script `{name}` is a {}", self.file, node.kind())),
        }
    }

    /// The part of `packageManager` that names the program, and its first number.
    pub(super) fn manager(&self) -> Option<(&str, Option<u32>)> {
        let text = self.document.root.get("packageManager")?.as_str()?;
        let (name, version) = text.split_once('@').unwrap_or((text, ""));
        Some((name, major(version)))
    }
}

/// The first number of a version or of a range like `^2.5.6`.
pub(super) fn major(version: &str) -> Option<u32> {
    let digits = version.trim_start_matches(['^', '~', '=', 'v', '>', ' ']);
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

impl Packages<'_> {
    /// The `package.json` in `folder`; none where there is none.
    pub(super) fn manifest(&self, folder: &str) -> Result<Option<Rc<Manifest>>, Why> {
        if let Some(known) = self.manifests.borrow().get(folder) {
            return known.clone();
        }
        let read = self.document(&file(folder, "package.json"), Format::Json).and_then(|document| match document {
            Some(document) if document.root.entries().is_empty() && document.root.kind() != "mapping" => {
                Err(format!("{} is no mapping", document.file))
            }
            Some(document) => Ok(Some(Rc::new(Manifest::new(document)))),
            // pnpm reads these too.
            None => {
                match ["package.json5", "package.yaml"].iter().find(|name| self.files.contains(&file(folder, name))) {
                    Some(name) => Err(format!("{} is not read", file(folder, name))),
                    None => Ok(None),
                }
            }
        });
        self.manifests.borrow_mut().insert(folder.to_owned(), read.clone());
        read
    }

    /// The package that a runner called in `folder` works on: the one there, or the next above.
    pub(super) fn nearest(&self, folder: &str) -> Result<Nearest, Why> {
        self.tracked(folder)?;
        for above in upwards(folder) {
            if let Some(manifest) = self.manifest(above)? {
                return Ok(Nearest { manifest, here: above == folder });
            }
        }
        Err(format!("no package.json in `{}` or above is tracked", if folder.is_empty() { "." } else { folder }))
    }

    /// Whether a tracked file or folder lies at `path`.
    pub(super) fn exists(&self, path: &str) -> bool {
        self.files.contains(path) || self.files.below(path).next().is_some()
    }

    /// Fails where no tracked file lies below `folder`: what is there then, the run makes.
    pub(super) fn tracked(&self, folder: &str) -> Result<(), Why> {
        if folder.is_empty() || self.files.below(folder).next().is_some() {
            return Ok(());
        }
        Err(format!("no tracked file lies in the folder `{folder}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_a_version_is_read() {
        let cases = [
            ("^2.5.6", Some(2)),
            ("9.0.0", Some(9)),
            (">=10", Some(10)),
            ("workspace:*", None),
            ("", None),
            ("latest", None),
        ];
        for (version, number) in cases {
            assert_eq!(major(version), number, "{version}");
        }
    }
}
