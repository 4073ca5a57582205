//! A runner: a folder for what lives as long as the job, a tool cache, a copy of our action, and the programs that it finds
//! first on its PATH.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::release;
use crate::support::{copy, scrubbed, workspace};

/// Names of step outputs and their values.
pub(super) type Outputs = BTreeMap<String, String>;

/// One runner.
pub(super) struct Host {
    dir: TempDir,
    /// What stands before the machine's PATH, or in place of it.
    path: String,
    /// Variables that every step sees.
    pub(super) env: BTreeMap<String, String>,
}

/// What a script left behind.
#[derive(Clone, Debug, Default)]
pub(super) struct Left {
    pub(super) code: i32,
    pub(super) log: String,
    pub(super) summary: String,
    pub(super) outputs: Outputs,
}

impl Host {
    /// A runner with our action, and with its newest release in the tool cache; that is the tollgate under test.
    pub(super) fn new() -> Self {
        let host = Self::bare();
        release::cached(&host);
        host
    }

    /// A runner with our action, for which no release is listed; neither curl nor gh can do anything.
    pub(super) fn bare() -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        for folder in ["temp", "tools", "bin", "action"] {
            fs::create_dir(dir.path().join(folder)).expect("a folder");
        }
        let action = dir.path().join("action");
        fs::copy(workspace().join("action.yml"), action.join("action.yml")).expect("action.yml");
        copy(&workspace().join("action"), &action.join("action"));
        let path = std::env::var("PATH").expect("a PATH");
        let path = format!("{}:{path}", dir.path().join("bin").display());
        let host = Self { dir, path, env: BTreeMap::new() };
        host.shim("curl", "exit 97");
        host.shim("gh", "exit 98");
        host
    }

    pub(super) fn join(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// The folder for what lives as long as the job.
    pub(super) fn temp(&self) -> String {
        self.join("temp").to_str().expect("UTF-8").to_owned()
    }

    /// Puts a program on the PATH that writes down how it was called, each argument ended by NUL, then runs `script`.
    pub(super) fn shim(&self, name: &str, script: &str) {
        self.program(&self.join("bin").join(name), name, script);
    }

    /// Writes a program that writes down how it was called as `name`.
    pub(super) fn program(&self, place: &Path, name: &str, script: &str) {
        let calls = self.join("calls");
        let text = format!(
            "#!/bin/sh\nprintf '%s\\0' {name} \"$@\" >> '{calls}'\nprintf '\\n\\0' >> '{calls}'\n{script}\n",
            calls = calls.display()
        );
        fs::write(place, text).expect("a program");
        fs::set_permissions(place, fs::Permissions::from_mode(0o755)).expect("permissions");
    }

    /// Leaves these programs of the machine on the PATH, and none beside them and the shims.
    pub(super) fn only(&mut self, programs: &[&str]) {
        let place = self.join("programs");
        fs::create_dir(&place).expect("a folder");
        for program in programs {
            let found = std::env::split_paths(&self.path).map(|folder| folder.join(program)).find(|path| path.exists());
            let found = found.unwrap_or_else(|| panic!("{program} is not on this machine"));
            std::os::unix::fs::symlink(found, place.join(program)).expect("a link");
        }
        self.path = format!("{}:{}", self.join("bin").display(), place.display());
    }

    /// How the programs were called, in order: the name, then the arguments.
    pub(super) fn calls(&self) -> Vec<Vec<String>> {
        let text = fs::read(self.join("calls")).unwrap_or_default();
        let text = String::from_utf8(text).expect("UTF-8");
        let mut calls = vec![Vec::new()];
        for word in text.split_terminator('\0') {
            match word {
                "\n" => calls.push(Vec::new()),
                word => calls.last_mut().expect("one").push(word.to_owned()),
            }
        }
        calls.pop();
        calls
    }

    /// How `name` was called, in order.
    pub(super) fn calls_of(&self, name: &str) -> Vec<Vec<String>> {
        let calls = self.calls().into_iter().filter(|call| call[0] == name);
        calls.map(|call| call[1..].to_vec()).collect()
    }

    /// Runs a script as a runner does, in `place`, with these variables.
    pub(super) fn script(
        &self,
        script: &str,
        shell: Option<&str>,
        env: &BTreeMap<String, String>,
        place: &Path,
    ) -> Left {
        let files = TempDir::new_in(self.dir.path()).expect("a folder");
        let file = |name: &str| files.path().join(name);
        let given = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"];
        for name in given {
            fs::write(file(name), "").expect("a file");
        }
        fs::write(file("script"), script).expect("a script");
        let arguments: &[&str] = match shell {
            Some("bash") => &["--noprofile", "--norc", "-eo", "pipefail"],
            None => &["-e"],
            Some(other) => panic!("an unknown shell: {other}"),
        };
        let mut command = scrubbed(Command::new("bash"));
        command.args(arguments).arg(file("script")).current_dir(place);
        command.envs([("PATH", &self.path), ("RUNNER_TEMP", &self.temp())]);
        command.env("RUNNER_TOOL_CACHE", self.join("tools")).env("GITHUB_ACTION_PATH", self.join("action"));
        command.envs([("RUNNER_OS", "Linux"), ("RUNNER_ARCH", "X64"), ("GITHUB_ACTIONS", "true")]);
        command.envs(&self.env).envs(env).envs(given.map(|name| (name, file(name))));
        let output = command.output().expect("bash");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let read = |name: &str| text(&fs::read(file(name)).expect("the file is there"));
        for name in ["GITHUB_ENV", "GITHUB_PATH"] {
            assert_eq!(read(name), "", "{name} changes what later steps run");
        }
        Left {
            code: output.status.code().unwrap_or(-1),
            log: text(&output.stdout) + &text(&output.stderr),
            summary: read("GITHUB_STEP_SUMMARY"),
            outputs: outputs(&read("GITHUB_OUTPUT")),
        }
    }
}

/// What a file of outputs says: `name=value`, and `name<<END`, lines, `END`.
fn outputs(text: &str) -> Outputs {
    let mut outputs = Outputs::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let heredoc = line.split_once("<<").filter(|(name, _)| !name.contains('='));
        let (name, value) = match heredoc {
            Some((name, end)) => {
                let inner: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
                (name, inner.join("\n"))
            }
            None => {
                let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("no output: {line:?} in {text:?}"));
                (name, value.to_owned())
            }
        };
        outputs.insert(name.to_owned(), value);
    }
    outputs
}

/// The workflow commands in a log that a runner obeys: none where they are stopped.
pub(super) fn commands(log: &str) -> Vec<String> {
    let mut stopped: Option<String> = None;
    let mut obeyed = Vec::new();
    for line in log.lines() {
        let line = line.trim_start();
        match &stopped {
            Some(token) if line == format!("::{token}::") => stopped = None,
            Some(_) => {}
            None => match line.strip_prefix("::stop-commands::") {
                Some(token) => stopped = Some(token.to_owned()),
                None if line.starts_with("::") || line.contains("##[") => obeyed.push(line.to_owned()),
                None => {}
            },
        }
    }
    assert!(stopped.is_none(), "workflow commands stay stopped: {log}");
    obeyed
}

/// A mapping of texts, interpolated by `value`.
pub(super) fn texts(node: &Value, value: impl Fn(&str) -> String) -> BTreeMap<String, String> {
    let entries = node.as_object().into_iter().flatten();
    entries
        .map(|(name, text)| {
            let text = text.as_str().map_or_else(|| text.to_string(), &value);
            (name.clone(), text)
        })
        .collect()
}
