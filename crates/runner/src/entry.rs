//! From arguments to an exit code.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{ArgMatches, Command, FromArgMatches as _};
use tollgate_check::Tool;
use tollgate_model::{Exit, Verdict};

use crate::Umbrella;
use crate::again;
use crate::arguments::{self, CHILD, Check, Common};
use crate::base_run::COMMITTED;
use crate::child;
use crate::decide;
use crate::discreet;
use crate::environment;
use crate::explain;
use crate::extra;
use crate::forge::Host;
use crate::frame::Frame;
use crate::interrupt;
use crate::judge::Judged;
use crate::options::{self, Given};
use crate::outputs;
use crate::plan::Plan;
use crate::print_config;
use crate::rules;
use crate::schemas;
use crate::suppress;
use crate::terminal;
use crate::usage::{UsageError, usage};
use crate::verb;

/// The umbrella.
pub fn main(umbrella: Umbrella<'_>) -> ExitCode {
    let Umbrella { tools, extras, host } = umbrella;
    enter(tools, |arguments| {
        let command = arguments::umbrella(tools, extras);
        let matches = command.clone().try_get_matches_from(arguments)?;
        let Some((name, matches)) = matches.subcommand() else { return Err(usage("no command was given")) };
        let argument = |id: &str| matches.get_one::<String>(id).map(String::as_str).unwrap_or_default();
        match name {
            "check" => check(tools, host, &command, matches),
            "decide" => decide::run(tools, host, &command, matches),
            "explain" => explain::run(tools, &command, matches),
            "rules" => rules::run(tools, matches),
            "suppress" => suppress::run(matches),
            "schema" => {
                let schema = match argument("kind") {
                    "report" => schemas::report_schema(),
                    "run" => schemas::run_schema(),
                    _ => schemas::config_schema(tools),
                };
                print(&tollgate_render::json(&schema)?)
            }
            "completions" => completions(command, matches),
            name => {
                if let Some(extra) = extra::find(extras, name) {
                    let answered = extra.run(matches)?;
                    terminal::print(answered.out.as_bytes())?;
                    terminal::complain(&answered.words);
                    return Ok(answered.exit);
                }
                let tool = tools.iter().find(|tool| tool.name() == name);
                let tool = tool.ok_or_else(|| usage(format!("unknown command `{name}`")))?;
                let own = command.find_subcommand(name).cloned().unwrap_or_default();
                checker(tools, *tool, &command, &own, matches)
            }
        }
    })
}

/// The binary of the checker `name`. It knows all `tools`, for they share a configuration.
pub fn main_of(name: &str, tools: &[&dyn Tool]) -> ExitCode {
    enter(tools, |arguments| {
        let tool =
            *tools.iter().find(|tool| tool.name() == name).ok_or_else(|| usage(format!("no checker `{name}`")))?;
        let command = arguments::standalone(tool);
        let matches = command.clone().try_get_matches_from(arguments)?;
        checker(tools, tool, &arguments::umbrella(tools, &[]), &command, &matches)
    })
}

/// Runs as a child where asked to, else `run`, and turns what comes of it into an exit code.
fn enter(tools: &[&dyn Tool], run: impl FnOnce(Vec<OsString>) -> anyhow::Result<Exit>) -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.len() == 2 && arguments[1] == CHILD {
        return child::serve(tools);
    }
    interrupt::install();
    let exit = run(arguments).unwrap_or_else(|error| failed(&error));
    ExitCode::from(exit.code())
}

fn failed(error: &anyhow::Error) -> Exit {
    match error.downcast_ref::<clap::Error>() {
        // Help and version are asked for.
        Some(error) => {
            let _ = error.print();
            if error.use_stderr() { Exit::Usage } else { Exit::Pass }
        }
        None => {
            terminal::complain(&format!("error: {error:#}"));
            if error.is::<UsageError>() { Exit::Usage } else { Exit::Unknown }
        }
    }
}

fn check(
    tools: &[&dyn Tool],
    host: Option<&dyn Host>,
    command: &Command,
    matches: &ArgMatches,
) -> anyhow::Result<Exit> {
    let (common, check) = (Common::from_arg_matches(matches)?, Check::from_arg_matches(matches)?);
    let mut frame = Frame::open(tools, command, &common)?;
    frame.forge.ask(host);
    let taken = check.reports.as_deref().map(|folder| frame.session.take(folder)).transpose()?;
    let config = frame.configuration(tools, &common)?;
    frame.warnings.extend(taken.into_iter().flatten());
    frame.warnings.extend(environment::limits_out_of_force(tools));
    let mut plan = Plan::check(&frame.session, tools, config, &frame.catalog, &check)?;
    plan.is_base = check.write_base || frame.session.event.lands;
    if check.print_config {
        return print(&print_config::config(&plan, &common));
    }
    if check.plan {
        return print(&print_config::plan(&plan, &frame.session));
    }
    let Judged { run, logs } = frame.run(&plan, false, &common)?;
    if check.write_base && run.decision.verdict == Verdict::Unknown {
        outputs::print(&run, &discreet::shown(&run, &frame.session.event), &logs, false, &common)?;
        terminal::complain("error: --write-base: nothing was written, for a base must not rest on what is unknown");
        return Ok(Exit::Unknown);
    }
    let base = check.write_base.then_some(&frame.session);
    let shown = discreet::shown(&run, &frame.session.event);
    outputs::write(&run, &shown, &logs, false, &common, check.out.as_deref(), base)?;
    outputs::print(&run, &shown, &logs, false, &common)?;
    if check.write_base {
        terminal::complain(&format!(
            "note: {COMMITTED} holds the numbers of this run; changes are compared with it once it is committed"
        ));
    }
    Ok(run.decision.exit())
}

/// One checker, or one of its verbs. `own` is its command within `command`, or its binary's.
fn checker(
    tools: &[&dyn Tool],
    tool: &dyn Tool,
    command: &Command,
    own: &Command,
    matches: &ArgMatches,
) -> anyhow::Result<Exit> {
    let Some((name, matches)) = matches.subcommand() else { return alone(tools, tool, command, own, matches) };
    let own = own.find_subcommand(name).ok_or_else(|| usage(format!("{} has no verb `{name}`", tool.name())))?;
    verb::run(tools, tool, command, own, matches)
}

fn alone(
    tools: &[&dyn Tool],
    tool: &dyn Tool,
    command: &Command,
    own: &Command,
    matches: &ArgMatches,
) -> anyhow::Result<Exit> {
    let mut common = Common::from_arg_matches(matches)?;
    let matches = &folder_as_root(own, matches, &mut common);
    let mut frame = Frame::open(tools, command, &common)?;
    let given = Given::of(tool, own, matches)?;
    let limits = options::limits(tool, &frame.catalog, matches)?;
    let config = frame.configuration(tools, &common)?;
    let target = matches.get_one::<String>("target").map(String::as_str);
    let mut plan = Plan::alone(tool, config, &frame.catalog, &given, target, limits)?;
    plan.arguments = again::arguments(tool, matches);
    let Judged { run, logs } = frame.run(&plan, true, &common)?;
    let shown = discreet::shown(&run, &frame.session.event);
    outputs::write(&run, &shown, &logs, true, &common, None, None)?;
    outputs::print(&run, &shown, &logs, true, &common)?;
    Ok(run.decision.exit())
}

/// A single folder in place of files to look at, which some checkers take without a flag, is the folder to check.
fn folder_as_root(own: &Command, matches: &ArgMatches, common: &mut Common) -> ArgMatches {
    let mut matches = matches.clone();
    if !own.get_arguments().any(|arg| arg.get_id() == "paths" && arg.is_positional()) {
        return matches;
    }
    let paths = matches.try_get_many::<String>("paths").ok().flatten().map(|paths| paths.cloned().collect::<Vec<_>>());
    let by_flag = matches.value_source("root") == Some(clap::parser::ValueSource::CommandLine);
    if let Some([folder]) = paths.as_deref()
        && !by_flag
        && Path::new(folder).is_dir()
    {
        common.root = folder.into();
        drop(matches.remove_many::<String>("paths"));
    }
    matches
}

fn completions(mut command: Command, matches: &ArgMatches) -> anyhow::Result<Exit> {
    let Some(shell) = matches.get_one::<clap_complete::Shell>("shell") else {
        return Err(usage("no shell was named"));
    };
    let mut bytes = Vec::new();
    clap_complete::generate(*shell, &mut command, "tollgate", &mut bytes);
    terminal::print(&bytes)?;
    Ok(Exit::Pass)
}

fn print(text: &str) -> anyhow::Result<Exit> {
    terminal::print(text.as_bytes())?;
    Ok(Exit::Pass)
}
