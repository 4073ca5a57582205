//! The workspace as the chores see it: its folder, its files, its crates.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) struct Workspace {
    root: PathBuf,
}

/// One crate of the workspace.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Package {
    /// Package name.
    pub(crate) name: String,
    /// Its `Cargo.toml`, absolute.
    pub(crate) manifest_path: PathBuf,
    /// Everything it depends on directly: for building, running or testing.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One direct dependency.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Dependency {
    /// Package name.
    pub(crate) name: String,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

impl Workspace {
    /// The workspace that this program belongs to: where `cargo` runs it, or where it was built.
    pub(crate) fn find() -> Result<Self> {
        let xtask = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = xtask.parent().context("xtask has no parent folder")?;
        Self::at(root)
    }

    /// The workspace at `root`.
    pub(crate) fn at(root: &Path) -> Result<Self> {
        if !root.join("Cargo.toml").is_file() {
            bail!("{}: no Cargo.toml; run this through `cargo xtask`", root.display());
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The absolute path of something in it.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// The text of a file in it.
    pub(crate) fn read(&self, relative: &str) -> Result<String> {
        fs::read_to_string(self.path(relative)).with_context(|| relative.to_owned())
    }

    /// Every file that is, or would be, committed; relative, with forward slashes, sorted.
    pub(crate) fn files(&self) -> Result<Vec<String>> {
        let listed = self.output("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
        let mut files: Vec<String> =
            listed.split('\0').filter(|f| !f.is_empty() && self.path(f).is_file()).map(str::to_owned).collect();
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// Its crates.
    pub(crate) fn packages(&self) -> Result<Vec<Package>> {
        Ok(self.metadata()?.packages)
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> Result<PathBuf> {
        Ok(self.metadata()?.target_directory)
    }

    fn metadata(&self) -> Result<Metadata> {
        let text = self.output(cargo(), ["metadata", "--format-version", "1", "--no-deps", "--offline"])?;
        serde_json::from_str(&text).context("cargo metadata")
    }

    /// What a command, run in the workspace's folder, writes to standard output. It must succeed.
    pub(crate) fn output<I>(&self, program: impl AsRef<OsStr>, arguments: I) -> Result<String>
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        run(Command::new(program).args(arguments).current_dir(&self.root))
    }
}

/// The cargo that runs us.
pub(crate) fn cargo() -> std::ffi::OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// What `command` writes to standard output. It must succeed; otherwise the error carries what it wrote to both.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let shown = format!("{:?} {:?}", command.get_program(), command.get_args().collect::<Vec<_>>());
    let output = command.output().with_context(|| format!("cannot run {shown}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("{shown}: {}\n{stdout}{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(stdout)
}

#[cfg(test)]
impl Workspace {
    /// A workspace in a fresh git repository that holds `files`.
    pub(crate) fn made_up(files: &[(&str, &str)]) -> (tempfile::TempDir, Self) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in [("Cargo.toml", "[workspace]\n")].iter().chain(files) {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().expect("a file has a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        run(Command::new("git").args(["init", "-q"]).current_dir(dir.path())).expect("git init");
        let workspace = Self::at(dir.path()).expect("a workspace");
        (dir, workspace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_those_that_would_be_committed() {
        let (_dir, workspace) = Workspace::made_up(&[(".gitignore", "/target\n"), ("target/x", ""), ("a/ä b.rs", "")]);
        assert_eq!(workspace.files().unwrap(), [".gitignore", "Cargo.toml", "a/ä b.rs"]);
    }

    #[test]
    fn a_failing_command_is_quoted() {
        let (_dir, workspace) = Workspace::made_up(&[]);
        let message = workspace.output("git", ["no-such-verb"]).unwrap_err().to_string();
        assert!(message.contains("no-such-verb") && message.contains("not a git command"), "{message}");
    }

    #[test]
    fn our_own_crates_are_found() {
        let packages = Workspace::find().unwrap().packages().unwrap();
        let xtask = packages.iter().find(|p| p.name == "xtask").unwrap();
        assert!(xtask.dependencies.iter().any(|d| d.name == "tollgate-rules"));
    }
}
