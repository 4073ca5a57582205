//! Loops and `case`.

use super::{Flow, Paths, restore};
use crate::machine::Machine;
use crate::machine::state::{State, settle};
use crate::machine::value::{Status, Value};
use crate::shell::ast::{Block, Word};

/// How often a loop is followed.
const TURNS: usize = 3;

/// How often a loop over words that stand in the script is followed.
const WORDS: usize = 24;

impl Machine<'_> {
    pub(super) fn while_loop(
        &mut self,
        until: bool,
        condition: &Block,
        body: &Block,
        state: State,
        tested: bool,
    ) -> Paths {
        let control = state.control;
        let mut done = Vec::new();
        let mut going = vec![state];
        for turn in 0..TURNS {
            if turn > 0 && self.hurries() {
                break;
            }
            let mut next = Vec::new();
            for (mut state, flow) in self.block(condition, going, true) {
                if flow != Flow::Next {
                    done.push((state, flow));
                    continue;
                }
                let status = if until { state.status.not() } else { state.status };
                state = state.chosen(status);
                state.control = state.control.union(status.taint);
                if status.ok != Some(true) {
                    done.push((State { status: Status::OK, ..state.clone() }, Flow::Next));
                }
                if status.ok != Some(false) {
                    next.push(state);
                }
            }
            going = self.turn(body, settle(next, self.most_paths()), tested, &mut done);
            if going.is_empty() {
                break;
            }
        }
        // A loop comes to its end at some time.
        done.extend(going.into_iter().map(|state| (State { status: Status::OK, ..state }, Flow::Next)));
        restore(done, control)
    }

    /// One turn of a loop: the states that go on, what leaves it into `done`.
    fn turn(&mut self, body: &Block, states: Vec<State>, tested: bool, done: &mut Paths) -> Vec<State> {
        let mut next = Vec::new();
        for (state, flow) in self.block(body, states, tested) {
            match flow {
                Flow::Next | Flow::Continue(0 | 1) => next.push(state),
                Flow::Break(0 | 1) => done.push((State { status: Status::OK, ..state }, Flow::Next)),
                Flow::Break(levels) => done.push((state, Flow::Break(levels - 1))),
                Flow::Continue(levels) => done.push((state, Flow::Continue(levels - 1))),
                flow => done.push((state, flow)),
            }
        }
        settle(next, self.most_paths())
    }

    pub(super) fn for_loop(
        &mut self,
        variable: &str,
        words: Option<&[Word]>,
        body: &Block,
        mut state: State,
        tested: bool,
    ) -> Paths {
        let control = state.control;
        let (values, fixed) = self.loop_values(words, &mut state);
        let mut done = Vec::new();
        let mut going = vec![State { status: Status::OK, ..state }];
        let mut values = values.into_iter();
        while let Some(mut value) = values.next() {
            if self.hurries() && values.len() > 0 {
                // All that are left at once.
                value = values.by_ref().fold(value, |all, value| all.join(&value));
            }
            if !fixed {
                done.extend(going.iter().map(|state| (state.clone(), Flow::Next)));
            }
            for state in &mut going {
                state.control = state.control.union(value.taint);
                if !variable.is_empty() {
                    state.assign(variable, value.clone());
                }
            }
            going = self.turn(body, going, tested, &mut done);
        }
        done.extend(going.into_iter().map(|state| (state, Flow::Next)));
        restore(done, control)
    }

    /// What a loop goes through, and whether it surely does.
    fn loop_values(&mut self, words: Option<&[Word]>, state: &mut State) -> (Vec<Value>, bool) {
        let Some(words) = words else { return (vec![Value::unknown(Default::default()); 2], true) };
        let mut values = Vec::new();
        let mut fixed = true;
        for word in words {
            let value = self.word(word, state).0;
            match value.text() {
                Some(text) if word.quoted || !text.contains(['*', '?', '[', ' ', '\n', '\t']) => values.push(value),
                Some(text) if !text.contains(['*', '?', '[']) => {
                    let parts: Vec<Value> =
                        text.split_whitespace().map(|part| Value::known(part).tainted(value.taint)).collect();
                    values.extend(parts);
                }
                _ => {
                    fixed = false;
                    values.push(Value::unknown(value.taint));
                    values.push(Value::unknown(value.taint));
                }
            }
        }
        values.truncate(WORDS);
        (values, fixed)
    }

    pub(super) fn case(
        &mut self,
        subject: &Word,
        arms: &[(Vec<Word>, Block)],
        mut state: State,
        tested: bool,
    ) -> Paths {
        let control = state.control;
        let subject = self.word(subject, &mut state).0;
        state.control = state.control.union(subject.taint);
        state.path = state.path.union(subject.taint);
        let mut done = Vec::new();
        for (patterns, body) in arms {
            let mut matches = Some(false);
            for pattern in patterns {
                let pattern = self.word(pattern, &mut state).0;
                let one = match (subject.text(), pattern.text()) {
                    (_, Some("*")) => Some(true),
                    (Some(text), Some(pattern)) => Some(crate::machine::conditions::glob(pattern, text)),
                    _ => None,
                };
                matches = match (matches, one) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                };
            }
            if matches != Some(false) {
                done.extend(self.block(body, vec![State { status: Status::OK, ..state.clone() }], tested));
            }
            if matches == Some(true) {
                return restore(done, control);
            }
        }
        done.push((State { status: Status::OK, ..state }, Flow::Next));
        restore(done, control)
    }
}
