//! One step, on one path.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::job::{JobState, Needs, StepResult};
use super::scope::JobScope;
use super::{Bench, Source, claim, to_value};
use crate::expr::{self, Abstract};
use crate::machine::site::{Frame, Origin};
use crate::machine::state::{State, Table};
use crate::machine::value::{CHECK, GIVEN, RESULT, Status, Value};
use crate::machine::{Machine, magic_variables};
use crate::model::{Job, Pairs, Step, Text};
use crate::{names, paths};

/// What surrounds a step.
pub(super) struct Around<'s> {
    /// The job.
    pub(super) job: &'s Job,
    /// What other jobs have left.
    pub(super) needs: &'s Needs,
    /// The file that the step stands in.
    pub(super) source: &'s Source<'s>,
    /// `inputs` of a local action.
    pub(super) inputs: Option<&'s BTreeMap<String, Abstract>>,
    /// `env` around the step, the innermost last.
    pub(super) env: Vec<&'s Pairs>,
    /// What keys of checks begin with.
    pub(super) prefix: String,
    /// Whether the step runs whatever its condition says.
    pub(super) forced: bool,
    /// How many local actions lie around it.
    pub(super) depth: usize,
}

/// How a step ended on one path.
pub(super) struct Ran {
    /// Where the job stands.
    pub(super) state: JobState,
    /// The step's status, before `continue-on-error`.
    pub(super) status: Status,
    /// What it handed out.
    pub(super) outputs: Table<Value>,
    /// Whether it ran at all.
    pub(super) ran: bool,
}

/// How a step's script is run.
enum Shell {
    /// By a shell that is followed, with `set -e` and `pipefail` or without.
    Posix(bool, bool),
    /// By something else: line by line, as far as the lines look like commands.
    Other,
}

impl Bench<'_> {
    /// Runs `step` from `state`.
    pub(super) fn step(
        &self,
        machine: &mut Machine<'_>,
        step: &Step,
        state: JobState,
        around: &Around<'_>,
    ) -> Vec<Ran> {
        let mut ended = Vec::new();
        let condition = self.condition(step, &state, around);
        let truth = if around.forced { Some(true) } else { condition.truth() };
        if truth != Some(true) {
            ended.push(self.skipped(step, state.clone(), &condition));
        }
        if truth == Some(false) {
            return ended;
        }
        let mut inside = state.clone();
        if truth.is_none() {
            inside.shell.path = inside.shell.path.union(condition.taint);
        }
        // A step that must run to be tried runs whatever it hangs on.
        let control = if around.forced { expr::Taint::NONE } else { condition.taint };
        inside.shell.control = control;
        machine.prefix.clone_from(&around.prefix);
        machine.named_like_check = names::step(claim(step))
            .is_some_and(|sure| sure >= tollgate_model::Confidence::Medium)
            && step.uses.is_none();
        let ran = if let Some(run) = &step.run {
            self.script(machine, step, run, inside, around)
        } else if let Some(uses) = &step.uses {
            self.action(machine, step, uses, inside, around)
        } else {
            vec![(inside.shell.clone(), Status::OK, Table::default())]
        };
        for (shell, status, outputs) in ran {
            let status = status.tainted(control);
            let mut after = JobState { shell: self.settled(&shell, &state), steps: Rc::clone(&state.steps) };
            let outcome = match status.ok {
                Some(true) => Value::known("success").tainted(control),
                Some(false) => Value::known("failure").tainted(status.taint),
                None => Value::unknown(status.taint.union(RESULT)),
            };
            let result = StepResult {
                conclusion: Value::known("success").tainted(status.taint),
                outcome,
                outputs: Rc::clone(&outputs),
            };
            after.note(step.id.as_ref().map(|id| id.text.as_str()), result);
            ended.push(Ran { state: after, status, outputs, ran: true });
        }
        ended
    }

    /// What `if:` says.
    fn condition(&self, step: &Step, state: &JobState, around: &Around<'_>) -> Abstract {
        let text = step.condition.as_ref().map_or("", |text| text.text.as_str());
        let Ok(parsed) = expr::parse_condition(text) else { return Abstract::unknown(GIVEN) };
        let mut env = around.env.clone();
        env.push(&step.env);
        parsed.evaluate_condition(&self.scope(state, around, &env))
    }

    pub(super) fn scope<'s>(
        &'s self,
        state: &'s JobState,
        around: &'s Around<'s>,
        env: &'s [&'s Pairs],
    ) -> JobScope<'s> {
        JobScope { bench: self, job: around.job, state, needs: around.needs, env, inputs: around.inputs }
    }

    fn skipped(&self, step: &Step, mut state: JobState, condition: &Abstract) -> Ran {
        let outcome = Value::known("skipped").tainted(condition.taint);
        let result = StepResult { conclusion: outcome.clone(), outcome, outputs: Table::default() };
        state.note(step.id.as_ref().map(|id| id.text.as_str()), result);
        Ran { state, status: Status::OK, outputs: Table::default(), ran: false }
    }

    /// `shell` behind the step: files and what was handed on stay, everything else goes.
    fn settled(&self, shell: &State, before: &JobState) -> State {
        State {
            files: Rc::clone(&shell.files),
            exported: Rc::clone(&shell.exported),
            opaque: shell.opaque,
            path: shell.path,
            variables: Rc::clone(&before.shell.variables),
            ..State::new(Some(""))
        }
    }

    fn script(
        &self,
        machine: &mut Machine<'_>,
        step: &Step,
        run: &Text,
        inside: JobState,
        around: &Around<'_>,
    ) -> Vec<(State, Status, Table<Value>)> {
        let mut env = around.env.clone();
        env.push(&step.env);
        let values = self.expressions(&run.text, &inside, around, &env);
        let mut shell = inside.shell.clone();
        self.set_environment(&mut shell, &inside, around, &env);
        shell.folder = self.folder(step, &inside, around, &env);
        let origin = Origin::text(around.source.path, run, &around.source.index);
        match self.shell_of(step, around) {
            Shell::Posix(errexit, pipefail) => {
                (shell.errexit, shell.pipefail) = (errexit, pipefail);
                let Some(parsed) = self.world.parse(&run.text) else {
                    self.world.cut_short(around.source.path);
                    return vec![(shell, Status::either(CHECK), Table::default())];
                };
                let frame = Frame { origin, expressions: Rc::new(values), ..Frame::default() };
                let ends = machine.run(&parsed.script, frame, vec![shell]);
                ends.into_iter().map(|end| (end.state.clone(), end.status, end.state.outputs)).collect()
            }
            Shell::Other => self.lines(machine, run, &origin, shell),
        }
    }

    /// A script of another language: the lines of it that look like commands.
    fn lines(
        &self,
        machine: &mut Machine<'_>,
        run: &Text,
        origin: &Origin,
        mut shell: State,
    ) -> Vec<(State, Status, Table<Value>)> {
        (shell.errexit, shell.pipefail) = (true, true);
        machine.named_like_check = false;
        let mut states = vec![shell];
        let mut done = Vec::new();
        let mut at = 0;
        for line in run.text.split_inclusive('\n') {
            let link = origin.link(at);
            at += line.len();
            let command = line.trim();
            let plain = command.starts_with(|c: char| c.is_ascii_alphabetic() || c == '.')
                && !command.contains(['{', '}', '=', '(']);
            let Some(parsed) = self.world.parse(command).filter(|parsed| plain && parsed.script.broken.is_none())
            else {
                continue;
            };
            let frame = Frame { origin: Origin::line(&link.file, command, link.line), ..Frame::default() };
            let mut next = Vec::new();
            for end in machine.run(&parsed.script, frame, states) {
                if end.status.fails_by_check() {
                    done.push((end.state.clone(), end.status, end.state.outputs.clone()));
                } else {
                    next.push(end.state);
                }
            }
            states = next;
        }
        machine.facts.programs.insert("another language".into());
        let unread = Status::OK;
        done.extend(
            states.into_iter().map(|state| (State { opaque: state.opaque, ..state.clone() }, unread, state.outputs)),
        );
        done
    }

    /// What the expressions of `text` stand for.
    fn expressions(&self, text: &str, state: &JobState, around: &Around<'_>, env: &[&Pairs]) -> Vec<Value> {
        let scope = self.scope(state, around, env);
        let parts = expr::parts(text).into_iter();
        let inside = parts.filter_map(|part| match part {
            expr::Part::Expression { text, .. } => Some(text),
            expr::Part::Text(_) => None,
        });
        inside
            .map(|text| expr::parse(text).map_or(Value::unknown(GIVEN), |parsed| to_value(&parsed.evaluate(&scope))))
            .collect()
    }

    fn set_environment(&self, shell: &mut State, state: &JobState, around: &Around<'_>, env: &[&Pairs]) {
        let mut variables: BTreeMap<Rc<str>, Value> = magic_variables();
        for depth in 0..env.len() {
            for (name, value) in env[depth] {
                let scope = self.scope(state, around, &env[..=depth]);
                let value = to_value(&expr::interpolate(&value.text, &scope));
                variables.insert(name.text.as_str().into(), value);
            }
        }
        for (name, value) in state.shell.exported.iter() {
            variables.insert(Rc::clone(name), value.clone());
        }
        shell.variables = Rc::new(variables);
        shell.outputs = Table::default();
    }

    fn folder(&self, step: &Step, state: &JobState, around: &Around<'_>, env: &[&Pairs]) -> Option<Rc<str>> {
        let defaults = [&around.job.defaults, &self.workflow.defaults];
        let defaults =
            defaults.iter().filter(|_| around.depth == 0).find_map(|defaults| defaults.working_directory.as_ref());
        let Some(text) = step.working_directory.as_ref().or(defaults) else { return Some("".into()) };
        let value = to_value(&expr::interpolate(&text.text, &self.scope(state, around, env)));
        let path =
            value.text()?.trim_start_matches("/github/workspace/").trim_start_matches("/github/workspace").to_owned();
        if path.starts_with('/') { None } else { paths::join("", &path).map(Rc::from) }
    }

    fn shell_of(&self, step: &Step, around: &Around<'_>) -> Shell {
        let defaults = [&around.job.defaults, &self.workflow.defaults];
        let defaults = defaults.iter().filter(|_| around.depth == 0).find_map(|defaults| defaults.shell.as_ref());
        let Some(shell) = step.shell.as_ref().or(defaults) else {
            let windows = |label: &Text| label.text.starts_with("windows");
            let runs_on = &around.job.runs_on;
            let other = !runs_on.is_empty() && runs_on.iter().any(windows) && around.job.container.is_none();
            return if other { Shell::Other } else { Shell::Posix(true, false) };
        };
        let words: Vec<&str> = shell.text.split_whitespace().collect();
        match words.as_slice() {
            ["bash"] => Shell::Posix(true, true),
            ["sh"] => Shell::Posix(true, false),
            [program, rest @ ..] if shell.text.contains("{0}") => {
                if matches!(paths::base(program), "bash" | "sh" | "dash" | "zsh") {
                    let (errexit, pipefail) = Machine::shell_options(rest);
                    Shell::Posix(errexit, pipefail)
                } else if rest.iter().any(|word| matches!(paths::base(word), "bash" | "sh")) {
                    let from = rest.iter().position(|word| matches!(paths::base(word), "bash" | "sh")).unwrap_or(0);
                    let (errexit, pipefail) = Machine::shell_options(&rest[from + 1..]);
                    Shell::Posix(errexit, pipefail)
                } else {
                    Shell::Other
                }
            }
            _ => Shell::Other,
        }
    }
}
