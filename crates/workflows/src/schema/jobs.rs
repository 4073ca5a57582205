//! What the shapes of jobs and steps leave open: identifiers, what `uses` names, the matrix.

use std::collections::HashSet;

use tollgate_input::{Node, Span, Value};

use super::contexts;
use super::uses;
use super::walk::start_of;
use crate::mistake::{MistakeKind, Mistakes, shown};

/// Identifiers are shorter than this.
const LONGEST_ID: usize = 100;

/// `jobs` of the workflow `root`.
pub(super) fn check(root: &Node, mistakes: &mut Mistakes) {
    let Some(jobs) = root.get("jobs") else { return };
    if matches!(&jobs.value, Value::Map(pairs) if pairs.is_empty()) {
        mistakes.fatal(MistakeKind::Schema, jobs.span, "`jobs` holds no job: add one".into());
    }
    for pair in jobs.entries() {
        let Some(name) = pair.key.name().filter(|name| !is_aside(name)) else { continue };
        id("job", name, pair.key.span, mistakes);
        job(name, pair.key.span, &pair.value, mistakes);
    }
    super::needs::check(jobs.entries(), mistakes);
}

fn job(name: &str, key: Span, job: &Node, mistakes: &mut Mistakes) {
    if let Some(uses) = job.get("uses") {
        uses::of_job(uses, mistakes);
    } else if matches!(job.value, Value::Map(_)) {
        let merged = job.get("<<").is_some();
        let none = match job.get("steps").map(|steps| &steps.value) {
            // A job without a runner is told of with the keys.
            None => job.get("runs-on").is_some() && !merged,
            Some(Value::Seq(items)) => items.is_empty(),
            Some(_) => false,
        };
        if none {
            mistakes.fatal(MistakeKind::Schema, key, format!("job {} has no steps: add one", shown(name)));
        }
    }
    if let Some(matrix) = job.get("strategy").and_then(|strategy| strategy.get("matrix")) {
        check_matrix(name, matrix, mistakes);
    }
    if let Some(group) = job.get("runs-on").and_then(|runner| runner.get("group")) {
        check_group(group, mistakes);
    }
    if let Some(services) = job.get("services") {
        check_services(services, mistakes);
    }
    if let Some(list) = job.get("steps") {
        steps(list, mistakes);
    }
}

/// A group of runners may say whose it is: `organization/name`.
fn check_group(group: &Node, mistakes: &mut Mistakes) {
    let Some(name) = group.as_str().filter(|name| !contexts::has_expression(name)) else { return };
    let Some((owner, rest)) = name.split_once('/') else { return };
    let owned = matches!(owner, "org" | "organization" | "ent" | "enterprise");
    if !owned || rest.is_empty() || rest.contains('/') {
        let todo = "write the name alone, or after `organization/` or `enterprise/`";
        let message = format!("{} is no group of runners: {todo}", shown(name));
        mistakes.fatal(MistakeKind::Schema, group.span, message);
    }
}

/// A service is a container. Where there is an expression, GitHub waits for what it gives.
fn check_services(services: &Node, mistakes: &mut Mistakes) {
    if has_expression(services) {
        return;
    }
    for pair in services.entries() {
        let image = if matches!(pair.value.value, Value::Map(_)) { pair.value.get("image") } else { Some(&pair.value) };
        let named = image.filter(|image| image.value != Value::Null).and_then(Node::name);
        let named = named.is_some_and(|image| !image.strip_prefix("docker://").unwrap_or(image).is_empty());
        if let Some(name) = pair.key.name().filter(|name| !is_aside(name) && !named) {
            let message = format!("the service {} has no image: add `image`", shown(name));
            mistakes.fatal(MistakeKind::Schema, pair.key.span, message);
        }
    }
}

/// The steps of a job, of a parallel group or of an action.
pub(super) fn steps(list: &Node, mistakes: &mut Mistakes) {
    let mut seen = HashSet::new();
    for step in list.items() {
        if let Some(node) = step.get("id")
            && let Some(name) = node.name().filter(|name| !name.is_empty() && node.value != Value::Null)
            && !contexts::has_expression(name)
        {
            id("step", name, node.span, mistakes);
            if !seen.insert(name.to_ascii_lowercase()) {
                let message = format!("another step has the identifier {}: choose another one", shown(name));
                mistakes.fatal(MistakeKind::Schema, node.span, message);
            }
        }
        if let Some(uses) = step.get("uses") {
            uses::of_step(uses, mistakes);
        }
        if let Some(group) = step.get("parallel") {
            steps(group, mistakes);
        }
    }
}

fn id(what: &str, name: &str, span: Span, mistakes: &mut Mistakes) {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let legal = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let said = if !begins || !legal {
        "begin with a letter or `_`, go on with letters, digits, `_` and `-`"
    } else if name.len() >= LONGEST_ID {
        "stay below 100 characters"
    } else if name.starts_with("__") {
        "do not begin with `__`, which GitHub keeps for itself"
    } else {
        return;
    };
    mistakes.fatal(MistakeKind::Schema, span, format!("{} is no identifier of a {what}: {said}", shown(name)));
}

fn check_matrix(job: &str, matrix: &Node, mistakes: &mut Mistakes) {
    let Value::Map(pairs) = &matrix.value else { return };
    let mut combinations = false;
    for pair in pairs {
        let Some(name) = pair.key.name() else { continue };
        // What an expression gives is not known before the workflow runs.
        let open = has_expression(&pair.value) || contexts::has_expression(name);
        match (name, &pair.value.value) {
            ("include" | "exclude", Value::Seq(items)) => {
                let other = items.iter().filter(|item| !open && !matches!(item.value, Value::Map(_)));
                for item in other {
                    let message = format!("`{name}` of the matrix holds a {}: write a mapping", item.kind());
                    mistakes.fatal(MistakeKind::Schema, start_of(item), message);
                }
                combinations |= name == "include" && (open || !items.is_empty());
            }
            ("exclude", _) => {}
            (_, Value::Seq(items)) if items.is_empty() => {
                combinations = true;
                let message = format!("{} of the matrix has no values: add one", shown(name));
                mistakes.fatal(MistakeKind::Schema, pair.value.span, message);
            }
            _ => combinations = true,
        }
    }
    if !combinations {
        let message = format!("the matrix of job {} has no values: add a dimension or `include`", shown(job));
        mistakes.fatal(MistakeKind::Schema, start_of(matrix), message);
    }
}

fn has_expression(node: &Node) -> bool {
    let entries = || node.entries().iter().any(|pair| has_expression(&pair.key) || has_expression(&pair.value));
    node.as_str().is_some_and(contexts::has_expression) || node.items().iter().any(has_expression) || entries()
}

/// Keys that are told of as such.
fn is_aside(name: &str) -> bool {
    name == "<<" || name.is_empty() || contexts::has_expression(name)
}
