//! The options of one checker: flags beat environment beats file beats defaults.

use std::collections::BTreeMap;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use serde_json::{Map, Value};
use tollgate_check::Tool;
use tollgate_config::{Layer, Origin, Section, Setting, layered};
use tollgate_model::Unit;
use tollgate_policy::{Catalog, Clause, Condition, Subject};

use crate::environment;
use crate::usage::usage;

/// The options that apply to one instance of a checker, each with its origin.
pub(crate) fn settings(
    tool: &dyn Tool,
    section: Option<&Section>,
    given: &Given,
) -> anyhow::Result<BTreeMap<String, Setting>> {
    let file = section.map(file_layer).unwrap_or_default();
    let mut settings = layered(&[file, given.environment.clone(), given.flags.clone()]);
    let values: Map<String, Value> = settings.iter().map(|(key, s)| (key.clone(), s.value.clone())).collect();
    let full = tool.defaults(Value::Object(values)).map_err(|e| usage(e.to_string()))?;
    for (key, value) in full.as_object().into_iter().flatten() {
        let default = || Setting { value: value.clone(), origin: Origin::Default };
        settings.entry(key.clone()).or_insert_with(default).value = value.clone();
    }
    Ok(settings)
}

/// The options as the checker takes them.
pub(crate) fn values(settings: &BTreeMap<String, Setting>) -> Value {
    Value::Object(settings.iter().map(|(key, setting)| (key.clone(), setting.value.clone())).collect())
}

fn file_layer(section: &Section) -> Layer {
    let origins = section.places.iter().map(|(key, place)| (key.clone(), Origin::File(place.clone()))).collect();
    Layer { values: section.options.clone(), origins }
}

/// What flags and environment say of one checker.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    environment: Layer,
    flags: Layer,
}

impl Given {
    /// Reads them off `matches` of `command`.
    pub(crate) fn of(tool: &dyn Tool, command: &Command, matches: &ArgMatches) -> anyhow::Result<Self> {
        let mut given = Self::default();
        let options = tool.options(matches)?;
        for (key, value) in options.as_object().into_iter().flatten() {
            // What is no argument (a table) is set by the file alone; clap has only made its default.
            let Some(arg) = command.get_arguments().find(|arg| arg.get_id().as_str() == key) else { continue };
            let flag = arg.get_long().unwrap_or(key);
            let (layer, origin) = match matches.value_source(key) {
                Some(ValueSource::EnvVariable) => {
                    let name = environment::variable(tool.name(), flag);
                    (&mut given.environment, Origin::Environment(name))
                }
                _ => (&mut given.flags, Origin::Flag(format!("--{flag}"))),
            };
            layer.values.insert(key.clone(), value.clone());
            layer.origins.insert(key.clone(), origin);
        }
        Ok(given)
    }

    /// What the environment alone says, where the command line has no flags of this checker.
    pub(crate) fn by_environment(tool: &dyn Tool) -> anyhow::Result<Self> {
        let command = environment::bind(tool.augment(Command::new(tool.name())), tool.name());
        let matches = command.clone().try_get_matches_from([tool.name()])?;
        Self::of(tool, &command, &matches)
    }

    /// Whether a flag was given.
    pub(crate) fn by_flag(&self) -> bool {
        !self.flags.values.is_empty()
    }
}

/// The conditions that limit flags stand for.
pub(crate) fn limits(tool: &dyn Tool, catalog: &Catalog, matches: &ArgMatches) -> anyhow::Result<Vec<Clause>> {
    let mut clauses = Vec::new();
    for limit in tool.limits() {
        let Some(value) = matches.get_one::<String>(limit.flag) else { continue };
        let clause = clause(catalog, limit.metric, limit.op.sign(), value)
            .map_err(|message| usage(format!("--{} {value}: {message}", limit.flag)))?;
        clauses.push(clause);
    }
    Ok(clauses)
}

/// `metric op value`, where a bare number takes the unit of the metric.
fn clause(catalog: &Catalog, metric: &str, sign: &str, value: &str) -> Result<Clause, String> {
    let bare = value.chars().all(|c| c.is_ascii_digit() || c == '.');
    let probe = Condition::parse(&format!("{metric} {sign} 0")).map_err(|e| e.message)?;
    let unit = match &probe.subject {
        Subject::Metric(selector) if bare => match catalog.unit(selector) {
            Unit::Percent => "%",
            Unit::Bytes => " B",
            Unit::Milliseconds => " ms",
            Unit::Count => "",
        },
        _ => "",
    };
    let text = format!("{metric} {sign} {value}{unit}");
    let condition = Condition::parse(&text).map_err(|e| e.message)?;
    catalog.check(&condition)?;
    Ok(Clause::new(text, condition, true))
}

/// The conditions that a checker is judged by where no policy names its metrics.
pub(crate) fn starter(tool: &dyn Tool) -> anyhow::Result<Vec<Clause>> {
    let read = |(text, blocks): &(&str, bool)| {
        let condition = Condition::parse(text).map_err(|e| usage(format!("{}: {text}: {e}", tool.name())))?;
        Ok(Clause::new(*text, condition, *blocks))
    };
    tool.starter().iter().map(read).collect()
}
