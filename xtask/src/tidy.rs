//! `tidy`: what the compiler cannot see. Also run as a test, so that a breach is found before review.

use std::fmt;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

mod arrows;
mod bans;
mod pins;
mod rooms;
mod sizes;
mod text;

pub(crate) use arrows::room_names;

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Breach {
    /// Where, relative to the workspace.
    file: String,
    /// What is wrong and what to do.
    message: String,
}

impl Breach {
    fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), message: message.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}

/// Lists every breach and fails when there is one.
pub(crate) fn main(workspace: &Workspace) -> Result<()> {
    let breaches = breaches(workspace)?;
    for breach in &breaches {
        println!("{breach}");
    }
    match breaches.len() {
        0 => println!("tidy: {} files, no breach", workspace.files()?.len()),
        n => bail!("{n} {} of the house rules", if n == 1 { "breach" } else { "breaches" }),
    }
    Ok(())
}

fn breaches(workspace: &Workspace) -> Result<Vec<Breach>> {
    let packages = workspace.packages()?;
    let files = workspace.files()?;
    let mut found = arrows::check(workspace, &packages);
    found.extend(rooms::check(workspace, &packages));
    found.extend(sizes::check(workspace, &files)?);
    found.extend(text::check(workspace, &files)?);
    found.extend(pins::check(workspace, &files)?);
    found.extend(bans::check(workspace, &files)?);
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        let found = breaches(&Workspace::find().unwrap()).unwrap();
        let lines: Vec<String> = found.iter().map(Breach::to_string).collect();
        assert!(found.is_empty(), "\n{}", lines.join("\n"));
    }
}
