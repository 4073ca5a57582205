//! The file as a whole.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use tollgate_model::MetricSpec;
use tollgate_policy::{Catalog, Date, Policy};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Mistakes;
use crate::file::File;
use crate::gates;
use crate::incidents;
use crate::keys::CHECK_KEYS;
use crate::sections::{self, Fields, Section};
use crate::service::{self, Service};
use crate::sources::{self, Source};

/// A checker as the file sees it.
pub struct CheckerFace<'a> {
    /// Its name, which is its section's.
    pub name: &'a str,
    /// JSON Schema of its options.
    pub schema: Value,
    /// Whether options make sense; the message says what does not.
    pub verify: &'a (dyn Fn(Value) -> Result<(), String> + 'a),
}

/// What a configuration may speak of.
pub struct Known<'a> {
    /// Every checker.
    pub checkers: &'a [CheckerFace<'a>],
    /// What conditions may name.
    pub catalog: &'a Catalog,
    /// Numbers that any source may have beside the count of its findings, by what follows the source's name.
    pub source_metrics: &'a [MetricSpec],
    /// Today, which bounds adoption.
    pub today: Date,
}

/// A file that was read.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What decides.
    pub policy: Policy,
    /// Sections of the checkers, by checker, in the order of the file.
    pub sections: BTreeMap<String, Vec<Section>>,
    /// Reports of tools that are not ours, in the order of the file.
    pub sources: Vec<Source>,
    /// The program under test.
    pub service: Option<Service>,
    /// How long one checker may take.
    pub deadline: Option<Duration>,
    /// How many threads to use.
    pub jobs: Option<usize>,
    /// Where `[check]` sets its keys: `tollgate.toml:3:1`.
    pub check_places: BTreeMap<String, String>,
    /// Where each gate begins.
    pub gate_places: BTreeMap<String, String>,
}

/// Reads `text`, known as `path`.
///
/// # Errors
/// Every mistake in it.
pub fn load(path: &str, text: &str, known: &Known<'_>) -> Result<Config, Mistakes> {
    let file = File::new(path, text);
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            file.mistake(error.span().map_or(0, |s| s.start), error.message().trim().replace('\n', ", "));
            return file.finish(Config::default());
        }
    };
    let mut config = Config::default();
    let names: Vec<&str> = known
        .checkers
        .iter()
        .map(|c| c.name)
        .chain(["gates", "adopt", "incidents", "check", "service", "sources"])
        .collect();
    for (key, value) in table.get_ref().iter() {
        let name: &str = key.get_ref();
        match (name, known.checkers.iter().find(|c| c.name == name)) {
            (_, Some(checker)) => {
                config.sections.insert(name.to_owned(), sections::read(&file, checker, value));
            }
            ("gates", _) => {
                let gates = value.get_ref().as_table().into_iter().flat_map(|gates| gates.iter());
                let place = |key: &Spanned<_>| file.place(key.span().start);
                config.gate_places = gates.map(|(key, _)| (key.get_ref().to_string(), place(key))).collect();
            }
            ("adopt" | "incidents", _) => {}
            ("sources", _) => config.sources = sources::read(&file, value, known.catalog),
            ("service", _) => config.service = service::read(&file, value),
            ("check", _) => read_check(&file, value, &mut config),
            _ => {
                let what = if value.get_ref().is_table() { "section" } else { "key" };
                file.mistake(key.span().start, sections::unknown(what, name, &names));
            }
        }
    }
    let mut catalog = known.catalog.clone();
    for source in &config.sources {
        catalog.add_source(&source.name, known.source_metrics);
    }
    if let Some(clash) = catalog.clash() {
        file.mistake(0, format!("a name of [[sources]] is taken: {clash}"));
    }
    let known = &Known { catalog: &catalog, ..*known };
    config.policy = gates::read(&file, table.get_ref(), &config.sections, known);
    config.policy.incidents = incidents::read(&file, table.get_ref());
    config.policy.instance_scopes = sections::scopes(&config.sections);
    config.policy.instance_scopes.extend(sources::scopes(&config.sources));
    file.finish(config)
}

fn read_check(file: &File<'_>, value: &Spanned<DeValue<'_>>, config: &mut Config) {
    let Some(fields) = Fields::of(file, "check", value, CHECK_KEYS) else { return };
    config.deadline = fields.duration("deadline");
    config.jobs = fields.number("jobs");
    config.check_places = fields.places();
}

#[cfg(test)]
mod tests;
