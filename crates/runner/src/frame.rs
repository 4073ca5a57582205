//! What every command on a folder begins with, and the run of a plan.

use std::ffi::OsString;

use clap::Command;
use tollgate_check::Tool;
use tollgate_config::{Config, Kind, Source};
use tollgate_policy::{Catalog, Relaxation};

use crate::again;
use crate::arguments::{Common, Format};
use crate::configuration;
use crate::environment;
use crate::event::outcomes;
use crate::forge::Forge;
use crate::judge::{self, DEADLINE, Judged, Setting};
use crate::outputs;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::session::Session;
use crate::sources;
use crate::starter;
use crate::usage::usage;
use crate::whose;

/// What every command on a folder begins with.
pub(crate) struct Frame<'a> {
    pub(crate) session: Session,
    pub(crate) catalog: Catalog,
    /// What to say about variables of the environment, and about whose policy holds.
    pub(crate) warnings: Vec<String>,
    /// Who, not being the author, approved the change, and whether code owners are asked.
    pub(crate) forge: Forge<'a>,
    relaxations: Vec<Relaxation>,
    trouble: Option<String>,
}

impl Frame<'_> {
    pub(crate) fn open(tools: &[&dyn Tool], command: &Command, common: &Common) -> anyhow::Result<Self> {
        let set = |(name, value): (OsString, OsString)| name.into_string().ok().filter(|_| !value.is_empty());
        let variables = std::env::vars_os().filter_map(set);
        outputs::distinct(common)?;
        let session = Session::open(common)?;
        Ok(Self {
            forge: Forge::read(common.approvals.as_deref())?,
            session,
            catalog: configuration::catalog(tools),
            warnings: environment::remarks(command, variables),
            relaxations: Vec::new(),
            trouble: None,
        })
    }

    /// How many threads to use.
    pub(crate) fn jobs(&self, plan: &Plan<'_>, common: &Common) -> usize {
        let parallel = || std::thread::available_parallelism().map_or(1, usize::from);
        common.jobs.map(usize::from).or(plan.jobs).unwrap_or_else(parallel)
    }

    /// The configuration that applies, and the name it goes by; none where there is none.
    pub(crate) fn configuration(
        &mut self,
        tools: &[&dyn Tool],
        common: &Common,
    ) -> anyhow::Result<Option<(Config, String)>> {
        let whose = whose::find(common, &self.session, tools, &self.catalog, &self.forge)?;
        self.warnings.extend(whose.notes);
        self.relaxations = whose.relaxations;
        self.trouble = whose.trouble;
        self.know(whose.config.iter().flat_map(|(config, _)| &config.sources));
        Ok(whose.config)
    }

    /// Lets conditions name these sources.
    pub(crate) fn know<'c>(&mut self, sources: impl IntoIterator<Item = &'c Source>) {
        let metrics = sources::metrics();
        for source in sources {
            self.catalog.add_source(&source.name, &metrics);
        }
    }

    /// Runs the plan and judges what comes of it.
    pub(crate) fn run(&self, plan: &Plan<'_>, alone: bool, common: &Common) -> anyhow::Result<Judged> {
        self.with_setting(plan, alone, common, |setting| judge::run(plan, setting))
    }

    /// Calls `f` with what a run of the plan depends on.
    pub(crate) fn with_setting<T>(
        &self,
        plan: &Plan<'_>,
        alone: bool,
        common: &Common,
        f: impl FnOnce(&Setting<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let deadline = common.deadline.as_deref().map(deadline).transpose()?;
        // In a workflow, an outcome that nobody handed in is unknown, not beside the point.
        let outside = if self.session.event.is_local() { None } else { Some("{}") };
        let ended = |flag: &str, given: &Option<String>| {
            given.as_deref().or(outside).map(|json| outcomes(flag, json)).transpose()
        };
        let again = (!alone || !common.verbose).then(|| plan.arguments.clone() + &again::place(common));
        let above = if plan.policy_name == starter::NAME { self.session.policy_above() } else { None };
        let above = above.map(|policy| {
            format!("{} was not used: it is looked for in the checked folder; name it with --config", policy.display())
        });
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
            relaxations: &self.relaxations,
            forge: &self.forge,
            trouble: self.trouble.as_deref(),
            whole: !alone,
        };
        f(&setting)
    }
}

fn deadline(text: &str) -> anyhow::Result<std::time::Duration> {
    let wrong = || usage(format!("--deadline {text}: expected {}", Kind::Duration.words()));
    tollgate_config::deadline(text).ok_or_else(wrong)
}
