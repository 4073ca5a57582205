//! Steps of a job or of our action, one after the other.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::expression::{self, Scope, Status};
use super::files::{self, OURS};
use super::flow::Artifacts;
use super::host::{Host, Left, Outputs, texts};

/// Where steps run.
pub(super) struct Place<'a> {
    pub(super) host: &'a Host,
    /// The workspace.
    pub(super) workspace: &'a Path,
    /// Makes the workspace what the event's commit, or `ref`, has.
    pub(super) check_out: &'a dyn Fn(&Value),
    pub(super) artifacts: &'a Artifacts,
}

/// Runs `list` until its end. Steps after one that failed run where their `if` says so.
pub(super) fn run(list: &Value, place: &Place<'_>, contexts: &Value, env: &BTreeMap<String, String>) -> (Left, Value) {
    let mut contexts = contexts.clone();
    let list = list.as_array().expect("a list of steps");
    let ids = list.iter().filter_map(|step| step["id"].as_str());
    contexts["steps"] = ids.map(|id| (id.to_owned(), json!({"outputs": {}}))).collect::<serde_json::Map<_, _>>().into();
    let mut whole = Left::default();
    let mut status = Status::Success;
    for step in list {
        let so_far = if status == Status::Success { "success" } else { "failure" };
        contexts["job"] = json!({"status": so_far});
        let scope = Scope { contexts: &contexts, status };
        if !expression::condition(step["if"].as_str(), &scope) {
            continue;
        }
        let left = one(step, place, &scope, env);
        whole.log += &left.log;
        whole.summary += &left.summary;
        if left.code != 0 && status == Status::Success {
            whole.code = left.code;
            status = Status::Failure;
        }
        if let Some(id) = step["id"].as_str() {
            contexts["steps"][id]["outputs"] = json!(left.outputs);
        }
    }
    (whole, contexts)
}

fn one(step: &Value, place: &Place<'_>, scope: &Scope<'_>, env: &BTreeMap<String, String>) -> Left {
    let text = |text: &str| expression::interpolate(text, scope);
    let mut env = env.clone();
    env.extend(texts(&step["env"], text));
    if let Some(script) = step["run"].as_str() {
        return place.host.script(&text(script), step["shell"].as_str(), &env, place.workspace);
    }
    let with = texts(&step["with"], text);
    let action = step["uses"].as_str().unwrap_or_else(|| panic!("neither run nor uses: {step}"));
    if action == OURS {
        return ours(place, &with, scope.contexts, &env);
    }
    let option = |name: &str| with.get(name).map(String::as_str).unwrap_or_default();
    match action.split('@').next() {
        Some("actions/checkout") => {
            assert_eq!(option("persist-credentials"), "false", "a token is left in the workspace");
            (place.check_out)(&json!(with));
        }
        Some("actions/setup-node") => assert!(!option("node-version").is_empty()),
        Some("actions/upload-artifact") => place.artifacts.upload(place.workspace, option("name"), option("path")),
        Some("actions/download-artifact") => {
            assert_eq!(option("merge-multiple"), "true");
            assert!(!Path::new(option("path")).starts_with(place.workspace), "reports are laid into the tree");
            place.artifacts.download(option("pattern"), Path::new(option("path")));
        }
        _ => panic!("an unknown action: {action}"),
    }
    Left::default()
}

/// Our action, with its inputs checked and completed as the host does.
pub(super) fn ours(
    place: &Place<'_>,
    with: &BTreeMap<String, String>,
    contexts: &Value,
    env: &BTreeMap<String, String>,
) -> Left {
    let action = files::read(files::ACTION);
    assert_eq!(action["runs"]["using"], "composite");
    let scope = Scope { contexts, status: Status::Success };
    let mut inputs = serde_json::Map::new();
    for (name, input) in action["inputs"].as_object().expect("inputs") {
        let default = input["default"].as_str().unwrap_or_else(|| panic!("{name} has no default in quotes"));
        let value = with.get(name).cloned().unwrap_or_else(|| expression::interpolate(default, &scope));
        inputs.insert(name.clone(), value.into());
    }
    let unknown: Vec<_> = with.keys().filter(|name| !inputs.contains_key(*name)).collect();
    assert!(unknown.is_empty(), "no such input: {unknown:?}");
    let own = json!({"github": contexts["github"], "inputs": inputs, "runner": contexts["runner"]});
    let (mut left, contexts) = run(&action["runs"]["steps"], place, &own, env);
    let scope = Scope { contexts: &contexts, status: Status::Success };
    let outputs = action["outputs"].as_object().expect("outputs").iter();
    let value = |output: &Value| expression::interpolate(output["value"].as_str().expect("a value"), &scope);
    left.outputs = outputs.map(|(name, output)| (name.clone(), value(output))).collect::<Outputs>();
    left
}
