//! `[gates.NAME]` and `[adopt]`.

use std::collections::BTreeMap;

use tollgate_policy::{Adopt, Clause, Condition, Gate, Policy, Scope, Subject, TooClose, hint};
use toml::Spanned;
use toml::de::DeValue;

use crate::file::File;
use crate::keys::{ADOPT_KEYS, GATE_KEYS, Key, Kind};
use crate::load::Known;
use crate::sections::{Fields, Section, unknown};
use crate::toml_json::Table;

/// Keys of a condition that is written as a table.
const CLAUSE_KEYS: &[Key] = &[
    Key { name: "if", kind: Kind::String, about: "The condition." },
    Key { name: "when", kind: Kind::Strings, about: "Patterns of files it concerns." },
    Key { name: "on", kind: Kind::Strings, about: "Events it concerns." },
];

/// Longest name of a gate, in characters: commit statuses show it.
const LONGEST_NAME: usize = 100;

/// The policy of the file.
pub(crate) fn read(
    file: &File<'_>,
    table: &Table<'_>,
    sections: &BTreeMap<String, Vec<Section>>,
    known: &Known<'_>,
) -> Policy {
    let clause = |item: &Spanned<DeValue<'_>>, blocks| clause(file, item, blocks, sections, known);
    let adopt = table.get("adopt").and_then(|value| {
        let fields = Fields::of(file, "adopt", value, ADOPT_KEYS)?;
        adoption(file, &fields, value.span().start, None, known)
    });
    let mut policy = Policy::default();
    let Some(gates) = table.get("gates") else { return policy };
    let Some(gates) = gates.get_ref().as_table() else {
        file.mistake(gates.span().start, "`gates` holds sections: [gates.NAME]");
        return policy;
    };
    for (key, value) in gates.iter() {
        let name: &str = key.get_ref();
        let words = name.chars().all(|c| !c.is_control()) && !name.trim().is_empty();
        if !words || name.chars().count() > LONGEST_NAME {
            let message = format!("the name of a gate is one line of 1 to {LONGEST_NAME} characters");
            file.mistake(key.span().start, message);
        }
        let section = format!("gates.{name}");
        let Some(fields) = Fields::of(file, &section, value, GATE_KEYS) else { continue };
        policy.gates.push(gate(file, name, &fields, key.span().start, adopt, known, &clause));
    }
    policy
}

fn gate(
    file: &File<'_>,
    name: &str,
    fields: &Fields<'_, '_>,
    at: usize,
    adopt: Option<Adopt>,
    known: &Known<'_>,
    clause: &dyn Fn(&Spanned<DeValue<'_>>, bool) -> Option<Clause>,
) -> Gate {
    let mut clauses = Vec::new();
    for (key, blocks) in [("conditions", true), ("warn", false)] {
        let items = fields.value(key).and_then(DeValue::as_array);
        clauses.extend(items.into_iter().flatten().filter_map(|item| clause(item, blocks)));
    }
    let given = ["conditions", "warn"].iter().filter_map(|key| fields.value(key)?.as_array()).any(|a| !a.is_empty());
    if !given {
        let message = format!("the gate `{name}` has no condition, so it could only be green by accident");
        file.mistake(at, format!("{message}; add `conditions = [\"…\"]` or take the gate out"));
    }
    let names: Vec<&str> = known.checkers.iter().map(|c| c.name).collect();
    let optional = fields.strings("optional");
    for checker in optional.iter().filter(|o| !names.contains(&o.as_str())) {
        let span = fields.at("optional").unwrap_or_default();
        file.mistake(file.within(&span, checker, 1), unknown("checker", checker, &names));
    }
    let mut gate = Gate::new(name, clauses);
    gate.optional = optional;
    gate.warn_at = fields.percent("warn_at");
    gate.too_close = match fields.string("too_close").as_deref() {
        Some("warn") => TooClose::Warn,
        _ => TooClose::Unknown,
    };
    gate.scope = fields.scope();
    gate.adopt = adoption(file, fields, at, adopt, known);
    gate
}

/// Until when a failure only warns: what `fields` say, else `inherited`.
fn adoption(
    file: &File<'_>,
    fields: &Fields<'_, '_>,
    at: usize,
    inherited: Option<Adopt>,
    known: &Known<'_>,
) -> Option<Adopt> {
    let from = fields.date("enforce_from");
    match (fields.string("mode").as_deref(), from) {
        (Some("enforce"), _) => None,
        (None, None) => inherited,
        (_, None) if inherited.is_some() => inherited,
        (_, None) => {
            let at = fields.at("mode").map_or(at, |span| span.start);
            let message = "`mode = \"observe\"` needs `enforce_from`, the first day on which it blocks";
            file.mistake(at, message);
            None
        }
        (_, Some(enforce_from)) => {
            if enforce_from.days() - known.today.days() > Adopt::LONGEST_DAYS {
                let at = fields.at("enforce_from").map_or(at, |span| span.start);
                let days = Adopt::LONGEST_DAYS;
                file.mistake(at, format!("`enforce_from` is at most {days} days ahead; today is {}", known.today));
            }
            Some(Adopt { enforce_from })
        }
    }
}

fn clause(
    file: &File<'_>,
    item: &Spanned<DeValue<'_>>,
    blocks: bool,
    sections: &BTreeMap<String, Vec<Section>>,
    known: &Known<'_>,
) -> Option<Clause> {
    let (text, span, scope) = match item.get_ref() {
        DeValue::String(text) => (text.to_string(), item.span(), Scope::default()),
        DeValue::Table(_) => {
            let fields = Fields::of(file, "condition", item, CLAUSE_KEYS)?;
            let Some(text) = fields.string("if") else {
                file.mistake(item.span().start, "a condition written as a table needs `if = \"…\"`");
                return None;
            };
            (text, fields.at("if")?, fields.scope())
        }
        _ => {
            file.mistake(item.span().start, "a condition is a string or { if = \"…\", when = […], on = […] }");
            return None;
        }
    };
    let condition = match Condition::parse(&text) {
        Ok(condition) => condition,
        Err(error) => {
            file.mistake(file.within(&span, &text, error.column), error.message);
            return None;
        }
    };
    if condition.subject == Subject::Relaxations && !blocks {
        let message =
            "every gate has this condition for what concerns it; written, it is about all, under `conditions`";
        file.mistake(span.start, message);
        return None;
    }
    let named = known.catalog.check(&condition).and_then(|()| instance(&condition, sections, known));
    if let Err(message) = named {
        file.mistake(file.within(&span, &text, 1), message);
        return None;
    }
    let mut clause = Clause::new(text.trim(), condition, blocks);
    clause.scope = scope;
    Some(clause)
}

/// Whether the instance that a condition names is configured.
fn instance(condition: &Condition, sections: &BTreeMap<String, Vec<Section>>, known: &Known<'_>) -> Result<(), String> {
    let Subject::Metric(selector) = &condition.subject else { return Ok(()) };
    let Some(target) = selector.labels.get("target") else { return Ok(()) };
    let owner = known.catalog.owner_of(selector);
    let names: Vec<&str> = sections.get(owner).into_iter().flatten().filter_map(|s| s.name.as_deref()).collect();
    if names.contains(&target.as_str()) {
        return Ok(());
    }
    Err(format!("no [[{owner}]] has the name `{target}`{}", hint(target, names.iter().copied())))
}
