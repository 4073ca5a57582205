//! What a checker is given.

use std::sync::Mutex;

use tollgate_input::{Digest, InputError, Root, Source};
use tollgate_model::{Evidence, Op, Report, Subject, Target, Word};

use crate::{Changes, Tree};

/// What a checker is given: where to look, what changed, what will be asked of its numbers.
///
/// Whatever is read through it is recorded as evidence.
pub struct Context<'a> {
    root: &'a Root,
    tree: &'a dyn Tree,
    facts: Facts<'a>,
    evidence: Mutex<Vec<Evidence>>,
}

/// The part of a [`Context`] that the runner knows before any checker runs.
pub struct Facts<'a> {
    /// What differs from the base; the reason in words when that cannot be told.
    pub changes: Result<&'a dyn Changes, String>,
    /// The root within the repository, `.` for its top.
    pub root_in_repository: String,
    /// Conditions on this checker's metrics.
    pub targets: &'a [Target],
    /// How many threads it may use, at least 1.
    pub jobs: usize,
}

impl<'a> Context<'a> {
    /// A context for one run of one checker.
    pub fn new(root: &'a Root, tree: &'a dyn Tree, facts: Facts<'a>) -> Self {
        Self { root, tree, facts, evidence: Mutex::new(Vec::new()) }
    }

    /// The folder that outputs are read from. Prefer [`open`](Self::open) and [`read`](Self::read), which record evidence.
    pub fn root(&self) -> &Root {
        self.root
    }

    /// The files under version control.
    pub fn tree(&self) -> &dyn Tree {
        self.tree
    }

    /// What differs from the base; the reason in words when that cannot be told.
    pub fn changes(&self) -> Result<&'a dyn Changes, &str> {
        match &self.facts.changes {
            Ok(changes) => Ok(*changes),
            Err(because) => Err(because),
        }
    }

    /// Conditions on this checker's metrics.
    pub fn targets(&self) -> &[Target] {
        self.facts.targets
    }

    /// The limit of `op` on the series `metric` without labels, if a condition states one as a number.
    pub fn limit(&self, metric: &str, op: Op) -> Option<f64> {
        let ours = |t: &&Target| t.metric == metric && t.labels.is_empty() && t.op == op;
        self.targets().iter().find(ours).and_then(|t| t.value)
    }

    /// How many threads may be used, at least 1.
    pub fn jobs(&self) -> usize {
        self.facts.jobs.max(1)
    }

    /// Opens an output for streaming; hand the finished [`Source`] to [`record`](Self::record).
    pub fn open(&self, path: &str, limit: u64) -> Result<Source, InputError> {
        self.root.open(path, limit)
    }

    /// Reads an output whole and records it.
    pub fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, InputError> {
        let (bytes, digest) = self.root.read(path, limit)?;
        self.record("file", path, digest, None);
        Ok(bytes)
    }

    /// Records that something was examined.
    pub fn record(&self, kind: &str, path: &str, digest: Digest, items: Option<u64>) {
        let evidence = Evidence {
            kind: kind.to_owned(),
            path: path.to_owned(),
            blake3: digest.blake3,
            bytes: digest.bytes,
            items,
        };
        match self.evidence.lock() {
            Ok(mut all) => all.push(evidence),
            Err(poisoned) => poisoned.into_inner().push(evidence),
        }
    }

    /// An empty report of `checker` about this subject.
    pub fn report(&self, checker: &str, version: &str, word: Word) -> Report {
        let subject = Subject {
            root: self.facts.root_in_repository.clone(),
            commit: self.tree.commit().map(str::to_owned),
            base: self.changes().ok().map(|c| c.base().to_owned()),
            word,
        };
        Report::new(checker, version, subject)
    }

    /// What was recorded so far.
    pub fn evidence(&self) -> Vec<Evidence> {
        match self.evidence.lock() {
            Ok(all) => all.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }
}
