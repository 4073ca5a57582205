//! Nx.

mod projects;
mod words;

use std::collections::BTreeSet;
use std::rc::Rc;

use self::projects::{Project, Projects, Target};
use self::words::{Asked, What};
use super::filter::matches;
use super::manager::Manager;
use super::near::near;
use super::run::{Run, of_package};
use super::{Answer, At, Call, ScriptAt, Why};

/// How deep targets may need each other.
const DEEPEST: usize = 64;

/// What `nx` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let asked = match words::read(words)? {
        What::Own => return Ok(Call::Builtin),
        What::Targets(asked) => asked,
    };
    let projects = Projects::read(at)?;
    if asked.many { many(at, &projects, &asked) } else { one(at, &projects, &asked) }
}

/// `nx run-many -t …`, `nx affected -t …`.
fn many(at: &At<'_>, projects: &Projects, asked: &Asked) -> Answer {
    let fits = |project: &Project, patterns: &[String]| {
        patterns.iter().any(|pattern| {
            matches(pattern, &project.name)
                || !pattern.contains('*') && project.is_called(pattern)
                || matches(pattern, &project.folder)
        })
    };
    if asked.projects.iter().chain(&asked.exclude).any(|pattern| pattern.contains([':', '!', '{'])) {
        return Err("a pattern of projects is not understood".to_owned());
    }
    let wanted = |project: &&Project| {
        (asked.projects.is_empty() || fits(project, &asked.projects)) && !fits(project, &asked.exclude)
    };
    let chosen: Vec<&Project> = projects.all.iter().filter(wanted).collect();
    let mut walk = Walk::new(at, projects)?;
    let mut skipped: BTreeSet<&str> = chosen.iter().map(|project| project.folder.as_str()).collect();
    let mut undefined = Vec::new();
    for target in &asked.targets {
        let mut defined = false;
        for project in &chosen {
            if walk.add(project, target, true, DEEPEST)? {
                defined = true;
                skipped.remove(project.folder.as_str());
            }
        }
        if !defined {
            undefined.push(target.clone());
        }
    }
    if undefined.len() == asked.targets.len() {
        projects.sure()?;
        return Ok(missing(projects, &chosen, &asked.targets, true));
    }
    if projects.sure().is_err() {
        undefined.clear();
    }
    Ok(Call::Scripts {
        scripts: walk.scripts,
        runner: "nx",
        ignores_failure: false,
        if_present: false,
        undefined,
        skipped_packages: skipped.into_iter().map(str::to_owned).collect(),
    })
}

fn missing(projects: &Projects, chosen: &[&Project], targets: &[String], silent: bool) -> Call {
    let known: BTreeSet<String> = chosen.iter().flat_map(|project| project.target_names()).collect();
    let mut looked_in: Vec<String> = chosen.iter().flat_map(|project| project.files()).collect();
    if looked_in.is_empty() {
        looked_in.push(projects.config.file.clone());
    }
    Call::Missing {
        what: format!("target `{}`", targets.join("`, `")),
        looked_in,
        near: targets.iter().find_map(|target| near(target, known.iter().map(String::as_str))),
        silent: Some(silent),
    }
}

/// `nx run p:x`, `nx x p`, `nx x` in the folder of a project.
fn one(at: &At<'_>, projects: &Projects, asked: &Asked) -> Answer {
    let named = match asked.projects.first() {
        Some(name) => projects.all.iter().find(|project| project.is_called(name)),
        None => projects.holding(&at.cwd),
    };
    let Some(project) = named else {
        projects.sure()?;
        let Some(name) = asked.projects.first() else {
            return Err("which project is meant is not known".to_owned());
        };
        return Ok(Call::Missing {
            what: format!("project `{name}`"),
            looked_in: vec![projects.config.file.clone()],
            near: near(name, projects.all.iter().map(|project| project.name.as_str())),
            silent: Some(false),
        });
    };
    let mut walk = Walk::new(at, projects)?;
    for target in &asked.targets {
        if !walk.add(project, target, true, DEEPEST)? {
            projects.sure()?;
            return Ok(missing(projects, &[project], &asked.targets, false));
        }
    }
    Ok(Call::scripts("nx", walk.scripts))
}

struct Walk<'w> {
    projects: &'w Projects,
    hooks: bool,
    done: BTreeSet<(String, String)>,
    scripts: Vec<ScriptAt>,
}

impl<'w> Walk<'w> {
    fn new(at: &At<'_>, projects: &'w Projects) -> Result<Self, Why> {
        let manager: Option<Manager> = at.packages.manager(&projects.root)?;
        let hooks = at.packages.hooks(&projects.root, manager)?;
        Ok(Self { projects, hooks, done: BTreeSet::new(), scripts: Vec::new() })
    }

    /// Adds what the target of the project runs, those it needs first; says whether it is defined. What only is needed
    /// may be left out where it is not understood.
    fn add(&mut self, project: &Project, name: &str, asked: bool, depth: usize) -> Result<bool, Why> {
        if depth == 0 || self.done.len() > 20_000 {
            return Err("targets need each other too deeply".to_owned());
        }
        let Some(target) = project.target(name) else { return Ok(false) };
        if !self.done.insert((project.folder.clone(), name.to_owned())) {
            return Ok(true);
        }
        let projects = self.projects;
        for need in projects.needs(&target, name) {
            match need.strip_prefix('^') {
                Some(name) => {
                    for other in projects.dependencies(project) {
                        self.add(other, name, false, depth - 1)?;
                    }
                }
                None => {
                    self.add(project, &need, false, depth - 1)?;
                }
            }
        }
        match self.script(project, name, &target) {
            Ok(scripts) => self.scripts.extend(scripts),
            Err(why) if asked => return Err(why),
            Err(_) => {}
        }
        Ok(true)
    }

    fn script(&self, project: &Project, name: &str, target: &Target) -> Result<Vec<ScriptAt>, Why> {
        match target {
            Target::Script(manifest) => {
                let run = Run { runner: "nx", name, extra: &[], hooks: self.hooks, if_present: false };
                Ok(of_package(manifest, &run)?.unwrap_or_default())
            }
            Target::Node(document, node) => {
                self.projects.node_scripts(project, name, &Rc::clone(document), node, self.hooks)
            }
        }
    }
}
