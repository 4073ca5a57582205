//! What will run, and by which policy it will be judged.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tollgate_check::Tool;
use tollgate_config::{Config, Origin, Section, Service, Setting, Source};
use tollgate_model::{Report, Target};
use tollgate_policy::{Catalog, Clause, Condition, Gate, Policy, Subject, hint};

use crate::arguments::Check;
use crate::configuration;
use crate::options::{self, Given};
use crate::session::Session;
use crate::starter::{self, Starter};
use crate::usage::usage;

/// What will run, and by which policy it will be judged.
pub(crate) struct Plan<'a> {
    pub(crate) policy: Policy,
    /// The policy's file, or the starter policy's name.
    pub(crate) policy_name: String,
    /// Which checker reports what.
    catalog: &'a Catalog,
    pub(crate) instances: Vec<Instance<'a>>,
    /// Reports of tools that are not ours.
    pub(crate) sources: Vec<Source>,
    /// The program under test.
    pub(crate) service: Option<Service>,
    /// Checkers that were left out on request.
    pub(crate) left_out: BTreeSet<String>,
    /// What the starter policy does not look at.
    pub(crate) not_examined: Vec<String>,
    /// From `[check]`, with their places.
    pub(crate) deadline: Option<Duration>,
    pub(crate) jobs: Option<usize>,
    pub(crate) check_places: BTreeMap<String, String>,
    /// Where each gate stands.
    pub(crate) gate_places: BTreeMap<String, String>,
    /// What was given to one checker alone, as a shell takes it.
    pub(crate) arguments: String,
    /// Whether later changes will be compared with this run: what its own change does not concern is measured all the same.
    pub(crate) is_base: bool,
}

/// One instance of one checker.
pub(crate) struct Instance<'a> {
    pub(crate) tool: &'a dyn Tool,
    pub(crate) name: Option<String>,
    pub(crate) settings: BTreeMap<String, Setting>,
}

impl<'a> Instance<'a> {
    /// The one instance of a checker that nobody configured.
    pub(crate) fn plain(tool: &'a dyn Tool, given: &Given) -> anyhow::Result<Self> {
        Ok(Self { tool, name: None, settings: options::settings(tool, None, given)? })
    }

    /// The instances that `sections` configure.
    fn of_sections(tool: &'a dyn Tool, sections: &[Section], given: &Given) -> anyhow::Result<Vec<Self>> {
        let one = |section: &Section| {
            Ok(Self { tool, name: section.name.clone(), settings: options::settings(tool, Some(section), given)? })
        };
        sections.iter().map(one).collect()
    }
}

impl<'a> Plan<'a> {
    /// A message on an option of an instance, `coverage.map: …`, with the place in the file where the option is set.
    pub(crate) fn placed(&self, checker: &str, name: Option<&str>, message: String) -> String {
        let key = message.strip_prefix(checker).and_then(|rest| rest.strip_prefix('.')?.split_once(':'));
        let instance = self.instances.iter().find(|i| i.tool.name() == checker && i.name.as_deref() == name);
        match key.and_then(|(key, _)| instance?.settings.get(key)).map(|setting| &setting.origin) {
            Some(Origin::File(place)) => format!("{place}: {message}"),
            _ => message,
        }
    }

    /// The plan of `check`.
    pub(crate) fn check(
        session: &Session,
        tools: &[&'a dyn Tool],
        config: Option<(Config, String)>,
        catalog: &'a Catalog,
        check: &Check,
    ) -> anyhow::Result<Self> {
        let sources = config.iter().flat_map(|(config, _)| &config.sources).map(|source| source.name.clone());
        let names: Vec<String> = tools.iter().map(|tool| tool.name().to_owned()).chain(sources).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for only in &check.only {
            known("--only", "checker", only, &names)?;
        }
        let mut plan = match config {
            Some((config, name)) if config.policy.gates.is_empty() => {
                return Err(usage(format!("{name}: names no gate, so nothing would be decided; add [gates.NAME]")));
            }
            Some((config, name)) => Self::configured(tools, config, name, catalog)?,
            None => Self::starter(session, tools, catalog)?,
        };
        plan.keep_gates(&check.gates)?;
        if !check.only.is_empty() {
            let left_out = names.iter().filter(|name| !check.only.iter().any(|only| only == *name));
            plan.left_out = left_out.map(|name| (*name).to_owned()).collect();
            plan.instances.retain(|i| !plan.left_out.contains(i.tool.name()));
            plan.sources.retain(|source| !plan.left_out.contains(&source.name));
        }
        Ok(plan)
    }

    /// The plan of one checker alone: judged by the conditions that name its metrics, else by its starter policy, and by
    /// its limit flags.
    pub(crate) fn alone(
        tool: &'a dyn Tool,
        config: Option<(Config, String)>,
        catalog: &'a Catalog,
        given: &Given,
        target: Option<&str>,
        limits: Vec<Clause>,
    ) -> anyhow::Result<Self> {
        let (mut config, policy_name) = config.unwrap_or_else(|| (Config::default(), starter::NAME.to_owned()));
        let mut policy = std::mem::take(&mut config.policy);
        for gate in std::mem::take(&mut policy.gates) {
            let ours = gate.clauses.iter().filter(|c| concerns(catalog, c, tool.name(), target));
            let ours: Vec<Clause> = ours.cloned().collect();
            if !ours.is_empty() {
                policy.gates.push(Gate { clauses: ours, ..gate });
            }
        }
        if policy.gates.is_empty() && limits.is_empty() {
            policy.gates.push(Gate::new(tool.name(), options::starter(tool)?));
        }
        if !limits.is_empty() {
            policy.gates.push(Gate::new("limits", limits));
        }
        let mut sections = config.sections.remove(tool.name()).unwrap_or_default();
        sections.retain(|s| target.is_none() || s.name.as_deref() == target);
        let mut instances = Instance::of_sections(tool, &sections, given)?;
        if let (Some(target), true) = (target, instances.is_empty()) {
            return Err(usage(format!("--target: no [[{}]] has the name `{target}`", tool.name())));
        }
        if instances.len() > 1 && given.by_flag() {
            let message = format!("several [[{}]] are configured; say with --target which one is meant", tool.name());
            return Err(usage(message));
        }
        if instances.is_empty() {
            instances.push(Instance::plain(tool, given)?);
        }
        config.policy = policy;
        config.sources.clear();
        Ok(Self::of(config, policy_name, catalog, instances))
    }

    /// The plan that `config` makes of these instances.
    fn of(config: Config, policy_name: String, catalog: &'a Catalog, instances: Vec<Instance<'a>>) -> Self {
        Self {
            policy: config.policy,
            policy_name,
            catalog,
            instances,
            sources: config.sources,
            service: config.service,
            left_out: BTreeSet::new(),
            not_examined: Vec::new(),
            deadline: config.deadline,
            jobs: config.jobs,
            check_places: config.check_places,
            gate_places: config.gate_places,
            arguments: String::new(),
            is_base: false,
        }
    }

    fn configured(
        tools: &[&'a dyn Tool],
        config: Config,
        policy_name: String,
        catalog: &'a Catalog,
    ) -> anyhow::Result<Self> {
        let mut instances = Vec::new();
        for tool in tools {
            let given = Given::by_environment(*tool)?;
            let named = |gate: &&Gate| gate.clauses.iter().any(|c| catalog.owner(&c.condition) == Some(tool.name()));
            let needed = |gate: &Gate| !gate.optional.iter().any(|o| o == tool.name());
            match config.sections.get(tool.name()) {
                Some(sections) => instances.extend(Instance::of_sections(*tool, sections, &given)?),
                // Named by a gate without a section: its defaults will do, unless every such gate calls it optional.
                None if config.policy.gates.iter().filter(named).any(needed) => {
                    instances.push(Instance::plain(*tool, &given)?);
                }
                None => {}
            }
        }
        Ok(Self::of(config, policy_name, catalog, instances))
    }

    /// The starter policy's plan; an error where somebody wrote a policy, and this is only not the folder it lies in.
    fn starter(session: &Session, tools: &[&'a dyn Tool], catalog: &'a Catalog) -> anyhow::Result<Self> {
        if let Some(policy) = session.policy_above() {
            let folder = policy.parent().unwrap_or(&policy).display();
            let (policy, file) = (policy.display(), configuration::FILE);
            return Err(usage(format!(
                "no {file} in this folder, though {policy} lies above it; check what that is about with --root {folder}, or \
                 this folder alone by it with --config {policy}"
            )));
        }
        let found = Starter::find(session, tools)?;
        let config = Config { policy: found.policy, ..Config::default() };
        let plan = Self::of(config, starter::NAME.to_owned(), catalog, found.instances);
        Ok(Self { not_examined: found.not_examined, ..plan })
    }

    /// The plan for reports that were handed over without a configuration: each checker is judged by its starter policy, each
    /// source by its errors.
    pub(crate) fn handed(
        tools: &[&'a dyn Tool],
        reports: &[Report],
        sources: &[Source],
        catalog: &'a Catalog,
    ) -> anyhow::Result<Self> {
        let mut config = Config { sources: sources.to_vec(), ..Config::default() };
        let mut instances = Vec::new();
        for tool in tools {
            let ours: Vec<&Report> = reports.iter().filter(|report| report.checker == tool.name()).collect();
            let given = Given::by_environment(*tool)?;
            for report in &ours {
                instances.push(Instance { name: report.instance.clone(), ..Instance::plain(*tool, &given)? });
            }
            let clauses = if ours.is_empty() { Vec::new() } else { options::starter(*tool)? };
            if !clauses.is_empty() {
                config.policy.gates.push(Gate::new(tool.name(), clauses));
            }
        }
        for source in sources {
            let text = format!("{}.findings{{level=\"error\"}} == 0", source.name);
            let condition = Condition::parse(&text).map_err(|e| usage(format!("{text}: {e}")))?;
            config.policy.gates.push(Gate::new(&source.name, vec![Clause::new(text, condition, true)]));
        }
        Ok(Self::of(config, starter::NAME.to_owned(), catalog, instances))
    }

    /// Whether a report is one that this plan has a use for.
    pub(crate) fn expects(&self, report: &Report) -> bool {
        self.configured_names().iter().any(|(checker, instance)| {
            *checker == report.checker && (instance.is_none() || *instance == report.instance)
        })
    }

    /// Keeps only the gates that were asked for, and the checkers they need.
    fn keep_gates(&mut self, wanted: &[String]) -> anyhow::Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.policy.gates.iter().map(|gate| gate.name.as_str()).collect();
        for gate in wanted {
            known("GATE", "gate", gate, &names)?;
        }
        self.policy.gates.retain(|gate| wanted.contains(&gate.name));
        let clauses = self.policy.gates.iter().flat_map(|g| &g.clauses);
        let conditions: Vec<Condition> = clauses.map(|clause| clause.condition.clone()).collect();
        let needed = |name: &str| conditions.iter().any(|condition| self.catalog.rests_on(condition, name));
        self.instances.retain(|i| needed(i.tool.name()));
        self.sources.retain(|source| needed(&source.name));
        Ok(())
    }

    /// The checkers that run, with the names of their instances, and the sources.
    pub(crate) fn configured_names(&self) -> BTreeSet<(String, Option<String>)> {
        let checkers = self.instances.iter().map(|i| (i.tool.name().to_owned(), i.name.clone()));
        checkers.chain(self.sources.iter().map(|source| (source.name.clone(), None))).collect()
    }

    /// The conditions on the metrics of `tool`, as it sees them.
    pub(crate) fn targets(&self, tool: &dyn Tool) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for gate in &self.policy.gates {
            for clause in gate.clauses.iter().filter(|c| self.catalog.rests_on(&c.condition, tool.name())) {
                let Subject::Metric(selector) = &clause.condition.subject else { continue };
                let target = clause.condition.target(self.catalog.unit(selector));
                let target = target.map(|target| Target { warn: gate.warns_from(&target), ..target });
                targets.extend(target.filter(|t| !targets.contains(t)));
            }
        }
        targets
    }

    /// Names of the gates that name a metric of this checker or source.
    pub(crate) fn gates_of(&self, owner: &str) -> Vec<String> {
        let names = |gate: &&Gate| gate.clauses.iter().any(|c| self.catalog.rests_on(&c.condition, owner));
        self.policy.gates.iter().filter(names).map(|gate| gate.name.clone()).collect()
    }

    /// Whether a condition on a checker or source compares with the base.
    pub(crate) fn needs_base(&self, name: &str) -> bool {
        self.clauses_of(name).any(|clause| clause.condition.needs_base())
    }

    /// Whether a condition needs the run that the base left behind, whatever it could be worked out from.
    pub(crate) fn needs_record(&self) -> bool {
        self.policy.gates.iter().flat_map(|gate| &gate.clauses).any(|clause| clause.condition.needs_record())
    }

    fn clauses_of(&self, name: &str) -> impl Iterator<Item = &Clause> {
        let clauses = self.policy.gates.iter().flat_map(|g| &g.clauses);
        clauses.filter(move |c| self.catalog.rests_on(&c.condition, name))
    }

    /// Whether a gate needs a checker that was left out on request.
    pub(crate) fn is_left_out(&self, gate: &Gate) -> bool {
        let mut left_out = self.left_out.iter();
        left_out.any(|name| gate.clauses.iter().any(|c| self.catalog.rests_on(&c.condition, name)))
    }

    /// Options that metrics rest on and that no instance of their checker sets, as the configuration spells them.
    pub(crate) fn unset(&self) -> BTreeSet<String> {
        let options = |i: &Instance<'_>| i.tool.metrics().iter().filter_map(|m| m.option).collect::<BTreeSet<_>>();
        let set = |i: &Instance<'_>, option: &str| {
            let key = option.split_once('.').filter(|(section, _)| *section == i.tool.name()).map(|(_, key)| key);
            key.and_then(|key| i.settings.get(key)).is_some_and(|setting| !is_empty(&setting.value))
        };
        let all: BTreeSet<&str> = self.instances.iter().flat_map(options).collect();
        let unset = all.into_iter().filter(|option| !self.instances.iter().any(|i| set(i, option)));
        unset.map(str::to_owned).collect()
    }
}

/// Whether a condition is about `checker`, and about its instance `target` where one is meant.
fn concerns(catalog: &Catalog, clause: &Clause, checker: &str, target: Option<&str>) -> bool {
    let Subject::Metric(selector) = &clause.condition.subject else { return false };
    let named = selector.labels.get("target").map(String::as_str);
    catalog.owner_of(selector) == checker && (target.is_none() || named.is_none() || named == target)
}

/// Whether an option says nothing.
fn is_empty(value: &serde_json::Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn known(flag: &str, what: &str, name: &str, names: &[&str]) -> anyhow::Result<()> {
    if names.contains(&name) {
        return Ok(());
    }
    Err(usage(format!("{flag}: unknown {what} `{name}`{}", hint(name, names.iter().copied()))))
}
