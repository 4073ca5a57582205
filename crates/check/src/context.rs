//! What a checker is given.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

use tollgate_input::{Digest, InputError, Root, Source};
use tollgate_model::{Date, Evidence, Op, Report, Subject, Target, Word};

use crate::{Changes, Service, Tree};

/// What a checker is given: where to look, what changed, what will be asked of its numbers.
///
/// Whatever is read through it is recorded as evidence.
pub struct Context<'a> {
    root: &'a Root,
    tree: &'a dyn Tree,
    facts: Facts<'a>,
    later: Option<Later<'a>>,
    found: OnceLock<FoundChanges<'a>>,
    evidence: Mutex<Vec<Evidence>>,
}

/// What differs from the base; the reason in words when that cannot be told.
pub type FoundChanges<'a> = Result<Box<dyn Changes + 'a>, String>;

/// Finds out what differs from the base.
type Later<'a> = Box<dyn Fn() -> FoundChanges<'a> + Send + Sync + 'a>;

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
    /// The day by which policy is judged. Only what can expire may depend on it.
    pub today: Date,
    /// Where standard input was put, if the checker asked for it.
    pub input: Option<&'a Path>,
    /// What the base's own run reported of the same, for a checker that
    /// [shows differences](crate::Checker::shows_differences).
    pub base_report: Option<&'a Report>,
    /// The running program, where one is configured; the reason in words when it does not run.
    pub service: Option<Result<&'a Service, &'a str>>,
    /// Set once somebody asks to stop: what was measured so far is reported as unfinished.
    pub stop: Option<&'a AtomicBool>,
}

impl Facts<'_> {
    /// What holds where nothing was said: no base, the top of the repository, no conditions, one thread, the day that
    /// fixtures live on.
    pub fn plain() -> Self {
        Self {
            changes: Err("no base was named".to_owned()),
            root_in_repository: ".".to_owned(),
            targets: &[],
            jobs: 1,
            today: Date::from_unix(DAY_OF_FIXTURES),
            input: None,
            base_report: None,
            service: None,
            stop: None,
        }
    }
}

/// 2026-11-20, in seconds since 1970.
const DAY_OF_FIXTURES: u64 = 20_777 * 86_400;

impl<'a> Context<'a> {
    /// A context for one run of one checker.
    pub fn new(root: &'a Root, tree: &'a dyn Tree, facts: Facts<'a>) -> Self {
        Self { root, tree, facts, later: None, found: OnceLock::new(), evidence: Mutex::new(Vec::new()) }
    }

    /// The same, where what differs from the base is found out by `later` when it is first asked for.
    #[must_use]
    pub fn changes_later(mut self, later: impl Fn() -> FoundChanges<'a> + Send + Sync + 'a) -> Self {
        self.later = Some(Box::new(later));
        self
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
    pub fn changes(&self) -> Result<&dyn Changes, &str> {
        match (&self.later, &self.facts.changes) {
            (Some(later), _) => self.found.get_or_init(later).as_deref().map_err(String::as_str),
            (None, Ok(changes)) => Ok(*changes),
            (None, Err(because)) => Err(because),
        }
    }

    /// The day by which policy is judged: for what expires, and for nothing else, since the same input is to give the same
    /// report on any other day.
    pub fn today(&self) -> Date {
        self.facts.today
    }

    /// Where standard input was put, for a checker that [asked for it](crate::Checker::reads_stdin).
    pub fn input(&self) -> Option<&Path> {
        self.facts.input
    }

    /// What the base's own run reported of the same, where that is known. It is for showing differences: conditions on the base are
    /// policy's.
    pub fn base_report(&self) -> Option<&Report> {
        self.facts.base_report
    }

    /// The running program that `[service]` tells of: none where the configuration has no such section, the reason in words when it
    /// does not run.
    pub fn service(&self) -> Option<Result<&Service, &str>> {
        self.facts.service
    }

    /// Whether somebody asked to stop.
    pub fn stopped(&self) -> bool {
        self.facts.stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
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

    /// The commit compared with, as far as it is known without looking for changes.
    fn known_base(&self) -> Option<&str> {
        match (&self.later, &self.facts.changes) {
            (Some(_), _) => self.found.get()?.as_ref().ok().map(|changes| changes.base()),
            (None, changes) => changes.as_ref().ok().map(|changes| changes.base()),
        }
    }

    /// The root within the repository, `.` for its top.
    pub fn root_in_repository(&self) -> &str {
        &self.facts.root_in_repository
    }

    /// An empty report of `checker` about this subject.
    pub fn report(&self, checker: &str, version: &str, word: Word) -> Report {
        let subject = Subject {
            root: self.facts.root_in_repository.clone(),
            commit: self.tree.commit().map(str::to_owned),
            base: self.known_base().map(str::to_owned),
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::fixture::{FixedChanges, FolderTree};

    #[test]
    fn changes_are_looked_for_once_and_only_when_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::new(dir.path()).unwrap();
        let tree = FolderTree::new(root.clone());
        let asked = AtomicUsize::new(0);
        let ctx = Context::new(&root, &tree, Facts::plain()).changes_later(|| {
            asked.fetch_add(1, Ordering::Relaxed);
            Ok(Box::new(FixedChanges::new("abc", Vec::new())))
        });
        assert_eq!(ctx.report("x", "1.0.0", Word::Tree).subject.base, None);
        assert_eq!(asked.load(Ordering::Relaxed), 0);
        assert_eq!(ctx.changes().unwrap().base(), "abc");
        assert_eq!(ctx.report("x", "1.0.0", Word::Tree).subject.base.as_deref(), Some("abc"));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        let lost = Context::new(&root, &tree, Facts::plain()).changes_later(|| Err("shallow".to_owned()));
        assert_eq!(lost.changes().err(), Some("shallow"));
        assert_eq!(Context::new(&root, &tree, Facts::plain()).changes().err(), Some("no base was named"));
    }

    #[test]
    fn fixtures_live_on_a_day_of_their_own() {
        assert_eq!(Facts::plain().today.to_string(), "2026-11-20");
    }
}
