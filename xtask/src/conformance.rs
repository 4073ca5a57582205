//! `conformance`: what we write and run, judged by descriptions and tools that are not ours.
//!
//! They come from npm and pip, each pinned by version and content, into `target/conformance`; what lies there already is not
//! fetched again. Every judge is first shown something wrong, which it must refuse: a judge that refuses nothing proves
//! nothing. A check that cannot run fails.

use std::fmt::Display;
use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::workspace::{Workspace, cargo};

mod github;
mod hostile;
mod packages;
mod python;
mod runs;
mod sarif;
mod schemas;
mod workflows;

use packages::Packages;
use runs::Runs;

/// Counts and prints what was checked.
#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
}

impl Tally {
    /// One check: what it is about, and how it went; `Ok` carries what was seen.
    fn note(&mut self, what: impl Display, outcome: Result<String>) {
        match outcome {
            Ok(seen) => {
                self.passed += 1;
                println!("ok    {what}: {seen}");
            }
            Err(error) => {
                self.failed += 1;
                println!("FAIL  {what}: {error:#}");
            }
        }
    }
}

/// Runs every check and fails when one does.
pub(crate) fn main(workspace: &Workspace) -> Result<()> {
    let target = workspace.target()?;
    let folder = target.join("conformance");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let packages = Packages::obtain(&folder)?;
    workspace.output(cargo(), ["build", "--quiet", "--release", "--locked", "--package", "tollgate"])?;
    let runs = Runs::new(workspace, target.join("release/tollgate"), folder.join("runs"))?;
    let mut tally = Tally::default();
    sarif::check(&packages, &runs, &mut tally)?;
    schemas::check(workspace, &runs, &mut tally)?;
    workflows::check(workspace, &packages, &folder, &mut tally)?;
    github::check(&packages, &runs, &folder, &mut tally)?;
    println!("\nconformance: {} passed, {} failed", tally.passed, tally.failed);
    if tally.failed > 0 {
        bail!("{} of {} conformance checks failed", tally.failed, tally.passed + tally.failed);
    }
    Ok(())
}
