//! Budgets of size that other tools judge, read from their files and written as a policy of ours.
//!
//! Each format has a file of its own: `size_limit`, `bundlewatch` (bundlesize too), `lighthouse` (budgets and assertions) and
//! `plain`. What they find is a [`Budget`], and what cannot be taken over is [`Left`]; nothing is dropped in silence. `search`
//! knows how the files are called, `builds` finds the folders that they speak of, `page` writes the lines.

mod builds;
mod bundlewatch;
mod file;
mod fuzz;
mod globs;
mod lighthouse;
mod page;
mod plain;
mod search;
mod size;
mod size_limit;

use std::fmt;

use tollgate_check::paths;
use tollgate_input::{InputError, Limits, Node, json, yaml};

use crate::Encoding;
use crate::kind::Kind;
use file::File;
use size::Size;

pub(crate) use builds::arrange;
pub use fuzz::fuzz_budget;
pub(crate) use page::write;
pub use search::{MANIFEST, is_named};
pub(crate) use search::{NAMES, is_program};

/// Bounds of a file of budgets.
const LIMITS: Limits = Limits { depth: 64, nodes: 200_000, bytes: 4 << 20 };

/// A limit on a size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// What is weighed.
    pub(crate) what: What,
    /// How it is counted; none where the file does not say.
    pub(crate) encoding: Option<Encoding>,
    /// The most it may weigh.
    pub(crate) size: Size,
    /// The limit as it is written, with its key.
    pub(crate) written: String,
    /// Where it stands.
    pub(crate) place: Place,
    /// The tool that judges by it.
    pub(crate) whose: &'static str,
    /// Which unit was assumed and why, and what else differs.
    pub(crate) assumed: String,
    /// Whether that tool fails by it, not only warns.
    pub(crate) blocks: bool,
}

/// What a budget weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Everything.
    Total,
    /// All files of a type.
    Type(Kind),
    /// Some files.
    Files {
        /// What they are called, where they have a name.
        name: Option<String>,
        /// Which, as globs relative to the root; those with `!` take away.
        globs: Vec<String>,
        /// Whether each file has the whole limit for itself.
        each: bool,
    },
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file, relative to the root.
    pub(crate) path: String,
    /// The line, from 1; none of the whole file.
    pub(crate) line: Option<u32>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

impl Budget {
    /// The limit, in bytes.
    pub fn bytes(&self) -> u64 {
        self.size.bytes
    }

    /// The file it stands in, relative to the root.
    pub fn path(&self) -> &str {
        &self.place.path
    }

    /// The tool that judges by it.
    pub fn whose(&self) -> &'static str {
        self.whose
    }

    /// Which unit was assumed and why.
    pub fn assumed(&self) -> &str {
        &self.assumed
    }

    /// The series of a whole build that it is about; none of a budget of some files.
    pub fn series(&self) -> Option<String> {
        match &self.what {
            What::Total => Some("bundle.total".to_owned()),
            What::Type(kind) => Some(format!("bundle.size{{type=\"{}\"}}", kind.word())),
            What::Files { .. } => None,
        }
    }

    /// Of a budget of some files: their metric, and their globs relative to the root.
    pub fn files(&self) -> Option<(String, &[String])> {
        match &self.what {
            What::Files { globs, .. } => Some((self.metric(), globs)),
            What::Total | What::Type(_) => None,
        }
    }

    /// The metric that counts as this budget does.
    pub(crate) fn metric(&self) -> String {
        format!("bundle.{}", self.encoding.unwrap_or_default().word())
    }
}

/// Something that is not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub(crate) place: Place,
    pub(crate) text: String,
}

impl Left {
    /// What it is, and why it stays.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// What a file of budgets gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Its budgets, in the order of the file.
    pub budgets: Vec<Budget>,
    /// What of it stays where it is.
    pub left: Vec<Left>,
}

/// The package that a file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package<'a> {
    /// Its folder, `""` for the root: tools run there.
    pub folder: &'a str,
    /// The text of its package.json, which says how size-limit is set up.
    pub manifest: &'a str,
}

/// Reads `text`, the file at `path`, which belongs to `package`.
///
/// # Errors
/// It is no JSON, or no YAML where its name says so; the message names the line.
pub fn read(path: &str, text: &str, package: Option<Package<'_>>) -> Result<Taken, InputError> {
    let folder = paths::parent(path);
    let mut file = File::new(path, text);
    if is_program(path) {
        file.leave(None, "is a program, which is not run: its limits stay there");
        return Ok(file.taken());
    }
    let name = paths::name(path);
    let root = if name.ends_with(".yml") || name.ends_with(".yaml") {
        yaml::parse(path, text, LIMITS)?
    } else {
        json::parse(path, text, LIMITS)?
    };
    if name == MANIFEST {
        let setup = size_limit::Setup::of(Some(&root));
        root.get("size-limit").into_iter().for_each(|checks| size_limit::read(&mut file, checks, &setup));
        for whose in [bundlewatch::BUNDLESIZE, bundlewatch::BUNDLEWATCH] {
            root.get(whose).into_iter().for_each(|section| bundlewatch::read(&mut file, section, whose, folder));
        }
        return Ok(file.taken());
    }
    let has = |keys: &[&str]| root.items().iter().any(|item| keys.iter().any(|key| item.get(key).is_some()));
    let whose = if name.contains("bundlesize") { bundlewatch::BUNDLESIZE } else { bundlewatch::BUNDLEWATCH };
    if has(&["maxSize"]) || root.get("files").is_some_and(|files| !files.items().is_empty()) {
        bundlewatch::read(&mut file, &root, whose, package.map_or(folder, |package| package.folder));
    } else if has(&["resourceSizes", "resourceCounts", "timings"]) {
        lighthouse::budgets(&mut file, &root);
    } else if has(&["limit", "path", "entry", "import"]) {
        let manifest = package.and_then(|package| json::parse(MANIFEST, package.manifest, LIMITS).ok());
        size_limit::read(&mut file, &root, &size_limit::Setup::of(manifest.as_ref()));
    } else if lighthouse::is_configuration(&root) {
        lighthouse::assertions(&mut file, &root);
    } else {
        plain::read(&mut file, &root);
    }
    Ok(file.taken())
}

/// The words of a node of a configuration, for a message.
fn shown(node: &Node) -> String {
    match (node.as_str(), node.name()) {
        (Some(text), _) => format!("\"{}\"", tollgate_input::one_line(text, 60, false).0),
        (None, Some(word)) => tollgate_input::one_line(word, 60, false).0,
        (None, None) => format!("a {}", node.kind()),
    }
}

#[cfg(test)]
mod tests;
