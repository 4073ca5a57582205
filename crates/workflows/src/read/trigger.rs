//! `on`.

use tollgate_input::{Node, Value};

use super::parts::{scalar, texts};
use crate::model::{Text, Trigger};

/// The events of `on`, in the order of the file.
pub(super) fn all(on: &Node) -> Vec<Trigger> {
    match &on.value {
        Value::Map(pairs) => {
            pairs.iter().filter_map(|pair| Some(trigger(scalar(&pair.key)?, Some(&pair.value)))).collect()
        }
        _ => texts(Some(on)).into_iter().map(|event| trigger(event, None)).collect(),
    }
}

fn trigger(event: Text, config: Option<&Node>) -> Trigger {
    let filter = |name| texts(config.and_then(|config| config.get(name)));
    Trigger {
        event,
        branches: filter("branches"),
        paths: filter("paths"),
        paths_ignore: filter("paths-ignore"),
        has_tags: ["tags", "tags-ignore"].iter().any(|name| config.is_some_and(|config| config.get(name).is_some())),
        types: filter("types"),
        workflows: filter("workflows"),
    }
}
