//! `[ … ]`, `[[ … ]]` and `test`.

use std::rc::Rc;

use super::Machine;
use super::state::State;
use super::value::{CHECK, MEASURED, Status, Value};
use crate::shell::ast::{At, Piece, Word};

/// What stands between the brackets, being read.
struct Tokens<'a> {
    words: &'a [Value],
    at: usize,
    double: bool,
}

/// What a condition turned out to be.
#[derive(Clone, Copy)]
struct Answer {
    status: Status,
}

impl Machine<'_> {
    /// `[ words ]`: the state with its status.
    pub(super) fn test(&mut self, words: &[Word], double: bool, mut state: State, at: &At) -> State {
        let mut values = Vec::with_capacity(words.len());
        for word in words {
            let value = self.word(word, &mut state).0;
            let expands = word.pieces.iter().any(|piece| !matches!(piece, Piece::Text(_)));
            // Without quotes `[` does not see what is empty.
            if expands && !double && !word.quoted && value.is_empty() == Some(true) {
                continue;
            }
            values.push(value);
        }
        let named = words.iter().any(|word| word.pieces.iter().any(|piece| !matches!(piece, Piece::Text(_))));
        state.status = self.condition(&values, double, &mut state, at);
        self.compared(at, &state, named);
        state
    }

    /// The status of `test` with these arguments.
    pub(super) fn condition(&mut self, words: &[Value], double: bool, state: &mut State, at: &At) -> Status {
        let mut tokens = Tokens { words, at: 0, double };
        if words.is_empty() {
            return Status::FAILED;
        }
        let answer = self.or(&mut tokens, state, at, 0);
        if tokens.at < words.len() {
            // More than was understood: either.
            return Status::either(Self::taint_of(words));
        }
        answer.status
    }

    /// Notes a comparison whose outcome was known though it names a variable.
    pub(super) fn compared(&mut self, at: &At, state: &State, names_variable: bool) {
        if let (Some(ok), true, true) = (state.status.ok, names_variable, state.status.taint.is_empty()) {
            let link = self.link(at.start);
            if !self.facts.constants.iter().any(|(known, _)| *known == link) {
                self.facts.constants.push((link, ok));
            }
        }
    }

    fn or(&mut self, tokens: &mut Tokens<'_>, state: &mut State, at: &At, depth: usize) -> Answer {
        let mut left = self.and(tokens, state, at, depth);
        while tokens.take(&["||", "-o"]) {
            let right = self.and(tokens, state, at, depth);
            left = Answer { status: either_of(left.status, right.status, true) };
        }
        left
    }

    fn and(&mut self, tokens: &mut Tokens<'_>, state: &mut State, at: &At, depth: usize) -> Answer {
        let mut left = self.not(tokens, state, at, depth);
        while tokens.take(&["&&", "-a"]) {
            let right = self.not(tokens, state, at, depth);
            left = Answer { status: either_of(left.status, right.status, false) };
        }
        left
    }

    fn not(&mut self, tokens: &mut Tokens<'_>, state: &mut State, at: &At, depth: usize) -> Answer {
        if depth < 20 && tokens.left() > 1 && tokens.take(&["!"]) {
            let inner = self.not(tokens, state, at, depth + 1);
            return Answer { status: inner.status.not() };
        }
        if depth < 20 && tokens.left() > 2 && tokens.take(&["(", "\\("]) {
            let inner = self.or(tokens, state, at, depth + 1);
            tokens.take(&[")", "\\)"]);
            return inner;
        }
        Answer { status: self.primary(tokens, state, at) }
    }

    fn primary(&mut self, tokens: &mut Tokens<'_>, state: &mut State, at: &At) -> Status {
        let Some(first) = tokens.next().cloned() else { return Status::FAILED };
        let operator = tokens.peek().and_then(Value::text).filter(|text| is_binary(text)).map(str::to_owned);
        if let (Some(operator), true) = (operator, tokens.left() >= 2) {
            tokens.at += 1;
            let second = tokens.next().cloned().unwrap_or(Value::known(""));
            return self.binary(&first, &operator, &second, tokens.double, at);
        }
        match first.text() {
            Some(operator) if is_unary(operator) && tokens.peek().is_some_and(|next| !is_end(next)) => {
                let operator = operator.to_owned();
                let operand = tokens.next().cloned().unwrap_or(Value::known(""));
                self.unary(&operator, &operand, state, at)
            }
            // `[ "$X" -gt ]` and `[ -gt 0 ]`, of which an operand was empty.
            Some(operator) if is_binary(operator) && tokens.left() >= 1 => {
                tokens.at += 1;
                let link = self.link(at.start);
                self.facts.not_numbers.push(link);
                Status::FAILED
            }
            _ => match first.is_empty() {
                Some(empty) => Status { ok: Some(!empty), taint: first.taint },
                None => Status::either(first.taint),
            },
        }
    }

    fn unary(&mut self, operator: &str, operand: &Value, state: &mut State, at: &At) -> Status {
        match operator {
            "-n" | "-z" => match operand.is_empty() {
                Some(empty) => Status { ok: Some(empty == (operator == "-z")), taint: operand.taint },
                None => Status::either(operand.taint),
            },
            "-v" => match operand.text().and_then(|name| state.variables.get(name)) {
                Some(value) => Status::OK.tainted(value.taint),
                None => Status::either(MEASURED),
            },
            "-t" | "-o" | "-R" => Status::either(MEASURED),
            _ => self.file_test(operator, operand, state, at),
        }
    }

    fn file_test(&mut self, operator: &str, operand: &Value, state: &mut State, at: &At) -> Status {
        let Some(path) = operand.text() else { return Status::either(operand.taint.union(MEASURED)) };
        let Some(place) = self.place(path, state) else { return Status::either(MEASURED) };
        let known = state.files.get(&*place).cloned();
        match known {
            Some(file) if !file.there => {
                self.not_there(&place, at);
                Status::FAILED.tainted(file.content.taint)
            }
            Some(file) if operator == "-s" => match file.content.is_empty() {
                Some(empty) => Status { ok: Some(!empty), taint: file.content.taint },
                None => Status::either(file.content.taint),
            },
            Some(file) if operator == "-d" => Status::either(file.content.taint),
            // Whether it is there does not depend on what it holds.
            Some(file) => Status::OK.tainted(file.content.taint),
            None if self.world.contains(&place) || self.world.is_folder(&place) => Status::OK,
            None if (*self.trial() == super::Trial::Unfed || self.broke) && crate::paths::like_report(&place) => {
                self.unfed(&place, at);
                self.not_there(&place, at);
                Status::FAILED.tainted(CHECK)
            }
            None => {
                self.unfed(&place, at);
                Status::either(MEASURED.union(state.opaque))
            }
        }
    }

    fn not_there(&mut self, place: &Rc<str>, at: &At) {
        let link = self.link(at.start);
        self.facts.file_tests.push((Rc::clone(place), link));
    }

    fn unfed(&mut self, place: &Rc<str>, at: &At) {
        let link = self.link(at.start);
        if !self.facts.unfed.iter().any(|(known, _)| known == place) {
            self.facts.unfed.push((Rc::clone(place), link));
        }
    }

    fn binary(&mut self, left: &Value, operator: &str, right: &Value, double: bool, at: &At) -> Status {
        let taint = left.taint.union(right.taint);
        let (Some(a), Some(b)) = (left.text(), right.text()) else {
            return Status::either(taint);
        };
        let ok = match operator {
            "=" | "==" if double => Some(glob(b, a)),
            "!=" if double => Some(!glob(b, a)),
            "=" | "==" => Some(a == b),
            "!=" => Some(a != b),
            "<" => Some(a < b),
            ">" => Some(a > b),
            "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => {
                let number = |text: &str| match text.trim() {
                    "" if double => Some(0),
                    text => text.parse::<i64>().ok(),
                };
                match (number(a), number(b)) {
                    (Some(a), Some(b)) => Some(match operator {
                        "-eq" => a == b,
                        "-ne" => a != b,
                        "-lt" => a < b,
                        "-le" => a <= b,
                        "-gt" => a > b,
                        _ => a >= b,
                    }),
                    // Not a whole number: the shell says so and takes the condition for false.
                    _ => {
                        let link = self.link(at.start);
                        self.facts.not_numbers.push(link);
                        Some(false)
                    }
                }
            }
            _ => None,
        };
        Status { ok, taint }
    }
}

impl Tokens<'_> {
    fn left(&self) -> usize {
        self.words.len().saturating_sub(self.at)
    }

    fn peek(&self) -> Option<&Value> {
        self.words.get(self.at)
    }

    fn next(&mut self) -> Option<&Value> {
        let next = self.words.get(self.at);
        self.at += usize::from(next.is_some());
        next
    }

    /// Takes the next word if it is one of these operators.
    fn take(&mut self, operators: &[&str]) -> bool {
        let is = self.peek().and_then(Value::text).is_some_and(|text| operators.contains(&text));
        self.at += usize::from(is);
        is
    }
}

/// `a || b` or `a && b` of conditions.
fn either_of(a: Status, b: Status, or: bool) -> Status {
    let decisive = Some(or);
    let taint = a.taint.union(b.taint);
    match (a.ok, b.ok) {
        (ok, _) if ok == decisive => a,
        (_, ok) if ok == decisive => b,
        (None, _) | (_, None) => Status::either(taint),
        _ => Status { ok: Some(!or), taint },
    }
}

fn is_unary(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('-')
        && chars.next().is_some_and(|c| "abcdefghknoprstuvwxzGLNORS".contains(c))
        && chars.next().is_none()
}

fn is_binary(text: &str) -> bool {
    const OPERATORS: [&str; 15] =
        ["=", "==", "!=", "<", ">", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"];
    OPERATORS.contains(&text)
}

fn is_end(value: &Value) -> bool {
    matches!(value.text(), Some("&&" | "||" | ")" | "\\)" | "-a" | "-o"))
}

/// Whether `text` matches a pattern of `*` and `?`; brackets are taken as they stand.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}
