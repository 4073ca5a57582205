//! Packages of JavaScript: their manager, the workspace, and what their scripts measure.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde_json::Value;
use tollgate_model::format;

use super::files::{Files, is_of_others, is_plain, join, parent};
use super::{Found, Named, node_tests};

/// How many packages are looked at.
const MOST: usize = 200;

/// Which program runs scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manager {
    Npm { locked: bool },
    Pnpm,
    Yarn { berry: bool },
    Bun,
}

impl Manager {
    fn of(files: &Files<'_>, folder: &str, manifest: &Value) -> Self {
        let named = manifest.get("packageManager").and_then(Value::as_str).unwrap_or_default();
        let berry = files.has(&join(folder, ".yarnrc.yml"))
            || named.strip_prefix("yarn@").is_some_and(|version| !version.starts_with("1."));
        let has = |name: &str| files.has(&join(folder, name));
        match () {
            () if named.starts_with("pnpm@") || has("pnpm-lock.yaml") => Self::Pnpm,
            () if named.starts_with("yarn@") || has("yarn.lock") => Self::Yarn { berry },
            () if named.starts_with("bun@") || has("bun.lock") || has("bun.lockb") => Self::Bun,
            () => Self::Npm { locked: has("package-lock.json") || has("npm-shrinkwrap.json") },
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Npm { .. } => "npm",
            Self::Pnpm => "pnpm",
            Self::Yarn { .. } => "yarn",
            Self::Bun => "bun",
        }
    }

    fn install(self) -> &'static [&'static str] {
        match self {
            Self::Npm { locked: true } => &["npm ci"],
            Self::Npm { locked: false } => &["npm install"],
            Self::Pnpm => &["corepack enable", "pnpm install --frozen-lockfile"],
            Self::Yarn { berry: true } => &["corepack enable", "yarn install --immutable"],
            Self::Yarn { berry: false } => &["yarn install --frozen-lockfile"],
            Self::Bun => &["npm install --global bun", "bun install --frozen-lockfile"],
        }
    }

    /// The script `name` of the package in `folder`, with `more` arguments. All of them are plain.
    pub(super) fn run(self, folder: &str, name: &str, more: &str) -> String {
        let dashes = if matches!(self, Self::Npm { .. }) && !more.is_empty() { " --" } else { "" };
        let more = if more.is_empty() { String::new() } else { format!("{dashes} {more}") };
        inside(folder, &format!("{} run {name}{more}", self.name()))
    }
}

/// `command` as it is run in `folder`.
pub(super) fn inside(folder: &str, command: &str) -> String {
    if folder.is_empty() { command.to_owned() } else { format!("(cd {folder} && {command})") }
}

/// One package.
#[derive(Clone, Debug)]
pub(super) struct Package {
    /// Its folder, `""` for the root.
    pub(super) folder: String,
    pub(super) manifest: Value,
    pub(super) manager: Manager,
}

impl Package {
    /// Its scripts, in order: names that are plain, and texts.
    pub(super) fn scripts(&self) -> Vec<(&str, &str)> {
        let scripts = self.manifest.get("scripts").and_then(Value::as_object);
        let scripts = scripts.into_iter().flatten();
        scripts
            .filter_map(|(name, text)| Some((name.as_str(), text.as_str()?)))
            .filter(|(name, _)| is_plain(name))
            .collect()
    }

    pub(super) fn script(&self, name: &str) -> Option<&str> {
        self.scripts().into_iter().find(|(key, _)| *key == name).map(|(_, text)| text)
    }

    /// Whether it depends on `name`, in whatever way.
    pub(super) fn depends_on(&self, name: &str) -> bool {
        let groups = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
        groups.iter().any(|group| self.manifest.get(group).is_some_and(|group| group.get(name).is_some()))
    }

    /// Its manifest's path.
    pub(super) fn path(&self) -> String {
        join(&self.folder, "package.json")
    }
}

/// Finds packages and what their scripts write.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    for top in tops(files, "package.json") {
        let Some(manifest) = files.json(&join(&top, "package.json")) else {
            found.named.push(Named::new(join(&top, "package.json"), "is not JSON, and was not used"));
            continue;
        };
        let manager = Manager::of(files, &top, &manifest);
        let root = Package { folder: top.clone(), manifest, manager };
        let members = members(files, &root, found);
        let kind = match members.len() {
            0 => format!("{} package", manager.name()),
            count => format!("{} workspace, {}", manager.name(), format::things(count as u64, "package")),
        };
        found.projects.push(if top.is_empty() { kind } else { format!("{kind} in {top}") });
        let before = found.script.measure.len();
        super::builds::of_scripts(files, &root, &members, found);
        node_tests::detect(files, &root, &members, found);
        if found.script.measure.len() > before {
            let lines = manager.install().iter().map(|line| inside(&top, line));
            found.script.install.extend(lines);
        }
    }
}

/// The folders where a project with the manifest `name` begins: the root, else those right below it.
pub(super) fn tops(files: &Files<'_>, name: &str) -> Vec<String> {
    if files.has(name) {
        return vec![String::new()];
    }
    let below = files.names().iter().filter(|path| path.ends_with(name) && parent(path).split('/').count() == 1);
    let folders = below.filter(|path| path.rsplit('/').next() == Some(name)).map(|path| parent(path).to_owned());
    folders.filter(|folder| !is_of_others(folder) && is_plain(folder) && !folder.starts_with('.')).take(MOST).collect()
}

/// The members of the workspace whose root this is.
fn members(files: &Files<'_>, root: &Package, found: &mut Found) -> Vec<Package> {
    let patterns = patterns(files, root);
    if patterns.is_empty() {
        return Vec::new();
    }
    let globs = |wanted: bool| -> Option<GlobSet> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns.iter().filter(|pattern| pattern.starts_with('!') != wanted) {
            let clean = pattern.trim_start_matches(['!', '.']).trim_matches('/');
            set.add(GlobBuilder::new(&join(&root.folder, clean)).literal_separator(true).build().ok()?);
        }
        set.build().ok()
    };
    let (Some(wanted), Some(unwanted)) = (globs(true), globs(false)) else { return Vec::new() };
    let manifests = files.below(&root.folder).iter().filter(|path| path.ends_with("/package.json"));
    let folders = manifests.map(|path| parent(path)).filter(|folder| {
        wanted.is_match(folder) && !unwanted.is_match(folder) && !is_of_others(folder) && *folder != root.folder
    });
    let mut members = Vec::new();
    let folders: Vec<&str> = folders.collect();
    if let Some(more) = folders.len().checked_sub(MOST).filter(|more| *more > 0) {
        let about = format!("{} were not looked at", format::things(more as u64, "more package"));
        found.named.push(Named::new(root.path(), about));
    }
    for folder in folders.into_iter().take(MOST) {
        if !is_plain(folder) {
            let about = "its name has characters that do not belong in a script; measure it by hand";
            found.named.push(Named::new(folder, about));
            continue;
        }
        let Some(manifest) = files.json(&join(folder, "package.json")) else { continue };
        members.push(Package { folder: folder.to_owned(), manifest, manager: root.manager });
    }
    members
}

/// What the workspace says its members are.
fn patterns(files: &Files<'_>, root: &Package) -> Vec<String> {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    if let Some(workspaces) = root.manifest.get("workspaces") {
        let packages = workspaces.get("packages").unwrap_or(workspaces);
        return texts(packages);
    }
    let Some(node) = files.yaml(&join(&root.folder, "pnpm-workspace.yaml")) else { return Vec::new() };
    let packages = node.get("packages").map(|packages| packages.items()).unwrap_or_default();
    packages.iter().filter_map(|item| item.as_str()).map(str::to_owned).collect()
}
