//! What is sent to GitHub, played with the released binary and the GitHub of our tests: each scene is a few steps of a workflow.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tollgate_loopback::{GitHub, Pull, Request, Review, Setup};

use crate::conformance::runs::Runs;
use crate::workspace;

/// Requests of one scene.
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) enterprise: bool,
    pub(super) requests: Vec<Request>,
}

const POLICY: &str = "[coverage]\nreports = [\"lcov.info\"]\n[secrets]\n[gates.Tests]\nconditions = [\"coverage.lines >= 80%\", \
    \"coverage.lines >= base\"]\n[gates.Security]\nconditions = [\"secrets.findings == 0\"]\n";

/// The pull request that everything is about.
const NUMBER: u64 = 7;

/// Plays every scene on github.com and on an Enterprise Server.
pub(super) fn play(runs: &Runs, folder: &Path) -> Result<Vec<Scene>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let change = Change::new(folder)?;
    let mut scenes = Vec::new();
    for enterprise in [false, true] {
        for (name, event, post) in [
            ("a pull request", change.pull_request(), &["comment,sarif,statuses"; 2][..]),
            ("a merge group", change.merge_group(), &["comment,sarif,statuses"]),
            ("a push to main", change.push(), &["sarif,issues"; 2]),
            ("a run after a fork's", change.workflow_run(), &["comment,sarif"]),
        ] {
            let github = GitHub::start(Setup { enterprise, ..Setup::default() })?;
            change.tell(&github);
            let step = Step { runs, change: &change, github: &github, event: &event };
            step.tollgate(&["check", "--out", "out"], &[0, 1, 3]).with_context(|| format!("check in {name}"))?;
            for to in post {
                let mut arguments = vec!["post", "--to", to];
                if event.name == "workflow_run" {
                    arguments.extend(["--pull-request", "7"]);
                }
                arguments.push("out");
                step.tollgate(&arguments, &[0]).with_context(|| format!("post in {name}"))?;
            }
            let complaints = github.complaints();
            if !complaints.is_empty() {
                bail!("{name}: {}", complaints.join("; "));
            }
            scenes.push(Scene { name, enterprise, requests: github.requests() });
        }
    }
    Ok(scenes)
}

struct Event {
    name: &'static str,
    reference: &'static str,
    payload: Value,
}

/// A change that relaxes the policy, in a repository of its own.
struct Change {
    folder: PathBuf,
    base: String,
    head: String,
}

impl Change {
    fn new(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let git = |arguments: &[&str]| -> Result<String> {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false"];
            let mut command = Command::new("git");
            workspace::run(command.current_dir(folder).args(identity).args(arguments))
        };
        git(&["init", "-q", "-b", "main"])?;
        fs::write(folder.join("tollgate.toml"), POLICY)?;
        fs::write(folder.join(".gitignore"), "/out\n*.json\n")?;
        git(&["add", "-A"])?;
        git(&["commit", "-q", "-m", "first"])?;
        git(&["update-ref", "refs/remotes/origin/main", "HEAD"])?;
        let base = git(&["rev-parse", "HEAD"])?.trim().to_owned();
        fs::write(folder.join("tollgate.toml"), POLICY.replace("80%", "70%"))?;
        git(&["commit", "-q", "-a", "-m", "milder"])?;
        let head = git(&["rev-parse", "HEAD"])?.trim().to_owned();
        Ok(Self { folder: folder.to_owned(), base, head })
    }

    /// Lets GitHub know of it.
    fn tell(&self, github: &GitHub) {
        github.state(|state| {
            state.commits.extend([self.base.clone(), self.head.clone()]);
            let mut pull = Pull::open("kim", "octo/shop", &self.head);
            pull.base_sha.clone_from(&self.base);
            pull.reviews.push(Review::approved("jo", &self.head));
            state.pulls.insert(NUMBER, pull);
            state.writers.insert("jo".to_owned());
            let rule = json!({"type": "pull_request", "ruleset_source_type": "Repository", "ruleset_source": "octo/shop",
                "ruleset_id": 42, "parameters": {"require_code_owner_review": true, "dismiss_stale_reviews_on_push": true,
                "require_last_push_approval": false, "required_approving_review_count": 1,
                "required_review_thread_resolution": false}});
            state.rules.insert("main".to_owned(), vec![rule]);
        });
    }

    fn pull_request(&self) -> Event {
        let pull = json!({"number": NUMBER, "draft": false, "user": {"login": "kim"},
            "head": {"sha": self.head, "ref": "milder", "repo": {"full_name": "octo/shop", "fork": false}},
            "base": {"sha": self.base, "ref": "main", "repo": {"full_name": "octo/shop"}}});
        self.event(
            "pull_request",
            "refs/pull/7/merge",
            json!({"action": "synchronize", "number": NUMBER, "pull_request": pull}),
        )
    }

    fn merge_group(&self) -> Event {
        let head_ref = format!("refs/heads/gh-readonly-queue/main/pr-{NUMBER}-{}", self.base);
        let group =
            json!({"head_sha": self.head, "head_ref": head_ref, "base_sha": self.base, "base_ref": "refs/heads/main"});
        self.event("merge_group", "refs/heads/gh-readonly-queue/main/pr-7", json!({"merge_group": group}))
    }

    fn push(&self) -> Event {
        let payload = json!({"ref": "refs/heads/main", "before": self.base, "after": self.head});
        self.event("push", "refs/heads/main", payload)
    }

    fn workflow_run(&self) -> Event {
        let run = json!({"id": 9, "run_attempt": 1, "event": "pull_request", "head_sha": self.head, "head_branch": "milder",
            "head_repository": {"full_name": "kim/shop"}, "pull_requests": []});
        self.event("workflow_run", "refs/heads/main", json!({"action": "completed", "workflow_run": run}))
    }

    fn event(&self, name: &'static str, reference: &'static str, mut payload: Value) -> Event {
        payload["repository"] = json!({"full_name": "octo/shop", "default_branch": "main", "private": false});
        Event { name, reference, payload }
    }
}

/// One command of a workflow.
struct Step<'a> {
    runs: &'a Runs,
    change: &'a Change,
    github: &'a GitHub,
    event: &'a Event,
}

impl Step<'_> {
    fn tollgate(&self, arguments: &[&str], codes: &[i32]) -> Result<()> {
        let payload = self.change.folder.join("event.json");
        fs::write(&payload, self.event.payload.to_string())?;
        let output = self
            .runs
            .command()
            .current_dir(&self.change.folder)
            .args(arguments)
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_API_URL", self.github.api_url())
            .env("GITHUB_GRAPHQL_URL", self.github.graphql_url())
            .env("GITHUB_SERVER_URL", self.github.server_url())
            .env("GITHUB_REPOSITORY", self.github.setup().full_name())
            .env("GITHUB_TOKEN", &self.github.setup().token)
            .env("GITHUB_EVENT_NAME", self.event.name)
            .env("GITHUB_EVENT_PATH", payload)
            .env("GITHUB_REF", self.event.reference)
            .env("GITHUB_SHA", &self.change.head)
            .env("GITHUB_RUN_ID", "9")
            .env("GITHUB_RUN_ATTEMPT", "1")
            .output()?;
        match output.status.code() {
            Some(code) if codes.contains(&code) => Ok(()),
            code => {
                let words = String::from_utf8_lossy(&output.stderr).into_owned();
                bail!("tollgate {} ended with {code:?}: {words}", arguments.join(" "))
            }
        }
    }
}
