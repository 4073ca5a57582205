//! Steps and commands that run what lies in a folder.

use crate::essentials::commands::Command;
use crate::model::Step;

use super::fetch::join;

/// Programs that do what a file of the folder says, whatever follows: builds, installations, tests, hooks.
const ALWAYS: &[&str] = &[
    "act",
    "ant",
    "ava",
    "bazel",
    "bazelisk",
    "buck2",
    "cmake",
    "ctest",
    "cypress",
    "earthly",
    "eslint",
    "gmake",
    "gradle",
    "gradlew",
    "gulp",
    "grunt",
    "invoke",
    "jasmine",
    "jest",
    "just",
    "karma",
    "lerna",
    "make",
    "meson",
    "mocha",
    "mvn",
    "mvnw",
    "ninja",
    "nox",
    "nx",
    "phpunit",
    "playwright",
    "py.test",
    "pytest",
    "rake",
    "rspec",
    "sbt",
    "scons",
    "task",
    "tox",
    "turbo",
    "vite",
    "vitest",
    "webpack",
];

/// Programs that do so after certain words.
const VERBS: &[(&str, &[&str])] = &[
    (
        "npm",
        &[
            "ci",
            "i",
            "install",
            "install-test",
            "it",
            "t",
            "test",
            "tst",
            "run",
            "run-script",
            "start",
            "exec",
            "rebuild",
        ],
    ),
    ("pnpm", &["i", "install", "test", "t", "run", "exec", "build", "start", "rebuild", "lint"]),
    ("yarn", &["", "install", "test", "run", "build", "start", "lint", "exec", "rebuild", "workspaces", "workspace"]),
    ("bun", &["install", "i", "run", "test", "x"]),
    ("deno", &["task", "run", "test"]),
    (
        "cargo",
        &["build", "b", "test", "t", "run", "r", "check", "c", "clippy", "bench", "doc", "nextest", "xtask", "miri"],
    ),
    ("go", &["test", "run", "generate"]),
    ("bundle", &["", "install", "exec"]),
    ("composer", &["install", "update", "run", "run-script", "test", "exec"]),
    ("poetry", &["install", "run", "build"]),
    ("pdm", &["install", "run", "build"]),
    ("hatch", &["run", "build", "test"]),
    ("pipenv", &["install", "run", "sync"]),
    ("uv", &["sync", "run", "build"]),
    ("dotnet", &["build", "test", "run", "restore", "pack", "publish", "msbuild"]),
    ("swift", &["build", "test", "run"]),
    ("mix", &["deps.get", "compile", "test", "run"]),
    ("docker-compose", &["up", "build", "run"]),
    ("pre-commit", &["run"]),
    ("terraform", &["init", "plan", "apply"]),
    ("tofu", &["init", "plan", "apply"]),
    ("nix", &["build", "develop", "run"]),
    ("rebar3", &["compile", "ct", "eunit"]),
    ("stack", &["build", "test"]),
    ("cabal", &["build", "test", "run"]),
    ("flutter", &["test", "build", "run"]),
    ("lake", &["build", "test", "exe"]),
];

/// Programs that run the file they are given.
const INTERPRETERS: &[&str] = &[
    "bash", "sh", "zsh", "source", ".", "node", "python", "python3", "ruby", "perl", "php", "Rscript", "julia", "tsx",
    "ts-node", "pwsh",
];

/// Actions that build or install what lies in the workspace.
const ACTIONS: &[&str] =
    &["bahmutov/npm-install@", "borales/actions-yarn@", "cypress-io/github-action@", "pre-commit/action@"];

/// Where code of a pull request lies, and where other code.
pub(super) struct Folders<'a> {
    /// The folder of the code; empty for the workspace.
    pub(super) code: &'a str,
    /// Folders that a checkout filled with something else.
    pub(super) others: &'a [String],
}

impl Folders<'_> {
    /// Whether what is at `path` is of the pull request.
    fn theirs(&self, path: &str) -> bool {
        let elsewhere = |other: &String| !other.is_empty() && is_within(path, other);
        is_within(path, self.code) && !self.others.iter().any(elsewhere)
    }
}

/// Whether a step with `uses` runs code of the pull request.
pub(super) fn by_action(step: &Step, uses: &str, folders: &Folders<'_>) -> bool {
    let uses = uses.trim();
    if uses.starts_with("./") {
        return folders.theirs(&join("", uses));
    }
    let uses = uses.to_lowercase();
    let given = |name: &str| step.with.iter().find(|(key, _)| key.text == name).map(|(_, value)| value.text.trim());
    let here = |folder: Option<&str>| folders.theirs(&join("", folder.unwrap_or_default()));
    if uses.starts_with("docker/build-push-action@") {
        // Without a context, or with an address, it builds what git has there.
        let remote = |context: &str| context.contains("{{defaultContext}}") || context.contains("://");
        return given("context").is_some_and(|context| !remote(context) && here(Some(context)));
    }
    if uses.starts_with("ruby/setup-ruby@") {
        return given("bundler-cache") == Some("true") && here(given("working-directory"));
    }
    ACTIONS.iter().any(|action| uses.starts_with(action)) && here(given("working-directory"))
}

/// Flags before a folder in which to work.
const FOLDER_FLAGS: &[&str] = &["-C", "--prefix", "--cwd", "--dir", "--directory", "--project"];

/// Whether `command`, given in `folder`, runs code of the pull request.
pub(super) fn by_command(command: &Command<'_>, folder: &str, folders: &Folders<'_>) -> bool {
    let mut words = command.words();
    let mut folder = folder.to_owned();
    for flag in FOLDER_FLAGS {
        let long = format!("{flag}=");
        if let Some(at) = words.iter().position(|word| word == flag || word.starts_with(&long)) {
            let word = words.remove(at);
            let given = word.strip_prefix(&long).map(str::to_owned);
            let given = given.or_else(|| (at < words.len()).then(|| words.remove(at)));
            folder = join(&folder, &given.unwrap_or_default());
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let theirs = |path: &str| folders.theirs(path);
    match runs(command.name(), &command.program, &words) {
        Runs::Nothing => false,
        Runs::File(file) => theirs(&join(&folder, file)),
        Runs::Folder => {
            // Where the code lies in a folder of its own, that folder can be among the words.
            theirs(&folder) || (!folders.code.is_empty() && words.iter().any(|word| theirs(&join(&folder, word))))
        }
    }
}

/// What a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runs<'a> {
    Nothing,
    /// One file.
    File(&'a str),
    /// What files of the folder say.
    Folder,
}

fn is_within(folder: &str, outer: &str) -> bool {
    outer.is_empty() || folder.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn runs<'a>(name: &str, program: &'a str, words: &[&'a str]) -> Runs<'a> {
    let has = |flag: &str| words.contains(&flag);
    if !words.is_empty() && words.iter().all(|w| matches!(*w, "--version" | "-v" | "-V" | "--help" | "version")) {
        return Runs::Nothing;
    }
    if program.starts_with("./") || program.starts_with("../") {
        return Runs::File(program);
    }
    let plain: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with(['-', '+'])).collect();
    let verb = plain.first().copied().unwrap_or_default();
    let folder = |yes: bool| if yes { Runs::Folder } else { Runs::Nothing };
    if let Some((_, verbs)) = VERBS.iter().find(|(known, _)| *known == name) {
        let installs = matches!(verb, "ci" | "i" | "install" | "");
        let elsewhere = has("-g") || has("--global") || (installs && has("--ignore-scripts"));
        // A package that is named comes from the registry.
        let foreign = matches!(name, "npm" | "pnpm" | "bun") && installs && plain.len() > 1;
        return folder(verbs.contains(&verb) && !elsewhere && !foreign);
    }
    match name {
        "docker" => folder(match verb {
            "build" => true,
            "buildx" => has("build") || has("bake"),
            _ => verb == "compose" && (has("up") || has("build") || has("run")),
        }),
        "npx" | "bunx" => folder(ALWAYS.contains(&verb)),
        "pip" | "pip3" => folder(verb == "install" && installs_from_folder(words)),
        "python" | "python3" if has("-m") => folder(module(words)),
        _ if INTERPRETERS.contains(&name) => match plain.first() {
            Some(file) if !has("-c") && !has("-e") && is_file_here(file) => Runs::File(file),
            _ => Runs::Nothing,
        },
        _ => folder(ALWAYS.contains(&name)),
    }
}

/// `pip install` of the folder itself, or of what one of its files lists.
fn installs_from_folder(words: &[&str]) -> bool {
    words.iter().skip(1).any(|word| {
        matches!(*word, "-r" | "-e" | "." | "--requirement" | "--editable")
            || word.starts_with("./")
            || word.starts_with(".[")
    })
}

/// `python -m` with something that reads or runs the folder.
fn module(words: &[&str]) -> bool {
    let after = words.iter().position(|word| *word == "-m");
    let rest = after.map_or(&[][..], |at| words.get(at + 1..).unwrap_or_default());
    match rest {
        ["pip", "install", rest @ ..] => installs_from_folder(&[&["install"], rest].concat()),
        [module, ..] => matches!(*module, "pytest" | "unittest" | "build" | "tox" | "nox"),
        [] => false,
    }
}

/// Whether a script is a file of the folder: no absolute path, no variable.
fn is_file_here(file: &str) -> bool {
    !file.starts_with(['/', '~', '$']) && !file.starts_with("<(") && file.contains(['.', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::essentials::commands::Script;

    fn first(script: &str, folder: &str, code: &str) -> bool {
        let others = ["base".to_owned()];
        by_command(&Script::of(script).commands()[0], folder, &Folders { code, others: &others })
    }

    #[test]
    fn commands_that_run_the_folder() {
        for script in [
            "npm ci",
            "npm run build",
            "yarn",
            "yarn --frozen-lockfile",
            "pnpm i",
            "cargo +nightly test --all",
            "make",
            "go test ./...",
            "pip install -r requirements.txt",
            "pip install .",
            "python -m pytest",
            "python setup.py",
            "bash scripts/x.sh",
            "./gradlew build",
            "sudo ./run",
            "source x/y.sh",
            "docker build .",
            "node index.js",
            "npx jest",
            "CI=1 pytest -q",
            "bundle exec rake",
            "../x",
        ] {
            assert!(first(script, "", ""), "{script}");
        }
    }

    #[test]
    fn commands_that_run_something_else_or_nothing() {
        for script in [
            "npm ci --ignore-scripts",
            "npm install -g x",
            "npm i x@1",
            "npm --version",
            "make --version",
            "cargo fmt",
            "pip install black",
            "python -m pip install black",
            "python -c 'print()'",
            "git diff",
            "cat x.sh",
            "echo make",
            "bash -c 'x'",
            "docker buildx ls",
            "bash /opt/x.sh",
            "node -e '1'",
            "npx prettier --check .",
            "go vet",
            "jq . x.json",
            "cd x",
        ] {
            assert!(!first(script, "", ""), "{script}");
        }
    }

    #[test]
    fn the_folder_decides_where_the_code_lies_in_one() {
        for (script, folder, code, expected) in [
            ("npm ci", "pr", "pr", true),
            ("npm ci", "pr/a", "pr", true),
            ("npm ci", "", "pr", false),
            ("npm ci", "prs", "pr", false),
            ("npm ci", "base", "", false),
            ("npm --prefix pr ci", "", "pr", true),
            ("npm --prefix base ci", "", "", false),
            ("python tool.py pr/x", "", "pr", false),
            ("bash base/x.sh", "", "", false),
            ("pytest pr/tests", "", "pr", true),
            ("docker build pr", "", "pr", true),
            ("npm ci --prefix pr", "", "pr", true),
            ("npm ci --prefix=pr", "", "pr", true),
            ("make -C pr/x", "", "pr", true),
            ("bash pr/x.sh", "", "pr", true),
            ("bash x.sh", "", "pr", false),
            ("./pr/x", "", "pr", true),
        ] {
            assert_eq!(first(script, folder, code), expected, "{script} in {folder}");
        }
    }
}
