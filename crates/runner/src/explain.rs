//! `tollgate explain RULE|GATE`.

use clap::{ArgMatches, Command};
use tollgate_check::{Needs, Tool};
use tollgate_model::{Exit, Severity};
use tollgate_policy::{Catalog, Clause, Gate, Incident, Subject, demand, hint};
use tollgate_render::TextStyle;

use crate::arguments::{Check, Common};
use crate::frame::Frame;
use crate::plan::Plan;
use crate::terminal;
use crate::usage::usage;

/// Says what the rule or the gate of this name is.
pub(crate) fn run(tools: &[&dyn Tool], command: &Command, matches: &ArgMatches) -> anyhow::Result<Exit> {
    let common = Common::of_verb(matches)?;
    let name = matches.get_one::<String>("name").map(String::as_str).unwrap_or_default();
    let style = terminal::style(&common);
    if name.contains('/') {
        terminal::print(rule(tools, name, &style)?.as_bytes())?;
        return Ok(Exit::Pass);
    }
    let mut frame = Frame::open(tools, command, &common)?;
    let config = frame.configuration(tools, &common)?;
    let plan = Plan::check(&frame.session, tools, config, &frame.catalog, &Check::default())?;
    let gates = &plan.policy.gates;
    let Some(gate) = gates.iter().find(|gate| gate.name == name) else {
        let hint = hint(name, gates.iter().map(|gate| gate.name.as_str()));
        return Err(usage(format!("no gate has the name `{name}`{hint}; a rule is called <checker>/<name>")));
    };
    let paragraphs = paragraphs(gate, &plan, tools, &frame.catalog);
    terminal::print(tollgate_render::paragraphs(&paragraphs, &style).as_bytes())?;
    Ok(Exit::Pass)
}

/// A rule in words.
pub(crate) fn rule(tools: &[&dyn Tool], id: &str, style: &TextStyle) -> anyhow::Result<String> {
    let rules: Vec<_> = tools.iter().flat_map(|tool| tool.tried_rules()).collect();
    match rules.iter().find(|rule| rule.id == id) {
        Some(rule) => Ok(tollgate_render::explain(rule, style)),
        None => Err(usage(format!("unknown rule `{id}`{}", hint(id, rules.iter().map(|rule| rule.id.as_str()))))),
    }
}

/// The gate in words: each paragraph with how far it is indented.
fn paragraphs(gate: &Gate, plan: &Plan<'_>, tools: &[&dyn Tool], catalog: &Catalog) -> Vec<(usize, String)> {
    let place = plan.gate_places.get(&gate.name).unwrap_or(&plan.policy_name);
    let blocking = gate.clauses.iter().filter(|clause| clause.blocks).count();
    let head = match (blocking, gate.adopt) {
        (0, _) => "it blocks nothing".to_owned(),
        (_, Some(adopt)) => format!("it only observes until {}, and blocks from then on", adopt.enforce_from),
        (1, None) => "it fails where its condition does not hold".to_owned(),
        (n, None) => format!("it fails where one of {n} conditions does not hold"),
    };
    let mut all = vec![(0, format!("{} ({place}): {head}.", gate.name))];
    all.extend(scope(&gate.scope).map(|words| (0, format!("It {words}."))));
    for clause in &gate.clauses {
        let effect = if clause.blocks { "" } else { " (only warns)" };
        all.push((0, String::new()));
        all.push((2, format!("{}{effect}", clause.text)));
        all.push((4, demand(&clause.condition, catalog)));
        all.extend(scope(&clause.scope).map(|words| (4, format!("It {words}."))));
        all.push((4, format!("Rests on: {}.", evidence(clause, plan, tools, catalog))));
        all.push((4, format!("To pass: {}.", remedy(clause, plan, catalog))));
    }
    all
}

fn scope(scope: &tollgate_policy::Scope) -> Option<String> {
    let files = (!scope.when().is_empty()).then(|| format!("concerns changes of {}", scope.when().join(", ")));
    let events = (!scope.on().is_empty()).then(|| format!("is for {}", scope.on().join(" and ")));
    match (files, events) {
        (Some(files), Some(events)) => Some(format!("{files}, and {events}")),
        (files, events) => files.or(events),
    }
}

/// Whose word a condition rests on.
fn evidence(clause: &Clause, plan: &Plan<'_>, tools: &[&dyn Tool], catalog: &Catalog) -> String {
    let Some(owner) = catalog.owner(&clause.condition) else {
        return match &clause.condition.subject {
            Subject::Overdue(_) => "every checker and source, and the days that the base's own run tells".to_owned(),
            Subject::Relaxations => "what the change alters in the policy and in what is looked at".to_owned(),
            _ => "how the workflow says that it ended; outside a workflow it does not apply".to_owned(),
        };
    };
    let base = if clause.condition.needs_base() { ", and the same of the base" } else { "" };
    if let Some(source) = plan.sources.iter().find(|source| source.name == owner) {
        let files =
            if source.files.is_empty() { "files that are handed over".to_owned() } else { source.files.join(", ") };
        return format!("reports of another tool, {files}, written by this change's own run{base}");
    }
    match tools.iter().find(|tool| tool.name() == owner).map(|tool| tool.needs()) {
        Some(Needs::Tree) => format!("{owner}, which looks at the files of the change itself{base}"),
        Some(Needs::Output) => format!("{owner}, which reads what this change's own run left behind{base}"),
        Some(Needs::Service) => format!("{owner}, which asks a running service{base}"),
        None => format!("{owner}{base}"),
    }
}

/// The next step where a condition does not hold.
fn remedy(clause: &Clause, plan: &Plan<'_>, catalog: &Catalog) -> String {
    if let Subject::Overdue(_) = &clause.condition.subject {
        let of = |severity: &Severity| {
            let Incident { class, days } = plan.policy.incidents.of(*severity);
            format!("{severity} is {class}, {}", if days == 0 { "at once".to_owned() } else { format!("{days} days") })
        };
        let table: Vec<String> = Severity::ALL.iter().rev().map(of).collect();
        return format!("mend what is overdue, or accept it with a reason and a last day ({})", table.join("; "));
    }
    if clause.condition.subject == Subject::Relaxations {
        return "leave the policy as it is, or have somebody other than the author approve the change".to_owned();
    }
    let Some(owner) = catalog.owner(&clause.condition) else {
        return "mend what the step or job reports, and run the workflow again".to_owned();
    };
    let counts = matches!(&clause.condition.subject, Subject::Metric(selector) if selector.counts_findings());
    if plan.sources.iter().any(|source| source.name == owner) {
        let what = if counts { "mend what it reports" } else { "mend what it measures" };
        return format!("{what}, run the tool again; where nothing was reported, see why it wrote no report");
    }
    match counts {
        true => format!(
            "`tollgate {owner} -v` lists the findings with places; mend them, or silence one with a reason: \
                         `tollgate suppress FINGERPRINT --reason …`"
        ),
        false => format!("`tollgate {owner} -v` shows the number and where it comes from"),
    }
}
