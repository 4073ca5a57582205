//! Commands that write a secret to a file, or remove a file.

use std::ops::Range;

use crate::essentials::env::Env;
use crate::essentials::shell::{Command, Word, commands, mentions, plain};

/// A file with a secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Relative to the workspace, or absolute.
    pub(super) path: String,
    /// What the secret is called: `secrets.TOKEN`.
    pub(super) secret: String,
    /// The command, in bytes of the script.
    pub(super) range: Range<usize>,
}

/// How long a path may be.
const LONGEST_PATH: usize = 512;

/// Programs that hand on what they read, or what it stands for.
const PASSING: &[&str] = &["base64", "cat", "fold", "jq", "sort", "sponge", "tr", "xxd"];

/// The files that `script`, begun in `folder`, leaves with a secret, and those it removes.
pub(super) fn of(script: &str, folder: &str, env: &Env<'_>) -> (Vec<Written>, Vec<String>) {
    let secrets = Secrets { env, variables: env.holding(is_secret) };
    let (mut written, mut removed): (Vec<Written>, Vec<String>) = (Vec::new(), Vec::new());
    // Where the script goes on from a folder that is not known, its files are not known either.
    let mut folder = located("", folder);
    // The secret that comes through the pipe.
    let mut piped: Option<String> = None;
    for command in commands(script) {
        let name = command.name();
        if name == "cd" {
            let to = command.words.get(1).and_then(|word| folder.as_deref().and_then(|from| located(from, &word.raw)));
            folder = to;
        }
        let said = secrets.said_by(script, &name, &command);
        let through = piped.take().filter(|_| name == "tee" || PASSING.contains(&name.as_str()));
        let secret = said.or(through);
        if let (Some(secret), Some(folder)) = (&secret, &folder) {
            let files = command.outputs.iter().chain(copies(&name, &command));
            written.extend(files.filter_map(|file| located(folder, &file.raw)).map(|path| Written {
                path,
                secret: secret.clone(),
                range: command.range(),
            }));
        }
        if command.piped {
            piped = secret;
        }
        if let (true, Some(folder)) = (matches!(name.as_str(), "rm" | "shred" | "unlink"), &folder) {
            let gone: Vec<_> = command.words.iter().skip(1).filter_map(|word| located(folder, &word.raw)).collect();
            written.retain(|written| !gone.iter().any(|path| is_within(&written.path, path)));
            removed.extend(gone);
        }
    }
    (written, removed)
}

/// The files to which `tee` and `sed -i` write.
fn copies<'a>(name: &str, command: &'a Command) -> Vec<&'a Word> {
    let mut words = command.words.iter().skip(1).filter(|word| !word.raw.starts_with('-'));
    match name {
        "tee" => words.collect(),
        "sed" => words.next_back().into_iter().collect(),
        _ => Vec::new(),
    }
}

fn is_secret(path: &str) -> bool {
    path.starts_with("secrets.") || path == "github.token"
}

/// The secrets that a script can name.
struct Secrets<'a> {
    env: &'a Env<'a>,
    variables: Vec<&'a str>,
}

impl Secrets<'_> {
    /// The secret that `command` puts out or, for `sed -i`, in.
    fn said_by(&self, script: &str, name: &str, command: &Command) -> Option<String> {
        match name {
            "echo" | "printf" => command.words.iter().skip(1).find_map(|word| self.within(&word.raw, false)),
            "sed" if command.words.iter().any(|word| word.raw.starts_with("-i") || word.raw == "--in-place") => {
                command.words.iter().skip(1).find_map(|word| self.within(&word.raw, false))
            }
            "cat" | "tee" => {
                let (range, quoted) = command.here.clone()?;
                let text = script.get(range)?;
                if quoted { self.placed(text) } else { self.within(text, true) }
            }
            "printenv" if command.words.len() > 1 => {
                let named = |name: &&&str| command.words.iter().skip(1).any(|word| plain(&word.raw) == ***name);
                self.variables.iter().find(named).map(|name| format!("The variable {name}"))
            }
            "printenv" | "env" | "export" => {
                let everything = command.words.iter().skip(1).all(|word| matches!(word.raw.as_str(), "-p" | "-0"));
                let first =
                    self.variables.first().filter(|_| everything && (name != "export" || command.words.len() > 1));
                first.map(|name| format!("The variable {name}"))
            }
            _ => None,
        }
    }

    /// The secret in a text of which the shell replaces variables; `bare` in a here-document.
    fn within(&self, text: &str, bare: bool) -> Option<String> {
        let variable = || self.variables.iter().find(|name| mentions(text, name, bare));
        self.placed(text).or_else(|| variable().map(|name| format!("The variable {name}")))
    }

    /// The secret that stands in a text as a placeholder.
    fn placed(&self, text: &str) -> Option<String> {
        let mut flows = self.env.flows(text).into_iter();
        let path = flows.find(|(_, flow)| is_secret(&flow.path)).map(|(_, flow)| flow.path)?;
        let name = path.strip_prefix("secrets.").map(str::to_uppercase);
        Some(name.map_or(path, |name| format!("secrets.{name}")))
    }
}

/// Where a path leads that a command in `folder` names; none where a variable decides, or it is no file.
pub(super) fn located(folder: &str, raw: &str) -> Option<String> {
    let mut path = plain(raw).trim().to_owned();
    let mut from = folder;
    for workspace in ["${{ github.workspace }}", "${{github.workspace}}", "$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}"] {
        if let Some(rest) = path.strip_prefix(workspace) {
            path = rest.trim_start_matches('/').to_owned();
            from = "";
            break;
        }
    }
    for home in ["$HOME", "${HOME}"] {
        if let Some(rest) = path.strip_prefix(home) {
            path = format!("~{rest}");
        }
    }
    let unknown = path.contains(['$', '`', '*', '?', '[']) || path.starts_with("/dev/");
    if unknown || path.len() > LONGEST_PATH || from.len() > LONGEST_PATH {
        return None;
    }
    let absolute = path.starts_with(['/', '~']);
    let whole = if absolute { path } else { format!("{from}/{path}") };
    let rooted = whole.starts_with('/') && absolute;
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(format!("{}{}", if rooted { "/" } else { "" }, parts.join("/")))
}

/// Whether `path` is `folder` or lies in it.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::essentials::env::Variables;
    use crate::model::{Pairs, Text};
    use tollgate_input::Span;

    /// `path: secret` of each file that the script leaves, with the variable TOKEN from a secret and PLAIN not from
    /// one.
    fn left(script: &str, folder: &str) -> String {
        let text = |text: &str| Text { text: text.to_owned(), span: Span { start: 0, end: 0 }, block: None };
        let env: Pairs =
            vec![(text("TOKEN"), text("${{ secrets.TOKEN }}")), (text("PLAIN"), text("${{ secrets.TOKEN != '' }}"))];
        let (own, none) = (Variables::of(&env), Pairs::new());
        let (job, workflow) = (Variables::of(&none), Variables::of(&none));
        let (written, _) = of(script, folder, &Env::of(&own, &job, &workflow));
        written.iter().map(|w| format!("{}: {}", w.path, w.secret)).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn secrets_are_written() {
        for (script, expected) in [
            ("echo ${{ secrets.KEY }} > key.pem", "key.pem: secrets.KEY"),
            ("echo \"a=$TOKEN\" >> a/.env", "a/.env: The variable TOKEN"),
            ("printf '%s' \"${TOKEN}\" | base64 -d > a/../k", "k: The variable TOKEN"),
            ("echo $TOKEN | tee -a x y", "x: The variable TOKEN, y: The variable TOKEN"),
            ("cat <<EOF > c.json\n{\"k\": \"$TOKEN\"}\nEOF", "c.json: The variable TOKEN"),
            ("cat > c.json <<'EOF'\n${{ secrets.A }}\nEOF", "c.json: secrets.A"),
            ("printenv > all", "all: The variable TOKEN"),
            ("env | sort > all", "all: The variable TOKEN"),
            ("cd app && echo $TOKEN > x", "app/x: The variable TOKEN"),
            ("echo $TOKEN > $GITHUB_WORKSPACE/x", "x: The variable TOKEN"),
            ("echo $TOKEN > $HOME/x", "~/x: The variable TOKEN"),
            ("echo ${{ github.token }} > /tmp/t", "/tmp/t: github.token"),
            ("sed -i \"s/KEY/${{ secrets.KEY }}/\" src/c.js", "src/c.js: secrets.KEY"),
        ] {
            assert_eq!(left(script, ""), expected, "{script}");
        }
        assert_eq!(left("echo $TOKEN > x", "./app/"), "app/x: The variable TOKEN");
    }

    #[test]
    fn what_is_no_secret_or_no_file_is_not() {
        for script in [
            "echo '$TOKEN' > x",
            "echo $PLAIN > x",
            "echo ${{ secrets.KEY != '' }} > x",
            "echo $TOKEN >> $GITHUB_ENV",
            "echo \"::add-mask::$TOKEN\"",
            "echo $TOKEN > /dev/null",
            "echo $TOKEN | docker login --password-stdin > log",
            "echo $TOKEN | sha256sum > sum",
            "curl -H \"Authorization: $TOKEN\" https://x > out.json",
            "cat > c.json <<'EOF'\n$TOKEN\nEOF",
            "env FOO=1 make > log",
            "echo $TOKEN > x\nrm -f x",
            "mkdir a; echo $TOKEN > a/x; rm -rf a",
            "cd \"$DIR\"; echo $TOKEN > x",
            "echo $TOKEN 2> x",
            "echo $TOKEN; ls > x",
        ] {
            assert_eq!(left(script, ""), "", "{script}");
        }
    }
}
