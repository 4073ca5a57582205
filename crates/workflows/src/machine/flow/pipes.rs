//! Pipes, subshells, the background: what gets lost between processes.

use std::rc::Rc;

use super::{Flow, Paths, flow_status, joined};
use crate::machine::Machine;
use crate::machine::seen::LossKind;
use crate::machine::state::{State, settle_by};
use crate::machine::value::{CHECK, Status, Value};
use crate::shell::ast::{At, Block, Kind, Statement};

/// In how many ways the parts of one pipe may end together.
const MOST_ENDS: usize = 200;

impl Machine<'_> {
    pub(super) fn subshell(&mut self, block: &Block, state: State, tested: bool, at: &At) -> Paths {
        let before = state.clone();
        let paths = self.block(block, vec![state], tested);
        paths
            .into_iter()
            .map(|(inner, flow)| {
                let status = flow_status(&inner, flow);
                self.variables_lost(&before, &inner, at);
                (self.leave(&before, inner, status), Flow::Next)
            })
            .collect()
    }

    /// `inner` back in the shell that started it: variables and options are as they were `before`.
    pub(in crate::machine) fn leave(&self, before: &State, inner: State, status: Status) -> State {
        State {
            variables: Rc::clone(&before.variables),
            errexit: before.errexit,
            pipefail: before.pipefail,
            folder: before.folder.clone(),
            control: before.control,
            status,
            ..inner
        }
    }

    /// Says which variables that depend on the check do not leave the subshell.
    fn variables_lost(&mut self, before: &State, inner: &State, at: &At) {
        if Rc::ptr_eq(&before.variables, &inner.variables) {
            return;
        }
        for (name, value) in inner.variables.iter() {
            let old = before.variables.get(name);
            if value.taint.contains(CHECK) && old != Some(value) && old.is_some() {
                let link = self.link(at.start);
                self.lose(LossKind::Subshell(Rc::clone(name)), link);
            }
        }
    }

    pub(super) fn pipeline(&mut self, parts: &[Statement], state: State, at: &At) -> Paths {
        let before = state.clone();
        let mut going = vec![(state, Vec::<Status>::new())];
        for (index, part) in parts.iter().enumerate() {
            let last = index + 1 == parts.len();
            let mut next = Vec::new();
            for (mut state, statuses) in going {
                let printed = state.printed.clone();
                if !last {
                    state.printed = Value::known("");
                }
                let inside_before = state.clone();
                // The status of a part is the pipe's to judge.
                let simple = matches!(part.kind, Kind::Command(_) | Kind::Test { .. });
                for (inner, flow) in self.statement(part, state, simple) {
                    let status = flow_status(&inner, flow);
                    self.variables_lost(&inside_before, &inner, at);
                    let mut after = self.leave(&before, inner, status);
                    if last {
                        after.input = before.input.clone();
                    } else {
                        let passed = std::mem::replace(&mut after.printed, printed.clone());
                        after.input = Some(passed);
                    }
                    let mut statuses = statuses.clone();
                    statuses.push(status);
                    next.push((after, statuses));
                }
            }
            going = settle_by(next, 24, State::join);
            if going.len() > MOST_ENDS {
                self.fuel = 0;
                going.truncate(MOST_ENDS);
            }
        }
        going.into_iter().map(|(state, statuses)| (self.piped(state, statuses, parts), Flow::Next)).collect()
    }

    /// The status of a whole pipeline.
    fn piped(&mut self, mut state: State, statuses: Vec<Status>, parts: &[Statement]) -> State {
        let last = statuses.last().copied().unwrap_or(Status::OK);
        let lost = statuses.iter().rev().skip(1).position(|status| status.fails_by_check());
        state.status = last;
        if state.pipefail {
            let earlier = statuses.iter().rev().skip(1).copied();
            state.status = earlier.fold(last, |worst, status| match (worst.ok, status.ok) {
                (Some(false), Some(false)) => worst.tainted(status.taint),
                (Some(false), _) => worst,
                (_, Some(false)) => status,
                (Some(true), None) => status,
                (None, None) => worst.tainted(status.taint),
                _ => worst,
            });
        } else if let Some(lost) = lost {
            let part = &parts[parts.len() - 2 - lost];
            let link = self.link(part.at.start);
            self.lose(LossKind::Pipe, link);
        }
        state.pipe = Rc::new(statuses);
        state
    }

    /// Runs `inner` in the background.
    pub(super) fn background(&mut self, inner: &Statement, state: State) -> Paths {
        let before = state.clone();
        let paths = self.statement(inner, state, true);
        let failed = paths.iter().any(|(state, flow)| flow_status(state, *flow).fails_by_check());
        let mut after = joined(paths).unwrap_or_else(|| before.clone());
        if failed {
            let link = self.link(inner.at.start);
            self.lose(LossKind::Background, link);
            after.assign("!", Value::unknown(CHECK));
        }
        after.variables = if failed {
            let mut variables = before.variables.clone();
            Rc::make_mut(&mut variables).insert("!".into(), Value::unknown(CHECK));
            variables
        } else {
            before.variables
        };
        after.status = Status::OK;
        vec![(after, Flow::Next)]
    }
}
