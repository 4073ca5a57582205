//! From a YAML document to a workflow or an action.
//!
//! What is there is read whatever else is wrong: a file that GitHub refuses still shows what its author meant. What is
//! wrong is told beside it.

mod job;
mod parts;
mod step;
mod trigger;

use tollgate_input::{Node, Value};

use self::parts::{defaults, pairs, permissions, scalar, text};
use crate::mistake::Mistake;
use crate::model::{Action, Workflow};
use crate::schema;

/// The workflow in the document `root` of the file `path`, and what GitHub would say to it; none when the document is no
/// mapping.
pub(crate) fn workflow(path: &str, root: &Node) -> (Option<Workflow>, Vec<Mistake>) {
    let mistakes = schema::workflow(root);
    if !matches!(root.value, Value::Map(_)) {
        return (None, mistakes);
    }
    // Tools that read `on` as YAML 1.1 does write it back as `true`.
    let on = root.get("on").or_else(|| root.get("true"));
    let workflow = Workflow {
        path: path.to_owned(),
        name: text(root, "name"),
        triggers: on.map(trigger::all).unwrap_or_default(),
        permissions: permissions(root),
        env: pairs(root.get("env")),
        defaults: defaults(root),
        jobs: root.get("jobs").map_or(&[][..], Node::entries).iter().filter_map(job::job).collect(),
    };
    (Some(workflow), mistakes)
}

/// The action in the document `root`, and what the runner would say to it; none when the document is
/// no mapping.
pub(crate) fn action(root: &Node) -> (Option<Action>, Vec<Mistake>) {
    let mistakes = schema::action(root);
    if !matches!(root.value, Value::Map(_)) {
        return (None, mistakes);
    }
    let runs = root.get("runs");
    let using = runs.and_then(|runs| runs.get("using")).and_then(Node::name);
    let composite = using.is_some_and(|using| using.eq_ignore_ascii_case("composite"));
    let entries = |name| root.get(name).map_or(&[][..], Node::entries).iter();
    let action = Action {
        inputs: entries("inputs").filter_map(|pair| Some((scalar(&pair.key)?, text(&pair.value, "default")))).collect(),
        outputs: entries("outputs")
            .filter_map(|pair| {
                let nothing = || scalar(&Node { value: Value::Null, ..pair.key.clone() });
                Some((scalar(&pair.key)?, text(&pair.value, "value").or_else(nothing)?))
            })
            .collect(),
        steps: if composite { step::all(runs.and_then(|runs| runs.get("steps"))) } else { Vec::new() },
        composite,
    };
    (Some(action), mistakes)
}

#[cfg(test)]
mod tests;
