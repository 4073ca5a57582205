//! Runs of the released binary, whose outputs are judged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::conformance::hostile;
use crate::workspace::Workspace;

/// The binary, and what it wrote.
pub(super) struct Runs {
    binary: PathBuf,
    /// Every `check` that was made.
    pub(super) checks: Vec<Check>,
    /// The SARIF that a checker alone printed, per fixture.
    pub(super) fixtures: Vec<(String, Result<Value>)>,
}

/// One `check --out`.
pub(super) struct Check {
    /// What was checked.
    pub(super) name: &'static str,
    /// `run.json`.
    pub(super) run: Value,
    /// `report.sarif`.
    pub(super) sarif: Value,
}

/// Conditions on a folder that holds neither reports nor a build.
const NOTHING_THERE: &str = "[gates.All]\nconditions = [\"coverage.lines >= 80%\", \"bundle.total <= 1 MB\"]\n";

impl Runs {
    /// Runs `binary` on the example, on nothing, on hostile input and on every fixture; writes below `folder`.
    pub(super) fn new(workspace: &Workspace, binary: PathBuf, folder: PathBuf) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let (nothing, hostile) = (folder.join("nothing"), folder.join("hostile"));
        fs::create_dir_all(&nothing)?;
        fs::write(nothing.join("tollgate.toml"), NOTHING_THERE)?;
        hostile::write(&hostile)?;
        let mut runs = Self { binary, checks: Vec::new(), fixtures: Vec::new() };
        let out = |name: &str| folder.join(format!("{name}-out"));
        runs.check("shop", &workspace.path("examples/shop"), &[], &out("shop"), &[0])?;
        runs.check("nothing", &nothing, &[], &out("nothing"), &[3])?;
        // A path with control characters is damage, so the verdict is unknown; what was found is reported all the same.
        runs.check("hostile", &hostile, &["--base", "HEAD~1"], &out("hostile"), &[3])?;
        runs.fixtures(&workspace.path("fixtures"))?;
        Ok(runs)
    }

    fn check(&mut self, name: &'static str, root: &Path, more: &[&str], out: &Path, codes: &[i32]) -> Result<()> {
        let mut command = self.command();
        command.arg("check").arg("--root").arg(root).arg("--out").arg(out).args(more);
        finish(&mut command, codes).with_context(|| format!("the run on {name}"))?;
        let read = |file: &str| -> Result<Value> {
            let text = fs::read_to_string(out.join(file)).with_context(|| format!("{name}: {file}"))?;
            serde_json::from_str(&text).with_context(|| format!("{name}: {file}"))
        };
        self.checks.push(Check { name, run: read("run.json")?, sarif: read("report.sarif")? });
        Ok(())
    }

    /// Every `fixtures/<checker>/<case>/input`, by the checker alone with its defaults.
    fn fixtures(&mut self, folder: &Path) -> Result<()> {
        for checker in sorted(folder)? {
            for case in sorted(&checker)? {
                let input = case.join("input");
                if !input.is_dir() {
                    continue;
                }
                let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let mut command = self.command();
                command.arg(name(&checker)).arg("--root").arg(&input).args(["--format", "sarif"]);
                let sarif = finish(&mut command, &[0, 1, 3])
                    .and_then(|text| serde_json::from_str(&text).context("what it printed is not JSON"));
                self.fixtures.push((format!("{}/{}", name(&checker), name(&case)), sarif));
            }
        }
        Ok(())
    }

    /// What `tollgate schema <what>` prints.
    pub(super) fn schema(&self, what: &str) -> Result<Value> {
        let text = finish(self.command().args(["schema", what]), &[0])?;
        serde_json::from_str(&text).with_context(|| format!("tollgate schema {what}"))
    }

    /// The binary, deaf to the environment that steers it.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["TOLLGATE_", "GITHUB_", "RUNNER_"].iter().any(|start| text.starts_with(start)) || text == "CI" {
                command.env_remove(&name);
            }
        }
        command
    }
}

/// What a command prints; its exit code must be one of `codes`.
fn finish(command: &mut Command, codes: &[i32]) -> Result<String> {
    let output = command.output().with_context(|| format!("{:?}", command.get_program()))?;
    if !output.status.code().is_some_and(|code| codes.contains(&code)) {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("{:?}: {}, expected one of {codes:?}\n{stderr}", command.get_args(), output.status);
    }
    String::from_utf8(output.stdout).context("what it printed is not UTF-8")
}

/// The folders in `folder`, by name.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut folders: Vec<PathBuf> = paths?.into_iter().filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}
