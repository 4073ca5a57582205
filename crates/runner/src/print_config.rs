//! `check --print-config` and `check --plan`: what applies, where it comes from, what would run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use tollgate_model::{Op, format};
use tollgate_policy::{Catalog, Gate};

use crate::judge::DEADLINE;
use crate::plan::Plan;
use crate::session::Session;

/// The configuration that applies, as TOML, each value with where it comes from.
pub(crate) fn config(plan: &Plan<'_>) -> String {
    let mut text = format!("# {}, with the environment on top.\n", plan.policy_name);
    let place = |key: &str| plan.check_places.get(key).map_or("default", String::as_str);
    let deadline = plan.deadline.unwrap_or(DEADLINE).as_secs_f64() * 1000.0;
    text.push_str("\n[check]\n");
    let _ =
        writeln!(text, "deadline = {:<30} # {}", format!("\"{}\"", format::milliseconds(deadline)), place("deadline"));
    match plan.jobs {
        Some(jobs) => drop(writeln!(text, "jobs = {jobs:<34} # {}", place("jobs"))),
        None => text.push_str("# jobs: one per core                      # default\n"),
    }
    for instance in &plan.instances {
        let brackets = if instance.name.is_some() { ("[[", "]]") } else { ("[", "]") };
        let _ = writeln!(text, "\n{}{}{}", brackets.0, instance.tool.name(), brackets.1);
        if let Some(name) = &instance.name {
            let _ = writeln!(text, "name = {}", quoted(name));
        }
        for (key, setting) in &instance.settings {
            match toml(&setting.value) {
                Some(value) => {
                    let line = format!("{key} = {value}");
                    let _ = writeln!(text, "{line:<41} # {}", setting.origin);
                }
                None => drop(writeln!(text, "{:<41} # {}", format!("# {key}: not set"), setting.origin)),
            }
        }
    }
    for gate in &plan.policy.gates {
        let _ = writeln!(text, "\n[gates.{}]", quoted(&gate.name));
        for (key, blocks) in [("conditions", true), ("warn", false)] {
            let conditions: Vec<String> = clauses(gate, blocks).map(quoted).collect();
            if !conditions.is_empty() {
                let _ = writeln!(text, "{key} = [\n  {},\n]", conditions.join(",\n  "));
            }
        }
        if let Some(at) = &gate.warn_at {
            let _ = writeln!(text, "warn_at = \"{at}\"");
        }
        if let Some(adopt) = gate.adopt {
            let _ = writeln!(text, "mode = \"observe\"\nenforce_from = {}", adopt.enforce_from);
        }
    }
    text
}

/// What would run and be judged.
pub(crate) fn plan(plan: &Plan<'_>, session: &Session, catalog: &Catalog) -> String {
    let mut text = format!("policy: {}\nbase: {}\n", plan.policy_name, session.base_origin());
    if let Some(count) = session.difference.count() {
        let _ = writeln!(text, "change: {}", format::things(count, "file"));
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for instance in &plan.instances {
        *counts.entry(instance.tool.name()).or_default() += 1;
    }
    for instance in &plan.instances {
        let name = instance.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        let _ = writeln!(text, "runs: {}{name}", instance.tool.name());
        for target in plan.targets(instance.tool, catalog) {
            let limit = target.value.map_or("the base".to_owned(), |v| format::value(v, target.unit));
            let words = if target.op == Op::Le { "at most" } else { target.op.sign() };
            let _ = writeln!(text, "  asked: {} {words} {limit}", target.series());
        }
    }
    for gate in &plan.policy.gates {
        let out = gate.clauses.iter().any(|c| c.condition.owner().is_some_and(|o| plan.left_out.contains(o)));
        let judged = if out { "not judged" } else { "judged" };
        let _ =
            writeln!(text, "gate {} ({judged}): {}", gate.name, format::things(gate.clauses.len() as u64, "condition"));
    }
    text
}

fn clauses(gate: &Gate, blocks: bool) -> impl Iterator<Item = &str> {
    gate.clauses.iter().filter(move |clause| clause.blocks == blocks).map(|clause| clause.text.as_str())
}

/// A JSON value as TOML; none for null, which TOML has no word for.
fn toml(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(quoted(text)),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(toml).collect();
            Some(format!("[{}]", items.join(", ")))
        }
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().filter_map(|(key, value)| Some(format!("{} = {}", quoted(key), toml(value)?))).collect();
            Some(format!("{{ {} }}", fields.join(", ")))
        }
        other => Some(other.to_string()),
    }
}

/// A TOML basic string; its escapes are those of JSON.
fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
