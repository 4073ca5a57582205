//! The files under test, parsed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tollgate_input::{Limits, Node, utf8, yaml};

use crate::support::workspace;

/// The action itself.
pub(super) const ACTION: &str = "action.yml";
/// The reusable workflow.
pub(super) const GATE: &str = ".github/workflows/gate.yml";
/// The only way in which our own action is written.
pub(super) const OURS: &str = "tollgate/tollgate@v0";
/// The same of the reusable workflow.
pub(super) const OUR_GATE: &str = "tollgate/tollgate/.github/workflows/gate.yml@v0";

/// A YAML file of this repository, by its path.
pub(super) fn read(path: &str) -> Value {
    parse(path, &text(path))
}

/// The text of a file of this repository.
pub(super) fn text(path: &str) -> String {
    let place = workspace().join(path);
    fs::read_to_string(&place).unwrap_or_else(|e| panic!("{}: {e}", place.display()))
}

fn parse(path: &str, text: &str) -> Value {
    let text = utf8(text.as_bytes());
    let node = yaml::parse(path, &text, Limits::default()).unwrap_or_else(|e| panic!("{e}"));
    plain(&node)
}

/// The same as a JSON value; a key is called as it is written.
fn plain(node: &Node) -> Value {
    match &node.value {
        tollgate_input::Value::Null => Value::Null,
        tollgate_input::Value::Bool(value) => Value::Bool(*value),
        tollgate_input::Value::Number(number) => number.text().parse().map_or(Value::Null, Value::Number),
        tollgate_input::Value::String(text) => Value::String(text.clone()),
        tollgate_input::Value::Seq(items) => items.iter().map(plain).collect(),
        tollgate_input::Value::Map(pairs) => {
            let entries = pairs.iter().map(|pair| (pair.key.name().expect("a name").to_owned(), plain(&pair.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// Our action, our workflows and the examples', by their paths.
pub(super) fn all() -> Vec<String> {
    let mut paths = vec![ACTION.to_owned()];
    for folder in [".github/workflows", "examples/workflows"] {
        paths.extend(within(folder));
    }
    paths
}

/// What `init` makes workflows of, by their paths. These are no YAML yet.
pub(super) fn templates() -> Vec<String> {
    within("crates/init/templates")
}

/// The example workflows, by their paths.
pub(super) fn examples() -> Vec<String> {
    within("examples/workflows")
}

fn within(folder: &str) -> Vec<String> {
    let list = fs::read_dir(workspace().join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let names = list.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    let mut paths: Vec<String> = names.map(|name| format!("{folder}/{name}")).collect();
    paths.retain(|path| Path::new(path).extension() == Some("yml".as_ref()));
    paths.sort();
    assert!(!paths.is_empty(), "{folder}");
    paths
}

/// Every file below `folder` with its path relative to it, links not followed.
pub(super) fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(place) = open.pop() {
        for entry in fs::read_dir(&place).unwrap_or_else(|e| panic!("{}: {e}", place.display())) {
            let entry = entry.expect("an entry");
            if entry.file_type().expect("a type").is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path().strip_prefix(folder).expect("below the folder").to_owned());
            }
        }
    }
    found.sort();
    found
}
