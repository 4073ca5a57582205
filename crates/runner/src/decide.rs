//! `tollgate decide`: judges reports that already exist, and runs nothing.

mod gather;

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches as _};
use tollgate_check::Tool;
use tollgate_model::Exit;

use crate::arguments::{Check, Common};
use crate::forge::Host;
use crate::frame::Frame;
use crate::judge;
use crate::plan::Plan;
use crate::usage::usage;
use crate::{discreet, outputs};

/// Arguments of `decide` alone.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Decide {
    /// Reports, and folders of them: tollgate's own, SARIF 2.1.0, and formats that docs/sources.md lists
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Judge only these gates
    #[arg(long = "gate", value_name = "GATE")]
    pub(crate) gates: Vec<String>,
    /// Write run.json, report.sarif, upload/ and summary.md into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// Names that no source can have, beside those of checkers: conditions read them otherwise.
const RESERVED: [&str; 5] = ["base", "needs", "policy", "steps", "tests"];

/// The command of the umbrella.
pub(crate) fn command() -> Command {
    Decide::augment_args(Common::augment_args(Command::new("decide")))
        .about("Judge reports that already exist, ours and those of other tools; runs nothing")
}

/// Reads the reports, judges them, shows and writes what came of it.
pub(crate) fn run(
    tools: &[&dyn Tool],
    host: Option<&dyn Host>,
    command: &Command,
    matches: &ArgMatches,
) -> anyhow::Result<Exit> {
    let (common, decide) = (Common::from_arg_matches(matches)?, Decide::from_arg_matches(matches)?);
    let mut frame = Frame::open(tools, command, &common)?;
    frame.forge.ask(host);
    let config = frame.configuration(tools, &common)?;
    let configured = config.is_some();
    let sources = config.iter().flat_map(|(config, _)| &config.sources).cloned().collect();
    let names: Vec<&str> = tools.iter().map(|tool| tool.name()).chain(RESERVED).collect();
    let gathered = gather::gather(&decide.paths, &frame.session, sources, configured, &names)?;
    if !configured {
        frame.know(&gathered.sources);
    }
    let check = Check { gates: decide.gates, ..Check::default() };
    let plan = match config {
        Some(config) => Plan::check(&frame.session, tools, Some(config), &frame.catalog, &check)?,
        None => Plan::handed(tools, &gathered.measured.reports, &gathered.sources, &frame.catalog)?,
    };
    if gathered.measured.reports.is_empty() {
        let paths: Vec<String> = decide.paths.iter().map(|path| path.display().to_string()).collect();
        let more = gathered.passed_over.first().map(|said| format!("; {said}")).unwrap_or_default();
        return Err(usage(format!("{}: no report was found, so there is nothing to judge{more}", paths.join(", "))));
    }
    let judged = frame.with_setting(&plan, false, &common, |setting| {
        // Looking again would show no more than the reports do.
        let setting = &judge::Setting { again: None, ..setting.clone() };
        let mut measured = gathered.measured;
        measured.reports.retain(|report| plan.expects(report));
        judge::judge(&plan, setting, measured)
    })?;
    let judge::Judged { mut run, logs } = judged;
    run.subject.not_examined.extend(gathered.passed_over);
    let shown = discreet::shown(&run, &frame.session.event);
    outputs::write(&run, &shown, &logs, false, &common, decide.out.as_deref(), None)?;
    outputs::print(&run, &shown, &logs, false, &common)?;
    Ok(run.decision.exit())
}
