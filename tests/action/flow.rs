//! One run of a workflow: its jobs, each on a runner of its own, and the artifacts that they hand on.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::events::{Event, Project};
use super::expression::{self, Scope, Status};
use super::files::{self, GATE, OUR_GATE};
use super::host::{Host, Left, texts};
use super::steps::{self, Place};
use crate::support::Sandbox;

/// Artifacts of a run: by name, the files with their paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Artifacts(pub(super) RefCell<BTreeMap<String, BTreeMap<PathBuf, Vec<u8>>>>);

impl Artifacts {
    /// As actions/upload-artifact does: the artifact begins where the paths that were searched meet; of one file alone, in
    /// the folder of that file. Paths below another one that is searched do not count.
    pub(super) fn upload(&self, workspace: &Path, name: &str, paths: &str) {
        let searched: Vec<PathBuf> = paths
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| {
                assert!(!line.contains(['*', '?', '[', '!']), "patterns are not known here: {line}");
                workspace.join(line)
            })
            .collect();
        let mut found = Vec::new();
        for path in &searched {
            if path.is_dir() {
                found.extend(files::walk(path).into_iter().map(|inner| path.join(inner)));
            } else if path.exists() {
                found.push(path.clone());
            }
        }
        let tops: Vec<&PathBuf> = searched
            .iter()
            .filter(|path| !searched.iter().any(|other| *path != other && path.starts_with(other)))
            .collect();
        let root = match tops.as_slice() {
            [one] if found.len() == 1 && *one == &found[0] => one.parent().expect("a folder").to_owned(),
            [one] => (*one).clone(),
            several => meeting(several),
        };
        let file = |path: PathBuf| {
            let inner = path.strip_prefix(&root).expect("below the root of the artifact").to_owned();
            (inner, fs::read(&path).expect("a file"))
        };
        self.0.borrow_mut().insert(name.to_owned(), found.into_iter().map(file).collect());
    }

    /// As actions/download-artifact does with `merge-multiple`: where no name matches, nothing happens, and no folder is made.
    pub(super) fn download(&self, pattern: &str, to: &Path) {
        let start = pattern.strip_suffix('*').unwrap_or_else(|| panic!("an unknown pattern: {pattern}"));
        for (name, files) in self.0.borrow().iter().filter(|(name, _)| name.starts_with(start)) {
            fs::create_dir_all(to).unwrap_or_else(|e| panic!("{name}: {e}"));
            for (path, bytes) in files {
                let place = to.join(path);
                fs::create_dir_all(place.parent().expect("a folder")).expect("folders");
                fs::write(place, bytes).expect("a file");
            }
        }
    }
}

fn meeting(paths: &[&PathBuf]) -> PathBuf {
    let mut parts: Vec<_> = paths[0].components().collect();
    for path in paths {
        let same = parts.iter().zip(path.components()).take_while(|(one, other)| *one == other).count();
        parts.truncate(same);
    }
    parts.iter().collect()
}

/// How a job ended, and what its runner saw.
pub(super) struct Job {
    pub(super) name: String,
    pub(super) result: &'static str,
    pub(super) left: Left,
    pub(super) host: Host,
    pub(super) token: Value,
}

/// One run.
pub(super) struct Flow<'a> {
    repository: &'a Project,
    event: &'a Event,
    workflow: Value,
    inputs: Value,
    /// What stands on the PATH of every job as `npm`.
    pub(super) npm: String,
    /// The job that was cancelled before it did anything.
    pub(super) cancelled: Option<&'static str>,
    pub(super) artifacts: Artifacts,
}

impl<'a> Flow<'a> {
    /// A run of the workflow at `path`. One that calls our reusable workflow becomes a run of that one with its inputs.
    pub(super) fn new(path: &str, repository: &'a Project, event: &'a Event) -> Self {
        let mut workflow = files::read(path);
        let mut inputs = json!({});
        let called = workflow["jobs"].as_object().and_then(|jobs| jobs.values().find(|job| job["uses"].is_string()));
        if let Some(job) = called.cloned() {
            assert_eq!(job["uses"], OUR_GATE);
            workflow = files::read(GATE);
            inputs = with_defaults(&workflow["on"]["workflow_call"]["inputs"], &job["with"]);
            granted(&workflow, &job["permissions"]);
        }
        let npm =
            "mkdir -p coverage dist; printf 'SF:src/a.ts\\nDA:1,1\\nDA:2,1\\nend_of_record\\n' > coverage/lcov.info";
        Self {
            repository,
            event,
            workflow,
            inputs,
            npm: npm.to_owned(),
            cancelled: None,
            artifacts: Artifacts::default(),
        }
    }

    /// Gives an input of the reusable workflow another value.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        assert!(self.inputs.get(name).is_some(), "no such input: {name}");
        self.inputs[name] = value.into();
    }

    /// Runs every job in the order of the file, in which each stands after those it needs.
    pub(super) fn run(&self) -> Vec<Job> {
        let mut jobs: Vec<Job> = Vec::new();
        let mut needs = Map::new();
        for (id, job) in self.workflow["jobs"].as_object().expect("jobs") {
            let mut contexts = self.event.contexts();
            contexts["inputs"] = self.inputs.clone();
            contexts["needs"] = job["needs"].as_str().map_or(json!({}), |id| json!({id: needs[id]}));
            let before = contexts["needs"].as_object().expect("needs").values();
            let failed = before.clone().any(|need| need["result"] != "success");
            let status = if failed { Status::Failure } else { Status::Success };
            let wanted = expression::condition(job["if"].as_str(), &Scope { contexts: &contexts, status });
            let mut result = "skipped";
            if wanted {
                result = "success";
                for matrix in self.matrices(job, &contexts) {
                    contexts["matrix"] = matrix;
                    jobs.push(self.job(id, job, &contexts));
                    let own = jobs.last().expect("one").result;
                    if own != "success" {
                        result = own;
                    }
                }
            }
            needs.insert(id.clone(), json!({"result": result, "outputs": {}}));
        }
        jobs
    }

    fn matrices(&self, job: &Value, contexts: &Value) -> Vec<Value> {
        let Some(matrix) = job["strategy"]["matrix"].as_object() else { return vec![json!({})] };
        assert_eq!(matrix.keys().collect::<Vec<_>>(), ["gate"], "an unknown matrix");
        let scope = Scope { contexts, status: Status::Success };
        let gates = match &matrix["gate"] {
            Value::String(text) => expression::value(text, &scope),
            gates => gates.clone(),
        };
        gates.as_array().expect("a list of gates").iter().map(|gate| json!({"gate": gate})).collect()
    }

    fn job(&self, id: &str, job: &Value, contexts: &Value) -> Job {
        let mut host = Host::new();
        host.shim("npm", &self.npm);
        let mut contexts = contexts.clone();
        contexts["runner"] = json!({"temp": host.temp()});
        host.env.extend(self.event.variables(&host));
        let workspace = host.join("workspace");
        fs::create_dir(&workspace).expect("a folder");
        let text = |text: &str| expression::interpolate(text, &Scope { contexts: &contexts, status: Status::Success });
        let name = text(job["name"].as_str().expect("every job has a name"));
        let env = texts(&job["env"], text);
        if self.cancelled == Some(id) {
            let token = job["permissions"].clone();
            return Job { name, result: "cancelled", left: Left::default(), host, token };
        }
        let check_out = |with: &Value| {
            let revision = with["ref"].as_str().unwrap_or(&self.event.sha);
            self.event.allows(with);
            clone(self.repository, revision, &workspace);
        };
        let place = Place { host: &host, workspace: &workspace, check_out: &check_out, artifacts: &self.artifacts };
        let (left, _) = steps::run(&job["steps"], &place, &contexts, &env);
        let result = if left.code == 0 { "success" } else { "failure" };
        Job { name, result, left, host, token: job["permissions"].clone() }
    }
}

/// A clone with one commit checked out, as actions/checkout makes it with all history.
pub(super) fn clone(repository: &Sandbox, revision: &str, to: &Path) {
    let revision = repository.git(&["rev-parse", revision]);
    let from = repository.path().to_str().expect("UTF-8");
    let to = to.to_str().expect("UTF-8");
    repository.git(&["clone", "-q", "--no-checkout", from, to]);
    repository.git(&["-C", to, "fetch", "-q", "origin", "+refs/pull/*:refs/remotes/pull/*"]);
    repository.git(&["-C", to, "checkout", "-q", "--detach", &revision]);
}

/// The inputs of a reusable workflow.
fn with_defaults(declared: &Value, with: &Value) -> Value {
    let with = with.as_object().cloned().unwrap_or_default();
    let declared = declared.as_object().expect("inputs");
    assert!(with.keys().all(|name| declared.contains_key(name)), "an unknown input: {with:?}");
    let value = |(name, input): (&String, &Value)| {
        let given = with.get(name).cloned();
        let required = input["required"] == true;
        assert!(required != input.get("default").is_some(), "{name} is required, or has a default");
        (
            name.clone(),
            given.unwrap_or_else(|| {
                assert!(!required, "the input {name} is required");
                input["default"].clone()
            }),
        )
    };
    declared.iter().map(value).collect::<Map<_, _>>().into()
}

/// No job of a called workflow may ask for more than its caller grants: the host refuses to start the run.
fn granted(workflow: &Value, by: &Value) {
    for (id, job) in workflow["jobs"].as_object().expect("jobs") {
        for (scope, access) in job["permissions"].as_object().expect("every job says what it may") {
            let enough = by[scope] == *access || by[scope] == "write";
            assert!(enough, "{id} asks for {scope}: {access}, and the caller grants {}", by[scope]);
        }
    }
}
