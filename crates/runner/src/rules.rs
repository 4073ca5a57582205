//! `tollgate rules`: what checkers can find, and whether a rule file of one's own is right.

use std::path::Path;

use anyhow::Context as _;
use clap::{Arg, ArgAction, ArgMatches, Command};
use tollgate_check::Tool;
use tollgate_input::read_named;
use tollgate_model::Exit;

use crate::arguments::Common;
use crate::explain;
use crate::terminal;
use crate::usage::usage;

/// Largest rule file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Its command line.
pub(crate) fn command() -> Command {
    let rule =
        Arg::new("rule").value_name("RULE").required(true).help("The rule's id, such as secrets/stripe-secret-key");
    let files = Arg::new("file").value_name("FILE").required(true).num_args(1..).action(ArgAction::Append);
    let checker = Arg::new("checker").value_name("CHECKER").help("Only rules of this checker");
    Command::new("rules")
        .about("List rules, show one, or try rule files of your own on their examples")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("list").about("Every rule: id, level, title").arg(checker))
        .subcommand(Command::new("show").about("One rule with its reasons, remedy and examples").arg(rule))
        .subcommand(
            Command::new("check")
                .about("Whether rule files say all they must, and find their examples and no counter-example")
                .arg(files.help("Rule files, as `rules` of [secrets] names them")),
        )
}

/// Runs it.
pub(crate) fn run(tools: &[&dyn Tool], matches: &ArgMatches) -> anyhow::Result<Exit> {
    let argument = |matches: &ArgMatches, id: &str| matches.get_one::<String>(id).cloned();
    match matches.subcommand() {
        Some(("list", matches)) => list(tools, argument(matches, "checker").as_deref()),
        Some(("show", matches)) => {
            let style = terminal::style(&Common::defaults()?);
            let page = explain::rule(tools, &argument(matches, "rule").unwrap_or_default(), &style)?;
            terminal::print(page.as_bytes())?;
            Ok(Exit::Pass)
        }
        Some(("check", matches)) => check(tools, matches.get_many::<String>("file").into_iter().flatten()),
        _ => Err(usage("`rules` needs a verb: list, show or check")),
    }
}

fn list(tools: &[&dyn Tool], checker: Option<&str>) -> anyhow::Result<Exit> {
    if let Some(name) = checker.filter(|name| tools.iter().all(|tool| tool.name() != *name)) {
        return Err(usage(format!("no checker is called `{name}`")));
    }
    let mut text = String::new();
    for tool in tools.iter().filter(|tool| checker.is_none_or(|name| tool.name() == name)) {
        for rule in tool.rules() {
            text.push_str(&format!("{}\t{}\t{}\n", rule.id, rule.level, rule.title));
        }
    }
    terminal::print(text.as_bytes())?;
    Ok(Exit::Pass)
}

fn check<'a>(tools: &[&dyn Tool], files: impl Iterator<Item = &'a String>) -> anyhow::Result<Exit> {
    let (mut text, mut exit) = (String::new(), Exit::Pass);
    for file in files {
        let bytes = read_named(Path::new(file), LARGEST).with_context(|| format!("{file}: not read"))?;
        let content = String::from_utf8(bytes).map_err(|_| usage(format!("{file}: is no UTF-8 text")))?;
        let name = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(wrong) = tools.iter().find_map(|tool| tool.verify_rule(&name, &content)) else {
            return Err(usage("no checker takes rule files"));
        };
        match wrong.as_slice() {
            [] => text.push_str(&format!("{file}: right\n")),
            wrong => {
                exit = Exit::Usage;
                wrong.iter().for_each(|words| text.push_str(&format!("{file}: {}\n", words.trim_end())));
            }
        }
    }
    terminal::print(text.as_bytes())?;
    Ok(exit)
}
