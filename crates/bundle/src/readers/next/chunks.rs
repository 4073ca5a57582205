//! The chunks of a build: which of those that manifests name are there, and what each brings in later.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use tollgate_model::{Cause, Problem};

use super::mentions::Mentions;
use super::{BUILD_MANIFEST, manifests};
use crate::account::{Load, Start};
use crate::build::Build;

/// How many files of loads are followed, over all pages.
const MOST_STEPS: usize = 500_000;

/// How the chunks of a build say what they bring in later.
#[derive(Debug)]
enum Imports {
    /// webpack: by modules, whose files a manifest names.
    Modules(BTreeMap<String, Vec<String>>),
    /// Turbopack: by the names of files.
    Files,
}

/// The chunks of one build, and what was found wrong with them.
pub(super) struct Chunks<'a> {
    /// The build.
    pub(super) build: &'a Build<'a>,
    imports: Imports,
    /// What each script that was looked at mentions.
    mentions: BTreeMap<String, Mentions>,
    /// Whether a script imports what no manifest has files of.
    lost_imports: bool,
    /// How many files of loads may still be followed.
    steps: usize,
    /// Manifest -> files that it names and that are not there.
    missing: BTreeMap<String, BTreeSet<String>>,
    problems: Vec<Problem>,
}

impl<'a> Chunks<'a> {
    /// Those of `build`.
    ///
    /// # Errors
    /// The manifest of imports is not what it should be.
    pub(super) fn new(build: &'a Build<'a>, is_turbopack: bool) -> Result<Self, Problem> {
        let imports = if is_turbopack { Imports::Files } else { Imports::Modules(manifests::imports(build)?) };
        let (mentions, missing, problems) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let mut chunks = Self { build, imports, mentions, lost_imports: false, steps: MOST_STEPS, missing, problems };
        if let Imports::Modules(modules) = &chunks.imports {
            let named: Vec<String> = modules.values().flatten().cloned().collect();
            chunks.present(&build.at("react-loadable-manifest.json"), &named);
        }
        Ok(chunks)
    }

    /// Whether the files that each entry loads stand in the manifests, as Turbopack writes them.
    pub(super) fn is_turbopack(&self) -> bool {
        matches!(self.imports, Imports::Files)
    }

    /// The files of the build that `named` of the manifest at `manifest` means; what is not there is remembered as missing.
    pub(super) fn present<'n>(
        &mut self,
        manifest: &str,
        named: impl IntoIterator<Item = &'n String>,
    ) -> BTreeSet<String> {
        let names = named.into_iter().map(|name| self.path(name));
        let (present, missing): (BTreeSet<_>, BTreeSet<_>) = names.partition(|name| self.has(name));
        if !missing.is_empty() {
            self.missing.entry(manifest.to_owned()).or_default().extend(missing);
        }
        present
    }

    /// The scripts of the build whose path begins with `start` and has no further folder.
    pub(super) fn beginning(&self, start: &str) -> Vec<&'a str> {
        let files = self.build.files.range::<str, _>((Bound::Included(start), Bound::Unbounded));
        let files = files.take_while(|file| file.starts_with(start)).copied();
        files.filter(|file| file.ends_with(".js") && !file[start.len()..].contains('/')).collect()
    }

    /// What the script at `path` imports.
    pub(super) fn mentions(&mut self, path: &str) -> &Mentions {
        let (build, is_turbopack) = (self.build, self.is_turbopack());
        let problems = &mut self.problems;
        self.mentions.entry(path.to_owned()).or_insert_with(|| match build.script(path) {
            Ok(script) if is_turbopack => Mentions::of_turbopack(&script),
            Ok(script) => Mentions::of_webpack(&script),
            Err(problem) => {
                problems.push(problem);
                Mentions::default()
            }
        })
    }

    /// The load of the page at `name`, whose first files are `initial`: what these import comes later.
    pub(super) fn load(&mut self, name: &str, initial: BTreeSet<String>) -> Load {
        let mut lazy = BTreeSet::new();
        let mut open: Vec<String> = initial.iter().cloned().collect();
        while let Some(file) = open.pop() {
            let Some(left) = self.steps.checked_sub(1) else {
                let message = "its pages and chunks are too many to be followed".to_owned();
                let manifest = self.build.at(BUILD_MANIFEST);
                self.problems.push(Problem::new(Cause::Unfinished, format!("{manifest}: {message}")).at(manifest));
                break;
            };
            self.steps = left;
            for file in self.imported(&file) {
                if !initial.contains(&file) && lazy.insert(file.clone()) {
                    open.push(file);
                }
            }
        }
        Load { start: Start::Route, name: name.to_owned(), initial, lazy }
    }

    /// The files that the chunk at `path` imports with `import()`. A style sheet imports none, and the scripts outside the
    /// folder of chunks, which list all pages, none either.
    fn imported(&mut self, path: &str) -> BTreeSet<String> {
        if !path.starts_with("static/chunks/") || !path.ends_with(".js") {
            return BTreeSet::new();
        }
        let mentioned = self.mentions(path).later.clone();
        match &self.imports {
            Imports::Files => mentioned.into_iter().filter(|file| self.has(file)).collect(),
            Imports::Modules(modules) => {
                self.lost_imports |= mentioned.iter().any(|id| !modules.contains_key(id));
                let files: Vec<String> = mentioned.iter().filter_map(|id| modules.get(id)).flatten().cloned().collect();
                self.present(&self.build.at("react-loadable-manifest.json"), &files)
            }
        }
    }

    /// Whether a script that was followed imports what no manifest has files of.
    pub(super) fn lost_imports(&self) -> bool {
        self.lost_imports
    }

    /// Takes note of a manifest that could not be read.
    pub(super) fn fail(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// What was found wrong.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems;
        for (manifest, files) in &self.missing {
            problems.extend(self.build.missing(manifest, files.iter().map(String::as_str)));
        }
        problems
    }

    fn has(&self, path: &str) -> bool {
        self.build.files.contains(path)
    }

    /// The path below the build folder of what a manifest calls `name`: decoded, where no file has just that name.
    pub(super) fn path(&self, name: &str) -> String {
        let decoded = if self.has(name) { None } else { decoded(name) };
        decoded.unwrap_or_else(|| name.to_owned())
    }
}

/// `name` with its `%5B` read as `[`; none where it then has bytes that are no text.
pub(super) fn decoded(name: &str) -> Option<String> {
    percent_encoding::percent_decode_str(name).decode_utf8().ok().map(Cow::into_owned)
}
