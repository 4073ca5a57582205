//! Commands that write a secret to a file, or remove a file.

use std::ops::Range;

use crate::essentials::commands::{Command, Script, mentions};
use crate::essentials::env::Env;
use crate::shell::ast::Word;

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
    for command in Script::of(script).commands() {
        let name = command.name();
        let located = |from: &str, word: &Word| located(from, &command.plain(word));
        if name == "cd" {
            folder = folder.as_deref().zip(command.arguments.first()).and_then(|(from, to)| located(from, to));
        }
        let said = secrets.said_by(&command);
        let through = piped.take().filter(|_| name == "tee" || PASSING.contains(&name));
        let secret = said.or(through);
        if let (Some(secret), Some(folder)) = (&secret, &folder) {
            let files = command.outputs().chain(copies(&command));
            written.extend(files.filter_map(|file| located(folder, file)).map(|path| Written {
                path,
                secret: secret.clone(),
                range: command.at.clone(),
            }));
        }
        if command.piped {
            piped = secret;
        }
        if let (true, Some(folder)) = (matches!(name, "rm" | "shred" | "unlink"), &folder) {
            let gone: Vec<_> = command.arguments.iter().filter_map(|word| located(folder, word)).collect();
            written.retain(|written| !gone.iter().any(|path| is_within(&written.path, path)));
            removed.extend(gone);
        }
    }
    (written, removed)
}

/// The files to which `tee` and `sed -i` write.
fn copies<'a>(command: &Command<'a>) -> Vec<&'a Word> {
    let mut words = command.arguments.iter().copied().filter(|word| !command.plain(word).starts_with('-'));
    match command.name() {
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
    fn said_by(&self, command: &Command<'_>) -> Option<String> {
        let words = command.words();
        let in_words = || command.arguments.iter().find_map(|word| self.within(command, word));
        let variable = |name: &&str| format!("The variable {name}");
        match command.name() {
            "echo" | "printf" => in_words(),
            "sed" if words.iter().any(|word| word.starts_with("-i") || word == "--in-place") => in_words(),
            "cat" | "tee" => command.given().find_map(|text| self.within(command, text)),
            "printenv" if !words.is_empty() => {
                self.variables.iter().find(|name| words.iter().any(|word| word == *name)).map(variable)
            }
            "printenv" | "env" | "export" => {
                let everything = words.iter().all(|word| matches!(word.as_str(), "-p" | "-0"));
                let told = everything && (command.name() != "export" || !words.is_empty());
                self.variables.first().filter(|_| told).map(variable)
            }
            _ => None,
        }
    }

    /// The secret in a word or a here-document.
    fn within(&self, command: &Command<'_>, word: &Word) -> Option<String> {
        let variable = || self.variables.iter().find(|name| mentions(word, name));
        self.placed(command.source(word)).or_else(|| variable().map(|name| format!("The variable {name}")))
    }

    /// The secret that stands in a text as a placeholder.
    fn placed(&self, text: &str) -> Option<String> {
        let mut paths = self.env.taken(text).into_iter().map(|taken| taken.flow.path);
        let path = paths.find(|path| is_secret(path))?;
        let name = path.strip_prefix("secrets.").map(str::to_uppercase);
        Some(name.map_or(path, |name| format!("secrets.{name}")))
    }
}

/// Where a path leads that is named in `folder`; none where a variable decides, or it is no file.
pub(super) fn located(folder: &str, path: &str) -> Option<String> {
    let mut path = path.trim().to_owned();
    let mut from = folder;
    for workspace in crate::paths::CHECKOUT {
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
