//! Programs: other scripts, checks, and what cannot be looked into.

mod checks;
mod opaque;
mod scripts;

use std::rc::Rc;

use tollgate_model::Confidence;

use super::Machine;
use super::flow::{Flow, Paths};
use super::seen::{LossKind, Missing};
use super::state::State;
use super::unwrap::{self, Inner, Passes};
use super::value::{Status, Value};
use crate::catalogue::{self, Tool};
use crate::packages::Call;
use crate::shell::ast::At;
use crate::{names, paths};

/// Programs that carry things about and judge nothing.
pub(super) const CARRIERS: [&str; 75] = [
    "git",
    "gh",
    "hub",
    "curl",
    "wget",
    "scp",
    "rsync",
    "ssh",
    "tar",
    "zip",
    "unzip",
    "gzip",
    "gunzip",
    "7z",
    "aws",
    "gcloud",
    "az",
    "gsutil",
    "kubectl",
    "helm",
    "docker",
    "docker-compose",
    "podman",
    "buildah",
    "skopeo",
    "apt-get",
    "apt",
    "apk",
    "dnf",
    "yum",
    "brew",
    "choco",
    "winget",
    "snap",
    "pip",
    "pip3",
    "pipx",
    "npm",
    "pnpm",
    "yarn",
    "bun",
    "corepack",
    "rustup",
    "gem",
    "go",
    "cargo",
    "uv",
    "poetry",
    "vercel",
    "netlify",
    "railway",
    "heroku",
    "fly",
    "flyctl",
    "wrangler",
    "open",
    "kill",
    "pkill",
    "killall",
    "ps",
    "lsof",
    "nc",
    "systemctl",
    "service",
    "tree",
    "file",
    "xdg-open",
    "say",
    "logger",
    "yes",
    "diff",
    "cmp",
    "comm",
    "openssl",
    "gpg",
];

/// Programs that look at something and judge nothing.
pub(super) const UTILITIES: [&str; 24] = [
    "awk",
    "gawk",
    "find",
    "xargs",
    "du",
    "df",
    "ls",
    "env",
    "printenv",
    "export",
    "nohup",
    "timeout",
    "wait-on",
    "npx",
    "lscpu",
    "hexdump",
    "base64",
    "sha256sum",
    "md5sum",
    "cksum",
    "envsubst",
    "yq",
    "xmllint",
    "vi",
];

/// Interpreters whose first operand is a script.
const INTERPRETERS: [&str; 12] =
    ["node", "python", "python3", "ruby", "perl", "php", "tsx", "ts-node", "deno", "bun", "pwsh", "powershell"];

/// What is known of a command that checks something.
pub(in crate::machine) struct Hit<'t> {
    tool: Rc<str>,
    kind: &'static str,
    known: Option<&'t Tool>,
    confidence: Confidence,
    program: Rc<str>,
    /// It is known from its text that it can fail.
    fails: bool,
}

impl Machine<'_> {
    /// Runs a program.
    pub(super) fn program(&mut self, arguments: &[Value], state: State, at: &At) -> Paths {
        // What is not known is written as a variable: nobody takes that for a name.
        let argv: Vec<String> = arguments.iter().map(|value| value.sketch().replace('\u{FFFC}', "${_}")).collect();
        let words: Vec<&str> = argv.iter().map(String::as_str).collect();
        if self.calls >= super::DEEPEST {
            return self.opaque(arguments, state);
        }
        if let Some(inner) = unwrap::inner(&words) {
            return self.wrapped(arguments, inner, state, at);
        }
        let tool = catalogue::tool(&words).filter(|tool| tool.is_check(&words));
        // A wrapper that lies in the repository (`./gradlew`) is the tool; any other script is what it says.
        let wrapper = matches!(paths::base(words[0]), "gradlew" | "mvnw" | "sbtx" | "millw");
        if !wrapper && let Some(paths) = self.shell(arguments, &words, state.clone(), at) {
            return paths;
        }
        // Programs are known as they are called before it is asked what a package manager would make of them; targets are
        // looked up first, since their names say little.
        let targets = matches!(paths::base(words[0]), "make" | "gmake" | "just" | "task" | "invoke" | "rake");
        if let Some(tool) = tool.filter(|_| !targets) {
            return self.check(arguments, &words, &hit(tool, &words), state, at);
        }
        let folder = state.folder.clone();
        if let Some(folder) = folder {
            match self.world.packages.resolve(&folder, &argv) {
                Call::Itself | Call::Builtin => {}
                Call::Unknown { .. } => {
                    if let Some(hit) = by_script_name(&words).filter(|_| !targets || tool.is_none()) {
                        return self.check(arguments, &words, &hit, state, at);
                    }
                }
                Call::Program { argv, cwd } => {
                    let inner: Vec<Value> = argv.iter().map(|word| Value::known(word)).collect();
                    return self.deeper(|machine| {
                        let before = state.clone();
                        let state = State { folder: Some(cwd.as_str().into()), ..state };
                        let paths = machine.dispatch(&inner, state, at, true);
                        paths
                            .into_iter()
                            .map(|(state, flow)| {
                                let status = super::flow::flow_status(&state, flow);
                                (machine.leave(&before, state, status), Flow::Next)
                            })
                            .collect()
                    });
                }
                Call::Scripts { scripts, ignores_failure, skipped_packages, undefined, .. } => {
                    for name in undefined.iter().filter(|_| !self.foreign_tree) {
                        let like_check = names::script(name).is_some();
                        let missing = Missing {
                            what: format!("script `{name}`"),
                            looked_in: Vec::new(),
                            near: None,
                            silent: true,
                            chain: self.chain_to(at.start),
                            like_check,
                        };
                        if !self.missing.contains(&missing) {
                            self.missing.push(missing);
                        }
                    }
                    return self.scripts(&scripts, ignores_failure, &skipped_packages, state, at);
                }
                Call::Missing { what, looked_in, near, silent } => {
                    return self.nobody_defines(what, looked_in, near, silent, state, at, &argv);
                }
            }
        }
        if let Some(tool) = tool {
            let hit = Hit { confidence: Confidence::Medium, ..hit(tool, &words) };
            return self.check(arguments, &words, &hit, state, at);
        }
        if unwrap::elsewhere(&words)
            && let Some(from) = (1..words.len()).find(|from| {
                // What follows an option belongs to it: a folder, an image's name.
                let before = words[from - 1];
                let valued = before.starts_with('-') && before != "--";
                !valued
                    && !words[*from].contains([':', '='])
                    && catalogue::tool(&words[*from..]).is_some_and(|tool| tool.is_check(&words[*from..]))
            })
        {
            let inner = words[from..].to_vec();
            if let Some(tool) = catalogue::tool(&inner) {
                return self.check(&arguments[from..], &inner, &hit(tool, &inner), state, at);
            }
        }
        if unwrap::elsewhere(&words)
            && words.iter().take(4).any(|word| matches!(*word, "run" | "exec"))
            && let Some((at_image, program)) =
                (1..words.len()).find_map(|at| Some((at, catalogue::program_of_image(words[at])?)))
        {
            let mut inner = vec![program];
            inner.extend(words.get(at_image + 1..).unwrap_or_default().iter().filter(|word| **word != program));
            if let Some(tool) = catalogue::tool(&inner).filter(|tool| tool.is_check(&inner)) {
                return self.check(arguments, &inner, &hit(tool, &inner), state, at);
            }
        }
        if let Some(paths) = self.named(arguments, &words, state.clone(), at) {
            return paths;
        }
        self.opaque(arguments, state)
    }

    fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.calls += 1;
        let result = run(self);
        self.calls -= 1;
        result
    }

    fn wrapped(&mut self, arguments: &[Value], inner: Inner, state: State, at: &At) -> Paths {
        match inner {
            Inner::Text(text) => self.nested(&text, self.frame.origin.clone(), &[], state, (false, false), at),
            Inner::Words(from, to, passes) => {
                let words = arguments.get(from..to).unwrap_or_default().to_vec();
                let paths = self.deeper(|machine| machine.dispatch(&words, state, at, true));
                if passes == Passes::On {
                    return paths;
                }
                let lost = |(mut state, flow): (State, Flow)| {
                    let status = super::flow::flow_status(&state, flow);
                    state.status = Status::OK;
                    (state, status.fails_by_check())
                };
                let ended: Vec<(State, bool)> = paths.into_iter().map(lost).collect();
                if ended.iter().any(|(_, lost)| *lost) {
                    let link = self.link(at.start);
                    self.lose(LossKind::FindExec, link);
                }
                ended.into_iter().map(|(state, _)| (state, Flow::Next)).collect()
            }
        }
    }

    /// A program that is known by its name alone to check something.
    fn named(&mut self, arguments: &[Value], words: &[&str], state: State, at: &At) -> Option<Paths> {
        let program = paths::base(words.first()?);
        let script = if INTERPRETERS.contains(&program) {
            let operand = words.iter().skip(1).find(|word| !word.starts_with('-'))?;
            operand.contains('.').then_some(*operand)
        } else if words[0].contains('/') || program == "make" || program == "just" || program == "task" {
            Some(match program {
                "make" | "just" | "task" => {
                    words.iter().skip(1).find(|word| !word.starts_with('-') && !word.contains('=')).copied()?
                }
                _ => words[0],
            })
        } else {
            None
        };
        let by_script = script.and_then(names::script);
        let utility = CARRIERS.contains(&program) || UTILITIES.contains(&program) || catalogue::knows(program);
        let plausible = program.len() > 2
            && program.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'));
        let by_step =
            self.named_like_check && plausible && !utility && (script.is_some() || !INTERPRETERS.contains(&program));
        if by_script.is_none() && !by_step {
            return None;
        }
        if let Some(path) = script
            && let Some(place) = self.place(path, &state)
            && path.contains('.')
            && !self.world.contains(&place)
            && !state.files.contains_key(&*place)
            && self.surely_missing(&place)
        {
            return Some(self.no_script(format!("script {path}"), &place, state, at));
        }
        let name = script.map_or(program, paths::base);
        let confidence = if by_script == Some(Confidence::High) { Confidence::High } else { Confidence::Medium };
        let hit =
            Hit { tool: name.into(), kind: "other", known: None, confidence, program: program.into(), fails: false };
        Some(self.check(arguments, words, &hit, state, at))
    }
}

/// What is known of a command that `tool` is.
fn hit<'t>(tool: &'t Tool, words: &[&str]) -> Hit<'t> {
    let program = paths::base(words.first().copied().unwrap_or_default());
    Hit {
        tool: tool.name().into(),
        kind: tool.kind.word(),
        known: Some(tool),
        confidence: Confidence::High,
        program: program.into(),
        fails: false,
    }
}

/// A script that a runner is asked for and that cannot be looked up, known by its name.
fn by_script_name(words: &[&str]) -> Option<Hit<'static>> {
    const RUNNERS: [&str; 12] =
        ["npm", "pnpm", "yarn", "bun", "turbo", "nx", "lerna", "make", "just", "task", "deno", "composer"];
    let program = paths::base(words.first()?);
    if !RUNNERS.contains(&program) {
        return None;
    }
    let name = words.iter().skip(1).find(|word| !word.starts_with('-') && names::script(word).is_some())?;
    Some(Hit {
        tool: (*name).into(),
        kind: "other",
        known: None,
        confidence: Confidence::Medium,
        program: program.into(),
        fails: false,
    })
}
