//! The steps of a job or of a composite action.

use tollgate_input::Node;

use super::parts::{pairs, text};
use crate::model::Step;

/// The steps of a list. Those of a parallel group stand where the group does.
pub(super) fn all(list: Option<&Node>) -> Vec<Step> {
    let mut steps = Vec::new();
    gather(list, &mut steps);
    steps
}

fn gather(list: Option<&Node>, steps: &mut Vec<Step>) {
    for node in list.map_or(&[][..], Node::items) {
        match node.get("parallel") {
            Some(group) => gather(Some(group), steps),
            None if node.entries().is_empty() => {}
            None => steps.push(step(node)),
        }
    }
}

fn step(node: &Node) -> Step {
    Step {
        span: node.span,
        id: text(node, "id"),
        name: text(node, "name"),
        condition: text(node, "if"),
        uses: text(node, "uses"),
        with: pairs(node.get("with")),
        run: text(node, "run"),
        shell: text(node, "shell"),
        working_directory: text(node, "working-directory"),
        env: pairs(node.get("env")),
        continue_on_error: text(node, "continue-on-error"),
    }
}
