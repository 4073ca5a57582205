//! Which package manager a repository uses, as far as it shows.

use tollgate_input::Node;

use super::document::Format;
use super::manifest::major;
use super::paths::{file, upwards};
use super::{Packages, Why};

/// A package manager and what is known of its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manager {
    /// npm.
    Npm,
    /// pnpm: the lowest and the highest first number it may have.
    Pnpm(u32, u32),
    /// Yarn 1.
    Classic,
    /// Yarn 2 and later.
    Berry,
    /// Bun.
    Bun,
}

/// Any version of pnpm.
const ANY_PNPM: Manager = Manager::Pnpm(0, u32::MAX);

impl Packages<'_> {
    /// The package manager of the package in `folder`: what it or one above it says, else by the lock file.
    pub(super) fn manager(&self, folder: &str) -> Result<Option<Manager>, Why> {
        for above in upwards(folder) {
            let manifest = self.manifest(above)?;
            let named = manifest.as_ref().and_then(|manifest| manifest.manager());
            if let Some(manager) = named.and_then(|(name, version)| by_name(name, version)) {
                return Ok(Some(manager));
            }
            if let Some(manager) = self.by_lock(above)? {
                return Ok(Some(manager));
            }
        }
        Ok(None)
    }

    /// What is known of the pnpm that works on `folder`.
    pub(super) fn pnpm(&self, folder: &str) -> Result<(u32, u32), Why> {
        match self.manager(folder)?.unwrap_or(ANY_PNPM) {
            Manager::Pnpm(low, high) => Ok((low, high)),
            _ => Ok((0, u32::MAX)),
        }
    }

    /// Whether the Yarn that works on `folder` is Yarn 1 or a later one; none where it does not show.
    pub(super) fn yarn(&self, folder: &str) -> Result<Option<Manager>, Why> {
        let manager = self.manager(folder)?;
        Ok(manager.filter(|manager| matches!(manager, Manager::Classic | Manager::Berry)))
    }

    fn by_lock(&self, folder: &str) -> Result<Option<Manager>, Why> {
        let there = |name: &str| self.files.contains(&file(folder, name));
        if there("pnpm-lock.yaml") {
            // Longer than what is read as a document, and its second line is all that matters here.
            let text = self.files.read(&file(folder, "pnpm-lock.yaml"));
            let version = text.as_deref().and_then(|text| {
                let line = text.lines().take(20).find_map(|line| line.strip_prefix("lockfileVersion:"))?;
                major(line.trim().trim_matches(['\'', '"']))
            });
            return Ok(Some(match version {
                Some(..=5) => Manager::Pnpm(0, 7),
                Some(6) => Manager::Pnpm(8, 8),
                Some(9..) => Manager::Pnpm(9, u32::MAX),
                _ => ANY_PNPM,
            }));
        }
        if there("pnpm-workspace.yaml") {
            return Ok(Some(ANY_PNPM));
        }
        if there(".yarnrc.yml") {
            return Ok(Some(Manager::Berry));
        }
        if there("yarn.lock") {
            let text = self.files.read(&file(folder, "yarn.lock")).unwrap_or_else(|| "".into());
            let head: Vec<&str> = text.lines().take(20).collect();
            return Ok(match head {
                _ if head.contains(&"# yarn lockfile v1") => Some(Manager::Classic),
                _ if head.contains(&"__metadata:") => Some(Manager::Berry),
                _ => None,
            });
        }
        let bun = there("bun.lock") || there("bun.lockb");
        let npm = there("package-lock.json") || there("npm-shrinkwrap.json");
        Ok(if bun { Some(Manager::Bun) } else { npm.then_some(Manager::Npm) })
    }

    /// Whether `pre…` and `post…` scripts run around a script of `folder` when `manager` runs it.
    pub(super) fn hooks(&self, folder: &str, manager: Option<Manager>) -> Result<bool, Why> {
        match manager {
            Some(Manager::Berry) => Ok(false),
            Some(Manager::Pnpm(_, high)) => {
                let set = self.pnpm_setting(folder, "enable-pre-post-scripts", "enablePrePostScripts")?;
                Ok(set.unwrap_or(high > 8))
            }
            _ => Ok(self.npmrc(folder, "ignore-scripts")? != Some(true)),
        }
    }

    /// A yes or no in the `.npmrc` in `folder` or above.
    fn npmrc(&self, folder: &str, name: &str) -> Result<Option<bool>, Why> {
        for above in upwards(folder) {
            let Some(text) = self.text(&file(above, ".npmrc"))? else { continue };
            let pairs = text.lines().filter_map(|line| line.split_once('='));
            let found = pairs.rev().find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim() == "true");
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// A yes or no of pnpm, in `.npmrc` or `pnpm-workspace.yaml`.
    pub(super) fn pnpm_setting(&self, folder: &str, npmrc: &str, yaml: &str) -> Result<Option<bool>, Why> {
        for above in upwards(folder) {
            let document = self.document(&file(above, "pnpm-workspace.yaml"), Format::Yaml)?;
            if let Some(set) = document.and_then(|document| document.root.get(yaml).and_then(Node::as_bool)) {
                return Ok(Some(set));
            }
        }
        self.npmrc(folder, npmrc)
    }
}

fn by_name(name: &str, version: Option<u32>) -> Option<Manager> {
    Some(match (name, version) {
        ("npm", _) => Manager::Npm,
        ("pnpm", Some(version)) => Manager::Pnpm(version, version),
        ("pnpm", None) => ANY_PNPM,
        ("yarn", Some(..=1)) => Manager::Classic,
        ("yarn", Some(_)) => Manager::Berry,
        ("bun", _) => Manager::Bun,
        _ => return None,
    })
}
