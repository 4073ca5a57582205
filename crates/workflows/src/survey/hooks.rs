//! Git hooks that lie in the repository: `.husky/` and `.githooks/`.

use tollgate_input::{BlockInfo, Span};

use super::{Survey, index};
use crate::bench::{Actions, Bench, Source};
use crate::judge;
use crate::model::{Defaults, Job, Step, Text, Workflow};
use crate::packages::Files as _;
use crate::world::{Repository, World};

/// The hooks that git knows and that people put checks into.
const HOOKS: [&str; 9] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-push",
    "pre-rebase",
    "post-merge",
    "pre-merge-commit",
    "post-checkout",
];

/// Adds the checks of every hook.
pub(super) fn all(world: &World<'_>, actions: &Actions<'_>, files: &Repository<'_>, survey: &mut Survey) {
    let is_hook = |path: &&str| {
        matches!(crate::paths::folder(path), ".husky" | ".githooks") && HOOKS.contains(&crate::paths::base(path))
    };
    for path in files.paths().filter(is_hook).map(str::to_owned).collect::<Vec<_>>() {
        let Some(text) = files.read(&path) else { continue };
        survey.hooks += 1;
        let workflow = as_workflow(&path, &text);
        let source = Source { path: &path, index: index(&text) };
        let bench = Bench { world, workflow: &workflow, source: &source, actions, followed: false };
        let checks = judge::checks(&bench, &judge::records(&bench, &workflow.jobs));
        survey.checks.extend(checks);
    }
}

/// A hook as the one step of the one job of a workflow. Husky runs hooks with `sh -e`; git by their first line.
fn as_workflow(path: &str, text: &str) -> Workflow {
    let span = Span { start: 0, end: text.len() };
    let plain = |text: &str| Text { text: text.to_owned(), span: Span { start: 0, end: 0 }, block: None };
    let first = text.lines().next().unwrap_or_default();
    let shell = if path.contains(".husky/") {
        "sh -e {0}".to_owned()
    } else {
        let shell = if first.contains("bash") { "bash" } else { "sh" };
        let flags: Vec<&str> = first.split_whitespace().filter(|word| word.starts_with('-')).collect();
        format!("{shell} {} {{0}}", flags.join(" "))
    };
    let run = Text { text: text.to_owned(), span, block: Some(BlockInfo { first_line: 1, indent: 0 }) };
    let name = crate::paths::base(path);
    let step = Step {
        span,
        id: None,
        name: None,
        condition: None,
        uses: None,
        with: Vec::new(),
        run: Some(run),
        shell: Some(plain(&shell)),
        working_directory: None,
        env: Vec::new(),
        continue_on_error: None,
    };
    let job = Job {
        id: plain(name),
        name: None,
        needs: Vec::new(),
        condition: None,
        runs_on: Vec::new(),
        permissions: None,
        env: Vec::new(),
        defaults: Defaults::default(),
        continue_on_error: None,
        matrix: Vec::new(),
        include: Vec::new(),
        has_matrix: false,
        outputs: Vec::new(),
        environment: false,
        container: None,
        uses: None,
        with: Vec::new(),
        steps: vec![step],
    };
    Workflow {
        path: path.to_owned(),
        name: None,
        triggers: Vec::new(),
        permissions: None,
        env: Vec::new(),
        defaults: Defaults::default(),
        jobs: vec![job],
    }
}
