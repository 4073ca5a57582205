//! From arguments to an exit code.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::{ArgMatches, Command, FromArgMatches as _};
use tollgate_check::Tool;
use tollgate_config::Kind;
use tollgate_model::{Exit, Verdict};
use tollgate_policy::Date;

use crate::arguments::{self, CHILD, Check, Common, Format};
use crate::child;
use crate::configuration;
use crate::environment;
use crate::event::outcomes;
use crate::explain;
use crate::interrupt;
use crate::judge::{self, DEADLINE, Setting};
use crate::options::{self, Given};
use crate::outputs;
use crate::plan::Plan;
use crate::print_config;
use crate::progress::Progress;
use crate::schemas;
use crate::session::Session;
use crate::starter;
use crate::terminal;
use crate::usage::{UsageError, usage};

/// The umbrella over `tools`.
pub fn main(tools: &[&dyn Tool]) -> ExitCode {
    enter(tools, |arguments| {
        let command = arguments::umbrella(tools);
        let matches = command.clone().try_get_matches_from(arguments)?;
        let Some((name, matches)) = matches.subcommand() else { return Err(usage("no command was given")) };
        let argument = |id: &str| matches.get_one::<String>(id).map(String::as_str).unwrap_or_default();
        match name {
            "check" => check(tools, &command, matches),
            "explain" => {
                let style = terminal::style(&common_defaults()?);
                print(&explain::explain(tools, argument("rule"), &style)?)
            }
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
                let tool = tools.iter().find(|tool| tool.name() == name);
                let tool = tool.ok_or_else(|| usage(format!("unknown command `{name}`")))?;
                let own = command.find_subcommand(name).cloned().unwrap_or_default();
                alone(tools, *tool, &command, &own, matches)
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
        alone(tools, tool, &arguments::umbrella(tools), &command, &matches)
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

fn check(tools: &[&dyn Tool], command: &Command, matches: &ArgMatches) -> anyhow::Result<Exit> {
    let (common, check) = (Common::from_arg_matches(matches)?, Check::from_arg_matches(matches)?);
    let frame = Frame::open(tools, command, &common)?;
    let config = configuration::find(&common, &frame.session, tools, &frame.catalog, frame.today)?;
    let plan = Plan::check(&frame.session, tools, config, &check)?;
    if check.print_config {
        return print(&print_config::config(&plan, &common));
    }
    if check.plan {
        return print(&print_config::plan(&plan, &frame.session, &frame.catalog));
    }
    let run = frame.run(&plan, false, &common)?;
    if check.write_base && run.decision.verdict == Verdict::Unknown {
        outputs::print(&run, false, &common)?;
        terminal::complain("error: --write-base: nothing was written, for a base must not rest on what is unknown");
        return Ok(Exit::Unknown);
    }
    let base = check.write_base.then_some(&frame.session);
    outputs::write(&run, false, &common, check.out.as_deref(), base)?;
    outputs::print(&run, false, &common)?;
    Ok(run.decision.exit())
}

fn alone(
    tools: &[&dyn Tool],
    tool: &dyn Tool,
    command: &Command,
    own: &Command,
    matches: &ArgMatches,
) -> anyhow::Result<Exit> {
    let common = Common::from_arg_matches(matches)?;
    let frame = Frame::open(tools, command, &common)?;
    let given = Given::of(tool, own, matches)?;
    let limits = options::limits(tool, &frame.catalog, matches)?;
    let config = configuration::find(&common, &frame.session, tools, &frame.catalog, frame.today)?;
    let target = matches.get_one::<String>("target").map(String::as_str);
    let plan = Plan::alone(tool, config, &given, target, limits)?;
    let run = frame.run(&plan, true, &common)?;
    outputs::write(&run, true, &common, None, None)?;
    outputs::print(&run, true, &common)?;
    Ok(run.decision.exit())
}

/// What every judged command begins with.
struct Frame {
    session: Session,
    catalog: tollgate_policy::Catalog,
    today: Date,
    warnings: Vec<String>,
}

impl Frame {
    fn open(tools: &[&dyn Tool], command: &Command, common: &Common) -> anyhow::Result<Self> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let set = |(name, value): (OsString, OsString)| name.into_string().ok().filter(|_| !value.is_empty());
        let variables = std::env::vars_os().filter_map(set);
        outputs::distinct(common)?;
        Ok(Self {
            session: Session::open(common)?,
            catalog: configuration::catalog(tools),
            today: Date::from_unix(now),
            warnings: environment::remarks(command, variables),
        })
    }

    fn run(&self, plan: &Plan<'_>, alone: bool, common: &Common) -> anyhow::Result<tollgate_model::Run> {
        let parallel = || std::thread::available_parallelism().map_or(1, usize::from);
        let deadline = common.deadline.as_deref().map(deadline).transpose()?;
        // In a workflow, an outcome that nobody handed in is unknown, not beside the point.
        let outside = if self.session.event.is_local() { None } else { Some("{}") };
        let ended = |flag: &str, given: &Option<String>| {
            given.as_deref().or(outside).map(|json| outcomes(flag, json)).transpose()
        };
        let again = (!alone || !common.verbose).then(|| again(common));
        let above = if plan.policy_name == starter::NAME { self.session.policy_above() } else { None };
        let quiet = common.quiet || common.no_progress || common.format != Format::Text;
        let setting = Setting {
            session: &self.session,
            catalog: &self.catalog,
            today: self.today,
            steps: ended("steps", &common.steps)?,
            needs: ended("needs", &common.needs)?,
            base_run: common.base_run.as_deref(),
            deadline: deadline.or(plan.deadline).unwrap_or(DEADLINE),
            jobs: common.jobs.map(usize::from).or(plan.jobs).unwrap_or_else(parallel),
            progress: &Progress::new(!quiet),
            again: again.as_deref(),
            warnings: self.warnings.iter().cloned().chain(above).collect(),
        };
        judge::run(plan, &setting)
    }
}

/// Arguments that repeat where a run looked, as a shell takes them.
fn again(common: &Common) -> String {
    let given = [
        ("--root", Some(common.root.display().to_string()).filter(|root| root != ".")),
        ("--config", common.config.as_ref().map(|path| path.display().to_string())),
        ("--base", common.base.clone()),
    ];
    let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "-_./~^@".contains(c));
    let argument = |(flag, value): (&str, Option<String>)| {
        let value = value?;
        let value = if plain(&value) { value } else { format!("'{}'", value.replace('\'', "'\\''")) };
        Some(format!(" {flag} {value}"))
    };
    given.into_iter().filter_map(argument).collect()
}

fn deadline(text: &str) -> anyhow::Result<std::time::Duration> {
    let wrong = || usage(format!("--deadline {text}: expected {}", Kind::Duration.words()));
    tollgate_config::deadline(text).ok_or_else(wrong)
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

/// The common arguments as they are when nothing is given.
fn common_defaults() -> anyhow::Result<Common> {
    use clap::Args as _;
    let command = Common::augment_args(Command::new("tollgate"));
    Ok(Common::from_arg_matches(&command.try_get_matches_from(["tollgate"])?)?)
}

fn print(text: &str) -> anyhow::Result<Exit> {
    terminal::print(text.as_bytes())?;
    Ok(Exit::Pass)
}
