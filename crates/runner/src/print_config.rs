//! `check --print-config` and `check --plan`: what applies, where it comes from, what would run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;
use tollgate_config::{Login, Service};
use tollgate_model::{Severity, Target, format};
use tollgate_policy::{Clause, Gate, Incident, InstanceScope, Scope, TooClose};

use crate::arguments::Common;
use crate::judge::DEADLINE;
use crate::options;
use crate::plan::Plan;
use crate::session::Session;

/// How wide a key and its value are, before the place they come from.
const COLUMN: usize = 41;

/// The configuration that applies, as TOML, each value with where it comes from.
pub(crate) fn config(plan: &Plan<'_>, common: &Common) -> String {
    let mut text = format!("# {}, with the environment and flags on top.\n", plan.policy_name);
    let line = |text: &str, origin: &str| format!("{text:<COLUMN$} # {origin}\n");
    let place = |key: &str| plan.check_places.get(key).map_or("default", String::as_str);
    text.push_str("\n[check]\n");
    let deadline = format::milliseconds(plan.deadline.unwrap_or(DEADLINE).as_secs_f64() * 1000.0);
    text.push_str(&match &common.deadline {
        Some(deadline) => line(&format!("deadline = {}", quoted(deadline)), "--deadline"),
        None => line(&format!("deadline = {}", quoted(&deadline)), place("deadline")),
    });
    text.push_str(&match (common.jobs, plan.jobs) {
        (Some(jobs), _) => line(&format!("jobs = {jobs}"), "--jobs"),
        (None, Some(jobs)) => line(&format!("jobs = {jobs}"), place("jobs")),
        (None, None) => line("# jobs: one per core", "default"),
    });
    plan.service.iter().for_each(|one| service(&mut text, one));
    for instance in &plan.instances {
        let brackets = if instance.name.is_some() { ("[[", "]]") } else { ("[", "]") };
        let _ = writeln!(text, "\n{}{}{}", brackets.0, instance.tool.name(), brackets.1);
        if let Some(name) = &instance.name {
            let _ = writeln!(text, "name = {}", quoted(name));
        }
        let (checker, name) = (instance.tool.name(), instance.name.as_ref());
        let ours = |s: &&InstanceScope| s.checker == checker && s.instance.as_ref() == name;
        plan.policy.instance_scopes.iter().filter(ours).for_each(|s| scope(&mut text, &s.scope));
        for (key, setting) in &instance.settings {
            let value = toml(&setting.value).map_or(format!("# {key}: not set"), |value| format!("{key} = {value}"));
            text.push_str(&line(&value, &setting.origin.to_string()));
        }
    }
    for source in &plan.sources {
        let _ = writeln!(text, "\n[[sources]]\nname = {}", quoted(&source.name));
        list(&mut text, "files", &source.files);
        for (key, value) in [
            ("tool", source.tool.as_deref().map(quoted)),
            ("max_age", source.max_age.map(|seconds| quoted(&format!("{} h", seconds / 3_600)))),
            ("min_inputs", source.min_inputs.map(|count| count.to_string())),
            ("upload", source.upload.then(|| "true".to_owned())),
        ] {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        scope(&mut text, &source.scope);
    }
    if plan.needs_record() {
        text.push_str("\n[incidents]\n");
        for severity in Severity::ALL.iter().rev() {
            let Incident { class, days } = plan.policy.incidents.of(*severity);
            let _ = writeln!(text, "{severity} = {{ class = {}, days = {days} }}", quoted(class));
        }
    }
    for one in &plan.policy.gates {
        let place = plan.gate_places.get(&one.name).unwrap_or(&plan.policy_name);
        text.push_str(&format!("\n{}", line(&format!("[gates.{}]", quoted(&one.name)), place)));
        gate(&mut text, one);
    }
    text
}

/// What decides, as TOML: equal for gates that decide alike.
pub(crate) fn gates(gates: &[Gate]) -> String {
    let mut text = String::new();
    for one in gates {
        let _ = writeln!(text, "[gates.{}]", quoted(&one.name));
        gate(&mut text, one);
    }
    text
}

fn gate(text: &mut String, gate: &Gate) {
    for (key, blocks) in [("conditions", true), ("warn", false)] {
        let conditions: Vec<String> = gate.clauses.iter().filter(|c| c.blocks == blocks).map(clause).collect();
        if !conditions.is_empty() {
            let _ = writeln!(text, "{key} = [\n  {},\n]", conditions.join(",\n  "));
        }
    }
    if let Some(at) = &gate.warn_at {
        let _ = writeln!(text, "warn_at = {}", quoted(&at.to_string()));
    }
    if gate.too_close == TooClose::Warn {
        text.push_str("too_close = \"warn\"\n");
    }
    list(text, "optional", &gate.optional);
    scope(text, &gate.scope);
    if let Some(adopt) = gate.adopt {
        let _ = writeln!(text, "mode = \"observe\"\nenforce_from = {}", adopt.enforce_from);
    }
}

fn clause(clause: &Clause) -> String {
    let mut scoped = String::new();
    scope(&mut scoped, &clause.scope);
    match scoped.is_empty() {
        true => quoted(&clause.text),
        false => format!("{{ if = {}, {} }}", quoted(&clause.text), scoped.trim_end().replace('\n', ", ")),
    }
}

fn scope(text: &mut String, scope: &Scope) {
    list(text, "when", scope.when());
    list(text, "on", scope.on());
}

fn list(text: &mut String, key: &str, items: &[String]) {
    if !items.is_empty() {
        let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
        let _ = writeln!(text, "{key} = [{}]", items.join(", "));
    }
}

/// The program under test, its texts as the file has them: what they are filled in with is nobody's business.
fn service(text: &mut String, service: &Service) {
    text.push_str("\n[service]\n");
    for (key, value) in [("start", &service.start), ("url", &Some(service.url.clone())), ("ready", &service.ready)] {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
    }
    let timeout = format::milliseconds(service.ready_timeout.as_secs_f64() * 1000.0);
    let _ = writeln!(text, "ready_timeout = {}", quoted(&timeout));
    if !service.env.is_empty() {
        let env: Vec<String> = service.env.iter().map(|(name, value)| format!("{name} = {}", quoted(value))).collect();
        let _ = writeln!(text, "env = {{ {} }}", env.join(", "));
    }
    if let Some(login) = &service.login {
        let Login { method, path, token, header, prefix, body } = login;
        let fields = [("method", method), ("path", path), ("token", token), ("header", header), ("prefix", prefix)];
        let fields = fields.into_iter().map(|(key, value)| format!("{key} = {}", quoted(value)));
        let body = body.iter().filter_map(|body| Some(format!("body = {}", toml(body)?)));
        let _ = writeln!(text, "login = {{ {} }}", fields.chain(body).collect::<Vec<String>>().join(", "));
    }
}

/// What would run and be judged.
pub(crate) fn plan(plan: &Plan<'_>, session: &Session) -> String {
    let mut text = format!("policy: {}\nbase: {}\n", plan.policy_name, session.base_origin());
    if let Some(count) = session.difference().count() {
        let _ = writeln!(text, "change: {}", format::things(count, "file"));
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for instance in &plan.instances {
        *counts.entry(instance.tool.name()).or_default() += 1;
    }
    for instance in &plan.instances {
        let name = instance.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        let _ = writeln!(text, "runs: {}{name}", instance.tool.name());
        let series: BTreeSet<String> = plan.targets(instance.tool).iter().map(Target::series).collect();
        for series in series {
            let _ = writeln!(text, "  asked: {series}");
        }
    }
    if let Some(service) = &plan.service
        && plan.instances.iter().any(|i| i.tool.asks_service(options::values(&i.settings)))
    {
        let what = service.start.as_ref().map_or("asks", |_| "starts");
        let _ = writeln!(text, "{what}: {}", service.start.as_ref().unwrap_or(&service.url));
    }
    for source in &plan.sources {
        let _ = writeln!(text, "reads: {} from {}", source.name, source.files.join(", "));
    }
    for gate in &plan.policy.gates {
        let judged = if plan.is_left_out(gate) { "not judged" } else { "judged" };
        let _ = writeln!(text, "gate {} ({judged}):", gate.name);
        for clause in &gate.clauses {
            let _ = writeln!(text, "  {}{}", clause.text, if clause.blocks { "" } else { " (only warns)" });
        }
    }
    text
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
