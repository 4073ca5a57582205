//! `new-checker`: lays out a checker that works, ready to be rewritten.
//!
//! Everything is looked at before anything is written: a name that is taken, or a file that is not as expected, leaves
//! the tree as it was.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::workspace::{Workspace, cargo};

mod edit;
mod name;
mod plan;

use name::Name;
use plan::Plan;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Its name: small letters and digits, hyphens between them; also its section, its subcommand, its metrics' first part
    name: String,
}

/// Plans, writes, and brings Cargo.lock up to date.
pub(crate) fn main(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let name = Name::new(&arguments.name)?;
    let plan = Plan::new(workspace, &name)?;
    for (path, text) in &plan.files {
        let path = workspace.path(path);
        let folder = path.parent().context("a file has a folder")?;
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    if let Err(error) = workspace.output(cargo(), ["update", "--workspace", "--offline", "--quiet"]) {
        bail!("everything is written, but Cargo.lock is not up to date; run `cargo update --workspace`\n{error}");
    }
    for path in plan.files.keys() {
        println!("wrote {path}");
    }
    println!("\nNext: cargo test -p {} && cargo xtask docs && cargo xtask tidy", name.package());
    Ok(())
}
