//! One configuration of two: what decides from the base, how to measure from the change.

use serde_json::{Map, Value};
use tollgate_check::{Entries, Tool};
use tollgate_config::{Config, Section, Source};
use tollgate_policy::{Clause, Gate};

use crate::print_config;

/// Whether both decide by the same gates.
pub(super) fn decides_alike(base: &Config, head: &Config) -> bool {
    let incidents = base.policy.incidents == head.policy.incidents;
    incidents && print_config::gates(&base.policy.gates) == print_config::gates(&head.policy.gates)
}

/// The gates of `base`, with what `head` adds as warnings; the instances and sources of both, measured as `head` says, silenced
/// as `base` says.
pub(super) fn merged(base: Config, head: Config, tools: &[&dyn Tool]) -> Config {
    let mut config = head;
    let asked = std::mem::take(&mut config.policy);
    config.policy = base.policy;
    for gate in &asked.gates {
        announce(&mut config.policy.gates, gate);
    }
    let known = config.policy.instance_scopes.clone();
    let new = asked
        .instance_scopes
        .into_iter()
        .filter(|scope| !known.iter().any(|other| other.checker == scope.checker && other.instance == scope.instance));
    config.policy.instance_scopes.extend(new);
    for tool in tools {
        let old = base.sections.get(tool.name()).map_or(&[][..], Vec::as_slice);
        if !old.is_empty() || config.sections.contains_key(tool.name()) {
            sections(config.sections.entry(tool.name().to_owned()).or_default(), old, *tool);
        }
    }
    sources(&mut config.sources, base.sources);
    config.gate_places.extend(base.gate_places);
    config
}

/// Adds to `gates` what `asked` asks beyond the gate of its name, as warnings: it blocks once it is merged.
fn announce(gates: &mut Vec<Gate>, asked: &Gate) {
    let known = gates.iter().position(|gate| gate.name == asked.name);
    let has = |clause: &Clause| {
        known.is_some_and(|at| gates[at].clauses.iter().any(|other| other.condition == clause.condition))
    };
    let new: Vec<Clause> = asked.clauses.iter().filter(|clause| !has(clause)).cloned().collect();
    let new = new.into_iter().map(|clause| Clause { blocks: false, ..clause });
    match known {
        Some(at) => gates[at].clauses.extend(new),
        None => {
            let clauses: Vec<Clause> = new.collect();
            if !clauses.is_empty() {
                gates.push(Gate { clauses, ..asked.clone() });
            }
        }
    }
}

/// Of one checker: `ours` as the change has them, with the silencing options of `base`, and those of `base` that the change
/// dropped.
fn sections(ours: &mut Vec<Section>, base: &[Section], tool: &dyn Tool) {
    for section in ours.iter_mut() {
        let Some(old) = base.iter().find(|old| old.name == section.name) else { continue };
        for (key, _) in tool.silencing() {
            section.options.remove(*key);
            section.places.remove(*key);
            if let Some(value) = old.options.get(*key) {
                section.options.insert((*key).to_owned(), value.clone());
                let place = old.places.get(*key).cloned().unwrap_or_default();
                section.places.insert((*key).to_owned(), place);
            }
        }
        for list in tool.entries() {
            entries(&mut section.options, &old.options, list);
        }
    }
    let dropped = base.iter().filter(|old| !ours.iter().any(|section| section.name == old.name));
    let dropped: Vec<Section> = dropped.cloned().collect();
    ours.extend(dropped);
}

/// Of one list of tables: those that the change has, deciding as the base's of the same name do, and those of the base that the change
/// dropped.
fn entries(ours: &mut Map<String, Value>, base: &Map<String, Value>, list: &Entries) {
    let Some(old) = base.get(list.option).and_then(Value::as_array) else { return };
    let none = || Value::Array(Vec::new());
    let Some(new) = ours.entry(list.option).or_insert_with(none).as_array_mut() else { return };
    for table in old {
        let name = list.name(table);
        match new.iter_mut().find(|entry| list.name(entry) == name).and_then(Value::as_object_mut) {
            Some(entry) => {
                for (key, _) in list.policy {
                    entry.remove(*key);
                    entry.extend(table.get(key).map(|value| ((*key).to_owned(), value.clone())));
                }
            }
            None => new.push(table.clone()),
        }
    }
}

/// `ours` where the change looks for them, with what the base says must be there, and those that the change dropped.
fn sources(ours: &mut Vec<Source>, base: Vec<Source>) {
    for old in base {
        match ours.iter_mut().find(|source| source.name == old.name) {
            Some(source) => {
                let files = std::mem::take(&mut source.files);
                let place = std::mem::take(&mut source.place);
                *source = Source { files, place, ..old };
            }
            None => ours.push(old),
        }
    }
}
