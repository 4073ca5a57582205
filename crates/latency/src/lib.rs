//! Latency: how many files the tree has, and which of them are empty.
//!
//! Reads through the tree alone, so the same check runs on the base's tree. What it claims, and nothing more:
//! `latency.files` counts regular files below `dir`; the rule `latency/empty-file` finds those of 0 bytes.

use std::fmt::Write as _;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tollgate_check::{CheckError, Checker, Context, FileKind, Needs, TreeFile};
use tollgate_input::Digest;
use tollgate_model::{
    Cause, Finding, Fingerprinter, Location, Metric, MetricSpec, Problem, Report, Rule, Status, Unit, Word,
};

static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| tollgate_rules::parse(include_str!(concat!(env!("OUT_DIR"), "/rules.json"))));

const METRICS: &[MetricSpec] = &[MetricSpec::new("latency.files", Unit::Count, "Regular files below `dir`")];

const EMPTY_FILE: &str = "latency/empty-file";

/// Largest file that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// The checker.
#[derive(Clone, Copy, Debug, Default)]
pub struct Latency;

/// What `latency` looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Only files below this folder, relative to the root. Without it every file.
    #[arg(long, value_name = "DIR")]
    pub dir: Option<String>,
}

impl Checker for Latency {
    const NAME: &'static str = "latency";
    const ABOUT: &'static str = "How many files the tree has, and which of them are empty";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    type Options = Options;

    fn rules(&self) -> &'static [Rule] {
        &RULES
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        METRICS
    }

    fn needs(&self) -> Needs {
        Needs::Tree
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[("latency.files >= 1", false)]
    }

    fn defaults(&self, mut options: Options) -> Options {
        options.dir.get_or_insert_with(|| ".".to_owned());
        options
    }

    fn discovers(&self, _ctx: &Context<'_>, _options: &Options) -> bool {
        false
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        let dir = folder(ctx, options)?;
        let mut report = ctx.report(Self::NAME, Self::VERSION, Word::Tree);
        let mut names = Fingerprinter::default();
        let mut seen = Seen::default();
        for file in ctx.tree().files()?.iter().filter(|file| belongs(file, &dir)) {
            match ctx.tree().read(&file.path, LARGEST) {
                Ok(bytes) => {
                    seen.add(&file.path, &bytes);
                    if bytes.is_empty() {
                        report.findings.push(empty_file(&file.path, &mut names));
                    }
                }
                Err(error) => report.problems.push(error.problem()),
            }
        }
        ctx.record("tree", &dir, seen.digest(), Some(seen.files));
        report.status = if !report.problems.is_empty() {
            Status::Incomplete
        } else if seen.files == 0 {
            let message = format!("{dir}: holds no file; name another folder with `dir`");
            report.problems.push(Problem::new(Cause::NoEvidence, message).at(&dir));
            Status::Empty
        } else {
            report.metrics.push(Metric::count("latency.files", seen.files));
            Status::Complete
        };
        Ok(report)
    }
}

/// The folder looked at, relative to the root.
fn folder(ctx: &Context<'_>, options: &Options) -> Result<String, CheckError> {
    let dir = options.dir.as_deref().unwrap_or(".");
    ctx.root().relative(dir).ok_or_else(|| {
        CheckError::option("latency.dir", format!("{dir:?} lies outside the checked folder; name one inside it"))
    })
}

fn belongs(file: &TreeFile, dir: &str) -> bool {
    let below = dir == "." || file.path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    below && matches!(file.kind, FileKind::File | FileKind::Executable)
}

fn empty_file(path: &str, names: &mut Fingerprinter) -> Finding {
    let fingerprint = names.next(EMPTY_FILE, path, "");
    Finding::of(&RULES, EMPTY_FILE, "The file has 0 bytes.", Location::file(path), fingerprint)
}

/// What was read, for the evidence.
#[derive(Default)]
struct Seen {
    files: u64,
    bytes: u64,
    list: String,
}

impl Seen {
    fn add(&mut self, path: &str, bytes: &[u8]) {
        self.files += 1;
        self.bytes += bytes.len() as u64;
        let _ = writeln!(self.list, "{path}\0{}", Digest::of(bytes).blake3);
    }

    /// Over path and digest of each file, in order of path.
    fn digest(&self) -> Digest {
        Digest { bytes: self.bytes, ..Digest::of(self.list.as_bytes()) }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn fixtures_give_what_they_say() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/latency");
        let ran = tollgate_check::fixture::run(&Latency, Path::new(folder)).unwrap_or_else(|failed| panic!("{failed}"));
        assert!(ran > 0, "no case in {folder}");
    }

    #[test]
    fn rules_of_the_code_have_their_files() {
        assert!(RULES.iter().any(|rule| rule.id == EMPTY_FILE));
    }

    #[test]
    fn only_files_below_the_folder_belong() {
        let file = |path: &str, kind| TreeFile { path: path.to_owned(), tracked: true, kind };
        assert!(belongs(&file("a/b.txt", FileKind::File), "."));
        assert!(belongs(&file("a/b.txt", FileKind::Executable), "a"));
        assert!(!belongs(&file("ab/b.txt", FileKind::File), "a"));
        assert!(!belongs(&file("a/link", FileKind::Link), "a"));
        assert!(!belongs(&file("a/module", FileKind::Submodule), "."));
    }
}
