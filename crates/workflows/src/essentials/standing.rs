//! How far an outsider comes: the conditions on the way to a step.

use std::collections::{BTreeMap, BTreeSet};

use super::outsider::{Run, Truth, condition};
use crate::model::{Job, Step, Trigger, Workflow};

/// Actions of an event that only people inside can bring about.
const INSIDE: &[&str] = &["labeled", "assigned", "milestoned", "review_requested"];

/// Words in the name of an action that asks who somebody is.
const ACTIONS: &[&str] = &["permission", "member", "authori"];

/// Words in a script that asks who somebody is.
const ASKS: &[&str] = &[
    "author_association",
    "checkcollaborator",
    "checkmembership",
    "collaborators/",
    "getcollaboratorpermission",
    "getmembership",
    "label.name",
    "labels.*.name",
    "memberships/",
    "/permission",
];

/// Words in the id of a job that others wait for, since it lets them pass.
const GATES: &[&str] = &["permission", "authori", "approv", "trust", "safe", "gate", "member", "allowed", "verif"];

/// How many jobs before a job are looked at.
const MOST_BEFORE: usize = 64;

/// The jobs of a workflow, by what lets an outsider's run get to them.
pub(crate) struct Ways<'a> {
    jobs: BTreeMap<&'a str, &'a Job>,
    /// The jobs that look at who started the run.
    gates: BTreeSet<&'a str>,
    /// The conditions judged so far.
    judged: BTreeMap<(Run<'a>, &'a str), Truth>,
}

impl<'a> Ways<'a> {
    /// The jobs of `workflow`.
    pub(crate) fn of(workflow: &'a Workflow) -> Self {
        let id = |job: &'a Job| job.id.text.as_str();
        let lets_pass = |job: &Job| {
            let id = job.id.text.to_lowercase();
            GATES.iter().any(|word| id.contains(word)) || job.steps.iter().any(asks_who)
        };
        Self {
            jobs: workflow.jobs.iter().map(|job| (id(job), job)).collect(),
            gates: workflow.jobs.iter().filter(|job| lets_pass(job)).map(id).collect(),
            judged: BTreeMap::new(),
        }
    }

    /// Whether an outsider's run gets to the steps of `job`. What `trigger` waits for, an environment (which may want a
    /// reviewer) and jobs that come before count like conditions.
    pub(crate) fn to(&mut self, job: &'a Job, trigger: &Trigger, run: Run<'a>) -> Truth {
        let mut truth = Truth::Always;
        let inside = |action: &str| INSIDE.contains(&action);
        if !trigger.types.is_empty() && trigger.types.iter().all(|action| inside(&action.text)) {
            truth = Truth::Guarded;
        }
        let mut seen = BTreeSet::new();
        let mut open = vec![job];
        while let Some(job) = open.pop() {
            let id = job.id.text.as_str();
            if !seen.insert(id) {
                continue;
            }
            if seen.len() > MOST_BEFORE {
                return truth.min(Truth::Guarded);
            }
            let text = job.condition.as_ref().map(|c| c.text.as_str());
            truth = truth.min(*self.judged.entry((run, id)).or_insert_with(|| condition(text, run)));
            if job.environment || (seen.len() > 1 && self.gates.contains(id)) {
                truth = truth.min(Truth::Guarded);
            }
            // `always()` and its like run a job whatever became of those before.
            let whatever = |t: &str| ["always()", "cancelled()", "failure()"].iter().any(|f| t.contains(f));
            if !text.is_some_and(whatever) {
                let before = job.needs.iter().take(MOST_BEFORE + 1);
                open.extend(before.filter_map(|id| self.jobs.get(id.text.as_str())));
            }
        }
        truth
    }
}

/// The triggers of `workflow`, each event once.
pub(crate) fn triggers(workflow: &Workflow) -> Vec<&Trigger> {
    let mut seen = BTreeSet::new();
    workflow.triggers.iter().filter(|trigger| seen.insert(trigger.event.text.as_str())).collect()
}

/// Whether `step` asks who somebody is, or for a label that only people inside can set.
pub(crate) fn asks_who(step: &Step) -> bool {
    let holds = |text: &str, words: &[&str]| {
        let text = text.to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    let script = step.with.iter().find(|(key, _)| key.text == "script").map(|(_, value)| value);
    step.uses.as_ref().is_some_and(|uses| holds(&uses.text, ACTIONS))
        || step.run.as_ref().into_iter().chain(script).any(|text| holds(&text.text, ASKS))
}
