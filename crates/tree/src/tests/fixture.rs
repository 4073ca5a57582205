//! Repositories made at run time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::Repository;

/// A folder with a repository in it, and git with nothing of the machine's settings.
pub(crate) struct Fixture {
    pub(crate) _dir: TempDir,
    pub(crate) top: PathBuf,
}

impl Fixture {
    /// A repository without a commit.
    pub(crate) fn empty() -> Self {
        let fixture = Self::folder();
        fixture.init(&[]);
        fixture
    }

    /// A repository with one commit of these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let fixture = Self::empty();
        for (path, text) in files {
            fixture.write(path, text);
        }
        fixture.commit();
        fixture
    }

    /// A folder without a repository.
    pub(crate) fn folder() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(dir.path()).unwrap().join("top");
        fs::create_dir(&top).unwrap();
        Self { _dir: dir, top }
    }

    /// Makes the folder a repository whose settings do not depend on the machine's.
    pub(crate) fn init(&self, args: &[&str]) {
        self.git(&[&["init", "-q", "-b", "main"], args].concat());
        self.settle();
    }

    /// Settings of the machine that could leak into gix, which reads them from this process.
    pub(crate) fn settle(&self) {
        for (key, value) in [("core.autocrlf", "false"), ("core.excludesFile", ""), ("core.attributesFile", "")] {
            self.git(&["config", key, value]);
        }
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        self.git_in(&self.top, args, &[])
    }

    pub(crate) fn git_in(&self, folder: &Path, args: &[&str], env: &[(&str, &Path)]) -> String {
        String::from_utf8_lossy(&bytes(command(folder).args(args).envs(env.iter().copied()))).into_owned()
    }

    /// Like `git`, for output that is no text.
    pub(crate) fn git_bytes(&self, args: &[&str]) -> Vec<u8> {
        bytes(command(&self.top).args(args))
    }

    /// Like `git`, for what may fail, such as a merge with conflicts.
    pub(crate) fn try_git(&self, args: &[&str]) {
        command(&self.top).args(args).output().unwrap();
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let place = self.top.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.top.join(path)).unwrap();
    }

    /// Commits everything; its id.
    pub(crate) fn commit(&self) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "commit"]);
        self.head()
    }

    /// The same at this time.
    pub(crate) fn commit_at(&self, date: &str) -> String {
        let env = [("GIT_AUTHOR_DATE", Path::new(date)), ("GIT_COMMITTER_DATE", Path::new(date))];
        self.git(&["add", "-A"]);
        self.git_in(&self.top, &["commit", "-q", "--allow-empty", "-m", "commit"], &env);
        self.head()
    }

    /// The id of what `rev` names.
    pub(crate) fn id(&self, rev: &str) -> String {
        self.git(&["rev-parse", rev]).trim().to_owned()
    }

    /// A clone of it.
    pub(crate) fn cloned(&self, args: &[&str]) -> Self {
        let clone = Self::folder();
        let url = format!("file://{}", self.top.display());
        clone.git(&[&["clone", "-q"], args, &[&url, "."]].concat());
        clone.settle();
        clone
    }

    pub(crate) fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    pub(crate) fn open(&self) -> Repository {
        self.open_at("")
    }

    pub(crate) fn open_at(&self, root: &str) -> Repository {
        Repository::discover(&self.top.join(root)).unwrap().unwrap()
    }
}

fn bytes(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}: {error}", command.get_args());
    output.stdout
}

/// git in `folder`, free of the settings of the machine and of whatever runs these tests.
fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", folder);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "N").env(format!("GIT_{role}_EMAIL"), "n@example.org");
        command.env(format!("GIT_{role}_DATE"), "2026-01-01T00:00:00Z");
    }
    command.args(["-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false"]);
    command
}
