//! Commands that run another command: what they run.

use crate::paths;

/// What a wrapper does with the status of what it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passes {
    /// It is its own.
    On,
    /// It is lost: `find -exec … \;`.
    Not,
}

/// The command that `argv` runs, where it is a wrapper: the index of its first word, or a script of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Inner {
    /// The words from here to there.
    Words(usize, usize, Passes),
    /// A text for a shell.
    Text(String),
}

/// Flags of wrappers that take a value of their own.
const VALUED: [&str; 40] = [
    "-u",
    "-g",
    "-n",
    "-s",
    "-k",
    "-I",
    "-L",
    "-P",
    "-d",
    "-a",
    "-e",
    "-w",
    "-c",
    "-f",
    "-p",
    "-i",
    "-o",
    "--user",
    "--signal",
    "--kill-after",
    "--workdir",
    "--env",
    "--network",
    "--name",
    "--entrypoint",
    "--volume",
    "-v",
    "--mount",
    "--env-file",
    "--adjustment",
    "--delimiter",
    "--max-args",
    "--max-procs",
    "--server-args",
    "--profile",
    "--file",
    "--project-name",
    "--retries",
    "--delay",
    "--service",
];

/// What `argv` runs, if it is a wrapper.
pub(super) fn inner(argv: &[&str]) -> Option<Inner> {
    let program = paths::base(argv.first()?);
    let end = argv.len();
    let words = |from: usize| (from < end).then_some(Inner::Words(from, end, Passes::On));
    match program {
        "sudo" | "doas" | "nohup" | "time" | "nice" | "ionice" | "setsid" | "stdbuf" | "unbuffer" | "xvfb-run"
        | "command" | "gosu" | "caffeinate" | "strace" | "valgrind" | "catchsegv" | "ccache" | "scan-build"
        | "arch" | "chronic" | "with-env" | "exec" => words(after_flags(argv, 1, program == "gosu")),
        "timeout" | "gtimeout" => words(after_flags(argv, 1, false) + 1),
        "retry" => words(after_flags(argv, 1, false)).map(|inner| match inner {
            Inner::Words(from, end, passes) if argv[from].parse::<f64>().is_ok() => Inner::Words(from + 1, end, passes),
            other => other,
        }),
        "env" | "cross-env" | "dotenv" | "cross-env-shell" => {
            let mut from = after_flags(argv, 1, false);
            while argv.get(from).is_some_and(|word| is_assignment(word)) {
                from += 1;
            }
            words(from)
        }
        "dotenvx" | "op" | "doppler" | "infisical" if argv.get(1) == Some(&"run") => behind(argv, "--"),
        "mise" | "rtx" if matches!(argv.get(1), Some(&"exec" | &"x")) => behind(argv, "--"),
        "devbox" if argv.get(1) == Some(&"run") => words(after_flags(argv, 2, false)),
        "direnv" if argv.get(1) == Some(&"exec") => words(3),
        "nix" => behind(argv, "--command").or_else(|| behind(argv, "-c")),
        "nix-shell" => {
            let at = argv.iter().position(|word| *word == "--run" || *word == "--command")?;
            Some(Inner::Text((*argv.get(at + 1)?).to_owned()))
        }
        "su" | "script" => {
            let at = argv.iter().position(|word| word.starts_with('-') && word.ends_with('c'))?;
            Some(Inner::Text((*argv.get(at + 1)?).to_owned()))
        }
        "coverage" if argv.get(1) == Some(&"run") => {
            let module = argv.iter().position(|word| *word == "-m");
            words(module.map_or_else(|| after_flags(argv, 2, false), |at| at + 1))
        }
        "xargs" | "parallel" => words(after_flags(argv, 1, false)),
        "find" | "fd" | "fdfind" => {
            let at = argv
                .iter()
                .position(|word| matches!(*word, "-exec" | "-execdir" | "-x" | "-X" | "--exec" | "--exec-batch"))?;
            let stop = argv[at + 1..].iter().position(|word| matches!(*word, ";" | "\\;" | "+"));
            let stop = stop.map_or(end, |stop| at + 1 + stop);
            let lost = argv.get(stop).is_some_and(|word| *word != "+") && program == "find";
            (at + 1 < stop).then_some(Inner::Words(at + 1, stop, if lost { Passes::Not } else { Passes::On }))
        }
        "kubectl" | "oc" if argv.contains(&"exec") => behind(argv, "--"),
        _ => None,
    }
}

/// Whether `argv` runs something elsewhere, in a container or on another machine, that its last words name.
pub(super) fn elsewhere(argv: &[&str]) -> bool {
    let program = paths::base(argv.first().copied().unwrap_or_default());
    matches!(
        program,
        "docker"
            | "podman"
            | "docker-compose"
            | "nerdctl"
            | "ssh"
            | "wsl"
            | "wsl.exe"
            | "lima"
            | "vagrant"
            | "apptainer"
    )
}

fn behind(argv: &[&str], word: &str) -> Option<Inner> {
    let at = argv.iter().position(|one| *one == word)?;
    (at + 1 < argv.len()).then_some(Inner::Words(at + 1, argv.len(), Passes::On))
}

/// The first word from `from` that is no flag and no flag's value.
fn after_flags(argv: &[&str], from: usize, one_operand: bool) -> usize {
    let mut at = from;
    while let Some(word) = argv.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
        at += 1;
        if *word == "--" {
            break;
        }
        let valued = match paths::base(argv[0]) {
            "xvfb-run" => matches!(*word, "-s" | "-n" | "-e" | "-f" | "-p" | "-w" | "--server-args" | "--server-num"),
            "time" | "nohup" | "setsid" | "command" | "exec" => false,
            _ => VALUED.contains(word),
        };
        if valued && argv.get(at).is_some_and(|value| !value.starts_with('-')) {
            at += 1;
        }
    }
    at + usize::from(one_operand)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| crate::shell::is_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_are_taken_off() {
        for (line, expected) in [
            ("sudo -E npm test", "npm test"),
            ("timeout --signal KILL 30s npm test", "npm test"),
            ("timeout 30 npm test", "npm test"),
            ("env A=1 B=2 npm test", "npm test"),
            ("cross-env NODE_ENV=test jest", "jest"),
            ("xvfb-run -a npm test", "npm test"),
            ("nix develop --command cargo test", "cargo test"),
            ("xargs -0 -n 1 shellcheck -x", "shellcheck -x"),
            ("find . -name *.sh -exec shellcheck {} +", "shellcheck {}"),
            ("coverage run --branch -m pytest -q", "pytest -q"),
            ("kubectl exec pod -- npm test", "npm test"),
            ("nice -n 10 make check", "make check"),
        ] {
            let argv: Vec<&str> = line.split(' ').collect();
            let Some(Inner::Words(from, to, Passes::On)) = inner(&argv) else { panic!("{line}: {:?}", inner(&argv)) };
            assert_eq!(argv[from..to].join(" "), expected, "{line}");
        }
        let argv: Vec<&str> = "find . -exec shellcheck {} ;".split(' ').collect();
        assert_eq!(inner(&argv), Some(Inner::Words(3, 5, Passes::Not)));
        assert_eq!(inner(&["su", "-c", "npm test"]), Some(Inner::Text("npm test".to_owned())));
        for line in ["npm test", "find . -name x", "sudo", "nix build", "env"] {
            assert_eq!(inner(&line.split(' ').collect::<Vec<_>>()), None, "{line}");
        }
    }
}
