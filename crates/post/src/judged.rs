//! What was judged: the folder that `tollgate check --out` wrote.

use std::path::{Path, PathBuf};

use tollgate_input::{Entry, InputError, Root};
use tollgate_model::{RUN_SCHEMA, Run, Verdict, is_commit};

use crate::PostError;

/// Largest run.json, in bytes.
const LARGEST_RUN: u64 = 256 << 20;
/// Largest summary, in bytes.
const LARGEST_SUMMARY: u64 = 4 << 20;
/// Largest file for code scanning before it is compressed, in bytes.
const LARGEST_UPLOAD: u64 = 256 << 20;
/// Most files for code scanning.
const MOST_UPLOADS: usize = 50;

/// A decision and what belongs to it.
pub(crate) struct Judged {
    pub(crate) run: Run,
    /// Markdown.
    pub(crate) summary: String,
    /// Names of the files for code scanning, below the folder, in order.
    pub(crate) uploads: Vec<String>,
    root: Root,
    /// As it was named.
    dir: PathBuf,
}

impl Judged {
    pub(crate) fn read(dir: &Path) -> Result<Self, PostError> {
        let named = |e: InputError| PostError::refused(format!("{}: {e}", dir.display()));
        let root =
            Root::new(dir).map_err(|e| PostError::refused(format!("{e}; expected what `check --out` writes")))?;
        let (bytes, _) = root.read("run.json", LARGEST_RUN).map_err(named)?;
        let malformed = |why: String| PostError::refused(format!("{}/run.json: {why}", dir.display()));
        let run: Run = serde_json::from_slice(&bytes).map_err(|e| malformed(e.to_string()))?;
        if run.schema != RUN_SCHEMA {
            return Err(malformed(format!("its schema is not {RUN_SCHEMA}; judge with this version of tollgate")));
        }
        let summary = match root.read("summary.md", LARGEST_SUMMARY) {
            Ok((bytes, _)) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(InputError::Missing { .. }) => tollgate_render::markdown(&run),
            Err(error) => return Err(named(error)),
        };
        let uploads = uploads(&root).map_err(named)?;
        Ok(Self { run, summary, uploads, root, dir: dir.to_path_buf() })
    }

    /// The commit that was judged.
    pub(crate) fn commit(&self) -> Result<&str, PostError> {
        let commit = self.run.subject.commit.as_deref().filter(|commit| is_commit(commit));
        commit.ok_or_else(|| {
            PostError::refused(format!("{}: the run names no commit, so that it cannot be posted", self.dir.display()))
        })
    }

    /// The path of `name`, as the folder was named, where it is a file.
    pub(crate) fn path(&self, name: &str) -> Option<String> {
        let is_file = matches!(self.root.entry(name), Ok(Entry::File(_)));
        is_file.then(|| self.dir.join(name).to_string_lossy().into_owned())
    }

    /// One of the files for code scanning.
    pub(crate) fn upload(&self, name: &str) -> Result<Vec<u8>, InputError> {
        self.root.read(name, LARGEST_UPLOAD).map(|(bytes, _)| bytes)
    }

    /// Whether nobody needs to read anything: every gate passes, nothing is known, nothing new.
    pub(crate) fn is_quiet(&self) -> bool {
        let decision = &self.run.decision;
        decision.verdict == Verdict::Pass
            && decision.gates.iter().all(|gate| !gate.judged || gate.verdict == Verdict::Pass)
            && decision.unfinished.is_empty()
            && decision.warnings.is_empty()
            && decision.relaxations.is_empty()
            && self.run.reports.iter().all(|report| {
                !report.findings.iter().any(tollgate_model::Finding::counts)
                    && report.headline.as_ref().is_none_or(|headline| !headline.news)
            })
    }

    /// The first line of the summary, without the mark of a heading.
    pub(crate) fn headline(&self) -> &str {
        self.summary.lines().next().unwrap_or_default().trim_start_matches('#').trim()
    }
}

/// `upload/*.sarif`, in order; none where there is no such folder.
fn uploads(root: &Root) -> Result<Vec<String>, InputError> {
    let folder = match root.resolve("upload") {
        Err(InputError::Missing { .. }) => return Ok(Vec::new()),
        resolved => resolved?,
    };
    let entries = std::fs::read_dir(&folder).map_err(|e| InputError::io("upload", &e))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| InputError::io("upload", &e))?;
        let name = entry.file_name().to_str().map(str::to_owned);
        names.extend(name.filter(|name| name.ends_with(".sarif")).map(|name| format!("upload/{name}")));
        if names.len() > MOST_UPLOADS {
            let message = format!("holds more than {MOST_UPLOADS} files");
            return Err(InputError::Io { path: "upload".to_owned(), message });
        }
    }
    names.sort();
    Ok(names)
}
