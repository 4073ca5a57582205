//! A small reader of workflows: what these tests need, no mistakes told.

use tollgate_input::{Limits, LineIndex, Node, Span, yaml};

use crate::essentials::{File, Seen, look};
use crate::model::{Defaults, Granted, Job, Pairs, Permissions, Step, Text, Trigger, Workflow};

fn text(node: &Node) -> Option<Text> {
    let text = match node.name() {
        Some("null") if node.as_str().is_none() => return None,
        name => name?.to_owned(),
    };
    Some(Text { text, span: node.span, block: node.block })
}

fn at(node: &Node, name: &str) -> Option<Text> {
    node.get(name).and_then(text)
}

fn list(node: Option<&Node>) -> Vec<Text> {
    let Some(node) = node else { return Vec::new() };
    if node.items().is_empty() {
        text(node).into_iter().collect()
    } else {
        node.items().iter().filter_map(text).collect()
    }
}

fn pairs(node: Option<&Node>) -> Pairs {
    let entries = node.map(Node::entries).unwrap_or_default();
    entries.iter().filter_map(|pair| text(&pair.key).zip(text(&pair.value))).collect()
}

fn permissions(node: Option<&Node>) -> Option<Permissions> {
    let node = node?;
    let granted = match node.as_str() {
        Some("read-all") => Granted::ReadAll,
        Some("write-all") => Granted::WriteAll,
        _ => Granted::Scopes(pairs(Some(node))),
    };
    Some(Permissions { span: node.span, granted })
}

fn trigger(event: Text, node: Option<&Node>) -> Trigger {
    let list = |name: &str| list(node.and_then(|node| node.get(name)));
    Trigger {
        event,
        branches: list("branches"),
        branches_ignore: list("branches-ignore"),
        paths: list("paths"),
        paths_ignore: list("paths-ignore"),
        has_tags: false,
        types: list("types"),
        workflows: list("workflows"),
    }
}

fn triggers(node: Option<&Node>) -> Vec<Trigger> {
    let Some(node) = node else { return Vec::new() };
    if node.entries().is_empty() {
        return list(Some(node)).into_iter().map(|event| trigger(event, None)).collect();
    }
    node.entries().iter().filter_map(|pair| Some(trigger(text(&pair.key)?, Some(&pair.value)))).collect()
}

fn defaults(node: &Node) -> Defaults {
    let run = node.pointer("/defaults/run");
    let get = |name: &str| run.and_then(|run| at(run, name));
    Defaults { shell: get("shell"), working_directory: get("working-directory") }
}

fn step(node: &Node) -> Step {
    Step {
        span: node.span,
        id: at(node, "id"),
        name: at(node, "name"),
        condition: at(node, "if"),
        uses: at(node, "uses"),
        with: pairs(node.get("with")),
        run: at(node, "run"),
        shell: at(node, "shell"),
        working_directory: at(node, "working-directory"),
        env: pairs(node.get("env")),
        continue_on_error: at(node, "continue-on-error"),
    }
}

fn job(id: Text, node: &Node) -> Job {
    Job {
        span: Span { start: id.span.start, end: node.span.end },
        id,
        name: at(node, "name"),
        needs: list(node.get("needs")),
        condition: at(node, "if"),
        runs_on: list(node.get("runs-on")),
        permissions: permissions(node.get("permissions")),
        env: pairs(node.get("env")),
        defaults: defaults(node),
        continue_on_error: at(node, "continue-on-error"),
        matrix: Vec::new(),
        include: Vec::new(),
        has_matrix: false,
        outputs: pairs(node.get("outputs")),
        environment: node.get("environment").is_some(),
        container: at(node, "container"),
        uses: at(node, "uses"),
        with: pairs(node.get("with")),
        secrets: node.get("secrets").is_some(),
        steps: node.get("steps").map(Node::items).unwrap_or_default().iter().map(step).collect(),
    }
}

/// The workflow in `source`.
pub(super) fn workflow(path: &str, source: &str) -> Result<Workflow, tollgate_input::InputError> {
    let root = yaml::parse(path, source, Limits::default())?;
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    Ok(Workflow {
        path: path.to_owned(),
        name: at(&root, "name"),
        triggers: triggers(root.get("on")),
        permissions: permissions(root.get("permissions")),
        env: pairs(root.get("env")),
        defaults: defaults(&root),
        jobs: jobs.iter().filter_map(|pair| Some(job(text(&pair.key)?, &pair.value))).collect(),
    })
}

/// What is found in `source`, alone in its repository.
pub(super) fn found(source: &str) -> Vec<Seen> {
    found_beside(source, &[], Some("our-org"))
}

/// What is found in `source` beside other workflows.
pub(super) fn found_beside(source: &str, others: &[&str], own_owner: Option<&str>) -> Vec<Seen> {
    let siblings: Vec<_> = others.iter().map(|text| workflow("other.yml", text).unwrap()).collect();
    let workflow = workflow("x.yml", source).unwrap();
    let lines = LineIndex::new(source);
    look(&File { workflow: &workflow, source, lines: &lines, siblings: &siblings }, own_owner)
}
