//! Statements: sequences, branches, loops, pipes, and where `set -e` holds.

mod loops;
mod pipes;

use std::rc::Rc;

use super::Machine;
use super::seen::LossKind;
use super::state::{State, settle};
use super::value::{CHECK, Status, Value};
use crate::shell::ast::{At, Block, Kind, Redirect, Statement, Word};

/// What comes after a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The next one.
    Next,
    /// The end of the script or subshell.
    Exit(Status),
    /// The end of the function.
    Return(Status),
    /// The end of this many loops.
    Break(u32),
    /// The next turn of the loop this many levels out.
    Continue(u32),
}

/// Paths, and how each goes on.
pub(super) type Paths = Vec<(State, Flow)>;

impl Machine<'_> {
    /// Runs `block` from each of `states`. `tested`: its status is asked for, so that `set -e` does not hold.
    pub(super) fn block(&mut self, block: &Block, states: Vec<State>, tested: bool) -> Paths {
        let mut done: Paths = Vec::new();
        let mut going = states;
        for (index, statement) in block.iter().enumerate() {
            let mut next = Vec::new();
            for state in settle(going, self.most_paths()) {
                if index > 0 && !tested && state.status.fails_by_check() && !reads_status(statement) {
                    self.pass_over(&block[index - 1], &state);
                }
                for (state, flow) in self.statement(statement, state, tested) {
                    match flow {
                        Flow::Next => next.push(state),
                        flow => done.push((state, flow)),
                    }
                }
            }
            going = next;
            if going.is_empty() {
                break;
            }
        }
        done.extend(settle(going, self.most_paths()).into_iter().map(|state| (state, Flow::Next)));
        fewer(done, self.most_paths())
    }

    /// Says why the failure of `statement` has no effect.
    fn pass_over(&mut self, statement: &Statement, state: &State) {
        let kind = match statement.kind {
            _ if !state.errexit => LossKind::NoErrexit,
            Kind::And(..) => LossKind::AndList,
            Kind::Not(_) => LossKind::Negation,
            _ => return,
        };
        let link = self.link(statement.at.start);
        self.lose(kind, link);
    }

    /// Runs one statement.
    pub(super) fn statement(&mut self, statement: &Statement, state: State, tested: bool) -> Paths {
        if self.fuel == 0 {
            return vec![(state, Flow::Next)];
        }
        self.fuel -= 1;
        if !self.world.spend(1) {
            self.fuel = 0;
        }
        if matches!(statement.kind, Kind::Command(_) | Kind::Test { .. } | Kind::Arithmetic(_)) {
            self.judges = !matches!(statement.kind, Kind::Command(_));
            self.last = self.link(statement.at.start);
        }
        match &statement.kind {
            Kind::Command(command) => {
                if self.calls == 0 && self.chain.len() == self.base {
                    self.top = Some(statement.at.start);
                }
                let paths = self.command(command, &statement.at, state, tested);
                self.guard(paths, tested)
            }
            Kind::Pipeline(parts) => {
                let paths = self.pipeline(parts, state, &statement.at);
                self.guard(paths, tested)
            }
            Kind::And(left, right) => self.chain_of(left, right, true, state, tested),
            Kind::Or(left, right) => self.chain_of(left, right, false, state, tested),
            Kind::Not(inner) => {
                let mut paths = self.statement(inner, state, true);
                for (state, flow) in &mut paths {
                    if *flow == Flow::Next {
                        if state.status.fails_by_check() && !tested {
                            let link = self.link(statement.at.start);
                            self.lose(LossKind::Negation, link);
                        }
                        state.status = state.status.not();
                    }
                }
                paths
            }
            Kind::Group(block) => self.block(block, vec![state], tested),
            Kind::Subshell(block) => {
                let paths = self.subshell(block, state, tested, &statement.at);
                self.guard(paths, tested)
            }
            Kind::If { arms, otherwise } => self.branches(arms, otherwise.as_ref(), state, tested),
            Kind::Loop { until, condition, body } => self.while_loop(*until, condition, body, state, tested),
            Kind::For { variable, words, body } => self.for_loop(variable, words.as_deref(), body, state, tested),
            Kind::Case { subject, arms } => self.case(subject, arms, state, tested),
            Kind::Function { name, body } => {
                self.frame.functions.insert(name.clone(), Rc::clone(body));
                vec![(State { status: Status::OK, ..state }, Flow::Next)]
            }
            Kind::Test { double, words } => {
                let state = self.test(words, *double, state, &statement.at);
                self.guard(vec![(state, Flow::Next)], tested)
            }
            Kind::Arithmetic(word) => {
                let mut state = state;
                let value = self.arithmetic(word, &mut state);
                state.status = match value.text().and_then(|text| text.parse::<f64>().ok()) {
                    Some(number) => Status { ok: Some(number != 0.0), taint: value.taint },
                    None => Status::either(value.taint),
                };
                self.compared(&word.at, &state, word.pieces.len() > 1 || has_name(word));
                self.guard(vec![(state, Flow::Next)], tested)
            }
            Kind::Redirected(inner, redirects) => self.redirected(inner, redirects, state, tested, &statement.at),
            Kind::Background(inner) => self.background(inner, state),
            Kind::Broken => {
                let status = Status::either(CHECK);
                self.guard(vec![(State { status, opaque: state.opaque.union(CHECK), ..state }, Flow::Next)], tested)
            }
        }
    }

    /// Notes that the step can fail by the status of what ran last.
    fn judged(&mut self, taint: crate::expr::Taint) {
        let link = self.last.clone();
        self.work += 1;
        if !self.facts.verdicts.iter().any(|(known, _)| *known == link) {
            self.facts.verdicts.push((link, taint));
        }
    }

    /// Ends the script where `set -e` holds and the status is a failure; where it may be one on account of the check, both.
    pub(super) fn guard(&mut self, paths: Paths, tested: bool) -> Paths {
        let mut guarded = Vec::with_capacity(paths.len());
        for (mut state, flow) in paths {
            if flow != Flow::Next || tested || !state.errexit {
                guarded.push((state, flow));
                continue;
            }
            let status = state.status;
            match status.ok {
                Some(true) => guarded.push((state, flow)),
                Some(false) => {
                    if self.judges {
                        let taint = status.taint.union(state.control);
                        self.judged(taint);
                    }
                    let exit = status.tainted(state.control);
                    guarded.push((state, Flow::Exit(exit)));
                }
                None if status.taint.contains(CHECK) => {
                    let failed = Status { ok: Some(false), taint: status.taint.union(state.control) };
                    guarded.push((state.clone(), Flow::Exit(failed)));
                    state.status = Status { ok: Some(true), taint: status.taint };
                    guarded.push((state, Flow::Next));
                }
                // Any program may fail for reasons of its own: then the step fails, which is well.
                None => {
                    if self.judges {
                        let taint = status.taint.union(state.control);
                        self.judged(taint);
                    }
                    state.status = Status { ok: Some(true), taint: status.taint };
                    guarded.push((state, Flow::Next));
                }
            }
        }
        guarded
    }

    /// `left && right`, `left || right`.
    fn chain_of(&mut self, left: &Statement, right: &Statement, and: bool, state: State, tested: bool) -> Paths {
        let mut done = Vec::new();
        for (state, flow) in self.statement(left, state, true) {
            if flow != Flow::Next {
                done.push((state, flow));
                continue;
            }
            let status = state.status;
            // On the failing side of `||` and the succeeding one of `&&` the right part runs.
            let runs = if and { status.ok } else { status.ok.map(|ok| !ok) };
            let state = state.chosen(status);
            if runs != Some(false) {
                let mut inside = state.clone();
                inside.control = inside.control.union(status.taint);
                inside.status = Status { ok: Some(and), taint: status.taint };
                let retried = self.retried.clone();
                if !and && status.fails_by_check() {
                    self.retried = self.tried();
                }
                for (mut after, flow) in self.statement(right, inside, tested) {
                    let succeeds = match flow {
                        Flow::Next => after.status.ok == Some(true),
                        Flow::Exit(status) => status.ok == Some(true),
                        _ => false,
                    };
                    if !and && succeeds && status.fails_by_check() {
                        let link = self.link(left.at.start);
                        let kind = assigned(right).map_or(LossKind::OrElse, |name| LossKind::Unread(name.into()));
                        self.lose(kind, link);
                    }
                    after.control = state.control;
                    done.push((after, flow));
                }
                self.retried = retried;
            }
            if runs != Some(true) {
                let ok = Some(!and);
                done.push((State { status: Status { ok, taint: status.taint }, ..state }, Flow::Next));
            }
        }
        done
    }

    fn branches(&mut self, arms: &[(Block, Block)], otherwise: Option<&Block>, state: State, tested: bool) -> Paths {
        let control = state.control;
        let mut done = Vec::new();
        let mut going = vec![state];
        let mut asked = false;
        for (condition, then) in arms {
            let mut next = Vec::new();
            for (state, flow) in self.block(condition, going, true) {
                if flow != Flow::Next {
                    done.push((state, flow));
                    continue;
                }
                let status = state.status;
                asked |= status.taint.contains(CHECK);
                let state = state.chosen(status);
                let inside = State { control: state.control.union(status.taint), ..state };
                if status.ok != Some(false) {
                    let retried = self.retried.clone();
                    done.extend(self.block(then, vec![inside.clone()], tested));
                    self.retried = retried;
                }
                if status.ok != Some(true) {
                    next.push(State { status: Status { ok: Some(false), taint: status.taint }, ..inside });
                }
            }
            going = settle(next, self.most_paths());
        }
        for state in going {
            match otherwise {
                Some(block) => done.extend(self.block(block, vec![state], tested)),
                None => done.push((State { status: Status::OK, ..state }, Flow::Next)),
            }
        }
        let passes = |flow: &Flow| match flow {
            Flow::Exit(status) | Flow::Return(status) => status.ok == Some(true),
            _ => true,
        };
        if asked && !control.contains(CHECK) && done.iter().any(|(_, flow)| passes(flow)) {
            let link = arms.first().and_then(|(condition, _)| condition.first()).map(|first| self.link(first.at.start));
            if let Some(link) = link {
                self.lose(LossKind::Branch, link);
            }
        }
        restore(done, control)
    }

    fn redirected(&mut self, inner: &Statement, redirects: &[Redirect], state: State, tested: bool, at: &At) -> Paths {
        let (mut state, led) = self.lead(redirects, state, at);
        let outer_input = state.input.take();
        state.input = led.input.clone().or_else(|| outer_input.clone());
        if led.fails {
            state.status = Status::FAILED.tainted(led.taint);
            state.input = outer_input;
            return self.guard(vec![(state, Flow::Next)], tested);
        }
        let printed = std::mem::replace(&mut state.printed, Value::known(""));
        let paths = self.statement(inner, state, tested);
        paths
            .into_iter()
            .map(|(mut state, flow)| {
                state.input = outer_input.clone();
                self.put(&mut state, &led, printed.clone(), at);
                (state, flow)
            })
            .collect()
    }
}

/// The variable in which a statement keeps something for a later one to read, if that is what it does.
fn assigned(statement: &Statement) -> Option<String> {
    match &statement.kind {
        Kind::Command(command) if command.words.is_empty() => command.assignments.first().map(|one| one.name.clone()),
        Kind::Arithmetic(word) => {
            let text: String = word.literal()?.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            Some(text).filter(|text| !text.is_empty())
        }
        Kind::Group(block) => block.iter().find_map(assigned),
        _ => None,
    }
}

/// Whether a statement begins by asking for `$?`.
fn reads_status(statement: &Statement) -> bool {
    match &statement.kind {
        Kind::Command(command) => {
            let words = command.words.iter().chain(command.assignments.iter().map(|one| &one.value));
            words.into_iter().any(asks_for_status)
        }
        Kind::Test { words, .. } => words.iter().any(asks_for_status),
        Kind::Arithmetic(word) => asks_for_status(word),
        Kind::If { arms, .. } => arms.first().and_then(|(condition, _)| condition.first()).is_some_and(reads_status),
        Kind::And(left, _) | Kind::Or(left, _) => reads_status(left),
        Kind::Not(inner) | Kind::Redirected(inner, _) => reads_status(inner),
        Kind::Case { subject, .. } => asks_for_status(subject),
        _ => false,
    }
}

fn asks_for_status(word: &Word) -> bool {
    use crate::shell::ast::Piece;
    word.pieces.iter().any(|piece| match piece {
        Piece::Variable(name) => name == "?" || name.starts_with("PIPESTATUS"),
        Piece::Arithmetic(inner) => asks_for_status(inner),
        _ => false,
    })
}

/// Whether arithmetic names a variable.
fn has_name(word: &Word) -> bool {
    use crate::shell::ast::Piece;
    word.pieces.iter().any(|piece| match piece {
        Piece::Text(text) => text.contains(|c: char| c.is_ascii_alphabetic() || c == '_'),
        _ => true,
    })
}

/// The status with which a subshell ends.
pub(super) fn flow_status(state: &State, flow: Flow) -> Status {
    match flow {
        Flow::Exit(status) | Flow::Return(status) => status,
        Flow::Next | Flow::Break(_) | Flow::Continue(_) => state.status,
    }
}

/// What all paths have in common; none where there is no path.
pub(super) fn joined(paths: Paths) -> Option<State> {
    let states = paths.into_iter().map(|(state, flow)| {
        let status = flow_status(&state, flow);
        State { status, ..state }
    });
    states.reduce(|a, b| a.join(&b))
}

/// Behind the branches: what they depended on no longer matters.
fn restore(mut paths: Paths, control: crate::expr::Taint) -> Paths {
    for (state, flow) in &mut paths {
        if !matches!(flow, Flow::Exit(_) | Flow::Return(_)) {
            state.control = control;
        }
    }
    fewer(paths, crate::machine::PATHS.0)
}

/// Fewer paths that together can do the same, about `most` of each kind.
fn fewer(mut paths: Paths, most: usize) -> Paths {
    if paths.len() < 2 {
        return paths;
    }
    paths.sort_by(|a, b| (rank(a.1), &a.0).cmp(&(rank(b.1), &b.0)));
    paths.dedup();
    if paths.len() <= 2 * most {
        return paths;
    }
    let mut kept: Paths = Vec::new();
    let mut going = Vec::new();
    for (state, flow) in paths {
        match flow {
            Flow::Next => going.push(state),
            flow => match kept.iter_mut().find(|(_, other)| *other == flow) {
                Some((kept, _)) => *kept = kept.join(&state),
                None => kept.push((state, flow)),
            },
        }
    }
    kept.extend(settle(going, most).into_iter().map(|state| (state, Flow::Next)));
    kept
}

fn rank(flow: Flow) -> (u8, Option<Status>, u32) {
    match flow {
        Flow::Next => (0, None, 0),
        Flow::Exit(status) => (1, Some(status), 0),
        Flow::Return(status) => (2, Some(status), 0),
        Flow::Break(levels) => (3, None, levels),
        Flow::Continue(levels) => (4, None, levels),
    }
}
