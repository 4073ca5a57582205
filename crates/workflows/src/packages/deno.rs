//! `deno task`, and `node --run`.

use std::collections::BTreeSet;
use std::rc::Rc;

use tollgate_input::Node;

use super::document::{Document, Format};
use super::near::near;
use super::paths::{appended, file, parent, upwards};
use super::program::remote;
use super::run::{Run, of_package};
use super::words::{Options, Until, scan};
use super::{Answer, At, Call, ScriptAt, Why};

const TASK: Options = Options {
    flags: "-q -r --quiet --recursive --eval --if-present --no-lock --frozen --env-file",
    valued: "-c -f --config --filter --cwd --unstable --node-modules-dir --lock",
};

/// How deep tasks may depend on each other.
const DEEPEST: usize = 32;

/// What `deno` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    match words.split_first() {
        Some((first, rest)) if first == "task" => task(at, rest),
        Some((first, rest)) if first == "run" || first == "x" => {
            let of_npm = rest.iter().position(|word| !word.starts_with('-'));
            let name = of_npm.and_then(|n| Some((n, rest[n].strip_prefix("npm:")?)));
            let Some((n, name)) = name else { return Ok(Call::Itself) };
            let name = remote(name.trim_start_matches('/'), false)?;
            at.program(std::iter::once(name).chain(rest[n + 1..].iter().cloned()).collect())
        }
        _ => Ok(Call::Itself),
    }
}

/// What `node` with these words runs.
pub(super) fn node(at: &At<'_>, words: &[String]) -> Answer {
    let name = match words {
        [first, name, ..] if first == "--run" => name,
        [first, ..] => match first.strip_prefix("--run=") {
            Some(name) => name,
            None => return Ok(Call::Itself),
        },
        [] => return Ok(Call::Itself),
    };
    if super::paths::hidden(name) {
        return Err(format!("`{name}` is not known before the run"));
    }
    let extra: Vec<String> = words.iter().skip_while(|word| *word != "--").skip(1).cloned().collect();
    at.script_here(&Run { runner: "node", name, extra: &extra, hooks: false, if_present: false })
}

fn task(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &TASK, Until::Words(1));
    given.sure()?;
    let Some(name) = given.words.first() else { return Ok(Call::Builtin) };
    if given.has("--eval") {
        return Ok(super::program::line(
            at,
            "deno",
            &std::iter::once(name).chain(&given.rest).cloned().collect::<Vec<_>>().join(" "),
        ));
    }
    if given.has("-r --recursive") || given.last("-f --filter -c --config").is_some() || name.contains('*') {
        return Err("which tasks are run is not known".to_owned());
    }
    let place = match given.last("--cwd") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    place.packages.tracked(&place.cwd)?;
    let mut search = Search::new(&place)?;
    let mut scripts = Vec::new();
    if search.add(&place, name, &given.rest, &mut scripts, DEEPEST)? {
        return Ok(Call::scripts("deno", scripts));
    }
    let if_present = given.has("--if-present");
    let known = search.configs.iter().flat_map(|config| config.root.get("tasks").map_or(&[][..], Node::entries));
    let near = near(name, known.filter_map(|pair| pair.key.name()));
    let looked_in: Vec<String> = search.configs.iter().map(|config| config.file.clone()).collect();
    if looked_in.first().is_none_or(|first| parent(first) != place.cwd) {
        return Err(format!("no task `{name}` is defined in `{}`", place.cwd));
    }
    Ok(Call::Missing { what: format!("task `{name}`"), looked_in, near, silent: Some(if_present) })
}

/// The files that may define a task, the nearest first.
struct Search {
    configs: Vec<Rc<Document>>,
    done: BTreeSet<String>,
}

impl Search {
    fn new(at: &At<'_>) -> Result<Self, Why> {
        let mut configs = Vec::new();
        for above in upwards(&at.cwd) {
            for name in ["deno.json", "deno.jsonc"] {
                configs.extend(at.packages.document(&file(above, name), Format::JsonWithComments)?);
            }
        }
        Ok(Self { configs, done: BTreeSet::new() })
    }

    /// Adds what the task runs, those it depends on first; says whether it is defined.
    fn add(
        &mut self,
        at: &At<'_>,
        name: &str,
        extra: &[String],
        scripts: &mut Vec<ScriptAt>,
        depth: usize,
    ) -> Result<bool, Why> {
        if depth == 0 {
            return Err("tasks depend on each other too deeply".to_owned());
        }
        let defined = self.configs.iter().find_map(|config| {
            let node = config.root.get("tasks")?.get(name)?;
            Some((Rc::clone(config), node.clone()))
        });
        let Some((config, node)) = defined else {
            for above in upwards(&at.cwd) {
                let Some(manifest) = at.packages.manifest(above)? else { continue };
                let run = Run { runner: "deno", name, extra, hooks: true, if_present: false };
                if let Some(found) = of_package(&manifest, &run)? {
                    scripts.extend(found);
                    return Ok(true);
                }
            }
            return Ok(false);
        };
        if !self.done.insert(name.to_owned()) {
            return Ok(true);
        }
        for dependency in node.get("dependencies").map_or(&[][..], Node::items).iter().filter_map(Node::as_str) {
            if !self.add(at, dependency, &[], scripts, depth - 1)? {
                return Err(format!(
                    "{}: the task `{name}` depends on `{dependency}`, which is not defined",
                    config.file
                ));
            }
        }
        let command = node.get("command").unwrap_or(&node);
        if command.as_str().is_some() {
            let mut lines = config.lines(command)?;
            if let Some((_, last)) = lines.last_mut() {
                last.push_str(&appended(extra));
            }
            scripts.push(ScriptAt::new(&config.file, parent(&config.file), name, lines));
        }
        Ok(true)
    }
}
