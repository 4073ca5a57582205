//! What is asked of a forge while judging, and when: approvals once something is relaxed, the base's run once something is
//! compared with it. The faulty tollgate's forge answers from a file and writes down what it was asked.

use serde_json::{Value, json};
use tollgate_runner::{Approvals, BaseRecord, Host};

use crate::support::{FAULTY, Outcome, Sandbox, Tests, UMBRELLA, gate};

pub(crate) fn tests() -> Tests {
    vec![
        ("nobody_is_asked_where_nothing_is_relaxed", nobody_is_asked_where_nothing_is_relaxed),
        ("an_approval_of_the_head_counts", an_approval_of_the_head_counts),
        ("in_a_merge_group_the_pull_request_is_asked", in_a_merge_group_the_pull_request_is_asked),
        ("a_forge_that_does_not_answer_approves_nothing", a_forge_that_does_not_answer_approves_nothing),
        ("the_bases_run_is_the_newest_before_the_change", the_bases_run_is_the_newest_before_the_change),
    ]
}

/// Names the folder of the forge that the faulty tollgate asks.
const FOLDER: &str = "FAULTY_HOST";

/// The forge of the faulty tollgate.
pub(crate) struct FileHost;

impl FileHost {
    /// Its answer under `key`; none where there is no forge.
    fn answer(question: String, key: &str) -> Option<Result<Value, String>> {
        let folder = std::path::PathBuf::from(std::env::var_os(FOLDER)?);
        let log = folder.join("asked.txt");
        let asked = std::fs::read_to_string(&log).unwrap_or_default();
        std::fs::write(log, asked + &question + "\n").expect("a log");
        let text = std::fs::read_to_string(folder.join("host.json")).expect("answers");
        let value = serde_json::from_str::<Value>(&text).expect("JSON")[key].clone();
        Some(value.as_str().map_or(Ok(value.clone()), |trouble| Err(trouble.to_owned())))
    }
}

impl Host for FileHost {
    fn approvals(&self, pull_request: u64) -> Option<Result<Approvals, String>> {
        let answer = Self::answer(format!("approvals {pull_request}"), "approvals")?;
        Some(answer.map(|value| serde_json::from_value(value).expect("approvals")))
    }

    fn base_run(&self, branch: &str, before: &dyn Fn(&str) -> bool) -> Option<Result<Option<BaseRecord>, String>> {
        let answer = Self::answer(format!("base-run {branch}"), "runs")?;
        Some(answer.map(|runs| {
            let runs = runs.as_array().cloned().unwrap_or_default();
            let of = |run: &Value| run["commit"].as_str().unwrap_or_default().to_owned();
            let run = runs.iter().find(|run| before(&of(run)))?;
            Some(BaseRecord { commit: of(run), bytes: serde_json::to_vec(&run["run"]).expect("bytes") })
        }))
    }
}

const POLICY: &str = "[gates.G]\nconditions = [\"steady.n <= 1\"]\n";

struct Setting {
    sandbox: Sandbox,
    host: Sandbox,
}

impl Setting {
    /// A change that writes `policy` into a repository that has [`POLICY`].
    fn new(before: &str, policy: &str) -> Self {
        let sandbox = Sandbox::repository(&[("tollgate.toml", before)]);
        sandbox.git(&["checkout", "-q", "-b", "change"]);
        sandbox.write("tollgate.toml", policy);
        sandbox.write("more.txt", "");
        sandbox.commit("change");
        Self { sandbox, host: Sandbox::new() }
    }

    fn check(&self, name: &str, event: &Value, answers: &Value) -> Outcome {
        self.host.write("host.json", answers.to_string());
        self.host.write("event.json", event.to_string());
        self.host.write("asked.txt", "");
        let path = |name: &str| self.host.join(name).to_str().expect("UTF-8").to_owned();
        let (event, folder) = (path("event.json"), path(""));
        let variables = [
            (FAULTY, UMBRELLA),
            (FOLDER, folder.as_str()),
            ("GITHUB_EVENT_NAME", name),
            ("GITHUB_EVENT_PATH", event.as_str()),
        ];
        self.sandbox.faulty_with(&["check", "--format", "json"], &variables)
    }

    fn asked(&self) -> String {
        self.host.read("asked.txt")
    }

    fn pull(&self) -> Value {
        let base = self.sandbox.git(&["rev-parse", "origin/main"]);
        json!({"pull_request": {"number": 7, "base": {"sha": base, "ref": "main"}, "head": {"sha": self.sandbox.head()}}})
    }
}

fn approved(by: &str, commit: &str) -> Value {
    json!({"approvals": {"author": "kim", "approvals": [{"by": by, "commit": commit}]}})
}

fn nobody_is_asked_where_nothing_is_relaxed() {
    let setting = Setting::new(POLICY, POLICY);
    setting.check("pull_request", &setting.pull(), &json!({})).exits(0);
    assert_eq!(setting.asked(), "");
    // Stricter is not milder.
    let setting = Setting::new(POLICY, &POLICY.replace("<=", "=="));
    setting.check("pull_request", &setting.pull(), &json!({})).exits(0);
    assert_eq!(setting.asked(), "");
}

fn an_approval_of_the_head_counts() {
    let setting = Setting::new(POLICY, &POLICY.replace("1\"", "2\""));
    let head = setting.sandbox.head();
    let run = setting.check("pull_request", &setting.pull(), &approved("jo", &head)).exits(0).json();
    assert_eq!(run["decision"]["relaxations"][0]["approved_by"], "jo");
    assert_eq!(setting.asked(), "approvals 7\n", "once");
    for (by, commit) in [("kim", head.as_str()), ("jo", &"0".repeat(40))] {
        let run = setting.check("pull_request", &setting.pull(), &approved(by, commit)).exits(1).json();
        assert_eq!(gate(&run, "G")["verdict"], "fail", "{by} {commit}");
    }
    // What the forge calls the head says nothing of the commit that is judged.
    let mut moved = approved("jo", &"1".repeat(40));
    moved["approvals"]["head"] = json!("1".repeat(40));
    setting.check("pull_request", &setting.pull(), &moved).exits(1);
}

fn in_a_merge_group_the_pull_request_is_asked() {
    let setting = Setting::new(POLICY, &POLICY.replace("1\"", "2\""));
    let proposed = "2".repeat(40);
    let group = json!({"merge_group": {
        "base_sha": setting.sandbox.git(&["rev-parse", "origin/main"]),
        "head_sha": setting.sandbox.head(),
        "base_ref": "refs/heads/main",
        "head_ref": format!("refs/heads/gh-readonly-queue/main/pr-9-{}", "3".repeat(40)),
    }});
    let mut answers = approved("jo", &proposed);
    answers["approvals"]["head"] = json!(proposed);
    setting.check("merge_group", &group, &answers).exits(0);
    assert_eq!(setting.asked(), "approvals 9\n");
    setting.check("merge_group", &group, &approved("jo", &proposed)).exits(1);
    let mut other = group.clone();
    other["merge_group"]["head_ref"] = json!("refs/heads/gh-readonly-queue/main/who-knows");
    setting.check("merge_group", &other, &answers).exits(1);
    assert_eq!(setting.asked(), "");
}

fn a_forge_that_does_not_answer_approves_nothing() {
    let setting = Setting::new(POLICY, &POLICY.replace("1\"", "2\""));
    let run = setting.check("pull_request", &setting.pull(), &json!({"approvals": "503"})).exits(1).json();
    let warnings = run["decision"]["warnings"].to_string();
    assert!(warnings.contains("who approved this change could not be found out: 503"), "{warnings}");
}

fn the_bases_run_is_the_newest_before_the_change() {
    let policy = "[gates.G]\nconditions = [\"steady.n <= base\"]\n";
    let setting = Setting::new(policy, policy);
    let (head, base) = (setting.sandbox.head(), setting.sandbox.git(&["rev-parse", "origin/main"]));
    let run = |n: u64| {
        let out = setting.sandbox.faulty(&["check", "--format", "json"]).json();
        let mut run = out;
        run["reports"][0]["metrics"][0]["value"] = json!(n);
        run
    };
    let answers = |runs: Value| json!({"runs": runs});
    let verdict = |answers: &Value, code: i32| {
        let run = setting.check("pull_request", &setting.pull(), answers).exits(code).json();
        assert_eq!(setting.asked(), "base-run main\n");
        gate(&run, "G")["reasons"][0].to_string()
    };
    let (milder, stricter) = (run(5), run(0));
    // Neither a commit of the change itself nor one that nobody has is its base.
    let unknown = "0".repeat(40);
    let runs =
        json!([{"commit": head, "run": milder}, {"commit": unknown, "run": milder}, {"commit": base, "run": stricter}]);
    verdict(&answers(runs), 1);
    verdict(&answers(json!([{"commit": base, "run": milder}])), 0);
    assert!(verdict(&answers(json!([])), 0).contains("no run of the base branch was kept"));
    assert!(verdict(&answers(json!("403: resource not accessible")), 3).contains("403"));
    assert!(verdict(&answers(json!([{"commit": base, "run": {"schema": "x"}}])), 3).contains("on the base branch"));
    // What is committed at the base, or named, comes first.
    setting.sandbox.git(&["checkout", "-q", "main"]);
    setting.sandbox.write(".tollgate/base.json", milder.to_string());
    setting.sandbox.commit("base");
    setting.sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    setting.sandbox.git(&["checkout", "-q", "-b", "other"]);
    setting.check("pull_request", &setting.pull(), &answers(json!([]))).exits(0);
    assert_eq!(setting.asked(), "");
}
