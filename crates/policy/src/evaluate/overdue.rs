//! `findings.overdue`: what the base has had for longer than its class allows.

use tollgate_model::{Date, Finding, Metric, Report, State, Verdict, format};

use super::compare::compared;
use super::{Outcome, no_base, no_base_yet, only_complete_reports_pass};
use crate::base::BaseReports;
use crate::catalog::CHECKER;
use crate::condition::{Condition, Selector};
use crate::decide::Input;
use crate::incidents::Incident;
use crate::policy::Gate;
use crate::select;
use crate::words::Bound;

/// Most characters that are repeated of what a finding says.
const LONGEST: usize = 80;

/// A finding that has stayed for too long.
struct Late<'a> {
    finding: &'a Finding,
    incident: Incident,
    first: Date,
    /// How many days too long.
    days: i64,
}

/// What a condition on overdue findings comes to. What can be told of one checker fails it; what cannot be told of another is no
/// pass.
pub(super) fn outcome(input: &Input<'_>, gate: &Gate, condition: &Condition, selector: &Selector) -> Outcome {
    let meant = |checker: &str| selector.labels.get(CHECKER).is_none_or(|wanted| wanted == checker);
    let reports: Vec<&Report> = input.reports.iter().filter(|report| meant(&report.checker)).collect();
    if let Some(silent) = input.silent(|checker, _| meant(checker)) {
        return Outcome::new(Verdict::Unknown, format!("{selector} is not known: {silent} left no report"));
    }
    if reports.is_empty() {
        return nobody(input, selector, meant);
    }
    let mut late: Vec<Late<'_>> = reports.iter().flat_map(|report| of_report(input, selector, report)).collect();
    late.sort_by(|a, b| {
        let worst = |late: &Late<'_>| (late.incident.class, -late.days);
        (worst(a), &a.finding.location, &a.finding.rule).cmp(&(worst(b), &b.finding.location, &b.finding.rule))
    });
    let outcome = counted(gate, condition, selector, &late);
    if outcome.verdict == Verdict::Fail {
        return outcome;
    }
    let lacking = reports.iter().filter_map(|report| lacking(input, selector, report));
    let outcome = lacking.max_by_key(|lacking| lacking.verdict).unwrap_or(outcome);
    only_complete_reports_pass(outcome, &reports, selector, "a checker")
}

/// That no checker that is meant said anything.
fn nobody(input: &Input<'_>, selector: &Selector, meant: impl Fn(&str) -> bool) -> Outcome {
    let mut configured = input.configured.iter().filter(|(checker, _)| meant(checker));
    let proof = configured
        .find_map(|(checker, instance)| input.policy.excludes(checker, instance.as_deref(), input.change, input.event));
    match proof {
        Some(because) => Outcome::does_not_apply(&because),
        None => Outcome::new(Verdict::Unknown, format!("{selector} is not known: no checker that it is about ran")),
    }
}

fn of_report<'a>(input: &Input<'_>, selector: &Selector, report: &'a Report) -> Vec<Late<'a>> {
    let late = |finding: &'a Finding| {
        let incident = incident(input, selector, finding)?;
        let first = finding.first_seen?;
        let days = incident.overdue(first, input.today)?;
        Some(Late { finding, incident, first, days })
    };
    report.findings.iter().filter_map(late).collect()
}

/// The class of a finding that is meant; none of one that is not, or that the base does not have.
fn incident(input: &Input<'_>, selector: &Selector, finding: &Finding) -> Option<Incident> {
    let known = finding.counts() && finding.state != Some(State::New);
    let incident = input.policy.incidents.of(finding.severity.filter(|_| known)?);
    let wanted = selector.labels.iter().all(|(label, wanted)| match label.as_str() {
        CHECKER => true,
        "class" => incident.class == wanted,
        _ => select::carries(finding, label, wanted),
    });
    wanted.then_some(incident)
}

fn counted(gate: &Gate, condition: &Condition, selector: &Selector, late: &[Late<'_>]) -> Outcome {
    let metric = Metric::count(&selector.metric, late.len() as u64);
    let metric = Metric { labels: selector.labels.clone(), ..metric };
    let Some(bound) = Bound::new(&condition.limit, None) else {
        return no_base_yet(&selector.to_string(), "the base does not report it");
    };
    let mut outcome = compared(gate, &metric, condition.op, &bound, Some("finding"));
    if let (Some(worst), true) = (late.first(), outcome.verdict != Verdict::Pass) {
        let Late { finding, incident, first, days } = worst;
        let since = match days {
            0 => "due at once".to_owned(),
            days => format!("{} overdue", format::things(days.unsigned_abs(), "day")),
        };
        let worst = format!("{} {}{}, first seen {first}, {since}", incident.class, finding.rule, about(finding));
        outcome.text = format!("{}; the worst is {worst}", outcome.text);
        let place = |late: &Late<'_>| late.finding.location.as_ref().map(ToString::to_string);
        outcome.places = late.iter().filter_map(place).collect();
        outcome.next = Some(format!(
            "mend it, or accept it with a reason: tollgate suppress {} --accept --reason …",
            finding.fingerprint.as_str()
        ));
    }
    outcome
}

/// What a finding says, in brackets; nothing where it may give a place away.
fn about(finding: &Finding) -> String {
    let mut rest = finding.message.chars();
    let text: String = rest.by_ref().take(LONGEST).collect();
    let more = if rest.next().is_some() { "…" } else { "" };
    if finding.discreet || text.is_empty() { String::new() } else { format!(" ({}{more})", text.trim_end()) }
}

/// Why nobody can tell since when the base has what `report` found.
fn lacking(input: &Input<'_>, selector: &Selector, report: &Report) -> Option<Outcome> {
    let series = selector.to_string();
    let of_base = match &input.record {
        BaseReports::Known(_) => (input.base)(&report.checker).of(&report.checker, report),
        other => other.clone(),
    };
    match of_base {
        BaseReports::NotYet(because) => Some(no_base_yet(&series, &because)),
        BaseReports::Unknown(because) => Some(no_base(&series, &because)),
        BaseReports::Known(_) => {
            let undated = |f: &&Finding| f.first_seen.is_none() && incident(input, selector, f).is_some();
            report.findings.iter().find(undated)?;
            let of_record = input.record.of(&report.checker, report);
            Some(match of_record {
                BaseReports::Known(_) => {
                    let because = "the base's run does not say on which day it was made; write it again";
                    no_base(&series, because)
                }
                BaseReports::NotYet(because) => no_base_yet(&series, &because),
                BaseReports::Unknown(because) => no_base(&series, &because),
            })
        }
    }
}
