//! `browser`: what Chromium downloads of the sample applications, held against what `tollgate bundle` says of their builds.
//!
//! `xtask/browser/measure.mjs` does it; it installs the versions that `xtask/browser/apps/*/variants.json` pin, with npm.
//! Neither tests nor continuous integration run it: it needs node, a network, Chromium, and some minutes for each build.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The program whose reports are checked
    #[arg(long, value_name = "PATH")]
    tollgate: PathBuf,
    /// Folder for what is installed and built [default: `browser` in the target folder]
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
    /// Chromium
    #[arg(long, value_name = "PATH", default_value = "/usr/bin/chromium")]
    chromium: PathBuf,
    /// Measure only the builds whose name has this in it
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
}

/// Measures and compares; fails on a difference.
pub(crate) fn main(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let work = match &arguments.work {
        Some(work) => std::path::absolute(work)?,
        None => workspace.target()?.join("browser"),
    };
    let tollgate = arguments.tollgate.canonicalize().with_context(|| arguments.tollgate.display().to_string())?;
    let status = Command::new("node")
        .arg(workspace.path("xtask/browser/measure.mjs"))
        .arg("--apps")
        .arg(workspace.path("xtask/browser/apps"))
        .arg("--work")
        .arg(work)
        .arg("--tollgate")
        .arg(tollgate)
        .arg("--chromium")
        .arg(&arguments.chromium)
        .args(["--only", &arguments.only])
        .status()
        .context("node")?;
    if !status.success() {
        bail!("the browser and the reports differ, or could not be compared");
    }
    Ok(())
}
