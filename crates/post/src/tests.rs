//! The command against a GitHub on 127.0.0.1.

mod events;
mod faults;
mod forks;
mod hostile;
mod local;
mod places;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use tempfile::TempDir;
use tollgate_forge::{Clock, Settings};
use tollgate_loopback::{GitHub, Pull, Setup};
use tollgate_model::{Decision, Exit, GateDecision, RUN_SCHEMA, Reason, Run, RunSubject, ToolInfo, Verdict};

use crate::run::run_with;
use crate::{Output, PostError, command};

/// The pull request of all tests.
const PULL: u64 = 7;

fn head() -> String {
    "a".repeat(40)
}

fn base() -> String {
    "b".repeat(40)
}

fn merge() -> String {
    "d".repeat(40)
}

/// A clock on which waiting takes no time: it puts itself and the server's clock forward.
struct Jumping {
    github: Arc<GitHub>,
    started: Instant,
    skipped: Mutex<Duration>,
}

impl Clock for Jumping {
    fn unix(&self) -> u64 {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        (now + *self.skipped.lock().unwrap()).as_secs()
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed() + *self.skipped.lock().unwrap()
    }

    fn sleep(&self, time: Duration) {
        self.github.advance(time);
        *self.skipped.lock().unwrap() += time;
    }
}

fn reason(verdict: Verdict, text: &str) -> Reason {
    Reason {
        condition: "x >= 1".to_owned(),
        checker: Some("coverage".to_owned()),
        verdict,
        applies: true,
        text: text.to_owned(),
        places: Vec::new(),
        more_places: 0,
        next: None,
        labels: BTreeMap::default(),
        own_run: false,
        tighter: None,
    }
}

fn gate(name: &str, verdict: Verdict, text: &str) -> GateDecision {
    GateDecision {
        name: name.to_owned(),
        verdict,
        judged: true,
        applies: true,
        observed_until: None,
        reasons: vec![reason(verdict, text)],
    }
}

/// A run of `commit` with these gates.
fn run_of(commit: &str, gates: Vec<GateDecision>) -> Run {
    let verdict = gates.iter().map(|gate| gate.verdict).max().unwrap_or(Verdict::Unknown);
    Run {
        schema: RUN_SCHEMA.to_owned(),
        tool: ToolInfo { name: "tollgate".to_owned(), version: "0.1.0".to_owned() },
        subject: RunSubject {
            root: ".".to_owned(),
            commit: Some(commit.to_owned()),
            uncommitted: None,
            base: None,
            files_at: None,
            base_origin: "none".to_owned(),
            changed_files: None,
            policy: "tollgate.toml".to_owned(),
            not_examined: Vec::new(),
        },
        reports: Vec::new(),
        decision: Decision { verdict, gates, unfinished: Vec::new(), warnings: Vec::new(), relaxations: Vec::new() },
        timing: None,
    }
}

/// Four gates, of which one fails and one is unknown.
fn usual(commit: &str) -> Run {
    run_of(
        commit,
        vec![
            gate("Tests", Verdict::Unknown, "coverage.lines is not known: no file matches"),
            gate("Security", Verdict::Fail, "secrets.findings is 1: at most 0"),
            gate("Performance", Verdict::Warn, "bundle.total is 590 KB: at most 600 KB"),
            gate("Quality", Verdict::Pass, "workflows.ineffective is 0"),
        ],
    )
}

/// A decision, where it is to go, and everything around.
struct Scene {
    github: Arc<GitHub>,
    folder: TempDir,
    variables: BTreeMap<String, String>,
    /// How long an answer is waited for.
    patience: Duration,
}

impl Scene {
    /// A pull request's run, in a workflow.
    fn new(setup: Setup) -> Self {
        let github = GitHub::start(setup).unwrap();
        let full_name = github.setup().full_name();
        github.state(|state| {
            let mut pull = Pull::open("kim", &full_name, &head());
            (pull.base_sha, pull.merge_sha) = (base(), Some(merge()));
            state.pulls.insert(PULL, pull);
            state.commits.extend([head(), base(), merge()]);
        });
        let mut scene = Self {
            github: Arc::new(github),
            folder: tempfile::tempdir().unwrap(),
            variables: BTreeMap::new(),
            patience: Duration::from_secs(10),
        };
        let setup = scene.github.setup().clone();
        for (name, value) in [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_TOKEN", &setup.token),
            ("GITHUB_API_URL", &scene.github.api_url()),
            ("GITHUB_GRAPHQL_URL", &scene.github.graphql_url()),
            ("GITHUB_SERVER_URL", &scene.github.server_url()),
            ("GITHUB_REPOSITORY", &setup.full_name()),
            ("GITHUB_RUN_ID", "1001"),
            ("GITHUB_RUN_ATTEMPT", "1"),
        ] {
            scene.set(name, value);
        }
        scene.set("GITHUB_STEP_SUMMARY", &scene.path("step-summary.md"));
        scene.set("GITHUB_OUTPUT", &scene.path("step-output"));
        scene.on("pull_request", &merge(), "refs/pull/7/merge", &pull_payload(false));
        scene.judge(&usual(&merge()));
        scene
    }

    fn usual() -> Self {
        Self::new(Setup::default())
    }

    fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The event that starts the run.
    fn on(&mut self, name: &str, sha: &str, reference: &str, payload: &Value) {
        std::fs::write(self.path("event.json"), payload.to_string()).unwrap();
        let path = self.path("event.json");
        for (name, value) in
            [("GITHUB_EVENT_NAME", name), ("GITHUB_EVENT_PATH", &path), ("GITHUB_SHA", sha), ("GITHUB_REF", reference)]
        {
            self.set(name, value);
        }
    }

    /// Writes what `check --out` would.
    fn judge(&self, run: &Run) {
        let dir = PathBuf::from(self.path("out"));
        std::fs::create_dir_all(dir.join("upload")).unwrap();
        std::fs::write(dir.join("run.json"), serde_json::to_vec(run).unwrap()).unwrap();
        std::fs::write(dir.join("summary.md"), tollgate_render::markdown(run)).unwrap();
        std::fs::write(dir.join("report.sarif"), "{}").unwrap();
        std::fs::write(dir.join("upload/01.sarif"), sarif("coverage").to_string()).unwrap();
    }

    fn out(&self) -> PathBuf {
        Path::new(&self.path("out")).to_path_buf()
    }

    fn post(&self, arguments: &[&str]) -> Posted {
        let out = self.path("out");
        let all = ["post", &out].into_iter().chain(arguments.iter().copied());
        let matches = command().try_get_matches_from(all).unwrap();
        let variable = |name: &str| self.variables.get(name).cloned();
        let clock = Jumping { github: Arc::clone(&self.github), started: Instant::now(), skipped: Mutex::default() };
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let tune = |settings: &mut Settings| {
            settings.clock = Arc::clone(&clock);
            settings.request = self.patience;
        };
        let mut output = Output::default();
        let before = self.github.calls();
        let ended = run_with(&matches, &variable, &mut output, &tune);
        Posted { ended, output, calls: self.github.calls() - before }
    }

    /// Texts of the pull request's comments.
    fn comments(&self) -> Vec<String> {
        self.github.state(|state| {
            state.comments.get(&PULL).into_iter().flatten().map(|comment| comment.body.clone()).collect()
        })
    }

    /// The state of each context on `commit`, the latest, in order of name.
    fn statuses(&self, commit: &str) -> BTreeMap<String, String> {
        let of = |status: &tollgate_loopback::Status| (status.context.clone(), status.state.clone());
        self.github.state(|state| state.statuses.get(commit).into_iter().flatten().map(of).collect())
    }

    /// Commit and reference of each upload.
    fn uploads(&self) -> Vec<(String, String)> {
        self.github.state(|state| {
            state.uploads.iter().map(|upload| (upload.commit_sha.clone(), upload.reference.clone())).collect()
        })
    }

    /// Nothing was sent that is not as documented, and nothing made twice without need.
    fn clean(&self) {
        assert_eq!(self.github.complaints(), Vec::<String>::new());
        assert_eq!(self.github.duplicates(), Vec::<String>::new());
    }
}

/// How it ended, and what it said.
#[derive(Debug)]
struct Posted {
    ended: Result<Exit, PostError>,
    output: Output,
    calls: usize,
}

impl Posted {
    /// The exit code, and what is wrong where nothing was posted.
    fn code(&self) -> u8 {
        self.ended.as_ref().map_or_else(PostError::exit, |exit| *exit).code()
    }

    fn refusal(&self) -> String {
        self.ended.as_ref().unwrap_err().to_string()
    }

    /// Lines on standard output that begin with `::LEVEL title=tollgate post`.
    fn said(&self, level: &str) -> Vec<&str> {
        let start = format!("::{level} title=tollgate post::");
        self.output.out.lines().filter_map(|line| line.strip_prefix(&start)).collect()
    }
}

fn pull_payload(fork: bool) -> Value {
    let repository = if fork { "mallory/shop" } else { "octo/shop" };
    json!({
        "pull_request": { "number": PULL, "draft": false, "head": { "sha": head(), "repo": { "full_name": repository } },
                          "base": { "sha": base(), "ref": "main" } },
        "repository": { "default_branch": "main", "full_name": "octo/shop" },
    })
}

/// A file for code scanning, of a tool of this name.
fn sarif(tool: &str) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{ "tool": { "driver": { "name": tool, "rules": [] } }, "results": [],
                   "automationDetails": { "id": format!("tollgate/{tool}/") } }],
    })
}
