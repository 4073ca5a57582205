//! What several parts of a workflow have in common.

use tollgate_input::{Node, Value};

use crate::model::{Defaults, Granted, Pairs, Permissions, Text};

/// A scalar as it is written; nothing written is the empty text. Lists and mappings are none.
pub(super) fn scalar(node: &Node) -> Option<Text> {
    let text = if node.value == Value::Null { "" } else { node.name()? };
    Some(Text { text: text.to_owned(), span: node.span, block: node.block })
}

/// The scalar at the key `name`.
pub(super) fn text(node: &Node, name: &str) -> Option<Text> {
    node.get(name).and_then(scalar)
}

/// One scalar, or those of a list.
pub(super) fn texts(node: Option<&Node>) -> Vec<Text> {
    let ones = match node {
        None => &[][..],
        Some(node) => match &node.value {
            Value::Null | Value::Map(_) => &[][..],
            Value::Seq(items) => items,
            _ => std::slice::from_ref(node),
        },
    };
    ones.iter().filter_map(scalar).collect()
}

/// The scalars of a mapping with their names.
pub(super) fn pairs(node: Option<&Node>) -> Pairs {
    let entries = node.map_or(&[][..], Node::entries);
    entries.iter().filter_map(|pair| Some((scalar(&pair.key)?, scalar(&pair.value)?))).collect()
}

/// `permissions` of a workflow or a job; none when nothing can be made of them.
pub(super) fn permissions(owner: &Node) -> Option<Permissions> {
    let node = owner.get("permissions")?;
    let granted = match &node.value {
        Value::String(text) if text == "read-all" => Granted::ReadAll,
        Value::String(text) if text == "write-all" => Granted::WriteAll,
        Value::Map(_) => Granted::Scopes(pairs(Some(node))),
        _ => return None,
    };
    Some(Permissions { span: node.span, granted })
}

/// `defaults.run` of a workflow or a job.
pub(super) fn defaults(owner: &Node) -> Defaults {
    let run = owner.get("defaults").and_then(|defaults| defaults.get("run"));
    let text = |name| run.and_then(|run| text(run, name));
    Defaults { shell: text("shell"), working_directory: text("working-directory") }
}
