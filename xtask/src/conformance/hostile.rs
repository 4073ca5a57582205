//! A repository whose file names try to break what quotes them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::workspace;

/// Names that URIs, JSON, Markdown and terminals must quote.
const NAMES: &[&str] = &[
    "blank and #hash?.ts",
    "percent %41%zz.ts",
    "quotes \"'`.ts",
    "<img src=x onerror=alert(1)>.ts",
    "pipe|[link](x)*.ts",
    "bell\u{7}escape\u{1b}[31m.ts",
    "right-to-left\u{202e}st.ts",
    "gr\u{fc}n \u{1f6a6}.ts",
    "colon:1:2.ts",
];

/// Writes the repository into `folder`: two commits, the second of which adds lines that no test reached.
pub(super) fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::create_dir_all(folder.join("coverage"))?;
    fs::create_dir_all(folder.join("dist"))?;
    git(folder, &["init", "-q", "-b", "main"])?;
    let policy = "[gates.Tests]\nconditions = [\"coverage.lines >= 1%\", \"coverage.patch >= 0%\"]\n";
    fs::write(folder.join("tollgate.toml"), policy)?;
    sources(folder, "one();\n")?;
    commit(folder, "before")?;
    sources(folder, "one();\ntwo();\nthree();\n")?;
    fs::write(folder.join("coverage/lcov.info"), lcov())?;
    for name in NAMES {
        fs::write(folder.join("dist").join(name).with_extension("js"), "")?;
    }
    fs::write(folder.join("dist/app.js"), "app();\n")?;
    commit(folder, "after")
}

fn sources(folder: &Path, text: &str) -> Result<()> {
    for name in NAMES {
        fs::write(folder.join("src").join(name), text).with_context(|| format!("{name:?}"))?;
    }
    Ok(())
}

/// Line 1 of every file is covered, the others are not.
fn lcov() -> String {
    let mut text = String::new();
    for name in NAMES {
        let _ = writeln!(text, "SF:src/{name}\nDA:1,1\nDA:2,0\nDA:3,0\nLF:3\nLH:1\nend_of_record");
    }
    text
}

fn commit(folder: &Path, message: &str) -> Result<()> {
    git(folder, &["add", "--all"])?;
    git(folder, &["-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "-q", "--no-verify", "-m", message])
}

fn git(folder: &Path, arguments: &[&str]) -> Result<()> {
    workspace::run(Command::new("git").args(arguments).current_dir(folder)).map(drop)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_second_commit_changes_every_hostile_file() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path()).unwrap();
        let mut command = Command::new("git");
        command.args(["diff", "--name-only", "-z", "HEAD~1", "HEAD", "--", "src"]).current_dir(dir.path());
        let changed = workspace::run(&mut command).unwrap();
        assert_eq!(changed.split_terminator('\0').count(), NAMES.len());
    }
}
