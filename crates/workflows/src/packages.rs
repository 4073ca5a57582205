//! What a command line that calls a script runner really runs.
//!
//! `pnpm run lint`, `turbo run test`, `make check`: the line names something that a file of the repository defines. A
//! [`Packages`] reads those files when they are first asked for, and answers with the scripts, in the order in which
//! they run. What cannot be told for certain is [`Call::Unknown`]: a [`Call::Missing`] becomes a finding, so it is said
//! only of files that were read whole.

mod bun;
mod cargo;
mod composer;
mod deno;
mod document;
mod filter;
mod go;
mod just;
mod lerna;
mod make;
mod manager;
mod manifest;
mod near;
mod npm;
mod nx;
mod paths;
mod pnpm;
mod program;
mod python;
mod recipe;
mod run;
mod run_all;
mod taskfile;
#[cfg(test)]
mod tests;
mod turbo;
mod words;
mod workspace;
mod yarn;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use self::document::Document;
use self::manifest::Manifest;
use self::workspace::{Kind, Workspace};

/// How many runners may call each other before it cannot be told what runs: `npx turbo`, `corepack pnpm exec nx`.
const DEPTH: usize = 8;

/// The files of the repository, as the checker gives them.
pub(crate) trait Files {
    /// The text of a tracked file, by its path relative to the root.
    fn read(&self, path: &str) -> Option<Rc<str>>;
    /// Whether there is such a file.
    fn contains(&self, path: &str) -> bool;
    /// The path of every file below a folder, relative to the root; `""` is the root.
    fn below<'a>(&'a self, folder: &str) -> Box<dyn Iterator<Item = &'a str> + 'a>;
}

/// What a command line runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// No script runner: the command runs itself.
    Itself,
    /// Scripts that files of the repository define.
    Scripts {
        /// In the order in which they run: before, itself, after; a task runner may give many packages.
        scripts: Vec<ScriptAt>,
        /// What runs them: `npm`, `turbo`, `make`.
        runner: &'static str,
        /// Whether the runner ends with 0 though a script failed.
        ignores_failure: bool,
        /// Whether the line says that the script need not be there.
        if_present: bool,
        /// Names asked for that nothing defines, where the runner runs the rest and ends with 0.
        undefined: Vec<String>,
        /// Folders of the packages that were asked too and do not define it.
        skipped_packages: Vec<String>,
    },
    /// A program run through the runner (`npx eslint .`): what remains of the line.
    Program {
        /// The program and its arguments.
        argv: Vec<String>,
        /// Where, relative to the root; as the call gave it where that is not known.
        cwd: String,
    },
    /// The runner was asked for something that nothing defines.
    Missing {
        /// ``script `test:ci` ``.
        what: String,
        /// The files that could have defined it.
        looked_in: Vec<String>,
        /// What may have been meant.
        near: Option<String>,
        /// Whether the runner ends with 0 all the same; none where that depends on its version, which is not known.
        silent: Option<bool>,
    },
    /// The runner's own command, which runs no script of the repository (`npm ci`, `pnpm audit`, `turbo login`).
    Builtin,
    /// It cannot be told.
    Unknown {
        /// Why.
        why: String,
    },
}

/// A script and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScriptAt {
    /// The file that defines it; empty where the text stands in the call itself (`concurrently "eslint ."`).
    pub(crate) file: String,
    /// The folder of the package; `""` is the root.
    pub(crate) package: String,
    /// The name of the package.
    pub(crate) package_name: Option<String>,
    /// The name of the script, task or target.
    pub(crate) name: String,
    /// What runs: the lines, joined by `\n`.
    pub(crate) text: String,
    /// The line of the file where it begins; 0 where there is no file.
    pub(crate) line: u32,
    /// Each line of the text with the line of the file where it stands.
    pub(crate) lines: Vec<(u32, String)>,
    /// Whether the first line that fails ends it.
    pub(crate) errexit: bool,
    /// Where it runs, relative to the root.
    pub(crate) cwd: String,
}

/// Why something cannot be told.
type Why = String;

/// What a runner makes of its words.
type Answer = Result<Call, Why>;

/// What was read, or why it could not be.
type Cache<K, V> = RefCell<BTreeMap<K, Result<V, Why>>>;

/// A runner: what its words, called there, run.
type Runner = fn(&At<'_>, &[String]) -> Answer;

/// The packages and task files of a repository.
pub(crate) struct Packages<'a> {
    files: &'a dyn Files,
    documents: Cache<String, Option<Rc<Document>>>,
    manifests: Cache<String, Option<Rc<Manifest>>>,
    workspaces: Cache<(Kind, String), Option<Rc<Workspace>>>,
    makefiles: Cache<String, Rc<make::Makefile>>,
    folders: OnceCell<BTreeSet<String>>,
}

/// A place where a runner is called.
struct At<'p> {
    packages: &'p Packages<'p>,
    cwd: String,
    depth: usize,
}

impl<'a> Packages<'a> {
    /// Reads nothing yet.
    pub(crate) fn new(files: &'a dyn Files) -> Self {
        Self {
            files,
            documents: RefCell::default(),
            manifests: RefCell::default(),
            workspaces: RefCell::default(),
            makefiles: RefCell::default(),
            folders: OnceCell::new(),
        }
    }

    /// What `argv`, called in the folder `cwd` (`""` is the root), runs.
    pub(crate) fn resolve(&self, cwd: &str, argv: &[String]) -> Call {
        match self.call(cwd, argv, DEPTH) {
            // A word that the shell fills in may be what names it.
            Ok(Call::Missing { what, .. }) if argv.iter().any(|word| paths::hidden(word)) => Call::Unknown {
                why: format!("nothing defines the {what}, and a word of the line is filled in by the run"),
            },
            Ok(Call::Scripts { scripts, .. }) if scripts.is_empty() => {
                Call::Unknown { why: "what the call names runs nothing that is understood".to_owned() }
            }
            Ok(call) => call,
            Err(why) => Call::Unknown { why },
        }
    }

    fn call(&self, cwd: &str, argv: &[String], depth: usize) -> Answer {
        let Some((first, words)) = argv.split_first() else { return Ok(Call::Itself) };
        let known = paths::join("", cwd);
        // In a folder that is not known, only what no file decides can be told.
        let at = At { packages: self, cwd: known.clone().unwrap_or_else(|_| cwd.to_owned()), depth };
        let answer = match (paths::program(first).and_then(runner), paths::installed(first)) {
            (Some(_), _) if depth == 0 => Err(format!("more than {DEPTH} runners call each other")),
            (Some(runner), _) => runner(&at, words),
            (None, Some(name)) => at.program(std::iter::once(name.to_owned()).chain(words.iter().cloned()).collect()),
            (None, None) => Ok(Call::Itself),
        };
        match (answer, known) {
            (Ok(Call::Scripts { .. } | Call::Missing { .. }), Err(why)) => Err(why),
            (answer, _) => answer,
        }
    }
}

impl At<'_> {
    /// The same, called in `folder`, which is relative to here.
    fn moved(&self, folder: &str) -> Result<Self, Why> {
        Ok(Self { packages: self.packages, cwd: paths::join(&self.cwd, folder)?, depth: self.depth })
    }

    /// The same in a folder of the repository.
    fn within(&self, folder: &str) -> Self {
        Self { packages: self.packages, cwd: folder.to_owned(), depth: self.depth }
    }

    /// What a program called through the runner is: another runner's call, or a program.
    fn program(&self, argv: Vec<String>) -> Answer {
        let Some(first) = argv.first() else { return Ok(Call::Builtin) };
        if paths::hidden(first) {
            return Err(format!("the program `{first}` is filled in by the run"));
        }
        match self.packages.call(&self.cwd, &argv, self.depth.saturating_sub(1))? {
            Call::Itself => Ok(Call::Program { argv, cwd: self.cwd.clone() }),
            call => Ok(call),
        }
    }
}

/// The runner called `name`.
fn runner(name: &str) -> Option<Runner> {
    Some(match name {
        "npm" => npm::call,
        "pnpm" => pnpm::call,
        "yarn" | "yarnpkg" => yarn::call,
        "bun" => bun::call,
        "deno" => deno::call,
        "node" => deno::node,
        "npx" | "pnpx" | "nlx" => program::npx,
        "nr" => program::nr,
        "bunx" => program::bunx,
        "corepack" => program::corepack,
        "cross-env" | "cross-env-shell" => program::cross_env,
        "dotenv" => program::dotenv,
        "turbo" => turbo::call,
        "nx" => nx::call,
        "lerna" => lerna::call,
        "npm-run-all" | "npm-run-all2" => run_all::npm_run_all,
        "run-s" | "run-p" => run_all::npm_run_all,
        "concurrently" | "conc" => run_all::concurrently,
        "make" | "gmake" => make::call,
        "just" => just::call,
        "task" | "go-task" => taskfile::call,
        "composer" => composer::call,
        "python" | "python3" | "py" => python::module,
        "uv" => python::uv,
        "uvx" => python::uvx,
        "poetry" => python::poetry,
        "pipenv" => python::pipenv,
        "pdm" => python::pdm,
        "rye" => python::rye,
        "hatch" => python::hatch,
        "poe" => python::poe,
        "pipx" => python::pipx,
        "bundle" | "bundler" => program::bundle,
        "dotnet" => program::dotnet,
        "dnx" => program::dnx,
        "go" => go::call,
        "cargo" => cargo::call,
        _ => return None,
    })
}
