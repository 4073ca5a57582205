//! What every command on a folder begins with, and the run of a plan.

use std::ffi::OsString;

use clap::Command;
use tollgate_check::Tool;
use tollgate_config::Kind;
use tollgate_model::Run;
use tollgate_policy::Catalog;

use crate::arguments::{Common, Format};
use crate::configuration;
use crate::environment;
use crate::event::outcomes;
use crate::judge::{self, DEADLINE, Setting};
use crate::outputs;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::session::Session;
use crate::starter;
use crate::usage::usage;

/// What every command on a folder begins with.
pub(crate) struct Frame {
    pub(crate) session: Session,
    pub(crate) catalog: Catalog,
    /// What to say about variables of the environment.
    pub(crate) warnings: Vec<String>,
}

impl Frame {
    pub(crate) fn open(tools: &[&dyn Tool], command: &Command, common: &Common) -> anyhow::Result<Self> {
        let set = |(name, value): (OsString, OsString)| name.into_string().ok().filter(|_| !value.is_empty());
        let variables = std::env::vars_os().filter_map(set);
        outputs::distinct(common)?;
        Ok(Self {
            session: Session::open(common)?,
            catalog: configuration::catalog(tools),
            warnings: environment::remarks(command, variables),
        })
    }

    /// How many threads to use.
    pub(crate) fn jobs(&self, plan: &Plan<'_>, common: &Common) -> usize {
        let parallel = || std::thread::available_parallelism().map_or(1, usize::from);
        common.jobs.map(usize::from).or(plan.jobs).unwrap_or_else(parallel)
    }

    /// Runs the plan and judges what comes of it.
    pub(crate) fn run(&self, plan: &Plan<'_>, alone: bool, common: &Common) -> anyhow::Result<Run> {
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
            steps: ended("steps", &common.steps)?,
            needs: ended("needs", &common.needs)?,
            base_run: common.base_run.as_deref(),
            deadline: deadline.or(plan.deadline).unwrap_or(DEADLINE),
            jobs: self.jobs(plan, common),
            progress: &Progress::new(!quiet),
            again: again.as_deref(),
            warnings: self.warnings.iter().cloned().chain(above).collect(),
            whole: !alone,
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
