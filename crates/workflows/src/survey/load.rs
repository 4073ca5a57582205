//! Files read as far as they can be.

use std::rc::Rc;

use tollgate_input::{InputError, Limits, yaml};
use tollgate_model::{Cause, Confidence, Problem, Region};

use super::{Found, Survey, index, repair, rule_of};
use crate::bench::Source;
use crate::judge::Class;
use crate::mistake::Mistake;
use crate::model::{Action, Workflow};
use crate::packages::Files as _;
use crate::read;
use crate::world::Repository;

/// Bounds of a workflow file: GitHub takes no larger ones.
const LIMITS: Limits = Limits { depth: 100, nodes: 200_000, bytes: 8 << 20 };

/// Why GitHub refuses a file.
pub(super) struct Refused {
    /// The line.
    pub(super) line: u32,
}

/// A file that was read.
pub(super) struct Loaded {
    pub(super) path: String,
    pub(super) text: Rc<str>,
    pub(super) workflow: Option<Workflow>,
    pub(super) action: Option<Action>,
    pub(super) refused: Option<Refused>,
    /// What the YAML reader says, with line and column.
    malformed: Option<(u32, u32, String)>,
    mistakes: Vec<Mistake>,
    missing: Option<Problem>,
}

impl Loaded {
    fn new(path: &str, text: Rc<str>) -> Self {
        Self {
            path: path.to_owned(),
            text,
            workflow: None,
            action: None,
            refused: None,
            malformed: None,
            mistakes: Vec::new(),
            missing: None,
        }
    }

    /// The file and its lines.
    pub(super) fn source(&self) -> Source<'_> {
        Source { path: &self.path, index: index(&self.text) }
    }

    /// The action, by the folder that `uses` names.
    pub(super) fn action(&self) -> Option<(String, (Action, Source<'_>))> {
        let folder = crate::paths::folder(&self.path).to_owned();
        Some((folder, (self.action.clone()?, self.source())))
    }

    /// Adds what GitHub would say to the file.
    pub(super) fn mistakes(&self, survey: &mut Survey) {
        survey.problems.extend(self.missing.clone());
        if let Some((line, column, message)) = &self.malformed {
            survey.found.push(Found {
                rule: "workflows/invalid-yaml",
                confidence: Confidence::High,
                message: format!("{message} (column {column}); GitHub runs nothing of this file"),
                path: self.path.clone(),
                region: Region::lines(*line, *line),
                related: Vec::new(),
                context: "invalid yaml".to_owned(),
                class: Some(Class::NeverRuns),
            });
            return;
        }
        let source = self.source();
        for mistake in &self.mistakes {
            let region = source.index.region(mistake.span.start, mistake.span.end);
            let line = region.start_line;
            survey.found.push(Found {
                rule: rule_of(mistake.kind),
                confidence: if mistake.fatal { Confidence::High } else { Confidence::Low },
                message: match mistake.fatal {
                    true if self.action.is_none() => format!("{}; GitHub runs nothing of this file", mistake.message),
                    _ => mistake.message.clone(),
                },
                path: self.path.clone(),
                region: Region::lines(line, line),
                related: Vec::new(),
                context: mistake.message.clone(),
                class: mistake.fatal.then_some(Class::NeverRuns),
            });
        }
    }
}

/// The workflow at `path`.
pub(super) fn workflow(files: &Repository<'_>, path: &str) -> Loaded {
    let Some(text) = files.read(path) else {
        let mut loaded = Loaded::new(path, "".into());
        let message =
            format!("{path}: cannot be read as a file of this repository; a link or a submodule is not followed");
        loaded.missing =
            Some(Problem::new(Cause::Unreadable, message).at(path)).filter(|_| !files.refused().contains_key(path));
        return loaded;
    };
    let mut loaded = Loaded::new(path, text);
    match yaml::parse(path, &loaded.text, LIMITS) {
        Ok(root) => {
            let (workflow, mut mistakes) = read::workflow(path, &root);
            if let Some(workflow) = &workflow {
                super::expressions::check(workflow, &mut mistakes);
            }
            let first = mistakes.iter().find(|mistake| mistake.fatal);
            let index = index(&loaded.text);
            loaded.refused = first.map(|mistake| Refused { line: index.position(mistake.span.start).0 });
            loaded.workflow = workflow;
            loaded.mistakes = mistakes;
        }
        Err(error) => {
            let (mut line, mut column, mut message) = told(&error);
            let repaired = repair::repaired(&loaded.text);
            let read = repaired.as_ref().and_then(|(text, _)| yaml::parse(path, text, LIMITS).ok());
            if let (Some((_, moved)), true) = (&repaired, read.is_some()) {
                (line, column) = (*moved, 1);
                message = "the line stands left of the block of script that it belongs to, and ends it; a here-document must be indented like the script around it".to_owned();
            }
            loaded.refused = Some(Refused { line });
            loaded.malformed = Some((line, column, message));
            loaded.workflow = read.and_then(|root| read::workflow(path, &root).0);
        }
    }
    loaded
}

/// Every local action that a workflow or another action may use: what lies below `.github`, at the top, or is named.
pub(super) fn actions(files: &Repository<'_>, workflows: &[Loaded]) -> Vec<Loaded> {
    let named = |path: &&str| matches!(crate::paths::base(path), "action.yml" | "action.yaml");
    let mut all = Vec::new();
    for path in files.paths().filter(named).filter(|path| !path.contains("node_modules/")).take(500) {
        let folder = crate::paths::folder(path);
        let named = workflows.iter().any(|one| one.text.contains(&format!("./{folder}")));
        if !(folder.is_empty() || folder.starts_with(".github/") || named) {
            continue;
        }
        let Some(text) = files.read(path) else { continue };
        let mut loaded = Loaded::new(path, text);
        // Other tools have files of this name too: only what looks like an action is judged as one.
        let Ok(root) = yaml::parse(path, &loaded.text, LIMITS) else { continue };
        if root.get("runs").is_none() {
            continue;
        }
        let (action, mistakes) = read::action(&root);
        loaded.action = action;
        loaded.mistakes = mistakes;
        all.push(loaded);
    }
    all
}

fn told(error: &InputError) -> (u32, u32, String) {
    match error {
        InputError::Malformed { line, column, message, .. } => {
            let number = |at: &Option<u64>| at.and_then(|at| u32::try_from(at).ok()).unwrap_or(1);
            (number(line), number(column), message.clone())
        }
        other => (1, 1, other.to_string()),
    }
}
