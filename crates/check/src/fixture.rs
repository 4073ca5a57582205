//! Runs a checker on the cases of `fixtures/<checker>/` (feature `fixtures`, for tests).
//!
//! A case is a folder: `input/` is the checked root, `base/` (if any) holds the files that the base commit has, `case.toml`
//! says how the checker is asked (`about`, `options`, `targets`, `changes`, `today`), and `expected.json` is the report it
//! must give. Left out of that file is what changes without the checker changing: the
//! tool's version, the digests of the evidence and the texts of the rules. A checker that gives up has `{"problem": …}`
//! or `{"option": …}` there instead. With `TOLLGATE_BLESS` set in the environment, `expected.json` is written instead of compared:
//! read what was written before you keep it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;
use serde_json::{Value, json};
use tollgate_input::{InputError, Root};
use tollgate_model::{Cause, Date, Target};

use crate::{
    ChangeKind, ChangedFile, Changes, CheckError, Context, Facts, FileKind, LineRange, Tool, Tree, TreeError, TreeFile,
};

/// `case.toml`: how the checker is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    /// What the case shows, in one line.
    about: String,
    /// The checker's section of a configuration.
    #[serde(default)]
    options: serde_json::Map<String, Value>,
    /// Conditions on its metrics, as policy hands them over.
    #[serde(default)]
    targets: Vec<Target>,
    /// What differs from the base; without it there is no base.
    changes: Option<CaseChanges>,
    /// The day by which policy is judged; 2026-11-20 by default.
    today: Option<Date>,
}

/// `[changes]`: what differs from the base.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseChanges {
    /// The commit compared with.
    base: String,
    /// `[[changes.files]]`.
    #[serde(default)]
    files: Vec<CaseChange>,
}

/// One changed file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseChange {
    path: String,
    kind: CaseKind,
    old_path: Option<String>,
    #[serde(default)]
    binary: bool,
    #[serde(default)]
    link: bool,
    /// First and last line of each run of new lines.
    #[serde(default)]
    added: Vec<[u32; 2]>,
    #[serde(default)]
    removed: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum CaseKind {
    Added,
    Modified,
    Renamed,
    Deleted,
}

impl From<CaseChange> for ChangedFile {
    fn from(change: CaseChange) -> Self {
        Self {
            path: change.path,
            kind: match change.kind {
                CaseKind::Added => ChangeKind::Added,
                CaseKind::Modified => ChangeKind::Modified,
                CaseKind::Renamed => ChangeKind::Renamed,
                CaseKind::Deleted => ChangeKind::Deleted,
            },
            old_path: change.old_path,
            binary: change.binary,
            link: change.link,
            added: change.added.into_iter().map(|[start, end]| LineRange { start, end }).collect(),
            removed: change.removed,
        }
    }
}

/// Changes written down in a case or a test.
#[derive(Clone, Debug)]
pub struct FixedChanges {
    base: String,
    files: Vec<ChangedFile>,
    held: BTreeMap<String, Vec<u8>>,
}

impl FixedChanges {
    /// These files differ from the commit `base`, of which no file is known.
    pub fn new(base: impl Into<String>, mut files: Vec<ChangedFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { base: base.into(), files, held: BTreeMap::new() }
    }

    /// The same, where the base has this file.
    #[must_use]
    pub fn holding(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.held.insert(path.into(), bytes.into());
        self
    }

    /// The same, where the base has every file of this folder.
    fn holding_all(self, folder: &Path) -> Result<Self, String> {
        let root = Root::new(folder).map_err(|e| e.to_string())?;
        let tree = FolderTree::new(root);
        let files = tree.files().map_err(|e| e.to_string())?;
        files.into_iter().try_fold(self, |changes, file| {
            let bytes = tree.read(&file.path, LARGEST_OF_BASE).map_err(|e| format!("base/{e}"))?;
            Ok(changes.holding(file.path, bytes))
        })
    }
}

/// Largest file of a case's `base/`, in bytes.
const LARGEST_OF_BASE: u64 = 64 << 20;

impl Changes for FixedChanges {
    fn base(&self) -> &str {
        &self.base
    }

    fn files(&self) -> &[ChangedFile] {
        &self.files
    }

    fn read_base(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        match self.held.get(path) {
            Some(bytes) if bytes.len() as u64 > limit => {
                Err(tree_error(InputError::TooLarge { path: path.to_owned(), limit }, path))
            }
            held => Ok(held.cloned()),
        }
    }
}

fn tree_error(error: InputError, path: &str) -> TreeError {
    TreeError::new(error.problem().cause, error.to_string()).at(path)
}

/// A folder as a tree without a repository: every regular file in it counts as tracked.
#[derive(Clone, Debug)]
pub struct FolderTree {
    root: Root,
}

impl FolderTree {
    /// The tree of everything in `root`.
    pub fn new(root: Root) -> Self {
        Self { root }
    }

    fn collect(&self, folder: &Path, found: &mut Vec<TreeFile>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                self.collect(&entry.path(), found)?;
            } else if let Some(path) = self.root.relative(&entry.path().to_string_lossy()) {
                found.push(TreeFile { path, tracked: true, kind: FileKind::File });
            }
        }
        Ok(())
    }
}

impl Tree for FolderTree {
    fn files(&self) -> Result<Vec<TreeFile>, TreeError> {
        let mut found = Vec::new();
        self.collect(self.root.path(), &mut found)
            .map_err(|e| TreeError::new(Cause::Unreadable, format!("the tree cannot be listed: {e}")))?;
        found.sort();
        Ok(found)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, TreeError> {
        self.root.read(path, limit).map(|(bytes, _)| bytes).map_err(|e| tree_error(e, path))
    }

    fn contains(&self, path: &str) -> Result<bool, TreeError> {
        Ok(self.root.entry(path).is_ok_and(|entry| matches!(entry, tollgate_input::Entry::File(_))))
    }

    fn tracks(&self, _: &str) -> Result<bool, TreeError> {
        Ok(false)
    }

    fn commit(&self) -> Option<&str> {
        None
    }
}

/// Runs every case below `folder`, each with one and with four threads; returns how many there were.
///
/// # Errors
/// Every case that is malformed or whose report differs, with the first line that does.
pub fn run(tool: &dyn Tool, folder: &Path) -> Result<usize, String> {
    let cases = cases(folder)?;
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| check(tool, case).err().map(|message| format!("{}: {message}", case.display())))
        .collect();
    if failed.is_empty() { Ok(cases.len()) } else { Err(failed.join("\n\n")) }
}

fn cases(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let listing = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let entries: Result<Vec<_>, _> = listing.map(|entry| entry.map(|e| e.path())).collect();
    let mut cases: Vec<PathBuf> = entries.map_err(|e| e.to_string())?.into_iter().filter(|p| p.is_dir()).collect();
    cases.sort();
    Ok(cases)
}

fn check(tool: &dyn Tool, case: &Path) -> Result<(), String> {
    let actual = report(tool, case, 1)?;
    if report(tool, case, 4)? != actual {
        return Err("one thread and four give different reports".to_owned());
    }
    let path = case.join("expected.json");
    if env::var_os("TOLLGATE_BLESS").is_some() {
        return fs::write(&path, &actual).map_err(|e| format!("expected.json: {e}"));
    }
    let expected = fs::read_to_string(&path).map_err(|e| format!("expected.json: {e}; TOLLGATE_BLESS=1 writes it"))?;
    match actual.lines().zip(expected.lines()).enumerate().find(|(_, (a, e))| a != e) {
        Some((at, (a, e))) => {
            Err(format!("expected.json:{}: expected {:?}, the report has {:?}", at + 1, e.trim(), a.trim()))
        }
        None if actual.lines().count() != expected.lines().count() => {
            Err("expected.json and the report have different lengths".to_owned())
        }
        None => Ok(()),
    }
}

/// The report of one case as `expected.json` keeps it.
fn report(tool: &dyn Tool, case: &Path, jobs: usize) -> Result<String, String> {
    let text = fs::read_to_string(case.join("case.toml")).map_err(|e| format!("case.toml: {e}"))?;
    let file: CaseFile = toml::from_str(&text).map_err(|e| format!("case.toml: {e}"))?;
    if file.about.trim().is_empty() {
        return Err("case.toml: `about` must say what the case shows".to_owned());
    }
    let root = Root::new(&case.join("input")).map_err(|e| e.to_string())?;
    let tree = FolderTree::new(root.clone());
    let changes = changes(file.changes, &case.join("base"))?;
    let mut facts = Facts { targets: &file.targets, jobs, ..Facts::plain() };
    if let Some(changes) = &changes {
        facts.changes = Ok(changes);
    }
    facts.today = file.today.unwrap_or(facts.today);
    let ctx = Context::new(&root, &tree, facts);
    let value = match tool.run(&ctx, Value::Object(file.options)) {
        Ok(report) => stable(serde_json::to_value(report).map_err(|e| e.to_string())?),
        Err(CheckError::Problem(problem)) => json!({ "problem": problem }),
        Err(CheckError::Option { key, message }) => json!({ "option": { "key": key, "message": message } }),
    };
    serde_json::to_string_pretty(&value).map(|text| text + "\n").map_err(|e| e.to_string())
}

/// What differs from the base, whose files lie in the folder `base`, where there is one.
fn changes(changes: Option<CaseChanges>, base: &Path) -> Result<Option<FixedChanges>, String> {
    match (changes, base.is_dir()) {
        (None, false) => Ok(None),
        (None, true) => Err("base/ holds the base's files, and case.toml names no base: add [changes]".to_owned()),
        (Some(changes), has_files) => {
            let files = changes.files.into_iter().map(ChangedFile::from).collect();
            let changes = FixedChanges::new(changes.base, files);
            if has_files { changes.holding_all(base).map(Some) } else { Ok(Some(changes)) }
        }
    }
}

/// Drops what changes without the checker changing.
fn stable(mut report: Value) -> Value {
    if let Some(fields) = report.as_object_mut() {
        fields.remove("rules");
    }
    if let Some(tool) = report.get_mut("tool").and_then(Value::as_object_mut) {
        tool.remove("version");
    }
    if let Some(evidence) = report.get_mut("evidence").and_then(Value::as_array_mut) {
        for item in evidence.iter_mut().filter_map(Value::as_object_mut) {
            item.remove("blake3");
        }
    }
    report
}

#[cfg(test)]
mod tests;
