//! What causes a run: the payload, the variables and the commit of each event, and our action on each of them.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use tollgate_loopback::{GitHub, Pull, Setup};

use super::flow::{Artifacts, clone};
use super::host::{Host, Left, commands};
use super::steps::{self, Place};
use crate::support::{Sandbox, Tests};

pub(super) fn tests() -> Tests {
    vec![
        ("action_every_event_is_judged", every_event_is_judged),
        ("action_every_verdict_is_the_exit_code", every_verdict_is_the_exit_code),
        ("action_post_goes_where_it_is_wanted", post_goes_where_it_is_wanted),
        ("action_the_base_is_not_taken_for_the_change", the_base_is_not_taken_for_the_change),
        ("action_without_a_decision_the_reason_is_told", without_a_decision_the_reason_is_told),
        ("action_reports_are_judged_alone", reports_are_judged_alone),
        ("action_the_checked_folder_takes_its_own_reports", the_checked_folder_takes_its_own_reports),
    ]
}

/// Every gate that the reusable workflow judges unasked.
const POLICY: &str = r#"[coverage]
reports = ["coverage/lcov.info"]
[secrets]
[gates.Security]
conditions = ['secrets.findings{confidence="high"} == 0']
[gates.Quality]
conditions = ["secrets.findings == 0"]
[gates.Performance]
conditions = ["coverage.lines >= 1%"]
[gates.Tests]
conditions = ["coverage.lines >= 80%", "needs.measure == success"]
"#;

/// Coverage of `src/a.ts` with these hits.
pub(super) fn lcov(hits: [u32; 2]) -> String {
    crate::support::lcov("src/a.ts", &hits)
}

/// A repository, and the GitHub that it lies on.
pub(super) struct Project {
    sandbox: Sandbox,
    pub(super) github: GitHub,
}

impl std::ops::Deref for Project {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

impl Project {
    pub(super) fn of(sandbox: Sandbox) -> Self {
        let setup = Setup { owner: "o".to_owned(), name: "r".to_owned(), ..Setup::default() };
        Self { sandbox, github: GitHub::start(setup).expect("a GitHub") }
    }

    /// Makes the refs of pull request 7 anew: its head, which is checked out, and the merge into main.
    pub(super) fn merged(&self) {
        self.git(&["update-ref", "refs/pull/7/head", "feature"]);
        self.git(&["checkout", "-q", "--detach", "main"]);
        self.git(&["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
        self.git(&["update-ref", "refs/pull/7/merge", "HEAD"]);
        self.git(&["checkout", "-q", "feature"]);
        let sha = |revision: &str| self.git(&["rev-parse", revision]);
        let pull = Pull {
            head_ref: "feature".to_owned(),
            base_sha: sha("main"),
            merge_sha: Some(sha("refs/pull/7/merge")),
            ..Pull::open("ann", "o/r", &sha("feature"))
        };
        self.github.state(|state| {
            state.commits.insert(pull.base_sha.clone());
            state.pulls.insert(7, pull);
        });
    }
}

/// A repository with a pull request, number 7.
pub(super) fn project() -> Project {
    let sandbox =
        Sandbox::repository(&[("src/a.ts", "a;\nb;\n"), ("tollgate.toml", POLICY), (".gitignore", "coverage\ndist\n")]);
    sandbox.git(&["checkout", "-q", "-b", "feature"]);
    sandbox.write("src/b.ts", "c;\n");
    sandbox.commit("a change");
    let project = Project::of(sandbox);
    project.merged();
    project
}

/// One event.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) name: &'static str,
    pub(super) payload: Value,
    pub(super) git_ref: String,
    pub(super) sha: String,
    pub(super) attempt: u32,
    /// The addresses of the host: for people, for REST, for GraphQL.
    pub(super) server: String,
    api: [String; 2],
    token: String,
}

impl Event {
    fn new(sandbox: &Project, name: &'static str, git_ref: &str, more: Value) -> Self {
        let mut payload =
            json!({"repository": {"id": 1, "full_name": "o/r", "default_branch": "main", "private": false}});
        payload.as_object_mut().expect("a payload").extend(more.as_object().expect("more").clone());
        let revision = if git_ref == "refs/heads/gh-readonly-queue/main/pr-7" { "refs/pull/7/merge" } else { git_ref };
        let (git_ref, sha) = (git_ref.to_owned(), sandbox.git(&["rev-parse", revision]));
        let api = [sandbox.github.api_url(), sandbox.github.graphql_url()];
        let (server, token) = ("https://github.com".to_owned(), sandbox.github.setup().token.clone());
        Self { name, payload, git_ref, sha, attempt: 1, server, api, token }
    }

    pub(super) fn push(sandbox: &Project) -> Self {
        let sha = sandbox.git(&["rev-parse", "main"]);
        Self::new(sandbox, "push", "refs/heads/main", json!({"ref": "refs/heads/main", "before": sha}))
    }

    /// Of the pull request, from a branch of the repository `from`.
    pub(super) fn pull_request(sandbox: &Project, from: &str) -> Self {
        let sha = |revision: &str| sandbox.git(&["rev-parse", revision]);
        let repository = json!({"id": if from == "o/r" { 1 } else { 2 }, "full_name": from});
        let pull_request = json!({
            "number": 7, "draft": false,
            "head": {"sha": sha("feature"), "ref": "feature", "repo": repository},
            "base": {"sha": sha("main"), "ref": "main", "repo": {"id": 1, "full_name": "o/r"}},
        });
        Self::new(sandbox, "pull_request", "refs/pull/7/merge", json!({"number": 7, "pull_request": pull_request}))
    }

    pub(super) fn merge_group(sandbox: &Project) -> Self {
        let sha = |revision: &str| sandbox.git(&["rev-parse", revision]);
        let queue = "refs/heads/gh-readonly-queue/main/pr-7";
        let group = json!({
            "head_sha": sha("refs/pull/7/merge"), "base_sha": sha("main"),
            "head_ref": format!("{queue}-{}", sha("main")), "base_ref": "refs/heads/main",
        });
        Self::new(sandbox, "merge_group", queue, json!({"merge_group": group}))
    }

    pub(super) fn of_default_branch(sandbox: &Project, name: &'static str) -> Self {
        Self::new(sandbox, name, "refs/heads/main", json!({}))
    }

    /// After the run of a pull request from a fork has ended.
    pub(super) fn workflow_run(sandbox: &Project) -> Self {
        let run = json!({
            "id": 11, "run_attempt": 1, "event": "pull_request", "head_sha": sandbox.git(&["rev-parse", "feature"]),
            "head_branch": "feature", "head_repository": {"id": 2, "full_name": "fork/r"}, "pull_requests": [],
        });
        Self::new(sandbox, "workflow_run", "refs/heads/main", json!({"workflow_run": run}))
    }

    /// The contexts that every job has.
    pub(super) fn contexts(&self) -> Value {
        json!({"github": {
            "event_name": self.name, "event": self.payload, "ref": self.git_ref, "sha": self.sha,
            "repository": "o/r", "token": self.token, "workflow": "Gate", "run_id": "42",
        }})
    }

    /// The variables that every step has.
    pub(super) fn variables(&self, host: &Host) -> BTreeMap<String, String> {
        let payload = host.join("event.json");
        fs::write(&payload, self.payload.to_string()).expect("the payload");
        let payload = payload.to_str().expect("UTF-8").to_owned();
        let attempt = self.attempt.to_string();
        [
            ("GITHUB_EVENT_NAME", self.name),
            ("GITHUB_EVENT_PATH", &payload),
            ("GITHUB_SHA", &self.sha),
            ("GITHUB_REF", &self.git_ref),
            ("GITHUB_REPOSITORY", "o/r"),
            ("GITHUB_RUN_ID", "42"),
            ("GITHUB_RUN_ATTEMPT", &attempt),
            ("GITHUB_SERVER_URL", &self.server),
            ("GITHUB_API_URL", &self.api[0]),
            ("GITHUB_GRAPHQL_URL", &self.api[1]),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    /// Whether actions/checkout does what it is asked: with `workflow_run` it takes no commit of a fork unless told to.
    pub(super) fn allows(&self, with: &Value) {
        let told = with["allow-unsafe-pr-checkout"] == "true";
        let foreign = self.name == "workflow_run" && with["ref"] == self.payload["workflow_run"]["head_sha"];
        assert_eq!(told, foreign, "allow-unsafe-pr-checkout stands where it is needed, and nowhere else");
    }
}

/// The workspace of a job in which `revision` is checked out, and our action run in it.
pub(super) fn act(host: &mut Host, sandbox: &Project, event: &Event, revision: &str, with: &[(&str, &str)]) -> Left {
    let workspace = host.join("workspace");
    if !workspace.exists() {
        fs::create_dir(&workspace).expect("a folder");
        clone(sandbox, revision, &workspace);
    }
    host.env.extend(event.variables(host));
    let mut contexts = event.contexts();
    contexts["runner"] = json!({"temp": host.temp()});
    let artifacts = Artifacts::default();
    let place = Place { host, workspace: &workspace, check_out: &|_| {}, artifacts: &artifacts };
    let with = with.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    steps::ours(&place, &with, &contexts, &BTreeMap::new())
}

/// Puts a report of the change's own run where a job downloads it to.
pub(super) fn report(host: &Host, path: &str, text: &str) -> String {
    let folder = host.join("temp/tollgate-reports");
    let place = folder.join(path);
    fs::create_dir_all(place.parent().expect("a folder")).expect("folders");
    fs::write(place, text).expect("a report");
    folder.to_str().expect("UTF-8").to_owned()
}

/// How a measuring job that is well ended.
pub(super) const SUCCESS: &str = r#"{"measure":{"result":"success","outputs":{}}}"#;

fn every_event_is_judged() {
    let sandbox = project();
    let mut again = Event::pull_request(&sandbox, "o/r");
    again.attempt = 2;
    let events = [
        Event::push(&sandbox),
        Event::pull_request(&sandbox, "o/r"),
        Event::pull_request(&sandbox, "fork/r"),
        Event::merge_group(&sandbox),
        Event::of_default_branch(&sandbox, "schedule"),
        Event::of_default_branch(&sandbox, "workflow_dispatch"),
        again,
    ];
    for event in &events {
        let mut host = Host::new();
        let reports = report(&host, "coverage/lcov.info", &lcov([1, 1]));
        let left = act(&mut host, &sandbox, event, &event.sha, &[("needs", SUCCESS), ("reports", &reports)]);
        assert_eq!(left.code, 0, "{}: {}", event.name, left.log);
        assert_eq!(left.outputs["verdict"], "pass", "{}: {}", event.name, left.log);
        let calls = host.calls_of("tollgate");
        let post = calls.last().expect("a call");
        assert_eq!(post[..2], ["post", "--to=summary,annotations,outputs"], "nothing that needs a token");
    }
}

fn every_verdict_is_the_exit_code() {
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "o/r");
    for (hits, gate, code, verdict) in
        [([1, 1], "Tests", 0, "pass"), ([1, 0], "Tests", 1, "fail"), ([1, 0], "Performance\n  Quality ", 0, "pass")]
    {
        let mut host = Host::new();
        let reports = report(&host, "coverage/lcov.info", &lcov(hits));
        let with = [("gate", gate), ("needs", SUCCESS), ("reports", reports.as_str())];
        let left = act(&mut host, &sandbox, &event, &event.sha, &with);
        assert_eq!((left.code, left.outputs["verdict"].as_str()), (code, verdict), "{gate}: {}", left.log);
        let check = &host.calls_of("tollgate")[1];
        let after: Vec<&str> = check.iter().skip_while(|word| *word != "--").skip(1).map(String::as_str).collect();
        assert_eq!(after, gate.split_whitespace().collect::<Vec<_>>());
    }
    // Nothing was reported; and what failed does not count as a success of the job.
    let mut host = Host::new();
    let missing = host.temp() + "/never downloaded";
    let left = act(&mut host, &sandbox, &event, &event.sha, &[("gate", "Tests"), ("reports", &missing)]);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (3, "unknown"), "{}", left.log);
    let mut host = Host::new();
    let reports = report(&host, "coverage/lcov.info", &lcov([1, 1]));
    let needs = SUCCESS.replace("success", "failure");
    let left = act(&mut host, &sandbox, &event, &event.sha, &[("needs", &needs), ("reports", &reports)]);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (1, "fail"), "{}", left.log);
}

fn post_goes_where_it_is_wanted() {
    let sandbox = project();
    let all = "summary,annotations,outputs,comment,sarif";
    let pull_request = Event::pull_request(&sandbox, "o/r");
    let mut branch = Event::push(&sandbox);
    branch.git_ref = "refs/heads/other".to_owned();
    for (event, with, to) in [
        (&pull_request, vec![], all.to_owned()),
        (&pull_request, vec![("report-as", "statuses")], format!("{all},statuses")),
        (&pull_request, vec![("issues", "true")], all.to_owned()),
        (&Event::push(&sandbox), vec![("issues", "true")], format!("{all},issues")),
        (&Event::push(&sandbox), vec![], all.to_owned()),
        (&branch, vec![("issues", "true")], all.to_owned()),
        (&Event::of_default_branch(&sandbox, "schedule"), vec![("issues", "true")], format!("{all},issues")),
    ] {
        let mut host = Host::new();
        let with = [vec![("command", "post"), ("category", "web"), ("token", "")], with].concat();
        let left = act(&mut host, &sandbox, event, &event.sha, &with);
        let calls = host.calls_of("tollgate");
        assert_eq!(calls[2][..3], ["post".to_owned(), format!("--to={to}"), "--category=web".to_owned()]);
        // Gates are unknown here, for nothing was reported: that is what is posted, not how the step ends.
        assert_eq!(left.outputs["verdict"], "unknown", "{}", left.log);
    }
}

fn the_base_is_not_taken_for_the_change() {
    let sandbox = project();
    let mut event = Event::pull_request(&sandbox, "fork/r");
    event.name = "pull_request_target";
    event.sha = sandbox.git(&["rev-parse", "main"]);
    let left = act(&mut Host::new(), &sandbox, &event, "main", &[]);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (2, "unknown"), "{}", left.log);
    assert!(left.summary.contains("this checkout is the base branch, not the change"), "{}", left.summary);
    let host = &mut Host::new();
    act(host, &sandbox, &event, "feature", &[("gate", "Security")]);
    assert_eq!(host.calls_of("tollgate")[1][0], "check", "the change is judged where it is checked out");
}

fn without_a_decision_the_reason_is_told() {
    let sandbox = project();
    sandbox.write("tollgate.toml", "[gates.Tests]\nconditions = [\"coverage.lnies >= 80%\"]\n# <b>::error::x</b>\n");
    sandbox.commit("a misspelt metric");
    sandbox.merged();
    let event = Event::pull_request(&sandbox, "o/r");
    for command in ["check", "post"] {
        let host = &mut Host::new();
        let left = act(host, &sandbox, &event, "feature", &[("command", command)]);
        assert_eq!((left.code, left.outputs["verdict"].as_str()), (2, "unknown"), "{}", left.log);
        assert!(left.summary.contains("coverage.lnies"), "{}", left.summary);
        assert!(commands(&left.log).iter().any(|line| line.starts_with("::error title=tollgate::")), "{}", left.log);
        assert!(host.calls_of("tollgate").iter().all(|call| call[0] != "post"), "there is nothing to post");
    }
    // A decision of an earlier run stands in the folder, and does not count.
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "o/r");
    let host = &mut Host::new();
    let out = host.join("temp/out").to_str().expect("UTF-8").to_owned();
    let left = act(host, &sandbox, &event, &event.sha, &[("out", &out), ("gate", "Security")]);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (0, "pass"), "{}", left.log);
    let with = [("out", out.as_str()), ("gate", "Security"), ("config", "not there.toml")];
    let left = act(host, &sandbox, &event, &event.sha, &with);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (2, "unknown"), "{}", left.log);
}

fn reports_are_judged_alone() {
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "o/r");
    let host = &mut Host::new();
    let place = host.join("temp/given");
    clone(&sandbox, "refs/pull/7/merge", &place);
    fs::create_dir(place.join("coverage")).expect("a folder");
    fs::write(place.join("coverage/lcov.info"), lcov([1, 1])).expect("a report");
    let own = std::process::Command::new(env!("CARGO_BIN_EXE_tollgate"));
    let json = place.join("coverage.json");
    let status =
        crate::support::scrubbed(own).current_dir(&place).args(["coverage", "-q", "--json"]).arg(&json).status();
    assert!(status.expect("tollgate").success());
    let given = json.to_str().expect("UTF-8");
    let with = [("command", "decide"), ("gate", "Performance"), ("reports", given)];
    let left = act(host, &sandbox, &event, &event.sha, &with);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (0, "pass"), "{}", left.log);
    let calls = host.calls_of("tollgate");
    assert_eq!(calls[1][2..], ["--gate=Performance", "--", given], "{:?}", calls[1]);
    let left = act(&mut Host::new(), &sandbox, &event, &event.sha, &[("command", "decide")]);
    assert_eq!(left.code, 2);
    assert!(left.summary.contains("input reports is empty"), "{}", left.summary);
}

fn the_checked_folder_takes_its_own_reports() {
    let policy =
        "[coverage]\nreports = [\"coverage/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n";
    let files = [("apps/api/src/a.ts", "a;\nb;\n"), ("apps/api/tollgate.toml", policy)];
    let sandbox = Project::of(Sandbox::repository(&files));
    let event = Event::of_default_branch(&sandbox, "workflow_dispatch");
    let host = &mut Host::new();
    let reports = report(host, "apps/api/coverage/lcov.info", &lcov([1, 1]));
    let left = act(host, &sandbox, &event, "main", &[("root", "apps/api"), ("reports", &reports)]);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (0, "pass"), "{}", left.log);
}
