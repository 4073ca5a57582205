//! The command line.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches as _, ValueEnum};
use tollgate_check::Tool;
use tollgate_config::MOST_JOBS;

use crate::extra::Extra;
use crate::{decide, environment, rules, suppress};

/// Name of the hidden command that runs one checker for a parent process.
pub(crate) const CHILD: &str = "__check";

/// What is printed on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people, at a terminal.
    #[default]
    Text,
    /// The run, or the report of a single checker.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// The comment on a pull request.
    Markdown,
    /// Workflow commands that become annotations.
    Github,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// Where it goes to a terminal that can; NO_COLOR, CLICOLOR and CLICOLOR_FORCE are honoured.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Arguments of `check` and of every checker.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// The folder to check
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// The configuration; tollgate.toml in the checked folder by default
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The commit to compare with; by default that of the pull request, push or upstream branch
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// The base branch's run.json; by default .tollgate/base.json as the base has it
    #[arg(long, value_name = "FILE")]
    pub(crate) base_run: Option<PathBuf>,
    /// What caused this run: pull_request, push, merge_group, local, …
    #[arg(long, value_name = "NAME")]
    pub(crate) event: Option<String>,
    /// How the workflow's steps ended: the JSON of `toJSON(steps)`
    #[arg(long, value_name = "JSON")]
    pub(crate) steps: Option<String>,
    /// How the workflow's jobs ended: the JSON of `toJSON(needs)`
    #[arg(long, value_name = "JSON")]
    pub(crate) needs: Option<String>,
    /// Who approved the change, as JSON: {"author", "approvals": [{"by", "commit"}], "code_owner_review"}
    #[arg(long, value_name = "FILE")]
    pub(crate) approvals: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Also write JSON here
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Also write SARIF here
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
    /// Also write Markdown here
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// How many threads to use; one per core by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_JOBS)))]
    pub(crate) jobs: Option<u16>,
    /// How long one checker may take, such as "90 s"; 10 min by default
    #[arg(long, value_name = "DURATION")]
    pub(crate) deadline: Option<String>,
    /// Say less
    #[arg(short, long, conflicts_with = "verbose", value_parser = FalseyValueParser::new())]
    pub(crate) quiet: bool,
    /// Say more: every condition, every number, every table
    #[arg(short, long, value_parser = FalseyValueParser::new())]
    pub(crate) verbose: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
    /// Show no progress, even at a terminal
    #[arg(long, value_parser = FalseyValueParser::new())]
    pub(crate) no_progress: bool,
}

/// Those of the common arguments that make sense for a verb, which judges nothing and has an output of its own.
const OF_VERBS: [&str; 8] = ["root", "config", "base", "event", "jobs", "quiet", "verbose", "color"];

impl Common {
    /// The common arguments as they are when nothing is given, neither by flag nor by the environment.
    pub(crate) fn defaults() -> anyhow::Result<Self> {
        let command = Self::augment_args(Command::new("tollgate"));
        Ok(Self::from_arg_matches(&command.try_get_matches_from(["tollgate"])?)?)
    }

    /// The common arguments of a verb.
    pub(crate) fn of_verb(matches: &ArgMatches) -> anyhow::Result<Self> {
        let defaults = Self::defaults()?;
        let text = |id: &str| matches.get_one::<String>(id).cloned();
        Ok(Self {
            root: matches.get_one("root").cloned().unwrap_or(defaults.root),
            config: matches.get_one("config").cloned(),
            base: text("base"),
            event: text("event"),
            jobs: matches.get_one("jobs").copied(),
            quiet: matches.get_flag("quiet"),
            verbose: matches.get_flag("verbose"),
            color: matches.get_one("color").copied().unwrap_or_default(),
            ..defaults
        })
    }
}

/// Arguments of `check` alone.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Check {
    /// Judge only these gates
    #[arg(value_name = "GATE")]
    pub(crate) gates: Vec<String>,
    /// Run only these checkers; gates that need others are shown as not judged
    #[arg(long, value_name = "CHECKER", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Write run.json, report.sarif and summary.md into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// What the change's own run reported: files of this folder are taken into the checked one, and everything else is read
    /// from the commit
    #[arg(long, value_name = "DIR")]
    pub(crate) reports: Option<PathBuf>,
    /// Say what would run and be judged, and run nothing
    #[arg(long)]
    pub(crate) plan: bool,
    /// Print the configuration that applies, and where each value comes from
    #[arg(long)]
    pub(crate) print_config: bool,
    /// Write .tollgate/base.json, so that later changes are compared with this run
    #[arg(long)]
    pub(crate) write_base: bool,
}

/// Width of the help, in columns.
const WIDTH: usize = 80;

const AFTER_HELP: &str = "\
Exit codes: 0 every gate passes (warnings allowed); 1 a gate fails; 2 usage or
configuration is wrong, nothing was judged; 3 a verdict is unknown.
Options may also be set by the environment: --base is TOLLGATE_BASE.";

const AFTER_VERB: &str = "\
Exit codes: 0 done; 2 usage or configuration is wrong; 3 it could not tell, and
no file was written.";

/// The command line of the umbrella over `tools`, with other commands beside them.
pub fn umbrella(tools: &[&dyn Tool], extras: &[&dyn Extra]) -> Command {
    let check = Check::augment_args(Common::augment_args(Command::new("check")))
        .about("Run the configured checkers, judge every gate, say why")
        .after_help(AFTER_HELP);
    let common = Common::augment_args(Command::new("common"));
    let common = common.get_arguments().filter(|arg| OF_VERBS.contains(&arg.get_id().as_str()));
    let explain = Command::new("explain")
        .about("Say what a rule finds and how to mend it, or what a gate demands, on what evidence")
        .arg(
            Arg::new("name")
                .value_name("RULE|GATE")
                .required(true)
                .help("The rule's id, such as coverage/uncovered-lines, or the gate's name"),
        )
        .args(common.cloned());
    let kinds = ["report", "run", "config"];
    let schema = Command::new("schema")
        .about("Print the JSON Schema of a report, of run.json or of tollgate.toml")
        .arg(Arg::new("kind").value_name("KIND").required(true).value_parser(kinds).help("Which"));
    let completions = Command::new("completions").about("Print the completions of a shell").arg(shell_argument());
    let decide = decide::command().after_help(AFTER_HELP);
    let commands = [check, decide].map(|command| environment::bind(command, environment::COMMON));
    let checkers = tools.iter().map(|tool| checker(Command::new(tool.name()), *tool));
    Command::new("tollgate")
        .about("Decides whether a change may merge, and says on what evidence")
        .term_width(WIDTH)
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(commands)
        .subcommands(checkers)
        .subcommands(extras.iter().map(|extra| extra.command()))
        .subcommands([explain, rules::command(), suppress::command(), schema, completions])
        .after_help(AFTER_HELP)
}

/// The command line of the binary of one checker.
pub fn standalone(tool: &dyn Tool) -> Command {
    checker(Command::new(format!("tollgate-{}", tool.name())), tool).version(tool.version()).term_width(WIDTH)
}

fn shell_argument() -> Arg {
    Arg::new("shell")
        .value_name("SHELL")
        .required(true)
        .value_parser(clap::builder::EnumValueParser::<clap_complete::Shell>::new())
        .help("Which shell")
}

/// Flags of one checker: its own, its limits, the common ones.
fn checker(command: Command, tool: &dyn Tool) -> Command {
    let own = own(command.next_help_heading("Options"), tool);
    let command = environment::bind(Common::augment_args(environment::bind(own, tool.name())), environment::COMMON)
        .about(tool.about())
        .after_help(AFTER_HELP);
    let verbs = tool.verbs();
    if verbs.is_empty() {
        return command;
    }
    // Flags stand behind the verb: one before it could only be lost.
    command
        .subcommands(verbs.into_iter().map(|own| verb(own, tool)))
        .args_conflicts_with_subcommands(true)
        .subcommand_value_name("VERB")
        .subcommand_help_heading("Verbs")
}

/// The arguments of `tool` itself: its options, its limits, and which instance is meant.
pub(crate) fn own(command: Command, tool: &dyn Tool) -> Command {
    let limits = tool.limits().iter().map(|limit| {
        Arg::new(limit.flag)
            .long(limit.flag)
            .value_name(limit.value_name)
            .help(limit.help)
            .help_heading("Limits")
            .action(ArgAction::Set)
    });
    tool.augment(command).args(limits).arg(target("Options"))
}

fn target(heading: &'static str) -> Arg {
    let target = Arg::new("target").long("target").value_name("NAME").help_heading(heading);
    target.help("Of several instances in the configuration, only this one")
}

/// A verb with its own arguments, the checker's options and the common ones that make sense. Its own have no variables:
/// they say what to do, not how.
fn verb(own: Command, tool: &dyn Tool) -> Command {
    const CHECKER: &str = "Options of the checker";
    let options = tool.augment(Command::new("options").next_help_heading(CHECKER)).arg(target(CHECKER));
    let options = environment::bind(options, tool.name());
    let common = environment::bind(Common::augment_args(Command::new("common")), environment::COMMON);
    let common = common.get_arguments().filter(|arg| OF_VERBS.contains(&arg.get_id().as_str()));
    own.args(options.get_arguments().chain(common).cloned()).after_help(AFTER_VERB)
}
