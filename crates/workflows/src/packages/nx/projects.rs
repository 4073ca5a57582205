//! The projects of an Nx workspace.

use std::collections::BTreeMap;
use std::rc::Rc;

use tollgate_input::Node;

use super::super::document::{Document, Format};
use super::super::manifest::Manifest;
use super::super::paths::{below, file, join, parent, upwards};
use super::super::recipe::{Line, Shell};
use super::super::run::{Run, of_package};
use super::super::{At, ScriptAt, Why};

/// How many projects there may be.
const MOST: usize = 2_000;

/// Executors that run a program of their own.
const EXECUTORS: [(&str, &str); 10] = [
    (":eslint", "eslint ."),
    (":lint", "eslint ."),
    (":jest", "jest"),
    (":vitest", "vitest run"),
    ("vite:test", "vitest run"),
    (":playwright", "playwright test"),
    (":cypress", "cypress run"),
    (":tsc", "tsc"),
    (":stylelint", "stylelint"),
    (":karma", "karma start"),
];

/// A project.
#[derive(Debug)]
pub(super) struct Project {
    /// Its name.
    pub(super) name: String,
    /// The folder.
    pub(super) folder: String,
    config: Option<Rc<Document>>,
    manifest: Option<Rc<Manifest>>,
}

/// What a project says of a target.
pub(super) enum Target {
    /// A script of its `package.json`.
    Script(Rc<Manifest>),
    /// A part of `project.json` or `package.json`.
    Node(Rc<Document>, Node),
}

/// All projects.
pub(super) struct Projects {
    /// The folder of `nx.json`.
    pub(super) root: String,
    /// `nx.json`.
    pub(super) config: Rc<Document>,
    /// By folder.
    pub(super) all: Vec<Project>,
    doubt: Option<Why>,
}

impl Project {
    /// Whether `name` is its name, with or without a scope.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name == name
            || self.name.rsplit_once('/').is_some_and(|(scope, own)| scope.starts_with('@') && own == name)
    }

    /// The target called `name`.
    pub(super) fn target(&self, name: &str) -> Option<Target> {
        let of_config = self
            .config
            .as_ref()
            .and_then(|config| Some((Rc::clone(config), config.root.get("targets")?.get(name)?.clone())));
        let of_manifest = || {
            let manifest = self.manifest.as_ref()?;
            let node = manifest.document.root.pointer("/nx/targets")?.get(name)?;
            Some((Rc::clone(&manifest.document), node.clone()))
        };
        let runs = |node: &Node| ["command", "executor"].iter().any(|key| node.get(key).is_some());
        let script = self.manifest.as_ref().filter(|manifest| takes(manifest, name));
        match (of_config.or_else(of_manifest), script) {
            (Some((_, node)), Some(manifest)) if !runs(&node) => Some(Target::Script(Rc::clone(manifest))),
            (Some((document, node)), _) => Some(Target::Node(document, node)),
            (None, script) => script.map(|manifest| Target::Script(Rc::clone(manifest))),
        }
    }

    /// The names of its targets.
    pub(super) fn target_names(&self) -> Vec<String> {
        let of_config = self.config.iter().filter_map(|config| config.root.get("targets")).flat_map(Node::entries);
        let of_config = of_config.filter_map(|pair| pair.key.name().map(str::to_owned));
        let scripts = |manifest: &'_ Rc<Manifest>| -> Vec<String> {
            manifest.scripts.iter().filter(|name| takes(manifest, name)).cloned().collect()
        };
        of_config.chain(self.manifest.iter().flat_map(scripts)).collect()
    }

    /// The files that define it.
    pub(super) fn files(&self) -> Vec<String> {
        let config = self.config.iter().map(|config| config.file.clone());
        config.chain(self.manifest.iter().map(|manifest| manifest.file.clone())).collect()
    }
}

/// Whether the script `name` is a target: it is there, and among `includedScripts` where these are given.
fn takes(manifest: &Manifest, name: &str) -> bool {
    let included = manifest.document.root.pointer("/nx/includedScripts");
    manifest.scripts.contains(name)
        && included.is_none_or(|included| included.items().iter().any(|node| node.as_str() == Some(name)))
}

impl Projects {
    /// The projects of the workspace that `at` lies in.
    pub(super) fn read(at: &At<'_>) -> Result<Self, Why> {
        let packages = at.packages;
        packages.tracked(&at.cwd)?;
        let mut found = None;
        for above in upwards(&at.cwd) {
            if let Some(config) = packages.document(&file(above, "nx.json"), Format::JsonWithComments)? {
                found = Some((above.to_owned(), config));
                break;
            }
        }
        let (root, config) = found.ok_or_else(|| "no nx.json here or above is tracked".to_owned())?;
        let mut doubt = None;
        if config.root.get("plugins").is_some_and(|plugins| !plugins.items().is_empty()) {
            doubt = Some(format!("plugins of {} add targets", config.file));
        }
        for old in ["workspace.json", "angular.json"] {
            if packages.files.contains(&file(&root, old)) {
                doubt = Some(format!("{} is not read", file(&root, old)));
            }
        }
        let mut configs = BTreeMap::new();
        for path in packages.files.below(&root).filter(|path| path.rsplit('/').next() == Some("project.json")) {
            if path.split('/').any(|part| part == "node_modules") || configs.len() == MOST {
                continue;
            }
            match packages.document(path, Format::JsonWithComments) {
                Ok(Some(document)) => drop(configs.insert(parent(path).to_owned(), document)),
                Ok(None) => {}
                Err(why) => doubt = Some(why),
            }
        }
        let mut manifests: BTreeMap<String, Rc<Manifest>> = BTreeMap::new();
        if let Some(workspace) = packages.any_workspace_at(&root)? {
            doubt = doubt.or_else(|| workspace.doubt.clone());
            manifests.extend(workspace.members.iter().map(|package| (package.folder.clone(), Rc::clone(package))));
        }
        for folder in configs.keys().chain([&root]) {
            if let Some(manifest) = packages.manifest(folder)?
                && (configs.contains_key(folder) || manifest.document.root.get("nx").is_some())
            {
                manifests.insert(folder.clone(), manifest);
            }
        }
        let mut folders: Vec<String> = configs.keys().chain(manifests.keys()).cloned().collect();
        folders.sort();
        folders.dedup();
        let project = |folder: String| {
            let (config, manifest) = (configs.remove(&folder), manifests.remove(&folder));
            let named = config.as_ref().and_then(|config| config.root.get("name")?.as_str().map(str::to_owned));
            let name = named.or_else(|| manifest.as_ref().and_then(|manifest| manifest.name.clone()));
            let name = name.unwrap_or_else(|| folder.rsplit('/').next().unwrap_or_default().to_owned());
            Project { name, folder, config, manifest }
        };
        let all = folders.into_iter().map(project).collect();
        Ok(Self { root, config, all, doubt })
    }

    /// Fails where there may be targets that are not known.
    pub(super) fn sure(&self) -> Result<(), Why> {
        self.doubt.clone().map_or(Ok(()), Err)
    }

    /// The project that `folder` lies in.
    pub(super) fn holding(&self, folder: &str) -> Option<&Project> {
        let holding = self.all.iter().filter(|project| below(&project.folder, folder).is_some());
        holding.max_by_key(|project| project.folder.len())
    }

    /// The projects that `project` depends on, as far as `package.json` files say.
    pub(super) fn dependencies(&self, project: &Project) -> Vec<&Project> {
        let Some(manifest) = &project.manifest else { return Vec::new() };
        let depended = |other: &&Project| {
            let name = other.manifest.as_ref().and_then(|manifest| manifest.name.as_ref());
            name.is_some_and(|name| manifest.dependencies.contains_key(name)) && other.folder != project.folder
        };
        self.all.iter().filter(depended).collect()
    }

    fn default(&self, name: &str, executor: Option<&str>) -> Option<&Node> {
        let defaults = self.config.root.get("targetDefaults")?;
        executor.and_then(|executor| defaults.get(executor)).or_else(|| defaults.get(name))
    }

    /// What a target needs.
    pub(super) fn needs(&self, target: &Target, name: &str) -> Vec<String> {
        let node = if let Target::Node(_, node) = target { Some(node) } else { None };
        let executor = node.and_then(|node| node.get("executor")?.as_str());
        let needs = node.and_then(|node| node.get("dependsOn"));
        let needs = needs.or_else(|| self.default(name, executor)?.get("dependsOn"));
        let text = |need: &Node| match need.as_str() {
            Some(text) => Some(text.to_owned()),
            None => {
                let of_others = need.get("dependencies").and_then(Node::as_bool) == Some(true)
                    || need.get("projects").and_then(Node::as_str) == Some("dependencies");
                let target = need.get("target")?.as_str()?;
                Some(if of_others { format!("^{target}") } else { target.to_owned() })
            }
        };
        needs.map_or(&[][..], Node::items).iter().filter_map(text).collect()
    }

    /// What a part of `project.json` runs.
    pub(super) fn node_scripts(
        &self,
        project: &Project,
        name: &str,
        document: &Document,
        node: &Node,
        hooks: bool,
    ) -> Result<Vec<ScriptAt>, Why> {
        let own = node.get("executor").and_then(Node::as_str);
        let default = self.default(name, own);
        let executor = own.or_else(|| default.and_then(|node| node.get("executor")?.as_str()));
        let option = |key: &str| {
            let own = node.get("options").and_then(|options| options.get(key));
            own.or_else(|| default.and_then(|node| node.get("options")?.get(key)))
        };
        let command = node.get("command").or_else(|| default.and_then(|node| node.get("command")));
        let shell = command.is_some() || executor.is_some_and(|executor| executor.ends_with(":run-commands"));
        if shell {
            let one = command.or_else(|| option("command"));
            let many = option("commands").map_or(&[][..], Node::items);
            let nodes: Vec<&Node> =
                one.into_iter().chain(many.iter().map(|node| node.get("command").unwrap_or(node))).collect();
            let mut lines: Vec<(Line, bool)> = Vec::new();
            for node in nodes {
                let text = node.as_str().ok_or_else(|| format!("{}: `{name}` is not understood", document.file))?;
                lines.push((vec![(document.line(node), self.put_in(text, project))], false));
            }
            let folder = option("cwd").and_then(Node::as_str).map(|text| self.put_in(text, project));
            let cwd = join(&self.root, folder.as_deref().unwrap_or_default())?;
            let script = Shell::default().script(lines);
            return Ok(vec![ScriptAt {
                errexit: true,
                cwd,
                ..ScriptAt::new(&document.file, &project.folder, name, script)
            }]);
        }
        let Some(executor) = executor else {
            return Err(format!("{}: what `{name}` runs is not said", document.file));
        };
        if executor.ends_with(":run-script") {
            let script = option("script").and_then(Node::as_str).unwrap_or(name);
            let run = Run { runner: "nx", name: script, extra: &[], hooks, if_present: false };
            let manifest =
                project.manifest.as_ref().ok_or_else(|| format!("{} has no package.json", project.folder))?;
            return Ok(of_package(manifest, &run)?.unwrap_or_default());
        }
        let known = EXECUTORS.iter().find(|(ending, _)| executor.ends_with(ending));
        let (_, text) = known.ok_or_else(|| format!("what the executor `{executor}` runs is not known"))?;
        let lines = vec![(document.line(node), (*text).to_owned())];
        Ok(vec![ScriptAt::new(&document.file, &project.folder, name, lines)])
    }

    fn put_in(&self, text: &str, project: &Project) -> String {
        let root = below(&self.root, &project.folder).unwrap_or_default();
        let root = if root.is_empty() { "." } else { root };
        text.replace("{projectRoot}", root).replace("{workspaceRoot}", ".").replace("{projectName}", &project.name)
    }
}
