//! The checks that GitHub makes when it loads a workflow or an action.

mod contexts;
mod cron;
mod jobs;
mod needs;
mod shape;
mod tables;
#[cfg(test)]
mod tests;
mod triggers;
mod uses;
mod walk;

use tollgate_input::{Node, Span};

use self::contexts::Contexts;
use self::walk::Walk;
use crate::mistake::{Mistake, MistakeKind, Mistakes};

/// GitHub reads no workflow with more lists and mappings inside each other, …
const DEEPEST: usize = 50;
/// … or with more nodes, where the two ends of a list or mapping count for themselves, and what aliases repeat again.
const MOST_NODES: usize = 50_000;

/// What is wrong with a workflow.
pub(crate) fn workflow(root: &Node) -> Vec<Mistake> {
    let mut mistakes = Mistakes::default();
    Walk::new(&mut mistakes).value(root, &tables::workflow::ROOT, Contexts::NONE);
    if !root.entries().is_empty() {
        triggers::check(root, &mut mistakes);
        jobs::check(root, &mut mistakes);
    }
    size(root, &mut mistakes);
    mistakes.in_order()
}

/// What is wrong with an action; fatal is what the runner refuses the action for.
pub(crate) fn action(root: &Node) -> Vec<Mistake> {
    let mut mistakes = Mistakes::default();
    Walk::new(&mut mistakes).value(root, &tables::action::ROOT, Contexts::NONE);
    if let Some(steps) = root.get("runs").and_then(|runs| runs.get("steps")) {
        jobs::steps(steps, &mut mistakes);
    }
    mistakes.in_order()
}

fn size(root: &Node, mistakes: &mut Mistakes) {
    let (nodes, depth) = measure(root);
    let start = Span { start: root.span.start, end: root.span.start };
    if nodes > MOST_NODES {
        let message = format!("the file has {nodes} nodes, aliases written out: stay below {MOST_NODES}");
        mistakes.fatal(MistakeKind::Schema, start, message);
    }
    if depth > DEEPEST {
        let message = format!("{depth} lists and mappings lie inside each other: stay below {DEEPEST}");
        mistakes.fatal(MistakeKind::Schema, start, message);
    }
}

/// How many nodes there are, and how deep they lie. The reader of the file has bounded both.
fn measure(node: &Node) -> (usize, usize) {
    let items = node.items().iter().map(measure);
    let entries = node.entries().iter().flat_map(|pair| [measure(&pair.key), measure(&pair.value)]);
    let leaf = node.name().is_some();
    let (nodes, depth) = items.chain(entries).fold((0, 0), |(nodes, depth), (n, d)| (nodes + n, depth.max(d)));
    if leaf { (1, 0) } else { (nodes + 2, depth + 1) }
}
