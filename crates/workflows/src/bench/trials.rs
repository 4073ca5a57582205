//! Jobs from their first step to their last, and on to the jobs that need them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::job::{JobState, Needs, StepResult, settle};
use super::steps::{Around, Ran};
use super::{Bench, step_name};
use crate::catalogue::{self, Role};
use crate::expr::{self, Abstract, Taint};
use crate::machine::seen::{CheckSeen, Hollow, Loss, LossKind, Missing, StepFacts};
use crate::machine::site::{Link, shown};
use crate::machine::value::{CHECK, RESULT, Status, Value};
use crate::machine::{Machine, Trial};
use crate::model::{Job, Step};

/// What was seen of a job whose checks all find nothing.
pub(crate) struct JobRecord<'a> {
    /// The job.
    pub(crate) job: &'a Job,
    /// Its steps.
    pub(crate) steps: Vec<StepRecord<'a>>,
}

/// What was seen of one step.
pub(crate) struct StepRecord<'a> {
    /// The step.
    pub(crate) step: &'a Step,
    /// Where the job stood before it.
    pub(crate) before: Vec<JobState>,
    /// What was noticed.
    pub(crate) facts: StepFacts,
    /// How it ended, one per path on which it ran.
    pub(crate) statuses: Vec<Status>,
    /// Checks that it makes.
    pub(crate) seen: Vec<(Rc<str>, CheckSeen)>,
    /// Scripts that nobody defines.
    pub(crate) missing: Vec<Missing>,
    /// Scripts named like checks that do nothing.
    pub(crate) hollow: Vec<Hollow>,
    /// Programs that it asks about.
    pub(crate) asked: BTreeSet<Rc<str>>,
    /// Whether it runs only where something has failed before.
    pub(crate) diagnostic: bool,
    /// Whether nothing more follows from what was seen, since there was too much of it.
    pub(crate) exhausted: bool,
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Something turns red: in words where.
    Red(Link),
    /// Nothing can.
    Green,
    /// There was too much to follow.
    Unclear,
}

/// A trial.
pub(crate) struct Tried {
    /// What came of it.
    pub(crate) outcome: Outcome,
    /// Where what the check found got lost.
    pub(crate) losses: Vec<Loss>,
    /// Whether a file that depends on the check left the job as an artifact.
    pub(crate) uploaded: bool,
    /// What was noticed in all steps that ran.
    pub(crate) facts: StepFacts,
}

/// How a walk through a job ended.
struct Walked {
    red: Option<Link>,
    states: Vec<JobState>,
}

impl<'a> Bench<'a> {
    /// Runs `job` with checks that find nothing.
    pub(crate) fn baseline(&self, job: &'a Job) -> JobRecord<'a> {
        self.world.hand_on(self.handed_on(job));
        let mut machine = Machine::new(self.world, Trial::Nothing);
        let needs = Needs::default();
        let mut states = vec![JobState::new()];
        let mut steps = Vec::with_capacity(job.steps.len());
        for (index, step) in job.steps.iter().enumerate() {
            let before = states.clone();
            machine.refuel();
            machine.facts = StepFacts::default();
            let counts = (machine.missing.len(), machine.hollow.len());
            let asked = std::mem::take(&mut machine.asked);
            let diagnostic = diagnostic(step);
            let around = self.around(job, &needs, index, diagnostic);
            let mut next = Vec::new();
            let mut statuses = Vec::new();
            for state in states {
                for ran in self.step(&mut machine, step, state, &around) {
                    if ran.ran {
                        statuses.push(ran.status);
                    }
                    next.push(self.passed(step, ran));
                }
            }
            if statuses.is_empty() && !diagnostic {
                // A step that no path reaches is looked into all the same: it may be a check that never runs.
                let around = self.around(job, &needs, index, true);
                for state in &before {
                    self.step(&mut machine, step, state.clone(), &around);
                }
            }
            states = if diagnostic { before.clone() } else { settle(next) };
            if machine.exhausted() {
                self.world.cut_short(self.source.path);
            }
            let prefix = format!("{}@", around.prefix);
            let inner = format!("{}.", around.prefix);
            let own = machine.seen.iter().filter(|(key, _)| key.starts_with(&prefix) || key.starts_with(&inner));
            steps.push(StepRecord {
                step,
                before,
                statuses,
                seen: own.map(|(key, seen)| (Rc::clone(key), seen.clone())).collect(),
                missing: machine.missing[counts.0..].to_vec(),
                hollow: machine.hollow[counts.1..].to_vec(),
                facts: std::mem::take(&mut machine.facts),
                asked: std::mem::replace(&mut machine.asked, asked),
                diagnostic,
                exhausted: machine.exhausted(),
            });
        }
        JobRecord { job, steps }
    }

    fn around<'s>(&'s self, job: &'s Job, needs: &'s Needs, index: usize, forced: bool) -> Around<'s> {
        Around {
            job,
            needs,
            source: self.source,
            inputs: None,
            env: vec![&self.workflow.env, &job.env],
            prefix: format!("{}/{index}", job.id.text),
            forced,
            depth: 0,
        }
    }

    /// The state behind a step that is taken to have succeeded.
    fn passed(&self, step: &Step, ran: Ran) -> JobState {
        let mut state = ran.state;
        if ran.ran && step.continue_on_error.is_some() {
            let result = StepResult {
                outcome: Value::unknown(RESULT),
                conclusion: Value::known("success"),
                outputs: ran.outputs,
            };
            state.note(step.id.as_ref().map(|id| id.text.as_str()), result);
        }
        state
    }

    /// Runs on from the step at `index` of `record` under `trial`.
    pub(crate) fn attempt(&self, record: &JobRecord<'a>, index: usize, trial: Trial) -> Tried {
        let job = record.job;
        self.world.hand_on(self.handed_on(job));
        let mut machine = Machine::new(self.world, trial);
        let needs = Needs::default();
        let states = record.steps[index].before.clone();
        let walked = self.walk(&mut machine, job, &needs, index, states, Some(record));
        let continues = job.continues() == Some(true);
        if walked.red.is_some() && continues {
            machine.lose(LossKind::JobContinues, self.link_of(job));
        }
        let red = walked.red.clone().filter(|_| !continues);
        let uploads = self.uploads(job)
            && walked.states.iter().any(|state| state.shell.opaque.contains(CHECK) || holds_tainted(state));
        let outcome = match red {
            Some(link) => Outcome::Red(link),
            None if machine.exhausted() => {
                self.world.cut_short(self.source.path);
                Outcome::Unclear
            }
            None => {
                let failed = walked.red.is_some();
                self.dependents(&mut machine, job, &walked.states, failed, uploads)
            }
        };
        Tried { outcome, losses: machine.losses, uploaded: uploads, facts: machine.facts }
    }

    /// Runs the steps of `job` from `from` on until something turns red on account of the check.
    /// `record`: what was seen of the job before, whose step at `from` runs whatever its condition says.
    fn walk(
        &self,
        machine: &mut Machine<'_>,
        job: &Job,
        needs: &Needs,
        from: usize,
        states: Vec<JobState>,
        record: Option<&JobRecord<'_>>,
    ) -> Walked {
        let mut states = states;
        for (index, step) in job.steps.iter().enumerate().skip(from) {
            let around = self.around(job, needs, index, record.is_some() && index == from);
            let mut next = Vec::new();
            if !self.world.spend(4) {
                machine.exhaust();
                break;
            }
            for state in states {
                for ran in self.step(machine, step, state, &around) {
                    let continues = step.continues();
                    if ran.ran && ran.status.fails_by_check() && continues != Some(true) {
                        let link = self.step_link(step);
                        return Walked { red: Some(link), states: next };
                    }
                    if ran.ran && ran.status.fails_by_check() {
                        machine.lose(LossKind::StepContinues, self.continue_link(step));
                        next.extend(self.failed(step, ran));
                    } else if ran.status.ok != Some(false) {
                        next.push(ran.state);
                    }
                }
            }
            states = settle(next);
            if states.is_empty() {
                // Every path fails. Where the step can pass otherwise, that is on account of the check.
                let passes =
                    |record: &JobRecord<'_>| record.steps[index].statuses.iter().any(|status| status.ok != Some(false));
                let red = record.is_some_and(passes).then(|| self.step_link(step));
                return Walked { red, states };
            }
        }
        Walked { red: None, states }
    }

    /// The states behind a step that failed on account of the check and was passed over.
    fn failed(&self, step: &Step, ran: Ran) -> Vec<JobState> {
        let mut states = Vec::new();
        let outcomes: &[&str] = if ran.status.ok == Some(false) { &["failure"] } else { &["failure", "success"] };
        for outcome in outcomes {
            let mut state = ran.state.clone();
            let result = StepResult {
                outcome: Value::known(outcome).tainted(CHECK),
                conclusion: Value::known("success"),
                outputs: Rc::clone(&ran.outputs),
            };
            state.note(step.id.as_ref().map(|id| id.text.as_str()), result);
            states.push(state);
        }
        states
    }

    /// Runs the jobs that need `job`, which has not turned red by itself.
    fn dependents(
        &self,
        machine: &mut Machine<'_>,
        job: &Job,
        states: &[JobState],
        failed: bool,
        uploads: bool,
    ) -> Outcome {
        let mut left: BTreeMap<(String, String), Abstract> = self.outputs(job, states);
        if failed {
            // Where the job failed, its steps may not have come to hand out anything.
            left.values_mut().for_each(|value| *value = Abstract::unknown(CHECK));
        }
        let called = self.events().contains("workflow_call");
        if called && left.values().any(|value| value.whole_taint().contains(CHECK)) {
            // Whoever calls the workflow may judge what it hands out.
            return Outcome::Unclear;
        }
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        if !failed && !uploads && !left.values().any(|value| value.whole_taint().contains(CHECK)) {
            return Outcome::Green;
        }
        reached.insert(&job.id.text);
        for _ in 0..self.workflow.jobs.len().min(12) {
            let more: Vec<&Job> = self
                .workflow
                .jobs
                .iter()
                .filter(|other| !reached.contains(other.id.text.as_str()))
                .filter(|other| other.needs.iter().any(|need| reached.contains(need.text.as_str())))
                .collect();
            if more.is_empty() {
                break;
            }
            for other in more {
                reached.insert(&other.id.text);
                let needs = self.needs_of(other, &left, uploads);
                self.world.hand_on(self.handed_on(other));
                let Some(control) = self.job_runs(other, &needs) else { continue };
                let mut state = JobState::new();
                state.shell.control = control;
                if other.uses.is_some() && other.with.iter().any(|(_, value)| value.text.contains("needs.")) {
                    return Outcome::Red(self.link_of(other));
                }
                let walked = self.walk(machine, other, &needs, 0, vec![state], None);
                if let Some(link) = walked.red {
                    return Outcome::Red(link);
                }
                if machine.exhausted() {
                    self.world.cut_short(self.source.path);
                    return Outcome::Unclear;
                }
                left.extend(self.outputs(other, &walked.states));
            }
        }
        Outcome::Green
    }

    /// Whether a job runs, and what that depends on; none where it surely does not.
    fn job_runs(&self, job: &Job, needs: &Needs) -> Option<Taint> {
        let text = job.condition.as_ref().map_or("", |text| text.text.as_str());
        let Ok(parsed) = expr::parse_condition(text) else { return Some(Taint::NONE) };
        let state = JobState::new();
        let around = self.around(job, needs, 0, false);
        let answer = parsed.evaluate_condition(&self.scope(&state, &around, &[]));
        (answer.truth() != Some(false)).then_some(Taint(answer.taint.0 & CHECK.0))
    }

    fn needs_of(&self, other: &Job, left: &BTreeMap<(String, String), Abstract>, uploads: bool) -> Needs {
        let mut needs = Needs { downloads: if uploads { CHECK } else { Taint::NONE }, ..Needs::default() };
        for need in &other.needs {
            // With `continue-on-error` a job counts as successful for those that need it, whatever became of it.
            let result = Abstract::known(expr::Value::text("success"));
            needs.results.insert(need.text.to_lowercase(), result);
        }
        needs.outputs.clone_from(left);
        needs
    }

    /// The outputs of a job that has come to its end.
    fn outputs(&self, job: &Job, states: &[JobState]) -> BTreeMap<(String, String), Abstract> {
        let needs = Needs::default();
        let mut all = BTreeMap::new();
        for (name, value) in &job.outputs {
            let mut joined: Option<Abstract> = None;
            for state in states {
                let around = self.around(job, &needs, 0, false);
                let value = expr::interpolate(&value.text, &self.scope(state, &around, &around.env.clone()));
                joined = Some(match joined {
                    None => value,
                    Some(old) if old.value == value.value => {
                        Abstract { taint: old.taint.union(value.taint), value: old.value }
                    }
                    Some(old) => Abstract::unknown(old.whole_taint().union(value.whole_taint())),
                });
            }
            let value = joined.unwrap_or(Abstract::known(expr::Value::text("")));
            all.insert((job.id.text.to_lowercase(), name.text.to_lowercase()), value);
        }
        all
    }

    /// Whether files leave the job for another one.
    fn uploads(&self, job: &Job) -> bool {
        let roles =
            job.steps.iter().filter_map(|step| step.uses.as_ref()).filter_map(|uses| catalogue::action(&uses.text));
        let mut roles = roles.map(|action| action.role);
        roles.any(|role| role == Role::ArtifactUp)
    }

    /// The place of a step.
    pub(crate) fn step_link(&self, step: &Step) -> Link {
        let line = self.source.index.position(step.span.start).0;
        Link { file: self.source.path.into(), line, text: step_name(step).into() }
    }

    fn continue_link(&self, step: &Step) -> Link {
        let line = step.continue_on_error.as_ref().map_or(0, |text| self.line(text));
        Link { file: self.source.path.into(), line, text: "continue-on-error: true".into() }
    }

    /// The place of a job.
    pub(crate) fn link_of(&self, job: &Job) -> Link {
        let name = job.name.as_ref().unwrap_or(&job.id);
        let at = job.continue_on_error.as_ref().unwrap_or(&job.id);
        Link { file: self.source.path.into(), line: self.line(at), text: shown(&name.text).into() }
    }
}

fn holds_tainted(state: &JobState) -> bool {
    state.shell.files.values().any(|file| file.content.taint.contains(CHECK))
}

/// Whether a step runs only where something has failed before.
fn diagnostic(step: &Step) -> bool {
    let Some(text) = &step.condition else { return false };
    let Ok(parsed) = expr::parse_condition(&text.text) else { return false };
    let functions: Vec<String> = parsed.functions().iter().map(|name| name.to_lowercase()).collect();
    let asks = |name: &str| functions.iter().any(|function| function == name);
    let not_cancelled = text.text.replace(' ', "").to_lowercase().contains("!cancelled()");
    (asks("failure") || asks("cancelled") && !not_cancelled) && !asks("always") && !asks("success")
}
