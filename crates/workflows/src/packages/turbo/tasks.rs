//! The tasks of turbo, and what each needs.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use tollgate_input::Node;

use super::super::document::{Document, Format};
use super::super::manifest::Manifest;
use super::super::paths::file;
use super::super::run::{Run, of_package};
use super::super::{Packages, ScriptAt, Why};
use super::{Repository, entries};

/// How deep tasks may need each other.
const DEEPEST: usize = 200;

/// How many tasks of packages there may be.
const MOST: usize = 20_000;

/// What the files called `turbo.json` say.
pub(super) struct Tasks {
    top: Rc<Document>,
    /// By the folder of the package.
    own: BTreeMap<String, Rc<Document>>,
    single: Option<BTreeSet<String>>,
    doubt: Option<Why>,
}

impl Tasks {
    pub(super) fn new(packages: &Packages<'_>, repository: &Repository) -> Result<Self, Why> {
        let mut own = BTreeMap::new();
        let mut doubt = None;
        for package in repository.workspace.iter().flat_map(|workspace| &workspace.members) {
            for name in ["turbo.json", "turbo.jsonc"] {
                match packages.document(&file(&package.folder, name), Format::JsonWithComments) {
                    Ok(Some(document)) => {
                        let extends = document.root.get("extends").map_or(&[][..], Node::items);
                        if extends.iter().any(|node| node.as_str() != Some("//")) {
                            doubt = Some(format!("{} takes tasks from another package", document.file));
                        }
                        own.insert(package.folder.clone(), document);
                    }
                    Ok(None) => {}
                    Err(why) => doubt = Some(why),
                }
            }
        }
        if let Some(workspace) = &repository.workspace
            && doubt.is_none()
        {
            doubt.clone_from(&workspace.doubt);
        }
        let single = repository.workspace.is_none().then(|| repository.top.scripts.clone());
        Ok(Self { top: Rc::clone(&repository.config), own, single, doubt })
    }

    /// Fails where there may be tasks that are not known.
    pub(super) fn sure(&self) -> Result<(), Why> {
        self.doubt.clone().map_or(Ok(()), Err)
    }

    /// The names of all tasks, without their packages.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let configs = std::iter::once(&self.top).chain(self.own.values());
        let names = configs.flat_map(|config| entries(config)).filter_map(|pair| pair.key.name());
        names
            .map(|name| name.rsplit_once('#').map_or(name, |(_, task)| task))
            .chain(self.single.iter().flatten().map(String::as_str))
    }

    /// Whether turbo knows the task.
    pub(super) fn defines(&self, task: &str) -> bool {
        let task = task.rsplit_once('#').map_or(task, |(_, task)| task);
        self.names().any(|name| name == task)
    }

    /// Whether the task is one of the package at the top.
    pub(super) fn of_top(&self, task: &str) -> bool {
        let at_top = format!("//#{}", task.trim_start_matches("//#"));
        self.single.is_some() || entries(&self.top).iter().any(|pair| pair.key.name() == Some(&at_top))
    }

    /// The files that were read.
    pub(super) fn files(&self) -> Vec<String> {
        std::iter::once(&self.top).chain(self.own.values()).map(|config| config.file.clone()).collect()
    }

    /// What the task of the package needs.
    fn needs(&self, package: &Manifest, top: bool, task: &str) -> Vec<String> {
        let entry = |config: &Document, name: &str| -> Option<Vec<String>> {
            let node = &entries(config).iter().rev().find(|pair| pair.key.name() == Some(name))?.value;
            let needs = node.get("dependsOn")?.items().iter().filter_map(Node::as_str);
            Some(needs.map(str::to_owned).collect())
        };
        let name = if top { "//" } else { package.name.as_deref().unwrap_or_default() };
        let own = || self.own.get(&package.folder).and_then(|config| entry(config, task));
        let at_top = || entry(&self.top, &format!("{name}#{task}"));
        own().or_else(at_top).or_else(|| entry(&self.top, task)).unwrap_or_default()
    }
}

/// Collects what runs.
pub(super) struct Walk<'w> {
    repository: &'w Repository,
    tasks: &'w Tasks,
    asked: &'w [&'w str],
    extra: &'w [String],
    /// With `--only`: the folders of the packages that were chosen.
    only: Option<BTreeSet<String>>,
    hooks: bool,
    done: BTreeSet<(String, String)>,
    /// Of each task that was asked for, the packages that define it.
    pub(super) defining: BTreeMap<String, BTreeSet<String>>,
    /// In the order in which they run.
    pub(super) scripts: Vec<ScriptAt>,
}

impl<'w> Walk<'w> {
    pub(super) fn new(
        packages: &Packages<'_>,
        repository: &'w Repository,
        tasks: &'w Tasks,
        asked: &'w [&'w str],
        extra: &'w [String],
        only: Option<BTreeSet<String>>,
    ) -> Result<Self, Why> {
        let hooks = packages.hooks(&repository.root, packages.manager(&repository.root)?)?;
        let (done, defining, scripts) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        Ok(Self { repository, tasks, asked, extra, only, hooks, done, defining, scripts })
    }

    /// The task in each of the packages.
    pub(super) fn all(&mut self, scope: &[Rc<Manifest>], task: &str) -> Result<(), Why> {
        for package in scope {
            let top = package.folder == self.repository.root;
            if !top || self.tasks.of_top(task) {
                self.visit(package, task, DEEPEST)?;
                self.note(task, task, package);
            }
        }
        Ok(())
    }

    /// The task of the package called `name`; `//` is the one at the top.
    pub(super) fn one(&mut self, name: &str, task: &str) -> Result<(), Why> {
        let workspace = self.repository.workspace.as_ref();
        let named = workspace.and_then(|workspace| workspace.named(name)).cloned();
        let package = if name == "//" { Some(Rc::clone(&self.repository.top)) } else { named };
        let package = package.ok_or_else(|| format!("no package is called `{name}`"))?;
        self.visit(&package, task, DEEPEST)?;
        self.note(&format!("{name}#{task}"), task, &package);
        Ok(())
    }

    fn note(&mut self, asked: &str, task: &str, package: &Manifest) {
        if package.scripts.contains(task) {
            self.defining.entry(asked.to_owned()).or_default().insert(package.folder.clone());
        }
    }

    fn visit(&mut self, package: &Rc<Manifest>, task: &str, depth: usize) -> Result<(), Why> {
        if depth == 0 || self.done.len() > MOST {
            return Err("tasks need each other too deeply".to_owned());
        }
        let left_out = self.only.as_ref().is_some_and(|chosen| !chosen.contains(&package.folder));
        if left_out || !self.done.insert((package.folder.clone(), task.to_owned())) {
            return Ok(());
        }
        let top = package.folder == self.repository.root;
        for need in self.tasks.needs(package, top, task) {
            if need.starts_with('$') || self.only.is_some() && !self.asked.contains(&need.trim_start_matches('^')) {
                continue;
            }
            if let Some(task) = need.strip_prefix('^') {
                let workspace = self.repository.workspace.clone();
                for dependency in workspace.iter().flat_map(|workspace| workspace.dependencies(package)) {
                    self.visit(dependency, task, depth - 1)?;
                }
            } else if let Some((name, task)) = need.split_once('#') {
                let named = self.repository.workspace.as_ref().and_then(|workspace| workspace.named(name)).cloned();
                let other = if name == "//" { Some(Rc::clone(&self.repository.top)) } else { named };
                let other = other.ok_or_else(|| format!("no package is called `{name}`"))?;
                self.visit(&other, task, depth - 1)?;
            } else {
                self.visit(package, &need, depth - 1)?;
            }
        }
        let extra = if self.asked.contains(&task) { self.extra } else { &[] };
        let run = Run { runner: "turbo", name: task, extra, hooks: self.hooks, if_present: false };
        if !top || self.tasks.of_top(task) {
            self.scripts.extend(of_package(package, &run)?.unwrap_or_default());
        }
        Ok(())
    }
}
