//! Crates that deny.toml bans are in no lock file. `cargo deny` says the same, where it is installed.

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::tidy::Breach;
use crate::workspace::Workspace;

#[derive(Deserialize)]
struct Deny {
    bans: Bans,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
}

pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Breach>> {
    let banned: Deny = toml::from_str(&workspace.read("deny.toml")?).context("deny.toml")?;
    let mut found = Vec::new();
    for file in files.iter().filter(|file| is_lock(file)) {
        let lock: Lock = toml::from_str(&workspace.read(file)?).with_context(|| file.clone())?;
        for ban in &banned.bans.deny {
            if lock.package.iter().any(|package| package.name == ban.name) {
                let message = format!("{} is banned by deny.toml; `cargo tree -i {0}` shows who brings it", ban.name);
                found.push(Breach::new(file, message));
            }
        }
    }
    Ok(found)
}

/// Whether this is a lock file of cargo.
pub(super) fn is_lock(file: &str) -> bool {
    file == "Cargo.lock" || file.ends_with("/Cargo.lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banned_crate_is_found_in_every_lock_file() {
        let deny = "[bans]\ndeny = [{ crate = \"evil\", reason = \"so\" }, { crate = \"gone\" }]\n";
        let lock = "version = 4\n[[package]]\nname = \"evil\"\nversion = \"1.0.0\"\n";
        let good = "version = 4\n[[package]]\nname = \"evil-not\"\nversion = \"1.0.0\"\n";
        let files = [("deny.toml", deny), ("Cargo.lock", good), ("fuzz/Cargo.lock", lock)];
        let (_dir, workspace) = Workspace::made_up(&files);
        let found = check(&workspace, &workspace.files().unwrap()).unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].to_string().starts_with("fuzz/Cargo.lock: evil is banned"));
    }
}
