//! go-task: tasks of a `Taskfile.yml`.

use std::collections::BTreeSet;
use std::rc::Rc;

use tollgate_input::Node;

use super::document::{Document, Format};
use super::near::near;
use super::paths::{appended, file, join, parent, upwards};
use super::recipe::{Line, Shell};
use super::words::{Options, Scan, Until, scan};
use super::{Answer, At, Call, ScriptAt, Why, python};

const OPTIONS: Options = Options {
    flags: "-p -f -s -v -n -l -a -x -y -g -w -c -F --parallel --force --silent --verbose --dry --list --list-all \
            --exit-code --yes --global --watch --color --summary --status --init --failfast --offline --download \
            --json --help --version --insecure --disable-fuzzy",
    valued: "-d -t -o -C -I --dir --taskfile --output --concurrency --interval --sort --completion --timeout \
            --output-group-begin --output-group-end",
};

const NAMES: [&str; 8] = [
    "Taskfile.yml",
    "taskfile.yml",
    "Taskfile.yaml",
    "taskfile.yaml",
    "Taskfile.dist.yml",
    "taskfile.dist.yml",
    "Taskfile.dist.yaml",
    "taskfile.dist.yaml",
];

/// How deep tasks may need each other.
const DEEPEST: usize = 32;

/// What `task` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &OPTIONS, Until::Dashes(usize::MAX));
    let told = "-n -l -a -h --dry --list --list-all --summary --status --init --help --version";
    if given.has(told) {
        return Ok(Call::Builtin);
    }
    let Some(document) = found(at, &given)? else {
        // The task runner of a Python project has this name too.
        return match python::taskipy(at, words)? {
            Some(call) => Ok(call),
            None => Ok(Call::Itself),
        };
    };
    given.sure()?;
    let cwd = match given.last("-d --dir") {
        Some(folder) => at.moved(folder)?.cwd,
        None => parent(&document.file).to_owned(),
    };
    let mut names: Vec<&str> = given.words.iter().filter(|word| !word.contains('=')).map(String::as_str).collect();
    if names.is_empty() {
        names.push("default");
    }
    let mut walk = Walk { document, cwd, rest: &given.rest, done: BTreeSet::new(), scripts: Vec::new() };
    for name in names {
        if !walk.add(name, DEEPEST)? {
            return walk.missing(name);
        }
    }
    if walk.scripts.is_empty() {
        return Err(format!("{}: the task runs nothing", walk.document.file));
    }
    Ok(Call::scripts("task", walk.scripts))
}

fn found(at: &At<'_>, given: &Scan) -> Result<Option<Rc<Document>>, Why> {
    if given.has("-g --global") {
        return Err("the tasks are not of the repository".to_owned());
    }
    if let Some(path) = given.value("-t --taskfile")? {
        let path = join(&at.cwd, path)?;
        let inside = NAMES.iter().map(|name| file(&path, name)).find(|path| at.packages.files.contains(path));
        let document = at.packages.document(&inside.unwrap_or_else(|| path.clone()), Format::Yaml)?;
        return document.map(Some).ok_or_else(|| format!("{path} is not tracked"));
    }
    let start = match given.value("-d --dir")? {
        Some(folder) => join(&at.cwd, folder)?,
        None => at.cwd.clone(),
    };
    for above in upwards(&start) {
        for name in NAMES {
            if let Some(document) = at.packages.document(&file(above, name), Format::Yaml)? {
                return Ok(Some(document));
            }
        }
    }
    Ok(None)
}

struct Walk<'w> {
    document: Rc<Document>,
    cwd: String,
    rest: &'w [String],
    done: BTreeSet<String>,
    scripts: Vec<ScriptAt>,
}

impl Walk<'_> {
    /// The task called `name` or so by an alias, with its name.
    fn task(&self, name: &str) -> Option<(String, Node)> {
        let tasks = self.document.root.get("tasks")?;
        let by_alias = || {
            let has = |node: &Node| {
                let aliases = node.get("aliases").map_or(&[][..], Node::items);
                aliases.iter().any(|alias| alias.as_str() == Some(name))
            };
            tasks.entries().iter().find(|pair| has(&pair.value))
        };
        let named = tasks.entries().iter().rev().find(|pair| pair.key.name() == Some(name)).or_else(by_alias)?;
        Some((named.key.name()?.to_owned(), named.value.clone()))
    }

    fn missing(&self, name: &str) -> Answer {
        let root = &self.document.root;
        let tasks = root.get("tasks").map_or(&[][..], Node::entries);
        let names = tasks.iter().filter_map(|pair| pair.key.name());
        if root.get("includes").is_some() || names.clone().any(|name| name.contains('*')) {
            return Err(format!(
                "{} has no task `{name}`, but includes others or names many at once",
                self.document.file
            ));
        }
        Ok(Call::Missing {
            what: format!("task `{name}`"),
            looked_in: vec![self.document.file.clone()],
            near: near(name, names),
            silent: Some(false),
        })
    }

    /// Adds what the task runs, those it needs first; says whether it is defined.
    fn add(&mut self, name: &str, depth: usize) -> Result<bool, Why> {
        if depth == 0 {
            return Err(format!("{}: tasks need each other too deeply", self.document.file));
        }
        let Some((name, task)) = self.task(name) else { return Ok(false) };
        if !self.done.insert(name.clone()) {
            return Ok(true);
        }
        for needed in task.get("deps").map_or(&[][..], Node::items) {
            let name = needed.as_str().or_else(|| needed.get("task").and_then(Node::as_str));
            match name {
                Some(name) if self.add(name, depth - 1)? => {}
                _ => return Err(format!("{}: what `{name:?}` needs is not known", self.document.file)),
            }
        }
        let one = std::slice::from_ref(&task);
        let commands = match (task.get("cmds"), task.get("cmd")) {
            (Some(commands), _) => commands.items(),
            (None, Some(command)) => std::slice::from_ref(command),
            (None, None) if task.as_str().is_some() => one,
            (None, None) => task.items(),
        };
        let all_ignored = task.get("ignore_error").and_then(Node::as_bool) == Some(true);
        let mut lines = Vec::new();
        for command in commands {
            let ignored = all_ignored || command.get("ignore_error").and_then(Node::as_bool) == Some(true);
            if let Some(line) = self.command(command)? {
                lines.push((line, ignored));
            }
        }
        let cwd = match task.get("dir").and_then(Node::as_str) {
            Some(folder) if folder.contains("{{") => return Err(format!("the folder `{folder}` is not known")),
            Some(folder) => join(&self.cwd, folder)?,
            None => self.cwd.clone(),
        };
        // Each command stops at the first that fails.
        let script = Shell { errexit: true, pipefail: false }.script(lines);
        if !script.is_empty() {
            let file = self.document.file.clone();
            self.scripts.push(ScriptAt { errexit: true, cwd, ..ScriptAt::new(&file, parent(&file), &name, script) });
        }
        Ok(true)
    }

    /// A command as a line; a task that is called is told as the call.
    fn command(&self, command: &Node) -> Result<Option<Line>, Why> {
        if command.get("defer").is_some() || command.get("for").is_some() {
            return Err(format!("{}:{}: is not understood", self.document.file, self.document.line(command)));
        }
        if let Some(name) = command.get("task").and_then(Node::as_str) {
            if name.contains("{{") {
                return Err(format!("{}: the task `{name}` is not known", self.document.file));
            }
            return Ok(Some(vec![(self.document.line(command), format!("task{}", appended(&[name.to_owned()])))]));
        }
        let node = command.get("cmd").unwrap_or(command);
        // What is written `false` is a program.
        if node.name().is_none() || node.kind() == "null" {
            return Ok(None);
        }
        let lines = self.document.lines(node)?;
        Ok(Some(lines.into_iter().map(|(number, text)| (number, self.put_in(&text))).collect()))
    }

    /// `{{.CLI_ARGS}}` is what the call gives; other values become variables of the shell.
    fn put_in(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            let Some(end) = rest[at..].find("}}") else { break };
            out.push_str(&rest[..at]);
            let inside = rest[at + 2..at + end].trim_matches(['-', ' ']);
            match inside.strip_prefix('.') {
                Some("CLI_ARGS") => out.push_str(appended(self.rest).trim_start()),
                Some(name) if crate::shell::is_name(name) => out.push_str(&format!("${{{name}}}")),
                _ => out.push_str("${task}"),
            }
            rest = &rest[at + end + 2..];
        }
        out.push_str(rest);
        out
    }
}
