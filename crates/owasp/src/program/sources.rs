//! The source files of a tree.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use tollgate_check::paths::{is_of_others, name};
use tollgate_check::{FileKind, Globs, Tree, TreeError};
use tollgate_input::{Digest, utf8};

use crate::syntax::{self, File};

/// Largest source file that is looked at, bytes: beyond it nobody writes by hand.
const LARGEST: u64 = 1 << 20;

/// Longest line of a file that is not taken for minified, bytes, where the file has more than so many bytes for each line.
const MINIFIED: (usize, usize) = (5_000, 400);

/// Most bytes of sources that are held.
const MOST_BYTES: usize = 512 << 20;

/// Endings of files in TypeScript and JavaScript.
const SCRIPTS: &[&str] = &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

/// One source file.
pub(crate) struct Source {
    pub(crate) text: String,
    file: OnceCell<File>,
}

/// The source files, without tests, and what was left out.
#[derive(Default)]
pub(crate) struct Sources {
    all: BTreeMap<String, Source>,
    /// Files that are generated, minified or too large, each with the reason.
    pub(crate) skipped: BTreeMap<String, &'static str>,
    /// Files that cannot be read, each with the reason.
    pub(crate) unreadable: BTreeMap<String, String>,
    /// How many files of tests there are, which nobody serves.
    pub(crate) tests: usize,
    list: String,
    bytes: usize,
}

fn ending(path: &str) -> &str {
    name(path).rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Whether the file at `path` is in TypeScript or JavaScript.
pub(crate) fn is_script(path: &str) -> bool {
    SCRIPTS.contains(&ending(path))
}

/// Whether the file at `path` is a source that is read.
pub(crate) fn is_source(path: &str) -> bool {
    (is_script(path) && !path.ends_with(".d.ts")) || ending(path) == "py"
}

/// Whether a file of this path tests others, or stands in for them.
pub(crate) fn is_test(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1);
    let file = name(path);
    let marked = [".spec.", ".test.", ".e2e-spec.", ".e2e.", ".stories.", ".mock.", ".fixture."];
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    marked.iter().any(|mark| file.contains(mark))
        || ["test-", "test_", "jest.", "vitest."].iter().any(|start| file.starts_with(start))
        || ["-test", "_test", ".setup", "conftest"].iter().any(|end| stem.ends_with(end))
        || folders.any(|part| {
            matches!(part, "__tests__" | "__mocks__" | "test" | "tests" | "e2e" | "cypress" | "spec" | "test-utils")
        })
}

/// Whether a file of this path is a tool of the developers, which nobody serves.
pub(crate) fn is_tool(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1);
    folders.any(|part| {
        matches!(part, "scripts" | "script" | "tools" | "tooling" | "migrations" | "seeds" | "seeders" | ".github")
    })
}

impl Sources {
    /// Reads the sources of `tree` that `globs` name, if it is given, and none that `except` names.
    ///
    /// # Errors
    /// The tree cannot be listed.
    pub(crate) fn read(tree: &dyn Tree, only: &Globs, except: &Globs) -> Result<Self, TreeError> {
        let mut sources = Self::default();
        for file in tree.files()? {
            let wanted = matches!(file.kind, FileKind::File | FileKind::Executable) && is_source(&file.path);
            let named = only.patterns().is_empty() || only.matches(&file.path);
            if !wanted || !named || except.matches(&file.path) || is_of_others(&file.path) {
                continue;
            }
            if is_test(&file.path) {
                sources.tests += 1;
                continue;
            }
            if sources.bytes > MOST_BYTES {
                sources.unreadable.insert(file.path, "more than 512 MB of sources are not looked at".to_owned());
                continue;
            }
            match tree.read(&file.path, LARGEST) {
                Ok(bytes) => sources.add(&file.path, &bytes),
                Err(error) if error.message.contains("too large") || error.message.contains("larger") => {
                    sources.skipped.insert(file.path, "larger than 1 MB");
                }
                Err(error) => {
                    sources.unreadable.insert(file.path, error.message);
                }
            }
        }
        Ok(sources)
    }

    fn add(&mut self, path: &str, bytes: &[u8]) {
        if bytes.contains(&0) && !bytes.starts_with(&[0xFF, 0xFE]) && !bytes.starts_with(&[0xFE, 0xFF]) {
            self.unreadable.insert(path.to_owned(), "it holds bytes that are no text".to_owned());
            return;
        }
        let _ = writeln!(self.list, "{path}\0{}", Digest::of(bytes).blake3);
        let text = utf8(bytes).into_owned();
        if let Some(because) = made_by_a_program(&text) {
            self.skipped.insert(path.to_owned(), because);
            return;
        }
        self.bytes += text.len();
        self.all.insert(path.to_owned(), Source { text, file: OnceCell::new() });
    }

    /// Every path, sorted.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }

    /// Every file that holds one of these words.
    pub(crate) fn holding<'s>(&'s self, words: &'s [&str]) -> impl Iterator<Item = &'s str> {
        self.all
            .iter()
            .filter(|(_, source)| words.iter().any(|w| source.text.contains(w)))
            .map(|(path, _)| path.as_str())
    }

    /// The path of a source, as it is kept.
    pub(crate) fn key(&self, path: &str) -> Option<&str> {
        self.all.get_key_value(path).map(|(key, _)| key.as_str())
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.all.get(path).map(|source| source.text.as_str())
    }

    /// A file in TypeScript or JavaScript; it is parsed when it is first asked for.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        let source = self.all.get(path).filter(|_| is_script(path))?;
        Some(source.file.get_or_init(|| syntax::parse(path, &source.text)))
    }

    /// The files that were parsed and have parts that the grammar does not know, with the line of the first.
    pub(crate) fn broken(&self) -> Vec<(&str, u32)> {
        let all = self.all.iter();
        all.filter_map(|(path, source)| Some((path.as_str(), source.file.get()?.broken?))).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Over path and digest of each file, in order of path.
    pub(crate) fn digest(&self) -> Digest {
        Digest { bytes: self.bytes as u64, ..Digest::of(self.list.as_bytes()) }
    }
}

/// Why a text is not looked at: nobody wrote it.
fn made_by_a_program(text: &str) -> Option<&'static str> {
    let head: String = text.lines().take(5).collect::<Vec<&str>>().join("\n").to_ascii_lowercase();
    if head.contains("@generated") || head.contains("do not edit") && head.contains("generated") {
        return Some("generated");
    }
    let lines = text.lines().count().max(1);
    let longest = text.lines().map(str::len).max().unwrap_or(0);
    (longest > MINIFIED.0 && text.len() / lines > MINIFIED.1).then_some("minified")
}
