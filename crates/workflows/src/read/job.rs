//! The jobs of a workflow.

use tollgate_input::{Node, Pair, Value};

use super::parts::{defaults, pairs, permissions, scalar, text, texts};
use super::step;
use crate::model::{Job, Text};

/// The job of an entry of `jobs`; none when it has no name or is no mapping.
pub(super) fn job(pair: &Pair) -> Option<Job> {
    let node = &pair.value;
    if !matches!(node.value, Value::Map(_)) {
        return None;
    }
    let matrix = node.get("strategy").and_then(|strategy| strategy.get("matrix"));
    Some(Job {
        id: scalar(&pair.key)?,
        name: text(node, "name"),
        needs: texts(node.get("needs")),
        condition: text(node, "if"),
        runs_on: runs_on(node.get("runs-on")),
        permissions: permissions(node),
        env: pairs(node.get("env")),
        defaults: defaults(node),
        continue_on_error: text(node, "continue-on-error"),
        matrix: matrix.map(dimensions).unwrap_or_default(),
        include: matrix.map(include).unwrap_or_default(),
        has_matrix: matrix.is_some(),
        outputs: pairs(node.get("outputs")),
        environment: node.get("environment").is_some_and(|node| node.value != Value::Null),
        container: node.get("container").and_then(|node| scalar(node).or_else(|| text(node, "image"))),
        uses: text(node, "uses"),
        with: pairs(node.get("with")),
        steps: step::all(node.get("steps")),
    })
}

fn runs_on(node: Option<&Node>) -> Vec<Text> {
    let mut labels = texts(node);
    if let Some(node) = node.filter(|node| matches!(node.value, Value::Map(_))) {
        labels.extend(texts(node.get("labels")));
        labels.extend(text(node, "group"));
    }
    labels
}

/// Each dimension with those of its values that are scalars.
fn dimensions(matrix: &Node) -> Vec<(String, Vec<String>)> {
    let own = matrix.entries().iter().filter(|pair| !matches!(pair.key.name(), Some("include" | "exclude")));
    own.filter_map(|pair| {
        let values = pair.value.items().iter().filter_map(scalar).map(|text| text.text).collect();
        Some((scalar(&pair.key)?.text, values))
    })
    .collect()
}

fn include(matrix: &Node) -> Vec<Vec<(String, String)>> {
    let entries = matrix.get("include").map_or(&[][..], Node::items).iter();
    entries
        .map(|entry| {
            let own = entry.entries().iter().filter_map(|pair| {
                // What is no scalar has a value all the same.
                let value = scalar(&pair.value).map_or_else(|| "${{ }}".to_owned(), |text| text.text);
                Some((scalar(&pair.key)?.text, value))
            });
            own.collect()
        })
        .collect()
}
