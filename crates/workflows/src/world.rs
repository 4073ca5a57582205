//! The repository as scripts see it: files, packages, parsed scripts.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use tollgate_check::{Context, FileKind, Tree, TreeError};
use tollgate_input::Digest;

use crate::packages::{Files, Packages};
use crate::shell::{self, Parsed};

/// How many statements may be run for one survey: to begin with, for each workflow, and at most, which is some seconds'
/// worth. Real repositories need 100 to 4,000 for a workflow.
const STATEMENTS: (u64, u64, u64) = (60_000, 20_000, 1_000_000);

/// Largest file that is read, bytes.
const LARGEST: u64 = 4 << 20;

/// Who keeps account of what was read.
pub(crate) trait Evidence {
    /// The file at `path` was read and held these bytes.
    fn read(&self, path: &str, bytes: &[u8]);
}

impl Evidence for Context<'_> {
    fn read(&self, path: &str, bytes: &[u8]) {
        self.record("file", path, Digest::of(bytes), None);
    }
}

/// The files of the repository. What is read is recorded as evidence.
pub(crate) struct Repository<'a> {
    tree: &'a dyn Tree,
    /// Who keeps account of what is read.
    evidence: Option<&'a dyn Evidence>,
    paths: BTreeMap<String, FileKind>,
    read: RefCell<HashMap<String, Option<Rc<str>>>>,
    /// Files that could not be read, with the reason.
    refused: RefCell<BTreeMap<String, String>>,
}

impl<'a> Repository<'a> {
    /// The files of `tree`; what is read is recorded as `evidence`.
    ///
    /// # Errors
    /// The tree cannot be listed.
    pub(crate) fn new(tree: &'a dyn Tree, evidence: Option<&'a dyn Evidence>) -> Result<Self, TreeError> {
        let paths = tree.files()?.into_iter().map(|file| (file.path, file.kind)).collect();
        Ok(Self { tree, evidence, paths, read: RefCell::default(), refused: RefCell::default() })
    }

    /// The paths of every file that was read, or asked for and refused.
    pub(crate) fn examined(&self) -> BTreeSet<String> {
        self.read.borrow().keys().cloned().collect()
    }

    /// The paths of every file, sorted.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.keys().map(String::as_str)
    }

    /// What could not be read, with the reason.
    pub(crate) fn refused(&self) -> BTreeMap<String, String> {
        self.refused.borrow().clone()
    }

    fn load(&self, path: &str) -> Option<Rc<str>> {
        match self.paths.get(path)? {
            FileKind::File | FileKind::Executable => {}
            FileKind::Link => {
                // What a link leads to inside the repository is read as what it is.
                let target = self.tree.read(path, 4096).ok()?;
                let target = String::from_utf8(target).ok()?;
                let place =
                    crate::paths::join(crate::paths::folder(path), &target).filter(|_| !target.starts_with('/'))?;
                let file = matches!(self.paths.get(&place), Some(FileKind::File | FileKind::Executable));
                return file.then(|| self.read(&place)).flatten();
            }
            FileKind::Submodule => return None,
        }
        match self.tree.read(path, LARGEST) {
            Ok(bytes) => {
                if let Some(evidence) = self.evidence {
                    evidence.read(path, &bytes);
                }
                Some(tollgate_input::utf8(&bytes).as_ref().into())
            }
            Err(error) => {
                self.refused.borrow_mut().insert(path.to_owned(), error.message);
                None
            }
        }
    }
}

impl Files for Repository<'_> {
    fn read(&self, path: &str) -> Option<Rc<str>> {
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone();
        }
        let text = self.load(path);
        self.read.borrow_mut().insert(path.to_owned(), text.clone());
        text
    }

    fn contains(&self, path: &str) -> bool {
        self.paths.contains_key(path)
    }

    fn below<'s>(&'s self, folder: &str) -> Box<dyn Iterator<Item = &'s str> + 's> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let from = prefix.clone();
        Box::new(
            self.paths.range(from..).map(|(path, _)| path.as_str()).take_while(move |path| path.starts_with(&prefix)),
        )
    }
}

/// The repository, its packages, and every script that was parsed.
pub(crate) struct World<'a> {
    /// The files.
    pub(crate) files: &'a Repository<'a>,
    /// The packages.
    pub(crate) packages: Packages<'a>,
    scripts: RefCell<HashMap<Rc<str>, Option<Rc<Parsed>>>>,
    handed_on: RefCell<BTreeSet<String>>,
    /// The names of all files without their folders; asked for by each run of each check.
    file_names: OnceCell<HashSet<String>>,
    /// How much may still be run, in statements.
    left: Cell<u64>,
    /// Where something could not be followed to its end.
    cut_short: RefCell<BTreeSet<String>>,
}

impl<'a> World<'a> {
    /// The world of this repository.
    pub(crate) fn new(files: &'a Repository<'a>) -> Self {
        Self {
            files,
            packages: Packages::new(files),
            scripts: RefCell::default(),
            handed_on: RefCell::default(),
            file_names: OnceCell::new(),
            left: Cell::new(STATEMENTS.0),
            cut_short: RefCell::default(),
        }
    }

    /// Allows for so many workflows.
    pub(crate) fn allow(&self, workflows: usize) {
        self.left.set((STATEMENTS.0 + STATEMENTS.1 * workflows as u64).min(STATEMENTS.2));
    }

    /// Takes so many statements out of what may be run; false where nothing is left.
    pub(crate) fn spend(&self, statements: u64) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(statements));
        left > 0
    }

    /// Notes that something in the file `path` could not be followed to its end.
    pub(crate) fn cut_short(&self, path: &str) {
        self.cut_short.borrow_mut().insert(path.to_owned());
    }

    /// The files in which something could not be followed to its end.
    pub(crate) fn unfinished(&self) -> Vec<String> {
        self.cut_short.borrow().iter().cloned().collect()
    }

    /// Whether there is a file at `path`.
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    /// Whether there is a folder at `path`.
    pub(crate) fn is_folder(&self, path: &str) -> bool {
        self.files.below(path.trim_end_matches('/')).next().is_some()
    }

    /// The text of the file at `path`.
    pub(crate) fn text(&self, path: &str) -> Option<Rc<str>> {
        self.files.read(path)
    }

    /// `text` as a script; none where it is no shell that can be followed.
    pub(crate) fn parse(&self, text: &str) -> Option<Rc<Parsed>> {
        if let Some(known) = self.scripts.borrow().get(text) {
            return known.clone();
        }
        let parsed = shell::parse(text).map(Rc::new);
        self.scripts.borrow_mut().insert(text.into(), parsed.clone());
        parsed
    }

    /// Whether the repository has a file of this name at its top or beside a package.
    pub(crate) fn names_file(&self, name: &str) -> bool {
        let names = self
            .file_names
            .get_or_init(|| self.files.paths().map(|path| crate::paths::base(path).to_owned()).collect());
        names.contains(name)
    }

    /// Whether any package.json of the repository names this program among its dependencies.
    pub(crate) fn packages_name(&self, program: &str) -> bool {
        let manifests = self.files.paths().filter(|path| crate::paths::base(path) == "package.json").take(200);
        let quoted = format!("\"{program}\"");
        manifests.filter_map(|path| self.files.read(path)).any(|text| text.contains(&quoted))
    }

    /// Says which variables the steps of the job that runs hand on by `$GITHUB_ENV`.
    pub(crate) fn hand_on(&self, names: BTreeSet<String>) {
        *self.handed_on.borrow_mut() = names;
    }

    /// Whether some step of the job hands on a variable of this name.
    pub(crate) fn is_handed_on(&self, name: &str) -> bool {
        self.handed_on.borrow().contains(name)
    }
}
