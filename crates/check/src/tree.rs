//! A repository as checkers see it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tollgate_model::{Cause, Problem};

/// One state of a repository (or of a folder that is none): the working copy, the index, or a commit. Paths are relative
/// to the checked root, with forward slashes; files outside the root are not part of it.
pub trait Tree: Send + Sync {
    /// Every file, sorted by path. Of a working copy: tracked ones and untracked ones that no ignore rule names.
    fn files(&self) -> Result<Vec<TreeFile>, TreeError>;

    /// The bytes of the file at `path`, at most `limit`.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, TreeError>;

    /// Whether `path` is a file of this tree; cheap. Without a repository: whether it is a file.
    fn contains(&self, path: &str) -> Result<bool, TreeError>;

    /// The file of this tree that `path` names: `path` itself, or where links on the way to it lead; none where it names none, or
    /// one that an ignore rule names. Cheap for files under version control.
    fn locate<'p>(&self, path: &'p str) -> Result<Option<Cow<'p, str>>, TreeError> {
        Ok(self.contains(path)?.then_some(Cow::Borrowed(path)))
    }

    /// Whether `path` is a file under version control; cheap. Every file of a commit and of the index is; without a
    /// repository none is.
    fn tracks(&self, path: &str) -> Result<bool, TreeError> {
        self.contains(path)
    }

    /// The paths of all files under version control, also of those that were deleted and not committed as such; cheap.
    fn tracked(&self) -> Result<Vec<String>, TreeError> {
        Ok(self.files()?.into_iter().filter(|file| file.tracked).map(|file| file.path).collect())
    }

    /// The commit it belongs to, full hex; none without a repository or before the first commit.
    fn commit(&self) -> Option<&str>;
}

/// One file of a tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreeFile {
    /// Relative to the root.
    pub path: String,
    /// Whether the index, or the commit, has it.
    pub tracked: bool,
    /// What kind of file.
    pub kind: FileKind,
}

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A regular file that may be executed.
    Executable,
    /// A symbolic link; its bytes are the target's name.
    Link,
    /// Another repository at a fixed commit; listed, never entered.
    Submodule,
}

/// What differs between the base and the subject.
pub trait Changes: Send + Sync {
    /// The commit compared with, full hex.
    fn base(&self) -> &str;

    /// Every file that differs, sorted by path.
    fn files(&self) -> &[ChangedFile];

    /// The bytes of the file at `path` in the base commit, at most `limit`; none where it has no such file. A link gives
    /// the name of its target.
    ///
    /// # Errors
    /// The file is too large or cannot be read. An implementation that knows no files of the base says just that.
    fn read_base(&self, path: &str, _limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        let message = format!("{path}: the base's files cannot be read here (commit {})", self.base());
        Err(TreeError::new(Cause::Missing, message).at(path))
    }

    /// The change of the file now at `path`.
    fn file(&self, path: &str) -> Option<&ChangedFile> {
        let files = self.files();
        files.binary_search_by(|f| f.path.as_str().cmp(path)).ok().map(|i| &files[i])
    }
}

/// One file that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    /// Its path now; of a deleted file, the path it had.
    pub path: String,
    /// How it differs.
    pub kind: ChangeKind,
    /// The path it had, of a renamed file.
    pub old_path: Option<String>,
    /// Whether its content is binary, so that no lines are given.
    pub binary: bool,
    /// Whether it is a symbolic link now: its content is the path that it points to.
    pub link: bool,
    /// Lines of the new content that are added or changed: ascending, not adjacent.
    pub added: Vec<LineRange>,
    /// How many lines of the old content are gone.
    pub removed: u64,
}

impl ChangedFile {
    /// How many lines are added or changed.
    pub fn added_lines(&self) -> u64 {
        self.added.iter().map(|range| range.len()).sum()
    }

    /// Whether line `number` is added or changed.
    pub fn adds(&self, number: u32) -> bool {
        let at = self.added.partition_point(|range| range.end < number);
        self.added.get(at).is_some_and(|range| range.start <= number)
    }
}

/// How a file differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Its content differs.
    Modified,
    /// Its path differs, and perhaps its content.
    Renamed,
    /// It is gone.
    Deleted,
}

/// Lines `start..=end`, from 1. In JSON `[start, end]`: a change has many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct LineRange {
    /// First line, from 1.
    pub start: u32,
    /// Last line, included.
    pub end: u32,
}

impl From<(u32, u32)> for LineRange {
    fn from((start, end): (u32, u32)) -> Self {
        Self { start, end }
    }
}

impl From<LineRange> for (u32, u32) {
    fn from(LineRange { start, end }: LineRange) -> Self {
        (start, end)
    }
}

impl LineRange {
    /// How many lines.
    pub fn len(self) -> u64 {
        u64::from(self.end.saturating_sub(self.start)) + 1
    }

    /// Never: a range has at least one line.
    pub fn is_empty(self) -> bool {
        false
    }
}

/// Why a tree, or the difference of two, could not be read. Each message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TreeError {
    /// What kind of trouble.
    pub cause: Cause,
    /// What happened and what to do.
    pub message: String,
    /// The file it is about.
    pub path: Option<String>,
}

impl TreeError {
    /// Trouble that is not about one file.
    pub fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self { cause, message: message.into(), path: None }
    }

    /// The same about this file.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same as a problem of a report.
    pub fn problem(&self) -> Problem {
        Problem { cause: self.cause, message: self.message.clone(), path: self.path.clone() }
    }
}

/// A tree of files that are held in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree(pub std::collections::BTreeMap<String, Vec<u8>>);

impl Tree for MemoryTree {
    fn files(&self) -> Result<Vec<TreeFile>, TreeError> {
        let file = |path: &String| TreeFile { path: path.clone(), tracked: true, kind: FileKind::File };
        Ok(self.0.keys().map(file).collect())
    }

    fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, TreeError> {
        let missing = || TreeError::new(Cause::Missing, format!("{path}: is not there")).at(path);
        self.0.get(path).cloned().ok_or_else(missing)
    }

    fn contains(&self, path: &str) -> Result<bool, TreeError> {
        Ok(self.0.contains_key(path))
    }

    fn commit(&self) -> Option<&str> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_change_are_found() {
        let file = ChangedFile {
            path: "a".to_owned(),
            kind: ChangeKind::Modified,
            old_path: None,
            binary: false,
            link: false,
            added: vec![LineRange { start: 2, end: 3 }, LineRange { start: 7, end: 7 }],
            removed: 0,
        };
        assert_eq!(file.added_lines(), 3);
        let lines: Vec<_> = (1..9).filter(|n| file.adds(*n)).collect();
        assert_eq!(lines, [2, 3, 7]);
    }
}
