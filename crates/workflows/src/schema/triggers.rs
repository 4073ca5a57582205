//! `on`.

use tollgate_input::{Node, Pair, Value};

use super::cron::{self, Cron};
use super::tables::trigger::{EVENTS, Event};
use super::walk::start_of;
use crate::mistake::{MistakeKind, Mistakes, shown};

/// Filters of which an event has one or the other.
const OPPOSITES: [(&str, &str); 3] =
    [("branches", "branches-ignore"), ("tags", "tags-ignore"), ("paths", "paths-ignore")];

/// `on` of the workflow `root`.
pub(super) fn check(root: &Node, mistakes: &mut Mistakes) {
    let Some(on) = root.get("on") else {
        // `true` is told of as an unknown key.
        if root.get("true").is_none() {
            let message = "the workflow has no `on`: name the events that start it".into();
            mistakes.fatal(MistakeKind::Schema, start_of(root), message);
        }
        return;
    };
    let count = match &on.value {
        Value::Null => 0,
        Value::Seq(items) => {
            items.iter().for_each(|item| event_alone(item, mistakes));
            items.len()
        }
        Value::Map(pairs) => {
            pairs.iter().for_each(|pair| event(pair, mistakes));
            pairs.len()
        }
        _ => {
            event_alone(on, mistakes);
            1
        }
    };
    if count == 0 {
        let message = "`on` names no event: name those that start the workflow".into();
        mistakes.fatal(MistakeKind::Schema, on.span, message);
    }
}

fn event_alone(node: &Node, mistakes: &mut Mistakes) {
    let Some(name) = node.name() else {
        let message = format!("`on` holds a {}: write the name of an event", node.kind());
        mistakes.fatal(MistakeKind::Schema, start_of(node), message);
        return;
    };
    if known(node, name, mistakes).is_some() && name == "schedule" {
        let message = "`schedule` has no time: add `cron`".into();
        mistakes.odd(MistakeKind::Schema, node.span, message);
    }
}

fn event(pair: &Pair, mistakes: &mut Mistakes) {
    // The mapping itself was looked at with the rest of the file: keys that are there twice, merged, empty or lists.
    let aside = |name: &str| name == "<<" || super::contexts::has_expression(name);
    let Some(name) = pair.key.name().filter(|name| !aside(name)) else { return };
    let Some(event) = known(&pair.key, name, mistakes) else { return };
    match name {
        "workflow_call" => {}
        "workflow_dispatch" => dispatch_inputs(&pair.value, mistakes),
        "schedule" => times(&pair.value, mistakes),
        _ => filters(event, pair, mistakes),
    }
}

/// The event called `name`.
fn known(node: &Node, name: &str, mistakes: &mut Mistakes) -> Option<&'static Event> {
    let event = EVENTS.iter().find(|event| event.name == name);
    if event.is_none() {
        let plain = name.to_ascii_lowercase().replace('-', "_");
        let near = EVENTS.iter().map(|event| (strsim::osa_distance(&plain, event.name), event.name));
        let near = near.filter(|(distance, _)| name.len() <= 60 && *distance <= 2).min();
        let todo = near.map_or_else(|| "remove it".to_owned(), |(_, near)| format!("write `{near}`"));
        let message = format!("{} is no event: {todo}", shown(name));
        mistakes.fatal(MistakeKind::Schema, node.span, message);
    }
    event
}

fn filters(event: &Event, pair: &Pair, mistakes: &mut Mistakes) {
    let config = &pair.value;
    for filter in config.entries() {
        let Some(name) = filter.key.name() else { continue };
        if !event.filters.contains(&name) {
            let todo = match event.filters {
                [] => "remove it".to_owned(),
                filters => format!("use {}", filters.join(", ")),
            };
            let message = format!("`on.{}`: GitHub overlooks {} here: {todo}", event.name, shown(name));
            mistakes.odd(MistakeKind::Schema, filter.key.span, message);
        } else if name == "types" && !event.types.is_empty() {
            types(event, &filter.value, mistakes);
        } else if name != "types" {
            negatives(event, name, filter, mistakes);
        }
    }
    for (filter, opposite) in OPPOSITES.iter().filter(|(filter, _)| event.filters.contains(filter)) {
        if config.get(filter).is_some() && config.get(opposite).is_some() {
            let message = format!("`on.{}` has both `{filter}` and `{opposite}`: keep one of them", event.name);
            mistakes.fatal(MistakeKind::Schema, pair.key.span, message);
        }
    }
    if event.name == "workflow_run" && config.get("workflows").is_none() {
        let message = "`on.workflow_run` names no workflow: add `workflows`".into();
        mistakes.odd(MistakeKind::Schema, pair.key.span, message);
    }
}

fn types(event: &Event, types: &Node, mistakes: &mut Mistakes) {
    for node in ones_of(types) {
        let unknown = node.name().filter(|name| !event.types.contains(name));
        if let Some(name) = unknown {
            let all = event.types.join(", ");
            let message = format!("`on.{}` knows no type {}: use one of {all}", event.name, shown(name));
            mistakes.odd(MistakeKind::Schema, node.span, message);
        }
    }
}

/// A filter that only takes away lets nothing through.
fn negatives(event: &Event, filter: &str, pair: &Pair, mistakes: &mut Mistakes) {
    let mut patterns = ones_of(&pair.value).iter().filter_map(Node::name).peekable();
    let first = patterns.peek().is_some();
    if first && !filter.ends_with("-ignore") && patterns.all(|pattern| pattern.starts_with('!')) {
        let message = format!("`on.{}.{filter}` lets nothing through: add a pattern without `!`", event.name);
        mistakes.odd(MistakeKind::Schema, pair.key.span, message);
    }
}

fn times(schedule: &Node, mistakes: &mut Mistakes) {
    if matches!(&schedule.value, Value::Seq(items) if items.is_empty()) {
        mistakes.odd(MistakeKind::Schema, schedule.span, "`schedule` has no time: add `cron`".into());
    }
    for node in schedule.items().iter().filter_map(|item| item.get("cron")) {
        // What is no text, or empty, is told of with the types.
        let Some(text) = node.name().filter(|text| !text.is_empty() && node.value != Value::Null) else { continue };
        match cron::check(text) {
            Cron::Good => {}
            Cron::Odd(message) => {
                mistakes.odd(MistakeKind::Schema, node.span, format!("{}: {message}", shown(text)));
            }
            Cron::Refused(message) => {
                mistakes.fatal(MistakeKind::Schema, node.span, format!("{}: {message}", shown(text)));
            }
        }
    }
}

fn dispatch_inputs(dispatch: &Node, mistakes: &mut Mistakes) {
    for pair in dispatch.get("inputs").map_or(&[][..], Node::entries) {
        let Some(name) = pair.key.name() else { continue };
        let choice = pair.value.get("type").and_then(Node::name) == Some("choice");
        let options = pair.value.get("options").is_some_and(|options| !options.items().is_empty());
        if choice && !options {
            let message = format!("the input {} is a choice without `options`: list them", shown(name));
            mistakes.odd(MistakeKind::Schema, pair.key.span, message);
        }
    }
}

/// One, or those of a list.
fn ones_of(node: &Node) -> &[Node] {
    if let Value::Seq(items) = &node.value { items } else { std::slice::from_ref(node) }
}
