//! Looking a command line, an action or an image up.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Action, Tool, data, word};

/// Most options that may stand between two words of a command.
const MOST_BETWEEN: usize = 3;

/// Endings of programs that are not part of their names.
const ENDINGS: [&str; 9] = [".exe", ".cmd", ".bat", ".ps1", ".sh", ".phar", ".js", ".cjs", ".mjs"];

/// Those that a project's own wrapper of a tool has too: any other script of the project is not the tool.
const WRAPPERS: [&str; 3] = [".bat", ".cmd", ".phar"];

/// The tools, by program.
pub(crate) static TOOLS: LazyLock<Tools> = LazyLock::new(Tools::new);

static ACTIONS: LazyLock<BTreeMap<&'static str, &'static Action>> = LazyLock::new(|| {
    let named = data::ACTIONS.iter().map(|action| (action.name.as_str(), action));
    let also = data::ACTIONS.iter().flat_map(|action| action.also.iter().map(move |name| (name.as_str(), action)));
    also.chain(named).collect()
});

static IMAGES: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let program = |tool: &'static Tool| tool.commands().first().and_then(|command| command.split(' ').next());
    data::TOOLS
        .iter()
        .filter_map(|tool| program(tool).map(|program| (tool, program)))
        .flat_map(|(tool, program)| tool.facts.images.iter().map(move |image| (image.as_str(), program)))
        .collect()
});

/// The tools, by program.
pub(crate) struct Tools {
    by_program: BTreeMap<&'static str, Vec<Command>>,
    valued: BTreeMap<&'static str, &'static [String]>,
}

/// One command line of a tool.
struct Command {
    tool: &'static Tool,
    program: &'static str,
    /// The words behind the program.
    words: Vec<&'static str>,
}

impl Tools {
    /// Whether any tool is started by this program.
    pub(crate) fn knows(&self, program: &str) -> bool {
        self.by_program.contains_key(program)
    }

    fn new() -> Self {
        let mut by_program: BTreeMap<&'static str, Vec<Command>> = BTreeMap::new();
        for tool in data::TOOLS.iter() {
            for command in tool.commands() {
                let mut words = command.split(' ');
                let Some(program) = words.next() else { continue };
                let words = words.collect();
                by_program.entry(program).or_default().push(Command { tool, program, words });
            }
        }
        let valued = data::PROGRAMS.iter().map(|one| (one.name.as_str(), one.values.as_slice())).collect();
        Self { by_program, valued }
    }

    /// The tool that a command line runs, and what stands behind the words of its command.
    pub(crate) fn find<'a, 'b>(&self, argv: &'a [&'b str]) -> Option<(&'static Tool, &'a [&'b str])> {
        let (first, args) = argv.split_first()?;
        let mut best: Option<(usize, &'static Tool, &'a [&'b str])> = None;
        for command in programs(first).into_iter().find_map(|program| self.by_program.get(program))? {
            let Some((length, rest)) = self.reach(command, args) else { continue };
            let better = best.is_none_or(|(most, tool, _)| {
                length > most || (length == most && !accepts(tool, argv) && accepts(command.tool, argv))
            });
            if better {
                best = Some((length, command.tool, rest));
            }
        }
        best.map(|(_, tool, rest)| (tool, rest))
    }

    /// What stands behind the words of the tool's command; everything behind the program if none is matched.
    pub(crate) fn behind<'a, 'b>(&self, tool: &Tool, argv: &'a [&'b str]) -> &'a [&'b str] {
        let Some((first, args)) = argv.split_first() else { return argv };
        let commands = programs(first).into_iter().find_map(|program| self.by_program.get(program));
        let own = commands.into_iter().flatten().filter(|command| command.tool.name() == tool.name());
        own.filter_map(|command| self.reach(command, args)).max_by_key(|(length, _)| *length).map_or(args, |it| it.1)
    }

    /// How closely the command is matched, and what stands behind its words.
    fn reach<'a, 'b>(&self, command: &Command, args: &'a [&'b str]) -> Option<(usize, &'a [&'b str])> {
        let valued = self.valued.get(command.program).copied().unwrap_or_default();
        let mut rest = args;
        for word in &command.words {
            rest = past(word, rest, valued)?;
        }
        let length = command.words.len() * 3;
        if command.tool.facts.tasks.is_empty() {
            return Some((length, rest));
        }
        let told: Vec<&str> = without_values(args, valued).collect();
        let (patterns, exact): (Vec<&String>, Vec<&String>) =
            command.tool.facts.tasks.iter().partition(|task| task.contains('*'));
        let names = |tasks: Vec<&String>| word::find(tasks, &told).is_some();
        if names(exact) {
            return Some((length + 2, rest));
        }
        names(patterns).then_some((length + 1, rest))
    }
}

/// The arguments without those that are the value of the option before them.
fn without_values<'a>(args: &[&'a str], valued: &[String]) -> impl Iterator<Item = &'a str> {
    let takes_next = |at: usize| args.get(at).is_some_and(|arg| valued.iter().any(|option| option == arg));
    let stays = move |(at, _): &(usize, &&str)| at.checked_sub(1).is_none_or(|before| !takes_next(before));
    args.iter().enumerate().filter(stays).map(|(_, arg)| *arg)
}

/// What stands behind `word`, before which only options may stand.
fn past<'a, 'b>(word: &str, args: &'a [&'b str], valued: &[String]) -> Option<&'a [&'b str]> {
    let mut rest = args;
    for _ in 0..=MOST_BETWEEN {
        let (first, others) = rest.split_first()?;
        if *first == word {
            return Some(others);
        }
        if !first.starts_with(['-', '+']) {
            return None;
        }
        let takes_next = valued.iter().any(|option| option == first);
        rest = if takes_next { others.get(1..)? } else { others };
    }
    None
}

fn accepts(tool: &Tool, argv: &[&str]) -> bool {
    tool.is_check(argv)
}

/// The names by which the catalogue may know a program, the most exact first.
fn programs(first: &str) -> Vec<&str> {
    if let Some(scoped) = first.strip_prefix('@') {
        let end = scoped.find('@').map_or(first.len(), |at| at + 1);
        return first.get(..end).into_iter().collect();
    }
    let base = first.rsplit(['/', '\\']).next().unwrap_or(first);
    let base = base.split("==").next().unwrap_or(base);
    let base = base.find('@').filter(|at| *at > 0).and_then(|at| base.get(..at)).unwrap_or(base);
    let mut names = vec![base];
    let own = first.contains('/') && !first.starts_with('/') && !first.contains("bin/");
    for ending in ENDINGS.into_iter().filter(|ending| !own || WRAPPERS.contains(ending)) {
        let Some(at) = base.len().checked_sub(ending.len()).filter(|at| *at > 0) else { continue };
        if base.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(ending)) {
            names.extend(base.get(..at));
        }
    }
    names
}

/// The action that `uses` names.
pub(crate) fn action(uses: &str) -> Option<&'static Action> {
    let name = uses.trim().split('@').next()?.trim_end_matches('/').to_ascii_lowercase();
    ACTIONS.get(name.as_str()).copied()
}

/// The program that an image starts.
pub(crate) fn program_of_image(image: &str) -> Option<&'static str> {
    let image = image.split('@').next()?;
    let image = match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    };
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    IMAGES.get(image).copied()
}
