//! A folder of its own for each test, and the binaries run in a scrubbed environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::SystemTime;

use serde_json::Value;
use tempfile::TempDir;

/// Set for a process of this program that plays the faulty tollgate, or the binary of one of its checkers.
pub(crate) const FAULTY: &str = "TOLLGATE_TEST_TOOLS";

/// What it is set to for the faulty tollgate itself.
pub(crate) const UMBRELLA: &str = "1";

/// Tests of one module, by name.
pub(crate) type Tests = Vec<(&'static str, fn())>;

/// What a process left behind.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Its standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}\n{}", self.stdout, self.stderr))
    }

    /// Asserts the exit code, showing what was said where it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that standard output holds every one of `words`.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.flat().contains(word), "{word:?} is not in:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        }
        self
    }

    /// Asserts that standard error holds every one of `words`.
    #[track_caller]
    pub(crate) fn complains(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} is not in:\n{}", self.stderr);
        }
        self
    }

    /// Standard output with its line breaks and indents folded, so that wrapping does not matter.
    pub(crate) fn flat(&self) -> String {
        self.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A temporary folder.
pub(crate) struct Sandbox {
    dir: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::new().expect("a temporary folder") }
    }

    /// A git repository with one commit of `files` on main, and a remote branch origin/main that is there too.
    pub(crate) fn repository(files: &[(&str, &str)]) -> Self {
        let sandbox = Self::new();
        sandbox.git(&["init", "-q", "-b", "main"]);
        sandbox.write(".gitignore", "/out\n");
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox.commit("first");
        sandbox.git(&["remote", "add", "origin", "."]);
        sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        sandbox
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.read(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// The commit that is checked out.
    pub(crate) fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// Runs git here and returns what it prints.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = scrubbed(Command::new("git")).current_dir(self.path()).args(arguments).output().expect("git");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Runs `tollgate` here.
    pub(crate) fn tollgate(&self, arguments: &[&str]) -> Outcome {
        self.run(env!("CARGO_BIN_EXE_tollgate"), arguments, &[])
    }

    /// Runs `tollgate` here with variables set.
    pub(crate) fn tollgate_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
        self.run(env!("CARGO_BIN_EXE_tollgate"), arguments, variables)
    }

    /// Runs the faulty tollgate here.
    pub(crate) fn faulty(&self, arguments: &[&str]) -> Outcome {
        self.faulty_with(arguments, &[(FAULTY, UMBRELLA)])
    }

    /// Runs the faulty tollgate here, or the binary of a checker, as the variables say.
    pub(crate) fn faulty_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let program = std::env::current_exe().expect("this program");
        self.run(program.to_str().expect("a path in UTF-8"), arguments, variables)
    }

    pub(crate) fn run(&self, program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let mut command = scrubbed(Command::new(program));
        let output = command.current_dir(self.path()).args(arguments).envs(variables.iter().copied()).output();
        outcome(output.expect("the program starts"))
    }
}

fn outcome(output: Output) -> Outcome {
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Nothing of the machine, the workflow or the user comes through.
pub(crate) fn scrubbed(mut command: Command) -> Command {
    const PREFIXES: [&str; 5] = ["GITHUB_", "TOLLGATE_", "RUNNER_", "GIT_", "CLICOLOR"];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy().into_owned();
        if PREFIXES.iter().any(|p| text.starts_with(p)) || matches!(text.as_str(), "CI" | "NO_COLOR" | "TERM") {
            command.env_remove(&name);
        }
    }
    command.envs([
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "t"),
        ("GIT_AUTHOR_EMAIL", "t@example.invalid"),
        ("GIT_COMMITTER_NAME", "t"),
        ("GIT_COMMITTER_EMAIL", "t@example.invalid"),
        ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
        ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
    ]);
    command
}

/// The top of this repository.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Copies a folder of this repository.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}", from.display())) {
        let entry = entry.expect("an entry");
        let name = entry.file_name();
        if matches!(name.to_str(), Some("node_modules" | ".tollgate")) {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// The server of the example shop, built once for all tests.
pub(crate) fn shop_server() -> &'static str {
    static BUILT: OnceLock<String> = OnceLock::new();
    BUILT.get_or_init(|| {
        // This program lies in `deps` of the folder that binaries are built into.
        let program = std::env::current_exe().expect("this program");
        let folder = program.parent().and_then(Path::parent).expect("a folder of binaries");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "-p", "shop-server", "--manifest-path"]);
        cargo.arg(workspace().join("Cargo.toml")).arg("--target-dir").arg(folder.parent().expect("a target folder"));
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo").success(), "shop-server is built");
        folder.join("shop-server").to_str().expect("a path in UTF-8").to_owned()
    })
}

/// Copies the example shop, with a policy that starts the server built here, and asks it for a shorter time than it should be.
pub(crate) fn copy_shop(to: &Path) {
    copy(&workspace().join("examples/shop"), to);
    let policy = fs::read_to_string(to.join("tollgate.toml")).expect("a policy");
    let here = |line: &str| match line {
        "[latency]" => format!("{line}\nrate = 200.0\nmin_duration = \"600 ms\"\n"),
        line if line.starts_with("start = ") => format!("start = \"exec {}\"\n", shop_server()),
        line => format!("{line}\n"),
    };
    fs::write(to.join("tollgate.toml"), policy.lines().map(here).collect::<String>()).expect("a policy");
}

/// The gate of this name in a run.
#[track_caller]
pub(crate) fn gate<'a>(run: &'a Value, name: &str) -> &'a Value {
    let gates = run["decision"]["gates"].as_array().expect("gates");
    gates.iter().find(|g| g["name"] == name).unwrap_or_else(|| panic!("no gate {name}: {gates:#?}"))
}

/// LCOV of one file whose lines are hit as `hits` say, from line 1.
pub(crate) fn lcov(path: &str, hits: &[u32]) -> String {
    let lines: String = hits.iter().enumerate().map(|(i, h)| format!("DA:{},{h}\n", i + 1)).collect();
    format!("SF:{path}\n{lines}end_of_record\n")
}

/// The day that is `days` from today.
pub(crate) fn day(days: i64) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock");
    let seconds = now.as_secs().checked_add_signed(days * 86_400).expect("a day since 1970");
    tollgate_model::Date::from_unix(seconds).to_string()
}
