//! `check` in a workflow asks GitHub: for approvals once something is relaxed, for the base's run once something is compared with it.

use std::io::{Cursor, Write as _};

use serde_json::{Value, json};
use tollgate_loopback::{Access, Artifact, GitHub, Permissions, Pull, Review, ReviewState, Setup};

use crate::support::{Outcome, Sandbox, Tests, gate, lcov};

pub(crate) fn tests() -> Tests {
    vec![
        ("an_approval_of_somebody_who_may_write_counts", an_approval_of_somebody_who_may_write_counts),
        ("the_bases_numbers_come_from_its_own_run", the_bases_numbers_come_from_its_own_run),
        ("without_a_token_nobody_is_asked", without_a_token_nobody_is_asked),
    ]
}

const POLICY: &str = "[coverage]\nreports = [\"out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.lines >= 80%\", \"coverage.lines >= base\"]\n";

/// A change by kim, and what GitHub knows of it.
struct Change {
    sandbox: Sandbox,
    github: GitHub,
}

impl Change {
    fn new(policy: &str, permissions: Permissions) -> Self {
        let sandbox = Sandbox::repository(&[("tollgate.toml", POLICY), ("src/a.ts", &"let a = 1;\n".repeat(10))]);
        sandbox.git(&["checkout", "-q", "-b", "change"]);
        sandbox.write("tollgate.toml", policy);
        sandbox.write("more.txt", "");
        sandbox.commit("change");
        sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1, 1, 1, 1, 1, 1, 1, 0]));
        let github = GitHub::start(Setup { permissions, ..Setup::default() }).expect("a server");
        let head = sandbox.head();
        github.state(|state| state.pulls.insert(7, Pull::open("kim", "octo/shop", &head)));
        Self { sandbox, github }
    }

    fn base(&self) -> String {
        self.sandbox.git(&["rev-parse", "origin/main"])
    }

    fn check(&self, token: &str) -> Outcome {
        let payload = json!({
            "repository": {"default_branch": "main"},
            "pull_request": {"number": 7, "base": {"sha": self.base(), "ref": "main"}, "head": {"sha": self.sandbox.head()}},
        });
        self.sandbox.write("out/event.json", payload.to_string());
        let event = self.sandbox.join("out/event.json");
        let (api, graphql) = (self.github.api_url(), self.github.graphql_url());
        let variables = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_API_URL", api.as_str()),
            ("GITHUB_GRAPHQL_URL", &graphql),
            ("GITHUB_REPOSITORY", "octo/shop"),
            ("GITHUB_EVENT_NAME", "pull_request"),
            ("GITHUB_EVENT_PATH", event.to_str().expect("UTF-8")),
            ("GITHUB_TOKEN", token),
        ];
        let outcome = self.sandbox.tollgate_with(&["check", "--format", "json"], &variables);
        assert_eq!(self.github.complaints(), Vec::<String>::new());
        outcome
    }

    fn token(&self) -> String {
        self.github.setup().token.clone()
    }
}

fn an_approval_of_somebody_who_may_write_counts() {
    let milder = POLICY.replace("80%", "70%");
    let change = Change::new(&milder, Permissions::default());
    let review = |author: &str, state: ReviewState, commit: &str| Review {
        author: author.to_owned(),
        state,
        commit: Some(commit.to_owned()),
        submitted: 1,
    };
    let head = change.sandbox.head();
    for (reviews, writers, code) in [
        (vec![], &["jo"][..], 1),
        (vec![review("jo", ReviewState::Approved, &head)], &["jo"], 0),
        // Anybody may approve a public pull request.
        (vec![review("passerby", ReviewState::Approved, &head)], &["jo"], 1),
        (vec![review("kim", ReviewState::Approved, &head)], &["kim"], 1),
        (vec![review("jo", ReviewState::Approved, &change.base())], &["jo"], 1),
        (
            vec![review("jo", ReviewState::Approved, &head), review("jo", ReviewState::ChangesRequested, &head)],
            &["jo"],
            1,
        ),
    ] {
        change.github.state(|state| {
            state.writers = writers.iter().map(|name| (*name).to_owned()).collect();
            if let Some(pull) = state.pulls.get_mut(&7) {
                pull.reviews.clone_from(&reviews);
            }
        });
        let run = change.check(&change.token()).exits(code).json();
        assert_eq!(run["decision"]["relaxations"].as_array().map(Vec::len), Some(1), "{reviews:?}");
    }
}

fn packed(run: &Value) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("run.json", zip::write::SimpleFileOptions::default()).expect("a file");
    writer.write_all(run.to_string().as_bytes()).expect("bytes");
    writer.finish().expect("an archive").into_inner()
}

fn the_bases_numbers_come_from_its_own_run() {
    let change = Change::new(POLICY, Permissions::default());
    let run = change.check(&change.token()).exits(0).json();
    let words = gate(&run, "Tests").to_string();
    assert!(words.contains("no run of the base branch was kept"), "{words}");
    // The base had 100 %.
    let mut record = run;
    for report in record["reports"].as_array_mut().expect("reports") {
        for metric in report["metrics"].as_array_mut().expect("metrics") {
            if metric["name"] == "coverage.lines" {
                (metric["value"], metric["numerator"]) = (json!(100.0), json!(10));
            }
        }
    }
    let artifact = |id: u64, commit: String, branch: &str| Artifact {
        id,
        name: "tollgate-base".to_owned(),
        zip: packed(&record),
        head_branch: branch.to_owned(),
        head_sha: commit,
        ..Artifact::default()
    };
    // Not one that the change made itself.
    let (base, head) = (change.base(), change.sandbox.head());
    change.github.state(|state| state.artifacts = vec![artifact(1, head.clone(), "change"), artifact(2, head, "main")]);
    change.check(&change.token()).exits(0);
    change.github.state(|state| state.artifacts.push(artifact(3, base.clone(), "main")));
    let run = change.check(&change.token()).exits(1).json();
    let words = gate(&run, "Tests")["reasons"][0]["text"].to_string();
    assert!(words.contains("100 %"), "{words}");
    change.github.state(|state| state.artifacts[2].zip.truncate(20));
    change.check(&change.token()).exits(3).says(&["the base branch's run: artifact 3"]);

    let blind = Change::new(POLICY, Permissions { actions: Access::None, ..Permissions::default() });
    blind.check(&blind.token()).exits(3).says(&["actions"]);
}

fn without_a_token_nobody_is_asked() {
    let change = Change::new(&POLICY.replace("80%", "70%"), Permissions::default());
    change.check("").exits(1).says(&["relaxes the policy", "no --base-run"]);
    assert_eq!(change.github.calls(), 0);
}
