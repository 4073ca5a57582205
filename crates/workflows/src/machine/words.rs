//! What words stand for.

use std::rc::Rc;

use super::Machine;
use super::flow::joined;
use super::state::State;
use super::value::{CHECK, GIVEN, Status, Value};
use crate::expr::Taint;
use crate::shell::ast::{Block, Piece, Word};

impl Machine<'_> {
    /// What `word` stands for, and the status of the last `$( … )` in it.
    pub(super) fn word(&mut self, word: &Word, state: &mut State) -> (Value, Option<Status>) {
        let mut value = Value::known("");
        let mut status = None;
        for piece in &word.pieces {
            match piece {
                Piece::Text(text) => value.push(&Value::known(text)),
                Piece::Variable(name) => value.push(&self.variable(name, state)),
                Piece::Expansion { name, operator, word: inner } => {
                    let one = self.expansion(name, operator, inner, state, word.at.start);
                    value.push(&one);
                }
                Piece::Output(block) => {
                    let (output, ended) = self.output(block, state);
                    value.push(&output);
                    status = Some(ended);
                }
                Piece::Process(block) => {
                    let (output, _) = self.output(block, state);
                    value = Value::unknown(output.taint);
                }
                Piece::Arithmetic(inner) => {
                    let one = self.arithmetic(inner, state);
                    value.push(&one);
                }
                Piece::Expression(index) => {
                    let one = self.frame.expressions.get(*index).cloned().unwrap_or(Value::unknown(GIVEN));
                    value.push(&one);
                }
            }
        }
        (value, status)
    }

    /// What a process substitution prints, where `word` is one.
    pub(super) fn process(&mut self, word: &Word, state: &mut State) -> Option<Value> {
        match word.pieces.as_slice() {
            [Piece::Process(block)] => Some(self.output(block, state).0),
            _ => None,
        }
    }

    /// What `block` prints in a subshell, without line ends at the end, and its status.
    pub(super) fn output(&mut self, block: &Block, state: &mut State) -> (Value, Status) {
        let inner = State { printed: Value::known(""), ..state.clone() };
        // `set -e` holds in `$( … )` only where the shell is told so; what matters is the status of all of it.
        let paths = self.block(block, vec![inner], true);
        let Some(after) = joined(paths) else { return (Value::unknown(CHECK), Status::either(CHECK)) };
        state.files = Rc::clone(&after.files);
        state.opaque = state.opaque.union(after.opaque);
        state.outputs = Rc::clone(&after.outputs);
        state.exported = Rc::clone(&after.exported);
        (after.printed.trimmed(), after.status)
    }

    /// The value of a variable.
    pub(super) fn variable(&mut self, name: &str, state: &State) -> Value {
        match name {
            "?" => return state.status.number(),
            "@" | "*" => return super::joined(self.frame.arguments.get(1..).unwrap_or_default()),
            "#" => return Value::known(&self.frame.arguments.len().saturating_sub(1).to_string()),
            _ => {}
        }
        if let Some(index) = name.strip_prefix("PIPESTATUS[") {
            let index = index.trim_end_matches(']');
            let status = match index {
                "@" | "*" => state.pipe.iter().copied().reduce(Status::join),
                index => index.parse().ok().and_then(|index: usize| state.pipe.get(index).copied()),
            };
            return status.map_or(Value::unknown(state.status.taint), Status::number);
        }
        if name == "PIPESTATUS" {
            return state.pipe.first().copied().unwrap_or(state.status).number();
        }
        if let Ok(index) = name.parse::<usize>() {
            let given = self.frame.arguments.get(index).cloned();
            return given.unwrap_or(if self.frame.arguments.is_empty() {
                Value::unknown(GIVEN)
            } else {
                Value::known("")
            });
        }
        if let Some(value) = state.variables.get(name) {
            return value.clone();
        }
        // What some step of the job hands on and did not on this path is not set.
        if self.world.is_handed_on(name) {
            return Value::known("");
        }
        Value::unknown(GIVEN)
    }

    fn expansion(&mut self, name: &str, operator: &str, inner: &Word, state: &mut State, at: usize) -> Value {
        let value = self.variable(name, state);
        let empty = value.is_empty();
        match operator {
            ":-" | "-" | ":=" | "=" => match empty {
                Some(false) => value,
                Some(true) => {
                    let link = self.link(at);
                    self.facts.defaults.push(link);
                    self.word(inner, state).0.tainted(value.taint)
                }
                None => Value::unknown(value.taint),
            },
            ":+" | "+" => match empty {
                Some(false) => self.word(inner, state).0.tainted(value.taint),
                Some(true) => value,
                None => Value::unknown(value.taint),
            },
            ":?" | "?" => value,
            "#" => match value.text() {
                Some(text) => Value::known(&text.chars().count().to_string()).tainted(value.taint),
                None => Value::unknown(value.taint),
            },
            "%" | "%%" | "##" | "/" | "//" | "^" | "^^" | "," | ",," | ":" if empty == Some(true) => value,
            "!" => Value::unknown(value.taint.union(state.opaque)),
            _ => Value::unknown(value.taint),
        }
    }

    /// Words as a command gets them: what is not quoted is split at blanks.
    pub(super) fn arguments(&mut self, words: &[Word], state: &mut State) -> (Vec<Value>, Option<Status>) {
        let mut arguments = Vec::with_capacity(words.len());
        let mut status = None;
        for word in words {
            let all_arguments = matches!(word.pieces.as_slice(), [Piece::Variable(name)] if name == "@" || name == "*");
            if all_arguments {
                arguments.extend(self.frame.arguments.iter().skip(1).cloned());
                continue;
            }
            let (value, ended) = self.word(word, state);
            status = ended.or(status);
            let expands = word.pieces.iter().any(|piece| !matches!(piece, Piece::Text(_)));
            match value.text() {
                Some("") if expands && !word.quoted => {}
                Some(text) if expands && !word.quoted && text.contains([' ', '\n', '\t']) => {
                    let taint = value.taint;
                    arguments.extend(text.split_whitespace().map(|part| Value::known(part).tainted(taint)));
                }
                _ => arguments.push(value),
            }
        }
        (arguments, status)
    }

    /// What all of `values` depend on.
    pub(super) fn taint_of(values: &[Value]) -> Taint {
        values.iter().fold(Taint::default(), |all, value| all.union(value.taint))
    }
}
