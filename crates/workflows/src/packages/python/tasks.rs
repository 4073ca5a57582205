//! Tasks of `pyproject.toml`: PDM, poe, Rye, Hatch, taskipy; scripts of a `Pipfile`.

use std::collections::BTreeSet;
use std::rc::Rc;

use tollgate_input::Node;

use super::super::document::{Document, Format};
use super::super::near::near;
use super::super::paths::{appended, file, parent, quoted, upwards};
use super::super::recipe::{Line, Shell};
use super::super::words::{Options, Until, scan};
use super::super::{Answer, At, Call, ScriptAt, Why};

/// How deep tasks may need each other.
const DEEPEST: usize = 16;

/// Options that come before the name of a task.
const OPTIONS: Options = Options {
    flags: "-q -v -n -s -i -l --quiet --verbose --no-sync --site-packages --list --no-self --json",
    valued: "-p -C -e -E --project --pyproject --directory --env --env-file --root --venv",
};

/// A task runner and where its tasks stand.
struct Tool {
    name: &'static str,
    file: &'static str,
    table: &'static str,
    /// What a list of texts is: other tasks, or commands.
    list_of_tasks: bool,
    /// What stands before the names of tasks that run before and after.
    hooks: Option<(&'static str, &'static str)>,
}

const PDM: Tool = Tool {
    name: "pdm",
    file: "pyproject.toml",
    table: "/tool/pdm/scripts",
    list_of_tasks: false,
    hooks: Some(("pre_", "post_")),
};
const POE: Tool =
    Tool { name: "poe", file: "pyproject.toml", table: "/tool/poe/tasks", list_of_tasks: true, hooks: None };
const RYE: Tool =
    Tool { name: "rye", file: "pyproject.toml", table: "/tool/rye/scripts", list_of_tasks: false, hooks: None };
const TASKIPY: Tool = Tool {
    name: "task",
    file: "pyproject.toml",
    table: "/tool/taskipy/tasks",
    list_of_tasks: false,
    hooks: Some(("pre_", "post_")),
};
const PIPENV: Tool = Tool { name: "pipenv", file: "Pipfile", table: "/scripts", list_of_tasks: false, hooks: None };

/// What becomes of a name that is no task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Else {
    Program,
    Missing,
}

/// `pdm run x`, `pdm x`.
pub(in crate::packages) fn pdm(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &OPTIONS, Until::Words(1));
    match given.words.first().map(String::as_str) {
        Some("run") => task(at, &PDM, &given.rest, Else::Program),
        Some(_) if has(at, &PDM, &given.words[0])? => {
            task(at, &PDM, &[given.words.clone(), given.rest].concat(), Else::Program)
        }
        _ => Ok(Call::Builtin),
    }
}

/// `poe x`.
pub(in crate::packages) fn poe(at: &At<'_>, words: &[String]) -> Answer {
    task(at, &POE, words, Else::Missing)
}

/// `rye run x`.
pub(in crate::packages) fn rye(at: &At<'_>, words: &[String]) -> Answer {
    match words.split_first() {
        Some((first, rest)) if first == "run" || first == "r" => task(at, &RYE, rest, Else::Program),
        Some((first, _)) if ["test", "lint", "fmt"].contains(&first.as_str()) => Ok(Call::Itself),
        _ => Ok(Call::Builtin),
    }
}

/// `pipenv run x`.
pub(in crate::packages) fn pipenv(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &OPTIONS, Until::Words(1));
    match given.words.first().map(String::as_str) {
        Some("run") => task(at, &PIPENV, &given.rest, Else::Program),
        _ => Ok(Call::Builtin),
    }
}

/// `task x` of taskipy; none where the project has no such tasks.
pub(in crate::packages) fn taskipy(at: &At<'_>, words: &[String]) -> Result<Option<Call>, Why> {
    let Some(document) = document(at, &TASKIPY)? else { return Ok(None) };
    if document.root.pointer(TASKIPY.table).is_none() {
        return Ok(None);
    }
    task(at, &TASKIPY, words, Else::Missing).map(Some)
}

/// `hatch run x`, `hatch run environment:x`.
pub(in crate::packages) fn hatch(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &OPTIONS, Until::Words(1));
    match given.words.first().map(String::as_str) {
        Some("run") => {}
        Some("test" | "fmt") => return Ok(Call::Itself),
        _ => return Ok(Call::Builtin),
    }
    let Some(first) = given.rest.first() else { return Ok(Call::Builtin) };
    if first.starts_with(['-', '+', '$']) {
        return Err(format!("what `hatch run {first}` takes is not known"));
    }
    let (environment, name) = first.split_once(':').unwrap_or(("default", first));
    for (path, pointer) in [("hatch.toml", "/envs"), ("pyproject.toml", "/tool/hatch/envs")] {
        let Some(document) = at.packages.document(&file(&at.cwd, path), Format::Toml)? else { continue };
        let Some(environments) = document.root.pointer(pointer) else { continue };
        let scripts =
            |pair: &tollgate_input::Pair| pair.value.get("scripts").is_some_and(|scripts| scripts.get(name).is_some());
        if environments.entries().iter().any(scripts) {
            return Err(format!("`{name}` is a script of an environment of hatch"));
        }
    }
    if environment != "default" && first.contains(':') && name.is_empty() {
        return Err("hatch is given no program".to_owned());
    }
    at.program(std::iter::once(name.to_owned()).chain(given.rest.iter().skip(1).cloned()).collect())
}

fn document(at: &At<'_>, tool: &Tool) -> Result<Option<Rc<Document>>, Why> {
    for above in upwards(&at.cwd) {
        if let Some(document) = at.packages.document(&file(above, tool.file), Format::Toml)? {
            return Ok(Some(document));
        }
    }
    Ok(None)
}

fn has(at: &At<'_>, tool: &Tool, name: &str) -> Result<bool, Why> {
    let document = document(at, tool)?;
    Ok(document
        .is_some_and(|document| document.root.pointer(tool.table).is_some_and(|tasks| tasks.get(name).is_some())))
}

fn task(at: &At<'_>, tool: &Tool, words: &[String], otherwise: Else) -> Answer {
    let given = scan(words, &OPTIONS, Until::Words(1));
    given.sure()?;
    if given.has("-l --list") {
        return Ok(Call::Builtin);
    }
    let Some(name) = given.words.first() else { return Ok(Call::Builtin) };
    let place = match given.last("-p -C --project --directory --root") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    let document = document(&place, tool)?;
    let tasks = document.as_ref().and_then(|document| document.root.pointer(tool.table));
    if let (Some(document), Some(tasks)) = (&document, tasks)
        && tasks.get(name).is_some()
    {
        let mut walk = Walk { tool, document, tasks, done: BTreeSet::new(), scripts: Vec::new() };
        walk.add(name, &given.rest, DEEPEST)?;
        return Ok(Call::scripts(tool.name, walk.scripts));
    }
    if otherwise == Else::Program {
        return place.program(std::iter::once(name).chain(&given.rest).cloned().collect());
    }
    let document = document.as_ref().ok_or_else(|| format!("no {} here or above is tracked", tool.file))?;
    let tool_table = document.root.pointer(tool.table.rsplit_once('/').map_or("", |(above, _)| above));
    let more = tool_table.is_some_and(|table| ["include", "include_script"].iter().any(|key| table.get(key).is_some()));
    let Some(tasks) = tasks.filter(|_| !more && parent(&document.file) == place.cwd) else {
        return Err(format!("{} has no task `{name}`, and there may be others", document.file));
    };
    Ok(Call::Missing {
        what: format!("task `{name}`"),
        looked_in: vec![document.file.clone()],
        near: near(name, tasks.entries().iter().filter_map(|pair| pair.key.name())),
        silent: Some(false),
    })
}

struct Walk<'w> {
    tool: &'w Tool,
    document: &'w Document,
    tasks: &'w Node,
    done: BTreeSet<String>,
    scripts: Vec<ScriptAt>,
}

impl Walk<'_> {
    fn add(&mut self, name: &str, extra: &[String], depth: usize) -> Result<(), Why> {
        let odd = || format!("{}: the task `{name}` is not understood", self.document.file);
        if depth == 0 {
            return Err(format!("{}: tasks need each other too deeply", self.document.file));
        }
        let Some(node) = self.tasks.get(name) else { return Err(odd()) };
        if !self.done.insert(name.to_owned()) {
            return Ok(());
        }
        let hook = |when: &str| format!("{when}{name}");
        let hooks = self.tool.hooks.map(|(pre, post)| [hook(pre), hook(post)]);
        if node.get("ignore_fail").is_some() || node.get("switch").is_some() || node.get("parallel").is_some() {
            return Err(odd());
        }
        let before = hooks.iter().map(|hooks| hooks[0].clone()).filter(|hook| self.tasks.get(hook).is_some());
        let needed = node.get("deps").map_or(&[][..], Node::items).iter().filter_map(Node::as_str).map(first_word);
        for name in before.chain(needed).collect::<Vec<_>>() {
            self.add(&name, &[], depth - 1)?;
        }
        let keys = ["cmd", "shell", "sequence", "composite", "chain"];
        let body = keys.iter().find_map(|key| node.get(key));
        let own_key = keys.iter().find(|key| node.get(key).is_some()).copied();
        let body = body.unwrap_or(node);
        let of_tasks = match own_key {
            Some("sequence") => true,
            Some(_) => false,
            None => self.tool.list_of_tasks,
        };
        match (body.as_str(), body.items()) {
            (Some(_), _) => self.text(name, body, extra)?,
            (None, []) => return Err(odd()),
            (None, items) if own_key == Some("cmd") || own_key.is_none() && !of_tasks => {
                let words: Option<Vec<String>> = items.iter().map(|item| quoted(item.as_str()?)).collect();
                let text = words.ok_or_else(odd)?.join(" ");
                self.push(name, vec![(self.document.line(body), text + &appended(extra))], false);
            }
            (None, items) => {
                for item in items {
                    let text = item.as_str().or_else(|| item.get("ref").and_then(Node::as_str));
                    match (text, item.get("cmd").or_else(|| item.get("shell"))) {
                        (Some(text), _) if self.tasks.get(&first_word(text)).is_some() => {
                            let rest: Vec<String> = text.split_whitespace().skip(1).map(str::to_owned).collect();
                            self.add(&first_word(text), &rest, depth - 1)?;
                        }
                        (Some(_), _) if !of_tasks => self.text(name, item, &[])?,
                        (None, Some(command)) if command.as_str().is_some() => self.text(name, command, &[])?,
                        _ => return Err(odd()),
                    }
                }
            }
        }
        let after = hooks.map(|hooks| hooks[1].clone()).filter(|hook| self.tasks.get(hook).is_some());
        match after {
            Some(after) => self.add(&after, &[], depth - 1),
            None => Ok(()),
        }
    }

    fn text(&mut self, name: &str, node: &Node, extra: &[String]) -> Result<(), Why> {
        let mut lines = self.document.lines(node)?;
        if let Some((_, last)) = lines.last_mut() {
            last.push_str(&appended(extra));
        }
        self.push(name, lines, true);
        Ok(())
    }

    fn push(&mut self, name: &str, lines: Line, shell: bool) {
        let lines = if shell { lines } else { Shell::default().script(vec![(lines, false)]) };
        let file = self.document.file.clone();
        self.scripts.push(ScriptAt::new(&file, parent(&file), name, lines));
    }
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().to_owned()
}
